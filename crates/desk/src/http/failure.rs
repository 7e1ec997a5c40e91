//! What goes wrong, as a page for people and as problem+json (RFC 9457) for programs.

use super::visit::Visit;
use crate::desk::Desk;
use crate::page;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use maud::html;
use serde_json::json;
use std::any::Any;
use std::sync::Arc;

/// Why a request was not answered as asked.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) status: StatusCode,
    pub(crate) title: String,
    /// One a mistake: what it is about, and what is wrong with it.
    pub(crate) mistakes: Vec<(String, String)>,
}

impl Failure {
    fn new(status: StatusCode, title: impl Into<String>) -> Self {
        Self { status, title: title.into(), mistakes: Vec::new() }
    }

    /// The input is wrong.
    pub(crate) fn input(about: &str, message: impl Into<String>) -> Self {
        Self {
            mistakes: vec![(about.to_owned(), message.into())],
            ..Self::new(StatusCode::BAD_REQUEST, "Something in this request is wrong")
        }
    }

    /// Several things in the input are wrong.
    pub(crate) fn inputs(mistakes: Vec<(String, String)>) -> Self {
        Self { mistakes, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Something in this request is wrong") }
    }

    /// There is no such thing.
    pub(crate) fn unknown(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, what)
    }

    /// It does not fit how things stand.
    pub(crate) fn conflict(why: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, why)
    }

    /// The role does not allow it.
    pub(crate) fn forbidden(why: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, why)
    }

    /// One has to log in first.
    pub(crate) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Log in first")
    }

    /// Too much was asked in a short time.
    pub(crate) fn too_many() -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests from this address; wait a minute")
    }

    /// The record cannot be written.
    pub(crate) fn read_only(why: impl std::fmt::Display) -> Self {
        tracing::error!(%why, "the ledger cannot append");
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "The record cannot be written; nothing was changed. The desk is read-only until this is mended",
        )
    }

    /// Something broke; the details go to the log, not to the reader.
    pub(crate) fn internal(why: impl std::fmt::Display) -> Self {
        tracing::error!(%why, "internal error");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "This did not work; the log of the server says why")
    }

    fn problem(&self) -> Response {
        let mut body = json!({"type": "about:blank", "title": self.title, "status": self.status.as_u16()});
        if !self.mistakes.is_empty() {
            body["errors"] = self.mistakes.iter().map(|(at, message)| json!({"at": at, "message": message})).collect();
        }
        (self.status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
    }

    fn page(&self, desk: &Desk, visit: &Visit) -> Response {
        let body = html! {
            h1 { (self.title) }
            @if !self.mistakes.is_empty() {
                ul { @for (about, message) in &self.mistakes { li { @if !about.is_empty() { strong { (about) ": " } } (message) } } }
            }
            p { a href="/" { "Start page" } }
        };
        (self.status, page::plain(desk, visit, &self.title, body)).into_response()
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives failures their form: what asks the API gets JSON, everyone else a page.
pub(crate) async fn show(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let response = next.run(request).await;
    let status = response.status();
    let failure = response.extensions().get::<Failure>().cloned();
    // What the framework itself refuses (a body that is too long, a query that does not parse) gets the same form.
    let failure = failure.or_else(|| {
        let ours = response.headers().get(header::CONTENT_TYPE).is_some_and(|v| v != "text/plain; charset=utf-8");
        let refused = (status.is_client_error() || status.is_server_error()) && !ours;
        refused.then(|| Failure::new(status, status.canonical_reason().unwrap_or("This did not work")))
    });
    let Some(failure) = failure else { return response };
    let visit = response.extensions().get::<Visit>().cloned().unwrap_or_default();
    let (parts, _) = response.into_parts();
    let mut shown = if api { failure.problem() } else { failure.page(&desk, &visit) };
    for (name, value) in &parts.headers {
        if [header::SET_COOKIE, header::ALLOW, header::RETRY_AFTER].contains(name) {
            shown.headers_mut().append(name.clone(), value.clone());
        }
    }
    if let Some(path) = parts.extensions.get::<axum::extract::MatchedPath>() {
        shown.extensions_mut().insert(path.clone());
    }
    if failure.status == StatusCode::UNAUTHORIZED && api {
        shown.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    shown
}

/// What is in no table.
pub(crate) async fn not_found() -> Failure {
    Failure::unknown("There is no such page")
}

/// A route that does not take this method.
pub(crate) async fn wrong_method() -> Failure {
    Failure::new(StatusCode::METHOD_NOT_ALLOWED, "This address does not take this method")
}

/// A panic is an internal error; nothing of it is told.
pub(crate) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Failure::internal("a handler panicked").into_response()
}
