//! Facts from JSON, straight into their positions; and back.

use crate::vocabulary::Entry;
use crate::{Declared, FactId, Facts, Field, ListId, Schema, Slot, Value};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};
use std::fmt;

/// What is wrong with a stated fact: the path to it, and the remedy in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactMistake {
    /// The way to the value: `person.convictions[0].level`.
    pub path: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

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

/// Elements that one list of a case may have.
const MAX_ELEMENTS: usize = 10_000;

struct Reader<'a> {
    schema: &'a Schema,
    facts: &'a mut Facts,
    mistakes: &'a mut Vec<FactMistake>,
    /// Kept only for the names in mistakes; a name is added after something went wrong, never before.
    path: String,
}

impl Reader<'_> {
    fn wrong(&mut self, name: &str, message: impl Into<String>) {
        let path = match (self.path.is_empty(), name.is_empty()) {
            (true, _) => name.to_owned(),
            (_, true) => self.path.clone(),
            _ => format!("{}.{name}", self.path),
        };
        self.mistakes.push(FactMistake { path, message: message.into() });
    }

    fn unknown(&mut self, name: &str) {
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

#[derive(Clone, Copy)]
enum Target {
    Scalar(Slot),
    Field { list: ListId, width: usize, element: usize, field: Field },
}

struct Scalar<'r, 'a, 'n> {
    reader: &'r mut Reader<'a>,
    name: &'n str,
    target: Target,
}

impl<'a> Scalar<'_, 'a, '_> {
    fn declared(&self) -> &'a Declared {
        let id = match self.target {
            Target::Scalar(slot) => FactId::Scalar(slot),
            Target::Field { list, field, .. } => FactId::Field(list, field),
        };
        &self.reader.schema.vocabulary.fact(id).declared
    }

    fn store(self, value: Value) {
        let place = match self.target {
            Target::Scalar(slot) => self.reader.facts.scalar_mut(slot),
            Target::Field { list, width, element, field } => self.reader.facts.field_mut(list, width, element, field),
        };
        if !matches!(place, Value::Unknown) {
            return self.reader.wrong(self.name, "this fact is stated twice; state it once");
        }
        *place = value;
    }

    fn misfit(self, found: &str) {
        let wanted = match self.declared() {
            Declared::Bool => "true or false".to_owned(),
            Declared::Enum(values) => format!("one of {}", values.join(", ")),
            Declared::Int { .. } => "a whole number".to_owned(),
            Declared::Date => "a day such as \"2018-03-01\"".to_owned(),
            Declared::Text => "a text".to_owned(),
            Declared::Offense => "an offence code such as \"CA PC 245(a)(1)\"".to_owned(),
            Declared::List { .. } => "a list".to_owned(),
        };
        self.reader.wrong(self.name, format!("{wanted} is expected here, not {found}"));
    }
}

impl<'de> DeserializeSeed<'de> for Scalar<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Scalar<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E: Error>(self, v: bool) -> Result<(), E> {
        if matches!(self.declared(), Declared::Bool) {
            self.store(Value::Bool(v))
        } else {
            self.misfit(if v { "true" } else { "false" })
        }
        Ok(())
    }

    fn visit_i64<E: Error>(self, v: i64) -> Result<(), E> {
        match self.declared() {
            Declared::Int { min } if min.is_none_or(|m| v >= m) => self.store(Value::Int(v)),
            Declared::Int { min } => {
                let message = format!("{v} is below {}, the least that this can be", min.unwrap_or_default());
                self.reader.wrong(self.name, message);
            }
            _ => self.misfit(&format!("the number {v}")),
        }
        Ok(())
    }

    fn visit_u64<E: Error>(self, v: u64) -> Result<(), E> {
        match i64::try_from(v) {
            Ok(v) => self.visit_i64(v),
            Err(_) => {
                self.misfit(&format!("{v}, which is too large"));
                Ok(())
            }
        }
    }

    fn visit_f64<E: Error>(self, v: f64) -> Result<(), E> {
        self.misfit(&format!("the number {v}"));
        Ok(())
    }

    fn visit_str<E: Error>(self, v: &str) -> Result<(), E> {
        let schema = self.reader.schema;
        let declared = self.declared();
        if matches!(declared, Declared::Bool | Declared::Int { .. }) {
            let shown: String = v.chars().take(60).collect();
            self.misfit(&format!("the text \"{shown}\""));
            return Ok(());
        }
        match self.reader.facts.parse(schema, declared, v) {
            Ok(value) => self.store(value),
            Err(why) => self.reader.wrong(self.name, why),
        }
        Ok(())
    }

    /// `null`: not known, as if it were left out.
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        self.misfit("a list");
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.misfit("an object");
        Ok(())
    }
}

struct Elements<'r, 'a, 'n> {
    reader: &'r mut Reader<'a>,
    name: &'n str,
    list: ListId,
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

impl Facts {
    /// The stated facts as nested groups, in order of declaration; the day and the agency are left out, since a case states them elsewhere.
    #[must_use]
    pub fn to_json(&self, schema: &Schema) -> Map<String, Json> {
        let vocabulary = &schema.vocabulary;
        let mut root = Map::new();
        for (at, fact) in vocabulary.scalars().iter().enumerate() {
            let slot = Slot(at as u16);
            let identity =
                [crate::Vocabulary::ON, crate::Vocabulary::AGENCY_KIND, crate::Vocabulary::AGENCY_PLACE, crate::Vocabulary::AGENCY_NAME];
            if self.scalar(slot) != Value::Unknown && !identity.contains(&slot) {
                put(vocabulary, &mut root, &fact.name, self.json_of(schema, FactId::Scalar(slot), self.scalar(slot)));
            }
        }
        for at in 0..vocabulary.list_count() {
            let list = ListId(at as u16);
            if !self.is_given(list) {
                continue;
            }
            let record = vocabulary.record(list);
            let elements = self.elements(list, record.fields.len()).map(|element| {
                let mut object = Map::new();
                for (at, value) in element.iter().enumerate() {
                    if *value != Value::Unknown {
                        let field = Field(at as u16);
                        object.insert(record.fields[at].name.clone(), self.json_of(schema, FactId::Field(list, field), *value));
                    }
                }
                Json::Object(object)
            });
            let elements = elements.collect();
            put(vocabulary, &mut root, &vocabulary.fact(FactId::List(list)).name, Json::Array(elements));
        }
        root
    }

    fn json_of(&self, schema: &Schema, id: FactId, value: Value) -> Json {
        match value {
            Value::Bool(b) => b.into(),
            Value::Int(n) => n.into(),
            other => self.show(&schema.vocabulary, id, other).into(),
        }
    }
}

/// Puts a value into its group; by its dotted name where a group of it is itself a fact.
fn put(vocabulary: &crate::Vocabulary, root: &mut Map<String, Json>, name: &str, value: Json) {
    let is_fact = |group: &str| matches!(vocabulary.find(group), Some(FactId::Scalar(_) | FactId::List(_)));
    if name.match_indices('.').any(|(dot, _)| is_fact(&name[..dot])) {
        root.insert(name.to_owned(), value);
    } else {
        put_within(root, name, value);
    }
}

fn put_within(root: &mut Map<String, Json>, name: &str, value: Json) {
    match name.split_once('.') {
        None => drop(root.insert(name.to_owned(), value)),
        Some((group, rest)) => {
            let entry = root.entry(group).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(group) = entry {
                put_within(group, rest, value);
            }
        }
    }
}
