//! Audit of access logs: each row of a vendor's log becomes a request, and is decided under the law of its day.
//!
//! A mapping file says how: which column is the time, who asked (by a registry, never by free text), and which facts stand in which columns. What a log does not
//! tell stays unknown; rows that it would decide are named with exactly what they lack.

mod audit;
mod decide;
mod drift;
mod error;
mod lookup;
mod mapping;
mod moment;
mod read;
mod report;
mod rule;
mod settings;
mod walk;

pub use audit::{RowVerdict, audit};
pub use drift::{Change, ColumnState, Drift, State};
pub use error::AuditError;
pub use mapping::{Mapping, MappingError, Mistake};
pub use report::{Group, LogReport, Verdict};
pub use settings::{SettingChange, SettingKind, SettingsReport, compare};
