//! The inbox, request by request: what waits for one's own signature, what is overdue, what is due, what is under way; changes of the law last.

use super::store::{self, Request, Status};
use super::tasks::{self, Task};
use crate::desk::Desk;
use crate::http::Role;
use crate::http::failure::Failure;
use crate::http::visit::{User, Visit};
use crate::page::{parts, plain};
use axum::extract::State;
use maud::{Markup, html};
use std::collections::HashMap;
use std::sync::Arc;

/// A request with its open tasks, the soonest first.
struct Group<'g> {
    id: &'g str,
    request: Option<&'g Request>,
    tasks: Vec<&'g Task>,
}

/// Where a request stands in the inbox; the first stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part {
    /// It waits for the signature of who is looking.
    Sign,
    Overdue,
    Due,
    /// Nothing has to be done by a time.
    UnderWay,
}

impl Part {
    const ALL: [Self; 4] = [Self::Sign, Self::Overdue, Self::Due, Self::UnderWay];

    /// The id of its heading, and the heading.
    fn heading(self) -> (&'static str, &'static str) {
        match self {
            Self::Sign => ("sign", "To be signed by you"),
            Self::Overdue => ("overdue", "Overdue"),
            Self::Due => ("due", "Due"),
            Self::UnderWay => ("under-way", "Under way"),
        }
    }
}

impl Group<'_> {
    fn part(&self, user: &User, now: i64) -> Part {
        if self.request.is_some_and(|r| signs(r, user)) {
            Part::Sign
        } else if self.due().is_some_and(|due| due < now) {
            Part::Overdue
        } else if self.tasks.iter().any(|t| t.kind != "sign-off") {
            Part::Due
        } else {
            Part::UnderWay
        }
    }

    /// When the first of its tasks is due.
    fn due(&self) -> Option<i64> {
        self.tasks.iter().filter_map(|t| t.due).min()
    }
}

/// Whether a request waits for this person's signature: nobody signs what they decided.
fn signs(request: &Request, user: &User) -> bool {
    request.status == Status::Unsigned && user.role == Role::Supervisor && request.decided_by.as_deref() != Some(user.account.as_str())
}

/// `GET /desk`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit) -> Result<Markup, Failure> {
    let user = visit.user()?;
    let open = tasks::open(&desk).await?;
    let requests = store::with_work(&desk).await?;
    let names = crate::people::accounts::names(&desk.record).await?;
    let now = desk.now_ms();
    let overdue = open.iter().filter(|t| t.due.is_some_and(|due| due < now)).count();
    desk.metrics.overdue.set(i64::try_from(overdue).unwrap_or(i64::MAX));
    let mut by_part: HashMap<Part, Vec<Group<'_>>> = HashMap::new();
    for group in grouped(&requests, &open) {
        by_part.entry(group.part(user, now)).or_default().push(group);
    }
    let law: Vec<&Task> = open.iter().filter(|t| t.request.is_none()).collect();
    let body = html! {
        h1 { "Inbox" }
        @if matches!(user.role, Role::Clerk | Role::Supervisor) { p { a.usa-button href="/new" { "New request" } } }
        @if by_part.is_empty() { p { "No request is under way, and nothing is due." } }
        @for part in Part::ALL {
            @if let Some(groups) = by_part.get(&part) {
                @let (id, says) = part.heading();
                section aria-labelledby=(id) {
                    h2 #(id) { (says) ": " (groups.len()) }
                    @for group in groups { (card(&desk, user, group, &names)) }
                }
            }
        }
        @if !law.is_empty() {
            section aria-labelledby="law" {
                h2 #law { "Changes of the law to review: " (law.len()) }
                ul { @for task in law { li { (line(&desk, task)) @if matches!(user.role, Role::Supervisor | Role::Counsel) { " " a href={ "/reviews/" (task.id) } { "Review" span.usa-sr-only { ": " (task.title) } } } } } }
            }
        }
        @if open.len() >= tasks::MOST || requests.len() >= store::MOST {
            p { "Shown are the " (tasks::MOST) " tasks that are due soonest and the " (store::MOST) " oldest requests. " a href="/search" { "Search" } " finds the others." }
        }
    };
    Ok(plain(&desk, &visit, "Inbox", body))
}

/// Tasks by request; the soonest first, then the oldest.
fn grouped<'g>(requests: &'g [Request], open: &'g [Task]) -> Vec<Group<'g>> {
    let mut groups: Vec<Group<'_>> = requests.iter().map(|r| Group { id: &r.id, request: Some(r), tasks: Vec::new() }).collect();
    let mut at: HashMap<&str, usize> = groups.iter().enumerate().map(|(at, g)| (g.id, at)).collect();
    for task in open {
        let Some(id) = task.request.as_deref() else { continue };
        let at = *at.entry(id).or_insert_with(|| {
            groups.push(Group { id, request: None, tasks: Vec::new() });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(at) {
            group.tasks.push(task);
        }
    }
    // The order of the oldest stays where nothing else tells.
    groups.sort_by_key(|g| g.due().unwrap_or(i64::MAX));
    groups
}

fn card(desk: &Desk, user: &User, group: &Group<'_>, names: &HashMap<String, String>) -> Markup {
    html! {
        article.desk-case aria-labelledby={ "r-" (group.id) } {
            h3 id={ "r-" (group.id) } {
                a href={ "/requests/" (group.id) } { "Request " (group.id) }
                @if let Some(r) = group.request { span.desk-case__status { (r.status.says()) } }
            }
            @if let Some(r) = group.request { p.desk-cite {
                "Received " (desk.shown_text(&r.received)) ". Asked: " (parts::actions(&r.actions)) ". "
                @if r.outcomes.is_empty() { "The law was not determined yet" } @else { "The law: " (parts::actions(&r.outcomes)) }
                ". Entered by " (names.get(&r.created_by).map_or("another desk", String::as_str)) "."
            } }
            @if !group.tasks.is_empty() { ul { @for task in &group.tasks { li { (line(desk, task)) } } } }
            @if let Some(r) = group.request { (next(r, user)) }
        }
    }
}

/// A task in a line: when first.
fn line(desk: &Desk, task: &Task) -> Markup {
    html! {
        (tasks::due(desk, task)) ": " (task.title) " "
        span.desk-cite { "(" (task.kind.replace('-', " ")) @if !task.cite.is_empty() { ", " (task.cite) } ")" }
    }
}

/// The one thing that the person who looks can do next.
fn next(request: &Request, user: &User) -> Markup {
    let works = matches!(user.role, Role::Clerk | Role::Supervisor);
    let id = &request.id;
    html! {
        @match request.status {
            Status::Draft if works => p { a href={ "/requests/" (id) "/ask" } { "Go on with the questions" span.usa-sr-only { " of request " (id) } } },
            Status::Determined if works => p { a href={ "/requests/" (id) "/disposition" } { "Record what was decided" span.usa-sr-only { " on request " (id) } } },
            Status::Unsigned if signs(request, user) => p { a.usa-button href={ "/requests/" (id) "/sign" } { "Sign request " (id) } },
            Status::Unsigned if user.role == Role::Supervisor => p { "You decided this; another supervisor has to sign." },
            _ => {},
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
                td data-label="Received" { (desk.shown_text(&r.received)) }
                td data-label="Asked" { (parts::actions(&r.actions)) }
                td data-label="Law" { @if r.outcomes.is_empty() { "not determined" } @else { (parts::actions(&r.outcomes)) } }
                td data-label="Status" { (r.status.says()) }
            } } }
        }
    }
}
