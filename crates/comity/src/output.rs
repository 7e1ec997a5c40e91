//! Printing: styles where the terminal shows them, plain text elsewhere, JSON on demand.

use anstyle::{AnsiColor, Style};
use comity_engine::{Explanation, Tone};
use comity_law::Outcome;
use std::io::Write;

/// The width to wrap at: `COLUMNS` if it is set, else a hundred.
pub(crate) fn width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok()).unwrap_or(100).clamp(40, 200)
}

pub(crate) fn outcome_style(outcome: Outcome) -> Style {
    let color = match outcome {
        Outcome::Required => AnsiColor::Blue,
        Outcome::Permitted => AnsiColor::Green,
        Outcome::Forbidden => AnsiColor::Red,
        Outcome::Unregulated => AnsiColor::Cyan,
        Outcome::Conflict | Outcome::Undetermined => AnsiColor::Yellow,
    };
    color.on_default().bold()
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Outcome(outcome) => outcome_style(outcome),
        Tone::Heading => Style::new().bold(),
        Tone::Plain => Style::new(),
        Tone::Warning => AnsiColor::Yellow.on_default(),
        Tone::Faint => Style::new().dimmed(),
    }
}

/// Writes a line; a reader that has gone away ends the program quietly, as it should in a pipe. A full disk does not.
pub(crate) fn line(text: std::fmt::Arguments<'_>) {
    match writeln!(anstream::stdout(), "{text}") {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => {
            complain(format_args!("error: the answer cannot be written to standard output: {error}"));
            std::process::exit(i32::from(crate::failure::BAD_INPUT));
        }
    }
}

/// Writes a line to standard error; where even that fails, nobody is left to be told.
pub(crate) fn complain(text: std::fmt::Arguments<'_>) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Like `println!`, for a pipe that may close.
#[macro_export]
macro_rules! say {
    () => { $crate::output::line(format_args!("")) };
    ($($text:tt)*) => { $crate::output::line(format_args!($($text)*)) };
}

/// Like `eprintln!`, which would panic where standard error is closed.
#[macro_export]
macro_rules! tell {
    ($($text:tt)*) => { $crate::output::complain(format_args!($($text)*)) };
}

pub(crate) fn print_explanation(explanation: &Explanation) {
    let width = width();
    for line in &explanation.lines {
        let style = style(line.tone);
        for row in line.wrapped(width) {
            say!("{style}{}{style:#}", printable(&row));
        }
    }
}

/// What every answer ends with: the law that it was made under, and what it is not.
pub(crate) fn print_bundle(law: &comity_law::Law) {
    say!();
    say!("Law bundle {}. This is what the law files say, not legal advice; a person decides.", law.digest.get(..16).unwrap_or(&law.digest));
}

/// Text for the person at the terminal, on standard error, in rows that fit the width.
pub(crate) fn print_wrapped(indent: usize, text: &str) {
    let line = comity_engine::Line { tone: Tone::Plain, indent, text: text.to_owned() };
    line.wrapped(width()).iter().for_each(|row| tell!("{}", printable(row)));
}

pub(crate) fn print_json(value: &serde_json::Value) {
    match serde_json::to_string_pretty(value) {
        Ok(text) => say!("{}", escaped(&text)),
        Err(error) => say!("{{\"errors\": [{{\"message\": \"{error}\"}}]}}"),
    }
}

/// JSON in which no control or invisible character stands raw; they occur only within strings, where an escape means the same.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_harmful(c) {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    out
}

/// The text with control and invisible characters made visible, so that input can neither steer a terminal nor turn the direction of reading.
pub(crate) fn printable(text: &str) -> String {
    text.chars().flat_map(|c| if is_harmful(c) { c.escape_unicode().collect::<Vec<_>>() } else { vec![c] }).collect()
}

fn is_harmful(c: char) -> bool {
    let invisible = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    c.is_control() || invisible || matches!(c, '\u{e0000}'..='\u{e0fff}')
}

/// "1 mistake", "3 mistakes", "4 classes".
pub(crate) fn count(n: usize, what: &str) -> String {
    let plural = if what.ends_with('s') { "es" } else { "s" };
    if n == 1 { format!("{n} {what}") } else { format!("{n} {what}{plural}") }
}
