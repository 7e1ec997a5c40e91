//! The types of values, as far as they are known before evaluating.

use std::fmt;

/// The type of a value. [`Type::Dyn`] is "not known yet": it fits everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Any type; what it is shows when the value is there.
    Dyn,
    /// Of `null`.
    Null,
    /// `true` and `false`.
    Bool,
    /// 64-bit integers with a sign.
    Int,
    /// 64-bit integers without a sign.
    Uint,
    /// 64-bit floating point.
    Double,
    /// Text.
    String,
    /// Bytes.
    Bytes,
    /// A point in time.
    Timestamp,
    /// A length of time.
    Duration,
    /// Of types themselves: of `int`, of `type(x)`.
    Type,
    /// Lists of one type of element.
    List(Box<Type>),
    /// Maps from one type of key to one type of value.
    Map(Box<Type>, Box<Type>),
}

impl Type {
    /// Lists of `element`.
    pub fn list(element: Self) -> Self {
        Self::List(Box::new(element))
    }

    /// Maps from `key` to `value`.
    pub fn map(key: Self, value: Self) -> Self {
        Self::Map(Box::new(key), Box::new(value))
    }

    /// The name it goes by in expressions, without its parameters: `int`, `list`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Dyn => "dyn",
            Self::Null => "null_type",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Uint => "uint",
            Self::Double => "double",
            Self::String => "string",
            Self::Bytes => "bytes",
            Self::Timestamp => "google.protobuf.Timestamp",
            Self::Duration => "google.protobuf.Duration",
            Self::Type => "type",
            Self::List(_) => "list",
            Self::Map(..) => "map",
        }
    }

    /// The type an expression names; `dyn` names none.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "null_type" => Self::Null,
            "bool" => Self::Bool,
            "int" => Self::Int,
            "uint" => Self::Uint,
            "double" => Self::Double,
            "string" => Self::String,
            "bytes" => Self::Bytes,
            "google.protobuf.Timestamp" => Self::Timestamp,
            "google.protobuf.Duration" => Self::Duration,
            "type" => Self::Type,
            "list" => Self::list(Self::Dyn),
            "map" => Self::map(Self::Dyn, Self::Dyn),
            _ => return None,
        })
    }

    /// Whether lists and maps nest deeper than `levels` in it.
    pub(crate) fn is_deeper_than(&self, levels: usize) -> bool {
        match self {
            Self::List(element) => levels == 0 || element.is_deeper_than(levels - 1),
            Self::Map(key, value) => levels == 0 || key.is_deeper_than(levels - 1) || value.is_deeper_than(levels - 1),
            _ => false,
        }
    }

    /// Whether a value of the one type may be (compared with) one of the other.
    pub fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Dyn, _) | (_, Self::Dyn) => true,
            // Points and lengths of time may be missing.
            (Self::Null, Self::Timestamp | Self::Duration) | (Self::Timestamp | Self::Duration, Self::Null) => true,
            (Self::List(a), Self::List(b)) => a.agrees(b),
            (Self::Map(k, v), Self::Map(l, w)) => k.agrees(l) && v.agrees(w),
            _ => self == other,
        }
    }

    /// The type of something that is of the one type or of the other.
    pub fn join(self, other: Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a,
            (Self::List(a), Self::List(b)) => Self::list(a.join(*b)),
            (Self::Map(k, v), Self::Map(l, w)) => Self::map(k.join(*l), v.join(*w)),
            _ => Self::Dyn,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Timestamp => f.write_str("timestamp"),
            Self::Duration => f.write_str("duration"),
            Self::List(element) => write!(f, "list({element})"),
            Self::Map(key, value) => write!(f, "map({key}, {value})"),
            _ => f.write_str(self.name()),
        }
    }
}
