//! What is wrong with a law file: which rule it breaks, where, and the remedy.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

use crate::bundle::SourceFile;
use crate::model::At;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The law cannot be used.
    Error,
    /// The law can be used, but something is odd.
    Warning,
}

/// One thing that is wrong, shown by `Display` with the line it stands in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// The rule that is broken: `L0101`; [`crate::CODES`] lists them.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The file's path from the bundle's root; empty for the bundle itself.
    pub file: String,
    /// The bytes of the file.
    pub span: Range<usize>,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// A few words for the place itself.
    pub label: Option<String>,
    /// The remedy.
    pub help: Option<String>,
    /// The line, cut where it is long.
    #[serde(skip)]
    excerpt: Option<Excerpt>,
}

/// A line of a file, made harmless for a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Excerpt {
    text: String,
    /// Where the marks begin, in characters of the text.
    from: usize,
    /// How many marks.
    marks: usize,
}

impl Diagnostic {
    /// A diagnostic for a place in a file.
    #[must_use]
    pub fn new(file: &SourceFile, at: At, severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        let text = &*file.text;
        let start = floor(text, at.start);
        let span = start..floor(text, at.end).max(start);
        let line_start = text[..start].rfind('\n').map_or(0, |n| n + 1);
        let line = &text[line_start..text[start..].find('\n').map_or(text.len(), |n| start + n)];
        Self {
            code,
            severity,
            file: file.path.clone(),
            line: text[..line_start].bytes().filter(|b| *b == b'\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            excerpt: Some(Excerpt::new(line, start - line_start, span.end - line_start)),
            span,
            message: message.into(),
            label: None,
            help: None,
        }
    }

    /// A diagnostic for a whole file or folder, which has no text to show.
    #[must_use]
    pub fn of_path(path: &str, severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        let file = path.to_owned();
        Self { code, severity, file, span: 0..0, line: 1, column: 1, message: message.into(), label: None, help: None, excerpt: None }
    }

    /// With a few words for the place itself.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// With the remedy.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether the law cannot be used.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The nearest border between characters at or before the offset.
fn floor(text: &str, offset: usize) -> usize {
    text.floor_char_boundary(offset.min(text.len()))
}

impl Excerpt {
    /// So many characters of a line are shown.
    const WIDTH: usize = 120;
    /// So many before the marks where the line is cut.
    const BEFORE: usize = 40;

    fn new(line: &str, start: usize, end: usize) -> Self {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let start = floor(line, start);
        let end = floor(line, end).max(start);
        let lead = line[..start].chars().count();
        // A far place is shown with some text before it.
        let skip = if lead > Self::WIDTH - Self::BEFORE { lead - Self::BEFORE } else { 0 };
        let cut_from = line.char_indices().nth(skip).map_or(line.len(), |(at, _)| at);
        let cut_to = line[cut_from..].char_indices().nth(Self::WIDTH).map_or(line.len(), |(at, _)| cut_from + at);
        let mut text = String::from(if skip > 0 { "…" } else { "" });
        harmless(&mut text, &line[cut_from..start]);
        let from = text.chars().count();
        harmless(&mut text, &line[start..end.clamp(start, cut_to)]);
        let marks = (text.chars().count() - from).max(1);
        harmless(&mut text, &line[end.clamp(start, cut_to)..cut_to]);
        if cut_to < line.len() {
            text.push('…');
        }
        Self { text, from, marks }
    }
}

/// Appends a text so that it cannot disturb a terminal or a reader: control and invisible characters become their numbers, tabs blanks.
fn harmless(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\t' => out.push(' '),
            c if is_harmful(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
}

/// Control characters, and those that are invisible or turn the direction of writing.
pub(crate) fn is_harmful(c: char) -> bool {
    let invisible =
        matches!(c, '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}');
    invisible || c.is_control() || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// A message on one line, cut where it is absurdly long.
fn shown(text: &str) -> String {
    const LIMIT: usize = 600;
    let mut out = String::new();
    let cut = text.char_indices().nth(LIMIT).map_or(text.len(), |(at, _)| at);
    harmless(&mut out, &text[..cut].replace('\n', " "));
    if cut < text.len() {
        out.push('…');
    }
    out
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = if self.is_error() { "error" } else { "warning" };
        write!(f, "{severity}[{}]: {}", self.code, shown(&self.message))?;
        let gutter = " ".repeat(self.line.to_string().len());
        if !self.file.is_empty() {
            write!(f, "\n{gutter}--> {}:{}:{}", shown(&self.file), self.line, self.column)?;
        }
        if let Some(line) = &self.excerpt {
            let label = self.label.as_deref().map(shown).unwrap_or_default();
            let marked = format!("{}{} {label}", " ".repeat(line.from), "^".repeat(line.marks));
            write!(f, "\n{gutter} |\n{} | {}\n{gutter} | {}", self.line, line.text, marked.trim_end())?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n{gutter} = help: {}", shown(help))?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostic {}
