//! One row of output for each row of input and action, as CSV or Parquet.

use super::defects::Defect;
use super::places::{Placed, Places};
use super::replay::{Decided, Replay};
use super::table::Table;
use arrow_array::builder::{StringBuilder, StringDictionaryBuilder, UInt32Builder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field as ArrowField, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::io::Write;
use std::sync::Arc;

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
        let mut last_day = (None, String::new());
        for row in 0..self.table.rows() {
            let mut kinds: Vec<String> = Vec::new();
            while let Some(defect) = defects.next_if(|d| d.at == row) {
                let word = defect.kind.word();
                if !kinds.contains(&word) {
                    kinds.push(word);
                }
            }
            let kinds = kinds.join(" ");
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

/// Writes the rows as CSV.
///
/// # Errors
/// When the output cannot be written.
pub fn write_csv(rows: &RowsOut<'_>, to: impl Write) -> std::io::Result<()> {
    let mut writer = csv::WriterBuilder::new().buffer_capacity(1 << 20).from_writer(to);
    writer.write_record(HEADER)?;
    rows.each(|cells| writer.write_record(cells))?;
    writer.flush()
}

/// Writes the rows as Parquet, compressed with zstd.
///
/// # Errors
/// When the output cannot be written.
pub fn write_parquet(rows: &RowsOut<'_>, to: impl Write + Send) -> Result<(), parquet::errors::ParquetError> {
    let coded = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let fields: Vec<ArrowField> = HEADER
        .iter()
        .map(|name| match *name {
            "row" => ArrowField::new(*name, DataType::UInt32, false),
            "day" => ArrowField::new(*name, DataType::Utf8, false),
            _ => ArrowField::new(*name, coded.clone(), false),
        })
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
    let mut writer = ArrowWriter::try_new(to, schema.clone(), Some(properties))?;
    let mut batch = Batch::default();
    rows.each(|cells| {
        batch.push(cells);
        if batch.rows == 65_536 {
            writer.write(&std::mem::take(&mut batch).finish(schema.clone())?)?;
        }
        Ok::<(), parquet::errors::ParquetError>(())
    })?;
    if batch.rows > 0 {
        writer.write(&batch.finish(schema)?)?;
    }
    writer.close().map(|_| ())
}

#[derive(Default)]
struct Batch {
    rows: usize,
    numbers: UInt32Builder,
    days: StringBuilder,
    texts: [StringDictionaryBuilder<Int32Type>; 9],
}

impl Batch {
    fn push(&mut self, cells: [&str; 11]) {
        let [number, day, rest @ ..] = cells;
        self.rows += 1;
        self.numbers.append_value(number.parse().unwrap_or_default());
        self.days.append_value(day);
        for (text, column) in rest.iter().zip(&mut self.texts) {
            column.append_value(text);
        }
    }

    fn finish(mut self, schema: Arc<Schema>) -> Result<RecordBatch, parquet::errors::ParquetError> {
        let mut columns: Vec<ArrayRef> = vec![Arc::new(self.numbers.finish()), Arc::new(self.days.finish())];
        columns.extend(self.texts.iter_mut().map(|t| Arc::new(t.finish()) as ArrayRef));
        RecordBatch::try_new(schema, columns).map_err(Into::into)
    }
}
