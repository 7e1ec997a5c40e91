//! Values from JSON and back: plain, and with every type spelled out.

use serde_json::{Value as Json, json};

use crate::time::{Duration, Timestamp};
use crate::types::Type;
use crate::value::{Map, Value};

impl Value {
    /// From plain JSON: whole numbers become ints (uints beyond them), others doubles.
    pub fn from_json(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(v) => Self::Bool(*v),
            Json::Number(v) => match (v.as_i64(), v.as_u64()) {
                (Some(int), _) => Self::Int(int),
                (None, Some(uint)) => Self::Uint(uint),
                (None, None) => Self::Double(v.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(v) => Self::from(v.as_str()),
            Json::Array(items) => Self::list(items.iter().map(Self::from_json).collect()),
            Json::Object(fields) => {
                let entries = fields.iter().map(|(k, v)| (Self::from(k.as_str()), Self::from_json(v))).collect();
                // The keys of an object are strings, each once: it cannot fail.
                Map::new(entries).map_or(Self::Null, Self::from)
            }
        }
    }

    /// As plain JSON: times and types as text, bytes as numbers, map keys as text.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(v) => json!(v),
            Self::Int(v) => json!(v),
            Self::Uint(v) => json!(v),
            Self::Double(v) if v.is_finite() => json!(v),
            Self::Double(v) => json!(v.to_string()),
            Self::String(v) => json!(**v),
            Self::Bytes(v) => json!(**v),
            Self::List(list) => Json::Array(list.items().iter().map(Self::to_json).collect()),
            Self::Map(map) => {
                let field = |(key, value): &(Self, Self)| (key.bare_text(), value.to_json());
                Json::Object(map.entries().iter().map(field).collect())
            }
            Self::Timestamp(v) => json!(v.to_string()),
            Self::Duration(v) => json!(v.to_string()),
            Self::Type(v) => json!(v.name()),
        }
    }

    fn bare_text(&self) -> String {
        match self {
            Self::String(v) => v.to_string(),
            Self::Uint(v) => v.to_string(),
            other => other.to_string(),
        }
    }

    /// From JSON with the type spelled out: `{"int": 1}`, `{"list": [{"uint": 2}]}`, `{"double": "0.5"}`.
    ///
    /// # Errors
    /// What of it is not in that form.
    pub fn from_typed(json: &Json) -> Result<Self, String> {
        let bad = || format!("{json} is not a value with its type");
        let mut fields = json.as_object().ok_or_else(bad)?.iter();
        let (Some((kind, inner)), None) = (fields.next(), fields.next()) else { return Err(bad()) };
        let text = || inner.as_str().ok_or_else(bad);
        Ok(match kind.as_str() {
            "null" => Self::Null,
            "bool" => Self::Bool(inner.as_bool().ok_or_else(bad)?),
            "int" => Self::Int(number(inner).ok_or_else(bad)?),
            "uint" => Self::Uint(number(inner).ok_or_else(bad)?),
            "double" => Self::Double(number(inner).or_else(|| inner.as_f64()).ok_or_else(bad)?),
            "string" => Self::from(text()?),
            "bytes" => {
                let byte = |b: &Json| b.as_u64().and_then(|b| u8::try_from(b).ok()).ok_or_else(bad);
                let bytes = inner.as_array().ok_or_else(bad)?.iter().map(byte).collect::<Result<Vec<_>, _>>()?;
                Self::Bytes(bytes.into())
            }
            "list" => {
                let items = inner.as_array().ok_or_else(bad)?.iter().map(Self::from_typed);
                Self::list(items.collect::<Result<_, _>>()?)
            }
            "map" => {
                let entry = |pair: &Json| match pair.as_array().map(Vec::as_slice) {
                    Some([key, value]) => Ok((Self::from_typed(key)?, Self::from_typed(value)?)),
                    _ => Err(bad()),
                };
                let entries = inner.as_array().ok_or_else(bad)?.iter().map(entry);
                Map::new(entries.collect::<Result<_, _>>()?).map_err(|_| bad())?.into()
            }
            "timestamp" => Self::Timestamp(Timestamp::parse(text()?).map_err(|fault| fault.message)?),
            "duration" => Self::Duration(Duration::parse(text()?).map_err(|fault| fault.message)?),
            "type" => Self::Type(Type::named(text()?).ok_or_else(bad)?),
            _ => return Err(format!("`{kind}` is no type of value")),
        })
    }

    /// As JSON with the type spelled out, as [`Value::from_typed`] reads it.
    pub fn to_typed(&self) -> Json {
        match self {
            Self::Null => json!({"null": true}),
            Self::Bool(v) => json!({ "bool": v }),
            Self::Int(v) => json!({ "int": v }),
            Self::Uint(v) => json!({ "uint": v }),
            Self::Double(v) => json!({"double": v.to_string()}),
            Self::String(v) => json!({"string": **v}),
            Self::Bytes(v) => json!({"bytes": **v}),
            Self::List(v) => json!({"list": v.items().iter().map(Self::to_typed).collect::<Vec<_>>()}),
            Self::Map(v) => {
                let pairs = v.entries().iter().map(|(k, v)| json!([k.to_typed(), v.to_typed()]));
                json!({"map": pairs.collect::<Vec<_>>()})
            }
            Self::Timestamp(v) => json!({"timestamp": v.to_string()}),
            Self::Duration(v) => json!({"duration": v.to_string()}),
            Self::Type(v) => json!({"type": v.name()}),
        }
    }
}

/// A number, or text that is one.
fn number<T: std::str::FromStr>(json: &Json) -> Option<T> {
    match json {
        Json::Number(v) => v.to_string().parse().ok(),
        Json::String(v) => v.parse().ok(),
        _ => None,
    }
}
