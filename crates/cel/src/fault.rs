//! What can go wrong while evaluating.

use std::fmt;

use crate::ast::Span;

/// The kinds of evaluation error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// An operator or function does not take these operands.
    NoSuchOverload,
    /// A name that nothing is bound to.
    UnknownName,
    /// A function nobody knows.
    UnknownFunction,
    /// A division or remainder by zero.
    DivideByZero,
    /// A result outside its type.
    Range,
    /// A key a map does not hold.
    NoSuchKey,
    /// An index outside its list.
    NoSuchIndex,
    /// Text or a value that cannot be converted.
    Invalid,
    /// The evaluation took too many steps or grew too large.
    Budget,
    /// A construct this library leaves out.
    Unsupported,
}

impl FaultKind {
    /// Whether `false && error` is still false: not when the evaluation as a whole is at its end.
    pub fn is_absorbed(self) -> bool {
        self != Self::Budget
    }
}

/// An error that does not know its place yet.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    pub(crate) message: String,
}

impl Fault {
    pub(crate) fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    pub(crate) fn at(self, span: Span) -> EvalError {
        EvalError { kind: self.kind, message: self.message, span }
    }
}

/// Why an expression has no value, and which part of it is to blame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvalError {
    /// What kind of error.
    pub kind: FaultKind,
    /// What went wrong.
    pub message: String,
    /// Where.
    pub span: Span,
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at byte {})", self.message, self.span.start)
    }
}

impl std::error::Error for EvalError {}
