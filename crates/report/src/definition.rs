//! What a report is: its law, who gives it to whom and when, and what it counts. All of it is data, in `reports/*.toml`.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A kind of report.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Its name on the command line; the stem of its file.
    #[serde(skip)]
    pub kind: String,
    /// Its title.
    pub title: String,
    /// What it says, in a sentence.
    pub says: String,
    /// The state whose agencies give it; left out: any agency.
    pub place: Option<String>,
    /// Who gives it.
    pub by: String,
    /// To whom.
    pub to: String,
    /// Of what period.
    pub period: Span,
    /// By when it is due, in words.
    pub due: String,
    /// Whether it has to be certified that there was nothing to report.
    #[serde(default)]
    pub nil_certified: bool,
    /// Where the act does not ask for figures: what it asks for instead.
    #[serde(default)]
    pub instead: Vec<String>,
    /// The laws.
    #[serde(default)]
    pub law: Vec<LawRef>,
    /// Single figures.
    #[serde(default)]
    pub figure: Vec<FigureSpec>,
    /// Figures broken down.
    #[serde(default)]
    pub table: Vec<TableSpec>,
    /// Lists of what was counted, a row each.
    #[serde(default)]
    pub list: Vec<ListSpec>,
    /// What a reader should know.
    #[serde(default)]
    pub note: Vec<String>,
}

/// Of what period a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// Any.
    Any,
    /// A month.
    Month,
    /// A year.
    Year,
}

/// A law that a report rests on.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct LawRef {
    /// The citation.
    pub cite: String,
    /// What it asks for, in our own words.
    pub says: String,
    /// The instrument of the law bundle that it is in; none where the bundle does not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instrument: Option<String>,
    /// How sure we are: `high`, `medium` or `low`.
    pub confidence: String,
    /// Against what it was checked.
    pub against: String,
}

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Requests, however many things each asks.
    Requests,
    /// Actions: each thing that a request asks by itself.
    #[default]
    Actions,
    /// Duties, each once a request.
    Duties,
}

/// Which day puts something into the period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The day on which the decision took effect.
    #[default]
    Decided,
    /// The day on which the request arrived.
    Received,
}

/// Which values let something be counted, by what they are values of; what is not named lets all pass.
pub type Where = BTreeMap<Dimension, Vec<String>>;

/// What figures can be narrowed to or broken down by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dimension {
    /// What was asked.
    Action,
    /// What was decided.
    Decision,
    /// What the law said.
    Outcome,
    /// Who asked.
    Requester,
    /// What kind of request it was.
    Paper,
    /// What it was for.
    Purpose,
    /// The strongest process that came with it.
    Process,
    /// The norms that decided.
    Law,
    /// Whether the decision departed from the law's outcome.
    Departs,
    /// The duty; of duties only.
    Duty,
    /// How the duty stands; of duties only.
    Done,
}

/// A single figure.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FigureSpec {
    /// Its name within the report.
    pub id: String,
    /// What it is.
    pub says: String,
    /// What is counted.
    #[serde(default)]
    pub count: Unit,
    /// Which day counts.
    #[serde(default)]
    pub basis: Basis,
    /// Conditions that one action has to fulfil; for requests each by some action of it.
    #[serde(default)]
    pub all: Vec<Where>,
    /// Why the record does not have it.
    pub not_recorded: Option<String>,
}

/// A figure broken down by one thing, or by two.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSpec {
    /// Its name within the report.
    pub id: String,
    /// What it shows.
    pub says: String,
    /// What is counted.
    #[serde(default)]
    pub count: Unit,
    /// Which day counts.
    #[serde(default)]
    pub basis: Basis,
    /// Which actions or duties are counted.
    #[serde(default, rename = "where")]
    pub only: Where,
    /// What the rows are.
    pub rows: Dimension,
    /// What the columns are; left out: one column of numbers.
    pub columns: Option<Dimension>,
    /// Whether a chart stands beside it.
    #[serde(default)]
    pub chart: bool,
}

/// A list with a row for each action.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSpec {
    /// Its name within the report.
    pub id: String,
    /// What it lists.
    pub says: String,
    /// Which day counts.
    #[serde(default)]
    pub basis: Basis,
    /// Which actions are listed.
    #[serde(default, rename = "where")]
    pub only: Where,
    /// The columns.
    pub columns: Vec<ColumnSpec>,
}

/// A column of a list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnSpec {
    /// What it holds.
    pub id: String,
    /// Its heading.
    pub says: String,
    /// Why the record does not have it.
    pub not_recorded: Option<String>,
}

macro_rules! reports {
    ($($kind:literal),* $(,)?) => {
        /// The definitions as they were written, by kind.
        const REPORTS: &[(&str, &str)] = &[$(($kind, include_str!(concat!("../reports/", $kind, ".toml")))),*];
    };
}

reports!(
    "declined-requests",
    "california-transfers",
    "california-task-forces",
    "california-forum",
    "colorado-information",
    "illinois-trust-act",
    "new-jersey-2018-6",
    "oregon-requests",
    "washington-policies",
);

impl Definition {
    /// All reports, in the order in which they are listed.
    ///
    /// # Errors
    /// What is wrong with a definition, with its file and line.
    pub fn all() -> Result<Vec<Self>, String> {
        REPORTS.iter().map(|(kind, text)| Self::parse(kind, text)).collect()
    }

    /// The report of this kind.
    ///
    /// # Errors
    /// That there is none, and which there are.
    pub fn find(kind: &str) -> Result<Self, String> {
        let text = REPORTS.iter().find(|(name, _)| *name == kind).map(|(_, text)| text);
        let known = || REPORTS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        Self::parse(kind, text.ok_or_else(|| format!("there is no report `{kind}`; the reports are {}", known()))?)
    }

    /// Reads a definition.
    ///
    /// # Errors
    /// What is wrong with it, with file, line and column.
    pub fn parse(kind: &str, text: &str) -> Result<Self, String> {
        let mut definition: Self = toml::from_str(text).map_err(|e| format!("{kind}.toml: {}", e.to_string().trim_end()))?;
        kind.clone_into(&mut definition.kind);
        Ok(definition)
    }
}
