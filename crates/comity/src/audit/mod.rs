//! `comity audit`: what others published or did, row by row under the law of its day.

mod claims;
mod detainers;
mod detainers_text;
mod log;
mod progress;
mod settings;

use crate::args::{Args, Audit, AuditCommand};
use crate::failure::Failure;
use crate::output::{printable, width};
use crate::say;
use comity_engine::{Line, Tone};
use std::process::ExitCode;

pub(crate) fn run(args: &Args, options: &Audit) -> Result<ExitCode, Failure> {
    match &options.command {
        AuditCommand::Claims { files, csv, all } => claims::run(args, files, csv.as_deref(), *all),
        AuditCommand::Log { file, mapping, csv, state } => log::run(args, file, mapping, csv.as_deref(), state.as_deref()),
        AuditCommand::Settings { before, after, mapping, on } => settings::run(args, (before, after), mapping, on),
        AuditCommand::Detainers(options) => detainers::run(args, options),
    }
}

/// Prints a text in rows that fit the width.
fn wrapped(indent: usize, text: &str) {
    let line = Line { tone: Tone::Plain, indent, text: text.to_owned() };
    line.wrapped(width()).iter().for_each(|row| say!("{}", printable(row)));
}
