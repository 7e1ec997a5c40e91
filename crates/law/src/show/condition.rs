//! A condition in words.

use comity_cel::{BinaryOp, Expr, ExprKind, Literal, UnaryOp};

/// A condition cut into what must hold together and what one of must hold.
pub(super) enum Tree {
    Leaf(String),
    All(Vec<Tree>),
    Any(Vec<Tree>),
}

/// A condition in words on one line: `request.purpose is civil-immigration, and custody.release_due`. What is no CEL stays as it is.
#[must_use]
pub fn condition(text: &str) -> String {
    comity_cel::parse(text).map_or_else(|_| text.to_owned(), |expr| words(&expr, None))
}

pub(super) fn tree(text: &str) -> Tree {
    comity_cel::parse(text).map_or_else(|_| Tree::Leaf(text.to_owned()), |expr| split(&expr))
}

fn split(expr: &Expr) -> Tree {
    match &expr.kind {
        ExprKind::Binary { op: op @ (BinaryOp::And | BinaryOp::Or), .. } => {
            let parts = flat(expr, *op).into_iter().map(split).collect();
            if *op == BinaryOp::And { Tree::All(parts) } else { Tree::Any(parts) }
        }
        _ => Tree::Leaf(words(expr, None)),
    }
}

/// The operands of a chain of one operator.
pub(super) fn flat(expr: &Expr, chain: BinaryOp) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Binary { op, left, right } if *op == chain => [flat(left, chain), flat(right, chain)].concat(),
        _ => vec![expr],
    }
}

/// `element` is the variable of the quantifier around, whose name is left out.
pub(super) fn words(expr: &Expr, element: Option<&str>) -> String {
    match &expr.kind {
        ExprKind::Binary { op: op @ (BinaryOp::And | BinaryOp::Or), .. } => {
            let parts: Vec<String> = flat(expr, *op).into_iter().map(|part| bracketed(part, element)).collect();
            // "is a or b or c" would not tell values from conditions.
            let listed = parts.iter().any(|part| !part.starts_with('(') && (part.contains(" or ") || part.contains(" and ")));
            let comma = if listed { "," } else { "" };
            parts.join(&format!("{comma} {} ", if *op == BinaryOp::And { "and" } else { "or" }))
        }
        ExprKind::Binary { op, left, right } => comparison(*op, left, right, element, false),
        ExprKind::Unary { op: UnaryOp::Not, operand } => match &operand.kind {
            ExprKind::Binary { op, left, right } if !matches!(op, BinaryOp::And | BinaryOp::Or) => {
                comparison(*op, left, right, element, true)
            }
            _ => format!("not {}", bracketed(operand, element)),
        },
        ExprKind::Conditional { test, then, otherwise } => {
            format!("if {}, then {}, else {}", bracketed(test, element), bracketed(then, element), bracketed(otherwise, element))
        }
        ExprKind::Call { target, function, args } => call(expr, target.as_deref(), &function.text, args, element),
        _ => name(expr, element),
    }
}

fn bracketed(expr: &Expr, element: Option<&str>) -> String {
    let text = words(expr, element);
    let compound = matches!(&expr.kind, ExprKind::Binary { op: BinaryOp::And | BinaryOp::Or, .. } | ExprKind::Conditional { .. })
        || has_quantifier(expr);
    if compound { format!("({text})") } else { text }
}

/// What follows a quantifier would seem to belong to its condition.
fn has_quantifier(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Call { target: Some(target), function, .. } => {
            matches!(function.text.as_str(), "exists" | "all" | "filter") || has_quantifier(target)
        }
        ExprKind::Unary { operand, .. } => has_quantifier(operand),
        ExprKind::Binary { left, .. } => has_quantifier(left),
        _ => false,
    }
}

