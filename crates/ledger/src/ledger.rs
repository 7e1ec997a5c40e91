//! The ledger: appending, and what stands while it is open.

use crate::clock::{Clock, SystemClock, Watch};
use crate::entry::{NewEntry, PersonId};
use crate::error::{LedgerError, Result};
use crate::keys::Keys;
use crate::store::Store;
use crate::tx::{Tx, WriteState};
use crate::writer::{Job, write_loop};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};

/// How a ledger runs.
#[derive(Debug)]
pub struct Options {
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// How long the head may go unsigned while entries come in; zero to sign only when asked. The first entry is signed at once.
    pub sign_every: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock::default()), sign_every: Duration::from_secs(60) }
    }
}

/// An open ledger; clones are handles of the same one.
#[derive(Clone, Debug)]
pub struct Ledger {
    pub(crate) core: Arc<Core>,
    queue: mpsc::Sender<Job>,
}

#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) store: Store,
    pub(crate) keys: Keys,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) state: Arc<AsyncMutex<WriteState>>,
    pub(crate) health: Mutex<Health>,
}

/// Whether the ledger takes entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Why it takes none, and since when in milliseconds since 1970; `None` while it does.
    pub read_only: Option<(i64, String)>,
    /// A failure after which nothing may be written until the ledger is opened anew: the disk or the record itself failed.
    pub fatal: bool,
}

/// An entry that is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Its index.
    pub index: u64,
    /// Its time, in milliseconds since 1970 (UTC).
    pub time: i64,
}

impl Ledger {
    /// Opens the ledger of a store with its keys. A fresh one gets its first entry, which names the log.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`] if the head and the tiles contradict each other, or the log does not go on from the newest signed head that lies beside the key
    /// file; [`LedgerError::File`] if that cannot be read; [`LedgerError::Database`].
    pub async fn open(store: Store, keys: Keys, options: Options) -> Result<Self> {
        let state = Arc::new(AsyncMutex::new(WriteState::new(Watch::new(&*options.clock))));
        let core = Arc::new(Core { store, keys, clock: options.clock, state, health: Mutex::default() });
        let (queue, jobs) = mpsc::channel(4096);
        let ledger = Self { core: Arc::clone(&core), queue };
        ledger.start().await?;
        tokio::spawn(write_loop(core, jobs, options.sign_every));
        Ok(ledger)
    }

    /// The database, for tables beside the log.
    pub fn store(&self) -> &Store {
        &self.core.store
    }

    /// The keys.
    pub fn keys(&self) -> &Keys {
        &self.core.keys
    }

    /// Appends an entry. It is durable when this returns: many callers at once share one commit.
    ///
    /// # Errors
    /// [`LedgerError::Input`] if the entry cannot be written; [`LedgerError::ReadOnly`] or [`LedgerError::Database`] if nothing can be appended. The entry was
    /// then not acknowledged; after a failure of the commit itself it may still be found in the log.
    pub async fn append(&self, entry: NewEntry) -> Result<Appended> {
        let (reply, answer) = oneshot::channel();
        let gone = || LedgerError::ReadOnly("the ledger was closed".to_owned());
        self.queue.send(Job { entry, reply }).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// Begins a transaction for entries and rows of other tables that must be durable together. Commit it soon: no one else can append meanwhile.
    ///
    /// # Errors
    /// [`LedgerError::ReadOnly`], [`LedgerError::Damaged`] or [`LedgerError::Database`].
    pub async fn begin(&self) -> Result<Tx> {
        Tx::begin(&self.core).await
    }

    /// A new pseudonym for a person, with a key of its own.
    ///
    /// # Errors
    /// [`LedgerError::Database`].
    pub async fn new_person(&self) -> Result<PersonId> {
        let mut tx = self.begin().await?;
        let person = tx.new_person().await?;
        tx.commit().await?;
        Ok(person)
    }

    /// Whether entries are taken.
    pub fn health(&self) -> Health {
        self.core.health.lock().map(|h| h.clone()).unwrap_or_default()
    }

    /// Signs the head and closes the database.
    ///
    /// # Errors
    /// As [`Ledger::checkpoint`]; it is closed all the same.
    pub async fn close(self) -> Result<()> {
        let signed = self.checkpoint().await;
        self.core.store.close().await;
        signed.map(|_| ())
    }
}

impl Core {
    /// Notes that writing works, or why it does not.
    pub(crate) fn note_health<T>(&self, done: &Result<T>) {
        let Ok(mut health) = self.health.lock() else { return };
        match done {
            Ok(_) => *health = Health::default(),
            // What is wrong with one entry says nothing about the ledger.
            Err(LedgerError::Input(_) | LedgerError::Held { .. } | LedgerError::ReadOnly(_)) => {}
            Err(error) => {
                let since = health.read_only.as_ref().map_or_else(|| self.clock.wall(), |(since, _)| *since);
                health.fatal |= matches!(error, LedgerError::Damaged(_)) || is_io_error(error);
                health.read_only = Some((since, error.to_string()));
            }
        }
    }

    /// Refuses to write after a failure of the disk itself: what a failed sync left behind is not known.
    pub(crate) fn writable(&self) -> Result<()> {
        match self.health.lock() {
            Ok(health) if health.fatal => {
                let why = health.read_only.as_ref().map(|(_, why)| why.clone()).unwrap_or_default();
                Err(LedgerError::ReadOnly(format!("{why}; open it anew after the cause is mended")))
            }
            _ => Ok(()),
        }
    }
}

/// Whether the disk failed, other than by being full.
fn is_io_error(error: &LedgerError) -> bool {
    // SQLITE_IOERR and SQLITE_CORRUPT with their extended codes; class 58 of PostgreSQL.
    let LedgerError::Database(sqlx::Error::Database(error)) = error else { return false };
    match error.code() {
        Some(code) => code.parse::<i64>().map_or(code.starts_with("58") || code.starts_with("XX"), |n| matches!(n & 0xff, 10 | 11 | 26)),
        None => false,
    }
}
