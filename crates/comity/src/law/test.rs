//! `comity law test`: scenario files, or the examples of the law.

use crate::args::{Args, Format};
use crate::failure::{FOUND, Failure};
use crate::input::{read_text, whole_law};
use crate::output::{outcome_style, print_json, printable};
use crate::say;
use comity_engine::{Trial, run_examples, run_scenario};
use comity_law::{Confidence, Law, Outcome};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Scenario files may be as large as this.
const MAX_SCENARIOS: usize = 64 << 20;

pub(crate) fn run(args: &Args, files: &[PathBuf], all: bool) -> Result<ExitCode, Failure> {
    let law = whole_law(args)?;
    let mut trials: Vec<(String, Trial)> = Vec::new();
    let mut unread = Vec::new();
    if files.is_empty() {
        trials.extend(run_examples(&law).into_iter().map(|t| (place_of(&law, &t), t)));
    }
    for path in files {
        run_file(&law, path, &mut trials, &mut unread)?;
    }
    let failed = trials.iter().filter(|(_, t)| !t.passed()).count() + unread.len();
    if args.format == Format::Json {
        let rows: Vec<_> = trials
            .iter()
            .map(|(at, t)| json!({"at": at, "id": t.name, "expected": t.expected, "outcome": t.outcome, "confidence": t.confidence, "passed": t.passed(), "differences": t.differences}))
            .collect();
        print_json(
            &json!({"bundle": law.digest, "results": rows, "unreadable": unread, "passed": trials.len() + unread.len() - failed, "failed": failed}),
        );
    } else {
        report(&trials, &unread, all);
        say!("{} passed, {failed} failed", trials.len() + unread.len() - failed);
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

fn place_of(law: &Law, trial: &Trial) -> String {
    let Some(at) = trial.at else { return String::new() };
    let Some(file) = law.file(at.file) else { return String::new() };
    let line = file.text.get(..at.start).map_or(1, |t| t.matches('\n').count() + 1);
    format!("{}:{line}", file.path)
}

fn run_file(law: &Law, path: &Path, trials: &mut Vec<(String, Trial)>, unread: &mut Vec<String>) -> Result<(), Failure> {
    let text = read_text(path, MAX_SCENARIOS)?;
    let name = path.display();
    let cases: Vec<(usize, String)> = match path.extension().and_then(|e| e.to_str()) {
        // A case as `decide` reads it spans lines; with what is expected of it, it is a scenario too.
        _ if serde_json::from_str::<Json>(&text).is_ok_and(|json| json.is_object()) => {
            if !serde_json::from_str::<Json>(&text).is_ok_and(|json| json.get("expected").is_some()) {
                return Err(Failure::Input(format!(
                    "{name} is one case and says no `expected`; `comity decide {name}` decides it, and with \"expected\": \"forbidden\" it can be tested"
                )));
            }
            vec![(1, text)]
        }
        Some("toml") => super::test_toml::cases(&text).map_err(|why| Failure::Input(format!("{name}:{why}")))?,
        _ => text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()).map(|(n, l)| (n + 1, l.to_owned())).collect(),
    };
    if cases.is_empty() {
        return Err(Failure::Input(format!("{name} has no scenarios; write one JSON object a line, or [[scenario]] in TOML")));
    }
    for (line, case) in cases {
        match run_scenario(law, &case) {
            Ok(trial) => trials.push((format!("{name}:{line}"), trial)),
            Err(error) => unread.extend(error.mistakes.iter().map(|m| {
                let path = if m.path.is_empty() { String::new() } else { format!("{}: ", m.path) };
                format!("{name}:{line}: {path}{}", m.message)
            })),
        }
    }
    Ok(())
}

fn report(trials: &[(String, Trial)], unread: &[String], all: bool) {
    for message in unread {
        say!("unreadable  {}", printable(message));
    }
    for (at, trial) in trials {
        if !trial.passed() {
            let sure = trial.confidence.map_or_else(String::new, |c| format!(" [{c} confidence]"));
            say!("FAILED  {}  {}{sure}", printable(at), printable(&trial.name));
            trial.differences.iter().for_each(|d| say!("          {}", printable(d)));
        } else if all {
            say!("ok      {}  {}  {}", printable(at), printable(&trial.name), trial.expected);
        }
    }
    if trials.is_empty() {
        return;
    }
    let mut by_outcome: BTreeMap<Outcome, (usize, usize)> = BTreeMap::new();
    let mut by_confidence: BTreeMap<Option<Confidence>, (usize, usize)> = BTreeMap::new();
    let mut dangerous = 0;
    for (_, trial) in trials {
        for slot in [by_outcome.entry(trial.expected).or_default(), by_confidence.entry(trial.confidence).or_default()] {
            slot.0 += usize::from(trial.passed());
            slot.1 += 1;
        }
        dangerous +=
            usize::from(trial.expected == Outcome::Forbidden && matches!(trial.outcome, Some(Outcome::Permitted | Outcome::Required)));
    }
    say!();
    say!("expected           passed   of");
    for (outcome, (passed, of)) in by_outcome {
        let style = outcome_style(outcome);
        say!("{style}{:<17}{style:#}  {passed:>6} {of:>4}", outcome.as_str());
    }
    for (confidence, (passed, of)) in by_confidence.into_iter().filter(|(c, _)| c.is_some()) {
        say!("{:<17}  {passed:>6} {of:>4}", confidence.map_or_else(String::new, |c| format!("{c} confidence")));
    }
    say!("permitted or required where forbidden is expected: {dangerous}");
}