pub(super) fn comparison(op: BinaryOp, left: &Expr, right: &Expr, element: Option<&str>, negated: bool) -> String {
    if let Some((list, inside)) = counted(left) {
        let how = match (op, negated) {
            (BinaryOp::GreaterEqual, false) | (BinaryOp::Less, true) => "at least ",
            (BinaryOp::Greater, false) | (BinaryOp::LessEqual, true) => "more than ",
            (BinaryOp::LessEqual, false) | (BinaryOp::Greater, true) => "at most ",
            (BinaryOp::Less, false) | (BinaryOp::GreaterEqual, true) => "fewer than ",
            (BinaryOp::NotEqual, false) | (BinaryOp::Equal, true) => "other than ",
            _ => "exactly ",
        };
        let such = inside.map(|inside| format!(" where {inside}")).unwrap_or_default();
        return format!("{how}{} of {}{such}", name(right, element), name(list, element));
    }
    let (x, y) = (words(left, element), words(right, element));
    let day = matches!(&right.kind, ExprKind::Call { function, .. } if function.text == "date")
        || matches!(&left.kind, ExprKind::Ident { name, .. } if name == "on");
    let says = match (op, negated) {
        (BinaryOp::Equal, false) | (BinaryOp::NotEqual, true) => return format!("{x} is {y}"),
        (BinaryOp::NotEqual, false) | (BinaryOp::Equal, true) => return format!("{x} is not {y}"),
        (BinaryOp::In, _) => return membership(&x, right, element, negated),
        (BinaryOp::GreaterEqual, false) | (BinaryOp::Less, true) if day => return format!("{x} is {y} or later"),
        (BinaryOp::LessEqual, false) | (BinaryOp::Greater, true) if day => return format!("{x} is {y} or earlier"),
        (BinaryOp::Greater, false) | (BinaryOp::LessEqual, true) if day => "after",
        (BinaryOp::Less, false) | (BinaryOp::GreaterEqual, true) if day => "before",
        (BinaryOp::GreaterEqual, false) | (BinaryOp::Less, true) => "at least",
        (BinaryOp::LessEqual, false) | (BinaryOp::Greater, true) => "at most",
        (BinaryOp::Greater, false) | (BinaryOp::LessEqual, true) => "more than",
        (BinaryOp::Less, false) | (BinaryOp::GreaterEqual, true) => "less than",
        _ => return format!("{x} {} {y}", if negated { "is not" } else { "is" }),
    };
    format!("{x} is {says} {y}")
}

/// `list.filter(c, …).size()` and `list.size()`: the list and what its elements are counted by.
fn counted(expr: &Expr) -> Option<(&Expr, Option<String>)> {
    let ExprKind::Call { target: Some(target), function, .. } = &expr.kind else { return None };
    if function.text != "size" {
        return None;
    }
    match &target.kind {
        ExprKind::Call { target: Some(list), function, args } if function.text == "filter" => Some((list, quantified(args))),
        _ => Some((target, None)),
    }
}

fn membership(x: &str, list: &Expr, element: Option<&str>, negated: bool) -> String {
    let ExprKind::List(items) = &list.kind else {
        return format!("{x} is {}in {}", if negated { "not " } else { "" }, words(list, element));
    };
    let values: Vec<String> = items.iter().map(|item| words(item, element)).collect();
    match (values.as_slice(), negated) {
        ([one], false) => format!("{x} is {one}"),
        ([one], true) => format!("{x} is not {one}"),
        ([others @ .., last], false) => format!("{x} is {} or {last}", others.join(", ")),
        (_, true) => format!("{x} is none of {}", values.join(", ")),
        ([], false) => format!("{x} is one of no values"),
    }
}

fn quantified(args: &[Expr]) -> Option<String> {
    let [variable, inside] = args else { return None };
    let ExprKind::Ident { name, .. } = &variable.kind else { return None };
    Some(words(inside, Some(name)))
}

fn call(expr: &Expr, target: Option<&Expr>, function: &str, args: &[Expr], element: Option<&str>) -> String {
    let of = |target: &Expr| name(target, element);
    match (target, function, args) {
        (Some(list), "exists", _) => quantified(args).map(|inside| format!("one of {} where {inside}", of(list))),
        (Some(list), "all", _) => quantified(args).map(|inside| format!("each of {} where {inside}", of(list))),
        (Some(x), "in_class", [class]) => Some(format!("{} is in the class {}", of(x), name(class, element))),
        (Some(x), "is", [code]) => Some(format!("{} is {}", of(x), name(code, element))),
        (Some(x), "startsWith", [start]) => Some(format!("{} begins with {}", of(x), name(start, element))),
        (None, "date", [day]) => Some(name(day, element)),
        (None, "within_years" | "within_days", [day, count, rest @ ..]) => {
            let count = name(count, element);
            let unit = function.trim_start_matches("within_").trim_end_matches(if count == "1" { "s" } else { "" });
            let before = rest.first().map_or_else(|| "on".to_owned(), |day| words(day, element));
            let before = if before == "on" { "the day of the case".to_owned() } else { before };
            Some(format!("{} is at most {count} {unit} before {before}", words(day, element)))
        }
        _ => None,
    }
    .unwrap_or_else(|| expr.to_string())
}

/// A name or a constant.
fn name(expr: &Expr, element: Option<&str>) -> String {
    match &expr.kind {
        ExprKind::Literal(Literal::Text(text)) => text.clone(),
        ExprKind::Call { target, function, args } => call(expr, target.as_deref(), &function.text, args, element),
        ExprKind::Select { operand, field } => match (&operand.kind, element) {
            (ExprKind::Ident { name, .. }, Some(element)) if name == element => field.text.clone(),
            _ => format!("{}.{}", name(operand, element), field.text),
        },
        _ => expr.to_string(),
    }
}
