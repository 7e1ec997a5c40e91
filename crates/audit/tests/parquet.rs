//! Parquet in and out: the same release in other types is the same table, and the rows written as Parquet are those written as CSV.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, Date32Array, RecordBatch, StringArray};
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
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let path = temporary("in.parquet");
    let mut writer = ArrowWriter::try_new(std::fs::File::create(&path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    path
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
                    1 => array.as_string::<i32>().value(row).to_owned(),
                    _ => {
                        let coded = array.as_dictionary::<arrow_array::types::Int32Type>();
                        coded.values().as_string::<i32>().value(coded.keys().value(row) as usize).to_owned()
                    }
                };
                assert_eq!(cell, rows[at][column], "row {at}, column {column}");
            }
            at += 1;
        }
    }
    assert_eq!(at, rows.len());
    std::fs::remove_file(path).unwrap();
}
