//! Two days or two places: for each action the smallest case on which the answers differ, or a proof that they agree.

use super::situations::key;
use super::witness::{replay, small};
use crate::case::AgencyRef;
use crate::decide::{conditions, may_fire};
use crate::determination::Determination;
use crate::resolve::{OUTCOMES, formulas};
use crate::stack::{Stack, identity};
use comity_law::{ActionId, Law, Outcome};
use comity_logic::{Budget, Date, Facts, FactId, Problem, Slot, Unsettled, Value, Vocabulary};
use serde_json::{Map, Value as Json};

/// One side of a comparison.
#[derive(Clone, Debug)]
pub struct Side {
    /// The agency; only its kind and place count.
    pub agency: AgencyRef,
    /// The day.
    pub on: Date,
}

/// A change of outcome, with the smallest case in which it shows.
#[derive(Clone, Debug)]
pub struct Change {
    /// The outcome on the first side.
    pub from: Outcome,
    /// The outcome on the second side.
    pub to: Outcome,
    /// The facts of the case.
    pub facts: Map<String, Json>,
    /// What the engine says on the first side.
    pub before: Determination,
    /// What the engine says on the second side.
    pub after: Determination,
}

/// How an action differs.
#[derive(Clone, Debug)]
pub struct ActionDiff {
    /// The action's id.
    pub action: String,
    /// The changes that some case shows; none: the two sides agree on every case.
    pub changes: Vec<Change>,
}

/// Compares two sides, action by action.
///
/// # Errors
/// When a search does not end within its budget: then nothing is claimed.
pub fn diff(law: &Law, one: &Side, two: &Side) -> Result<Vec<ActionDiff>, Unsettled> {
    let first = Stack::new(law, &one.agency, one.on, &[]);
    let second = Stack::new(law, &two.agency, two.on, &[]);
    (0..law.actions.len()).map(|at| by_action(&first, &second, ActionId(at as u16))).collect()
}

fn by_action(one: &Stack<'_>, two: &Stack<'_>, action: ActionId) -> Result<ActionDiff, Unsettled> {
    let law = one.law;
    let (before, after) = (one.slice(action), two.slice(action));
    let mut found = ActionDiff { action: law.action_name(action).to_owned(), changes: Vec::new() };
    // The same norms, none of which looks at the day or at a settled point, cannot differ.
    let looks = |s: &Stack<'_>| {
        let slots: Vec<Slot> = settled(s).map(|(slot, _)| slot).chain([Vocabulary::ON]).collect();
        conditions(s.slice(action)).any(|c| slots.iter().any(|slot| c.reads(*slot) || c.counts_from(*slot)))
    };
    if key(before) == key(after) && !looks(one) && !looks(two) {
        return Ok(found);
    }
    let mut facts = identity(&law.schema, &one.agency, one.on);
    facts.set(Vocabulary::ON, Value::Unknown);
    let mut problem = Problem::new(&law.schema, &facts, conditions(before).chain(conditions(after)));
    let results = [(one, before), (two, after)].map(|(stack, slice)| {
        let taken: Vec<(Slot, Value)> = settled(stack).chain([(Vocabulary::ON, Value::Date(stack.on))]).collect();
        taken.iter().for_each(|(slot, value)| problem.take(*slot, *value));
        let items = may_fire(&mut problem, slice);
        let results = formulas(&mut problem, slice, &items);
        taken.iter().for_each(|(slot, _)| problem.take(*slot, Value::Unknown));
        results
    });
    for (from, was) in OUTCOMES.iter().zip(&results[0]) {
        for (to, is) in OUTCOMES.iter().zip(&results[1]).filter(|(to, _)| *to != from) {
            let both = problem.and(&[*was, *is]);
            let Some(witness) = problem.witness(both, &small, Budget::default())? else { continue };
            let case = problem.completed(&witness);
            let runs = (replay(one, before, &case), replay(two, after, &case));
            // A witness that the engine does not confirm is a fault of the search, never shown as a finding.
            let (Some(before), Some(after)) = runs else { return Err(Unsettled) };
            if before.outcome != *from || after.outcome != *to {
                return Err(Unsettled);
            }
            found.changes.push(Change { from: *from, to: *to, facts: case.to_json(&law.schema), before, after });
        }
    }
    Ok(found)
}

/// The contested points that are settled for a stack, as the engine settles them.
fn settled<'s>(stack: &'s Stack<'_>) -> impl Iterator<Item = (Slot, Value)> + 's {
    let vocabulary = &stack.law.schema.vocabulary;
    let ready = stack.made_ready(&Facts::new(vocabulary));
    let slots: Vec<(Slot, Value)> = stack
        .settles
        .iter()
        .filter_map(|(_, s)| match vocabulary.find(&s.fact) {
            Some(FactId::Scalar(slot)) => Some((slot, ready.scalar(slot))),
            _ => None,
        })
        .filter(|(_, value)| *value != Value::Unknown)
        .collect();
    slots.into_iter()
}
