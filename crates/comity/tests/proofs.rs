//! The proofs over the law as commands: texts, schemas, exit codes, and the documentation that shows them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod common;

use common::schema::{validator, wrong};
use common::{bless, command, examples, folder, golden, ran, root, run, without_digest};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;
use std::path::Path;

fn printed(name: &str, command: &str, code: i32) {
    let ran = run(command.split_whitespace()).ends(code);
    golden(&root().join(format!("crates/comity/tests/golden/{name}.txt")), &without_digest(&ran.out));
}

fn checked(name: &str, command: &str, code: i32) -> Json {
    let json = run(command.split_whitespace().chain(["--format", "json"])).ends(code).json();
    let wrong = wrong(&validator(name), &json);
    assert!(wrong.is_empty(), "{command}: {}", wrong.join("\n"));
    json
}

const CALIFORNIA: &str = "law diff 2017-12-31 2018-03-01 --place us-ca --kind police";
const CHICAGO: &str = "law diff 2021-01-01 2021-04-01 --place us-il/chicago --kind police";
const TEXAS: &str = "law diff 2017-08-31 2017-10-01 --place us-tx --kind sheriff";
const PLACES: &str = "law diff us-ca us-tx --on 2018-03-01 --kind sheriff --action hold,notify-release";

#[test]
fn differences() {
    for (name, command) in [("california-2018", CALIFORNIA), ("chicago-2021", CHICAGO), ("texas-2017", TEXAS), ("california-texas", PLACES)]
    {
        printed(&format!("law-diff-{name}"), command, 0);
        let json = checked("law-diff", command, 0);
        for action in json["groups"].as_array().unwrap().iter().flat_map(|g| g["actions"].as_array().unwrap()) {
            assert_eq!(action["agree"], json!(action["changes"].as_array().unwrap().is_empty()));
            for change in action["changes"].as_array().unwrap() {
                assert_eq!((&change["before"]["outcome"], &change["after"]["outcome"]), (&change["from"], &change["to"]));
            }
        }
    }
}

/// A law that the built-in one differs from in one norm: the difference is told, with its place and days, and nothing else.
#[test]
fn differences_of_two_laws() {
    let dir = folder("proofs-law");
    copy(&root().join("law"), &dir);
    let file = dir.join("us/wy/us-wy-invented.toml");
    let law = "title = \"Invented act\"\ncite = \"Wyo. Stat.\"\nkind = \"statute\"\nin_force = { from = 2020-07-01 }\nbinds = \"agency.kind == 'sheriff'\"\n\
        checked = { on = 2026-11-21, confidence = \"low\", against = [\"invented for a test\"] }\n\n[[norm]]\nid = \"hold\"\ncite = \"1\"\n\
        requires = [\"notify-release\"]\nsays = \"Sheriffs answer every request for notice.\"\nwhen = \"request.kind == 'notification-request'\"\n";
    std::fs::write(file, law).unwrap();
    let dir = dir.to_str().unwrap();
    let json = checked("law-diff", &format!("law diff builtin {dir}"), 0);
    let found = json["differences"].as_array().unwrap();
    assert_eq!(found.len(), 1, "{json:#}");
    assert_eq!((found[0]["place"].as_str(), &found[0]["kinds"]), (Some("us-wy"), &json!(["sheriff"])));
    assert_eq!(found[0]["days"], json!({"from": "2020-07-01", "to": null}));
    assert_eq!(found[0]["actions"][0]["action"], "notify-release");
    let same = run(["law", "diff", dir, dir]).ends(0);
    assert!(plain(&same.out).contains("both laws decide every case alike"), "{}", same.out);
    let one = run(["law", "diff", "builtin", dir, "--place", "us-wy", "--on", "2021-01-01", "--kind", "sheriff"]).ends(0);
    assert!(plain(&one.out).contains("Sheriffs answer every request for notice."), "{}", one.out);
    let before = run(["law", "diff", "builtin", dir, "--place", "us-wy", "--on", "2020-06-30"]).ends(0);
    assert!(plain(&before.out).contains("June 30, 2020 both laws decide"), "{}", before.out);
    // Named as seen from its own folder: how a line breaks does not turn on where the project lies.
    let there = command(["law", "diff", "builtin", "proofs-law"]).current_dir(Path::new(dir).parent().unwrap()).spawn().unwrap();
    golden(&root().join("crates/comity/tests/golden/law-diff-two-laws.txt"), &without_digest(&ran(there, None).ends(0).out));
}

