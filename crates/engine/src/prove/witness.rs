//! Small cases, and what the engine says of them.

use crate::case::Times;
use crate::decide::conditions;
use crate::determination::Determination;
use crate::resolve::{MayFire, OUTCOMES};
use crate::stack::{Slice, Stack, identity};
use comity_law::Outcome;
use comity_logic::{Candidate, Date, Facts, Formula, Problem, Unknown, Value, Vocabulary};

/// The cost of saying something in a case that should be small: each fact counts, each element of a list and each field of it.
pub(crate) fn small(_: Unknown, candidate: &Candidate, _: bool) -> u64 {
    match candidate {
        // Of two values that do alike, the plainer: no rather than yes.
        Candidate::Value(Value::Bool(true)) => 11,
        Candidate::Value(_) | Candidate::Text(_) => 10,
        Candidate::List(elements) => 5 + elements.iter().map(|e| 5 + 10 * e.len() as u64).sum::<u64>(),
    }
}

/// A case of which only agency and day are known.
pub(crate) fn blank(stack: &Stack<'_>, on: Date) -> Facts {
    identity(&stack.law.schema, &stack.agency, on)
}

/// The days of a stretch that have to be looked at: one, unless windows meet fixed days within it.
pub(crate) fn days(stack: &Stack<'_>, slice: &Slice<'_>, from: Date, to: Option<Date>) -> Vec<Date> {
    let mut open = blank(stack, from);
    open.set(Vocabulary::ON, Value::Unknown);
    let problem = Problem::new(&stack.law.schema, &open, conditions(slice));
    let mut days = vec![from];
    days.extend(problem.stretches(Vocabulary::ON).iter().filter(|d| **d > from && to.is_none_or(|to| **d <= to)));
    days
}

/// Runs a case with the stack; `None` if the search does not end.
pub(crate) fn replay(stack: &Stack<'_>, slice: &Slice<'_>, facts: &Facts) -> Option<Determination> {
    stack.decide(slice.action, facts, &Times::default()).ok()
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
