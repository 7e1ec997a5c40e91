//! Destroying personal facts by order or by age, and the holds that forbid it. The log itself keeps every entry.

use crate::entry::{Entry, EntryKind, NewEntry, PersonId};
use crate::error::{LedgerError, Result};
use crate::ledger::{Appended, Core, Ledger};
use crate::schema::Dialect;
use crate::tx::Tx;
use serde_json::{Value, json};
use sqlx::{AnyConnection, Executor, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// What a hold protects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything about a person.
    Person(PersonId),
    /// Everything about the persons of a request.
    Request(String),
}

/// A litigation hold that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The entry that set it.
    pub index: u64,
    /// What it protects.
    pub scope: Scope,
    /// The order or letter on which it rests.
    pub order: String,
}

/// What was destroyed, and what was left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// The entries that record it.
    pub recorded: Vec<u64>,
    /// The entries whose personal part is gone.
    pub entries: Vec<u64>,
    /// Persons left because of holds, with the entries that set these.
    pub kept: BTreeMap<PersonId, Vec<u64>>,
}

/// Indices in one entry at most, so that it stays within its size.
const INDICES: usize = 5_000;

impl Ledger {
    /// Sets a litigation hold: nothing that it protects can be purged or expunged until it is lifted.
    ///
    /// # Errors
    /// As [`Ledger::append`].
    pub async fn hold(&self, actor: &str, scope: &Scope, order: &str) -> Result<Appended> {
        let entry = NewEntry::new(EntryKind::HoldSet, actor);
        self.append(match scope {
            Scope::Person(person) => entry.public(json!({"order": order, "person": person})),
            Scope::Request(request) => entry.subject(request).public(json!({"order": order})),
        })
        .await
    }

