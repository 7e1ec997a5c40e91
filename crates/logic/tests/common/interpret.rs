//! The meaning of a condition in a complete case, read off its tree.

use super::days;
use super::world::{Complete, Val, World};
use comity_cel::{BinaryOp, Expr, ExprKind, Literal, UnaryOp};
use std::collections::{BTreeMap, HashMap};

/// What names mean.
#[derive(Clone, Copy)]
pub struct Env<'a> {
    pub world: &'a World,
    pub terms: &'a BTreeMap<String, Expr>,
    pub case: &'a Complete,
}

type Variables<'a> = Vec<(String, &'a HashMap<String, Val>)>;

pub fn path(e: &Expr) -> Option<String> {
    match &e.kind {
        ExprKind::Ident { name, .. } => Some(name.clone()),
        ExprKind::Select { operand, field } => Some(format!("{}.{}", path(operand)?, field.text)),
        _ => None,
    }
}

pub fn text(e: &Expr) -> &str {
    match &e.kind {
        ExprKind::Literal(Literal::Text(t)) => t,
        _ => panic!("not a text: {e}"),
    }
}

pub fn whole(e: &Expr) -> i64 {
    match &e.kind {
        ExprKind::Literal(Literal::Int(n)) => *n,
        _ => panic!("not a number: {e}"),
    }
}

pub fn covers(section: &str, code: &str) -> bool {
    code == section || code.starts_with(&format!("{section}("))
}

impl<'a> Env<'a> {
    pub fn holds(&self, e: &Expr, vars: &Variables<'a>) -> bool {
        match self.value(e, vars) {
            Val::Bool(b) => b,
            other => panic!("{e} is {other:?}"),
        }
    }

    fn named(&self, name: &str, vars: &Variables<'a>) -> Val {
        if let Some((root, field)) = name.split_once('.')
            && let Some((_, element)) = vars.iter().rev().find(|v| v.0 == root)
        {
            return element.get(field).unwrap_or_else(|| panic!("{name} has no value")).clone();
        }
        if name == "on" {
            return Val::Day(self.world.on);
        }
        if let Some(term) = self.terms.get(name) {
            return self.value(term, &Vec::new());
        }
        self.case.scalars.get(name).unwrap_or_else(|| panic!("{name} has no value")).clone()
    }

    fn count(&self, list: &Expr, variable: &Expr, body: &Expr, vars: &Variables<'a>) -> i64 {
        let mut n = 0;
        for element in &self.case.lists[&path(list).unwrap()] {
            let mut inner = vars.clone();
            inner.push((path(variable).unwrap(), element));
            n += i64::from(self.holds(body, &inner));
        }
        n
    }

    pub fn value(&self, e: &Expr, vars: &Variables<'a>) -> Val {
        let holds = |e: &Expr| self.holds(e, vars);
        match &e.kind {
            ExprKind::Literal(Literal::Bool(b)) => Val::Bool(*b),
            ExprKind::Literal(Literal::Int(n)) => Val::Int(*n),
            ExprKind::Literal(Literal::Text(t)) => Val::Str(t.clone()),
            ExprKind::Ident { .. } | ExprKind::Select { .. } => self.named(&path(e).unwrap(), vars),
            ExprKind::Unary { op: UnaryOp::Not, operand } => Val::Bool(!holds(operand)),
            ExprKind::Conditional { test, then, otherwise } => Val::Bool(if holds(test) { holds(then) } else { holds(otherwise) }),
            ExprKind::Binary { op: BinaryOp::And, left, right } => Val::Bool(holds(left) && holds(right)),
            ExprKind::Binary { op: BinaryOp::Or, left, right } => Val::Bool(holds(left) || holds(right)),
            ExprKind::Binary { op: BinaryOp::In, left, right } => {
                let ExprKind::List(items) = &right.kind else { panic!("{right} is no list") };
                let left = self.value(left, vars);
                Val::Bool(items.iter().any(|i| self.value(i, vars) == left))
            }
            ExprKind::Binary { op, left, right } => {
                let (a, b) = (self.value(left, vars), self.value(right, vars));
                Val::Bool(match op {
                    BinaryOp::Equal => a == b,
                    BinaryOp::NotEqual => a != b,
                    BinaryOp::Less => a < b,
                    BinaryOp::LessEqual => a <= b,
                    BinaryOp::Greater => a > b,
                    BinaryOp::GreaterEqual => a >= b,
                    _ => panic!("{e} is arithmetic"),
                })
            }
            ExprKind::Call { target, function, args } => self.call(e, target.as_deref(), &function.text, args, vars),
            _ => panic!("{e} has no meaning here"),
        }
    }

    fn call(&self, e: &Expr, target: Option<&Expr>, function: &str, args: &[Expr], vars: &Variables<'a>) -> Val {
        let text_of = |e: &Expr| match self.value(e, vars) {
            Val::Str(s) => s,
            other => panic!("{e} is {other:?}"),
        };
        Val::Bool(match (target, function) {
            (Some(list), "exists") => self.count(list, &args[0], &args[1], vars) > 0,
            (Some(list), "exists_one") => self.count(list, &args[0], &args[1], vars) == 1,
            (Some(list), "all") => self.count(list, &args[0], &args[1], vars) == self.case.lists[&path(list).unwrap()].len() as i64,
            (Some(list), "size") if args.is_empty() => return Val::Int(self.size(list, vars)),
            (None, "size") => return Val::Int(self.size(&args[0], vars)),
            (None, "date") => return Val::Day(days::parse(text(&args[0]))),
            (None, "within_years" | "within_days") => {
                let day_of = |e: &Expr| match self.value(e, vars) {
                    Val::Day(d) => d,
                    other => panic!("{e} is {other:?}"),
                };
                let anchor = args.get(2).map_or(self.world.on, day_of);
                let n = whole(&args[1]);
                day_of(&args[0]) >= if function == "within_years" { days::years_back(anchor, n) } else { anchor - n }
            }
            (Some(t), "startsWith") => text_of(t).starts_with(text(&args[0])),
            (Some(t), "is") => covers(text(&args[0]), &text_of(t)),
            (Some(t), "in_class") => {
                let code = text_of(t);
                let class = self.world.classes.iter().find(|c| c.0 == text(&args[0])).unwrap();
                class.1.iter().any(|section| covers(section, &code))
            }
            _ => panic!("{e} is no function"),
        })
    }

    fn size(&self, e: &Expr, vars: &Variables<'a>) -> i64 {
        match &e.kind {
            ExprKind::Call { target: Some(list), function, args } if function.text == "filter" => {
                self.count(list, &args[0], &args[1], vars)
            }
            _ => self.case.lists[&path(e).unwrap()].len() as i64,
        }
    }
}
