//! The one syntax tree: every node knows which bytes of the source it was written in.

/// A half-open range of byte offsets into the source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The smallest range that holds both.
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A name and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name without back-quotes.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// An expression: what it is and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The whole of it, from its first byte to its last.
    pub span: Span,
}

/// A constant written in the source.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// `42`, `-9223372036854775808`
    Int(i64),
    /// `42u`
    Uint(u64),
    /// `4.2`
    Double(f64),
    /// `'text'`
    Text(String),
    /// `b'bytes'`
    Bytes(Vec<u8>),
}

/// The operators that take one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `!`
    Not,
    /// `-`
    Negate,
}

/// The operators that take two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `in`
    In,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

/// The kinds of expression. Macros (`exists`, `all`, `has` …) stay the calls they were written as.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A constant.
    Literal(Literal),
    /// A name; `absolute` when written with a leading dot.
    Ident {
        /// The name.
        name: String,
        /// Written with a leading dot.
        absolute: bool,
    },
    /// `operand.field`
    Select {
        /// What the field is taken from.
        operand: Box<Expr>,
        /// The field.
        field: Name,
    },
    /// `operand[index]`
    Index {
        /// What is indexed.
        operand: Box<Expr>,
        /// By what.
        index: Box<Expr>,
    },
    /// `function(args)` or `target.function(args)`
    Call {
        /// The receiver, if written as a method.
        target: Option<Box<Expr>>,
        /// The function's name.
        function: Name,
        /// Its arguments.
        args: Vec<Expr>,
    },
    /// `!x`, `-x`
    Unary {
        /// The operator.
        op: UnaryOp,
        /// Its operand.
        operand: Box<Expr>,
    },
    /// `a && b`
    Binary {
        /// The operator.
        op: BinaryOp,
        /// The left operand.
        left: Box<Expr>,
        /// The right operand.
        right: Box<Expr>,
    },
    /// `test ? then : otherwise`
    Conditional {
        /// The test.
        test: Box<Expr>,
        /// The value when the test is true.
        then: Box<Expr>,
        /// The value when the test is false.
        otherwise: Box<Expr>,
    },
    /// `[a, b]`
    List(Vec<Expr>),
    /// `{k: v}`
    Map(Vec<(Expr, Expr)>),
    /// `Type{field: value}`: parsed so that it can be refused with its place.
    Message {
        /// The type's name.
        name: Name,
        /// Its fields.
        fields: Vec<(Name, Expr)>,
    },
}
