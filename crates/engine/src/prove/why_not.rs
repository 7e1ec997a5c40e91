//! Which facts would have to be otherwise for another outcome: the nearest such cases.
//!
//! First the fewest stated facts to change, with everything that is missing free to be learnt; then, beside these changes, the fewest missing facts to learn.

use super::smallest::Goal;
use super::witness::{of, settled};
use crate::case::Case;
use crate::decide::{conditions, may_fire};
use crate::determination::Determination;
use crate::resolve::{OUTCOMES, formulas};
use crate::stack::{Stack, identity};
use comity_law::{ActionId, Outcome};
use comity_logic::{Budget, Candidate, FactId, Facts, Field, Formula, ListId, Problem, Unknown, Unsettled, Value, Witness};
use serde_json::{Map, Value as Json};

/// A fact that would have to be otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its name; of an element of a list with the element's position.
    pub fact: String,
    /// What it is now.
    pub is: String,
    /// What it would have to be.
    pub would_be: String,
    /// The case does not state it now: it would only have to be found out.
    pub missing: bool,
}

/// The nearest case with another outcome.
#[derive(Clone, Debug)]
pub struct Otherwise {
    /// The outcome.
    pub outcome: Outcome,
    /// What would have to be otherwise; never empty.
    pub changes: Vec<Changed>,
    /// The facts of the case with these changes.
    pub facts: Map<String, Json>,
    /// What the engine says then.
    pub determination: Determination,
}

/// What it costs to change a fact that the case states, and to learn one that it does not.
const CHANGE: u64 = 1_000_000;
const LEARN: u64 = 1_000;

/// For each other outcome that any case reaches: the nearest case that reaches it. Elements of a list are taken away only where nothing else leads there.
///
/// # Errors
/// When a search does not end within its budget.
pub fn why_not(stack: &Stack<'_>, case: &Case, action: ActionId) -> Result<Vec<Otherwise>, Unsettled> {
    let now = stack.decide(action, &case.facts, &case.times)?.outcome;
    let stated = stack.made_ready(&case.facts);
    let mut found = Vec::new();
    for outcome in OUTCOMES.into_iter().filter(|o| *o != now) {
        for keep_elements in [true, false] {
            if let Some(otherwise) = nearest(stack, action, (&case.facts, &stated), outcome, keep_elements)? {
                found.push(otherwise);
                break;
            }
        }
    }
    found.sort_by_key(|o| (o.changes.iter().filter(|c| !c.missing).count(), o.changes.len()));
    Ok(found)
}

/// The nearest case with the outcome; `given` is what the case says, `stated` has what is settled as well.
fn nearest(
    stack: &Stack<'_>,
    action: ActionId,
    (given, stated): (&Facts, &Facts),
    outcome: Outcome,
    keep_elements: bool,
) -> Result<Option<Otherwise>, Unsettled> {
    let (schema, slice) = (&stack.law.schema, stack.slice(action));
    let vocabulary = &schema.vocabulary;
    let formula = |problem: &mut Problem<'_>| -> Formula {
        let items = may_fire(problem, slice);
        of(outcome, &formulas(problem, slice, &items))
    };
    let cost = |unknown: Unknown, candidate: &Candidate, is_stated: bool| match (unknown, candidate) {
        _ if is_stated => 0,
        (Unknown::Rest(list), Candidate::List(elements)) => {
            let price = if stated.is_complete(list, vocabulary) || (!keep_elements && stated.is_given(list)) { CHANGE } else { LEARN };
            // That a complete list has no more elements is as the case states it.
            let kept = keep_elements && price == CHANGE;
            price * (elements.len() as u64 + u64::from(!kept)) + elements.iter().map(|e| e.len() as u64).sum::<u64>()
        }
        _ if now(stack, stated, unknown) == Value::Unknown => LEARN,
        _ => CHANGE,
    };
    let open = opened(stack, stated, keep_elements);
    let mut problem = Problem::new(schema, &open, conditions(slice)).near(stated);
    let wanted = formula(&mut problem);
    let Some(witness) = problem.witness(wanted, &cost, Budget::default())? else { return Ok(None) };

    let changes: Witness = witness.into_iter().filter(|(u, c)| is_change(stack, stated, *u, c, keep_elements)).collect();
    let mut base = stated.clone();
    for (unknown, _) in &changes {
        if let (Unknown::Rest(list), false) = (unknown, keep_elements) {
            base.forget(*list);
        }
    }
    let changed = Problem::new(schema, &base, conditions(slice)).completed(&changes);
    let learn = |unknown, candidate: &Candidate| cost(unknown, candidate, false).min(CHANGE);
    let goal = Goal { schema, start: &changed, conditions: conditions(slice).collect(), formula: &formula, cost: &learn };
    let Some(learnt) = goal.smallest()? else { return Err(Unsettled) };
    let mut facts = Problem::new(schema, &changed, conditions(slice)).completed(&learnt);
    for (unknown, _) in changes.iter().chain(&learnt) {
        // A list of which all is said now is complete, whatever the case said before.
        if let Unknown::Rest(list) = unknown
            && let Some(slot) = vocabulary.complete_fact(*list)
            && facts.scalar(slot) == Value::Bool(false)
        {
            facts.set(slot, Value::Bool(true));
        }
    }
    for (slot, value) in settled(stack) {
        if facts.scalar(slot) == value && given.scalar(slot) == Value::Unknown {
            facts.set(slot, Value::Unknown);
        }
    }
    let determination = stack.decide(action, &facts, &crate::case::Times::default())?;
    if determination.outcome != outcome {
        return Err(Unsettled);
    }
    let changes = changes.iter().chain(&learnt).map(|(u, c)| show(stack, stated, *u, c, keep_elements)).collect();
    Ok(Some(Otherwise { outcome, changes, facts: facts.to_json(schema), determination }))
}

