//! Parquet files, flat and of any types, a batch of rows at a time; each distinct text of a batch is looked at once.

use super::read::NO_HEADER;
use super::table::Table;
use jiff::Span;
use jiff::civil::Date;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::hash::Hash;
use std::path::Path;

/// Rows that are read of all columns before the next ones.
const BATCH: usize = 32_768;

pub(crate) fn read(path: &Path, table: &mut Table, tick: &mut impl FnMut(usize) -> bool) -> Result<(), String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    let wrong = |e: ParquetError| format!("is no Parquet file that can be read: {e}");
    let file = SerializedFileReader::new(file).map_err(wrong)?;
    let columns = file.metadata().file_metadata().schema_descr().columns();
    let header: Vec<String> = columns.iter().map(|c| c.path().string()).collect();
    let Some(layout) = table.layout(&header, None) else { return Err(NO_HEADER.to_owned()) };
    let meanings: Vec<(Meaning, i16)> = columns
        .iter()
        .map(|column| {
            let meaning = Meaning::of(column).ok_or_else(|| {
                let of = column.logical_type_ref().map_or_else(|| column.physical_type().to_string(), |l| format!("{l:?}"));
                format!("column `{}` has the type {of}; texts, numbers, days and booleans are read, one a row", column.path())
            })?;
            Ok((meaning, column.max_def_level()))
        })
        .collect::<Result<_, String>>()?;
    let mut line = 0;
    for group in 0..file.num_row_groups() {
        let broken = |e: ParquetError, line: u32| format!("row {} and after cannot be read: {e}", line + 1);
        let group = file.get_row_group(group).map_err(|e| broken(e, line))?;
        let mut readers: Vec<ColumnReader> =
            (0..group.num_columns()).map(|at| group.get_column_reader(at)).collect::<Result<_, _>>().map_err(|e| broken(e, line))?;
        loop {
            let cells: Vec<Cells> = readers
                .iter_mut()
                .zip(&meanings)
                .map(|(reader, (meaning, most))| cells(reader, *meaning, *most))
                .collect::<Result<_, _>>()
                .map_err(|e| broken(e, line))?;
            let rows = cells.first().map_or(0, |c| c.ids.len());
            if cells.iter().any(|c| c.ids.len() != rows) {
                return Err(format!("its columns have different numbers of rows after row {line}; the file is damaged"));
            }
            if rows == 0 {
                break;
            }
            let columns: Vec<(&[String], &[u32])> = cells.iter().map(|c| (c.distinct.as_slice(), c.ids.as_slice())).collect();
            table.push_coded(&layout, &columns, rows, line + 1);
            line += rows as u32;
            if !tick(table.rows()) {
                return Err("interrupted while reading; nothing was decided yet".to_owned());
            }
        }
    }
    Ok(())
}

/// What the values of a column stand for.
#[derive(Clone, Copy)]
enum Meaning {
    /// Themselves: texts, numbers, booleans.
    Itself,
    /// Days since 1970-01-01.
    Days,
    /// A time, of which so many are a day.
    Times(i64),
}

impl Meaning {
    /// `None` for what a release has no use of: lists, decimals, times of day, binary values.
    fn of(column: &ColumnDescriptor) -> Option<Self> {
        if column.max_rep_level() > 0 {
            return None;
        }
        let (millis, micros, nanos) = (86_400_000, 86_400_000_000, 86_400_000_000_000);
        match (column.logical_type_ref(), column.converted_type()) {
            (Some(LogicalType::Date), _) | (None, ConvertedType::DATE) => Some(Self::Days),
            (Some(LogicalType::Timestamp(of)), _) => Some(Self::Times(match of.unit {
                TimeUnit::MILLIS => millis,
                TimeUnit::MICROS => micros,
                TimeUnit::NANOS => nanos,
            })),
            (None, ConvertedType::TIMESTAMP_MILLIS) => Some(Self::Times(millis)),
            (None, ConvertedType::TIMESTAMP_MICROS) => Some(Self::Times(micros)),
            // What Arrow calls a null column.
            (Some(LogicalType::Unknown | LogicalType::String | LogicalType::Enum | LogicalType::Json | LogicalType::Integer(_)), _) => {
                Some(Self::Itself)
            }
            (Some(_), _) | (None, ConvertedType::DECIMAL | ConvertedType::TIME_MILLIS | ConvertedType::TIME_MICROS) => None,
            (None, _) => match column.physical_type() {
                Type::INT96 => Some(Self::Times(millis)),
                Type::FIXED_LEN_BYTE_ARRAY => None,
                _ => Some(Self::Itself),
            },
        }
    }

