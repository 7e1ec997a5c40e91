//! Tables beside a mapping that say what an entry of a log stands for: a registry of agencies, a list of codes. Their rows may be dated.

use super::mapping::Mistake;
use crate::claims::parse_day;
use crate::table::{Options, Row, Table, key};
use comity_logic::Date;
use rustc_hash::FxHashMap;
use std::path::Path;

/// A lookup table.
#[derive(Clone, Debug, Default)]
pub(super) struct Lookup {
    columns: Vec<String>,
    rows: FxHashMap<String, Vec<Entry>>,
}

#[derive(Clone, Debug)]
struct Entry {
    from: Option<Date>,
    to: Option<Date>,
    cells: Vec<String>,
    line: u64,
}

impl Lookup {
    /// Reads a table; what is wrong with it is told with its lines.
    pub(super) fn open(path: &Path, key_column: &str) -> Result<Self, Vec<Mistake>> {
        let file = path.display().to_string();
        let fail = |line: u64, message: String| Mistake { file: file.clone(), line: line as usize, column: 1, message };
        let known = [key_column];
        let options = Options { known: &known, ..Options::default() };
        let table_error = |e: &crate::table::TableError| fail(e.line().unwrap_or(1), e.message().to_owned());
        let mut table = Table::open(path, &options).map_err(|e| vec![table_error(&e)])?;
        let Some(by) = table.header.find(&[key_column]) else {
            let there = table.header.names().join(", ");
            return Err(vec![fail(table.header.line.max(1), format!("there is no column `{key_column}`; there are {there}"))]);
        };
        let (from, to) = (table.header.find(&["from"]), table.header.find(&["to"]));
        let mut lookup = Self { columns: table.header.names().iter().map(|n| key(n)).collect(), rows: FxHashMap::default() };
        let mut wrong = Vec::new();
        let mut row = Row::default();
        loop {
            match table.next_row(&mut row) {
                Ok(true) => {}
                Ok(false) => break,
                Err(e) => {
                    wrong.push(table_error(&e));
                    break;
                }
            }
            let mut day = |column: Option<usize>| {
                let text = column.map_or("", |c| row.get(c));
                let day = parse_day(text);
                if day.is_none() && !text.is_empty() {
                    wrong.push(fail(row.line, format!("`{text}` is not a day; write it as 2018-03-01")));
                }
                day
            };
            let (from, to) = (day(from), day(to));
            if from.zip(to).is_some_and(|(from, to)| to < from) {
                wrong.push(fail(row.line, "`to` comes before `from`; change one of them".to_owned()));
            }
            if row.get(by).is_empty() {
                wrong.push(fail(row.line, format!("the column `{key_column}` is empty; name the entry, or remove the line")));
                continue;
            }
            let entry = Entry { from, to, cells: row.iter().map(str::to_owned).collect(), line: row.line };
            let entries = lookup.rows.entry(key(row.get(by))).or_default();
            let meets = |e: &&Entry| e.from.is_none_or(|f| to.is_none_or(|t| f <= t)) && from.is_none_or(|f| e.to.is_none_or(|t| f <= t));
            if let Some(other) = entries.iter().find(meets) {
                let what = format!(
                    "`{}` stands in line {} as well, for the same days; keep one, or date both with `from` and `to`",
                    row.get(by),
                    other.line
                );
                wrong.push(fail(row.line, what));
            }
            entries.push(entry);
        }
        if wrong.is_empty() { Ok(lookup) } else { Err(wrong) }
    }

    /// The position of a column.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        let wanted = key(name);
        self.columns.iter().position(|c| *c == wanted)
    }

    /// The names of the columns.
    pub(super) fn names(&self) -> String {
        self.columns.join(", ")
    }

    /// Every value of a column, with its line.
    pub(super) fn values(&self, column: usize) -> Vec<(u64, &str)> {
        let mut all: Vec<(u64, &str)> =
            self.rows.values().flatten().map(|e| (e.line, e.cells.get(column).map_or("", String::as_str))).collect();
        all.sort_unstable();
        all
    }

    /// What an entry stands for on a day; `None` where it is not in the table.
    pub(super) fn get(&self, entry: &str, on: Date, column: usize) -> Option<&str> {
        let entries = self.rows.get(&key(entry))?;
        let holds = |e: &&Entry| e.from.is_none_or(|f| f <= on) && e.to.is_none_or(|t| on <= t);
        Some(entries.iter().find(holds)?.cells.get(column).map_or("", String::as_str))
    }
}
