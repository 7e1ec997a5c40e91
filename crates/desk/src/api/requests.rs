//! Requests by API: what a jail's own system enters and asks for.

use super::body::{self, Problem};
use super::once::{Begun, Once};
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::request::sheet::{Sheet, decide};
use crate::request::store::{self, Request};
use crate::request::{determine, new};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use comity_ledger::Determined;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// A request to be entered.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRequest {
    /// When it arrived: `2018-03-01T22:15`, local time, or with an offset.
    received: String,
    /// The number of the person's file at the agency.
    #[schema(min_length = 1, max_length = 120)]
    file: String,
    /// The name, for the notice.
    #[serde(default)]
    #[schema(max_length = 200)]
    name: String,
    /// What is asked of the agency: names of actions.
    #[schema(min_items = 1)]
    actions: Vec<String>,
    /// Facts as in a case; what is not stated is unknown.
    #[serde(default)]
    #[schema(value_type = Object)]
    facts: Map<String, Value>,
    /// Moments as in a case.
    #[serde(default)]
    #[schema(value_type = Object)]
    times: Map<String, Value>,
}

fn row(r: &Request) -> Value {
    json!({"id": r.id, "status": r.status.word(), "received": r.received, "actions": r.actions.split(", ").filter(|a| !a.is_empty()).collect::<Vec<_>>(),
        "determination": r.determination, "disposition": r.disposition, "expunged": r.person.is_none()})
}

/// Requests under way, without personal facts.
#[utoipa::path(
    get, path = "/api/v1/requests", tag = "requests",
    responses(
        (status = 200, description = "The requests, the oldest first", body = Object),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The role does not allow it", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub(crate) async fn list(State(desk): State<Arc<Desk>>) -> Result<Json<Value>, Failure> {
    let rows: Vec<Value> = store::open(&desk).await?.iter().map(row).collect();
    Ok(Json(json!({"requests": rows})))
}

