//! Where the law is empty: norms that can never decide, exceptions that never matter, actions that no layer speaks of.

use super::situations::{Looked, all_places, looked, situations};
use super::witness::{blank, days, of, stands};
use crate::decide::{conditions, may_fire};
use crate::resolve::{MayFire, formulas};
use crate::stack::{Slice, Source, Stack};
use comity_law::{ActionId, Law, Modality, Outcome};
use comity_logic::{Budget, Date, Formula, Problem, Unsettled};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GapKind {
    /// The norm decides in no case: something else always does, or it never fires.
    NormNeverDecides,
    /// With or without the exception, every case has the same outcome.
    ExceptionNeverMatters,
    /// No norm of any layer speaks of the action there, on any day.
    ActionUnspoken,
}

/// A gap.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// What is empty.
    pub kind: GapKind,
    /// The norm, or the place.
    pub of: String,
    /// The exception's citation.
    pub exception: Option<String>,
    /// The action.
    pub action: Option<String>,
}

/// What has been seen of a norm or exception so far.
type Seen<'l> = BTreeMap<(String, Option<usize>), (bool, Source<'l>)>;

/// Every gap. `places`: where to look; empty: everywhere.
///
/// # Errors
/// When a search does not end within its budget: then nothing is claimed.
pub fn gaps(law: &Law, places: &[String]) -> Result<Vec<Gap>, Unsettled> {
    let everywhere = places.is_empty();
    let places = if everywhere { all_places(law) } else { places.to_vec() };
    let mut seen: Seen<'_> = BTreeMap::new();
    let mut seen_slices: HashSet<Looked> = HashSet::new();
    let mut spoken: BTreeSet<(String, ActionId)> = BTreeSet::new();
    let mut keep = Vec::new();
    for place in &places {
        for situation in situations(law, place) {
            for slice in situation.stack.slices.iter().filter(|s| !s.entries.is_empty()) {
                spoken.insert((place.clone(), slice.action));
            }
            keep.push(situation);
        }
    }
    for situation in &keep {
        let Some(from) = situation.days.from else { continue };
        for slice in &situation.stack.slices {
            if seen_slices.insert(looked(situation, slice)) {
                for on in days(&situation.stack, slice, from, situation.days.to) {
                    look(&situation.stack, slice, on, &mut seen)?;
                }
            }
        }
    }
    let mut gaps: Vec<Gap> = seen
        .into_iter()
        .filter(|(_, (matters, _))| !matters)
        .map(|((of, exception), (_, source))| {
            let cite = exception.and_then(|at| match source {
                Source::Norm(_, norm) => norm.exceptions.get(at).map(|e| e.full_cite.clone()),
                Source::Local(_) => None,
            });
            let kind = if exception.is_some() { GapKind::ExceptionNeverMatters } else { GapKind::NormNeverDecides };
            Gap { kind, of, exception: cite, action: None }
        })
        .collect();
    for place in &places {
        for at in 0..law.actions.len() {
            let action = ActionId(at as u16);
            if !spoken.contains(&(place.clone(), action)) {
                gaps.push(Gap { kind: GapKind::ActionUnspoken, of: place.clone(), exception: None, action: Some(law.action_name(action).to_owned()) });
            }
        }
    }
    gaps.sort();
    Ok(gaps)
}

/// Looks whether norms decide, and exceptions matter, that were not seen to so far.
fn look<'l>(stack: &Stack<'l>, slice: &Slice<'l>, on: Date, seen: &mut Seen<'l>) -> Result<(), Unsettled> {
    let facts = blank(stack, on);
    let mut problem = Problem::new(&stack.law.schema, &facts, conditions(slice));
    let items = may_fire(&mut problem, slice);
    let results = formulas(&mut problem, slice, &items);
    for (at, entry) in slice.entries.iter().enumerate() {
        let id = entry.id();
        let decided = seen.entry((id.clone(), None)).or_insert((false, entry.source));
        if !decided.0 {
            decided.0 = decides(&mut problem, slice, &items, &results, at)?;
        }
        for unless in &entry.unless {
            let matters = seen.entry((id.clone(), Some(unless.at))).or_insert((false, entry.source));
            if !matters.0 {
                matters.0 = changes(stack, slice, &facts, at, unless.at)?;
            }
        }
    }
    Ok(())
}

/// Whether there is a case in which the norm stands and the outcome is what it says.
fn decides(problem: &mut Problem<'_>, slice: &Slice<'_>, items: &[MayFire], results: &[Formula; 5], entry: usize) -> Result<bool, Unsettled> {
    for item in items.iter().filter(|i| i.entry == entry) {
        let outcome = match item.modality {
            Modality::Requires => Outcome::Required,
            Modality::Forbids => Outcome::Forbidden,
            Modality::Permits | Modality::Protects => Outcome::Permitted,
        };
        let standing = stands(problem, slice, items, item);
        let says = of(outcome, results);
        let clash = of(Outcome::Conflict, results);
        let either = problem.or(&[says, clash]);
        let both = problem.and(&[standing, either]);
        if holds(problem, both)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether there is a case whose outcome the exception changes.
fn changes(stack: &Stack<'_>, slice: &Slice<'_>, facts: &comity_logic::Facts, entry: usize, unless: usize) -> Result<bool, Unsettled> {
    let mut without = slice.clone();
    without.entries[entry].unless.retain(|u| u.at != unless);
    let mut problem = Problem::new(&stack.law.schema, facts, conditions(slice));
    let with_items = may_fire(&mut problem, slice);
    let with = formulas(&mut problem, slice, &with_items);
    let without_items = may_fire(&mut problem, &without);
    let without = formulas(&mut problem, &without, &without_items);
    let mut differ = Vec::new();
    for (a, b) in with.iter().zip(&without) {
        let not = problem.not(*b);
        differ.push(problem.and(&[*a, not]));
    }
    let differ = problem.or(&differ);
    holds(&mut problem, differ)
}

fn holds(problem: &mut Problem<'_>, f: Formula) -> Result<bool, Unsettled> {
    if f == Formula::FALSE {
        return Ok(false);
    }
    let not = problem.not(f);
    Ok(problem.explore(&[f, not], Budget::default())?.possible[0])
}
