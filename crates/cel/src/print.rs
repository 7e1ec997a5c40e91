//! A tree as source again, with no more parentheses than it needs.

use std::fmt::{Display, Formatter, Result, Write};

use crate::ast::{Expr, ExprKind, Literal};

/// How tightly conditionals, unary operators and everything behind a dot bind.
const CONDITIONAL: u8 = 0;
const UNARY: u8 = 6;
const POSTFIX: u8 = 7;

impl Display for Expr {
    /// Writes source that parses to the same tree ([`Expr::same`]).
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write(f, self, CONDITIONAL)
    }
}

fn tightness(expr: &Expr) -> u8 {
    match &expr.kind {
        ExprKind::Conditional { .. } => CONDITIONAL,
        ExprKind::Binary { op, .. } => op.tightness(),
        ExprKind::Unary { .. } => UNARY,
        _ => POSTFIX,
    }
}

/// Writes `expr` where nothing that binds less tightly than `least` may stand bare.
fn write(f: &mut Formatter<'_>, expr: &Expr, least: u8) -> Result {
    if tightness(expr) < least {
        f.write_char('(')?;
        bare(f, expr)?;
        return f.write_char(')');
    }
    bare(f, expr)
}

fn bare(f: &mut Formatter<'_>, expr: &Expr) -> Result {
    match &expr.kind {
        ExprKind::Literal(value) => literal(f, value),
        ExprKind::Ident { name, absolute } => write!(f, "{}{name}", if *absolute { "." } else { "" }),
        ExprKind::Select { operand, field } => {
            write(f, operand, POSTFIX)?;
            f.write_char('.')?;
            field_name(f, &field.text)
        }
        ExprKind::Index { operand, index } => {
            write(f, operand, POSTFIX)?;
            f.write_char('[')?;
            write(f, index, CONDITIONAL)?;
            f.write_char(']')
        }
        ExprKind::Call { target, function, args } => {
            if let Some(target) = target {
                write(f, target, POSTFIX)?;
                f.write_char('.')?;
            }
            write!(f, "{}(", function.text)?;
            separated(f, args, |f, arg| write(f, arg, CONDITIONAL))?;
            f.write_char(')')
        }
        ExprKind::Unary { op, operand } => {
            f.write_str(op.symbol())?;
            // A bare number would take a minus sign into itself.
            let number = matches!(&operand.kind, ExprKind::Literal(l) if is_unsigned_number(l));
            let swallowed = op.symbol() == "-" && (number || starts_with_number(operand));
            write(f, operand, if swallowed { u8::MAX } else { UNARY })
        }
        ExprKind::Binary { op, left, right } => {
            write(f, left, op.tightness())?;
            write!(f, " {} ", op.symbol())?;
            write(f, right, op.tightness() + 1)
        }
        ExprKind::Conditional { test, then, otherwise } => {
            write(f, test, CONDITIONAL + 1)?;
            f.write_str(" ? ")?;
            write(f, then, CONDITIONAL + 1)?;
            f.write_str(" : ")?;
            write(f, otherwise, CONDITIONAL)
        }
        ExprKind::List(items) => {
            f.write_char('[')?;
            separated(f, items, |f, item| write(f, item, CONDITIONAL))?;
            f.write_char(']')
        }
        ExprKind::Map(entries) => {
            f.write_char('{')?;
            separated(f, entries, |f, (key, value)| {
                write(f, key, CONDITIONAL)?;
                f.write_str(": ")?;
                write(f, value, CONDITIONAL)
            })?;
            f.write_char('}')
        }
        ExprKind::Message { name, fields } => {
            write!(f, "{}{{", name.text)?;
            separated(f, fields, |f, (field, value)| {
                field_name(f, &field.text)?;
                f.write_str(": ")?;
                write(f, value, CONDITIONAL)
            })?;
            f.write_char('}')
        }
    }
}

/// Whether the leftmost thing written is a number without a sign.
fn starts_with_number(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(value) => is_unsigned_number(value),
        ExprKind::Select { operand, .. } | ExprKind::Index { operand, .. } => starts_with_number(operand),
        ExprKind::Call { target: Some(target), .. } => starts_with_number(target),
        _ => false,
    }
}

fn is_unsigned_number(value: &Literal) -> bool {
    match value {
        Literal::Int(v) => *v >= 0,
        Literal::Double(v) => v.is_sign_positive(),
        _ => false,
    }
}

fn separated<T>(f: &mut Formatter<'_>, items: &[T], mut each: impl FnMut(&mut Formatter<'_>, &T) -> Result) -> Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        each(f, item)?;
    }
    Ok(())
}

/// A field's name, in back-quotes if it is not a plain word.
fn field_name(f: &mut Formatter<'_>, name: &str) -> Result {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !matches!(name, "in" | "true" | "false" | "null");
    if plain { f.write_str(name) } else { write!(f, "`{name}`") }
}

fn literal(f: &mut impl Write, value: &Literal) -> Result {
    match value {
        Literal::Null => f.write_str("null"),
        Literal::Bool(v) => write!(f, "{v}"),
        Literal::Int(v) => write!(f, "{v}"),
        Literal::Uint(v) => write!(f, "{v}u"),
        Literal::Double(v) => write!(f, "{v:?}"),
        Literal::Text(v) => text(f, v),
        Literal::Bytes(v) => bytes(f, v),
    }
}

pub(crate) fn bytes(f: &mut impl Write, value: &[u8]) -> Result {
    f.write_str("b'")?;
    value.iter().try_for_each(|&b| match b {
        b'\'' | b'\\' => write!(f, "\\{}", char::from(b)),
        b' '..=b'~' => f.write_char(char::from(b)),
        _ => write!(f, "\\x{b:02x}"),
    })?;
    f.write_char('\'')
}

/// A string between the quotes that need the fewest escapes.
pub(crate) fn text(f: &mut impl Write, value: &str) -> Result {
    let quote = if value.contains('\'') && !value.contains('"') { '"' } else { '\'' };
    f.write_char(quote)?;
    for c in value.chars() {
        match c {
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            '\\' => f.write_str("\\\\")?,
            c if c == quote => write!(f, "\\{c}")?,
            c if c.is_control() => write!(f, "\\u{:04x}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char(quote)
}