/// Without the breaks of lines.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn what_does_not_compare_is_told() {
    let says = |args: &[&str], text: &str| {
        let err = run([&["law", "diff"], args].concat()).ends(2).err;
        assert!(err.contains(text), "{args:?}: {err}");
    };
    says(&["2018-01-01", "us-ca"], "`2018-01-01` is a day and `us-ca` is a place, which do not compare");
    says(&["us-ca", "builtin"], "`us-ca` is a place and `builtin` is a body of law");
    says(&["2018-01-01", "2018-03-01"], "add --place us-ca");
    says(&["us-ca", "us-tx"], "add --on 2018-03-01");
    says(&["us-ca", "us-tx", "--on", "2018-03-01", "--place", "us-ca"], "--place names a third");
    says(&["2018-01-01", "2018-03-01", "--place", "us-ca", "--on", "2018-02-01"], "--on names a third");
    says(&["2018-13-01", "2018-03-01", "--place", "us-ca"], "is not a day");
    says(&["nonsense", "builtin"], "is no day, no place and no folder of law files");
    says(&["us-ca", "us-zz", "--on", "2018-03-01"], "us-zz");
    says(&["2017-01-01", "2018-03-01", "--place", "us-ca", "--action", "hodl"], "did you mean `hold`?");
    says(&["2017-01-01", "2018-03-01", "--place", "us-ca", "--kind", "sherif"], "sherif");
    says(&["builtin", "docs"], "vocabulary.toml");
    says(&["builtin", "law", "--law", "law"], "--law names a third");
}

#[test]
fn conflicts_and_gaps() {
    printed("law-conflicts", "law conflicts", 0);
    printed("law-gaps", "law gaps", 1);
    printed("law-gaps-los-angeles", "law gaps --place us-ca/los-angeles", 0);
    checked("law-conflicts", "law conflicts", 0);
    checked("law-gaps", "law gaps", 1);
}

/// A clash that turns on a settled point names it.
#[test]
fn a_conflict_is_told_with_what_is_settled() {
    let dir = folder("proofs-clash");
    std::fs::create_dir_all(dir.join("us")).unwrap();
    let write = |path: &str, text: &str| std::fs::write(dir.join(path), text).unwrap();
    write(
        "vocabulary.toml",
        "action = [{ id = \"hold\", says = \"Hold a person\" }]\nfact = [{ id = \"law.section_1373_binds_states\", type = \"bool\", question = \"Does it bind?\" }]\n",
    );
    let head = "title = \"T\"\ncite = \"C\"\nkind = \"statute\"\nin_force = { from = 2000-01-01 }\nchecked = { on = 2026-11-21, confidence = \"high\", against = [\"x\"] }\n";
    write("us/place.toml", "name = \"P\"\n[[coverage]]\nsource = \"all\"\nsearched_until = 2026-11-21\n");
    write(
        "us/one.toml",
        &format!(
            "{head}\n[[norm]]\nid = \"a\"\ncite = \"1\"\nforbids = [\"hold\"]\nsays = \"No.\"\nwhen = \"law.section_1373_binds_states\"\n"
        ),
    );
    write("us/two.toml", &format!("{head}\n[[norm]]\nid = \"b\"\ncite = \"2\"\nrequires = [\"hold\"]\nsays = \"Yes.\"\n"));
    write(
        "us/held.toml",
        &format!(
            "{head}\n[[settles]]\nfact = \"law.section_1373_binds_states\"\ncite = \"3\"\nvalue = true\nsays = \"So held.\"\nin_force = {{ from = 2010-01-01 }}\n"
        ),
    );
    let dir = dir.to_str().unwrap();
    let ran = run(["law", "conflicts", "--law", dir]).ends(1);
    golden(&root().join("crates/comity/tests/golden/law-conflicts-found.txt"), &without_digest(&ran.out));
    let json = checked("law-conflicts", &format!("law conflicts --law {dir}"), 1);
    assert_eq!(json["conflicts"].as_array().unwrap().len(), 1);
}

/// Reads the fact of a dotted name, nested or by its whole name.
fn stated<'j>(facts: &'j Json, name: &str) -> Option<&'j Json> {
    let facts = facts.as_object()?;
    facts.get(name).or_else(|| {
        let (group, rest) = name.split_once('.')?;
        stated(facts.get(group)?, rest)
    })
}

fn put(facts: &mut Json, name: &str, value: Option<&Json>) {
    let facts = facts.as_object_mut().unwrap();
    match name.split_once('.') {
        Some((group, rest)) if facts.contains_key(group) => put(facts.get_mut(group).unwrap(), rest, value),
        _ => {
            facts.shift_remove(name);
            value.map(|v| facts.insert(name.to_owned(), v.clone()));
        }
    }
}

