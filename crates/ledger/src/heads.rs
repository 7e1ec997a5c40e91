//! Signed heads, receipts and consistency proofs.

use crate::checkpoint::Checkpoint;
use crate::entry::{EntryKind, NewEntry, time_text};
use crate::error::{LedgerError, Result, file};
use crate::hash::Hash;
use crate::keys::Keys;
use crate::ledger::{Core, Ledger};
use crate::nodes::Nodes;
use crate::note::{KeyKind, Note, SignatureLine, Verifier};
use crate::proof::{consistency_ranges, inclusion_ranges, verify_consistency};
use crate::receipt::Receipt;
use crate::tx::{Head, Tx, load_tree, read_head};
use serde_json::json;
use sqlx::Row;
use std::sync::Arc;

impl Ledger {
    /// First entry of a fresh log; on a later start what the last one left to say.
    pub(crate) async fn start(&self) -> Result<()> {
        let core = &self.core;
        let mut tx = Tx::begin(core).await?;
        let head = tx.head();
        goes_on(core, &mut tx).await?;
        let mut first = None;
        let wall = core.clock.wall();
        if head.size == 0 {
            let public = json!({"what": "created", "log": core.keys.origin(), "key": core.keys.public().to_string()});
            tx.append(NewEntry::new(EntryKind::System, "system").public(public)).await?;
            // Signed with it: a log without any signed head is one from which they were taken.
            first = Some(sign_in(core, &mut tx).await?);
        } else if head.time - wall > crate::clock::STEP {
            let public = json!({"by_ms": wall - head.time, "clock": time_text(wall), "what": "the clock is behind the last entry"});
            tx.append(NewEntry::new(EntryKind::ClockStep, "system").public(public)).await?;
        }
        tx.commit().await?;
        if let Some(note) = first {
            keep(core, &note)?;
        }
        // A crash may have come between an expungement and the end of its traces.
        crate::erase::scrub(core).await
    }

    /// The head as it is now.
    ///
    /// # Errors
    /// [`LedgerError::Database`].
    pub async fn head(&self) -> Result<Head> {
        read_head(&mut *self.core.store.pool().acquire().await?).await
    }

    /// Signs the head, if it is not signed yet, and gives the signed head with all cosignatures so far.
    ///
    /// # Errors
    /// [`LedgerError::Database`]; [`LedgerError::Damaged`] if the tiles do not make the root, or the log does not go on from the newest signed head that lies
    /// beside the key file.
    pub async fn checkpoint(&self) -> Result<Note> {
        sign(&self.core).await
    }

    /// The receipt of an entry, under the smallest signed head that covers it and bears a cosignature, else the newest.
    ///
    /// # Errors
    /// [`LedgerError::Input`] if there is no such entry.
    pub async fn receipt(&self, index: u64) -> Result<Receipt> {
        let mut connection = self.core.store.pool().acquire().await?;
        let body: Option<String> =
            sqlx::query_scalar("SELECT body FROM entry WHERE idx = $1").bind(index as i64).fetch_optional(&mut *connection).await?;
        let body = body.ok_or_else(|| LedgerError::Input(format!("there is no entry {index}")))?;
        let rows =
            sqlx::query("SELECT note FROM checkpoint WHERE size > $1 ORDER BY size").bind(index as i64).fetch_all(&mut *connection).await?;
        let mut best: Option<Note> = None;
        for row in rows {
            let note = Note::parse(row.try_get("note")?).map_err(|e| LedgerError::Damaged(e.to_string()))?;
            let cosigned = note.signatures.len() > 1;
            best = Some(note);
            if cosigned {
                break;
            }
        }
        drop(connection);
        let checkpoint = match best {
            Some(note) => note,
            None => self.checkpoint().await?,
        };
        let size = Checkpoint::parse(&checkpoint.text).map_err(|e| LedgerError::Damaged(e.to_string()))?.size;
        let mut connection = self.core.store.pool().acquire().await?;
        let proof = Nodes::fetch(&mut connection, &inclusion_ranges(index, size)).await?.hashes()?;
        Ok(Receipt { entry: body.into_bytes(), index, proof, checkpoint })
    }

