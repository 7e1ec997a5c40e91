//! Literals, names, lists, maps and messages.

use super::{Node, Parser};
use crate::ast::{Expr, ExprKind, Literal, Name, Span};
use crate::lex::Kind;
use crate::literal;

impl Parser<'_> {
    pub(super) fn primary(&mut self, sign: Option<Span>) -> Node {
        let token = self.token;
        let kind = match token.kind {
            Kind::Int => self.int(sign),
            Kind::Uint => self.uint(),
            Kind::Double => self.double(sign),
            Kind::Text => {
                let mut slips = Vec::new();
                let text = literal::text(self.lexer.source, token.span, &mut slips);
                self.slips(slips);
                Literal::Text(text)
            }
            Kind::Bytes => {
                let mut slips = Vec::new();
                let bytes = literal::bytes(self.lexer.source, token.span, &mut slips);
                self.slips(slips);
                Literal::Bytes(bytes)
            }
            Kind::True => Literal::Bool(true),
            Kind::False => Literal::Bool(false),
            Kind::Null => Literal::Null,
            Kind::Ident | Kind::Dot => return self.name(),
            Kind::ParenOpen => return self.parenthesised(),
            Kind::BracketOpen => return self.list(),
            Kind::BraceOpen => return self.map(),
            _ => return self.no_expression(),
        };
        self.advance();
        let span = sign.map_or(token.span, |s| s.to(token.span));
        self.node(ExprKind::Literal(kind), span, 0)
    }

    fn slips(&mut self, slips: Vec<literal::Slip>) {
        for slip in slips {
            self.error(slip.span, slip.message, slip.help);
        }
    }

    fn int(&mut self, sign: Option<Span>) -> Literal {
        let span = self.token.span;
        let magnitude = literal::magnitude(self.text(span)).map(i128::from);
        let value = magnitude.map(|m| if sign.is_some() { -m } else { m });
        match value.and_then(|v| i64::try_from(v).ok()) {
            Some(value) => Literal::Int(value),
            None => {
                let help = "an int lies between -9223372036854775808 and 9223372036854775807; a uint is written with `u`";
                self.error(span, "this number is too large for an int".to_owned(), Some(help));
                Literal::Int(0)
            }
        }
    }

    fn uint(&mut self) -> Literal {
        let span = self.token.span;
        match literal::magnitude(self.text(span)) {
            Some(value) => Literal::Uint(value),
            None => {
                let help = "a uint is at most 18446744073709551615";
                self.error(span, "this number is too large for a uint".to_owned(), Some(help));
                Literal::Uint(0)
            }
        }
    }

    fn double(&mut self, sign: Option<Span>) -> Literal {
        let span = self.token.span;
        let value = self.text(span).parse::<f64>().unwrap_or(f64::INFINITY);
        if value.is_infinite() {
            self.error(span, "this number is too large for a double".to_owned(), None);
        }
        Literal::Double(if sign.is_some() { -value } else { value })
    }

    /// A name, with or without a leading dot, or a call of a function.
    fn name(&mut self) -> Node {
        let mut start = self.token.span;
        let absolute = self.token.kind == Kind::Dot;
        if absolute {
            self.advance();
            if self.token.kind != Kind::Ident {
                self.expected("a name after `.`");
                return self.hole();
            }
        } else {
            start = self.token.span;
        }
        let token = self.token;
        let text = self.text(token.span);
        if is_reserved(text) {
            let help = "choose another name; as a field after `.` it is allowed";
            self.error(token.span, format!("`{text}` is a reserved word"), Some(help));
        }
        self.advance();
        let span = start.to(token.span);
        if self.token.kind == Kind::ParenOpen {
            let function = Name { text: text.to_owned(), span: token.span };
            let (args, height, end) = self.arguments();
            return self.node(ExprKind::Call { target: None, function, args }, span.to(end), height);
        }
        self.node(ExprKind::Ident { name: text.to_owned(), absolute }, span, 0)
    }

    fn parenthesised(&mut self) -> Node {
        let open = self.advance().span;
        let mut node = self.expression();
        let end = self.close(Kind::ParenClose, open);
        node.expr.span = open.to(end);
        node
    }

    fn list(&mut self) -> Node {
        let open = self.advance().span;
        let mut items = Vec::new();
        let mut height = 0;
        while self.token.kind != Kind::BracketClose {
            if self.token.kind == Kind::Question {
                self.optional();
            }
            let item = self.expression();
            height = height.max(item.height);
            items.push(item.expr);
            if !self.more(Kind::BracketClose, open) {
                break;
            }
        }
        let end = self.close(Kind::BracketClose, open);
        self.node(ExprKind::List(items), open.to(end), height)
    }

    fn map(&mut self) -> Node {
        let open = self.advance().span;
        let mut entries = Vec::new();
        let mut height = 0;
        while self.token.kind != Kind::BraceClose {
            if self.token.kind == Kind::Question {
                self.optional();
            }
            let key = self.expression();
            let value = self.after_colon();
            height = height.max(key.height).max(value.height);
            entries.push((key.expr, value.expr));
            if !self.more(Kind::BraceClose, open) {
                break;
            }
        }
        let end = self.close(Kind::BraceClose, open);
        self.node(ExprKind::Map(entries), open.to(end), height)
    }

    fn after_colon(&mut self) -> Node {
        if self.token.kind != Kind::Colon {
            self.expected("`:` and a value");
            return self.hole();
        }
        self.advance();
        self.expression()
    }

    /// Whether this reads as the name of a type: plain names joined by dots.
    pub(super) fn is_type_name(&self, expr: &Expr) -> bool {
        let mut expr = expr;
        loop {
            // Neither parentheses nor back-quotes belong into a type's name.
            let plain = |s: Span| !self.text(s).starts_with(['(', '`']);
            match &expr.kind {
                ExprKind::Select { operand, field } if plain(expr.span) && plain(field.span) => expr = operand,
                ExprKind::Ident { .. } => return plain(expr.span),
                _ => return false,
            }
        }
    }

    pub(super) fn message(&mut self, name: Expr) -> Node {
        let name = Name { text: type_name(&name), span: name.span };
        let open = self.advance().span;
        let mut fields = Vec::new();
        let mut height = 0;
        while self.token.kind != Kind::BraceClose {
            if self.token.kind == Kind::Question {
                self.optional();
            }
            let token = self.token;
            if !matches!(token.kind, Kind::Ident | Kind::Escaped) {
                self.expected("a field name");
                break;
            }
            self.advance();
            let text = self.text(token.span).trim_matches('`').to_owned();
            let value = self.after_colon();
            height = height.max(value.height);
            fields.push((Name { text, span: token.span }, value.expr));
            if !self.more(Kind::BraceClose, open) {
                break;
            }
        }
        let span = name.span.to(self.close(Kind::BraceClose, open));
        self.node(ExprKind::Message { name, fields }, span, height)
    }
}

/// How a type name is written: its parts joined by dots.
fn type_name(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Ident { name, absolute: true } => format!(".{name}"),
        ExprKind::Ident { name, .. } => name.clone(),
        ExprKind::Select { operand, field } => format!("{}.{}", type_name(operand), field.text),
        _ => String::new(),
    }
}

/// Words kept for languages CEL may be embedded in.
fn is_reserved(word: &str) -> bool {
    matches!(
        word,
        "as" | "break"
            | "const"
            | "continue"
            | "else"
            | "for"
            | "function"
            | "if"
            | "import"
            | "let"
            | "loop"
            | "package"
            | "namespace"
            | "return"
            | "var"
            | "void"
            | "while"
    )
}
