//! Random laws of every kind of test there is, and random rows, many facts of which are not known.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test code: a surprise is a failure"
)]

use comity_engine::AgencyRef;
use comity_law::{Bundle, Law};
use comity_logic::{Date, parse_date};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::fmt::Write;

pub const ACTIONS: [&str; 2] = ["hold", "notify"];

const VOCABULARY: &str = r#"
action = [{ id = "hold", says = "Hold", when = "c.b0" }, { id = "notify", says = "Tell" }]
fact = [
  { id = "c.b0", type = "bool", question = "b0?" }, { id = "c.b1", type = "bool", question = "b1?" },
  { id = "c.e", type = "enum", values = ["x", "y", "z"], question = "e?" },
  { id = "c.n", type = "int", min = 0, question = "n?" },
  { id = "c.d", type = "date", question = "d?" }, { id = "c.a", type = "date", question = "a?" },
  { id = "c.t", type = "text", question = "t?" }, { id = "c.o", type = "offense", question = "o?" },
  { id = "c.xs", type = "list", of = "x", complete = "c.xs_complete", question = "xs?" },
  { id = "c.xs_complete", type = "bool", question = "all xs?" },
  { id = "x.f", type = "bool", question = "f?" }, { id = "x.v", type = "enum", values = ["p", "q"], question = "v?" },
  { id = "x.d", type = "date", question = "d?" }, { id = "x.k", type = "int", min = 0, question = "k?" },
  { id = "x.o", type = "offense", question = "o?" },
  { id = "law.p", type = "bool", question = "p?" },
]
"#;

const CLASS: &str = "title = \"Listed\"\ncite = \"1\"\nchecked = { on = 2026-11-21, confidence = \"high\", against = [\"invented\"] }\nsections = [\"CA PC 187\", \"NCIC 1301\"]\n";

pub const DAYS: [&str; 9] =
    ["2010-01-01", "2012-02-29", "2015-02-28", "2015-03-01", "2016-02-29", "2018-06-30", "2019-12-31", "2020-01-01", "2020-02-29"];
pub const CODES: [&str; 5] = ["CA PC 187", "CA PC 187(a)", "NCIC 1301", "NCIC 5404", "CA PC 211"];

fn day() -> impl Strategy<Value = &'static str> {
    prop::sample::select(DAYS.to_vec())
}

fn atom() -> BoxedStrategy<String> {
    prop_oneof![
        3 => prop::sample::select(vec!["c.b0", "c.b1", "law.p"]).prop_map(str::to_owned),
        2 => prop::sample::select(vec!["c.e == 'x'", "c.e != 'y'", "c.e in ['y', 'z']"]).prop_map(str::to_owned),
        1 => (0i64..4).prop_map(|n| format!("c.n >= {n}")),
        1 => (0i64..4).prop_map(|n| format!("c.n == {n}")),
        1 => day().prop_map(|d| format!("c.d >= date('{d}')")),
        1 => day().prop_map(|d| format!("c.d > date('{d}')")),
        1 => day().prop_map(|d| format!("on >= date('{d}')")),
        1 => Just("c.d <= on".to_owned()),
        1 => (1u32..9).prop_map(|y| format!("within_years(c.d, {y})")),
        1 => (1u32..900).prop_map(|n| format!("within_days(c.d, {n})")),
        1 => prop::sample::select(vec!["c.t == 'ab'", "c.t.startsWith('a')", "c.o.in_class('us/listed')", "c.o.is('CA PC 187')", "agency.kind == 'police'", "agency.place == 'us-ca'"]).prop_map(str::to_owned),
    ]
    .boxed()
}

fn element() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        3 => Just("v.f".to_owned()),
        2 => Just("v.v == 'p'".to_owned()),
        1 => (0i64..3).prop_map(|n| format!("v.k >= {n}")),
        1 => day().prop_map(|d| format!("v.d >= date('{d}')")),
        2 => (1u32..9).prop_map(|y| format!("within_years(v.d, {y})")),
        1 => (1u32..9).prop_map(|y| format!("within_years(v.d, {y}, c.a)")),
        1 => (1u32..9).prop_map(|y| format!("within_years(v.d, {y}, c.a, v.k)")),
        1 => (1u32..900).prop_map(|n| format!("within_days(v.d, {n})")),
        1 => Just("v.o.in_class('us/listed')".to_owned()),
        1 => prop::sample::select(vec!["c.b1", "c.e == 'x'"]).prop_map(str::to_owned),
    ];
    joined(leaf.boxed(), 2)
}

fn joined(leaf: BoxedStrategy<String>, depth: u32) -> BoxedStrategy<String> {
    leaf.prop_recursive(depth, 6, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| format!("!({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(({a}) && ({b}))")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("(({a}) || ({b}))")),
        ]
    })
    .boxed()
}

pub fn condition() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        1 => Just("true".to_owned()),
        6 => atom(),
        2 => element().prop_map(|b| format!("c.xs.exists(v, {b})")),
        1 => element().prop_map(|b| format!("c.xs.all(v, {b})")),
        1 => element().prop_map(|b| format!("c.xs.filter(v, {b}).size() >= 2")),
    ];
    joined(leaf.boxed(), 2)
}

