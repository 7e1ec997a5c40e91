//! From tokens to the tree: operator precedence by climbing, recovery at commas and brackets.

mod primary;
mod recover;

use crate::ast::{BinaryOp, Expr, ExprKind, Literal, Name, Span, UnaryOp};
use crate::lex::{Kind, Lexer, Token};

/// The longest source that is read, in bytes.
pub const MAX_SOURCE: usize = 64 * 1024;

/// How deep brackets, calls, conditionals and unary operators may nest.
pub const MAX_NESTING: usize = 96;

/// How high the tree may grow, chains of operators and selections included.
///
/// Every walk of a parsed tree may recurse: it never goes deeper than this.
pub const MAX_HEIGHT: usize = 256;

/// What is wrong with a source, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What to do about it.
    pub help: Option<String>,
}

impl std::fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (at byte {})", self.message, self.span.start)
    }
}

impl std::error::Error for SyntaxError {}

/// Parses one expression.
///
/// A parenthesised expression's span holds its parentheses. Never panics; the limits are
/// [`MAX_SOURCE`], [`MAX_NESTING`] and [`MAX_HEIGHT`].
///
/// # Errors
/// Every syntax mistake that can be told apart from the echoes of an earlier one, in the order
/// of the source.
pub fn parse(source: &str) -> Result<Expr, Vec<SyntaxError>> {
    let mut parser = Parser::new(source);
    if source.len() > MAX_SOURCE {
        let message = format!("the expression has {} bytes; {MAX_SOURCE} is the most", source.len());
        return Err(vec![SyntaxError { message, span: Span::new(0, 0), help: None }]);
    }
    parser.advance();
    let root = parser.expression();
    if parser.token.kind != Kind::End {
        parser.unexpected_rest();
    }
    let mut errors = parser.lexer.errors;
    if errors.is_empty() {
        return Ok(root.expr);
    }
    errors.sort_by_key(|e| (e.span.start, e.span.end));
    Err(errors)
}

/// A subtree and its height.
struct Node {
    expr: Expr,
    height: usize,
}

struct Parser<'s> {
    lexer: Lexer<'s>,
    token: Token,
    nesting: usize,
    /// A limit was passed: nothing more is read.
    stopped: bool,
    /// Where reading went on after a mistake: another one just there is an echo.
    echo: Option<usize>,
}

impl<'s> Parser<'s> {
    fn new(source: &'s str) -> Self {
        let token = Token { kind: Kind::End, span: Span::new(0, 0) };
        Self { lexer: Lexer::new(source), token, nesting: 0, stopped: false, echo: None }
    }

    fn advance(&mut self) -> Token {
        let token = self.token;
        if !self.stopped {
            self.token = self.lexer.next();
        }
        token
    }

