//! Comparisons, and membership of a list written out.

use super::Compiler;
use super::names::{kind_of, source_name};
use crate::condition::{Bound, Node, Subject, Test};
use crate::{Declared, FactId, ListId, Vocabulary, nearest, parse_code};
use comity_cel::{BinaryOp, Expr, ExprKind, Literal, Span};

/// What an operand of a comparison is.
pub(super) enum Operand {
    Fact(Subject, FactId),
    Int(i64),
    Text(String),
    Bool(bool),
    Day(Bound),
    /// The number of elements that satisfy a condition.
    Count(ListId, Node),
    /// A condition in brackets, compared with another.
    Condition(Node),
}

impl Compiler<'_> {
    pub(super) fn membership(&mut self, left: &Expr, right: &Expr) -> Node {
        let ExprKind::List(items) = &right.kind else {
            return self.wrong(right.span, "`in` takes a list in brackets", Some("write `in ['a', 'b']`".to_owned()));
        };
        if items.is_empty() {
            return self.wrong(right.span, "nothing is in an empty list", None);
        }
        let parts = items.iter().map(|item| self.compare(Op::Equal, left, item, item.span)).collect::<Vec<_>>();
        merge_one_of(parts)
    }

    fn operand(&mut self, expr: &Expr) -> Option<Operand> {
        Some(match &expr.kind {
            ExprKind::Literal(Literal::Int(n)) => Operand::Int(*n),
            ExprKind::Literal(Literal::Text(t)) => Operand::Text(t.clone()),
            ExprKind::Literal(Literal::Bool(b)) => Operand::Bool(*b),
            ExprKind::Literal(_) => {
                self.wrong(expr.span, "facts are booleans, whole numbers, days and texts: this constant fits none", None);
                return None;
            }
            ExprKind::Call { target: None, function, args } if function.text == "date" => Operand::Day(Bound::Day(self.day(expr, args)?)),
            ExprKind::Call { target: Some(list), function, args } if function.text == "size" && args.is_empty() => self.size(list)?,
            ExprKind::Call { target: None, function, args } if function.text == "size" && args.len() == 1 => self.size(&args[0])?,
            ExprKind::Ident { name, absolute: false }
                if self.scope.terms.by_name.contains_key(name) && !self.elements.iter().any(|(v, _)| v == name) =>
            {
                Operand::Condition(self.name(expr))
            }
            ExprKind::Ident { .. } | ExprKind::Select { .. } => {
                let (subject, id) = self.fact(expr)?;
                Operand::Fact(subject, id)
            }
            _ => Operand::Condition(self.condition(expr)),
        })
    }

    pub(super) fn compare(&mut self, op: Op, left: &Expr, right: &Expr, span: Span) -> Node {
        let before = self.mistakes.len();
        let (Some(a), Some(b)) = (self.operand(left), self.operand(right)) else { return Node::Const(false) };
        if self.mistakes.len() > before {
            // What is wrong inside an operand has been said.
            return Node::Const(false);
        }
        match (a, b) {
            (Operand::Fact(subject, id), b) => self.compare_fact(op, subject, id, b, left, right),
            (a, Operand::Fact(subject, id)) => self.compare_fact(op.flipped(), subject, id, a, right, left),
            (Operand::Count(list, body), Operand::Int(n)) => self.compare_count(op, list, body, n, span),
            (Operand::Int(n), Operand::Count(list, body)) => self.compare_count(op.flipped(), list, body, n, span),
            (Operand::Condition(a), Operand::Bool(b)) | (Operand::Bool(b), Operand::Condition(a)) if op.is_equality() => {
                if b == (op == Op::Equal) { a } else { a.not() }
            }
            (Operand::Condition(a), Operand::Condition(b)) if op.is_equality() => {
                if self.copies(&[&a, &b], span) {
                    same(a, b, op)
                } else {
                    Node::Const(false)
                }
            }
            _ => self.wrong(span, "nothing in this comparison is a fact that it could be about", None),
        }
    }

    fn compare_count(&mut self, op: Op, list: ListId, body: Node, n: i64, span: Span) -> Node {
        if !(0..=1000).contains(&n) {
            return self.wrong(span, "counts are compared with 0 to 1000", None);
        }
        if !self.copies(&[&body], span) {
            return Node::Const(false);
        }
        let n = n as u32;
        let reach = |n: u32| at_least(list, n, body.clone());
        match op {
            Op::AtLeast => reach(n),
            Op::More => reach(n + 1),
            Op::Less => reach(n).not(),
            Op::AtMost => reach(n + 1).not(),
            Op::Equal => Node::and(vec![reach(n), reach(n + 1).not()]),
            Op::NotEqual => Node::and(vec![reach(n), reach(n + 1).not()]).not(),
        }
    }

    fn compare_fact(&mut self, op: Op, subject: Subject, id: FactId, other: Operand, fact: &Expr, with: &Expr) -> Node {
        let declared = &self.vocabulary().fact(id).declared;
        let equal = |test: Test| {
            let atom = Node::Atom(subject, test);
            if op == Op::Equal { atom } else { atom.not() }
        };
        match (declared, other) {
            (Declared::Bool, Operand::Bool(b)) if op.is_equality() => {
                let atom = Node::Atom(subject, Test::IsTrue);
                if b == (op == Op::Equal) { atom } else { atom.not() }
            }
            (Declared::Bool, Operand::Fact(other, other_id))
                if op.is_equality() && self.vocabulary().fact(other_id).declared == Declared::Bool =>
            {
                same(Node::Atom(subject, Test::IsTrue), Node::Atom(other, Test::IsTrue), op)
            }
            (Declared::Bool, Operand::Condition(node)) if op.is_equality() => {
                if self.copies(&[&node], with.span) {
                    same(Node::Atom(subject, Test::IsTrue), node, op)
                } else {
                    Node::Const(false)
                }
            }
            (Declared::Enum(values), Operand::Text(text)) if op.is_equality() => match values.iter().position(|v| *v == text) {
                Some(at) => equal(Test::OneOf(1 << at)),
                None => {
                    let help = match nearest(&text, values.iter()) {
                        Some(n) => format!("did you mean `'{n}'`?"),
                        None => format!("the values are {}", values.join(", ")),
                    };
                    self.wrong(with.span, format!("`{}` is never `'{text}'`", source_name(fact)), Some(help))
                }
            },
            (Declared::Int { .. }, Operand::Int(n)) => int_test(op, subject, n),
            (Declared::Date, Operand::Day(bound)) => self.compare_date(op, subject, bound, fact.span),
            (Declared::Date, Operand::Fact(other, other_id)) if self.vocabulary().fact(other_id).declared == Declared::Date => {
                match (subject, other) {
                    // `on` is always known, so it is the other side that is tested.
                    (Subject::Scalar(Vocabulary::ON), other) => {
                        let bound = Bound::Back { years: 0, days: 0, anchor: Vocabulary::ON };
                        self.compare_date(op.flipped(), other, bound, with.span)
                    }
                    (subject, Subject::Scalar(anchor)) => {
                        self.compare_date(op, subject, Bound::Back { years: 0, days: 0, anchor }, fact.span)
                    }
                    (Subject::Scalar(anchor), other) => {
                        self.compare_date(op.flipped(), other, Bound::Back { years: 0, days: 0, anchor }, with.span)
                    }
                    _ => self.wrong(with.span, "two dates of one element cannot be compared", None),
                }
            }
            (Declared::Date, Operand::Text(text)) => self.wrong(
                with.span,
                format!("`{}` is a date and `'{text}'` a text", source_name(fact)),
                Some(format!("write `date('{text}')`")),
            ),
            (Declared::Text, Operand::Text(text)) if op.is_equality() => equal(Test::Equals(text.into())),
            (Declared::Offense, Operand::Text(text)) if op.is_equality() => match parse_code(&text) {
                Ok(code) => equal(Test::Equals(code.into())),
                Err(why) => self.wrong(with.span, why, None),
            },
            (declared, _) => {
                let help = match declared {
                    Declared::Bool => "a boolean fact stands by itself".to_owned(),
                    Declared::Enum(values) => format!("compare it by == or != with one of {}", values.join(", ")),
                    Declared::Int { .. } => "compare it with a whole number".to_owned(),
                    Declared::Date => "compare it with `date('2018-01-04')` or `on`".to_owned(),
                    Declared::Text | Declared::Offense => "compare it by == or != with a text in quotes".to_owned(),
                    Declared::List { .. } => "ask about its elements: `.exists(c, …)`".to_owned(),
                };
                let kind = kind_of(declared);
                self.wrong(fact.span.to(with.span), format!("`{}` is {kind}: this comparison does not fit", source_name(fact)), Some(help))
            }
        }
    }

    fn compare_date(&mut self, op: Op, subject: Subject, bound: Bound, span: Span) -> Node {
        let from = self.dated(span, subject, Test::From(bound));
        let after = Node::Atom(subject, Test::After(bound));
        match op {
            Op::AtLeast => from,
            Op::More => after,
            Op::Less => from.not(),
            Op::AtMost => after.not(),
            Op::Equal => Node::and(vec![from, after.not()]),
            Op::NotEqual => Node::or(vec![from.not(), after]),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Op {
    fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual)
    }

    fn flipped(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::More => Self::Less,
            Self::AtLeast => Self::AtMost,
            same => same,
        }
    }
}

