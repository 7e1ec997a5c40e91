//! Norms that a case brings along.

use super::{CaseReader, shown};
use crate::case::LocalNorm;
use comity_law::{Modality, Rank};
use comity_logic::{Scope, Terms, compile};
use serde_json::Value as Json;

impl CaseReader<'_> {
    pub(super) fn locals(&mut self, json: &Json) {
        let Json::Array(norms) = json else { return self.wrong("local", "a list of norms is expected here") };
        if norms.len() > 100 {
            return self.wrong("local", "more than 100 norms are brought along");
        }
        for (at, norm) in norms.iter().enumerate() {
            let path = format!("local[{at}]");
            let Json::Object(fields) = norm else {
                self.wrong(path, "a norm is an object such as {\"rank\": \"city-ordinance\", \"forbids\": [\"hold\"]}");
                continue;
            };
            let before = self.mistakes.len();
            let mut modality = None;
            let mut named = Vec::new();
            let mut rank = None;
            let mut text = "true".to_owned();
            for (key, value) in fields {
                let path = format!("{path}.{key}");
                match (key.as_str(), key.parse::<Modality>()) {
                    (_, Ok(found)) if modality.is_none() => {
                        modality = Some(found);
                        let list = value.as_array().cloned().unwrap_or_default();
                        named = list.iter().enumerate().map(|(n, v)| (format!("{path}[{n}]"), v.clone())).collect();
                        if named.is_empty() {
                            self.wrong(path, "a list of actions is expected here");
                        }
                    }
                    (_, Ok(_)) => self.wrong(path, "a norm either forbids, requires, permits or protects; make it two norms"),
                    ("rank", _) => match value.as_str().map(str::parse::<Rank>) {
                        Some(Ok(r)) if r <= Rank::Ordinance => rank = Some(r),
                        _ => self.wrong(
                            path,
                            format!(
                                "a local norm's rank is county-ordinance, city-ordinance, resolution or department-order, not {}",
                                shown(value)
                            ),
                        ),
                    },
                    ("when", _) => match value.as_str() {
                        Some(condition) => text = condition.to_owned(),
                        None => self.wrong(path, "a condition is a text"),
                    },
                    ("cite" | "says" | "note", _) => {}
                    _ => self.wrong(path, "a norm has rank, when, and one of forbids, requires, permits, protects"),
                }
            }
            let (Some(modality), Some(rank)) = (modality, rank) else {
                // What is there but wrong has been told.
                if self.mistakes.len() > before {
                    continue;
                }
                self.wrong(path, "a norm needs a rank and one of forbids, requires, permits, protects");
                continue;
            };
            let asked = std::mem::take(&mut self.actions);
            for (path, action) in &named {
                self.action(path, action.as_str().ok_or(action));
            }
            let actions = std::mem::replace(&mut self.actions, asked);
            if let Some(when) = self.condition(&format!("{path}.when"), &text) {
                self.local.push(LocalNorm { rank, modality, actions, when, text });
            }
        }
    }

    fn condition(&mut self, path: &str, text: &str) -> Option<comity_logic::Condition> {
        let expr = match comity_cel::parse(text) {
            Ok(expr) => expr,
            Err(errors) => {
                for e in errors {
                    self.wrong(path, at_column(text, e.span.start, &e.message, e.help.as_deref()));
                }
                return None;
            }
        };
        let terms = Terms::new();
        match compile(&expr, &Scope { schema: &self.law.schema, terms: &terms }) {
            Ok(condition) => Some(condition),
            Err(mistakes) => {
                for m in mistakes {
                    self.wrong(path, at_column(text, m.span.start, &m.message, m.help.as_deref()));
                }
                None
            }
        }
    }
}

/// What is wrong with a condition, and at which of its characters.
fn at_column(text: &str, start: usize, message: &str, help: Option<&str>) -> String {
    let column = text.get(..start).map_or(1, |before| before.chars().count() + 1);
    let help = help.map(|h| format!("; {h}")).unwrap_or_default();
    format!("in the condition, at its character {column}: {message}{help}")
}
