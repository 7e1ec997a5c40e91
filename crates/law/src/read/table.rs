//! Walking a TOML table: every key known, every value of its type, each mistake at its place.

use std::ops::Range;
use std::str::FromStr;

use comity_logic::{Date, nearest};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::sink::{Mistake, Sink};
use crate::diagnostic::is_harmful;
use crate::model::{At, FileId, Interval, UnknownWord};

/// The file that is being read, and where its mistakes go.
pub(crate) struct Cx<'a> {
    pub(crate) file: FileId,
    pub(crate) text: &'a str,
    pub(crate) sink: &'a mut Sink,
}

impl Cx<'_> {
    pub(crate) fn at(&self, span: Range<usize>) -> At {
        At { file: self.file, start: span.start, end: span.end }
    }

    pub(crate) fn error(&mut self, at: At, code: &'static str, message: impl Into<String>) -> &mut Mistake {
        self.sink.error(at, code, message)
    }
}

/// A value of a table or list.
pub(crate) type Item<'a> = &'a Spanned<DeValue<'a>>;

/// A text and where it stands, quotation marks included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a> {
    pub(crate) value: &'a str,
    pub(crate) at: At,
}

/// A table whose keys are all known.
#[derive(Clone, Copy)]
pub(crate) struct Table<'a> {
    table: &'a DeTable<'a>,
    what: &'static str,
    pub(crate) at: At,
}

impl<'a> Table<'a> {
    /// The table, each unknown key reported. `what` is how it is called: `[[norm]]`.
    pub(crate) fn new(cx: &mut Cx<'_>, table: &'a DeTable<'a>, at: At, what: &'static str, known: &[&str]) -> Self {
        for (key, _) in table.iter().filter(|(key, _)| !known.contains(&key.get_ref().as_ref())) {
            let near = nearest(key.get_ref(), known.iter());
            let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
            let help = format!("{near}the keys are {}", known.join(", "));
            let at = cx.at(key.span());
            cx.error(at, "L0101", format!("{} has no key `{}`", called(what), key.get_ref())).help(help);
        }
        Self { table, what, at }
    }

    /// The value as a table.
    pub(crate) fn open(cx: &mut Cx<'_>, item: Item<'a>, what: &'static str, known: &[&str]) -> Option<Self> {
        let at = cx.at(item.span());
        let DeValue::Table(table) = item.get_ref() else {
            wrong_type(cx, item, what, "a table");
            return None;
        };
        Some(Self::new(cx, table, at, what, known))
    }

    /// A table of any keys.
    pub(crate) fn any(table: &'a DeTable<'a>, at: At, what: &'static str) -> Self {
        Self { table, what, at }
    }

    /// The value as a table of any keys.
    pub(crate) fn open_any(cx: &mut Cx<'_>, item: Item<'a>, what: &'static str) -> Option<Self> {
        let DeValue::Table(table) = item.get_ref() else {
            wrong_type(cx, item, what, "a table");
            return None;
        };
        Some(Self::any(table, cx.at(item.span()), what))
    }

