//! Whether the desk works, for machines.

use crate::desk::Desk;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /healthz`
pub(crate) async fn show(State(desk): State<Arc<Desk>>) -> (StatusCode, Json<Value>) {
    let read_only = desk.record.read_only().is_some();
    let (status, word) = if read_only { (StatusCode::SERVICE_UNAVAILABLE, "read-only") } else { (StatusCode::OK, "ok") };
    (status, Json(json!({"status": word, "version": env!("CARGO_PKG_VERSION"), "law": desk.law.digest})))
}
