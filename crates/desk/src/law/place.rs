//! What the law of a place says of each action on a day, to one agency.

use super::ask;
use super::when::when;
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::{parts, plain};
use axum::extract::{Path, Query, State};
use comity_engine::{AgencyRef, Entry, Source, Stack};
use comity_law::timeline::events;
use comity_law::{Instrument, Law, Modality, Norm};
use comity_logic::Date;
use comity_places::place_chain;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
pub(crate) struct Asked {
    on: Option<String>,
    agency: Option<String>,
}

/// `GET /law/place/{slug}`
pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    visit: Visit,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    let (slug, _) = ask::place(&desk, "place", &slug)?;
    let on = ask::day(&desk, "on", asked.on.as_deref())?;
    let (chosen, agency) = ask::agency(&slug, asked.agency.as_deref())?;
    let name = ask::full_name(&desk, &slug);
    let stack = Stack::new(&desk.law, &agency, on, &[]);
    let body = html! {
        h1 { "Law of " (name) " on " (on) }
        form.desk-noprint method="get" action={ "/law/place/" (slug) } {
            div.desk-fields {
                (parts::field("on", "Day", "date", &on.to_string()))
                (parts::select("agency", "Agency", &ask::agencies(&slug), &chosen))
                div { button.usa-button type="submit" { "Show" } }
            }
        }
        (neighbors(&desk.law, &slug, on, &chosen))
        p {
            "What binds " (who(&agency, &name)) ": the law of "
            @for (at, above) in place_chain(&slug).iter().enumerate() {
                @if at > 0 { ", " }
                @if *above == slug { (ask::full_name(&desk, above)) } @else { a href={ "/law/place/" (above) "?on=" (on) } { (ask::full_name(&desk, above)) } }
            }
            ". What it means for one request depends on the facts of that request."
        }
        (parts::coverage(&stack.coverage()))
        nav.desk-noprint aria-label="On this page" {
            ul { @for action in &desk.law.actions { li { a href={ "#" (action.id) } { (action.says) } } } }
        }
        @for action in &desk.law.actions {
            section aria-labelledby=(action.id) {
                h2 #(action.id) { (action.says) }
                @if let Some(id) = desk.law.action(&action.id) { (slice(&desk.law, &stack.slice(id).entries)) }
            }
        }
        p { a href={ "/law/timeline/" (slug) } { "How this law changed over time" } " · " a href={ "/law/compare?one=" (slug) "&two=" (slug) } { "Compare" } }
    };
    Ok(plain(&desk, &visit, &format!("{name} on {on}"), body))
}

fn who(agency: &AgencyRef, place: &str) -> String {
    if agency.name.is_empty() { format!("any {} of {place}", agency.kind.replace('-', " ")) } else { agency.name.clone() }
}

/// The changes of the law before and after the day.
fn neighbors(law: &Law, slug: &str, on: Date, agency: &str) -> Markup {
    let all = events(law, Some(slug));
    let before = all.iter().map(|e| e.on).filter(|d| *d <= on).filter_map(|d| d.yesterday().ok()).max();
    let after = all.iter().map(|e| e.on).filter(|d| *d > on).min();
    html! {
        p.desk-noprint {
            @if let Some(day) = before { a href={ "/law/place/" (slug) "?on=" (day) "&agency=" (agency) } { "Before the last change (" (day) ")" } }
            @if before.is_some() && after.is_some() { " · " }
            @if let Some(day) = after { a href={ "/law/place/" (slug) "?on=" (day) "&agency=" (agency) } { "After the next change (" (day) ")" } }
        }
    }
}

fn slice(law: &Law, entries: &[Entry<'_>]) -> Markup {
    let norms: Vec<(&Instrument, &Norm)> =
        entries.iter().filter_map(|e| if let Source::Norm(i, n) = e.source { Some((i, n)) } else { None }).collect();
    html! {
        @if norms.is_empty() { p { "No norm speaks of it." } }
        @else {
            table.usa-table.usa-table--borderless.desk-stack {
                thead { tr { th scope="col" { "Norm" } th scope="col" { "What it does" } th scope="col" { "When" } } }
                tbody { @for (instrument, norm) in norms { (row(law, instrument, norm)) } }
            }
        }
    }
}

fn row(law: &Law, instrument: &Instrument, norm: &Norm) -> Markup {
    let id = format!("{}#{}", instrument.id, norm.id);
    let does = match norm.modality {
        Modality::Protects => "permits, against any lower law",
        other => other.as_str(),
    };
    html! {
        tr {
            th scope="row" {
                (parts::cite(&id, &norm.full_cite))
                div.desk-cite { (instrument.rank.as_str().replace('-', " ")) ", " (parts::days(&norm.in_force)) }
                @if !parts::confidence(norm.confidence).is_empty() { div.desk-cite { (parts::confidence(norm.confidence)) } }
            }
            td data-label="What it does" {
                strong { (parts::capital(does)) } ": " (norm.says)
                @if !norm.exceptions.is_empty() {
                    details {
                        summary { (norm.exceptions.len()) @if norm.exceptions.len() == 1 { " exception" } @else { " exceptions" } }
                        ul { @for e in &norm.exceptions { li { (e.says.as_deref().unwrap_or("Where it holds, this norm does not")) " " span.desk-cite { "(" (e.full_cite) ")" } } } }
                    }
                }
            }
            td data-label="When" { (when(law, &instrument.id, &norm.when)) }
        }
    }
}
