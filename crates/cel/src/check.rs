//! Mistakes that show before any value is there.

use crate::ast::{BinaryOp, Expr, ExprKind, Literal, Name, Span, UnaryOp};
use crate::macros::{self, Fold, Macro};
use crate::names::Scope;
use crate::overloads::{self, Form, Overload};
use crate::suggest::nearest;
use crate::types::Type;

/// A mistake in an expression: what, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckError {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What to do about it.
    pub help: Option<String>,
    /// Not a mistake of the language, but something this library leaves out.
    pub unsupported: bool,
}

impl std::fmt::Display for CheckError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (at byte {})", self.message, self.span.start)
    }
}

impl std::error::Error for CheckError {}

/// The type of `expr`, its names being of the types in `scope`.
///
/// # Errors
/// Every mistake there is, in the order of the source.
pub fn check(expr: &Expr, scope: &Scope) -> Result<Type, Vec<CheckError>> {
    let mut checker = Checker { scope, locals: Vec::new(), mistakes: Vec::new() };
    let found = checker.infer(expr);
    let mut mistakes = checker.mistakes;
    if mistakes.is_empty() {
        return Ok(found);
    }
    mistakes.sort_by_key(|m| (m.span.start, m.span.end));
    Err(mistakes)
}

/// Types nested deeper than this count as `dyn`.
const MAX_TYPE_DEPTH: usize = 64;

struct Checker<'e> {
    scope: &'e Scope,
    locals: Vec<(&'e str, Type)>,
    mistakes: Vec<CheckError>,
}

impl<'e> Checker<'e> {
    /// Notes a mistake; what is wrong counts as `dyn` from there on, so that nothing echoes it.
    fn wrong(&mut self, span: Span, message: impl Into<String>, help: Option<String>) -> Type {
        self.mistakes.push(CheckError { message: message.into(), span, help, unsupported: false });
        Type::Dyn
    }

    fn left_out(&mut self, span: Span, message: impl Into<String>) -> Type {
        self.mistakes.push(CheckError { message: message.into(), span, help: None, unsupported: true });
        Type::Dyn
    }

    fn infer(&mut self, expr: &'e Expr) -> Type {
        let found = self.infer_whole(expr);
        // Macros can nest types without end; so deep, nothing is worth knowing.
        if found.is_deeper_than(MAX_TYPE_DEPTH) { Type::Dyn } else { found }
    }

    fn infer_whole(&mut self, expr: &'e Expr) -> Type {
        match &expr.kind {
            ExprKind::Literal(literal) => type_of(literal),
            ExprKind::Ident { name, absolute } => self.ident(name, *absolute, expr.span),
            ExprKind::Select { operand, field } => self.select(expr, operand, field),
            ExprKind::Index { operand, index } => self.index(operand, index),
            ExprKind::Call { target, function, args } => self.call(expr, target.as_deref(), function, args),
            ExprKind::Unary { op, operand } => self.unary(*op, operand, expr.span),
            ExprKind::Binary { op, left, right } => self.binary(*op, left, right, expr.span),
            ExprKind::Conditional { test, then, otherwise } => self.conditional(test, then, otherwise),
            ExprKind::List(items) => Type::list(self.joined(items.iter())),
            ExprKind::Map(entries) => self.map(entries),
            ExprKind::Message { name, fields } => {
                for (_, value) in fields {
                    self.infer(value);
                }
                self.left_out(expr.span, format!("messages such as `{}` are left out", name.text))
            }
        }
    }

    fn lookup(&self, name: &str, absolute: bool) -> Option<Type> {
        let local = self.locals.iter().rev().find(|(n, _)| !absolute && *n == name);
        let found = local.map(|(_, t)| t).or_else(|| self.scope.resolve(name, absolute));
        found.cloned().or_else(|| Type::named(name).map(|_| Type::Type))
    }

    fn ident(&mut self, name: &str, absolute: bool, span: Span) -> Type {
        if let Some(found) = self.lookup(name, absolute) {
            return found;
        }
        let known = self.locals.iter().map(|(n, _)| *n).chain(self.scope.iter().map(|(n, _)| n));
        let help = nearest(name, known).map(|near| format!("did you mean `{near}`?"));
        self.wrong(span, format!("unknown name `{name}`"), help)
    }

    fn select(&mut self, expr: &'e Expr, operand: &'e Expr, field: &Name) -> Type {
        // The chain may be one dotted name, unless it starts at a macro's variable.
        if let Some(name) = expr.dotted_name() {
            let root = name.split('.').next().unwrap_or("");
            let absolute = expr.is_absolute();
            let local = !absolute && self.locals.iter().any(|(n, _)| *n == root);
            if let Some(found) = (!local).then(|| self.lookup(&name, absolute)).flatten() {
                return found;
            }
        }
        let given = self.infer(operand);
        self.field_of(given, field)
    }

