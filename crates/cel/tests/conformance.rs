//! Runs conformance cases: our own, and those in a folder that `CEL_CASES` names.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a test")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use comity_cel::conformance::{Verdict, run_case};

/// How the cases of one folder went: counts by file, those outside, those wrong.
#[derive(Default)]
struct Tally {
    files: BTreeMap<String, (usize, usize)>,
    outside: Vec<String>,
    wrong: Vec<String>,
}

fn run(folder: &Path) -> Tally {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "jsonl"));
    files.sort();
    let mut tally = Tally::default();
    for path in files {
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let case: serde_json::Value = serde_json::from_str(line).unwrap();
            let file = case["file"].as_str().unwrap().to_owned();
            let name = format!("{file}/{}/{}", case["section"].as_str().unwrap(), case["name"].as_str().unwrap());
            let count = tally.files.entry(file).or_default();
            match run_case(&case) {
                Verdict::Right => count.0 += 1,
                Verdict::Outside { reason } => {
                    count.1 += 1;
                    tally.outside.push(format!("{name}: {reason}"));
                }
                Verdict::Wrong { got, want } => tally.wrong.push(format!("{name}: {}\n  got {got}\n  want {want}", case["expr"])),
            }
        }
    }
    for (file, (right, outside)) in &tally.files {
        println!("{file}: {right} right, {outside} outside");
    }
    tally
}

/// The names and reasons of the cases known to be outside.
fn known_outside() -> Vec<&'static str> {
    include_str!("data/outside.txt").lines().collect()
}

#[test]
fn committed_cases() {
    let tally = run(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data"));
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
    let own: Vec<_> = known_outside().into_iter().filter(|line| line.starts_with("own/")).collect();
    assert_eq!(tally.outside, own, "see tests/data/outside.txt");
}

#[test]
fn other_cases() {
    let Some(folder) = std::env::var_os("CEL_CASES") else {
        println!("CEL_CASES names no folder: only the committed cases were run");
        return;
    };
    let tally = run(Path::new(&folder));
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
    let known = known_outside();
    let new: Vec<_> = tally.outside.iter().filter(|line| !known.contains(&line.as_str())).collect();
    assert!(new.is_empty(), "not in tests/data/outside.txt: {new:#?}");
}

#[test]
fn a_wrong_result_is_told() {
    for (expr, want) in [("1", r#"{"uint": 1}"#), ("1", r#"{"error": true}"#), ("1 / 0", r#"{"int": 1}"#), ("[1]", r#"{"list": []}"#)] {
        let case = serde_json::json!({"expr": expr, "want": serde_json::from_str::<serde_json::Value>(want).unwrap()});
        assert!(matches!(run_case(&case), Verdict::Wrong { .. }), "{expr} is not {want}");
    }
}
