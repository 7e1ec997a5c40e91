//! The facts of one case: what is stated has a value, everything else is unknown.

use crate::classes::{ClassSet, canonical};
use crate::{Date, Declared, FactId, Field, ListId, Schema, Slot, Vocabulary};

/// The value of a fact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// Not stated.
    Unknown,
    /// `true` or `false`.
    Bool(bool),
    /// The position among the declared values.
    Enum(u8),
    /// A whole number.
    Int(i64),
    /// A day.
    Date(Date),
    /// A text or an offence code: its position among the case's texts.
    Text(u32),
}

/// A text of the case: where it ends among all of them, and the offence classes it belongs to.
#[derive(Clone, Debug)]
struct Text {
    end: u32,
    classes: ClassSet,
}

#[derive(Clone, Debug, Default)]
struct List {
    given: bool,
    /// Known to have no other elements, whatever its completeness fact says.
    closed: bool,
    values: Vec<Value>,
}

/// The facts of one case.
#[derive(Clone, Debug)]
pub struct Facts {
    scalars: Vec<Value>,
    lists: Vec<List>,
    texts: Vec<Text>,
    /// The texts one after the other.
    written: String,
}

impl Facts {
    /// A case of which nothing is known.
    #[must_use]
    pub fn new(vocabulary: &Vocabulary) -> Self {
        Self {
            scalars: vec![Value::Unknown; vocabulary.scalars().len()],
            lists: vec![List::default(); vocabulary.list_count()],
            texts: Vec::new(),
            written: String::new(),
        }
    }

    /// The value of a scalar fact.
    #[must_use]
    pub fn scalar(&self, slot: Slot) -> Value {
        self.scalars[slot.0 as usize]
    }

    /// States a scalar fact, or takes it back with [`Value::Unknown`].
    pub fn set(&mut self, slot: Slot, value: Value) {
        self.scalars[slot.0 as usize] = value;
    }

    /// Whether anything is said of the list.
    #[must_use]
    pub fn is_given(&self, list: ListId) -> bool {
        self.lists[list.0 as usize].given
    }

    /// Whether the list is known to have no other elements than those given.
    #[must_use]
    pub fn is_complete(&self, list: ListId, vocabulary: &Vocabulary) -> bool {
        let marked = || vocabulary.complete_fact(list).is_some_and(|slot| self.scalar(slot) == Value::Bool(false));
        self.is_given(list) && (self.lists[list.0 as usize].closed || !marked())
    }

    /// Makes the list complete without touching the fact that says so: conditions may ask about that fact as well.
    pub(crate) fn close(&mut self, list: ListId) {
        let list = &mut self.lists[list.0 as usize];
        list.given = true;
        list.closed = true;
    }

    /// States that the list is known; its elements follow by [`Facts::push`].
    pub fn give(&mut self, list: ListId) {
        let list = &mut self.lists[list.0 as usize];
        list.given = true;
        list.values.clear();
    }

    /// Takes back what was said of the list.
    pub fn forget(&mut self, list: ListId) {
        self.lists[list.0 as usize] = List::default();
    }

    /// Adds an element of which nothing is known; returns its position.
    pub fn push(&mut self, list: ListId, width: usize) -> usize {
        let list = &mut self.lists[list.0 as usize];
        list.given = true;
        let at = list.values.len() / width.max(1);
        if at == 0 {
            list.values.reserve(4 * width);
        }
        list.values.resize(list.values.len() + width, Value::Unknown);
        at
    }

    /// States a field of an element.
    pub fn set_field(&mut self, list: ListId, width: usize, element: usize, field: Field, value: Value) {
        *self.field_mut(list, width, element, field) = value;
    }

    /// Where the value of a scalar is kept.
    pub(crate) fn scalar_mut(&mut self, slot: Slot) -> &mut Value {
        &mut self.scalars[slot.0 as usize]
    }

    /// Where the value of an element's field is kept.
    pub(crate) fn field_mut(&mut self, list: ListId, width: usize, element: usize, field: Field) -> &mut Value {
        &mut self.lists[list.0 as usize].values[element * width + field.0 as usize]
    }

