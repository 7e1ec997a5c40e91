//! Delimited text: comma or tab, with or without rows above the header.

use super::read::{NO_HEADER, note_preamble};
use super::table::Table;
use crate::table::{MOST_BREAKS, UNCLOSED, opened_and_not_closed};
use csv::ByteRecord;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::mpsc;

/// Rows that go from the thread that reads to the one that keeps them at once.
const BATCH: usize = 2048;

/// Bytes of such rows at most, so that long rows do not fill the memory.
const BATCH_BYTES: usize = 1 << 20;

/// Bytes of one row at most.
const ROW: u64 = 4 << 20;

/// Ends the reading within a row that is too long, before it is held in memory.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(to.len());
        if most == 0 && !to.is_empty() {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        let read = self.inner.read(to.get_mut(..most).unwrap_or_default())?;
        self.left -= read as u64;
        Ok(read)
    }
}

/// The rows of a file, each looked at before it is given on.
struct Records {
    file: File,
    reader: csv::Reader<Bounded<BufReader<File>>>,
    delimiter: u8,
    /// Where the last row began: byte and line.
    last: (u64, u64),
}

impl Records {
    fn read(&mut self, record: &mut ByteRecord) -> Result<bool, String> {
        self.reader.get_mut().left = ROW;
        let more = self.reader.read_byte_record(record);
        let (byte, line) = record.position().map_or((0, 1), |p| (p.byte(), p.line()));
        match more {
            Ok(true) => {
                self.last = (byte, line);
                let swallowed = |cell: &[u8]| memchr::memchr_iter(b'\n', cell).count() as u64 > MOST_BREAKS;
                if self.reader.position().line() - line > MOST_BREAKS && record.iter().any(swallowed) {
                    return Err(format!("line {line}: {UNCLOSED}"));
                }
                Ok(true)
            }
            Ok(false) => self.is_closed().map(|()| false),
            Err(error) => Err(match error.kind() {
                csv::ErrorKind::Io(e) if e.kind() == std::io::ErrorKind::FileTooLarge => {
                    format!("line {line}: this row has more than {} MiB; is a quote left open in it?", ROW >> 20)
                }
                _ => format!("line {line} and after cannot be read: {error}"),
            }),
        }
    }

    /// Whether the last row ends with its quotes closed: the reader ends an open one at the end of the file without a word, and rows are swallowed.
    fn is_closed(&mut self) -> Result<(), String> {
        let (from, line) = self.last;
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(from)).map_err(|e| e.to_string())?;
        self.file.by_ref().take(ROW * 2).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
        // A mark at the start of the file is not of the first cell.
        let mark: &[u8] = if from == 0 { &[0xef, 0xbb, 0xbf] } else { &[] };
        let bytes = bytes.strip_prefix(mark).unwrap_or(&bytes);
        match opened_and_not_closed(bytes, self.delimiter) {
            Some((below, cell)) => Err(format!("line {}, column {}: {UNCLOSED}", line + below, cell + 1)),
            None => Ok(()),
        }
    }
}

pub(crate) fn read(path: &Path, table: &mut Table, tick: &mut impl FnMut(usize) -> bool) -> Result<(), String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    let mut input = BufReader::with_capacity(1 << 20, file);
    let start = input.fill_buf().map_err(|e| e.to_string())?;
    // Some releases are called .csv and are delimited by tabs.
    let count = |b: u8| start.iter().take(16_384).filter(|c| **c == b).count();
    let delimiter = [b',', b'\t', b';', b'|'].into_iter().max_by_key(|d| count(*d)).unwrap_or(b',');
    let input = Bounded { inner: input, left: ROW };
    let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(input);
    let file = File::open(path).map_err(|e| e.to_string())?;
    let mut records = Records { file, reader, delimiter, last: (0, 1) };

    let mut layout = None;
    let mut width = 0;
    let mut record = ByteRecord::new();
    for _ in 0..40 {
        if !records.read(&mut record)? {
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
            let (mut batch, mut bytes) = (Vec::with_capacity(BATCH), 0);
            loop {
                let mut record = ByteRecord::new();
                match records.read(&mut record) {
                    Ok(true) => {
                        let line = record.position().map_or(0, |p| p.line() as u32);
                        bytes += record.as_slice().len() + record.len() * size_of::<usize>();
                        batch.push((line, record));
                        if batch.len() == BATCH || bytes > BATCH_BYTES {
                            bytes = 0;
                            if send.send(Ok(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)))).is_err() {
                                return;
                            }
                        }
                    }
                    Ok(false) => {
                        let _ = send.send(Ok(batch));
                        return;
                    }
                    Err(error) => {
                        let _ = send.send(Err(error));
                        return;
                    }
                }
            }
        });
        let mut odd = 0usize;
        // Taken along, so that the thread that sends ends too when this one ends early.
        for batch in receive {
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