    pub(crate) fn item(&self, key: &str) -> Option<Item<'a>> {
        self.table.get(key)
    }

    /// The keys and values, in the order in which they stand.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'a Spanned<std::borrow::Cow<'a, str>>, Item<'a>)> {
        self.table.iter()
    }

    /// Where a key's value stands; where the table does, if it has no such key.
    pub(crate) fn at_key(&self, cx: &Cx<'_>, key: &str) -> At {
        self.table.get_key_value(key).map_or(self.at, |(_, value)| cx.at(value.span()))
    }

    /// Reports the key as missing if it is.
    pub(crate) fn need(&self, cx: &mut Cx<'_>, key: &'static str) {
        if !self.table.contains_key(key) {
            cx.error(self.at, "L0103", format!("{} lacks `{key}`", called(self.what)));
        }
    }

    /// A text that says something.
    pub(crate) fn text(&self, cx: &mut Cx<'_>, key: &'static str) -> Option<Text<'a>> {
        text(cx, self.item(key)?, key)
    }

    /// A text that must be there.
    pub(crate) fn need_text(&self, cx: &mut Cx<'_>, key: &'static str) -> Option<Text<'a>> {
        self.need(cx, key);
        self.text(cx, key)
    }

    /// The same as an owned text, empty where it is missing.
    pub(crate) fn need_string(&self, cx: &mut Cx<'_>, key: &'static str) -> String {
        self.need_text(cx, key).map(|t| t.value.to_owned()).unwrap_or_default()
    }

    /// An optional owned text.
    pub(crate) fn string(&self, cx: &mut Cx<'_>, key: &'static str) -> Option<String> {
        self.text(cx, key).map(|t| t.value.to_owned())
    }

    /// A list.
    pub(crate) fn list(&self, cx: &mut Cx<'_>, key: &'static str, of: &str) -> Vec<Item<'a>> {
        match self.item(key) {
            None => Vec::new(),
            Some(item) => match item.get_ref() {
                DeValue::Array(array) => array.iter().collect(),
                _ => {
                    wrong_type(cx, item, key, &format!("a list of {of}"));
                    Vec::new()
                }
            },
        }
    }

    /// A list of texts, none of them twice.
    pub(crate) fn texts(&self, cx: &mut Cx<'_>, key: &'static str) -> Vec<Text<'a>> {
        let mut out: Vec<Text<'a>> = Vec::new();
        for item in self.list(cx, key, "texts") {
            let Some(text) = text(cx, item, key) else { continue };
            // Long lists are lists of sections; those are compared by their canonical form.
            if out.len() < 100 && out.iter().any(|other| other.value == text.value) {
                cx.error(text.at, "L0111", format!("`{}` stands twice in `{key}`", text.value));
            } else {
                out.push(text);
            }
        }
        out
    }

    /// A list of texts that must be there and must not be empty.
    pub(crate) fn need_texts(&self, cx: &mut Cx<'_>, key: &'static str) -> Vec<Text<'a>> {
        self.need(cx, key);
        if let Some(item) = self.item(key)
            && let DeValue::Array(array) = item.get_ref()
            && array.is_empty()
        {
            let at = cx.at(item.span());
            cx.error(at, "L0104", format!("`{key}` is an empty list"));
        }
        self.texts(cx, key)
    }

    /// The tables of an array of tables.
    pub(crate) fn tables(&self, cx: &mut Cx<'_>, key: &'static str, what: &'static str, known: &[&str]) -> Vec<Self> {
        self.list(cx, key, "tables").into_iter().filter_map(|item| Self::open(cx, item, what, known)).collect()
    }

    /// A table within.
    pub(crate) fn table(&self, cx: &mut Cx<'_>, key: &'static str, known: &[&str]) -> Option<Self> {
        Self::open(cx, self.item(key)?, key, known)
    }

    /// A boolean; false where it is left out.
    pub(crate) fn flag(&self, cx: &mut Cx<'_>, key: &'static str) -> bool {
        match self.item(key).map(|item| (item, item.get_ref())) {
            None => false,
            Some((_, DeValue::Boolean(value))) => *value,
            Some((item, _)) => {
                wrong_type(cx, item, key, "true or false");
                false
            }
        }
    }

    /// A whole number.
    pub(crate) fn integer(&self, cx: &mut Cx<'_>, key: &'static str) -> Option<(i64, At)> {
        let item = self.item(key)?;
        integer(cx, item, key).map(|n| (n, cx.at(item.span())))
    }

    /// A day.
    pub(crate) fn date(&self, cx: &mut Cx<'_>, key: &'static str) -> Option<Date> {
        date(cx, self.item(key)?, key)
    }

    /// A day that must be there.
    pub(crate) fn need_date(&self, cx: &mut Cx<'_>, key: &'static str) -> Option<Date> {
        self.need(cx, key);
        self.date(cx, key)
    }

    /// One of the words of an enumeration.
    pub(crate) fn word<T: FromStr<Err = UnknownWord>>(&self, cx: &mut Cx<'_>, key: &'static str) -> Option<T> {
        let text = self.text(cx, key)?;
        word(cx, text, key)
    }

    /// A word that must be there.
    pub(crate) fn need_word<T: FromStr<Err = UnknownWord>>(&self, cx: &mut Cx<'_>, key: &'static str) -> Option<T> {
        self.need(cx, key);
        self.word(cx, key)
    }

    /// Days in force within outer ones; what is left out is theirs.
    pub(crate) fn in_force(&self, cx: &mut Cx<'_>, outer: Interval, of: &str) -> Interval {
        let Some(table) = self.table(cx, "in_force", &["from", "to"]) else { return outer };
        let own = Interval { from: table.date(cx, "from"), to: table.date(cx, "to") };
        if own.from.is_none() && own.to.is_none() {
            if table.item("from").is_none() && table.item("to").is_none() {
                cx.error(table.at, "L0103", "`in_force` lacks `from` or `to`");
            }
            return outer;
        }
        if let (Some(from), Some(to)) = (own.from, own.to)
            && to < from
        {
            cx.error(table.at, "L0201", format!("the last day, {to}, comes before the first, {from}"));
            return own;
        }
        let merged = Interval { from: own.from.or(outer.from), to: own.to.or(outer.to) };
        if !outer.covers(&merged) || merged.from.zip(merged.to).is_some_and(|(from, to)| to < from) {
            let outside = format!("these days are not all within those of {of}: {}", days(outer));
            cx.error(table.at, "L0202", outside);
        }
        merged
    }
}

