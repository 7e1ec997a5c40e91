//! The audit trail of a request: what was done, and on demand who read its personal facts.

use super::store;
use crate::audit::rows;
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::plain;
use axum::extract::{Path, Query, State};
use comity_ledger::EntryKind;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
pub(crate) struct Asked {
    reads: Option<String>,
}

/// `GET /requests/{id}/trail`
pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    store::find(&desk, &id).await?;
    let with_reads = asked.reads.as_deref() == Some("shown");
    let all = desk.record.ledger.by_subject(&id).await?;
    let reads = all.iter().filter(|e| e.kind == EntryKind::Read).count();
    let entries: Vec<_> = all.into_iter().filter(|e| with_reads || e.kind != EntryKind::Read).collect();
    let names = crate::people::accounts::names(&desk.record).await?;
    let path = format!("/requests/{id}/trail");
    let body = html! {
        p { a href={ "/requests/" (id) } { "Back to the request" } }
        h1 { "Audit trail of request " (id) }
        p {
            @if with_reads { (entries.len()) " entries, reads of personal facts among them: " (reads) ". " a href=(path) { "Leave the reads out" } }
            @else { "Entries: " (entries.len()) ". Reads of personal facts that are left out here: " (reads) ". " @if reads > 0 { a href={ (path) "?reads=shown" } { "Show the reads too" } } }
        }
        (rows(&desk, &visit, &entries, &names))
    };
    Ok(plain(&desk, &visit, &format!("Trail {id}"), body))
}