    /// Lifts the hold that an entry set.
    ///
    /// # Errors
    /// [`LedgerError::Input`] if no such hold stands.
    pub async fn lift_hold(&self, actor: &str, hold: u64, order: &str) -> Result<Appended> {
        let mut tx = self.begin().await?;
        let standing = standing_holds(tx.connection()).await?;
        let Some(found) = standing.into_iter().find(|h| h.index == hold) else {
            return Err(LedgerError::Input(format!("entry {hold} set no hold that still stands")));
        };
        let mut entry = NewEntry::new(EntryKind::HoldLifted, actor).public(json!({"hold": hold, "order": order}));
        if let Scope::Request(request) = found.scope {
            entry = entry.subject(request);
        }
        let done = tx.append(entry).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// The holds that stand.
    ///
    /// # Errors
    /// [`LedgerError::Database`].
    pub async fn holds(&self) -> Result<Vec<Hold>> {
        standing_holds(&mut *self.store().pool().acquire().await?).await
    }

    /// Destroys the key of a person and everything encrypted under it, here and in the desk's tables, and records that and the order. Every proof still holds.
    /// Returns once the files hold nothing of it either; copies made before are others' to destroy.
    ///
    /// # Errors
    /// [`LedgerError::Held`] if a hold protects the person; [`LedgerError::Input`] if the person is not known.
    pub async fn expunge(&self, actor: &str, person: &PersonId, order: &str) -> Result<Erased> {
        let mut tx = self.begin().await?;
        let known: Option<String> =
            sqlx::query_scalar("SELECT id FROM person WHERE id = $1").bind(&person.0).fetch_optional(tx.connection()).await?;
        if known.is_none() {
            return Err(LedgerError::Input(format!("person {} is not known here, or was expunged already", person.0)));
        }
        let holds = protecting(tx.connection(), person).await?;
        if !holds.is_empty() {
            return Err(LedgerError::Held { holds });
        }
        let entries = destroy(&mut tx, person).await?;
        let mut erased = Erased { entries, ..Erased::default() };
        record(&mut tx, EntryKind::Expungement, actor, &json!({"order": order, "person": person}), &mut erased).await?;
        tx.commit().await?;
        scrub(&self.core).await?;
        Ok(erased)
    }

    /// Destroys what is personal about everyone of whom nothing was recorded since a moment (milliseconds since 1970), by a retention rule. Holds win, and the
    /// entry says whom they kept.
    ///
    /// # Errors
    /// [`LedgerError::Database`].
    pub async fn purge(&self, actor: &str, before: i64, rule: &str) -> Result<Erased> {
        let mut tx = self.begin().await?;
        let old = "SELECT p.person AS person FROM personal p JOIN entry e ON e.idx = p.idx GROUP BY p.person HAVING MAX(e.time) < $1 ORDER BY p.person";
        let rows = sqlx::query(old).bind(before).fetch_all(tx.connection()).await?;
        let mut erased = Erased::default();
        for row in rows {
            let person = PersonId(row.try_get("person")?);
            let holds = protecting(tx.connection(), &person).await?;
            if holds.is_empty() {
                erased.entries.extend(destroy(&mut tx, &person).await?);
            } else {
                erased.kept.insert(person, holds);
            }
        }
        erased.entries.sort_unstable();
        let kept: Vec<Value> = erased.kept.iter().map(|(person, holds)| json!({"person": person, "holds": holds})).collect();
        let public = json!({"rule": rule, "before": crate::entry::time_text(before), "kept": kept});
        record(&mut tx, EntryKind::Purge, actor, &public, &mut erased).await?;
        tx.commit().await?;
        scrub(&self.core).await?;
        Ok(erased)
    }
}

/// Deletes a person with key and rows; gives the entries whose personal part goes with it.
pub(crate) async fn destroy(tx: &mut Tx, person: &PersonId) -> Result<Vec<u64>> {
    let rows = sqlx::query("SELECT idx FROM personal WHERE person = $1 ORDER BY idx").bind(&person.0).fetch_all(tx.connection()).await?;
    let entries = rows.iter().map(|row| crate::tx::unsigned(row.try_get("idx")?, "an index")).collect::<Result<Vec<_>>>()?;
    sqlx::query("DELETE FROM person WHERE id = $1").bind(&person.0).execute(tx.connection()).await?;
    sqlx::query("INSERT INTO chore (name) VALUES ('vacuum') ON CONFLICT (name) DO NOTHING").execute(tx.connection()).await?;
    Ok(entries)
}

/// Records what was destroyed, in as many entries as it takes.
pub(crate) async fn record(tx: &mut Tx, kind: EntryKind, actor: &str, public: &Value, erased: &mut Erased) -> Result<()> {
    let mut parts: Vec<&[u64]> = erased.entries.chunks(INDICES).collect();
    if parts.is_empty() {
        parts.push(&[]);
    }
    for part in parts {
        let mut public = public.clone();
        public["entries"] = json!(part);
        erased.recorded.push(tx.append(NewEntry::new(kind, actor).public(public)).await?.index);
    }
    Ok(())
}

/// The holds that protect a person: set on the person, or on a request in which the person occurs.
async fn protecting(connection: &mut AnyConnection, person: &PersonId) -> Result<Vec<u64>> {
    let holds = standing_holds(&mut *connection).await?;
    if holds.is_empty() {
        return Ok(Vec::new());
    }
    let sql =
        "SELECT DISTINCT e.subject AS subject FROM personal p JOIN entry e ON e.idx = p.idx WHERE p.person = $1 AND e.subject IS NOT NULL";
    let rows = sqlx::query(sql).bind(&person.0).fetch_all(connection).await?;
    let requests = rows.iter().map(|row| Ok(row.try_get("subject")?)).collect::<Result<BTreeSet<String>>>()?;
    let protects = |scope: &Scope| match scope {
        Scope::Person(held) => held == person,
        Scope::Request(request) => requests.contains(request),
    };
    Ok(holds.iter().filter(|hold| protects(&hold.scope)).map(|hold| hold.index).collect())
}

async fn standing_holds(connection: &mut AnyConnection) -> Result<Vec<Hold>> {
    let rows = sqlx::query("SELECT body FROM entry WHERE kind IN ('hold-set', 'hold-lifted') ORDER BY idx").fetch_all(connection).await?;
    let mut standing = Vec::new();
    for row in rows {
        let body: String = row.try_get("body")?;
        let entry = Entry::read(body.as_bytes()).map_err(LedgerError::Damaged)?;
        let text = |key: &str| entry.public.get(key).and_then(Value::as_str).map(str::to_owned);
        if entry.kind == EntryKind::HoldLifted {
            let lifted = entry.public.get("hold").and_then(Value::as_u64);
            standing.retain(|hold: &Hold| Some(hold.index) != lifted);
        } else {
            let scope = text("person").map(|person| Scope::Person(PersonId(person))).or(entry.subject.clone().map(Scope::Request));
            standing.extend(scope.map(|scope| Hold { index: entry.index, scope, order: text("order").unwrap_or_default() }));
        }
    }
    Ok(standing)
}

/// Rewrites the files so that nothing deleted is left in them, and forgets the chore.
pub(crate) async fn scrub(core: &Arc<Core>) -> Result<()> {
    // No writer of this process comes between.
    let _alone = Arc::clone(&core.state).lock_owned().await;
    let mut connection = core.store.pool().acquire().await?;
    let due: Option<String> = sqlx::query_scalar("SELECT name FROM chore WHERE name = 'vacuum'").fetch_optional(&mut *connection).await?;
    if due.is_none() {
        return Ok(());
    }
    if core.store.dialect() == Dialect::Postgres {
        for sql in ["VACUUM (FULL, ANALYZE) person_key", "VACUUM (FULL, ANALYZE) personal", "VACUUM (FULL, ANALYZE) person"] {
            connection.execute(sql).await?;
        }
        connection.execute("DELETE FROM chore WHERE name = 'vacuum'").await?;
        return Ok(());
    }
    connection.execute("VACUUM").await?;
    // The write-ahead log holds the old pages until it is folded into the file and cut to nothing; readers can delay that.
    for _ in 0..100 {
        let busy: i64 = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await?.try_get(0)?;
        if busy == 0 {
            connection.execute("DELETE FROM chore WHERE name = 'vacuum'").await?;
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let what = "what was expunged is destroyed in the record, but readers keep its old pages in the write-ahead log; close them and open the ledger anew";
    Err(LedgerError::Input(what.to_owned()))
}
