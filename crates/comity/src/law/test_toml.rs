//! Scenario files in TOML: `[[scenario]]` tables with the keys of a scenario in JSON.

use serde_json::{Map, Value as Json};

/// The scenarios as JSON texts, each with the line that it begins on; else line, column and what is wrong there.
pub(crate) fn cases(text: &str) -> Result<Vec<(usize, String)>, String> {
    let table: toml::Table = toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("{}:{column}: this is not TOML: {}", before.matches('\n').count() + 1, error.message().replace('\n', "; "))
    })?;
    let Some(toml::Value::Array(scenarios)) = table.get("scenario") else { return Ok(Vec::new()) };
    let lines = text.lines().enumerate().filter(|(_, l)| l.trim() == "[[scenario]]").map(|(n, _)| n + 1);
    let lines: Vec<usize> = lines.chain(std::iter::repeat(1)).take(scenarios.len()).collect();
    Ok(scenarios.iter().zip(lines).map(|(scenario, line)| (line, json(scenario).to_string())).collect())
}

fn json(value: &toml::Value) -> Json {
    match value {
        toml::Value::String(s) => Json::String(s.clone()),
        toml::Value::Integer(n) => (*n).into(),
        toml::Value::Float(x) => serde_json::Number::from_f64(*x).map_or(Json::Null, Json::Number),
        toml::Value::Boolean(b) => (*b).into(),
        toml::Value::Datetime(d) => Json::String(d.to_string()),
        toml::Value::Array(items) => items.iter().map(json).collect(),
        toml::Value::Table(table) => Json::Object(table.iter().map(|(k, v)| (k.clone(), json(v))).collect::<Map<_, _>>()),
    }
}
