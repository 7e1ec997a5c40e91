//! One row of output for each row of input and action, as CSV or Parquet.

use super::defects::{Defect, DefectKind};
use super::places::{Placed, Places};
use super::replay::{Decided, Replay};
use super::table::Table;
use crate::inert;
use crate::parquet_file::{begin, column};
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedFileWriter;
use rustc_hash::FxHashMap;
use std::io::Write;

/// The columns of the output.
const HEADER: [&str; 11] = ["row", "day", "place", "agency", "agency_kind", "action", "outcome", "possible", "norms", "missing", "defects"];

/// Everything that the rows of the output are made of.
#[derive(Debug)]
pub struct RowsOut<'a> {
    /// The table.
    pub table: &'a Table,
    /// Its facilities.
    pub places: &'a Places,
    /// The replay.
    pub replay: &'a Replay<'a>,
    /// Its answers.
    pub decided: &'a Decided,
    /// The names of the actions.
    pub actions: &'a [String],
    /// The defects, in the order of rows.
    pub defects: &'a [Defect],
}

impl RowsOut<'_> {
    /// The cells of every row, one after the other.
    fn each<E>(&self, mut write: impl FnMut([&str; 11]) -> Result<(), E>) -> Result<(), E> {
        let joined: Vec<[String; 3]> = self
            .decided
            .answers
            .iter()
            .map(|a| [a.possible.iter().map(|o| o.as_str()).collect::<Vec<_>>().join(" "), a.norms.join(" "), a.missing.join(" ")])
            .collect();
        let mut defects = self.defects.iter().peekable();
        let mut words: FxHashMap<DefectKind, String> = FxHashMap::default();
        let mut last_day = (None, String::new());
        let mut kinds = String::new();
        for row in 0..self.table.rows() {
            kinds.clear();
            // The defects of a row come in the order of their kinds.
            let mut last = None;
            while let Some(defect) = defects.next_if(|d| d.at == row) {
                if last.replace(defect.kind) != Some(defect.kind) {
                    kinds.push_str(if kinds.is_empty() { "" } else { " " });
                    kinds.push_str(words.entry(defect.kind).or_insert_with(|| defect.kind.word()));
                }
            }
            let number = self.table.number(row).to_string();
            let day = self.replay.day(row);
            if last_day.0 != day {
                last_day = (day, day.map(|d| d.to_string()).unwrap_or_default());
            }
            let agency = self.replay.agency(row);
            let (place, name, kind) = agency.map_or(("", "", ""), |a| (a.place.as_str(), a.name.as_str(), a.kind.as_str()));
            for (at, action) in self.actions.iter().enumerate() {
                let id = self.decided.ids.get(at).and_then(|ids| ids.get(row)).copied().unwrap_or(u32::MAX) as usize;
                let (outcome, [possible, norms, missing]) = match (self.decided.answers.get(id), joined.get(id)) {
                    (Some(answer), Some([possible, norms, missing])) => (answer.outcome.as_str(), [possible.as_str(), norms, missing]),
                    _ => (why_not(self.places, row), ["", "", ""]),
                };
                write([&number, &last_day.1, place, name, kind, action, outcome, possible, norms, missing, &kinds])?;
            }
        }
        Ok(())
    }
}

/// What stands in the place of an outcome where a row was not decided.
fn why_not(places: &Places, row: usize) -> &'static str {
    match places.at(row).map(|f| &f.placed) {
        Some(Placed::Federal) => "not-decided:federal-facility",
        Some(Placed::Ambiguous { .. }) => "not-decided:place-ambiguous",
        Some(Placed::Contradictory { .. }) => "not-decided:place-contradictory",
        Some(Placed::Agency { .. }) | None => "not-decided:no-day",
    }
}

/// Writes the rows as CSV; a text that begins as a formula does is made [`inert`].
///
/// # Errors
/// When the output cannot be written.
pub fn write_csv(rows: &RowsOut<'_>, to: impl Write) -> std::io::Result<()> {
    let mut writer = csv::WriterBuilder::new().buffer_capacity(1 << 20).from_writer(to);
    writer.write_record(HEADER)?;
    rows.each(|cells| writer.write_record(cells.map(inert).iter().map(|cell| cell.as_bytes())))?;
    writer.flush()
}

/// Writes the rows as Parquet, compressed with zstd: the row as an unsigned number, the rest as texts.
///
/// # Errors
/// When the output cannot be written.
pub fn write_parquet(rows: &RowsOut<'_>, to: impl Write + Send) -> Result<(), ParquetError> {
    let [number, texts @ ..] = HEADER;
    let texts: String = texts.iter().map(|name| format!("required binary {name} (STRING); ")).collect();
    let mut writer = begin(&format!("required int32 {number} (INTEGER(32, false)); {texts}"), to)?;
    let mut group = Group::default();
    rows.each(|cells| {
        group.push(cells);
        if group.numbers.len() == GROUP { std::mem::take(&mut group).write(&mut writer) } else { Ok(()) }
    })?;
    if !group.numbers.is_empty() {
        group.write(&mut writer)?;
    }
    writer.close().map(|_| ())
}

/// Rows that are kept in memory before they are written.
const GROUP: usize = 65_536;

#[derive(Default)]
struct Group {
    numbers: Vec<i32>,
    texts: [Texts; 10],
}

/// A column of texts; a text that comes again is not copied again.
#[derive(Default)]
struct Texts {
    known: FxHashMap<String, ByteArray>,
    cells: Vec<ByteArray>,
}

impl Group {
    fn push(&mut self, cells: [&str; 11]) {
        let [number, texts @ ..] = cells;
        // Parquet keeps an unsigned number in the bits of a signed one.
        self.numbers.push(number.parse::<u32>().unwrap_or_default().cast_signed());
        for (text, column) in texts.into_iter().zip(&mut self.texts) {
            let cell = column.known.get(text).cloned().unwrap_or_else(|| {
                let new = ByteArray::from(text);
                column.known.insert(text.to_owned(), new.clone());
                new
            });
            column.cells.push(cell);
        }
    }

    fn write<W: Write + Send>(self, writer: &mut SerializedFileWriter<W>) -> Result<(), ParquetError> {
        let mut group = writer.next_row_group()?;
        column::<Int32Type, W>(&mut group, &self.numbers, None)?;
        for texts in &self.texts {
            column::<ByteArrayType, W>(&mut group, &texts.cells, None)?;
        }
        group.close().map(|_| ())
    }
}
