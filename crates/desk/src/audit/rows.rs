//! The desk's own rows held against the record: what staff see is what the entries say.

use crate::people::accounts;
use crate::request::tasks;
use comity_ledger::{Entry, EntryKind, Store};
use serde_json::{Map, Value as Json};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use std::collections::{BTreeMap, BTreeSet};

/// So many rows are read at a time, so that memory stays small.
const PAGE: i64 = 1000;

/// What the entries say of a request.
#[derive(Default)]
struct Said {
    status: &'static str,
    created_by: String,
    received: String,
    actions: BTreeSet<String>,
    outcomes: BTreeSet<String>,
    determination: Option<u64>,
    disposition: Option<u64>,
    decided_by: Option<String>,
    /// What is due by the last entry that says so, with its deadline.
    due: Map<String, Json>,
    /// The tasks to sign that were opened.
    to_sign: BTreeSet<String>,
}

/// What closes a task: the entry and who made it, by request and source.
type Closed = BTreeMap<(Option<String>, String), (u64, String)>;

/// What the entries say of everything.
#[derive(Default)]
struct Record {
    requests: BTreeMap<String, Said>,
    accounts: BTreeMap<String, String>,
    reviews: BTreeSet<(Option<String>, String)>,
    closed: Closed,
}

/// Where rows of the desk (requests, tasks, accounts) differ from what the entries say, one line each; `None` where no desk keeps rows. Nothing personal is
/// read.
///
/// # Errors
/// If the database cannot be read.
pub async fn differences(store: &Store) -> Result<Option<Vec<String>>, comity_ledger::LedgerError> {
    let mut moment = store.moment().await?;
    let mut record = Record::default();
    let mut after = -1_i64;
    loop {
        let sql = "SELECT idx, body FROM entry WHERE idx > $1 AND kind IN ('request', 'determination', 'disposition', 'sign-off', 'duty-done', \
                   'notice-served', 'law-event', 'review', 'configuration') ORDER BY idx LIMIT $2";
        let rows = sqlx::query(sql).bind(after).bind(PAGE).fetch_all(&mut *moment).await?;
        for row in &rows {
            after = row.try_get("idx")?;
            // An entry that is none is damage, which the verification of the log locates.
            if let Ok(entry) = serde_json::from_str(&row.try_get::<String, _>("body")?) {
                record.take(&entry);
            }
        }
        if (rows.len() as i64) < PAGE {
            break;
        }
    }
    let mut out = people(&mut moment, &record).await?;
    // A record that is kept by the command alone names requests of its own, and nobody's account.
    if record.accounts.is_empty() && out.is_empty() {
        return Ok(None);
    }
    out.extend(requests(&mut moment, &record).await?);
    out.extend(all_tasks(&mut moment, &record).await?);
    moment.rollback().await?;
    Ok(Some(out))
}

fn texts(value: &Json) -> impl Iterator<Item = String> {
    value.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned))
}

impl Record {
    fn take(&mut self, entry: &Entry) {
        let public = &entry.public;
        let text = |name: &str| public.get(name).and_then(Json::as_str).map(str::to_owned);
        match (entry.kind, &entry.subject) {
            (EntryKind::Configuration, _) => {
                if let (Some(account), Some(state)) = (text("account"), text("state")) {
                    self.accounts.insert(account, state);
                }
            }
            (EntryKind::LawEvent, _) => {
                let Some(review) = text("review") else { return };
                let touched = public.get("requests").map(texts).into_iter().flatten().map(Some);
                self.reviews.extend(touched.chain([None]).map(|request| (request, review.clone())));
            }
            (EntryKind::Review, request) => self.close(entry, request.clone(), text("review")),
            (_, None) => {}
            // As the desk tells it; one that the command entered has no row.
            (EntryKind::Request, Some(request)) if public.get("received").is_some() && public.get("actions").is_some() => {
                let said = self.requests.entry(request.clone()).or_default();
                said.status = "draft";
                said.created_by.clone_from(&entry.actor);
                said.received = text("received").unwrap_or_default();
                said.actions = public.get("actions").map(texts).into_iter().flatten().collect();
            }
            (EntryKind::DutyDone, request) => self.close(entry, request.clone(), text("duty")),
            (EntryKind::NoticeServed, request) => {
                for duty in public.get("duties").map(texts).into_iter().flatten() {
                    self.close(entry, request.clone(), Some(duty));
                }
            }
            (_, Some(request)) => {
                if let Some(said) = self.requests.get_mut(request)
                    && let Some(signed) = said.take(entry)
                {
                    self.close(entry, Some(request.clone()), Some(signed));
                }
            }
        }
    }

