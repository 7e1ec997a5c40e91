//! JSON lists and JSON lines as tables: an object is a row, its keys are the columns, what is nested has a dotted name.

use super::header::Header;
use super::row::{CellKind, Row};
use super::{Note, Options, TableError};
use rustc_hash::FxHashMap;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

pub(super) fn read(name: &str, text: &str, options: &Options<'_>, notes: &mut Vec<Note>) -> Result<(Header, Vec<Row>), TableError> {
    let mut reader = Reader { name, text, names: Vec::new(), columns: FxHashMap::default(), rows: Vec::new(), held: 0, options };
    let trimmed = text.trim_start();
    if options.records.is_none() && trimmed.starts_with('{') && is_lines(trimmed) {
        reader.lines(notes)?;
    } else {
        reader.document()?;
    }
    if reader.names.is_empty() {
        return Err(TableError::of_file(name, "it has no rows: a list of objects is expected, or one object a line"));
    }
    Ok((Header::new(0, reader.names), reader.rows))
}

/// Whether the first line is an object by itself and something follows, or it is all there is.
fn is_lines(text: &str) -> bool {
    let mut lines = text.lines().filter(|l| !l.trim().is_empty());
    let first = lines.next().is_some_and(|l| serde_json::from_str::<serde::de::IgnoredAny>(l.trim()).is_ok());
    first && (lines.next().is_some() || !holds_a_list(text))
}

/// Whether a document is an object around a list of objects.
fn holds_a_list(text: &str) -> bool {
    serde_json::from_str::<BTreeMap<String, &RawValue>>(text).is_ok_and(|fields| fields.values().any(|raw| is_rows(raw)))
}

/// An object of which nothing is kept.
#[derive(serde::Deserialize)]
struct AnObject {}

/// Whether it is a list of objects. Nothing of it is held in memory: it may be a list of very many numbers.
fn is_rows(raw: &RawValue) -> bool {
    let is_list = raw.get().starts_with('[');
    is_list && serde_json::from_str::<Vec<AnObject>>(raw.get()).is_ok_and(|items| !items.is_empty())
}

struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    names: Vec<String>,
    columns: FxHashMap<String, usize>,
    rows: Vec<Row>,
    /// Bytes that the rows take in memory.
    held: u64,
    options: &'a Options<'a>,
}

