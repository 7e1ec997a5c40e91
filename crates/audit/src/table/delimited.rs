//! CSV and its dialects, row by row.

use super::header::{Header, LOOKED_AT, header_among, header_of};
use super::row::{CellKind, Row};
use super::{Limits, Note, Options, SNIFFED, Source, TableError, opened_and_not_closed, why};
use csv_core::ReadRecordResult;
use std::collections::VecDeque;
use std::io::{Read, SeekFrom};

/// A file of separated cells.
pub(super) struct Delimited {
    file: String,
    source: Box<dyn Source>,
    parser: csv_core::Reader,
    delimiter: u8,
    /// What was read of the file and not yet taken apart.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    /// The line at `start`, from 1.
    line: u64,
    /// The cells of the row one after the other, and where each ends.
    cells: Vec<u8>,
    ends: Vec<usize>,
    /// Rows that were read to find the header.
    ahead: VecDeque<Row>,
    size: u64,
    taken: u64,
    limits: Limits,
    /// Rows that are not UTF-8: the line of the first, and how many.
    foreign: (u64, u64),
}

impl std::fmt::Debug for Delimited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Delimited({})", self.file)
    }
}

pub(crate) const UNCLOSED: &str = "a cell that begins here does not end; close its quote, or double the quotes within it";

/// More line breaks in one cell than any remark has: a quote was left open, and rows are swallowed.
pub(crate) const MOST_BREAKS: u64 = 200;

impl Delimited {
    pub(super) fn open(
        file: &str,
        mut source: Box<dyn Source>,
        options: &Options<'_>,
        notes: &mut Vec<Note>,
    ) -> Result<(Header, Self), TableError> {
        let fail = |e: std::io::Error| TableError::of_file(file, why(&e));
        let size = source.seek(SeekFrom::End(0)).map_err(fail)?;
        source.rewind().map_err(fail)?;
        let mut head = Vec::new();
        source.by_ref().take(SNIFFED as u64).read_to_end(&mut head).map_err(fail)?;
        let mark = u64::from(head.starts_with(&[0xef, 0xbb, 0xbf])) * 3;
        source.seek(SeekFrom::Start(mark)).map_err(fail)?;
        let delimiter = options.delimiter.unwrap_or_else(|| delimiter_of(&head));
        let mut this = Self {
            file: file.to_owned(),
            source,
            parser: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            delimiter,
            buffer: vec![0; 1 << 18],
            start: 0,
            end: 0,
            ended: false,
            line: 1,
            cells: vec![0; 1 << 12],
            ends: vec![0; 64],
            ahead: VecDeque::new(),
            size,
            taken: mark,
            limits: options.limits,
            foreign: (0, 0),
        };
        let mut first = Vec::new();
        while first.len() < LOOKED_AT {
            let mut row = Row::default();
            if !this.read(&mut row)? {
                break;
            }
            first.push(row);
        }
        let Some(at) = header_among(&first, options.known) else {
            return Err(TableError::of_file(file, "it has no header: the first row must name the columns"));
        };
        let header = header_of(&first[at]);
        let skipped = first.iter().take(at).filter(|r| !r.is_blank()).count();
        if skipped > 0 {
            notes.push(Note { line: Some(1), message: format!("{skipped} rows above the header were passed over") });
        }
        this.ahead = first.into_iter().skip(at + 1).collect();
        Ok((header, this))
    }

    pub(super) fn next_row(&mut self, row: &mut Row) -> Result<bool, TableError> {
        match self.ahead.pop_front() {
            Some(next) => {
                *row = next;
                Ok(true)
            }
            None => self.read(row),
        }
    }

    /// Makes sure that something is in the buffer; `false` at the end of the file.
    fn fill(&mut self) -> Result<bool, TableError> {
        while self.start == self.end && !self.ended {
            self.start = 0;
            self.end = self.source.read(&mut self.buffer).map_err(|e| self.fail(self.line, why(&e)))?;
            self.ended = self.end == 0;
        }
        Ok(self.start < self.end)
    }

    /// Passes over line ends before a row, so that the row's line is the one in which it begins.
    fn skip_ends(&mut self) -> Result<(), TableError> {
        while self.fill()? {
            match self.buffer[self.start] {
                b'\n' => self.line += 1,
                b'\r' => {}
                _ => break,
            }
            self.start += 1;
            self.taken += 1;
        }
        Ok(())
    }

