//! Values from JSON and back.
#![allow(clippy::unwrap_used, reason = "a test")]

use comity_cel::{Bindings, Value, evaluate, parse};
use serde_json::json;

#[test]
fn plain_json_keeps_whole_numbers_whole() {
    let value = Value::from_json(&json!({"a": 1, "b": 1.0, "c": [null, true, "x"], "d": 18446744073709551615_u64}));
    assert_eq!(value.to_string(), "{'a': 1, 'b': 1.0, 'c': [null, true, 'x'], 'd': 18446744073709551615u}");
    assert_eq!(value.to_json(), json!({"a": 1, "b": 1.0, "c": [null, true, "x"], "d": 18446744073709551615_u64}));
}

#[test]
fn values_without_json_become_text() {
    let value = |source: &str| evaluate(&parse(source).unwrap(), &Bindings::new()).unwrap().to_json();
    assert_eq!(value("timestamp(0)"), json!("1970-01-01T00:00:00Z"));
    assert_eq!(value("duration('90m')"), json!("5400s"));
    assert_eq!(value("{1: int, true: b'a'}"), json!({"1": "int", "true": [97]}));
}

#[test]
fn typed_json_is_read_strictly() {
    for bad in [json!(1), json!({}), json!({"int": "x"}), json!({"int": 1, "uint": 1}), json!({"bytes": [256]}), json!({"map": [[1]]})] {
        assert!(Value::from_typed(&bad).is_err(), "{bad}");
    }
    assert_eq!(Value::from_typed(&json!({"uint": "7"})).unwrap(), Value::Uint(7));
    assert_eq!(
        Value::from_typed(&json!({"timestamp": "1970-01-01T00:00:00Z"})).unwrap().to_typed(),
        json!({"timestamp": "1970-01-01T00:00:00Z"})
    );
}

#[test]
fn a_large_map_is_looked_up_by_key() {
    let fields: serde_json::Map<_, _> = (0..40).map(|i| (format!("k{i}"), json!(i))).collect();
    let bindings = Bindings::new().with("m", Value::from_json(&fields.into()));
    let value = evaluate(&parse("m.k39 + m['k1'] == 40 && !has(m.k40)").unwrap(), &bindings).unwrap();
    assert_eq!(value, Value::Bool(true));
}
