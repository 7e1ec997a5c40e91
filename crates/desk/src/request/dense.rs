//! All questions that matter at the moment on one page, for those who do this every day.

use super::ask::load;
use super::fields;
use super::questions::{Asking, apply, open};
use super::sheet::decide;
use super::store;
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::{Fields, Visit};
use crate::page::{parts, plain};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use std::collections::HashMap;
use std::sync::Arc;

/// `GET /requests/{id}/page`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let (_, sheet, case) = load(&desk, &visit, &id, "interview").await?;
    let found = decide(&desk, &case).await?;
    let open = open(&desk.law, &case, &sheet, &found);
    if open.is_empty() {
        return Ok(Redirect::to(&format!("/requests/{id}/check")).into_response());
    }
    Ok(page(&desk, &visit, &id, &open, &Fields::default(), &HashMap::new()).into_response())
}

fn page(desk: &Desk, visit: &Visit, id: &str, open: &[Asking], given: &Fields, wrong: &HashMap<String, String>) -> Markup {
    let body = html! {
        h1 { "What still matters" }
        p { "Request " (id) ". Leave open what is not known. After you send it, only what then still matters is asked." }
        @if !wrong.is_empty() {
            div.usa-alert.usa-alert--error.usa-alert--slim role="alert" { div.usa-alert__body { p.usa-alert__text { (wrong.len()) " answers need another look; the others were saved." } } }
        }
        form.maxw-full method="post" action={ "/requests/" (id) "/page" } {
            (parts::csrf(visit))
            div.desk-pair {
                @for (at, asking) in open.iter().enumerate() {
                    @let name = fields::name(asking);
                    div {
                        (fields::question(asking, at + 1, Some(given.get(&name)).filter(|v| !v.is_empty()), wrong.get(&name).map(String::as_str), false))
                        (fields::why(asking))
                    }
                }
            }
            div.desk-actions.margin-top-3 {
                button.usa-button type="submit" name="go" value="on" { "Save and go on" }
                button.usa-button.usa-button--outline type="submit" name="go" value="check" { "The rest is not known yet" }
            }
        }
        p { a href={ "/requests/" (id) "/check" } { "Check the answers" } " · " a href={ "/requests/" (id) "/ask" } { "One question at a time" } }
    };
    plain(desk, visit, "What still matters", body)
}

/// `POST /requests/{id}/page`
pub(crate) async fn answer(
    State(desk): State<Arc<Desk>>,
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let (request, mut sheet, mut case) = load(&desk, &visit, &id, "interview").await?;
    let mut wrong = HashMap::new();
    for (name, value) in fields.0.iter().filter(|(name, value)| !["csrf", "go"].contains(&name.as_str()) && !value.trim().is_empty()) {
        let asked = fields::parse(name);
        match apply(&desk.law, &mut case, &asked, value.trim()) {
            Ok(()) => sheet.note(&asked, true),
            Err(why) => _ = wrong.insert(name.clone(), why),
        }
    }
    let found = decide(&desk, &case).await?;
    let rest = open(&desk.law, &case, &sheet, &found);
    if fields.get("go") == "check" {
        rest.iter().for_each(|a| sheet.note(&a.asked, false));
    }
    sheet.take(&desk, &case);
    store::save(&desk, &request, &sheet).await?;
    if !wrong.is_empty() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&desk, &visit, &id, &rest, &fields, &wrong)).into_response());
    }
    let next = if fields.get("go") == "check" || rest.is_empty() { "check" } else { "page" };
    Ok(Redirect::to(&format!("/requests/{id}/{next}")).into_response())
}
