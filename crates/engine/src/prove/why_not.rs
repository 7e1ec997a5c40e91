//! Which facts would have to be otherwise for another outcome: the nearest such cases.

use super::witness::replay;
use crate::case::Case;
use crate::decide::{conditions, may_fire};
use crate::determination::Determination;
use crate::resolve::{OUTCOMES, formulas};
use crate::stack::Stack;
use comity_law::{ActionId, Outcome};
use comity_logic::{Budget, Candidate, FactId, Facts, Field, ListId, Problem, Slot, Unknown, Unsettled, Value, Vocabulary};

/// The nearest case with another outcome.
#[derive(Clone, Debug)]
pub struct Otherwise {
    /// The outcome.
    pub outcome: Outcome,
    /// What would have to be otherwise: the fact, what it is now, and what it would be. Empty lists of changes do not occur.
    pub changes: Vec<(String, String, String)>,
    /// What the engine says then.
    pub determination: Determination,
}

/// For each other outcome that any case reaches: the nearest case that reaches it, by the number of facts that would have to be otherwise.
///
/// # Errors
/// When a search does not end within its budget.
pub fn why_not(stack: &Stack<'_>, case: &Case, action: ActionId) -> Result<Vec<Otherwise>, Unsettled> {
    let schema = &stack.law.schema;
    let stated = stack.made_ready(&case.facts);
    let now = stack.decide(action, &case.facts, &case.times)?.outcome;
    let open = opened(stack, &stated);
    let slice = stack.slice(action);
    let mut problem = Problem::new(schema, &open, conditions(slice)).near(&stated);
    let items = may_fire(&mut problem, slice);
    let results = formulas(&mut problem, slice, &items);
    let cost = |unknown: Unknown, candidate: &Candidate, is_stated: bool| -> u64 {
        match (unknown, candidate) {
            _ if is_stated => 0,
            (Unknown::Rest(_), Candidate::List(elements)) => elements.iter().map(|e| 30 + e.len() as u64).sum(),
            // To learn a missing fact is nearer than to change a known one.
            _ if value_now(&stated, schema, unknown) == Value::Unknown => 5,
            _ => 20,
        }
    };
    let mut found = Vec::new();
    for (outcome, when) in OUTCOMES.iter().zip(results).filter(|(o, _)| **o != now) {
        let Some(witness) = problem.witness(when, &cost, Budget::default())? else { continue };
        let mut facts = problem.completed(&witness);
        restore(&mut facts, &stated, stack, &witness);
        let Some(determination) = replay(stack, slice, &facts) else { return Err(Unsettled) };
        if determination.outcome != *outcome {
            return Err(Unsettled);
        }
        found.push(Otherwise { outcome: *outcome, changes: changes(stack, &stated, &facts, &witness), determination });
    }
    found.sort_by_key(|o| o.changes.len());
    Ok(found)
}

/// The case with every fact left open that it states: lists keep the number of their elements, and may have more.
fn opened(stack: &Stack<'_>, stated: &Facts) -> Facts {
    let vocabulary = &stack.law.schema.vocabulary;
    let mut open = crate::stack::identity(&stack.law.schema, &stack.agency, stack.on);
    for at in 0..vocabulary.list_count() {
        let list = ListId(at as u16);
        let width = vocabulary.record(list).fields.len();
        if stated.is_given(list) {
            open.give(list);
            for _ in stated.elements(list, width) {
                open.push(list, width);
            }
            if let Some(slot) = vocabulary.complete_fact(list) {
                open.set(slot, Value::Bool(false));
            }
        }
    }
    open
}

fn value_now(stated: &Facts, schema: &comity_logic::Schema, unknown: Unknown) -> Value {
    match unknown {
        Unknown::Scalar(slot) => stated.scalar(slot),
        Unknown::Element(list, index, field) => {
            let width = schema.vocabulary.record(list).fields.len();
            stated.elements(list, width).nth(index).map_or(Value::Unknown, |e| e[field.0 as usize])
        }
        Unknown::Rest(_) | Unknown::Field(..) => Value::Unknown,
    }
}

