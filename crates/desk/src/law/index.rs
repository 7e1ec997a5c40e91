//! The places of the law, and the search for a place or an agency.

use super::ask::full_name;
use super::named;
use crate::desk::Desk;
use crate::http::visit::Visit;
use crate::page::plain;
use axum::extract::{Query, State};
use comity_places::{Agency, resolve};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
}

/// `GET /law`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit, Query(asked): Query<Asked>) -> Markup {
    let text: String = asked.q.trim().chars().take(120).collect();
    let body = html! {
        h1 { "The law, place by place" }
        form.usa-form.maxw-full method="get" action="/law" role="search" {
            label.usa-label for="q" { "A place or an agency" }
            input.usa-input #q name="q" type="search" value=(text) autocomplete="off";
            button.usa-button type="submit" { "Search" }
        }
        @if !text.is_empty() { (results(&desk, &text)) }
        h2 { "Places whose own law was researched" }
        (places(&desk))
    };
    plain(&desk, &visit, "The law", body)
}

fn results(desk: &Desk, text: &str) -> Markup {
    let found = named::begins(text);
    let agencies: Vec<Agency> = if text.len() >= 3 { resolve(text).agencies().iter().take(20).cloned().collect() } else { Vec::new() };
    html! {
        section aria-labelledby="found" {
            h2 #found { "Found" }
            @if found.is_empty() && agencies.is_empty() { p { "No place and no agency has this name. Try the county or the state." } }
            @if !found.is_empty() {
                h3 { "Places" }
                ul { @for place in &found { li { a href={ "/law/place/" (place.slug) } { (named::told_apart(desk, place)) } } } }
            }
            @if !agencies.is_empty() {
                h3 { "Agencies" }
                ul { @for agency in &agencies { li {
                    a href={ "/law/place/" (agency.place) "?agency=" (agency.ori.as_deref().unwrap_or(agency.kind.as_str())) } { (agency.to_string()) }
                } } }
            }
        }
    }
}

/// The places of the law, the states with what lies in them.
fn places(desk: &Desk) -> Markup {
    let mut states: BTreeMap<&str, Vec<&comity_law::Place>> = BTreeMap::new();
    for place in &desk.law.places {
        states.entry(place.slug.split('/').next().unwrap_or_default()).or_default().push(place);
    }
    html! {
        ul.usa-list--unstyled {
            @for (state, within) in states {
                li {
                    a href={ "/law/place/" (state) } { (full_name(desk, state)) }
                    @let own: Vec<_> = within.iter().filter(|p| p.slug != state).collect();
                    @if !own.is_empty() {
                        ul { @for place in own { li { a href={ "/law/place/" (place.slug) } { (place.name) } } } }
                    }
                }
            }
        }
    }
}
