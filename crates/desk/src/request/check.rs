//! The answers to check before the law is determined.

use super::ask::{load, query};
use super::questions::{asking, current, of, open};
use super::sheet::decide;
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::law::facts;
use crate::page::{parts, plain};
use axum::extract::{Path, State};
use maud::{Markup, html};
use std::sync::Arc;

/// `GET /requests/{id}/check`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit, Path(id): Path<String>) -> Result<Markup, Failure> {
    let (request, sheet, case) = load(&desk, &visit, &id, "check of answers").await?;
    let found = decide(&desk, &case).await?;
    let left = open(&desk.law, &case, &sheet, &found);
    let rows: Vec<_> = sheet.answered.iter().filter_map(|asked| asking(&desk.law, &case, asked, &[]).map(|a| (asked, a))).collect();
    let body = html! {
        h1 { "Check the answers" }
        p { "Request " (id) ", received " (desk.shown_text(&request.received)) ", file " strong { (sheet.file) } @if !sheet.name.is_empty() { ", " (sheet.name) } "." }
        p { "Asked of the agency:" }
        ul { @for action in request.actions.split(", ") { li { (says(&desk, action)) } } }
        @if rows.is_empty() { p { "Nothing was answered yet." } }
        @else {
            table.usa-table.desk-stack {
                thead { tr { th scope="col" { "Question" } th scope="col" { "Answer" } th scope="col" { "Change" } } }
                tbody { @for (asked, a) in &rows { tr {
                    th scope="row" { @if let Some(of) = of(asked) { span.desk-cite { (of) ": " } } (a.question) }
                    td data-label="Answer" { @match current(&desk.law, &case, asked) { Some(value) => (answer(&desk, &asked.0, &value)), None => em { "not known yet" } } }
                    td data-label="Change" { a href={ "/requests/" (id) "/ask?fact=" (query(asked)) } { "Change" span.usa-sr-only { ": " (a.question) } } }
                } } }
            }
        }
        @if !left.is_empty() {
            p { (left.len()) @if left.len() == 1 { " question still matters" } @else { " questions still matter" } ": " a href={ "/requests/" (id) "/ask" } { "go on" } "." }
        }
        form method="post" action={ "/requests/" (id) "/determine" } {
            (parts::csrf(&visit))
            button.usa-button.margin-top-3 type="submit" { "Show what the law says, and record it" }
        }
        @if !left.is_empty() || !sheet.unknown.is_empty() { p { "What is not known may leave outcomes open; the page then names the facts that would settle them." } }
    };
    Ok(plain(&desk, &visit, "Check the answers", body))
}

/// An answer in the words of its question.
fn answer(desk: &Desk, fact: &str, value: &str) -> String {
    let vocabulary = &desk.law.schema.vocabulary;
    vocabulary.find(fact).map_or_else(|| value.to_owned(), |id| facts::answer(&vocabulary.fact(id).declared, value))
}

fn says<'d>(desk: &'d Desk, action: &'d str) -> &'d str {
    desk.law.actions.iter().find(|a| a.id == action).map_or(action, |a| a.says.as_str())
}
