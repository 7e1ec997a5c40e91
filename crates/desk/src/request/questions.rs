//! What to ask next, and what an answer does to a case.

use super::sheet::{Asked, Sheet};
use comity_engine::{Case, Determination, Question};
use comity_law::{Law, Outcome};
use comity_logic::{Declared, FactId, ListId, Value};

/// A question to a person.
#[derive(Clone, Debug)]
pub(crate) struct Asking {
    pub(crate) asked: Asked,
    pub(crate) question: String,
    /// The type in the vocabulary's words.
    pub(crate) kind: Kind,
    /// The norms that turn on it: citation and what they say.
    pub(crate) why: Vec<(String, String)>,
}

/// How a question is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    YesNo,
    OneOf(Vec<String>),
    Number,
    Day,
    Text,
    Offense,
    /// Whether there is an element at all, or another one.
    List {
        begun: bool,
    },
}

/// All questions that still matter and were not answered with "not known yet", the best first.
pub(crate) fn open(law: &Law, case: &Case, sheet: &Sheet, found: &[Determination]) -> Vec<Asking> {
    let mut out: Vec<Asking> = Vec::new();
    for d in found.iter().filter(|d| d.outcome == Outcome::Undetermined) {
        let best = d.missing.iter().filter(|q| Some(&q.fact) == d.next.as_ref());
        let rest = d.missing.iter().filter(|q| Some(&q.fact) != d.next.as_ref());
        for question in best.chain(rest) {
            let places = if question.elements.is_empty() { vec![None] } else { question.elements.iter().copied().map(Some).collect() };
            for element in places {
                let asked = (question.fact.clone(), element);
                if !sheet.unknown.contains(&asked)
                    && !out.iter().any(|a| a.asked == asked)
                    && let Some(asking) = asking(law, case, &asked, &reasons(d, question))
                {
                    out.push(asking);
                }
            }
        }
    }
    out
}

/// A question about a fact, whether it still matters or not.
pub(crate) fn asking(law: &Law, case: &Case, asked: &Asked, why: &[(String, String)]) -> Option<Asking> {
    let vocabulary = &law.schema.vocabulary;
    let id = vocabulary.find(&asked.0)?;
    let fact = vocabulary.fact(id);
    let kind = match &fact.declared {
        Declared::Bool => Kind::YesNo,
        Declared::Enum(values) => Kind::OneOf(values.clone()),
        Declared::Int { .. } => Kind::Number,
        Declared::Date => Kind::Day,
        Declared::Text => Kind::Text,
        Declared::Offense => Kind::Offense,
        Declared::List { .. } => match id {
            FactId::List(list) => Kind::List { begun: case.facts.is_given(list) },
            _ => return None,
        },
    };
    if matches!(id, FactId::Field(..)) != asked.1.is_some() {
        return None;
    }
    Some(Asking { asked: asked.clone(), question: fact.question.clone(), kind, why: why.to_vec() })
}

/// The norms that turn on a question.
fn reasons(d: &Determination, question: &Question) -> Vec<(String, String)> {
    let all = d.open.iter().chain(&d.because).chain(&d.beside).chain(d.gave_way.iter().map(|g| &g.ground));
    let mut found: Vec<(String, String)> =
        all.filter(|g| question.why.contains(&g.norm)).map(|g| (g.cite.clone(), g.says.clone())).collect();
    found.dedup();
    found
}

/// Which element of which list a question is about: "Conviction 2".
pub(crate) fn of(asked: &Asked) -> Option<String> {
    let at = asked.1?;
    let list = asked.0.split("[]").next()?.rsplit('.').next()?.trim_end_matches('s').replace('_', " ");
    Some(format!("{} {}", crate::page::parts::capital(&list), at + 1))
}

