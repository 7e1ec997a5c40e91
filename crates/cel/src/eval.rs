//! The value of an expression.

use crate::arithmetic::{self, brief, no_overload};
use crate::ast::{BinaryOp, Expr, ExprKind, Literal, Name, Span, UnaryOp};
use crate::fault::{EvalError, Fault, FaultKind};
use crate::functions;
use crate::macros::{self, Fold, Macro};
use crate::names::Bindings;
use crate::overloads::{self, Form};
use crate::types::Type;
use crate::value::{BadKey, MAX_DEPTH, MAX_WEIGHT, Map, Value};

/// How many steps [`evaluate`] may take. A step is one node evaluated, or some eight values looked at.
pub const MAX_STEPS: u64 = 1_000_000;

/// What an evaluation may do.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many steps it may take.
    pub steps: u64,
    /// Whether `exists`, `has` and the like are macros; if not, they are unknown functions.
    pub macros: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { steps: MAX_STEPS, macros: true }
    }
}

/// The value of `expr`, its names standing for `bindings`.
///
/// # Errors
/// The first error that no `&&` or `||` absorbs; or the steps ran out.
pub fn evaluate(expr: &Expr, bindings: &Bindings) -> Result<Value, EvalError> {
    evaluate_with(expr, bindings, Options::default())
}

/// As [`evaluate`], with options.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_with(expr: &Expr, bindings: &Bindings, options: Options) -> Result<Value, EvalError> {
    Evaluator { bindings, locals: Vec::new(), options }.eval(expr)
}

type Outcome = Result<Value, EvalError>;

struct Evaluator<'e> {
    bindings: &'e Bindings,
    /// The variables of the macros being evaluated, innermost last.
    locals: Vec<(&'e str, Value)>,
    options: Options,
}

fn fail<T>(kind: FaultKind, message: impl Into<String>, span: Span) -> Result<T, EvalError> {
    Err(Fault::new(kind, message).at(span))
}

impl<'e> Evaluator<'e> {
    fn eval(&mut self, expr: &'e Expr) -> Outcome {
        self.spend(1, expr.span)?;
        match &expr.kind {
            ExprKind::Literal(literal) => Ok(constant(literal)),
            ExprKind::Ident { name, absolute } => self.ident(name, *absolute, expr.span),
            ExprKind::Select { operand, field } => self.select(expr, operand, field),
            ExprKind::Index { operand, index } => self.index(operand, index),
            ExprKind::Call { target, function, args } => self.call(expr, target.as_deref(), function, args),
            ExprKind::Unary { op, operand } => self.unary(*op, operand, expr.span),
            ExprKind::Binary { op, left, right } => self.binary(*op, left, right, expr.span),
            ExprKind::Conditional { test, then, otherwise } => match self.eval(test)? {
                Value::Bool(true) => self.eval(then),
                Value::Bool(false) => self.eval(otherwise),
                other => Err(no_overload("? :", &[&other]).at(test.span)),
            },
            ExprKind::List(items) => self.list(items, expr.span),
            ExprKind::Map(entries) => self.map(entries, expr.span),
            ExprKind::Message { name, .. } => {
                fail(FaultKind::Unsupported, format!("messages such as `{}` are left out", name.text), expr.span)
            }
        }
    }

    fn spend(&mut self, steps: u64, span: Span) -> Result<(), EvalError> {
        match self.options.steps.checked_sub(steps) {
            Some(left) => {
                self.options.steps = left;
                Ok(())
            }
            None => fail(FaultKind::Budget, "this takes too many steps", span),
        }
    }

    /// Pays for looking at all of these values.
    fn look_at(&mut self, values: &[&Value], span: Span) -> Result<(), EvalError> {
        let weight = values.iter().fold(0, |all: u64, v| all.saturating_add(v.weight()));
        self.spend(weight / 8, span)
    }

    /// Lets a new value through unless it is too deep or too large.
    fn built(&self, value: Value, span: Span) -> Outcome {
        if value.depth() > MAX_DEPTH || value.weight() > MAX_WEIGHT {
            return fail(FaultKind::Budget, "this value grows too large", span);
        }
        Ok(value)
    }

    fn ident(&self, name: &str, absolute: bool, span: Span) -> Outcome {
        let local = self.locals.iter().rev().find(|(n, _)| !absolute && *n == name);
        if let Some((_, value)) = local {
            return Ok(value.clone());
        }
        if let Some(value) = self.bindings.resolve(name, absolute) {
            return Ok(value.clone());
        }
        match Type::named(name) {
            Some(named) => Ok(Value::Type(named)),
            None => fail(FaultKind::UnknownName, format!("`{name}` is not bound to a value"), span),
        }
    }

    /// The value or type that a dotted name stands for as a whole.
    fn dotted(&self, expr: &Expr, field: &str) -> Option<Value> {
        let well_known = matches!(field, "Timestamp" | "Duration");
        if !well_known && !self.bindings.has_dotted() {
            return None;
        }
        let name = expr.dotted_name()?;
        let absolute = expr.is_absolute();
        let root = name.split('.').next()?;
        if !absolute && self.locals.iter().any(|(n, _)| *n == root) {
            return None;
        }
        let bound = self.bindings.resolve(&name, absolute).cloned();
        bound.or_else(|| Type::named(&name).map(Value::Type))
    }

