//! The worked scenarios: those of federal and Californian law all pass; of the others a list says which do not yet, and it only shrinks.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod common;

use common::{bless, root, run, scenarios};
use serde_json::Value as Json;
use std::collections::BTreeSet;

fn results(path: &str) -> Vec<Json> {
    let json = run(["law", "test", path, "--format", "json"]).json();
    assert_eq!(json["unreadable"], Json::Array(Vec::new()), "{path}");
    json["results"].as_array().unwrap().clone()
}

#[test]
fn federal_and_californian_scenarios_pass() {
    let (path, text) = &scenarios()[0];
    let ran = run(["law", "test", path]).ends(0);
    let of = text.lines().count();
    assert!(of >= 105 && ran.out.ends_with(&format!("{of} passed, 0 failed\n")), "{}", ran.out);
}

/// Whatever is not encoded yet, nothing may be called permitted or required where the law forbids it unless the list says so.
#[test]
fn the_list_of_failing_scenarios_only_shrinks() {
    let list = root().join("crates/comity/tests/scenarios/known-failures.txt");
    let known: BTreeSet<String> = std::fs::read_to_string(&list).unwrap_or_default().lines().map(str::to_owned).collect();
    let mut failing = BTreeSet::new();
    for (path, _) in &scenarios()[1..] {
        failing.extend(results(path).iter().filter(|r| r["passed"] == false).map(|r| r["id"].as_str().unwrap().to_owned()));
    }
    let new: Vec<&String> = failing.difference(&known).collect();
    assert!(new.is_empty() || known.is_empty() && bless(), "these fail and are not in known-failures.txt: {new:#?}");
    let mended: Vec<&String> = known.difference(&failing).collect();
    if bless() {
        let left: Vec<&str> = failing.iter().map(String::as_str).collect();
        std::fs::write(&list, left.join("\n") + if left.is_empty() { "" } else { "\n" }).unwrap();
    } else {
        assert!(mended.is_empty(), "these pass now; COMITY_BLESS=1 takes them from known-failures.txt: {mended:#?}");
    }
}

#[test]
fn ids_are_unique() {
    let mut seen = BTreeSet::new();
    for (path, text) in scenarios() {
        for line in text.lines() {
            let json: Json = serde_json::from_str(line).unwrap();
            let id = json["id"].as_str().unwrap().to_owned();
            assert!(seen.insert(id.clone()), "{path}: {id} stands twice");
        }
    }
    assert!(seen.len() >= 280);
}

#[test]
fn what_fails_is_told_with_its_line() {
    let path = common::folder("scenarios-failing").join("mine.jsonl");
    let (_, text) = &scenarios()[0];
    let wrong = text.lines().next().unwrap().replacen("\"expected\": \"", "\"expected\": \"conflict\", \"note\": \"", 1);
    let unreadable = "{\"id\": \"x\", \"agency\": \"CA0194200\", \"on\": \"2018-03-01\", \"action\": \"hodl\"}";
    std::fs::write(&path, format!("\n{wrong}\n{unreadable}\n")).unwrap();
    let ran = run(["law", "test", path.to_str().unwrap()]).ends(1);
    assert!(ran.out.contains("mine.jsonl:2 "), "{}", ran.out);
    assert!(ran.out.contains("expected conflict, found "), "{}", ran.out);
    assert!(ran.out.contains("mine.jsonl:3: action: there is no action `hodl`; did you mean `hold`?"), "{}", ran.out);
    assert!(ran.out.ends_with("0 passed, 2 failed\n"), "{}", ran.out);
}

#[test]
fn scenarios_in_toml_are_the_same() {
    let path = common::folder("scenarios-toml").join("mine.toml");
    let text = "[[scenario]]\nid = \"lapd\"\nagency = \"CA0194200\"\non = 2018-03-01\naction = \"hold\"\nexpected = \"forbidden\"\n\
        facts = { request = { kind = \"detainer\", process = \"administrative\" }, custody = { release_due = true } }\n";
    std::fs::write(&path, text).unwrap();
    let ran = run(["law", "test", "--all", path.to_str().unwrap()]).ends(0);
    assert!(ran.out.contains("mine.toml:1  lapd  forbidden"), "{}", ran.out);
}
