//! A write to the log: what is read under the lock, what is written, what is remembered after the commit.

use crate::clock::Watch;
use crate::entry::{Entry, EntryKind, NewEntry, PersonId, time_text};
use crate::error::{LedgerError, Result};
use crate::hash::{Hash, hex};
use crate::keys::{Secret, random};
use crate::ledger::{Appended, Core};
use crate::tree::{TILE_WIDTH, Tree, partial_widths};
use crate::vault;
use serde_json::json;
use sqlx::{Any, AnyConnection, Row, Transaction};
use std::sync::Arc;
use tokio::sync::OwnedMutexGuard;

/// What a process remembers between writes; the database has the last word.
#[derive(Debug)]
pub(crate) struct WriteState {
    tree: Option<Tree>,
    watch: Watch,
}

impl WriteState {
    pub(crate) fn new(watch: Watch) -> Self {
        Self { tree: None, watch }
    }
}

/// The head as the database has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many entries the log has.
    pub size: u64,
    /// The time of the last one, in milliseconds since 1970.
    pub time: i64,
    /// The root over them.
    pub root: Hash,
}

/// A transaction in which entries are appended, beside other statements. Dropped without commit, nothing of it stands.
#[derive(Debug)]
pub struct Tx {
    core: Arc<Core>,
    inner: Transaction<'static, Any>,
    state: OwnedMutexGuard<WriteState>,
    tree: Tree,
    time: i64,
    appended: bool,
}

impl Tx {
    pub(crate) async fn begin(core: &Arc<Core>) -> Result<Self> {
        core.writable()?;
        let mut state = Arc::clone(&core.state).lock_owned().await;
        let done = async {
            let mut inner = core.store.begin().await?;
            let head = read_head(&mut inner).await?;
            // Another process may have appended.
            let tree = match state.tree.take() {
                Some(tree) if tree.size() == head.size && tree.root() == head.root => tree,
                _ => load_tree(&mut inner, &head).await?,
            };
            Ok((inner, head, tree))
        }
        .await;
        if done.is_err() {
            core.note_health(&done);
        }
        let (inner, head, tree) = done?;
        state.tree = Some(tree.clone());
        let mut tx = Self { core: Arc::clone(core), inner, state, tree, time: head.time, appended: false };
        tx.watch_clock().await?;
        Ok(tx)
    }

    /// The connection, for statements on other tables within the same transaction.
    pub fn connection(&mut self) -> &mut AnyConnection {
        &mut self.inner
    }

