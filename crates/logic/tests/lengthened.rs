//! A window that days of the element do not count towards: known, missing, and against plain counting.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "test code: a surprise is a failure")]

use comity_logic::{
    Budget, Condition, Date, Declared, Fact, FactId, Facts, Problem, Schema, Scope, Terms, Truth, Value, Vocabulary, compile, parse_date,
};

fn schema() -> Schema {
    let fact = |name: &str, declared: Declared| Fact { name: name.to_owned(), declared, question: format!("{name}?") };
    let mut vocabulary = Vocabulary::new(&["jail"]);
    let list = Declared::List { of: "x".to_owned(), complete: None };
    let facts =
        [fact("c.xs", list), fact("x.d", Declared::Date), fact("x.days", Declared::Int { min: Some(0) }), fact("c.arrest", Declared::Date)];
    vocabulary.declare(&facts).unwrap();
    Schema { vocabulary, classes: Default::default() }
}

fn condition(schema: &Schema) -> Condition {
    let expr = comity_cel::parse("c.xs.exists(v, within_years(v.d, 5, c.arrest, v.days))").unwrap();
    compile(&expr, &Scope { schema, terms: &Terms::new() }).unwrap()
}

fn case(schema: &Schema, arrest: Option<Date>, date: Option<Date>, days: Option<i64>) -> Facts {
    let v = &schema.vocabulary;
    let mut facts = Facts::new(v);
    facts.set(Vocabulary::ON, Value::Date(parse_date("2020-06-15").unwrap()));
    let Some(FactId::List(list)) = v.find("c.xs") else { unreachable!() };
    let Some(FactId::Scalar(slot)) = v.find("c.arrest") else { unreachable!() };
    facts.set(slot, arrest.map_or(Value::Unknown, Value::Date));
    facts.push(list, 2);
    let record = v.record(list);
    facts.set_field(list, 2, 0, record.field("d").unwrap(), date.map_or(Value::Unknown, Value::Date));
    facts.set_field(list, 2, 0, record.field("days").unwrap(), days.map_or(Value::Unknown, Value::Int));
    facts
}

/// What is possible, and which facts matter.
fn explored(schema: &Schema, facts: &Facts) -> (Vec<bool>, Vec<String>) {
    let condition = condition(schema);
    let mut problem = Problem::new(schema, facts, std::iter::once(&condition));
    let yes = problem.residual(&condition);
    let no = problem.not(yes);
    let found = problem.explore(&[yes, no], Budget::default()).unwrap();
    // Every witness is a real case that brings its result.
    for (result, witness) in found.witnesses.iter().enumerate() {
        if let Some(witness) = witness {
            let truth = condition.truth(&schema.vocabulary, &problem.completed(witness));
            let wanted = if result == 0 { Truth::True } else { Truth::False };
            assert_eq!(truth, wanted, "{witness:?}");
        }
    }
    let mut names: Vec<String> = found.matters.iter().map(|u| schema.vocabulary.full_name(u.fact())).collect();
    names.sort();
    names.dedup();
    (found.possible, names)
}

#[test]
fn known_days_lengthen_the_window_by_themselves() {
    let schema = schema();
    let arrest = parse_date("2016-03-10").unwrap();
    // Five years back is 2011-03-10; the date lies so many days before it.
    for short in [0, 1, 2, 30, 400] {
        let date = parse_date("2011-03-10").unwrap().checked_sub(jiff::Span::new().days(short)).unwrap();
        for days in [0, 1, 2, 29, 30, 31, 399, 400, 401] {
            let facts = case(&schema, Some(arrest), Some(date), Some(days));
            let wanted = if days >= short { Truth::True } else { Truth::False };
            assert_eq!(condition(&schema).truth(&schema.vocabulary, &facts), wanted, "{short} days before, {days} not counted");
        }
    }
}

#[test]
fn what_is_missing_is_asked_where_it_matters() {
    let schema = schema();
    let (arrest, inside, before) = (parse_date("2016-03-10"), parse_date("2011-03-10"), parse_date("2011-03-09"));
    let ask = |a, d, n| explored(&schema, &case(&schema, a, d, n));
    let both = vec![true, true];
    assert_eq!(ask(arrest, inside, None), (vec![true, false], vec![]));
    assert_eq!(ask(arrest, before, None), (both.clone(), vec!["c.xs[].days".to_owned()]));
    assert_eq!(ask(arrest, None, Some(40)), (both.clone(), vec!["c.xs[].d".to_owned()]));
    assert_eq!(ask(None, before, Some(40)), (both.clone(), vec!["c.arrest".to_owned()]));
    assert_eq!(ask(arrest, None, None), (both.clone(), vec!["c.xs[].d".to_owned(), "c.xs[].days".to_owned()]));
    assert_eq!(ask(None, before, None), (both.clone(), vec!["c.arrest".to_owned(), "c.xs[].days".to_owned()]));
    assert_eq!(ask(None, None, None), (both, vec!["c.arrest".to_owned(), "c.xs[].d".to_owned(), "c.xs[].days".to_owned()]));
}
