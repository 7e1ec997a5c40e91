//! The canonical form: what it looks like, that it is one, keeps every comment and never changes what a file means.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod common;

use std::fmt::Write as _;
use std::sync::LazyLock;

use comity_law::Law;
use comity_law::fmt::{Unformatted, WIDTH, format};
use proptest::prelude::*;

const ACT: &str = "us/ca/us-ca-act.toml";

fn formatted(path: &str, text: &str) -> String {
    let once = format(path, text).unwrap_or_else(|e| panic!("{path}: {e}\n{text}"));
    assert_eq!(format(path, &once).unwrap(), once, "{path} is not stable");
    once
}

/// Everything that a law says, without where it stands.
fn meaning(law: &Law) -> String {
    let mut out = String::new();
    let bare = Law { digest: String::new(), files: Vec::new(), warnings: Vec::new(), ..law.clone() };
    write!(out, "{bare:?}").unwrap();
    let at = |out: &str| out.find("At { file: FileId(");
    let mut plain = String::with_capacity(out.len());
    let mut rest = out.as_str();
    while let Some(start) = at(rest) {
        plain.push_str(&rest[..start]);
        let end = rest[start..].find('}').unwrap();
        rest = &rest[start + end + 1..];
    }
    plain.push_str(rest);
    plain
}

fn law_files() -> common::Files {
    let mut files = common::Files::new();
    let bundle = Law::builtin().unwrap();
    for file in &bundle.files {
        files.insert(file.path.clone(), file.text.as_bytes().to_vec());
    }
    files
}

#[test]
fn order_quotes_blanks_and_indentation() {
    let text = r#"# A title that stays first.

note   =   "A \"quoted\" word, and no more."  # why
title='Act'
cite ="Code"


kind = "statute"
checked = {confidence="high",on=2020-01-02,against=['x',"y"]}
in_force={to=2020-01-31,from=2020-01-01}
[[norm]]
says="No."
# the heart of it
forbids=["hold"]
id="hold"
[[norm.unless]]
when="judge"
cite="(b)"
[[norm.unless.example]]
expect="permitted"
on=2020-01-02
[[norm.example]]
expect="forbidden"
# --- duties

[[duty]]
id = "d"   # which
# The end.
"#;
    let wanted = r#"# A title that stays first.

title    = "Act"
cite     = "Code"
kind     = "statute"
in_force = { from = 2020-01-01, to = 2020-01-31 }
checked  = { on = 2020-01-02, confidence = "high", against = ["x", "y"] }
note     = 'A "quoted" word, and no more.'  # why

[[norm]]
id = "hold"
# the heart of it
forbids = ["hold"]
says    = "No."

  [[norm.example]]
  expect = "forbidden"

  [[norm.unless]]
  cite = "(b)"
  when = "judge"

    [[norm.unless.example]]
    on     = 2020-01-02
    expect = "permitted"

# --- duties

[[duty]]
id = "d"  # which
# The end.
"#;
    assert_eq!(formatted(ACT, text), wanted);
    assert_eq!(formatted(ACT, &text.replace('\n', "\r\n")), wanted);
    assert_eq!(formatted(ACT, &format!("\u{feff}{text}")), wanted);
}

#[test]
fn long_lines_are_broken_at_arrays_and_nowhere_else() {
    let section = |n: usize| format!("\"CA PC {n}\"");
    let sections: Vec<String> = (100..160).map(section).collect();
    let text = format!("title = \"T\"\nsections = [{}]\nnote = \"{}\"\n", sections.join(","), "long ".repeat(60));
    let out = formatted("us/ca/classes/x.toml", &text);
    for line in out.lines().filter(|l| !l.starts_with("note")) {
        assert!(line.chars().count() <= WIDTH, "{line}");
    }
    assert!(out.contains("sections = [\n  \"CA PC 100\", \"CA PC 101\","), "{out}");
    let records: Vec<String> =
        (0..3).map(|n| format!("{{ offense = \"CA PC {n}45(a)(1)\", level = \"felony\", serious = true }}")).collect();
    let text = format!("[[example]]\nfacts = {{ person = {{ convictions = [{}], charges = [] }} }}\n", records.join(", "));
    let out = formatted(ACT, &text);
    assert!(out.contains("convictions = [\n  { offense = \"CA PC 045(a)(1)\", level = \"felony\", serious = true },\n"), "{out}");
    assert!(out.ends_with("\n], charges = [] } }\n"), "{out}");
}

#[test]
fn comments_within_lists_stay_where_they_are() {
    let text = "sections = [ # the first\n  'CA PC 1', # one\n  # two is out\n  'CA PC 3' # three\n  # the last\n]\n";
    let out = formatted("us/ca/classes/x.toml", text);
    assert_eq!(out, "sections = [\n  # the first\n  \"CA PC 1\",  # one\n  # two is out\n  \"CA PC 3\",  # three\n  # the last\n]\n");
}

