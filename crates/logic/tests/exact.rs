//! What is possible and what matters, against every completion: by the diagram, by the solver, by the reference.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

mod common;

use comity_logic::*;
use common::bridge::*;
use common::generate::{Flavour, Sample, fixed, sample};
use common::world::Partial;
use common::{Tape, cases, tape};
use proptest::prelude::*;

const LIMIT: usize = 700;

/// Explores by both ways, and holds each against the reference.
fn agrees(sample: &Sample, limit: usize) {
    let schema = schema(&sample.world);
    let facts = facts(&schema, &sample.world, &sample.partial);
    let conditions = conditions(sample, &schema);
    let mut completions = 0;
    let expected = sample.question().answer(&sample.partial, limit, &part_of, |_, _| completions += 1);
    let expected = expected.unwrap_or_else(|| panic!("too many completions{}", sample.describe()));
    for (budget, counting) in [(DIAGRAM, false), (DIAGRAM, true), (SOLVER, false), (SOLVER, true)] {
        let mut problem = Problem::new(&schema, &facts, conditions.iter());
        if counting {
            problem = problem.counting_alike(conditions.iter());
        }
        let parts = partition(&mut problem, &conditions);
        if budget == SOLVER && completions > 2 * LIMIT {
            // A list of dates before and behind many days is slow going for it.
            continue;
        }
        let Ok(found) = problem.explore(&parts, budget) else {
            // Only an unknown date that windows are counted from may be too much, seldom.
            assert!(sample.describe().contains("q.a"), "not settled{}", sample.describe());
            return;
        };
        assert_eq!(summary(&schema, &found), expected, "{budget:?} {counting}{}", sample.describe());
        match found.next {
            Some(next) => assert!(found.matters.contains(&next), "the next question matters{}", sample.describe()),
            None => assert!(found.matters.is_empty(), "a question is open{}", sample.describe()),
        }
        witnesses(sample, &schema, &problem, &conditions, &found);
        for (part, formula) in parts.iter().enumerate() {
            let witness = problem.witness(*formula, &|_, _, _| 1, budget).unwrap();
            assert_eq!(witness.is_some(), found.possible[part], "a proof of what is possible{}", sample.describe());
            if let Some(witness) = witness {
                reaches(sample, &schema, &problem, &conditions, part, &witness);
            }
        }
    }
}

/// The witness leads to the part by the crate's own evaluation, both as it is and with whatever it leaves open stated somehow.
fn reaches(
    sample: &Sample,
    schema: &Schema,
    problem: &Problem<'_>,
    conditions: &[Condition],
    part: usize,
    witness: &[(Unknown, Candidate)],
) {
    let mut completed = problem.completed(witness);
    for full in [false, true] {
        if full {
            fill(schema, &mut completed);
        }
        let v = &schema.vocabulary;
        // What is marked incomplete and does not matter stays so; every other list is complete by now.
        let stays = |at: usize| {
            let list = ListId(at as u16);
            let stated = witness.iter().any(|(u, _)| *u == Unknown::Rest(list));
            !stated && sample.partial.open(sample.world.list(&v.full_name(FactId::List(list)))) && !completed.is_complete(list, v)
        };
        let open = !full || (0..v.list_count()).any(stays);
        for (at, condition) in conditions.iter().enumerate().take(part + 1) {
            let truth = condition.truth(v, &completed);
            let wanted = if at < part { Truth::False } else { Truth::True };
            assert!(
                truth == wanted || (open && truth == Truth::Unknown),
                "{witness:?} of {part} brings {truth:?} for {at}{}",
                sample.describe()
            );
        }
    }
}

