//! `comity audit detainers` on the synthetic release: what it prints and writes, and what it says of bad input.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod common;

use common::schema::{validator, wrong};
use common::{folder, golden, root, run};

const RELEASE: &str = "crates/audit/tests/data/ice-detainers-synthetic-200.csv";
const RAW: &str = "crates/audit/tests/data/ice-detainers-synthetic-raw.xlsx";

#[test]
fn a_summary_for_reading() {
    let ran = run(["audit", "detainers", RELEASE, "--if-place", "us-tx/travis-county", "--action", "hold"]).ends(0);
    assert!(ran.err.is_empty(), "{}", ran.err);
    assert!(!ran.out.contains('\u{1b}'), "escape codes in a pipe");
    for part in [
        "200 rows read, ",
        "What would have been different",
        "hold, by place",
        "Not decided",
        "place-mismatch",
        "partial-duplicate",
        "█",
        "not legal advice",
    ] {
        assert!(ran.out.contains(part), "{part} is missing:\n{}", ran.out);
    }
    let wide: Vec<&str> = ran.out.lines().filter(|l| l.chars().count() > 100).collect();
    assert!(wide.is_empty(), "{wide:#?}");
}

#[test]
fn json_is_as_its_schema_says() {
    let schema = validator("audit-detainers");
    for args in [
        &["audit", "detainers", RELEASE, "--format", "json"][..],
        &["audit", "detainers", RAW, "--as-of", "2012-06-01", "--format", "json"],
    ] {
        let json = run(args).ends(0).json();
        assert_eq!(wrong(&schema, &json), Vec::<String>::new(), "{json:#}");
    }
}

#[test]
fn defects_of_the_release() {
    let dir = folder("detainers-defects");
    let to = dir.join("defects.csv");
    run(["audit", "detainers", RELEASE, "--defects", to.to_str().unwrap()]).ends(0);
    golden(&root().join("crates/comity/tests/golden/detainers-defects.csv"), &std::fs::read_to_string(to).unwrap());
}

#[test]
fn a_page_that_can_be_read_without_seeing_it() {
    let dir = folder("detainers-page");
    let to = dir.join("page.html");
    run(["audit", "detainers", RELEASE, "--html", to.to_str().unwrap()]).ends(0);
    let page = std::fs::read_to_string(to).unwrap();
    let count = |what: &str| page.matches(what).count();
    assert_eq!(count("<svg "), 2);
    assert_eq!(count("<svg "), count("role=\"img\""));
    assert_eq!(count("<title id="), 2);
    assert_eq!(count("<desc id="), 2);
    assert_eq!(count("<table>"), count("<caption>"));
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("<script"), "the page needs nothing else");
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"));
}

#[test]
fn bad_input_names_its_remedy() {
    for (args, said) in [
        (&["--action", "hodl"][..], "did you mean `hold`?"),
        (&["--as-of", "2024-13-01"], "2024-13-01"),
        (&["--if-place", "us-tx/nowhere"], "us-tx/nowhere"),
        (&["--set", "request.kid=none"], "did you mean `request.kind`?"),
        (&["--set", "request.kind=detainr"], "Did you mean `detainer`?"),
        (&["--set", "request.kind"], "FACT=VALUE"),
        (&["--set", "person.convictions=[]"], "no single fact"),
        (&["--rows", "no/such/folder/rows.csv"], "no/such/folder"),
    ] {
        let ran = run([&["audit", "detainers", RELEASE], args].concat()).ends(2);
        assert!(ran.err.contains(said), "{args:?}: {}", ran.err);
    }
    assert!(run(["audit", "detainers", "README.md"]).ends(2).err.contains("no header"));
    assert!(run(["audit", "detainers", "no-such-file.csv"]).ends(2).err.contains("cannot be opened"));
    assert!(run(["audit", "detainers", "docs"]).ends(2).err.contains("docs"));
}
