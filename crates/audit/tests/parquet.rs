//! Parquet in and out: the same release in other types is the same table, and the rows written as Parquet are those written as CSV.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

use arrow_array::cast::AsArray;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, LargeStringArray, RecordBatch, StringArray,
    TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray, UInt32Array,
};
use comity_audit::detainers::{Checkpoint, Field, Options, Places, Replay, RowsOut, check, read, write_csv, write_parquet};
use comity_law::Law;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::path::PathBuf;
use std::sync::Arc;

fn release() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/ice-detainers-synthetic-200.csv")
}

fn temporary(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("comity-{}-{name}", std::process::id()))
}

/// The release as Parquet: days as dates, missing cells as nulls, the rest as texts.
fn as_parquet() -> PathBuf {
    let mut reader = csv::Reader::from_path(release()).unwrap();
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let epoch = jiff::civil::Date::constant(1970, 1, 1);
    let columns = header.iter().enumerate().map(|(at, name)| {
        let cells = rows.iter().map(|row| (row[at] != *"NA").then(|| row[at].to_owned()));
        let array: ArrayRef = if name.ends_with("_date") {
            let days = cells.map(|c| c.map(|c| (c.parse::<jiff::civil::Date>().unwrap() - epoch).get_days()));
            Arc::new(days.collect::<Date32Array>())
        } else {
            Arc::new(cells.collect::<StringArray>())
        };
        (name.clone(), array)
    });
    written("in.parquet", columns)
}

