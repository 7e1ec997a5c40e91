//! Facts from JSON, straight into their positions.

mod elements;
mod scalar;

use crate::vocabulary::Entry;
use crate::{FactId, Facts, Schema};
use elements::Elements;
use scalar::{Scalar, Target};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// What is wrong with a stated fact: the path to it, and the remedy in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactMistake {
    /// The way to the value: `person.convictions[0].level`.
    pub path: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// So many mistakes of a case are told; whoever has more has one cause for them, or means harm.
pub const MAX_MISTAKES: usize = 100;

/// Reads an object of facts, as nested groups (`{"request": {"kind": …}}`) or by dotted names. Mistakes are collected, nothing is dropped silently.
#[derive(Debug)]
pub struct FactsSeed<'a> {
    /// What the facts are declared as.
    pub schema: &'a Schema,
    /// Where mistakes go.
    pub mistakes: &'a mut Vec<FactMistake>,
}

impl<'de> DeserializeSeed<'de> for FactsSeed<'_> {
    type Value = Facts;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Facts, D::Error> {
        let mut facts = Facts::new(&self.schema.vocabulary);
        let mut reader = Reader { schema: self.schema, facts: &mut facts, mistakes: self.mistakes, path: String::with_capacity(32) };
        deserializer.deserialize_any(Group { reader: &mut reader, group: 0 })?;
        Ok(facts)
    }
}

struct Reader<'a> {
    schema: &'a Schema,
    facts: &'a mut Facts,
    mistakes: &'a mut Vec<FactMistake>,
    /// Kept only for the names in mistakes; a name is added after something went wrong, never before.
    path: String,
}

impl Reader<'_> {
    fn wrong(&mut self, name: &str, message: impl Into<String>) {
        if self.mistakes.len() >= MAX_MISTAKES {
            return;
        }
        let path = match (self.path.is_empty(), name.is_empty()) {
            (true, _) => name.to_owned(),
            (_, true) => self.path.clone(),
            _ => format!("{}.{name}", self.path),
        };
        self.mistakes.push(FactMistake { path, message: message.into() });
    }

    fn unknown(&mut self, name: &str) {
        if self.mistakes.len() >= MAX_MISTAKES {
            return;
        }
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        let shown: String = path.chars().take(80).collect();
        let help = self
            .schema
            .vocabulary
            .nearest(&path)
            .map_or_else(|| "see `comity law facts` for the declared facts".to_owned(), |n| format!("did you mean `{n}`?"));
        self.wrong(&name.chars().take(80).collect::<String>(), format!("there is no fact `{shown}`; {help}"));
    }

    /// Runs with a longer path for mistakes.
    fn inside<T>(&mut self, part: &str, run: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.path.len();
        if before > 0 && !part.starts_with('[') {
            self.path.push('.');
        }
        self.path.push_str(part);
        let done = run(self);
        self.path.truncate(before);
        done
    }
}

struct Group<'r, 'a> {
    reader: &'r mut Reader<'a>,
    group: usize,
}

impl<'de> DeserializeSeed<'de> for Group<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Group<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of facts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { reader, group } = self;
        while let Some(key) = map.next_key_seed(Key)? {
            let entry = match reader.schema.vocabulary.entry(group, &key) {
                None if key.contains('.') => {
                    let whole = if reader.path.is_empty() { key.to_string() } else { format!("{}.{key}", reader.path) };
                    reader.schema.vocabulary.find(&whole).filter(|id| !matches!(id, FactId::Field(..))).map(Entry::Fact)
                }
                entry => entry,
            };
            match entry {
                Some(Entry::Group(next)) => reader.inside(&key, |reader| map.next_value_seed(Group { reader, group: next }))?,
                Some(Entry::Fact(FactId::Scalar(slot))) if slot.0 <= crate::Vocabulary::AGENCY_NAME.0 => {
                    reader.wrong(&key, "the day and the agency are stated beside the facts, not among them");
                    map.next_value::<IgnoredAny>()?;
                }
                Some(Entry::Fact(FactId::Scalar(slot))) => {
                    map.next_value_seed(Scalar { reader, name: &key, target: Target::Scalar(slot) })?
                }
                Some(Entry::Fact(FactId::List(list))) => map.next_value_seed(Elements { reader, name: &key, list })?,
                Some(Entry::Fact(FactId::Field(..))) | None => {
                    reader.unknown(&key);
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        self.reader.wrong("", "an object of facts is expected here, not a list");
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.not_a_group()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.not_a_group()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.not_a_group()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.not_a_group()
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        self.not_a_group()
    }
}

impl Group<'_, '_> {
    fn not_a_group<E: Error>(self) -> Result<(), E> {
        self.reader.wrong("", "an object of facts is expected here, not a single value");
        Ok(())
    }
}

/// A key, borrowed where the text has it as it stands.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = std::borrow::Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = std::borrow::Cow<'de, str>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_borrowed_str<E: Error>(self, v: &'de str) -> Result<Self::Value, E> {
                Ok(v.into())
            }
            fn visit_str<E: Error>(self, v: &str) -> Result<Self::Value, E> {
                Ok(v.to_owned().into())
            }
        }
        deserializer.deserialize_str(Text)
    }
}