    fn field_of(&mut self, given: Type, field: &Name) -> Type {
        match given {
            Type::Dyn => Type::Dyn,
            Type::Map(key, value) if key.agrees(&Type::String) => *value,
            Type::Map(key, _) => {
                let help = Some(format!("look {key} keys up with `[...]`"));
                self.wrong(field.span, format!("a map from {key} has no field `{}`", field.text), help)
            }
            other => self.wrong(field.span, format!("{other} has no fields"), None),
        }
    }

    fn index(&mut self, operand: &'e Expr, index: &'e Expr) -> Type {
        let (given, at) = (self.infer(operand), self.infer(index));
        match given {
            Type::Dyn => Type::Dyn,
            Type::List(element) if at.agrees(&Type::Int) => *element,
            Type::List(_) => self.wrong(index.span, format!("a list is indexed by int, not by {at}"), None),
            Type::Map(key, value) if key.agrees(&at) => *value,
            Type::Map(key, _) => self.wrong(index.span, format!("this map's keys are {key}, not {at}"), None),
            other => self.wrong(operand.span, format!("{other} cannot be indexed"), None),
        }
    }

    /// What all of these have in common.
    fn joined(&mut self, items: impl Iterator<Item = &'e Expr>) -> Type {
        let types: Vec<_> = items.map(|item| self.infer(item)).collect();
        types.into_iter().reduce(Type::join).unwrap_or(Type::Dyn)
    }

    fn map(&mut self, entries: &'e [(Expr, Expr)]) -> Type {
        let mut key = self.joined(entries.iter().map(|(key, _)| key));
        if !matches!(key, Type::Dyn | Type::Bool | Type::Int | Type::Uint | Type::String) {
            let span = entries.first().map_or(Span::default(), |(key, _)| key.span);
            let help = "keys are bool, int, uint or string".to_owned();
            key = self.wrong(span, format!("{key} cannot be a key"), Some(help));
        }
        Type::map(key, self.joined(entries.iter().map(|(_, value)| value)))
    }

    fn conditional(&mut self, test: &'e Expr, then: &'e Expr, otherwise: &'e Expr) -> Type {
        self.truth(test, "the test before `?`");
        let (a, b) = (self.infer(then), self.infer(otherwise));
        if !a.agrees(&b) {
            let message = format!("one result is {a}, the other {b}");
            return self.wrong(otherwise.span, message, Some("give both the same type, or wrap them in `dyn(...)`".to_owned()));
        }
        if a == Type::Null { b } else { a.join(b) }
    }

    /// A place where only a bool will do.
    fn truth(&mut self, expr: &'e Expr, place: &str) {
        let given = self.infer(expr);
        if !given.agrees(&Type::Bool) {
            let help = matches!(given, Type::Int | Type::Uint | Type::Double).then(|| "compare it, as in `x != 0`".to_owned());
            self.wrong(expr.span, format!("{place} must be bool, not {given}"), help);
        }
    }

    fn unary(&mut self, op: UnaryOp, operand: &'e Expr, span: Span) -> Type {
        if op == UnaryOp::Not {
            self.truth(operand, "the operand of `!`");
            return Type::Bool;
        }
        let given = [self.infer(operand)];
        self.resolve("-", overloads::NEGATE, &given, span, |labels| format!("-{}", labels.join("")))
    }

    fn binary(&mut self, op: BinaryOp, left: &'e Expr, right: &'e Expr, span: Span) -> Type {
        let symbol = op.symbol();
        if matches!(op, BinaryOp::And | BinaryOp::Or) {
            self.truth(left, &format!("the left side of `{symbol}`"));
            self.truth(right, &format!("the right side of `{symbol}`"));
            return Type::Bool;
        }
        let (a, b) = (self.infer(left), self.infer(right));
        match op {
            BinaryOp::Equal | BinaryOp::NotEqual => {
                if !a.agrees(&b) {
                    self.wrong(span, format!("{a} and {b} cannot be compared"), convert(&a, &b));
                }
                Type::Bool
            }
            BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual => {
                if let Some(bare) = [&a, &b].into_iter().find(|t| !overloads::is_ordered(t)) {
                    self.wrong(span, format!("`{symbol}` orders no {bare}"), None);
                } else if !a.agrees(&b) {
                    self.wrong(span, format!("`{symbol}` does not take {a} and {b}"), convert(&a, &b));
                }
                Type::Bool
            }
            BinaryOp::In => {
                let holds = match &b {
                    Type::List(element) => element.agrees(&a),
                    Type::Map(key, _) => key.agrees(&a),
                    other => other == &Type::Dyn,
                };
                if !holds {
                    let help = "the right side is a list of such values, or a map with such keys";
                    self.wrong(span, format!("`in` does not take {a} and {b}"), Some(help.to_owned()));
                }
                Type::Bool
            }
            BinaryOp::Add if matches!((&a, &b), (Type::List(_), Type::List(_))) => a.join(b),
            _ => {
                let help = convert(&a, &b);
                let given = [a, b];
                let before = self.mistakes.len();
                let ways = overloads::arithmetic(symbol);
                let found = self.resolve(symbol, ways, &given, span, |labels| labels.join(&format!(" {symbol} ")));
                if let (Some(help), Some(mistake)) = (help, self.mistakes.get_mut(before)) {
                    mistake.help = Some(help);
                }
                found
            }
        }
    }

