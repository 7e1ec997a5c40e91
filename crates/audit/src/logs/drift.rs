//! The columns of a log from one import to the next: a column that vanishes, or falls empty, is evidence that is gone.

use crate::table::{CellKind, Header, Row, key};
use comity_logic::Date;
use serde::{Deserialize, Serialize};

/// The columns of an import, kept for the next.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The version of this form.
    pub version: u32,
    /// What the log is.
    pub title: String,
    /// How many rows it had.
    pub rows: u64,
    /// Its first day.
    pub first_day: Option<String>,
    /// Its last day.
    pub last_day: Option<String>,
    /// Its columns.
    pub columns: Vec<ColumnState>,
}

/// A column of an import.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnState {
    /// Its name.
    pub name: String,
    /// What its cells are: empty, number, time, text, mixed.
    pub kind: String,
    /// Which part of its cells is filled, in percent.
    pub filled: u8,
}

/// What happened to a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It was there and is gone.
    Vanished,
    /// It is there and hardly filled any more.
    Emptied,
    /// The mapping names it and the log has never had it.
    NotInLog,
    /// What stands in it is of another sort.
    KindChanged,
    /// It is new.
    Appeared,
}

/// A change of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// What happened.
    pub change: Change,
    /// The column.
    pub column: String,
    /// What it means, in a sentence.
    pub says: String,
    /// What the mapping takes from it.
    pub used_for: Vec<String>,
}

/// Counts what stands in each column.
#[derive(Debug, Default)]
pub(super) struct Census {
    columns: Vec<Count>,
    rows: u64,
}

#[derive(Clone, Debug, Default)]
struct Count {
    filled: u64,
    numbers: u64,
    times: u64,
    looked_at: u64,
}

/// So many rows are looked at for the sort of their cells; whether they are filled is counted for all.
const LOOKED_AT: u64 = 10_000;

impl Census {
    pub(super) fn look(&mut self, row: &Row, width: usize) {
        self.columns.resize(width, Count::default());
        self.rows += 1;
        for (at, count) in self.columns.iter_mut().enumerate() {
            let cell = row.get(at);
            if cell.is_empty() {
                continue;
            }
            count.filled += 1;
            if self.rows <= LOOKED_AT {
                count.looked_at += 1;
                match row.kind(at) {
                    CellKind::Number => count.numbers += 1,
                    CellKind::Day => count.times += 1,
                    _ if cell.parse::<f64>().is_ok() => count.numbers += 1,
                    _ if is_time(cell) => count.times += 1,
                    _ => {}
                }
            }
        }
    }

    pub(super) fn state(&self, title: &str, header: &Header, days: Option<(Date, Date)>) -> State {
        let column = |(at, name): (usize, &String)| {
            let count = self.columns.get(at).cloned().unwrap_or_default();
            let kind = match (count.looked_at, count.numbers, count.times) {
                (0, ..) => "empty",
                (all, numbers, _) if numbers * 10 >= all * 9 => "number",
                (all, _, times) if times * 10 >= all * 9 => "time",
                (_, 0, 0) => "text",
                (all, numbers, times) if (numbers + times) * 10 < all => "text",
                _ => "mixed",
            };
            // A column that is filled at all is never called empty by rounding.
            let filled = if count.filled == 0 { 0 } else { (count.filled * 100 / self.rows.max(1)).max(1) };
            ColumnState { name: name.clone(), kind: kind.to_owned(), filled: u8::try_from(filled).unwrap_or(100) }
        };
        State {
            version: 1,
            title: title.to_owned(),
            rows: self.rows,
            first_day: days.map(|d| d.0.to_string()),
            last_day: days.map(|d| d.1.to_string()),
            columns: header.names().iter().enumerate().map(column).collect(),
        }
    }
}

/// Whether a text has the look of a day or a time: digits with separators.
fn is_time(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    digits >= 4 && cell.bytes().any(|b| matches!(b, b'/' | b'-' | b':' | b'.')) && digits * 2 >= cell.len()
}

/// The changes between two imports; `used` tells what the mapping takes from which column.
pub(super) fn changes(before: Option<&State>, now: &State, used: &[(String, String)]) -> Vec<Drift> {
    let mut found = Vec::new();
    let used_for = |column: &str| {
        let mut all: Vec<String> = used.iter().filter(|(c, _)| key(c) == key(column)).map(|(_, what)| what.clone()).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let has = |state: &State, name: &str| state.columns.iter().any(|c| key(&c.name) == key(name));
    let mut push = |change: Change, column: &str, says: String| {
        found.push(Drift { change, column: column.to_owned(), says, used_for: used_for(column) });
    };
    for old in before.map_or(&[][..], |b| &b.columns) {
        let until = before.and_then(|b| b.last_day.clone()).map(|d| format!(" (last seen with rows of {d})")).unwrap_or_default();
        match now.columns.iter().find(|c| key(&c.name) == key(&old.name)) {
            None => push(Change::Vanished, &old.name, format!("the column was in the last import and is gone{until}")),
            Some(new) if old.filled > 0 && u16::from(new.filled) * 10 < u16::from(old.filled) && now.rows > 0 => {
                push(Change::Emptied, &old.name, format!("{} % of its cells were filled, now {} % are{until}", old.filled, new.filled));
            }
            Some(new) if old.kind != new.kind && old.kind != "empty" && new.kind != "empty" => {
                push(Change::KindChanged, &old.name, format!("its cells were of the sort {} and are now {}", old.kind, new.kind));
            }
            Some(_) => {}
        }
    }
    let mut told: Vec<String> = Vec::new();
    for (column, _) in used {
        let gone = before.is_some_and(|b| has(b, column));
        if !has(now, column) && !gone && !told.contains(&key(column)) {
            told.push(key(column));
            push(Change::NotInLog, column, "the mapping names the column and this log does not have it".to_owned());
        }
    }
    if let Some(before) = before {
        for new in now.columns.iter().filter(|c| !has(before, &c.name)) {
            push(Change::Appeared, &new.name, "the column was not in the last import".to_owned());
        }
    }
    found.sort_by(|a, b| (a.change, &a.column).cmp(&(b.change, &b.column)));
    found
}
