//! What was decided, by whom, and why where it departs from what the law says.

use super::departure;
use super::show::determinations;
use super::shown::{self, Shown};
use super::store::{self, Request, Status};
use super::tasks::{self, Due, NewTask, put};
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::{Fields, Visit};
use crate::page::{parts, plain};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comity_ledger::{EntryKind, NewEntry};
use maud::{Markup, html};
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

/// What a person can decide about an action, and its words.
const CHOICES: [(&str, &str); 3] = [("take", "Do it"), ("decline", "Decline it"), ("defer", "Not decided yet")];

/// `GET /requests/{id}/disposition`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit, Path(id): Path<String>) -> Result<Markup, Failure> {
    let request = decidable(&desk, &id).await?;
    let found = determinations(&desk, &visit, &request, "disposition").await?;
    Ok(page(&desk, &visit, &request, &found, &Fields::default(), &[]))
}

async fn decidable(desk: &Desk, id: &str) -> Result<Request, Failure> {
    let request = store::find(desk, id).await?;
    match request.status {
        Status::Determined if store::is_as_determined(desk, &request).await? => Ok(request),
        Status::Determined => {
            Err(Failure::conflict("Answers were changed since the law was determined; check them and determine it again"))
        }
        Status::Draft => Err(Failure::conflict("The law has to be determined first")),
        Status::Unsigned | Status::Decided => Err(Failure::conflict("This request was decided already")),
    }
}

fn page(desk: &Desk, visit: &Visit, request: &Request, found: &[Shown], fields: &Fields, wrong: &[(String, String)]) -> Markup {
    let body = html! {
        p { a href={ "/requests/" (request.id) } { "Back to the request" } }
        h1 { "What was decided on request " (request.id) }
        (super::new::mistakes(wrong))
        form.maxw-full method="post" action={ "/requests/" (request.id) "/disposition" } {
            (parts::csrf(visit))
            input type="hidden" name="determination" value=[request.determination];
            @for d in found {
                fieldset.usa-fieldset {
                    legend.usa-legend { (d.action_says) }
                    p { "The law: " span.desk-word { (d.outcome) } ". " (shown::verdict(&d.outcome)) "." }
                    @for (value, says) in CHOICES {
                        div.usa-radio {
                            input.usa-radio__input id={ (d.action) "-" (value) } type="radio" name={ "do:" (d.action) } value=(value) checked[fields.get(&format!("do:{}", d.action)) == value];
                            label.usa-radio__label for={ (d.action) "-" (value) } { (says) }
                        }
                    }
                }
            }
            label.usa-label for="reason" { "Reason" }
            div.usa-hint #reason-hint { "Needed where the decision departs from what the law says. It is kept encrypted with the person’s facts." }
            textarea.usa-textarea #reason name="reason" aria-describedby="reason-hint" rows="3" { (fields.get("reason")) }
            button.usa-button.margin-top-3 type="submit" { "Record the decision" }
        }
        @if desk.config.second_person { p { "It takes effect once a second person has signed it." } }
    };
    plain(desk, visit, "Decision", body)
}

/// Whether a choice departs from the law's outcome.
fn departs(outcome: &str, choice: &str) -> bool {
    matches!((outcome, choice), ("forbidden", "take") | ("required", "decline") | ("conflict" | "undetermined", "take" | "decline"))
}

/// `POST /requests/{id}/disposition`
pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let user = visit.user()?;
    let request = decidable(&desk, &id).await?;
    if fields.get("determination") != request.determination.map_or_else(String::new, |entry| entry.to_string()) {
        return Err(Failure::conflict("The law was determined anew since this page was shown; load it again"));
    }
    let found = determinations(&desk, &visit, &request, "disposition").await?;
    let (decisions, wrong) = read(&found, &fields);
    if !wrong.is_empty() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&desk, &visit, &request, &found, &fields, &wrong)).into_response());
    }
    record(&desk, &user.account, &request, &found, &decisions, fields.get("reason")).await?;
    Ok(Redirect::to(&format!("/requests/{id}")).into_response())
}

