//! What the names in a condition stand for.

use super::Compiler;
use crate::condition::{Node, Subject, Test};
use crate::{Declared, FactId, ListId, Vocabulary, nearest};
use comity_cel::{Expr, ExprKind, Span};

/// Terms may use terms so many levels deep; a circle ends there.
const MAX_TERM_DEPTH: usize = 24;

impl Compiler<'_> {
    pub(super) fn name(&mut self, expr: &Expr) -> Node {
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

    pub(super) fn fact(&mut self, expr: &Expr) -> Option<(Subject, FactId)> {
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

    pub(super) fn list(&mut self, expr: &Expr) -> Option<ListId> {
        match self.fact(expr)?.1 {
            FactId::List(list) => Some(list),
            id => {
                let kind = kind_of(&self.vocabulary().fact(id).declared);
                self.wrong(expr.span, format!("`{}` is {kind}, not a list", source_name(expr)), None);
                None
            }
        }
    }

    pub(super) fn date_fact(&mut self, expr: &Expr) -> Option<Subject> {
        let (subject, id) = self.fact(expr)?;
        let declared = &self.vocabulary().fact(id).declared;
        if *declared != Declared::Date {
            self.wrong(expr.span, format!("`{}` is {}, not a date", source_name(expr), kind_of(declared)), None);
            return None;
        }
        Some(subject)
    }
}

pub(super) fn path(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Ident { name, absolute: false } => Some(name.clone()),
        ExprKind::Select { operand, field } => Some(format!("{}.{}", path(operand)?, field.text)),
        _ => None,
    }
}

pub(super) fn source_name(expr: &Expr) -> String {
    path(expr).unwrap_or_else(|| "this".to_owned())
}

pub(super) fn kind_of(declared: &Declared) -> &'static str {
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
