//! Why an audit of a log ended early.

use crate::table::TableError;

/// Why an audit ended early.
#[derive(Debug)]
pub enum AuditError {
    /// The log cannot be read.
    Table(TableError),
    /// What becomes of the rows cannot be written.
    Write(std::io::Error),
    /// It was interrupted.
    Interrupted,
}

impl std::fmt::Display for AuditError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Table(error) => error.fmt(f),
            Self::Write(error) => write!(f, "the rows cannot be written: {error}"),
            Self::Interrupted => f.write_str("interrupted; nothing was written"),
        }
    }
}

impl std::error::Error for AuditError {}

impl From<TableError> for AuditError {
    fn from(error: TableError) -> Self {
        Self::Table(error)
    }
}
