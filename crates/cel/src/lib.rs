//! The Common Expression Language (CEL): a parser, a checker and an evaluator that know no law.
//!
//! ```
//! use comity_cel::{Bindings, Value, check, evaluate, parse};
//!
//! let expr = parse("age >= 18 && name.startsWith('A')").expect("it is well written");
//! assert_eq!(expr.to_string(), "age >= 18 && name.startsWith('A')");
//!
//! let bindings = Bindings::new().with("age", 20).with("name", "Ada");
//! assert!(check(&expr, &bindings.scope()).is_ok());
//! assert_eq!(evaluate(&expr, &bindings), Ok(Value::Bool(true)));
//! ```
//!
//! Left out, and refused by name: messages, regular expressions (`matches`), optional values.
//! Everything is bounded: the source ([`MAX_SOURCE`]), its nesting ([`MAX_NESTING`]), the height of
//! its tree ([`MAX_HEIGHT`]), the steps of an evaluation ([`MAX_STEPS`]) and the values it makes
//! ([`MAX_DEPTH`], [`MAX_WEIGHT`]).

mod arithmetic;
pub mod ast;
mod check;
pub mod conformance;
mod eval;
mod fault;
mod functions;
mod json;
mod lex;
mod literal;
mod macros;
mod names;
mod ops;
mod overloads;
mod parse;
mod print;
pub mod suggest;
mod time;
mod types;
mod value;

pub use ast::{BinaryOp, Expr, ExprKind, Literal, Name, Span, UnaryOp};
pub use check::{CheckError, check};
pub use eval::{MAX_STEPS, Options, evaluate, evaluate_with};
pub use fault::{EvalError, FaultKind};
pub use macros::{Fold, Macro};
pub use names::{Bindings, Names, Scope};
pub use parse::{MAX_HEIGHT, MAX_NESTING, MAX_SOURCE, SyntaxError, parse};
pub use time::{Duration, Timestamp};
pub use types::Type;
pub use value::{BadKey, List, MAX_DEPTH, MAX_WEIGHT, Map, Value};
