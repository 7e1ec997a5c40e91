//! Two laws: for each place, kind of agency, stretch of days and action the smallest case on which the answers differ, or a proof that they agree.

use super::diff::{ActionDiff, Change, by_action, same};
use super::situations::{Looked, asks, changes, further, groups, looked, places, reaching};
use super::witness::{replay, settled};
use crate::case::AgencyRef;
use crate::determination::Determination;
use crate::read::read_facts;
use crate::stack::Stack;
use comity_law::{ActionId, Instrument, Interval, Law, Outcome, Pair};
use comity_logic::{Date, Unsettled};
use serde_json::Value as Json;
use std::collections::{BTreeSet, HashMap};

/// How the two laws differ for some agencies of a place on some days.
#[derive(Clone, Debug)]
pub struct LawDiff {
    /// One of the agencies; it has a name only where some law asks for names.
    pub agency: AgencyRef,
    /// The kinds of agency for which it is the same.
    pub kinds: Vec<String>,
    /// The days; the cases are of the first.
    pub days: Interval,
    /// The actions that differ.
    pub actions: Vec<ActionDiff>,
}

/// What is compared; empty or none: everything.
#[derive(Clone, Debug, Default)]
pub struct Scope<'s> {
    /// The places.
    pub places: &'s [String],
    /// The day.
    pub on: Option<Date>,
    /// The kinds of agency.
    pub kinds: &'s [String],
    /// The actions.
    pub actions: &'s [ActionId],
}

/// Compares two laws. What is not among the results they decide alike in every case.
///
/// # Errors
/// When a search does not end within its budget: then nothing is claimed.
pub fn laws(pair: &Pair, scope: &Scope<'_>) -> Result<Vec<LawDiff>, Unsettled> {
    let [one, two] = &pair.laws;
    let mut search = Search { laws: [one, two], scope, ground: ground_is_same([one, two]), known: HashMap::new() };
    let all: BTreeSet<String> = [one, two].into_iter().flat_map(|law| places(law, scope.places)).collect();
    let mut found = Vec::new();
    for place in all {
        found.extend(search.place(&place)?);
    }
    Ok(found)
}

/// What tells one comparison of an action from another.
type Known = HashMap<(Looked, Looked), ActionDiff>;

struct Search<'s> {
    laws: [&'s Law; 2],
    scope: &'s Scope<'s>,
    /// Whether everything that is no instrument reads the same in both.
    ground: bool,
    known: Known,
}

