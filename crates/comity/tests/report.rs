//! `comity report` from the command line: with nothing to configure, and on a real ledger.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod common;

use common::schema::{validator, wrong};
use common::{folder, run};

const SHOW: [&str; 6] = ["report", "show", "declined-requests", "--sample", "--period", "2026-01"];

#[test]
fn json_is_as_the_schemas_say() {
    let list = run(["report", "list", "--format", "json"]).ends(0).json();
    assert_eq!(wrong(&validator("report-list"), &list), Vec::<String>::new());
    let report = run(SHOW.into_iter().chain(["--format", "json"])).ends(0).json();
    assert_eq!(wrong(&validator("report"), &report), Vec::<String>::new());
    assert_eq!(report["standing"]["state"], "draft");
}

#[test]
fn text_holds_the_figures_and_says_that_the_record_is_invented() {
    let ran = run(SHOW).ends(0);
    for part in ["What was asked, and what was decided", "Draft: nobody has certified", "not recorded", "ORI", "CA0150000"] {
        assert!(ran.out.contains(part), "no `{part}` in\n{}", ran.out);
    }
    assert!(ran.err.contains("invented record"));
    assert!(ran.out.contains("Invented sample: made-up") && ran.out.contains("(invented sample)"));
    assert_eq!(run(SHOW).ends(0).out, ran.out);
}

#[test]
fn files_in_every_form() {
    let dir = folder("report-forms");
    for name in ["r.html", "r.csv", "r.xlsx", "r.json"] {
        let path = dir.join(name);
        run(SHOW.into_iter().chain(["--out", path.to_str().unwrap()])).ends(0);
        assert!(std::fs::metadata(&path).unwrap().len() > 1000, "{name}");
    }
    assert!(std::fs::read_to_string(dir.join("r.declined-rows.csv")).unwrap().starts_with("fips,ori,agency"));
}

#[test]
fn mistakes_are_told_with_the_remedy() {
    let error = |args: &[&str]| run(args.iter().copied()).ends(2).err;
    assert!(error(&["report", "show", "declined", "--sample", "--period", "2026"]).contains("the reports are declined-requests"));
    assert!(error(&["report", "show", "declined-requests", "--sample", "--period", "2026-13"]).contains("write a week 2026-W03"));
    assert!(error(&["report", "show", "illinois-trust-act", "--sample", "--period", "2026"]).contains("is for agencies of us-il"));
    assert!(
        error(&["report", "show", "declined-requests", "--sample", "--period", "2026", "--at", "9999"]).contains("name a smaller size")
    );
    assert!(error(&["report", "show", "declined-requests", "--sample", "--period", "2026", "--out", "r.doc"]).contains(".html, .csv"));
    assert!(
        error(&["report", "show", "declined-requests", "--period", "2026", "--ledger", "no.db", "--agency", "CA0150000"])
            .contains("there is no ledger")
    );
    assert!(
        error(&["report", "certify", "declined-requests", "--period", "2999", "--ledger", "no.db", "--agency", "CA0150000"])
            .contains("what is not over")
    );
}

#[test]
fn certified_on_a_real_ledger_and_listed() {
    let dir = folder("report-ledger");
    let (db, keys) = (dir.join("comity.db"), dir.join("comity.keys"));
    let at = ["--ledger", db.to_str().unwrap(), "--keys", keys.to_str().unwrap(), "--as", "a-7"];
    run(["ledger", "create", "--origin", "sheriff.example.gov/comity"].into_iter().chain(at)).ends(0);
    let of = ["declined-requests", "--agency", "CA0150000", "--period", "2020-01"];
    let certified = run(["report", "certify"].into_iter().chain(of).chain(at).chain(["--format", "json"])).ends(0);
    assert!(certified.err.contains("`a-7` is not checked against any accounts"), "{}", certified.err);
    let done = certified.json();
    let history = run(["report", "history", "--format", "json"].into_iter().chain(at)).ends(0).json();
    assert_eq!(history["versions"][0]["version"]["digest"], done["digest"]);
    let shown = run(["report", "show"].into_iter().chain(of).chain(at).chain(["--format", "json"])).ends(0).json();
    assert_eq!((&shown["standing"]["state"], &shown["digest"]), (&"certified".into(), &done["digest"]));
    let again = run(["report", "certify"].into_iter().chain(of).chain(at)).ends(2);
    assert!(again.err.contains("certified already"));
    let correct = run(["report", "correct"].into_iter().chain(of).chain(at).chain(["--reason", "nothing was wrong here"])).ends(2);
    assert!(correct.err.contains("nothing to correct"));
}
