//! The ledger as the desk uses it: the one place that knows it.

use crate::config::{Config, ConfigError};
use crate::http::failure::Failure;
use comity_ledger::{Appended, Clock, EntryKind, Keys, Ledger, LedgerError, NewEntry, Options, PersonId, Store, Tx};
use serde_json::{Value, json};
use std::sync::Arc;

/// The record.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) ledger: Ledger,
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::ReadOnly(_) | LedgerError::Damaged(_) => Self::read_only(error),
            LedgerError::Database(_) => Self::read_only(error),
            other => Self::internal(other),
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::internal(error)
    }
}

impl Record {
    /// Opens keys and database, both made where there are none.
    pub(crate) async fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, ConfigError> {
        let fresh = !config.data.exists();
        std::fs::create_dir_all(&config.data)
            .map_err(|error| ConfigError(format!("{} cannot be made: {error}; name another folder with `data`", config.data.display())))?;
        // Nobody else on the machine has business in it.
        #[cfg(unix)]
        if fresh {
            let closed = std::os::unix::fs::PermissionsExt::from_mode(0o700);
            std::fs::set_permissions(&config.data, closed).map_err(|error| ConfigError(format!("{}: {error}", config.data.display())))?;
        }
        let trouble = |error: LedgerError| ConfigError(error.to_string());
        let store = Store::open(&config.database_url()).await.map_err(trouble)?;
        let keys = Keys::open(&config.data.join("comity.keys"), &origin(config)).map_err(trouble)?;
        let ledger = Ledger::open(store, keys, Options { clock, ..Options::default() }).await.map_err(trouble)?;
        Ok(Self { ledger })
    }

    /// The pool, for the desk's own tables.
    pub(crate) fn pool(&self) -> &sqlx::AnyPool {
        self.ledger.store().pool()
    }

    /// Appends an entry.
    pub(crate) async fn append(&self, entry: NewEntry) -> Result<Appended, Failure> {
        Ok(self.ledger.append(entry).await?)
    }

    /// Begins what must be durable together.
    pub(crate) async fn begin(&self) -> Result<Tx, Failure> {
        Ok(self.ledger.begin().await?)
    }

    /// Records that somebody read something personal, before it is shown.
    pub(crate) async fn reading(&self, account: &str, subject: &str, purpose: &str) -> Result<(), Failure> {
        let entry = NewEntry::new(EntryKind::Read, account).subject(subject).public(json!({"purpose": purpose}));
        self.append(entry).await.map(|_| ())
    }

    /// Encrypts under the key of a person.
    pub(crate) async fn seal(&self, person: &str, context: &str, value: &Value) -> Result<Vec<u8>, Failure> {
        Ok(self.ledger.seal(&PersonId(person.to_owned()), context, value.to_string().as_bytes()).await?)
    }

    /// Decrypts what [`Record::seal`] gave.
    pub(crate) async fn unseal(&self, person: &str, context: &str, sealed: &[u8]) -> Result<Value, Failure> {
        let plain = self.ledger.unseal(&PersonId(person.to_owned()), context, sealed).await?;
        serde_json::from_slice(&plain).map_err(Failure::internal)
    }

    /// Why nothing can be written, while nothing can.
    pub(crate) fn read_only(&self) -> Option<String> {
        self.ledger.health().read_only.map(|(_, why)| why)
    }
}

/// The name of the log: the host under which the desk is reached.
fn origin(config: &Config) -> String {
    let host = config.public_url.split("://").nth(1).unwrap_or_default();
    let host = host.split(['/', ':']).next().unwrap_or_default();
    format!("{host}/comity")
}
