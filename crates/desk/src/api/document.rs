//! The OpenAPI document, made from the handlers themselves.

use axum::http::header;
use axum::response::IntoResponse;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(title = "Comity", description = "What a local agency must, may or must not do when a federal agency asks. A person decides; it is no legal advice."),
    paths(
        super::decide::submit,
        super::law::instruments,
        super::law::instrument,
        super::law::changes,
        super::requests::list,
        super::requests::create,
        super::requests::show,
        super::requests::determinations,
        super::record::receipt,
    ),
    modifiers(&Token)
)]
struct Document;

struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document.components.get_or_insert_default().add_security_scheme("token", scheme);
    }
}

/// The document as JSON.
pub(crate) fn text() -> String {
    Document::openapi().to_json().unwrap_or_default()
}

/// `GET /api/v1/openapi.json`
pub(crate) async fn show() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], text())
}
