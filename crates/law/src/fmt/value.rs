//! Values: texts quoted one way, inline tables on one line, arrays broken where the line is too long.

use toml_edit::{Array, InlineTable, Key, RawString, Value};

use super::WIDTH;
use super::comment::{Between, lines};
use super::shape::Shape;
use crate::diagnostic::is_harmful;

/// The value as it stands behind `lead` characters on a line that is indented by `indent`.
pub(super) fn value(it: &Value, shape: &Shape, indent: usize, lead: usize) -> String {
    let mut flat = String::new();
    if !has_comments(it) {
        put(&mut flat, it, shape, None);
        // Only an array can be broken; a text that is too long stays whole.
        if lead + flat.chars().count() <= WIDTH || !breakable(it) {
            return flat;
        }
    }
    let mut out = String::new();
    put(&mut out, it, shape, Some(Broken { indent, tables: has_tables(it) }));
    out
}

/// How arrays are broken.
#[derive(Clone, Copy)]
struct Broken {
    indent: usize,
    /// Only those of tables; else those of anything.
    tables: bool,
}

fn put(out: &mut String, it: &Value, shape: &Shape, broken: Option<Broken>) {
    match it {
        Value::String(s) => out.push_str(&quoted(s.value())),
        Value::Integer(n) => out.push_str(&raw(n.as_repr().map(|r| r.as_raw()), || n.value().to_string())),
        Value::Float(n) => out.push_str(&raw(n.as_repr().map(|r| r.as_raw()), || n.value().to_string())),
        Value::Boolean(b) => out.push_str(if *b.value() { "true" } else { "false" }),
        Value::Datetime(d) => out.push_str(&raw(d.as_repr().map(|r| r.as_raw()), || d.value().to_string())),
        Value::Array(array) => put_array(out, array, shape, broken),
        Value::InlineTable(table) => put_table(out, table, shape, broken),
    }
}

/// A number or day as it was written.
fn raw(written: Option<&RawString>, otherwise: impl Fn() -> String) -> String {
    written.and_then(RawString::as_str).map_or_else(otherwise, str::to_owned)
}

fn put_table(out: &mut String, table: &InlineTable, shape: &Shape, broken: Option<Broken>) {
    let mut entries = table.get_values();
    entries.sort_by_key(|(keys, _)| keys.first().map_or(0, |k| shape.rank(k.get())));
    if entries.is_empty() {
        return out.push_str("{}");
    }
    for (at, (keys, value)) in entries.iter().enumerate() {
        out.push_str(if at == 0 { "{ " } else { ", " });
        out.push_str(&path(keys));
        out.push_str(" = ");
        put(out, value, keys.last().map_or(shape, |k| shape.of(k.get())), broken);
    }
    out.push_str(" }");
}

fn put_array(out: &mut String, array: &Array, shape: &Shape, broken: Option<Broken>) {
    let of_tables = array.iter().any(Value::is_inline_table);
    let wanted = broken.filter(|b| !array.is_empty() && (of_tables || !b.tables));
    let comments = array.iter().any(own_comments) || text(array.trailing()).contains('#');
    let Some(Broken { indent, tables }) = wanted.or(broken.filter(|_| comments)) else {
        out.push('[');
        for (at, value) in array.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { ", " });
            put(out, value, shape, None);
        }
        return out.push(']');
    };
    let inner = indent + 2;
    out.push('[');
    let mut line = Line { out, indent: inner, column: 0 };
    for (at, value) in array.iter().enumerate() {
        let before = decor(value.decor().prefix());
        line.between(before, at > 0);
        let mut flat = String::new();
        if !has_comments(value) {
            put(&mut flat, value, shape, None);
        }
        if flat.is_empty() || (inner + flat.chars().count() + 1 > WIDTH && breakable(value)) {
            flat.clear();
            put(&mut flat, value, shape, Some(Broken { indent: inner, tables: tables && has_tables(value) }));
        }
        line.element(&flat, of_tables || comments);
        // Behind the last element comments stand before the comma that is not there.
        line.between(&format!("{}\n", decor(value.decor().suffix())), true);
    }
    let trailing = text(array.trailing());
    line.between(&format!("{trailing}\n"), !array.is_empty());
    out.push('\n');
    out.push_str(&" ".repeat(indent));
    out.push(']');
}