    /// The proof that the log of `new` entries extends the one of `old` entries; both roots with it.
    ///
    /// # Errors
    /// [`LedgerError::Input`] if the sizes cannot be.
    pub async fn consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>> {
        let mut connection = self.core.store.pool().acquire().await?;
        let size = read_head(&mut connection).await?.size;
        if old > new || new > size {
            return Err(LedgerError::Input(format!("there is no proof from {old} to {new} entries in a log of {size}")));
        }
        Nodes::fetch(&mut connection, &consistency_ranges(old, new)).await?.hashes()
    }

    /// The root over the first entries.
    ///
    /// # Errors
    /// [`LedgerError::Input`] if the log is shorter.
    pub async fn root_at(&self, size: u64) -> Result<Hash> {
        let mut connection = self.core.store.pool().acquire().await?;
        let head = read_head(&mut connection).await?;
        if size > head.size {
            return Err(LedgerError::Input(format!("the log has only {} entries", head.size)));
        }
        Ok(crate::tx::tree_at(&mut connection, size).await?.root())
    }

    /// What a witness is asked (C2SP tlog-witness, add-checkpoint): the proof from the size that it knows, and the signed head.
    ///
    /// # Errors
    /// As [`Ledger::consistency`].
    pub async fn witness_request(&self, known: u64) -> Result<String> {
        let checkpoint = self.checkpoint().await?;
        let size = Checkpoint::parse(&checkpoint.text).map_err(|e| LedgerError::Damaged(e.to_string()))?.size;
        let proof = self.consistency(known, size).await?;
        let lines: String = proof.iter().map(|hash| hash.base64() + "\n").collect();
        Ok(format!("old {known}\n{lines}\n{checkpoint}"))
    }

    /// Keeps the cosignature of a witness with the signed head that it is for, and records it.
    ///
    /// # Errors
    /// [`LedgerError::Input`] if it is no cosignature by that witness of a head signed here.
    pub async fn add_cosignature(&self, line: &str, witness: &Verifier) -> Result<u64> {
        let input = |e: crate::note::NoteError| LedgerError::Input(e.to_string());
        if witness.kind() != KeyKind::Witness {
            return Err(LedgerError::Input(format!("`{}` is the key of a log, not of a witness", witness.name())));
        }
        let signature = SignatureLine::parse(line.trim_end()).map_err(input)?;
        let mut tx = self.begin().await?;
        let rows = sqlx::query("SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1000").fetch_all(tx.connection()).await?;
        for row in rows {
            let mut note = Note::parse(row.try_get("note")?).map_err(|e| LedgerError::Damaged(e.to_string()))?;
            let alone = Note { text: note.text.clone(), signatures: vec![signature.clone()] };
            if witness.verify(&alone).is_err() {
                continue;
            }
            let size: i64 = row.try_get("size")?;
            if !note.signatures.contains(&signature) {
                note.signatures.push(signature);
                sqlx::query("UPDATE checkpoint SET note = $1 WHERE size = $2")
                    .bind(note.to_string())
                    .bind(size)
                    .execute(tx.connection())
                    .await?;
                let public = json!({"size": size, "witness": witness.to_string()});
                tx.append(NewEntry::new(EntryKind::Checkpoint, "system").public(public)).await?;
                tx.commit().await?;
            }
            return crate::tx::unsigned(size, "the size of a checkpoint");
        }
        Err(LedgerError::Input(format!("this is no cosignature by `{}` of a head that was signed here", witness.name())))
    }
}

/// Signs the head, stores the signature, and keeps the signed head outside the database.
pub(crate) async fn sign(core: &Arc<Core>) -> Result<Note> {
    // The lock of the writer keeps the head still.
    let mut tx = Tx::begin(core).await?;
    let signed = sign_in(core, &mut tx).await;
    if matches!(signed, Err(LedgerError::Damaged(_))) {
        core.note_health(&signed);
    }
    let note = signed?;
    tx.commit().await?;
    keep(core, &note)?;
    Ok(note)
}

