//! Cases, reasons and days in the words of a reader.

use crate::output::{printable, width};
use crate::say;
use comity_engine::{Determination, Ground, Line, Tone};
use comity_law::{Interval, Outcome};
use comity_logic::Date;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;

/// Prints a text in rows that fit the width.
pub(crate) fn wrapped(indent: usize, text: &str) {
    let line = Line { tone: Tone::Plain, indent, text: text.to_owned() };
    line.wrapped(width()).iter().for_each(|row| say!("{}", printable(row)));
}

/// A day as letters and briefs write it: `March 1, 2018`.
pub(crate) fn us_day(day: Date) -> String {
    day.strftime("%B %-d, %Y").to_string()
}

/// A stretch of days: `from March 1, 2018 to July 4, 2019`.
pub(crate) fn us_days(days: Interval) -> String {
    // What has no first day has been so since before all that is dated.
    match (days.from.filter(|d| d.year() > 1), days.to) {
        (Some(from), Some(to)) if from == to => format!("on {}", us_day(from)),
        (Some(from), Some(to)) => format!("{} to {}", us_day(from), us_day(to)),
        (Some(from), None) => format!("from {}", us_day(from)),
        (None, Some(to)) => format!("to {}", us_day(to)),
        (None, None) => "on any day".to_owned(),
    }
}

pub(crate) fn json_days(interval: Interval) -> Json {
    json!({"from": interval.from.map(|d| d.to_string()), "to": interval.to.map(|d| d.to_string())})
}

/// Facts whose names alone would not tell a reader what they are.
const FACTS: [(&str, &str); 14] = [
    ("request.kind", "request"),
    ("request.process", "warrant or order"),
    ("agency.agreement_287g", "agency's 287(g) agreement"),
    ("agency.officer_trained_287g", "officer trained under 287(g)"),
    ("agency.made_arrest", "agency made the arrest"),
    ("agreement.step", "agreement"),
    ("contract.step", "contract"),
    ("custody.stage", "custody"),
    ("information.kind", "information"),
    ("information.named_person", "information on one named person"),
    ("information.status_needed_for", "status needed for"),
    ("operation.place", "operation at"),
    ("operation.suspected_offense", "suspected offense"),
    ("law.section_1373_binds_states", "point of law: 8 U.S.C. 1373 binds states"),
];

/// Values that read otherwise than their names.
const VALUES: [(&str, &str); 6] = [
    ("true", "yes"),
    ("false", "no"),
    ("judicial-subpoena", "a judge's subpoena"),
    ("judicial-warrant-civil", "a judge's civil warrant"),
    ("judicial-warrant-criminal", "a judge's criminal warrant"),
    ("court-order", "a court's order"),
];

/// A fact's name as a reader says it: `person.registered_sex_offender` is `registered sex offender`.
pub(crate) fn fact_words(name: &str) -> String {
    if let Some((_, words)) = FACTS.iter().find(|(fact, _)| *fact == name) {
        return (*words).to_owned();
    }
    let bare = ["request.", "person.", "custody."].iter().find_map(|group| name.strip_prefix(group)).unwrap_or(name);
    bare.strip_prefix("law.").map_or_else(|| bare.to_owned(), |point| format!("point of law: {point}")).replace(['_', '.'], " ")
}

/// A value as a reader says it: `civil-immigration` is `civil immigration`, `i-247a` is `I-247A`.
pub(crate) fn value_words(value: &str) -> String {
    if let Some((_, words)) = VALUES.iter().find(|(v, _)| *v == value) {
        return (*words).to_owned();
    }
    match value {
        "ice" | "hsi" | "cbp" | "ins" | "fbi" => value.to_uppercase(),
        form if form.starts_with("i-247") => form.to_uppercase(),
        code if code.chars().any(char::is_uppercase) => code.to_owned(),
        day if comity_logic::parse_date(day).is_some() => comity_logic::parse_date(day).map(us_day).unwrap_or_default(),
        other => other.replace('-', " "),
    }
}

