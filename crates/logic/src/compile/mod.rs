//! From the CEL tree to a typed condition: names become positions, every mistake is named with its place.

mod calls;
mod compare;
mod names;

use crate::condition::{Condition, Node};
use crate::{ListId, Schema, Vocabulary};
use comity_cel::{BinaryOp, Expr, ExprKind, Literal, Span, UnaryOp};
use compare::comparison;
use rustc_hash::FxHashMap;

/// What is wrong with a condition, where, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong.
    pub message: String,
    /// Which bytes of the condition.
    pub span: Span,
    /// The remedy, if there is one to offer.
    pub help: Option<String>,
}

/// Named conditions that other conditions may use.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    by_name: FxHashMap<String, Expr>,
}

impl Terms {
    /// No terms.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A copy to which a place or a file adds its own.
    #[must_use]
    pub fn child(&self) -> Self {
        self.clone()
    }

    /// Defines a term; a nearer definition stands before a farther one of the same name.
    pub fn insert(&mut self, name: &str, expr: Expr) {
        self.by_name.insert(name.to_owned(), expr);
    }

    /// The names defined.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }
}

/// What the names in a condition may mean.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The declared facts and classes.
    pub schema: &'a Schema,
    /// The defined terms.
    pub terms: &'a Terms,
}

/// How large a condition may be, terms put in.
const MAX_NODES: usize = 100_000;

/// How deep it may be nested, terms put in; it is walked by recursion.
const MAX_HEIGHT: usize = 400;

/// Compiles a condition.
///
/// # Errors
/// All its mistakes, in the order in which they stand.
pub fn compile(expr: &Expr, scope: &Scope<'_>) -> Result<Condition, Vec<Mistake>> {
    let mut compiler = Compiler { scope: *scope, mistakes: Vec::new(), elements: Vec::new(), depth: 0, height: 0, nodes: 0 };
    let node = compiler.condition(expr);
    if compiler.mistakes.is_empty() {
        return Ok(Condition { node });
    }
    // What is compared with several values is looked at once for each.
    let mut mistakes: Vec<Mistake> = Vec::new();
    for mistake in compiler.mistakes {
        if !mistakes.contains(&mistake) {
            mistakes.push(mistake);
        }
    }
    Err(mistakes)
}

struct Compiler<'a> {
    scope: Scope<'a>,
    mistakes: Vec<Mistake>,
    /// The variables of the quantifiers around, the innermost last.
    elements: Vec<(String, ListId)>,
    depth: usize,
    /// How deep the nodes are nested, terms put in.
    height: usize,
    /// How many nodes there are, terms put in and copies counted.
    nodes: usize,
}

impl<'a> Compiler<'a> {
    fn vocabulary(&self) -> &'a Vocabulary {
        &self.scope.schema.vocabulary
    }

    fn wrong(&mut self, span: Span, message: impl Into<String>, help: Option<String>) -> Node {
        self.mistakes.push(Mistake { message: message.into(), span, help });
        Node::Const(false)
    }

    fn condition(&mut self, expr: &Expr) -> Node {
        if !self.fits(1, expr.span) {
            return Node::Const(false);
        }
        if self.height == MAX_HEIGHT {
            return self.wrong(
                expr.span,
                format!("with its terms put in, the condition is nested more than {MAX_HEIGHT} levels deep"),
                None,
            );
        }
        self.height += 1;
        let node = self.condition_of(expr);
        self.height -= 1;
        node
    }

    fn fits(&mut self, nodes: usize, span: Span) -> bool {
        let before = self.nodes;
        self.nodes = before.saturating_add(nodes);
        if before <= MAX_NODES && self.nodes > MAX_NODES {
            self.wrong(
                span,
                format!("with its terms put in, the condition has more than {MAX_NODES} parts"),
                Some("split it into several norms or exceptions".to_owned()),
            );
        }
        self.nodes <= MAX_NODES
    }

    fn copies(&mut self, nodes: &[&Node], span: Span) -> bool {
        self.fits(nodes.iter().map(|n| n.size()).sum(), span)
    }

    fn condition_of(&mut self, expr: &Expr) -> Node {
        match &expr.kind {
            ExprKind::Literal(Literal::Bool(b)) => Node::Const(*b),
            ExprKind::Unary { op: UnaryOp::Not, operand } => self.condition(operand).not(),
            ExprKind::Binary { op: op @ (BinaryOp::And | BinaryOp::Or), left, right } => {
                let parts = vec![self.condition(left), self.condition(right)];
                if *op == BinaryOp::And { Node::and(parts) } else { Node::or(parts) }
            }
            ExprKind::Binary { op: BinaryOp::In, left, right } => self.membership(left, right),
            ExprKind::Binary { op, left, right } => match comparison(*op) {
                Some(op) => self.compare(op, left, right, expr.span),
                None => self.wrong(
                    expr.span,
                    "arithmetic has no place in a condition",
                    Some("compare facts with fixed numbers and days".to_owned()),
                ),
            },
            ExprKind::Conditional { test, then, otherwise } => {
                let (test, then, otherwise) = (self.condition(test), self.condition(then), self.condition(otherwise));
                if !self.copies(&[&test, &then, &otherwise], expr.span) {
                    return Node::Const(false);
                }
                Node::or(vec![
                    Node::and(vec![test.clone(), then.clone()]),
                    Node::and(vec![test.not(), otherwise.clone()]),
                    // Settled where both branches agree, though the test is unknown.
                    Node::and(vec![then, otherwise]),
                ])
            }
            ExprKind::Call { target, function, args } => self.call(expr, target.as_deref(), function, args),
            ExprKind::Ident { .. } | ExprKind::Select { .. } => self.name(expr),
            _ => self.wrong(expr.span, "this is no condition: it is neither true nor false", None),
        }
    }
}
