//! The inbox: what is overdue, what is due, what is under way.

use super::store::{self, Request};
use super::tasks::{self, Task};
use crate::desk::Desk;
use crate::http::Role;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::plain;
use axum::extract::State;
use maud::{Markup, html};
use std::collections::HashMap;
use std::sync::Arc;

/// `GET /desk`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit) -> Result<Markup, Failure> {
    let user = visit.user()?;
    let open = tasks::open(&desk).await?;
    let requests = store::open(&desk).await?;
    let names = crate::people::accounts::names(&desk.record).await?;
    let now = desk.now_ms();
    let (overdue, rest): (Vec<&Task>, Vec<&Task>) = open.iter().partition(|t| t.due.is_some_and(|due| due < now));
    desk.metrics.overdue.set(i64::try_from(overdue.len()).unwrap_or(i64::MAX));
    let body = html! {
        h1 { "Inbox" }
        @if matches!(user.role, Role::Clerk | Role::Supervisor) { p { a.usa-button href="/new" { "New request" } } }
        @if !overdue.is_empty() {
            section aria-labelledby="overdue" { h2.desk-overdue #overdue { "Overdue: " (overdue.len()) } (list(&desk, &overdue)) }
        }
        section aria-labelledby="due" {
            h2 #due { "Due" }
            @if rest.is_empty() { p { "Nothing is due." } } @else { (list(&desk, &rest)) }
        }
        section aria-labelledby="under-way" {
            h2 #under-way { "Requests under way" }
            @if requests.is_empty() { p { "No request is under way." } } @else { (table(&desk, &requests, &names)) }
        }
    };
    Ok(plain(&desk, &visit, "Inbox", body))
}

fn list(desk: &Desk, tasks: &[&Task]) -> Markup {
    html! {
        table.usa-table.desk-stack {
            thead { tr { th scope="col" { "Due" } th scope="col" { "Task" } th scope="col" { "Where" } } }
            tbody { @for task in tasks { tr {
                th scope="row" { (tasks::due(desk, task)) }
                td data-label="Task" { (task.title) div.desk-cite { (task.kind.replace('-', " ")) @if !task.cite.is_empty() { ", " (task.cite) } } }
                td data-label="Where" { (place(task)) }
            } } }
        }
    }
}

fn place(task: &Task) -> Markup {
    html! {
        @match (&task.request, task.kind.as_str()) {
            (Some(request), "sign-off") => a href={ "/requests/" (request) "/sign" } { "Sign request " (request) },
            (Some(request), _) => a href={ "/requests/" (request) } { "Request " (request) },
            (None, _) => a href={ "/reviews/" (task.id) } { "Review" },
        }
    }
}

/// Requests as a table.
pub(crate) fn table(desk: &Desk, requests: &[Request], names: &HashMap<String, String>) -> Markup {
    html! {
        table.usa-table.desk-stack {
            thead { tr { th scope="col" { "Request" } th scope="col" { "Received" } th scope="col" { "Asked" } th scope="col" { "Law" } th scope="col" { "Status" } } }
            tbody { @for r in requests { tr {
                th scope="row" { a href={ "/requests/" (r.id) } { (r.id) } div.desk-cite { (names.get(&r.created_by).map_or("", String::as_str)) ", " (desk.shown(r.created)) } }
                td data-label="Received" { (r.received.replace('T', " ")) }
                td data-label="Asked" { (r.actions) }
                td data-label="Law" { @if r.outcomes.is_empty() { "not determined" } @else { (r.outcomes) } }
                td data-label="Status" { (r.status.says()) }
            } } }
        }
    }
}
