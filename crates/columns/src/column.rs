//! The facts of many rows, column by column.

use crate::day::{self, Packed};
use comity_logic::{ClassSet, Date, Declared, Facts, Field, ListId, Schema, Slot, Value, Vocabulary};
use rustc_hash::FxHashMap;

/// One fact of many rows, or one field of many elements. What was never set is unknown.
#[derive(Clone, Debug)]
pub(crate) enum Column {
    Bools {
        known: Vec<u64>,
        yes: Vec<u64>,
    },
    /// The value's position plus one, a plane a bit; zero is unknown. Planes of a word stand side by side.
    Enums {
        width: usize,
        planes: Vec<u64>,
    },
    Ints(Vec<Option<i64>>),
    Days(Vec<Packed>),
    /// Positions in the dictionary; `u32::MAX` is unknown.
    Texts(Vec<u32>),
}

impl Column {
    fn for_value(value: Value, declared: &Declared, rows: usize) -> Option<Self> {
        let words = rows.div_ceil(64);
        Some(match value {
            Value::Unknown => return None,
            Value::Bool(_) => Self::Bools { known: vec![0; words], yes: vec![0; words] },
            Value::Enum(_) => {
                let values = if let Declared::Enum(values) = declared { values.len() } else { 64 };
                let width = (usize::BITS - values.leading_zeros()) as usize;
                Self::Enums { width, planes: vec![0; words * width] }
            }
            Value::Int(_) => Self::Ints(vec![None; rows]),
            Value::Date(_) => Self::Days(vec![day::UNKNOWN; rows]),
            Value::Text(_) => Self::Texts(vec![u32::MAX; rows]),
        })
    }

    fn grow(&mut self, rows: usize) {
        let words = rows.div_ceil(64);
        match self {
            Self::Bools { known, yes } => {
                known.resize(words, 0);
                yes.resize(words, 0);
            }
            Self::Enums { width, planes } => planes.resize(words * *width, 0),
            Self::Ints(values) => values.resize(rows, None),
            Self::Days(values) => values.resize(rows, day::UNKNOWN),
            Self::Texts(values) => values.resize(rows, u32::MAX),
        }
    }

    fn set(&mut self, row: usize, value: Value) {
        let (word, bit) = (row / 64, row % 64);
        let put = |plane: &mut u64, on: bool| *plane = *plane & !(1 << bit) | u64::from(on) << bit;
        match (self, value) {
            (Self::Bools { known, yes }, Value::Bool(b)) => {
                put(&mut known[word], true);
                put(&mut yes[word], b);
            }
            (Self::Bools { known, .. }, Value::Unknown) => put(&mut known[word], false),
            (Self::Enums { width, planes }, value) => {
                let code = if let Value::Enum(at) = value { usize::from(at) + 1 } else { 0 };
                for (at, plane) in planes[word * *width..(word + 1) * *width].iter_mut().enumerate() {
                    put(plane, code >> at & 1 == 1);
                }
            }
            (Self::Ints(values), value) => values[row] = if let Value::Int(n) = value { Some(n) } else { None },
            (Self::Days(values), value) => values[row] = if let Value::Date(d) = value { day::pack(d) } else { day::UNKNOWN },
            (Self::Texts(values), value) => values[row] = if let Value::Text(at) = value { at } else { u32::MAX },
            // A value of another type than the column's is none: the vocabulary gives every fact one type.
            (Self::Bools { known, .. }, _) => put(&mut known[word], false),
        }
    }

    pub(crate) fn value(&self, row: usize) -> Value {
        let (word, bit) = (row / 64, row % 64);
        match self {
            Self::Bools { known, yes } if known[word] >> bit & 1 == 1 => Value::Bool(yes[word] >> bit & 1 == 1),
            Self::Bools { .. } => Value::Unknown,
            Self::Enums { width, planes } => {
                let code: usize = (0..*width).map(|at| ((planes[word * *width + at] >> bit & 1) as usize) << at).sum();
                code.checked_sub(1).map_or(Value::Unknown, |at| Value::Enum(at as u8))
            }
            Self::Ints(values) => values[row].map_or(Value::Unknown, Value::Int),
            Self::Days(values) => day::unpack(values[row]).map_or(Value::Unknown, Value::Date),
            Self::Texts(values) => {
                if values[row] == u32::MAX {
                    Value::Unknown
                } else {
                    Value::Text(values[row])
                }
            }
        }
    }
}

