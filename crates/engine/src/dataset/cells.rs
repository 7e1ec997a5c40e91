//! The rows of one place.

use super::{GROUPS, Row, Searched};
use crate::decide::{conditions, may_fire};
use crate::resolve::formulas;
use crate::stack::{Entry, Slice, Source, entry, order};
use comity_law::{ActionId, Coverage, Instrument, Interval, Law, Modality};
use comity_logic::{Budget, Condition, Date, Declared, FactId, Facts, Problem, Truth, Value, Vocabulary};
use comity_places::AgencyKind;
use rustc_hash::FxHashMap;

/// What norms can bring, and whether that is proved.
type Found = ([bool; 5], bool);

/// Which norms and exceptions speak, for whom, and on which day if it matters.
type Key = (Vec<String>, Option<AgencyKind>, Option<Date>);

/// The rows of a place.
pub(super) fn rows_of(law: &Law, place: &str) -> Vec<Row> {
    let own: Vec<&Instrument> = law.instruments.iter().filter(|i| i.place == place).collect();
    let coverage = law.place(place).map_or(&[][..], |p| &p.coverage);
    let stretches = stretches(&own, coverage);
    let mut known: FxHashMap<Key, Found> = FxHashMap::default();
    let mut rows: Vec<Row> = Vec::new();
    for action in (0..law.actions.len()).map(|a| ActionId(a as u16)) {
        for group in 0..GROUPS.len() {
            let first = rows.len();
            for days in &stretches {
                let row = row(law, &own, coverage, Cell { place, action, group, days: *days }, &mut known);
                match rows[first..].last_mut() {
                    Some(last) if Row { days: row.days, ..last.clone() } == row => last.days.to = row.days.to,
                    _ => rows.push(row),
                }
            }
        }
    }
    rows
}

/// What a row is about.
struct Cell<'a> {
    place: &'a str,
    action: ActionId,
    group: usize,
    days: Interval,
}

fn row(law: &Law, own: &[&Instrument], coverage: &[Coverage], cell: Cell<'_>, known: &mut FxHashMap<Key, Found>) -> Row {
    let on = first_day(cell.days);
    let mut out = Row {
        place: cell.place.to_owned(),
        action: cell.action,
        group: cell.group,
        days: cell.days,
        can: [false; 5],
        kinds: Vec::new(),
        norms: Vec::new(),
        cites: Vec::new(),
        confidence: None,
        searched: searched(coverage, on),
        proved: true,
    };
    for kind in GROUPS[cell.group].kinds {
        let slice = slice(law, own, cell.action, *kind, on);
        let (can, proved) = found(law, &slice, *kind, cell.days, known);
        out.can.iter_mut().zip(can).for_each(|(all, one)| *all |= one);
        out.proved &= proved;
        if !slice.entries.is_empty() {
            out.kinds.push(*kind);
        }
        for entry in &slice.entries {
            let Source::Norm(_, norm) = entry.source else { continue };
            let id = entry.id();
            if out.norms.contains(&id) {
                continue;
            }
            out.norms.push(id);
            out.confidence = Some(out.confidence.map_or(norm.confidence, |c| c.min(norm.confidence)));
            let exceptions = entry.unless.iter().filter_map(|u| norm.exceptions.get(u.at)).map(|e| &e.full_cite);
            for cite in std::iter::once(&norm.full_cite).chain(exceptions) {
                if !out.cites.contains(cite) {
                    out.cites.push(cite.clone());
                }
            }
        }
    }
    out
}

