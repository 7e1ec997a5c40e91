//! The tables of the dataset as Parquet: those of the CSV export, typed.

use comity_audit::parquet_file::{EPOCH, begin, column};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedRowGroupWriter;

/// A table as CSV with a header becomes Parquet: days as dates, what is 0 or 1 as booleans, the rest as texts; an empty cell as null.
///
/// # Errors
/// When a cell is not of its column's type, which would be a mistake of this program.
pub(super) fn of_csv(csv: &str) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers()?.clone();
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>()?;
    let columns: String = header.iter().map(|name| format!("optional {}; ", Kind::of(name).declared(name))).collect();
    let mut bytes = Vec::new();
    let mut writer = begin(&columns, &mut bytes)?;
    let mut group = writer.next_row_group()?;
    for (at, name) in header.iter().enumerate() {
        let cells = rows.iter().map(|row| row.get(at).unwrap_or_default());
        match Kind::of(name) {
            Kind::Day => write::<Int32Type>(&mut group, cells, |cell| {
                let day: jiff::civil::Date = cell.parse().ok()?;
                Some((day - EPOCH).get_days())
            })?,
            Kind::Flag => write::<BoolType>(&mut group, cells, |cell| match cell {
                "0" => Some(false),
                "1" => Some(true),
                _ => None,
            })?,
            Kind::Text => write::<ByteArrayType>(&mut group, cells, |cell| Some(ByteArray::from(cell)))?,
        }
    }
    group.close()?;
    writer.close()?;
    Ok(bytes)
}

/// What the cells of a column are.
#[derive(Clone, Copy)]
enum Kind {
    Day,
    Flag,
    Text,
}

impl Kind {
    fn of(column: &str) -> Self {
        match column {
            "valid_from" | "valid_to" | "checked_on" => Self::Day,
            "proved" => Self::Flag,
            _ if column.starts_with("can_") => Self::Flag,
            _ => Self::Text,
        }
    }

    fn declared(self, name: &str) -> String {
        match self {
            Self::Day => format!("int32 {name} (DATE)"),
            Self::Flag => format!("boolean {name}"),
            Self::Text => format!("binary {name} (STRING)"),
        }
    }
}

fn write<'c, T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, &mut Vec<u8>>,
    cells: impl Iterator<Item = &'c str>,
    value: impl Fn(&str) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    for cell in cells {
        levels.push(i16::from(!cell.is_empty()));
        if !cell.is_empty() {
            values.push(value(cell).ok_or_else(|| ParquetError::General(format!("`{cell}` is not of its column's type")))?);
        }
    }
    column::<T, _>(group, &values, Some(&levels))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use super::of_csv;
    use parquet::file::reader::{FileReader, SerializedFileReader};

    #[test]
    fn the_file_says_what_the_table_says() {
        let csv = "row_id,valid_from,valid_to,can_require,title\na,2018-01-04,,1,\"Act, amended\"\nb,1791-12-15,1969-12-31,0,\n";
        let file = SerializedFileReader::new(bytes::Bytes::from(of_csv(csv).unwrap())).unwrap();
        let rows: Vec<String> = file.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
        assert_eq!(
            rows,
            [
                "{row_id: \"a\", valid_from: 2018-01-04, valid_to: null, can_require: true, title: \"Act, amended\"}",
                "{row_id: \"b\", valid_from: 1791-12-15, valid_to: 1969-12-31, can_require: false, title: null}",
            ]
        );
        assert!(of_csv("valid_from\nsoon\n").unwrap_err().to_string().contains("soon"));
    }
}
