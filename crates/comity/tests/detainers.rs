//! `comity audit detainers` on the synthetic release: what it prints and writes, and what it says of bad input, and that an interrupted replay ends with the same bytes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod common;

use common::schema::{validator, wrong};
use common::{command, folder, golden, root, run};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

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
fn no_defect_is_written_as_a_formula() {
    let dir = folder("detainers-formulas");
    let (input, to) = (dir.join("in.csv"), dir.join("defects.csv"));
    let head = "detainer_prepare_date,detention_facility,facility_state";
    std::fs::write(&input, format!("{head}\n=1+1,KERN COUNTY JAIL,CALIFORNIA\n")).unwrap();
    run(["audit", "detainers", input.to_str().unwrap(), "--defects", to.to_str().unwrap()]).ends(0);
    let text = std::fs::read_to_string(to).unwrap();
    assert!(text.contains(",'=1+1,not-a-day,") && !text.contains(",=1+1"), "{text}");
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
        (&["--rows", "rows.xlsx"], ".csv or .parquet"),
        (&["--threads", "0"], "1..=256"),
    ] {
        let ran = run([&["audit", "detainers", RELEASE], args].concat()).ends(2);
        assert!(ran.err.contains(said), "{args:?}: {}", ran.err);
    }
    assert!(run(["audit", "detainers", "README.md"]).ends(2).err.contains("no header"));
    assert!(run(["audit", "detainers", "no-such-file.csv"]).ends(2).err.contains("cannot be opened"));
    assert!(run(["audit", "detainers", "docs"]).ends(2).err.contains("docs"));
}

/// A release of many rows, each of the synthetic ones over and over.
fn many(to: &Path, times: usize) {
    let text = std::fs::read_to_string(root().join(RELEASE)).unwrap();
    let (head, rows) = text.split_once('\n').unwrap();
    let mut all = format!("{head}\n");
    for _ in 0..times {
        all.push_str(rows);
    }
    std::fs::write(to, all).unwrap();
}

fn start(input: &Path, rows: &Path) -> Child {
    let args = ["audit", "detainers", input.to_str().unwrap(), "--rows", rows.to_str().unwrap(), "--checkpoint-every", "2000"];
    command(args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// The lines of a checkpoint.
fn kept(checkpoint: &Path) -> usize {
    std::fs::read_to_string(checkpoint).map_or(0, |text| text.lines().count())
}

/// Waits until the checkpoint has more lines than it had; `false` if the replay was done before.
fn under_way(child: &mut Child, checkpoint: &Path, had: usize) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(240) {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if kept(checkpoint) > had {
            return true;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    panic!("no checkpoint after four minutes");
}

#[test]
fn an_interrupted_replay_ends_with_the_same_bytes() {
    let dir = folder("detainers-resume");
    let input = dir.join("many.csv");
    many(&input, 100);
    let whole = dir.join("whole.csv");
    assert!(start(&input, &whole).wait().unwrap().success());
    assert!(!dir.join("whole.csv.checkpoint").exists(), "a checkpoint stays only where something is left to do");
    let expected = std::fs::read(&whole).unwrap();
    assert_eq!(expected.iter().filter(|b| **b == b'\n').count(), 1 + 2 * 20_000);

    // Killed without a word, then interrupted as by Ctrl-C, then left to end.
    let rows = dir.join("rows.csv");
    let checkpoint = dir.join("rows.csv.checkpoint");
    let mut child = start(&input, &rows);
    assert!(under_way(&mut child, &checkpoint, 1), "the replay was done before it could be killed");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!rows.exists());
    let text = std::fs::read_to_string(&checkpoint).unwrap();
    // A line that was cut, as by a full disk.
    std::fs::write(&checkpoint, &text[..text.len() - 7]).unwrap();
    let other =
        run(["audit", "detainers", input.to_str().unwrap(), "--rows", rows.to_str().unwrap(), "--set", "request.process=none"]).ends(2);
    assert!(other.err.contains("of another replay"), "{}", other.err);

    let mut child = start(&input, &rows);
    assert!(under_way(&mut child, &checkpoint, kept(&checkpoint)), "the replay was done before it could be interrupted");
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(!rows.exists());
    assert!(start(&input, &rows).wait().unwrap().success());
    assert!(std::fs::read(&rows).unwrap() == expected, "other bytes after the interrupts");
    assert!(!checkpoint.exists());
}

/// What is read is never written over, nor a file that is no checkpoint taken for one.
#[test]
fn outputs_spare_the_inputs() {
    let dir = folder("detainers-spared");
    let release = dir.join("release.csv");
    std::fs::copy(root().join(RELEASE), &release).unwrap();
    let before = std::fs::read(&release).unwrap();
    let notes = dir.join("notes.txt");
    std::fs::write(&notes, "no checkpoint").unwrap();
    let (input, other) = (release.to_str().unwrap(), notes.to_str().unwrap());
    for (option, path, said) in [
        ("--rows", input, "is read by the same command"),
        ("--defects", input, "is read by the same command"),
        ("--html", input, "is read by the same command"),
        ("--checkpoint", input, "is read by the same command"),
        ("--checkpoint", other, "of another replay"),
        ("--defects", "/dev/null", "it is no file"),
    ] {
        let ran = run(["audit", "detainers", input, option, path]).ends(2);
        assert!(ran.err.contains(said), "{option} {path}: {}", ran.err);
    }
    let same = dir.join("same.csv");
    let same = same.to_str().unwrap();
    let twice = run(["audit", "detainers", input, "--rows", same, "--defects", same]).ends(2);
    assert!(twice.err.contains("is written for --rows"), "{}", twice.err);
    assert!(run(["audit", "detainers", "/dev/zero"]).ends(2).err.contains("is no file"));
    assert!(std::fs::read(&release).unwrap() == before);
    assert_eq!(std::fs::read_to_string(&notes).unwrap(), "no checkpoint");
}