/// Each witness reaches its result, whatever it leaves open.
fn witnesses(sample: &Sample, schema: &Schema, problem: &Problem<'_>, conditions: &[Condition], found: &Exploration) {
    for (part, witness) in found.witnesses.iter().enumerate() {
        assert_eq!(witness.is_some(), found.possible[part], "a witness for what is possible{}", sample.describe());
        let Some(witness) = witness else { continue };
        reaches(sample, schema, problem, conditions, part, witness);
        let mut partial = Partial::from_json(&sample.world, &problem.completed(witness).to_json(schema));
        partial.closed = sample.world.lists.iter().filter(|l| !sample.partial.open(l)).map(|l| l.name.clone()).collect();
        for (unknown, _) in witness {
            if let Unknown::Rest(list) = unknown {
                partial.closed.push(schema.vocabulary.full_name(FactId::List(*list)));
            }
        }
        if let Some(answer) = sample.question().answer(&partial, LIMIT, &part_of, |_, _| {}) {
            let only: std::collections::BTreeSet<usize> = [part].into();
            assert_eq!(answer.possible, only, "{witness:?}{}", sample.describe());
        }
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn one_condition(choices in tape()) {
        agrees(&sample(&mut Tape::new(choices), 1, Flavour::Mixed, LIMIT), LIMIT);
    }

    #[test]
    fn three_parts(choices in tape()) {
        agrees(&sample(&mut Tape::new(choices), 2, Flavour::Mixed, LIMIT), LIMIT);
    }

    #[test]
    fn five_parts(choices in tape()) {
        agrees(&sample(&mut Tape::new(choices), 4, Flavour::Mixed, LIMIT), LIMIT);
    }
}

proptest! {
    #![proptest_config(cases(800))]

    #[test]
    fn windows_from_an_unknown_date(choices in tape()) {
        agrees(&sample(&mut Tape::new(choices), 1, Flavour::Dates { anchors: 1 }, 3000), 3000);
    }

    #[test]
    fn windows_from_two_unknown_dates(choices in tape()) {
        agrees(&sample(&mut Tape::new(choices), 2, Flavour::Dates { anchors: 2 }, 3500), 3500);
    }
}

/// What random conditions hit too seldom.
#[test]
fn by_hand() {
    for condition in [
        "p.t0.startsWith('mx') && p.t0 != 'mx'",
        "p.t0.startsWith('us-') && p.t0 != 'us-' && !p.t0.startsWith('us-ca')",
        "p.t0.startsWith('\u{2026}') && p.t0 != '\u{2026}' || p.t0 == 'a'",
        "q.o0.is('CA PC 245') && q.o0 != 'CA PC 245' && !q.o0.is('CA PC 245(a)')",
        "q.o0.is('NCIC 1301') && q.o0 != 'NCIC 1301'",
        "q.o0.in_class('k0') && !q.o0.is('CA PC 245') && q.o0 != 'CA PC 187'",
        "p.i0 >= 0",
        "p.d0 > date('2020-02-29') && p.d0 < date('2020-03-01')",
        "p.d0 > date('2020-02-28') && p.d0 < date('2020-03-01')",
        "p.xs.exists(v, within_days(v.d, 365, q.a0) != within_years(v.d, 1, q.a0))",
        "p.xs.exists(v, within_days(v.d, 365, q.a0) != within_years(v.d, 1, q.a0) && v.d >= date('2020-02-29'))",
        "p.xs.exists(v, within_days(v.d, 366, q.a0) && !within_years(v.d, 1, q.a0) && v.d < date('2020-02-29'))",
        "p.xs.exists(v, within_days(v.d, 364, q.a0) && !within_years(v.d, 1, q.a0))",
        "p.xs.exists(v, v.d >= q.a1 && v.d < q.a0) && q.a1 > date('2022-06-01')",
        "p.xs.exists(v, v.d >= q.a1 && v.d < q.a0) && q.a0 < date('2019-06-01')",
        "p.xs.exists(v, v.d >= q.a1 && v.d < q.a0) && q.a0 <= date('2020-06-01') && q.a1 >= date('2020-05-31')",
        "p.xs.exists(v, v.d >= q.a1 && v.d < q.a0) && q.a0 <= date('2020-06-01') && q.a1 >= date('2020-06-01')",
        "p.xs.exists(v, p.xs.exists(w, w.b) && v.d == on) ? p.xs_full : r.ys.all(y, y.b == p.b0)",
    ] {
        agrees(&fixed(&[condition]), 500_000);
    }
}
