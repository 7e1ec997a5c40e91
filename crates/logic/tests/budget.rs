//! Hostile law and hostile cases: an exact answer or none, in bounded time, and never a panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

mod common;

use comity_logic::*;
use common::bridge::{DIAGRAM, SOLVER, fact, part_of, partition, read, summary};
use common::generate::{Flavour, sample};
use common::{Tape, cases, tape};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn schema() -> Schema {
    let mut declared: Vec<Fact> = (0..60).map(|n| fact(&format!("p.b{n}"), Declared::Bool)).collect();
    declared.extend((0..8).map(|n| fact(&format!("q.d{n}"), Declared::Date)));
    declared.push(fact("r.xs", Declared::List { of: "x".to_owned(), complete: Some("r.full".to_owned()) }));
    declared.push(fact("r.full", Declared::Bool));
    declared.push(fact("x.n", Declared::Int { min: Some(0) }));
    declared.push(fact("x.b", Declared::Bool));
    declared.push(fact("x.d", Declared::Date));
    let mut schema = Schema::default();
    schema.vocabulary.declare(&declared).unwrap();
    schema
}

fn compiled(schema: &Schema, source: &str) -> Condition {
    let terms = Terms::new();
    compile(&comity_cel::parse(source).unwrap(), &Scope { schema, terms: &terms }).unwrap()
}

fn stated(schema: &Schema, json: Json) -> Facts {
    let (mut facts, mistakes) = read(schema, &json);
    assert_eq!(mistakes, []);
    facts.set(Vocabulary::ON, Value::Date(parse_date("2020-02-29").unwrap()));
    facts
}

/// Explores whether each condition or else none is the first to hold.
fn explored(sources: &[String], json: Json, budget: Budget) -> Result<Exploration, Unsettled> {
    let schema = schema();
    let facts = stated(&schema, json);
    let conditions: Vec<Condition> = sources.iter().map(|s| compiled(&schema, s)).collect();
    let mut problem = Problem::new(&schema, &facts, conditions.iter());
    let parts = partition(&mut problem, &conditions);
    problem.explore(&parts, budget)
}

/// Long conjunctions and disjunctions over a few dozen facts, from a tape.
fn clauses(tape: &mut Tape, norms: usize, facts: usize) -> Vec<String> {
    let literal = |tape: &mut Tape| format!("{}p.b{}", if tape.chance(50) { "!" } else { "" }, tape.pick(facts));
    let clause = |tape: &mut Tape| format!("({})", (0..3).map(|_| literal(tape)).collect::<Vec<_>>().join(" || "));
    (0..norms).map(|_| (0..6).map(|_| clause(tape)).collect::<Vec<_>>().join(" && ")).collect()
}

proptest! {
    #![proptest_config(cases(5))]

    /// Too large for the diagram, and perhaps for the solver: what both claim is the same.
    #[test]
    fn many_norms_over_many_facts(choices in proptest::collection::vec(any::<u16>(), 1200..1201)) {
        let sources = clauses(&mut Tape::new(common::Choices(choices)), 32, 60);
        let small = explored(&sources, json!({}), Budget { nodes: 3_000, conflicts: 300 });
        let tiny = explored(&sources, json!({}), Budget { nodes: 0, conflicts: 200 });
        if let (Ok(a), Ok(b)) = (small, tiny) {
            prop_assert_eq!(a.possible, b.possible);
            prop_assert_eq!(a.matters, b.matters);
        }
    }
}

proptest! {
    #![proptest_config(cases(150))]

    /// Whatever the budget, an answer that is given is the exact one.
    #[test]
    fn any_budget_is_exact_or_silent(choices in tape(), nodes in 0usize..60, conflicts in 0u64..6) {
        let sample = sample(&mut Tape::new(choices), 3, Flavour::Mixed, 300);
        let schema = common::bridge::schema(&sample.world);
        let facts = common::bridge::facts(&schema, &sample.world, &sample.partial);
        let conditions = common::bridge::conditions(&sample, &schema);
        let mut problem = Problem::new(&schema, &facts, conditions.iter());
        let parts = partition(&mut problem, &conditions);
        if let Ok(found) = problem.explore(&parts, Budget { nodes, conflicts }) {
            let expected = sample.question().answer(&sample.partial, 300, &part_of, |_, _| {}).unwrap();
            prop_assert_eq!(summary(&schema, &found), expected, "{}", sample.describe());
        }
    }
}

#[test]
fn two_hundred_quantifiers_over_one_list() {
    for count in [3, 10, 200] {
        let sources: Vec<String> = (0..count).map(|n| format!("r.xs.exists(c, c.n == {n} && c.b)")).collect();
        let found = explored(&[sources.join(" || ")], json!({}), Budget::default());
        assert_eq!(found.is_ok(), count < 200, "{count}");
        if let Ok(found) = found {
            assert_eq!(found.possible, [true, true]);
        }
    }
    // One after the other tells only how far the numbers go.
    let sources: Vec<String> = (0..60).map(|n| format!("r.xs.exists(c, c.n >= {n})")).collect();
    let found = explored(&[sources.join(" && ")], json!({}), Budget::default()).unwrap();
    assert_eq!((found.possible, found.matters.len()), (vec![true, true], 1));
}

