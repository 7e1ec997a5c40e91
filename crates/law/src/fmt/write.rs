//! Tables: their headers, keys and comments.

use toml_edit::{DocumentMut, Item, Key, Table, Value};

use super::comment::{Between, behind, lines};
use super::shape::Shape;
use super::value::{decor, key, path, text, value};

/// The whole file.
pub(super) fn document(document: &DocumentMut, shape: &'static Shape) -> String {
    let root = document.as_table();
    let mut paper = Paper { out: String::new(), top: true };
    let mut sections = Vec::new();
    collect(root, shape, &Place { name: String::new(), indent: 0, arrays: 0 }, &mut sections);
    // What stands first in the file is its title, whatever comes to stand first.
    let values = values(root, shape);
    let first = root.get_values().into_iter().next().map(|(keys, _)| keys);
    if let Some(first) = &first {
        paper.title(&lines(&before(first)));
    }
    paper.keys(&values, shape, 0, first.as_ref().and_then(|keys| keys.first().copied()));
    for section in &sections {
        paper.section(section);
    }
    let end = lines(&format!("{}\n", text(document.trailing())));
    if end.iter().any(|b| matches!(b, Between::Comment(_))) {
        let spaced = matches!(end.first(), Some(Between::Blank)) && !paper.out.is_empty();
        paper.between(&end, 0, spaced, false);
    }
    paper.out
}

/// The name of a table and how deep it lies.
struct Place {
    name: String,
    indent: usize,
    /// How many of the tables above are elements of arrays.
    arrays: usize,
}

/// A table with a header.
struct Section<'a> {
    table: &'a Table,
    shape: &'static Shape,
    header: String,
    indent: usize,
    /// A table that is there only for those within has no header.
    shown: bool,
}

/// The tables below a table in the order in which they are written.
fn collect<'a>(table: &'a Table, shape: &Shape, at: &Place, out: &mut Vec<Section<'a>>) {
    let mut inner: Vec<(usize, isize, &str, &'a Table, bool)> = Vec::new();
    dotted(table, shape, &mut inner);
    inner.sort_by_key(|(rank, position, ..)| (*rank, *position));
    for (_, _, name, table, element) in inner {
        let shape = shape.of(name);
        let name = if at.name.is_empty() { key(name) } else { format!("{}.{}", at.name, key(name)) };
        let header = if element { format!("[[{name}]]") } else { format!("[{name}]") };
        let own = table.get_values();
        out.push(Section { table, shape, header, indent: at.indent, shown: element || !table.is_implicit() || !own.is_empty() });
        let arrays = at.arrays + usize::from(element);
        collect(table, shape, &Place { name, indent: arrays * 2, arrays }, out);
    }
}

/// The tables right below a table.
fn dotted<'a>(table: &'a Table, shape: &Shape, out: &mut Vec<(usize, isize, &'a str, &'a Table, bool)>) {
    for (name, item) in table.iter() {
        match item {
            Item::Table(inner) if !inner.is_dotted() => out.push((shape.rank(name), first_position(inner), name, inner, false)),
            Item::ArrayOfTables(tables) => out.extend(tables.iter().map(|t| (shape.rank(name), first_position(t), name, t, true))),
            _ => {}
        }
    }
}

/// Where a table, or the first one within it, stands in the file.
fn first_position(table: &Table) -> isize {
    let within = table.iter().filter_map(|(_, item)| match item {
        Item::Table(inner) => Some(first_position(inner)),
        Item::ArrayOfTables(tables) => tables.iter().map(first_position).min(),
        _ => None,
    });
    table.position().into_iter().chain(within).min().unwrap_or(isize::MAX)
}

/// The keys of a table with their values, in canonical order.
fn values<'a>(table: &'a Table, shape: &Shape) -> Vec<(Vec<&'a Key>, &'a Value)> {
    let mut values = table.get_values();
    values.sort_by_key(|(keys, _)| keys.first().map_or(0, |k| shape.rank(k.get())));
    values
}

/// The blanks and comments before a key.
fn before(keys: &[&Key]) -> String {
    keys.iter().map(|key| decor(key.leaf_decor().prefix())).collect()
}

