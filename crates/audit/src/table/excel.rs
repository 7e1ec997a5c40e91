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
    Ok(workbook(&name, Box::new(file))?.sheet_names())
}

fn workbook(name: &str, source: Box<dyn Source>) -> Result<Xlsx<std::io::BufReader<Box<dyn Source>>>, TableError> {
    let broken = |e: calamine::XlsxError| {
        TableError::of_file(name, format!("it is no workbook that can be read ({e}); open it and save it as .xlsx, or as CSV"))
    };
    open_workbook_from_rs(std::io::BufReader::new(source)).map_err(broken)
}

pub(super) fn read(name: &str, mut source: Box<dyn Source>, options: &Options<'_>, notes: &mut Vec<Note>) -> Result<Sheet, TableError> {
    unpacked_fits(name, &mut source, options.limits)?;
    let mut book = workbook(name, source)?;
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

/// A small archive can unpack to more than any machine holds; its own table of contents says how much.
fn unpacked_fits(name: &str, source: &mut Box<dyn Source>, limits: Limits) -> Result<(), TableError> {
    use std::io::Seek as _;
    let fail = |e: std::io::Error| TableError::of_file(name, why(&e));
    let broken = |e: zip::result::ZipError| TableError::of_file(name, format!("it is a damaged archive ({e}); save the workbook again"));
    let mut archive = zip::ZipArchive::new(&mut *source).map_err(broken)?;
    let mut all: u64 = 0;
    for at in 0..archive.len() {
        all = all.saturating_add(archive.by_index_raw(at).map_err(broken)?.size());
    }
    let most = limits.held.saturating_mul(8);
    if all > most {
        let what = format!("unpacked it has {} MiB, and more than {} MiB are not read; save it as CSV", all >> 20, most >> 20);
        return Err(TableError::of_file(name, what));
    }
    drop(archive);
    source.rewind().map_err(fail)
}

fn rows_of<R: std::io::Read + std::io::Seek>(name: &str, book: &mut Xlsx<R>, sheet: &str, limits: Limits) -> Result<Vec<Row>, TableError> {
    let fail = |line: Option<u64>, message: String| {
        let error = TableError::of_file(name, message).in_sheet(Some(sheet));
        line.into_iter().fold(error, TableError::at_line)
    };
    let broken = |e: calamine::XlsxError| fail(None, format!("the sheet cannot be read ({e}); save the workbook again, or as CSV"));
    let mut cells = book.worksheet_cells_reader(sheet).map_err(broken)?;
    let mut rows: Vec<Row> = Vec::new();
    let mut held: u64 = 0;
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let line = u64::from(row) + 1;
        let column = column as usize;
        if column >= limits.columns {
            return Err(fail(Some(line), format!("a cell stands in column {}; more than {} are not read", column + 1, limits.columns)));
        }
        if rows.last().is_none_or(|last| last.line != line) {
            if rows.last().is_some_and(|last| last.line > line) {
                return Err(fail(Some(line), "its rows are out of order; save the workbook again".to_owned()));
            }
            rows.push(Row::at(line));
        }
        let Some(last) = rows.last_mut() else { continue };
        if column < last.len() {
            return Err(fail(Some(line), "a cell stands twice; save the workbook again".to_owned()));
        }
        last.pad(column);
        push(last, cell.get_value());
        held = held.saturating_add(last.raw(column).len() as u64 + 8);
        if held > limits.held.saturating_mul(8) || last.bytes() > limits.row {
            return Err(fail(Some(line), "the sheet is too large to be held in memory; save it as CSV".to_owned()));
        }
    }
    Ok(rows)
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
