//! Bodies of requests to the API.

use crate::http::failure::Failure;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

/// Reads a JSON body.
pub(crate) fn json<T: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Result<T, Failure> {
    text(headers, body)?;
    serde_json::from_slice(body)
        .map_err(|error| Failure::input(&format!("line {}, column {}", error.line(), error.column()), error.to_string()))
}

/// A JSON body as text.
pub(crate) fn text<'b>(headers: &HeaderMap, body: &'b Bytes) -> Result<&'b str, Failure> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().unwrap_or_default().trim() != "application/json" {
        return Err(Failure { status: StatusCode::UNSUPPORTED_MEDIA_TYPE, ..Failure::input("Content-Type", "send application/json") });
    }
    std::str::from_utf8(body).map_err(|error| Failure::input("body", format!("the byte at {} is not UTF-8", error.valid_up_to())))
}

/// What a failure looks like (RFC 9457).
#[derive(utoipa::ToSchema)]
#[allow(dead_code)]
pub(crate) struct Problem {
    /// Always `about:blank`.
    #[schema(rename = "type")]
    r#type: String,
    /// What went wrong.
    title: String,
    /// The status.
    status: u16,
    /// What is wrong where.
    errors: Option<Vec<ProblemAt>>,
}

/// A mistake of the input.
#[derive(utoipa::ToSchema)]
#[allow(dead_code)]
pub(crate) struct ProblemAt {
    /// Where.
    at: String,
    /// What is wrong, and the remedy.
    message: String,
}
