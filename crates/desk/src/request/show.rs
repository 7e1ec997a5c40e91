//! A request: what the law says, what is due, what comes next.

use super::decision::Decision;
use super::departure;
use super::shown::{self, Shown};
use super::store::{self, Request, Status};
use super::tasks::{self, Task};
use crate::desk::Desk;
use crate::http::Role;
use crate::http::failure::Failure;
use crate::http::visit::{User, Visit};
use crate::page::{parts, plain};
use axum::extract::{Path, State};
use comity_ledger::Determined;
use maud::{Markup, html};
use std::collections::HashMap;
use std::sync::Arc;

/// The recorded determinations of a request; that they were read is recorded first.
pub(crate) async fn determinations(desk: &Desk, visit: &Visit, request: &Request, purpose: &str) -> Result<Vec<Shown>, Failure> {
    let Some(entry) = request.determination.and_then(|e| u64::try_from(e).ok()) else { return Ok(Vec::new()) };
    if request.person.is_none() {
        return Ok(Vec::new());
    }
    let personal = desk.record.ledger.personal(entry, &visit.user()?.account, purpose).await?;
    let determined: Determined = serde_json::from_value(personal).map_err(Failure::internal)?;
    Ok(shown::read(&determined.answer))
}

/// `GET /requests/{id}`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit, Path(id): Path<String>) -> Result<Markup, Failure> {
    let request = store::find(&desk, &id).await?;
    let mut found = determinations(&desk, &visit, &request, "request page").await?;
    let tasks = tasks::of_request(&desk, &id).await?;
    let user = visit.user()?;
    let decision = Decision::of(&desk, &request).await?;
    let follows = departure::follow(&desk, &user.account, &request, &mut found, decision.as_ref()).await?;
    let names = crate::people::accounts::names(&desk.record).await?;
    let body = html! {
        h1 { "Request " (request.id) }
        p {
            "Received " (desk.shown_text(&request.received)) ", entered by " (names.get(&request.created_by).map_or("another desk", String::as_str)) ". Status: " strong { (request.status.says()) } "."
            @if let Some(entry) = request.determination { " Determination: " (parts::entry(&visit, entry)) "." }
            @if let Some(decision) = &decision {
                " Decided by " (request.decided_by.as_ref().and_then(|by| names.get(by)).map_or("another desk", String::as_str)) ": " (parts::entry(&visit, decision.entry.cast_signed())) "."
            }
        }
        (next(&request, user, &visit))
        @if request.person.is_none() {
            div.usa-alert.usa-alert--info { div.usa-alert__body { p.usa-alert__text { "The personal facts of this request were destroyed by order. The record of what was done remains." } } }
        }
        @if found.is_empty() && request.determination.is_none() { p { "The law was not determined yet." } }
        @else if !found.is_empty() { (summary(&found, decision.as_ref())) }
        (task_list(&desk, &visit, &tasks, &names))
        @for d in &found { (shown::whole(&desk, d)) }
        @if let Some(decision) = decision.as_ref().filter(|_| departure::stands(&request)) { (departure::note(&found, decision, &follows)) }
        (shown::duties(&desk, &found))
        p.desk-noprint { a href={ "/requests/" (id) "/trail" } { "Audit trail of this request" } }
    };
    Ok(plain(&desk, &visit, &format!("Request {id}"), body))
}

/// The result first.
fn summary(found: &[Shown], decision: Option<&Decision>) -> Markup {
    html! {
        table.usa-table.desk-stack {
            caption.usa-sr-only { "Outcome by action" }
            thead { tr { th scope="col" { "Action" } th scope="col" { "Outcome" } th scope="col" { "Meaning" } @if decision.is_some() { th scope="col" { "Decided" } } } }
            tbody { @for d in found { tr {
                th scope="row" { a href={ "#d-" (d.action) } { (d.action_says) } }
                td data-label="Outcome" { span.desk-word { (d.outcome) } }
                td data-label="Meaning" { (shown::verdict(&d.outcome)) }
                @if let Some(decision) = decision { td data-label="Decided" { (decision.words(&d.action)) } }
            } } }
        }
    }
}

