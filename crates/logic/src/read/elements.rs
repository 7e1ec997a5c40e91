//! Lists of records.

use super::scalar::{Scalar, Target};
use super::{Key, Reader};
use crate::{Field, ListId};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Elements that one list of a case may have.
const MAX_ELEMENTS: usize = 10_000;

pub(super) struct Elements<'r, 'a, 'n> {
    pub(super) reader: &'r mut Reader<'a>,
    pub(super) name: &'n str,
    pub(super) list: ListId,
}

impl<'de> DeserializeSeed<'de> for Elements<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Elements<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Self { reader, name, list } = self;
        if reader.facts.is_given(list) {
            reader.wrong(name, "this list is stated twice; state it once");
        }
        reader.facts.give(list);
        let mut at = 0;
        while at < MAX_ELEMENTS && seq.next_element_seed(Element { reader, list, name, at })?.is_some() {
            at += 1;
        }
        if at == MAX_ELEMENTS && seq.next_element::<IgnoredAny>()?.is_some() {
            reader.wrong(name, format!("the list has more than {MAX_ELEMENTS} elements"));
            while seq.next_element::<IgnoredAny>()?.is_some() {}
        }
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.reader.wrong(self.name, "a list is expected here, not an object; put it in brackets");
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        self.reader.wrong(self.name, "a list is expected here, not a text; an empty list says that there are none");
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.reader.wrong(self.name, "a list is expected here; an empty list says that there are none");
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.visit_bool(true)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.visit_bool(true)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.visit_bool(true)
    }
}

struct Element<'r, 'a, 'n> {
    reader: &'r mut Reader<'a>,
    name: &'n str,
    list: ListId,
    at: usize,
}

impl<'de> DeserializeSeed<'de> for Element<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Element<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { reader, name, list, at } = self;
        let schema = reader.schema;
        let record = schema.vocabulary.record(list);
        let width = record.fields.len();
        let element = reader.facts.push(list, width);
        let mut next = 0;
        while let Some(key) = map.next_key_seed(Key)? {
            // Most elements state their fields in the order of declaration.
            let expected = record.fields.get(next).is_some_and(|f| f.name == *key).then_some(Field(next as u16));
            match expected.or_else(|| record.field(&key)) {
                Some(field) => {
                    next = field.0 as usize + 1;
                    let before = reader.mistakes.len();
                    map.next_value_seed(Scalar { reader, name: &key, target: Target::Field { list, width, element, field } })?;
                    for mistake in &mut reader.mistakes[before..] {
                        let lead = if reader.path.is_empty() { String::new() } else { format!("{}.", reader.path) };
                        mistake.path = format!("{lead}{name}[{at}].{key}");
                    }
                }
                None => {
                    let near = crate::nearest(&key, record.fields.iter().map(|f| f.name.as_str()));
                    let help = near.map_or_else(String::new, |n| format!("; did you mean `{n}`?"));
                    let shown: String = key.chars().take(80).collect();
                    let message = format!("a {} has no field `{shown}`{help}", record.name);
                    reader.inside(name, |r| r.inside(&format!("[{at}]"), |r| r.wrong(&shown, message)));
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        let (at, name) = (self.at, self.name);
        self.reader
            .inside(name, |r| r.inside(&format!("[{at}]"), |r| r.wrong("", "an element is an object such as {\"level\": \"felony\"}")));
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.visit_str("")
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.visit_str("")
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.visit_str("")
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.visit_str("")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.visit_str("")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        self.visit_str("")
    }
}