impl Reader<'_> {
    fn fail(&self, line: u64, message: impl Into<String>) -> TableError {
        TableError::of_file(self.name, message).at_line(line)
    }

    fn lines(&mut self, notes: &mut Vec<Note>) -> Result<(), TableError> {
        let mut broken = None;
        for (at, line) in self.text.lines().enumerate() {
            let number = at as u64 + 1;
            if line.trim().is_empty() {
                continue;
            }
            // A line that breaks off is told; only the last may, since logs are copied while they grow.
            if let Some(error) = broken.take() {
                return Err(error);
            }
            self.fits(number, line)?;
            match serde_json::from_str::<Value>(line) {
                Ok(value) => self.row(number, &value)?,
                Err(error) if error.is_eof() => {
                    broken = Some(self.fail(number, "this line breaks off; end the object, or remove the line"));
                }
                Err(error) => {
                    let what = error.to_string();
                    let what = what.split(" at line ").next().unwrap_or_default();
                    return Err(self.fail(number, format!("this is no JSON object, at character {}: {what}", error.column())));
                }
            }
        }
        if broken.is_some() {
            let message = "the last line breaks off and was left out".to_owned();
            notes.push(Note { line: Some(self.text.lines().count() as u64), message });
        }
        Ok(())
    }

    fn document(&mut self) -> Result<(), TableError> {
        let text = self.text;
        let raw: &RawValue = serde_json::from_str(text).map_err(|e| {
            let what = e.to_string();
            let what = what.split(" at line ").next().unwrap_or_default();
            self.fail(e.line() as u64, format!("this is no JSON, at character {}: {what}", e.column()))
        })?;
        let list = self.list_in(raw)?;
        let items: Vec<&RawValue> =
            serde_json::from_str(list.get()).map_err(|_| self.fail(self.line_of(list), "a list of objects is expected here"))?;
        // Lines are counted on, not from the start for each row.
        let (mut offset, mut line) = (0, 1);
        for item in items {
            let start = self.offset_of(item);
            line += text.get(offset..start).unwrap_or_default().bytes().filter(|b| *b == b'\n').count() as u64;
            offset = start;
            self.fits(line, item.get())?;
            let value: Value = serde_json::from_str(item.get()).map_err(|e| self.fail(line, format!("this is no object: {e}")))?;
            self.row(line, &value)?;
        }
        Ok(())
    }

    /// The list of rows: the document itself, what the options name, or the only list of objects in it.
    fn list_in<'t>(&self, raw: &'t RawValue) -> Result<&'t RawValue, TableError> {
        let fields = |raw: &'t RawValue| serde_json::from_str::<BTreeMap<String, &'t RawValue>>(raw.get()).ok();
        if let Some(path) = self.options.records {
            let mut here = raw;
            for part in path.split('.') {
                let inner = fields(here);
                let Some(next) = inner.as_ref().and_then(|f| f.get(part)) else {
                    let there = inner.map(|f| f.keys().take(12).cloned().collect::<Vec<_>>().join(", ")).unwrap_or_default();
                    let what = format!("there is no `{part}` of `{path}` here; there is {there}");
                    return Err(self.fail(self.line_of(here), what));
                };
                here = next;
            }
            return Ok(here);
        }
        let Some(fields) = fields(raw) else { return Ok(raw) };
        let lists: Vec<(&String, &&RawValue)> = fields.iter().filter(|(_, raw)| is_rows(raw)).collect();
        match lists[..] {
            [(_, only)] => Ok(only),
            [] => Err(self.fail(1, "there is no list of objects in this document")),
            _ => {
                let names: Vec<&str> = lists.iter().map(|(name, _)| name.as_str()).collect();
                Err(self.fail(1, format!("it has several lists ({}); name the one with the rows", names.join(", "))))
            }
        }
    }

    fn offset_of(&self, raw: &RawValue) -> usize {
        (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len())
    }

    fn line_of(&self, raw: &RawValue) -> u64 {
        let start = self.offset_of(raw);
        self.text.get(..start).unwrap_or_default().bytes().filter(|b| *b == b'\n').count() as u64 + 1
    }

    fn row(&mut self, line: u64, value: &Value) -> Result<(), TableError> {
        let Value::Object(_) = value else {
            return Err(self.fail(line, "an object is expected here, with a name for each value"));
        };
        let mut cells: Vec<(usize, String, CellKind)> = Vec::new();
        self.flatten(line, &mut String::new(), value, &mut cells)?;
        cells.sort_by_key(|c| c.0);
        let mut row = Row::at(line);
        for (column, text, kind) in cells {
            row.pad(column);
            if column < row.len() {
                return Err(self.fail(line, format!("`{}` is stated twice in this object", self.names[column])));
            }
            row.push(&text, kind);
        }
        if row.bytes() > self.options.limits.row {
            return Err(self.fail(line, format!("this row has more than {} bytes", self.options.limits.row)));
        }
        self.held = self.held.saturating_add(row.held());
        if self.held > self.options.limits.unpacked() {
            return Err(self.fail(line, "its rows up to here take all the memory that they may; split it, or save it as CSV"));
        }
        self.rows.push(row);
        Ok(())
    }

    /// Whether a row is short enough to be taken apart: in memory it takes many times its length.
    fn fits(&self, line: u64, text: &str) -> Result<(), TableError> {
        let most = self.options.limits.row;
        if text.len() as u64 > most { Err(self.fail(line, format!("this row has more than {most} bytes"))) } else { Ok(()) }
    }

    fn flatten(
        &mut self,
        line: u64,
        path: &mut String,
        value: &Value,
        cells: &mut Vec<(usize, String, CellKind)>,
    ) -> Result<(), TableError> {
        if let Value::Object(fields) = value {
            for (name, value) in fields {
                let before = path.len();
                if before > 0 {
                    path.push('.');
                }
                path.push_str(name);
                self.flatten(line, path, value, cells)?;
                path.truncate(before);
            }
            return Ok(());
        }
        let (text, kind) = match value {
            Value::Null => (String::new(), CellKind::Empty),
            Value::Bool(b) => (b.to_string(), CellKind::Bool),
            Value::Number(n) => (n.to_string(), CellKind::Number),
            Value::String(text) => (text.clone(), CellKind::Text),
            other => (other.to_string(), CellKind::Text),
        };
        let column = match self.columns.get(path.as_str()) {
            Some(column) => *column,
            None => {
                if self.names.len() >= self.options.limits.columns {
                    return Err(self.fail(line, format!("more than {} columns are not read", self.options.limits.columns)));
                }
                self.names.push(path.clone());
                self.columns.insert(path.clone(), self.names.len() - 1);
                self.names.len() - 1
            }
        };
        cells.push((column, text, kind));
        Ok(())
    }
}
