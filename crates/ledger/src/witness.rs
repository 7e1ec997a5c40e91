//! A witness: a second office that remembers the newest head of each log and cosigns only what extends it (C2SP tlog-witness).

use crate::checkpoint::{Checkpoint, decimal};
use crate::error::{Result, file};
use crate::files::lock;
use crate::hash::Hash;
use crate::keys::Secret;
use crate::note::{KeyKind, Note, Signer, Verifier};
use crate::proof::{ProofError, verify_consistency};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// Why a witness does not cosign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The request is not written as one.
    Malformed(String),
    /// No key is known for this log.
    Unknown {
        /// The log's name.
        origin: String,
    },
    /// The head is not signed by the log.
    Signature(String),
    /// The proof starts at another size than the one that was witnessed last.
    Stale {
        /// The size witnessed last.
        known: u64,
        /// The size that the proof starts at.
        old: u64,
    },
    /// The log became smaller: it was rolled back.
    RolledBack {
        /// The size witnessed last.
        known: u64,
        /// The size shown now.
        shown: u64,
    },
    /// Two heads of one size differ: the log shows different things to different people.
    Split {
        /// The size.
        size: u64,
    },
    /// The new head does not extend the old one: the past was altered.
    Inconsistent(ProofError),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(what) => write!(f, "this is no request to a witness: {what}"),
            Self::Unknown { origin } => write!(f, "the log `{origin}` is not known to this witness; add its public key first"),
            Self::Signature(what) => write!(f, "the head is not signed by the log: {what}"),
            Self::Stale { known, old } => {
                write!(f, "the proof starts at {old} entries, but {known} were witnessed; ask with the proof from {known}")
            }
            Self::RolledBack { known, shown } => write!(f, "ROLLED BACK: the log shows {shown} entries, but {known} were witnessed"),
            Self::Split { size } => write!(f, "SPLIT VIEW: two different heads were signed for {size} entries"),
            Self::Inconsistent(error) => write!(f, "ALTERED: the new head does not extend the witnessed one: {error}"),
        }
    }
}

impl std::error::Error for Refusal {}

/// The state of a witness, in one file.
#[derive(Debug)]
pub struct Witness {
    path: PathBuf,
    signer: Signer,
    logs: BTreeMap<String, Known>,
    // Held while the witness is open, so that two requests cannot pass each other.
    _lock: std::fs::File,
}

/// What a witness knows of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The public key of the log.
    pub key: String,
    /// The size witnessed last; 0 before the first.
    pub size: u64,
    /// The root at that size, in base64.
    pub root: String,
}

#[derive(Serialize, Deserialize)]
struct State {
    witness: u8,
    key: String,
    logs: BTreeMap<String, Known>,
}

impl Witness {
    /// A new witness with a key of its own; the name is like that of a log: `clerk.example.gov/witness`.
    ///
    /// # Errors
    /// [`crate::LedgerError::File`] if the file exists or cannot be written; [`crate::LedgerError::Input`] if the name cannot be one.
    pub fn create(path: &Path, name: &str) -> Result<Self> {
        if path.exists() {
            return Err(file(path, "it exists already; a witness never forgets what it saw"));
        }
        let signer = Signer::new(name, KeyKind::Witness, &Secret::random()?.0).map_err(|e| crate::LedgerError::Input(e.to_string()))?;
        let witness = Self { path: path.to_owned(), signer, logs: BTreeMap::new(), _lock: lock(path)? };
        witness.save()?;
        Ok(witness)
    }

