//! Two norms that can require and forbid the same thing, neither of which gives way.

use super::situations::{Looked, all_places, looked, situations};
use super::witness::{blank, days, of, replay, small};
use crate::decide::{conditions, may_fire};
use crate::determination::Determination;
use crate::resolve::formulas;
use crate::stack::{Slice, Stack};
use comity_law::{Interval, Law, Modality, Outcome};
use comity_logic::{Budget, Date, Formula, Problem, Unsettled};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeSet, HashSet};

/// A clash of norms, with a case in which it happens.
#[derive(Clone, Debug)]
pub struct Clash {
    /// The norms.
    pub norms: Vec<String>,
    /// The action's id.
    pub action: String,
    /// The place, the kinds of agency and the days on which it was found first.
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

/// Every pair of norms that can clash, each with one case. `places`: where to look; empty: everywhere.
///
/// # Errors
/// When a search does not end within its budget: then nothing is claimed.
pub fn conflicts(law: &Law, places: &[String]) -> Result<Vec<Clash>, Unsettled> {
    let places = if places.is_empty() { all_places(law) } else { places.to_vec() };
    let mut clashes = Vec::new();
    let mut seen: HashSet<Looked> = HashSet::new();
    let mut known: BTreeSet<(String, Vec<String>)> = BTreeSet::new();
    for place in &places {
        for situation in situations(law, place) {
            let Some(from) = situation.days.from else { continue };
            for slice in situation.stack.slices.iter().filter(|s| may_clash(s)) {
                if !seen.insert(looked(&situation, slice)) {
                    continue;
                }
                for on in days(&situation.stack, slice, from, situation.days.to) {
                    for (facts, determination) in clashes_on(&situation.stack, slice, on)? {
                        let norms: Vec<String> = determination.because.iter().map(|g| g.norm.clone()).collect();
                        let action = determination.action.clone();
                        if known.insert((action.clone(), norms.clone())) {
                            let (kinds, days) = (situation.kinds.clone(), situation.days);
                            clashes.push(Clash { norms, action, place: place.clone(), kinds, days, on, facts, determination });
                        }
                    }
                }
            }
        }
    }
    Ok(clashes)
}

/// Whether two norms of one rank could clash at all.
fn may_clash(slice: &Slice<'_>) -> bool {
    let entries = &slice.entries;
    entries.iter().any(|a| {
        matches!(a.modality, Modality::Requires | Modality::Protects) && entries.iter().any(|b| b.modality == Modality::Forbids && a.rank == b.rank)
    })
}

/// Clashes in the slice on a day: each found case is put aside, until there is none that involves other norms.
fn clashes_on(stack: &Stack<'_>, slice: &Slice<'_>, on: Date) -> Result<Vec<(Map<String, Json>, Determination)>, Unsettled> {
    let facts = blank(stack, on);
    let schema = &stack.law.schema;
    let mut problem = Problem::new(schema, &facts, conditions(slice));
    let items = may_fire(&mut problem, slice);
    let results = formulas(&mut problem, slice, &items);
    let conflict = of(Outcome::Conflict, &results);
    let mut found = Vec::new();
    let mut open = conflict;
    while let Some(witness) = problem.witness(open, &small, Budget::default())? {
        let case = problem.completed(&witness);
        let Some(determination) = replay(stack, slice, &case).filter(|d| d.outcome == Outcome::Conflict) else { return Err(Unsettled) };
        // Other clashes are those in which not all of these norms fire.
        let ids: BTreeSet<&str> = determination.because.iter().map(|g| g.norm.as_str()).collect();
        let these: Vec<Formula> = items.iter().filter(|i| ids.contains(slice.entries[i.entry].id().as_str())).map(|i| i.when).collect();
        let these = problem.and(&these);
        let others = problem.not(these);
        open = problem.and(&[open, others]);
        found.push((case.to_json(schema), determination));
        if found.len() == 100 {
            break;
        }
    }
    Ok(found)
}
