//! Every situation that the law tells apart: an agency's place and kind, and a stretch of days on which the same norms bind it.

use super::witness::{blank, settled};
use crate::case::AgencyRef;
use crate::stack::{Slice, Source, Stack, identity};
use comity_law::{ActionId, Instrument, Interval, Law, When};
use comity_logic::{Budget, Condition, Date, Formula, Problem, Slot, Truth, Unsettled, Value, Vocabulary};
use comity_places::AgencyKind;
use std::collections::{BTreeSet, HashSet};

/// A stretch of days on which the same norms bind agencies of some kinds at a place.
#[derive(Clone, Debug)]
pub struct Situation<'l> {
    /// One of the agencies; it has a name only where some law asks for names.
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
        Source::Norm(instrument, norm) => {
            (std::ptr::from_ref(instrument) as usize, std::ptr::from_ref(norm) as usize, e.unless.iter().map(|u| u.at).collect())
        }
        Source::Local(at) => (0, at, Vec::new()),
    };
    slice.entries.iter().map(one).collect()
}

/// Whether a condition of the slice turns on the fact.
pub(crate) fn asks(slice: &Slice<'_>, slot: Slot) -> bool {
    crate::decide::conditions(slice).any(|c| c.reads(slot) || c.counts_from(slot))
}

/// What tells the slices of two stacks apart: the action, its norms, and what their conditions look at of agency, day and settled points.
pub(crate) type Looked = (ActionId, Key, [Option<String>; 4], Vec<(Slot, String)>);

pub(crate) fn looked(stack: &Stack<'_>, slice: &Slice<'_>) -> Looked {
    let agency = &stack.agency;
    let of = |slot, text: &dyn Fn() -> String| asks(slice, slot).then(text);
    let identity = [
        of(Vocabulary::AGENCY_KIND, &|| agency.kind.clone()),
        of(Vocabulary::AGENCY_PLACE, &|| agency.place.clone()),
        of(Vocabulary::AGENCY_NAME, &|| agency.name.clone()),
        of(Vocabulary::ON, &|| stack.on.to_string()),
    ];
    let points = settled(stack).into_iter().filter(|(slot, _)| asks(slice, *slot)).map(|(slot, value)| (slot, format!("{value:?}")));
    (slice.action, key(slice), identity, points.collect())
}

/// Calls back for the slices of all situations of the places, on every day that has to be looked at; slices that cannot differ, once.
pub(crate) fn each_slice<'l>(
    law: &'l Law,
    places: &[String],
    mut look: impl FnMut(&Situation<'l>, &Stack<'l>, &Slice<'l>) -> Result<(), Unsettled>,
) -> Result<(), Unsettled> {
    let mut seen: HashSet<Looked> = HashSet::new();
    for place in places {
        for situation in situations(law, place) {
            for slice in situation.stack.slices.iter().filter(|s| !s.entries.is_empty()) {
                if seen.insert(looked(&situation.stack, slice)) {
                    look(&situation, &situation.stack, slice)?;
                }
                for on in further_days(&situation, slice)? {
                    let stack = Stack::new(law, &situation.agency, on, &[]);
                    let slice = stack.slice(slice.action);
                    if seen.insert(looked(&stack, slice)) {
                        look(&situation, &stack, slice)?;
                    }
                }
            }
        }
    }
    Ok(())
}

fn further_days(situation: &Situation<'_>, slice: &Slice<'_>) -> Result<Vec<Date>, Unsettled> {
    further(&situation.stack, &[slice], situation.days)
}

/// The days of a stretch that have to be looked at beside its first: those on which windows back from a date meet fixed days.
pub(crate) fn further(stack: &Stack<'_>, slices: &[&Slice<'_>], within: Interval) -> Result<Vec<Date>, Unsettled> {
    if !slices.iter().any(|slice| asks(slice, Vocabulary::ON)) {
        return Ok(Vec::new());
    }
    let mut open = blank(stack);
    open.set(Vocabulary::ON, Value::Unknown);
    let problem = Problem::new(&stack.law.schema, &open, slices.iter().flat_map(|slice| crate::decide::conditions(slice)));
    // Where no few days stand for all, nothing may be claimed: then even this is not settled.
    problem.witness(Formula::TRUE, &|_, _, _| 0, Budget::default())?;
    let slots = (0..stack.law.schema.vocabulary.scalars().len()).map(|at| Slot(at as u16));
    let days: BTreeSet<Date> = slots.flat_map(|slot| problem.stretches(slot).iter().copied()).collect();
    Ok(days.into_iter().filter(|d| *d > stack.on && within.contains(*d)).collect())
}

