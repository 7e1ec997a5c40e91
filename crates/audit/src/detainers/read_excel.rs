//! Excel workbooks as ICE ships them: rows above the header, one sheet a fiscal year.

use super::read::{NO_HEADER, note_preamble};
use super::table::Table;
use calamine::{Data, Reader, open_workbook_auto};
use std::path::Path;

pub(crate) fn read(path: &Path, table: &mut Table, tick: &mut impl FnMut(usize) -> bool) -> Result<(), String> {
    let mut book = open_workbook_auto(path).map_err(|e| format!("is no workbook that can be read: {e}"))?;
    let mut found = false;
    for sheet in book.sheet_names() {
        let range = book.worksheet_range(&sheet).map_err(|e| format!("sheet `{sheet}` cannot be read: {e}"))?;
        let first = range.start().map_or(0, |s| s.0);
        let mut layout = None;
        for (at, row) in range.rows().enumerate() {
            let cells: Vec<String> = row.iter().map(text).collect();
            match &layout {
                None if at < 40 => {
                    layout = table.layout(&cells, Some(&sheet));
                    found |= layout.is_some();
                    if layout.is_none() {
                        note_preamble(table, &cells);
                    }
                }
                None => break,
                Some(layout) => {
                    if cells.iter().any(|c| !c.trim().is_empty()) {
                        table.push(layout, cells.iter().map(String::as_str), first + at as u32 + 1);
                    }
                    if at % 4096 == 0 && !tick(table.rows()) {
                        return Err("interrupted while reading; nothing was decided yet".to_owned());
                    }
                }
            }
        }
        if layout.is_none() && range.rows().next().is_some() {
            table.notes.push(format!("{}: sheet `{sheet}` has no header of a detainer release and was not read", path.display()));
        }
    }
    if found { Ok(()) } else { Err(NO_HEADER.to_owned()) }
}

/// A cell as text; days as 2024-10-18.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(n) => n.to_string(),
        Data::Bool(b) => if *b { "TRUE" } else { "FALSE" }.to_owned(),
        Data::Float(n) if n.fract() == 0.0 && n.abs() < 1e15 => format!("{n:.0}"),
        Data::Float(n) => n.to_string(),
        Data::DateTime(when) => {
            // Excel's day 60 is a 29 February 1900 that never was: later days count from 1899-12-30.
            let start = jiff::civil::Date::constant(1899, 12, 30);
            start.checked_add(jiff::Span::new().days(when.as_f64() as i64)).map_or_else(|_| String::new(), |day| day.to_string())
        }
    }
}
