//! `law conflicts`, `gaps`, `diff` and `why-not`: what they print as text and as JSON, what they say of wrong inputs, and that a shown case can be run again.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod common;

use common::schema::{validator, wrong};
use common::{Ran, command, folder, golden, ran, root, run, run_with, without_digest};
use serde_json::{Value as Json, json};

/// A law with a clash, a norm and an exception that are empty, a contested point that is settled in one state, and a window.
const SMALL: [(&str, &str); 4] = [
    (
        "vocabulary.toml",
        r#"
action = [{ id = "hold", says = "Keep a person in custody", when = "custody.release_due" }, { id = "transfer", says = "Hand a person over" }]
fact = [
  { id = "request.kind", type = "enum", values = ["detainer", "transfer-request", "none"], question = "What is asked?" },
  { id = "request.requester", type = "enum", values = ["hsi", "ice"], question = "Who asks?" },
  { id = "request.process", type = "enum", values = ["judicial-warrant-civil", "administrative", "none"], question = "What paper?" },
  { id = "custody.release_due", type = "bool", question = "Is the person due to be released?" },
  { id = "person.convictions", type = "list", of = "conviction", complete = "person.convictions_complete", question = "Convictions?" },
  { id = "person.convictions_complete", type = "bool", question = "All of them?" },
  { id = "conviction.offense", type = "offense", question = "Of what?" },
  { id = "conviction.date", type = "date", question = "When?" },
  { id = "law.section_1373_binds_states", type = "bool", question = "Does it bind?" },
]
"#,
    ),
    (
        "us/us-law.toml",
        r#"
title = "A federal statute"
cite = "Fed. Stat."
kind = "statute"
in_force = { from = 2000-01-01 }
checked = { on = 2026-11-21, confidence = "high", against = ["invented"] }
[[norm]]
id = "share"
cite = "§ 1"
protects = ["transfer"]
says = "Nobody may stop a transfer."
when = "law.section_1373_binds_states && request.kind == 'transfer-request'"
"#,
    ),
    (
        "us/ca/us-ca-law.toml",
        r#"
title = "A state statute"
cite = "Cal. Stat."
kind = "statute"
in_force = { from = 2014-01-01 }
checked = { on = 2026-11-21, confidence = "high", against = ["invented"] }
[[norm]]
id = "ban"
cite = "§ 1"
forbids = ["hold", "transfer"]
says = "Nobody is kept or handed over."
when = "request.process != 'judicial-warrant-civil'"
  [[norm.unless]]
  cite = "§ 1(a)"
  when = "person.convictions.exists(c, within_years(c.date, 5))"
  in_force = { from = 2017-01-01 }
  [[norm.unless]]
  cite = "§ 1(b)"
  when = "request.process == 'judicial-warrant-civil'"
[[norm]]
id = "duty"
cite = "§ 2"
requires = ["hold"]
says = "Whom ICE asks for is kept."
when = "request.kind == 'detainer' && request.requester == 'ice'"
in_force = { from = 2018-01-01, to = 2018-12-31 }
[[norm]]
id = "idle"
cite = "§ 3"
permits = ["transfer"]
says = "Nothing."
when = "request.kind == 'none' && request.kind == 'detainer'"
"#,
    ),
    (
        "us/tx/us-tx-holding.toml",
        r#"
title = "A holding"
cite = "1 F.9th 1"
kind = "holding"
rank = "federal-statute"
in_force = { from = 2010-01-01 }
checked = { on = 2026-11-21, confidence = "high", against = ["invented"] }
[[settles]]
fact = "law.section_1373_binds_states"
value = true
cite = "5"
says = "It binds."
"#,
    ),
];

