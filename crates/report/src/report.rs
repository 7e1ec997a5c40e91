//! A report: figures, each with the entries that it was counted from.

use crate::definition::LawRef;
use crate::period::Period;
use crate::reporter::Reporter;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// The content of a report. It says nothing of how far it was certified, so that its digest can be certified.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The kind of report.
    pub report: String,
    /// Its title.
    pub title: String,
    /// What it says, in a sentence.
    pub says: String,
    /// Who gives it.
    pub by: String,
    /// To whom.
    pub to: String,
    /// By when it is due.
    pub due: String,
    /// The laws that ask for it.
    pub laws: Vec<LawRef>,
    /// The agency.
    pub agency: Reporter,
    /// The days.
    pub period: Period,
    /// The part of the ledger that was counted.
    pub log: Log,
    /// The digests of the law bundles under which what was counted was determined.
    pub bundles: Vec<String>,
    /// Cells of fewer are not shown; none: every cell is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fewest: Option<u64>,
    /// Whether there was nothing to report.
    pub nil: bool,
    /// Single figures.
    pub figures: Vec<Figure>,
    /// Figures broken down.
    pub tables: Vec<Table>,
    /// What was counted, a row each.
    pub lists: Vec<List>,
    /// Entries that some figure would need more of than the record has.
    pub undecidable: Vec<Gap>,
    /// What the act asks for where it asks for no figures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instead: Vec<String>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// The part of the ledger that a report rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Log {
    /// The first so many entries.
    pub size: u64,
    /// The root of the tree over them (RFC 6962), in hexadecimal.
    pub root: String,
}

/// What a figure comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// So many.
    Count(u64),
    /// Too few to be shown, or a number that would tell them.
    Withheld,
    /// The record does not have it, and why.
    NotRecorded(String),
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Count(n) => serde_json::json!({"count": n}),
            Self::Withheld => serde_json::json!({"withheld": true}),
            Self::NotRecorded(why) => serde_json::json!({"not_recorded": why}),
        }
        .serialize(out)
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Count(n) => f.pad(&n.to_string()),
            Self::Withheld => f.pad("withheld"),
            Self::NotRecorded(_) => f.pad("not recorded"),
        }
    }
}

/// A figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// Its name within the report: `declined`, `by-law/hold/…`.
    pub id: String,
    /// What it is.
    pub says: String,
    /// What it comes to.
    pub value: Value,
    /// The entries that it was counted from; none where that would tell what is withheld.
    pub entries: Vec<u64>,
}

/// A figure broken down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Its name within the report.
    pub id: String,
    /// What it shows.
    pub says: String,
    /// What the rows are.
    pub rows_are: String,
    /// The headings of the columns; the last is the total where there are several.
    pub columns: Vec<String>,
    /// The rows; the last is the total.
    pub rows: Vec<TableRow>,
    /// Whether a chart stands beside it.
    pub chart: bool,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableRow {
    /// Its heading.
    pub heading: String,
    /// Its figures, one a column.
    pub cells: Vec<Figure>,
}

/// A list with a row for each action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct List {
    /// Its name within the report.
    pub id: String,
    /// What it lists.
    pub says: String,
    /// The columns, with why the record does not have some.
    pub columns: Vec<ListColumn>,
    /// The rows; none where small cells are withheld.
    pub rows: Vec<ListRow>,
    /// Whether rows are left out because they would tell what is withheld.
    pub withheld: bool,
}

/// A column of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListColumn {
    /// Its name.
    pub id: String,
    /// Its heading.
    pub says: String,
    /// Why the record does not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_recorded: Option<String>,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListRow {
    /// What stands in the columns; nothing where the record does not have it.
    pub cells: Vec<Option<String>>,
    /// The entries that it rests on.
    pub entries: Vec<u64>,
}

/// Something that the record would need more of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Gap {
    /// The figure or table that leaves it out.
    pub figure: String,
    /// The entry.
    pub entry: u64,
    /// What is missing.
    pub why: String,
}

impl Report {
    /// The bytes that are certified: JSON without spaces, in the order of the fields.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// SHA-256 over [`Report::bytes`], in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        comity_ledger::Hash::of(&self.bytes()).hex()
    }

    /// Every figure, those of tables too.
    pub fn all_figures(&self) -> impl Iterator<Item = &Figure> {
        self.figures.iter().chain(self.tables.iter().flat_map(|t| &t.rows).flat_map(|r| &r.cells))
    }

    /// What every figure comes to, in words, by its name: what an entry of the ledger keeps of a certified report.
    #[must_use]
    pub fn values(&self) -> BTreeMap<String, String> {
        self.all_figures().map(|f| (f.id.clone(), f.value.to_string())).collect()
    }
}
