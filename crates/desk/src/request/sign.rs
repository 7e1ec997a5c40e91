//! A second person compares and signs.

use super::decision::Decision;
use super::departure;
use super::disposition::in_effect;
use super::show::determinations;
use super::store::{self, Request, Status};
use super::{shown, tasks};
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::{Fields, Visit};
use crate::page::{parts, plain};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comity_ledger::{EntryKind, NewEntry};
use maud::{Markup, html};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// The request, if this person may sign it: never who decided.
async fn signable(desk: &Desk, visit: &Visit, id: &str) -> Result<Request, Failure> {
    let request = store::find(desk, id).await?;
    if request.status != Status::Unsigned {
        return Err(Failure::conflict("There is nothing to sign on this request"));
    }
    if request.person.is_none() {
        return Err(Failure::conflict("The personal facts of this request were destroyed by order: there is nothing left to compare"));
    }
    if request.decided_by.as_deref() == Some(visit.user()?.account.as_str()) {
        return Err(Failure::forbidden("You decided this request; another person has to sign it"));
    }
    Ok(request)
}

async fn decided(desk: &Desk, request: &Request) -> Result<Decision, Failure> {
    Decision::of(desk, request).await?.ok_or_else(|| Failure::internal("a disposition without an entry"))
}

/// `GET /requests/{id}/sign`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit, Path(id): Path<String>) -> Result<Markup, Failure> {
    let request = signable(&desk, &visit, &id).await?;
    page(&desk, &visit, &request, &[]).await
}

async fn page(desk: &Desk, visit: &Visit, request: &Request, wrong: &[(String, String)]) -> Result<Markup, Failure> {
    let id = &request.id;
    let mut found = determinations(desk, visit, request, "sign-off").await?;
    let sheet = store::sheet(desk, request).await?;
    let decision = decided(desk, request).await?;
    let user = visit.user()?;
    let reason = desk.record.ledger.personal(decision.entry, &user.account, "sign-off").await?;
    let follows = reason.get("duties").cloned().unwrap_or_default();
    departure::put(&mut found, &follows);
    let facts = sheet.case.get("facts").and_then(Json::as_object).cloned().unwrap_or_default();
    let names = crate::people::accounts::names(&desk.record).await?;
    let by = request.decided_by.as_deref().and_then(|a| names.get(a)).map_or("another person", String::as_str);
    let body = html! {
        p { a href={ "/requests/" (id) } { "Back to the request" } }
        h1 { "Compare and sign request " (id) }
        (super::new::mistakes(wrong))
        p { "Lay the paper beside this page and compare each line. " strong { (by) } " decided." }
        dl.desk-facts {
            dt { "File" } dd { (sheet.file) @if !sheet.name.is_empty() { ", " (sheet.name) } }
            dt { "Received" } dd { (desk.shown_text(&request.received)) }
        }
        (crate::law::facts::table(&desk.law, &facts))
        table.usa-table.desk-stack {
            caption { "Outcome and decision" }
            thead { tr { th scope="col" { "Action" } th scope="col" { "The law" } th scope="col" { "Decided" } } }
            tbody { @for d in &found { tr {
                th scope="row" { (d.action_says) }
                td data-label="The law" { span.desk-word { (d.outcome) } ": " (shown::verdict(&d.outcome)) }
                td data-label="Decided" { (decision.words(&d.action)) }
            } } }
        }
        @if let Some(reason) = reason.get("reason").and_then(Json::as_str).filter(|r| !r.is_empty()) { h2 { "Reason given" } p { (reason) } }
        (departure::note(&found, &decision, &follows))
        (shown::duties(desk, &found))
        form method="post" action={ "/requests/" (id) "/sign" } {
            (parts::csrf(visit))
            input type="hidden" name="disposition" value=(decision.entry);
            div.usa-checkbox {
                input.usa-checkbox__input #compared type="checkbox" name="compared" value="yes";
                label.usa-checkbox__label for="compared" { "I compared file number, facts, outcome and decision with the paper" }
            }
            div.desk-actions.margin-top-3 {
                button.usa-button type="submit" name="verdict" value="sign" { "Sign" }
                button.usa-button.usa-button--outline type="submit" name="verdict" value="return" { "Return it to be decided anew" }
            }
        }
    };
    Ok(plain(desk, visit, "Sign", body))
}

/// `POST /requests/{id}/sign`
pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let user = visit.user()?;
    let request = signable(&desk, &visit, &id).await?;
    let signs = match fields.get("verdict") {
        "sign" => true,
        "return" => false,
        _ => return Err(Failure::input("verdict", "sign, or return")),
    };
    if signs && fields.get("compared") != "yes" {
        let wrong = [("Comparison".to_owned(), "tick that you compared the paper before you sign".to_owned())];
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&desk, &visit, &request, &wrong).await?).into_response());
    }
    let mut found = determinations(&desk, &visit, &request, "sign-off").await?;
    let decision = decided(&desk, &request).await?;
    if fields.get("disposition") != decision.entry.to_string() {
        return Err(Failure::conflict("It was decided anew since this page was shown; load it again and compare"));
    }
    // For the tasks alone; what the supervisor saw was traced when the page was shown.
    if !found.is_empty() {
        let kept = desk.record.ledger.personal_unlogged(decision.entry).await?;
        departure::put(&mut found, kept.get("duties").unwrap_or(&Json::Null));
    }
    let now = desk.now_ms();
    let mut tx = desk.record.begin().await?;
    let verdict = if signs { "signed" } else { "returned" };
    let due = in_effect(&found, &decision.by_action);
    let mut public = json!({"disposition": decision.entry, "verdict": verdict});
    if signs {
        public["due"] = tasks::told(&due);
    }
    let appended = tx.append(NewEntry::new(EntryKind::SignOff, &user.account).subject(&id).public(public)).await?;
    let status = if signs { Status::Decided } else { Status::Determined };
    let update = sqlx::query(
        "UPDATE request SET status = $2, changed = $3 WHERE id = $1 AND status = 'unsigned' AND decided_by <> $4 AND disposition = $5",
    );
    let done = update.bind(&id).bind(status.word()).bind(now).bind(&user.account).bind(decision.entry.cast_signed());
    let done = done.execute(tx.connection()).await?;
    if done.rows_affected() != 1 {
        return Err(Failure::conflict("This request was signed or returned in the meantime"));
    }
    let open = sqlx::query_scalar("SELECT id FROM task WHERE request = $1 AND kind = 'sign-off' AND status = 'open'");
    let open: Option<String> = open.bind(&id).fetch_optional(tx.connection()).await?;
    if let Some(task) = open {
        tasks::close(&mut tx, &task, &user.account, appended.index, now).await?;
    }
    if signs {
        tasks::put_all(&mut tx, &id, &due, now).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&format!("/requests/{id}")).into_response())
}
