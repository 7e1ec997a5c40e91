//! Any JSON may come in as a case: nothing panics, and every part of it is either read or complained of.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

mod common;

use comity_logic::*;
use common::bridge::{fact, read};
use common::cases;
use proptest::prelude::*;
use serde::de::DeserializeSeed;
use serde_json::{Map, Value as Json, json};

fn schema() -> Schema {
    let declared = [
        fact("p.flag", Declared::Bool),
        fact("p.kind", Declared::Enum(vec!["a".to_owned(), "b".to_owned()])),
        fact("p.count", Declared::Int { min: Some(0) }),
        fact("p.deep.day", Declared::Date),
        fact("name", Declared::Text),
        fact("p.code", Declared::Offense),
        fact("p.list", Declared::List { of: "item".to_owned(), complete: Some("p.full".to_owned()) }),
        fact("p.full", Declared::Bool),
        fact("item.flag", Declared::Bool),
        fact("item.day", Declared::Date),
    ];
    let mut schema = Schema::default();
    schema.vocabulary.declare(&declared).unwrap();
    schema
}

fn key() -> impl Strategy<Value = String> {
    let plausible = [
        "p",
        "flag",
        "kind",
        "count",
        "deep",
        "day",
        "name",
        "code",
        "list",
        "full",
        "item",
        "on",
        "agency",
        "p.flag",
        "p.deep.day",
        "p.list",
        "deep.day",
        "p.list[].flag",
        "item.flag",
        "p.list[0].flag",
        "agency.kind",
        "",
        ".",
        "p.",
        "flagg",
    ];
    prop_oneof![9 => prop::sample::select(plausible.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,12}"]
}

fn json() -> impl Strategy<Value = Json> {
    let texts = ["a", "b", "true", "2018-03-01", "2018-02-30", "CA PC 245(a)", "CA PC", "0018-03-01", ""];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        (-3i64..4).prop_map(Json::from),
        any::<i16>().prop_map(|n| Json::from(f64::from(n) / 2.0)),
        prop::sample::select(texts.to_vec()).prop_map(Json::from),
        "\\PC{0,12}".prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            3 => prop::collection::vec((key(), inner), 0..6).prop_map(|m| Json::Object(m.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Every part that says something: its path, and whether reading it is a claim of its own.
fn parts(path: &str, json: &Json, into: &mut Vec<String>) {
    match json {
        Json::Null => {}
        Json::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                parts(&path, value, into);
            }
        }
        Json::Array(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                parts(&format!("{path}[{at}]"), item, into);
            }
        }
        // An empty group says nothing.
        Json::Object(_) => {}
        _ => into.push(path.to_owned()),
    }
}

fn begins(whole: &str, part: &str) -> bool {
    part.is_empty() || whole.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

proptest! {
    #![proptest_config(cases(3000))]

    #[test]
    fn every_part_is_read_or_complained_of(json in json()) {
        let schema = schema();
        let (facts, mistakes) = read(&schema, &json);
        let mut written = Vec::new();
        parts("", &Json::Object(facts.to_json(&schema)), &mut written);
        let mut said = Vec::new();
        parts("", &json, &mut said);
        for part in said {
            let complained = mistakes.iter().any(|m| begins(&part, &m.path) || begins(&m.path, &part));
            prop_assert!(written.contains(&part) || complained, "`{}` of {} is lost: {:?} {:?}", part, json, written, mistakes);
        }
        // The same from text as from a tree.
        let mut again = Vec::new();
        let text = json.to_string();
        let from_text = FactsSeed { schema: &schema, mistakes: &mut again }.deserialize(&mut serde_json::Deserializer::from_str(&text)).unwrap();
        prop_assert_eq!(from_text.to_json(&schema), facts.to_json(&schema));
        prop_assert_eq!(&again, &mistakes);
        // What was read is accepted once more.
        let (_, none) = read(&schema, &Json::Object(facts.to_json(&schema)));
        prop_assert_eq!(none, []);
    }

    #[test]
    fn broken_text_is_refused_in_peace(text in "[\\[\\]{}\":,a-z.0-9 ]{0,40}") {
        let schema = schema();
        let mut mistakes = Vec::new();
        let _ = FactsSeed { schema: &schema, mistakes: &mut mistakes }.deserialize(&mut serde_json::Deserializer::from_str(&text));
    }
}

#[test]
fn a_fact_stated_twice_is_a_mistake() {
    for json in [json!({"p.flag": true, "p": {"flag": false}}), json!({"p": {"list": []}, "p.list": [{"flag": true}]})] {
        let (_, mistakes) = read(&schema(), &json);
        assert_eq!(mistakes.len(), 1, "{json}");
        assert!(mistakes[0].message.contains("stated twice"), "{mistakes:?}");
    }
}

#[test]
fn ten_thousand_elements_and_no_more() {
    for (count, wrong) in [(10_000, 0), (10_001, 1)] {
        let elements: Vec<Json> = (0..count).map(|_| json!({"flag": true})).collect();
        let (facts, mistakes) = read(&schema(), &json!({"p": {"list": elements}}));
        assert_eq!(mistakes.len(), wrong, "{count}: {mistakes:?}");
        assert_eq!(facts.to_json(&schema())["p"]["list"].as_array().unwrap().len(), 10_000);
    }
}

#[test]
fn a_fact_and_a_group_of_one_name_are_both_kept() {
    for order in [["a", "a.b"], ["a.b", "a"]] {
        let mut schema = Schema::default();
        schema.vocabulary.declare(&order.map(|n| fact(n, Declared::Bool))).unwrap();
        let (facts, mistakes) = read(&schema, &json!({"a": true, "a.b": false}));
        assert_eq!(mistakes, [], "{order:?}");
        let (again, mistakes) = read(&schema, &Json::Object(facts.to_json(&schema)));
        assert_eq!(mistakes, [], "{order:?} {:?}", facts.to_json(&schema));
        assert_eq!(again.to_json(&schema), facts.to_json(&schema));
        assert_eq!(facts.to_json(&schema).len(), 2, "{order:?}");
    }
}