/// What the witness does not speak of is as the case states it.
fn restore(facts: &mut Facts, stated: &Facts, stack: &Stack<'_>, witness: &[(Unknown, Candidate)]) {
    let vocabulary = &stack.law.schema.vocabulary;
    let spoken = |unknown: Unknown| witness.iter().any(|(u, _)| *u == unknown);
    let complete: Vec<Slot> = (0..vocabulary.list_count()).filter_map(|l| vocabulary.complete_fact(ListId(l as u16))).collect();
    for at in 0..vocabulary.scalars().len() {
        let slot = Slot(at as u16);
        if slot > Vocabulary::AGENCY_NAME && !spoken(Unknown::Scalar(slot)) && !complete.contains(&slot) {
            let value = carried(facts, stated, stated.scalar(slot));
            facts.set(slot, value);
        }
    }
    for at in 0..vocabulary.list_count() {
        let list = ListId(at as u16);
        let width = vocabulary.record(list).fields.len();
        let elements: Vec<Vec<Value>> = stated.elements(list, width).map(<[Value]>::to_vec).collect();
        for (index, element) in elements.iter().enumerate() {
            for (at, value) in element.iter().enumerate() {
                let field = Field(at as u16);
                if !spoken(Unknown::Element(list, index, field)) {
                    let value = carried(facts, stated, *value);
                    facts.set_field(list, width, index, field, value);
                }
            }
        }
        if let Some(slot) = vocabulary.complete_fact(list)
            && !spoken(Unknown::Rest(list))
        {
            facts.set(slot, stated.scalar(slot));
        }
    }
}

/// A value of one case in another: texts are kept by each case for itself.
fn carried(facts: &mut Facts, stated: &Facts, value: Value) -> Value {
    match value {
        Value::Text(_) => facts.copy_text(stated, value),
        other => other,
    }
}

fn changes(stack: &Stack<'_>, stated: &Facts, facts: &Facts, witness: &[(Unknown, Candidate)]) -> Vec<(String, String, String)> {
    let schema = &stack.law.schema;
    let vocabulary = &schema.vocabulary;
    let mut changes = Vec::new();
    for (unknown, candidate) in witness {
        let name = match unknown {
            Unknown::Element(list, index, field) => {
                let list_name = vocabulary.full_name(FactId::List(*list));
                format!("{list_name}[{index}].{}", vocabulary.fact(FactId::Field(*list, *field)).name)
            }
            other => vocabulary.full_name(other.fact()),
        };
        if let Candidate::List(elements) = candidate {
            if !elements.is_empty() {
                let shown: Vec<String> = elements.iter().map(|e| element(stack, *unknown, e)).collect();
                changes.push((name, "as stated".to_owned(), format!("with {}", shown.join(" and "))));
            }
            continue;
        }
        let was = value_now(stated, schema, *unknown);
        let is = value_now(facts, schema, *unknown);
        let (was, mut is) = (stated.show(vocabulary, unknown.fact(), was), facts.show(vocabulary, unknown.fact(), is));
        // The made-up text that stands for every text that no test knows.
        if is.contains('\u{2026}') {
            is = "something else".to_owned();
        }
        if was != is {
            changes.push((name, was, is));
        }
    }
    changes
}

fn element(stack: &Stack<'_>, unknown: Unknown, fields: &[(Field, Candidate)]) -> String {
    let Unknown::Rest(list) = unknown else { return String::new() };
    let vocabulary = &stack.law.schema.vocabulary;
    let scratch = Facts::new(vocabulary);
    let shown: Vec<String> = fields
        .iter()
        .map(|(field, candidate)| {
            let id = FactId::Field(list, *field);
            let value = match candidate {
                Candidate::Text(text) => text.clone(),
                Candidate::Value(value) => scratch.show(vocabulary, id, *value),
                Candidate::List(_) => String::new(),
            };
            format!("{} = {value}", vocabulary.fact(id).name)
        })
        .collect();
    format!("one more ({})", shown.join(", "))
}
