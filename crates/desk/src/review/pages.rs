//! Reviews of changes of the law.

use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::{Fields, Visit};
use crate::page::{parts, plain};
use crate::request::tasks::{self, Task};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use comity_ledger::{EntryKind, NewEntry};
use maud::{Markup, html};
use serde_json::json;
use std::sync::Arc;

/// What has to be looked at when the law changes: where access that was lawful yesterday goes on by itself.
const POINTS: [(&str, &str); 6] = [
    ("accounts", "Accounts and access that other agencies have here"),
    ("feeds", "Feeds, lists and look-ups that are open to others"),
    ("sharing", "Sharing settings at vendors: cameras, plate readers, records systems"),
    ("agreements", "Agreements and task forces"),
    ("forms", "Forms, letters and instructions to staff"),
    ("requests", "Requests under way"),
];

/// `GET /reviews`
pub(crate) async fn list(State(desk): State<Arc<Desk>>, visit: Visit) -> Result<Markup, Failure> {
    let open: Vec<Task> = tasks::open(&desk).await?.into_iter().filter(|t| t.kind == "review").collect();
    let body = html! {
        h1 { "Changes of the law to review" }
        p { "Each change that touches this agency opens a review thirty days before its day." }
        @if open.is_empty() { p { "Nothing is to be reviewed." } }
        @else {
            table.usa-table.desk-stack {
                thead { tr { th scope="col" { "Due" } th scope="col" { "Change" } th scope="col" { "Review" } } }
                tbody { @for task in &open { tr {
                    th scope="row" { (tasks::due(&desk, task)) }
                    td data-label="Change" { (task.title) div.desk-cite { (task.cite) } }
                    td data-label="Review" {
                        a href={ "/reviews/" (task.id) } { "Review" span.usa-sr-only { ": " (task.title) } }
                        @if let Some(request) = &task.request { " for " a href={ "/requests/" (request) } { "request " (request) } }
                    }
                } } }
            }
        }
    };
    Ok(plain(&desk, &visit, "Law reviews", body))
}

async fn review(desk: &Desk, id: &str) -> Result<Task, Failure> {
    let task = tasks::find(desk, id).await?;
    if task.kind == "review" { Ok(task) } else { Err(Failure::unknown("There is no such review")) }
}

/// `GET /reviews/{id}`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit, Path(id): Path<String>) -> Result<Markup, Failure> {
    let task = review(&desk, &id).await?;
    // `law 2026-11-22 begins us-ca-values-act#notify`
    let mut words = task.source.split(' ').skip(1);
    let (day, instrument) = (words.next().unwrap_or_default(), words.nth(1).unwrap_or_default().split('#').next().unwrap_or_default());
    let place = &desk.agency.place;
    let body = html! {
        h1 { (task.title) }
        p { (tasks::due(&desk, &task)) @if !task.cite.is_empty() { ", " (task.cite) } }
        ul {
            @if desk.law.instrument(instrument).is_some() { li { a href={ "/law/instrument/" (instrument) } { "The law itself" } } }
            li { a href={ "/law/compare?one=" (place) "&one_on=" (before(day)) "&two=" (place) "&two_on=" (day) "&kind=" (desk.agency.kind) } { "What it changes, case by case" } }
            @if let Some(request) = &task.request { li { a href={ "/requests/" (request) } { "Request " (request) } } }
        }
        @if task.status == "open" {
            form.maxw-full method="post" action={ "/reviews/" (id) } {
                (parts::csrf(&visit))
                fieldset.usa-fieldset {
                    legend.usa-legend { "What was looked at, and is in order for this day" }
                    @for (value, says) in POINTS {
                        div.usa-checkbox {
                            input.usa-checkbox__input id=(value) type="checkbox" name="point" value=(value);
                            label.usa-checkbox__label for=(value) { (says) }
                        }
                    }
                }
                label.usa-label for="note" { "What was changed" }
                div.usa-hint #note-hint { "No names of persons: this stands in the open part of the record." }
                textarea.usa-textarea #note name="note" rows="3" aria-describedby="note-hint" {}
                button.usa-button.margin-top-3 type="submit" { "Record the review" }
            }
        } @else { p { "Reviewed " (task.done.map(|at| desk.shown(at)).unwrap_or_default()) "." } }
    };
    Ok(plain(&desk, &visit, "Review", body))
}

fn before(day: &str) -> String {
    comity_logic::parse_date(day).and_then(|d| d.yesterday().ok()).map_or_else(String::new, |d| d.to_string())
}

/// `POST /reviews/{id}`
pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let user = visit.user()?;
    let task = review(&desk, &id).await?;
    let points: Vec<&str> = POINTS.iter().map(|(value, _)| *value).filter(|value| fields.all("point").contains(value)).collect();
    let note: String = fields.get("note").chars().take(2000).collect();
    if points.is_empty() {
        return Err(Failure::input("review", "tick what was looked at"));
    }
    let mut entry = NewEntry::new(EntryKind::Review, &user.account)
        .bundle(&desk.law.digest)
        .public(json!({"review": task.source, "in_order": points, "note": note}));
    entry.subject.clone_from(&task.request);
    let mut tx = desk.record.begin().await?;
    let appended = tx.append(entry).await?;
    tasks::close(&mut tx, &task.id, &user.account, appended.index, desk.now_ms()).await?;
    tx.commit().await?;
    Ok(Redirect::to("/reviews").into_response())
}
