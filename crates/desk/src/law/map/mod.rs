//! The counties as a map, with the same data as a table.

mod content;
mod shapes;

use super::ask;
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::{parts, plain};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use comity_law::ActionId;
use comity_law::timeline::events;
use comity_logic::Date;
use comity_places::{AgencyKind, Place, places_in};
use content::{Content, content};
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;
use shapes::SIZE;
pub(crate) use shapes::Shapes;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, LazyLock};

#[derive(Deserialize)]
pub(crate) struct Asked {
    action: Option<String>,
    on: Option<String>,
    kind: Option<String>,
}

/// The first day of the slider.
const FIRST: Date = Date::constant(1985, 1, 1);

/// A state with what lies in it and has law of its own.
struct InState {
    place: Place,
    content: (Content, usize),
    own: Vec<(Place, (Content, usize))>,
}

/// `GET /law/map`
pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    visit: Visit,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let action = asked.action.as_deref().filter(|a| !a.is_empty()).unwrap_or("hold");
    let id = ask::action(&desk, action)?;
    let on = ask::day(&desk, "on", asked.on.as_deref())?;
    let kind = asked.kind.as_deref().filter(|k| !k.is_empty()).unwrap_or("sheriff");
    let kind: AgencyKind = kind.parse().map_err(|_| Failure::input("kind", format!("“{}” is no kind of agency", ask::short(kind))))?;
    let says = desk.law.actions.get(id.0 as usize).map_or(action, |a| a.says.as_str());
    let takes = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("gzip"));
    let states = states(&desk, id, on, kind);
    let today = desk.today();
    let last = today.max(on);
    let position = |day: Date| day.since(FIRST).map_or(0, |span| span.get_days());
    let kinds: Vec<(String, String)> = AgencyKind::ALL.iter().map(|k| (k.to_string(), k.as_str().replace('-', " "))).collect();
    let query = |day: Date| format!("/law/map?action={action}&kind={kind}&on={day}");
    let (before, after) = neighbors(&desk, id, on);
    let body = html! {
        h1 { "Which norms speak of it, on a day" }
        form.desk-noprint method="get" action="/law/map" {
            div.desk-fields {
                (parts::select("action", "Action", &ask::actions(&desk), action))
                (parts::select("kind", "Kind of agency", &kinds, kind.as_str()))
                (parts::field("on", "Day", "date", &on.to_string()))
                div { button.usa-button type="submit" { "Show" } }
            }
            div.desk-only-js {
                label.usa-label for="slider" { "Move through time" }
                input.usa-range.desk-range #slider type="range" min="0" max=(position(last)) value=(position(on)) data-day-field="on" data-start=(FIRST) aria-valuetext=(on);
            }
            p {
                @if let Some(day) = before { a href=(query(day)) { "Day before the last change: " (day) } }
                @if before.is_some() && after.is_some() { " · " }
                @if let Some(day) = after { a href=(query(day)) { "Next change: " (day) } }
            }
        }
        h2 { (says) ", " (on) }
        p {
            "Shown is what norms of state and local law " em { "do" } " with this action. It is not what they mean for a request: that turns on its facts. "
            "Federal law and the Constitution reach everywhere and are left out. A place opens its norms."
        }
        (key())
        (svg(&desk, &states, on, says))
        p.desk-cite {
            "County borders of 2017 (Census Bureau): Connecticut by its eight old counties, Alaska’s Valdez-Cordova undivided, no territories. "
            "Cities with law of their own are in the table only; a county’s color is that of its own agencies."
        }
        h2 { "The same as a table" }
        (table(&states, on))
    };
    let markup = plain(&desk, &visit, "Map", body).into_string();
    if !takes || visit.user.is_some() {
        return Ok(PreEscaped(markup).into_response());
    }
    // The page holds three thousand outlines and nothing secret: it is worth packing, though not for long.
    let work = move || {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(3));
        packed.write_all(markup.as_bytes()).and_then(|()| packed.finish())
    };
    let bytes = tokio::task::spawn_blocking(work).await.map_err(Failure::internal)?.map_err(Failure::internal)?;
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_ENCODING, "gzip"), (header::VARY, "accept-encoding")], bytes)
        .into_response())
}

/// The states, read once: looking for them goes through all places.
static STATES: LazyLock<Vec<Place>> = LazyLock::new(|| places_in("us").collect());

fn states(desk: &Desk, action: ActionId, on: Date, kind: AgencyKind) -> Vec<InState> {
    let law = &desk.law;
    let of = |slug: &str| content(law, slug, action, on, kind);
    let mut found: Vec<InState> = STATES
        .iter()
        .map(|&place| {
            let prefix = format!("{}/", place.slug);
            let own = law.places.iter().filter(|p| p.slug.starts_with(&prefix)).filter_map(|p| Place::find(&p.slug));
            InState { content: of(place.slug), own: own.map(|p| (p, of(p.slug))).collect(), place }
        })
        .collect();
    found.sort_by_key(|s| s.place.name);
    found
}

