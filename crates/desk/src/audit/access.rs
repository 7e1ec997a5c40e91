//! What an individual may ask for (28 CFR 20.21(g), and state acts like it): who read their record, what was decided, which duties were done.

use super::rows;
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::{Fields, Visit};
use crate::page::{parts, plain};
use crate::people::accounts;
use crate::request::search::whole_word;
use crate::request::store::{self, Request};
use crate::request::tasks::{self, Task};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use comity_ledger::{Entry, EntryKind, NewEntry};
use maud::{Markup, html};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// One request about the person: what is on record of it.
struct Kept {
    request: Request,
    /// Reads and exports.
    reads: Vec<Entry>,
    /// Everything else.
    acts: Vec<Entry>,
    tasks: Vec<Task>,
}

/// `GET /access`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit) -> Markup {
    page(&desk, &visit, &Fields::default(), None)
}

/// `POST /access`
pub(crate) async fn find(State(desk): State<Arc<Desk>>, visit: Visit, fields: Fields) -> Result<Markup, Failure> {
    let found = gather(&desk, &visit, &fields, EntryKind::Read, "individual's access record").await?;
    let names = accounts::names(&desk.record).await?;
    Ok(page(&desk, &visit, &fields, Some(result(&desk, &visit, &fields, &found, &names))))
}

/// `POST /access/export`
pub(crate) async fn export(State(desk): State<Arc<Desk>>, visit: Visit, fields: Fields) -> Result<Response, Failure> {
    let found = gather(&desk, &visit, &fields, EntryKind::Export, "individual's access record, exported").await?;
    let names = accounts::names(&desk.record).await?;
    let requests: Vec<Value> = found.iter().map(|kept| exported(kept, &names)).collect();
    let text = json!({"agency": desk.agency.name, "made": desk.now().to_string(), "log": desk.record.ledger.keys().public().to_string(), "requests": requests});
    let text = serde_json::to_string_pretty(&text).map_err(Failure::internal)?;
    let headers =
        [(header::CONTENT_TYPE, "application/json"), (header::CONTENT_DISPOSITION, "attachment; filename=\"access-record.json\"")];
    Ok((headers, text).into_response())
}

/// What is on record of the person's requests. That it was asked for is recorded first, with each request: it is a read like others.
async fn gather(desk: &Desk, visit: &Visit, fields: &Fields, kind: EntryKind, purpose: &str) -> Result<Vec<Kept>, Failure> {
    let user = visit.user()?;
    let word = whole_word(desk, fields.get("file"));
    let id = fields.get("id");
    if word.is_none() && id.is_empty() {
        return Err(Failure::input("Whose record", "give the number of the person’s file, or of a request"));
    }
    let mut requests = store::search(desk, None, id, word).await?;
    if id.is_empty() {
        requests = of_file(desk, requests, fields.get("file")).await?;
    }
    let trace = |subject: Option<&str>| {
        let mut entry = NewEntry::new(kind, &user.account).public(json!({"purpose": purpose}));
        entry.subject = subject.map(str::to_owned);
        entry
    };
    if requests.is_empty() {
        desk.record.append(trace(None)).await?;
    }
    let mut found = Vec::new();
    for request in requests {
        desk.record.append(trace(Some(&request.id))).await?;
        let all = desk.record.ledger.by_subject(&request.id).await?;
        let (reads, acts) = all.into_iter().partition(|e| matches!(e.kind, EntryKind::Read | EntryKind::Export));
        found.push(Kept { reads, acts, tasks: tasks::of_request(desk, &request.id).await?, request });
    }
    Ok(found)
}

/// Those of exactly this file: words of names, and numbers that differ in their signs, are found by the same hash. Nothing of the others is shown or told.
async fn of_file(desk: &Desk, found: Vec<Request>, file: &str) -> Result<Vec<Request>, Failure> {
    let mut out = Vec::new();
    for request in found {
        if request.person.is_some() && store::sheet(desk, &request).await?.file.trim().eq_ignore_ascii_case(file.trim()) {
            out.push(request);
        }
    }
    Ok(out)
}

