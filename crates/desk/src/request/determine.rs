//! The moment at which the law is determined and recorded.

use super::ask::load;
use super::sheet::{Sheet, decide};
use super::shown;
use super::store::{self, Request};
use super::tasks;
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use comity_engine::Determination;
use comity_ledger::{Determined, NewEntry};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// `POST /requests/{id}/determine`
pub(crate) async fn submit(State(desk): State<Arc<Desk>>, visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let (request, sheet, case) = load(&desk, &visit, &id, "determination").await?;
    let found = decide(&desk, &case).await?;
    record(&desk, &visit.user()?.account, &request, &sheet, &found).await?;
    Ok(Redirect::to(&format!("/requests/{id}")).into_response())
}

/// Records a case with its determinations, and opens what is due. Gives the index of the entry.
pub(crate) async fn record(desk: &Desk, account: &str, request: &Request, sheet: &Sheet, found: &[Determination]) -> Result<u64, Failure> {
    let determined = Determined {
        comity: env!("CARGO_PKG_VERSION").to_owned(),
        case: sheet.text_of_case(),
        answer: serde_json::to_string(found).map_err(Failure::internal)?,
    };
    let outcomes: Vec<String> = found.iter().map(|d| format!("{}: {}", d.action, d.outcome)).collect();
    let by_action: serde_json::Map<String, Json> = found.iter().map(|d| (d.action.clone(), json!(d.outcome))).collect();
    let person = store::person(request)?;
    let mut shown = shown::read(&determined.answer);
    // The limits of an action run once it is taken.
    shown.iter_mut().for_each(|d| d.clocks.clear());
    let now = desk.now_ms();
    let mut tx = desk.record.begin().await?;
    let due = tasks::from_law(&shown, &["due"]);
    let public = json!({"on": sheet.text("on"), "outcomes": by_action, "comity": determined.comity, "due": tasks::told(&due)});
    let entry = NewEntry::determination(account, &request.id, &person, &desk.law.digest, &determined, public);
    let index = tx.append(entry).await?.index;
    let update = sqlx::query(
        "UPDATE request SET status = 'determined', outcomes = $2, determination = $3, changed = $4 WHERE id = $1 AND status IN ('draft', 'determined')",
    );
    let done = update
        .bind(&request.id)
        .bind(outcomes.join(", "))
        .bind(i64::try_from(index).unwrap_or(i64::MAX))
        .bind(now)
        .execute(tx.connection())
        .await?;
    if done.rows_affected() != 1 {
        return Err(Failure::conflict("This request was decided in the meantime"));
    }
    tasks::put_all(&mut tx, &request.id, &due, now).await?;
    tx.commit().await?;
    Ok(index)
}
