//! The notice to the person: the letter to print, and the record that it was served.

use super::decision::Decision;
use super::letter::{LANGUAGES, Language};
use super::show::determinations;
use super::store::{self, Request, Status};
use super::tasks::{self, Task};
use crate::desk::Desk;
use crate::http::Role;
use crate::http::failure::Failure;
use crate::http::visit::{Fields, Visit};
use crate::page::{parts, plain};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comity_ledger::{EntryKind, NewEntry};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

#[derive(Deserialize)]
pub(crate) struct Asked {
    lang: Option<String>,
}

/// How a notice can be served.
const WAYS: [(&str, &str); 4] = [
    ("by-hand", "Handed over"),
    ("read-aloud", "Read aloud with an interpreter, and handed over"),
    ("refused", "Offered; the person refused it"),
    ("mail", "Sent to the person’s lawyer or address"),
];

/// `GET /requests/{id}/notice`
pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    let request = store::find(&desk, &id).await?;
    let language = LANGUAGES.iter().find(|l| Some(l.code) == asked.lang.as_deref()).or(LANGUAGES.first());
    page(&desk, &visit, &request, language.ok_or_else(|| Failure::internal("no languages"))?, &Fields::default(), &[]).await
}

/// The duties to give notice that are open on a request.
async fn open_notices(desk: &Desk, id: &str) -> Result<Vec<Task>, Failure> {
    Ok(tasks::of_request(desk, id).await?.into_iter().filter(|t| t.kind == "notice" && t.status == "open").collect())
}

async fn page(
    desk: &Desk,
    visit: &Visit,
    request: &Request,
    language: &Language,
    given: &Fields,
    wrong: &[(String, String)],
) -> Result<Markup, Failure> {
    let id = &request.id;
    let found = determinations(desk, visit, request, "notice").await?;
    if found.is_empty() {
        return Err(Failure::conflict("The law was not determined yet"));
    }
    let sheet = store::sheet(desk, request).await?;
    let decision = Decision::of(desk, request).await?.filter(|_| request.status == Status::Decided);
    let actions: Vec<(&str, Option<&str>)> =
        found.iter().map(|d| (d.action.as_str(), decision.as_ref().and_then(|decision| decision.on(&d.action)))).collect();
    let open = open_notices(desk, id).await?;
    let works = matches!(visit.user()?.role, Role::Clerk | Role::Supervisor);
    let body = html! {
        div.desk-noprint {
            p { a href={ "/requests/" (id) } { "Back to the request" } }
            (super::new::mistakes(wrong))
            nav aria-label="Language of the letter" { p {
                "Language: "
                @for (at, l) in LANGUAGES.iter().enumerate() {
                    @if at > 0 { " · " }
                    @if l.code == language.code { strong { (l.name) } } @else { a href={ "/requests/" (id) "/notice?lang=" (l.code) } lang=(l.code) { (l.name) } }
                }
            } }
            @if !language.reviewed {
                div.usa-alert.usa-alert--warning { div.usa-alert__body { p.usa-alert__text { "Draft: no reviewed translation into this language exists. Have it read by a qualified translator or interpreter before it is served." } } }
            }
        }
        (letter(desk, request, language, &sheet.name, &actions))
        div.desk-noprint.desk-only-js { button.usa-button.usa-button--outline type="button" data-print { "Print" } }
        @if works { (served_form(visit, id, &open, given, language)) }
    };
    Ok(plain(desk, visit, "Notice", body))
}