    /// Opens the state of a witness; waits while another process has it open.
    ///
    /// # Errors
    /// [`crate::LedgerError::File`] if it cannot be read or is none.
    pub fn open(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Err(file(path, "there is no such file; create it with `comity witness init`"));
        }
        // A look before the lock, so that no lock is left beside a file that is something else.
        let text = read(path)?;
        parse(path, &text)?;
        let lock = lock(path)?;
        let text = read(path)?;
        let state = parse(path, &text)?;
        let signer = Signer::parse(&state.key).map_err(|e| file(path, e))?;
        Ok(Self { path: path.to_owned(), signer, logs: state.logs, _lock: lock })
    }

    /// The public key of the witness.
    pub fn public(&self) -> Verifier {
        self.signer.verifier()
    }

    /// The logs that it knows.
    pub fn logs(&self) -> &BTreeMap<String, Known> {
        &self.logs
    }

    /// Trusts a log from now on.
    ///
    /// # Errors
    /// [`crate::LedgerError::Input`] if another key is known for it already; [`crate::LedgerError::File`].
    pub fn trust(&mut self, log: &Verifier) -> Result<()> {
        let key = log.to_string();
        match self.logs.get(log.name()) {
            Some(known) if known.key == key => return Ok(()),
            Some(_) => {
                return Err(crate::LedgerError::Input(format!(
                    "another key is known for `{}` already; a new key needs a new name",
                    log.name()
                )));
            }
            None => {}
        }
        self.logs.insert(log.name().to_owned(), Known { key, size: 0, root: Hash::empty().base64() });
        self.save()
    }

    /// Checks a request and cosigns its head at this moment (seconds since 1970). The new head is remembered durably before the signature is given.
    ///
    /// # Errors
    /// The refusal inside; [`crate::LedgerError::File`] if the state cannot be kept: then there is no signature either.
    pub fn add(&mut self, request: &str, now: u64) -> Result<std::result::Result<String, Refusal>> {
        let (note, checkpoint) = match self.check(request) {
            Ok(checked) => checked,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Some(known) = self.logs.get_mut(&checkpoint.origin) {
            known.size = checkpoint.size;
            known.root = checkpoint.root.base64();
        }
        self.save()?;
        Ok(Ok(self.signer.sign(&note.text, now).to_string()))
    }

    fn check(&self, request: &str) -> std::result::Result<(Note, Checkpoint), Refusal> {
        let wrong = |what: &str| Refusal::Malformed(what.to_owned());
        let (head, rest) = request.split_once("\n\n").ok_or_else(|| wrong("the empty line before the head is missing"))?;
        let mut lines = head.lines();
        let old = lines
            .next()
            .and_then(|line| line.strip_prefix("old "))
            .and_then(decimal)
            .ok_or_else(|| wrong("it begins with `old` and a size"))?;
        let proof =
            lines.map(Hash::from_base64).collect::<Option<Vec<_>>>().ok_or_else(|| wrong("a line of the proof is no hash in base64"))?;
        let note = Note::parse(rest).map_err(|e| wrong(&e.to_string()))?;
        let shown = Checkpoint::parse(&note.text).map_err(|e| wrong(&e.to_string()))?;
        let known = self.logs.get(&shown.origin).ok_or_else(|| Refusal::Unknown { origin: shown.origin.clone() })?;
        let key = Verifier::parse(&known.key).map_err(|e| wrong(&e.to_string()))?;
        let shown = Checkpoint::open(&note, &key).map_err(|e| Refusal::Signature(e.to_string()))?;
        if shown.size < known.size {
            return Err(Refusal::RolledBack { known: known.size, shown: shown.size });
        }
        let root = Hash::from_base64(&known.root).ok_or_else(|| wrong("the state of the witness has no root"))?;
        if shown.size == known.size && shown.root != root {
            return Err(Refusal::Split { size: shown.size });
        }
        if old != known.size {
            return Err(Refusal::Stale { known: known.size, old });
        }
        verify_consistency(old, &root, shown.size, &shown.root, &proof).map_err(Refusal::Inconsistent)?;
        Ok((note, shown))
    }

    fn save(&self) -> Result<()> {
        let state = State { witness: 1, key: self.signer.secret_text().to_string(), logs: self.logs.clone() };
        let text = zeroize::Zeroizing::new(serde_json::to_string_pretty(&state).map_err(|e| file(&self.path, e))? + "\n");
        crate::files::replace(&self.path, text.as_bytes(), true).map_err(|e| file(&self.path, format!("it cannot be written: {e}")))
    }
}

fn read(path: &Path) -> Result<zeroize::Zeroizing<String>> {
    Ok(zeroize::Zeroizing::new(std::fs::read_to_string(path).map_err(|e| file(path, format!("it cannot be read: {e}")))?))
}

fn parse(path: &Path, text: &str) -> Result<State> {
    serde_json::from_str(text).map_err(|e| file(path, format!("this is no state of a witness: {e}")))
}
