//! Where the law is empty: norms that can never decide, exceptions that never matter, actions that no layer speaks of.

use super::situations::{each_slice, places, situations};
use super::witness::{blank, of, stands};
use crate::decide::{conditions, may_fire};
use crate::resolve::{MayFire, formulas};
use crate::stack::{Slice, Stack};
use comity_law::{ActionId, Law, Modality, Outcome};
use comity_logic::{Budget, Formula, Problem, Unsettled};
use std::collections::{BTreeMap, BTreeSet};

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

/// Whether a norm (or its exception at a position) was seen to matter.
type Seen = BTreeMap<(String, Option<usize>), bool>;

/// Every gap. `named`: the places to look at; empty: everywhere.
///
/// # Errors
/// When a search does not end within its budget: then nothing is claimed.
pub fn gaps(law: &Law, named: &[String]) -> Result<Vec<Gap>, Unsettled> {
    let places = places(law, named);
    let mut seen = Seen::new();
    each_slice(law, &places, |_, stack, slice| look(stack, slice, &mut seen))?;
    let mut gaps = Vec::new();
    for instrument in law.instruments.iter().filter(|i| places.iter().any(|p| i.reaches(p))) {
        for norm in &instrument.norms {
            let id = format!("{}#{}", instrument.id, norm.id);
            // What no agency is bound by on any day was never looked at.
            let matters = |at| seen.get(&(id.clone(), at)).copied().unwrap_or(false);
            if !matters(None) {
                gaps.push(Gap { kind: GapKind::NormNeverDecides, of: id.clone(), exception: None, action: None });
            }
            for (_, exception) in norm.exceptions.iter().enumerate().filter(|(at, _)| !matters(Some(*at))) {
                let exception = Some(exception.full_cite.clone());
                gaps.push(Gap { kind: GapKind::ExceptionNeverMatters, of: id.clone(), exception, action: None });
            }
        }
    }
    for place in &places {
        let spoken: BTreeSet<ActionId> = situations(law, place)
            .iter()
            .flat_map(|s| s.stack.slices.iter().filter(|s| !s.entries.is_empty()).map(|s| s.action).collect::<Vec<_>>())
            .collect();
        let silent = (0..law.actions.len()).map(|at| ActionId(at as u16)).filter(|a| !spoken.contains(a));
        let gap = |action| Gap {
            kind: GapKind::ActionUnspoken,
            of: place.clone(),
            exception: None,
            action: Some(law.action_name(action).to_owned()),
        };
        gaps.extend(silent.map(gap));
    }
    gaps.sort();
    Ok(gaps)
}

/// Looks whether norms decide, and exceptions matter, that were not seen to so far.
fn look(stack: &Stack<'_>, slice: &Slice<'_>, seen: &mut Seen) -> Result<(), Unsettled> {
    let facts = blank(stack);
    let mut problem = Problem::new(&stack.law.schema, &facts, conditions(slice));
    let items = may_fire(&mut problem, slice);
    let results = formulas(&mut problem, slice, &items);
    for (at, entry) in slice.entries.iter().enumerate() {
        let id = entry.id();
        let decided = seen.entry((id.clone(), None)).or_default();
        if !*decided {
            *decided = decides(&mut problem, slice, &items, &results, at)?;
        }
        for unless in &entry.unless {
            let matters = seen.entry((id.clone(), Some(unless.at))).or_default();
            if !*matters {
                *matters = changes(&mut problem, slice, &results, at, unless.at)?;
            }
        }
    }
    Ok(())
}

/// Whether there is a case in which the norm stands and the outcome is what it says, or a conflict that it has a part in.
fn decides(
    problem: &mut Problem<'_>,
    slice: &Slice<'_>,
    items: &[MayFire],
    results: &[Formula; 5],
    entry: usize,
) -> Result<bool, Unsettled> {
    for item in items.iter().filter(|i| i.entry == entry) {
        let says = match item.modality {
            Modality::Requires => [Outcome::Required, Outcome::Conflict],
            Modality::Forbids => [Outcome::Forbidden, Outcome::Conflict],
            Modality::Protects => [Outcome::Permitted, Outcome::Conflict],
            // A permission has no part in a conflict of others.
            Modality::Permits => [Outcome::Permitted; 2],
        };
        let standing = stands(problem, slice, items, item);
        let says = problem.or(&says.map(|outcome| of(outcome, results)));
        let both = problem.and(&[standing, says]);
        if holds(problem, both)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether there is a case whose outcome the exception changes.
fn changes(problem: &mut Problem<'_>, slice: &Slice<'_>, with: &[Formula; 5], entry: usize, unless: usize) -> Result<bool, Unsettled> {
    let mut without = slice.clone();
    without.entries[entry].unless.retain(|u| u.at != unless);
    let items = may_fire(problem, &without);
    let without = formulas(problem, &without, &items);
    let mut differ = Vec::new();
    for (a, b) in with.iter().zip(&without) {
        let not = problem.not(*b);
        differ.push(problem.and(&[*a, not]));
    }
    let differ = problem.or(&differ);
    holds(problem, differ)
}

fn holds(problem: &Problem<'_>, f: Formula) -> Result<bool, Unsettled> {
    Ok(problem.witness(f, &|_, _, _| 1, Budget::default())?.is_some())
}
