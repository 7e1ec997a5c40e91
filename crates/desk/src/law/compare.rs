//! Two places or two days, compared completely: every change of outcome with the smallest case that shows it.

use super::named::{self, Found};
use super::{ask, facts};
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::{parts, plain};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use comity_engine::prove::{self, ActionDiff, diff};
use comity_engine::{AgencyRef, Determination};
use comity_law::Outcome;
use comity_logic::Date;
use comity_places::{AgencyKind, Place};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
pub(crate) struct Asked {
    one: Option<String>,
    /// The place that was chosen of several with the name in `one`.
    one_is: Option<String>,
    one_on: Option<String>,
    two: Option<String>,
    two_is: Option<String>,
    two_on: Option<String>,
    kind: Option<String>,
}

/// A place on a day.
struct Half {
    slug: String,
    name: String,
    on: Date,
}

/// A side as it was asked for.
enum Side {
    /// Nothing was asked for.
    Empty,
    Half(Half),
    /// The text names no place, or several to choose from.
    Unclear(Vec<Place>),
}

/// `GET /law/compare`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let kind = asked.kind.as_deref().filter(|k| !k.is_empty()).unwrap_or("sheriff");
    let kind: AgencyKind = kind.parse().map_err(|_| Failure::input("kind", format!("“{}” is no kind of agency", ask::short(kind))))?;
    let one = side(&desk, "one", asked.one_is.as_deref().or(asked.one.as_deref()), asked.one_on.as_deref())?;
    let two = side(&desk, "two", asked.two_is.as_deref().or(asked.two.as_deref()), asked.two_on.as_deref())?;
    let halves = if let (Side::Half(one), Side::Half(two)) = (&one, &two) { Some((one, two)) } else { None };
    let found = match halves {
        Some((one, two)) if (&one.slug, one.on) != (&two.slug, two.on) => compare(&desk, one, two, kind).await?,
        _ => None,
    };
    let unsettled = found.is_none() && halves.is_some_and(|(one, two)| (&one.slug, one.on) != (&two.slug, two.on));
    let unknown = [&one, &two].into_iter().any(|side| matches!(side, Side::Unclear(places) if places.is_empty()));
    let today = desk.today().to_string();
    let kinds: Vec<(String, String)> = AgencyKind::ALL.iter().map(|k| (k.to_string(), k.as_str().replace('-', " "))).collect();
    let day = |text: &Option<String>| text.clone().filter(|t| !t.trim().is_empty()).unwrap_or_else(|| today.clone());
    let own = asked.one.clone().unwrap_or_else(|| named::written(&desk, &desk.agency.place));
    let body = html! {
        h1 { "Compare two places or two days" }
        form method="get" action="/law/compare" {
            p #places-hint { "A place is written by its name, with the state where others are called the same: “Harris County, Texas”, “Los Angeles, CA”, “Illinois”." }
            div.desk-pair {
                fieldset.usa-fieldset {
                    legend.usa-legend { "First" }
                    (place_field(&desk, "one", "First place", &own, &one))
                    (parts::field("one_on", "First day", "date", &day(&asked.one_on)))
                }
                fieldset.usa-fieldset {
                    legend.usa-legend { "Second" }
                    (place_field(&desk, "two", "Second place", asked.two.as_deref().unwrap_or_default(), &two))
                    (parts::field("two_on", "Second day", "date", &day(&asked.two_on)))
                }
            }
            datalist #places { @for place in &desk.law.places { option value=(named::written(&desk, &place.slug)) {} } }
            (parts::select("kind", "Kind of agency", &kinds, kind.as_str()))
            button.usa-button.margin-top-3 type="submit" { "Compare" }
        }
        @if unsettled {
            div.usa-alert.usa-alert--info.usa-alert--slim { div.usa-alert__body { p.usa-alert__text {
                "These two cannot be compared in one step: a law here counts years back from the day, and the days differ. Compare both places on one day, or one place on two days."
            } } }
        } @else if let Some((one, two)) = halves {
            @match &found {
                None => div.usa-alert.usa-alert--info.usa-alert--slim { div.usa-alert__body { p.usa-alert__text { "Both sides are the same place and day. Change one of them." } } },
                Some(found) => (result(&desk, one, two, kind, found)),
            }
        }
    };
    let status = if unknown { StatusCode::NOT_FOUND } else { StatusCode::OK };
    Ok((status, plain(&desk, &visit, "Compare", body)).into_response())
}

