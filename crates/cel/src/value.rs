//! Values, how they compare, and how they are written.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::print;
use crate::time::{Duration, Timestamp};
use crate::types::Type;

/// How deep lists and maps may nest in a value.
pub const MAX_DEPTH: u32 = 256;

/// How much a value may hold: its parts, and one more for every eight bytes of text.
pub const MAX_WEIGHT: u64 = 1_000_000;

/// A value. Equality (`==`) is that of the language: `1 == 1u`, and NaN equals nothing.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An integer without a sign.
    Uint(u64),
    /// A floating-point number.
    Double(f64),
    /// Text.
    String(Arc<str>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// A list.
    List(Arc<List>),
    /// A map.
    Map(Arc<Map>),
    /// A point in time.
    Timestamp(Timestamp),
    /// A length of time.
    Duration(Duration),
    /// A type.
    Type(Type),
}

/// How deep and how large a value is: kept, so that shared parts are not walked again.
#[derive(Clone, Copy, Debug)]
struct Extent {
    depth: u32,
    weight: u64,
}

impl Extent {
    fn around<'v>(parts: impl Iterator<Item = &'v Value>) -> Self {
        let start = Self { depth: 0, weight: 1 };
        let inner =
            parts.fold(start, |all, part| Self { depth: all.depth.max(part.depth()), weight: all.weight.saturating_add(part.weight()) });
        Self { depth: inner.depth + 1, ..inner }
    }
}

/// The elements of a list.
#[derive(Clone, Debug)]
pub struct List {
    items: Vec<Value>,
    extent: Extent,
}

impl List {
    /// The elements.
    pub fn items(&self) -> &[Value] {
        &self.items
    }
}

/// What a key is looked up by: equal numbers are one key, whatever their type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Bool(bool),
    Number(i128),
    String(Arc<str>),
}

impl Key {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(v) => Some(Self::Bool(*v)),
            Value::Int(v) => Some(Self::Number((*v).into())),
            Value::Uint(v) => Some(Self::Number((*v).into())),
            Value::String(v) => Some(Self::String(v.clone())),
            _ => None,
        }
    }

    /// As [`Key::of`], for looking up: a whole double finds the integer.
    fn sought(value: &Value) -> Option<Self> {
        match value {
            #[expect(clippy::cast_possible_truncation, reason = "guarded: whole and far within an i128")]
            Value::Double(v) if v.fract() == 0.0 && v.abs() < 1e30 => Some(Self::Number(*v as i128)),
            _ => Self::of(value),
        }
    }
}

/// The entries of a map, in the order they were written.
#[derive(Clone, Debug)]
pub struct Map {
    entries: Vec<(Value, Value)>,
    index: BTreeMap<Key, usize>,
    extent: Extent,
}

/// Why entries make no map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadKey {
    /// Keys are bools, ints, uints and strings.
    Type,
    /// The key stands there twice.
    Repeated,
}

impl Map {
    /// A map of these entries.
    ///
    /// # Errors
    /// The position of the first entry whose key will not do, and why.
    pub fn new(entries: Vec<(Value, Value)>) -> Result<Self, (usize, BadKey)> {
        let mut index = BTreeMap::new();
        for (at, (key, _)) in entries.iter().enumerate() {
            let key = Key::of(key).ok_or((at, BadKey::Type))?;
            if index.insert(key, at).is_some() {
                return Err((at, BadKey::Repeated));
            }
        }
        let extent = Extent::around(entries.iter().flat_map(|(k, v)| [k, v]));
        Ok(Self { entries, index, extent })
    }

    /// The value for a key.
    pub fn get(&self, key: &Value) -> Option<&Value> {
        self.at(&Key::sought(key)?)
    }

    /// The value for a text key.
    pub fn field(&self, name: &str) -> Option<&Value> {
        // A few keys are found sooner by looking than by building one to look up.
        if self.entries.len() <= 16 {
            let named = |key: &Value| matches!(key, Value::String(text) if **text == *name);
            return self.entries.iter().find(|(key, _)| named(key)).map(|(_, value)| value);
        }
        self.at(&Key::String(name.into()))
    }

    fn at(&self, key: &Key) -> Option<&Value> {
        self.entries.get(*self.index.get(key)?).map(|(_, value)| value)
    }

    /// The entries in order.
    pub fn entries(&self) -> &[(Value, Value)] {
        &self.entries
    }
}

impl Value {
    /// A list of these.
    pub fn list(items: Vec<Self>) -> Self {
        let extent = Extent::around(items.iter());
        Self::List(Arc::new(List { items, extent }))
    }

