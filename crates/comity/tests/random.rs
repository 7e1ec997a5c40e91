//! Readers and random inputs: whatever the input, they answer or say what is wrong, and the answer of a case does not hang on its form.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod common;

use comity_engine::{Stack, read_case};
use comity_law::Law;
use common::mutate::{Chance, mutated};
use common::{corpus, targets};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::sync::LazyLock;

static LAW: LazyLock<Law> = LazyLock::new(|| Law::builtin_for("us-ca/los-angeles").unwrap());
static CASES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(corpus::cases);
static LAW_FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(corpus::law_files);

/// Any JSON value of modest size.
fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        "\\PC{0,12}".prop_map(Json::from),
        prop::sample::select(vec!["hold", "detainer", "2018-03-01", "CA0194200", "us-ca", "none", "felony"]).prop_map(Json::from),
    ];
    let key = prop_oneof![
        prop::sample::select(vec!["request", "kind", "person", "convictions", "level", "agency", "rank", "forbids"])
            .prop_map(str::to_owned),
        "\\PC{0,8}"
    ];
    leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            prop::collection::vec((key.clone(), inner), 0..5).prop_map(|fields| Json::Object(fields.into_iter().collect())),
        ]
    })
}

/// Every place in a value, as a JSON pointer.
fn places(json: &Json, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match json {
        Json::Object(fields) => fields.iter().for_each(|(key, value)| places(value, &format!("{at}/{key}"), found)),
        Json::Array(items) => items.iter().enumerate().for_each(|(n, value)| places(value, &format!("{at}/{n}"), found)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_cases_do_no_harm(seed in any::<u64>()) {
        let mut chance = Chance::new(seed);
        let input = mutated(chance.pick::<Vec<u8>>(&CASES), chance.pick::<Vec<u8>>(&CASES), &mut chance);
        targets::case(&LAW, &input);
    }

    #[test]
    fn mutated_law_files_do_no_harm(seed in any::<u64>()) {
        let mut chance = Chance::new(seed);
        let input = mutated(chance.pick::<Vec<u8>>(&LAW_FILES), chance.pick::<Vec<u8>>(&LAW_FILES), &mut chance);
        let path = *chance.pick(&["us/ca/us-ca-act.toml", "vocabulary.toml", "us/ca/place.toml", "us/definitions.toml", "us/ca/classes/violent.toml"]);
        targets::law(&corpus::base_law(), path, &input);
    }

    #[test]
    fn any_value_anywhere_in_a_case_does_no_harm(seed in any::<u64>(), value in any_json()) {
        let mut chance = Chance::new(seed);
        let mut case: Json = serde_json::from_slice(chance.pick::<Vec<u8>>(&CASES)).unwrap();
        let mut found = Vec::new();
        places(&case, "", &mut found);
        *case.pointer_mut(chance.pick::<String>(&found)).unwrap() = value;
        targets::case(&LAW, case.to_string().as_bytes());
    }

    #[test]
    fn any_text_is_an_expression_or_told_to_be_none(text in "\\PC{0,80}") {
        targets::expression(text.as_bytes());
    }

    /// Nested or by whole names, in any order: the same facts give the same answer.
    #[test]
    fn the_form_of_a_case_changes_nothing(seed in any::<u64>()) {
        let mut chance = Chance::new(seed);
        let case: Json = serde_json::from_slice(chance.pick::<Vec<u8>>(&CASES)).unwrap();
        let mut flat = Vec::new();
        for (group, inner) in case["facts"].as_object().unwrap() {
            match inner {
                Json::Object(inner) => flat.extend(inner.iter().map(|(name, value)| (format!("{group}.{name}"), value.clone()))),
                other => flat.push((group.clone(), other.clone())),
            }
        }
        (1..flat.len()).rev().for_each(|at| flat.swap(at, chance.below(at + 1)));
        let mut other = case.clone();
        other["facts"] = Json::Object(flat.into_iter().collect());
        let decided = |case: &Json| {
            let case = read_case(&LAW, &case.to_string()).unwrap();
            json!(Stack::new(&LAW, &case.agency, case.on, &case.local).decide_all(&case).unwrap())
        };
        prop_assert_eq!(decided(&case), decided(&other));
    }
}