/// Puts an answer into a case.
///
/// # Errors
/// Says what is expected instead.
pub(crate) fn apply(law: &Law, case: &mut Case, asked: &Asked, text: &str) -> Result<(), String> {
    let vocabulary = &law.schema.vocabulary;
    let id = vocabulary.find(&asked.0).ok_or_else(|| format!("there is no fact `{}`", asked.0))?;
    let declared = &vocabulary.fact(id).declared;
    if let FactId::List(list) = id {
        return answer_list(law, case, list, text);
    }
    let value = case.facts.parse(&law.schema, declared, text).map_err(|why| plain(declared, why))?;
    match (id, asked.1) {
        (FactId::Scalar(slot), None) => case.facts.set(slot, value),
        (FactId::Field(list, field), Some(at)) => {
            let width = vocabulary.record(list).fields.len();
            if at >= case.facts.elements(list, width).count() {
                return Err("there is no such entry in the list".to_owned());
            }
            case.facts.set_field(list, width, at, field, value);
        }
        _ => return Err("this cannot be answered here".to_owned()),
    }
    Ok(())
}

/// A mistake in the words of the page.
fn plain(declared: &Declared, why: String) -> String {
    match declared {
        Declared::Bool | Declared::Enum(_) => "Choose one of the answers, or “Not known yet”".to_owned(),
        _ => crate::page::parts::capital(&why),
    }
}

/// A list is told element by element: until "no more" it is not complete.
fn answer_list(law: &Law, case: &mut Case, list: ListId, text: &str) -> Result<(), String> {
    let vocabulary = &law.schema.vocabulary;
    let complete = vocabulary.complete_fact(list);
    let facts = &mut case.facts;
    match text {
        "none" if !facts.is_given(list) => facts.give(list),
        "one" | "another" if facts.is_given(list) == (text == "another") => {
            if facts.elements(list, vocabulary.record(list).fields.len()).count() >= 200 {
                return Err("A list has at most 200 entries here".to_owned());
            }
            facts.push(list, vocabulary.record(list).fields.len());
            if let Some(slot) = complete {
                facts.set(slot, Value::Bool(false));
            }
        }
        "no more" if facts.is_given(list) => {
            if let Some(slot) = complete {
                facts.set(slot, Value::Bool(true));
            }
        }
        _ => return Err("Choose one of the answers, or “Not known yet”".to_owned()),
    }
    Ok(())
}

/// Takes an answer back, so that it is unknown again. A list is taken back whole.
pub(crate) fn forget(law: &Law, case: &mut Case, asked: &Asked) {
    let vocabulary = &law.schema.vocabulary;
    match (vocabulary.find(&asked.0), asked.1) {
        (Some(FactId::Scalar(slot)), None) => case.facts.set(slot, Value::Unknown),
        (Some(FactId::Field(list, field)), Some(at)) => {
            let width = vocabulary.record(list).fields.len();
            if at < case.facts.elements(list, width).count() {
                case.facts.set_field(list, width, at, field, Value::Unknown);
            }
        }
        (Some(FactId::List(list)), None) => {
            case.facts.forget(list);
            if let Some(slot) = vocabulary.complete_fact(list) {
                case.facts.set(slot, Value::Unknown);
            }
        }
        _ => {}
    }
}

/// The answer as it stands now, in the words of a case; `None` if it is unknown.
pub(crate) fn current(law: &Law, case: &Case, asked: &Asked) -> Option<String> {
    let vocabulary = &law.schema.vocabulary;
    let id = vocabulary.find(&asked.0)?;
    match (id, asked.1) {
        (FactId::Scalar(slot), None) => {
            let value = case.facts.scalar(slot);
            (value != Value::Unknown).then(|| case.facts.show(vocabulary, id, value))
        }
        (FactId::Field(list, field), Some(at)) => {
            let width = vocabulary.record(list).fields.len();
            let value = *case.facts.elements(list, width).nth(at)?.get(usize::from(field.0))?;
            (value != Value::Unknown).then(|| case.facts.show(vocabulary, id, value))
        }
        (FactId::List(list), None) if case.facts.is_given(list) => {
            let width = vocabulary.record(list).fields.len();
            let count = case.facts.elements(list, width).count();
            let whole = case.facts.is_complete(list, vocabulary);
            Some(match (count, whole) {
                (0, _) => "none".to_owned(),
                (n, true) => format!("{n} in all"),
                (n, false) => format!("{n} so far, perhaps more"),
            })
        }
        _ => None,
    }
}

/// A value in the words of a page.
pub(crate) fn readable(value: &str) -> String {
    match value {
        "true" => "Yes".to_owned(),
        "false" => "No".to_owned(),
        other => crate::page::parts::capital(&comity_law::show::value(other)),
    }
}
