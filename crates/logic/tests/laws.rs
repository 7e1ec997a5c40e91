//! What always holds of conditions and cases: soundness of the quick answer, more facts never unsettle, order changes nothing, cases survive being written.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

mod common;

use comity_cel::{BinaryOp, Expr, ExprKind};
use comity_logic::*;
use common::bridge::*;
use common::enumerate::{Filling, Gap, Reference};
use common::generate::{Flavour, Sample, sample};
use common::mentions::Mentions;
use common::world::{Complete, Kind, Partial, Val};
use common::{Choices, Tape, cases, tape};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

const LIMIT: usize = 500;

fn two(choices: Choices) -> Sample {
    sample(&mut Tape::new(choices), 2, Flavour::Mixed, LIMIT)
}

fn explored(sample: &Sample) -> Reference {
    let schema = schema(&sample.world);
    let facts = facts(&schema, &sample.world, &sample.partial);
    explored_in(sample, &schema, &facts)
}

fn explored_in(sample: &Sample, schema: &Schema, facts: &Facts) -> Reference {
    let conditions = conditions(sample, schema);
    let mut problem = Problem::new(schema, facts, conditions.iter());
    let parts = partition(&mut problem, &conditions);
    summary(schema, &problem.explore(&parts, Budget::default()).unwrap())
}

fn truths(sample: &Sample, partial: &Partial) -> Vec<Truth> {
    let schema = schema(&sample.world);
    let facts = facts(&schema, &sample.world, partial);
    conditions(sample, &schema).iter().map(|c| c.truth(&schema.vocabulary, &facts)).collect()
}

fn truth(holds: bool) -> Truth {
    if holds { Truth::True } else { Truth::False }
}

/// Some list is marked as incomplete: then `Facts` cannot say that nothing is missing.
fn marked_incomplete(sample: &Sample, case: &Complete) -> bool {
    sample.world.lists.iter().any(|l| l.complete.as_ref().is_some_and(|c| case.scalars.get(c) == Some(&Val::Bool(false))))
}

/// States one fact more, without contradiction. A completeness fact is left alone: by convention a list is complete until it is said not to be.
fn one_more(tape: &mut Tape, sample: &Sample) -> Option<Partial> {
    let question = sample.question();
    let seen = Mentions::of(&sample.conditions, &sample.terms);
    let complete = |name: &String| sample.world.lists.iter().any(|l| l.complete.as_ref() == Some(name));
    let gaps: Vec<Gap> =
        question.gaps(&sample.partial, &seen).into_iter().filter(|g| !matches!(g, Gap::Scalar(name) if complete(name))).collect();
    let gap = gaps.get(tape.pick(gaps.len()))?;
    let fillings = question.fillings(&sample.partial, &seen, std::slice::from_ref(gap), LIMIT)?;
    let mut more = sample.partial.clone();
    match (gap, tape.of(&fillings[0])) {
        (Gap::Scalar(name), Filling::Value(v)) => drop(more.scalars.insert(name.clone(), v.clone())),
        (Gap::Field(list, at, field), Filling::Value(v)) => drop(more.lists.get_mut(list).unwrap()[*at].insert(field.clone(), v.clone())),
        // Where the list is marked incomplete, it stays open for still more.
        (Gap::Rest(list), Filling::Further(elements)) => more.lists.entry(list.clone()).or_default().extend(elements.iter().cloned()),
        other => panic!("{other:?}"),
    }
    Some(more)
}

/// The same condition with the operands of `&&` and `||` the other way round.
fn turned(e: &Expr) -> Expr {
    let boxed = |e: &Expr| Box::new(turned(e));
    let kind = match &e.kind {
        ExprKind::Binary { op: op @ (BinaryOp::And | BinaryOp::Or), left, right } => {
            ExprKind::Binary { op: *op, left: boxed(right), right: boxed(left) }
        }
        ExprKind::Binary { op, left, right } => ExprKind::Binary { op: *op, left: boxed(left), right: boxed(right) },
        ExprKind::Unary { op, operand } => ExprKind::Unary { op: *op, operand: boxed(operand) },
        ExprKind::Conditional { test, then, otherwise } => {
            ExprKind::Conditional { test: boxed(test), then: boxed(then), otherwise: boxed(otherwise) }
        }
        ExprKind::Call { target, function, args } => {
            ExprKind::Call { target: target.as_deref().map(boxed), function: function.clone(), args: args.iter().map(turned).collect() }
        }
        other => other.clone(),
    };
    Expr { kind, span: e.span }
}

