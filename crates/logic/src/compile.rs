//! From the CEL tree to a typed condition: names become positions, every mistake is named with its place.

use crate::condition::{Bound, Condition, Lengthened, Node, Subject, Test};
use crate::facts::parse_date;
use crate::{Date, Declared, FactId, ListId, Schema, Vocabulary, nearest, parse_code};
use comity_cel::{BinaryOp, Expr, ExprKind, Literal, Name, Span, UnaryOp};
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

/// Terms may use terms so many levels deep; a circle ends there.
const MAX_TERM_DEPTH: usize = 24;

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

/// What an operand of a comparison is.
enum Operand {
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

    /// Counts so many nodes more; the first that is too many is a mistake.
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

    /// Counts what a node is about to be copied to.
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

    /// A name that stands by itself: a term or a boolean fact.
    fn name(&mut self, expr: &Expr) -> Node {
        if let ExprKind::Ident { name, absolute: false } = &expr.kind
            && !self.elements.iter().any(|(v, _)| v == name)
            && let Some(term) = self.scope.terms.by_name.get(name)
        {
            return self.term(name, term, expr.span);
        }
        match self.fact(expr) {
            Some((subject, id)) if self.vocabulary().fact(id).declared == Declared::Bool => Node::Atom(subject, Test::IsTrue),
            Some((_, id)) => {
                let help = match &self.vocabulary().fact(id).declared {
                    Declared::Enum(values) => format!("compare it: `{} == '{}'`", source_name(expr), values[0]),
                    Declared::List { .. } => format!("ask about its elements: `{}.exists(c, …)`", source_name(expr)),
                    _ => "compare it with something".to_owned(),
                };
                self.wrong(
                    expr.span,
                    format!("`{}` is {}, not a condition", source_name(expr), kind_of(&self.vocabulary().fact(id).declared)),
                    Some(help),
                )
            }
            None => Node::Const(false),
        }
    }

    fn term(&mut self, name: &str, term: &Expr, span: Span) -> Node {
        if self.depth >= MAX_TERM_DEPTH {
            return self.wrong(span, format!("the term `{name}` is defined by itself, or terms are nested too deep"), None);
        }
        // A term stands outside any quantifier: it cannot see the element at hand.
        let elements = std::mem::take(&mut self.elements);
        let before = self.mistakes.len();
        self.depth += 1;
        let node = self.condition(term);
        self.depth -= 1;
        self.elements = elements;
        for mistake in &mut self.mistakes[before..] {
            if !mistake.message.starts_with("in the term") {
                mistake.message = format!("in the term `{name}`: {}", mistake.message);
            }
            mistake.span = span;
        }
        node
    }

