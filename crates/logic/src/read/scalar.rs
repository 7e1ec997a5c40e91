//! One value, read as its fact is declared.

use super::Reader;
use crate::{Declared, FactId, Field, ListId, Slot, Value};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Where the value goes.
#[derive(Clone, Copy)]
pub(super) enum Target {
    Scalar(Slot),
    Field { list: ListId, width: usize, element: usize, field: Field },
}

pub(super) struct Scalar<'r, 'a, 'n> {
    pub(super) reader: &'r mut Reader<'a>,
    pub(super) name: &'n str,
    pub(super) target: Target,
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