proptest! {
    #![proptest_config(cases(700))]

    #[test]
    fn the_quick_answer_is_sound(choices in tape()) {
        let sample = two(choices);
        let quick = truths(&sample, &sample.partial);
        let mut seen = vec![[false; 2]; 2];
        let mut some = Vec::new();
        let _ = sample.question().answer(&sample.partial, LIMIT, &part_of, |case, answers| {
            for (at, answer) in answers.iter().enumerate() {
                seen[at][usize::from(*answer)] = true;
            }
            if some.len() < 4 {
                some.push((case.clone(), answers.to_vec()));
            } else {
                some.swap(1, 3);
                some[3] = (case.clone(), answers.to_vec());
            }
        });
        for (quick, seen) in quick.iter().zip(&seen) {
            prop_assert!(*quick != Truth::True || !seen[0], "{}", sample.describe());
            prop_assert!(*quick != Truth::False || !seen[1], "{}", sample.describe());
        }
        for (case, answers) in some {
            let found = truths(&sample, &case.stated());
            for (found, answer) in found.iter().zip(&answers) {
                let open = *found == Truth::Unknown && marked_incomplete(&sample, &case);
                prop_assert!(open || *found == truth(*answer), "{:?} in {:?}{}", found, case, sample.describe());
            }
        }
    }

    #[test]
    fn more_facts_never_unsettle(choices in tape(), extra in tape()) {
        let mut sample = two(choices);
        let before = explored(&sample);
        let quick = truths(&sample, &sample.partial);
        let Some(more) = one_more(&mut Tape::new(extra), &sample) else { return Ok(()) };
        let text = sample.describe();
        sample.partial = more;
        let after = explored(&sample);
        prop_assert!(after.possible.is_subset(&before.possible), "{text} then {}", sample.describe());
        prop_assert!(before.possible.len() > 1 || after == before, "{text} then {}", sample.describe());
        for (before, after) in quick.iter().zip(truths(&sample, &sample.partial)) {
            prop_assert!(*before == Truth::Unknown || *before == after, "{text} then {}", sample.describe());
        }
    }

    #[test]
    fn what_does_not_matter_changes_nothing(choices in tape(), extra in tape()) {
        let mut sample = two(choices);
        let before = explored(&sample);
        let seen = Mentions::of(&sample.conditions, &sample.terms);
        let open = sample.question().gaps(&sample.partial, &seen);
        let Some(more) = one_more(&mut Tape::new(extra), &sample) else { return Ok(()) };
        let text = sample.describe();
        sample.partial = more;
        let filled = open.iter().filter(|g| !sample.question().gaps(&sample.partial, &seen).contains(g)).map(Gap::name).collect::<Vec<_>>();
        if !filled.is_empty() && filled.iter().all(|name| !before.matters.contains(name)) {
            prop_assert_eq!(explored(&sample), before, "{} then {}", text, sample.describe());
        }
    }

    #[test]
    fn order_changes_nothing(choices in tape()) {
        let mut sample = two(choices);
        let (before, quick) = (explored(&sample), truths(&sample, &sample.partial));
        let text = sample.describe();
        sample.world.scalars.reverse();
        sample.world.lists.reverse();
        sample.world.classes.reverse();
        sample.conditions = sample.conditions.iter().map(turned).collect();
        sample.terms = sample.terms.iter().map(|(n, e)| (n.clone(), turned(e))).collect();
        prop_assert_eq!(explored(&sample), before, "{}", text);
        prop_assert_eq!(truths(&sample, &sample.partial), quick, "{}", text);
    }

    #[test]
    fn a_case_survives_being_written(choices in tape()) {
        let sample = two(choices);
        let schema = schema(&sample.world);
        let first = facts(&schema, &sample.world, &sample.partial);
        let written = first.to_json(&schema);
        prop_assert_eq!(Partial::from_json(&sample.world, &written), sample.partial.clone());
        let (mut second, mistakes) = read(&schema, &serde_json::Value::Object(written.clone()));
        prop_assert_eq!(mistakes, []);
        second.set(Vocabulary::ON, first.scalar(Vocabulary::ON));
        second.set(Vocabulary::AGENCY_KIND, first.scalar(Vocabulary::AGENCY_KIND));
        prop_assert_eq!(second.to_json(&schema), written);
        prop_assert_eq!(explored_in(&sample, &schema, &second), explored(&sample));
    }
}

#[test]
fn the_generator_is_not_idle() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut open, mut lists, mut elements, mut total) = (0, 0, 0, 0);
    for _ in 0..400 {
        let sample = two(tape().new_tree(&mut runner).unwrap().current());
        let found = sample.question().answer(&sample.partial, LIMIT, &part_of, |_, _| {}).unwrap();
        total += 1;
        open += usize::from(found.possible.len() > 1);
        lists += usize::from(found.matters.iter().any(|m| m.contains("[..]")));
        elements += usize::from(found.matters.iter().any(|m| m.contains("].")));
        assert!(sample.world.scalars.iter().any(|s| matches!(s.1, Kind::Offense)));
    }
    assert!(open * 2 > total && lists * 10 > total && elements * 25 > total, "{open} {lists} {elements} of {total}");
}
