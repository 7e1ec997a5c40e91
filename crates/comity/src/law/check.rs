//! `comity law check`: the files, what can be proved of them, and their examples.

use crate::args::{Args, Format};
use crate::failure::{FOUND, Failure};
use crate::input::{open, whole_law};
use crate::output::{count, print_json};
use crate::say;
use comity_engine::{Concern, check_conditions, not_exercised, run_examples};
use comity_law::{Diagnostic, Severity};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(args: &Args, dir: Option<&Path>) -> Result<ExitCode, Failure> {
    let law = match dir {
        Some(dir) => open(dir)?,
        None => whole_law(args)?,
    };
    let mut found: Vec<Diagnostic> = law.warnings.clone();
    let trials = run_examples(&law);
    for trial in trials.iter().filter(|t| !t.passed()) {
        let Some(at) = trial.at else { continue };
        let Some(file) = law.file(at.file) else { continue };
        let message = format!("the example {} does not come out: {}", trial.name, trial.differences.join("; "));
        found.push(
            Diagnostic::new(file, at, Severity::Error, "L0908", message).with_help("mend the example if it expects too much, else the law"),
        );
    }
    for doubt in check_conditions(&law).into_iter().chain(not_exercised(&law, &trials)) {
        let Some(file) = law.file(doubt.at.file) else { continue };
        let severity = if doubt.concern == Concern::Unsettled { Severity::Warning } else { Severity::Error };
        let (what, remedy) = doubt.concern.message().split_once("; ").unwrap_or((doubt.concern.message(), "mend it"));
        found.push(Diagnostic::new(file, doubt.at, severity, doubt.concern.code(), format!("{}: {what}", doubt.norm)).with_help(remedy));
    }
    let errors = found.iter().filter(|d| d.is_error()).count();
    let norms: usize = law.instruments.iter().map(|i| i.norms.len()).sum();
    let exceptions: usize = law.instruments.iter().flat_map(|i| &i.norms).map(|n| n.exceptions.len()).sum();
    let passed = trials.iter().filter(|t| t.passed()).count();
    if args.format == Format::Json {
        print_json(&json!({"bundle": law.digest, "instruments": law.instruments.len(), "norms": norms, "exceptions": exceptions,
            "examples": trials.len(), "examples_passed": passed, "diagnostics": found}));
    } else {
        for diagnostic in &found {
            say!("{diagnostic}");
        }
        say!(
            "{}, {}, {}, {}, {}; {passed} of {} passed",
            count(law.instruments.len(), "instrument"),
            count(norms, "norm"),
            count(exceptions, "exception"),
            count(law.places.len(), "place"),
            count(law.classes.len(), "offence class"),
            count(trials.len(), "example")
        );
        say!("{}, {}", count(errors, "mistake"), count(found.len() - errors, "warning"));
    }
    Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}