pub(super) fn comparison(op: BinaryOp) -> Option<Op> {
    Some(match op {
        BinaryOp::Equal => Op::Equal,
        BinaryOp::NotEqual => Op::NotEqual,
        BinaryOp::Less => Op::Less,
        BinaryOp::LessEqual => Op::AtMost,
        BinaryOp::Greater => Op::More,
        BinaryOp::GreaterEqual => Op::AtLeast,
        _ => return None,
    })
}

fn int_test(op: Op, subject: Subject, n: i64) -> Node {
    let from = |n: i64| Node::Atom(subject, Test::IntAtLeast(n));
    // Past the last number there is none.
    let beyond = || n.checked_add(1).map_or(Node::Const(false), from);
    match op {
        Op::AtLeast => from(n),
        Op::More => beyond(),
        Op::Less => from(n).not(),
        Op::AtMost => beyond().not(),
        Op::Equal => Node::and(vec![from(n), beyond().not()]),
        Op::NotEqual => Node::or(vec![from(n).not(), beyond()]),
    }
}

pub(super) fn at_least(list: ListId, count: u32, body: Node) -> Node {
    match (count, &body) {
        (0, _) => Node::Const(true),
        (_, Node::Const(false)) => Node::Const(false),
        _ => Node::AtLeast { list, count, body: Box::new(body) },
    }
}

fn same(a: Node, b: Node, op: Op) -> Node {
    let both = Node::and(vec![a.clone(), b.clone()]);
    let neither = Node::and(vec![a.not(), b.not()]);
    let same = Node::or(vec![both, neither]);
    if op == Op::Equal { same } else { same.not() }
}

/// One test for `x in ['a', 'b']` instead of two.
fn merge_one_of(parts: Vec<Node>) -> Node {
    let mut mask = 0;
    let mut of = None;
    for part in &parts {
        match part {
            Node::Atom(subject, Test::OneOf(bit)) if of.is_none_or(|s| s == *subject) => {
                of = Some(*subject);
                mask |= bit;
            }
            _ => return Node::or(parts),
        }
    }
    of.map_or_else(|| Node::or(Vec::new()), |subject| Node::Atom(subject, Test::OneOf(mask)))
}