    /// The elements of a list, each as the values of its fields.
    pub fn elements(&self, list: ListId, width: usize) -> std::slice::ChunksExact<'_, Value> {
        self.lists[list.0 as usize].values.chunks_exact(width.max(1))
    }

    /// Keeps a text with the offence classes it belongs to.
    pub fn text(&mut self, text: &str, classes: ClassSet) -> Value {
        if self.texts.is_empty() {
            self.written.reserve(128);
            self.texts.reserve(8);
        }
        self.written.push_str(text);
        self.texts.push(Text { end: self.written.len() as u32, classes });
        Value::Text((self.texts.len() - 1) as u32)
    }

    /// Keeps a text of another case, with its classes.
    pub fn copy_text(&mut self, from: &Self, value: Value) -> Value {
        match value {
            Value::Text(at) => self.text(from.text_of(at), *from.classes_of(at)),
            other => other,
        }
    }

    pub(crate) fn text_of(&self, at: u32) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.texts[before as usize].end);
        &self.written[start as usize..self.texts[at as usize].end as usize]
    }

    pub(crate) fn classes_of(&self, at: u32) -> &ClassSet {
        &self.texts[at as usize].classes
    }

    /// The text behind a value, if it is one.
    #[must_use]
    pub fn as_text(&self, value: Value) -> Option<&str> {
        match value {
            Value::Text(at) => Some(self.text_of(at)),
            _ => None,
        }
    }

    /// Reads a value from plain text as the fact is declared: `detainer`, `true`, `48`, `2018-03-01`, `CA PC 187`.
    ///
    /// # Errors
    /// Says what the fact expects instead.
    pub fn parse(&mut self, schema: &Schema, declared: &Declared, text: &str) -> Result<Value, String> {
        let shown = || text.chars().take(60).collect::<String>();
        Ok(match declared {
            Declared::Bool => match text {
                "true" | "yes" => Value::Bool(true),
                "false" | "no" => Value::Bool(false),
                _ => return Err(format!("`{}` is neither true nor false", shown())),
            },
            Declared::Enum(values) => match values.iter().position(|v| v == text) {
                Some(at) => Value::Enum(at as u8),
                None => {
                    let near = crate::nearest(text, values.iter()).map(|n| format!(" Did you mean `{n}`?")).unwrap_or_default();
                    return Err(format!("`{}` is not one of {}.{near}", shown(), values.join(", ")));
                }
            },
            Declared::Int { min } => match text.parse::<i64>() {
                Ok(n) if min.is_none_or(|m| n >= m) => Value::Int(n),
                Ok(_) => return Err(format!("{} is below {}", shown(), min.unwrap_or_default())),
                Err(_) => return Err(format!("`{}` is not a whole number", shown())),
            },
            Declared::Date => match parse_date(text) {
                Some(day) => Value::Date(day),
                None => return Err(format!("`{}` is not a day; write it as 2018-03-01", shown())),
            },
            Declared::Text => self.text(text, ClassSet::default()),
            Declared::Offense => {
                let code = canonical(text)?;
                let classes = schema.classes.of(&code);
                self.text(&code, classes)
            }
            Declared::List { .. } => return Err("a list is stated as JSON".to_owned()),
        })
    }

    /// A value as it is written in a case.
    #[must_use]
    pub fn show(&self, vocabulary: &Vocabulary, id: FactId, value: Value) -> String {
        match (value, &vocabulary.fact(id).declared) {
            (Value::Bool(b), _) => b.to_string(),
            (Value::Enum(at), Declared::Enum(values)) => values.get(at as usize).cloned().unwrap_or_default(),
            (Value::Int(n), _) => n.to_string(),
            (Value::Date(d), _) => d.to_string(),
            (Value::Text(at), _) => self.text_of(at).to_owned(),
            _ => "unknown".to_owned(),
        }
    }
}

/// A day written as year-month-day, and nothing else: `2018-03-01`.
#[must_use]
pub fn parse_date(text: &str) -> Option<Date> {
    let b = text.as_bytes();
    if b.len() != 10 || b[4] != b'-' || b[7] != b'-' {
        return None;
    }
    let number =
        |from: usize, to: usize| b[from..to].iter().try_fold(0i16, |n, c| c.is_ascii_digit().then(|| n * 10 + i16::from(c - b'0')));
    Date::new(number(0, 4)?, number(5, 7)? as i8, number(8, 10)? as i8).ok()
}
