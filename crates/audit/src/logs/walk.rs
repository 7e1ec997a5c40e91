//! Walking a mapping file: every key known, every value of its type, every mistake with its line and column.

use super::mapping::Mistake;
use comity_logic::nearest;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The file that is being read, and its mistakes so far.
pub(super) struct Walk<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    pub(super) mistakes: Vec<Mistake>,
}

/// A value and where it stands.
pub(super) type Item<'a> = &'a Spanned<DeValue<'a>>;

/// A text and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) value: String,
    pub(super) at: Range<usize>,
}

/// A table whose keys are all known.
#[derive(Clone)]
pub(super) struct Part<'a> {
    table: &'a DeTable<'a>,
    what: &'static str,
    pub(super) at: Range<usize>,
}

impl Walk<'_> {
    pub(super) fn wrong(&mut self, at: Range<usize>, message: impl Into<String>) {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        self.mistakes.push(Mistake { file: self.file.to_owned(), line, column, message: message.into() });
    }

    pub(super) fn part<'t>(&mut self, table: &'t DeTable<'t>, at: Range<usize>, what: &'static str, known: &[&str]) -> Part<'t> {
        for (key, _) in table.iter().filter(|(key, _)| !known.contains(&key.get_ref().as_ref())) {
            let near = nearest(key.get_ref(), known.iter()).map(|n| format!("did you mean `{n}`? ")).unwrap_or_default();
            self.wrong(key.span(), format!("{what} has no key `{}`; {near}its keys are {}", key.get_ref(), known.join(", ")));
        }
        Part { table, what, at }
    }

    /// A text; anything else is a mistake.
    pub(super) fn text_of(&mut self, item: Item<'_>, name: &str) -> Option<Text> {
        match item.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => Some(Text { value: text.to_string(), at: item.span() }),
            DeValue::String(_) => {
                self.wrong(item.span(), format!("`{name}` is empty; write what it is, or leave it out"));
                None
            }
            other => {
                self.wrong(item.span(), format!("`{name}` is {}; a text in quotes is expected", kind_of(other)));
                None
            }
        }
    }

    /// A value of a fact: a text, a boolean, a whole number or a day.
    pub(super) fn value_of(&mut self, item: Item<'_>, name: &str) -> Option<Text> {
        let value = match item.get_ref() {
            DeValue::Boolean(b) => b.to_string(),
            DeValue::Integer(n) => n.to_string(),
            DeValue::Datetime(day) => day.to_string(),
            _ => return self.text_of(item, name),
        };
        Some(Text { value, at: item.span() })
    }
}

impl<'a> Part<'a> {
    pub(super) fn has(&self, name: &str) -> bool {
        self.item(name).is_some()
    }

    pub(super) fn item(&self, name: &str) -> Option<Item<'a>> {
        self.table.get(name)
    }

    pub(super) fn text(&self, walk: &mut Walk<'_>, name: &str) -> Option<Text> {
        self.item(name).and_then(|item| walk.text_of(item, name))
    }

    /// A text that has to be there.
    pub(super) fn needed(&self, walk: &mut Walk<'_>, name: &str, sample: &str) -> Option<Text> {
        if !self.has(name) {
            walk.wrong(self.at.clone(), format!("{} has no `{name}`; write {name} = {sample}", self.what));
        }
        self.text(walk, name)
    }

    /// A text, or a list of texts.
    pub(super) fn texts(&self, walk: &mut Walk<'_>, name: &str) -> Vec<Text> {
        let Some(item) = self.item(name) else { return Vec::new() };
        match item.get_ref() {
            DeValue::Array(items) => items.iter().filter_map(|i| walk.text_of(i, name)).collect(),
            _ => walk.text_of(item, name).into_iter().collect(),
        }
    }

    /// A table within.
    pub(super) fn table(&self, walk: &mut Walk<'_>, name: &str) -> Option<(&'a DeTable<'a>, Range<usize>)> {
        let item = self.item(name)?;
        match item.get_ref() {
            DeValue::Table(table) => Some((table, item.span())),
            other => {
                walk.wrong(item.span(), format!("`{name}` is {}; a table is expected: [{name}]", kind_of(other)));
                None
            }
        }
    }

    /// A list of tables within: `[[fact]]`.
    pub(super) fn tables(&self, walk: &mut Walk<'_>, name: &str) -> Vec<(&'a DeTable<'a>, Range<usize>)> {
        let Some(item) = self.item(name) else { return Vec::new() };
        let DeValue::Array(items) = item.get_ref() else {
            walk.wrong(item.span(), format!("`{name}` is {}; write [[{name}]]", kind_of(item.get_ref())));
            return Vec::new();
        };
        let mut found = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::Table(table) => found.push((table, item.span())),
                other => walk.wrong(item.span(), format!("`{name}` is {}; write [[{name}]]", kind_of(other))),
            }
        }
        found
    }

    /// Pairs of texts: `values = { "LPR" = "license-plate-reader" }`.
    pub(super) fn pairs(&self, walk: &mut Walk<'_>, name: &str) -> Vec<(String, Text)> {
        let Some((table, _)) = self.table(walk, name) else { return Vec::new() };
        table.iter().filter_map(|(key, item)| Some((key.get_ref().to_string(), walk.value_of(item, name)?))).collect()
    }
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a day",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
