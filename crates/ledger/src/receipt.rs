//! Receipts (C2SP tlog-proof): one entry, the proof that it is in the log, and the signed head. Checked without the ledger.

use crate::checkpoint::{Checkpoint, decimal};
use crate::entry::Entry;
use crate::hash::Hash;
use crate::note::{KeyKind, Note, NoteError, Verifier};
use crate::proof::{ProofError, verify_inclusion};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::fmt;

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// A receipt as it is written. The extra data of the format is the entry itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The canonical bytes of the entry.
    pub entry: Vec<u8>,
    /// Its index.
    pub index: u64,
    /// The inclusion proof.
    pub proof: Vec<Hash>,
    /// The signed head.
    pub checkpoint: Note,
}

/// What a receipt proves.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The entry.
    pub entry: Entry,
    /// The head of the log that it was checked against.
    pub checkpoint: Checkpoint,
    /// The witnesses that cosigned, with the moment in seconds since 1970. Without one the log is only its own witness.
    pub witnesses: Vec<(String, u64)>,
}

/// Why a receipt proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptError {
    /// It is not written as a receipt is.
    Malformed {
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// The signed head does not hold.
    Note(NoteError),
    /// The entry is not at that place of the log.
    Proof(ProofError),
    /// The entry is no entry, or says that it is another.
    Entry(String),
}

impl fmt::Display for ReceiptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { line, what } => write!(f, "line {line}: {what}"),
            Self::Note(error) => write!(f, "the signed head: {error}"),
            Self::Proof(error) => write!(f, "the entry is not in the log at this place: {error}"),
            Self::Entry(what) => write!(f, "the entry: {what}"),
        }
    }
}

impl std::error::Error for ReceiptError {}

impl Receipt {
    /// Reads a receipt.
    ///
    /// # Errors
    /// [`ReceiptError::Malformed`] with the line, or [`ReceiptError::Note`].
    pub fn parse(text: &str) -> Result<Self, ReceiptError> {
        let wrong = |line: usize, what: &str| ReceiptError::Malformed { line, what: what.to_owned() };
        let mut lines = text.split_inclusive('\n');
        let mut at = 0;
        let mut next = || {
            at += 1;
            lines.next().and_then(|line| line.strip_suffix('\n')).map(|line| (at, line))
        };
        if next().map(|(_, line)| line) != Some(HEADER) {
            return Err(wrong(1, "a receipt begins with c2sp.org/tlog-proof@v1"));
        }
        let extra = next().and_then(|(_, line)| line.strip_prefix("extra "));
        let entry = extra.and_then(|data| STANDARD.decode(data).ok()).ok_or_else(|| wrong(2, "the entry is missing or not base64"))?;
        let index = next().and_then(|(_, line)| line.strip_prefix("index ")).and_then(decimal);
        let index = index.ok_or_else(|| wrong(3, "the index is missing or no number"))?;
        let mut proof = Vec::new();
        loop {
            match next() {
                Some((_, "")) => break,
                Some((line, text)) => proof.push(Hash::from_base64(text).ok_or_else(|| wrong(line, "this is no hash in base64"))?),
                None => return Err(wrong(proof.len() + 4, "the receipt ends before the signed head")),
            }
            if proof.len() > 63 {
                return Err(wrong(67, "no proof has more than 63 hashes"));
            }
        }
        let rest: usize = text.split_inclusive('\n').take(proof.len() + 4).map(str::len).sum();
        let checkpoint = Note::parse(&text[rest..]).map_err(ReceiptError::Note)?;
        Ok(Self { entry, index, proof, checkpoint })
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{HEADER}\nextra {}\nindex {}\n", STANDARD.encode(&self.entry), self.index)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", hash.base64()))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

/// Checks a receipt with nothing but the public key of the log, and those of witnesses whose cosignatures shall be counted.
///
/// # Errors
/// [`ReceiptError`] says what does not hold.
pub fn verify_receipt(text: &str, log: &Verifier, witnesses: &[Verifier]) -> Result<Verified, ReceiptError> {
    let receipt = Receipt::parse(text)?;
    let checkpoint = Checkpoint::open(&receipt.checkpoint, log).map_err(ReceiptError::Note)?;
    verify_inclusion(&Hash::leaf(&receipt.entry), receipt.index, checkpoint.size, &checkpoint.root, &receipt.proof)
        .map_err(ReceiptError::Proof)?;
    let entry = Entry::read(&receipt.entry).map_err(ReceiptError::Entry)?;
    if entry.index != receipt.index {
        return Err(ReceiptError::Entry(format!("it says that it is entry {}, the receipt that it is {}", entry.index, receipt.index)));
    }
    let mut seen = Vec::new();
    for witness in witnesses.iter().filter(|w| w.kind() == KeyKind::Witness) {
        match witness.verify(&receipt.checkpoint) {
            Ok(time) => seen.push((witness.name().to_owned(), time.unwrap_or_default())),
            Err(NoteError::Unsigned { .. }) => {}
            Err(error) => return Err(ReceiptError::Note(error)),
        }
    }
    Ok(Verified { entry, checkpoint, witnesses: seen })
}
