//! Statements of a case that cannot all be true, or that say too little. They are noted, never mended: whoever stated them knows which one is wrong.

use comity_law::{ActionId, Law};
use comity_logic::{Date, FactId, Facts, Field, Value, Vocabulary};

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

/// A hold that is asked for before there is anything to hold past: the answer of now is not that of the day of release.
pub(crate) fn not_yet(law: &Law, action: ActionId, facts: &Facts) -> Option<String> {
    let Some(FactId::Scalar(due)) = law.schema.vocabulary.find("custody.release_due") else { return None };
    (law.action_name(action) == "hold" && facts.scalar(due) == Value::Bool(false)).then(|| {
        "release is stated as not yet due: whether the person may be kept past it is another question, to be decided again when it is due".to_owned()
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
                if ["CA PC 664", "CA PC 182"].contains(&code.split('(').next().unwrap_or(code)) {
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
    use super::contradictions;
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
                json!({"person": {"convictions": [{"offense": "CA PC 664"}, {"offense": "CA PC 664/459"}], "charges": [{"offense": "CA PC 182(a)(1)"}]}}),
                2,
            ),
            (json!({"person": {"convictions": [{"date": "2018-03-01"}, {"date": "2019-01-01"}, {}]}}), 1),
        ] {
            assert_eq!(noted(facts.clone()), wrong, "{facts}");
        }
    }
}
