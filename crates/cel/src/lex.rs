//! From text to tokens, one at a time, without allocating.

use crate::ast::Span;
use crate::parse::SyntaxError;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The end of the source.
    End,
    /// A name.
    Ident,
    /// A back-quoted field name.
    Escaped,
    Int,
    Uint,
    Double,
    Text,
    Bytes,
    True,
    False,
    Null,
    In,
    Dot,
    Comma,
    Colon,
    Question,
    ParenOpen,
    ParenClose,
    BracketOpen,
    BracketClose,
    BraceOpen,
    BraceClose,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Not,
    And,
    Or,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// A token: its kind and the bytes it was written in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
}

/// Reads tokens off a source; mistakes go to `errors` and reading goes on.
pub(crate) struct Lexer<'s> {
    pub(crate) source: &'s str,
    bytes: &'s [u8],
    at: usize,
    pub(crate) errors: Vec<SyntaxError>,
}

/// Mistakes reported for one source at most: more would only be echoes.
pub(crate) const MAX_ERRORS: usize = 20;

impl<'s> Lexer<'s> {
    pub(crate) fn new(source: &'s str) -> Self {
        Self { source, bytes: source.as_bytes(), at: 0, errors: Vec::new() }
    }

    /// Notes a mistake, unless one is already noted at the same place.
    pub(crate) fn error(&mut self, span: Span, message: String, help: Option<&str>) {
        let echo = self.errors.iter().any(|e| e.span.start == span.start);
        if !echo && self.errors.len() < MAX_ERRORS {
            self.errors.push(SyntaxError { message, span, help: help.map(str::to_owned) });
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn skip_while(&mut self, test: impl Fn(u8) -> bool) {
        while self.bytes.get(self.at).is_some_and(|&b| test(b)) {
            self.at += 1;
        }
    }

    /// White space and `//` comments.
    fn skip_blank(&mut self) {
        loop {
            self.skip_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | 0x0c));
            if self.peek(0) == b'/' && self.peek(1) == b'/' {
                self.skip_while(|b| b != b'\n');
            } else {
                return;
            }
        }
    }

    /// The next token.
    pub(crate) fn next(&mut self) -> Token {
        loop {
            self.skip_blank();
            let start = self.at;
            let Some(&first) = self.bytes.get(start) else {
                return Token { kind: Kind::End, span: Span::new(start, start) };
            };
            let kind = match first {
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => Some(self.word(first)),
                b'0'..=b'9' => Some(self.number()),
                b'.' if self.peek(1).is_ascii_digit() => Some(self.number()),
                b'"' | b'\'' => Some(self.quoted(0, false)),
                b'`' => Some(self.escaped()),
                _ => self.symbol(first),
            };
            if let Some(kind) = kind {
                return Token { kind, span: Span::new(start, self.at) };
            }
        }
    }

    fn word(&mut self, first: u8) -> Kind {
        // A string may carry a prefix: r, b, br.
        let second = self.peek(1);
        if matches!(first, b'r' | b'R' | b'b' | b'B') {
            if matches!(second, b'"' | b'\'') {
                return self.quoted(1, matches!(first, b'r' | b'R'));
            }
            let bytes_raw = matches!(first, b'b' | b'B') && matches!(second, b'r' | b'R');
            if bytes_raw && matches!(self.peek(2), b'"' | b'\'') {
                return self.quoted(2, true);
            }
        }
        let start = self.at;
        self.skip_while(is_word);
        match &self.bytes[start..self.at] {
            b"in" => Kind::In,
            b"true" => Kind::True,
            b"false" => Kind::False,
            b"null" => Kind::Null,
            _ => Kind::Ident,
        }
    }

    fn number(&mut self) -> Kind {
        let start = self.at;
        let mut kind = Kind::Int;
        if self.peek(0) == b'0' && matches!(self.peek(1), b'x' | b'X') {
            self.at += 2;
            let digits = self.at;
            self.skip_while(|b| b.is_ascii_hexdigit());
            if digits == self.at {
                let span = Span::new(start, self.at);
                self.error(span, "a hexadecimal number needs digits".to_owned(), None);
            }
        } else {
            self.skip_while(|b| b.is_ascii_digit());
            if self.peek(0) == b'.' && self.peek(1).is_ascii_digit() {
                kind = Kind::Double;
                self.at += 1;
                self.skip_while(|b| b.is_ascii_digit());
            }
            if matches!(self.peek(0), b'e' | b'E') {
                let sign = usize::from(matches!(self.peek(1), b'+' | b'-'));
                if self.peek(1 + sign).is_ascii_digit() {
                    kind = Kind::Double;
                    self.at += 1 + sign;
                    self.skip_while(|b| b.is_ascii_digit());
                }
            }
        }
        if kind == Kind::Int && matches!(self.peek(0), b'u' | b'U') {
            kind = Kind::Uint;
            self.at += 1;
        }
        if is_word(self.peek(0)) {
            self.skip_while(is_word);
            let text = &self.source[start..self.at];
            let message = format!("`{text}` is neither a number nor a name");
            self.error(Span::new(start, self.at), message, Some("a name starts with a letter"));
        }
        kind
    }

