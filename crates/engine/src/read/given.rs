//! Texts of a case, borrowed where they stand as they are.

use serde::Deserialize as _;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;
use std::borrow::Cow;
use std::fmt;

/// A key, borrowed where the text has it as it stands.
#[derive(serde::Deserialize)]
pub(super) struct Borrowed<'t>(#[serde(borrow)] pub(super) Cow<'t, str>);

/// A value that should be a text: borrowed where it stands without escapes. Any other value is kept for the message.
pub(super) enum Given<'t> {
    Text(Cow<'t, str>),
    Other(Json),
}

impl Given<'_> {
    pub(super) fn text(&self) -> Result<&str, &Json> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Other(json) => Err(json),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Given<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Given<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E: Error>(self, v: &'de str) -> Result<Self::Value, E> {
                Ok(Given::Text(v.into()))
            }
            fn visit_str<E: Error>(self, v: &str) -> Result<Self::Value, E> {
                Ok(Given::Text(v.to_owned().into()))
            }
            fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
                Ok(Given::Other(Json::Null))
            }
            fn visit_bool<E: Error>(self, v: bool) -> Result<Self::Value, E> {
                Ok(Given::Other(v.into()))
            }
            fn visit_i64<E: Error>(self, v: i64) -> Result<Self::Value, E> {
                Ok(Given::Other(v.into()))
            }
            fn visit_u64<E: Error>(self, v: u64) -> Result<Self::Value, E> {
                Ok(Given::Other(v.into()))
            }
            fn visit_f64<E: Error>(self, v: f64) -> Result<Self::Value, E> {
                Ok(Given::Other(v.into()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                Json::deserialize(SeqAccessDeserializer::new(seq)).map(Given::Other)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                Json::deserialize(MapAccessDeserializer::new(map)).map(Given::Other)
            }
        }
        deserializer.deserialize_any(Any)
    }
}
