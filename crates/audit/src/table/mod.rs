//! Tables as people send them: CSV in any dialect and encoding, Excel workbooks, JSON and JSON lines.
//!
//! Every cell keeps the line and the column it came from, so that whoever finds something wrong with it can say where. Nothing is mended in silence: what was
//! read otherwise than it stands is told in [`Table::notes`].

mod delimited;
mod error;
pub(crate) mod excel;
mod header;
mod json;
mod quote;
mod row;

pub use error::{Note, TableError};
pub use excel::sheets;
pub use header::{Header, key};
pub use row::{CellKind, Row};

pub(crate) use delimited::{MOST_BREAKS, UNCLOSED};
pub(crate) use quote::opened_and_not_closed;

use delimited::Delimited;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// How much of a table is read at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file that is read row by row.
    pub bytes: u64,
    /// Bytes of a file that has to be held in memory: Excel and JSON. UTF-16 may have four times as many, the rows in memory and an unpacked workbook eight times.
    pub held: u64,
    /// Rows below the header.
    pub rows: u64,
    /// Columns.
    pub columns: usize,
    /// Bytes of one row.
    pub row: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 16 << 30, held: 64 << 20, rows: 50_000_000, columns: 2_000, row: 4 << 20 }
    }
}

impl Limits {
    /// Bytes of rows in memory, and of a workbook unpacked.
    pub(crate) const fn unpacked(self) -> u64 {
        self.held.saturating_mul(8)
    }
}

/// How a table is to be read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// Names that its header may have, in any spelling of case, blanks and underscores: the row with most of them is the header. Without them, or where none
    /// is met, it is the first row that looks like one.
    pub known: &'a [&'a str],
    /// The sheet of a workbook; without it, the first that has cells.
    pub sheet: Option<&'a str>,
    /// What separates the cells of a CSV; without it, what its first lines suggest.
    pub delimiter: Option<u8>,
    /// Where the rows stand in a JSON document that is no list: `data.records`.
    pub records: Option<&'a str>,
    /// How much is read.
    pub limits: Limits,
}

/// A table whose header was read and whose rows follow one by one.
#[derive(Debug)]
pub struct Table {
    /// The file's name, as it was given.
    pub file: String,
    /// The sheet, of a workbook.
    pub sheet: Option<String>,
    /// The columns.
    pub header: Header,
    notes: Vec<Note>,
    rows: Rows,
    /// How wide the widest row may be before it is noted.
    ragged: Ragged,
    read: u64,
    limits: Limits,
}

#[derive(Debug)]
enum Rows {
    Streamed(Box<Delimited>),
    Held { rows: std::vec::IntoIter<Row>, all: usize },
}

/// Rows with more or fewer cells than the header: the first of each and how many.
#[derive(Debug, Default)]
struct Ragged {
    long: (u64, u64),
    short: (u64, u64),
}

impl Table {
    /// Opens a file.
    ///
    /// # Errors
    /// When it cannot be read, is of no kind that is read here, has no header, or exceeds the limits.
    pub fn open(path: &Path, options: &Options<'_>) -> Result<Self, TableError> {
        let name = path.display().to_string();
        let file = std::fs::File::open(path).map_err(|e| TableError::of_file(&name, why(&e)))?;
        let meta = file.metadata().map_err(|e| TableError::of_file(&name, why(&e)))?;
        if meta.is_dir() {
            return Err(TableError::of_file(&name, "it is a folder; name a file in it"));
        }
        if !meta.is_file() {
            return Err(TableError::of_file(&name, "it is a device or a pipe; save what it gives as a file, and name that"));
        }
        Self::read(&name, Box::new(file), options)
    }

    /// Reads a table from bytes, such as standard input.
    ///
    /// # Errors
    /// As for [`Table::open`].
    pub fn from_bytes(name: &str, bytes: Vec<u8>, options: &Options<'_>) -> Result<Self, TableError> {
        Self::read(name, Box::new(std::io::Cursor::new(bytes)), options)
    }