/// Enters a request and determines it.
#[utoipa::path(
    post, path = "/api/v1/requests", tag = "requests", request_body = NewRequest,
    params(("Idempotency-Key" = String, Header, description = "8 to 128 visible characters; the same call sent again is done once", min_length = 8, max_length = 128, pattern = "^[!-~]{8,128}$")),
    responses(
        (status = 201, description = "Entered and determined", body = Object),
        (status = 400, description = "The body is no such request", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The role does not allow it", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The first call with this key has not been answered yet", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Larger than 1 MiB", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not application/json", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The case has mistakes, or the key was used for another call", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The record cannot be written", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub(crate) async fn create(State(desk): State<Arc<Desk>>, visit: Visit, headers: HeaderMap, bytes: Bytes) -> Result<Response, Failure> {
    let user = visit.user()?;
    let wanted: NewRequest = body::json(&headers, &bytes)?;
    let once = Once::read(&headers, &user.account, &bytes, desk.now_ms())?;
    let sheet = sheet(&desk, &wanted)?;
    let found = decide(&desk, &sheet.read(&desk)?).await?;
    let begun = once.begin(&desk).await?;
    let resumed = matches!(begun, Begun::Entered(_));
    let id = match begun {
        Begun::Answered(status, text) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            return Ok((status, [(header::CONTENT_TYPE, "application/json")], text).into_response());
        }
        Begun::Entered(id) => id,
        Begun::Fresh => match new::insert(&desk, &user.account, &wanted.received, &sheet, Some(&once)).await {
            Ok(id) => id,
            // Nothing was entered: the same key may be tried again.
            Err(failure) => {
                once.give_back(&desk).await?;
                return Err(failure);
            }
        },
    };
    let request = store::find(&desk, &id).await?;
    if request.determination.is_none() {
        // What is there now: somebody at the desk may have gone on with it meanwhile.
        let (sheet, found) = if resumed {
            let sheet = store::sheet(&desk, &request).await?;
            let found = decide(&desk, &sheet.read(&desk)?).await?;
            (sheet, found)
        } else {
            (sheet, found)
        };
        determine::record(&desk, &user.account, &request, &sheet, &found).await?;
    }
    let text = row(&store::find(&desk, &id).await?).to_string();
    once.keep(&desk, 201, &text).await?;
    let headers = [(header::CONTENT_TYPE, "application/json".to_owned()), (header::LOCATION, format!("/api/v1/requests/{id}"))];
    Ok((StatusCode::CREATED, headers, text).into_response())
}

/// The day of a moment at the agency's place, whose law decides; the moment is local time, or has an offset.
fn day_of(desk: &Desk, moment: &str) -> Option<comity_logic::Date> {
    if moment.contains('[') || moment.chars().count() > 40 {
        return None;
    }
    match moment.parse::<jiff::Timestamp>() {
        Ok(moment) => Some(moment.to_zoned(desk.zone.clone()).date()),
        Err(_) => moment.get(..10).and_then(comity_logic::parse_date),
    }
}

fn sheet(desk: &Desk, wanted: &NewRequest) -> Result<Sheet, Failure> {
    let mut wrong = Vec::new();
    let day = day_of(desk, &wanted.received);
    match day {
        None => wrong.push(("received".to_owned(), "it is no moment; write 2018-03-01T22:15".to_owned())),
        Some(day) if day > desk.today() => {
            wrong.push(("received".to_owned(), "that day is still to come; write when it arrived".to_owned()))
        }
        Some(_) => {}
    }
    if wanted.file.trim().is_empty() || wanted.file.chars().count() > 120 || wanted.name.chars().count() > 200 {
        wrong.push(("file".to_owned(), "file has 1 to 120 characters, name at most 200".to_owned()));
    }
    if wanted.actions.is_empty() {
        wrong.push(("actions".to_owned(), "name at least one action".to_owned()));
    }
    if !wrong.is_empty() {
        return Err(Failure::inputs(wrong));
    }
    let actions: Vec<&str> = wanted.actions.iter().map(String::as_str).collect();
    let mut sheet = Sheet::new(desk, &day.map(|day| day.to_string()).unwrap_or_default(), &actions);
    sheet.file = wanted.file.trim().to_owned();
    sheet.name = wanted.name.trim().to_owned();
    sheet.case.insert("facts".to_owned(), Value::Object(wanted.facts.clone()));
    let mut times = wanted.times.clone();
    times.entry("request").or_insert_with(|| json!(wanted.received));
    sheet.case.insert("times".to_owned(), Value::Object(times));
    Ok(sheet)
}

/// A request without personal facts.
#[utoipa::path(
    get, path = "/api/v1/requests/{id}", tag = "requests", params(("id" = String, Path, description = "Its number: `2026-0001`")),
    responses(
        (status = 200, description = "The request", body = Object),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The role does not allow it", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such request", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub(crate) async fn show(State(desk): State<Arc<Desk>>, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    Ok(Json(row(&store::find(&desk, &id).await?)))
}

/// The recorded determinations of a request. That they were read is recorded.
#[utoipa::path(
    get, path = "/api/v1/requests/{id}/determinations", tag = "requests", params(("id" = String, Path, description = "Its number")),
    responses(
        (status = 200, description = "The determinations word for word as they were recorded (docs/schemas/decide.schema.json)", body = Object),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The role does not allow it", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such request", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It was not determined, or its facts were destroyed by order", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub(crate) async fn determinations(State(desk): State<Arc<Desk>>, visit: Visit, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    let request = store::find(&desk, &id).await?;
    store::person(&request)?;
    let entry =
        request.determination.and_then(|e| u64::try_from(e).ok()).ok_or_else(|| Failure::conflict("The law was not determined yet"))?;
    let personal = desk.record.ledger.personal(entry, &visit.user()?.account, "api").await?;
    let determined: Determined = serde_json::from_value(personal).map_err(Failure::internal)?;
    let found: Value = serde_json::from_str(&determined.answer).map_err(Failure::internal)?;
    Ok(Json(json!({"comity": determined.comity, "determinations": found})))
}
