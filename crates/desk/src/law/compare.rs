//! Two places or two days, compared completely: every change of outcome with the smallest case that shows it.

use super::ask;
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::{parts, plain};
use axum::extract::{Query, State};
use comity_engine::prove::{ActionDiff, Side, diff};
use comity_engine::{AgencyRef, Determination};
use comity_law::Outcome;
use comity_logic::Date;
use comity_places::AgencyKind;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use std::sync::Arc;

#[derive(Deserialize)]
pub(crate) struct Asked {
    one: Option<String>,
    one_on: Option<String>,
    two: Option<String>,
    two_on: Option<String>,
    kind: Option<String>,
}

/// A place on a day.
struct Half {
    slug: String,
    name: String,
    on: Date,
}

/// `GET /law/compare`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, Failure> {
    let kind = asked.kind.as_deref().filter(|k| !k.is_empty()).unwrap_or("sheriff");
    let kind: AgencyKind = kind.parse().map_err(|_| Failure::input("kind", format!("“{}” is no kind of agency", ask::short(kind))))?;
    let wanted = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let halves = match (wanted(&asked.one), wanted(&asked.two)) {
        (Some(one), Some(two)) => {
            Some((half(&desk, "one", &one, asked.one_on.as_deref())?, half(&desk, "two", &two, asked.two_on.as_deref())?))
        }
        _ => None,
    };
    let found = match &halves {
        Some((one, two)) if (&one.slug, one.on) != (&two.slug, two.on) => Some(compare(&desk, one, two, kind).await?),
        _ => None,
    };
    let value = |text: &Option<String>, other: String| wanted(text).unwrap_or(other);
    let today = desk.today().to_string();
    let kinds: Vec<(String, String)> = AgencyKind::ALL.iter().map(|k| (k.to_string(), k.as_str().replace('-', " "))).collect();
    let body = html! {
        h1 { "Compare two places or two days" }
        form method="get" action="/law/compare" {
            p { "A place is written " code { "us-ca" } ", " code { "us-tx/harris-county" } " or " code { "us-ca/los-angeles" } ". The " a href="/law" { "list of places" } " has them." }
            div.desk-pair {
                fieldset.usa-fieldset {
                    legend.usa-legend { "First" }
                    (parts::field("one", "First place", "text", &value(&asked.one, desk.agency.place.clone())))
                    (parts::field("one_on", "First day", "date", &value(&asked.one_on, today.clone())))
                }
                fieldset.usa-fieldset {
                    legend.usa-legend { "Second" }
                    (parts::field("two", "Second place", "text", &value(&asked.two, String::new())))
                    (parts::field("two_on", "Second day", "date", &value(&asked.two_on, today)))
                }
            }
            (parts::select("kind", "Kind of agency", &kinds, kind.as_str()))
            button.usa-button type="submit" { "Compare" }
        }
        @if let Some((one, two)) = &halves {
            @match &found {
                None => div.usa-alert.usa-alert--info.usa-alert--slim { div.usa-alert__body { p.usa-alert__text { "Both sides are the same place and day. Change one of them." } } },
                Some(found) => (result(&desk, one, two, kind, found)),
            }
        }
    };
    Ok(plain(&desk, &visit, "Compare", body))
}

fn half(desk: &Desk, field: &str, slug: &str, on: Option<&str>) -> Result<Half, Failure> {
    let (slug, _) = ask::place(desk, field, slug)?;
    Ok(Half { name: ask::full_name(desk, &slug), slug, on: ask::day(desk, &format!("{field}_on"), on)? })
}

/// A comparison searches; it runs beside the threads that answer.
async fn compare(desk: &Arc<Desk>, one: &Half, two: &Half, kind: AgencyKind) -> Result<Vec<ActionDiff>, Failure> {
    let side = |half: &Half| Side {
        agency: AgencyRef { name: String::new(), kind: kind.to_string(), place: half.slug.clone(), ori: None },
        on: half.on,
    };
    let (one, two, law) = (side(one), side(two), desk.law.clone());
    let done = tokio::task::spawn_blocking(move || diff(&law, &one, &two)).await.map_err(Failure::internal)?;
    done.map_err(|error| Failure::conflict(format!("The comparison did not end within its budget ({error}); compare a narrower pair")))
}

fn result(desk: &Desk, one: &Half, two: &Half, kind: AgencyKind, found: &[ActionDiff]) -> Markup {
    let says = |action: &str| desk.law.actions.iter().find(|a| a.id == action).map_or(action.to_owned(), |a| a.says.clone());
    let same: Vec<String> = found.iter().filter(|d| d.changes.is_empty()).map(|d| says(&d.action)).collect();
    let labels = match (one.slug == two.slug, one.on == two.on) {
        (true, _) => [one.on.to_string(), two.on.to_string()],
        (false, true) => [one.name.clone(), two.name.clone()],
        (false, false) => [format!("{} on {}", one.name, one.on), format!("{} on {}", two.name, two.on)],
    };
    html! {
        section aria-labelledby="found" {
            h2 #found { (labels[0]) " and " (labels[1]) }
            p { "For any " (kind.as_str().replace('-', " ")) ". Each difference is shown with the smallest case in which it appears; where none is shown, no case differs." }
            @for d in found.iter().filter(|d| !d.changes.is_empty()) {
                h3 { (says(&d.action)) }
                @for change in &d.changes {
                    div.desk-verdict {
                        p { strong { (change.from.as_str()) } " → " strong { (change.to.as_str()) } }
                        p { "In the case: " (case(&change.facts)) }
                        div.desk-pair { (side(&labels[0], change.from, &change.before)) (side(&labels[1], change.to, &change.after)) }
                    }
                }
            }
            @if !same.is_empty() { h3 { "The same in every case" } ul { @for name in same { li { (name) } } } }
        }
    }
}

fn side(label: &str, outcome: Outcome, found: &Determination) -> Markup {
    html! {
        div {
            h4 { (label) ": " (outcome.as_str()) }
            @if found.because.is_empty() { p { (parts::verdict(outcome)) "." } } @else { (parts::grounds(&found.because)) }
        }
    }
}

/// The facts of a case in one line.
pub(crate) fn case(facts: &Map<String, Json>) -> String {
    let mut out = Vec::new();
    flatten("", facts, &mut out);
    if out.is_empty() { "any".to_owned() } else { out.join("; ") }
}

fn flatten(lead: &str, facts: &Map<String, Json>, out: &mut Vec<String>) {
    for (key, value) in facts {
        let name = if lead.is_empty() { key.clone() } else { format!("{lead}.{key}") };
        match value {
            Json::Object(inner) => flatten(&name, inner, out),
            Json::Array(elements) if elements.is_empty() => out.push(format!("{name}: none")),
            Json::Array(elements) => {
                for element in elements {
                    let mut fields = Vec::new();
                    if let Json::Object(element) = element {
                        flatten("", element, &mut fields);
                    }
                    out.push(format!("{name}: one with {}", fields.join(", ")));
                }
            }
            Json::Bool(_) if key.ends_with("_complete") => {}
            Json::String(text) => out.push(format!("{name} = {text}")),
            other => out.push(format!("{name} = {other}")),
        }
    }
}