fn written(name: &str, columns: impl IntoIterator<Item = (impl AsRef<str>, ArrayRef)>) -> PathBuf {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let path = temporary(name);
    let mut writer = ArrowWriter::try_new(std::fs::File::create(&path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    path
}

#[test]
fn days_and_numbers_in_any_type() {
    let noon = 20_014 * 86_400 + 43_200;
    let columns: [(&str, ArrayRef); 9] = [
        ("Detainer Prepare Date", Arc::new(TimestampMicrosecondArray::from(vec![Some(noon * 1_000_000), None]))),
        ("Entry Date", Arc::new(TimestampMillisecondArray::from(vec![Some(-1), Some(0)]))),
        ("Departed Date", Arc::new(TimestampNanosecondArray::from(vec![None, Some(noon * 1_000_000_000)]))),
        ("Facility State", Arc::new(LargeStringArray::from(vec![Some("TEXAS"), None]))),
        ("Detainer Facility", Arc::new(StringArray::from(vec!["A", "A"]))),
        ("Final Order Yes No", Arc::new(BooleanArray::from(vec![Some(true), None]))),
        ("MSC Sentence Years", Arc::new(Float64Array::from(vec![Some(2.0), None]))),
        ("MSC Sentence Days", Arc::new(Int64Array::from(vec![None, Some(30)]))),
        ("row_original", Arc::new(UInt32Array::from(vec![u32::MAX, 7]))),
    ];
    let path = written("types.parquet", columns);
    let table = read(&[&path], |_| true).unwrap();
    std::fs::remove_file(path).unwrap();
    let cells = |row| {
        [Field::Prepared, Field::Entered, Field::Departed, Field::State, Field::FinalOrder, Field::SentenceYears, Field::SentenceDays]
            .map(|f| table.text(f, row))
    };
    assert_eq!(cells(0), ["2024-10-18", "1969-12-31", "", "TEXAS", "TRUE", "2", ""]);
    assert_eq!(cells(1), ["", "1970-01-01", "2024-10-18", "", "", "", "30"]);
    assert_eq!([table.number(0), table.number(1)], [u32::MAX, 7]);
}

#[test]
fn a_type_without_use_is_refused_by_name() {
    let columns: [(&str, ArrayRef); 3] = [
        ("detainer_prepare_date", Arc::new(StringArray::from(vec!["2024-10-18"]))),
        ("state", Arc::new(StringArray::from(vec!["TEXAS"]))),
        ("facility", Arc::new(Decimal128Array::from(vec![1]))),
    ];
    let path = written("decimal.parquet", columns);
    let message = read(&[&path], |_| true).unwrap_err().to_string();
    std::fs::remove_file(path).unwrap();
    assert!(message.contains("column `facility` has the type") && message.contains("Decimal"), "{message}");
}

#[test]
fn columns_without_use_are_not_read_and_too_many_are_refused() {
    let day: ArrayRef = Arc::new(StringArray::from(vec!["2024-10-18"]));
    let mut columns: Vec<(String, ArrayRef)> =
        ["detainer_prepare_date", "state", "facility"].iter().map(|name| ((*name).to_owned(), day.clone())).collect();
    columns.insert(0, ("duplicate_likely".to_owned(), Arc::new(Decimal128Array::from(vec![1]))));
    let path = written("unused.parquet", columns.clone());
    let table = read(&[&path], |_| true).unwrap();
    std::fs::remove_file(path).unwrap();
    assert_eq!((table.rows(), table.text(Field::Prepared, 0), table.text(Field::State, 0)), (1, "2024-10-18", "2024-10-18"));
    columns.extend((0..1_000).map(|n| (format!("more {n}"), day.clone())));
    let path = written("wide.parquet", columns);
    let message = read(&[&path], |_| true).unwrap_err().to_string();
    std::fs::remove_file(path).unwrap();
    assert!(message.contains("has 1004 columns, and more than 1000 are not read"), "{message}");
}

#[test]
fn a_damaged_file_never_panics() {
    let path = as_parquet();
    let whole = std::fs::read(&path).unwrap();
    let damaged = temporary("damaged.parquet");
    for at in (0..whole.len()).step_by(whole.len() / 400).chain(whole.len() - 200..whole.len()) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x5a;
        std::fs::write(&damaged, &bytes).unwrap();
        // A changed byte of a text is a changed text: what is read or refused is not said here, only that it is one of both.
        let _either = read(&[&damaged], |_| true);
        std::fs::write(&damaged, &whole[..at]).unwrap();
        assert!(read(&[&damaged], |_| true).is_err(), "cut at {at}");
    }
    std::fs::remove_file(damaged).unwrap();
    std::fs::remove_file(path).unwrap();
}

#[test]
fn parquet_gives_the_same_table_as_csv() {
    let path = as_parquet();
    let one = read(&[&path], |_| true).unwrap();
    let other = read(&[release()], |_| true).unwrap();
    assert_eq!(one.rows(), other.rows());
    for row in 0..one.rows() {
        for field in Field::ALL {
            assert_eq!(one.text(field, row), other.text(field, row), "row {row}, {field:?}");
        }
    }
    assert_eq!(one.fingerprint(), other.fingerprint());
    assert_eq!(check(&one, &Places::of(&one), None), check(&other, &Places::of(&other), None));
    std::fs::remove_file(path).unwrap();
}

#[test]
fn rows_as_parquet_are_those_as_csv() {
    let law = Law::builtin().unwrap();
    let table = read(&[release()], |_| true).unwrap();
    let places = Places::of(&table);
    let defects = check(&table, &places, None);
    let actions = vec![law.action("hold").unwrap(), law.action("transfer").unwrap()];
    let options = Options::new(&law, actions);
    let mut replay = Replay::new(&law, &table, &places, &options);
    let decided = replay.run(&mut Checkpoint::default(), |_| true).unwrap();
    let names = ["hold".to_owned(), "transfer".to_owned()];
    let out = RowsOut { table: &table, places: &places, replay: &replay, decided: &decided, actions: &names, defects: &defects };
    let mut text = Vec::new();
    write_csv(&out, &mut text).unwrap();
    let path = temporary("out.parquet");
    write_parquet(&out, std::fs::File::create(&path).unwrap()).unwrap();

    let mut reader = csv::Reader::from_reader(text.as_slice());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 400);
    assert_eq!(
        rows.iter().filter(|r| r[6].starts_with("not-decided:")).count(),
        2 * (200 - rows.iter().filter(|r| !r[6].starts_with("not-decided:")).count() / 2)
    );
    let mut at = 0;
    for batch in ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(&path).unwrap()).unwrap().build().unwrap() {
        let batch = batch.unwrap();
        for row in 0..batch.num_rows() {
            for (column, array) in batch.columns().iter().enumerate() {
                let cell = match column {
                    0 => array.as_primitive::<arrow_array::types::UInt32Type>().value(row).to_string(),
                    _ => array.as_string::<i32>().value(row).to_owned(),
                };
                assert_eq!(cell, rows[at][column], "row {at}, column {column}");
            }
            at += 1;
        }
    }
    assert_eq!(at, rows.len());
    std::fs::remove_file(path).unwrap();
}