#[test]
fn what_has_no_place_is_refused_not_lost() {
    let within = "checked = { on = 2020-01-01, # the day\n confidence = \"high\" }\n";
    assert!(matches!(format(ACT, within), Err(Unformatted::Comments(lost)) if lost == ["# the day"]));
    assert!(matches!(format(ACT, "title = "), Err(Unformatted::NoToml(_))));
}

#[test]
fn keys_that_nobody_knows_come_last_and_groups_of_terms_stay() {
    assert_eq!(formatted(ACT, "colour = 1\ncite = \"C\"\ntitle = \"T\"\n"), "title  = \"T\"\ncite   = \"C\"\ncolour = 1\n");
    let terms = "[definitions]\nb = \"x\"\na_long_one = \"y\"\n\n\n# more\nc = \"z\"\n\nd = \"w\"\n";
    let wanted = "[definitions]\nb          = \"x\"\na_long_one = \"y\"\n\n# more\nc = \"z\"\n\nd = \"w\"\n";
    assert_eq!(formatted("us/ca/definitions.toml", terms), wanted);
    assert_eq!(
        formatted(ACT, "sample.on = 2020-01-01\nsample.agency.kind = \"jail\"\n"),
        "sample.on          = 2020-01-01\nsample.agency.kind = \"jail\"\n"
    );
}

#[test]
fn every_law_file_means_the_same_in_canonical_form() {
    let before = law_files();
    let mut after = common::Files::new();
    for (path, bytes) in &before {
        after.insert(path.clone(), formatted(path, std::str::from_utf8(bytes).unwrap()).into_bytes());
    }
    let law = |files: &common::Files| Law::read(common::bundle(files)).unwrap();
    let (before, after) = (law(&before), law(&after));
    assert_eq!(before.warnings.len(), after.warnings.len());
    let (before, after) = (meaning(&before), meaning(&after));
    let at = before.bytes().zip(after.bytes()).position(|(a, b)| a != b);
    assert!(at.is_none() && before.len() == after.len(), "{:?}", at.map(|at| (&before[at - 80..at + 80], &after[at - 80..at + 80])));
}

static BASE: LazyLock<common::Files> = LazyLock::new(|| {
    let text: String = common::cases("tests/good").into_iter().map(|(_, text)| text).collect();
    let mut files = common::case(&text);
    files.extend(law_files().into_iter().filter(|(path, _)| path.starts_with("us/ca/") || path.starts_with("us/il/")));
    files
});

static PIECES: [&str; 24] = [
    "\n",
    " ",
    "# word\n",
    " # word",
    "\n\n\n",
    "\"",
    "'",
    "\"\"\"\n",
    "\\",
    "[[norm]]\n",
    "[[norm.unless]]\n",
    "[sample.facts]\n",
    "[x.y]\n",
    "a.b = 1\n",
    "\"k e y\" = 2\n",
    "{ on = 2020-01-01 }",
    "[1, 2,\n]",
    "[ # c\n]",
    "\r\n",
    "\t",
    "é",
    "\u{202e}",
    "= ",
    ",",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn mutations_are_stable_or_refused(path in any::<prop::sample::Index>(), edits in prop::collection::vec((any::<prop::sample::Index>(), 0usize..6, prop::sample::select(PIECES.to_vec())), 0..5)) {
        let (path, bytes) = BASE.iter().nth(path.index(BASE.len())).unwrap();
        let mut text: Vec<char> = String::from_utf8(bytes.clone()).unwrap().chars().collect();
        for (at, gone, come) in edits {
            let start = at.index(text.len() + 1).min(text.len());
            let end = (start + gone).min(text.len());
            text.splice(start..end, come.chars());
        }
        let text: String = text.into_iter().collect();
        match format(path, &text) {
            Ok(once) => prop_assert_eq!(format(path, &once), Ok(once.clone())),
            Err(Unformatted::Meaning) => prop_assert!(false, "another meaning:\n{}", text),
            Err(_) => {}
        }
    }

    #[test]
    fn any_value_survives(text in any::<String>(), number in any::<i64>(), key in "[ -~]{0,8}") {
        let table = toml::Table::from_iter([(key.clone(), toml::Value::String(text.clone())), ("list".to_owned(), toml::Value::Array(vec![toml::Value::String(text), toml::Value::Integer(number)]))]);
        let written = toml::to_string(&table).unwrap();
        let out = format(ACT, &written).unwrap();
        prop_assert_eq!(toml::from_str::<toml::Table>(&out).unwrap(), table);
        prop_assert_eq!(format(ACT, &out), Ok(out.clone()));
    }
}
