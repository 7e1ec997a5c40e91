//! Statements of a case that cannot all be true, or that say too little. They are noted, never mended: whoever stated them knows which one is wrong.

use comity_law::show::condition;
use comity_law::{ActionId, Law};
use comity_logic::{Date, FactId, Facts, Field, Truth, Value, Vocabulary, lacks_object};

/// What in the case contradicts itself, or its day; a sentence each.
pub(crate) fn contradictions(law: &Law, facts: &Facts) -> Vec<String> {
    let vocabulary = &law.schema.vocabulary;
    let value = |name: &str| match vocabulary.find(name) {
        Some(FactId::Scalar(slot)) => facts.scalar(slot),
        _ => Value::Unknown,
    };
    let mut found = Vec::new();
    let hours = value("custody.hours_past_release");
    let countable = value("custody.countable_hours_past_release");
    if let (Value::Int(all), Value::Int(some)) = (hours, countable)
        && some > all
    {
        found.push(format!("{some} countable hours past release are stated but only {all} hours in all: check both"));
    }
    if value("custody.release_due") == Value::Bool(false)
        && let Some(hours) = [hours, countable].into_iter().find_map(|v| if let Value::Int(n @ 1..) = v { Some(n) } else { None })
    {
        found.push(format!("release is stated as not yet due, and also as {hours} hours past: check both"));
    }
    if let Value::Date(on) = facts.scalar(Vocabulary::ON) {
        found.extend(later_days(vocabulary, facts, on));
    }
    found.extend(without_object(vocabulary, facts));
    found
}

/// That the question of an action does not arise by what is stated: the answer of now is not that of the day on which it does.
pub(crate) fn not_yet(law: &Law, action: ActionId, facts: &Facts) -> Option<String> {
    let arises = law.actions.get(action.0 as usize)?.when.as_ref()?;
    (arises.condition.truth(&law.schema.vocabulary, facts) == Truth::False).then(|| {
        format!("the question arises when {}; by what is stated it does not as yet: decide again when it does", condition(&arises.text))
    })
}

/// Attempts and conspiracies that do not say of what: whether they are listed turns on it (Cal. Gov. Code § 7282.5(a)(3)(P)).
fn without_object(vocabulary: &Vocabulary, facts: &Facts) -> Vec<String> {
    let mut found = Vec::new();
    for list in ["person.convictions", "person.charges"] {
        let Some(FactId::List(id)) = vocabulary.find(list) else { continue };
        let fields = &vocabulary.record(id).fields;
        for (at, element) in facts.elements(id, fields.len()).enumerate() {
            for (n, field) in fields.iter().enumerate().filter(|(_, f)| f.name == "offense") {
                let Some(code) = facts.as_text(element[Field(n as u16).0 as usize]) else { continue };
                if lacks_object(code) {
                    found.push(format!(
                        "{list}[{at}].{} is {code}, an attempt or conspiracy without its object, taken to be of a listed offense: write it with the object, such as CA PC 664/459",
                        field.name
                    ));
                }
            }
        }
    }
    found
}

/// Days of the past that lie after the day of the case.
fn later_days(vocabulary: &Vocabulary, facts: &Facts, on: Date) -> Vec<String> {
    let mut found = Vec::new();
    let mut look = |name: &str, value: Value| {
        if let Value::Date(day) = value
            && day > on
        {
            found.push(format!("{name} is {day}, after the day of the case: check both days"));
        }
    };
    if let Some(FactId::Scalar(slot)) = vocabulary.find("custody.arrest_date") {
        look("custody.arrest_date", facts.scalar(slot));
    }
    for list in ["person.convictions", "person.charges"] {
        let Some(FactId::List(id)) = vocabulary.find(list) else { continue };
        let fields = &vocabulary.record(id).fields;
        for (at, element) in facts.elements(id, fields.len()).enumerate() {
            for (n, field) in fields.iter().enumerate().filter(|(_, f)| f.name == "date") {
                look(&format!("{list}[{at}].{}", field.name), element[Field(n as u16).0 as usize]);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use super::{contradictions, not_yet};
    use crate::read_facts;
    use comity_law::Law;
    use comity_logic::{Value, Vocabulary};
    use serde_json::json;

    #[test]
    fn what_cannot_be_true_together_is_noted_and_nothing_else() {
        let law = Law::builtin_for("us-ca").unwrap();
        let noted = |facts: serde_json::Value| {
            let mut facts = read_facts(&law, &facts).unwrap();
            facts.set(Vocabulary::ON, Value::Date(jiff::civil::date(2018, 3, 1)));
            contradictions(&law, &facts).len()
        };
        for (facts, wrong) in [
            (json!({"custody": {"release_due": true, "hours_past_release": 30, "countable_hours_past_release": 6}}), 0),
            (json!({"custody": {"hours_past_release": 6, "countable_hours_past_release": 30}}), 1),
            (json!({"custody": {"release_due": false, "hours_past_release": 0, "countable_hours_past_release": 0}}), 0),
            (json!({"custody": {"release_due": false, "countable_hours_past_release": 3}}), 1),
            (json!({"custody": {"arrest_date": "2018-03-02"}}), 1),
            (
                json!({"person": {"convictions": [{"offense": "CA PC 664"}, {"offense": "CA PC 664/459"}], "charges": [{"offense": "CA PC 182(a)(1)"}, {"offense": "CA PC 182(a)/459"}]}}),
                2,
            ),
            (json!({"person": {"convictions": [{"date": "2018-03-01"}, {"date": "2019-01-01"}, {}]}}), 1),
        ] {
            assert_eq!(noted(facts.clone()), wrong, "{facts}");
        }
    }

    #[test]
    fn a_question_that_does_not_arise_says_so() {
        let law = Law::builtin_for("us-ca").unwrap();
        let said = |action: &str, due: serde_json::Value| {
            let facts = read_facts(&law, &json!({"custody": {"release_due": due}})).unwrap();
            not_yet(&law, law.action(action).unwrap(), &facts)
        };
        assert!(said("hold", json!(false)).unwrap().contains("arises when custody.release_due"));
        assert_eq!(said("hold", json!(true)), None);
        assert_eq!(said("hold", json!(null)), None);
        assert_eq!(said("notify-release", json!(false)), None);
    }
}
