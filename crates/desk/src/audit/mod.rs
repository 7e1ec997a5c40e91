//! The record for those who check it: entries, receipts, the key.

pub(crate) mod access;
pub(crate) mod entry;
pub(crate) mod list;
pub(crate) mod rows;

use crate::desk::Desk;
use crate::http::visit::Visit;
use crate::page::parts;
use comity_ledger::Entry;
use maud::{Markup, html};
use std::collections::HashMap;

/// Entries as a table. Only their public parts are shown.
pub(crate) fn rows(desk: &Desk, visit: &Visit, entries: &[Entry], names: &HashMap<String, String>) -> Markup {
    html! {
        table.usa-table.usa-table--compact.desk-stack {
            thead { tr { th scope="col" { "Entry" } th scope="col" { "Time" } th scope="col" { "What" } th scope="col" { "Who" } th scope="col" { "Request" } } }
            tbody { @for e in entries { tr {
                th scope="row" { (parts::entry(visit, e.index)) }
                td data-label="Time" { (desk.shown(e.time_ms())) }
                td data-label="What" { (e.kind.name().replace('-', " ")) @if let Some(purpose) = e.public.get("purpose").and_then(|p| p.as_str()) { ": " (purpose) } }
                td data-label="Who" { (names.get(&e.actor).unwrap_or(&e.actor)) }
                td data-label="Request" { (e.subject.as_deref().unwrap_or("")) }
            } } }
        }
    }
}
