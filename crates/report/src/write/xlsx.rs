//! A report as a workbook: a sheet for what it is, one for all figures, one for each table and list.

use super::{FOOT, entries, facts};
use crate::report::{Figure, Value};
use crate::standing::Document;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// The workbook. It bears no moment of its making, so that the same report has the same bytes.
///
/// # Errors
/// If a table has more rows than a sheet.
pub fn xlsx(document: &Document) -> Result<Vec<u8>, String> {
    book(document).map_err(|e| format!("the workbook cannot be written: {e}"))
}

fn book(document: &Document) -> Result<Vec<u8>, XlsxError> {
    let r = &document.report;
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(&r.title).set_creation_datetime(&made));
    let (bold, wrap) = (Format::new().set_bold(), Format::new().set_text_wrap());
    let about = book.add_worksheet().set_name("Report")?;
    about.set_column_width(0, 18)?.set_column_width(1, 90)?;
    let digest = document.digest.clone();
    let mut lines: Vec<(String, String)> = vec![("Title".to_owned(), r.title.clone()), ("State".to_owned(), document.state_says())];
    lines.extend(facts(document).into_iter().map(|(name, value)| (name.to_owned(), value)));
    lines.extend(
        r.laws
            .iter()
            .map(|l| ("Law".to_owned(), format!("{}: {} Confidence {}, checked against {}.", l.cite, l.says, l.confidence, l.against))),
    );
    lines.extend(r.instead.iter().map(|line| ("Instead".to_owned(), line.clone())));
    lines.extend(r.notes.iter().map(|note| ("Note".to_owned(), note.clone())));
    lines.extend([
        ("Ledger".to_owned(), format!("first {} entries, root {}", r.log.size, r.log.root)),
        ("Digest".to_owned(), digest),
        ("Persons".to_owned(), FOOT.to_owned()),
    ]);
    for (row, (name, value)) in (0..).zip(&lines) {
        about.write_with_format(row, 0, name, &bold)?.write_with_format(row, 1, value, &wrap)?;
    }
    let sheet = book.add_worksheet().set_name("Figures")?;
    head(sheet, &["Figure", "What it is", "Number", "Status", "Entries"], &bold)?;
    sheet.set_column_width(0, 36)?.set_column_width(1, 70)?.set_column_width(4, 40)?;
    for (row, figure) in (1..).zip(r.all_figures()) {
        sheet.write(row, 0, &figure.id)?.write(row, 1, &figure.says)?;
        number(sheet, row, 2, figure)?;
        let status = match &figure.value {
            Value::Count(_) => "count".to_owned(),
            Value::Withheld => "withheld".to_owned(),
            Value::NotRecorded(why) => format!("not recorded: {why}"),
        };
        sheet.write(row, 3, status)?.write(row, 4, clipped(&entries(&figure.entries)))?;
    }
    for (at, table) in r.tables.iter().enumerate() {
        let sheet = book.add_worksheet().set_name(name(at, &table.id))?;
        sheet.set_column_width(0, 60)?;
        let headings: Vec<&str> = std::iter::once(table.rows_are.as_str()).chain(table.columns.iter().map(String::as_str)).collect();
        head(sheet, &headings, &bold)?;
        for (row, line) in (1..).zip(&table.rows) {
            sheet.write(row, 0, &line.heading)?;
            for (column, figure) in (1..).zip(&line.cells) {
                number(sheet, row, column, figure)?;
            }
        }
    }
    for (at, list) in r.lists.iter().enumerate() {
        let sheet = book.add_worksheet().set_name(name(r.tables.len() + at, &list.id))?;
        head(sheet, &list.columns.iter().map(|c| c.says.as_str()).collect::<Vec<_>>(), &bold)?;
        for (row, line) in (1..).zip(&list.rows) {
            for (column, cell) in (0..).zip(&line.cells) {
                // Codes are texts: as numbers they would lose their zeros.
                sheet.write_string(row, column, clipped(cell.as_deref().unwrap_or("not recorded")))?;
            }
        }
    }
    book.save_to_buffer()
}

fn head(sheet: &mut Worksheet, headings: &[&str], bold: &Format) -> Result<(), XlsxError> {
    for (column, heading) in (0..).zip(headings) {
        sheet.write_with_format(0, column, *heading, bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn number(sheet: &mut Worksheet, row: u32, column: u16, figure: &Figure) -> Result<(), XlsxError> {
    match &figure.value {
        #[allow(clippy::cast_precision_loss, reason = "a workbook has no other numbers, and no ledger so many entries")]
        Value::Count(n) => sheet.write_number(row, column, *n as f64)?,
        other => sheet.write_string(row, column, other.to_string())?,
    };
    Ok(())
}

/// The name of a sheet: at most 31 letters, and each another.
fn name(at: usize, id: &str) -> String {
    let id: String = id.chars().take(26).collect();
    format!("{} {id}", at + 1)
}

/// A text that fits a cell.
fn clipped(text: &str) -> String {
    const MOST: usize = 32_000;
    if text.chars().count() <= MOST { text.to_owned() } else { format!("{}…", text.chars().take(MOST).collect::<String>()) }
}
