//! The law of a place over time.

use super::ask;
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::{parts, plain};
use axum::extract::{Path, Query, State};
use comity_law::Law;
use comity_law::timeline::{Event, What, events};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
pub(crate) struct Asked {
    action: Option<String>,
}

/// `GET /law/timeline/{slug}`
pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    visit: Visit,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    let (slug, _) = ask::place(&desk, "place", &slug)?;
    let chosen = asked.action.as_deref().filter(|a| !a.is_empty());
    let action = chosen.map(|a| ask::action(&desk, a)).transpose()?;
    let name = ask::full_name(&desk, &slug);
    let mut found: Vec<Event<'_>> =
        events(&desk.law, Some(&slug)).into_iter().filter_map(|e| if let Some(a) = action { e.only(a) } else { Some(e) }).collect();
    found.reverse();
    let mut choices = vec![(String::new(), "Any action".to_owned())];
    choices.extend(ask::actions(&desk));
    let today = desk.today();
    let body = html! {
        h1 { "How the law of " (name) " changed" }
        form.desk-noprint method="get" action={ "/law/timeline/" (slug) } {
            div.desk-fields { (parts::select("action", "Action", &choices, chosen.unwrap_or_default())) div { button.usa-button type="submit" { "Show" } } }
        }
        p { (found.len()) " changes, the latest first: of the place itself and of what lies above it. " a href={ "/law/place/" (slug) } { "The law of today" } "." }
        table.usa-table.desk-stack {
            thead { tr { th scope="col" { "Day" } th scope="col" { "Change" } th scope="col" { "Law" } } }
            tbody {
                @for event in &found {
                    tr {
                        th scope="row" { a href={ "/law/place/" (slug) "?on=" (event.on) } { (event.on) } @if event.on > today { div.desk-cite { "to come" } } }
                        td data-label="Change" { (event.change.as_str()) }
                        td data-label="Law" { (law_of(&desk.law, event)) }
                    }
                }
            }
        }
    };
    Ok(plain(&desk, &visit, &format!("Changes in {name}"), body))
}

/// An event in words.
pub(crate) fn law_of(law: &Law, event: &Event<'_>) -> Markup {
    let actions = || parts::actions(&event.actions.iter().map(|a| law.action_name(*a)).collect::<Vec<_>>().join(", "));
    html! {
        a href={ "/law/instrument/" (event.instrument.id) } { (event.instrument.title) }
        @if event.what != What::Instrument { ", " (event.what.as_str()) " " (event.cite) }
        div.desk-cite { (event.instrument.place) @if !event.actions.is_empty() { "; touches " (if event.actions.len() == law.actions.len() { "any action".to_owned() } else { actions() }) } }
        @if event.what != What::Instrument { p.margin-y-05 { @if let Some(m) = event.modality { strong { (parts::capital(m.as_str())) } ": " } (event.says) } }
        @if !event.parts.is_empty() {
            details {
                summary { (event.parts.len()) @if event.parts.len() == 1 { " part" } @else { " parts" } }
                ul { @for part in &event.parts { li { (part.what.as_str()) " " (part.cite) ": " (part.says) } } }
            }
        }
        @if !event.changed.is_empty() { div.desk-cite { "Changed: " (event.changed.join(", ")) } }
    }
}
