//! The calls that bind a name or look at a field: `exists`, `all`, `map`, `filter`, `has`.

use crate::ast::{Expr, ExprKind, Name};

/// What is made of the elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// Whether one passes the test.
    Exists,
    /// Whether all pass it.
    All,
    /// Whether exactly one does.
    ExistsOne,
    /// The list of those that do.
    Filter,
    /// The list of what is made of each (of each that passes, if there is a test).
    Map,
}

/// A call that is a macro, taken apart.
#[derive(Clone, Copy, Debug)]
pub enum Macro<'e> {
    /// `has(operand.field)`
    Has {
        /// What may have the field.
        operand: &'e Expr,
        /// The field.
        field: &'e Name,
    },
    /// `range.exists(variable, test)` and the like.
    Fold {
        /// What is made of the elements.
        fold: Fold,
        /// The list, or the map whose keys are walked.
        range: &'e Expr,
        /// Stands for each element in turn.
        variable: &'e str,
        /// What an element must pass.
        test: Option<&'e Expr>,
        /// What is made of an element.
        result: Option<&'e Expr>,
    },
}

impl Expr {
    /// This call as a macro, if it is one.
    pub fn as_macro(&self) -> Option<Macro<'_>> {
        let ExprKind::Call { target, function, args } = &self.kind else { return None };
        match (target, function.text.as_str(), args.as_slice()) {
            (None, "has", [Expr { kind: ExprKind::Select { operand, field }, .. }]) => Some(Macro::Has { operand, field }),
            (Some(range), name, [variable, rest @ ..]) => {
                let ExprKind::Ident { name: variable, absolute: false } = &variable.kind else { return None };
                let (fold, test, result) = match (name, rest) {
                    ("exists", [test]) => (Fold::Exists, Some(test), None),
                    ("all", [test]) => (Fold::All, Some(test), None),
                    ("exists_one" | "existsOne", [test]) => (Fold::ExistsOne, Some(test), None),
                    ("filter", [test]) => (Fold::Filter, Some(test), None),
                    ("map", [result]) => (Fold::Map, None, Some(result)),
                    ("map", [test, result]) => (Fold::Map, Some(test), Some(result)),
                    _ => return None,
                };
                Some(Macro::Fold { fold, range, variable, test, result })
            }
            _ => None,
        }
    }
}

/// How a macro of this name is written, for calls that miss it.
pub(crate) fn usage(name: &str, method: bool) -> Option<&'static str> {
    Some(match (name, method) {
        ("has", false) => "has(value.field)",
        ("exists", true) => "list.exists(x, test of x)",
        ("all", true) => "list.all(x, test of x)",
        ("exists_one" | "existsOne", true) => "list.exists_one(x, test of x)",
        ("filter", true) => "list.filter(x, test of x)",
        ("map", true) => "list.map(x, result from x)",
        _ => return None,
    })
}
