//! What can go wrong with a ledger.

use std::fmt;

/// Why the ledger did not do what was asked.
#[derive(Debug)]
pub enum LedgerError {
    /// The database failed or cannot be reached.
    Database(sqlx::Error),
    /// A migration of the schema failed; the schema is as it was before it.
    Migration(sqlx::migrate::MigrateError),
    /// A file of keys, a backup or an export cannot be read or written.
    File {
        /// Its path.
        path: String,
        /// What is wrong, and the remedy.
        what: String,
    },
    /// What was given cannot be done, and the remedy.
    Input(String),
    /// The record contradicts itself: it was damaged or altered.
    Damaged(String),
    /// Nothing can be appended at the moment, and why; reading goes on.
    ReadOnly(String),
    /// A litigation hold forbids it; the index of the entry that set the hold.
    Held {
        /// The entries that set the holds.
        holds: Vec<u64>,
    },
}

/// What the functions of this crate give.
pub type Result<T, E = LedgerError> = std::result::Result<T, E>;

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(error) => write!(f, "the database of the ledger: {error}"),
            Self::Migration(error) => write!(f, "the schema of the ledger cannot be brought up to date: {error}"),
            Self::File { path, what } => write!(f, "{path}: {what}"),
            Self::Input(what) => f.write_str(what),
            Self::Damaged(what) => write!(f, "the record was damaged or altered: {what}; run `comity ledger verify`"),
            Self::ReadOnly(why) => write!(f, "the ledger takes no entries at the moment: {why}"),
            Self::Held { holds } => {
                let list = holds.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
                write!(f, "a litigation hold stands (entry {list}); lift it first")
            }
        }
    }
}

impl std::error::Error for LedgerError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Database(error) => Some(error),
            Self::Migration(error) => Some(error),
            _ => None,
        }
    }
}

impl From<sqlx::Error> for LedgerError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<sqlx::migrate::MigrateError> for LedgerError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self::Migration(error)
    }
}

/// A failure with a file.
pub(crate) fn file(path: &std::path::Path, what: impl fmt::Display) -> LedgerError {
    LedgerError::File { path: path.display().to_string(), what: what.to_string() }
}