fn page(desk: &Desk, visit: &Visit, fields: &Fields, found: Option<Markup>) -> Markup {
    let body = html! {
        h1 { "Access record of a person" }
        p { "Who read what is kept about a person, what was decided, and which duties were done: what the person may ask for. Looking it up is itself an entry of the record." }
        form.desk-noprint method="post" action="/access" {
            (parts::csrf(visit))
            div.desk-fields {
                (parts::field("file", "Number of the person’s file", "text", fields.get("file")))
                (parts::field("id", "Request number", "text", fields.get("id")))
                div { button.usa-button type="submit" { "Show the record" } }
            }
        }
        @if let Some(found) = found { (found) }
    };
    plain(desk, visit, "Access record", body)
}

fn result(desk: &Desk, visit: &Visit, fields: &Fields, found: &[Kept], names: &HashMap<String, String>) -> Markup {
    html! {
        h2 { "Requests about this person: " (found.len()) }
        @if found.is_empty() { p { "Nothing is on record under exactly this number; write it as it stands on the file. After an expungement a person is found by request number only." } }
        @else {
            form.desk-noprint method="post" action="/access/export" {
                (parts::csrf(visit))
                input type="hidden" name="file" value=(fields.get("file"));
                input type="hidden" name="id" value=(fields.get("id"));
                button.usa-button.usa-button--outline type="submit" { "Export as a file" }
            }
        }
        @for kept in found {
            @let id = &kept.request.id;
            section aria-labelledby={ "r-" (id) } {
                h2 id={ "r-" (id) } { "Request " (id) }
                p { "Received " (desk.shown_text(&kept.request.received)) ". Status: " (kept.request.status.says()) "." @if kept.request.person.is_none() { " Its personal facts were destroyed by order." } }
                h3 { "Who read it: " (kept.reads.len()) }
                (rows(desk, visit, &kept.reads, names))
                h3 { "What was done" }
                (rows(desk, visit, &kept.acts, names))
                h3 { "Duties and notices" }
                @if kept.tasks.is_empty() { p { "None." } } @else { (duties(desk, &kept.tasks, names)) }
            }
        }
    }
}

fn duties(desk: &Desk, all: &[Task], names: &HashMap<String, String>) -> Markup {
    html! {
        table.usa-table.usa-table--compact.desk-stack {
            thead { tr { th scope="col" { "Duty" } th scope="col" { "Due" } th scope="col" { "Done" } } }
            tbody { @for task in all { tr {
                th scope="row" { (task.title) @if !task.cite.is_empty() { div.desk-cite { (task.cite) } } }
                td data-label="Due" { (tasks::due(desk, task)) }
                td data-label="Done" { @if let Some(at) = task.done { (desk.shown(at)) @if let Some(by) = task.done_by.as_ref().and_then(|by| names.get(by)) { ", " (by) } } @else { "open" } }
            } } }
        }
    }
}

fn exported(kept: &Kept, names: &HashMap<String, String>) -> Value {
    let entries = |all: &[Entry]| -> Vec<Value> {
        let one = |e: &Entry| json!({"entry": e.index, "time": e.time, "what": e.kind.name(), "who": names.get(&e.actor).unwrap_or(&e.actor), "purpose": e.public.get("purpose")});
        all.iter().map(one).collect()
    };
    let duties: Vec<Value> = kept
        .tasks
        .iter()
        .map(|t| json!({"what": t.title, "kind": t.kind, "cite": t.cite, "due": t.due, "done": t.done, "who": t.done_by.as_ref().and_then(|by| names.get(by)), "entry": t.entry}))
        .collect();
    let request = &kept.request;
    json!({"request": request.id, "received": request.received, "status": request.status.word(), "outcomes": request.outcomes,
        "expunged": request.person.is_none(), "reads": entries(&kept.reads), "acts": entries(&kept.acts), "duties": duties})
}