    fn read(name: &str, mut source: Box<dyn Source>, options: &Options<'_>) -> Result<Self, TableError> {
        let fail = |e: std::io::Error| TableError::of_file(name, why(&e));
        let size = source.seek(SeekFrom::End(0)).map_err(fail)?;
        source.rewind().map_err(fail)?;
        let limits = options.limits;
        let mut head = vec![0; SNIFFED.min(usize::try_from(size).unwrap_or(SNIFFED))];
        source.read_exact(&mut head).map_err(fail)?;
        source.rewind().map_err(fail)?;
        let form = Form::of(&head).map_err(|what| TableError::of_file(name, what))?;
        let most = match form {
            Form::Delimited => limits.bytes,
            Form::Wide(_) => limits.held.saturating_mul(4),
            Form::Excel | Form::Json => limits.held,
        };
        let too_large = |size: u64, most: u64| {
            let what = format!(
                "it has {} MiB, and more than {} MiB are not read at once; split it, or save it as CSV in UTF-8",
                size >> 20,
                most >> 20
            );
            TableError::of_file(name, what)
        };
        if size > most {
            return Err(too_large(size, most));
        }
        let mut notes = Vec::new();
        let (header, rows, sheet) = match form {
            Form::Excel => {
                let read = excel::read(name, source, options, &mut notes)?;
                (read.header, Rows::held(read.rows), Some(read.sheet))
            }
            Form::Json | Form::Wide(_) => {
                let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
                source.read_to_end(&mut bytes).map_err(fail)?;
                let text = decoded(bytes, form, &mut notes);
                if looks_like_json(text.as_bytes()) {
                    if text.len() as u64 > limits.held.saturating_mul(2) {
                        return Err(too_large(text.len() as u64, limits.held));
                    }
                    let (header, rows) = json::read(name, &text, options, &mut notes)?;
                    (header, Rows::held(rows), None)
                } else {
                    let source = Box::new(std::io::Cursor::new(text.into_bytes()));
                    let (header, rows) = Delimited::open(name, source, options, &mut notes)?;
                    (header, Rows::Streamed(Box::new(rows)), None)
                }
            }
            Form::Delimited => {
                let (header, rows) = Delimited::open(name, source, options, &mut notes)?;
                (header, Rows::Streamed(Box::new(rows)), None)
            }
        };
        if header.len() > limits.columns {
            return Err(TableError::of_file(name, format!("it has {} columns; more than {} are not read", header.len(), limits.columns)));
        }
        Ok(Self { file: name.to_owned(), sheet, header, notes, rows, ragged: Ragged::default(), read: 0, limits })
    }

    /// Reads the next row into `row`; `false` where there is none. Rows without any content are passed over.
    ///
    /// # Errors
    /// When the file cannot be read on.
    pub fn next_row(&mut self, row: &mut Row) -> Result<bool, TableError> {
        loop {
            let more = match &mut self.rows {
                Rows::Streamed(rows) => rows.next_row(row)?,
                Rows::Held { rows, .. } => match rows.next() {
                    Some(next) => {
                        *row = next;
                        true
                    }
                    None => false,
                },
            };
            if !more {
                return Ok(false);
            }
            if row.is_blank() {
                continue;
            }
            self.read += 1;
            if self.read > self.limits.rows {
                let what = format!("it has more than {} rows; split it", self.limits.rows);
                return Err(TableError::of_file(&self.file, what).at_line(row.line));
            }
            self.ragged.look_at(row, &self.header);
            return Ok(true);
        }
    }

    /// Every row that is left.
    ///
    /// # Errors
    /// When the file cannot be read on.
    pub fn rows(&mut self) -> Result<Vec<Row>, TableError> {
        let mut all = Vec::new();
        let mut row = Row::default();
        while self.next_row(&mut row)? {
            all.push(std::mem::take(&mut row));
        }
        Ok(all)
    }

    /// How many rows were read so far.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.read
    }

    /// Which part of the file was read so far, from 0 to 1.
    #[must_use]
    pub fn progress(&self) -> f64 {
        match &self.rows {
            Rows::Streamed(rows) => rows.progress(),
            Rows::Held { rows, all } => 1.0 - rows.len() as f64 / (*all).max(1) as f64,
        }
    }

    /// What was read otherwise than it stands, or is odd about the file; complete once the last row was read.
    #[must_use]
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = self.notes.clone();
        if let Rows::Streamed(rows) = &self.rows {
            notes.extend(rows.notes());
        }
        notes.extend(self.ragged.notes(&self.header));
        notes
    }

    /// What is wrong with a cell, with the place where it stands.
    #[must_use]
    pub fn fault(&self, row: &Row, column: usize, message: impl Into<String>) -> TableError {
        let name = self.header.name(column);
        TableError::of_file(&self.file, message)
            .in_sheet(self.sheet.as_deref())
            .at_line(row.line)
            .in_column(column, name)
            .with_value(row.get(column))
    }

    /// What is wrong with the table as a whole: its header, as a rule.
    #[must_use]
    pub fn fault_of_header(&self, message: impl Into<String>) -> TableError {
        TableError::of_file(&self.file, message).in_sheet(self.sheet.as_deref()).at_line(self.header.line.max(1))
    }
}

impl Rows {
    fn held(rows: Vec<Row>) -> Self {
        Self::Held { all: rows.len(), rows: rows.into_iter() }
    }
}

