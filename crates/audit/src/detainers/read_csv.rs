//! Delimited text: comma or tab, with or without rows above the header.

use super::read::{NO_HEADER, note_preamble};
use super::table::Table;
use csv::ByteRecord;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::mpsc;

/// Rows that go from the thread that reads to the one that keeps them at once.
const BATCH: usize = 2048;

pub(crate) fn read(path: &Path, table: &mut Table, tick: &mut impl FnMut(usize) -> bool) -> Result<(), String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    let mut input = BufReader::with_capacity(1 << 20, file);
    let start = input.fill_buf().map_err(|e| e.to_string())?;
    // Some releases are called .csv and are delimited by tabs.
    let count = |b: u8| start.iter().take(16_384).filter(|c| **c == b).count();
    let delimiter = [b',', b'\t', b';', b'|'].into_iter().max_by_key(|d| count(*d)).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(input);

    let mut layout = None;
    let mut width = 0;
    let mut record = ByteRecord::new();
    for _ in 0..40 {
        if !reader.read_byte_record(&mut record).map_err(|e| e.to_string())? {
            break;
        }
        let cells: Vec<String> = record.iter().map(|c| String::from_utf8_lossy(c).into_owned()).collect();
        layout = table.layout(&cells, None);
        if layout.is_some() {
            width = cells.len();
            break;
        }
        note_preamble(table, &cells);
    }
    let Some(layout) = layout else { return Err(NO_HEADER.to_owned()) };

    // One thread takes the file apart, this one keeps what is in it.
    let (send, receive) = mpsc::sync_channel::<Result<Vec<(u32, ByteRecord)>, String>>(8);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut batch = Vec::with_capacity(BATCH);
            loop {
                let mut record = ByteRecord::new();
                match reader.read_byte_record(&mut record) {
                    Ok(true) => {
                        let line = record.position().map_or(0, |p| p.line() as u32);
                        batch.push((line, record));
                        if batch.len() == BATCH && send.send(Ok(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)))).is_err() {
                            return;
                        }
                    }
                    Ok(false) => {
                        let _ = send.send(Ok(batch));
                        return;
                    }
                    Err(error) => {
                        let _ = send.send(Err(error.to_string()));
                        return;
                    }
                }
            }
        });
        let mut odd = 0usize;
        for batch in &receive {
            for (line, record) in batch? {
                if record.len() != width {
                    odd += 1;
                    if odd <= 20 {
                        let what = if record.len() < width { "the rest is taken as missing" } else { "the rest is not read" };
                        table.notes.push(format!(
                            "{}:{line}: the row has {} cells, the header {width}; {what}",
                            path.display(),
                            record.len()
                        ));
                    }
                }
                if let Ok(text) = std::str::from_utf8(record.as_slice()) {
                    // The record's cells are slices of one valid text.
                    let cells = (0..record.len()).map(|at| record.range(at).and_then(|r| text.get(r)).unwrap_or_default());
                    table.push(&layout, cells.chain(std::iter::repeat("")), line);
                } else {
                    let cells: Vec<String> = record.iter().map(|c| c.iter().map(|b| *b as char).collect()).collect();
                    table.push(&layout, cells.iter().map(String::as_str).chain(std::iter::repeat("")), line);
                }
            }
            if !tick(table.rows()) {
                return Err("interrupted while reading; nothing was decided yet".to_owned());
            }
        }
        if odd > 20 {
            table.notes.push(format!("{}: {} more rows have more or fewer cells than the header", path.display(), odd - 20));
        }
        Ok(())
    })
}