    /// A string whose prefix has `prefix` bytes; the parser decodes it.
    fn quoted(&mut self, prefix: usize, raw: bool) -> Kind {
        let start = self.at;
        let bytes = prefix > 0 && matches!(self.peek(0), b'b' | b'B');
        self.at += prefix;
        let quote = self.peek(0);
        let triple = self.peek(1) == quote && self.peek(2) == quote;
        self.at += if triple { 3 } else { 1 };
        let closed = loop {
            match self.peek(0) {
                b if b == quote && !triple => {
                    self.at += 1;
                    break true;
                }
                b if b == quote && self.peek(1) == quote && self.peek(2) == quote => {
                    self.at += 3;
                    break true;
                }
                b'\\' if !raw && self.at + 1 < self.bytes.len() => self.at += 2,
                b'\n' | b'\r' if !triple => break false,
                _ if self.at >= self.bytes.len() => break false,
                _ => self.at += 1,
            }
        };
        // A backslash may have stepped into a longer character.
        while !self.source.is_char_boundary(self.at) {
            self.at += 1;
        }
        if !closed {
            let mark = if triple { 3 } else { 1 };
            let opening = Span::new(start, start + prefix + mark);
            let help = if triple {
                "close it with the same three quotes"
            } else {
                "close it on the same line, or use three quotes for several lines"
            };
            self.error(opening, "this string is never closed".to_owned(), Some(help));
        }
        if bytes { Kind::Bytes } else { Kind::Text }
    }

    /// `` `a-name.with/any of these` ``
    fn escaped(&mut self) -> Kind {
        let start = self.at;
        self.at += 1;
        self.skip_while(|b| is_word(b) || matches!(b, b'.' | b'-' | b'/' | b' '));
        if self.peek(0) != b'`' {
            let help = "between back-quotes: letters, digits, `_`, `.`, `-`, `/` and spaces";
            let span = Span::new(start, self.at);
            self.error(span, "this back-quoted name is never closed".to_owned(), Some(help));
            return Kind::Escaped;
        }
        self.at += 1;
        if self.at - start == 2 {
            self.error(Span::new(start, self.at), "a name cannot be empty".to_owned(), None);
        }
        Kind::Escaped
    }

    /// An operator or bracket; `None` after a byte that begins nothing.
    fn symbol(&mut self, first: u8) -> Option<Kind> {
        let start = self.at;
        let second = self.peek(1);
        let (kind, len) = match (first, second) {
            (b'=', b'=') => (Kind::Equal, 2),
            (b'!', b'=') => (Kind::NotEqual, 2),
            (b'<', b'=') => (Kind::LessEqual, 2),
            (b'>', b'=') => (Kind::GreaterEqual, 2),
            (b'&', b'&') => (Kind::And, 2),
            (b'|', b'|') => (Kind::Or, 2),
            (b'!', _) => (Kind::Not, 1),
            (b'<', _) => (Kind::Less, 1),
            (b'>', _) => (Kind::Greater, 1),
            (b'.', _) => (Kind::Dot, 1),
            (b',', _) => (Kind::Comma, 1),
            (b':', _) => (Kind::Colon, 1),
            (b'?', _) => (Kind::Question, 1),
            (b'(', _) => (Kind::ParenOpen, 1),
            (b')', _) => (Kind::ParenClose, 1),
            (b'[', _) => (Kind::BracketOpen, 1),
            (b']', _) => (Kind::BracketClose, 1),
            (b'{', _) => (Kind::BraceOpen, 1),
            (b'}', _) => (Kind::BraceClose, 1),
            (b'+', _) => (Kind::Plus, 1),
            (b'-', _) => (Kind::Minus, 1),
            (b'*', _) => (Kind::Star, 1),
            (b'/', _) => (Kind::Slash, 1),
            (b'%', _) => (Kind::Percent, 1),
            // A half operator is read as the whole one, so that the rest is still checked.
            (b'=', _) => return Some(self.half("=", "==", Kind::Equal)),
            (b'&', _) => return Some(self.half("&", "&&", Kind::And)),
            (b'|', _) => return Some(self.half("|", "||", Kind::Or)),
            _ => {
                let rest = &self.source[start..];
                let c = rest.chars().next().unwrap_or(' ');
                self.at += c.len_utf8();
                let help = match c {
                    '“' | '”' | '‘' | '’' => Some("write strings between straight quotes"),
                    ';' => Some("a condition is one expression"),
                    _ => None,
                };
                let message = format!("unexpected character {c:?}");
                self.error(Span::new(start, self.at), message, help);
                self.skip_while(|b| b >= 0x80);
                return None;
            }
        };
        self.at += len;
        Some(kind)
    }

    fn half(&mut self, wrote: &str, meant: &str, kind: Kind) -> Kind {
        let span = Span::new(self.at, self.at + 1);
        self.at += 1;
        let help = format!("write `{meant}`");
        self.error(span, format!("`{wrote}` is not an operator"), Some(&help));
        kind
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
