//! Counters for Prometheus, and one log line a request: route and status, never an address, a query or a name.

use crate::desk::Desk;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::sync::Arc;
use std::time::Instant;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    route: String,
}

/// The upper bounds of the buckets of answer times, in seconds.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// What is counted.
pub(crate) struct Metrics {
    registry: Registry,
    answered: Family<Answered, Counter>,
    seconds: Family<Route, Histogram, fn() -> Histogram>,
    /// Log-ins that failed.
    pub(crate) failed_log_ins: Counter,
    /// 1 while the ledger cannot append.
    pub(crate) read_only: Gauge,
    /// Tasks past their time.
    pub(crate) overdue: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("comity");
        let answered = Family::default();
        let seconds = Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> Histogram);
        let (failed_log_ins, read_only, overdue) = (Counter::default(), Gauge::default(), Gauge::default());
        registry.register("requests", "Answered requests", answered.clone());
        registry.register_with_unit("request_duration", "Time to answer", Unit::Seconds, seconds.clone());
        registry.register("failed_log_ins", "Log-ins that failed", failed_log_ins.clone());
        registry.register("ledger_read_only", "1 while the ledger cannot append", read_only.clone());
        registry.register("overdue_tasks", "Tasks past their time", overdue.clone());
        Self { registry, answered, seconds, failed_log_ins, read_only, overdue }
    }
}

/// Counts and logs an answer.
pub(crate) async fn measure(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    // Anyone can make a method up; each would be kept for good.
    let method = match request.method().as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "PATCH" | "OPTIONS") => known.to_owned(),
        _ => "other".to_owned(),
    };
    let response = next.run(request).await;
    // The pattern of the route, so that no id of a request or person gets into logs and counters.
    let route = response.extensions().get::<MatchedPath>().map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let (status, passed) = (response.status().as_u16(), begun.elapsed());
    desk.metrics.answered.get_or_create(&Answered { method: method.clone(), route: route.clone(), status }).inc();
    desk.metrics.seconds.get_or_create(&Route { route: route.clone() }).observe(passed.as_secs_f64());
    tracing::info!(method, route, status, ms = passed.as_millis() as u64, "answered");
    response
}

/// `GET /metrics`
pub(crate) async fn show(State(desk): State<Arc<Desk>>) -> Response {
    desk.metrics.read_only.set(i64::from(desk.record.read_only().is_some()));
    let mut text = String::new();
    match encode(&mut text, &desk.metrics.registry) {
        Ok(()) => ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response(),
        Err(_) => axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