/// The lists of many rows: all elements one after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Elements {
    /// Rows of which anything is said of the list.
    pub(crate) given: Vec<u64>,
    /// Rows that have elements.
    pub(crate) filled: Vec<u64>,
    /// Where the elements of each row begin, up to the last row that has any.
    starts: Vec<u32>,
    /// The row of each element.
    pub(crate) row_of: Vec<u32>,
    pub(crate) fields: Vec<Option<Column>>,
}

impl Elements {
    /// The elements of a row.
    #[inline]
    pub(crate) fn of(&self, row: usize) -> std::ops::Range<usize> {
        let at = |row: usize| self.starts.get(row).map_or(self.row_of.len(), |s| *s as usize);
        at(row)..at(row + 1)
    }
}

/// The facts of many rows. A fact for which no row has a value takes no space.
#[derive(Clone, Debug)]
pub struct Columns {
    rows: usize,
    pub(crate) scalars: Vec<Option<Column>>,
    pub(crate) lists: Vec<Option<Elements>>,
    /// The dictionary of texts.
    pub(crate) texts: Facts,
    ids: FxHashMap<(bool, Box<str>), Value>,
}

impl Columns {
    /// So many rows of which nothing is known.
    #[must_use]
    pub fn new(vocabulary: &Vocabulary, rows: usize) -> Self {
        Self {
            rows,
            scalars: vec![None; vocabulary.scalars().len()],
            lists: vec![None; vocabulary.list_count()],
            texts: Facts::new(vocabulary),
            ids: FxHashMap::default(),
        }
    }

