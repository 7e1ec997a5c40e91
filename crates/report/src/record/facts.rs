//! What a determination's personal part tells a report: fields by name, and no field that could say who.

use serde_json::Value as Json;
use std::collections::BTreeMap;

/// What is taken from a determination. Nothing else of it reaches a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Who asked: `ice`, `cbp`, …
    pub requester: Option<String>,
    /// What kind of paper asked: `detainer`, …
    pub kind: Option<String>,
    /// What it was mainly for: `civil-immigration`, …
    pub purpose: Option<String>,
    /// What process came with it: `none`, `administrative`, `judicial`, …
    pub process: Option<String>,
    /// When the person became eligible for release, as it was entered.
    pub release_due: Option<String>,
    /// The deciding norms by action.
    pub norms: BTreeMap<String, Vec<Norm>>,
    /// The agency's own duties by action.
    pub duties: BTreeMap<String, Vec<Duty>>,
}

/// A norm that decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Norm {
    /// Its id.
    pub id: String,
    /// Its citation.
    pub cite: String,
}

/// A duty as the determination had it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Its id.
    pub id: String,
    /// Its citation.
    pub cite: String,
    /// What is to be done.
    pub says: String,
    /// `due`, `if-taken`, `if-declined` or `regularly`.
    pub status: String,
    /// The moment by which it was to be done, where the case gave one.
    pub deadline: Option<String>,
    /// Whether it turned on facts that were missing.
    pub uncertain: bool,
}

impl Facts {
    /// Reads them from a personal part: the desk's (`case`, `determinations`) or that of `NewEntry::determination` (`case` and `answer` as texts).
    #[must_use]
    pub fn of(personal: &Json) -> Self {
        let parsed = |key: &str| match personal.get(key) {
            Some(Json::String(text)) => serde_json::from_str(text).unwrap_or_default(),
            Some(value) => value.clone(),
            None => Json::Null,
        };
        let case = parsed("case");
        let found = if personal.get("determinations").is_some() { parsed("determinations") } else { parsed("answer") };
        // Facts are written by full name, or nested by its parts.
        let nested = |facts: &Json, name: &str| name.split('.').try_fold(facts.clone(), |at, part| at.get(part).cloned());
        let fact = |name: &str| {
            let facts = case.get("facts")?;
            facts.get(name).cloned().or_else(|| nested(facts, name))?.as_str().map(str::to_owned)
        };
        let mut facts = Self {
            requester: fact("request.requester"),
            kind: fact("request.kind"),
            purpose: fact("request.purpose"),
            process: fact("request.process"),
            release_due: case.get("times").and_then(|t| t.get("release")).and_then(Json::as_str).map(str::to_owned),
            ..Self::default()
        };
        for d in found.as_array().into_iter().flatten() {
            let Some(action) = d.get("action").and_then(Json::as_str) else { continue };
            let list = |key: &str| d.get(key).and_then(Json::as_array).cloned().unwrap_or_default();
            let text = |of: &Json, key: &str| of.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
            let norms = list("because").iter().map(|n| Norm { id: text(n, "norm"), cite: text(n, "cite") }).collect();
            facts.norms.insert(action.to_owned(), norms);
            let own = list("duties").into_iter().filter(|d| d.get("by").and_then(Json::as_str) == Some("the agency"));
            let duties = own.map(|d| Duty {
                id: text(&d, "duty"),
                cite: text(&d, "cite"),
                says: text(&d, "says"),
                status: text(&d, "status"),
                deadline: d.get("deadline").and_then(Json::as_str).map(str::to_owned),
                uncertain: d.get("missing").and_then(Json::as_array).is_some_and(|m| !m.is_empty()),
            });
            facts.duties.insert(action.to_owned(), duties.collect());
        }
        facts
    }
}