struct Paper {
    out: String,
    /// Nothing but the title has been written.
    top: bool,
}

impl Paper {
    /// The comments that the file begins with.
    fn title(&mut self, between: &[Between]) {
        let start = between.iter().position(|b| *b != Between::Blank).unwrap_or(between.len());
        between[start..].iter().for_each(|b| self.one(b, 0));
    }

    fn one(&mut self, between: &Between, indent: usize) {
        if let Between::Comment(comment) = between {
            self.out.push_str(&" ".repeat(indent));
            self.out.push_str(comment);
        }
        self.out.push('\n');
    }

    /// Blank lines and comments; one blank line comes first where `spaced`, and one stays before what follows where `open`.
    fn between(&mut self, between: &[Between], indent: usize, spaced: bool, open: bool) {
        let start = between.iter().position(|b| *b != Between::Blank).unwrap_or(between.len());
        let end = between.iter().rposition(|b| *b != Between::Blank).map_or(start, |n| n + 1);
        if spaced {
            self.out.push('\n');
        }
        between[start..end].iter().for_each(|b| self.one(b, indent));
        if open && end < between.len() && end > start {
            self.out.push('\n');
        }
    }

    /// The keys of a table; what stands before `title` was written already.
    fn keys(&mut self, values: &[(Vec<&Key>, &Value)], shape: &Shape, indent: usize, title: Option<&Key>) {
        let blocks = self.blocks(values, shape, title);
        for (at, (keys, it)) in values.iter().enumerate() {
            let name = path(keys);
            let (spaced, between, width) = &blocks[at];
            self.between(between, indent, *spaced, false);
            self.top = false;
            let lead = indent + width.max(&name.chars().count()) + 3;
            let shown = value(it, keys.last().map_or(shape, |k| shape.of(k.get())), indent, lead);
            self.out.push_str(&format!("{}{name:<width$} = {shown}", " ".repeat(indent)));
            self.end(behind(decor(it.decor().suffix())));
        }
    }

    /// For each key: whether a blank line comes first, its comments, and how wide the names of its block are. A block is a run of keys with nothing between them.
    fn blocks(&self, values: &[(Vec<&Key>, &Value)], shape: &Shape, title: Option<&Key>) -> Vec<(bool, Vec<Between>, usize)> {
        let mut out: Vec<(bool, Vec<Between>, usize)> = Vec::new();
        for (at, (keys, _)) in values.iter().enumerate() {
            let titled = keys.first().zip(title).is_some_and(|(key, title)| std::ptr::eq(*key, title));
            let between = if titled { Vec::new() } else { lines(&before(keys)) };
            let comments = between.iter().any(|b| *b != Between::Blank);
            let spaced = at > 0 && matches!(between.first(), Some(Between::Blank)) && (shape.grouped || comments);
            out.push((spaced, between, path(keys).chars().count()));
        }
        let starts =
            |out: &[(bool, Vec<Between>, usize)], at: usize| at == 0 || out[at].0 || out[at].1.iter().any(|b| *b != Between::Blank);
        let mut start = 0;
        for at in 1..=out.len() {
            if at == out.len() || starts(&out, at) {
                let width = if shape.aligned { out[start..at].iter().map(|b| b.2).max().unwrap_or(0) } else { 0 };
                out[start..at].iter_mut().for_each(|b| b.2 = width);
                start = at;
            }
        }
        out
    }

    fn end(&mut self, comment: Option<&str>) {
        if let Some(comment) = comment {
            self.out.push_str("  ");
            self.out.push_str(comment);
        }
        self.out.push('\n');
    }

    fn section(&mut self, it: &Section<'_>) {
        let values = values(it.table, it.shape);
        if it.shown {
            let between = lines(decor(it.table.decor().prefix()));
            if self.top && self.out.is_empty() {
                self.title(&between);
            } else {
                self.between(&between, it.indent, !self.top || !self.out.ends_with("\n\n"), true);
            }
            self.top = false;
            self.out.push_str(&format!("{}{}", " ".repeat(it.indent), it.header));
            self.end(behind(decor(it.table.decor().suffix())));
        }
        self.keys(&values, it.shape, it.indent, None);
    }
}
