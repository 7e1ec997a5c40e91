//! Mistakes in a source: what to say, and how to read on behind them.

use super::{Node, Parser};
use crate::ast::Span;
use crate::lex::Kind;

impl Parser<'_> {
    /// Steps to the next comma, colon or closing bracket that belongs to what is being read.
    ///
    /// What is wrong there is taken for an echo of what was wrong before.
    pub(super) fn recover(&mut self) {
        self.skip();
        self.echo = Some(self.token.span.start);
    }

    fn skip(&mut self) {
        let mut open = 0_usize;
        loop {
            match self.token.kind {
                Kind::End => return,
                Kind::ParenOpen | Kind::BracketOpen | Kind::BraceOpen => open += 1,
                Kind::ParenClose | Kind::BracketClose | Kind::BraceClose => {
                    if open == 0 {
                        return;
                    }
                    open -= 1;
                }
                Kind::Comma | Kind::Colon if open == 0 => return,
                _ => {}
            }
            self.advance();
        }
    }

    fn found(&self) -> String {
        match self.token.kind {
            Kind::End => "the end".to_owned(),
            _ => format!("`{}`", self.text(self.token.span)),
        }
    }

    pub(super) fn expected(&mut self, what: &str) {
        let message = format!("expected {what}, found {}", self.found());
        self.error(self.token.span, message, None);
        self.recover();
    }

    pub(super) fn no_expression(&mut self) -> Node {
        let help = match self.token.kind {
            Kind::Escaped => Some("back-quotes are for fields, after a `.`"),
            Kind::Equal => Some("the left side of `==` is missing"),
            _ => None,
        };
        let message = format!("expected an expression, found {}", self.found());
        self.error(self.token.span, message, help);
        let hole = self.hole();
        self.recover();
        hole
    }

    pub(super) fn optional(&mut self) {
        let message = "optional values (`?`) are not part of this language".to_owned();
        self.error(self.token.span, message, Some("test with `has(a.b)` first"));
        self.advance();
    }

    /// Whether another element follows: takes the comma before it, or reports that it is missing.
    pub(super) fn more(&mut self, closer: Kind, open: Span) -> bool {
        if self.token.kind == closer {
            return false;
        }
        if self.token.kind != Kind::Comma {
            self.unclosed(closer, open);
        }
        let comma = self.token.kind == Kind::Comma;
        if comma {
            self.advance();
        }
        comma
    }

    /// Takes the closing bracket, or reports that it is missing.
    pub(super) fn close(&mut self, closer: Kind, open: Span) -> Span {
        if self.token.kind != closer {
            self.unclosed(closer, open);
            while matches!(self.token.kind, Kind::Comma | Kind::Colon) {
                self.advance();
                self.recover();
            }
        }
        if self.token.kind == closer { self.advance().span } else { self.token.span }
    }

    /// Something stands where a comma or the closing bracket should.
    fn unclosed(&mut self, closer: Kind, open: Span) {
        let mark = match closer {
            Kind::ParenClose => ")",
            Kind::BracketClose => "]",
            _ => "}",
        };
        let help = match self.token.kind {
            Kind::End => format!("the `{}` at byte {} needs its `{mark}`", self.text(open), open.start),
            _ => self.word_help().unwrap_or("an operator may be missing before it").to_owned(),
        };
        let message = format!("expected `,` or `{mark}`, found {}", self.found());
        self.error(self.token.span, message, Some(&help));
        self.recover();
    }

    /// Advice for words other languages use as operators.
    fn word_help(&self) -> Option<&'static str> {
        match self.text(self.token.span) {
            "and" | "AND" => Some("write `&&`"),
            "or" | "OR" => Some("write `||`"),
            "not" => Some("write `!`"),
            "is" | "equals" => Some("write `==`"),
            _ => None,
        }
    }

    /// Something stands behind a whole expression.
    pub(super) fn unexpected_rest(&mut self) {
        let help = match self.token.kind {
            Kind::ParenClose | Kind::BracketClose | Kind::BraceClose => Some("nothing opens it"),
            Kind::Text | Kind::Bytes => Some("join strings with `+`; raw bytes are written `br'...'`"),
            _ => self.word_help(),
        };
        let message = format!("expected an operator or the end, found {}", self.found());
        self.error(self.token.span, message, help);
    }
}
