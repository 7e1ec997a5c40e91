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
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(args: &Args, options: &Audit) -> Result<ExitCode, Failure> {
    match &options.command {
        AuditCommand::Claims { files, csv, all } => claims::run(args, files, csv.as_deref(), *all),
        AuditCommand::Log { file, mapping, csv, state } => log::run(args, file, mapping, csv.as_deref(), state.as_deref()),
        AuditCommand::Settings { before, after, mapping, on } => settings::run(args, (before, after), mapping, on),
        AuditCommand::Detainers(options) => detainers::run(args, options),
    }
}

/// Writes a file whole or not at all: beside it first, then under its name.
pub(crate) fn write_whole(path: &Path, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Failure> {
    let beside = path.with_extension(format!("{}.part", std::process::id()));
    let written = std::fs::File::create(&beside).and_then(|file| {
        let mut out = std::io::BufWriter::new(file);
        write(&mut out)?;
        out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()
    });
    written.and_then(|()| std::fs::rename(&beside, path)).map_err(|error| {
        // What is half written is of no use to anybody; if even that fails, the first error is the one to tell.
        let _ = std::fs::remove_file(&beside);
        Failure::Input(format!("{} cannot be written: {error}", path.display()))
    })
}

/// Prints a text in rows that fit the width.
fn wrapped(indent: usize, text: &str) {
    let line = Line { tone: Tone::Plain, indent, text: text.to_owned() };
    line.wrapped(width()).iter().for_each(|row| say!("{}", printable(row)));
}