/// Of what would have to be otherwise nothing can be left out: with any one of the changes undone, the outcome is not sure.
#[test]
fn no_change_is_named_that_is_not_needed() {
    let mut undone = 0;
    for example in examples().iter().filter(|e| e.contains("2017") || e.contains("-1-")) {
        let case: Json = serde_json::from_str(&std::fs::read_to_string(root().join(example)).unwrap()).unwrap();
        let json = checked("law-why-not", &format!("law why-not {example}"), 0);
        for action in json["actions"].as_array().unwrap() {
            for other in action["otherwise"].as_array().unwrap() {
                let changes = other["changes"].as_array().unwrap();
                assert!(!changes.is_empty());
                for change in changes.iter().filter(|c| !c["fact"].as_str().unwrap().contains('[')) {
                    let name = change["fact"].as_str().unwrap();
                    let mut facts = other["facts"].clone();
                    put(&mut facts, name, case.get("facts").and_then(|f| stated(f, name)));
                    if name.starts_with("person.") && facts["person"].get(name.trim_start_matches("person.")).is_some_and(Json::is_array) {
                        let complete = format!("{name}_complete");
                        put(&mut facts, &complete, case.get("facts").and_then(|f| stated(f, &complete)));
                    }
                    let mut again = Map::new();
                    again.insert("agency".to_owned(), case["agency"].clone());
                    again.insert("on".to_owned(), case["on"].clone());
                    again.insert("action".to_owned(), action["action"].clone());
                    again.insert("facts".to_owned(), facts);
                    let text = Json::Object(again).to_string();
                    let now = common::run_with(["decide", "-", "--format", "json"], text.as_bytes()).ends(0).json();
                    assert_ne!(now["determinations"][0]["outcome"], other["outcome"], "{example}: {name} need not change: {other:#}");
                    undone += 1;
                }
            }
        }
    }
    assert!(undone >= 20, "{undone}");
    printed("law-why-not-los-angeles-1", "law why-not examples/2018-03-01-los-angeles-1-arson.json --action hold", 0);
}

/// Every block of the documentation that begins with one of these commands is what the command prints, but for the last lines, which name the bundle.
#[test]
fn the_documentation_shows_what_is_printed() {
    let mut shown = BTreeSet::new();
    for file in ["README.md", "docs/tools.md", "docs/findings.md"] {
        let path = root().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        let mut out = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find("```text\n$ comity law ") {
            let (before, block) = rest.split_at(at + "```text\n".len());
            let (block, after) = block.split_once("\n```").unwrap();
            let command = block.lines().next().unwrap().trim_start_matches("$ comity ");
            shown.insert(command.split(' ').nth(1).unwrap().to_owned());
            let ran = run(command.split_whitespace());
            let printed: Vec<&str> = ran.out.lines().take_while(|line| !line.starts_with("Law bundle ")).collect();
            let expected = format!("$ comity {command}\n{}", printed.join("\n").trim_end());
            assert!(bless() || block == expected, "{file} shows otherwise; write it anew with COMITY_BLESS=1:\n{expected}");
            out.push_str(before);
            out.push_str(&expected);
            out.push_str("\n```");
            rest = after;
        }
        out.push_str(rest);
        if bless() {
            std::fs::write(&path, out).unwrap();
        }
    }
    for command in ["diff", "gaps", "conflicts"] {
        assert!(shown.contains(command), "no block shows `comity law {command}`");
    }
}

/// The page of findings has a section for each norm without effect, each exception without effect, and each clash; and no others.
#[test]
fn the_findings_are_explained_one_by_one() {
    let page = std::fs::read_to_string(root().join("docs/findings.md")).unwrap();
    let explained: BTreeSet<&str> = page.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let gaps = run(["law", "gaps", "--format", "json"]).json();
    let dead = gaps["gaps"].as_array().unwrap().iter().filter(|g| g["kind"] != "action-unspoken");
    let name = |g: &Json| [g["of"].as_str().unwrap(), g["exception"].as_str().unwrap_or("")].join(", ").trim_end_matches(", ").to_owned();
    let mut found: BTreeSet<String> = dead.map(name).collect();
    let conflicts = run(["law", "conflicts", "--format", "json"]).json();
    found.extend(conflicts["conflicts"].as_array().unwrap().iter().map(|c| {
        format!("{}: {} against {}", c["action"].as_str().unwrap(), c["norms"][0].as_str().unwrap(), c["norms"][1].as_str().unwrap())
    }));
    assert_eq!(explained, found.iter().map(String::as_str).collect());
    let silent: BTreeSet<&str> =
        gaps["gaps"].as_array().unwrap().iter().filter(|g| g["kind"] == "action-unspoken").map(|g| g["action"].as_str().unwrap()).collect();
    let told: BTreeSet<&str> =
        page.lines().filter_map(|line| line.strip_prefix("- **")?.split_once("**")).map(|(action, _)| action).collect();
    assert_eq!(told, silent);
}

#[test]
fn the_coverage_page_is_up_to_date() {
    let table = run(["law", "coverage", "--markdown"]).ends(0).out;
    checked("law-coverage", "law coverage", 0);
    checked("law-coverage", "law coverage --place us-il/chicago", 0);
    let head = "# Coverage\n\nWhich sources were searched for each place, for which days, and what came of it: instruments and norms of the place itself, and how sure we are of \
        the instruments. Made by\n`comity law coverage --markdown`; with `--format json` for programs. A place that is not here was not searched: what its own law says is unknown, \
        and every\nanswer says so. What was looked for and not found stands in each place's `place.toml`, and in the answers.\n\n";
    golden(&root().join("docs/coverage.md"), &format!("{head}{table}"));
    let text = run(["law", "coverage", "--place", "us-wy"]).ends(0).out;
    assert!(text.contains("Not searched."), "{text}");
    assert!(run(["law", "coverage", "--place", "Texas"]).ends(2).err.contains("us-tx"));
}
