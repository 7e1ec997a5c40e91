//! Duties, clocks and notices as tasks.

use super::shown::{Duty, Shown};
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::{Fields, Visit};
use crate::people::token;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use comity_ledger::{EntryKind, NewEntry, Tx};
use maud::{Markup, html};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::any::AnyRow;
use std::sync::Arc;

/// A task.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) id: String,
    pub(crate) request: Option<String>,
    /// `duty`, `notice`, `clock`, `sign-off` or `review`.
    pub(crate) kind: String,
    /// What gave rise to it: the id of a duty, a clock, an event of the law.
    pub(crate) source: String,
    pub(crate) title: String,
    pub(crate) cite: String,
    /// In milliseconds since 1970.
    pub(crate) due: Option<i64>,
    pub(crate) due_says: String,
    /// `open`, `done` or `void`.
    pub(crate) status: String,
    pub(crate) done: Option<i64>,
    pub(crate) done_by: Option<String>,
    pub(crate) entry: Option<i64>,
}

fn of(row: &AnyRow) -> Result<Task, Failure> {
    Ok(Task {
        id: row.try_get("id")?,
        request: row.try_get("request")?,
        kind: row.try_get("kind")?,
        source: row.try_get("source")?,
        title: row.try_get("title")?,
        cite: row.try_get("cite")?,
        due: row.try_get("due")?,
        due_says: row.try_get("due_says")?,
        status: row.try_get("status")?,
        done: row.try_get("done")?,
        done_by: row.try_get("done_by")?,
        entry: row.try_get("entry")?,
    })
}

/// So many open tasks are looked at at most.
pub(crate) const MOST: usize = 1000;

/// Open tasks: signatures, which have no time, before all that may be cut off; then overdue, then by what is due soonest, those without a time last.
pub(crate) async fn open(desk: &Desk) -> Result<Vec<Task>, Failure> {
    let query = sqlx::query(
        "SELECT * FROM task WHERE status = 'open' \
         ORDER BY CASE WHEN kind = 'sign-off' THEN 0 WHEN due IS NOT NULL THEN 1 ELSE 2 END, due, created LIMIT 1000",
    );
    let rows = query.fetch_all(desk.record.pool()).await?;
    rows.iter().map(of).collect()
}

/// The tasks of a request, open ones first.
pub(crate) async fn of_request(desk: &Desk, request: &str) -> Result<Vec<Task>, Failure> {
    let query = sqlx::query(
        "SELECT * FROM task WHERE request = $1 AND status <> 'void' \
         ORDER BY CASE WHEN status = 'open' THEN 0 ELSE 1 END, CASE WHEN due IS NULL THEN 1 ELSE 0 END, due, created",
    );
    let rows = query.bind(request).fetch_all(desk.record.pool()).await?;
    rows.iter().map(of).collect()
}

/// A task by its id.
pub(crate) async fn find(desk: &Desk, id: &str) -> Result<Task, Failure> {
    let row = sqlx::query("SELECT * FROM task WHERE id = $1").bind(id).fetch_optional(desk.record.pool()).await?;
    row.as_ref().map(of).transpose()?.ok_or_else(|| Failure::unknown("There is no such task"))
}

/// A task to be opened.
pub(crate) struct NewTask<'a> {
    pub(crate) request: Option<&'a str>,
    pub(crate) kind: &'a str,
    pub(crate) source: &'a str,
    pub(crate) title: &'a str,
    pub(crate) cite: &'a str,
    pub(crate) due: Option<i64>,
    pub(crate) due_says: &'a str,
}

