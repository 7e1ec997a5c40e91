//! Over columns every row gets what the single path says of it: random laws, random rows.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod common;

use comity_columns::{Answers, Columns, Decider, NONE, Program, Varying};
use comity_engine::{Stack, Times, read_facts};
use comity_law::Law;
use comity_logic::{Facts, Value, Vocabulary, parse_date};
use common::{ACTIONS, Norm, Row, agency, law, norms, row};
use proptest::prelude::*;

/// The facts of each row with their day, and the columns that they make.
fn columns(law: &Law, rows: &[Row]) -> (Vec<Facts>, Columns) {
    let vocabulary = &law.schema.vocabulary;
    let mut columns = Columns::new(vocabulary, rows.len());
    let mut all = Vec::new();
    for (at, (on, json)) in rows.iter().enumerate() {
        let mut facts = read_facts(law, json).unwrap();
        facts.set(Vocabulary::ON, Value::Date(*on));
        columns.set_all(vocabulary, at, &facts);
        all.push(facts);
    }
    (all, columns)
}

fn check(norms: &[Norm], settled: bool, rows: &[Row], action: usize) -> Result<(), TestCaseError> {
    let law = law(norms, settled);
    let (facts, columns) = columns(&law, rows);
    let stack = Stack::new(&law, &agency(), parse_date("2020-01-01").unwrap(), &[]);
    let action = law.action(ACTIONS[action]).unwrap();
    let vocabulary = &law.schema.vocabulary;
    let program = Program::new(&stack, action, &Facts::new(vocabulary), &Varying::of(vocabulary, &columns)).unwrap();
    let mut answers = Answers::new(rows.len());
    program.decide(&columns, &mut answers);
    let mut on_two = Answers::new(rows.len());
    program.decide_on(&columns, &mut on_two, 2);
    prop_assert_eq!(&answers, &on_two);
    let ids: Vec<&str> = program.norms().collect();
    let mut decider = Decider::new(&stack, program.clone());
    let decided = decider.decide(&columns);

    for (at, facts) in facts.iter().enumerate() {
        let mut of_day = stack.clone();
        of_day.on = rows[at].0;
        let ready = of_day.made_ready(facts);
        let expected = of_day.outcome(action, &ready);
        prop_assert_eq!(answers.outcome(at), expected.map(|e| e.0), "row {} {}", at, &rows[at].1);
        if let Some((_, by)) = expected {
            let by = by.map(|e| e.id());
            let found = (answers.by[at] != NONE).then(|| ids[usize::from(answers.by[at])]);
            prop_assert_eq!(found, by.as_deref(), "row {}", at);
        }
        let answer = decider.answer(decided[at]).unwrap();
        let Ok(whole) = of_day.decide(action, facts, &Times::default()) else {
            // Neither path claims anything where the search did not end.
            prop_assert!(answer.possible.is_empty() && answer.missing.is_empty(), "row {}", at);
            continue;
        };
        prop_assert_eq!(answer.outcome, whole.outcome, "row {} {}", at, &rows[at].1);
        prop_assert_eq!(&answer.possible, &whole.possible, "row {} {}", at, &rows[at].1);
        let missing: Vec<&str> = whole.missing.iter().map(|q| q.fact.as_str()).collect();
        // Where the quick path settles a row nothing is missing; else the questions are those of the single path.
        prop_assert_eq!(&answer.missing, &missing, "row {} {}", at, &rows[at].1);
        let because: Vec<&str> = whole.because.iter().map(|g| g.norm.as_str()).collect();
        if expected.is_some() && !answer.norms.is_empty() && answer.norms.len() == 1 {
            prop_assert!(because.contains(&answer.norms[0].as_str()), "row {}: {} is not among {:?}", at, &answer.norms[0], because);
        } else if expected.is_none() {
            prop_assert_eq!(&answer.norms, &because, "row {}", at);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 500, ..ProptestConfig::default() })]

    /// Rows of which much is known, and rows of which little is.
    #[test]
    fn columns_equal_the_single_path(norms in norms(4), settled in any::<bool>(), rows in prop::collection::vec(prop_oneof![row(0.9), row(0.5), row(0.2)], 1..12), action in 0usize..2) {
        check(&norms, settled, &rows, action)?;
    }

    /// Complete rows are all settled without a search.
    #[test]
    fn complete_rows_are_settled(norms in norms(8), rows in prop::collection::vec(row(1.0), 1..130), action in 0usize..2) {
        check(&norms, true, &rows, action)?;
    }
}