/// Writes the small law; returns its folder.
fn small(name: &str) -> String {
    let at = folder(name).join("law");
    for (path, text) in SMALL {
        let path = at.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    at.to_str().unwrap().to_owned()
}

/// Compares what was printed to standard output with `tests/golden/<name>.txt`; nothing goes to standard error.
fn printed(name: &str, ran: &Ran) {
    assert_eq!(ran.err, "");
    golden(&root().join(format!("crates/comity/tests/golden/{name}.txt")), &without_digest(&ran.out));
}

fn args(law: &str, text: &str) -> Vec<String> {
    ["--law", law].into_iter().chain(text.split_whitespace()).map(str::to_owned).collect()
}

fn conforms(schema: &str, args: &[String]) -> Json {
    let json = run(args.iter().map(String::as_str).chain(["--format", "json"])).ends(0).json();
    assert_eq!(wrong(&validator(schema), &json), Vec::<String>::new(), "{json:#}");
    json
}

/// The outcome of a shown case, run again by `decide`.
fn again(law: &str, kind: &str, place: &str, on: &str, action: &str, facts: &Json) -> String {
    let case = json!({"agency": {"kind": kind, "place": place}, "on": on, "actions": [action], "facts": facts});
    let ran = run_with(["--law", law, "decide", "-", "--format", "json"], case.to_string().as_bytes()).ends(0);
    ran.json()["determinations"][0]["outcome"].as_str().unwrap().to_owned()
}

#[test]
fn a_conflict_is_found_shown_and_run_again() {
    let law = small("prove-conflicts");
    printed("law-conflicts", &run(args(&law, "law conflicts --place us-ca")).ends(0));
    let json = conforms("law-conflicts", &args(&law, "law conflicts"));
    let [clash] = json["conflicts"].as_array().unwrap().as_slice() else { unreachable!("{json:#}") };
    assert_eq!(clash["norms"], json!(["us-ca-law#ban", "us-ca-law#duty"]));
    assert_eq!(clash["days"], json!({"from": "2018-01-01", "to": "2018-12-31"}));
    let kind = clash["kinds"][0].as_str().unwrap();
    assert_eq!(again(&law, kind, "us-ca", clash["on"].as_str().unwrap(), "hold", &clash["facts"]), "conflict");
    assert_eq!(conforms("law-conflicts", &args(&law, "law conflicts --place us-tx"))["conflicts"], json!([]));
}

#[test]
fn gaps_are_named() {
    let law = small("prove-gaps");
    printed("law-gaps", &run(args(&law, "law gaps --place us-ca")).ends(0));
    let json = conforms("law-gaps", &args(&law, "law gaps --place us-ca"));
    let found: Vec<_> = json["gaps"].as_array().unwrap().iter().map(|g| (g["kind"].as_str().unwrap(), g["of"].as_str().unwrap())).collect();
    assert_eq!(found, [("norm-never-decides", "us-ca-law#idle"), ("exception-never-matters", "us-ca-law#ban")]);
}

#[test]
fn two_days_and_two_places() {
    let law = small("prove-diff");
    printed("law-diff-days", &run(args(&law, "law diff 2016-06-01 2018-06-01 --place us-ca")).ends(0));
    printed("law-diff-places", &run(args(&law, "law diff us-ca us-tx --on 2018-06-01 --kind police")).ends(0));
    printed("law-diff-same", &run(args(&law, "law diff 2018-02-01 2018-06-01 --place us-ca --kind police --action hold")).ends(0));
    let json = conforms("law-diff", &args(&law, "law diff 2016-06-01 2018-06-01 --place us-ca"));
    let mut shown = 0;
    for group in json["groups"].as_array().unwrap() {
        for action in group["actions"].as_array().unwrap() {
            for change in action["changes"].as_array().unwrap() {
                let run = |on| {
                    again(&law, group["kinds"][0].as_str().unwrap(), "us-ca", on, action["action"].as_str().unwrap(), &change["facts"])
                };
                assert_eq!([run("2016-06-01"), run("2018-06-01")], [change["from"].as_str().unwrap(), change["to"].as_str().unwrap()]);
                shown += 1;
            }
        }
    }
    assert!(shown > 2);
    // What is settled in Texas is a fact of the case elsewhere.
    let json = conforms("law-diff", &args(&law, "law diff us-ca us-tx --on 2018-06-01 --kind police --action transfer"));
    let text = json["groups"][0]["actions"][0]["changes"].to_string();
    assert!(text.contains("section_1373_binds_states"), "{text}");
}

#[test]
fn why_not_otherwise() {
    let law = small("prove-why-not");
    let case = "--kind police --place us-ca --on 2018-06-01 --action hold --set request.kind=detainer --set request.requester=hsi --set request.process=none \
        --set custody.release_due=true --set person.convictions=none";
    printed("law-why-not", &run(args(&law, &format!("law why-not {case}"))).ends(0));
    printed("law-why-not-conflict", &run(args(&law, &format!("law why-not {case} --to conflict"))).ends(0));
    let json = conforms("law-why-not", &args(&law, &format!("law why-not {case}")));
    let others = json["actions"][0]["otherwise"].as_array().unwrap();
    assert!(others.len() >= 3, "{json:#}");
    for other in others {
        assert_eq!(again(&law, "police", "us-ca", "2018-06-01", "hold", &other["facts"]), other["outcome"].as_str().unwrap());
    }
    let open = "--kind police --place us-ca --on 2016-06-01 --action transfer";
    printed("law-why-not-open", &run(args(&law, &format!("law why-not {open}"))).ends(0));
    assert!(run(args(&law, &format!("law why-not {case} --to forbidden"))).ends(0).out.contains("that is what it is"));
}

/// What the README's tour shows: what lawyers know to have changed.
#[test]
fn known_changes_of_the_law() {
    for (name, compared) in [
        ("law-diff-california", "law diff 2017-12-31 2018-03-01 --place us-ca --kind sheriff"),
        ("law-diff-chicago", "law diff 2020-06-01 2021-06-01 --place us-il/chicago --kind police"),
        ("law-diff-texas", "law diff 2017-08-31 2017-09-01 --place us-tx --kind sheriff"),
    ] {
        printed(name, &run(compared.split_whitespace()).ends(0));
        let json = conforms("law-diff", &compared.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(json["groups"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn the_whole_law() {
    for (schema, command) in [("law-conflicts", "law conflicts"), ("law-gaps", "law gaps")] {
        conforms(schema, &command.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    }
}

#[test]
fn lines_fit_the_width() {
    let law = small("prove-width");
    for width in [40, 60, 100] {
        for text in ["law diff 2016-06-01 2018-06-01 --place us-ca", "law conflicts --place us-ca"] {
            let ran = ran(command(args(&law, text)).env("COLUMNS", width.to_string()).spawn().unwrap(), None).ends(0);
            let longest = ran.out.lines().filter(|l| !l.starts_with("Law bundle")).map(|l| l.chars().count()).max().unwrap();
            assert!(longest <= width.max(60), "{width}: {longest}\n{}", ran.out);
        }
    }
}

#[test]
fn wrong_inputs_are_told() {
    let errors = validator("errors");
    let case = "--kind police --place us-ca --on 2018-06-01 --action hold";
    for (text, message) in [
        ("law conflicts --place us-cal".to_owned(), "us-cal"),
        ("law gaps --place nowhere".to_owned(), "nowhere"),
        ("law diff 2017-12-31 2018-03-01".to_owned(), "two days are compared for a place: add --place us-ca"),
        ("law diff us-ca us-tx".to_owned(), "two places are compared on a day: add --on 2018-03-01"),
        ("law diff us-ca us-tx --on 2018-03-01 --place us-ny".to_owned(), "--place names a third"),
        ("law diff 2017-12-31 2018-03-01 --place us-ca --on 2018-01-01".to_owned(), "--on names a third"),
        ("law diff 2017-12-31 2018-02-30 --place us-ca".to_owned(), "2018-02-30"),
        ("law diff us-ca us-xx --on 2018-03-01".to_owned(), "us-xx"),
        ("law diff 2017-12-31 2018-03-01 --place us-ca --kind sherif".to_owned(), "sherif"),
        ("law diff 2017-12-31 2018-03-01 --place us-ca --action hodl".to_owned(), "there is no action `hodl`"),
        (format!("law why-not {case} --to forbiden"), "`forbiden` is no outcome"),
        (format!("law why-not {case} --to undetermined"), "`undetermined` is what missing facts leave open"),
        (format!("law why-not {case} --set request.kind=detainr"), "detainr"),
        ("law why-not --kind police --place us-ca --on 2018-06-01".to_owned(), "action"),
    ] {
        let ran = run(text.split_whitespace()).ends(2);
        assert!(ran.err.contains(message) && ran.out.is_empty(), "{text}\n{}{}", ran.out, ran.err);
        let json = run(text.split_whitespace().chain(["--format", "json"])).ends(2).json();
        assert_eq!(wrong(&errors, &json), Vec::<String>::new(), "{text}\n{json:#}");
    }
}