    fn close(&mut self, entry: &Entry, request: Option<String>, source: Option<String>) {
        if let Some(source) = source {
            self.closed.insert((request, source), (entry.index, entry.actor.clone()));
        }
    }
}

impl Said {
    /// Takes a step of the request; gives the task that it closes.
    fn take(&mut self, entry: &Entry) -> Option<String> {
        let public = &entry.public;
        let due = public.get("due").and_then(Json::as_object);
        let mut closes = None;
        match entry.kind {
            EntryKind::Determination => {
                self.status = "determined";
                self.determination = Some(entry.index);
                let outcomes = public.get("outcomes").and_then(Json::as_object).into_iter().flatten();
                self.outcomes = outcomes.map(|(action, outcome)| format!("{action}: {}", outcome.as_str().unwrap_or_default())).collect();
            }
            EntryKind::Disposition => {
                let unsigned = public.get("needs_signature").and_then(Json::as_bool).unwrap_or_default();
                self.status = if unsigned { "unsigned" } else { "decided" };
                self.disposition = Some(entry.index);
                self.decided_by = Some(entry.actor.clone());
                if unsigned {
                    self.to_sign.insert(format!("sign-off {}", entry.index));
                }
            }
            EntryKind::SignOff => {
                self.status = if public.get("verdict").is_some_and(|v| v == "signed") { "decided" } else { "determined" };
                closes = public.get("disposition").map(|disposition| format!("sign-off {disposition}"));
            }
            _ => return None,
        }
        if let Some(due) = due {
            self.due.clone_from(due);
        }
        closes
    }
}

async fn requests(connection: &mut AnyConnection, record: &Record) -> Result<Vec<String>, sqlx::Error> {
    let mut out = nameless(connection, "SELECT COUNT(*) FROM request WHERE id = ''", "request").await?;
    let (mut seen, mut after) = (0, String::new());
    loop {
        let rows = sqlx::query("SELECT * FROM request WHERE id > $1 ORDER BY id LIMIT $2").bind(&after).bind(PAGE);
        let rows = rows.fetch_all(&mut *connection).await?;
        for row in &rows {
            after = row.try_get("id")?;
            let Some(said) = record.requests.get(&after) else {
                out.push(format!("request {after}: no entry says that it came in"));
                continue;
            };
            seen += 1;
            let mut hold = |what: &str, row: String, said: String| {
                if row != said {
                    out.push(format!("request {after}: {what} is `{row}`, by the entries `{said}`"));
                }
            };
            let text = |name: &str| row.try_get::<Option<String>, _>(name).map(Option::unwrap_or_default);
            let entry = |name: &str| row.try_get::<Option<i64>, _>(name).map(|n| n.map_or_else(String::new, |n| n.to_string()));
            let list = |text: String| text.split(", ").filter(|t| !t.is_empty()).map(str::to_owned).collect::<BTreeSet<_>>();
            let joined = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(", ");
            let number = |n: Option<u64>| n.map_or_else(String::new, |n| n.to_string());
            hold("status", text("status")?, said.status.to_owned());
            hold("created_by", text("created_by")?, said.created_by.clone());
            hold("received", text("received")?, said.received.clone());
            hold("actions", joined(&list(text("actions")?)), joined(&said.actions));
            hold("outcomes", joined(&list(text("outcomes")?)), joined(&said.outcomes));
            hold("determination", entry("determination")?, number(said.determination));
            hold("disposition", entry("disposition")?, number(said.disposition));
            hold("decided_by", text("decided_by")?, said.decided_by.clone().unwrap_or_default());
        }
        if (rows.len() as i64) < PAGE {
            break;
        }
    }
    if seen < record.requests.len() {
        let there: BTreeSet<String> = ids(connection, "SELECT id FROM request").await?;
        out.extend(record.requests.keys().filter(|id| !there.contains(*id)).map(|id| format!("request {id}: its row is missing")));
    }
    Ok(out)
}

/// Rows without a name, which no desk makes and the pages of rows below would pass over.
async fn nameless(connection: &mut AnyConnection, sql: &'static str, what: &str) -> Result<Vec<String>, sqlx::Error> {
    let many: i64 = sqlx::query_scalar(sql).fetch_one(connection).await?;
    Ok((many > 0).then(|| format!("{what} without a name: no entry says that it came in")).into_iter().collect())
}