    /// The text of a whole number.
    fn text(self, value: i64) -> String {
        let days = match self {
            Self::Itself => return value.to_string(),
            Self::Days => value,
            Self::Times(a_day) => value.div_euclid(a_day),
        };
        let day = Span::new().try_days(days).and_then(|span| Date::constant(1970, 1, 1).checked_add(span));
        day.map_or_else(|_| value.to_string(), |day| day.to_string())
    }
}

/// The cells of one column of a batch: its distinct texts and for each row which one it is.
struct Cells {
    distinct: Vec<String>,
    ids: Vec<u32>,
}

fn cells(reader: &mut ColumnReader, meaning: Meaning, most: i16) -> Result<Cells, ParquetError> {
    let whole = |value: i64| Ok(meaning.text(value));
    match reader {
        ColumnReader::BoolColumnReader(r) => Batch::next(r, most)?.cells(|v| *v, |v| Ok(if v { "TRUE" } else { "FALSE" }.to_owned())),
        ColumnReader::Int32ColumnReader(r) => Batch::next(r, most)?.cells(|v| i64::from(*v), whole),
        ColumnReader::Int64ColumnReader(r) => Batch::next(r, most)?.cells(|v| *v, whole),
        ColumnReader::Int96ColumnReader(r) => Batch::next(r, most)?.cells(|v| v.to_millis(), whole),
        ColumnReader::FloatColumnReader(r) => Batch::next(r, most)?.cells(|v| v.to_bits(), |v| Ok(f32::from_bits(v).to_string())),
        ColumnReader::DoubleColumnReader(r) => Batch::next(r, most)?.cells(|v| v.to_bits(), |v| Ok(f64::from_bits(v).to_string())),
        ColumnReader::ByteArrayColumnReader(r) => Batch::next(r, most)?.cells(|v| v.data(), text),
        ColumnReader::FixedLenByteArrayColumnReader(r) => Batch::next(r, most)?.cells(|v| v.data(), text),
    }
}

fn text(bytes: &[u8]) -> Result<String, ParquetError> {
    let text = std::str::from_utf8(bytes).map_err(|e| ParquetError::General(format!("a text is not UTF-8: {e}")))?;
    Ok(text.to_owned())
}

/// The next values of a column, and which rows have one.
struct Batch<V> {
    values: Vec<V>,
    /// Empty where every row has a value.
    filled: Vec<bool>,
}

impl<V> Batch<V> {
    /// A row whose definition level is less than `most` has no value.
    fn next<T: DataType<T = V>>(reader: &mut ColumnReaderImpl<T>, most: i16) -> Result<Self, ParquetError> {
        let (mut values, mut levels) = (Vec::with_capacity(BATCH), Vec::new());
        reader.read_records(BATCH, Some(&mut levels), None, &mut values)?;
        Ok(Self { values, filled: levels.iter().map(|level| *level == most).collect() })
    }

    /// `key` tells values apart; `text` is asked once for each.
    fn cells<'v, K: Hash + Eq + Copy>(
        &'v self,
        key: impl Fn(&'v V) -> K,
        text: impl Fn(K) -> Result<String, ParquetError>,
    ) -> Result<Cells, ParquetError> {
        let mut known: FxHashMap<K, u32> = FxHashMap::default();
        // The first text is that of a row without a value.
        let mut distinct = vec![String::new()];
        let mut id = |value: &'v V| {
            let key = key(value);
            Ok(match known.entry(key) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(new) => {
                    let next = distinct.len() as u32;
                    distinct.push(text(key)?);
                    *new.insert(next)
                }
            })
        };
        let ids = if self.filled.is_empty() {
            self.values.iter().map(id).collect::<Result<_, ParquetError>>()?
        } else {
            let mut values = self.values.iter();
            self.filled.iter().map(|filled| if *filled { values.next().map_or(Ok(0), &mut id) } else { Ok(0) }).collect::<Result<_, _>>()?
        };
        Ok(Cells { distinct, ids })
    }
}
