//! Deciding a case that is not recorded.

use super::body::{Problem, text};
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::request::sheet::decide;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use comity_engine::read_case;
use serde_json::{Value, json};
use std::sync::Arc;

/// Decides a case. Nothing of it is kept.
#[utoipa::path(
    post, path = "/api/v1/decide", tag = "decide",
    request_body(content = Object, description = "A case as `comity decide` takes it (docs/schemas/case.schema.json)", content_type = "application/json"),
    responses(
        (status = 200, description = "Determinations as `comity decide --format json` prints them (docs/schemas/decide.schema.json)", body = Object),
        (status = 400, description = "The body is no JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The role does not allow it", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Larger than 1 MiB", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not application/json", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The case has mistakes", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub(crate) async fn submit(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> Result<Json<Value>, Failure> {
    let case = read_case(&desk.law, text(&headers, &body)?).map_err(|error| {
        Failure::inputs(
            error.mistakes.into_iter().map(|m| (format!("{} (line {}, column {})", m.path, m.line, m.column), m.message)).collect(),
        )
    })?;
    let found = decide(&desk, &case).await?;
    Ok(Json(json!({"comity": env!("CARGO_PKG_VERSION"), "determinations": found})))
}
