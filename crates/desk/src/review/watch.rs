//! Looks for events of the law that touch this agency, and opens a review for each: one for the agency, one for each open request that they would decide otherwise.

use crate::config::ConfigError;
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::request::sheet::{Sheet, decide};
use crate::request::store::{self, Request};
use crate::request::tasks::{NewTask, put};
use comity_engine::Determination;
use comity_law::Instrument;
use comity_law::timeline::{Event, What, events};
use comity_ledger::{EntryKind, NewEntry};
use comity_logic::{Date, Declared, FactId, Facts, Truth, Value, Vocabulary};
use jiff::ToSpan;
use serde_json::{Value as Json, json};

/// So many days before it, an event opens its review.
const AHEAD: i32 = 30;

/// An event without what it borrows.
struct Touching {
    key: String,
    on: Date,
    title: String,
    cite: String,
    public: Json,
}

/// Opens a review for each event of the law within the next thirty days that touches this agency; gives how many were new. Looking twice opens nothing twice.
///
/// # Errors
/// If the record cannot be read or written.
pub async fn look_at_law(desk: &Desk) -> Result<usize, ConfigError> {
    look(desk).await.map_err(|failure| ConfigError(format!("the law's events cannot be looked at: {}", failure.title)))
}

async fn look(desk: &Desk) -> Result<usize, Failure> {
    let today = desk.today();
    let until = today.checked_add(AHEAD.days()).map_err(Failure::internal)?;
    let found: Vec<Touching> = touching(desk).into_iter().filter(|e| e.on <= until).collect();
    let seen: Vec<String> = sqlx::query_scalar("SELECT id FROM law_event").fetch_all(desk.record.pool()).await?;
    let first: Option<String> =
        sqlx::query_scalar("SELECT value FROM setting WHERE name = 'law-watched'").fetch_optional(desk.record.pool()).await?;
    let fresh: Vec<&Touching> = found.iter().filter(|e| !seen.contains(&e.key)).collect();
    if first.is_none() {
        // A new desk begins with the law as it stands; its past is no news.
        let mut tx = desk.record.begin().await?;
        for event in fresh.iter().filter(|e| e.on <= today) {
            mark(&mut tx, &event.key, desk.now_ms()).await?;
        }
        let query = sqlx::query("INSERT INTO setting (name, value) VALUES ('law-watched', $1)");
        query.bind(&desk.law.digest).execute(tx.connection()).await?;
        tx.commit().await?;
    }
    let mut opened = 0;
    for event in fresh.into_iter().filter(|e| first.is_some() || e.on > today) {
        open(desk, event).await?;
        opened += 1;
    }
    Ok(opened)
}

/// Marks an event as looked at; whether it was not before.
async fn mark(tx: &mut comity_ledger::Tx, key: &str, now: i64) -> Result<bool, Failure> {
    let query = sqlx::query("INSERT INTO law_event (id, seen) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING");
    Ok(query.bind(key).bind(now).execute(tx.connection()).await?.rows_affected() == 1)
}

/// The events that bind this agency and change what some action is.
fn touching(desk: &Desk) -> Vec<Touching> {
    let mut out: Vec<Touching> = Vec::new();
    for event in events(&desk.law, Some(&desk.agency.place)) {
        if event.actions.is_empty() || !event.kinds.contains(&desk.agency.kind.as_str()) || !binds(desk, event.instrument) {
            continue;
        }
        let key = format!("{} {} {}", event.on, event.change.as_str(), event.id);
        if out.iter().any(|e| e.key == key) {
            continue;
        }
        let actions: Vec<&str> = event.actions.iter().map(|a| desk.law.action_name(*a)).collect();
        out.push(Touching {
            on: event.on,
            title: title(&event),
            cite: event.cite.to_owned(),
            public: json!({"event": event.id, "on": event.on.to_string(), "change": event.change, "what": event.what,
                "instrument": event.instrument.id, "cite": event.cite, "actions": actions}),
            key,
        });
    }
    out
}

fn title(event: &Event<'_>) -> String {
    let what = match event.what {
        What::Instrument => event.instrument.title.clone(),
        what => format!("{}: {} {}", event.instrument.title, what.as_str(), event.cite),
    };
    format!("On {} the law {}: {what}", event.on, if event.change.as_str() == "changes" { "changes" } else { event.change.as_str() })
}

