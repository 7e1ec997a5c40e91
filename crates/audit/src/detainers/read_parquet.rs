//! Parquet files, flat and of any types, a batch of rows at a time; each distinct text of a batch is looked at once.

use super::read::NO_HEADER;
use super::table::Table;
use crate::parquet_file::EPOCH;
use jiff::Span;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::hash::Hash;
use std::path::Path;

/// Rows that are read of all columns before the next ones.
const BATCH: usize = 32_768;

/// Rows of a file at most: ten times those of the largest release.
const MOST_ROWS: u64 = 20_000_000;

/// Bytes of a file at most, before they were packed.
const MOST_BYTES: u64 = 8 << 30;

/// Columns of a file at most.
const MOST_COLUMNS: usize = 1_000;

/// Cells that are kept of a file at most, four bytes each: packed, a cell that comes again costs nothing.
const MOST_CELLS: u64 = 250_000_000;

/// Bytes of a batch, as far as the file tells the length of its rows.
const BATCH_BYTES: u64 = 64 << 20;

pub(crate) fn read(path: &Path, table: &mut Table, tick: &mut impl FnMut(usize) -> bool) -> Result<(), String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    let wrong = |e: ParquetError| format!("is no Parquet file that can be read: {e}");
    let file = SerializedFileReader::new(file).map_err(wrong)?;
    let rows = fits(file.metadata())?;
    let columns = file.metadata().file_metadata().schema_descr().columns();
    let header: Vec<String> = columns.iter().map(|c| c.path().string()).collect();
    let Some(layout) = table.layout(&header, None) else { return Err(NO_HEADER.to_owned()) };
    // What nothing is kept of is not read.
    let used: Vec<usize> = (0..columns.len()).filter(|at| layout.uses(*at)).collect();
    few_cells(rows, used.len())?;
    let meanings: Vec<(Meaning, i16)> = used
        .iter()
        .filter_map(|at| columns.get(*at))
        .map(|column| {
            let meaning = Meaning::of(column).ok_or_else(|| {
                let of = column.logical_type_ref().map_or_else(|| column.physical_type().to_string(), |l| format!("{l:?}"));
                format!("column `{}` has the type {of}; texts, numbers, days and booleans are read, one a row", column.path().string())
            })?;
            Ok((meaning, column.max_def_level()))
        })
        .collect::<Result<_, String>>()?;
    let mut line = 0;
    for group in 0..file.num_row_groups() {
        let broken = |e: ParquetError, line: u32| format!("row {} and after cannot be read: {e}", line + 1);
        let group = file.get_row_group(group).map_err(|e| broken(e, line))?;
        let batch = batch_of(group.metadata());
        let mut readers: Vec<ColumnReader> =
            used.iter().map(|at| group.get_column_reader(*at)).collect::<Result<_, _>>().map_err(|e| broken(e, line))?;
        loop {
            let cells: Vec<Cells> = readers
                .iter_mut()
                .zip(&meanings)
                .map(|(reader, (meaning, most))| cells(reader, *meaning, *most, batch))
                .collect::<Result<_, _>>()
                .map_err(|e| broken(e, line))?;
            let rows = cells.first().map_or(0, |c| c.ids.len());
            if cells.iter().any(|c| c.ids.len() != rows) {
                return Err(format!("its columns have different numbers of rows after row {line}; the file is damaged"));
            }
            if rows == 0 {
                break;
            }
            let mut columns: Vec<(&[String], &[u32])> = vec![(&[], &[]); header.len()];
            for (at, cells) in used.iter().zip(&cells) {
                if let Some(column) = columns.get_mut(*at) {
                    *column = (&cells.distinct, &cells.ids);
                }
            }
            table.push_coded(&layout, &columns, rows, line + 1);
            line += rows as u32;
            if !tick(table.rows()) {
                return Err("interrupted while reading; nothing was decided yet".to_owned());
            }
        }
    }
    Ok(())
}

fn few_cells(rows: u64, columns: usize) -> Result<(), String> {
    if rows.saturating_mul(columns as u64) > MOST_CELLS {
        return Err(format!("has {rows} rows of {columns} columns, and more than {MOST_CELLS} cells are not read at once; split it"));
    }
    Ok(())
}

/// Refuses what its own account says to be too much, before any of it is read. Gives how many rows it says to have.
fn fits(meta: &ParquetMetaData) -> Result<u64, String> {
    let of = |n: i64| u64::try_from(n).unwrap_or_default();
    let groups = meta.row_groups();
    let rows: u64 = groups.iter().fold(of(meta.file_metadata().num_rows()), |n, g| n.max(of(g.num_rows())));
    let rows = rows.max(groups.iter().fold(0, |n, g| n.saturating_add(of(g.num_rows()))));
    let bytes = groups.iter().flat_map(|g| g.columns()).fold(0u64, |n, c| n.saturating_add(of(c.uncompressed_size())));
    let bytes = bytes.max(groups.iter().fold(0, |n, g| n.saturating_add(of(g.total_byte_size()))));
    let columns = meta.file_metadata().schema_descr().num_columns();
    if rows > MOST_ROWS {
        return Err(format!("has {rows} rows, and more than {MOST_ROWS} are not read at once; split it"));
    }
    if bytes > MOST_BYTES {
        return Err(format!("unpacked it has {} MiB, and more than {} MiB are not read at once; split it", bytes >> 20, MOST_BYTES >> 20));
    }
    if columns > MOST_COLUMNS {
        return Err(format!("has {columns} columns, and more than {MOST_COLUMNS} are not read; leave out those that are no release's"));
    }
    Ok(rows)
}

