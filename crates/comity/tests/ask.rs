//! Interviews by a script: what is asked, what each answer does, and that the end is what `decide` says of the saved case.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod common;

use common::{Ran, command, examples, folder, ran, root, run, run_with};
use serde_json::{Value as Json, json};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Child;

/// An interview under way.
struct Session {
    child: Child,
    save: PathBuf,
}

impl Session {
    fn begin(save: &Path, args: &[&str]) -> Self {
        let all = ["ask", "--save", save.to_str().unwrap(), "--format", "json"];
        let child = command(all.iter().chain(args)).stdin(std::process::Stdio::piped()).spawn().unwrap();
        Self { child, save: save.to_owned() }
    }

    /// Everything up to the next prompt; `None` at the end of the interview.
    fn prompt(&mut self) -> Option<String> {
        let stderr = self.child.stderr.as_mut().unwrap();
        let (mut text, mut byte) = (Vec::new(), [0]);
        while stderr.read(&mut byte).unwrap() == 1 {
            text.push(byte[0]);
            if text.ends_with(b"\n> ") {
                return Some(String::from_utf8(text).unwrap());
            }
        }
        let rest = String::from_utf8(text).unwrap();
        assert!(!rest.contains("error") && !rest.contains("panicked"), "{rest}");
        None
    }

    fn answer(&mut self, text: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{text}").unwrap();
    }

    /// What `decide` says of the saved case.
    fn decided(&self) -> Json {
        run(["decide", self.save.to_str().unwrap(), "--format", "json"]).ends(0).json()["determinations"].clone()
    }

    /// The question that is due: the best one of the first action that is not settled.
    fn due(&self) -> Option<Json> {
        let decided = self.decided();
        let open = decided.as_array().unwrap().iter().find(|d| d["outcome"] == "undetermined")?;
        let missing = open["missing"].as_array().unwrap();
        missing.iter().find(|q| q["fact"] == open["next"]).or(missing.first()).cloned()
    }

    fn end(self) -> Ran {
        ran(self.child, None)
    }
}