    fn read(&mut self, row: &mut Row) -> Result<bool, TableError> {
        self.skip_ends()?;
        let (line, begins) = (self.line, self.taken);
        let (mut text, mut cells, mut bytes) = (0, 0, 0);
        loop {
            // At the end of the file the parser is given nothing, which ends the last row.
            self.fill()?;
            let input = &self.buffer[self.start..self.end];
            let (result, read, written, ended) = self.parser.read_record(input, &mut self.cells[text..], &mut self.ends[cells..]);
            self.line += memchr::memchr_iter(b'\n', &input[..read]).count() as u64;
            self.start += read;
            self.taken += read as u64;
            bytes += read as u64;
            (text, cells) = (text + written, cells + ended);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.cells.resize(self.cells.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(false),
            }
            if bytes > self.limits.row {
                return Err(self.fail(line, UNCLOSED));
            }
        }
        if self.ended {
            self.is_closed(begins, line)?;
        }
        row.clear(line);
        row.streamed = true;
        self.take(row, text, cells);
        if self.line - line > MOST_BREAKS
            && let Some(swallowed) = (0..row.len()).find(|c| row.raw(*c).lines().count() as u64 > MOST_BREAKS)
        {
            return Err(self.fail(line, UNCLOSED).in_column(swallowed, ""));
        }
        if row.len() > self.limits.columns {
            let what = format!("this row has {} cells; more than {} are not read", row.len(), self.limits.columns);
            return Err(self.fail(line, what));
        }
        Ok(true)
    }

    /// Whether the last row ends with its quotes closed: the parser ends an open one at the end of the file without a word, and rows are swallowed.
    fn is_closed(&mut self, begins: u64, line: u64) -> Result<(), TableError> {
        let failed = |this: &Self, e: std::io::Error| this.fail(line, why(&e));
        self.source.seek(SeekFrom::Start(begins)).map_err(|e| failed(self, e))?;
        let mut last = Vec::new();
        // The row is not longer than this, or it had been refused.
        let most = self.limits.row.saturating_add(self.buffer.len() as u64);
        self.source.by_ref().take(most).read_to_end(&mut last).map_err(|e| failed(self, e))?;
        match opened_and_not_closed(&last, self.delimiter) {
            Some((below, cell)) => Err(self.fail(line + below, UNCLOSED).in_column(cell, "")),
            None => Ok(()),
        }
    }

    /// Moves the cells that were taken apart into the row.
    fn take(&mut self, row: &mut Row, text: usize, cells: usize) {
        let (all, ends) = (&self.cells[..text], &self.ends[..cells]);
        let starts = std::iter::once(0).chain(ends.iter().copied());
        if let Ok(all) = std::str::from_utf8(all) {
            starts.zip(ends).for_each(|(start, end)| row.push(all.get(start..*end).unwrap_or_default(), CellKind::Text));
            return;
        }
        if self.foreign.1 == 0 {
            self.foreign.0 = row.line;
        }
        self.foreign.1 += 1;
        for (start, end) in starts.zip(ends) {
            // A row may mix both, where tables were pasted together: a cell that is UTF-8 stays it.
            let cell = all.get(start..*end).unwrap_or_default();
            match std::str::from_utf8(cell) {
                Ok(cell) => row.push(cell, CellKind::Text),
                Err(_) => row.push(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(cell).0, CellKind::Text),
            }
        }
    }

    fn fail(&self, line: u64, message: impl Into<String>) -> TableError {
        TableError::of_file(&self.file, message).at_line(line)
    }

    pub(super) fn progress(&self) -> f64 {
        self.taken as f64 / self.size.max(1) as f64
    }

    pub(super) fn notes(&self) -> Option<Note> {
        let (line, many) = self.foreign;
        let message = format!("{many} rows are not UTF-8 and were read as Windows-1252 (Latin-1)");
        (many > 0).then_some(Note { line: Some(line), message })
    }
}

/// What separates the cells: the sign that cuts most of the first lines into the same number of cells, of several.
fn delimiter_of(head: &[u8]) -> u8 {
    let score = |sign: u8| {
        let mut counts: Vec<usize> = Vec::new();
        let (mut count, mut quoted) = (0, false);
        for byte in head {
            match *byte {
                b'"' => quoted = !quoted,
                b'\n' if !quoted => {
                    counts.push(count);
                    count = 0;
                    if counts.len() == 50 {
                        break;
                    }
                }
                b if b == sign && !quoted => count += 1,
                _ => {}
            }
        }
        if counts.is_empty() {
            counts.push(count);
        }
        let mut by_count: Vec<(usize, usize)> = Vec::new();
        for count in counts.into_iter().filter(|c| *c > 0) {
            match by_count.iter_mut().find(|(c, _)| *c == count) {
                Some((_, lines)) => *lines += 1,
                None => by_count.push((count, 1)),
            }
        }
        by_count.into_iter().map(|(count, lines)| (lines, count)).max().unwrap_or_default()
    };
    let signs = [b',', b'\t', b';', b'|'];
    let best = signs.iter().map(|s| score(*s)).max().unwrap_or_default();
    signs.into_iter().find(|s| score(*s) == best).filter(|_| best.0 > 0).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::delimiter_of;

    #[test]
    fn delimiters() {
        assert_eq!(delimiter_of(b"a,b,c\n1,2,3\n"), b',');
        assert_eq!(delimiter_of(b"a\tb\tc\n1,5\t2\t3\n"), b'\t');
        assert_eq!(delimiter_of(b"a;b\n\"x,y,z\";2\n"), b';');
        assert_eq!(delimiter_of(b"a|b|c"), b'|');
        assert_eq!(delimiter_of(b"alone\n"), b',');
    }
}
