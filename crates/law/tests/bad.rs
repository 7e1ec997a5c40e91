//! Every mistake of `tests/bad` is reported as the text beside it says. `BLESS=1 cargo test -p comity-law` writes those texts anew.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod common;

use comity_law::{CODES, Law};

/// These need bytes or folders, not texts: `bytes.rs` has them.
const ELSEWHERE: [&str; 5] = ["L0001", "L0002", "L0003", "L0005", "L0009"];

#[test]
fn bad_laws_are_refused_with_the_expected_diagnostics() {
    let mut wrong = Vec::new();
    let cases = common::cases("tests/bad");
    assert!(cases.len() >= 45);
    for (path, text) in &cases {
        let Err(found) = Law::read(common::bundle(&common::case(text))) else {
            wrong.push(format!("{} is read without a mistake", path.display()));
            continue;
        };
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        wrong.extend(common::expect(&path.with_extension("expected"), &format!("{}\n", found.join("\n\n"))).err());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_code_has_a_case() {
    let mut all = String::new();
    for (path, _) in common::cases("tests/bad") {
        all.push_str(&std::fs::read_to_string(path.with_extension("expected")).unwrap());
    }
    let missing: Vec<_> =
        CODES.iter().map(|(code, ..)| *code).filter(|code| !ELSEWHERE.contains(code) && !all.contains(&format!("[{code}]"))).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}

#[test]
fn the_order_of_files_changes_nothing() {
    for (_, text) in common::cases("tests/bad") {
        let files = common::case(&text);
        let forward = Law::read(common::bundle(&files)).unwrap_err();
        let backward = comity_law::Bundle::from_memory(files.into_iter().rev());
        assert_eq!(forward, Law::read(backward).unwrap_err());
    }
}

#[test]
fn diagnostics_are_safe_for_a_terminal_and_become_json() {
    for (path, text) in common::cases("tests/bad") {
        for found in Law::read(common::bundle(&common::case(&text))).unwrap_err() {
            let shown = found.to_string();
            assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{}", path.display());
            assert!(shown.lines().all(|line| line.chars().count() < 800), "{}", path.display());
            let json = serde_json::to_value(&found).unwrap();
            assert_eq!(json["code"], found.code);
            assert!(found.help.as_deref().is_some_and(|help| !help.is_empty()), "{}: {} has no remedy", path.display(), found.code);
            assert_eq!(json["severity"], if found.is_error() { "error" } else { "warning" });
        }
    }
}

/// Every code and its remedy stand in the documentation.
#[test]
fn codes_are_documented() {
    let docs = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/law-files.md")).unwrap();
    for (code, means, remedy) in CODES {
        assert!(docs.contains(&format!("| `{code}` | {means} | {remedy} |")), "docs/law-files.md lacks: | `{code}` | {means} | {remedy} |");
    }
}