/// What the person who looks at it can do next.
fn next(request: &Request, user: &User, visit: &Visit) -> Markup {
    let works = matches!(user.role, Role::Clerk | Role::Supervisor);
    let id = &request.id;
    html! {
        div.desk-actions.desk-noprint {
            @match request.status {
                Status::Draft if works => {
                    a.usa-button href={ "/requests/" (id) "/ask" } { "Go on with the questions" }
                    a.usa-button.usa-button--outline href={ "/requests/" (id) "/check" } { "Check the answers" }
                }
                Status::Determined if works => {
                    a.usa-button href={ "/requests/" (id) "/disposition" } { "Record what was decided" }
                    a.usa-button.usa-button--outline href={ "/requests/" (id) "/check" } { "Answers have changed" }
                }
                Status::Unsigned if user.role == Role::Supervisor => {
                    @if request.decided_by.as_deref() == Some(user.account.as_str()) { p { "You decided this; another supervisor has to sign." } }
                    @else { a.usa-button href={ "/requests/" (id) "/sign" } { "Compare and sign" } }
                }
                _ => {}
            }
            @if request.determination.is_some() && request.person.is_some() {
                a.usa-button.usa-button--outline href={ "/requests/" (id) "/worksheet" } { "Worksheet to print" }
                a.usa-button.usa-button--outline href={ "/requests/" (id) "/notice" } { "Notice to the person" }
            }
        }
        @if visit.read_only.is_some() { p { "The desk is read-only at the moment." } }
    }
}

/// The tasks of a request.
fn task_list(desk: &Desk, visit: &Visit, all: &[Task], names: &HashMap<String, String>) -> Markup {
    let works = visit.user.as_ref().is_some_and(|u| matches!(u.role, Role::Clerk | Role::Supervisor));
    html! {
        @if !all.is_empty() {
            section aria-labelledby="tasks" {
                h2 #tasks { "Tasks" }
                table.usa-table.desk-stack {
                    thead { tr { th scope="col" { "Task" } th scope="col" { "Due" } th scope="col" { "Done" } } }
                    tbody { @for task in all { tr {
                        th scope="row" { (task.title) div.desk-cite { (task.kind.replace('-', " ")) @if !task.cite.is_empty() { ", " (task.cite) } } }
                        td data-label="Due" { (tasks::due(desk, task)) }
                        td data-label="Done" { (doing(desk, visit, task, works, names)) }
                    } } }
                }
            }
        }
    }
}

fn doing(desk: &Desk, visit: &Visit, task: &Task, works: bool, names: &HashMap<String, String>) -> Markup {
    let request = task.request.as_deref().unwrap_or_default();
    html! {
        @if task.status == "done" {
            (task.done.map(|at| desk.shown(at)).unwrap_or_default())
            @if let Some(by) = task.done_by.as_ref().and_then(|by| names.get(by)) { ", " (by) }
            @if let Some(entry) = task.entry { ", " (parts::entry(visit, entry)) }
        } @else if works && task.kind == "notice" {
            a href={ "/requests/" (request) "/notice" } { "Print and mark as served" span.usa-sr-only { ": " (task.title) } }
        } @else if works && matches!(task.kind.as_str(), "duty" | "clock") {
            form method="post" action={ "/tasks/" (task.id) "/done" } {
                (parts::csrf(visit))
                label.usa-label for={ "how-" (task.id) } { "How (optional)" }
                input.usa-input id={ "how-" (task.id) } name="how" type="text" autocomplete="off";
                button.usa-button.usa-button--outline.margin-top-1 type="submit" { "Mark as done" span.usa-sr-only { ": " (task.title) } }
            }
        } @else { "open" }
    }
}
