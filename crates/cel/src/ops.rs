//! What is known of the operators without evaluating anything.

use crate::ast::{BinaryOp, Expr, ExprKind, UnaryOp};

impl BinaryOp {
    /// How it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Or => "||",
            Self::And => "&&",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::In => "in",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }

    /// How tightly it binds: 1 for `||` up to 5 for `*`.
    pub fn tightness(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Add | Self::Subtract => 4,
            Self::Multiply | Self::Divide | Self::Remainder => 5,
            _ => 3,
        }
    }
}

impl UnaryOp {
    /// How it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Not => "!",
            Self::Negate => "-",
        }
    }
}

impl Expr {
    /// The expressions directly below, in the order of the source.
    pub fn children(&self) -> Vec<&Self> {
        match &self.kind {
            ExprKind::Literal(_) | ExprKind::Ident { .. } => Vec::new(),
            ExprKind::Select { operand, .. } | ExprKind::Unary { operand, .. } => vec![operand],
            ExprKind::Index { operand, index } => vec![operand, index],
            ExprKind::Call { target, args, .. } => target.as_deref().into_iter().chain(args).collect(),
            ExprKind::Binary { left, right, .. } => vec![left, right],
            ExprKind::Conditional { test, then, otherwise } => vec![test, then, otherwise],
            ExprKind::List(items) => items.iter().collect(),
            ExprKind::Map(entries) => entries.iter().flat_map(|(key, value)| [key, value]).collect(),
            ExprKind::Message { fields, .. } => fields.iter().map(|(_, value)| value).collect(),
        }
    }

    /// Calls `visit` with this expression and every one below it, outer ones first.
    pub fn walk<'e>(&'e self, visit: &mut impl FnMut(&'e Self)) {
        visit(self);
        for child in self.children() {
            child.walk(visit);
        }
    }

    /// The name this is written as if it is only names joined by dots: `a.b.c`.
    pub fn dotted_name(&self) -> Option<String> {
        match &self.kind {
            ExprKind::Ident { name, .. } => Some(name.clone()),
            ExprKind::Select { operand, field } => {
                let mut name = operand.dotted_name()?;
                name.push('.');
                name.push_str(&field.text);
                Some(name)
            }
            _ => None,
        }
    }

    /// Whether this is a name, or a selection from one, that starts with a dot.
    pub(crate) fn is_absolute(&self) -> bool {
        match &self.kind {
            ExprKind::Ident { absolute, .. } => *absolute,
            ExprKind::Select { operand, .. } => operand.is_absolute(),
            _ => false,
        }
    }

    /// Whether both are the same tree, wherever each of them stands.
    pub fn same(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.children(), other.children());
        self.same_here(other) && mine.len() == theirs.len() && mine.iter().zip(theirs).all(|(a, b)| a.same(b))
    }

    /// Whether both agree in everything but their children.
    fn same_here(&self, other: &Self) -> bool {
        use ExprKind as K;
        match (&self.kind, &other.kind) {
            // Doubles by their bits, so that NaN and the sign of zero count.
            (K::Literal(crate::Literal::Double(a)), K::Literal(crate::Literal::Double(b))) => a.to_bits() == b.to_bits(),
            (K::Literal(a), K::Literal(b)) => a == b,
            (K::Ident { name: a, absolute: x }, K::Ident { name: b, absolute: y }) => a == b && x == y,
            (K::Select { field: a, .. }, K::Select { field: b, .. }) => a.text == b.text,
            (K::Call { target: s, function: a, .. }, K::Call { target: t, function: b, .. }) => {
                a.text == b.text && s.is_some() == t.is_some()
            }
            (K::Unary { op: a, .. }, K::Unary { op: b, .. }) => a == b,
            (K::Binary { op: a, .. }, K::Binary { op: b, .. }) => a == b,
            (K::Message { name: a, fields: x }, K::Message { name: b, fields: y }) => {
                a.text == b.text && x.iter().map(|f| &f.0.text).eq(y.iter().map(|f| &f.0.text))
            }
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        }
    }
}
