//! Reading entries, and personal parts with the trace that reading them leaves.

use crate::entry::{Entry, EntryKind, NewEntry, PersonId, time_ms};
use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;
use crate::tx::read_person_key;
use crate::vault::open_personal;
use serde_json::{Value, json};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

/// Which entries to list; what is `None` lets all pass.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this kind.
    pub kind: Option<EntryKind>,
    /// About this request.
    pub subject: Option<String>,
    /// By this actor.
    pub actor: Option<String>,
    /// From this moment on, in milliseconds since 1970.
    pub since: Option<i64>,
    /// Before this moment.
    pub until: Option<i64>,
    /// From this index on, or with `newest_first` up to it.
    pub from: Option<u64>,
    /// The newest first.
    pub newest_first: bool,
    /// At most so many; 100 if `None`.
    pub limit: Option<u32>,
}

impl Ledger {
    /// An entry; `None` past the end.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`] if what lies there is no entry.
    pub async fn read(&self, index: u64) -> Result<Option<Entry>> {
        let row = sqlx::query("SELECT idx, body FROM entry WHERE idx = $1").bind(index as i64).fetch_optional(self.store().pool()).await?;
        row.map(|row| entry_of(&row)).transpose()
    }

    /// The entries that a filter lets pass.
    ///
    /// # Errors
    /// As [`Ledger::read`].
    pub async fn entries(&self, filter: &Filter) -> Result<Vec<Entry>> {
        // Every clause is always there, so that the statement is one; a missing bound lets all pass.
        let mut sql = "SELECT idx, body FROM entry WHERE ($1 = '' OR kind = $1) AND ($2 = '' OR subject = $2) AND ($3 = '' OR actor = $3) \
            AND time >= $4 AND time < $5 AND idx >= $6 AND idx <= $7 ORDER BY idx"
            .to_owned();
        // Each of the two indices serves only where its column is given.
        if filter.subject.is_some() {
            sql = sql.replace("($2 = '' OR subject = $2)", "subject = $2");
        } else if filter.kind.is_some() {
            sql = sql.replace("($1 = '' OR kind = $1)", "kind = $1");
        }
        sql.push_str(if filter.newest_first { " DESC LIMIT $8" } else { " LIMIT $8" });
        let from = filter.from.map(|n| i64::try_from(n).unwrap_or(i64::MAX));
        let (low, high) = if filter.newest_first { (0, from.unwrap_or(i64::MAX)) } else { (from.unwrap_or(0), i64::MAX) };
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(filter.kind.map_or("", EntryKind::name))
            .bind(filter.subject.clone().unwrap_or_default())
            .bind(filter.actor.clone().unwrap_or_default())
            .bind(filter.since.unwrap_or(i64::MIN))
            .bind(filter.until.unwrap_or(i64::MAX))
            .bind(low)
            .bind(high)
            .bind(i64::from(filter.limit.unwrap_or(100)))
            .fetch_all(self.store().pool())
            .await?;
        rows.iter().map(entry_of).collect()
    }

    /// All entries about a request, oldest first.
    ///
    /// # Errors
    /// As [`Ledger::read`].
    pub async fn by_subject(&self, subject: &str) -> Result<Vec<Entry>> {
        self.entries(&Filter { subject: Some(subject.to_owned()), limit: Some(u32::MAX), ..Filter::default() }).await
    }

    /// The personal part of an entry, for a purpose. That it was read is an entry, durable before the facts are given.
    ///
    /// # Errors
    /// [`LedgerError::Input`] if the entry has none, or none any more; [`LedgerError::Damaged`] if it is not what the log commits to.
    pub async fn personal(&self, index: u64, actor: &str, purpose: &str) -> Result<Value> {
        let data = self.personal_unlogged(index).await?;
        let subject = self.read(index).await?.and_then(|entry| entry.subject);
        let mut trace = NewEntry::new(EntryKind::Read, actor).public(json!({"entry": index, "purpose": purpose}));
        trace.subject = subject;
        self.append(trace).await?;
        Ok(data)
    }

