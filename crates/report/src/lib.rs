//! Reports: what an agency's ledger can prove, and only that.
//!
//! [`make`] turns a [`Record`] (the entries of a ledger), the law, an agency and a period into a [`Report`]: same input, same bytes. Every figure names the entries
//! that it was counted from, and the report the part of the log that it rests on. What the record does not have is said so, never counted as zero. No name of a
//! person ever gets here: of personal parts only the fields of [`Facts`] are taken.

mod count;
mod definition;
mod period;
mod record;
mod report;
mod reporter;
mod sample;
mod standing;
mod write;

pub use count::{Asked, COLUMNS, make};
pub use definition::{Basis, ColumnSpec, Definition, Dimension, FigureSpec, LawRef, ListSpec, Span, TableSpec, Unit, Where};
pub use period::{Length, Period};
pub use record::{Corrected, Decision, Duty, DutyState, Facts, Item, Norm, Record, Requests, Undecidable, corrected, open, requests};
pub use report::{Figure, Gap, List, ListColumn, ListRow, Log, Report, Table, TableRow, Value};
pub use reporter::Reporter;
pub use sample::sample;
pub use standing::{Change, Document, State, Version, all_versions, certify, changes, correct, history};
#[cfg(feature = "pdf")]
pub use write::pdf;
pub use write::{Form, Line, figures_csv, html, rows_csv, text, xlsx};