/// Opens a task, or brings an open one of the same source up to date. One that was done stays done.
pub(crate) async fn put(tx: &mut Tx, task: &NewTask<'_>, now: i64) -> Result<(), Failure> {
    let id = token::id().ok_or_else(|| Failure::internal("no random bytes"))?;
    let query = sqlx::query(
        "INSERT INTO task (id, request, kind, source, title, cite, due, due_says, status, created, done, done_by, entry) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, NULL, NULL, NULL) \
         ON CONFLICT (request, source) DO UPDATE SET due = excluded.due, due_says = excluded.due_says, title = excluded.title, \
         kind = excluded.kind, cite = excluded.cite, \
         status = CASE WHEN task.status = 'void' THEN 'open' ELSE task.status END",
    );
    query
        .bind(format!("t-{id}"))
        .bind(task.request)
        .bind(task.kind)
        .bind(task.source)
        .bind(task.title)
        .bind(task.cite)
        .bind(task.due)
        .bind(task.due_says)
        .bind(now)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// What determinations make due.
pub(crate) struct Due {
    kind: &'static str,
    source: String,
    title: String,
    cite: String,
    due: Option<i64>,
    due_says: String,
}

/// What the determinations make due: duties in these states, and the clocks that are left in them.
pub(crate) fn from_law(found: &[Shown], states: &[&str]) -> Vec<Due> {
    let mut all: Vec<Due> = Vec::new();
    for duty in found.iter().flat_map(|d| &d.duties).filter(|d| d.ours() && states.contains(&d.status.as_str())) {
        let title = if duty.missing.is_empty() {
            duty.says.clone()
        } else {
            format!("{} (If it applies: that turns on facts that are missing.)", duty.says)
        };
        all.push(Due {
            kind: if is_notice(duty) { "notice" } else { "duty" },
            source: duty.duty.clone(),
            title,
            cite: duty.cite.clone(),
            due: duty.deadline.as_deref().and_then(millis),
            due_says: duty.within.clone().unwrap_or_default(),
        });
    }
    for clock in found.iter().flat_map(|d| &d.clocks).filter(|c| c.certain && c.ends.is_some()) {
        all.push(Due {
            kind: "clock",
            source: clock.clock.clone(),
            title: clock.says.clone(),
            cite: clock.cite.clone(),
            due: clock.ends.as_deref().and_then(millis),
            due_says: clock.within.clone(),
        });
    }
    let mut known = std::collections::HashSet::new();
    all.retain(|due| known.insert(due.source.clone()));
    all
}

/// What is due, as the public part of an entry tells it: each source with its deadline in milliseconds since 1970 and the digest of what the task says. Tasks are
/// held against that later.
pub(crate) fn told(all: &[Due]) -> Json {
    let one = |due: &Due| json!({"by": due.due, "says": digest([due.kind, &due.title, &due.cite, &due.due_says])});
    all.iter().map(|due| (due.source.clone(), one(due))).collect::<serde_json::Map<_, _>>().into()
}

/// The digest of what a task says: kind, title, citation, time in words.
pub(crate) fn digest(parts: [&str; 4]) -> String {
    token::hex(&Sha256::digest(json!(parts).to_string()))
}

/// Opens what is due. What was due before and no longer is, is void.
pub(crate) async fn put_all(tx: &mut Tx, request: &str, all: &[Due], now: i64) -> Result<(), Failure> {
    for due in all {
        let task = NewTask {
            request: Some(request),
            kind: due.kind,
            source: &due.source,
            title: &due.title,
            cite: &due.cite,
            due: due.due,
            due_says: &due.due_says,
        };
        put(tx, &task, now).await?;
    }
    let rows = sqlx::query("SELECT id, source FROM task WHERE request = $1 AND status = 'open' AND kind IN ('duty', 'notice', 'clock')");
    let rows = rows.bind(request).fetch_all(tx.connection()).await?;
    for row in rows {
        let source: String = row.try_get("source")?;
        if all.iter().all(|due| due.source != source) {
            let id: String = row.try_get("id")?;
            sqlx::query("UPDATE task SET status = 'void' WHERE id = $1").bind(id).execute(tx.connection()).await?;
        }
    }
    Ok(())
}

/// Whether it is done by telling the person something.
fn is_notice(duty: &Duty) -> bool {
    let to_person = duty.to.as_deref().is_some_and(|to| ["person", "detainee", "inmate"].iter().any(|w| to.contains(w)));
    let says = duty.says.to_lowercase();
    let tells = ["copy", "tell the person", "tell the detainee", "notify the person", "notice to the person", "give the person"]
        .iter()
        .any(|w| says.contains(w));
    to_person || tells && ["person", "detainee"].iter().any(|w| says.contains(w))
}

fn millis(moment: &str) -> Option<i64> {
    moment.parse::<jiff::Timestamp>().ok().map(|t| t.as_millisecond())
}

/// Closes a task with the entry that shows it was done.
pub(crate) async fn close(tx: &mut Tx, id: &str, account: &str, entry: u64, now: i64) -> Result<(), Failure> {
    let query = sqlx::query("UPDATE task SET status = 'done', done = $2, done_by = $3, entry = $4 WHERE id = $1 AND status = 'open'");
    let done = query.bind(id).bind(now).bind(account).bind(i64::try_from(entry).unwrap_or(i64::MAX)).execute(tx.connection()).await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(Failure::conflict("This task is no longer open")) }
}

/// `POST /tasks/{id}/done`
pub(crate) async fn done(State(desk): State<Arc<Desk>>, visit: Visit, Path(id): Path<String>, fields: Fields) -> Result<Response, Failure> {
    let user = visit.user()?;
    let task = find(&desk, &id).await?;
    if !matches!(task.kind.as_str(), "duty" | "clock") {
        return Err(Failure::conflict("This task is done on a page of its own"));
    }
    let how: String = fields.get("how").chars().take(500).collect();
    let mut entry = NewEntry::new(EntryKind::DutyDone, &user.account).public(json!({"duty": task.source, "task": task.id}));
    if let Some(request) = &task.request {
        entry = entry.subject(request);
        let request = super::store::find(&desk, request).await?;
        // What people type may name persons: it is personal.
        if let (Some(_), false) = (&request.person, how.is_empty()) {
            entry = entry.personal(&super::store::person(&request)?, json!({"how": how}));
        }
    }
    let mut tx = desk.record.begin().await?;
    let appended = tx.append(entry).await?;
    close(&mut tx, &task.id, &user.account, appended.index, desk.now_ms()).await?;
    tx.commit().await?;
    Ok(Redirect::to(&task.request.map_or("/desk".to_owned(), |r| format!("/requests/{r}#tasks"))).into_response())
}

/// When a task is due, in words: overdue is said first.
pub(crate) fn due(desk: &Desk, task: &Task) -> Markup {
    let now = desk.now_ms();
    html! {
        @match task.due {
            Some(at) if task.status == "open" && at < now => { span.desk-overdue { "Overdue since " (desk.shown(at)) } },
            Some(at) if task.status == "open" && at - now < 24 * 3_600_000 => { span.desk-soon { "Due " (desk.shown(at)) } },
            Some(at) => { (desk.shown(at)) },
            None => { @if task.due_says.is_empty() { "no time is set" } @else { (task.due_says) } },
        }
    }
}
