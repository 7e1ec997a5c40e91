//! Windows back from a day, and what an offence code covers, as tables.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

mod common;

use comity_logic::*;
use common::bridge::fact;
use common::days;

fn holds(schema: &Schema, condition: &str, on: &str, stated: &[(&str, &str)]) -> Truth {
    let terms = Terms::new();
    let condition = compile(&comity_cel::parse(condition).unwrap(), &Scope { schema, terms: &terms }).unwrap();
    let mut facts = Facts::new(&schema.vocabulary);
    facts.set(Vocabulary::ON, Value::Date(parse_date(on).unwrap()));
    for (name, text) in stated {
        let Some(FactId::Scalar(slot)) = schema.vocabulary.find(name) else { panic!("{name}") };
        let declared = schema.vocabulary.fact(FactId::Scalar(slot)).declared.clone();
        let value = facts.parse(schema, &declared, text).unwrap();
        facts.set(slot, value);
    }
    condition.truth(&schema.vocabulary, &facts)
}

fn schema() -> Schema {
    let mut schema = Schema::default();
    schema.vocabulary.declare(&[fact("p.day", Declared::Date), fact("p.code", Declared::Offense)]).unwrap();
    schema.classes.insert("assault", &["CA PC 245".to_owned(), "CA VC 20001(c)".to_owned(), "NCIC 1301".to_owned()]).unwrap();
    schema
}

/// The window, the day of the case, the first day inside.
const WINDOWS: &[(&str, &str, &str)] = &[
    ("within_years(p.day, 5)", "2021-03-05", "2016-03-05"),
    ("within_years(p.day, 0)", "2021-03-05", "2021-03-05"),
    ("within_years(p.day, 1)", "2020-02-29", "2019-02-28"),
    ("within_years(p.day, 1)", "2021-02-28", "2020-02-28"),
    ("within_years(p.day, 1)", "2021-03-01", "2020-03-01"),
    ("within_years(p.day, 4)", "2020-02-29", "2016-02-29"),
    ("within_years(p.day, 4)", "2104-02-29", "2100-02-28"),
    ("within_years(p.day, 100)", "2000-02-29", "1900-02-28"),
    ("within_years(p.day, 200)", "2000-02-29", "1800-02-28"),
    ("within_days(p.day, 0)", "2020-03-01", "2020-03-01"),
    ("within_days(p.day, 1)", "2020-03-01", "2020-02-29"),
    ("within_days(p.day, 1)", "2021-03-01", "2021-02-28"),
    ("within_days(p.day, 365)", "2020-12-31", "2020-01-01"),
    ("within_days(p.day, 365)", "2021-12-31", "2020-12-31"),
    ("within_days(p.day, 90)", "2020-01-30", "2019-11-01"),
    ("p.day >= on", "2020-02-29", "2020-02-29"),
    ("on < p.day", "2020-02-28", "2020-02-29"),
    ("p.day > date('2019-12-31')", "2020-02-28", "2020-01-01"),
    ("!(p.day <= date('2019-12-31'))", "2020-02-28", "2020-01-01"),
    ("date('2019-12-31') <= p.day", "2020-02-28", "2019-12-31"),
];

#[test]
fn a_window_includes_its_first_day() {
    let schema = schema();
    for (condition, on, first) in WINDOWS {
        let before = days::show(days::parse(first) - 1);
        assert_eq!(holds(&schema, condition, on, &[("p.day", first)]), Truth::True, "{condition} on {on}: {first}");
        assert_eq!(holds(&schema, condition, on, &[("p.day", &before)]), Truth::False, "{condition} on {on}: {before}");
    }
}

/// A window is open towards the day it is counted from: later days are inside.
#[test]
fn a_window_has_no_end() {
    assert_eq!(holds(&schema(), "within_years(p.day, 5)", "2021-03-05", &[("p.day", "2031-01-01")]), Truth::True);
}

#[test]
fn windows_at_the_ends_of_time() {
    let schema = schema();
    for (condition, on, day) in [
        ("within_years(p.day, 200)", "0001-01-01", "0000-01-01"),
        ("within_days(p.day, 73000)", "0000-01-01", "0000-01-01"),
        ("p.day > date('9999-12-30')", "2020-01-01", "9999-12-31"),
        ("p.day <= date('9999-12-31')", "2020-01-01", "9999-12-31"),
    ] {
        assert_eq!(holds(&schema, condition, on, &[("p.day", day)]), Truth::True, "{condition}");
    }
}

