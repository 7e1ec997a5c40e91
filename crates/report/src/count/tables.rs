//! Tables: figures broken down by one thing or two, with their totals.

use super::things::{Key, Passes, Thing, key, passes};
use super::{Cell, Pages, words};
use crate::definition::{Basis, Dimension, TableSpec};
use crate::report::{Table, TableRow};
use std::collections::{BTreeMap, BTreeSet};

/// The key of what the record does not have.
const MISSING: &str = "not-recorded";

/// A table that is being counted: its cells point at figures.
pub(crate) struct Grown {
    /// The table, its cells still empty.
    pub(crate) table: Table,
    /// The figures of each row, by position among all figures.
    pub(crate) cells: Vec<Vec<usize>>,
    /// Whether it has two dimensions.
    pub(crate) two: bool,
}

/// Counts a table.
pub(crate) fn grow(pages: &mut Pages<'_>, spec: &TableSpec) -> Grown {
    let all = pages.things(spec.count).to_vec();
    let counted: Vec<&Thing<'_>> =
        all.iter().filter(|t| pages.keep(&spec.id, t, passes(t, pages.period, spec.basis, &[&spec.only]))).collect();
    // Of a request the first action that was counted says what it is under a dimension.
    let of = |thing: &Thing<'_>, dimension: Dimension| {
        let first = thing.items.iter().find(|item| {
            let alone = Thing { number: 0, items: vec![item], duty: thing.duty, entries: BTreeSet::new() };
            passes(&alone, pages.period, spec.basis, &[&spec.only]) == Passes::Yes
        });
        match first.map(|item| key(item, thing.duty, dimension)) {
            Some(Key::Is(value)) => value,
            _ => MISSING.to_owned(),
        }
    };
    let mut by_row: BTreeMap<String, BTreeMap<String, Vec<&Thing<'_>>>> = BTreeMap::new();
    let mut columns_found = BTreeSet::new();
    for thing in &counted {
        let column = spec.columns.map_or_else(String::new, |dimension| of(thing, dimension));
        columns_found.insert(column.clone());
        by_row.entry(of(thing, spec.rows)).or_default().entry(column).or_default().push(thing);
    }
    let row_keys = keys(spec, spec.rows, by_row.keys());
    let column_keys = spec.columns.map_or_else(|| vec![String::new()], |dimension| keys(spec, dimension, columns_found.iter()));
    let word = |dimension: Dimension, value: &str| {
        if value == MISSING { "Not recorded".to_owned() } else { words::value(pages.law, dimension, value) }
    };
    let mut headings: Vec<String> = match spec.columns {
        Some(dimension) => column_keys.iter().map(|c| word(dimension, c)).collect(),
        None => vec!["Number".to_owned()],
    };
    let row_words: Vec<String> = row_keys.iter().map(|r| word(spec.rows, r)).collect();
    let two = spec.columns.is_some();
    let none = Vec::new();
    let empty = BTreeMap::new();
    let (mut rows, mut cells) = (Vec::new(), Vec::new());
    let mut drafts: Vec<(String, Vec<(String, String, Vec<&Thing<'_>>)>)> = Vec::new();
    for (row, heading) in row_keys.iter().zip(&row_words) {
        let found = by_row.get(row).unwrap_or(&empty);
        let mut line: Vec<(String, String, Vec<&Thing<'_>>)> = column_keys
            .iter()
            .zip(&headings)
            .map(|(column, says)| {
                let (id, says) = if two {
                    (format!("{}/{row}/{column}", spec.id), format!("{heading}: {says}"))
                } else {
                    (format!("{}/{row}", spec.id), heading.clone())
                };
                (id, says, found.get(column).unwrap_or(&none).clone())
            })
            .collect();
        if two {
            line.push((format!("{}/{row}/total", spec.id), format!("{heading}: total"), found.values().flatten().copied().collect()));
        }
        drafts.push((heading.clone(), line));
    }
    let mut last: Vec<(String, String, Vec<&Thing<'_>>)> = Vec::new();
    for (column, says) in column_keys.iter().zip(&headings) {
        let (id, says) = if two {
            (format!("{}/total/{column}", spec.id), format!("Total: {says}"))
        } else {
            (format!("{}/total", spec.id), "Total".to_owned())
        };
        last.push((id, says, by_row.values().filter_map(|r| r.get(column)).flatten().copied().collect()));
    }
    if two {
        last.push((format!("{}/total/total", spec.id), "Total".to_owned(), counted.clone()));
        headings.push("Total".to_owned());
    }
    drafts.push(("Total".to_owned(), last));
    let count = spec.count;
    let drafts: Vec<(String, Vec<Cell>)> = drafts
        .into_iter()
        .map(|(heading, line)| (heading, line.into_iter().map(|(id, says, things)| Cell::of(id, says, count, &things)).collect()))
        .collect();
    for (heading, line) in drafts {
        cells.push(line.into_iter().map(|cell| pages.push(cell)).collect());
        rows.push(TableRow { heading, cells: Vec::new() });
    }
    let rows_are = words::heading(spec.rows).to_owned();
    let table = Table { id: spec.id.clone(), says: spec.says.clone(), rows_are, columns: headings, rows, chart: spec.chart };
    Grown { table, cells, two }
}

/// The keys that have a row or column: those that were asked for, else those that always have one, and those that occur.
fn keys<'k>(spec: &TableSpec, dimension: Dimension, found: impl Iterator<Item = &'k String>) -> Vec<String> {
    let asked: Vec<String> = match spec.only.get(&dimension) {
        Some(asked) => asked.clone(),
        None => words::fixed(dimension, spec.basis == Basis::Decided).iter().map(|k| (*k).to_owned()).collect(),
    };
    let mut keys = asked;
    for key in found {
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    keys
}
