//! The record, the latest first.

use super::rows;
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::{parts, plain};
use axum::extract::{Query, State};
use comity_ledger::{EntryKind, Filter};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
pub(crate) struct Asked {
    kind: Option<String>,
    before: Option<String>,
}

/// How many entries stand on a page.
const PAGE: u32 = 100;

/// `GET /audit`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, Failure> {
    let chosen = asked.kind.as_deref().filter(|k| !k.is_empty());
    let kind = chosen.map(|k| k.parse::<EntryKind>().map_err(|why| Failure::input("kind", why))).transpose()?;
    let before = asked.before.as_deref().filter(|b| !b.is_empty());
    let before = before.map(|b| b.parse::<u64>().map_err(|_| Failure::input("before", "it is no number"))).transpose()?;
    let filter = Filter { kind, from: before.map(|b| b.saturating_sub(1)), newest_first: true, limit: Some(PAGE), ..Filter::default() };
    let entries = desk.record.ledger.entries(&filter).await?;
    let head = desk.record.ledger.head().await?;
    let names = crate::people::accounts::names(&desk.record).await?;
    let mut kinds = vec![(String::new(), "Any".to_owned())];
    kinds.extend(EntryKind::ALL.iter().map(|k| (k.name().to_owned(), k.name().replace('-', " "))));
    let body = html! {
        h1 { "The record" }
        p { (head.size) " entries. Each has a receipt that verifies offline with the " a href="/audit/key" { "public key" } " and " code { "comity ledger verify-receipt" } ". Personal facts are not shown here." }
        form method="get" action="/audit" {
            div.desk-fields { (parts::select("kind", "What", &kinds, chosen.unwrap_or_default())) div { button.usa-button type="submit" { "Show" } } }
        }
        (rows(&desk, &visit, &entries, &names))
        @if let Some(last) = entries.last().filter(|e| e.index > 0 && entries.len() == PAGE as usize) {
            p { a href={ "/audit?kind=" (chosen.unwrap_or_default()) "&before=" (last.index) } { "Older entries" } }
        }
    };
    Ok(plain(&desk, &visit, "The record", body))
}

/// `GET /audit/key`
pub(crate) async fn key(State(desk): State<Arc<Desk>>) -> String {
    format!("{}\n", desk.record.ledger.keys().public())
}
