//! The audit trail of a request: every entry about it, reads among them.

use super::store;
use crate::audit::rows;
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::plain;
use axum::extract::{Path, State};
use maud::{Markup, html};
use std::sync::Arc;

/// `GET /requests/{id}/trail`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit, Path(id): Path<String>) -> Result<Markup, Failure> {
    store::find(&desk, &id).await?;
    let entries = desk.record.ledger.by_subject(&id).await?;
    let names = crate::people::accounts::names(&desk.record).await?;
    let body = html! {
        p { a href={ "/requests/" (id) } { "Back to the request" } }
        h1 { "Audit trail of request " (id) }
        (rows(&desk, &visit, &entries, &names))
    };
    Ok(plain(&desk, &visit, &format!("Trail {id}"), body))
}
