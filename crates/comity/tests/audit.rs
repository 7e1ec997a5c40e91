//! `comity audit` from end to end: what is printed, what is written, and what happens when something is wrong.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod common;

use common::schema::{validator, wrong};
use common::{Ran, folder, golden, root, run, without_digest};
use serde_json::Value as Json;

const SECTIONS: [&str; 3] = [
    "crates/audit/tests/data/ddor-section-1.csv",
    "crates/audit/tests/data/ddor-section-2.csv",
    "crates/audit/tests/data/ddor-section-3.csv",
];
const LIST: &str = "crates/audit/tests/data/doj-sanctuary-list-2025-08-05.csv";
const READERS: &str = "examples/logs/plate-readers/mapping.toml";

fn shown(name: &str, ran: Ran, code: i32) {
    let ran = ran.ends(code);
    golden(&root().join(format!("crates/comity/tests/golden/{name}.txt")), &without_digest(&ran.out));
    assert_eq!(ran.err, "", "{name}");
}

fn conforms(name: &str, ran: Ran) -> Json {
    let json = ran.ends(1).json();
    let wrong = wrong(&validator(name), &json);
    assert!(wrong.is_empty(), "{name}: {}", wrong.join("\n"));
    json
}

#[test]
fn the_tables_of_2017_and_2025() {
    let claims = || ["audit", "claims"].into_iter().chain(SECTIONS);
    shown("audit-claims-2017", run(claims()), 1);
    let rows = folder("audit-claims").join("rows.csv");
    let json = conforms("audit-claims", run(claims().chain(["--format", "json", "--csv", rows.to_str().unwrap()])));
    assert_eq!(json["rows"].as_array().unwrap().len(), 111);
    let text = std::fs::read_to_string(&rows).unwrap();
    assert!(text.starts_with("file,line,row_id,claim,from,to,places,candidates,verdict,findings,norms,missing,law\n"));
    // A cell may hold several lines, so the rows are counted by their files.
    assert_eq!(text.lines().filter(|l| l.starts_with("crates/audit")).count(), 111);
    let all = run(claims().chain(["--all"])).ends(1).out;
    assert!(all.contains("Nothing against it") && all.contains("note, higher-law"), "{all}");
    let list = conforms("audit-claims", run(["audit", "claims", LIST, "--format", "json"]));
    assert_eq!(list["tables"][0]["kind"], "listed");
}

#[test]
fn the_three_layouts() {
    for (layout, log) in
        [("plate-readers", "network-audit.csv"), ("driver-records", "transactions.jsonl"), ("jail-lookups", "look-ups.csv")]
    {
        let (log, mapping) = (format!("examples/logs/{layout}/{log}"), format!("examples/logs/{layout}/mapping.toml"));
        shown(&format!("audit-log-{layout}"), run(["audit", "log", &log, "--mapping", &mapping]), 1);
        conforms("audit-log", run(["audit", "log", &log, "--mapping", &mapping, "--format", "json"]));
    }
    let settings = ["examples/logs/plate-readers/settings-before.json", "examples/logs/plate-readers/settings-after.json"];
    let compared = |more: &[&str]| {
        let args = ["audit", "settings", settings[0], settings[1], "--mapping", READERS, "--on", "2025-06-01"];
        run(args.into_iter().chain(more.iter().copied()))
    };
    shown("audit-settings", compared(&[]), 1);
    conforms("audit-settings", compared(&["--format", "json"]));
}

#[test]
fn a_column_that_vanishes_is_told_at_the_next_import() {
    let here = folder("audit-state");
    let (state, log, rows) = (here.join("state.json"), here.join("log.csv"), here.join("rows.csv"));
    let text = std::fs::read_to_string(root().join("examples/logs/plate-readers/network-audit.csv")).unwrap();
    std::fs::write(&log, &text).unwrap();
    let import = || {
        let paths = [&log, &state, &rows].map(|p| p.to_str().unwrap().to_owned());
        run(["audit", "log", &paths[0], "--mapping", READERS, "--state", &paths[1], "--csv", &paths[2]]).ends(1)
    };
    assert!(!import().out.contains("Columns"));
    let kept: Json = serde_json::from_str(&std::fs::read_to_string(&state).unwrap()).unwrap();
    assert_eq!(kept["columns"].as_array().unwrap().len(), 10);
    assert_eq!(std::fs::read_to_string(&rows).unwrap().lines().count(), 15);
    let less: Vec<String> = text.lines().map(|l| l.rsplit_once(',').unwrap().0.to_owned()).collect();
    std::fs::write(&log, less.join("\n")).unwrap();
    let again = import().out;
    assert!(again.contains("On Behalf Of: the column was in the last import and is gone"), "{again}");
    assert!(again.contains("the mapping takes request.requester from it"), "{again}");
    std::fs::write(&state, "{}").unwrap();
    let paths = [&log, &state].map(|p| p.to_str().unwrap().to_owned());
    let refused = run(["audit", "log", &paths[0], "--mapping", READERS, "--state", &paths[1]]).ends(2);
    assert!(refused.err.contains("it is not the state of an import"), "{}", refused.err);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let here = folder("audit-wrong");
    let file = |name: &str, text: &str| {
        let path = here.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let mapping = file("m.toml", "title = \"t\"\naction = \"look\"\n[agency]\nkind = \"jail\"\nplace = \"us-wa\"\n");
    let refused = run(["audit", "log", "none.csv", "--mapping", &mapping]).ends(2);
    assert!(refused.err.contains("m.toml:2:10: `look` is no action"), "{}", refused.err);
    assert!(refused.err.contains("the column of the time is missing"), "{}", refused.err);
    let json = run(["audit", "log", "none.csv", "--mapping", &mapping, "--format", "json"]).ends(2).json();
    assert_eq!(json["errors"][1]["line"], 2);
    let both = run(["audit", "claims", "none-1.csv", "none-2.csv"]).ends(2);
    assert_eq!(both.err.matches("there is no such file").count(), 2);
    let plain = file("plain.csv", "a,b\n1,2\n");
    assert!(run(["audit", "claims", &plain]).ends(2).err.contains("plain.csv:1: no column names the place"));
    let rows = here.join("rows.csv");
    let lost = run(["audit", "log", "none.csv", "--mapping", READERS, "--csv", rows.to_str().unwrap()]).ends(2);
    assert!(lost.err.contains("there is no such file"), "{}", lost.err);
    assert!(!rows.exists(), "half a file was left");
    let nowhere = run(["audit", "claims", LIST, "--csv", "no/such/folder/rows.csv"]).ends(2);
    assert!(nowhere.err.contains("cannot be written"), "{}", nowhere.err);
}

#[test]
fn no_cell_of_a_csv_is_a_formula() {
    let here = folder("audit-formulas");
    let (log, rows) = (here.join("log.csv"), here.join("rows.csv"));
    let text = std::fs::read_to_string(root().join("examples/logs/plate-readers/network-audit.csv")).unwrap();
    std::fs::write(&log, text.replace("Quiet Valley Task Force", "=HYPERLINK(1)")).unwrap();
    run(["audit", "log", log.to_str().unwrap(), "--mapping", READERS, "--csv", rows.to_str().unwrap()]).ends(1);
    let text = std::fs::read_to_string(&rows).unwrap();
    assert!(text.contains(",'=HYPERLINK(1),") && !text.contains(",=HYPERLINK"), "{text}");
}