#[test]
fn counts_to_a_thousand() {
    let count = |n: usize| vec![format!("r.xs.filter(c, c.b).size() >= {n}")];
    for budget in [DIAGRAM, SOLVER] {
        let found = explored(&count(1000), json!({}), budget).unwrap();
        assert_eq!(found.possible, [true, true]);
        assert_eq!(found.witnesses[0].as_ref().unwrap().len(), 1);
    }
    // Two such counts are past the budget, and a thousand elements of which nothing is known as well.
    let both = vec!["r.xs.filter(c, c.b).size() >= 1000 && r.xs.filter(c, c.n > 3).size() >= 1000".to_owned()];
    assert_eq!(explored(&both, json!({}), Budget::default()), Err(Unsettled));
    let elements = |n: usize, element: Json| json!({"r": {"xs": vec![element; n]}});
    let _ = explored(&count(1000), elements(3_000, json!({})), Budget::default());
    let found = explored(&count(1000), elements(1_000, json!({"b": true})), Budget::default()).unwrap();
    assert_eq!(found.possible, [true, false]);
}

#[test]
fn ten_thousand_elements_of_which_nothing_is_known() {
    let elements = json!({"r": {"xs": vec![json!({}); 10_000]}});
    for source in
        ["r.xs.exists(c, c.b)", "r.xs.all(c, c.b && c.n > 2)", "r.xs.exists_one(c, c.n == 7)", "r.xs.exists(c, r.xs.exists(d, d.b) && c.b)"]
    {
        for budget in [Budget::default(), Budget { nodes: 100, conflicts: 10 }] {
            if let Ok(found) = explored(&[source.to_owned()], elements.clone(), budget) {
                assert_eq!(found.possible, [true, true], "{source}");
            }
        }
    }
}

#[test]
fn many_facts_inside_a_quantifier() {
    let all = |n: usize| (0..n).map(|n| format!("(p.b{n} ? c.n > {n} : c.b)")).collect::<Vec<_>>().join(" && ");
    for (count, settled) in [(3, true), (40, false)] {
        let found = explored(&[format!("r.xs.exists(c, {})", all(count))], json!({}), Budget::default());
        assert_eq!(found.is_ok(), settled, "{count}");
    }
}

#[test]
fn many_dates_that_windows_are_counted_from() {
    for count in 1..=8 {
        let sources: Vec<String> = (0..count).map(|n| format!("r.xs.exists(c, within_days(c.d, {}, q.d{n}))", n * 30)).collect();
        let found = explored(&sources, json!({}), Budget { nodes: 20_000, conflicts: 2_000 });
        assert!(count > 1 || found.is_ok());
        let years: Vec<String> = (0..count).map(|n| format!("r.xs.exists(c, within_years(c.d, {}, q.d{n}) && c.b)", n + 1)).collect();
        // Two unknown dates and years: it is not claimed that a few days tell.
        assert_eq!(explored(&[years.join(" || ")], json!({}), Budget { nodes: 20_000, conflicts: 2_000 }).is_ok(), count == 1);
    }
    let known = json!({"q": {"d0": "2019-05-05", "d2": "2018-01-01"}});
    let sources = vec!["r.xs.exists(c, within_years(c.d, 5, q.d0) || within_years(c.d, 7, q.d1) || within_years(c.d, 8, q.d2))".to_owned()];
    assert_eq!(explored(&sources, known, Budget::default()).unwrap().possible, [true, true]);
}

#[test]
fn deep_nesting() {
    let deep = (0..90)
        .fold("p.b0".to_owned(), |e, n| if n % 2 == 0 { format!("(p.b{} || {e})", n % 60) } else { format!("(p.b{} && {e})", n % 60) });
    let long = (0..250).map(|n| format!("(p.b{} == p.b{})", n % 60, n * 7 % 60)).collect::<Vec<_>>().join(" && ");
    let chain = (0..40).fold("p.b0".to_owned(), |e, n| format!("(p.b{} ? {e} : p.b{})", n % 60, n * 11 % 60));
    for source in [deep, long] {
        for budget in [Budget::default(), SOLVER] {
            let found = explored(std::slice::from_ref(&source), json!({}), budget).unwrap();
            assert_eq!(found.possible, [true, true]);
        }
    }
    // Each `?:` has its branches twice over: past some depth that is refused, before it is built.
    let terms = Terms::new();
    let schema = schema();
    assert!(compile(&comity_cel::parse(&chain).unwrap(), &Scope { schema: &schema, terms: &terms }).is_err());
}