fn side(desk: &Desk, field: &str, place: Option<&str>, on: Option<&str>) -> Result<Side, Failure> {
    let Some(text) = place.map(str::trim).filter(|t| !t.is_empty()) else { return Ok(Side::Empty) };
    Ok(match named::place(desk, &ask::short(text)) {
        Found::One(slug) => Side::Half(Half { name: ask::full_name(desk, &slug), slug, on: ask::day(desk, &format!("{field}_on"), on)? }),
        Found::Several(places) => Side::Unclear(places),
    })
}

/// The field of a place: its name where it is clear, else what was written, with the places to choose from.
fn place_field(desk: &Desk, id: &str, label: &str, text: &str, side: &Side) -> Markup {
    let (value, unclear) = match side {
        Side::Half(half) => (named::written(desk, &half.slug), None),
        Side::Empty => (text.to_owned(), None),
        Side::Unclear(places) => (text.to_owned(), Some(places)),
    };
    let error = format!("{id}-error");
    let described = if unclear.is_some() { format!("places-hint {error}") } else { "places-hint".to_owned() };
    html! {
        div.usa-form-group.(if unclear.is_some() { "usa-form-group--error" } else { "" }) {
            label.usa-label for=(id) { (label) }
            @if let Some(places) = unclear {
                span.usa-error-message #(error) role="alert" {
                    @if places.is_empty() { "No place is called “" (ask::short(text)) "”. Look at its spelling, or name the county or the state." }
                    @else { "Several places may be meant by “" (ask::short(text)) "”. Choose one below, or write the name with its state." }
                }
            }
            input.usa-input #(id) name=(id) type="text" list="places" value=(value) autocomplete="off" aria-describedby=(described) aria-invalid=[unclear.map(|_| "true")];
        }
        @if let Some(places) = unclear.filter(|places| !places.is_empty()) {
            fieldset.usa-fieldset.margin-top-2 {
                legend.usa-legend { (label) ": which one?" }
                @for place in places {
                    @let radio = format!("{id}-{}", place.slug.replace('/', "-"));
                    div.usa-radio {
                        input.usa-radio__input id=(radio) type="radio" name={ (id) "_is" } value=(place.slug);
                        label.usa-radio__label for=(radio) { (named::told_apart(desk, place)) }
                    }
                }
            }
        }
    }
}

/// A comparison searches; it runs beside the threads that answer.
/// `None` where it is not settled: laws that count years back from the day, on two days at once.
async fn compare(desk: &Arc<Desk>, one: &Half, two: &Half, kind: AgencyKind) -> Result<Option<Vec<ActionDiff>>, Failure> {
    let side = |half: &Half| prove::Side {
        agency: AgencyRef { name: String::new(), kind: kind.to_string(), place: half.slug.clone(), ori: None },
        on: half.on,
    };
    let (one, two, law) = (side(one), side(two), desk.law.clone());
    let done = tokio::task::spawn_blocking(move || diff(&law, &one, &two)).await.map_err(Failure::internal)?;
    Ok(done.ok())
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
                        p { "The smallest case that shows it:" }
                        (facts::list(&desk.law, &change.facts))
                        div.desk-pair { (of_side(desk, &labels[0], change.from, &change.before)) (of_side(desk, &labels[1], change.to, &change.after)) }
                    }
                }
            }
            @if !same.is_empty() { h3 { "The same in every case" } ul { @for name in same { li { (name) } } } }
        }
    }
}

fn of_side(desk: &Desk, label: &str, outcome: Outcome, found: &Determination) -> Markup {
    html! {
        div {
            h4 { (label) ": " (outcome.as_str()) }
            @if found.because.is_empty() { p { (parts::verdict(outcome)) "." } } @else { (parts::grounds(desk, &found.because)) }
        }
    }
}