async fn ids(connection: &mut AnyConnection, sql: &'static str) -> Result<BTreeSet<String>, sqlx::Error> {
    sqlx::query_scalar(sql).fetch_all(connection).await.map(|all: Vec<String>| all.into_iter().collect())
}

async fn all_tasks(connection: &mut AnyConnection, record: &Record) -> Result<Vec<String>, sqlx::Error> {
    let (mut out, mut after) = (nameless(connection, "SELECT COUNT(*) FROM task WHERE id = ''", "task").await?, String::new());
    let mut there = BTreeSet::new();
    loop {
        let rows = sqlx::query("SELECT * FROM task WHERE id > $1 ORDER BY id LIMIT $2").bind(&after).bind(PAGE);
        let rows = rows.fetch_all(&mut *connection).await?;
        for row in &rows {
            after = row.try_get("id")?;
            let key: (Option<String>, String) = (row.try_get("request")?, row.try_get("source")?);
            let (kind, status): (String, String) = (row.try_get("kind")?, row.try_get("status")?);
            let name = format!("task {after} ({}{})", key.0.as_deref().map(|r| format!("request {r}, ")).unwrap_or_default(), key.1);
            let said = key.0.as_ref().and_then(|request| record.requests.get(request));
            let wanted = match kind.as_str() {
                "sign-off" => said.is_some_and(|said| said.to_sign.contains(&key.1)),
                "review" => record.reviews.contains(&key),
                _ => said.is_some_and(|said| said.due.contains_key(&key.1)),
            };
            let closed = record.closed.get(&key).map(|(entry, by)| (Some(entry.cast_signed()), Some(by.clone())));
            match status.as_str() {
                "done" => {
                    let row = (row.try_get("entry")?, row.try_get("done_by")?);
                    if closed.as_ref() != Some(&row) {
                        out.push(format!("{name}: it is marked as done, but not as an entry says"));
                    }
                }
                _ if closed.is_some() => out.push(format!("{name}: an entry says that it was done, and it is not marked so")),
                "open" if !wanted => out.push(format!("{name}: no entry says that it is due")),
                "open" if said.is_some_and(|said| !says_so(said, &key.1, row)) => {
                    out.push(format!("{name}: it says something else than the entry that opened it"));
                }
                "void" if wanted => out.push(format!("{name}: it is void, though an entry says that it is due")),
                "open" | "void" => {}
                other => out.push(format!("{name}: its status `{other}` does not exist")),
            }
            if let Some(due) = said.and_then(|said| said.due.get(&key.1))
                && status == "open"
                && due.get("by").and_then(Json::as_i64) != row.try_get("due")?
            {
                out.push(format!("{name}: its deadline is not the one that the entry says"));
            }
            there.insert(key);
        }
        if (rows.len() as i64) < PAGE {
            break;
        }
    }
    let due =
        record.requests.iter().flat_map(|(id, said)| said.due.keys().chain(&said.to_sign).map(|source| (Some(id.clone()), source.clone())));
    let missing = due.chain(record.reviews.iter().cloned()).filter(|key| !there.contains(key));
    out.extend(missing.map(|(request, source)| {
        let about = request.map(|request| format!("request {request}: ")).unwrap_or_default();
        format!("{about}the task `{source}` is missing, though an entry says that it is due")
    }));
    Ok(out)
}

/// Whether a task says what the entry that opened it tells of it, as far as that tells anything.
fn says_so(said: &Said, source: &str, row: &AnyRow) -> bool {
    let text = |name: &str| row.try_get::<String, _>(name).unwrap_or_default();
    let says = said.due.get(source).and_then(|due| due.get("says")).and_then(Json::as_str);
    says.is_none_or(|says| says == tasks::digest([&text("kind"), &text("title"), &text("cite"), &text("due_says")]))
}

async fn people(connection: &mut AnyConnection, record: &Record) -> Result<Vec<String>, sqlx::Error> {
    let mut out = Vec::new();
    let mut there = BTreeSet::new();
    for row in sqlx::query("SELECT * FROM account ORDER BY id").fetch_all(connection).await? {
        let id: String = row.try_get("id")?;
        match record.accounts.get(&id) {
            None => out.push(format!("account {id}: no entry says that it was made")),
            Some(state) if *state != accounts::state(&row)? => {
                out.push(format!("account {id}: log-in name, role, password, second factor or state were changed without an entry"));
            }
            Some(_) => {}
        }
        there.insert(id);
    }
    out.extend(record.accounts.keys().filter(|id| !there.contains(*id)).map(|id| format!("account {id}: its row is missing")));
    Ok(out)
}
