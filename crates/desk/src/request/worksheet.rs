//! The worksheet: one determination for the file, made to be printed. Result first, then reasons, then signatures.

use super::decision::Decision;
use super::departure;
use super::show::determinations;
use super::shown;
use super::store::{self, Status};
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::plain;
use axum::extract::{Path, State};
use maud::{Markup, html};
use std::sync::Arc;

/// `GET /requests/{id}/worksheet`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit, Path(id): Path<String>) -> Result<Markup, Failure> {
    let request = store::find(&desk, &id).await?;
    let mut found = determinations(&desk, &visit, &request, "worksheet").await?;
    let (Some(first), Some(entry)) = (found.first().cloned(), request.determination) else {
        return Err(Failure::conflict("The law was not determined yet"));
    };
    let sheet = store::sheet(&desk, &request).await?;
    let decision = if departure::stands(&request) { Decision::of(&desk, &request).await? } else { None };
    let follows = departure::follow(&desk, &visit.user()?.account, &request, &mut found, decision.as_ref()).await?;
    let body = html! {
        p.desk-noprint { a href={ "/requests/" (id) } { "Back to the request" } }
        h1 { "Worksheet: request " (id) }
        p {
            (desk.agency.name) " · received " (desk.shown_text(&request.received)) " · file " strong { (sheet.file) } @if !sheet.name.is_empty() { ", " (sheet.name) }
            " · law of " (first.on)
        }
        @for d in &found {
            div.desk-verdict.{ "desk-verdict--" (d.outcome) } {
                p { strong { (d.action_says) ": " } span.desk-word { (d.outcome) } ". " (shown::verdict(&d.outcome)) "." @if d.outcome == "undetermined" { " Still possible: " (d.possible.join(", ")) "." } }
            }
        }
        @if let Some(decision) = &decision {
            p { strong { "Decided" } @if request.status == Status::Unsigned { ", to be signed by a second person" } ":" }
            ul { @for d in &found { li { (d.action_says) ": " (decision.words(&d.action)) } } }
            (departure::note(&found, decision, &follows))
        }
        (shown::duties(&desk, &found))
        @for d in &found { (shown::whole(&desk, d)) }
        section aria-labelledby="rec" {
            h2 #rec { "Record" }
            p { "Ledger entry " strong { (entry) } ". Law bundle " span.desk-mono { (first.bundle) } "." }
            p { "Comity shows what the law says; a person decides. It is no legal advice." }
        }
        div.desk-sign aria-hidden="true" {
            div { "Decided by, date and time" }
            div { "Checked by a second person, date and time" }
            div { "Notice served by, date and time" }
            div { "Received by the person (or refused)" }
        }
        div.desk-noprint.desk-only-js { button.usa-button type="button" data-print { "Print" } }
    };
    Ok(plain(&desk, &visit, &format!("Worksheet {id}"), body))
}
