//! The interview: one question a page, the one that is expected to end it soonest.

use super::fields;
use super::questions::{Asking, Kind, apply, asking, current, forget, open};
use super::sheet::{Asked, Sheet, decide};
use super::store::{self, Request, Status};
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::{Fields, Visit};
use crate::page::{parts, plain};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comity_engine::Case;
use maud::html;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
pub(crate) struct Which {
    /// A question by name, to change its answer.
    fact: Option<String>,
}

/// A request that can still be changed, its sheet and case.
pub(crate) async fn load(desk: &Desk, visit: &Visit, id: &str, purpose: &str) -> Result<(Request, Sheet, Case), Failure> {
    let request = store::find(desk, id).await?;
    if matches!(request.status, Status::Unsigned | Status::Decided) {
        return Err(Failure::conflict("This request was decided; its facts are corrected by a new determination, not by an edit"));
    }
    let sheet = store::sheet(desk, &request).await?;
    desk.record.reading(&visit.user()?.account, id, purpose).await?;
    let case = sheet.read(desk)?;
    Ok((request, sheet, case))
}

/// `GET /requests/{id}/ask`
pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    visit: Visit,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let (request, sheet, case) = load(&desk, &visit, &id, "interview").await?;
    let found = decide(&desk, &case).await?;
    let open = open(&desk.law, &case, &sheet, &found);
    let wanted = which.fact.as_deref().map(fields::parse);
    let asking = match wanted {
        Some(asked) => {
            let known = open.iter().find(|a| a.asked == asked).cloned();
            Some(known.or_else(|| asking(&desk.law, &case, &asked, &[])).ok_or_else(|| Failure::unknown("There is no such question"))?)
        }
        None => open.first().cloned(),
    };
    match asking {
        Some(asking) => Ok(page(&desk, &visit, &request, &sheet, &case, &asking, None).into_response()),
        None => Ok(Redirect::to(&format!("/requests/{id}/check")).into_response()),
    }
}

fn page(desk: &Desk, visit: &Visit, request: &Request, sheet: &Sheet, case: &Case, asking: &Asking, wrong: Option<&str>) -> maud::Markup {
    let value = if matches!(asking.kind, Kind::List { .. }) { None } else { current(&desk.law, case, &asking.asked) };
    let back = before(sheet, &asking.asked);
    let body = html! {
        p.desk-noprint {
            a href=(match &back { Some(asked) => format!("/requests/{}/ask?fact={}", request.id, query(asked)), None => format!("/requests/{}/check", request.id) }) { "Back" }
        }
        form.usa-form.maxw-tablet method="post" action={ "/requests/" (request.id) "/ask" } {
            (parts::csrf(visit))
            input type="hidden" name="question" value=(fields::name(asking));
            (fields::question(asking, 1, value.as_deref(), wrong, true))
            (fields::why(asking))
            div.desk-actions.margin-top-3 {
                button.usa-button type="submit" name="go" value="on" { "Continue" }
                button.usa-button.usa-button--outline type="submit" name="go" value="unknown" { "Not known yet" }
            }
        }
        p { "Request " (request.id) ". Every answer is saved. " a href={ "/requests/" (request.id) "/check" } { "Check the answers" } " · " a href={ "/requests/" (request.id) "/page" } { "All questions on one page" } }
    };
    plain(desk, visit, &asking.question, body)
}

/// The question that was answered before this one.
fn before(sheet: &Sheet, asked: &Asked) -> Option<Asked> {
    match sheet.answered.iter().position(|a| a == asked) {
        Some(0) => None,
        Some(at) => sheet.answered.get(at - 1).cloned(),
        None => sheet.answered.last().cloned(),
    }
}

/// A question's name in an address.
pub(crate) fn query(asked: &Asked) -> String {
    match asked.1 {
        Some(at) => format!("{}%23{at}", asked.0.replace("[]", "%5B%5D")),
        None => asked.0.clone(),
    }
}

/// `POST /requests/{id}/ask`
pub(crate) async fn answer(
    State(desk): State<Arc<Desk>>,
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let (request, mut sheet, mut case) = load(&desk, &visit, &id, "interview").await?;
    let name = fields.get("question");
    let asked = fields::parse(name);
    let asking = asking(&desk.law, &case, &asked, &[]).ok_or_else(|| Failure::input("question", "there is no such question"))?;
    if fields.get("go") == "unknown" {
        if !matches!(asking.kind, Kind::List { begun: true }) {
            forget(&desk.law, &mut case, &asked);
        }
        sheet.note(&asked, false);
    } else if let Err(why) = apply(&desk.law, &mut case, &asked, fields.get(name)) {
        let found = decide(&desk, &case).await?;
        let asking = open(&desk.law, &case, &sheet, &found).into_iter().find(|a| a.asked == asked).unwrap_or(asking);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&desk, &visit, &request, &sheet, &case, &asking, Some(&why))).into_response());
    } else {
        sheet.note(&asked, true);
    }
    sheet.take(&desk, &case);
    store::save(&desk, &request, &sheet).await?;
    Ok(Redirect::to(&format!("/requests/{id}/ask")).into_response())
}
