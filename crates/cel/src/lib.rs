//! The Common Expression Language (CEL): a parser, a checker and an evaluator that know no law.
//!
//! ```
//! let expr = comity_cel::parse("age >= 18 && name.startsWith('A')")?;
//! assert_eq!(expr.to_string(), "age >= 18 && name.startsWith('A')");
//! # Ok::<(), Vec<comity_cel::SyntaxError>>(())
//! ```

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
