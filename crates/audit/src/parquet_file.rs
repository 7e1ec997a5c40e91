//! What all Parquet files of this project have in common: the day from which days are counted, how they are packed, a column at a time.

use jiff::civil::Date;
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use std::io::Write;
use std::sync::Arc;

/// The day 0 of Parquet's dates.
pub const EPOCH: Date = Date::constant(1970, 1, 1);

/// Begins a file of the columns that are declared, such as `required int32 row (INTEGER(32, false)); optional binary name (STRING);`, compressed with zstd.
///
/// # Errors
/// When the declaration does not read, or nothing can be written.
pub fn begin<W: Write + Send>(columns: &str, to: W) -> Result<SerializedFileWriter<W>, ParquetError> {
    let schema = parse_message_type(&format!("message rows {{ {columns} }}"))?;
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
    SerializedFileWriter::new(to, Arc::new(schema), Arc::new(properties))
}

/// Writes the next column of a group: its values, and of an optional one for each row 1 where it has a value and 0 where not.
///
/// # Errors
/// When the schema has no such column, or it cannot be written.
pub fn column<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    filled: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else { return Err(ParquetError::General("a column more than the schema has".to_owned())) };
    column.typed::<T>().write_batch(values, filled, None)?;
    column.close()
}
