//! Backups: one file with every table but the keys of persons, another with these keys, which has its own and shorter life.

use crate::error::{LedgerError, Result, file};
use crate::hash::Hash;
use crate::keys::{Keys, Secret};
use crate::ledger::Ledger;
use crate::schema::tables;
use crate::store::Store;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{AnyConnection, AssertSqlSafe, Column, Row, TypeInfo, ValueRef};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

/// Tables that no backup of the log holds: the keys of persons, work that belongs to the one file, and what let people and programs in at that moment.
const LEFT_OUT: [&str; 6] = ["person_key", "chore", "session", "api_token", "idempotency", "log_in_failure"];

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackedUp {
    /// Entries in the log.
    pub entries: u64,
    /// Rows of all tables.
    pub rows: u64,
    /// Keys of persons in the other file.
    pub keys: u64,
}

impl Ledger {
    /// Writes both backups as of one moment, sealed with the key file; SQLite and PostgreSQL write and read the same form.
    ///
    /// # Errors
    /// [`LedgerError::File`] if a file exists or cannot be written.
    pub async fn backup(&self, to: &Path, keys_to: &Path, progress: &mut (dyn FnMut(u64, u64) -> bool + Send)) -> Result<BackedUp> {
        self.checkpoint().await?;
        let mut moment = self.store().moment().await?;
        let written = write_both(&mut moment, self.keys(), to, keys_to, progress).await;
        moment.rollback().await?;
        written
    }
}

async fn write_both(
    connection: &mut AnyConnection,
    keys: &Keys,
    to: &Path,
    keys_to: &Path,
    progress: &mut (dyn FnMut(u64, u64) -> bool + Send),
) -> Result<BackedUp> {
    let (head, log) = (crate::tx::read_head(connection).await?, keys.origin());
    let mut done = BackedUp { entries: head.size, rows: 0, keys: 0 };
    let mut out = Sealed::create(to, &keys.master)?;
    out.line(&json!({"comity-backup": 1, "log": log, "size": head.size, "root": head.root.base64()}))?;
    for table in tables().into_iter().filter(|table| !LEFT_OUT.contains(table)) {
        // Page by page through the rows, in the order of the first column, so that memory stays small.
        let mut offset = 0i64;
        loop {
            let sql = if table == "entry" {
                "SELECT * FROM entry WHERE idx >= $1 ORDER BY idx LIMIT 1000".to_owned()
            } else {
                format!("SELECT * FROM {table} ORDER BY 1, 2 LIMIT 1000 OFFSET $1")
            };
            // A table with one column has no second to order by.
            let sql = if table == "person" { sql.replace("1, 2", "1") } else { sql };
            let rows = sqlx::query(AssertSqlSafe(sql)).bind(offset).fetch_all(&mut *connection).await?;
            for row in &rows {
                out.line(&json!({"t": table, "r": row_json(row)?}))?;
            }
            done.rows += rows.len() as u64;
            offset += rows.len() as i64;
            if !progress(done.rows, done.rows.max(head.size)) {
                return Err(file(to, "the backup was interrupted; it is not complete and cannot be restored"));
            }
            if rows.len() < 1000 {
                break;
            }
        }
    }
    out.finish()?;
    let mut out = Sealed::create(keys_to, &keys.master)?;
    out.line(&json!({"comity-key-backup": 1, "log": log, "size": head.size}))?;
    for row in sqlx::query("SELECT person, wrapped FROM person_key ORDER BY person").fetch_all(&mut *connection).await? {
        out.line(
            &json!({"person": row.try_get::<String, _>("person")?, "wrapped": STANDARD.encode(row.try_get::<Vec<u8>, _>("wrapped")?)}),
        )?;
        done.keys += 1;
    }
    for row in sqlx::query("SELECT body FROM entry WHERE kind IN ('expungement', 'purge') ORDER BY idx").fetch_all(connection).await? {
        let body: Value = serde_json::from_str(row.try_get("body")?).map_err(|e| LedgerError::Damaged(e.to_string()))?;
        out.line(&json!({"destroyed": body}))?;
    }
    out.finish()?;
    Ok(done)
}

fn row_json(row: &AnyRow) -> Result<Value> {
    let mut fields = Map::new();
    for column in row.columns() {
        let at = column.ordinal();
        let raw = row.try_get_raw(at)?;
        if raw.is_null() {
            continue;
        }
        let value = match raw.type_info().kind() {
            AnyTypeInfoKind::BigInt | AnyTypeInfoKind::Integer | AnyTypeInfoKind::SmallInt => json!(row.try_get::<i64, _>(at)?),
            AnyTypeInfoKind::Text => json!(row.try_get::<String, _>(at)?),
            AnyTypeInfoKind::Blob => json!({"b": STANDARD.encode(row.try_get::<Vec<u8>, _>(at)?)}),
            _ => {
                return Err(LedgerError::Input(format!(
                    "column {} has the type {}, which backups do not know",
                    column.name(),
                    raw.type_info().name()
                )));
            }
        };
        fields.insert(column.name().to_owned(), value);
    }
    Ok(Value::Object(fields))
}

