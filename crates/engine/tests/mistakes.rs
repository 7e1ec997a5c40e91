//! A case with more mistakes than anyone reads: the first hundred are told, and that there may be more.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

use comity_engine::read_case;
use comity_law::Law;
use comity_logic::MAX_MISTAKES;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

static LAW: LazyLock<Law> = LazyLock::new(|| Law::builtin().unwrap());

/// A case with so many mistakes of one kind.
fn wrong(kind: usize, many: usize) -> Value {
    let named = |value: Value| (0..many).map(|n| (format!("no-such-{n}"), value.clone())).collect::<Map<_, _>>();
    let mut case = json!({"agency": "CA0194200", "on": "2018-03-01", "action": "hold", "facts": {}});
    match kind {
        0 => case.as_object_mut().unwrap().extend(named(json!(1))),
        1 => case["facts"] = named(json!(1)).into(),
        2 => case["facts"] = json!({"person": {"convictions": vec![json!({"offense": 7}); many]}}),
        3 => case["times"] = named(json!("2018-03-01T10:00")).into(),
        _ => case["facts"] = json!({"person": {"convictions": vec![json!({"no-such": 7}); many]}}),
    }
    case
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_hundred_mistakes_are_told(kind in 0..5_usize, many in prop_oneof![1..99_usize, 99..3000_usize]) {
        let told = read_case(&LAW, &wrong(kind, many).to_string()).unwrap_err().mistakes;
        let more = told.last().unwrap().message.contains("there may be more");
        prop_assert_eq!(told.len(), many.min(MAX_MISTAKES) + usize::from(many >= MAX_MISTAKES), "kind {}", kind);
        prop_assert_eq!(more, many >= MAX_MISTAKES);
    }
}
