//! How a cell becomes the value of a fact.

use super::lookup::Lookup;
use crate::table::{Row, key};
use comity_logic::Date;
use std::rc::Rc;

/// Where a value comes from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// The same for every row.
    Constant(String),
    /// A column of the log.
    Column { column: String, how: How, otherwise: Option<String> },
}

/// How the cell of a column is read.
#[derive(Clone, Debug)]
pub(super) enum How {
    /// As it stands.
    AsIs,
    /// By a short list in the mapping.
    Values(Vec<(String, String)>),
    /// The first of these texts that occurs in it, upper and lower case alike.
    Contains(Vec<(String, String)>),
    /// By a table beside the mapping.
    Table { table: Rc<Lookup>, value: usize },
}

/// What a rule makes of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Got {
    Value(String),
    /// The column is not in this log.
    NoColumn,
    /// The cell is empty.
    Empty,
    /// The cell says something that the mapping does not know.
    Unmapped(String),
}

impl Source {
    pub(super) fn column(&self) -> Option<&str> {
        match self {
            Self::Constant(_) => None,
            Self::Column { column, .. } => Some(column),
        }
    }

    /// The value for a row; `at` is the column's position in the log.
    pub(super) fn get(&self, row: &Row, at: Option<usize>, on: Date) -> Got {
        let (how, otherwise) = match self {
            Self::Constant(value) => return Got::Value(value.clone()),
            Self::Column { how, otherwise, .. } => (how, otherwise),
        };
        let Some(at) = at else { return Got::NoColumn };
        let cell = row.get(at);
        if cell.is_empty() {
            return Got::Empty;
        }
        let found = match how {
            How::AsIs => Some(cell.to_owned()),
            How::Values(pairs) => {
                let wanted = key(cell);
                pairs.iter().find(|(text, _)| key(text) == wanted).map(|(_, value)| value.clone())
            }
            How::Contains(pairs) => {
                let cell = cell.to_lowercase();
                pairs.iter().find(|(text, _)| cell.contains(text.as_str())).map(|(_, value)| value.clone())
            }
            How::Table { table, value } => table.get(cell, on, *value).filter(|v| !v.is_empty()).map(str::to_owned),
        };
        match found.or_else(|| otherwise.clone()) {
            Some(value) => Got::Value(value),
            None => Got::Unmapped(cell.to_owned()),
        }
    }
}