/// The day before the last change that touches the action, and the day of the next.
fn neighbors(desk: &Desk, action: ActionId, on: Date) -> (Option<Date>, Option<Date>) {
    let days: Vec<Date> =
        events(&desk.law, None).into_iter().filter(|e| e.instrument.place != "us" && e.touches(action)).map(|e| e.on).collect();
    (days.iter().copied().filter(|d| *d <= on).max().and_then(|d| d.yesterday().ok()), days.iter().copied().filter(|d| *d > on).min())
}

/// The patterns: what a color says is said by lines too.
fn patterns() -> Markup {
    html! {
        defs {
            pattern id="pattern-k3" width="8" height="8" patternUnits="userSpaceOnUse" { rect width="8" height="8" fill="#73b3e7" {} path d="M0,8L8,0" stroke="#162e51" stroke-width="1.2" {} }
            pattern id="pattern-k4" width="8" height="8" patternUnits="userSpaceOnUse" { rect width="8" height="8" fill="#e5d5a8" {} circle cx="4" cy="4" r="1.6" fill="#4d3a17" {} }
            pattern id="pattern-k5" width="8" height="8" patternUnits="userSpaceOnUse" { rect width="8" height="8" fill="#c3b2d6" {} path d="M0,0L8,8M0,8L8,0" stroke="#352a52" stroke-width="1" {} }
        }
    }
}

fn key() -> Markup {
    html! {
        ul.desk-key {
            @for content in Content::ALL {
                li {
                    svg.desk-map viewBox="0 0 36 20" aria-hidden="true" { path.(content.class()) d="M0,0h36v20h-36z" {} }
                    (content.says())
                }
            }
        }
    }
}

fn svg(desk: &Desk, states: &[InState], on: Date, says: &str) -> Markup {
    // Counties by the FIPS code of their state.
    let mut drawn: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (fips, path) in &desk.map.counties {
        drawn.entry(fips.get(..2).unwrap_or_default()).or_default().push((fips, path));
    }
    html! {
        svg.desk-map viewBox={ "0 0 " (SIZE.0) " " (SIZE.1) } role="group" aria-labelledby="map-title map-desc" {
            title #map-title { "Counties of the United States: " (says) ", " (on) }
            desc #map-desc { "Each state links to its norms. The table below holds the same data." }
            (patterns())
            @for state in states {
                @let counties = drawn.get(state.place.fips.unwrap_or_default()).map_or(&[][..], Vec::as_slice);
                @let own: Vec<&(Place, (Content, usize))> = state.own.iter().filter(|(p, _)| p.fips.is_some_and(|f| f.len() == 5)).collect();
                @if !counties.is_empty() {
                    a href={ "/law/place/" (state.place.slug) "?on=" (on) } aria-label={ (state.place.name) ": " (state.content.0.says()) } {
                        path.(state.content.0.class()) d=(PreEscaped(joined(counties.iter().filter(|(f, _)| !own.iter().any(|(p, _)| p.fips == Some(*f)))))) {}
                    }
                    @for (place, content) in own {
                        @if let Some(path) = desk.map.counties.get(place.fips.unwrap_or_default()) {
                            a href={ "/law/place/" (place.slug) "?on=" (on) } aria-label={ (place.name) ", " (state.place.name) ": " (content.0.says()) } {
                                path.(content.0.class()) d=(PreEscaped(path)) {}
                            }
                        }
                    }
                }
            }
            path.state d=(PreEscaped(&desk.map.borders)) {}
        }
    }
}

/// Outlines are letters and digits: looking through a quarter of a million of them for what has to be escaped is for nothing.
fn joined<'a>(counties: impl Iterator<Item = &'a (&'a str, &'a str)>) -> String {
    counties.map(|(_, path)| *path).collect()
}

fn table(states: &[InState], on: Date) -> Markup {
    let row = |place: &Place, content: &(Content, usize), state: Option<&str>| {
        html! {
            tr {
                th scope="row" { a href={ "/law/place/" (place.slug) "?on=" (on) } { (place.name) @if let Some(state) = state { ", " (state) } } }
                td data-label="What norms do" { (content.0.says()) }
                td data-label="Norms" { (content.1) }
            }
        }
    };
    html! {
        table.usa-table.usa-table--compact.desk-stack {
            caption.usa-sr-only { "What state and local norms do, by place" }
            thead { tr { th scope="col" { "Place" } th scope="col" { "What norms do" } th scope="col" { "Norms" } } }
            tbody {
                @for state in states {
                    (row(&state.place, &state.content, None))
                    @for (place, content) in &state.own { (row(place, content, Some(state.place.name))) }
                }
            }
        }
    }
}
