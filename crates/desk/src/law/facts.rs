//! The facts of a case as questions and answers.

use super::when::{name, short};
use crate::page::parts::capital;
use crate::request::questions::{of, readable};
use comity_law::Law;
use comity_logic::{Declared, Fact, FactId, ListId};
use maud::{Markup, html};
use serde_json::{Map, Value as Json};

/// A fact that a case states.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    /// Which element of which list it is about.
    of: Option<String>,
    question: String,
    answer: String,
    name: String,
}

/// As lines of a list; a case without facts is any case.
pub(crate) fn list(law: &Law, facts: &Map<String, Json>) -> Markup {
    let all = told(law, facts);
    html! {
        @if all.is_empty() { p { "Any case." } }
        @else { ul { @for t in &all { li { (question(t)) " " strong { (t.answer) } " " (name(&t.name)) } } } }
    }
}

/// As a table to be compared with paper line by line.
pub(crate) fn table(law: &Law, facts: &Map<String, Json>) -> Markup {
    let all = told(law, facts);
    html! {
        @if all.is_empty() { p { "No fact was entered." } }
        @else {
            table.usa-table.desk-stack {
                caption { "Facts as entered" }
                thead { tr { th scope="col" { "Question" } th scope="col" { "Answer" } } }
                tbody { @for t in &all { tr {
                    th scope="row" { (question(t)) div { (name(&t.name)) } }
                    td data-label="Answer" { (t.answer) }
                } } }
            }
        }
    }
}

fn question(t: &Told) -> Markup {
    html! { @if let Some(of) = &t.of { span.desk-cite { (of) ": " } } (short(&t.question)) }
}

/// A value in the words of a page: codes, days and texts stay as they are.
pub(crate) fn answer(declared: &Declared, value: &str) -> String {
    match declared {
        Declared::Bool | Declared::Enum(_) => readable(value),
        Declared::List { .. } => capital(value),
        Declared::Int { .. } | Declared::Date | Declared::Text | Declared::Offense => value.to_owned(),
    }
}

fn told(law: &Law, facts: &Map<String, Json>) -> Vec<Told> {
    let mut out = Vec::new();
    walk(law, "", facts, &mut out);
    out
}

fn walk(law: &Law, lead: &str, facts: &Map<String, Json>, out: &mut Vec<Told>) {
    let vocabulary = &law.schema.vocabulary;
    for (key, value) in facts {
        let full = if lead.is_empty() { key.clone() } else { format!("{lead}.{key}") };
        match (vocabulary.find(&full), value) {
            (Some(FactId::List(list)), Json::Array(elements)) => of_list(law, list, &full, elements, out),
            (Some(id), value) => {
                // That a list is complete goes without saying.
                if !(key.ends_with("_complete") && *value == Json::Bool(true)) {
                    out.push(line(vocabulary.fact(id), None, full, value));
                }
            }
            (None, Json::Object(inner)) => walk(law, &full, inner, out),
            // What the vocabulary of today does not know any more is shown as it was written.
            (None, value) => out.push(Told { of: None, question: full.clone(), answer: text(value), name: full }),
        }
    }
}

fn of_list(law: &Law, list: ListId, full: &str, elements: &[Json], out: &mut Vec<Told>) {
    let vocabulary = &law.schema.vocabulary;
    if elements.is_empty() {
        let question = vocabulary.fact(FactId::List(list)).question.clone();
        out.push(Told { of: None, question, answer: "None".to_owned(), name: full.to_owned() });
    }
    for (at, element) in elements.iter().enumerate() {
        let of = of(&(format!("{full}[]."), Some(at)));
        let fields = element.as_object().filter(|fields| !fields.is_empty());
        let Some(fields) = fields else {
            out.push(Told { of, question: "What is known of it?".to_owned(), answer: "Nothing yet".to_owned(), name: full.to_owned() });
            continue;
        };
        for (key, value) in fields {
            let name = format!("{full}[].{key}");
            match vocabulary.find(&name) {
                Some(id) => out.push(line(vocabulary.fact(id), of.clone(), name, value)),
                None => out.push(Told { of: of.clone(), question: name.clone(), answer: text(value), name }),
            }
        }
    }
}

fn line(fact: &Fact, of: Option<String>, name: String, value: &Json) -> Told {
    Told { of, question: fact.question.clone(), answer: answer(&fact.declared, &text(value)), name }
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::told;
    use comity_law::Law;
    use serde_json::json;

    #[test]
    fn facts_are_told_as_questions_and_answers() {
        let law = Law::builtin_for("us-ca").unwrap_or_else(|found| unreachable!("{found:?}"));
        let case = json!({
            "request": {"requester": "ice", "form": "i-247a"},
            "custody": {"arrest_date": "2018-03-01", "release_due": true},
            "person": {"charges": [], "convictions": [{"offense": "CA PC 24-211.07", "serious": false}, {}], "convictions_complete": false},
        });
        let all = told(&law, case.as_object().unwrap_or_else(|| unreachable!("an object")));
        let lines: Vec<String> = all
            .iter()
            .map(|t| {
                format!(
                    "{}{} {} [{}]",
                    t.of.as_deref().map_or(String::new(), |of| format!("{of}: ")),
                    super::short(&t.question),
                    t.answer,
                    t.name
                )
            })
            .collect();
        for wanted in [
            "Who asks? ICE [request.requester]",
            "Which form is it? I-247A [request.form]",
            "When was the present arrest? 2018-03-01 [custody.arrest_date]",
            "Has the person become eligible for release? Yes [custody.release_due]",
            "Which charges are or were brought in the present matter? None [person.charges]",
            "Conviction 1: Of which section was the person convicted? CA PC 24-211.07 [person.convictions[].offense]",
            "Conviction 2: What is known of it? Nothing yet [person.convictions]",
            "Is the list of convictions complete? No [person.convictions_complete]",
        ] {
            assert!(lines.iter().any(|l| l == wanted), "{wanted}: {lines:#?}");
        }
    }
}
