//! The database under a ledger: opening it, its settings, its schema.

use crate::error::{LedgerError, Result};
use crate::schema::{Dialect, migrator};
use sqlx::any::AnyPoolOptions;
use sqlx::migrate::MigrateError;
use sqlx::{AnyConnection, AnyPool, Executor};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

/// An open database with the schema of the ledger and the desk.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
    dialect: Dialect,
    path: Option<PathBuf>,
}

/// "Comi" in the header of an SQLite file, so that tools can tell what it is.
pub(crate) const APPLICATION_ID: i64 = 0x436f_6d69;

/// How long a writer waits for another process that writes.
const BUSY: Duration = Duration::from_secs(10);

const SQLITE_SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
    PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA busy_timeout = 10000;";

const SQLITE_READING: &str = "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA busy_timeout = 10000;";

impl Store {
    /// Opens `sqlite:PATH` (created where there is none) or `postgres://…`, and brings the schema up to date.
    ///
    /// # Errors
    /// [`LedgerError::Input`] for another address; [`LedgerError::Database`] or [`LedgerError::Migration`] if it cannot be opened.
    pub async fn open(url: &str) -> Result<Self> {
        let (dialect, path) = read_url(url)?;
        let address = path.as_deref().map_or_else(|| url.to_owned(), |path| sqlite_address(path, "rwc"));
        if let Some(path) = &path {
            refuse_other_file(path)?;
        }
        let settings = if dialect == Dialect::Sqlite { SQLITE_SETTINGS } else { "SET synchronous_commit = on" };
        let pool = connect(&address, settings, 8).await?;
        let store = Self { pool, dialect, path };
        store.migrate().await?;
        if dialect == Dialect::Sqlite {
            let id: i64 = sqlx::query_scalar("PRAGMA application_id").fetch_one(&store.pool).await?;
            if id != APPLICATION_ID {
                store.pool.execute("PRAGMA application_id = 1131375977").await?;
            }
        }
        Ok(store)
    }

    /// Brings the schema up to date. SQLite has no lock for migrations: of two processes that open a new file at once, the slower fails at what the other has
    /// just made, and finds it done when it looks again. Each migration stands whole or not at all.
    async fn migrate(&self) -> Result<()> {
        for _ in 0..if self.dialect == Dialect::Sqlite { 10 } else { 0 } {
            match migrator(self.dialect).run(&self.pool).await {
                Err(MigrateError::Execute(_) | MigrateError::ExecuteMigration(..)) => tokio::time::sleep(Duration::from_millis(100)).await,
                done => return Ok(done?),
            }
        }
        Ok(migrator(self.dialect).run(&self.pool).await?)
    }

    /// Opens an existing database for reading only; changes nothing in it.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_read_only(url: &str) -> Result<Self> {
        let (dialect, path) = read_url(url)?;
        if let Some(path) = &path
            && !path.exists()
        {
            return Err(crate::error::file(path, "there is no such file; check the path"));
        }
        let address = path.as_deref().map_or_else(|| url.to_owned(), |path| sqlite_address(path, "rw"));
        let settings = if dialect == Dialect::Sqlite { SQLITE_READING } else { "SET default_transaction_read_only = on" };
        Ok(Self { pool: connect(&address, settings, 4).await?, dialect, path })
    }

    /// The pool, for queries with `$1`, `$2` …; BIGINT, TEXT and BYTEA are what both databases understand.
    /// Writes that belong together with an entry go through [`crate::Ledger::begin`].
    pub fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// Which database it is.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The file of an SQLite database.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Closes all connections; the last one of an SQLite file folds the write-ahead log into it.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Begins a transaction that no other writer of the log runs beside, in this process or another.
    pub(crate) async fn begin(&self) -> Result<sqlx::Transaction<'static, sqlx::Any>> {
        match self.dialect {
            // After a full disk SQLite may have ended a transaction that the connection still counts: another try finds it mended.
            Dialect::Sqlite => match self.pool.begin_with("BEGIN IMMEDIATE").await {
                Err(sqlx::Error::InvalidSavePointStatement) => Ok(self.pool.begin_with("BEGIN IMMEDIATE").await?),
                begun => Ok(begun?),
            },
            Dialect::Postgres => {
                let mut tx = self.pool.begin().await?;
                tx.execute("LOCK TABLE head IN EXCLUSIVE MODE").await?;
                Ok(tx)
            }
        }
    }
}

impl Store {
    /// Begins to read one moment of the record, whatever is written meanwhile.
    ///
    /// # Errors
    /// [`LedgerError::Database`] if the database cannot be read.
    pub async fn moment(&self) -> Result<sqlx::Transaction<'static, sqlx::Any>> {
        let begin = match self.dialect {
            Dialect::Sqlite => "BEGIN",
            Dialect::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        Ok(self.pool.begin_with(begin).await?)
    }
}

async fn connect(address: &str, settings: &'static str, most: u32) -> Result<AnyPool> {
    static DRIVERS: Once = Once::new();
    DRIVERS.call_once(sqlx::any::install_default_drivers);
    let options = AnyPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(BUSY + Duration::from_secs(20))
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(move |connection: &mut AnyConnection, _| Box::pin(async move { connection.execute(settings).await.map(|_| ()) }));
    Ok(options.connect(address).await?)
}

fn read_url(url: &str) -> Result<(Dialect, Option<PathBuf>)> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok((Dialect::Postgres, None));
    }
    let path = url.strip_prefix("sqlite:").map(|rest| rest.strip_prefix("//").unwrap_or(rest));
    // A plain path is an SQLite file as well.
    let path = path.or((!url.contains("://")).then_some(url)).filter(|path| !path.is_empty() && !path.contains(":memory:"));
    path.map(|path| (Dialect::Sqlite, Some(PathBuf::from(path))))
        .ok_or_else(|| LedgerError::Input(format!("`{url}` names no ledger; write sqlite:PATH or postgres://USER@HOST/DATABASE")))
}

/// The address of a file, with everything escaped that an address would read otherwise.
fn sqlite_address(path: &Path, mode: &str) -> String {
    let text = std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string();
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(&byte) {
            escaped.push(byte as char);
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("sqlite://{escaped}?mode={mode}")
}

/// A file that is something else is left alone.
fn refuse_other_file(path: &Path) -> Result<()> {
    let Ok(bytes) = std::fs::File::open(path).and_then(|mut f| {
        let mut head = Vec::new();
        std::io::Read::read_to_end(&mut std::io::Read::take(&mut f, 100), &mut head).map(|_| head)
    }) else {
        return Ok(());
    };
    let id = bytes.get(68..72).map(|id| i64::from(u32::from_be_bytes([id[0], id[1], id[2], id[3]])));
    match id {
        _ if bytes.is_empty() => Ok(()),
        Some(id) if bytes.starts_with(b"SQLite format 3\0") && (id == 0 || id == APPLICATION_ID) => Ok(()),
        _ => Err(crate::error::file(path, "this file is no ledger of Comity; name another")),
    }
}
