//! Every situation that the law tells apart: an agency's place and kind, and a stretch of days on which the same norms bind it.

use crate::case::AgencyRef;
use crate::stack::{Slice, Source, Stack};
use comity_law::{ActionId, Instrument, Interval, Law};
use comity_logic::{Condition, Date, Vocabulary};
use comity_places::AgencyKind;
use std::collections::BTreeMap;

/// A stretch of days on which the same norms bind agencies of some kinds at a place.
#[derive(Clone, Debug)]
pub struct Situation<'l> {
    /// One of the agencies.
    pub agency: AgencyRef,
    /// The kinds of agency for which it is the same.
    pub kinds: Vec<String>,
    /// The days.
    pub days: Interval,
    /// The law.
    pub stack: Stack<'l>,
}

/// What tells one slice from another: which norms, and which of their exceptions.
pub(crate) type Key = Vec<(usize, usize, Vec<usize>)>;

pub(crate) fn key(slice: &Slice<'_>) -> Key {
    let one = |e: &crate::stack::Entry<'_>| match e.source {
        Source::Norm(instrument, norm) => (
            std::ptr::from_ref(instrument) as usize,
            std::ptr::from_ref(norm) as usize,
            e.unless.iter().map(|u| u.at).collect(),
        ),
        Source::Local(at) => (0, at, Vec::new()),
    };
    slice.entries.iter().map(one).collect()
}

/// What tells the slices of two situations apart: the action, its norms, and what of the agency and the day their conditions look at.
pub(crate) type Looked = (ActionId, Key, Option<String>, Option<String>, Option<Date>);

pub(crate) fn looked(situation: &Situation<'_>, slice: &Slice<'_>) -> Looked {
    let reads = |slot| crate::decide::conditions(slice).any(|c| c.reads(slot));
    let agency = &situation.agency;
    (
        slice.action,
        key(slice),
        reads(Vocabulary::AGENCY_KIND).then(|| agency.kind.clone()),
        (reads(Vocabulary::AGENCY_PLACE) || reads(Vocabulary::AGENCY_NAME)).then(|| agency.place.clone()),
        reads(Vocabulary::ON).then_some(situation.days.from).flatten(),
    )
}

/// The situations of a place, by day and kind.
#[must_use]
pub fn situations<'l>(law: &'l Law, place: &str) -> Vec<Situation<'l>> {
    let reaching: Vec<&Instrument> = law.instruments.iter().filter(|i| i.reaches(place)).collect();
    let changes = changes(&reaching);
    let Some(first) = changes.first() else { return Vec::new() };
    let mut found: Vec<Situation<'l>> = Vec::new();
    for (_, kinds) in kind_groups(law, &reaching, place, *first) {
        let agency = AgencyRef { name: String::new(), kind: kinds[0].clone(), place: place.to_owned(), ori: None };
        let mut last: Option<(Vec<Key>, Situation<'l>)> = None;
        for (at, day) in changes.iter().enumerate() {
            let stack = Stack::new(law, &agency, *day, &[]);
            let keys: Vec<Key> = stack.slices.iter().map(key).collect();
            let to = changes.get(at + 1).and_then(|d| d.yesterday().ok());
            match &mut last {
                // Where a condition itself looks at the day, the stretch is still cut: a proof takes one day for all of it.
                Some((same, situation)) if *same == keys && !looks_at_day(&situation.stack, *day) => situation.days.to = to,
                _ => {
                    found.extend(last.take().map(|(_, s)| s));
                    let days = Interval { from: Some(*day), to };
                    last = Some((keys, Situation { agency: agency.clone(), kinds: kinds.clone(), days, stack }));
                }
            }
        }
        found.extend(last.map(|(_, s)| s));
    }
    found
}

/// Kinds of agency that the same instruments bind.
fn kind_groups(law: &Law, reaching: &[&Instrument], place: &str, day: Date) -> BTreeMap<Vec<bool>, Vec<String>> {
    let mut groups: BTreeMap<Vec<bool>, Vec<String>> = BTreeMap::new();
    for (at, kind) in AgencyKind::ALL.iter().enumerate() {
        let agency = AgencyRef { name: String::new(), kind: kind.to_string(), place: place.to_owned(), ori: None };
        let facts = crate::stack::identity(&law.schema, &agency, day);
        let binds = |i: &&Instrument| i.binds.as_ref().is_none_or(|b| b.condition.truth(&law.schema.vocabulary, &facts) == comity_logic::Truth::True);
        let mut signature: Vec<bool> = reaching.iter().map(binds).collect();
        // Where a norm's own condition asks for the kind, each kind is a situation of its own.
        let asks = reaching.iter().filter(|i| binds(i)).any(|i| conditions(i).any(|c| c.reads(Vocabulary::AGENCY_KIND)));
        if asks {
            signature.extend((0..AgencyKind::ALL.len()).map(|n| n == at));
        }
        groups.entry(signature).or_default().push(kind.to_string());
    }
    groups
}

fn conditions(instrument: &Instrument) -> impl Iterator<Item = &Condition> {
    let norms = instrument.norms.iter().flat_map(|n| std::iter::once(&n.when.condition).chain(n.exceptions.iter().map(|e| &e.when.condition)));
    norms.chain(instrument.applies.iter().map(|a| &a.condition))
}

/// Every day on which a norm of these instruments begins, has ended, or begins to look at the day otherwise.
fn changes(instruments: &[&Instrument]) -> Vec<Date> {
    let mut days: Vec<Date> = Vec::new();
    for instrument in instruments {
        for norm in &instrument.norms {
            let intervals = std::iter::once(&norm.in_force).chain(norm.exceptions.iter().map(|e| &e.in_force));
            for interval in intervals {
                days.extend(interval.from);
                days.extend(interval.to.and_then(|d| d.tomorrow().ok()));
            }
        }
        days.extend(conditions(instrument).flat_map(|c| c.days_asked(Vocabulary::ON)));
    }
    days.sort_unstable();
    days.dedup();
    days
}

fn looks_at_day(stack: &Stack<'_>, day: Date) -> bool {
    stack.slices.iter().flat_map(crate::decide::conditions).any(|c| c.days_asked(Vocabulary::ON).contains(&day))
}

/// The places whose situations are looked at when none is named: those with laws of their own, and every state.
pub(crate) fn all_places(law: &Law) -> Vec<String> {
    let mut places: Vec<String> = law.instruments.iter().flat_map(|i| std::iter::once(i.place.clone()).chain(i.reach.iter().cloned())).collect();
    places.extend(comity_places::places_in("us").map(|p| p.slug.to_owned()));
    places.sort();
    places.dedup();
    places
}
