//! The single path is asked once for all rows that it would answer alike.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod common;

use comity_columns::{Columns, Decider, Program, Varying};
use comity_engine::{Stack, read_facts};
use comity_logic::{Facts, Value, Vocabulary, parse_date};
use common::{agency, law};

#[test]
fn one_search_for_rows_that_differ_in_what_no_test_tells_apart() {
    let norms = vec![(2, "forbids", "c.xs.exists(v, v.f && within_years(v.d, 5)) || c.n >= 3".to_owned(), vec![], false)];
    let law = law(&norms, true);
    let vocabulary = &law.schema.vocabulary;
    let rows = 1000;
    let mut columns = Columns::new(vocabulary, rows);
    for row in 0..rows {
        // The day, the date and the number differ; what is asked of them does not. Half of the convictions are too old.
        let year = if row % 2 == 0 { 2019 } else { 2009 };
        let json = serde_json::json!({"c": {"xs": [{"d": format!("{year}-01-{:02}", row % 28 + 1)}], "xs_complete": false}});
        let mut facts = read_facts(&law, &json).unwrap();
        facts.set(Vocabulary::ON, Value::Date(parse_date(&format!("2020-05-{:02}", row % 31 + 1)).unwrap()));
        columns.set_all(vocabulary, row, &facts);
    }
    let stack = Stack::new(&law, &agency(), parse_date("2020-01-01").unwrap(), &[]);
    let program = Program::new(&stack, law.action("notify").unwrap(), &Facts::new(vocabulary), &Varying::of(vocabulary, &columns)).unwrap();
    let mut decider = Decider::new(&stack, program);
    let ids = decider.decide(&columns);
    assert_eq!(decider.searches(), 2);
    assert_ne!(ids[0], ids[1]);
    assert!(ids.iter().enumerate().all(|(row, id)| *id == ids[row % 2]));
    assert!(decider.answer(ids[0]).unwrap().missing.contains(&"c.xs[].f".to_owned()));
    assert!(!decider.answer(ids[0]).unwrap().missing.contains(&"c.d".to_owned()));
}