/// Some answer to a question; `turn` takes another each time.
fn some_answer(question: &Json, turn: usize) -> String {
    let fact = question["fact"].as_str().unwrap();
    let list = |say: &str| say.to_owned();
    match question["type"].as_str().unwrap() {
        "bool" => ["no", "yes"][turn % 2].to_owned(),
        "enum" => {
            let values = question["values"].as_array().unwrap();
            values[turn % values.len()].as_str().unwrap().to_owned()
        }
        "int" => [0, 49, 1000][turn % 3].to_string(),
        "date" => ["2015-06-01", "2001-02-28"][turn % 2].to_owned(),
        "offense" => ["CA PC 488", "CA PC 187"][turn % 2].to_owned(),
        // The one that is first is told apart by the form of the question.
        "list" => list(["none", "one"][turn % 2]),
        _ if fact.ends_with("jurisdiction") => "us-ca".to_owned(),
        _ => "something".to_owned(),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Answers until the interview ends; every question must be the one that is due. Returns how many were asked.
fn go_on(session: &mut Session, mut turn: usize) -> usize {
    let mut asked = 0;
    let mut lists = 0;
    while let Some(prompt) = session.prompt() {
        let due = session.due().unwrap_or_else(|| panic!("asked though nothing matters any more: {prompt}"));
        let further = prompt.contains("[another | no more]");
        let question = if further && due["type"] == "list" { "Is there another" } else { due["question"].as_str().unwrap() };
        assert!(one_line(&prompt).contains(&one_line(question)), "asked: {prompt}\ndue: {due:#}");
        let answer = if further {
            lists += 1;
            if lists % 3 == 0 { "no more".to_owned() } else { ["no more", "another"][turn % 2].to_owned() }
        } else {
            some_answer(&due, turn)
        };
        session.answer(&answer);
        turn += 1 + asked % 2;
        asked += 1;
        assert!(asked < 150, "the interview does not end");
    }
    asked
}

#[test]
fn interviews_ask_what_is_due_and_end_as_decide_does() {
    let saves = folder("ask-many");
    let cases = examples();
    for turn in 0..6 {
        let save = saves.join(format!("{turn}.json"));
        let mut session = Session::begin(&save, &[&cases[(turn * 3) % cases.len()]]);
        let asked = go_on(&mut session, turn);
        let decided = session.decided();
        let ended = session.end().ends(0).json();
        assert_eq!(ended["determinations"], decided, "after {asked} questions");
        assert!(decided.as_array().unwrap().iter().all(|d| d["outcome"] != "undetermined"));
        let saved: Json = serde_json::from_str(&std::fs::read_to_string(&save).unwrap()).unwrap();
        assert_eq!(ended["case"], saved);
    }
}

#[test]
fn from_nothing_agency_day_and_action_are_asked_first() {
    let script = "Nowhere Police\nLos Angeles Police Department, CA\nyesterday\n2018-03-01\nhodl\n?\nhold\nq\n";
    let ran = run_with(["ask"], script.as_bytes()).ends(0);
    for said in [
        "Which agency is asked?",
        "no agency is called `Nowhere Police`",
        "Los Angeles Police Department (police, us-ca/los-angeles)",
        "`yesterday` is not a day; write it as 2018-03-01",
        "there is no action `hodl`; ? lists all",
        "notify-release: Tell federal officers when a person will be released",
        "Has the person become eligible for release?",
    ] {
        assert!(ran.err.contains(said), "{said} is not in\n{}", ran.err);
    }
    assert!(ran.out.starts_with("hold: UNDETERMINED"), "{}", ran.out);
    assert!(ran.out.ends_with("a person decides.\n"), "{}", ran.out);
}

const START: [&str; 6] = ["--agency", "CA0194200", "--on", "2018-03-01", "--action", "notify-release"];

fn scripted(script: &str) -> Ran {
    run_with(["ask"].iter().chain(&START), script.as_bytes())
}

#[test]
fn wrong_answers_are_told_and_asked_again() {
    let ran = scripted("\nmaybe\n\u{1b}[31mred\u{202e}\nq\n").ends(0);
    assert!(!ran.err.contains('\u{1b}') && !ran.err.contains('\u{202e}'), "{:?}", ran.err);
    assert!(ran.err.contains("`maybe` is not one of ") || ran.err.contains("`maybe` is neither true nor false"), "{}", ran.err);
    let long = format!("{}\nq\n", "x".repeat(100_000));
    assert_eq!(scripted(&long).ends(0).err.matches("is not one of").count(), 1, "one line is one answer");
    scripted("caf\u{e9}\nq\n").ends(0);
    run_with(["ask"].iter().chain(&START), b"\xff\xfe\x00\nq\n").ends(0);
}

#[test]
fn the_first_letters_of_an_answer_do() {
    let save = folder("ask-letters").join("case.json");
    let args = ["ask", "--save", save.to_str().unwrap()];
    let ran = run_with(args.iter().chain(&START), b"Det\nq\n").ends(0);
    assert!(ran.err.contains("\n  detainer\n"), "{}", ran.err);
    let saved: Json = serde_json::from_str(&std::fs::read_to_string(&save).unwrap()).unwrap();
    assert_eq!(saved["facts"]["request"]["kind"], "detainer");
    // Two values begin with these: neither is taken.
    assert!(scripted("a\nq\n").ends(0).err.contains("`a` is not one of "));
}

#[test]
fn why_unknown_back_and_quit() {
    let why = scripted("?\nq\n").ends(0);
    assert!(why.err.contains("> ?\n  ") && why.err.contains("8 C.F.R. § 287.7(a): A detainer asks the jail"), "{}", why.err);
    // Going back from the first question is told; after "not known" it returns to what was not known.
    assert!(scripted("b\nq\n").ends(0).err.contains("this is the first question"));
    let ran = scripted("u\nb\nq\n").ends(0);
    assert!(!ran.err.contains("this is the first question"), "{}", ran.err);
    let questions: Vec<&str> = ran.err.split("\n\n").skip(1).map(|part| part.split("\n>").next().unwrap()).collect();
    assert_eq!(questions.len(), 3, "{}", ran.err);
    assert_eq!(questions[0], questions[2]);
    assert_ne!(questions[0], questions[1]);
}

#[test]
fn what_is_not_known_stays_open() {
    let ran = run_with(["ask", "--format", "json"].iter().chain(&START), "u\n".repeat(200).as_bytes()).ends(0);
    let found = ran.json()["determinations"][0].clone();
    assert_eq!(found["outcome"], "undetermined");
    let prompts = ran.err.matches("\n> ").count();
    assert!(prompts >= found["missing"].as_array().unwrap().len(), "{prompts} questions");
}

#[test]
fn lists_are_told_one_by_one() {
    let save = folder("ask-lists").join("case.json");
    let mut session = Session::begin(
        &save,
        &["examples/2018-03-01-los-angeles-1-arson.json", "--action", "notify-release", "--set", "person.convictions=null"],
    );
    let mut said = Vec::new();
    let mut convictions = 0;
    while let Some(prompt) = session.prompt() {
        if said.last().is_some_and(|last| last == "several") {
            assert!(
                prompt.contains("answer `none`, or `one` to state the first") || prompt.contains("answer `another` or `no more`"),
                "{prompt}"
            );
        }
        let due = session.due().unwrap();
        let answer = match (due["fact"].as_str().unwrap(), prompt.contains("[another | no more]")) {
            ("person.convictions", _) if said.last().is_none_or(|last| last != "several") => "several".to_owned(),
            ("person.convictions", false) => "one".to_owned(),
            ("person.convictions", true) if convictions < 2 => "another".to_owned(),
            (_, true) => "no more".to_owned(),
            ("person.charges", false) => "none".to_owned(),
            _ => some_answer(&due, 0),
        };
        convictions += usize::from(answer == "one" || answer == "another");
        session.answer(&answer);
        said.push(answer);
        assert!(said.len() < 150, "{said:?}");
    }
    let ended = session.end().ends(0).json();
    assert_eq!(ended["case"]["facts"]["person"]["convictions"].as_array().unwrap().len(), convictions, "{said:?}");
    assert!(said.contains(&"no more".to_owned()), "{said:?}");
    assert_eq!(ended["case"]["facts"]["person"]["convictions_complete"], true);
}

#[test]
fn a_killed_interview_goes_on_where_it_was() {
    let save = folder("ask-killed").join("case.json");
    let start = ["--agency", "CA0194200", "--on", "2018-03-01", "--action", "notify-release", "--time", "release=2018-03-02T10:00"];
    let mut session = Session::begin(&save, &start);
    let mut answered = 0;
    while session.prompt().is_some() && answered < 3 {
        let due = session.due().unwrap();
        session.answer(&some_answer(&due, 1));
        answered += 1;
    }
    session.child.kill().unwrap();
    session.child.wait().unwrap();
    let before = session.decided();
    assert!(!save.with_extension("json.part").exists(), "a part of a case is left");

    let mut session = Session::begin(&save, &[]);
    let asked = go_on(&mut session, 0);
    let ended = session.end().ends(0).json();
    assert!(asked > 0 && before[0]["outcome"] == "undetermined");
    // What was answered before, and the moment that no question touches, are still there.
    assert_eq!(ended["case"]["times"], json!({"release": "2018-03-02T10:00"}));
    let args = ["decide", save.to_str().unwrap(), "--format", "json"];
    assert_eq!(run(args).ends(0).json()["determinations"], ended["determinations"]);
}

#[test]
fn what_the_interview_does_not_touch_is_kept() {
    let save = folder("ask-kept").join("case.json");
    let case = json!({"id": "42", "title": "A title", "note": "A note", "agency": "CA0194200", "on": "2018-03-01", "action": "hold",
        "times": {"request": "2018-03-01T08:00"}, "local": [{"rank": "city-ordinance", "forbids": ["hold"], "when": "request.kind == 'detainer'"}],
        "facts": {"request": {"kind": "detainer"}}});
    std::fs::write(&save, case.to_string()).unwrap();
    run_with(["ask", "--save", save.to_str().unwrap()], b"q\n").ends(0);
    let saved: Json = serde_json::from_str(&std::fs::read_to_string(&save).unwrap()).unwrap();
    for key in ["id", "title", "note", "times", "local", "facts", "on"] {
        assert_eq!(saved[key], case[key], "{key}");
    }
    assert_eq!(saved["actions"], json!(["hold"]));
    assert_eq!(saved.get("action"), None);
}

#[test]
fn a_settled_case_asks_nothing() {
    let ran = run_with(["ask", "examples/2017-01-28-los-angeles-1-arson.json", "--action", "hold"], b"").ends(0);
    assert_eq!(ran.err, "");
    assert_eq!(ran.out, run(["decide", "examples/2017-01-28-los-angeles-1-arson.json", "--action", "hold"]).out);
}

#[test]
fn an_input_that_ends_early_and_a_file_that_cannot_be_written_are_told() {
    let early = run_with(["ask"].iter().chain(&START), b"").ends(2);
    assert!(early.err.contains("the input ended before the interview did"), "{}", early.err);
    let nowhere = root().join("no-such-folder/case.json");
    let args = ["ask", "--save", nowhere.to_str().unwrap()];
    let ran = run_with(args.iter().chain(&START), b"q\n").ends(2);
    assert!(ran.err.contains("no-such-folder/case.json cannot be written: "), "{}", ran.err);
}

/// `b`, `q` and `u` are answers where they are values; the words are then the commands.
#[test]
fn a_value_goes_before_a_command() {
    let law = folder("ask-values");
    std::fs::create_dir_all(law.join("us")).unwrap();
    let vocabulary = "[[action]]\nid = \"hold\"\nsays = \"Hold\"\n\n[[fact]]\nid = \"person.grade\"\ntype = \"enum\"\nvalues = [\"a\", \"b\", \"q\"]\nquestion = \"Which grade?\"\n";
    let act = "title = \"An act\"\ncite = \"U.S.C.\"\nkind = \"statute\"\nin_force = { from = 2000-01-01 }\nchecked = { on = 2026-11-21, confidence = \"high\", against = [\"x\"] }\n\n\
        [[norm]]\nid = \"hold\"\nforbids = [\"hold\"]\ncite = \"§ 1\"\nsays = \"No hold.\"\nwhen = \"person.grade == 'b'\"\n";
    std::fs::write(law.join("vocabulary.toml"), vocabulary).unwrap();
    std::fs::write(law.join("us/us-act.toml"), act).unwrap();
    let args = ["ask", "--law", law.to_str().unwrap(), "--agency", "CA0194200", "--on", "2018-03-01", "--action", "hold"];
    let ran = run_with(args, b"unknown\n").ends(0);
    assert!(ran.err.contains("[a | b | q; or write back, quit, unknown]"), "{}", ran.err);
    assert!(ran.out.starts_with("hold: UNDETERMINED"), "{}", ran.out);
    assert!(run_with(args, b"b\n").ends(0).out.starts_with("hold: FORBIDDEN"));
}
