//! Excel workbooks as ICE ships them: rows above the header, one sheet a fiscal year.

use super::read::{NO_HEADER, note_preamble};
use super::table::Table;
use crate::table::excel::{each_row, open};
use crate::table::{CellKind, Limits, Row, TableError};
use calamine::{DataRef, Reader};
use std::fs::File;
use std::path::Path;

/// The raw release has about 2 million rows in all and some 50 columns.
const LIMITS: Limits = Limits { bytes: 0, held: 64 << 20, rows: 4_000_000, columns: 200, row: 4 << 20 };

pub(crate) fn read(path: &Path, table: &mut Table, tick: &mut impl FnMut(usize) -> bool) -> Result<(), String> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|e| e.to_string())?;
    let mut book = open(&name, Box::new(file), LIMITS).map_err(|e| format!("is no workbook that can be read: {}", e.message()))?;
    let mut found = false;
    let mut kept = 0;
    for sheet in book.sheet_names() {
        let mut layout = None;
        let mut first = None;
        each_row(&name, &mut book, &sheet, LIMITS, push, &mut |row| {
            let at = row.line - *first.get_or_insert(row.line);
            let texts = (0..row.len()).map(|c| row.raw(c));
            let Some(layout) = &layout else {
                if at < 40 {
                    let cells: Vec<String> = texts.map(str::to_owned).collect();
                    layout = table.layout(&cells, Some(&sheet));
                    found |= layout.is_some();
                    if layout.is_none() {
                        note_preamble(table, &cells);
                    }
                }
                return Ok(());
            };
            if !row.is_blank() {
                kept += 1;
                if kept > LIMITS.rows {
                    let what = format!("more than {} rows of a workbook are not read; save each sheet as CSV", LIMITS.rows);
                    return Err(TableError::of_file(&name, what).at_line(row.line));
                }
                table.push(layout, texts.chain(std::iter::repeat("")), u32::try_from(row.line).unwrap_or(u32::MAX));
            }
            if at % 4096 == 0 && !tick(table.rows()) {
                return Err(TableError::of_file(&name, "interrupted while reading; nothing was decided yet"));
            }
            Ok(())
        })
        .map_err(|e| match e.line() {
            Some(line) => format!("sheet `{sheet}`, row {line}: {}", e.message()),
            None => format!("sheet `{sheet}`: {}", e.message()),
        })?;
        if layout.is_none() && first.is_some() {
            table.notes.push(format!("{name}: sheet `{sheet}` has no header of a detainer release and was not read"));
        }
    }
    if found { Ok(()) } else { Err(NO_HEADER.to_owned()) }
}

/// A cell as text; days as 2024-10-18.
fn push(row: &mut Row, cell: &DataRef<'_>) {
    match cell {
        DataRef::Empty | DataRef::Error(_) => row.push("", CellKind::Empty),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => row.push(text, CellKind::Text),
        DataRef::SharedString(text) => row.push(text, CellKind::Text),
        DataRef::Int(n) => row.push(&n.to_string(), CellKind::Number),
        DataRef::Bool(b) => row.push(if *b { "TRUE" } else { "FALSE" }, CellKind::Bool),
        DataRef::Float(n) if n.fract() == 0.0 && n.abs() < 1e15 => row.push(&format!("{n:.0}"), CellKind::Number),
        DataRef::Float(n) => row.push(&n.to_string(), CellKind::Number),
        DataRef::DateTime(when) => {
            // Excel's day 60 is a 29 February 1900 that never was: later days count from 1899-12-30.
            let start = jiff::civil::Date::constant(1899, 12, 30);
            let day = jiff::Span::new().try_days(when.as_f64() as i64).and_then(|days| start.checked_add(days));
            row.push(&day.map_or_else(|_| String::new(), |day| day.to_string()), CellKind::Day);
        }
    }
}