impl Search<'_> {
    fn place(&mut self, place: &str) -> Result<Vec<LawDiff>, Unsettled> {
        let each = self.laws.map(|law| reaching(&[law], place));
        let all: Vec<&Instrument> = each.iter().flatten().copied().collect();
        if self.ground && self.same_texts(&each) {
            return Ok(Vec::new());
        }
        let changes = match self.scope.on {
            Some(on) => vec![on],
            None => changes(&self.laws, &all),
        };
        let Some(first) = changes.first() else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for (name, mut kinds) in groups(&self.laws, &all, place, *first) {
            kinds.retain(|kind| self.scope.kinds.is_empty() || self.scope.kinds.contains(kind));
            let Some(kind) = kinds.first().cloned() else { continue };
            let agency = AgencyRef { name, kind, place: place.to_owned(), ori: None };
            let mut row: Vec<LawDiff> = Vec::new();
            for (at, day) in changes.iter().enumerate() {
                let end = if self.scope.on.is_some() { Some(*day) } else { changes.get(at + 1).and_then(|d| d.yesterday().ok()) };
                let days = Interval { from: Some(*day), to: end };
                for (days, actions) in self.stretch(&agency, days)? {
                    match row.last_mut().filter(|last| shape(&last.actions) == shape(&actions)) {
                        Some(last) => last.days.to = days.to,
                        None => row.push(LawDiff { agency: agency.clone(), kinds: kinds.clone(), days, actions }),
                    }
                }
            }
            row.retain(|diff| !diff.actions.is_empty());
            found.extend(row);
        }
        Ok(found)
    }

    /// The differences of a stretch of days, cut where windows back from a date begin to answer otherwise.
    fn stretch(&mut self, agency: &AgencyRef, days: Interval) -> Result<Vec<(Interval, Vec<ActionDiff>)>, Unsettled> {
        let Some(first) = days.from else { return Ok(Vec::new()) };
        let stacks = self.laws.map(|law| Stack::new(law, agency, first, &[]));
        let mut cuts = BTreeSet::from([first]);
        for action in self.differing(&stacks) {
            cuts.extend(further(&stacks[0], &[stacks[0].slice(action), stacks[1].slice(action)], days)?);
        }
        let cuts: Vec<Date> = cuts.into_iter().collect();
        let mut found = Vec::new();
        for (at, day) in cuts.iter().enumerate() {
            let stacks = self.laws.map(|law| Stack::new(law, agency, *day, &[]));
            let mut actions = Vec::new();
            for action in self.differing(&stacks) {
                let key = (looked(&stacks[0], stacks[0].slice(action)), looked(&stacks[1], stacks[1].slice(action)));
                let known = match self.known.get(&key) {
                    Some(known) => again(&stacks, action, known)?,
                    None => None,
                };
                let diff = match known {
                    Some(diff) => diff,
                    None => by_action(&stacks, action)?,
                };
                self.known.entry(key).or_insert_with(|| diff.clone());
                if !diff.changes.is_empty() {
                    actions.push(diff);
                }
            }
            let to = cuts.get(at + 1).and_then(|d| d.yesterday().ok()).or(days.to);
            found.push((Interval { from: Some(*day), to }, actions));
        }
        Ok(found)
    }

    /// The actions of which the stacks do not plainly say the same.
    fn differing(&self, stacks: &[Stack<'_>; 2]) -> Vec<ActionId> {
        let points = [settled(&stacks[0]), settled(&stacks[1])];
        let apart: Vec<_> =
            points[0].iter().chain(&points[1]).filter(|p| !points.iter().all(|of| of.contains(p))).map(|(s, _)| *s).collect();
        let wanted = |action: &ActionId| {
            let slices = [stacks[0].slice(*action), stacks[1].slice(*action)];
            let open = !same(slices[0], slices[1]) || apart.iter().any(|slot| asks(slices[0], *slot));
            (self.scope.actions.is_empty() || self.scope.actions.contains(action)) && open
        };
        (0..stacks[0].law.actions.len()).map(|at| ActionId(at as u16)).filter(wanted).collect()
    }

    /// Whether the same files, to the letter, reach the place in both laws.
    fn same_texts(&self, each: &[Vec<&Instrument>; 2]) -> bool {
        let texts = |side: usize| -> Vec<(&str, &str)> {
            let text = |i: &Instrument| self.laws[side].file(i.file).map_or("", |f| &*f.text);
            each[side].iter().map(|i| (i.id.as_str(), text(i))).collect()
        };
        texts(0) == texts(1)
    }
}

/// The same cases put to other agencies, which the law does not tell from those they were found for; `None` where it does.
fn again(stacks: &[Stack<'_>; 2], action: ActionId, known: &ActionDiff) -> Result<Option<ActionDiff>, Unsettled> {
    let mut diff = known.clone();
    for change in &mut diff.changes {
        let Ok(facts) = read_facts(stacks[0].law, &Json::Object(change.facts.clone())) else { return Ok(None) };
        change.before = replay(&stacks[0], stacks[0].slice(action), &facts)?;
        change.after = replay(&stacks[1], stacks[1].slice(action), &facts)?;
        if (change.before.outcome, change.after.outcome) != (change.from, change.to) {
            return Ok(None);
        }
    }
    Ok(Some(diff))
}

/// Whether vocabulary, definitions and classes are the same to the letter.
fn ground_is_same(laws: [&Law; 2]) -> bool {
    let ground = |law: &Law| -> BTreeSet<(String, String)> {
        let instruments: BTreeSet<u32> = law.instruments.iter().map(|i| i.file.0).collect();
        let others = law.files.iter().enumerate().filter(|(at, f)| !instruments.contains(&(*at as u32)) && !f.path.ends_with("place.toml"));
        others.map(|(_, f)| (f.path.clone(), f.text.to_string())).collect()
    };
    ground(laws[0]) == ground(laws[1])
}

/// What makes two comparisons the same to a reader: which outcomes change to which, by which norms.
pub(crate) type Shape<'d> = Vec<(&'d str, Vec<(Outcome, Outcome, Vec<&'d str>, Vec<&'d str>)>)>;

fn shape(actions: &[ActionDiff]) -> Shape<'_> {
    fn norms(determination: &Determination) -> Vec<&str> {
        determination.because.iter().map(|g| g.norm.as_str()).collect()
    }
    fn change(c: &Change) -> (Outcome, Outcome, Vec<&str>, Vec<&str>) {
        (c.from, c.to, norms(&c.before), norms(&c.after))
    }
    actions.iter().map(|a| (a.action.as_str(), a.changes.iter().map(change).collect())).collect()
}