#[test]
fn days_are_year_month_day_and_nothing_else() {
    for good in ["2018-03-01", "2020-02-29", "0000-01-01", "9999-12-31"] {
        assert_eq!(parse_date(good).map(|d| d.to_string()), Some(good.to_owned()));
    }
    for bad in [
        "2019-02-29",
        "2018-3-1",
        "2018-13-01",
        "2018-00-01",
        "2018-01-32",
        "20180301",
        "2018-03-01T00:00",
        " 2018-03-01",
        "٢018-03-0",
        "-018-03-01",
        "",
    ] {
        assert_eq!(parse_date(bad), None, "{bad}");
    }
}

/// The section, a code, whether the section covers it.
const COVERS: &[(&str, &str, bool)] = &[
    ("CA PC 245", "CA PC 245", true),
    ("CA PC 245", "CA PC 245(a)", true),
    ("CA PC 245", "CA PC 245(a)(1)", true),
    ("CA PC 245", "CA PC 245 (a)(1)", true),
    ("CA PC 245", "CA  PC  245", true),
    ("CA PC 245", "CA PC 245.5", false),
    ("CA PC 245", "CA PC 245.5(a)", false),
    ("CA PC 245", "CA PC 2450", false),
    ("CA PC 245", "CA PC 24", false),
    ("CA PC 245", "CA VC 245", false),
    ("CA PC 245", "NV PC 245", false),
    ("CA VC 20001(c)", "CA VC 20001", false),
    ("CA VC 20001(c)", "CA VC 20001(c)(2)", true),
    ("CA VC 20001(c)", "CA VC 20001(d)", false),
    ("CA VC 20001(c)", "CA VC 20001(c1)", false),
    ("NCIC 1301", "NCIC 1301", true),
    ("NCIC 1301", "NCIC 1302", false),
];

#[test]
fn a_section_covers_its_subdivisions() {
    let schema = schema();
    for (section, code, covered) in COVERS {
        let wanted = if *covered { Truth::True } else { Truth::False };
        assert_eq!(holds(&schema, &format!("p.code.is('{section}')"), "2020-01-01", &[("p.code", code)]), wanted, "{section} {code}");
        let mut one = schema.clone();
        one.classes = Classes::default();
        one.classes.insert("one", &[(*section).to_owned()]).unwrap();
        assert_eq!(holds(&one, "p.code.in_class('one')", "2020-01-01", &[("p.code", code)]), wanted, "{section} {code} by class");
    }
}

#[test]
fn a_class_covers_what_its_sections_do() {
    let schema = schema();
    for (code, inside) in
        [("CA PC 245(a)", true), ("CA PC 245.5", false), ("CA VC 20001", false), ("CA VC 20001(c)", true), ("NCIC 1301", true)]
    {
        let set = schema.classes.of(code);
        assert_eq!(set.contains(schema.classes.find("assault").unwrap()), inside, "{code}");
    }
}

#[test]
fn codes_have_one_form() {
    for (text, code) in [
        ("CA PC 245(a)(1)", "CA PC 245(a)(1)"),
        ("CA PC 245 (a) (1)", "CA PC 245(a)(1)"),
        ("  US  8 USC 1326(a)", "US 8 USC 1326(a)"),
        ("NCIC 1301", "NCIC 1301"),
        ("NY PL 120.05", "NY PL 120.05"),
        ("TX HSC 481.112(d)", "TX HSC 481.112(d)"),
    ] {
        assert_eq!(parse_code(text).as_deref(), Ok(code));
        assert_eq!(parse_code(code).as_deref(), Ok(code), "the form is stable");
    }
    let long = format!("CA PC {}", "1".repeat(80));
    for bad in [
        "",
        "   ",
        "245",
        "CA",
        "CA PC",
        "PC 245",
        "ca pc 245",
        "California PC 245",
        "CA PC 245(a",
        "CA PC 245)a(",
        "CA PC (a 245",
        "CA PC (a)",
        "CA PC 245((a))",
        "NCIC",
        "NCIC 13",
        "NCIC 13011",
        "NCIC 13a1",
        "NCIC 1301(a)",
        "CA PC 245\u{7}",
        "CA PC ２４５",
        "CA PC 245;DROP",
        "CÄ PC 245",
        &long,
    ] {
        assert!(parse_code(bad).is_err(), "{bad}");
    }
}

#[test]
fn classes_refuse_what_they_cannot_keep() {
    let mut classes = Classes::default();
    assert!(classes.insert("a", &["no code".to_owned(), "CA".to_owned()]).is_err_and(|why| why.len() == 2));
    for n in 0..MAX_CLASSES {
        classes.insert(&n.to_string(), &["CA PC 1".to_owned()]).unwrap();
    }
    assert!(classes.insert("0", &[]).is_err());
    assert!(classes.insert("one more", &[]).is_err());
    assert!((0..MAX_CLASSES).all(|n| classes.of("CA PC 1(a)").contains(classes.find(&n.to_string()).unwrap())));
}
