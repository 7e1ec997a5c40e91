//! The law as data, for everyone.

use super::body::Problem;
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::law::ask;
use axum::Json;
use axum::extract::{Path, Query, State};
use comity_law::Instrument;
use comity_law::timeline::events;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Only what reaches agencies of this place: `us-ca/los-angeles`.
    place: Option<String>,
    /// Only what is in force on this day: `2018-03-01`.
    #[param(format = Date)]
    on: Option<String>,
}

fn row(i: &Instrument) -> Value {
    json!({"id": i.id, "place": i.place, "title": i.title, "cite": i.cite, "kind": i.kind, "rank": i.rank,
        "in_force": {"from": i.in_force.from.map(|d| d.to_string()), "to": i.in_force.to.map(|d| d.to_string())},
        "norms": i.norms.len(), "duties": i.duties.len(),
        "checked": {"on": i.checked.on.to_string(), "confidence": i.checked.confidence}})
}

/// The laws of a place.
#[utoipa::path(
    get, path = "/api/v1/law/instruments", tag = "law", params(Which),
    responses(
        (status = 200, description = "The laws", body = Object),
        (status = 400, description = "The day does not read", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such place", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn instruments(State(desk): State<Arc<Desk>>, Query(which): Query<Which>) -> Result<Json<Value>, Failure> {
    let place = which.place.as_deref().map(|p| ask::place(&desk, "place", p)).transpose()?;
    let on = which.on.as_deref().map(|d| ask::exact_day("on", d)).transpose()?;
    let wanted = |i: &&Instrument| place.as_ref().is_none_or(|(slug, _)| i.reaches(slug)) && on.is_none_or(|day| i.in_force.contains(day));
    let rows: Vec<Value> = desk.law.instruments.iter().filter(wanted).map(row).collect();
    Ok(Json(json!({"bundle": desk.law.digest, "instruments": rows})))
}

/// One law with its norms.
#[utoipa::path(
    get, path = "/api/v1/law/instruments/{id}", tag = "law", params(("id" = String, Path, description = "Its id: `us-ca-values-act`")),
    responses(
        (status = 200, description = "The law", body = Object),
        (status = 404, description = "There is no such law", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn instrument(State(desk): State<Arc<Desk>>, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    let it = desk.law.instrument(&id).ok_or_else(|| Failure::unknown("There is no such law"))?;
    let norms: Vec<Value> = it
        .norms
        .iter()
        .map(|n| {
            let actions: Vec<&str> = n.actions.iter().map(|a| desk.law.action_name(*a)).collect();
            json!({"id": n.id, "cite": n.full_cite, "modality": n.modality, "actions": actions, "says": n.says, "when": n.when.text,
                "in_force": {"from": n.in_force.from.map(|d| d.to_string()), "to": n.in_force.to.map(|d| d.to_string())},
                "confidence": n.confidence,
                "exceptions": n.exceptions.iter().map(|e| json!({"cite": e.full_cite, "says": e.says, "when": e.when.text, "silent": e.silent})).collect::<Vec<_>>()})
        })
        .collect();
    let mut out = row(it);
    out["norms"] = json!(norms);
    out["bundle"] = json!(desk.law.digest);
    Ok(Json(out))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Span {
    /// Only what touches agencies of this place.
    place: Option<String>,
    /// From this day on.
    #[param(format = Date)]
    since: Option<String>,
    /// To this day.
    #[param(format = Date)]
    until: Option<String>,
}

/// What begins, changes or ends.
#[utoipa::path(
    get, path = "/api/v1/law/events", tag = "law", params(Span),
    responses(
        (status = 200, description = "The events in order of days", body = Object),
        (status = 400, description = "A day does not read", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such place", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn changes(State(desk): State<Arc<Desk>>, Query(span): Query<Span>) -> Result<Json<Value>, Failure> {
    let place = span.place.as_deref().map(|p| ask::place(&desk, "place", p)).transpose()?;
    let day = |name: &str, text: &Option<String>| text.as_deref().map(|d| ask::exact_day(name, d)).transpose();
    let (since, until) = (day("since", &span.since)?, day("until", &span.until)?);
    let rows: Vec<Value> = events(&desk.law, place.as_ref().map(|(slug, _)| slug.as_str()))
        .into_iter()
        .filter(|e| since.is_none_or(|s| s <= e.on) && until.is_none_or(|u| e.on <= u))
        .map(|e| {
            let actions: Vec<&str> = e.actions.iter().map(|a| desk.law.action_name(*a)).collect();
            json!({"on": e.on.to_string(), "change": e.change, "what": e.what, "id": e.id, "instrument": e.instrument.id, "title": e.instrument.title,
                "place": e.instrument.place, "cite": e.cite, "says": e.says, "actions": actions, "agency_kinds": e.kinds})
        })
        .collect();
    Ok(Json(json!({"bundle": desk.law.digest, "events": rows})))
}
