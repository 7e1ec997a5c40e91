//! What follows from a decision against the law's outcome: the duties of the course that was chosen, which a determination leaves out.

use super::decision::Decision;
use super::shown::{Duty, Shown};
use super::store::{Request, Status};
use crate::desk::Desk;
use crate::http::failure::Failure;
use comity_engine::{DueDuty, DutyStatus, Stack, read_case};
use comity_ledger::Determined;
use maud::{Markup, html};
use serde_json::{Map, Value as Json};

/// Whether a choice takes the very course that the outcome excludes.
fn contrary(outcome: &str, choice: Option<&str>) -> bool {
    matches!((outcome, choice), ("forbidden", Some("take")) | ("required", Some("decline")))
}

fn choice<'c>(decisions: &'c Map<String, Json>, action: &str) -> Option<&'c str> {
    decisions.get(action).and_then(Json::as_str)
}

/// The duties of the chosen course by action, to be recorded with the decision. Nothing where the law in use is another than that of the determination:
/// what it would say of that course is no answer under the law that was determined.
pub(crate) async fn duties(
    desk: &Desk,
    request: &Request,
    found: &[Shown],
    decisions: &Map<String, Json>,
) -> Result<Map<String, Json>, Failure> {
    let mut out = Map::new();
    let wanted: Vec<&Shown> =
        found.iter().filter(|d| contrary(&d.outcome, choice(decisions, &d.action)) && d.bundle == desk.law.digest).collect();
    let Some(entry) = request.determination.filter(|_| !wanted.is_empty()).and_then(|e| u64::try_from(e).ok()) else { return Ok(out) };
    // It is shown to nobody here; who looks at the decision leaves a trace then.
    let determined: Determined = serde_json::from_value(desk.record.ledger.personal_unlogged(entry).await?).map_err(Failure::internal)?;
    // What is wrong with a case would be told with the case's facts: no text for a log.
    let case = read_case(&desk.law, &determined.case).map_err(|_| Failure::internal("a recorded case cannot be read under its own law"))?;
    let asked: Vec<_> = wanted.iter().filter_map(|d| Some((d.action.clone(), desk.law.action(&d.action)?))).collect();
    let law = desk.law.clone();
    // What turns on missing facts is searched for, beside the threads that answer.
    let work = move || {
        let stack = Stack::new(&law, &case.agency, case.on, &case.local);
        asked.into_iter().map(|(name, action)| (name, stack.duties_either_way(action, &case.facts, &case.times))).collect::<Vec<_>>()
    };
    for (action, all) in tokio::task::spawn_blocking(work).await.map_err(Failure::internal)? {
        let left_out = if choice(decisions, &action) == Some("take") { DutyStatus::IfDeclined } else { DutyStatus::IfTaken };
        let chosen: Vec<&DueDuty> = all.iter().filter(|duty| duty.status != left_out).collect();
        out.insert(action, serde_json::to_value(chosen).map_err(Failure::internal)?);
    }
    Ok(out)
}

/// Puts the recorded duties of the chosen course in the place of those of the outcome.
pub(crate) fn put(found: &mut [Shown], recorded: &Json) {
    for d in found {
        let duties = recorded.get(&d.action).cloned();
        if let Some(duties) = duties.and_then(|duties| serde_json::from_value::<Vec<Duty>>(duties).ok()) {
            d.duties = duties;
        }
    }
}

/// Whether the decision of a request stands: one that was returned does not.
pub(crate) fn stands(request: &Request) -> bool {
    matches!(request.status, Status::Unsigned | Status::Decided)
}

/// Puts the duties of the course that was decided in the place of those of the outcome, where the decision stands; gives what was recorded of them.
pub(crate) async fn follow(
    desk: &Desk,
    account: &str,
    request: &Request,
    found: &mut [Shown],
    decision: Option<&Decision>,
) -> Result<Json, Failure> {
    let Some(decision) = decision.filter(|_| stands(request)) else { return Ok(Json::Null) };
    let duties = recorded(desk, account, found, decision).await?;
    put(found, &duties);
    Ok(duties)
}

/// What was recorded of a decision's duties; to look at it is a read of the person's facts, which happens only where there is something to see.
async fn recorded(desk: &Desk, account: &str, found: &[Shown], decision: &Decision) -> Result<Json, Failure> {
    if !found.iter().any(|d| contrary(&d.outcome, decision.on(&d.action))) {
        return Ok(Json::Null);
    }
    let personal = desk.record.ledger.personal(decision.entry, account, "request page").await?;
    Ok(personal.get("duties").cloned().unwrap_or_default())
}

/// Says of each such decision which duties are shown, and what is not computed.
pub(crate) fn note(found: &[Shown], decision: &Decision, recorded: &Json) -> Markup {
    let against: Vec<&Shown> = found.iter().filter(|d| contrary(&d.outcome, decision.on(&d.action))).collect();
    html! {
        @if !against.is_empty() {
            section aria-labelledby="departure" {
                h2 #departure { "What follows from the departure" }
                ul { @for d in &against {
                    @let (course, other) = if decision.on(&d.action) == Some("take") { ("doing", "declining") } else { ("declining", "doing") };
                    li {
                        (d.action_says) ": the law’s outcome is " span.desk-word { (d.outcome) } ", and " (course) " it was decided. "
                        @if recorded.get(&d.action).is_some() {
                            "The duties on this page are those that the laws attach to " (course) " it, on the facts as they were determined; what they attach to " (other) " it is left out."
                        } @else {
                            strong { "The duties of " (course) " it were not computed when this was recorded. " } "Those on this page are the duties of the law’s outcome; have counsel look at it."
                        }
                    }
                } }
                p { "Not computed: what a law attaches to the departure itself, such as liability, penalties or remedies." }
            }
        }
    }
}