    fn select(&mut self, expr: &'e Expr, operand: &'e Expr, field: &Name) -> Outcome {
        if let Some(value) = self.dotted(expr, &field.text) {
            return Ok(value);
        }
        let value = self.eval(operand)?;
        let Value::Map(map) = &value else {
            let message = format!("{} has no fields", brief(&value));
            return fail(FaultKind::NoSuchOverload, message, field.span);
        };
        match map.field(&field.text) {
            Some(found) => Ok(found.clone()),
            None => fail(FaultKind::NoSuchKey, format!("no such key `{}`", field.text), field.span),
        }
    }

    fn index(&mut self, operand: &'e Expr, index: &'e Expr) -> Outcome {
        let (value, at) = (self.eval(operand)?, self.eval(index)?);
        match &value {
            Value::Map(map) if at.is_key() => match map.get(&at) {
                Some(found) => Ok(found.clone()),
                None => fail(FaultKind::NoSuchKey, format!("no such key {at}"), index.span),
            },
            Value::List(list) => match at.as_index() {
                Some(n) => match usize::try_from(n).ok().and_then(|n| list.items().get(n)) {
                    Some(found) => Ok(found.clone()),
                    None => {
                        let message = format!("no element {n} in a list of {}", list.items().len());
                        fail(FaultKind::NoSuchIndex, message, index.span)
                    }
                },
                None => Err(no_overload("[]", &[&value, &at]).at(index.span)),
            },
            _ => Err(no_overload("[]", &[&value, &at]).at(index.span)),
        }
    }

    fn call(&mut self, expr: &'e Expr, target: Option<&'e Expr>, function: &Name, args: &'e [Expr]) -> Outcome {
        let name = function.text.as_str();
        if self.options.macros {
            if let Some(found) = expr.as_macro() {
                return self.expand(found, expr.span);
            }
            if let Some(usage) = macros::usage(name, target.is_some()) {
                return fail(FaultKind::NoSuchOverload, format!("`{name}` is used as `{usage}`"), expr.span);
            }
        }
        if name == "matches" {
            return fail(FaultKind::Unsupported, "regular expressions (`matches`) are left out", function.span);
        }
        let wrong_form = if target.is_some() { Form::Function } else { Form::Method };
        if overloads::find(name).is_none_or(|f| f.form == wrong_form) {
            return fail(FaultKind::UnknownFunction, format!("there is no function `{name}`"), function.span);
        }
        let given = target.into_iter().chain(args).map(|arg| self.eval(arg)).collect::<Result<Vec<_>, _>>()?;
        self.look_at(&given.iter().collect::<Vec<_>>(), expr.span)?;
        match functions::call(name, &given) {
            Some(result) => result.map_err(|fault| fault.at(expr.span)),
            None => fail(FaultKind::UnknownFunction, format!("there is no function `{name}`"), function.span),
        }
    }

    fn unary(&mut self, op: UnaryOp, operand: &'e Expr, span: Span) -> Outcome {
        let value = self.eval(operand)?;
        match (op, &value) {
            (UnaryOp::Not, Value::Bool(v)) => Ok(Value::Bool(!v)),
            (UnaryOp::Not, _) => Err(no_overload("!", &[&value]).at(span)),
            (UnaryOp::Negate, _) => arithmetic::negate(&value).map_err(|fault| fault.at(span)),
        }
    }

    fn binary(&mut self, op: BinaryOp, left: &'e Expr, right: &'e Expr, span: Span) -> Outcome {
        match op {
            BinaryOp::And => return self.either_decides(false, left, right),
            BinaryOp::Or => return self.either_decides(true, left, right),
            _ => {}
        }
        let (a, b) = (self.eval(left)?, self.eval(right)?);
        self.look_at(&[&a, &b], span)?;
        let order = |test: fn(std::cmp::Ordering) -> bool| match a.has_order(&b) {
            true => Ok(Value::Bool(a.compare(&b).is_some_and(test))),
            false => Err(no_overload(op.symbol(), &[&a, &b]).at(span)),
        };
        match op {
            BinaryOp::Equal => Ok(Value::Bool(a == b)),
            BinaryOp::NotEqual => Ok(Value::Bool(a != b)),
            BinaryOp::Less => order(std::cmp::Ordering::is_lt),
            BinaryOp::LessEqual => order(std::cmp::Ordering::is_le),
            BinaryOp::Greater => order(std::cmp::Ordering::is_gt),
            BinaryOp::GreaterEqual => order(std::cmp::Ordering::is_ge),
            BinaryOp::In => match &b {
                Value::List(list) => Ok(Value::Bool(list.items().contains(&a))),
                Value::Map(map) => Ok(Value::Bool(map.get(&a).is_some())),
                _ => Err(no_overload("in", &[&a, &b]).at(span)),
            },
            _ => {
                let value = arithmetic::binary(op, &a, &b).map_err(|fault| fault.at(span))?;
                self.built(value, span)
            }
        }
    }

