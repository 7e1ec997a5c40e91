//! A determination as it was recorded, shown again word for word, whatever the law has become since.

use crate::desk::Desk;
use crate::law::ask::full_name;
use crate::page::parts;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value as Json;

/// What pages show of a determination. The record keeps all of it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Shown {
    pub(crate) bundle: String,
    pub(crate) on: String,
    pub(crate) action: String,
    pub(crate) action_says: String,
    pub(crate) outcome: String,
    pub(crate) possible: Vec<String>,
    pub(crate) because: Vec<Ground>,
    pub(crate) beside: Vec<Ground>,
    pub(crate) gave_way: Vec<GaveWay>,
    pub(crate) open: Vec<Ground>,
    pub(crate) missing: Vec<Question>,
    pub(crate) duties: Vec<Duty>,
    pub(crate) clocks: Vec<Clock>,
    pub(crate) settled: Vec<Point>,
    pub(crate) assumed: Vec<Point>,
    pub(crate) coverage: Vec<Coverage>,
    pub(crate) notes: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Ground {
    norm: String,
    cite: String,
    title: String,
    place: String,
    rank: String,
    modality: String,
    says: String,
    confidence: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct GaveWay {
    #[serde(flatten)]
    ground: Ground,
    to: Vec<String>,
    why: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Question {
    pub(crate) question: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Duty {
    pub(crate) duty: String,
    pub(crate) cite: String,
    pub(crate) says: String,
    pub(crate) status: String,
    pub(crate) by: String,
    pub(crate) to: Option<String>,
    pub(crate) within: Option<String>,
    pub(crate) deadline: Option<String>,
    #[serde(default)]
    pub(crate) missing: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Clock {
    pub(crate) clock: String,
    pub(crate) cite: String,
    pub(crate) says: String,
    pub(crate) within: String,
    pub(crate) ends: Option<String>,
    pub(crate) certain: bool,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Point {
    value: String,
    question: String,
    cite: String,
    says: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Coverage {
    warning: Option<String>,
}

impl Duty {
    /// Whether the agency itself owes it.
    pub(crate) fn ours(&self) -> bool {
        self.by == "the agency"
    }
}

/// The determinations of a recorded answer.
pub(crate) fn read(answer: &str) -> Vec<Shown> {
    let all: Vec<Json> = serde_json::from_str(answer).unwrap_or_default();
    all.into_iter().filter_map(|d| serde_json::from_value(d).ok()).collect()
}

/// What an outcome means for the agency.
pub(crate) fn verdict(outcome: &str) -> &'static str {
    outcome.parse().map_or("", parts::verdict)
}

/// A determination with all its reasons.
pub(crate) fn whole(desk: &Desk, d: &Shown) -> Markup {
    html! {
        section aria-labelledby={ "d-" (d.action) } {
            h2 id={ "d-" (d.action) } { (d.action_says) }
            div.desk-verdict.{ "desk-verdict--" (d.outcome) } {
                p { span.desk-word { (d.outcome) } }
                p { (verdict(&d.outcome)) "." @if d.outcome == "undetermined" { " Still possible: " (d.possible.join(", ")) "." } }
            }
            @for warning in d.coverage.iter().filter_map(|c| c.warning.as_deref()) {
                div.usa-alert.usa-alert--warning.usa-alert--slim { div.usa-alert__body { p.usa-alert__text { (parts::capital(warning)) "." } } }
            }
            @if !d.missing.is_empty() { h3 { "What would settle it" } ul { @for q in &d.missing { li { (q.question) } } } }
            (grounds(desk, "Because", &d.because))
            (grounds(desk, if d.outcome == "undetermined" { "It turns on" } else { "Either way one of these decides" }, &d.open))
            @if !d.gave_way.is_empty() {
                h3 { "Gave way" }
                ul { @for g in &d.gave_way { li {
                    (ground(desk, &g.ground))
                    div.desk-cite { "to " (to(desk, &g.to)) (if g.why == "overridden" { ", which overrides it" } else { ", which ranks higher" }) }
                } } }
            }
            (grounds(desk, "Also in force", &d.beside))
            (clocks(desk, &d.clocks))
            @if !d.settled.is_empty() || !d.assumed.is_empty() || !d.notes.is_empty() {
                h3 { "Note" }
                ul {
                    @for p in &d.settled { li { (p.question) " " (super::questions::readable(&p.value)) ": " (p.says) " (" (p.cite) ")" } }
                    @for p in &d.assumed { li { (p.question) " " (super::questions::readable(&p.value)) " is assumed, not settled." } }
                    @for note in &d.notes { li { (note) "." } }
                }
            }
        }
    }
}

fn grounds(desk: &Desk, title: &str, all: &[Ground]) -> Markup {
    html! { @if !all.is_empty() { h3 { (title) } ul { @for g in all { li { (ground(desk, g)) } } } } }
}

fn ground(desk: &Desk, g: &Ground) -> Markup {
    html! {
        (parts::cite(&g.norm, &g.cite)) " " strong { (g.modality) } ": " (g.says)
        div.desk-cite { (g.title) ", " (g.rank.replace('-', " ")) ", " (full_name(desk, &g.place)) @if g.confidence != "high" { ", " (g.confidence) " confidence" } }
    }
}

/// Norms by their citations, as far as the law of today has them.
fn to(desk: &Desk, norms: &[String]) -> String {
    let cite = |id: &String| {
        let (instrument, norm) = id.split_once('#')?;
        desk.law.instrument(instrument)?.norms.iter().find(|n| n.id == norm).map(|n| n.full_cite.clone())
    };
    norms.iter().map(|id| cite(id).unwrap_or_else(|| id.clone())).collect::<Vec<_>>().join(", ")
}

fn clocks(desk: &Desk, all: &[Clock]) -> Markup {
    html! {
        @if !all.is_empty() {
            h3 { "Clocks" }
            ul { @for c in all { li { (c.says) " [" (c.within) @if let Some(ends) = &c.ends { "; ends " strong { (desk.shown_text(ends)) } } @if !c.certain { ", if it applies" } "] (" (c.cite) ")" } } }
        }
    }
}

/// The duties of several determinations, each once, as a table.
pub(crate) fn duties(desk: &Desk, all: &[Shown]) -> Markup {
    let mut seen: Vec<&Duty> = Vec::new();
    for duty in all.iter().flat_map(|d| &d.duties) {
        if !seen.iter().any(|s| s.duty == duty.duty && s.status == duty.status) {
            seen.push(duty);
        }
    }
    let (ours, others): (Vec<&Duty>, Vec<&Duty>) = seen.into_iter().partition(|d| d.ours());
    html! {
        @if !ours.is_empty() {
            h2 { "Duties" }
            table.usa-table.desk-stack {
                thead { tr { th scope="col" { "When" } th scope="col" { "What" } th scope="col" { "By when" } } }
                tbody { @for d in ours { tr {
                    th scope="row" { (when(&d.status)) }
                    td data-label="What" { (d.says) " " span.desk-cite { "(" (d.cite) ")" } @if !d.missing.is_empty() { div.desk-cite { "turns on facts that are missing" } } }
                    td data-label="By when" { @match (&d.deadline, &d.within) { (Some(at), _) => strong { (desk.shown_text(at)) }, (None, Some(within)) => (within), _ => "no time is set" } }
                } } }
            }
        }
        @if !others.is_empty() { h2 { "What others owe" } ul { @for d in others { li { (parts::capital(&d.by)) ": " (d.says) " (" (d.cite) ")" } } } }
    }
}

fn when(status: &str) -> &'static str {
    match status {
        "due" => "Now",
        "if-taken" => "If it is done",
        "if-declined" => "If it is declined",
        _ => "Regularly",
    }
}
