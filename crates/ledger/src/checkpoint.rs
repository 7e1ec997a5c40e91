//! Checkpoints (C2SP tlog-checkpoint): the head of a log, signed.

use crate::hash::Hash;
use crate::note::{Note, NoteError, Signer, Verifier};

/// The head of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root.base64())
    }

    /// Reads the text of a checkpoint; lines after the third are left to who wrote them.
    ///
    /// # Errors
    /// [`NoteError::Malformed`] if it is no such text.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let wrong = |why: &str| NoteError::Malformed(format!("this is no checkpoint: {why}"));
        let mut lines = text.lines();
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(wrong("origin, size and root belong on three lines"));
        };
        if origin.is_empty() {
            return Err(wrong("its first line names no log"));
        }
        let size = decimal(size).ok_or_else(|| wrong("its second line is no size"))?;
        let root = Hash::from_base64(root).ok_or_else(|| wrong("its third line is no hash in base64"))?;
        Ok(Self { origin: origin.to_owned(), size, root })
    }

    /// Signs it.
    pub fn sign(&self, signer: &Signer) -> Note {
        let text = self.text();
        let line = signer.sign(&text, 0);
        Note { text, signatures: vec![line] }
    }

    /// Reads a signed checkpoint and checks that this log signed it.
    ///
    /// # Errors
    /// [`NoteError`] if it is no checkpoint, names another log, or is not signed by the key.
    pub fn open(note: &Note, log: &Verifier) -> Result<Self, NoteError> {
        log.verify(note)?;
        let checkpoint = Self::parse(&note.text)?;
        if checkpoint.origin != log.name() {
            return Err(NoteError::Malformed(format!("this checkpoint is of `{}`, not of `{}`", checkpoint.origin, log.name())));
        }
        Ok(checkpoint)
    }
}

/// A decimal number with no sign and no leading zero.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}
