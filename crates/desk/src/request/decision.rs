//! What was decided on a request, as the record has it.

use super::store::Request;
use crate::desk::Desk;
use crate::http::failure::Failure;
use maud::{Markup, html};
use serde_json::{Map, Value as Json};

/// A recorded decision.
pub(crate) struct Decision {
    /// Its entry.
    pub(crate) entry: u64,
    /// `take`, `decline` or `defer` by action.
    pub(crate) by_action: Map<String, Json>,
    departs: Vec<Json>,
}

impl Decision {
    /// The last decision on a request, if there is one.
    pub(crate) async fn of(desk: &Desk, request: &Request) -> Result<Option<Self>, Failure> {
        let Some(entry) = request.disposition.and_then(|e| u64::try_from(e).ok()) else { return Ok(None) };
        let found = desk.record.ledger.read(entry).await?.ok_or_else(|| Failure::internal("the entry of a disposition is missing"))?;
        let by_action = found.public.get("decisions").and_then(Json::as_object).cloned().unwrap_or_default();
        let departs = found.public.get("departs").and_then(Json::as_array).cloned().unwrap_or_default();
        Ok(Some(Self { entry, by_action, departs }))
    }

    /// `take`, `decline` or `defer`.
    pub(crate) fn on(&self, action: &str) -> Option<&str> {
        self.by_action.get(action).and_then(Json::as_str)
    }

    /// What was decided of an action, in words.
    pub(crate) fn words(&self, action: &str) -> Markup {
        let word = match self.on(action) {
            Some("take") => "do it",
            Some("decline") => "decline it",
            _ => "not decided yet",
        };
        html! {
            (word)
            @if self.departs.iter().any(|a| a == action) { div.desk-overdue { "departs from the law’s outcome" } }
        }
    }
}