    fn text(&self, span: Span) -> &'s str {
        &self.lexer.source[span.start..span.end]
    }

    fn error(&mut self, span: Span, message: String, help: Option<&str>) {
        if !self.stopped && self.echo != Some(span.start) {
            self.lexer.error(span, message, help);
        }
    }

    /// Reports a passed limit and stops reading.
    fn stop(&mut self, span: Span, message: String, help: &str) {
        self.error(span, message, Some(help));
        self.stopped = true;
        let end = self.lexer.source.len();
        self.token = Token { kind: Kind::End, span: Span::new(end, end) };
    }

    fn node(&mut self, kind: ExprKind, span: Span, below: usize) -> Node {
        let height = below + 1;
        if height > MAX_HEIGHT {
            let message = format!("more than {MAX_HEIGHT} operations in one chain");
            self.stop(span, message, "split it with parentheses, or test `x in [a, b]`");
        }
        Node { expr: Expr { kind, span }, height }
    }

    /// Stands for what could not be read; never leaves the parser, as there is an error.
    fn hole(&mut self) -> Node {
        let span = Span::new(self.token.span.start, self.token.span.start);
        Node { expr: Expr { kind: ExprKind::Literal(Literal::Null), span }, height: 1 }
    }

    /// Runs `inside` one nesting level deeper.
    fn nested(&mut self, inside: impl FnOnce(&mut Self) -> Node) -> Node {
        if self.nesting == MAX_NESTING {
            let message = format!("nested more than {MAX_NESTING} levels deep");
            self.stop(self.token.span, message, "name the parts and combine them");
            return self.hole();
        }
        self.nesting += 1;
        let node = inside(self);
        self.nesting -= 1;
        node
    }

    fn expression(&mut self) -> Node {
        self.nested(Self::conditional)
    }

    fn conditional(&mut self) -> Node {
        let test = self.binary(1);
        if self.token.kind != Kind::Question {
            return test;
        }
        self.advance();
        let then = self.binary(1);
        if self.token.kind == Kind::Question {
            let help = "put the inner `? :` in parentheses";
            self.error(self.token.span, "expected `:`".to_owned(), Some(help));
            self.recover();
        } else if self.token.kind == Kind::Colon {
            self.advance();
        } else {
            self.expected("`:` and the value for when the test is false");
            return test;
        }
        let otherwise = self.expression();
        let span = test.expr.span.to(otherwise.expr.span);
        let below = test.height.max(then.height).max(otherwise.height);
        let kind = ExprKind::Conditional { test: Box::new(test.expr), then: Box::new(then.expr), otherwise: Box::new(otherwise.expr) };
        self.node(kind, span, below)
    }

    /// Operators that bind at least as tightly as `least`.
    fn binary(&mut self, least: u8) -> Node {
        let mut left = self.unary();
        while let Some((op, tightness)) = operator(self.token.kind) {
            if tightness < least {
                break;
            }
            self.advance();
            // All of them group to the left.
            let right = self.binary(tightness + 1);
            let span = left.expr.span.to(right.expr.span);
            let below = left.height.max(right.height);
            let kind = ExprKind::Binary { op, left: Box::new(left.expr), right: Box::new(right.expr) };
            left = self.node(kind, span, below);
        }
        left
    }

    fn unary(&mut self) -> Node {
        let op = match self.token.kind {
            Kind::Not => UnaryOp::Not,
            Kind::Minus => UnaryOp::Negate,
            _ => return self.postfix(None),
        };
        let sign = self.advance().span;
        // A sign before a number belongs to the number: only so is the least int writable.
        if op == UnaryOp::Negate && matches!(self.token.kind, Kind::Int | Kind::Double) {
            return self.postfix(Some(sign));
        }
        let operand = self.nested(Self::unary);
        let span = sign.to(operand.expr.span);
        let kind = ExprKind::Unary { op, operand: Box::new(operand.expr) };
        self.node(kind, span, operand.height)
    }

    /// A primary and the selections, calls and indexes behind it.
    fn postfix(&mut self, sign: Option<Span>) -> Node {
        let mut node = self.primary(sign);
        loop {
            node = match self.token.kind {
                Kind::Dot => self.selection(node),
                Kind::BracketOpen => self.index(node),
                Kind::BraceOpen if self.is_type_name(&node.expr) => self.message(node.expr),
                _ => return node,
            };
        }
    }

    fn selection(&mut self, node: Node) -> Node {
        self.advance();
        if self.token.kind == Kind::Question {
            self.optional();
        }
        let token = self.token;
        let name = match token.kind {
            Kind::Ident => self.text(token.span),
            Kind::Escaped => self.text(token.span).trim_matches('`'),
            Kind::In | Kind::True | Kind::False | Kind::Null => {
                let word = self.text(token.span);
                let help = format!("write `.`{word}`` with back-quotes, or `['{word}']`");
                self.error(token.span, format!("the keyword `{word}` cannot be a field name"), Some(&help));
                word
            }
            _ => {
                self.expected("a field name after `.`");
                return node;
            }
        };
        let name = Name { text: name.to_owned(), span: token.span };
        self.advance();
        let operand = Box::new(node.expr);
        let span = operand.span.to(name.span);
        // A back-quoted name is a field, never a function.
        if self.token.kind != Kind::ParenOpen || token.kind == Kind::Escaped {
            return self.node(ExprKind::Select { operand, field: name }, span, node.height);
        }
        let (args, height, end) = self.arguments();
        let kind = ExprKind::Call { target: Some(operand), function: name, args };
        self.node(kind, span.to(end), node.height.max(height))
    }

    fn index(&mut self, node: Node) -> Node {
        let open = self.advance().span;
        if self.token.kind == Kind::Question {
            self.optional();
        }
        let index = self.expression();
        let end = self.close(Kind::BracketClose, open);
        let span = node.expr.span.to(end);
        let below = node.height.max(index.height);
        let kind = ExprKind::Index { operand: Box::new(node.expr), index: Box::new(index.expr) };
        self.node(kind, span, below)
    }

    /// `(a, b)`: the arguments, the greatest height among them, and where they end.
    fn arguments(&mut self) -> (Vec<Expr>, usize, Span) {
        let open = self.advance().span;
        let mut args = Vec::new();
        let mut height = 0;
        while self.token.kind != Kind::ParenClose {
            let arg = self.expression();
            height = height.max(arg.height);
            args.push(arg.expr);
            let comma = self.token.span;
            if !self.more(Kind::ParenClose, open) {
                break;
            }
            if self.token.kind == Kind::ParenClose {
                self.error(comma, "a call takes no comma after its last argument".to_owned(), None);
            }
        }
        let end = self.close(Kind::ParenClose, open);
        (args, height, end)
    }
}

/// The binary operator a token stands for, and how tightly it binds.
fn operator(kind: Kind) -> Option<(BinaryOp, u8)> {
    let op = match kind {
        Kind::Or => BinaryOp::Or,
        Kind::And => BinaryOp::And,
        Kind::Equal => BinaryOp::Equal,
        Kind::NotEqual => BinaryOp::NotEqual,
        Kind::Less => BinaryOp::Less,
        Kind::LessEqual => BinaryOp::LessEqual,
        Kind::Greater => BinaryOp::Greater,
        Kind::GreaterEqual => BinaryOp::GreaterEqual,
        Kind::In => BinaryOp::In,
        Kind::Plus => BinaryOp::Add,
        Kind::Minus => BinaryOp::Subtract,
        Kind::Star => BinaryOp::Multiply,
        Kind::Slash => BinaryOp::Divide,
        Kind::Percent => BinaryOp::Remainder,
        _ => return None,
    };
    Some((op, op.tightness()))
}