impl Ragged {
    fn look_at(&mut self, row: &Row, header: &Header) {
        let count = |seen: &mut (u64, u64)| {
            if seen.1 == 0 {
                seen.0 = row.line;
            }
            seen.1 += 1;
        };
        if (header.len()..row.len()).any(|c| !row.get(c).is_empty()) {
            count(&mut self.long);
        } else if row.len() < header.len() && row.streamed {
            count(&mut self.short);
        }
    }

    fn notes(&self, header: &Header) -> impl Iterator<Item = Note> {
        let note = |(line, many): (u64, u64), what: &str| {
            let message = format!("{many} rows have {what} cells than the {} columns of the header", header.len());
            (many > 0).then_some(Note { line: Some(line), message })
        };
        [note(self.long, "more"), note(self.short, "fewer")].into_iter().flatten()
    }
}

/// What a table is read from.
pub(crate) trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

impl std::fmt::Debug for dyn Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a source")
    }
}

/// So many bytes are looked at to tell what a file is.
const SNIFFED: usize = 64 << 10;

/// What a file is, by its bytes and never by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Delimited,
    Json,
    Excel,
    /// UTF-16 of either order.
    Wide(&'static encoding_rs::Encoding),
}

impl Form {
    fn of(head: &[u8]) -> Result<Self, &'static str> {
        match head {
            [b'P', b'K', 3, 4, ..] => return Ok(Self::Excel),
            [0xd0, 0xcf, 0x11, 0xe0, ..] => {
                return Err("it is an old or a locked Excel file (.xls); open it and save it as .xlsx without a password, or as CSV");
            }
            [b'P', b'A', b'R', b'1', ..] => return Err("it is a Parquet file, which is not read here; export it as CSV"),
            [b'%', b'P', b'D', b'F', ..] => return Err("it is a PDF; tables are read from CSV, Excel (.xlsx) or JSON"),
            [0x1f, 0x8b, ..] => return Err("it is packed with gzip; unpack it first"),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => return Err("it is packed with zstd; unpack it first"),
            _ => {}
        }
        if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(head).filter(|(e, _)| *e != encoding_rs::UTF_8) {
            return Ok(Self::Wide(encoding));
        }
        // Without a mark, UTF-16 of western text shows by its zeros: they stand on one side only.
        let zeros = |side: usize| head.iter().skip(side).step_by(2).filter(|b| **b == 0).count();
        let (even, odd) = (zeros(0), zeros(1));
        let half = head.len() / 2;
        if half > 0 && odd * 2 > half && even == 0 {
            return Ok(Self::Wide(encoding_rs::UTF_16LE));
        }
        if half > 0 && even * 2 > half && odd == 0 {
            return Ok(Self::Wide(encoding_rs::UTF_16BE));
        }
        if head.contains(&0) {
            return Err("it is no text: it has zero bytes; tables are read from CSV, Excel (.xlsx) or JSON");
        }
        if head.iter().all(u8::is_ascii_whitespace) || head == [0xef, 0xbb, 0xbf] {
            return Err("it is empty");
        }
        Ok(if looks_like_json(head) { Self::Json } else { Self::Delimited })
    }
}

fn looks_like_json(head: &[u8]) -> bool {
    let head = head.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(head).trim_ascii_start();
    match head {
        [b'{', rest @ ..] => matches!(rest.trim_ascii_start(), [b'"' | b'}', ..]),
        [b'[', rest @ ..] => matches!(rest.trim_ascii_start(), [b'{' | b'[' | b']' | b'"', ..] | []),
        _ => false,
    }
}

/// A whole text from its bytes; a mark at its start is taken off.
fn decoded(bytes: Vec<u8>, form: Form, notes: &mut Vec<Note>) -> String {
    let note = |message: &str| Note { line: None, message: message.to_owned() };
    match form {
        Form::Wide(encoding) => {
            let (text, encoding, broken) = encoding.decode(&bytes);
            notes.push(note(&format!("it is {} and was read as such", encoding.name())));
            if broken {
                notes.push(note("some of its characters are broken and stand as \u{fffd}"));
            }
            text.into_owned()
        }
        _ => {
            let mut bytes = bytes;
            if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
                bytes.drain(..3);
            }
            // Taken over rather than copied: the file is in memory once.
            String::from_utf8(bytes).unwrap_or_else(|error| {
                notes.push(note("it is not UTF-8 and was read as Windows-1252 (Latin-1)"));
                encoding_rs::WINDOWS_1252.decode_without_bom_handling(error.as_bytes()).0.into_owned()
            })
        }
    }
}

/// What stood in the way of reading, and the remedy.
fn why(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "there is no such file; check the path".to_owned(),
        ErrorKind::PermissionDenied => "permission is denied; let the file be read by you".to_owned(),
        ErrorKind::IsADirectory => "it is a folder; name a file in it".to_owned(),
        _ => format!("it cannot be read: {error}"),
    }
}
