//! The words that rows and columns bear.

use crate::definition::Dimension;
use comity_law::Law;

/// What the rows of a dimension are.
pub(crate) const fn heading(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Action => "What was asked",
        Dimension::Decision => "Decision",
        Dimension::Outcome => "What the law said",
        Dimension::Requester => "Who asked",
        Dimension::Paper => "Kind of request",
        Dimension::Purpose => "Purpose",
        Dimension::Process => "Process that came with it",
        Dimension::Law => "Deciding norms",
        Dimension::Departs => "Departs from the law’s outcome",
        Dimension::Duty => "Duty",
        Dimension::Done => "State of the duty",
    }
}

/// A value of a dimension in words.
pub(crate) fn value(law: &Law, dimension: Dimension, value: &str) -> String {
    let words = match (dimension, value) {
        (Dimension::Action, action) => {
            return law
                .action(action)
                .and_then(|a| law.actions.get(usize::from(a.0)))
                .map_or_else(|| action.to_owned(), |a| a.says.clone());
        }
        (Dimension::Law | Dimension::Duty, cite) => cite,
        (Dimension::Decision, "take") => "Done",
        (Dimension::Decision, "decline") => "Declined",
        (Dimension::Decision, "open") => "Not decided",
        (Dimension::Done, "in-time") => "In time",
        (Dimension::Done, "late") => "Late",
        (Dimension::Done, "done") => "Done",
        (Dimension::Done, "no-entry") => "No entry",
        (Dimension::Done, "not-decidable") => "Not decidable",
        (Dimension::Requester, "ice" | "hsi" | "cbp" | "ins" | "fbi") => return value.to_uppercase(),
        (Dimension::Requester, "other-federal") => "Other federal agency",
        (_, "none") => "None",
        (_, other) => return capital(&other.replace('-', " ")),
    };
    words.to_owned()
}

/// The values of a dimension that always have a row or column, in their order.
pub(crate) const fn fixed(dimension: Dimension, decided: bool) -> &'static [&'static str] {
    match (dimension, decided) {
        (Dimension::Decision, true) => &["take", "decline"],
        (Dimension::Decision, false) => &["take", "decline", "open"],
        (Dimension::Done, _) => &["in-time", "late", "done", "no-entry", "not-decidable"],
        (Dimension::Departs, _) => &["yes", "no"],
        _ => &[],
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
