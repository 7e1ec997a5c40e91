//! An append-only record that nobody can quietly alter: entries, proofs, erasures, receipts.
//!
//! [`Store`] is the database, [`Keys`] the key file, [`Ledger`] both together. [`Ledger::append`] returns once an entry is durable. The log is a Merkle tree as in
//! RFC 6962 with C2SP checkpoints, tiles and proofs; it holds no personal facts, only salted commitments to what lies encrypted beside it, so that facts can be
//! destroyed and every other proof still holds. The record is tamper-evident given one honest witness, no more.

mod backup;
mod canonical;
mod checkpoint;
mod clock;
mod entry;
mod erase;
mod error;
mod export;
mod files;
mod hash;
mod heads;
mod keys;
mod ledger;
mod nodes;
mod note;
mod proof;
mod read;
mod receipt;
mod schema;
mod store;
mod tree;
mod tx;
mod vault;
mod verify;
mod witness;
mod writer;

pub use backup::{BackedUp, restore};
pub use canonical::canonical;
pub use checkpoint::Checkpoint;
pub use clock::{Clock, STEP, SystemClock};
pub use entry::{Commitment, Determined, Entry, EntryKind, MAX_ENTRY, NewEntry, PersonId, Personal, time_ms, time_text};
pub use erase::{Erased, Hold, Scope};
pub use error::{LedgerError, Result};
pub use export::{ExportReport, verify_export};
pub use hash::Hash;
pub use keys::Keys;
pub use ledger::{Appended, Health, Ledger, Options};
pub use note::{KeyKind, Note, NoteError, SignatureLine, Signer, Verifier};
pub use proof::{ProofError, consistency_ranges, fold, inclusion_ranges, perfect_subtrees, verify_consistency, verify_inclusion};
pub use read::Filter;
pub use receipt::{Receipt, ReceiptError, Verified, verify_receipt};
pub use schema::Dialect;
pub use store::Store;
pub use tree::{FullTile, TILE_WIDTH, Tree, partial_widths};
pub use tx::{Head, Tx};
pub use verify::{Checks, Damage, Place, Report, verify};
pub use witness::{Known, Refusal, Witness};
