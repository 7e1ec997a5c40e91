//! Excel workbooks (.xlsx), sheet by sheet.

use super::header::{Header, LOOKED_AT, header_among, header_of};
use super::row::{CellKind, Row};
use super::{Limits, Note, Options, Source, TableError, why};
use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, open_workbook_from_rs};
use std::path::Path;

/// A sheet that was read.
pub(super) struct Sheet {
    pub(super) header: Header,
    pub(super) rows: Vec<Row>,
    pub(super) sheet: String,
}

/// The names of a workbook's sheets, in order; none for a file that is no workbook.
///
/// # Errors
/// When the file cannot be read.
pub fn sheets(path: &Path) -> Result<Vec<String>, TableError> {
    let name = path.display().to_string();
    let mut file = std::fs::File::open(path).map_err(|e| TableError::of_file(&name, why(&e)))?;
    let mut magic = [0; 4];
    use std::io::{Read as _, Seek as _};
    if file.read_exact(&mut magic).is_err() || magic != *b"PK\x03\x04" {
        return Ok(Vec::new());
    }
    file.rewind().map_err(|e| TableError::of_file(&name, why(&e)))?;
    Ok(open(&name, Box::new(file), Limits::default())?.sheet_names())
}

/// A workbook that is open.
pub(crate) type Book = Xlsx<std::io::BufReader<Box<dyn Source>>>;

/// Opens a workbook, if what it unpacks to can be held.
pub(crate) fn open(name: &str, mut source: Box<dyn Source>, limits: Limits) -> Result<Book, TableError> {
    unpacked_fits(name, &mut source, limits)?;
    let broken = |e: calamine::XlsxError| {
        TableError::of_file(name, format!("it is no workbook that can be read ({e}); open it and save it as .xlsx, or as CSV"))
    };
    open_workbook_from_rs(std::io::BufReader::new(source)).map_err(broken)
}

pub(super) fn read(name: &str, source: Box<dyn Source>, options: &Options<'_>, notes: &mut Vec<Note>) -> Result<Sheet, TableError> {
    let mut book = open(name, source, options.limits)?;
    let names = book.sheet_names();
    let wanted = match options.sheet {
        Some(sheet) => match names.iter().find(|n| *n == sheet) {
            Some(found) => vec![found.clone()],
            None => {
                let what = format!("it has no sheet `{sheet}`; its sheets are {}", names.join(", "));
                return Err(TableError::of_file(name, what));
            }
        },
        None => names.clone(),
    };
    for sheet in wanted {
        let rows = rows_of(name, &mut book, &sheet, options.limits)?;
        if rows.iter().all(Row::is_blank) {
            continue;
        }
        let first = &rows[..rows.len().min(LOOKED_AT)];
        let Some(at) = header_among(first, options.known) else { continue };
        let header = header_of(&first[at]);
        let skipped = first.iter().take(at).filter(|r| !r.is_blank()).count();
        if skipped > 0 {
            let line = first.first().map(|r| r.line);
            notes.push(Note { line, message: format!("{skipped} rows above the header were passed over") });
        }
        let others: Vec<&str> = names.iter().filter(|n| **n != sheet).map(String::as_str).collect();
        if options.sheet.is_none() && !others.is_empty() {
            notes.push(Note { line: None, message: format!("only the sheet {sheet} was read, not {}", others.join(", ")) });
        }
        let rows = rows.into_iter().skip(at + 1).collect();
        return Ok(Sheet { header, rows, sheet });
    }
    Err(TableError::of_file(name, "none of its sheets has a header; the first row must name the columns"))
}

/// A small archive can unpack to more than any machine holds. Its own table of contents says how much, and may lie: so it is unpacked once to be measured.
fn unpacked_fits(name: &str, source: &mut Box<dyn Source>, limits: Limits) -> Result<(), TableError> {
    use std::io::{Read as _, Seek as _};
    let fail = |e: std::io::Error| TableError::of_file(name, why(&e));
    let damaged = |e: &dyn std::fmt::Display| TableError::of_file(name, format!("it is a damaged archive ({e}); save the workbook again"));
    let most = limits.unpacked();
    let too_much = |bytes: u64| {
        let what = format!("unpacked it has {} MiB or more, and more than {} MiB are not read; save it as CSV", bytes >> 20, most >> 20);
        TableError::of_file(name, what)
    };
    let mut archive = zip::ZipArchive::new(&mut *source).map_err(|e| damaged(&e))?;
    let mut told: u64 = 0;
    for at in 0..archive.len() {
        told = told.saturating_add(archive.by_index_raw(at).map_err(|e| damaged(&e))?.size());
    }
    if told > most {
        return Err(too_much(told));
    }
    let mut left = most;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|e| damaged(&e))?;
        let mut measured =
            Measured { is_strings: part.name_raw().to_ascii_lowercase().ends_with(b"sharedstrings.xml"), ..Measured::default() };
        let bytes = std::io::copy(&mut part.take(left + 1), &mut measured).map_err(|e| damaged(&e))?;
        if bytes > left {
            return Err(too_much(most));
        }
        left -= bytes;
        if measured.signs > MOST_SIGNS || measured.declared > MOST_SIGNS {
            return Err(TableError::of_file(name, "it has more texts than can be held in memory; save it as CSV"));
        }
    }
    drop(archive);
    source.rewind().map_err(fail)
}

