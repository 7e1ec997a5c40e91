//! A release in memory: the columns that matter, each distinct text once.

use super::cells;
use super::fields::{Field, is_about_the_row};
use super::intern::{Texts, hash};
use comity_logic::Date;

/// A release, whatever its layout was.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub(crate) columns: Vec<Texts>,
    /// For each row two independent hashes of all its cells but those about the row itself.
    pub(crate) whole: Vec<[u64; 2]>,
    /// How many of each row's cells are filled.
    pub(crate) filled: Vec<u16>,
    /// The line or Excel row of each row, where the file does not number them itself.
    pub(crate) lines: Vec<u32>,
    present: Vec<bool>,
    /// The day on which the file was produced, if it says so.
    pub produced: Option<Date>,
    /// Headers that no field of the replay goes by.
    pub other_columns: Vec<String>,
    /// What was noticed while reading.
    pub notes: Vec<String>,
}

/// Where the cells of one header row go.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    targets: Vec<(Option<Field>, bool)>,
    sheet: Option<String>,
}

impl Layout {
    /// Whether anything of the column is kept: its texts, or that it tells rows apart.
    pub(crate) fn uses(&self, column: usize) -> bool {
        self.targets.get(column).is_some_and(|(field, counts)| field.is_some() || *counts)
    }
}

impl Table {
    pub(crate) fn new() -> Self {
        Self { columns: vec![Texts::default(); Field::ALL.len()], present: vec![false; Field::ALL.len()], ..Self::default() }
    }

    /// How many rows it has.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.whole.len()
    }

    /// Whether the file has the column.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        self.present.get(field as usize).copied().unwrap_or(false)
    }

    /// The text of a cell; empty where nothing is there.
    #[must_use]
    pub fn text(&self, field: Field, row: usize) -> &str {
        self.columns.get(field as usize).map_or("", |c| c.get(row))
    }

    pub(crate) fn ids(&self, field: Field) -> &Texts {
        &self.columns[field as usize]
    }

    /// The number by which people find the row: the file's own, or its line.
    #[must_use]
    pub fn number(&self, row: usize) -> u32 {
        self.text(Field::Row, row).parse().unwrap_or_else(|_| self.lines.get(row).copied().unwrap_or_default())
    }

    /// The field of a header cell for each column; `None` if too few are known for it to be a header.
    pub(crate) fn layout(&mut self, header: &[String], sheet: Option<&str>) -> Option<Layout> {
        let fields: Vec<Option<Field>> = header.iter().map(|h| Field::of(h)).collect();
        if !fields.contains(&Some(Field::Prepared)) || fields.iter().flatten().count() < 3 {
            return None;
        }
        let mut targets: Vec<(Option<Field>, bool)> = Vec::new();
        for (field, name) in fields.iter().zip(header) {
            // A release repeats a column: the first that is filled counts.
            if let Some(field) = field {
                self.present[*field as usize] = true;
            } else if !name.trim().is_empty() && !self.other_columns.contains(name) {
                self.other_columns.push(name.clone());
            }
            targets.push((*field, !is_about_the_row(name)));
        }
        let named = sheet.filter(|_| !fields.contains(&Some(Field::Sheet)));
        if named.is_some() {
            self.present[Field::Sheet as usize] = true;
        }
        Some(Layout { targets, sheet: named.map(str::to_owned) })
    }

    /// Adds a row of cells.
    pub(crate) fn push<'c>(&mut self, layout: &Layout, cells: impl Iterator<Item = &'c str>, line: u32) {
        let row = self.rows();
        let (mut whole, mut filled) = ([0u64; 2], 0u16);
        for ((field, counts), cell) in layout.targets.iter().zip(cells) {
            let text = cells::content(cell);
            let hashed = if text.is_empty() { 0 } else { hash(text.as_bytes()) };
            if *counts {
                whole = mixed(whole, hashed);
                filled += u16::from(!text.is_empty());
            }
            let Some(field) = field else { continue };
            if text.is_empty() {
                continue;
            }
            let column = &mut self.columns[*field as usize];
            if column.ids.len() > row {
                continue;
            }
            let id = column.id(text, hashed);
            column.ids.resize(row, 0);
            column.ids.push(id);
        }
        if let Some(sheet) = &layout.sheet {
            let column = &mut self.columns[Field::Sheet as usize];
            let id = column.id(sheet, hash(sheet.as_bytes()));
            column.ids.resize(row, 0);
            column.ids.push(id);
        }
        self.whole.push(whole);
        self.filled.push(filled);
        self.lines.push(line);
    }

    /// Adds rows of cells that are numbers of distinct texts.
    pub(crate) fn push_coded(&mut self, layout: &Layout, columns: &[(&[String], &[u32])], rows: usize, line: u32) {
        let from = self.rows();
        self.whole.resize(from + rows, [0; 2]);
        self.filled.resize(from + rows, 0);
        self.lines.extend((0..rows as u32).map(|at| line + at));
        for ((field, counts), (distinct, ids)) in layout.targets.iter().zip(columns) {
            let contents: Vec<&str> = distinct.iter().map(|t| cells::content(t)).collect();
            let hashes: Vec<u64> = contents.iter().map(|t| if t.is_empty() { 0 } else { hash(t.as_bytes()) }).collect();
            if *counts {
                let here = self.whole[from..].iter_mut().zip(&mut self.filled[from..]);
                for (id, (whole, filled)) in ids.iter().zip(here) {
                    let hashed = hashes[*id as usize];
                    *whole = mixed(*whole, hashed);
                    *filled += u16::from(hashed != 0);
                }
            }
            let Some(field) = field else { continue };
            let column = &mut self.columns[*field as usize];
            column.ids.resize(from.max(column.ids.len()), 0);
            let repeated = column.ids.len() > from;
            let of: Vec<u32> = contents.iter().zip(&hashes).map(|(t, h)| if t.is_empty() { 0 } else { column.id(t, *h) }).collect();
            if repeated {
                for (known, id) in column.ids[from..].iter_mut().zip(*ids) {
                    *known = if *known == 0 { of[*id as usize] } else { *known };
                }
            } else {
                column.ids.extend(ids.iter().map(|id| of[*id as usize]));
            }
        }
    }

    /// Brings all columns to the number of rows.
    pub(crate) fn finish(&mut self) {
        let rows = self.rows();
        // A column that the file does not have takes no memory.
        self.columns.iter_mut().zip(&self.present).filter(|(_, present)| **present).for_each(|(c, _)| c.ids.resize(rows, 0));
    }

    /// The days of a field, one for each distinct text.
    pub(crate) fn days(&self, field: Field) -> Vec<Option<Date>> {
        self.ids(field).distinct.iter().map(|text| cells::day(text)).collect()
    }

    /// A number that another content of the table would not give.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let all = self.whole.iter().fold([self.rows() as u64, 7], |all, row| mixed(mixed(all, row[0]), row[1]));
        format!("{:016x}{:016x}", all[0], all[1])
    }
}

/// Two hashes of a sequence, taken on by one more.
pub(crate) fn mixed(so_far: [u64; 2], next: u64) -> [u64; 2] {
    let one = (so_far[0].rotate_left(23) ^ next).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let two = (so_far[1] ^ next.rotate_left(31)).wrapping_mul(0xd6e8_feb8_6659_fd93).rotate_left(29);
    [one ^ (one >> 29), two ^ (two >> 31)]
}
