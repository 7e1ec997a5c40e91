//! The columns of a table, and where the header stands.

use super::row::{CellKind, Row};

/// The columns of a table by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The line of the file, or the row of the sheet, from 1; 0 where the columns have their names from the rows, as in JSON.
    pub line: u64,
    names: Vec<String>,
    keys: Vec<String>,
}

/// One spelling for the ways in which a column's name is written: small letters and digits, single blanks.
#[must_use]
pub fn key(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

impl Header {
    pub(crate) fn new(line: u64, names: Vec<String>) -> Self {
        let keys = names.iter().map(|n| key(n)).collect();
        Self { line, names, keys }
    }

    /// How many columns there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The name of a column as it stands; empty where there is no such column.
    #[must_use]
    pub fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", String::as_str)
    }

    /// The names as they stand.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The column of one of these names, the first name that there is.
    #[must_use]
    pub fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.all(name).next())
    }

    /// Every column of this name: some tables have one twice.
    pub fn all(&self, name: &str) -> impl Iterator<Item = usize> {
        let wanted = key(name);
        self.keys.iter().enumerate().filter(move |(_, key)| **key == wanted).map(|(at, _)| at)
    }

    /// Names that two columns share.
    #[must_use]
    pub fn twice(&self) -> Vec<&str> {
        let again = |at: usize, key: &str| !key.is_empty() && self.keys.iter().take(at).any(|k| k == key);
        self.keys.iter().enumerate().filter(|(at, key)| again(*at, key)).map(|(at, _)| self.name(at)).collect()
    }
}

/// So many rows are looked at to find the header: tables come with titles and remarks above it.
pub(crate) const LOOKED_AT: usize = 40;

/// The position of the header among the first rows.
pub(crate) fn header_among(rows: &[Row], known: &[&str]) -> Option<usize> {
    let known: Vec<String> = known.iter().map(|k| key(k)).collect();
    let hits = |row: &Row| row.iter().filter(|cell| !cell.is_empty() && known.contains(&key(cell))).count();
    let best = rows.iter().map(hits).max().unwrap_or(0);
    let enough = if known.len() == 1 || rows.iter().all(|r| filled(r) <= 1) { 1 } else { 2 };
    if best >= enough {
        return rows.iter().position(|row| hits(row) == best);
    }
    // None of the names: the first row of texts only, all different, that is about as wide as the widest.
    let widest = rows.iter().map(filled).max().unwrap_or(0);
    let looks = |row: &Row| {
        let mut cells: Vec<String> = row.iter().filter(|c| !c.is_empty()).map(key).collect();
        let all = cells.len();
        cells.sort_unstable();
        cells.dedup();
        let named = (0..row.len()).all(|c| matches!(row.kind(c), CellKind::Text | CellKind::Empty) && row.get(c).parse::<f64>().is_err());
        all > 0 && cells.len() == all && named && all * 5 >= widest * 4
    };
    rows.iter().position(looks).or_else(|| rows.iter().position(|row| !row.is_blank()))
}

fn filled(row: &Row) -> usize {
    row.iter().filter(|cell| !cell.is_empty()).count()
}

/// The header from its row; columns at the end without a name are none.
pub(crate) fn header_of(row: &Row) -> Header {
    let mut names: Vec<String> = row.iter().map(|n| n.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    Header::new(row.line, names)
}