/// The norms of every action and the settled points of a stack.
type InForce = (Vec<Key>, Vec<(Slot, Value)>);

/// The situations of a place, by day and kind.
#[must_use]
pub fn situations<'l>(law: &'l Law, place: &str) -> Vec<Situation<'l>> {
    let reaching = reaching(&[law], place);
    let changes = changes(&[law], &reaching);
    let Some(first) = changes.first() else { return Vec::new() };
    let mut found: Vec<Situation<'l>> = Vec::new();
    for (name, kinds) in groups(&[law], &reaching, place, *first) {
        let agency = AgencyRef { name, kind: kinds[0].clone(), place: place.to_owned(), ori: None };
        let mut last: Option<(InForce, Situation<'l>)> = None;
        for (at, day) in changes.iter().enumerate() {
            let stack = Stack::new(law, &agency, *day, &[]);
            let in_force: InForce = (stack.slices.iter().map(key).collect(), settled(&stack));
            let to = changes.get(at + 1).and_then(|d| d.yesterday().ok());
            match &mut last {
                // Where a condition itself looks at the day, the stretch is still cut: a proof takes one day for all of it.
                Some((same, situation)) if *same == in_force && !looks_at_day(&situation.stack, *day) => situation.days.to = to,
                _ => {
                    found.extend(last.take().map(|(_, s)| s));
                    let days = Interval { from: Some(*day), to };
                    last = Some((in_force, Situation { agency: agency.clone(), kinds: kinds.clone(), days, stack }));
                }
            }
        }
        found.extend(last.map(|(_, s)| s));
    }
    found
}

/// What tells two agencies of a place apart: the instruments that bind them, and name and kind where a norm asks for them.
type Told = (Vec<bool>, Option<String>, Option<AgencyKind>);

/// The instruments of the laws that reach the place.
pub(crate) fn reaching<'l>(laws: &[&'l Law], place: &str) -> Vec<&'l Instrument> {
    laws.iter().flat_map(|l| l.instruments.iter().filter(|i| i.reaches(place))).collect()
}

/// Kinds of agency that the same instruments bind, with the name that they are taken to have. The laws share one schema.
pub(crate) fn groups(laws: &[&Law], reaching: &[&Instrument], place: &str, day: Date) -> Vec<(String, Vec<String>)> {
    let Some(law) = laws.first() else { return Vec::new() };
    let arise = |slot| arising(laws).any(|w| w.condition.reads(slot));
    let mut found: Vec<(Told, (String, Vec<String>))> = Vec::new();
    for name in names(laws, reaching) {
        for kind in AgencyKind::ALL {
            let agency = AgencyRef { name: name.clone(), kind: kind.to_string(), place: place.to_owned(), ori: None };
            let facts = identity(&law.schema, &agency, day);
            let binds = |i: &&Instrument| i.binds.as_ref().is_none_or(|b| b.condition.truth(&law.schema.vocabulary, &facts) == Truth::True);
            let bound: Vec<bool> = reaching.iter().map(binds).collect();
            // Where a norm's own condition asks for the kind or the name, each is a situation of its own.
            let asks = |slot| arise(slot) || reaching.iter().filter(|i| binds(i)).any(|i| conditions(i).any(|c| c.reads(slot)));
            let key = (bound, asks(Vocabulary::AGENCY_NAME).then(|| name.clone()), asks(Vocabulary::AGENCY_KIND).then_some(kind));
            match found.iter_mut().find(|(other, _)| *other == key) {
                Some((_, (_, kinds))) if kinds.contains(&kind.to_string()) => {}
                Some((_, (_, kinds))) => kinds.push(kind.to_string()),
                None => found.push((key, (name.clone(), vec![kind.to_string()]))),
            }
        }
    }
    found.into_iter().map(|(_, group)| group).collect()
}

/// When the question of an action arises.
fn arising<'l>(laws: &[&'l Law]) -> impl Iterator<Item = &'l When> {
    laws.iter().flat_map(|l| l.actions.iter().filter_map(|a| a.when.as_ref()))
}