/// Whether an instrument binds this very agency.
fn binds(desk: &Desk, instrument: &Instrument) -> bool {
    let Some(binds) = &instrument.binds else { return true };
    let vocabulary = &desk.law.schema.vocabulary;
    let mut facts = Facts::new(vocabulary);
    if let Declared::Enum(kinds) = &vocabulary.fact(FactId::Scalar(Vocabulary::AGENCY_KIND)).declared
        && let Some(at) = kinds.iter().position(|k| *k == desk.agency.kind)
    {
        facts.set(Vocabulary::AGENCY_KIND, Value::Enum(u8::try_from(at).unwrap_or(u8::MAX)));
    }
    let place = facts.text(&desk.agency.place, Default::default());
    facts.set(Vocabulary::AGENCY_PLACE, place);
    let name = facts.text(&desk.agency.name, Default::default());
    facts.set(Vocabulary::AGENCY_NAME, name);
    binds.condition.truth(vocabulary, &facts) != Truth::False
}

/// Opens the reviews of an event, with the entry that says so.
async fn open(desk: &Desk, event: &Touching) -> Result<(), Failure> {
    let touched = requests(desk, event.on).await?;
    let due = event.on.to_zoned(desk.zone.clone()).map_err(Failure::internal)?.timestamp().as_millisecond();
    let source = format!("law {}", event.key);
    let now = desk.now_ms();
    let mut public = event.public.clone();
    public["review"] = json!(source);
    public["requests"] = json!(touched.iter().map(|r| r.id.as_str()).collect::<Vec<_>>());
    let mut tx = desk.record.begin().await?;
    if !mark(&mut tx, &event.key, now).await? {
        // Another desk on the same record was quicker.
        return Ok(());
    }
    tx.append(NewEntry::new(EntryKind::LawEvent, "desk").bundle(&desk.law.digest).public(public)).await?;
    let task =
        NewTask { request: None, kind: "review", source: &source, title: &event.title, cite: &event.cite, due: Some(due), due_says: "" };
    put(&mut tx, &task, now).await?;
    for request in &touched {
        let title = format!("{}. It would decide this request otherwise: determine it anew", event.title);
        let task = NewTask {
            request: Some(&request.id),
            kind: "review",
            source: &source,
            title: &title,
            cite: &event.cite,
            due: Some(due),
            due_says: "",
        };
        put(&mut tx, &task, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The open requests that are decided otherwise on the day than on the day before.
async fn requests(desk: &Desk, on: Date) -> Result<Vec<Request>, Failure> {
    let before = on.yesterday().map_err(Failure::internal)?;
    let mut out = Vec::new();
    for request in store::open(desk).await? {
        if request.determination.is_none() || request.person.is_none() {
            continue;
        }
        let sheet = store::sheet(desk, &request).await?;
        if view(desk, &sheet, before).await? != view(desk, &sheet, on).await? {
            out.push(request);
        }
    }
    Ok(out)
}

/// What is decided of a sheet on another day, without the day itself.
async fn view(desk: &Desk, sheet: &Sheet, on: Date) -> Result<Vec<Json>, Failure> {
    let mut sheet = sheet.clone();
    sheet.case.insert("on".to_owned(), json!(on.to_string()));
    let case = sheet.read(desk)?;
    Ok(decide(desk, &case).await?.iter().map(essence).collect())
}

fn essence(d: &Determination) -> Json {
    let mut possible = d.possible.clone();
    possible.sort();
    json!({"action": d.action, "outcome": d.outcome, "possible": possible, "because": d.because, "duties": d.duties, "clocks": d.clocks})
}

/// Looks now and every hour, until the program ends.
pub(crate) async fn watch(desk: std::sync::Arc<Desk>) {
    loop {
        match look(&desk).await {
            Ok(0) => {}
            Ok(opened) => tracing::info!(opened, "events of the law opened reviews"),
            Err(failure) => tracing::error!(why = failure.title, "events of the law could not be looked at"),
        }
        tokio::time::sleep(std::time::Duration::from_secs(3600)).await;
    }
}