    /// The personal part of an entry for work of the program itself that shows it to nobody; whoever shows it uses [`Ledger::personal`].
    ///
    /// # Errors
    /// As [`Ledger::personal`].
    pub async fn personal_unlogged(&self, index: u64) -> Result<Value> {
        let mut connection = self.store().pool().acquire().await?;
        let row = sqlx::query("SELECT idx, body FROM entry WHERE idx = $1").bind(index as i64).fetch_optional(&mut *connection).await?;
        let entry = row.map(|row| entry_of(&row)).transpose()?.ok_or_else(|| LedgerError::Input(format!("there is no entry {index}")))?;
        let kept = entry.personal.ok_or_else(|| LedgerError::Input(format!("entry {index} has no personal part")))?;
        let Some((person, sealed)) = sealed_of(&mut connection, index).await? else {
            return Err(LedgerError::Input(format!("the personal part of entry {index} was destroyed by an expungement or a purge")));
        };
        let key = read_person_key(&mut connection, &self.core, &person).await?;
        let facts = open_personal(&key, index, &sealed, &kept).map_err(|what| LedgerError::Damaged(format!("entry {index}: {what}")))?;
        serde_json::from_slice(&facts).map_err(|e| LedgerError::Damaged(format!("entry {index}: its personal part is no JSON: {e}")))
    }

    /// The person whose facts an entry holds; `None` if it holds none, or none any more.
    ///
    /// # Errors
    /// [`LedgerError::Database`].
    pub async fn person_of(&self, index: u64) -> Result<Option<PersonId>> {
        let mut connection = self.store().pool().acquire().await?;
        Ok(sealed_of(&mut connection, index).await?.map(|(person, _)| person))
    }

    /// Encrypts bytes of other tables (drafts, notes) under the key of a person, so that they are lost with it. Give the same context to read them.
    ///
    /// # Errors
    /// [`LedgerError::Input`] if the person is not known or was expunged.
    pub async fn seal(&self, person: &PersonId, context: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let mut connection = self.store().pool().acquire().await?;
        let key = read_person_key(&mut connection, &self.core, person).await?;
        crate::vault::seal(&key, &crate::vault::beside(context), plain)
    }

    /// Decrypts what [`Ledger::seal`] gave.
    ///
    /// # Errors
    /// [`LedgerError::Input`] if the person was expunged; [`LedgerError::Damaged`] if bytes or context are others.
    pub async fn unseal(&self, person: &PersonId, context: &str, sealed: &[u8]) -> Result<zeroize::Zeroizing<Vec<u8>>> {
        let mut connection = self.store().pool().acquire().await?;
        let key = read_person_key(&mut connection, &self.core, person).await?;
        crate::vault::unseal(&key, &crate::vault::beside(context), sealed)
            .ok_or_else(|| LedgerError::Damaged(format!("`{context}` of person {} does not decrypt", person.0)))
    }
}

/// The encrypted personal part of an entry, and whose it is.
pub(crate) async fn sealed_of(connection: &mut AnyConnection, index: u64) -> Result<Option<(PersonId, Vec<u8>)>> {
    let row = sqlx::query("SELECT person, sealed FROM personal WHERE idx = $1").bind(index as i64).fetch_optional(connection).await?;
    row.map(|row| Ok((PersonId(row.try_get("person")?), row.try_get("sealed")?))).transpose()
}

fn entry_of(row: &AnyRow) -> Result<Entry> {
    let index: i64 = row.try_get("idx")?;
    let body: String = row.try_get("body")?;
    let entry = Entry::read(body.as_bytes()).map_err(|what| LedgerError::Damaged(format!("entry {index}: {what}")))?;
    if i64::try_from(entry.index) == Ok(index) {
        Ok(entry)
    } else {
        Err(LedgerError::Damaged(format!("entry {index} says that it is entry {}", entry.index)))
    }
}

impl Entry {
    /// Its time in milliseconds since 1970.
    pub fn time_ms(&self) -> i64 {
        time_ms(&self.time).unwrap_or_default()
    }
}
