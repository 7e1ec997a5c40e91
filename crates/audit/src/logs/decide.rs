//! A row as a request: who asked, which facts it tells, and what the answer makes of it.

use super::mapping::{FactRule, Requester};
use super::report::Verdict;
use super::rule::Got;
use crate::table::Row;
use comity_engine::Determination;
use comity_law::{Law, Modality, Outcome};
use comity_logic::{Date, FactId, Facts, Value};
use std::collections::BTreeMap;

/// What of a row is the same for all rows that are alike.
#[derive(Clone, Debug)]
pub(super) struct Decided {
    pub(super) verdict: Verdict,
    pub(super) agency: String,
    pub(super) action: String,
    pub(super) requester: String,
    pub(super) norms: Vec<String>,
    pub(super) cites: Vec<String>,
    pub(super) missing: Vec<String>,
}

/// Who asked, by the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// The entry, and what the registry says it is.
    Known(String, String),
    /// The entry stands in no registry.
    Unknown(String),
    /// No column tells.
    Nobody,
}

/// The first filled column of those that may tell who asked. One that names a federal agency goes before one that does not.
pub(super) fn who(requester: &Requester, columns: &[Option<usize>], row: &Row, day: Date) -> Asked {
    let mut first = Asked::Nobody;
    for column in columns.iter().flatten() {
        let cell = row.get(*column);
        if cell.is_empty() {
            continue;
        }
        let asked = match requester.registry.get(cell, day, requester.class).filter(|c| !c.is_empty()) {
            Some("none") => Asked::Known(cell.to_owned(), "none".to_owned()),
            Some(class) => return Asked::Known(cell.to_owned(), class.to_owned()),
            None => Asked::Unknown(cell.to_owned()),
        };
        // What nobody classified is never taken for harmless because another column is.
        if !matches!(first, Asked::Unknown(_)) {
            first = asked;
        }
    }
    first
}

/// States the facts that the rules read of a row.
pub(super) fn state_facts(
    law: &Law,
    rules: &[FactRule],
    columns: &[Option<usize>],
    row: &Row,
    day: Date,
    facts: &mut Facts,
    lacking: &mut BTreeMap<String, String>,
) {
    let vocabulary = &law.schema.vocabulary;
    for (rule, column) in rules.iter().zip(columns) {
        let declared = &vocabulary.fact(FactId::Scalar(rule.slot)).declared;
        let name = rule.source.column().unwrap_or_default();
        let why = match rule.source.get(row, *column, day) {
            Got::Value(value) if value == "unknown" => continue,
            Got::Value(value) => match facts.parse(&law.schema, declared, &value) {
                Ok(value) => {
                    if value != Value::Unknown {
                        facts.set(rule.slot, value);
                    }
                    continue;
                }
                Err(why) => format!("column `{name}`: {why}"),
            },
            Got::NoColumn => format!("the log has no column `{name}`"),
            Got::Empty => format!("column `{name}` is empty"),
            Got::Unmapped(value) => format!("column `{name}`: `{value}` is not in the mapping"),
        };
        lacking.insert(rule.name.clone(), why);
    }
}

/// The verdict from what the engine answers.
pub(super) fn settle(decided: &mut Decided, answer: &Determination, lacking: &BTreeMap<String, String>) {
    decided.verdict = match answer.outcome {
        Outcome::Forbidden => Verdict::Forbidden,
        Outcome::Conflict => Verdict::Conflict,
        Outcome::Undetermined if answer.possible.iter().any(|o| matches!(o, Outcome::Forbidden | Outcome::Conflict)) => Verdict::Open,
        _ => Verdict::Allowed,
    };
    // What an open row could break, whether that norm surely speaks or may.
    let bans = || answer.open.iter().chain(&answer.beside).filter(|g| g.modality == Modality::Forbids);
    (decided.norms, decided.cites) = match decided.verdict {
        Verdict::Forbidden | Verdict::Conflict => answer.because.iter().map(|g| (g.norm.clone(), g.cite.clone())).unzip(),
        Verdict::Open => bans().map(|g| (g.norm.clone(), g.cite.clone())).unzip(),
        _ => Default::default(),
    };
    if decided.verdict == Verdict::Open {
        let told = |q: &comity_engine::Question| match lacking.get(&q.fact) {
            Some(why) => format!("{}: {why}", q.fact),
            None => format!("{}: no column is mapped to it ({})", q.fact, q.question),
        };
        decided.missing = answer.missing.iter().map(told).collect();
    }
}