/// The lines of a broken array.
struct Line<'a> {
    out: &'a mut String,
    indent: usize,
    /// How far the current line has come; nothing may follow on it where it is zero.
    column: usize,
}

impl Line<'_> {
    /// An element with its comma, on the current line if it fits and may.
    fn element(&mut self, text: &str, own_line: bool) {
        let width = text.lines().next_back().map_or(0, |l| l.chars().count()) + 1;
        if self.column == 0 || own_line || self.column + 1 + width > WIDTH {
            self.start();
        } else {
            self.out.push(' ');
            self.column += 1;
        }
        self.out.push_str(text);
        self.out.push(',');
        self.column += width;
    }

    fn start(&mut self) {
        self.out.push('\n');
        self.out.push_str(&" ".repeat(self.indent));
        self.column = self.indent;
    }

    /// Comments before an element; one on the line of the element before stays there.
    fn between(&mut self, text: &str, follows: bool) {
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        let first = first.trim();
        if first.starts_with('#') {
            if follows {
                self.behind(Some(first));
            } else {
                self.own(first);
            }
        }
        for between in lines(rest) {
            if let Between::Comment(comment) = between {
                self.own(&comment);
            }
        }
    }

    fn behind(&mut self, comment: Option<&str>) {
        if let Some(comment) = comment {
            self.out.push_str("  ");
            self.out.push_str(comment);
            self.column = 0;
        }
    }

    fn own(&mut self, comment: &str) {
        self.start();
        self.out.push_str(comment);
        self.column = 0;
    }
}

/// Whether a line with this value can be made shorter.
fn breakable(it: &Value) -> bool {
    match it {
        Value::Array(array) => !array.is_empty(),
        Value::InlineTable(table) => table.iter().any(|(_, v)| breakable(v)),
        _ => false,
    }
}

/// Whether there is an array of tables in it.
fn has_tables(it: &Value) -> bool {
    match it {
        Value::Array(array) => array.iter().any(|v| v.is_inline_table() || has_tables(v)),
        Value::InlineTable(table) => table.iter().any(|(_, v)| has_tables(v)),
        _ => false,
    }
}

/// Whether a comment stands within it.
fn has_comments(it: &Value) -> bool {
    match it {
        Value::Array(array) => array.iter().any(|v| own_comments(v) || has_comments(v)) || text(array.trailing()).contains('#'),
        Value::InlineTable(table) => table.iter().any(|(_, v)| has_comments(v)),
        _ => false,
    }
}

fn own_comments(it: &Value) -> bool {
    [it.decor().prefix(), it.decor().suffix()].into_iter().any(|raw| decor(raw).contains('#'))
}

pub(super) fn decor(raw: Option<&RawString>) -> &str {
    raw.map_or("", text)
}

pub(super) fn text(raw: &RawString) -> &str {
    raw.as_str().unwrap_or_default()
}

/// A key, dotted where it has several parts.
pub(super) fn path(keys: &[&Key]) -> String {
    keys.iter().map(|k| key(k.get())).collect::<Vec<_>>().join(".")
}

pub(super) fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if bare { name.to_owned() } else { quoted(name) }
}

/// A text in quotation marks: basic, unless it has marks of its own and nothing that must be escaped; over several lines where it has several.
pub(crate) fn quoted(text: &str) -> String {
    let escapes = |c: char| c != '\n' && (is_harmful(c) || matches!(c, '\u{7f}'));
    if text.contains('\n') {
        return format!("\"\"\"\n{}\"\"\"", escaped(text, true));
    }
    let literal = text.contains(['"', '\\']) && !text.contains('\'') && !text.chars().any(escapes);
    if literal { format!("'{text}'") } else { format!("\"{}\"", escaped(text, false)) }
}

fn escaped(text: &str, lines: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' if lines => out.push('\n'),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_harmful(c) && u32::from(c) <= 0xffff => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c if is_harmful(c) => out.push_str(&format!("\\U{:08X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}