    /// `||` is true and `&&` is false as soon as either side is, whatever the other side is.
    fn either_decides(&mut self, decisive: bool, left: &'e Expr, right: &'e Expr) -> Outcome {
        let first = self.truth(left);
        match &first {
            Ok(value) if *value == decisive => return Ok(Value::Bool(decisive)),
            Err(error) if !error.kind.is_absorbed() => return Err(error.clone()),
            _ => {}
        }
        match self.truth(right) {
            Ok(value) if value == decisive => Ok(Value::Bool(decisive)),
            Err(error) if !error.kind.is_absorbed() => Err(error),
            second => {
                first?;
                second.map(Value::Bool)
            }
        }
    }

    fn truth(&mut self, expr: &'e Expr) -> Result<bool, EvalError> {
        match self.eval(expr)? {
            Value::Bool(value) => Ok(value),
            other => {
                let message = format!("a bool is needed here, not {}", brief(&other));
                fail(FaultKind::NoSuchOverload, message, expr.span)
            }
        }
    }

    fn list(&mut self, items: &'e [Expr], span: Span) -> Outcome {
        let items = items.iter().map(|item| self.eval(item)).collect::<Result<Vec<_>, _>>()?;
        self.built(Value::list(items), span)
    }

    fn map(&mut self, entries: &'e [(Expr, Expr)], span: Span) -> Outcome {
        let pair = |(key, value): &'e (Expr, Expr)| Ok((self.eval(key)?, self.eval(value)?));
        let values = entries.iter().map(pair).collect::<Result<Vec<_>, EvalError>>()?;
        match Map::new(values) {
            Ok(map) => self.built(map.into(), span),
            Err((at, why)) => {
                let span = entries.get(at).map_or(span, |(key, _)| key.span);
                match why {
                    BadKey::Type => fail(FaultKind::NoSuchOverload, "a key is a bool, int, uint or string", span),
                    BadKey::Repeated => fail(FaultKind::Invalid, "this key stands here twice", span),
                }
            }
        }
    }

    fn expand(&mut self, found: Macro<'e>, span: Span) -> Outcome {
        match found {
            Macro::Has { operand, field } => match self.eval(operand)? {
                Value::Map(map) => Ok(Value::Bool(map.field(&field.text).is_some())),
                other => fail(FaultKind::NoSuchOverload, format!("{} has no fields", brief(&other)), field.span),
            },
            Macro::Fold { fold, range, variable, test, result } => {
                let elements = match self.eval(range)? {
                    Value::List(list) => list.items().to_vec(),
                    Value::Map(map) => map.entries().iter().map(|(key, _)| key.clone()).collect(),
                    other => {
                        let message = format!("elements are taken from a list or map, not from {}", brief(&other));
                        return fail(FaultKind::NoSuchOverload, message, range.span);
                    }
                };
                self.spend(elements.len() as u64, span)?;
                let depth = self.locals.len();
                let value = self.fold(fold, elements, variable, test, result);
                self.locals.truncate(depth);
                self.built(value?, span)
            }
        }
    }

    fn fold(&mut self, fold: Fold, elements: Vec<Value>, variable: &'e str, test: Option<&'e Expr>, result: Option<&'e Expr>) -> Outcome {
        let decisive = fold == Fold::Exists;
        let mut error = None;
        let mut count = 0_usize;
        let mut kept = Vec::new();
        let slot = self.locals.len();
        for element in elements {
            self.locals.truncate(slot);
            self.locals.push((variable, element.clone()));
            let passes = test.map_or(Ok(true), |test| self.truth(test));
            match (fold, passes) {
                // These two absorb errors, as a chain of `||` or `&&` would.
                (Fold::Exists | Fold::All, Ok(passes)) if passes == decisive => return Ok(Value::Bool(decisive)),
                (Fold::Exists | Fold::All, Ok(_)) => {}
                (Fold::Exists | Fold::All, Err(e)) if e.kind.is_absorbed() => error = error.or(Some(e)),
                (_, Err(e)) => return Err(e),
                (_, Ok(false)) => {}
                (Fold::ExistsOne, Ok(true)) => count += 1,
                (Fold::Filter, Ok(true)) => kept.push(element),
                (Fold::Map, Ok(true)) => kept.push(result.map_or(Ok(element), |r| self.eval(r))?),
            }
        }
        match (fold, error) {
            (_, Some(error)) => Err(error),
            (Fold::Exists | Fold::All, None) => Ok(Value::Bool(!decisive)),
            (Fold::ExistsOne, None) => Ok(Value::Bool(count == 1)),
            _ => Ok(Value::list(kept)),
        }
    }
}

fn constant(literal: &Literal) -> Value {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(v) => Value::Bool(*v),
        Literal::Int(v) => Value::Int(*v),
        Literal::Uint(v) => Value::Uint(*v),
        Literal::Double(v) => Value::Double(*v),
        Literal::Text(v) => Value::String(v.as_str().into()),
        Literal::Bytes(v) => Value::Bytes(v.as_slice().into()),
    }
}