/// A norm of a random law: its file, what it does, when, unless (and whether silently), and whether it overrides the norm after it.
pub type Norm = (usize, &'static str, String, Vec<(String, bool)>, bool);

const FILES: [(&str, &str); 6] = [
    ("us", "statute"),
    ("us", "regulation"),
    ("us/ca", "statute"),
    ("us/ca", "executive-act"),
    ("us/ca/testville", "ordinance"),
    ("us/ca/testville", "department-order"),
];

pub fn norms(most: usize) -> impl Strategy<Value = Vec<Norm>> {
    let does = prop_oneof![3 => Just("forbids"), 2 => Just("requires"), 2 => Just("permits"), 1 => Just("protects")];
    let unless = prop::collection::vec((condition(), any::<bool>()), 0..3);
    prop::collection::vec((0..FILES.len(), does, condition(), unless, prop::bool::weighted(0.15)), 1..most)
}

/// The law; `settled` is a holding on `law.p` as well.
pub fn law(norms: &[Norm], settled: bool) -> Law {
    let mut files = vec![
        ("vocabulary.toml".to_owned(), VOCABULARY.as_bytes().to_vec()),
        ("us/classes/listed.toml".to_owned(), CLASS.as_bytes().to_vec()),
    ];
    for (file, (folder, kind)) in FILES.iter().enumerate() {
        let mut text = format!(
            "title = \"Law {file}\"\ncite = \"Law {file}\"\nkind = \"{kind}\"\nin_force = {{ from = 2000-01-01 }}\nchecked = {{ on = 2026-11-21, confidence = \"high\", against = [\"invented\"] }}\n"
        );
        if file == 0 && settled {
            text.push_str("\n[[settles]]\nfact = \"law.p\"\nvalue = true\ncite = \"1\"\nsays = \"It is so.\"\n");
        }
        for (at, (_, does, when, unless, overrides)) in norms.iter().enumerate().filter(|(_, n)| n.0 == file) {
            write!(
                text,
                "\n[[norm]]\nid = \"n{at}\"\ncite = \"{at}\"\n{does} = [\"hold\", \"notify\"]\nsays = \"Norm {at}.\"\nwhen = \"{when}\"\n"
            )
            .unwrap();
            if let Some(next) = norms.get(at + 1).filter(|_| *overrides) {
                writeln!(text, "overrides = [\"law-{}#n{}\"]", next.0, at + 1).unwrap();
            }
            for (when, silent) in unless {
                write!(
                    text,
                    "\n  [[norm.unless]]\n  cite = \"but\"\n  when = \"{when}\"\n{}",
                    if *silent && *does == "forbids" { "  silent = true\n" } else { "" }
                )
                .unwrap();
            }
        }
        files.push((format!("{folder}/law-{file}.toml"), text.into_bytes()));
    }
    files.push((
        "us/ca/testville/place.toml".to_owned(),
        b"name = \"Testville\"\n[[coverage]]\nsource = \"all\"\nsearched_until = 2026-11-21\n".to_vec(),
    ));
    Law::read(Bundle::from_memory(files)).unwrap_or_else(|wrong| panic!("{}", wrong.iter().map(ToString::to_string).collect::<String>()))
}

pub fn agency() -> AgencyRef {
    AgencyRef { name: "Testville Police".to_owned(), kind: "police".to_owned(), place: "us-ca/testville".to_owned(), ori: None }
}

/// A row: its day, and its facts as JSON.
pub type Row = (Date, Value);

fn some<T: std::fmt::Debug>(chance: f64, of: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop::option::weighted(chance.min(0.9999), of)
}

/// A row in which so many facts of a hundred are known.
pub fn row(known: f64) -> impl Strategy<Value = Row> {
    let b = || some(known, any::<bool>());
    let x = (
        b(),
        some(known, prop::sample::select(vec!["p", "q"])),
        some(known, day()),
        some(known, 0i64..900),
        some(known, prop::sample::select(CODES.to_vec())),
    );
    let one = x.prop_map(|(f, v, d, k, o)| {
        let mut e = Map::new();
        put(&mut e, "f", f);
        put(&mut e, "v", v);
        put(&mut e, "d", d);
        put(&mut e, "k", k);
        put(&mut e, "o", o);
        Value::Object(e)
    });
    let list = some(known, prop::collection::vec(one, 0..4));
    let scalars = (
        b(),
        b(),
        some(known, prop::sample::select(vec!["x", "y", "z"])),
        some(known, 0i64..5),
        some(known, day()),
        some(known, day()),
        some(known, prop::sample::select(vec!["ab", "abc", "b"])),
        some(known, prop::sample::select(CODES.to_vec())),
        some(known / 2.0, any::<bool>()),
    );
    (prop::sample::select(vec!["2020-02-29", "2020-03-01", "2021-02-28", "2017-05-05", "2024-02-29", "2019-12-31"]), scalars, list)
        .prop_map(|(on, (b0, b1, e, n, d, a, t, o, complete), xs)| {
            let mut c = Map::new();
            put(&mut c, "b0", b0);
            put(&mut c, "b1", b1);
            put(&mut c, "e", e);
            put(&mut c, "n", n);
            put(&mut c, "d", d);
            put(&mut c, "a", a);
            put(&mut c, "t", t);
            put(&mut c, "o", o);
            put(&mut c, "xs", xs);
            put(&mut c, "xs_complete", complete);
            (parse_date(on).unwrap(), json!({ "c": c }))
        })
}

fn put<T: Into<Value>>(to: &mut Map<String, Value>, name: &str, value: Option<T>) {
    if let Some(value) = value {
        to.insert(name.to_owned(), value.into());
    }
}
