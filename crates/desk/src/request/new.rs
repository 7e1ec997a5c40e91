//! A new request: what the paper says at first sight.

use super::questions::{apply, readable};
use super::search::words;
use super::sheet::Sheet;
use super::store::next_id;
use crate::api::once::Once;
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::{Fields, Visit};
use crate::page::{parts, plain};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use comity_ledger::{EntryKind, NewEntry};
use comity_logic::Declared;
use maud::{Markup, html};
use serde_json::json;
use std::sync::Arc;

/// Facts that every paper shows and that are asked at once, without a search.
const FIRST: [&str; 3] = ["request.kind", "request.requester", "request.process"];

/// `GET /new`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit) -> Markup {
    page(&desk, &visit, &Fields::default(), &[])
}

fn page(desk: &Desk, visit: &Visit, fields: &Fields, wrong: &[(String, String)]) -> Markup {
    let now = desk.now().to_zoned(desk.zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string();
    let received = if fields.get("received").is_empty() { now } else { fields.get("received").to_owned() };
    let chosen = fields.all("action");
    let body = html! {
        h1 { "New request" }
        (mistakes(wrong))
        form.maxw-full method="post" action="/new" {
            (parts::csrf(visit))
            div.desk-pair {
                div {
                    label.usa-label for="received" { "When did it arrive?" }
                    div.usa-hint #received-hint { "Time at the agency (" (desk.zone_name()) ")" }
                    input.usa-input #received name="received" type="datetime-local" value=(received) aria-describedby="received-hint" required;
                    label.usa-label for="file" { "Number of the person’s file here" }
                    div.usa-hint #file-hint { "Booking or case number. Criminal history stays in that file; here only answers are kept, encrypted." }
                    input.usa-input #file name="file" type="text" value=(fields.get("file")) autocomplete="off" aria-describedby="file-hint" required;
                    label.usa-label for="name" { "Name, for the notice to the person" }
                    div.usa-hint #name-hint { "May stay empty; the letter then has a blank." }
                    input.usa-input #name name="name" type="text" value=(fields.get("name")) autocomplete="off" aria-describedby="name-hint";
                    label.usa-label for="release" { "When can the person be released?" }
                    div.usa-hint #release-hint { "Past or expected, in the same time. Leave empty if not known: clocks then show no end." }
                    input.usa-input #release name="release" type="datetime-local" value=(fields.get("release")) aria-describedby="release-hint";
                }
                div {
                    @for fact in FIRST { (choice(desk, fact, fields.get(fact))) }
                }
            }
            fieldset.usa-fieldset {
                legend.usa-legend { "What is asked of the agency?" }
                div.usa-hint { "All that the paper asks for" }
                @for (at, action) in desk.law.actions.iter().enumerate() {
                    div.usa-checkbox {
                        input.usa-checkbox__input id={ "action-" (at) } type="checkbox" name="action" value=(action.id) checked[chosen.contains(&action.id.as_str())];
                        label.usa-checkbox__label for={ "action-" (at) } { (action.says) }
                    }
                }
            }
            div.desk-actions.margin-top-3 {
                button.usa-button type="submit" name="mode" value="one" { "Go on, one question at a time" }
                button.usa-button.usa-button--outline type="submit" name="mode" value="all" { "Go on, all questions on one page" }
            }
        }
    };
    plain(desk, visit, "New request", body)
}

/// What is wrong, where people look first.
pub(crate) fn mistakes(wrong: &[(String, String)]) -> Markup {
    html! {
        @if !wrong.is_empty() {
            div.usa-alert.usa-alert--error role="alert" {
                div.usa-alert__body {
                    h2.usa-alert__heading { "Something is missing or wrong" }
                    ul { @for (about, message) in wrong { li { strong { (about) } ": " (message) } } }
                }
            }
        }
    }
}

fn choice(desk: &Desk, fact: &str, chosen: &str) -> Markup {
    let vocabulary = &desk.law.schema.vocabulary;
    let Some(id) = vocabulary.find(fact) else { return html! {} };
    let fact_of = vocabulary.fact(id);
    let Declared::Enum(values) = &fact_of.declared else { return html! {} };
    html! {
        label.usa-label for=(fact) { (fact_of.question) }
        select.usa-select #(fact) name=(fact) {
            option value="" { "Not known yet" }
            @for value in values { option value=(value) selected[value == chosen] { (readable(value)) } }
        }
    }
}

