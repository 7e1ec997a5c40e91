//! One entry, and its receipt.

use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::plain;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use comity_ledger::{EntryKind, NewEntry};
use maud::{Markup, html};
use serde_json::json;
use std::sync::Arc;

fn index(text: &str) -> Result<u64, Failure> {
    text.parse().map_err(|_| Failure::unknown("Entries have numbers"))
}

/// `GET /audit/entries/{index}`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit, Path(at): Path<String>) -> Result<Markup, Failure> {
    let at = index(&at)?;
    let entry = desk.record.ledger.read(at).await?.ok_or_else(|| Failure::unknown("There is no entry of this number"))?;
    let text = serde_json::to_string_pretty(&entry).map_err(Failure::internal)?;
    let body = html! {
        h1 { "Entry " (at) }
        p { (entry.kind.name().replace('-', " ")) ", " (desk.shown(entry.time_ms())) @if let Some(subject) = &entry.subject { ", " a href={ "/requests/" (subject) } { "request " (subject) } } }
        @if entry.personal.is_some() { p { "It has a personal part, kept encrypted beside the record; here stands only the commitment to it." } }
        p { "Below is the entry word for word. Its time is UTC, as the record keeps it." }
        div.desk-scroll tabindex="0" role="region" aria-label="The entry as it is recorded" { pre { (text) } }
        p { a.usa-button href={ "/audit/entries/" (at) "/receipt" } { "Download the receipt" } }
    };
    Ok(plain(&desk, &visit, &format!("Entry {at}"), body))
}

/// `GET /audit/entries/{index}/receipt`
pub(crate) async fn receipt(State(desk): State<Arc<Desk>>, visit: Visit, Path(at): Path<String>) -> Result<Response, Failure> {
    let at = index(&at)?;
    if desk.record.ledger.read(at).await?.is_none() {
        return Err(Failure::unknown("There is no entry of this number"));
    }
    let actor = visit.user()?.account.clone();
    desk.record.append(NewEntry::new(EntryKind::Export, actor).public(json!({"receipt": at}))).await?;
    let receipt = desk.record.ledger.receipt(at).await?.to_string();
    let name = format!("attachment; filename=\"entry-{at}.tlog-proof\"");
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)], receipt).into_response())
}
