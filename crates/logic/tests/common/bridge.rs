//! The same vocabulary, conditions and cases, put to the crate under test.

use super::enumerate::Reference;
use super::generate::Sample;
use super::world::{Kind, Partial, World};
use comity_logic::*;
use serde::de::DeserializeSeed;
use std::collections::BTreeSet;

fn declared(kind: &Kind) -> Declared {
    match kind {
        Kind::Bool => Declared::Bool,
        Kind::Enum(values) => Declared::Enum(values.clone()),
        Kind::Int(min) => Declared::Int { min: *min },
        Kind::Date => Declared::Date,
        Kind::Text => Declared::Text,
        Kind::Offense => Declared::Offense,
    }
}

pub fn fact(name: &str, declared: Declared) -> Fact {
    Fact { name: name.to_owned(), declared, question: format!("{name}?") }
}

pub fn schema(world: &World) -> Schema {
    let mut facts: Vec<Fact> = world.scalars.iter().map(|(n, k)| fact(n, declared(k))).collect();
    for list in &world.lists {
        facts.push(fact(&list.name, Declared::List { of: list.record.clone(), complete: list.complete.clone() }));
        facts.extend(list.fields.iter().map(|(f, k)| fact(&format!("{}.{f}", list.record), declared(k))));
    }
    let mut schema = Schema { vocabulary: Vocabulary::new(&["sheriff"]), ..Schema::default() };
    schema.vocabulary.declare(&facts).unwrap();
    for (name, codes) in &world.classes {
        schema.classes.insert(name, codes).unwrap();
    }
    schema
}

pub fn read(schema: &Schema, json: &serde_json::Value) -> (Facts, Vec<FactMistake>) {
    let mut mistakes = Vec::new();
    let facts = FactsSeed { schema, mistakes: &mut mistakes }.deserialize(json).unwrap();
    (facts, mistakes)
}

pub fn facts(schema: &Schema, world: &World, partial: &Partial) -> Facts {
    let (mut facts, mistakes) = read(schema, &partial.json());
    assert_eq!(mistakes, []);
    let on = parse_date(&super::days::show(world.on)).unwrap();
    facts.set(Vocabulary::ON, Value::Date(on));
    facts.set(Vocabulary::AGENCY_KIND, Value::Enum(0));
    facts
}

pub fn conditions(sample: &Sample, schema: &Schema) -> Vec<Condition> {
    let mut terms = Terms::new();
    for (name, expr) in &sample.terms {
        terms.insert(name, expr.clone());
    }
    let scope = Scope { schema, terms: &terms };
    sample.conditions.iter().map(|e| compile(e, &scope).unwrap_or_else(|m| panic!("{e}: {m:?}"))).collect()
}

/// The reference's name of a missing fact.
pub fn name(schema: &Schema, unknown: Unknown) -> String {
    let v = &schema.vocabulary;
    let list_name = |list| v.full_name(FactId::List(list));
    match unknown {
        Unknown::Rest(list) => format!("{}[..]", list_name(list)),
        Unknown::Element(list, at, _) => format!("{}[{at}].{}", list_name(list), v.fact(unknown.fact()).name),
        _ => v.full_name(unknown.fact()),
    }
}

/// The conditions as a partition: the first that holds, or the last part if none does.
pub fn partition(problem: &mut Problem<'_>, conditions: &[Condition]) -> Vec<Formula> {
    let mut parts = Vec::new();
    let mut none = Formula::TRUE;
    for condition in conditions {
        let f = problem.residual(condition);
        parts.push(problem.and(&[none, f]));
        let not = problem.not(f);
        none = problem.and(&[none, not]);
    }
    parts.push(none);
    parts
}

/// Which part of [`partition`] the answers lead to.
pub fn part_of(answers: &[bool]) -> usize {
    answers.iter().position(|a| *a).unwrap_or(answers.len())
}

pub fn summary(schema: &Schema, found: &Exploration) -> Reference {
    let possible: BTreeSet<usize> = (0..found.possible.len()).filter(|n| found.possible[*n]).collect();
    Reference { possible, matters: found.matters.iter().map(|u| name(schema, *u)).collect() }
}

pub const DIAGRAM: Budget = Budget { nodes: 1_000_000, conflicts: 0 };
pub const SOLVER: Budget = Budget { nodes: 0, conflicts: 1_000_000 };

/// States whatever is still unknown, one value or another; what is given of a list stays all that is given.
pub fn fill(schema: &Schema, facts: &mut Facts) {
    let v = &schema.vocabulary;
    let any = |facts: &mut Facts, declared: &Declared| match declared {
        Declared::Bool => Value::Bool(true),
        Declared::Enum(values) => Value::Enum(values.len() as u8 - 1),
        Declared::Int { min } => Value::Int(min.unwrap_or(1)),
        Declared::Date => facts.scalar(Vocabulary::ON),
        other => facts.parse(schema, other, "CA PC 187").unwrap(),
    };
    for (at, fact) in v.scalars().iter().enumerate() {
        if facts.scalar(Slot(at as u16)) == Value::Unknown {
            let value = any(facts, &fact.declared);
            facts.set(Slot(at as u16), value);
        }
    }
    for at in 0..v.list_count() {
        let list = ListId(at as u16);
        if !facts.is_given(list) {
            facts.give(list);
        }
        let fields = &v.record(list).fields;
        for index in 0..facts.elements(list, fields.len()).len() {
            for (field, fact) in fields.iter().enumerate() {
                if facts.elements(list, fields.len()).nth(index).unwrap()[field] == Value::Unknown {
                    let value = any(facts, &fact.declared);
                    facts.set_field(list, fields.len(), index, Field(field as u16), value);
                }
            }
        }
    }
}