/// The decisions by action, or what is wrong.
fn read(found: &[Shown], fields: &Fields) -> (Map<String, Json>, Vec<(String, String)>) {
    let (mut decisions, mut wrong) = (Map::new(), Vec::new());
    for d in found {
        let choice = fields.get(&format!("do:{}", d.action));
        if !CHOICES.iter().any(|(value, _)| *value == choice) {
            wrong.push((d.action_says.clone(), "choose what was decided".to_owned()));
        } else if departs(&d.outcome, choice) && fields.get("reason").chars().count() < 10 {
            wrong.push((d.action_says.clone(), format!("the law says {}; give the reason for this decision", d.outcome)));
        }
        decisions.insert(d.action.clone(), json!(choice));
    }
    if decisions.values().all(|d| d == "defer") && wrong.is_empty() {
        wrong.push(("Decision".to_owned(), "nothing was decided; leave the page, or decide at least one action".to_owned()));
    }
    if fields.get("reason").chars().count() > 4000 {
        wrong.push(("Reason".to_owned(), "it is longer than 4000 characters".to_owned()));
    }
    (decisions, wrong)
}

/// Records a disposition.
pub(crate) async fn record(
    desk: &Desk,
    account: &str,
    request: &Request,
    found: &[Shown],
    decisions: &Map<String, Json>,
    reason: &str,
) -> Result<u64, Failure> {
    let departing: Vec<&str> = found
        .iter()
        .filter(|d| decisions.get(&d.action).and_then(Json::as_str).is_some_and(|choice| departs(&d.outcome, choice)))
        .map(|d| d.action.as_str())
        .collect();
    let follows = departure::duties(desk, request, found, decisions).await?;
    // A departure is always looked at by two.
    let unsigned = desk.config.second_person || !departing.is_empty();
    let now = desk.now_ms();
    let mut tx = desk.record.begin().await?;
    let due = in_effect(found, decisions);
    let mut public =
        json!({"determination": request.determination, "decisions": decisions, "departs": departing, "needs_signature": unsigned});
    if !unsigned {
        public["due"] = tasks::told(&due);
    }
    let entry = NewEntry::new(EntryKind::Disposition, account)
        .subject(&request.id)
        .public(public)
        .personal(&store::person(request)?, json!({"reason": reason, "duties": follows}));
    let index = tx.append(entry).await?.index;
    let status = if unsigned { Status::Unsigned } else { Status::Decided };
    let update = sqlx::query(
        "UPDATE request SET status = $2, disposition = $3, decided_by = $4, changed = $5 WHERE id = $1 AND status = 'determined' AND determination = $6",
    );
    let done = update
        .bind(&request.id)
        .bind(status.word())
        .bind(i64::try_from(index).unwrap_or(i64::MAX))
        .bind(account)
        .bind(now)
        .bind(request.determination)
        .execute(tx.connection())
        .await?;
    if done.rows_affected() != 1 {
        return Err(Failure::conflict("This request was decided in the meantime"));
    }
    if unsigned {
        let title = if departing.is_empty() {
            "Compare and sign the decision"
        } else {
            "Compare and sign a decision that departs from the law’s outcome"
        };
        let source = format!("sign-off {index}");
        let task = NewTask {
            request: Some(&request.id),
            kind: "sign-off",
            source: &source,
            title,
            cite: "",
            due: None,
            due_says: "before it takes effect",
        };
        put(&mut tx, &task, now).await?;
    } else {
        tasks::put_all(&mut tx, &request.id, &due, now).await?;
    }
    tx.commit().await?;
    Ok(index)
}

/// What is due once a decision takes effect: duties of actions taken, and of those declined.
pub(crate) fn in_effect(found: &[Shown], decisions: &Map<String, Json>) -> Vec<Due> {
    let mut relevant = Vec::new();
    for d in found {
        let choice = decisions.get(&d.action).and_then(Json::as_str).unwrap_or_default();
        let mut d = d.clone();
        d.duties.retain(|duty| match duty.status.as_str() {
            "due" => true,
            "if-taken" => choice == "take",
            "if-declined" => choice == "decline",
            _ => false,
        });
        if choice != "take" {
            d.clocks.clear();
        }
        relevant.push(d);
    }
    tasks::from_law(&relevant, &["due", "if-taken", "if-declined"])
}
