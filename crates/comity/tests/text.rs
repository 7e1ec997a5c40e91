//! What the command prints as text: golden files of the plain output, styles, exit codes, pipes.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod common;

use common::{Ran, command, examples, folder, golden, ran, root, run, run_with, without_digest};
use std::process::Stdio;

const ARSON: &str = "examples/2017-01-28-los-angeles-1-arson.json";

/// Compares what was printed with `tests/golden/<name>.txt`; no style may be in it.
fn printed(name: &str, ran: &Ran) {
    assert!(!ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'), "{name} has escape codes");
    golden(&root().join(format!("crates/comity/tests/golden/{name}.txt")), &without_digest(&ran.out));
}

#[test]
fn decisions_of_the_examples() {
    for example in examples() {
        let ran = run(["decide", &example]).ends(0);
        assert!(ran.err.is_empty(), "{}", ran.err);
        printed(example.trim_start_matches("examples/").trim_end_matches(".json"), &ran);
    }
}

#[test]
fn instruments_of_a_place_on_a_day() {
    printed("law-list-los-angeles-2017-01-28", &run(["law", "list", "--place", "us-ca/los-angeles", "--on", "2017-01-28"]).ends(0));
}

#[test]
fn an_instrument() {
    printed("law-show-us-ca-trust-act", &run(["law", "show", "us-ca-trust-act"]).ends(0));
}

#[test]
fn facts_by_a_part_of_their_name() {
    printed("law-facts-release", &run(["law", "facts", "release"]).ends(0));
}

#[test]
fn agencies_are_listed_and_never_guessed() {
    printed("agency-franklin-county", &run(["agency", "Franklin County Sheriff"]).ends(0));
    printed("agency-by-ori", &run(["agency", "ca0194200"]).ends(0));
    printed("agency-of-place", &run(["agency", "us-ca/kern-county"]).ends(0));
}

#[test]
fn help_fits_the_terminal_and_names_the_exit_codes() {
    let ran = run(["--help"]).ends(0);
    assert!(ran.out.contains("Exit codes: 0 answered; 1 a check or a test found something;"));
    for args in [&["decide", "--help"][..], &["ask", "--help"], &["agency", "--help"], &["law", "--help"], &["law", "eval", "--help"]] {
        let ran = run(args).ends(0);
        assert!(ran.out.lines().all(|l| l.chars().count() <= 100), "{}", ran.out);
    }
}

#[test]
fn every_exit_code_has_its_case() {
    run(["decide", ARSON]).ends(0);
    let failing = folder("text-exit").join("failing.jsonl");
    std::fs::write(&failing, "{\"agency\": \"CA0194200\", \"on\": \"2018-03-01\", \"action\": \"hold\", \"expected\": \"conflict\"}\n")
        .unwrap();
    run(["law", "test", failing.to_str().unwrap()]).ends(1);
    run(["decide", "no-such-file.json"]).ends(2);
    run(["decode"]).ends(2);
    run(["law", "show", "us-ca-value-act"]).ends(2);
}

#[test]
fn styles_where_they_are_forced_and_nowhere_else() {
    let forced = ran(command(["decide", ARSON]).env("CLICOLOR_FORCE", "1").spawn().unwrap(), None).ends(0);
    assert!(forced.out.starts_with("\u{1b}[1m\u{1b}[31mhold: FORBIDDEN"), "{:?}", &forced.out[..80]);
    let plain = run(["decide", ARSON]);
    assert_eq!(anstream::adapter::strip_str(&forced.out).to_string(), plain.out);
    let never = ran(command(["decide", ARSON]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").spawn().unwrap(), None);
    assert!(!never.out.contains('\u{1b}') || never.out == forced.out);
    let json = ran(command(["decide", ARSON, "--format", "json"]).env("CLICOLOR_FORCE", "1").spawn().unwrap(), None);
    assert!(!json.out.contains('\u{1b}'));
}

#[test]
fn lines_fit_the_width() {
    for width in [40, 60, 100, 200] {
        let ran = ran(command(["decide", ARSON]).env("COLUMNS", width.to_string()).spawn().unwrap(), None).ends(0);
        // A single word may be longer than the width.
        let longest = ran.out.lines().filter(|l| l.trim_start().contains(' ')).map(|l| l.chars().count()).max();
        // The last line is the same at every width.
        assert!(longest.unwrap() <= width.max(100), "{width}: {longest:?}");
    }
    for nonsense in ["", "0", "-3", "many", "99999999999999999999"] {
        ran(command(["decide", ARSON]).env("COLUMNS", nonsense).spawn().unwrap(), None).ends(0);
    }
}

#[test]
fn a_case_from_standard_input() {
    let text = std::fs::read(root().join(ARSON)).unwrap();
    assert_eq!(run_with(["decide", "-"], &text).ends(0).out, run(["decide", ARSON]).out);
}

#[test]
fn a_case_from_options_alone() {
    let args = "decide --agency CA0194200 --on 2017-01-28 --action hold --set request.kind=detainer --set request.process=administrative \
        --set custody.release_due=yes --set custody.countable_hours_past_release=0 --set person.convictions=none";
    let ran = run(args.split_whitespace()).ends(0);
    assert!(ran.out.starts_with("hold: FORBIDDEN"), "{}", ran.out);
    let named =
        ["decide", "--agency", "Nowhere Police", "--kind", "police", "--place", "us-ca/oakland", "--on", "2018-03-01", "--action", "hold"];
    assert!(run(named).ends(0).out.contains("Nowhere Police (police,"));
}

#[test]
fn options_go_before_what_the_file_says() {
    let base = run(["decide", ARSON, "--action", "hold", "--format", "json"]).ends(0).json();
    assert_eq!(base["determinations"].as_array().unwrap().len(), 1);
    let later =
        run(["decide", ARSON, "--action", "transfer", "--on", "2026-01-05", "--agency", "CA0150000", "--format", "json"]).ends(0).json();
    let found = &later["determinations"][0];
    assert_eq!((found["on"].as_str(), found["agency"]["place"].as_str()), (Some("2026-01-05"), Some("us-ca/kern-county")));
    // The same fact, nested in the file and by its whole name in the option, is stated once.
    let args = ["decide", ARSON, "--action", "hold", "--set", "request.process=judicial-warrant-criminal", "--format", "json"];
    let other = run(args).ends(0).json();
    assert_ne!(other["determinations"][0]["outcome"], base["determinations"][0]["outcome"]);
    // A list is replaced whole.
    let list = "person.convictions=[{\"label\": \"arson\", \"level\": \"felony\"}]";
    run(["decide", ARSON, "--set", list]).ends(0);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let mut child = command(["law", "facts"]).spawn().unwrap();
    drop(child.stdout.take());
    let ran = ran(child, None);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let answer = ran(command(["decide", ARSON]).stdout(full()).spawn().unwrap(), None).ends(2);
    assert!(answer.err.starts_with("error: the answer cannot be written to standard output: "), "{}", answer.err);
    // With nowhere to complain, the exit code remains.
    ran(command(["decide", "no-such-file.json"]).stderr(Stdio::from(full())).spawn().unwrap(), None).ends(2);
}