/// Restores both backups into an empty database. Personal parts whose key is not in the key backup are destroyed, as the orders were carried out since: so an
/// older backup of the log with a newer one of the keys brings nothing back. Gives the number of entries and the persons that were destroyed again.
/// The seal of the key file is checked, for rows beside the log and the keys of persons are proven by nothing else.
///
/// # Errors
/// [`LedgerError::File`] if a backup is incomplete, was altered, or was not written with these keys; [`LedgerError::Input`] if the database is not empty.
pub async fn restore(
    store: &Store,
    keys: &Keys,
    from: &Path,
    keys_from: &Path,
    progress: &mut (dyn FnMut(u64, u64) -> bool + Send),
) -> Result<(u64, Vec<Value>)> {
    let mut tx = store.begin().await?;
    let there: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM entry").fetch_one(&mut *tx).await?;
    if there > 0 {
        return Err(LedgerError::Input(format!("the database has {there} entries already; restore into an empty one")));
    }
    let known: BTreeSet<&str> = tables().into_iter().collect();
    let (mut size, mut rows) = (0, 0);
    let mut log = String::new();
    for line in read_sealed(from, &keys.master)? {
        let line = line?;
        if let Some(version) = line.get("comity-backup") {
            if version != 1 {
                return Err(file(from, format!("this backup has the form {version}, which this version does not know")));
            }
            size = line.get("size").and_then(Value::as_u64).unwrap_or_default();
            log = line.get("log").and_then(Value::as_str).unwrap_or_default().to_owned();
            continue;
        }
        let (Some(table), Some(row)) = (line.get("t").and_then(Value::as_str), line.get("r").and_then(Value::as_object)) else {
            return Err(file(from, "this is no backup of a ledger"));
        };
        if !known.contains(table) || LEFT_OUT.contains(&table) {
            return Err(file(from, format!("it has a table `{table}` that this version does not know")));
        }
        insert(&mut tx, table, row).await.map_err(|e| file(from, format!("row {rows} ({table}): {e}")))?;
        rows += 1;
        if rows % 1000 == 0 && !progress(rows, size.max(rows)) {
            return Err(file(from, "the restore was interrupted; nothing was kept"));
        }
    }
    let (mut keyed, mut destroyed) = (BTreeSet::new(), Vec::new());
    for line in read_sealed(keys_from, &keys.master)? {
        let line = line?;
        if let Some(other) = line.get("log").and_then(Value::as_str).filter(|other| *other != log) {
            return Err(file(keys_from, format!("these are keys of `{other}`, not of `{log}`")));
        }
        if let (Some(person), Some(wrapped)) = (line.get("person").and_then(Value::as_str), line.get("wrapped").and_then(Value::as_str)) {
            let wrapped = STANDARD.decode(wrapped).map_err(|_| file(keys_from, "a key is not base64"))?;
            // Persons who came after the backup of the log are not in it.
            let sql = "INSERT INTO person_key (person, wrapped) SELECT id, $2 FROM person WHERE id = $1";
            sqlx::query(sql).bind(person).bind(wrapped).execute(&mut *tx).await?;
            keyed.insert(person.to_owned());
        } else if let Some(body) = line.get("destroyed") {
            destroyed.push(body.clone());
        }
    }
    tx.commit().await?;
    // What is still there but has no key was destroyed since; the orders are told by the key backup.
    destroyed.retain(|body| body.get("index").and_then(Value::as_u64).is_some_and(|index| index >= size));
    Ok((size, destroyed))
}

async fn insert(connection: &mut AnyConnection, table: &str, row: &Map<String, Value>) -> Result<()> {
    let plain = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if let Some(name) = row.keys().find(|name| !plain(name)) {
        return Err(LedgerError::Input(format!("`{name}` is no column")));
    }
    let names = row.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    let marks = (1..=row.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
    let sql = AssertSqlSafe(format!("INSERT INTO {table} ({names}) VALUES ({marks})"));
    let mut query = sqlx::query(sql);
    for value in row.values() {
        query = match value {
            Value::Number(n) => query.bind(n.as_i64()),
            Value::String(text) => query.bind(text.clone()),
            other => {
                let bytes = other.get("b").and_then(Value::as_str).and_then(|data| STANDARD.decode(data).ok());
                query.bind(bytes.ok_or_else(|| LedgerError::Input("a value is neither number, text nor bytes".to_owned()))?)
            }
        };
    }
    query.execute(connection).await?;
    Ok(())
}

/// A file of JSON lines that ends with the hash of all lines before, by which a cut one is noticed, and the seal of the key file over that hash, by which an
/// altered one is.
struct Sealed<'a> {
    path: &'a Path,
    out: BufWriter<std::fs::File>,
    hash: Sha256,
    master: &'a Secret,
}

