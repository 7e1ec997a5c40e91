//! From a position in a text to the position in the file where it was written as a TOML string.

use std::ops::Range;

use crate::model::At;

/// For each byte of a string's text and for its end, where it was written: an offset into `raw`, the string with its quotation marks.
///
/// `None` where `raw` is not how `text` is written.
pub(crate) fn offsets(raw: &str, text: &str) -> Option<Vec<usize>> {
    let (mark, multi_line) = match raw.as_bytes() {
        [b'"', b'"', b'"', ..] if raw.len() >= 6 => (3, true),
        [b'\'', b'\'', b'\'', ..] if raw.len() >= 6 => (3, true),
        [b'"' | b'\'', ..] if raw.len() >= 2 => (1, false),
        _ => return None,
    };
    let end = raw.len() - mark;
    let body = raw.get(mark..end)?;
    // The line break right after the opening marks is no part of the text.
    let skipped =
        if multi_line { body.len() - body.strip_prefix("\r\n").or_else(|| body.strip_prefix('\n')).unwrap_or(body).len() } else { 0 };
    let literal = raw.starts_with('\'');
    let mut written = Vec::with_capacity(text.len() + 1);
    let mut at = mark + skipped;
    let mut rest = text;
    while at < end {
        let here = raw.get(at..end)?;
        let (len, value) = if literal || !here.starts_with('\\') { plain(here)? } else { escape(here)? };
        if let Some(value) = value {
            rest = rest.strip_prefix(value)?;
            written.extend(std::iter::repeat_n(at, value.len_utf8()));
        }
        at += len;
    }
    written.push(end);
    rest.is_empty().then_some(written)
}

/// Where a part of a text stands in the file; `at` is the whole string with its quotation marks.
pub(crate) fn place_in(file: &str, at: At, text: &str, span: Range<usize>) -> At {
    let Some(map) = file.get(at.start..at.end).and_then(|raw| offsets(raw, text)) else { return at };
    let place = |offset: usize| map.get(offset).or(map.last()).map_or(at.start, |o| at.start + o);
    let start = place(span.start);
    let end = if span.end > span.start { place(span.end) } else { start };
    At { start, end: end.max(start), ..at }
}

fn plain(here: &str) -> Option<(usize, Option<char>)> {
    let c = here.chars().next()?;
    Some((c.len_utf8(), Some(c)))
}

/// The length of an escape and the character that it stands for; none for a backslash that joins lines.
fn escape(here: &str) -> Option<(usize, Option<char>)> {
    let hex = |digits: usize| {
        let value = u32::from_str_radix(here.get(2..2 + digits)?, 16).ok()?;
        Some((2 + digits, Some(char::from_u32(value)?)))
    };
    let short = |c: char| Some((2, Some(c)));
    match *here.as_bytes().get(1)? {
        b'b' => short('\u{8}'),
        b'e' => short('\u{1b}'),
        b'f' => short('\u{c}'),
        b'n' => short('\n'),
        b'r' => short('\r'),
        b't' => short('\t'),
        b'"' => short('"'),
        b'\\' => short('\\'),
        b'x' => hex(2),
        b'u' => hex(4),
        b'U' => hex(8),
        b' ' | b'\t' | b'\r' | b'\n' => Some((here.len() - here[1..].trim_start_matches([' ', '\t', '\r', '\n']).len(), None)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::offsets;

    #[test]
    fn every_way_to_write_a_string() {
        assert_eq!(offsets("'ab'", "ab"), Some(vec![1, 2, 3]));
        assert_eq!(offsets(r#""a\tb""#, "a\tb"), Some(vec![1, 2, 4, 5]));
        assert_eq!(offsets(r#""\u00e9x""#, "éx"), Some(vec![1, 1, 7, 8]));
        assert_eq!(offsets("'''\nab'''", "ab"), Some(vec![4, 5, 6]));
        assert_eq!(offsets("\"\"\"\r\na\\\n   b\"\"\"", "ab"), Some(vec![5, 11, 12]));
        assert_eq!(offsets("\"\"\"a\"\"\"\"", "a\""), Some(vec![3, 4, 5]));
        assert_eq!(offsets("''", ""), Some(vec![1]));
        assert_eq!(offsets("'a'", "b"), None);
    }
}
