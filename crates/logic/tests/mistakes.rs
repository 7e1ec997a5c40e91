//! Every mistake in a condition is named with its place and a remedy. The table is `data/mistakes.txt`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

mod common;

use comity_logic::*;
use common::bridge::fact;

fn schema() -> Schema {
    let listed = |of: &str| Declared::List { of: of.to_owned(), complete: None };
    let declared = [
        fact("case.flag", Declared::Bool),
        fact("case.kind", Declared::Enum(vec!["detainer".to_owned(), "notice".to_owned()])),
        fact("case.hours", Declared::Int { min: Some(0) }),
        fact("case.arrested", Declared::Date),
        fact("case.charged", Declared::Date),
        fact("case.county", Declared::Text),
        fact("case.code", Declared::Offense),
        fact("person.crimes", listed("crime")),
        fact("person.holds", listed("hold")),
        fact("crime.serious", Declared::Bool),
        fact("crime.level", Declared::Enum(vec!["felony".to_owned(), "misdemeanor".to_owned()])),
        fact("crime.day", Declared::Date),
        fact("crime.end", Declared::Date),
        fact("crime.code", Declared::Offense),
        fact("crime.state", Declared::Text),
        fact("hold.days", Declared::Int { min: None }),
    ];
    let mut schema = Schema::default();
    schema.vocabulary.declare(&declared).unwrap();
    schema.classes.insert("us-ca/strikes", &["CA PC 245".to_owned()]).unwrap();
    schema
}

fn terms() -> Terms {
    let mut terms = Terms::new();
    for (name, text) in [
        ("good", "case.flag"),
        ("bad", "case.flagg"),
        ("worse", "bad || case.hours"),
        ("circle", "!circle"),
        ("wide", "wide && wide"),
        ("of_element", "c.serious"),
    ] {
        terms.insert(name, comity_cel::parse(text).unwrap());
    }
    terms
}

/// What the compiler says, in the form of the table.
fn said(condition: &str) -> String {
    let (schema, terms) = (schema(), terms());
    let expr = comity_cel::parse(condition).unwrap_or_else(|e| panic!("{condition}: {e:?}"));
    let mistakes = compile(&expr, &Scope { schema: &schema, terms: &terms }).err().unwrap_or_default();
    let mut text = format!("{condition}\n");
    for m in &mistakes {
        text += &format!("  {}\n    at {}\n", m.message, &condition[m.span.start..m.span.end]);
        text += &m.help.iter().map(|h| format!("    help {h}\n")).collect::<String>();
    }
    text
}

/// The texts are those of the table; with `BLESS=1` in the environment they are written instead.
#[test]
fn every_mistake_is_named_with_its_place() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/mistakes.txt");
    let table = std::fs::read_to_string(&file).unwrap();
    let entries: Vec<&str> = table.split("\n\n").map(str::trim_end).filter(|e| !e.is_empty()).collect();
    assert!(entries.len() >= 60, "{}", entries.len());
    let found: Vec<String> = entries.iter().map(|e| said(e.lines().next().unwrap()).trim_end().to_owned()).collect();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(file, found.join("\n\n") + "\n").unwrap();
        return;
    }
    for (entry, found) in entries.into_iter().zip(found) {
        assert_eq!(found, entry, "if this is meant, write it anew: BLESS=1 cargo test -p comity-logic");
    }
}

#[test]
fn what_is_right_has_no_mistakes() {
    for condition in [
        "good == case.flag",
        "person.crimes.exists(c, good == c.serious)",
        "person.crimes.exists(c, c.serious && person.holds.all(h, h.days > -1))",
        "person.crimes.exists(c, c.day >= case.arrested)",
        "case.arrested <= on && on > date('2020-01-01')",
        "agency.kind == 'agency' && agency.place.startsWith('us')",
        "size(person.crimes) in [0, 1000]",
        "case.hours in [1, 2] || 3 < case.hours",
        "case.kind in ['notice'] ? true : !(good)",
    ] {
        assert_eq!(said(condition), format!("{condition}\n"));
    }
}

/// Terms that grow to any size are refused, and quickly.
#[test]
fn terms_cannot_explode() {
    let schema = schema();
    for body in
        ["{} && !{}", "{} == {}", "{} ? {} : !{}", "person.crimes.filter(c, {}).size() == 3 || {}", "person.crimes.exists_one(c, {}) && {}"]
    {
        let mut terms = Terms::new();
        terms.insert("t0", comity_cel::parse("case.flag == (case.hours > 3)").unwrap());
        for n in 1..24 {
            terms.insert(&format!("t{n}"), comity_cel::parse(&body.replace("{}", &format!("t{}", n - 1))).unwrap());
        }
        let mistakes = compile(&comity_cel::parse("t22").unwrap(), &Scope { schema: &schema, terms: &terms }).unwrap_err();
        assert!(mistakes.len() == 1 && mistakes[0].message.contains("parts"), "{body}: {mistakes:?}");
    }
    let deep = |inner: &str| (0..40).fold(inner.to_owned(), |e, _| format!("!({e} && case.flag)"));
    let mut terms = Terms::new();
    terms.insert("t0", comity_cel::parse("case.flag").unwrap());
    for n in 1..20 {
        terms.insert(&format!("t{n}"), comity_cel::parse(&deep(&format!("t{}", n - 1))).unwrap());
    }
    let mistakes = compile(&comity_cel::parse("t19").unwrap(), &Scope { schema: &schema, terms: &terms }).unwrap_err();
    assert!(mistakes.iter().all(|m| m.message.contains("levels deep")), "{mistakes:?}");
}
