//! What can be counted, with what it can be narrowed to and broken down by.

use crate::definition::{Basis, Dimension, Unit, Where};
use crate::period::Period;
use crate::record::{Item, Requests};
use std::collections::{BTreeMap, BTreeSet};

/// One thing to be counted.
#[derive(Clone, Debug)]
pub(crate) struct Thing<'r> {
    /// Its number among all things of its unit.
    pub(crate) number: usize,
    /// The actions that it is made of: one, or all of a request.
    pub(crate) items: Vec<&'r Item>,
    /// The duty, by its id.
    pub(crate) duty: Option<&'r str>,
    /// The entries that it rests on.
    pub(crate) entries: BTreeSet<u64>,
}

/// All things of a unit.
pub(crate) fn things(requests: &Requests, unit: Unit) -> Vec<Thing<'_>> {
    let mut found: Vec<Thing<'_>> = Vec::new();
    match unit {
        Unit::Actions => {
            for item in &requests.items {
                found.push(Thing { number: found.len(), items: vec![item], duty: None, entries: item.entries.iter().copied().collect() });
            }
        }
        Unit::Requests => {
            let mut by_request: BTreeMap<u64, Vec<&Item>> = BTreeMap::new();
            requests.items.iter().for_each(|item| by_request.entry(item.request).or_default().push(item));
            for items in by_request.into_values() {
                let entries = items.iter().flat_map(|i| i.entries.iter().copied()).collect();
                found.push(Thing { number: found.len(), items, duty: None, entries });
            }
        }
        Unit::Duties => {
            // The same duty of two actions of a request is done once.
            let mut by_duty: BTreeMap<(u64, &str), Vec<&Item>> = BTreeMap::new();
            for item in &requests.items {
                let duties: BTreeSet<&str> = item.duties.iter().map(|d| d.duty.id.as_str()).collect();
                duties.into_iter().for_each(|duty| by_duty.entry((item.request, duty)).or_default().push(item));
            }
            for ((_, duty), items) in by_duty {
                let done = items.iter().flat_map(|i| &i.duties).filter(|d| d.duty.id == duty).flat_map(|d| &d.entries);
                let entries = items.iter().flat_map(|i| &i.entries).chain(done).copied().collect();
                found.push(Thing { number: found.len(), items, duty: Some(duty), entries });
            }
        }
    }
    found
}

/// What one thing is under a dimension, or what is missing to tell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// This.
    Is(String),
    /// The record does not have it.
    Missing(String),
}

/// What an action, or a duty of it, is under a dimension.
pub(crate) fn key(item: &Item, duty: Option<&str>, dimension: Dimension) -> Key {
    let state = || item.duties.iter().find(|d| Some(d.duty.id.as_str()) == duty);
    let known = |text: &str| Key::Is(text.to_owned());
    let stated = |of: fn(&crate::record::Facts) -> Option<&String>, what: &str| match &item.facts {
        Some(facts) => of(facts).map_or_else(|| Key::Missing(format!("{what} was not stated")), |text| Key::Is(text.clone())),
        None => Key::Missing(gone(item, what)),
    };
    match dimension {
        Dimension::Action => known(&item.action),
        Dimension::Decision => known(item.decision.word()),
        Dimension::Departs => known(if item.departs { "yes" } else { "no" }),
        Dimension::Outcome => match &item.outcome {
            Some(outcome) => known(outcome),
            None => Key::Missing(gone(item, "what the law said")),
        },
        Dimension::Requester => stated(|f| f.requester.as_ref(), "who asked"),
        Dimension::Paper => stated(|f| f.kind.as_ref(), "what kind of request it was"),
        Dimension::Purpose => stated(|f| f.purpose.as_ref(), "what it was for"),
        Dimension::Process => stated(|f| f.process.as_ref(), "what process came with it"),
        Dimension::Law => match item.norms() {
            Some([]) => known("No norm decided"),
            Some(norms) => Key::Is(cites(norms)),
            None => Key::Missing(gone(item, "which norms decided")),
        },
        Dimension::Duty => state().map_or_else(|| known("none"), |s| Key::Is(s.duty.cite.clone())),
        Dimension::Done => state().map_or_else(|| known("none"), |s| known(s.state)),
    }
}

/// The citations of norms, each once.
pub(crate) fn cites(norms: &[crate::record::Norm]) -> String {
    let cites: BTreeSet<&str> = norms.iter().map(|n| n.cite.as_str()).collect();
    cites.into_iter().collect::<Vec<_>>().join("; ")
}

fn gone(item: &Item, what: &str) -> String {
    match item.determination {
        Some(_) => format!("{what} lies in the personal part, which was destroyed by order or is not at hand"),
        None => format!("the law was never determined, so {what} is not in the record"),
    }
}

/// Whether something is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Passes {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// That turns on what the record does not have.
    Unknown(String),
}

/// Whether an action lies in the period.
pub(crate) fn in_period(item: &Item, period: &Period, basis: Basis) -> Passes {
    let day = match basis {
        Basis::Received => item.received_on,
        Basis::Decided => item.decided_on,
    };
    match (day, basis) {
        (Some(day), _) if !period.has(day) => Passes::No,
        (Some(_), Basis::Decided) => item.doubt.map_or(Passes::Yes, |why| Passes::Unknown(why.to_owned())),
        (Some(_), Basis::Received) => Passes::Yes,
        (None, Basis::Decided) => Passes::No,
        (None, Basis::Received) => Passes::Unknown("the day on which it arrived is not in a form that can be read".to_owned()),
    }
}

/// Whether an action passes a condition.
pub(crate) fn fulfils(item: &Item, duty: Option<&str>, only: &Where) -> Passes {
    let mut missing = None;
    for (dimension, allowed) in only {
        match key(item, duty, *dimension) {
            Key::Is(value) if !allowed.contains(&value) => return Passes::No,
            Key::Is(_) => {}
            Key::Missing(why) => missing = missing.or(Some(why)),
        }
    }
    missing.map_or(Passes::Yes, Passes::Unknown)
}

/// Whether a thing is counted: each condition by some action of it that lies in the period.
pub(crate) fn passes(thing: &Thing<'_>, period: &Period, basis: Basis, all: &[&Where]) -> Passes {
    let one = |only: Option<&Where>| {
        let mut best = Passes::No;
        for item in &thing.items {
            let both = match (in_period(item, period, basis), only.map_or(Passes::Yes, |only| fulfils(item, thing.duty, only))) {
                (Passes::Yes, Passes::Yes) => return Passes::Yes,
                (Passes::No, _) | (_, Passes::No) => Passes::No,
                (Passes::Unknown(why), _) | (_, Passes::Unknown(why)) => Passes::Unknown(why),
            };
            if both != Passes::No {
                best = both;
            }
        }
        best
    };
    let parts: Vec<Passes> = if all.is_empty() { vec![one(None)] } else { all.iter().map(|only| one(Some(only))).collect() };
    if parts.contains(&Passes::No) {
        return Passes::No;
    }
    parts.into_iter().find(|p| *p != Passes::Yes).unwrap_or(Passes::Yes)
}
