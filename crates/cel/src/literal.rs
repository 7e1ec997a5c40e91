//! What the digits and quotes of a literal stand for.

use crate::ast::Span;

/// A mistake inside a literal: where, what, and what to do.
pub(crate) struct Slip {
    pub(crate) span: Span,
    pub(crate) message: String,
    pub(crate) help: Option<&'static str>,
}

fn slip(start: usize, end: usize, message: impl Into<String>, help: Option<&'static str>) -> Slip {
    Slip { span: Span::new(start, end), message: message.into(), help }
}

/// The magnitude of an integer, decimal or hexadecimal; `None` if over 64 bits.
pub(crate) fn magnitude(text: &str) -> Option<u64> {
    let text = text.trim_end_matches(['u', 'U']);
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

/// The body of a quoted literal: where it starts in the source, its text, whether it is raw.
pub(crate) fn body(source: &str, span: Span) -> (usize, &str, bool) {
    let whole = &source[span.start..span.end];
    let prefix = whole.bytes().take_while(u8::is_ascii_alphabetic).count();
    let raw = whole[..prefix].contains(['r', 'R']);
    let quoted = &whole[prefix..];
    let mark = if quoted.len() >= 6 && (quoted.starts_with("\"\"\"") || quoted.starts_with("'''")) { 3 } else { 1 };
    // An unclosed string has no end mark; its value is never used.
    let inner = quoted.get(mark..quoted.len().saturating_sub(mark)).unwrap_or("");
    (span.start + prefix + mark, inner, raw)
}

/// The text of a string literal.
pub(crate) fn text(source: &str, span: Span, slips: &mut Vec<Slip>) -> String {
    let (start, inner, raw) = body(source, span);
    if raw || !inner.contains('\\') {
        return inner.to_owned();
    }
    let mut out = String::with_capacity(inner.len());
    unescape(start, inner, slips, |unit| match unit {
        Unit::Plain(text) => out.push_str(text),
        Unit::Point(c) => out.push(c),
        Unit::Byte(b) => out.push(char::from(b)),
    });
    out
}

/// The bytes of a bytes literal.
pub(crate) fn bytes(source: &str, span: Span, slips: &mut Vec<Slip>) -> Vec<u8> {
    let (start, inner, raw) = body(source, span);
    if raw || !inner.contains('\\') {
        return inner.as_bytes().to_vec();
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut wide = Vec::new();
    let mut at = start;
    unescape(start, inner, slips, |unit| match unit {
        Unit::Plain(text) => {
            out.extend_from_slice(text.as_bytes());
            at += text.len();
        }
        Unit::Byte(b) => out.push(b),
        Unit::Point(c) => wide.push(c),
    });
    if let Some(c) = wide.first() {
        let message = format!("bytes hold bytes, not the code point U+{:04X}", u32::from(*c));
        slips.push(slip(span.start, span.end, message, Some("write `\\x` or octal escapes")));
    }
    out
}

enum Unit<'s> {
    Plain(&'s str),
    /// From `\x` or octal: a code point in text, a byte in bytes.
    Byte(u8),
    /// From `\u` or `\U`.
    Point(char),
}

/// Hands the pieces of an escaped body to `put`; `start` is where it stands in the source.
fn unescape<'s>(start: usize, inner: &'s str, slips: &mut Vec<Slip>, mut put: impl FnMut(Unit<'s>)) {
    let mut rest = inner;
    while let Some(found) = rest.find('\\') {
        if found > 0 {
            put(Unit::Plain(&rest[..found]));
        }
        let at = start + (inner.len() - rest.len()) + found;
        let after = &rest[found + 1..];
        let used = escape(at, after, slips, &mut put);
        rest = &after[used..];
    }
    if !rest.is_empty() {
        put(Unit::Plain(rest));
    }
}

/// One escape, `after` being what follows the backslash at `at`; returns the bytes used.
fn escape<'s>(at: usize, after: &'s str, slips: &mut Vec<Slip>, put: &mut impl FnMut(Unit<'s>)) -> usize {
    let Some(letter) = after.chars().next() else { return 0 };
    let simple = match letter {
        'a' => Some(7),
        'b' => Some(8),
        'f' => Some(12),
        'n' => Some(b'\n'),
        'r' => Some(b'\r'),
        't' => Some(b'\t'),
        'v' => Some(11),
        '"' | '\'' | '\\' | '?' | '`' => u8::try_from(letter).ok(),
        _ => None,
    };
    if let Some(byte) = simple {
        put(Unit::Byte(byte));
        return 1;
    }
    let (skip, count, radix) = match letter {
        'x' | 'X' => (1, 2, 16),
        'u' => (1, 4, 16),
        'U' => (1, 8, 16),
        '0'..='3' => (0, 3, 8),
        _ => {
            let help = "for a backslash itself write `\\\\`, or put `r` before the quotes";
            let end = at + 1 + letter.len_utf8();
            slips.push(slip(at, end, format!("unknown escape `\\{letter}`"), Some(help)));
            return letter.len_utf8();
        }
    };
    let digits = after.get(skip..skip + count).filter(|d| d.chars().all(|c| c.is_digit(radix)));
    let Some(code) = digits.and_then(|d| u32::from_str_radix(d, radix).ok()) else {
        let base = if radix == 8 { "octal" } else { "hexadecimal" };
        let message = format!("this escape needs {count} {base} digits");
        slips.push(slip(at, at + 1 + letter.len_utf8(), message, None));
        return letter.len_utf8();
    };
    match (letter, char::from_u32(code), u8::try_from(code)) {
        ('u' | 'U', Some(c), _) => put(Unit::Point(c)),
        ('u' | 'U', None, _) => {
            slips.push(slip(at, at + 1 + skip + count, format!("U+{code:04X} is not a character"), None));
        }
        (_, _, Ok(byte)) => put(Unit::Byte(byte)),
        _ => {}
    }
    skip + count
}
