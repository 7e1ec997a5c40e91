//! The laws of the semantics, on thousands of random laws and cases: the engine against enumeration.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod common;

use comity_engine::{AgencyRef, Stack, Times, read_facts};
use comity_law::{Bundle, Law};
use comity_logic::{Budget, parse_date};
use common::{ACTIONS, Known, Norm, explore, files, known, law, outcome};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn read(norms: &[Norm], order: &[usize]) -> Law {
    Law::read(Bundle::from_memory(files(norms, order)))
        .unwrap_or_else(|wrong| panic!("{}", wrong.iter().map(ToString::to_string).collect::<String>()))
}

fn agency() -> AgencyRef {
    AgencyRef { name: "Testville Police".to_owned(), kind: "police".to_owned(), place: "us-ca/testville".to_owned(), ori: None }
}

fn decided(law: &Law, action: usize, known: &Known, budget: Budget) -> comity_engine::Determination {
    let stack = Stack::new(law, &agency(), parse_date("2020-01-01").unwrap(), &[]);
    let facts = read_facts(law, &known.json()).unwrap();
    stack.decide_within(law.action(ACTIONS[action]).unwrap(), &facts, &Times::default(), budget).unwrap()
}

fn names(determination: &comity_engine::Determination) -> (BTreeSet<String>, BTreeSet<String>) {
    let possible = determination.possible.iter().map(|o| o.as_str().to_owned()).collect();
    let missing = determination.missing.iter().map(|q| q.fact.clone()).collect();
    (possible, missing)
}

fn in_order(norms: &[Norm]) -> Vec<usize> {
    (0..norms.len()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    /// Possible outcomes are exactly those that some completion reaches; a fact is asked if and only if it can matter.
    #[test]
    fn engine_equals_enumeration(norms in law(6), known in known(), action in 0usize..2) {
        let (possible, matters) = explore(&norms, action, &known);
        let law = read(&norms, &in_order(&norms));
        let found = decided(&law, action, &known, Budget::default());
        let (found_possible, found_missing) = names(&found);
        let possible: BTreeSet<String> = possible.into_iter().map(str::to_owned).collect();
        prop_assert_eq!(&found_possible, &possible);
        prop_assert_eq!(&found_missing, &matters);
        prop_assert_eq!(found.outcome.as_str() == "undetermined", possible.len() > 1);
        prop_assert_eq!(found.next.is_some(), !matters.is_empty());
        prop_assert!(found.next.is_none_or(|n| matters.contains(&n)));
    }

    /// The solver, which takes over where the diagram grows too large, gives the same answers.
    #[test]
    fn solver_equals_diagram(norms in law(6), known in known(), action in 0usize..2) {
        let law = read(&norms, &in_order(&norms));
        let diagram = decided(&law, action, &known, Budget::default());
        let solver = decided(&law, action, &known, Budget { nodes: 2, ..Budget::default() });
        prop_assert_eq!(names(&diagram), names(&solver));
    }

    /// The order of norms and files changes nothing at all.
    #[test]
    fn order_is_irrelevant(norms in law(6), known in known(), action in 0usize..2, seed in any::<u64>()) {
        let mut order = in_order(&norms);
        let mut state = seed | 1;
        for at in (1..order.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            order.swap(at, (state >> 33) as usize % (at + 1));
        }
        let one = read(&norms, &in_order(&norms));
        let mut shuffled = files(&norms, &order);
        shuffled.reverse();
        let two = Law::read(Bundle::from_memory(shuffled)).unwrap();
        let mut one = serde_json::to_value(decided(&one, action, &known, Budget::default())).unwrap();
        let mut two = serde_json::to_value(decided(&two, action, &known, Budget::default())).unwrap();
        // The files' bytes differ, so their digest does.
        one["bundle"] = serde_json::Value::Null;
        two["bundle"] = serde_json::Value::Null;
        prop_assert_eq!(one, two);
    }

    /// More facts never unsettle an outcome, and never make another one possible.
    #[test]
    fn facts_only_narrow(norms in law(6), known in known(), action in 0usize..2, more in common::known()) {
        let law = read(&norms, &in_order(&norms));
        let before = names(&decided(&law, action, &known, Budget::default())).0;
        let mut added = known.clone();
        for (have, new) in added.bools.iter_mut().zip(more.bools) {
            *have = have.or(new);
        }
        added.value = added.value.or(more.value);
        added.list = match (added.list, more.list) {
            (None, new) => new,
            (Some((mut elements, complete)), _) => {
                for element in &mut elements {
                    element.0 = element.0.or(more.bools[0]);
                    element.1 = element.1.or(more.bools[1]);
                }
                Some((elements, complete || more.value.is_some()))
            }
        };
        let after = names(&decided(&law, action, &added, Budget::default())).0;
        prop_assert!(after.is_subset(&before), "{:?} became {:?}", before, after);
    }

    /// On a complete case the quick path, the full path and the reference agree, and the named norm decides.
    #[test]
    fn quick_equals_full(norms in law(8), action in 0usize..2, bools in prop::array::uniform4(any::<bool>()), value in 0u8..3, elements in prop::collection::vec((any::<bool>(), any::<bool>()), 0..3)) {
        let known = Known {
            bools: bools.map(Some),
            value: Some(value),
            list: Some((elements.iter().map(|(f, g)| (Some(*f), Some(*g))).collect(), true)),
        };
        let expected = outcome(&norms, action, &known.world(&[]));
        let law = read(&norms, &in_order(&norms));
        let full = decided(&law, action, &known, Budget::default());
        prop_assert_eq!(full.outcome.as_str(), expected);
        let stack = Stack::new(&law, &agency(), parse_date("2020-01-01").unwrap(), &[]);
        let facts = read_facts(&law, &known.json()).unwrap();
        let (quick, by) = stack.outcome(law.action(ACTIONS[action]).unwrap(), &facts).unwrap();
        prop_assert_eq!(quick.as_str(), expected);
        if matches!(expected, "required" | "forbidden" | "permitted") {
            let by = by.map(|e| e.id()).unwrap();
            prop_assert!(full.because.iter().any(|g| g.norm == by), "{} is not among the norms that decide", by);
        }
    }
}