/// How many rows are read at once: fewer where rows are long.
fn batch_of(group: &RowGroupMetaData) -> usize {
    let bytes = group.columns().iter().fold(0u64, |n, c| n.saturating_add(u64::try_from(c.uncompressed_size()).unwrap_or_default()));
    let a_row = bytes / u64::try_from(group.num_rows()).unwrap_or_default().max(1);
    usize::try_from(BATCH_BYTES / a_row.max(1)).unwrap_or(BATCH).clamp(1, BATCH)
}

/// What the values of a column stand for.
#[derive(Clone, Copy)]
enum Meaning {
    /// Themselves: texts, numbers, booleans.
    Itself,
    /// Numbers without a sign, of so many bits, which Parquet keeps in those of signed ones.
    Unsigned(u32),
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
            (Some(LogicalType::Integer(of)), _) if !of.is_signed => {
                Some(Self::Unsigned(if column.physical_type() == Type::INT64 { 64 } else { 32 }))
            }
            (None, ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32) => Some(Self::Unsigned(32)),
            (None, ConvertedType::UINT_64) => Some(Self::Unsigned(64)),
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
            Self::Unsigned(bits) => return (value.cast_unsigned() & (u64::MAX >> (64 - bits))).to_string(),
            Self::Days => value,
            Self::Times(a_day) => value.div_euclid(a_day),
        };
        let day = Span::new().try_days(days).and_then(|span| EPOCH.checked_add(span));
        day.map_or_else(|_| value.to_string(), |day| day.to_string())
    }
}

/// The cells of one column of a batch: its distinct texts and for each row which one it is.
struct Cells {
    distinct: Vec<String>,
    ids: Vec<u32>,
}

fn cells(reader: &mut ColumnReader, meaning: Meaning, most: i16, batch: usize) -> Result<Cells, ParquetError> {
    let whole = |value: i64| Ok(meaning.text(value));
    match reader {
        ColumnReader::BoolColumnReader(r) => {
            Batch::next(r, most, batch)?.cells(|v| *v, |v| Ok(if v { "TRUE" } else { "FALSE" }.to_owned()))
        }
        ColumnReader::Int32ColumnReader(r) => Batch::next(r, most, batch)?.cells(|v| i64::from(*v), whole),
        ColumnReader::Int64ColumnReader(r) => Batch::next(r, most, batch)?.cells(|v| *v, whole),
        ColumnReader::Int96ColumnReader(r) => Batch::next(r, most, batch)?.cells(|v| v.to_millis(), whole),
        ColumnReader::FloatColumnReader(r) => Batch::next(r, most, batch)?.cells(|v| v.to_bits(), |v| Ok(f32::from_bits(v).to_string())),
        ColumnReader::DoubleColumnReader(r) => Batch::next(r, most, batch)?.cells(|v| v.to_bits(), |v| Ok(f64::from_bits(v).to_string())),
        ColumnReader::ByteArrayColumnReader(r) => Batch::next(r, most, batch)?.cells(|v| v.data(), text),
        ColumnReader::FixedLenByteArrayColumnReader(r) => Batch::next(r, most, batch)?.cells(|v| v.data(), text),
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
    fn next<T: DataType<T = V>>(reader: &mut ColumnReaderImpl<T>, most: i16, batch: usize) -> Result<Self, ParquetError> {
        let (mut values, mut levels) = (Vec::with_capacity(batch), Vec::new());
        reader.read_records(batch, Some(&mut levels), None, &mut values)?;
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "test code: a surprise is a failure")]

    use super::*;
    use parquet::file::metadata::FileMetaData;
    use parquet::schema::parser::parse_message_type;
    use parquet::schema::types::SchemaDescriptor;
    use std::sync::Arc;

    /// What is said of a file whose account has a group of so many rows and bytes.
    fn said(rows: i64, bytes: i64) -> Result<u64, String> {
        let schema = Arc::new(SchemaDescriptor::new(Arc::new(parse_message_type("message m {}").unwrap())));
        let group = RowGroupMetaData::builder(schema.clone()).set_num_rows(rows).set_total_byte_size(bytes).build().unwrap();
        fits(&ParquetMetaData::new(FileMetaData::new(2, rows, None, None, schema, None), vec![group]))
    }

    #[test]
    fn what_is_too_much_is_refused_by_its_own_account() {
        assert_eq!(said(2_000_000, 1 << 30), Ok(2_000_000));
        assert_eq!(few_cells(2_000_000, 60), Ok(()));
        assert!(few_cells(20_000_000, 60).unwrap_err().contains("20000000 rows of 60 columns"));
        assert!(said(20_000_001, 0).unwrap_err().contains("more than 20000000 are not read"));
        assert!(said(1, 9 << 30).unwrap_err().contains("unpacked it has 9216 MiB"));
        assert_eq!(said(-1, -1), Ok(0));
    }
}