/// What a table is called: a bare key stands in back-quotes.
fn called(what: &str) -> String {
    if what.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') { format!("`{what}`") } else { what.to_owned() }
}

/// An interval in words.
pub(crate) fn days(interval: Interval) -> String {
    match (interval.from, interval.to) {
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("to {to}"),
        (None, None) => "always".to_owned(),
    }
}

/// Reports a value of the wrong type.
pub(crate) fn wrong_type(cx: &mut Cx<'_>, item: Item<'_>, what: &str, expected: &str) {
    let found = match item.get_ref() {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a day or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    let at = cx.at(item.span());
    let help = match item.get_ref() {
        DeValue::String(s) if expected.starts_with("a day") && s.parse::<Date>().is_ok() => {
            Some(format!("write it without quotation marks: {s}"))
        }
        DeValue::String(_) if expected.starts_with("a list of texts") => Some("put square brackets around it".to_owned()),
        DeValue::Table(_) if expected.starts_with("a list of tables") => {
            Some("write its heading in double square brackets, `[[…]]`".to_owned())
        }
        _ => None,
    };
    cx.error(at, "L0102", format!("`{what}` is {expected}, not {found}")).maybe_help(help);
}

/// A text that says something and hides nothing.
pub(crate) fn text<'a>(cx: &mut Cx<'_>, item: Item<'a>, what: &str) -> Option<Text<'a>> {
    let DeValue::String(value) = item.get_ref() else {
        wrong_type(cx, item, what, "a text");
        return None;
    };
    let at = cx.at(item.span());
    if value.trim().is_empty() {
        cx.error(at, "L0104", format!("`{what}` is empty"));
        return None;
    }
    let plain = value.bytes().all(|b| (0x20..0x7f).contains(&b));
    if !plain && let Some(c) = value.chars().find(|c| is_harmful(*c) && !matches!(c, '\n' | '\r' | '\t')) {
        let message = format!("`{what}` has a control or invisible character, U+{:04X}", u32::from(c));
        cx.error(at, "L0105", message);
    }
    Some(Text { value, at })
}

/// A whole number.
pub(crate) fn integer(cx: &mut Cx<'_>, item: Item<'_>, what: &str) -> Option<i64> {
    let DeValue::Integer(value) = item.get_ref() else {
        wrong_type(cx, item, what, "a whole number");
        return None;
    };
    let number = i64::from_str_radix(value.as_str(), value.radix()).ok();
    if number.is_none() {
        let at = cx.at(item.span());
        cx.error(at, "L0110", format!("`{what}` is too large a number"));
    }
    number
}

/// A day.
pub(crate) fn date(cx: &mut Cx<'_>, item: Item<'_>, what: &str) -> Option<Date> {
    let DeValue::Datetime(value) = item.get_ref() else {
        wrong_type(cx, item, what, "a day such as 2018-01-04");
        return None;
    };
    let at = cx.at(item.span());
    match (value.date, value.time) {
        (Some(d), None) => {
            let day = i16::try_from(d.year).ok().and_then(|year| Date::new(year, d.month as i8, d.day as i8).ok());
            if day.is_none() {
                cx.error(at, "L0102", format!("`{what}` is no day of the calendar"));
            }
            day
        }
        _ => {
            cx.error(at, "L0102", format!("`{what}` is a day such as 2018-01-04, without a time"));
            None
        }
    }
}

/// One of the words of an enumeration.
pub(crate) fn word<T: FromStr<Err = UnknownWord>>(cx: &mut Cx<'_>, text: Text<'_>, what: &str) -> Option<T> {
    match text.value.parse() {
        Ok(value) => Some(value),
        Err(unknown) => {
            let near = nearest(text.value, unknown.known.iter()).map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
            cx.error(text.at, "L0106", format!("`{what}` cannot be `{}`", text.value)).help(format!("{near}{unknown}"));
            None
        }
    }
}