/// Signs the head within a transaction. A head is never signed that the tiles do not make, or that denies what was signed before.
async fn sign_in(core: &Core, tx: &mut Tx) -> Result<Note> {
    let head = tx.head();
    load_tree(tx.connection(), &head).await?;
    goes_on(core, tx).await?;
    let known: Option<String> =
        sqlx::query_scalar("SELECT note FROM checkpoint WHERE size = $1").bind(head.size as i64).fetch_optional(tx.connection()).await?;
    let Some(text) = known else {
        let note = Checkpoint { origin: core.keys.origin(), size: head.size, root: head.root }.sign(&core.keys.signer);
        sqlx::query("INSERT INTO checkpoint (size, note) VALUES ($1, $2)")
            .bind(head.size as i64)
            .bind(note.to_string())
            .execute(tx.connection())
            .await?;
        return Ok(note);
    };
    // What lies in the database is not believed before it is kept as signed here.
    let damaged = |what: String| LedgerError::Damaged(format!("the checkpoint of {} entries: {what}", head.size));
    let note = Note::parse(&text).map_err(|e| damaged(e.to_string()))?;
    let checkpoint = Checkpoint::open(&note, &core.keys.public()).map_err(|e| damaged(e.to_string()))?;
    if checkpoint.size != head.size || checkpoint.root != head.root {
        return Err(damaged(format!(
            "it is signed for {} entries with the root {}, but the root is {}",
            checkpoint.size,
            checkpoint.root.base64(),
            head.root.base64()
        )));
    }
    Ok(note)
}

/// Refuses a log that does not go on from the newest head signed with this key file: an older copy, or another past.
async fn goes_on(core: &Core, tx: &mut Tx) -> Result<()> {
    let Some(signed) = newest_signed(&core.keys)? else { return Ok(()) };
    let beside = core.keys.head_path().unwrap_or_default();
    let (head, beside) = (tx.head(), beside.display());
    const REMEDY: &str = "keep this database as it is for whoever looks into it, and restore the newest backup beside it";
    if signed.size > head.size {
        return Err(LedgerError::Damaged(format!(
            "the log has {} entries, but {} were signed ({beside}): this is an older copy; {REMEDY}",
            head.size, signed.size
        )));
    }
    // The proof, and not only the root at that size: it also binds the head, whatever the tiles between say.
    let proof = Nodes::fetch(tx.connection(), &consistency_ranges(signed.size, head.size)).await?.hashes()?;
    verify_consistency(signed.size, &signed.root, head.size, &head.root, &proof).map_err(|_| {
        LedgerError::Damaged(format!(
            "the log of {} entries with the root {} does not go on from the {} entries that were signed with the root {} ({beside}): \
             entries were altered after they were signed; {REMEDY}",
            head.size,
            head.root.base64(),
            signed.size,
            signed.root.base64()
        ))
    })
}

/// Keeps a signed head beside the key file; a newer one that another process kept there stays.
fn keep(core: &Core, note: &Note) -> Result<()> {
    let Some(path) = core.keys.head_path() else { return Ok(()) };
    let _alone = crate::files::lock(&path)?;
    let checkpoint = Checkpoint::parse(&note.text).map_err(|e| LedgerError::Damaged(e.to_string()))?;
    if let Some(kept) = newest_signed(&core.keys)? {
        if kept.size > checkpoint.size {
            return Ok(());
        }
        if kept.size == checkpoint.size && kept.root != checkpoint.root {
            let what = format!(
                "two logs of {} entries were signed with one key, with the roots {} and {} ({})",
                kept.size,
                checkpoint.root.base64(),
                kept.root.base64(),
                path.display()
            );
            return Err(LedgerError::Damaged(what));
        }
    }
    let written = crate::files::replace(&path, note.to_string().as_bytes(), false);
    written.map_err(|e| file(&path, format!("the newest signed head cannot be kept: {e}")))
}

/// The newest head signed with this key file, kept beside it: what was done to the database alone is noticed by it. `None` if none was kept there.
pub(crate) fn newest_signed(keys: &Keys) -> Result<Option<Checkpoint>> {
    let Some(path) = keys.head_path() else { return Ok(None) };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(file(&path, format!("the newest signed head cannot be read: {error}"))),
    };
    let checkpoint = Note::parse(&text).and_then(|note| Checkpoint::open(&note, &keys.public()));
    checkpoint.map(Some).map_err(|e| {
        file(&path, format!("this is no head signed with the key file beside it ({e}); if the key file was exchanged, put this file aside"))
    })
}
