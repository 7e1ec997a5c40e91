//! Two norms that can require and forbid the same thing, neither of which gives way.

use super::situations::{each_slice, places};
use super::smallest::Goal;
use super::usual::Usual;
use super::witness::{blank, replay, stands, without_settled};
use crate::decide::{conditions, may_fire};
use crate::determination::Determination;
use crate::resolve::MayFire;
use crate::stack::{Entry, Slice, Stack};
use comity_law::{Interval, Law, Modality, Outcome};
use comity_logic::{Condition, Date, Declared, Facts, Formula, ListId, Problem, Slot, Unsettled, Value};
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

/// A clash of two norms, with a case in which it happens.
#[derive(Clone, Debug)]
pub struct Clash {
    /// The two norms.
    pub norms: [String; 2],
    /// The action's id.
    pub action: String,
    /// The place where it was found first.
    pub place: String,
    /// The kinds of agency.
    pub kinds: Vec<String>,
    /// The days.
    pub days: Interval,
    /// The day of the case.
    pub on: Date,
    /// The facts of the case, the fewest that bring it about.
    pub facts: Map<String, Json>,
    /// What the engine says of the case.
    pub determination: Determination,
}

/// Every pair of norms that can clash, each with one case. `named`: the places to look at; empty: everywhere.
///
/// # Errors
/// When a search does not end within its budget: then nothing is claimed.
pub fn conflicts(law: &Law, named: &[String]) -> Result<Vec<Clash>, Unsettled> {
    let mut clashes = Vec::new();
    let mut known: BTreeSet<(String, [String; 2])> = BTreeSet::new();
    each_slice(law, &places(law, named), |situation, stack, slice| {
        for (norms, case, determination) in clashes_in(stack, slice, &known)? {
            let action = determination.action.clone();
            known.insert((action.clone(), norms.clone()));
            clashes.push(Clash {
                norms,
                action,
                place: situation.agency.place.clone(),
                kinds: situation.kinds.clone(),
                days: situation.days,
                on: stack.on,
                facts: case,
                determination,
            });
        }
        Ok(())
    })?;
    Ok(clashes)
}

type Found = ([String; 2], Map<String, Json>, Determination);

/// The pairs of norms of the slice that can clash and are not known to.
fn clashes_in(stack: &Stack<'_>, slice: &Slice<'_>, known: &BTreeSet<(String, [String; 2])>) -> Result<Vec<Found>, Unsettled> {
    let (schema, action) = (&stack.law.schema, stack.law.action_name(slice.action));
    let facts = blank(stack);
    let usual = Usual::of(stack.law, action, stack.on);
    let mut found: Vec<Found> = Vec::new();
    for (one, two) in may_clash(slice) {
        let norms = [slice.entries[one].id(), slice.entries[two].id()];
        if known.contains(&(action.to_owned(), norms.clone())) {
            continue;
        }
        let formula = |problem: &mut Problem<'_>| clash(problem, slice, [one, two]);
        let cost = |unknown, candidate: &_| usual.cost(unknown, candidate);
        let goal = Goal { schema, start: &facts, conditions: conditions(slice).collect(), formula: &formula, cost: &cost };
        let Some(witness) = goal.smallest()? else { continue };
        let mut case = Problem::new(schema, &facts, conditions(slice)).completed(&witness);
        let shown = |determination: &Determination| {
            let sure = |norm: &String| determination.because.iter().any(|g| g.norm == *norm);
            determination.outcome == Outcome::Conflict && norms.iter().all(sure)
        };
        let confirmed = |case: &Facts| replay(stack, slice, case).is_ok_and(|d| shown(&d));
        let asked: Vec<&Condition> = [one, two].iter().flat_map(|at| conditions_of(&slice.entries[*at])).collect();
        state_more(stack, &asked, &mut case, &confirmed);
        usual.put_into(&mut case, &confirmed);
        let determination = replay(stack, slice, &case)?;
        // A witness that the engine does not confirm is a fault of the search, never shown as a finding.
        if !shown(&determination) {
            return Err(Unsettled);
        }
        found.push((norms, without_settled(stack, &case).to_json(schema), determination));
    }
    Ok(found)
}

/// The pairs of entries of one rank of which one may bid or protect what the other forbids: no others can clash.
fn may_clash(slice: &Slice<'_>) -> Vec<(usize, usize)> {
    let entries = &slice.entries;
    let bids = |at: usize| matches!(entries[at].modality, Modality::Requires | Modality::Protects);
    let forbids = |at: usize| entries[at].modality == Modality::Forbids;
    let pairs = (0..entries.len()).flat_map(|one| (one + 1..entries.len()).map(move |two| (one, two)));
    pairs
        .filter(|(one, two)| entries[*one].rank == entries[*two].rank && ((bids(*one) && forbids(*two)) || (bids(*two) && forbids(*one))))
        .collect()
}

/// When the two entries both stand as what they say.
fn clash(problem: &mut Problem<'_>, slice: &Slice<'_>, pair: [usize; 2]) -> Formula {
    let items = may_fire(problem, slice);
    let mut both = Vec::new();
    for at in pair {
        let itself = |i: &&MayFire| i.entry == at && i.modality == slice.entries[at].modality;
        let Some(item) = items.iter().find(itself) else { return Formula::FALSE };
        both.push(stands(problem, slice, &items, item));
    }
    problem.and(&both)
}

fn conditions_of<'e>(entry: &'e Entry<'_>) -> impl Iterator<Item = &'e Condition> {
    std::iter::once(&entry.when).chain(entry.unless.iter().map(|u| &u.when))
}

/// Where it takes a proof to see that a norm fires (an exception that no case can meet), facts that its conditions ask for are stated as well, whatever they are,
/// until it is plain.
fn state_more(stack: &Stack<'_>, asked: &[&Condition], case: &mut Facts, plain: &dyn Fn(&Facts) -> bool) {
    let vocabulary = &stack.law.schema.vocabulary;
    for at in 0..vocabulary.scalars().len() {
        let slot = Slot(at as u16);
        let missing = case.scalar(slot) == Value::Unknown && asked.iter().any(|c| c.reads(slot));
        if missing && !plain(case) {
            let value = match vocabulary.scalars()[at].declared {
                Declared::Bool => Value::Bool(false),
                Declared::Enum(_) => Value::Enum(0),
                Declared::Int { min } => Value::Int(min.unwrap_or(0)),
                Declared::Date => Value::Date(stack.on),
                Declared::Text | Declared::Offense => case.text("", Default::default()),
                Declared::List { .. } => Value::Unknown,
            };
            case.set(slot, value);
        }
    }
    for at in 0..vocabulary.list_count() {
        let list = ListId(at as u16);
        if !case.is_given(list) && !plain(case) {
            case.give(list);
        }
    }
}