    /// The fact that a dotted name stands for; a mistake is reported here.
    fn fact(&mut self, expr: &Expr) -> Option<(Subject, FactId)> {
        let Some(path) = path(expr) else {
            self.wrong(expr.span, "a fact's name is expected here", None);
            return None;
        };
        let (root, rest) = path.split_once('.').unwrap_or((&path, ""));
        if let Some(at) = self.elements.iter().rposition(|(v, _)| v == root) {
            let list = self.elements[at].1;
            if at + 1 != self.elements.len() {
                self.wrong(
                    expr.span,
                    format!("`{root}` belongs to an outer list: elements of two lists cannot be compared"),
                    Some("conditions speak of one element at a time".to_owned()),
                );
                return None;
            }
            let record = self.vocabulary().record(list);
            let Some(field) = record.field(rest) else {
                let near = nearest(rest, record.fields.iter().map(|f| f.name.as_str()));
                let help = near.map(|n| format!("did you mean `{root}.{n}`?"));
                let message = if rest.is_empty() {
                    format!("`{root}` is a whole element; name one of its fields")
                } else {
                    format!("a {} has no field `{rest}`", record.name)
                };
                self.wrong(expr.span, message, help);
                return None;
            };
            return Some((Subject::Field(list, field), FactId::Field(list, field)));
        }
        match self.vocabulary().find(&path) {
            Some(id @ FactId::Scalar(slot)) => Some((Subject::Scalar(slot), id)),
            // A list is no subject of a test; the slot is never used.
            Some(id @ FactId::List(_)) => Some((Subject::Scalar(Vocabulary::ON), id)),
            Some(FactId::Field(..)) | None => {
                let known = self.vocabulary().names().chain(self.scope.terms.names().map(str::to_owned));
                let help = match nearest(&path, known) {
                    Some(n) => Some(format!("did you mean `{n}`?")),
                    None if self.vocabulary().is_group(&path) => Some(format!("`{path}` is a group of facts; name one of them")),
                    None => Some("facts are declared in vocabulary.toml, terms in [definitions]".to_owned()),
                };
                let what = if path.contains('.') { "fact" } else { "fact or term" };
                self.wrong(expr.span, format!("there is no {what} `{path}`"), help);
                None
            }
        }
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

    fn day(&mut self, expr: &Expr, args: &[Expr]) -> Option<Date> {
        let day = match args {
            [Expr { kind: ExprKind::Literal(Literal::Text(text)), .. }] => parse_date(text),
            _ => None,
        };
        if day.is_none() {
            let message = match args {
                [Expr { kind: ExprKind::Literal(Literal::Text(text)), .. }] => format!("`{text}` is not a day"),
                _ => "`date` takes one day in quotes".to_owned(),
            };
            self.wrong(expr.span, message, Some("write `date('2018-01-04')`".to_owned()));
        }
        day
    }

    /// `list.filter(c, …)` or a list by itself, whose size is compared.
    fn size(&mut self, expr: &Expr) -> Option<Operand> {
        if let ExprKind::Call { target: Some(list), function, args } = &expr.kind
            && function.text == "filter"
        {
            let (list, body) = self.quantified(list, function, args)?;
            return Some(Operand::Count(list, body));
        }
        let list = self.list(expr)?;
        Some(Operand::Count(list, Node::Const(true)))
    }

    fn list(&mut self, expr: &Expr) -> Option<ListId> {
        match self.fact(expr)?.1 {
            FactId::List(list) => Some(list),
            id => {
                let kind = kind_of(&self.vocabulary().fact(id).declared);
                self.wrong(expr.span, format!("`{}` is {kind}, not a list", source_name(expr)), None);
                None
            }
        }
    }

    /// The list and the body of `list.macro(variable, body)`.
    fn quantified(&mut self, target: &Expr, function: &Name, args: &[Expr]) -> Option<(ListId, Node)> {
        let list = self.list(target);
        let [Expr { kind: ExprKind::Ident { name, absolute: false }, span }, body] = args else {
            self.wrong(
                function.span,
                format!("`{}` takes a name and a condition", function.text),
                Some(format!("write `.{}(c, c.level == 'felony')`", function.text)),
            );
            return None;
        };
        if self.elements.iter().any(|(v, _)| v == name) || self.vocabulary().is_group(name) || self.vocabulary().find(name).is_some() {
            self.wrong(
                *span,
                format!("`{name}` already means something else here"),
                Some("choose another name for the element".to_owned()),
            );
            return None;
        }
        self.elements.push((name.clone(), list?));
        let body = self.condition(body);
        self.elements.pop();
        Some((list?, body))
    }

    fn call(&mut self, expr: &Expr, target: Option<&Expr>, function: &Name, args: &[Expr]) -> Node {
        match (target, function.text.as_str()) {
            (Some(list), name @ ("exists" | "all" | "exists_one" | "existsOne")) => {
                let Some((list, body)) = self.quantified(list, function, args) else { return Node::Const(false) };
                match name {
                    "exists" => at_least(list, 1, body),
                    "all" => at_least(list, 1, body.not()).not(),
                    _ if !self.copies(&[&body], expr.span) => Node::Const(false),
                    _ => Node::and(vec![at_least(list, 1, body.clone()), at_least(list, 2, body).not()]),
                }
            }
            (Some(text), "in_class" | "is" | "startsWith") => self.text_call(text, function, args),
            (None, "within_years" | "within_days") => self.window(expr, function, args),
            (_, "has") => self.wrong(
                expr.span,
                "a condition cannot test whether a fact is stated",
                Some(
                    "write the condition for the complete case: what is not stated is unknown, and every way it may turn out is looked at"
                        .to_owned(),
                ),
            ),
            (_, "date" | "size" | "filter") => self.wrong(expr.span, format!("`{}` gives no truth value: compare it", function.text), None),
            (_, other) => {
                let known = [
                    "exists",
                    "all",
                    "exists_one",
                    "filter",
                    "size",
                    "in_class",
                    "is",
                    "startsWith",
                    "within_years",
                    "within_days",
                    "date",
                ];
                let help = nearest(other, known.iter())
                    .map_or_else(|| format!("the functions are {}", known.join(", ")), |n| format!("did you mean `{n}`?"));
                self.wrong(function.span, format!("there is no function `{other}`"), Some(help))
            }
        }
    }

    fn text_call(&mut self, target: &Expr, function: &Name, args: &[Expr]) -> Node {
        let Some((subject, id)) = self.fact(target) else { return Node::Const(false) };
        let [Expr { kind: ExprKind::Literal(Literal::Text(text)), span }] = args else {
            return self.wrong(function.span, format!("`{}` takes one text in quotes", function.text), None);
        };
        let declared = &self.vocabulary().fact(id).declared;
        let wanted = if function.text == "startsWith" { Declared::Text } else { Declared::Offense };
        if *declared != wanted {
            let (is, wants) = (kind_of(declared), kind_of(&wanted));
            return self.wrong(target.span, format!("`{}` is {is}; `{}` asks about {wants}", source_name(target), function.text), None);
        }
        let test = match function.text.as_str() {
            "in_class" => match self.scope.schema.classes.find(text) {
                Some(class) => Test::InClass(class),
                None => {
                    let help = nearest(text, self.scope.schema.classes.names()).map(|n| format!("did you mean `{n}`?"));
                    return self.wrong(*span, format!("there is no offence class `{text}`"), help);
                }
            },
            "is" => match parse_code(text) {
                Ok(code) => Test::Within(code.into()),
                Err(why) => return self.wrong(*span, why, None),
            },
            _ => Test::StartsWith(text.as_str().into()),
        };
        Node::Atom(subject, test)
    }

    /// `within_years(d, n)`, `within_days(d, n)`, with the date to count back from as a third argument, and days that do not count as a fourth.
    fn window(&mut self, expr: &Expr, function: &Name, args: &[Expr]) -> Node {
        let (date, count, anchor, by) = match args {
            [date, Expr { kind: ExprKind::Literal(Literal::Int(n)), .. }] => (date, *n, None, None),
            [date, Expr { kind: ExprKind::Literal(Literal::Int(n)), .. }, anchor] => (date, *n, Some(anchor), None),
            [date, Expr { kind: ExprKind::Literal(Literal::Int(n)), .. }, anchor, by] if function.text == "within_years" => {
                (date, *n, Some(anchor), Some(by))
            }
            _ => {
                let help = format!("write `{}(c.date, 5)`", function.text);
                return self.wrong(expr.span, format!("`{}` takes a date fact and a whole number", function.text), Some(help));
            }
        };
        let most = if function.text == "within_years" { 200 } else { 73_000 };
        if !(0..=most).contains(&count) {
            return self.wrong(expr.span, format!("`{}` counts back 0 to {most}", function.text), None);
        }
        let Some(subject) = self.date_fact(date) else { return Node::Const(false) };
        let anchor = match anchor {
            None => Vocabulary::ON,
            Some(anchor) => match self.date_fact(anchor) {
                Some(Subject::Scalar(slot)) => slot,
                Some(Subject::Field(..)) => return self.wrong(anchor.span, "count back from a date of the case, not of an element", None),
                None => return Node::Const(false),
            },
        };
        let (years, days) = if function.text == "within_years" { (count as i16, 0) } else { (0, count as i32) };
        if let Some(by) = by {
            let Some((by_subject, id)) = self.fact(by) else { return Node::Const(false) };
            let whole = matches!(self.vocabulary().fact(id).declared, Declared::Int { min: Some(0..) });
            return match (subject, by_subject) {
                (Subject::Field(list, date), Subject::Field(_, by)) if whole => {
                    Node::Lengthened(Lengthened { list, date, years, anchor, by })
                }
                _ => {
                    let help = "both are fields of the element at hand, the days a whole number that is never below 0";
                    self.wrong(by.span, "these days cannot lengthen that window", Some(help.to_owned()))
                }
            };
        }
        self.dated(date.span, subject, Test::From(Bound::Back { years, days, anchor }))
    }

    fn date_fact(&mut self, expr: &Expr) -> Option<Subject> {
        let (subject, id) = self.fact(expr)?;
        let declared = &self.vocabulary().fact(id).declared;
        if *declared != Declared::Date {
            self.wrong(expr.span, format!("`{}` is {}, not a date", source_name(expr), kind_of(declared)), None);
            return None;
        }
        Some(subject)
    }

    /// A comparison of a date with another date of the case is decidable only for elements: it keeps the questions exact.
    fn dated(&mut self, span: Span, subject: Subject, test: Test) -> Node {
        if let (Subject::Scalar(slot), Test::From(Bound::Back { anchor, .. }) | Test::After(Bound::Back { anchor, .. })) = (subject, &test)
            && *anchor != Vocabulary::ON
            && slot != Vocabulary::ON
        {
            return self.wrong(span, "two date facts of the case cannot be compared", Some("compare with `on` or a fixed day".to_owned()));
        }
        Node::Atom(subject, test)
    }

    fn membership(&mut self, left: &Expr, right: &Expr) -> Node {
        let ExprKind::List(items) = &right.kind else {
            return self.wrong(right.span, "`in` takes a list in brackets", Some("write `in ['a', 'b']`".to_owned()));
        };
        if items.is_empty() {
            return self.wrong(right.span, "nothing is in an empty list", None);
        }
        let parts = items.iter().map(|item| self.compare(Op::Equal, left, item, item.span)).collect::<Vec<_>>();
        merge_one_of(parts)
    }

    fn compare(&mut self, op: Op, left: &Expr, right: &Expr, span: Span) -> Node {
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
enum Op {
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

fn comparison(op: BinaryOp) -> Option<Op> {
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

fn at_least(list: ListId, count: u32, body: Node) -> Node {
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

fn path(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Ident { name, absolute: false } => Some(name.clone()),
        ExprKind::Select { operand, field } => Some(format!("{}.{}", path(operand)?, field.text)),
        _ => None,
    }
}

fn source_name(expr: &Expr) -> String {
    path(expr).unwrap_or_else(|| "this".to_owned())
}

fn kind_of(declared: &Declared) -> &'static str {
    match declared {
        Declared::Bool => "a boolean",
        Declared::Enum(_) => "an enumeration",
        Declared::Int { .. } => "a whole number",
        Declared::Date => "a date",
        Declared::Text => "a text",
        Declared::Offense => "an offence code",
        Declared::List { .. } => "a list",
    }
}