/// The facts of a case in one line: `request: detainer; convictions: none`.
pub(crate) fn case_words(facts: &Map<String, Json>) -> String {
    let mut parts = Vec::new();
    flatten("", facts, &mut parts);
    if parts.is_empty() { "any case".to_owned() } else { parts.join("; ") }
}

fn flatten(lead: &str, facts: &Map<String, Json>, parts: &mut Vec<String>) {
    for (key, value) in facts {
        let name = if lead.is_empty() { key.clone() } else { format!("{lead}.{key}") };
        let words = fact_words(&name);
        match value {
            Json::Object(inner) => flatten(&name, inner, parts),
            Json::Array(elements) if elements.is_empty() => parts.push(format!("{words}: none")),
            Json::Array(elements) => {
                for element in elements {
                    let mut fields = Vec::new();
                    if let Json::Object(element) = element {
                        flatten("", element, &mut fields);
                    }
                    parts.push(format!("{words}: one, {}", fields.join(", ")));
                }
            }
            Json::Bool(_) if key.ends_with("_complete") => {}
            Json::String(text) => parts.push(format!("{words}: {}", value_words(text))),
            other => parts.push(format!("{words}: {}", value_words(&other.to_string()))),
        }
    }
}

/// How many facts a case states; an element of a list is one.
pub(crate) fn stated(facts: &Map<String, Json>) -> usize {
    let one = |value: &Json| match value {
        Json::Object(inner) => stated(inner),
        Json::Array(elements) => 1 + elements.len(),
        _ => 1,
    };
    facts.values().map(one).sum()
}

/// A norm with what it does: `Cal. Gov. Code § 7284.6(a)(4) forbids: Nobody is handed over.`
pub(crate) fn sentence(ground: &Ground) -> String {
    format!("{} {}: {}", ground.cite, ground.modality, ground.says)
}

/// Contested points of law that a holding settles for the case.
pub(crate) fn settled_words(determination: &Determination) -> Vec<String> {
    determination
        .settled
        .iter()
        .map(|p| format!("{} ({}), as {} holds.", fact_words(&p.fact), value_words(&p.value.to_string()), p.cite))
        .collect()
}

/// Why the outcome is what it is on one side: first the norm that tells most, the others by their citations, then what gives way that decided on the other side.
pub(crate) fn reasons(label: &str, here: &Determination, there: &Determination, said: &mut BTreeSet<String>) {
    if here.because.is_empty() && here.open.is_empty() {
        wrapped(6, &format!("{label}: no norm speaks of it."));
    }
    let both: Vec<&str> =
        there.because.iter().chain(&there.beside).chain(there.gave_way.iter().map(|g| &g.ground)).map(|g| g.norm.as_str()).collect();
    let mut grounds: Vec<&Ground> = here.because.iter().chain(&here.open).collect();
    // What speaks on this side only tells more than what speaks on both; the law of the place more than that of the nation.
    grounds.sort_by_key(|g| (both.contains(&g.norm.as_str()), g.rank, !g.by_exception));
    let all = here.outcome == Outcome::Conflict;
    let (told, others) = grounds.split_at(if all { grounds.len() } else { grounds.len().min(1) });
    for ground in told {
        let mut text = if said.insert(ground.cite.clone()) { sentence(ground) } else { format!("{} {}.", ground.cite, ground.modality) };
        if !others.is_empty() {
            let cites: Vec<&str> = others.iter().map(|g| g.cite.as_str()).collect();
            text.push_str(&format!(" So too {}.", cites.join("; ")));
        }
        wrapped(6, &format!("{label}: {text}"));
    }
    for way in here.gave_way.iter().filter(|w| there.because.iter().any(|g| g.norm == w.ground.norm)) {
        let to: Vec<&str> = here.because.iter().filter(|g| way.to.contains(&g.norm)).map(|g| g.cite.as_str()).collect();
        let to = if to.is_empty() { way.to.join("; ") } else { to.join("; ") };
        wrapped(6, &format!("{label}: {} gives way to {to}.", way.ground.cite));
    }
}
