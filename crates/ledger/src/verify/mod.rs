//! Verification: everything is computed again from the entries, and what does not fit is located.

mod beside;
mod file;
mod log;
mod signed;

pub(crate) use file::read_schema;

use crate::error::Result;
use crate::hash::Hash;
use crate::keys::Keys;
use crate::note::Verifier;
use crate::schema::Dialect;
use crate::store::Store;
use serde::Serialize;
use std::fmt;

/// What to hold the record against.
#[derive(Debug, Default)]
pub struct Checks<'a> {
    /// The keys: with them every personal part is decrypted and held against its commitment, and the log against the newest signed head beside their file.
    pub keys: Option<&'a Keys>,
    /// The public key of the log, as it was given to whoever checks. Without it the record is believed when it names its own key.
    pub log: Option<Verifier>,
    /// Size and root of a head that was verified before: only what came later is computed again.
    pub since: Option<(u64, Hash)>,
}

/// Where damage is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// An entry, its columns or its hash.
    Entry(u64),
    /// The personal part of an entry.
    Personal(u64),
    /// A tile of the tree.
    Tile {
        /// Its level.
        level: i64,
        /// Its number.
        number: i64,
    },
    /// The head.
    Head,
    /// The signed head of so many entries.
    Checkpoint(i64),
    /// The key of a person.
    Person(String),
    /// A table, an index or the schema.
    Schema(String),
    /// The header or the pages of the file.
    File(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry(index) => write!(f, "entry {index}"),
            Self::Personal(index) => write!(f, "personal part of entry {index}"),
            Self::Tile { level, number } => write!(f, "tile {number} of level {level}"),
            Self::Head => f.write_str("head"),
            Self::Checkpoint(size) => write!(f, "checkpoint of {size} entries"),
            Self::Person(id) => write!(f, "key of person {id}"),
            Self::Schema(name) => write!(f, "schema: {name}"),
            Self::File(part) => write!(f, "file: {part}"),
        }
    }
}

/// Something that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Damage {
    /// Where.
    pub place: Place,
    /// What.
    pub what: String,
}

/// What a verification found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Entries in the log.
    pub entries: u64,
    /// Entries that were computed again; fewer if the check began at an earlier head.
    pub checked: u64,
    /// The root over all entries, in base64.
    pub root: String,
    /// Personal parts whose encrypted bytes are those that the log names.
    pub personal: u64,
    /// Personal parts that were also decrypted and held against their commitment.
    pub opened: u64,
    /// Personal parts that entries say were destroyed, and that are gone.
    pub destroyed: u64,
    /// Signed heads whose signature and root hold.
    pub checkpoints: u64,
    /// Up to how many entries signed heads vouch for, or the head that was verified before; what comes after can be altered by whoever has the database.
    pub signed: u64,
    /// The size of the newest signed head that lies beside the key file; `None` without keys, or if none lies there: then nothing tells that signed entries
    /// were cut off at the end.
    pub kept: Option<u64>,
    /// The largest size that a witness cosigned; `None` if none did: then nobody but the log itself vouches that it was never rewritten.
    pub witnessed: Option<u64>,
    /// Whether the public key was given, or taken from the record itself.
    pub key_given: bool,
    /// The entry before which the verification was stopped; `None` if it ran to the end.
    pub interrupted_at: Option<u64>,
    /// What does not fit, the first hundred.
    pub damage: Vec<Damage>,
    /// How many more there are.
    pub more: u64,
}

impl Report {
    /// Whether everything was looked at and fits.
    pub fn intact(&self) -> bool {
        self.damage.is_empty() && self.interrupted_at.is_none()
    }

    pub(crate) fn add(&mut self, place: Place, what: impl Into<String>) {
        let damage = Damage { place, what: what.into() };
        if self.damage.contains(&damage) {
            return;
        }
        if self.damage.len() < 100 { self.damage.push(damage) } else { self.more += 1 }
    }
}

/// Verifies a record. `progress` is told how many entries of how many are done, and stops the work by answering `false`.
///
/// # Errors
/// [`crate::LedgerError::Database`] if the database cannot be reached at all. What is damaged is in the report.
pub async fn verify(store: &Store, checks: &Checks<'_>, progress: &mut (dyn FnMut(u64, u64) -> bool + Send)) -> Result<Report> {
    let mut report = Report { key_given: checks.log.is_some(), ..Report::default() };
    if let Some(path) = store.path() {
        file::check_header(path, &mut report);
    }
    // Before the record is read: a head that is signed meanwhile would look like one whose entries are missing.
    let newest = checks.keys.map(crate::heads::newest_signed).transpose().map(Option::flatten);
    let newest = newest.unwrap_or_else(|error| {
        report.add(Place::File("newest signed head".to_owned()), error.to_string());
        None
    });
    report.kept = newest.as_ref().map(|newest| newest.size);
    // One moment of the record, whatever is appended meanwhile.
    let mut moment = match store.moment().await {
        Ok(moment) => moment,
        // A file that cannot be opened is damaged; a server that cannot be reached is not.
        Err(error) if store.dialect() == Dialect::Sqlite => {
            report.add(Place::File("header".to_owned()), error.to_string());
            return Ok(report);
        }
        Err(error) => return Err(error),
    };
    if store.dialect() == Dialect::Sqlite {
        file::check_structure(&mut moment, &mut report).await;
    }
    let found = log::check(&mut moment, checks, newest.as_ref(), &mut report, progress).await;
    if report.interrupted_at.is_none() {
        signed::check(&mut moment, checks, newest.as_ref(), &found, &mut report).await;
    }
    beside::check_persons(&mut moment, checks.keys, &mut report).await;
    if let Err(error) = moment.rollback().await
        && report.intact()
    {
        return Err(error.into());
    }
    Ok(report)
}
