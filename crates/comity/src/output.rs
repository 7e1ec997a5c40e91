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

/// Writes a line; a reader that has gone away ends the program quietly, as it should in a pipe.
pub(crate) fn line(text: std::fmt::Arguments<'_>) {
    if writeln!(anstream::stdout(), "{text}").is_err() {
        std::process::exit(0);
    }
}

/// Like `println!`, for a pipe that may close.
#[macro_export]
macro_rules! say {
    () => { $crate::output::line(format_args!("")) };
    ($($text:tt)*) => { $crate::output::line(format_args!($($text)*)) };
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

pub(crate) fn print_json(value: &serde_json::Value) {
    match serde_json::to_string_pretty(value) {
        Ok(text) => say!("{text}"),
        Err(error) => say!("{{\"errors\": [{{\"message\": \"{error}\"}}]}}"),
    }
}

/// The text with control characters made visible, so that input cannot steer a terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_unicode().collect::<Vec<_>>() } else { vec![c] }).collect()
}

/// "1 mistake", "3 mistakes".
pub(crate) fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("{n} {what}") } else { format!("{n} {what}s") }
}
