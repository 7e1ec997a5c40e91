//! What an audit of a log finds.

use super::drift::{Drift, State};
use comity_logic::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// What the law of its day says of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The law forbade it.
    Forbidden,
    /// Two norms clash, and neither gives way.
    Conflict,
    /// It lacks what would decide it: with some answers the law forbade it.
    Open,
    /// The row cannot be read.
    Unreadable,
    /// The law did not forbid it, whatever the row leaves out.
    Allowed,
    /// No federal agency asked, as far as the registry tells.
    Outside,
}

impl Verdict {
    /// Every verdict, the gravest first.
    pub const ALL: [Self; 6] = [Self::Forbidden, Self::Conflict, Self::Open, Self::Unreadable, Self::Allowed, Self::Outside];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Forbidden => "forbidden",
            Self::Conflict => "conflict",
            Self::Open => "open",
            Self::Unreadable => "unreadable",
            Self::Allowed => "allowed",
            Self::Outside => "outside",
        }
    }

    /// What it means.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Forbidden => "the law of the day forbade it",
            Self::Conflict => "two laws of the day clash on it",
            Self::Open => "it lacks what would decide it",
            Self::Unreadable => "it cannot be read",
            Self::Allowed => "the law of the day did not forbid it",
            Self::Outside => "no federal agency asked, as far as the registry tells",
        }
    }
}

/// Rows that were decided alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The verdict.
    pub verdict: Verdict,
    /// The agency.
    pub agency: String,
    /// The action.
    pub action: String,
    /// Who asked, as the registry has it.
    pub requester: String,
    /// The norms that decide, or that are open.
    pub norms: Vec<String>,
    /// Their citations.
    pub cites: Vec<String>,
    /// What is missing, or what is wrong.
    pub missing: Vec<String>,
    /// The first day.
    #[serde(serialize_with = "day")]
    pub from: Option<Date>,
    /// The last day.
    #[serde(serialize_with = "day")]
    pub to: Option<Date>,
    /// How many rows.
    pub rows: u64,
    /// The lines of the first of them.
    pub lines: Vec<u64>,
}

pub(super) fn day<S: serde::Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    day.map(|d| d.to_string()).serialize(serializer)
}

/// The audit of a log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LogReport {
    /// SHA-256 of the law bundle.
    pub bundle: String,
    /// What the log is.
    pub title: String,
    /// The file.
    pub file: String,
    /// How many rows it has.
    pub rows: u64,
    /// How many rows have each verdict.
    pub counts: BTreeMap<&'static str, u64>,
    /// The rows that were decided alike, the gravest first.
    pub groups: Vec<Group>,
    /// What changed in the log's columns since the last import, and what the mapping names and the log lacks.
    pub columns: Vec<Drift>,
    /// Who asked and stands in no registry, and how often.
    pub unknown_requesters: Vec<(String, u64)>,
    /// Values that the mapping does not know: column, value, how often.
    pub unmapped: Vec<(String, String, u64)>,
    /// How far the law was not searched for these agencies and days.
    pub unsearched: Vec<String>,
    /// What was read otherwise than it stands.
    pub notes: Vec<crate::table::Note>,
    /// The columns as they are now, for the next import.
    #[serde(skip)]
    pub state: State,
}

impl LogReport {
    /// How many rows have a verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> u64 {
        self.counts.get(verdict.as_str()).copied().unwrap_or(0)
    }
}