impl<'a> Sealed<'a> {
    fn create(path: &'a Path, master: &'a Secret) -> Result<Self> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let out = options.open(path).map_err(|e| file(path, format!("it cannot be written: {e}")))?;
        Ok(Self { path, out: BufWriter::new(out), hash: Sha256::new(), master })
    }

    fn line(&mut self, value: &Value) -> Result<()> {
        let line = value.to_string() + "\n";
        self.hash.update(&line);
        self.out.write_all(line.as_bytes()).map_err(|e| file(self.path, format!("it cannot be written: {e}")))
    }

    fn finish(mut self) -> Result<()> {
        let hash = Hash(self.hash.finalize().into());
        let line = last_line(&hash, &crate::vault::backup_seal(self.master, &hash)?);
        let done = self.out.write_all(line.as_bytes()).and_then(|()| self.out.flush()).and_then(|()| self.out.get_ref().sync_all());
        done.map_err(|e| file(self.path, format!("it cannot be written: {e}")))
    }
}

fn last_line(hash: &Hash, seal: &Hash) -> String {
    format!("{{\"sha256\":\"{}\",\"seal\":\"{}\"}}\n", hash.hex(), seal.hex())
}

/// The lines of such a file, after its hash and its seal were checked.
fn read_sealed(path: &Path, master: &Secret) -> Result<impl Iterator<Item = Result<Value>>> {
    let open = || std::fs::File::open(path).map(BufReader::new).map_err(|e| file(path, format!("it cannot be read: {e}")));
    let (mut reader, mut hash, mut line, mut lines) = (open()?, Sha256::new(), Vec::new(), 0u64);
    let (whole, found) = loop {
        line.clear();
        reader.read_until(b'\n', &mut line).map_err(|e| file(path, format!("it cannot be read: {e}")))?;
        if line.is_empty() {
            break (false, Hash::empty());
        }
        if line.starts_with(b"{\"sha256\":") {
            let found = Hash(hash.clone().finalize().into());
            let mut rest = Vec::new();
            let whole = line.starts_with(format!("{{\"sha256\":\"{}\"", found.hex()).as_bytes());
            break (whole && std::io::Read::read_to_end(&mut reader, &mut rest).is_ok_and(|n| n == 0), found);
        }
        hash.update(&line);
        lines += 1;
    };
    if !whole {
        return Err(file(path, "this backup is incomplete or was altered: its last line is not the hash of those before"));
    }
    if line != last_line(&found, &crate::vault::backup_seal(master, &found)?).as_bytes() {
        let what = "this backup does not bear the seal of this key file: it was altered, or written with another key file or by a version without seals; take another backup";
        return Err(file(path, what));
    }
    let path = path.to_owned();
    let lines = open()?.lines().take(usize::try_from(lines).unwrap_or(usize::MAX));
    Ok(lines.map(move |line| {
        let line = line.map_err(|e| file(&path, format!("it cannot be read: {e}")))?;
        serde_json::from_str(&line).map_err(|e| file(&path, format!("a line is no JSON: {e}")))
    }))
}

impl Ledger {
    /// After [`restore`]: destroys again what has no key, records the orders anew, and records the restore itself.
    ///
    /// # Errors
    /// As [`Ledger::append`].
    pub async fn replay_orders(&self, actor: &str, restored: u64, orders: &[Value]) -> Result<u64> {
        let mut tx = self.begin().await?;
        let sql = "SELECT id FROM person WHERE id NOT IN (SELECT person FROM person_key) ORDER BY id";
        let rows = sqlx::query(sql).fetch_all(tx.connection()).await?;
        let mut erased = crate::erase::Erased::default();
        for row in &rows {
            let person = crate::entry::PersonId(row.try_get("id")?);
            erased.entries.extend(crate::erase::destroy(&mut tx, &person).await?);
        }
        erased.entries.sort_unstable();
        let what = json!({"what": "restored from a backup", "size": restored, "persons_destroyed_again": rows.len()});
        let entry = crate::entry::NewEntry::new(crate::entry::EntryKind::System, actor).public(what);
        tx.append(entry).await?;
        if !rows.is_empty() {
            let told: Vec<Value> = orders
                .iter()
                .map(|body| body.get("public").and_then(|p| p.get("order").or(p.get("rule"))).cloned().unwrap_or_default())
                .collect();
            let public = json!({"order": "orders carried out after the backup was made", "orders": told});
            crate::erase::record(&mut tx, crate::entry::EntryKind::Expungement, actor, &public, &mut erased).await?;
        }
        tx.commit().await?;
        crate::erase::scrub(&self.core).await?;
        Ok(rows.len() as u64)
    }
}
