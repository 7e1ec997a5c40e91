//! Comments: those between keys, and all of a text.

/// What stands between two keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Between {
    /// One or more blank lines.
    Blank,
    /// A comment on a line of its own, with its `#`.
    Comment(String),
}

/// The comments of a stretch of blanks and comments, with the blank lines between them; the last line is that of what follows.
pub(super) fn lines(text: &str) -> Vec<Between> {
    let mut out = Vec::new();
    let mut all: Vec<&str> = text.split('\n').map(str::trim).collect();
    all.pop();
    for line in all {
        if line.starts_with('#') {
            out.push(Between::Comment(line.to_owned()));
        } else if !out.is_empty() && out.last() != Some(&Between::Blank) || out.is_empty() {
            out.push(Between::Blank);
        }
    }
    out
}

/// The comment behind a value: what stands after it on its line.
pub(super) fn behind(text: &str) -> Option<&str> {
    let line = text.split('\n').next().unwrap_or_default().trim();
    line.starts_with('#').then_some(line)
}

/// Every comment of a text, trimmed and sorted. Strings are stepped over.
pub(super) fn all(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        match bytes[at] {
            b'#' => {
                let end = text[at..].find('\n').map_or(text.len(), |n| at + n);
                out.push(text[at..end].trim().to_owned());
                at = end;
            }
            quote @ (b'"' | b'\'') => at = string_end(bytes, at, quote),
            _ => at += 1,
        }
    }
    out.sort();
    out
}

/// The byte after the string that begins here.
fn string_end(bytes: &[u8], start: usize, quote: u8) -> usize {
    let long = bytes[start..].starts_with(&[quote; 3]);
    let mut at = start + if long { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 2,
            b'\n' if !long => return at,
            byte if byte == quote && !long => return at + 1,
            byte if byte == quote && bytes[at..].starts_with(&[quote; 3]) => {
                // Up to two quotation marks may stand right before the closing three.
                let run = bytes[at..].iter().take(5).take_while(|b| **b == quote).count();
                return at + run;
            }
            _ => at += 1,
        }
    }
    bytes.len()
}