/// `POST /new`
pub(crate) async fn create(State(desk): State<Arc<Desk>>, visit: Visit, fields: Fields) -> Result<Response, Failure> {
    let user = visit.user()?;
    let sheet = match read(&desk, &fields) {
        Ok(sheet) => sheet,
        Err(wrong) => return Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page(&desk, &visit, &fields, &wrong)).into_response()),
    };
    let id = insert(&desk, &user.account, fields.get("received"), &sheet, None).await?;
    let next = if sheet.dense { "page" } else { "ask" };
    Ok(Redirect::to(&format!("/requests/{id}/{next}")).into_response())
}

/// Enters a request, for a call that is to be done once if there is one; gives its number.
pub(crate) async fn insert(desk: &Desk, account: &str, received: &str, sheet: &Sheet, once: Option<&Once>) -> Result<String, Failure> {
    let actions = sheet.case.get("actions").cloned().unwrap_or_default();
    let names: Vec<&str> = actions.as_array().into_iter().flatten().filter_map(|a| a.as_str()).collect();
    let value = serde_json::to_value(sheet).map_err(Failure::internal)?;
    let now = desk.now_ms();
    let mut tx = desk.record.begin().await?;
    let person = tx.new_person().await?;
    let id = next_id(&mut tx, desk.today().year()).await?;
    let insert = sqlx::query(
        "INSERT INTO request (id, person, status, created, created_by, received, changed, actions, outcomes, determination, disposition, decided_by) \
         VALUES ($1, $2, 'draft', $3, $4, $5, $3, $6, '', NULL, NULL, NULL)",
    );
    insert.bind(&id).bind(&person.0).bind(now).bind(account).bind(received).bind(names.join(", ")).execute(tx.connection()).await?;
    let entry = NewEntry::new(EntryKind::Request, account)
        .subject(&id)
        .public(json!({"received": received, "actions": actions}))
        .personal(&person, json!({"file": sheet.file, "name": sheet.name}));
    tx.append(entry).await?;
    if let Some(once) = once {
        once.enters(&mut tx, &id).await?;
    }
    let sealed = tx.seal(&person, &format!("draft {id}"), value.to_string().as_bytes()).await?;
    let draft = sqlx::query("INSERT INTO draft (request, person, sealed) VALUES ($1, $2, $3)");
    draft.bind(&id).bind(&person.0).bind(sealed).execute(tx.connection()).await?;
    for word in words(desk, &[&sheet.file, &sheet.name]) {
        let lookup = sqlx::query("INSERT INTO lookup (request, person, word) VALUES ($1, $2, $3)");
        lookup.bind(&id).bind(&person.0).bind(word).execute(tx.connection()).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// The sheet that a form fills, or all that is wrong with it.
pub(crate) fn read(desk: &Desk, fields: &Fields) -> Result<Sheet, Vec<(String, String)>> {
    let mut wrong = Vec::new();
    let mut fail = |about: &str, message: &str| wrong.push((about.to_owned(), message.to_owned()));
    let received = fields.get("received");
    let day = received.get(..10).and_then(comity_logic::parse_date);
    if day.is_none() {
        fail("When did it arrive?", "write day and time, such as 2018-03-01T22:15");
    }
    if day.is_some_and(|day| day > desk.today()) {
        fail("When did it arrive?", "that day is still to come; write when it arrived");
    }
    let file = fields.get("file");
    if file.is_empty() {
        fail("Number of the person’s file", "it is empty");
    }
    if file.chars().count() > 120 || fields.get("name").chars().count() > 200 {
        fail("File and name", "they are too long");
    }
    let actions = fields.all("action");
    if actions.is_empty() {
        fail("What is asked of the agency?", "choose at least one action");
    }
    if let Some(unknown) = actions.iter().find(|a| desk.law.action(a).is_none()) {
        fail("What is asked of the agency?", &format!("there is no action “{}”", crate::law::ask::short(unknown)));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut sheet = Sheet::new(desk, received.get(..10).unwrap_or_default(), &actions);
    sheet.file = file.to_owned();
    sheet.name = fields.get("name").to_owned();
    sheet.dense = fields.get("mode") == "all";
    let mut times = serde_json::Map::new();
    times.insert("request".to_owned(), json!(received));
    if !fields.get("release").is_empty() {
        times.insert("release".to_owned(), json!(fields.get("release")));
    }
    sheet.case.insert("times".to_owned(), serde_json::Value::Object(times));
    let mut case = sheet.read(desk).map_err(|failure| failure.mistakes)?;
    for fact in FIRST {
        let answer = fields.get(fact);
        if !answer.is_empty() {
            let asked = (fact.to_owned(), None);
            apply(&desk.law, &mut case, &asked, answer).map_err(|why| vec![(fact.to_owned(), why)])?;
            sheet.note(&asked, true);
        }
    }
    sheet.take(desk, &case);
    Ok(sheet)
}