    /// So many rows of which nothing is known, with the dictionary of these columns.
    #[must_use]
    pub fn resized(&self, rows: usize) -> Self {
        Self {
            rows,
            scalars: vec![None; self.scalars.len()],
            lists: vec![None; self.lists.len()],
            texts: self.texts.clone(),
            ids: FxHashMap::default(),
        }
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// States a scalar fact of a row; a text must come from [`Columns::text`] or [`Columns::parse`] of these columns.
    pub fn set(&mut self, vocabulary: &Vocabulary, slot: Slot, row: usize, value: Value) {
        let (rows, column) = (self.rows, &mut self.scalars[slot.0 as usize]);
        if column.is_none() {
            *column = Column::for_value(value, &vocabulary.scalars()[slot.0 as usize].declared, rows);
        }
        if let Some(column) = column {
            column.set(row, value);
        }
    }

    /// States that a row's list is known; its elements follow. Rows come in ascending order.
    pub fn give(&mut self, list: ListId, row: usize) {
        let words = self.rows.div_ceil(64);
        let elements = self.lists[list.0 as usize].get_or_insert_with(Elements::default);
        elements.given.resize(words, 0);
        elements.filled.resize(words, 0);
        elements.given[row / 64] |= 1 << (row % 64);
    }

    /// Adds an element, given as the values of its fields, to a row's list. Rows come in ascending order.
    pub fn push(&mut self, vocabulary: &Vocabulary, list: ListId, row: usize, values: &[(Field, Value)]) {
        self.give(list, row);
        let fields = &vocabulary.record(list).fields;
        let Some(elements) = &mut self.lists[list.0 as usize] else { return };
        elements.filled[row / 64] |= 1 << (row % 64);
        let count = elements.row_of.len();
        elements.starts.resize(elements.starts.len().max(row + 1), count as u32);
        elements.row_of.push(row as u32);
        elements.fields.resize(fields.len(), None);
        let count = count + 1;
        elements.fields.iter_mut().flatten().for_each(|column| column.grow(count));
        for (field, value) in values {
            let column = &mut elements.fields[field.0 as usize];
            if column.is_none() {
                *column = Column::for_value(*value, &fields[field.0 as usize].declared, count);
            }
            if let Some(column) = column {
                column.set(count - 1, *value);
            }
        }
    }

    /// Keeps a text, with the offense classes it belongs to, in the dictionary.
    pub fn text(&mut self, text: &str, classes: ClassSet) -> Value {
        let texts = &mut self.texts;
        *self.ids.entry((false, text.into())).or_insert_with(|| texts.text(text, classes))
    }

    /// Reads a value from plain text as the fact is declared; texts and offenses go to the dictionary, each once.
    ///
    /// # Errors
    /// Says what the fact expects instead.
    pub fn parse(&mut self, schema: &Schema, declared: &Declared, text: &str) -> Result<Value, String> {
        let is_offense = *declared == Declared::Offense;
        if !is_offense && *declared != Declared::Text {
            return self.texts.parse(schema, declared, text);
        }
        if let Some(value) = self.ids.get(&(is_offense, text.into())) {
            return Ok(*value);
        }
        let value = self.texts.parse(schema, declared, text)?;
        self.ids.insert((is_offense, text.into()), value);
        Ok(value)
    }

    /// States every known fact of a case for a row. Rows come in ascending order where they have lists.
    pub fn set_all(&mut self, vocabulary: &Vocabulary, row: usize, facts: &Facts) {
        for (at, fact) in vocabulary.scalars().iter().enumerate() {
            let value = facts.scalar(Slot(at as u16));
            if value != Value::Unknown {
                let value = self.copied(facts, value, &fact.declared);
                self.set(vocabulary, Slot(at as u16), row, value);
            }
        }
        for list in (0..vocabulary.list_count()).map(|l| ListId(l as u16)) {
            if !facts.is_given(list) {
                continue;
            }
            self.give(list, row);
            let fields = &vocabulary.record(list).fields;
            for element in facts.elements(list, fields.len()) {
                let values: Vec<(Field, Value)> = element
                    .iter()
                    .zip(fields)
                    .enumerate()
                    .map(|(at, (value, field))| (Field(at as u16), self.copied(facts, *value, &field.declared)))
                    .collect();
                self.push(vocabulary, list, row, &values);
            }
        }
    }

    fn copied(&mut self, from: &Facts, value: Value, declared: &Declared) -> Value {
        let Some(text) = from.as_text(value) else { return value };
        let texts = &mut self.texts;
        *self.ids.entry((*declared == Declared::Offense, text.into())).or_insert_with(|| texts.copy_text(from, value))
    }

    /// The facts of a row, over those that all rows share.
    #[must_use]
    pub fn row(&self, vocabulary: &Vocabulary, row: usize, shared: &Facts) -> Facts {
        let mut facts = shared.clone();
        for (at, column) in self.scalars.iter().enumerate() {
            if let Some(value) = column.as_ref().map(|c| c.value(row)).filter(|v| *v != Value::Unknown) {
                let value = facts.copy_text(&self.texts, value);
                facts.set(Slot(at as u16), value);
            }
        }
        for (at, elements) in self.lists.iter().enumerate() {
            let Some(elements) = elements.as_ref().filter(|e| e.given[row / 64] >> (row % 64) & 1 == 1) else { continue };
            let list = ListId(at as u16);
            let width = vocabulary.record(list).fields.len();
            facts.give(list);
            for element in elements.of(row) {
                let to = facts.push(list, width);
                for (field, column) in elements.fields.iter().enumerate() {
                    if let Some(column) = column {
                        let value = facts.copy_text(&self.texts, column.value(element));
                        facts.set_field(list, width, to, Field(field as u16), value);
                    }
                }
            }
        }
        facts
    }

    /// The day of a scalar fact of a row, if it is one and known.
    pub(crate) fn day(&self, slot: Slot, row: usize) -> Option<Date> {
        match self.scalars[slot.0 as usize].as_ref()?.value(row) {
            Value::Date(day) => Some(day),
            _ => None,
        }
    }
}
