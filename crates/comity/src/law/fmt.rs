//! `comity law fmt`: law files in canonical form.

use crate::args::{Args, Format};
use crate::failure::{BAD_INPUT, FOUND, Failure};
use crate::input::{name_of, read_text};
use crate::output::{count, print_json};
use crate::{say, tell};
use comity_law::{Bundle, MAX_FILE, fmt};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(crate) fn run(args: &Args, files: &[PathBuf], check: bool) -> Result<ExitCode, Failure> {
    if let [only] = files
        && only == Path::new("-")
        && !check
    {
        return stdin(only);
    }
    let files = match (files, &args.law) {
        ([], None) => return Err(Failure::Input("name law files, or a folder of them with --law DIR".to_owned())),
        ([], Some(dir)) if !dir.is_dir() => {
            return Err(Failure::Input(format!("{} is no folder; --law names a folder of law files", dir.display())));
        }
        ([], Some(dir)) => Bundle::from_dir(dir).paths().map(|path| dir.join(path)).collect(),
        (files, _) => files.to_vec(),
    };
    let (mut changed, mut same, mut wrong) = (Vec::new(), 0, Vec::new());
    for path in &files {
        match one(path, check) {
            Ok(true) => changed.push(name_of(path)),
            Ok(false) => same += 1,
            Err(message) => wrong.push((name_of(path), message)),
        }
    }
    if args.format == Format::Json {
        let errors: Vec<_> = wrong.iter().map(|(file, message)| json!({"file": file, "message": message})).collect();
        print_json(&json!({"check": check, "changed": changed, "unchanged": same, "errors": errors}));
    } else {
        changed.iter().for_each(|path| say!("{path}"));
        wrong.iter().for_each(|(path, message)| tell!("error: {path}: {message}"));
        let verb = if check { "not in canonical form" } else { "changed" };
        say!("{} of {} {verb}", changed.len(), count(files.len(), "file"));
    }
    Ok(match (wrong.is_empty(), check && !changed.is_empty()) {
        (false, _) => ExitCode::from(BAD_INPUT),
        (true, true) => ExitCode::from(FOUND),
        (true, false) => ExitCode::SUCCESS,
    })
}

/// Formats a file; whether that changes it.
fn one(path: &Path, check: bool) -> Result<bool, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("it cannot be read: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    let out = fmt::format(&path.to_string_lossy(), &text).map_err(|error| error.to_string())?;
    if out == text {
        return Ok(false);
    }
    if !check {
        std::fs::write(path, out).map_err(|error| format!("it cannot be written: {error}"))?;
    }
    Ok(true)
}

fn stdin(path: &Path) -> Result<ExitCode, Failure> {
    let text = read_text(path, MAX_FILE)?;
    let out = fmt::format("", &text).map_err(|error| Failure::Input(format!("standard input: {error}")))?;
    out.split_terminator('\n').for_each(|line| say!("{line}"));
    Ok(ExitCode::SUCCESS)
}
