//! The record by API.

use super::body::Problem;
use crate::audit::entry;
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;

/// The receipt of an entry, to be verified offline.
#[utoipa::path(
    get, path = "/api/v1/entries/{index}/receipt", tag = "record", params(("index" = u64, Path, description = "The number of the entry")),
    responses(
        (status = 200, description = "A proof in the form of C2SP tlog-proof", body = String, content_type = "text/plain"),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The role does not allow it", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such entry", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The record cannot be written", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub(crate) async fn receipt(desk: State<Arc<Desk>>, visit: Visit, index: Path<String>) -> Result<Response, Failure> {
    entry::receipt(desk, visit, index).await
}