/// Signs `<` in the list of a workbook's texts, of which each text has three at least: a text of one letter takes many times its bytes in memory.
const MOST_SIGNS: u64 = 30_000_000;

/// What passes by when an archive is measured.
#[derive(Default)]
struct Measured {
    is_strings: bool,
    signs: u64,
    /// How many texts the list says it has: so much is set aside for it before it is read.
    declared: u64,
    tail: Vec<u8>,
}

impl std::io::Write for Measured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.is_strings {
            self.signs += memchr::memchr_iter(b'<', bytes).count() as u64;
            // What lies across two pieces is seen whole in the second.
            self.tail.extend_from_slice(bytes);
            let name = b"uniqueCount";
            for at in memchr::memmem::find_iter(&self.tail, name) {
                let said = self.tail.get(at + name.len()..).unwrap_or_default().iter();
                let digits =
                    said.skip_while(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'"' | b'\'')).take_while(|b| b.is_ascii_digit());
                let number = digits.fold(0u64, |n, d| n.saturating_mul(10).saturating_add(u64::from(d - b'0')));
                self.declared = self.declared.max(number);
            }
            self.tail.drain(..self.tail.len().saturating_sub(64));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn rows_of(name: &str, book: &mut Book, sheet: &str, limits: Limits) -> Result<Vec<Row>, TableError> {
    let mut rows: Vec<Row> = Vec::new();
    let mut held: u64 = 0;
    each_row(name, book, sheet, limits, push, &mut |row| {
        held = held.saturating_add(row.held());
        if held > limits.unpacked() {
            let what = "the sheet is too large to be held in memory; save it as CSV";
            return Err(TableError::of_file(name, what).in_sheet(Some(sheet)).at_line(row.line));
        }
        rows.push(row);
        Ok(())
    })?;
    Ok(rows)
}

/// Every row of a sheet that has cells, one after the other; `push` turns a cell into text.
pub(crate) fn each_row(
    name: &str,
    book: &mut Book,
    sheet: &str,
    limits: Limits,
    push: fn(&mut Row, &DataRef<'_>),
    each: &mut dyn FnMut(Row) -> Result<(), TableError>,
) -> Result<(), TableError> {
    let fail = |line: Option<u64>, message: String| {
        let error = TableError::of_file(name, message).in_sheet(Some(sheet));
        line.into_iter().fold(error, TableError::at_line)
    };
    let broken = |e: calamine::XlsxError| fail(None, format!("the sheet cannot be read ({e}); save the workbook again, or as CSV"));
    let mut cells = book.worksheet_cells_reader(sheet).map_err(broken)?;
    let mut last: Option<Row> = None;
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let line = u64::from(row) + 1;
        let column = column as usize;
        if column >= limits.columns {
            // A format that was given to a whole row leaves cells without content.
            if matches!(cell.get_value(), DataRef::Empty) {
                continue;
            }
            return Err(fail(Some(line), format!("a cell stands in column {}; more than {} are not read", column + 1, limits.columns)));
        }
        if last.as_ref().is_some_and(|last| last.line > line) {
            return Err(fail(Some(line), "its rows are out of order; save the workbook again".to_owned()));
        }
        if let Some(done) = last.take_if(|last| last.line != line) {
            each(done)?;
        }
        let here = last.get_or_insert_with(|| Row::at(line));
        if column < here.len() {
            return Err(fail(Some(line), "a cell stands twice; save the workbook again".to_owned()));
        }
        here.pad(column);
        push(here, cell.get_value());
        if here.bytes() > limits.row {
            return Err(fail(Some(line), format!("this row has more than {} MiB; save it as CSV", limits.row >> 20)));
        }
    }
    last.map_or(Ok(()), each)
}

fn push(row: &mut Row, value: &DataRef<'_>) {
    match value {
        DataRef::Int(n) => row.push(&n.to_string(), CellKind::Number),
        DataRef::Float(n) => row.push(&number(*n), CellKind::Number),
        DataRef::String(text) => row.push(text, CellKind::Text),
        DataRef::SharedString(text) => row.push(text, CellKind::Text),
        DataRef::Bool(b) => row.push(if *b { "true" } else { "false" }, CellKind::Bool),
        DataRef::DateTime(moment) => row.push(&day(moment), CellKind::Day),
        DataRef::DateTimeIso(text) => row.push(text, CellKind::Day),
        DataRef::DurationIso(text) => row.push(text, CellKind::Text),
        DataRef::Error(fault) => row.push(&fault.to_string(), CellKind::Fault),
        DataRef::Empty => row.push("", CellKind::Empty),
    }
}

/// A number as people write it: whole ones without a point.
fn number(n: f64) -> String {
    n.to_string()
}

/// A day, with the time where there is one. A length of time stays a number of days.
fn day(moment: &ExcelDateTime) -> String {
    if moment.is_duration() {
        return number(moment.as_f64());
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second, milli) {
        (0, 0, 0, 0) => date,
        (_, _, _, 0) => format!("{date}T{hour:02}:{minute:02}:{second:02}"),
        _ => format!("{date}T{hour:02}:{minute:02}:{second:02}.{milli:03}"),
    }
}
