//! Parquet files in any types: texts as dictionaries, so that a text is looked at once a batch.

use super::read::NO_HEADER;
use super::table::Table;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Date64Type, Int32Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Field as ArrowField, Schema, TimeUnit};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use std::borrow::Cow;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

pub(crate) fn read(path: &Path, table: &mut Table, tick: &mut impl FnMut(usize) -> bool) -> Result<(), String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    let wrong = |e: parquet::errors::ParquetError| format!("is no Parquet file that can be read: {e}");
    let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(wrong)?;
    let coded = |field: &Arc<ArrowField>| match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            let coded = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
            Arc::new(ArrowField::new(field.name(), coded, field.is_nullable()))
        }
        _ => field.clone(),
    };
    let schema = Schema::new(metadata.schema().fields().iter().map(coded).collect::<Vec<_>>());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
    let metadata = ArrowReaderMetadata::load(&file, options).map_err(wrong)?;
    let header: Vec<String> = metadata.schema().fields().iter().map(|f| f.name().clone()).collect();
    let Some(layout) = table.layout(&header, None) else { return Err(NO_HEADER.to_owned()) };
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata).with_batch_size(32_768).build().map_err(wrong)?;
    let mut line = 0;
    for batch in reader {
        let batch = batch.map_err(|e| format!("row {line} and after cannot be read: {e}"))?;
        let columns: Vec<Cells<'_>> = batch
            .columns()
            .iter()
            .zip(&header)
            .map(|(a, name)| {
                Cells::of(a).map_err(|t| format!("column `{name}` has the type {t}; texts, numbers, days and booleans are read"))
            })
            .collect::<Result<_, _>>()?;
        let columns: Vec<(&[Cow<'_, str>], &[u32])> = columns.iter().map(|c| (c.distinct.as_slice(), c.ids.as_slice())).collect();
        table.push_coded(&layout, &columns, batch.num_rows(), line + 1);
        line += batch.num_rows() as u32;
        if !tick(table.rows()) {
            return Err("interrupted while reading; nothing was decided yet".to_owned());
        }
    }
    Ok(())
}

/// The cells of one column of a batch: distinct texts and a number a row. The last distinct text is the missing cell.
struct Cells<'a> {
    distinct: Vec<Cow<'a, str>>,
    ids: Vec<u32>,
}

impl<'a> Cells<'a> {
    fn of(array: &'a ArrayRef) -> Result<Self, DataType> {
        let rows = array.len();
        let numbered = |text: &dyn Fn(usize) -> String| {
            let mut distinct: Vec<Cow<'a, str>> = Vec::new();
            let mut known: rustc_hash::FxHashMap<String, u32> = rustc_hash::FxHashMap::default();
            let mut ids = Vec::with_capacity(rows);
            for row in 0..rows {
                let cell = if array.is_null(row) { String::new() } else { text(row) };
                let next = known.len() as u32;
                ids.push(*known.entry(cell).or_insert_with_key(|cell| {
                    distinct.push(Cow::Owned(cell.clone()));
                    next
                }));
            }
            Self { distinct, ids }
        };
        Ok(match array.data_type() {
            DataType::Dictionary(_, _) => {
                let Some(coded) = array.as_any_dictionary_opt() else { return Err(array.data_type().clone()) };
                let Some(texts) = coded.values().as_string_opt::<i32>() else { return Err(array.data_type().clone()) };
                let mut distinct: Vec<Cow<'a, str>> =
                    (0..texts.len()).map(|at| Cow::Borrowed(if texts.is_null(at) { "" } else { texts.value(at) })).collect();
                let missing = distinct.len() as u32;
                distinct.push(Cow::Borrowed(""));
                let Some(keys) = coded.keys().as_primitive_opt::<Int32Type>() else { return Err(array.data_type().clone()) };
                let ids = (0..rows).map(|row| if keys.is_null(row) { missing } else { keys.value(row) as u32 }).collect();
                Self { distinct, ids }
            }
            DataType::Date32 => {
                let days = array.as_primitive::<Date32Type>();
                by_day(rows, |row| (!days.is_null(row)).then(|| i64::from(days.value(row))))
            }
            DataType::Date64 => {
                let days = array.as_primitive::<Date64Type>();
                by_day(rows, |row| (!days.is_null(row)).then(|| days.value(row).div_euclid(86_400_000)))
            }
            DataType::Timestamp(unit, _) => {
                let a_day = match unit {
                    TimeUnit::Second => 86_400,
                    TimeUnit::Millisecond => 86_400_000,
                    TimeUnit::Microsecond => 86_400_000_000,
                    TimeUnit::Nanosecond => 86_400_000_000_000,
                };
                let times = array.to_data();
                let times = times.buffer::<i64>(0).to_vec();
                by_day(rows, |row| (!array.is_null(row)).then(|| times.get(row).copied().unwrap_or_default().div_euclid(a_day)))
            }
            DataType::Boolean => {
                let values = array.as_boolean();
                numbered(&|row| if values.value(row) { "TRUE" } else { "FALSE" }.to_owned())
            }
            DataType::Null => Self { distinct: vec![Cow::Borrowed("")], ids: vec![0; rows] },
            DataType::Float64 => {
                let values = array.as_primitive::<arrow_array::types::Float64Type>();
                numbered(&|row| values.value(row).to_string())
            }
            DataType::Int64 => {
                let values = array.as_primitive::<arrow_array::types::Int64Type>();
                numbered(&|row| values.value(row).to_string())
            }
            DataType::Int32 => {
                let values = array.as_primitive::<Int32Type>();
                numbered(&|row| values.value(row).to_string())
            }
            DataType::Int16 => {
                let values = array.as_primitive::<arrow_array::types::Int16Type>();
                numbered(&|row| values.value(row).to_string())
            }
            other => return Err(other.clone()),
        })
    }
}

/// Days counted from 1970-01-01.
fn by_day<'a>(rows: usize, day: impl Fn(usize) -> Option<i64>) -> Cells<'a> {
    let mut known: rustc_hash::FxHashMap<Option<i64>, u32> = rustc_hash::FxHashMap::default();
    let mut distinct = Vec::new();
    let ids = (0..rows).map(|row| {
        let next = known.len() as u32;
        *known.entry(day(row)).or_insert_with_key(|days| {
            let epoch = jiff::civil::Date::constant(1970, 1, 1);
            let text =
                days.and_then(|d| epoch.checked_add(jiff::Span::new().try_days(d).ok()?).ok()).map_or_else(String::new, |d| d.to_string());
            distinct.push(Cow::Owned(text));
            next
        })
    });
    let ids = ids.collect();
    Cells { distinct, ids }
}
