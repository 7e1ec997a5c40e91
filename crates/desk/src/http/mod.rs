//! How requests come in: the table of routes, who may use them, and what every answer carries.

pub(crate) mod failure;
pub(crate) mod guard;
mod headers;
pub(crate) mod limits;
pub(crate) mod metrics;
mod table;
pub(crate) mod visit;

use crate::desk::Desk;
use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::MethodRouter;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

pub(crate) use table::AUDITS;
pub use table::{Access, Role, RouteInfo, routes};

/// The largest body of a request, in bytes.
pub const MAX_BODY: usize = 1024 * 1024;

/// The service: every route of the table behind its guard, and nothing else.
pub fn router(desk: Arc<Desk>) -> Router {
    let mut paths: BTreeMap<&str, MethodRouter<Arc<Desk>>> = BTreeMap::new();
    for route in table::table() {
        let guarded = (route.make)().layer(from_fn_with_state((desk.clone(), route.info), guard::guard));
        let known = paths.remove(route.info.path).unwrap_or_default();
        paths.insert(route.info.path, known.merge(guarded));
    }
    let mut router = Router::new();
    for (path, methods) in paths {
        router = router.route(path, methods);
    }
    router
        .fallback(failure::not_found)
        .method_not_allowed_fallback(failure::wrong_method)
        .layer(axum::extract::DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn(finish))
        .layer(CatchPanicLayer::custom(failure::panicked))
        .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(30)))
        .layer(from_fn_with_state(desk.clone(), failure::show))
        .layer(from_fn_with_state(desk.clone(), headers::set))
        .layer(from_fn_with_state(desk.clone(), metrics::measure))
        .with_state(desk)
}

/// Lets a request come to its end though who sent it has gone away: what was begun is done and on record, not cut off midway.
async fn finish(request: Request, next: Next) -> Response {
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        // Only the end of the program ends the task otherwise.
        Err(_) => std::future::pending().await,
    }
}