fn letter(desk: &Desk, request: &Request, l: &Language, name: &str, actions: &[(&str, Option<&str>)]) -> Markup {
    html! {
        article.desk-ltr lang=(l.code) {
            @if !l.reviewed { p { strong { (l.draft) } } }
            p { (desk.agency.name) br; (desk.today()) br; (l.number) " " (request.id) }
            h1 { (l.title) }
            p { (l.to) " " @if name.is_empty() { "________________________________" } @else { (name) } }
            p { (l.came) }
            ul { @for (action, decision) in actions { li {
                (l.action(action))
                @match decision { Some("take") => { ": " strong { (l.will) } }, Some("decline") => { ": " strong { (l.will_not) } }, _ => { ": " (l.open) } }
            } } }
            p { (l.copy) }
            p { (l.rights) }
            p { (l.no_finding) }
            div.desk-sign aria-hidden="true" { div { (l.served_by) } div { (l.received_by) } }
        }
    }
}

fn served_form(visit: &Visit, id: &str, open: &[Task], given: &Fields, language: &Language) -> Markup {
    let chosen = given.all("task");
    html! {
        section.desk-noprint aria-labelledby="served" {
            h2 #served { "Mark as served" }
            @if open.is_empty() { p { "No duty to give notice is open on this request. A notice can be recorded all the same." } }
            form.maxw-full method="post" action={ "/requests/" (id) "/served" } {
                (parts::csrf(visit))
                input type="hidden" name="lang" value=(language.code);
                @if !open.is_empty() {
                    fieldset.usa-fieldset aria-describedby="task-hint" {
                        legend.usa-legend { "Which notice was given?" }
                        div.usa-hint #task-hint { "Choose only what the person was given; the others stay open." }
                        @for task in open {
                            div.usa-checkbox {
                                input.usa-checkbox__input id=(task.id) type="checkbox" name="task" value=(task.id) checked[chosen.contains(&task.id.as_str())];
                                label.usa-checkbox__label for=(task.id) { (task.title) " (" (task.cite) ")" }
                            }
                        }
                    }
                }
                fieldset.usa-fieldset.margin-top-3 {
                    legend.usa-legend { "How was it served?" }
                    @for (value, says) in WAYS {
                        div.usa-radio {
                            input.usa-radio__input id={ "way-" (value) } type="radio" name="way" value=(value) checked[value == given.get("way")];
                            label.usa-radio__label for={ "way-" (value) } { (says) }
                        }
                    }
                }
                button.usa-button.margin-top-3 type="submit" { "Record that it was served" }
            }
        }
    }
}

/// `POST /requests/{id}/served`
pub(crate) async fn served(
    State(desk): State<Arc<Desk>>,
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let user = visit.user()?;
    let request = store::find(&desk, &id).await?;
    if request.determination.is_none() {
        return Err(Failure::conflict("The law was not determined yet"));
    }
    let language = LANGUAGES
        .iter()
        .find(|l| l.code == fields.get("lang"))
        .ok_or_else(|| Failure::input("lang", "there is no letter in this language"))?;
    let way = fields.get("way");
    let open = open_notices(&desk, &id).await?;
    let wanted = fields.all("task");
    let chosen: Vec<&Task> = open.iter().filter(|t| wanted.contains(&t.id.as_str())).collect();
    let mut wrong = Vec::new();
    if chosen.is_empty() && !open.is_empty() {
        wrong.push(("Which notice was given?".to_owned(), "choose at least one; nothing was recorded".to_owned()));
    }
    if !WAYS.iter().any(|(value, _)| *value == way) {
        wrong.push(("How was it served?".to_owned(), "choose how; nothing was recorded".to_owned()));
    }
    if !wrong.is_empty() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&desk, &visit, &request, language, &fields, &wrong).await?).into_response());
    }
    let sources: Vec<&str> = chosen.iter().map(|t| t.source.as_str()).collect();
    let mut tx = desk.record.begin().await?;
    let entry = NewEntry::new(EntryKind::NoticeServed, &user.account)
        .subject(&id)
        .public(json!({"way": way, "language": language.code, "reviewed_translation": language.reviewed, "duties": sources}));
    let appended = tx.append(entry).await?;
    for task in chosen {
        tasks::close(&mut tx, &task.id, &user.account, appended.index, desk.now_ms()).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&format!("/requests/{id}#tasks")).into_response())
}
