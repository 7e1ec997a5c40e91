//! Two days, two places or two laws: for each action the smallest case on which the answers differ, or a proof that they agree.

use super::situations::asks;
use super::smallest::Goal;
use super::usual::Usual;
use super::witness::{of, replay, settled};
use crate::case::AgencyRef;
use crate::decide::{conditions, may_fire};
use crate::determination::Determination;
use crate::resolve::{OUTCOMES, formulas};
use crate::stack::{Entry, Slice, Stack, Unless, identity};
use comity_law::{ActionId, Law, Outcome};
use comity_logic::{Budget, Condition, Date, Facts, Formula, Problem, Schema, Slot, Unsettled, Value, Vocabulary};
use serde_json::{Map, Value as Json};

/// One side of a comparison.
#[derive(Clone, Debug)]
pub struct Side {
    /// The agency; its ORI does not count.
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
    /// The facts of the case. A contested point among them counts on the side where no holding settles it.
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
    let stacks = [one, two].map(|side| Stack::new(law, &side.agency, side.on, &[]));
    (0..law.actions.len()).map(|at| by_action(&stacks, ActionId(at as u16))).collect()
}

/// Whether the slices say the same in every case: norm for norm, what fires when, and with what rank.
pub(crate) fn same(one: &Slice<'_>, two: &Slice<'_>) -> bool {
    let alike = |a: &Unless, b: &Unless| a.silent == b.silent && a.when == b.when;
    let entry = |a: &Entry<'_>, b: &Entry<'_>| {
        let unless = a.unless.len() == b.unless.len() && a.unless.iter().zip(&b.unless).all(|(a, b)| alike(a, b));
        a.rank == b.rank && a.modality == b.modality && a.when == b.when && unless
    };
    let entries = one.entries.len() == two.entries.len() && one.entries.iter().zip(&two.entries).all(|(a, b)| entry(a, b));
    entries && one.overrides == two.overrides
}

/// Two slices, with the values in which the sides differ: agency, day and settled points.
struct Pair<'p> {
    slices: [&'p Slice<'p>; 2],
    own: [Vec<(Slot, Value)>; 2],
}

pub(crate) fn by_action(stacks: &[Stack<'_>; 2], action: ActionId) -> Result<ActionDiff, Unsettled> {
    let [one, two] = stacks;
    let (law, schema) = (one.law, &one.law.schema);
    let mut found = ActionDiff { action: law.action_name(action).to_owned(), changes: Vec::new() };
    let (start, own) = apart(one, two);
    let pair = Pair { slices: [one.slice(action), two.slice(action)], own };
    // The same norms, none of which asks for what the sides differ in, cannot differ.
    let differing = || pair.own.iter().flatten().map(|(slot, _)| *slot);
    if same(pair.slices[0], pair.slices[1]) && !differing().any(|slot| asks(pair.slices[0], slot)) {
        return Ok(found);
    }
    let all: Vec<&Condition> = pair.slices.iter().flat_map(|s| conditions(s)).collect();
    let mut problem = Problem::new(schema, &start, all.iter().copied());
    if dates_meet(&pair, &problem, schema) {
        return Err(Unsettled);
    }
    let results = pair.results(&mut problem);
    let usual = Usual::of(law, &found.action, one.on.max(two.on));
    for from in OUTCOMES {
        for to in OUTCOMES.into_iter().filter(|to| *to != from) {
            let both = problem.and(&[of(from, &results[0]), of(to, &results[1])]);
            if problem.witness(both, &|_, _, _| 1, Budget::default())?.is_none() {
                continue;
            }
            let formula = |problem: &mut Problem<'_>| {
                let [before, after] = pair.results(problem);
                problem.and(&[of(from, &before), of(to, &after)])
            };
            let goal = Goal { schema, start: &start, conditions: all.clone(), formula: &formula, cost: &|u, c| usual.cost(u, c) };
            let Some(witness) = goal.smallest()? else { return Err(Unsettled) };
            let mut case = problem.completed(&witness);
            let run = |case: &Facts| Ok((replay(one, pair.slices[0], case)?, replay(two, pair.slices[1], case)?));
            let shown = |(before, after): &(Determination, Determination)| before.outcome == from && after.outcome == to;
            usual.put_into(&mut case, &|case| run(case).is_ok_and(|both| shown(&both)));
            let both = run(&case)?;
            // A witness that the engine does not confirm is a fault of the search, never shown as a finding.
            if !shown(&both) {
                return Err(Unsettled);
            }
            let case = without_start(&case, &start, schema.vocabulary.scalars().len());
            found.changes.push(Change { from, to, facts: case.to_json(schema), before: both.0, after: both.1 });
        }
    }
    Ok(found)
}

/// What both sides share, and what each has for itself.
fn apart(one: &Stack<'_>, two: &Stack<'_>) -> (Facts, [Vec<(Slot, Value)>; 2]) {
    let schema = &one.law.schema;
    let mut start = identity(schema, &one.agency, one.on);
    let points = [settled(one), settled(two)];
    points[0].iter().filter(|p| points[1].contains(p)).for_each(|(slot, value)| start.set(*slot, *value));
    let only = |mine: &[(Slot, Value)], theirs: &[(Slot, Value)]| mine.iter().filter(|p| !theirs.contains(p)).copied().collect();
    let mut own: [Vec<(Slot, Value)>; 2] = [only(&points[0], &points[1]), only(&points[1], &points[0])];
    let other = identity(schema, &two.agency, two.on);
    for slot in [Vocabulary::ON, Vocabulary::AGENCY_KIND, Vocabulary::AGENCY_PLACE, Vocabulary::AGENCY_NAME] {
        let (mine, theirs) = (start.scalar(slot), other.scalar(slot));
        let same = if start.as_text(mine).is_some() { start.as_text(mine) == other.as_text(theirs) } else { mine == theirs };
        if !same {
            let theirs = start.copy_text(&other, theirs);
            own[0].push((slot, mine));
            own[1].push((slot, theirs));
            start.set(slot, Value::Unknown);
        }
    }
    (start, own)
}

/// The case without what it started from: points that are settled alike on both sides are no facts of it.
fn without_start(case: &Facts, start: &Facts, width: usize) -> Facts {
    let mut case = case.clone();
    let known = (0..width).map(|at| Slot(at as u16)).filter(|slot| start.scalar(*slot) != Value::Unknown);
    known.for_each(|slot| case.set(slot, Value::Unknown));
    case
}

/// Where the sides differ in the day, the few days of another date that stand for all of them are not known to do so beside two days.
fn dates_meet(pair: &Pair<'_>, problem: &Problem<'_>, schema: &Schema) -> bool {
    let by_day = pair.own[0].iter().any(|(slot, _)| *slot == Vocabulary::ON) && pair.slices.iter().any(|s| asks(s, Vocabulary::ON));
    let mut slots = (0..schema.vocabulary.scalars().len()).map(|at| Slot(at as u16));
    by_day && slots.any(|slot| slot != Vocabulary::ON && !problem.stretches(slot).is_empty())
}

impl Pair<'_> {
    /// When each side has each outcome.
    fn results(&self, problem: &mut Problem<'_>) -> [[Formula; 5]; 2] {
        [0, 1].map(|side| {
            self.own[side].iter().for_each(|(slot, value)| problem.take(*slot, *value));
            let items = may_fire(problem, self.slices[side]);
            let results = formulas(problem, self.slices[side], &items);
            self.own[side].iter().for_each(|(slot, _)| problem.take(*slot, Value::Unknown));
            results
        })
    }
}