    /// Its type; of lists and maps without what is in them.
    pub fn type_of(&self) -> Type {
        match self {
            Self::Null => Type::Null,
            Self::Bool(_) => Type::Bool,
            Self::Int(_) => Type::Int,
            Self::Uint(_) => Type::Uint,
            Self::Double(_) => Type::Double,
            Self::String(_) => Type::String,
            Self::Bytes(_) => Type::Bytes,
            Self::List(_) => Type::list(Type::Dyn),
            Self::Map(_) => Type::map(Type::Dyn, Type::Dyn),
            Self::Timestamp(_) => Type::Timestamp,
            Self::Duration(_) => Type::Duration,
            Self::Type(_) => Type::Type,
        }
    }

    /// How deep lists and maps nest in it.
    pub fn depth(&self) -> u32 {
        match self {
            Self::List(list) => list.extent.depth,
            Self::Map(map) => map.extent.depth,
            _ => 0,
        }
    }

    /// How much it holds (see [`MAX_WEIGHT`]).
    pub fn weight(&self) -> u64 {
        match self {
            Self::String(v) => 1 + v.len() as u64 / 8,
            Self::Bytes(v) => 1 + v.len() as u64 / 8,
            Self::List(list) => list.extent.weight,
            Self::Map(map) => map.extent.weight,
            _ => 1,
        }
    }

    /// Which of two comes first; `None` if they have no order (and for NaN).
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            (Self::String(a), Self::String(b)) => Some(a.cmp(b)),
            (Self::Bytes(a), Self::Bytes(b)) => Some(a.cmp(b)),
            (Self::Timestamp(a), Self::Timestamp(b)) => Some(a.cmp(b)),
            (Self::Duration(a), Self::Duration(b)) => Some(a.cmp(b)),
            _ => match (self.whole(), other.whole()) {
                (Some(a), Some(b)) => Some(a.cmp(&b)),
                // The language compares an integer with a double as doubles.
                _ => self.float()?.partial_cmp(&other.float()?),
            },
        }
    }

    /// Whether two such values have an order at all.
    pub(crate) fn has_order(&self, other: &Self) -> bool {
        let numbers = self.float().is_some() && other.float().is_some();
        numbers || self.compare(other).is_some()
    }

    /// Whether it may be looked up in a map.
    pub(crate) fn is_key(&self) -> bool {
        matches!(self, Self::Bool(_) | Self::Int(_) | Self::Uint(_) | Self::Double(_) | Self::String(_))
    }

    /// The position it stands for in a list: any whole number will do.
    pub(crate) fn as_index(&self) -> Option<i128> {
        match Key::sought(self)? {
            Key::Number(n) => Some(n),
            _ => None,
        }
    }

    fn whole(&self) -> Option<i128> {
        match self {
            Self::Int(v) => Some((*v).into()),
            Self::Uint(v) => Some((*v).into()),
            _ => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "the language rounds here")]
    fn float(&self) -> Option<f64> {
        match self {
            Self::Int(v) => Some(*v as f64),
            Self::Uint(v) => Some(*v as f64),
            Self::Double(v) => Some(*v),
            _ => None,
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Type(a), Self::Type(b)) => a == b,
            (Self::List(a), Self::List(b)) => a.items == b.items,
            (Self::Map(a), Self::Map(b)) => a.entries.len() == b.entries.len() && a.entries.iter().all(|(k, v)| b.get(k) == Some(v)),
            _ => self.compare(other) == Some(Ordering::Equal),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.into())
    }
}

impl From<Map> for Value {
    fn from(value: Map) -> Self {
        Self::Map(Arc::new(value))
    }
}

impl fmt::Display for Value {
    /// Writes it as an expression that has this value, if one does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separated = |f: &mut fmt::Formatter<'_>, i: usize| f.write_str(if i > 0 { ", " } else { "" });
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(v) => write!(f, "{v}"),
            Self::Int(v) => write!(f, "{v}"),
            Self::Uint(v) => write!(f, "{v}u"),
            Self::Double(v) => write!(f, "{v:?}"),
            Self::String(v) => print::text(f, v),
            Self::Bytes(v) => print::bytes(f, v),
            Self::Timestamp(v) => write!(f, "timestamp('{v}')"),
            Self::Duration(v) => write!(f, "duration('{v}')"),
            Self::Type(v) => f.write_str(v.name()),
            Self::List(list) => {
                f.write_str("[")?;
                for (i, item) in list.items.iter().enumerate() {
                    separated(f, i)?;
                    write!(f, "{item}")?;
                }
                f.write_str("]")
            }
            Self::Map(map) => {
                f.write_str("{")?;
                for (i, (key, value)) in map.entries.iter().enumerate() {
                    separated(f, i)?;
                    write!(f, "{key}: {value}")?;
                }
                f.write_str("}")
            }
        }
    }
}
