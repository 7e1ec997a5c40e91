//! Small cases, and what the engine says of them.

use crate::case::Times;
use crate::determination::Determination;
use crate::resolve::{MayFire, OUTCOMES};
use crate::stack::{Slice, Stack};
use comity_law::Outcome;
use comity_logic::{FactId, Facts, Formula, Problem, Slot, Unsettled, Value};

/// A case of which only agency, day and settled points are known.
pub(crate) fn blank(stack: &Stack<'_>) -> Facts {
    stack.made_ready(&Facts::new(&stack.law.schema.vocabulary))
}

/// The contested points that are settled for a stack, as the engine settles them.
pub(crate) fn settled(stack: &Stack<'_>) -> Vec<(Slot, Value)> {
    if stack.settles.is_empty() {
        return Vec::new();
    }
    let ready = blank(stack);
    let slot = |fact: &str| match stack.law.schema.vocabulary.find(fact) {
        Some(FactId::Scalar(slot)) => Some((slot, ready.scalar(slot))),
        _ => None,
    };
    let mut found: Vec<(Slot, Value)> = stack.settles.iter().filter_map(|(_, s)| slot(&s.fact)).collect();
    // A text is a position among the texts of its own case: such a point stays open, and a witness that turns on it is not confirmed.
    found.retain(|(_, value)| !matches!(value, Value::Unknown | Value::Text(_)));
    found.sort_by_key(|(slot, _)| *slot);
    found.dedup_by_key(|(slot, _)| *slot);
    found
}

/// The case without the points that are settled for the stack: they are no facts of the case there.
pub(crate) fn without_settled(stack: &Stack<'_>, case: &Facts) -> Facts {
    let mut case = case.clone();
    settled(stack).iter().for_each(|(slot, _)| case.set(*slot, Value::Unknown));
    case
}

/// Runs a case with the stack.
pub(crate) fn replay(stack: &Stack<'_>, slice: &Slice<'_>, case: &Facts) -> Result<Determination, Unsettled> {
    stack.decide(slice.action, &without_settled(stack, case), &Times::default())
}

/// The formula of an outcome among [`OUTCOMES`].
pub(crate) fn of(outcome: Outcome, formulas: &[Formula; 5]) -> Formula {
    OUTCOMES.iter().position(|o| *o == outcome).map_or(Formula::FALSE, |at| formulas[at])
}

/// When a norm stands: it fires, and nothing that fires makes it give way.
pub(crate) fn stands(problem: &mut Problem<'_>, slice: &Slice<'_>, items: &[MayFire], item: &MayFire) -> Formula {
    let beaten: Vec<Formula> = items.iter().filter(|o| crate::resolve::beats(slice, &o.fired(), &item.fired())).map(|o| o.when).collect();
    let beaten = problem.or(&beaten);
    let unbeaten = problem.not(beaten);
    problem.and(&[item.when, unbeaten])
}
