//! What conditions speak of: facts, tests of them, and how far they count the elements of lists.

use super::interpret::{path, whole};
use comity_cel::{BinaryOp, Expr, ExprKind, Literal};
use std::collections::{BTreeMap, BTreeSet};

/// A comparison or call with nothing inside it that is a condition.
pub struct Atom {
    pub expr: Expr,
    /// The variables around, each with its list.
    pub vars: Vec<(String, String)>,
    /// The facts in it: `a.b`, or `list[].field`.
    pub paths: BTreeSet<String>,
}

#[derive(Default)]
pub struct Mentions {
    pub paths: BTreeSet<String>,
    pub lists: BTreeSet<String>,
    pub atoms: Vec<Atom>,
    /// For each list and body, how many elements make a difference at most.
    pub caps: BTreeMap<(String, String), usize>,
}

impl Mentions {
    pub fn of(conditions: &[Expr], terms: &BTreeMap<String, Expr>) -> Self {
        let mut found = Self::default();
        for c in conditions {
            found.walk(c, &[], terms);
        }
        found
    }

    /// A list with so many elements is as good as any longer one.
    pub fn longest(&self, list: &str) -> usize {
        self.caps.iter().filter(|(k, _)| k.0 == list).map(|(_, cap)| cap).sum()
    }

    fn plain(name: &str, vars: &[(String, String)]) -> String {
        match name.split_once('.') {
            Some((root, field)) => match vars.iter().rev().find(|v| v.0 == root) {
                Some((_, list)) => format!("{list}[].{field}"),
                None => name.to_owned(),
            },
            None => name.to_owned(),
        }
    }

    fn paths_in(&mut self, e: &Expr, vars: &[(String, String)], into: &mut BTreeSet<String>) {
        match &e.kind {
            ExprKind::Ident { .. } | ExprKind::Select { .. } => {
                let name = path(e).unwrap();
                if name != "on" {
                    into.insert(Self::plain(&name, vars));
                }
            }
            ExprKind::Binary { left, right, .. } => [left, right].into_iter().for_each(|e| self.paths_in(e, vars, into)),
            ExprKind::Call { target, args, .. } => target.as_deref().into_iter().chain(args).for_each(|e| self.paths_in(e, vars, into)),
            ExprKind::List(items) => items.iter().for_each(|e| self.paths_in(e, vars, into)),
            _ => {}
        }
    }

    fn atom(&mut self, e: &Expr, vars: &[(String, String)]) {
        let mut paths = BTreeSet::new();
        self.paths_in(e, vars, &mut paths);
        self.paths.extend(paths.iter().cloned());
        self.atoms.push(Atom { expr: e.clone(), vars: vars.to_vec(), paths });
    }

    fn quantifier(
        &mut self,
        list: &Expr,
        filter: Option<(&Expr, &Expr)>,
        cap: usize,
        vars: &[(String, String)],
        terms: &BTreeMap<String, Expr>,
    ) {
        let list = path(list).unwrap();
        let body = filter.map_or_else(|| "true".to_owned(), |(v, b)| format!("{v}: {b}"));
        let entry = self.caps.entry((list.clone(), body)).or_default();
        *entry = (*entry).max(cap);
        self.lists.insert(list.clone());
        if let Some((variable, body)) = filter {
            let mut inner = vars.to_vec();
            inner.push((path(variable).unwrap(), list));
            self.walk(body, &inner, terms);
        }
    }

    fn size(&mut self, e: &Expr, cap: usize, vars: &[(String, String)], terms: &BTreeMap<String, Expr>) -> bool {
        let ExprKind::Call { target, function, args } = &e.kind else { return false };
        if function.text != "size" {
            return false;
        }
        let of = target.as_deref().unwrap_or_else(|| &args[0]);
        match &of.kind {
            ExprKind::Call { target: Some(list), args, .. } => self.quantifier(list, Some((&args[0], &args[1])), cap, vars, terms),
            _ => self.quantifier(of, None, cap, vars, terms),
        }
        true
    }

    fn walk(&mut self, e: &Expr, vars: &[(String, String)], terms: &BTreeMap<String, Expr>) {
        match &e.kind {
            ExprKind::Unary { operand, .. } => self.walk(operand, vars, terms),
            ExprKind::Conditional { test, then, otherwise } => [test, then, otherwise].into_iter().for_each(|e| self.walk(e, vars, terms)),
            ExprKind::Binary { op: BinaryOp::And | BinaryOp::Or, left, right } => {
                [left, right].into_iter().for_each(|e| self.walk(e, vars, terms))
            }
            ExprKind::Binary { left, right, op } => {
                let counts = |e: &Expr| matches!(&e.kind, ExprKind::Call { function, .. } if function.text == "size");
                match (counts(left), counts(right)) {
                    (true, _) => drop(self.size(left, cap_of(right), vars, terms)),
                    (_, true) => drop(self.size(right, cap_of(left), vars, terms)),
                    _ if *op != BinaryOp::In && [left, right].into_iter().any(|e| is_condition(e, terms)) => {
                        [left, right].into_iter().for_each(|e| self.walk(e, vars, terms));
                    }
                    _ => self.atom(e, vars),
                }
            }
            ExprKind::Call { target: Some(list), function, args } if matches!(&*function.text, "exists" | "all" | "exists_one") => {
                let cap = if function.text == "exists_one" { 2 } else { 1 };
                self.quantifier(list, Some((&args[0], &args[1])), cap, vars, terms);
            }
            ExprKind::Call { .. } => self.atom(e, vars),
            ExprKind::Ident { name, .. } if terms.contains_key(name) => self.walk(&terms[name], &[], terms),
            ExprKind::Ident { .. } | ExprKind::Select { .. } => self.atom(e, vars),
            _ => {}
        }
    }
}

fn cap_of(number: &Expr) -> usize {
    match &number.kind {
        ExprKind::List(items) => items.iter().map(cap_of).max().unwrap_or(0),
        _ => whole(number) as usize + 1,
    }
}

/// Whether it is true or false for certain; a name may be either way.
fn is_condition(e: &Expr, terms: &BTreeMap<String, Expr>) -> bool {
    match &e.kind {
        ExprKind::Literal(Literal::Bool(_)) | ExprKind::Unary { .. } | ExprKind::Binary { .. } | ExprKind::Conditional { .. } => true,
        ExprKind::Call { function, .. } => function.text != "date",
        ExprKind::Ident { name, .. } => terms.contains_key(name),
        _ => false,
    }
}
