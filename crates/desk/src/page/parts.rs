//! Pieces that pages share.

use crate::desk::Desk;
use crate::http::AUDITS;
use crate::http::visit::Visit;
use crate::law::ask::full_name;
use comity_engine::{CoverageNote, Ground};
use comity_law::{Confidence, Interval, Outcome};
use maud::{Markup, html};
use std::fmt::Display;

/// The token by which the desk knows its own forms.
pub(crate) fn csrf(visit: &Visit) -> Markup {
    html! { input type="hidden" name="csrf" value=(visit.csrf); }
}

/// Days in words.
pub(crate) fn days(interval: &Interval) -> String {
    match (interval.from, interval.to) {
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("since {from}"),
        (None, Some(to)) => format!("until {to}"),
        (None, None) => "without dates".to_owned(),
    }
}

/// What an outcome means for the agency.
pub(crate) fn verdict(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Required => "The agency must do it",
        Outcome::Permitted => "The agency may do it or decline",
        Outcome::Forbidden => "The agency must not do it",
        Outcome::Unregulated => "No norm speaks of it",
        Outcome::Conflict => "Two norms contradict each other and neither gives way; counsel decides",
        Outcome::Undetermined => "It turns on facts that are missing",
    }
}

/// An entry of the record: a link for those who may open it.
pub(crate) fn entry(visit: &Visit, index: impl Display) -> Markup {
    let opens = visit.user.as_ref().is_some_and(|u| AUDITS.allows(Some(u.role)));
    html! { @if opens { a href={ "/audit/entries/" (index) } { "entry " (index) } } @else { "entry " (index) } }
}

/// A citation that leads to its instrument.
pub(crate) fn cite(norm: &str, cite: &str) -> Markup {
    let instrument = norm.split('#').next().unwrap_or_default();
    html! {
        @if instrument == "local" { span.desk-cite { (cite) } }
        @else { a href={ "/law/instrument/" (instrument) "#" (anchor(norm)) } { (cite) } }
    }
}

/// The anchor of a norm on the page of its instrument.
pub(crate) fn anchor(norm: &str) -> String {
    norm.split_once('#').map_or_else(|| norm.to_owned(), |(_, id)| format!("norm-{id}"))
}

/// How sure we are, where that is less than high.
pub(crate) fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "",
        Confidence::Medium => "medium confidence",
        Confidence::Low => "low confidence",
    }
}

/// Norms as reasons.
pub(crate) fn grounds<'a>(desk: &Desk, grounds: impl IntoIterator<Item = &'a Ground>) -> Markup {
    html! {
        ul {
            @for ground in grounds {
                li {
                    (cite(&ground.norm, &ground.cite)) " " strong { (ground.modality.as_str()) } ": " (ground.says)
                    div.desk-cite {
                        (ground.title) ", " (ground.rank.as_str().replace('-', " ")) ", " (full_name(desk, &ground.place))
                        @if ground.confidence != Confidence::High { ", " (confidence(ground.confidence)) }
                    }
                }
            }
        }
    }
}

/// Where nobody looked, silence is no finding.
pub(crate) fn coverage(notes: &[CoverageNote]) -> Markup {
    html! {
        @for warning in notes.iter().filter_map(|n| n.warning.as_deref()) {
            div.usa-alert.usa-alert--warning.usa-alert--slim { div.usa-alert__body { p.usa-alert__text { (capital(warning)) "." } } }
        }
    }
}

/// The text with its first letter large.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Names of actions as a request keeps them, in short: `Hold; Notify release`.
pub(crate) fn actions(names: &str) -> String {
    names.split(", ").filter(|name| !name.is_empty()).map(|name| capital(&name.replace('-', " "))).collect::<Vec<_>>().join("; ")
}

/// A field of one line with its label.
pub(crate) fn field(id: &str, label: &str, kind: &str, value: &str) -> Markup {
    html! {
        div {
            label.usa-label for=(id) { (label) }
            input.usa-input #(id) name=(id) type=(kind) value=(value) autocomplete="off";
        }
    }
}

/// A field to choose from.
pub(crate) fn select(id: &str, label: &str, choices: &[(String, String)], chosen: &str) -> Markup {
    html! {
        div {
            label.usa-label for=(id) { (label) }
            select.usa-select #(id) name=(id) {
                @for (value, text) in choices { option value=(value) selected[value == chosen] { (text) } }
            }
        }
    }
}