    /// Appends an entry; it is durable once the transaction is committed.
    ///
    /// # Errors
    /// [`LedgerError::Input`] if the entry cannot be written; [`LedgerError::Database`].
    pub async fn append(&mut self, new: NewEntry) -> Result<Appended> {
        let index = self.tree.size();
        if !new.public.is_object() {
            return Err(LedgerError::Input("the public part of an entry must be an object".to_owned()));
        }
        // A control character in a name would steer a terminal, and PostgreSQL keeps no NUL.
        let names = [Some(&new.actor), new.subject.as_ref(), new.behalf.as_ref(), new.bundle.as_ref()];
        if names.iter().flatten().any(|name| name.is_empty() || name.chars().any(char::is_control)) {
            return Err(LedgerError::Input(
                "actor, subject, behalf and bundle must be texts without control characters, and not empty".to_owned(),
            ));
        }
        if let Some(earlier) = new.corrects.filter(|earlier| *earlier >= index) {
            return Err(LedgerError::Input(format!("entry {earlier} cannot be corrected: the log ends before it")));
        }
        let (mut row, mut commitment) = (None, None);
        if let Some(personal) = &new.personal {
            let key = self.person_key(&personal.person).await?;
            let (sealed, kept) = vault::seal_personal(&key, index, personal.data.to_string().as_bytes())?;
            row = Some((personal.person.clone(), sealed));
            commitment = Some(kept);
        }
        self.time = self.time.max(self.core.clock.wall());
        let entry = Entry {
            v: 1,
            index,
            time: time_text(self.time),
            kind: new.kind,
            actor: new.actor,
            subject: new.subject,
            behalf: new.behalf,
            bundle: new.bundle,
            corrects: new.corrects,
            public: new.public,
            personal: commitment,
        };
        let body = entry.canonical().map_err(LedgerError::Input)?;
        let leaf = Hash::leaf(body.as_bytes());
        sqlx::query("INSERT INTO entry (idx, time, kind, subject, actor, leaf, body) VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(index as i64)
            .bind(self.time)
            .bind(entry.kind.name())
            .bind(entry.subject)
            .bind(entry.actor)
            .bind(leaf.0.to_vec())
            .bind(body)
            .execute(&mut *self.inner)
            .await?;
        if let Some((person, sealed)) = row {
            sqlx::query("INSERT INTO personal (idx, person, sealed) VALUES ($1, $2, $3)")
                .bind(index as i64)
                .bind(person.0)
                .bind(sealed)
                .execute(&mut *self.inner)
                .await?;
        }
        for tile in self.tree.push(leaf) {
            sqlx::query("INSERT INTO tile (level, number, root, hashes) VALUES ($1, $2, $3, $4)")
                .bind(i64::from(tile.level))
                .bind(tile.number as i64)
                .bind(tile.root.0.to_vec())
                .bind(tile.hashes.iter().flat_map(|hash| hash.0).collect::<Vec<u8>>())
                .execute(&mut *self.inner)
                .await?;
        }
        self.appended = true;
        Ok(Appended { index, time: self.time })
    }

    /// A new pseudonym for a person, with a key of its own.
    ///
    /// # Errors
    /// [`LedgerError::Database`].
    pub async fn new_person(&mut self) -> Result<PersonId> {
        let mut bytes = [0; 16];
        random(&mut bytes)?;
        let person = PersonId(hex(&bytes));
        let wrapped = vault::wrap(&self.core.keys.master, &person, &Secret::random()?)?;
        sqlx::query("INSERT INTO person (id) VALUES ($1)").bind(&person.0).execute(&mut *self.inner).await?;
        sqlx::query("INSERT INTO person_key (person, wrapped) VALUES ($1, $2)")
            .bind(&person.0)
            .bind(wrapped)
            .execute(&mut *self.inner)
            .await?;
        Ok(person)
    }

    /// As [`crate::Ledger::seal`], with the connection of this transaction: one that waits for a second while it holds the lock may wait for those who wait for it.
    ///
    /// # Errors
    /// [`LedgerError::Input`] if the person is not known or was expunged.
    pub async fn seal(&mut self, person: &PersonId, context: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let core = Arc::clone(&self.core);
        let key = read_person_key(&mut self.inner, &core, person).await?;
        vault::seal(&key, &vault::beside(context), plain)
    }

    /// Commits: what was appended is durable when this returns.
    ///
    /// # Errors
    /// [`LedgerError::Database`]; whether it was committed is then not known, and the next write reads the head anew.
    pub async fn commit(self) -> Result<()> {
        let Self { core, mut inner, mut state, tree, time, appended } = self;
        let done = async {
            if appended {
                let put = "INSERT INTO head (id, size, time, root) VALUES (1, $1, $2, $3) \
                    ON CONFLICT (id) DO UPDATE SET size = excluded.size, time = excluded.time, root = excluded.root";
                sqlx::query(put).bind(tree.size() as i64).bind(time).bind(tree.root().0.to_vec()).execute(&mut *inner).await?;
            }
            inner.commit().await?;
            Ok(())
        }
        .await;
        state.tree = done.is_ok().then_some(tree);
        core.note_health(&done);
        done
    }

    /// The head as it will be after the commit.
    pub fn head(&self) -> Head {
        Head { size: self.tree.size(), time: self.time, root: self.tree.root() }
    }

    /// The key of a person.
    pub(crate) async fn person_key(&mut self, person: &PersonId) -> Result<Secret> {
        read_person_key(&mut self.inner, &self.core, person).await
    }

    /// A step of the wall clock is an entry, before the one that would bear the new time.
    async fn watch_clock(&mut self) -> Result<()> {
        let (wall, step) = self.state.watch.look(&*self.core.clock);
        if let Some(by) = step {
            let new = NewEntry::new(EntryKind::ClockStep, "system").public(json!({"by_ms": by, "clock": time_text(wall)}));
            self.append(new).await?;
        }
        Ok(())
    }
}

/// Reads the head; a log without entries has none.
pub(crate) async fn read_head(connection: &mut AnyConnection) -> Result<Head> {
    let row = sqlx::query("SELECT size, time, root FROM head WHERE id = 1").fetch_optional(&mut *connection).await?;
    let Some(row) = row else { return Ok(Head { size: 0, time: i64::MIN, root: Hash::empty() }) };
    let root: Vec<u8> = row.try_get("root")?;
    let root = Hash::read(&root).ok_or_else(|| LedgerError::Damaged("the root in the head is no hash".to_owned()))?;
    let size = unsigned(row.try_get("size")?, "the size in the head")?;
    Ok(Head { size, time: row.try_get("time")?, root })
}

/// Reads the edge of the tree from the rows below it, and holds it against the head.
pub(crate) async fn load_tree(connection: &mut AnyConnection, head: &Head) -> Result<Tree> {
    let tree = tree_at(connection, head.size).await?;
    if tree.root() == head.root {
        Ok(tree)
    } else {
        Err(LedgerError::Damaged(format!("the hashes of {} entries do not make the root in the head", head.size)))
    }
}

/// The edge of the tree as it was at a size.
pub(crate) async fn tree_at(connection: &mut AnyConnection, size: u64) -> Result<Tree> {
    let mut partial = Vec::new();
    for (level, width) in partial_widths(size).into_iter().enumerate() {
        let count = size >> (8 * level);
        let from = count - width as u64;
        let rows = if level == 0 {
            sqlx::query("SELECT leaf AS hash FROM entry WHERE idx >= $1 AND idx < $2 ORDER BY idx").bind(from as i64).bind(count as i64)
        } else {
            sqlx::query("SELECT root AS hash FROM tile WHERE level = $3 AND number >= $1 AND number < $2 ORDER BY number")
                .bind(from as i64)
                .bind(count as i64)
                .bind(level as i64 - 1)
        }
        .fetch_all(&mut *connection)
        .await?;
        let hashes = rows.iter().map(|row| Ok(row.try_get::<Vec<u8>, _>("hash")?)).collect::<Result<Vec<_>>>()?;
        partial.push(hashes.iter().filter_map(|bytes| Hash::read(bytes)).collect());
    }
    Tree::from_partial(size, partial).ok_or_else(|| {
        LedgerError::Damaged(format!("rows below the edge of the tree of {size} entries (tiles of {TILE_WIDTH}) are missing"))
    })
}

pub(crate) async fn read_person_key(connection: &mut AnyConnection, core: &Core, person: &PersonId) -> Result<Secret> {
    let row = sqlx::query("SELECT wrapped FROM person_key WHERE person = $1").bind(&person.0).fetch_optional(&mut *connection).await?;
    let row = row.ok_or_else(|| LedgerError::Input(format!("person {} is not known here, or was expunged", person.0)))?;
    let wrapped: Vec<u8> = row.try_get("wrapped")?;
    vault::unwrap(&core.keys.master, person, &wrapped)
        .ok_or_else(|| LedgerError::Damaged(format!("the key of person {} does not unwrap under this key file", person.0)))
}

/// A number that the databases know only as signed.
pub(crate) fn unsigned(n: i64, what: &str) -> Result<u64> {
    u64::try_from(n).map_err(|_| LedgerError::Damaged(format!("{what} is negative")))
}