    fn resolve(&mut self, name: &str, ways: &[Overload], given: &[Type], span: Span, write: impl Fn(&[String]) -> String) -> Type {
        if let Some(found) = overloads::resolve(ways, given) {
            return found;
        }
        let types: Vec<_> = given.iter().map(ToString::to_string).collect();
        let types = if types.is_empty() { "no operand".to_owned() } else { types.join(" and ") };
        let help = format!("it takes {}", overloads::ways(ways, given, write));
        self.wrong(span, format!("`{name}` does not take {types}"), Some(help))
    }

    fn call(&mut self, expr: &'e Expr, target: Option<&'e Expr>, function: &Name, args: &'e [Expr]) -> Type {
        let name = function.text.as_str();
        if let Some(found) = expr.as_macro() {
            return self.expand(found);
        }
        if let Some(usage) = macros::usage(name, target.is_some()) {
            return self.wrong(expr.span, format!("`{name}` does not fit here"), Some(format!("it is used as `{usage}`")));
        }
        if name == "matches" {
            return self.left_out(function.span, "regular expressions (`matches`) are left out");
        }
        let Some(known) = overloads::find(name) else {
            let help = nearest(name, overloads::FUNCTIONS.iter().map(|f| f.name)).map(|near| format!("did you mean `{near}`?"));
            return self.wrong(function.span, format!("unknown function `{name}`"), help);
        };
        let given: Vec<_> = target.into_iter().chain(args).map(|arg| self.infer(arg)).collect();
        let method = target.is_some();
        match known.form {
            Form::Function if method => self.wrong(function.span, format!("`{name}` is no method"), Some(format!("write `{name}(...)`"))),
            Form::Method if !method => {
                self.wrong(function.span, format!("`{name}` is a method"), Some(format!("write `value.{name}(...)`")))
            }
            _ => self.resolve(name, known.overloads, &given, expr.span, |labels| match labels {
                [receiver, rest @ ..] if method => format!("{receiver}.{name}({})", rest.join(", ")),
                _ => format!("{name}({})", labels.join(", ")),
            }),
        }
    }

    fn expand(&mut self, found: Macro<'e>) -> Type {
        match found {
            Macro::Has { operand, field } => {
                let given = self.infer(operand);
                self.field_of(given, field);
                Type::Bool
            }
            Macro::Fold { fold, range, variable, test, result } => {
                let element = match self.infer(range) {
                    Type::Dyn => Type::Dyn,
                    Type::List(element) => *element,
                    Type::Map(key, _) => *key,
                    other => {
                        let message = format!("elements are taken from a list or map, not from {other}");
                        self.wrong(range.span, message, None)
                    }
                };
                self.locals.push((variable, element.clone()));
                if let Some(test) = test {
                    self.truth(test, "the test");
                }
                let made = result.map(|result| self.infer(result));
                self.locals.pop();
                match fold {
                    Fold::Filter | Fold::Map => Type::list(made.unwrap_or(element)),
                    _ => Type::Bool,
                }
            }
        }
    }
}

/// What brings two numbers together.
fn convert(a: &Type, b: &Type) -> Option<String> {
    let number = |t: &Type| matches!(t, Type::Int | Type::Uint | Type::Double);
    let target = if a == &Type::Double || b == &Type::Double { "double" } else { "int" };
    (number(a) && number(b) && a != b).then(|| format!("convert one side: `{target}(...)`"))
}

fn type_of(literal: &Literal) -> Type {
    match literal {
        Literal::Null => Type::Null,
        Literal::Bool(_) => Type::Bool,
        Literal::Int(_) => Type::Int,
        Literal::Uint(_) => Type::Uint,
        Literal::Double(_) => Type::Double,
        Literal::Text(_) => Type::String,
        Literal::Bytes(_) => Type::Bytes,
    }
}