/// The case with every fact left open that it states: lists keep the number of their elements, and may have more.
fn opened(stack: &Stack<'_>, stated: &Facts, keep_elements: bool) -> Facts {
    let vocabulary = &stack.law.schema.vocabulary;
    let mut open = identity(&stack.law.schema, &stack.agency, stack.on);
    for at in (0..vocabulary.list_count()).filter(|_| keep_elements) {
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

/// What the case states of a fact.
fn now(stack: &Stack<'_>, stated: &Facts, unknown: Unknown) -> Value {
    match unknown {
        Unknown::Scalar(slot) => stated.scalar(slot),
        Unknown::Element(list, index, field) => {
            let width = stack.law.schema.vocabulary.record(list).fields.len();
            stated.elements(list, width).nth(index).map_or(Value::Unknown, |e| e[field.0 as usize])
        }
        Unknown::Rest(_) | Unknown::Alike(..) | Unknown::Field(..) => Value::Unknown,
    }
}

/// Whether the witness has a stated fact otherwise than the case.
fn is_change(stack: &Stack<'_>, stated: &Facts, unknown: Unknown, candidate: &Candidate, keep_elements: bool) -> bool {
    match (now(stack, stated, unknown), unknown, candidate) {
        (_, Unknown::Rest(list), Candidate::List(elements)) if keep_elements => {
            stated.is_complete(list, &stack.law.schema.vocabulary) && !elements.is_empty()
        }
        (_, Unknown::Rest(list), _) => stated.is_given(list),
        (Value::Unknown, ..) => false,
        (value, _, Candidate::Text(text)) => stated.as_text(value) != Some(text),
        (value, _, Candidate::Value(other)) => value != *other,
        (_, _, Candidate::List(_)) => false,
    }
}

fn show(stack: &Stack<'_>, stated: &Facts, unknown: Unknown, candidate: &Candidate, keep_elements: bool) -> Changed {
    let vocabulary = &stack.law.schema.vocabulary;
    let fact = match unknown {
        Unknown::Element(list, index, field) => {
            let name = vocabulary.full_name(FactId::List(list));
            format!("{name}[{index}].{}", vocabulary.fact(FactId::Field(list, field)).name)
        }
        other => vocabulary.full_name(other.fact()),
    };
    if let (Unknown::Rest(list), Candidate::List(elements)) = (unknown, candidate) {
        let more = keep_elements && stated.is_given(list);
        let lead = if more { "one more" } else { "one" };
        let shown: Vec<String> = elements.iter().map(|e| element(stack, list, e, lead)).collect();
        let would_be = match (shown.is_empty(), more) {
            (true, true) => "no more than stated".to_owned(),
            (true, false) => "none".to_owned(),
            (false, _) => format!("with {}", shown.join(" and ")),
        };
        let missing = !stated.is_given(list);
        let is = if missing { "unknown" } else { "as stated" };
        return Changed { fact, is: is.to_owned(), would_be, missing: missing || (more && !stated.is_complete(list, vocabulary)) };
    }
    let is = now(stack, stated, unknown);
    Changed {
        fact,
        is: stated.show(vocabulary, unknown.fact(), is),
        would_be: shown(stack, unknown.fact(), candidate),
        missing: is == Value::Unknown,
    }
}

fn shown(stack: &Stack<'_>, id: FactId, candidate: &Candidate) -> String {
    let vocabulary = &stack.law.schema.vocabulary;
    match candidate {
        // The made-up text that stands for every text that no test knows.
        Candidate::Text(text) if text.contains('\u{2026}') => "something else".to_owned(),
        Candidate::Text(text) => text.clone(),
        Candidate::Value(value) => Facts::new(vocabulary).show(vocabulary, id, *value),
        Candidate::List(_) => String::new(),
    }
}

fn element(stack: &Stack<'_>, list: ListId, fields: &[(Field, Candidate)], lead: &str) -> String {
    let vocabulary = &stack.law.schema.vocabulary;
    let field = |(field, candidate): &(Field, Candidate)| {
        let id = FactId::Field(list, *field);
        format!("{} = {}", vocabulary.fact(id).name, shown(stack, id, candidate))
    };
    let fields: Vec<String> = fields.iter().map(field).collect();
    format!("{lead} ({})", fields.join(", "))
}
