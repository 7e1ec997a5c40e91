//! Lists: a row for each action, with what the record has of it and nobody's name.

use super::things::{Key, cites, key, passes};
use super::{Pages, words};
use crate::definition::{Dimension, ListSpec, Unit};
use crate::record::Item;
use crate::report::{List, ListColumn, ListRow};
use crate::reporter::Reporter;
use std::collections::BTreeSet;

/// What the columns of lists can hold; any other is one that the record does not have.
pub const COLUMNS: [&str; 15] = [
    "fips",
    "ori",
    "agency",
    "requester",
    "paper",
    "process",
    "action",
    "outcome",
    "decision",
    "law",
    "duties",
    "received",
    "decided",
    "release-due",
    "entries",
];

/// Makes a list.
pub(crate) fn list(pages: &mut Pages<'_>, agency: &Reporter, spec: &ListSpec) -> List {
    let all = pages.things(Unit::Actions).to_vec();
    let mut rows = Vec::new();
    for thing in &all {
        let passed = passes(thing, pages.period, spec.basis, &[&spec.only]);
        if !pages.keep(&spec.id, thing, passed) {
            continue;
        }
        let Some(item) = thing.items.first() else { continue };
        let mut entries: BTreeSet<u64> = thing.entries.clone();
        entries.extend(item.duties.iter().flat_map(|d| &d.entries));
        let cells = spec.columns.iter().map(|c| cell(pages, agency, item, &entries, &c.id)).collect();
        rows.push(ListRow { cells, entries: entries.into_iter().collect() });
    }
    let columns = spec.columns.iter().map(|c| ListColumn { id: c.id.clone(), says: c.says.clone(), not_recorded: c.not_recorded.clone() });
    List { id: spec.id.clone(), says: spec.says.clone(), columns: columns.collect(), rows, withheld: false }
}

fn cell(pages: &Pages<'_>, agency: &Reporter, item: &Item, entries: &BTreeSet<u64>, column: &str) -> Option<String> {
    let of = |dimension: Dimension| match key(item, None, dimension) {
        Key::Is(value) => Some(words::value(pages.law, dimension, &value)),
        Key::Missing(_) => None,
    };
    match column {
        "fips" => agency.fips.clone(),
        "ori" => agency.ori.clone(),
        "agency" => Some(agency.name.clone()),
        "requester" => of(Dimension::Requester),
        "paper" => of(Dimension::Paper),
        "process" => of(Dimension::Process),
        "action" => of(Dimension::Action),
        "outcome" => item.outcome.clone(),
        "decision" => of(Dimension::Decision),
        "law" => item.norms().map(|norms| if norms.is_empty() { "No norm decided".to_owned() } else { cites(norms) }),
        "duties" => item.facts.as_ref().map(|_| {
            let each = item
                .duties
                .iter()
                .map(|d| format!("{}: {}", d.duty.cite, words::value(pages.law, Dimension::Done, d.state).to_lowercase()));
            let each: BTreeSet<String> = each.collect();
            if each.is_empty() { "none".to_owned() } else { each.into_iter().collect::<Vec<_>>().join("; ") }
        }),
        "received" => item.received.as_ref().map(|r| r.get(..16).unwrap_or(r).replace('T', " ")),
        "decided" => item.decided_on.map(|d| d.to_string()),
        "release-due" => item.facts.as_ref()?.release_due.as_ref().map(|r| r.get(..16).unwrap_or(r).replace('T', " ")),
        "entries" => Some(entries.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")),
        _ => None,
    }
}
