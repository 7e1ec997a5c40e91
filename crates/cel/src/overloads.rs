//! What operators and functions take and give.

use crate::types::Type;

/// What a parameter takes, or what a result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Any,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Timestamp,
    Duration,
    Type,
    List,
    Map,
}

use Shape::{Any, Bool, Bytes, Double, Duration, Int, List, Map, String, Timestamp, Type as Kind, Uint};

impl Shape {
    pub(crate) fn to_type(self) -> Type {
        match self {
            Any => Type::Dyn,
            Bool => Type::Bool,
            Int => Type::Int,
            Uint => Type::Uint,
            Double => Type::Double,
            String => Type::String,
            Bytes => Type::Bytes,
            Timestamp => Type::Timestamp,
            Duration => Type::Duration,
            Kind => Type::Type,
            List => Type::list(Type::Dyn),
            Map => Type::map(Type::Dyn, Type::Dyn),
        }
    }

    fn takes(self, given: &Type) -> bool {
        self.to_type().agrees(given)
    }

    fn label(self) -> std::string::String {
        match self {
            List => "list".to_owned(),
            Map => "map".to_owned(),
            Any => "any".to_owned(),
            _ => self.to_type().to_string(),
        }
    }
}

/// One way to use an operator or function: what it takes (a method's receiver first), what it gives.
pub(crate) type Overload = (&'static [Shape], Shape);

/// How a function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Function,
    Method,
    Either,
}

pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) form: Form,
    pub(crate) overloads: &'static [Overload],
}

const fn function(name: &'static str, form: Form, overloads: &'static [Overload]) -> Function {
    Function { name, form, overloads }
}

const TEXT_TEST: &[Overload] = &[(&[String, String], Bool)];
const DATE_PART: &[Overload] = &[(&[Timestamp], Int), (&[Timestamp, String], Int)];
const TIME_PART: &[Overload] = &[(&[Timestamp], Int), (&[Timestamp, String], Int), (&[Duration], Int)];

/// Every function there is.
pub(crate) const FUNCTIONS: &[Function] = &[
    function("size", Form::Either, &[(&[String], Int), (&[Bytes], Int), (&[List], Int), (&[Map], Int)]),
    function("contains", Form::Method, TEXT_TEST),
    function("startsWith", Form::Method, TEXT_TEST),
    function("endsWith", Form::Method, TEXT_TEST),
    function("getFullYear", Form::Method, DATE_PART),
    function("getMonth", Form::Method, DATE_PART),
    function("getDate", Form::Method, DATE_PART),
    function("getDayOfMonth", Form::Method, DATE_PART),
    function("getDayOfWeek", Form::Method, DATE_PART),
    function("getDayOfYear", Form::Method, DATE_PART),
    function("getHours", Form::Method, TIME_PART),
    function("getMinutes", Form::Method, TIME_PART),
    function("getSeconds", Form::Method, TIME_PART),
    function("getMilliseconds", Form::Method, TIME_PART),
    function("int", Form::Function, &[(&[Int], Int), (&[Uint], Int), (&[Double], Int), (&[String], Int), (&[Timestamp], Int)]),
    function("uint", Form::Function, &[(&[Uint], Uint), (&[Int], Uint), (&[Double], Uint), (&[String], Uint)]),
    function("double", Form::Function, &[(&[Double], Double), (&[Int], Double), (&[Uint], Double), (&[String], Double)]),
    function(
        "string",
        Form::Function,
        &[
            (&[String], String),
            (&[Int], String),
            (&[Uint], String),
            (&[Double], String),
            (&[Bool], String),
            (&[Bytes], String),
            (&[Timestamp], String),
            (&[Duration], String),
        ],
    ),
    function("bytes", Form::Function, &[(&[Bytes], Bytes), (&[String], Bytes)]),
    function("bool", Form::Function, &[(&[Bool], Bool), (&[String], Bool)]),
    function("timestamp", Form::Function, &[(&[Timestamp], Timestamp), (&[String], Timestamp), (&[Int], Timestamp)]),
    function("duration", Form::Function, &[(&[Duration], Duration), (&[String], Duration)]),
    function("type", Form::Function, &[(&[Any], Kind)]),
    function("dyn", Form::Function, &[(&[Any], Any)]),
];

const NUMBERS: [Overload; 3] = [(&[Int, Int], Int), (&[Uint, Uint], Uint), (&[Double, Double], Double)];

/// The ways to use an arithmetic operator.
pub(crate) fn arithmetic(symbol: &str) -> &'static [Overload] {
    match symbol {
        "+" => &[
            NUMBERS[0],
            NUMBERS[1],
            NUMBERS[2],
            (&[String, String], String),
            (&[Bytes, Bytes], Bytes),
            (&[List, List], List),
            (&[Timestamp, Duration], Timestamp),
            (&[Duration, Timestamp], Timestamp),
            (&[Duration, Duration], Duration),
        ],
        "-" => &[
            NUMBERS[0],
            NUMBERS[1],
            NUMBERS[2],
            (&[Timestamp, Timestamp], Duration),
            (&[Timestamp, Duration], Timestamp),
            (&[Duration, Duration], Duration),
        ],
        "%" => &[NUMBERS[0], NUMBERS[1]],
        _ => &NUMBERS,
    }
}

/// Unary minus.
pub(crate) const NEGATE: &[Overload] = &[(&[Int], Int), (&[Double], Double)];

pub(crate) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|f| f.name == name)
}

/// What `given` operands lead to; `None` if nothing takes them.
pub(crate) fn resolve(overloads: &[Overload], given: &[Type]) -> Option<Type> {
    let fits = |params: &[Shape]| params.len() == given.len() && params.iter().zip(given).all(|(p, g)| p.takes(g));
    let results = overloads.iter().filter(|(params, _)| fits(params)).map(|(_, result)| result.to_type());
    results.reduce(|a, b| if a == b { a } else { Type::Dyn })
}

/// Whether a value of this type has an order with others of it.
pub(crate) fn is_ordered(given: &Type) -> bool {
    use Type as T;
    matches!(given, T::Dyn | T::Bool | T::Int | T::Uint | T::Double | T::String | T::Bytes | T::Timestamp | T::Duration)
}

/// The ways to use something, written out: those for the first operand if there are such.
pub(crate) fn ways(
    overloads: &[Overload],
    given: &[Type],
    write: impl Fn(&[std::string::String]) -> std::string::String,
) -> std::string::String {
    let for_first = |params: &[Shape]| matches!((params.first(), given.first()), (Some(p), Some(g)) if p.takes(g));
    let near: Vec<_> = overloads.iter().filter(|(params, _)| for_first(params)).collect();
    let shown = if near.is_empty() { overloads.iter().collect() } else { near };
    let labels = |params: &[Shape]| params.iter().map(|p| p.label()).collect::<Vec<_>>();
    shown.iter().map(|(params, _)| format!("`{}`", write(&labels(params)))).collect::<Vec<_>>().join(", ")
}
