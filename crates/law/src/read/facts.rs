//! The facts of examples: nested tables checked against the declared types.

use comity_logic::{Declared, Fact, FactId, Vocabulary, nearest, parse_code};
use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

use super::table::{Cx, Item, date, integer, wrong_type};
use crate::model::At;

/// The facts of a table.
pub(crate) fn read(cx: &mut Cx<'_>, vocabulary: &Vocabulary, item: Item<'_>) -> Map<String, Value> {
    match item.get_ref() {
        DeValue::Table(table) => group(cx, vocabulary, table, ""),
        _ => {
            wrong_type(cx, item, "facts", "a table of facts");
            Map::new()
        }
    }
}

fn group(cx: &mut Cx<'_>, vocabulary: &Vocabulary, table: &DeTable<'_>, prefix: &str) -> Map<String, Value> {
    let mut out = Map::new();
    for (key, item) in table {
        let name = if prefix.is_empty() { key.get_ref().to_string() } else { format!("{prefix}.{}", key.get_ref()) };
        let at = cx.at(key.span());
        let read = match (vocabulary.find(&name), item.get_ref()) {
            (Some(_), _) if matches!(name.as_str(), "on" | "agency.kind" | "agency.place" | "agency.name") => {
                cx.error(at, "L0501", format!("`{name}` is no fact of the request"))
                    .help("write it beside `facts`: on = …, agency = { name = …, kind = …, place = … }");
                None
            }
            (Some(FactId::List(list)), _) => elements(cx, vocabulary, item, list, &name),
            (Some(id), _) => value(cx, vocabulary.fact(id), item, &name),
            (None, DeValue::Table(inner)) if vocabulary.is_group(&name) => Some(Value::Object(group(cx, vocabulary, inner, &name))),
            (None, _) if vocabulary.is_group(&name) => {
                wrong_type(cx, item, &name, "a table of facts");
                None
            }
            (None, _) => {
                unknown(cx, vocabulary, &name, at);
                None
            }
        };
        if let Some(value) = read {
            out.insert(key.get_ref().to_string(), value);
        }
    }
    out
}

/// Reports a fact that is not declared.
pub(crate) fn unknown(cx: &mut Cx<'_>, vocabulary: &Vocabulary, name: &str, at: At) {
    let help = vocabulary.nearest(name).map(|near| format!("did you mean `{near}`?"));
    cx.error(at, "L0501", format!("no fact is called `{name}`")).maybe_help(help);
}

fn elements(cx: &mut Cx<'_>, vocabulary: &Vocabulary, item: Item<'_>, list: comity_logic::ListId, name: &str) -> Option<Value> {
    let DeValue::Array(array) = item.get_ref() else {
        wrong_type(cx, item, name, "a list such as [{ … }]");
        return None;
    };
    let record = vocabulary.record(list);
    let mut out = Vec::new();
    for element in array.iter() {
        let DeValue::Table(table) = element.get_ref() else {
            wrong_type(cx, element, name, "a list of which each element is a table `{ … }`");
            continue;
        };
        let mut fields = Map::new();
        for (key, item) in table {
            let Some(field) = record.field(key.get_ref()) else {
                let at = cx.at(key.span());
                let near = nearest(key.get_ref(), record.fields.iter().map(|f| &f.name));
                let message = format!("a {} has no field `{}`", record.name, key.get_ref());
                cx.error(at, "L0501", message).maybe_help(near.map(|near| format!("did you mean `{near}`?")));
                continue;
            };
            let fact = vocabulary.fact(FactId::Field(list, field));
            if let Some(value) = value(cx, fact, item, key.get_ref()) {
                fields.insert(key.get_ref().to_string(), value);
            }
        }
        out.push(Value::Object(fields));
    }
    Some(Value::Array(out))
}

/// One value, if it is one that the fact can have.
pub(crate) fn value(cx: &mut Cx<'_>, fact: &Fact, item: Item<'_>, name: &str) -> Option<Value> {
    let at = cx.at(item.span());
    let wrong = |cx: &mut Cx<'_>, message: String, help: Option<String>| {
        cx.error(at, "L0502", message).maybe_help(help);
        None
    };
    match (&fact.declared, item.get_ref()) {
        (Declared::Bool, DeValue::Boolean(b)) => Some(Value::Bool(*b)),
        (Declared::Int { min }, DeValue::Integer(_)) => {
            let n = integer(cx, item, name)?;
            match min {
                Some(min) if n < *min => wrong(cx, format!("`{name}` is at least {min}"), None),
                _ => Some(Value::from(n)),
            }
        }
        (Declared::Date, DeValue::Datetime(_)) => date(cx, item, name).map(|day| Value::String(day.to_string())),
        (Declared::Text, DeValue::String(s)) => Some(Value::String(s.to_string())),
        (Declared::Offense, DeValue::String(s)) => match parse_code(s) {
            Ok(code) => Some(Value::String(code)),
            Err(why) => wrong(cx, why, None),
        },
        (Declared::Enum(values), DeValue::String(s)) if values.iter().any(|v| v == s) => Some(Value::String(s.to_string())),
        (Declared::Enum(values), DeValue::String(s)) => {
            let near = nearest(s, values.iter()).map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
            wrong(cx, format!("`{name}` cannot be `{s}`"), Some(format!("{near}its values are {}", values.join(", "))))
        }
        (declared, _) => {
            let expected = match declared {
                Declared::Bool => "true or false",
                Declared::Int { .. } => "a whole number",
                Declared::Date => "a day such as 2018-01-04",
                Declared::Enum(_) | Declared::Text => "a text",
                Declared::Offense => "an offence code in quotation marks, such as \"CA PC 245\"",
                Declared::List { .. } => "a list of tables",
            };
            wrong(cx, format!("`{name}` is {expected}"), None)
        }
    }
}
