//! The ledger as reports read it: entries, what the personal parts say without saying who, and corrections.

mod corrected;
mod facts;
mod open;
mod requests;

pub use corrected::{Corrected, corrected};
pub use facts::{Duty, Facts, Norm};
pub use open::open;
pub use requests::{Decision, DutyState, Item, Requests, Undecidable, requests};

use comity_ledger::{Entry, EntryKind, Hash, Tree};
use std::collections::BTreeMap;

/// A ledger, or a part of one from its beginning.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// The entries from index 0 on.
    pub entries: Vec<Entry>,
    /// What determinations say without saying of whom, by index; none for those whose personal part was destroyed or not given.
    pub facts: BTreeMap<u64, Facts>,
    /// Whether it is made up: then every report of it says so.
    pub invented: bool,
}

/// Kinds of entries that figures can turn on. Log-ins, reads and exports change no figure.
const COUNTED: [EntryKind; 10] = [
    EntryKind::Request,
    EntryKind::Facts,
    EntryKind::Determination,
    EntryKind::Disposition,
    EntryKind::SignOff,
    EntryKind::DutyDone,
    EntryKind::NoticeServed,
    EntryKind::Correction,
    EntryKind::Expungement,
    EntryKind::Purge,
];

impl Record {
    /// One past the last entry that any figure can turn on. Reading a report, certifying it or logging in leaves it as it is.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.entries.iter().rev().find(|e| COUNTED.contains(&e.kind)).map_or(0, |e| e.index + 1)
    }

    /// The record as it was when it had this many entries.
    ///
    /// # Errors
    /// If it never had so many.
    pub fn at(&self, size: u64) -> Result<Self, String> {
        let entries = usize::try_from(size).ok().and_then(|size| self.entries.get(..size));
        let entries = entries.ok_or_else(|| format!("the ledger has {} entries, not {size}; name a smaller size", self.entries.len()))?;
        let facts = self.facts.range(..size).map(|(index, facts)| (*index, facts.clone())).collect();
        Ok(Self { entries: entries.to_vec(), facts, invented: self.invented })
    }

    /// The root of the tree over the first entries (RFC 6962): whoever has a receipt or the exported log can compare it.
    ///
    /// # Errors
    /// An entry that cannot be written canonically.
    pub fn root(&self, size: u64) -> Result<Hash, String> {
        let mut tree = Tree::default();
        for entry in self.entries.iter().take(usize::try_from(size).unwrap_or(usize::MAX)) {
            tree.push(entry.leaf()?);
        }
        Ok(tree.root())
    }
}
