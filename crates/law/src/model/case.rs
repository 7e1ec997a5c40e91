//! Worked examples and the cases that they describe.

use comity_logic::Date;
use serde_json::{Map, Value};

use super::{ActionId, At};
use crate::words::Outcome;

/// A worked case with what is expected of it.
#[derive(Clone, Debug)]
pub struct Example {
    /// What it is called.
    pub name: Option<String>,
    /// What it changes of the sample.
    pub changes: Changes,
    /// The action asked about: its own, else the norm's first.
    pub action: ActionId,
    /// The outcome.
    pub expect: Outcome,
    /// The outcomes still possible, where `expect` is `undetermined`.
    pub possible: Vec<Outcome>,
    /// The facts still asked for.
    pub missing: Vec<String>,
    /// A change after which the norm (or exception) no longer fires so.
    pub but: Option<Changes>,
    /// The outcome after that change.
    pub then: Option<Outcome>,
    /// Where it stands.
    pub at: At,
}

/// Day, agency and facts of a case, or changes to them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// The day.
    pub on: Option<Date>,
    /// The agency's name.
    pub agency_name: Option<String>,
    /// The agency's kind.
    pub agency_kind: Option<String>,
    /// The slug of the agency's place.
    pub agency_place: Option<String>,
    /// The facts, nested: records within records, lists of records, dates as text.
    pub facts: Map<String, Value>,
    /// Facts that are taken away, by their dotted names.
    pub without: Vec<String>,
}

impl Changes {
    /// These with more laid over them: records are merged, everything else is replaced whole.
    #[must_use]
    pub fn then(mut self, more: &Self) -> Self {
        for fact in &more.without {
            remove(&mut self.facts, fact);
        }
        overlay(&mut self.facts, &more.facts);
        Self {
            on: more.on.or(self.on),
            agency_name: more.agency_name.clone().or(self.agency_name),
            agency_kind: more.agency_kind.clone().or(self.agency_kind),
            agency_place: more.agency_place.clone().or(self.agency_place),
            facts: self.facts,
            without: Vec::new(),
        }
    }

    /// The case, if day, kind and place of the agency are given.
    #[must_use]
    pub fn case(self) -> Option<Case> {
        let (kind, place) = (self.agency_kind?, self.agency_place?);
        let name = self.agency_name.unwrap_or_default();
        Some(Case { on: self.on?, agency: Agency { name, kind, place }, facts: self.facts })
    }
}

fn overlay(under: &mut Map<String, Value>, over: &Map<String, Value>) {
    for (key, value) in over {
        match (under.get_mut(key), value) {
            (Some(Value::Object(below)), Value::Object(above)) => overlay(below, above),
            _ => drop(under.insert(key.clone(), value.clone())),
        }
    }
}

fn remove(facts: &mut Map<String, Value>, name: &str) {
    match name.split_once('.') {
        Some((group, rest)) => {
            if let Some(Value::Object(inner)) = facts.get_mut(group) {
                remove(inner, rest);
            }
        }
        None => drop(facts.shift_remove(name)),
    }
}

/// An agency, a day and the facts known.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The day.
    pub on: Date,
    /// The agency.
    pub agency: Agency,
    /// The facts, nested: `{"request": {"kind": "detainer"}, "person": {"charges": []}}`.
    pub facts: Map<String, Value>,
}

/// The agency of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agency {
    /// Its name; may be empty.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// The slug of its place.
    pub place: String,
}