/// The place's own norms that can speak of the action to an agency of the kind. Which agency it is, and where, stays open.
fn slice<'l>(law: &'l Law, own: &[&'l Instrument], action: ActionId, kind: AgencyKind, on: Date) -> Slice<'l> {
    let facts = facts(law, kind, on);
    let truth = |c: &Condition| c.truth(&law.schema.vocabulary, &facts);
    let mut entries: Vec<Entry<'l>> = Vec::new();
    for instrument in own {
        let binds = instrument.binds.as_ref().map(|b| &b.condition).filter(|b| truth(b) != Truth::True);
        if binds.is_some_and(|b| truth(b) == Truth::False) {
            continue;
        }
        for norm in instrument.norms.iter().filter(|n| n.actions.contains(&action) && n.in_force.contains(on)) {
            let mut entry = entry(law, instrument, norm, action, on);
            if let Some(binds) = binds {
                entry.when = binds.and(&entry.when);
            }
            if truth(&entry.when) != Truth::False {
                entries.push(entry);
            }
        }
    }
    let mut slice = Slice { action, entries, overrides: Vec::new() };
    order(&mut slice);
    slice
}

fn facts(law: &Law, kind: AgencyKind, on: Date) -> Facts {
    let vocabulary = &law.schema.vocabulary;
    let mut facts = Facts::new(vocabulary);
    facts.set(Vocabulary::ON, Value::Date(on));
    if let Declared::Enum(kinds) = &vocabulary.fact(FactId::Scalar(Vocabulary::AGENCY_KIND)).declared
        && let Some(at) = kinds.iter().position(|k| k == kind.as_str())
    {
        facts.set(Vocabulary::AGENCY_KIND, Value::Enum(at as u8));
    }
    facts
}

/// A day of a stretch: its first, if it has one.
fn first_day(days: Interval) -> Date {
    days.from.or(days.to).unwrap_or(Date::constant(2000, 1, 1))
}

fn found(law: &Law, slice: &Slice<'_>, kind: AgencyKind, days: Interval, known: &mut FxHashMap<Key, Found>) -> Found {
    if slice.entries.is_empty() {
        return ([false, false, false, true, false], true);
    }
    let asks_kind = conditions(slice).any(|c| c.reads(Vocabulary::AGENCY_KIND));
    let asks_day = conditions(slice).any(|c| c.reads(Vocabulary::ON) || c.counts_from(Vocabulary::ON));
    let speaks = |e: &Entry<'_>| match e.source {
        Source::Norm(i, n) => {
            format!("{:?} {}#{} {:?} {:?}", slice.action, i.id, n.id, n.in_force, e.unless.iter().map(|u| u.at).collect::<Vec<_>>())
        }
        Source::Local(at) => at.to_string(),
    };
    let key = (slice.entries.iter().map(speaks).collect(), asks_kind.then_some(kind), asks_day.then_some(first_day(days)));
    if let Some(found) = known.get(&key) {
        return *found;
    }
    let mut found = ([false; 5], true);
    for on in looked_at(law, slice, kind, days) {
        let (can, proved) = explored(law, slice, &facts(law, kind, on));
        found.0.iter_mut().zip(can).for_each(|(all, one)| *all |= one);
        found.1 &= proved;
    }
    known.insert(key, found);
    found
}

/// The days of a stretch that have to be looked at: one, unless windows counted back from the day meet fixed days within it.
fn looked_at(law: &Law, slice: &Slice<'_>, kind: AgencyKind, days: Interval) -> Vec<Date> {
    let mut open = facts(law, kind, first_day(days));
    open.set(Vocabulary::ON, Value::Unknown);
    let problem = Problem::new(&law.schema, &open, conditions(slice));
    let more = problem.stretches(Vocabulary::ON).iter().filter(|d| days.contains(**d)).copied();
    let mut out: Vec<Date> = std::iter::once(first_day(days)).chain(more).collect();
    out.sort_unstable();
    out.dedup();
    out
}

fn explored(law: &Law, slice: &Slice<'_>, facts: &Facts) -> Found {
    let mut problem = Problem::new(&law.schema, facts, conditions(slice));
    let items = may_fire(&mut problem, slice);
    let results = formulas(&mut problem, slice, &items);
    if let Ok(found) = problem.explore(&results, Budget::default()) {
        let at = |n: usize| found.possible.get(n).copied().unwrap_or(false);
        return ([at(0), at(1), at(2), at(3), at(4)], true);
    }
    let any = |wanted: &[Modality]| items.iter().any(|i| wanted.contains(&i.modality));
    let (requires, forbids) = (any(&[Modality::Requires]), any(&[Modality::Forbids]));
    ([requires, any(&[Modality::Permits, Modality::Protects]), forbids, true, requires && forbids], false)
}

/// The days, cut where a norm of the place begins or ends, where a condition turns, and where the searches begin or end.
fn stretches(own: &[&Instrument], coverage: &[Coverage]) -> Vec<Interval> {
    let mut cuts: Vec<Date> = Vec::new();
    for instrument in own {
        let intervals = instrument.norms.iter().flat_map(|n| std::iter::once(&n.in_force).chain(n.exceptions.iter().map(|e| &e.in_force)));
        for interval in intervals {
            cuts.extend(interval.from);
            cuts.extend(interval.to.and_then(|d| d.tomorrow().ok()));
        }
        let norms = instrument.norms.iter().flat_map(|n| std::iter::once(&n.when).chain(n.exceptions.iter().map(|e| &e.when)));
        cuts.extend(instrument.applies.iter().chain(norms).flat_map(|w| w.condition.days_asked(Vocabulary::ON)));
    }
    cuts.extend(coverage.iter().filter_map(|c| c.searched_from));
    cuts.extend(coverage.iter().filter_map(|c| c.searched_until.tomorrow().ok()));
    cuts.sort_unstable();
    cuts.dedup();
    let starts = std::iter::once(None).chain(cuts.iter().copied().map(Some));
    let ends = cuts.iter().map(|d| d.yesterday().ok()).chain([None]);
    starts.zip(ends).map(|(from, to)| Interval { from, to }).collect()
}

fn searched(coverage: &[Coverage], on: Date) -> Searched {
    let looked = coverage.iter().filter(|c| c.searched_from.is_none_or(|from| from <= on) && on <= c.searched_until).count();
    match looked {
        0 => Searched::None,
        n if n == coverage.len() => Searched::All,
        _ => Searched::Some,
    }
}