/// Agency names that tell all tests on names apart: none in particular, those that the law compares with, and longer ones.
fn names(laws: &[&Law], reaching: &[&Instrument]) -> Vec<String> {
    let mut names = vec![String::new()];
    let binds = reaching.iter().filter_map(|i| i.binds.as_ref());
    if binds
        .chain(arising(laws))
        .map(|w| &w.condition)
        .chain(reaching.iter().flat_map(|i| conditions(i)))
        .any(|c| c.reads(Vocabulary::AGENCY_NAME))
    {
        for text in laws.iter().flat_map(|law| literals(law, Vocabulary::AGENCY_NAME)).collect::<BTreeSet<_>>() {
            names.push(format!("{text}\u{2026}"));
            names.push(text);
        }
    }
    names.dedup();
    names
}

/// Every quoted text in a condition or definition that asks for the fact.
fn literals(law: &Law, slot: Slot) -> Vec<String> {
    let of = |i: &Instrument| -> Vec<String> {
        let norms = i.norms.iter().flat_map(|n| std::iter::once(&n.when).chain(n.exceptions.iter().map(|e| &e.when)));
        let own = i.definitions.iter().map(|d| &d.meaning);
        norms.chain(own).chain(&i.binds).chain(&i.applies).flat_map(|w| quoted(w, slot)).collect()
    };
    let mut found: Vec<String> = law.instruments.iter().flat_map(of).collect();
    found.extend(
        law.definitions.iter().map(|d| &d.meaning).chain(law.actions.iter().filter_map(|a| a.when.as_ref())).flat_map(|w| quoted(w, slot)),
    );
    found.sort();
    found.dedup();
    found
}

fn quoted(when: &When, slot: Slot) -> Vec<String> {
    if !when.condition.reads(slot) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut rest = when.text.as_str();
    while let Some(start) = rest.find(['\'', '"']) {
        let quote = rest.as_bytes()[start] as char;
        let inside = &rest[start + 1..];
        let Some(end) = inside.find(quote) else { break };
        found.push(inside[..end].to_owned());
        rest = &inside[end + 1..];
    }
    found
}

fn conditions(instrument: &Instrument) -> impl Iterator<Item = &Condition> {
    let norms =
        instrument.norms.iter().flat_map(|n| std::iter::once(&n.when.condition).chain(n.exceptions.iter().map(|e| &e.when.condition)));
    norms.chain(instrument.applies.iter().map(|a| &a.condition))
}

/// Every day on which a norm or a settled point of these instruments begins, has ended, or begins to look at the day otherwise.
pub(crate) fn changes(laws: &[&Law], instruments: &[&Instrument]) -> Vec<Date> {
    let mut days: Vec<Date> = Vec::new();
    for instrument in instruments {
        let norms = instrument.norms.iter().flat_map(|n| std::iter::once(&n.in_force).chain(n.exceptions.iter().map(|e| &e.in_force)));
        for interval in norms.chain(instrument.settles.iter().map(|s| &s.in_force)) {
            // Without a first day, it has been so since before all that is dated.
            days.push(interval.from.unwrap_or(Date::ZERO));
            days.extend(interval.to.and_then(|d| d.tomorrow().ok()));
        }
        days.extend(conditions(instrument).flat_map(|c| c.days_asked(Vocabulary::ON)));
    }
    if !days.is_empty() {
        days.extend(arising(laws).flat_map(|w| w.condition.days_asked(Vocabulary::ON)));
    }
    days.sort_unstable();
    days.dedup();
    days
}

fn looks_at_day(stack: &Stack<'_>, day: Date) -> bool {
    stack.slices.iter().flat_map(crate::decide::conditions).any(|c| c.days_asked(Vocabulary::ON).contains(&day))
}

/// The places whose situations are looked at: those named, or those with laws of their own or that a law names, and every state.
pub(crate) fn places(law: &Law, named: &[String]) -> Vec<String> {
    if !named.is_empty() {
        return named.to_vec();
    }
    let mut places: Vec<String> =
        law.instruments.iter().flat_map(|i| std::iter::once(i.place.clone()).chain(i.reach.iter().cloned())).collect();
    places.extend(
        literals(law, Vocabulary::AGENCY_PLACE)
            .into_iter()
            .filter(|text| law.place(text).is_some() || comity_places::parse_slug(text).is_ok()),
    );
    places.extend(comity_places::places_in("us").map(|p| p.slug.to_owned()));
    places.sort();
    places.dedup();
    places
}
