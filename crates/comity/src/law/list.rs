//! `comity law list` and `comity law facts`: what there is.

use crate::args::{Args, Format};
use crate::failure::Failure;
use crate::input::{day, whole_law};
use crate::output::{count, print_json};
use crate::say;
use comity_law::{Instrument, Interval};
use comity_logic::{Declared, FactId};
use comity_places::place_chain;
use serde_json::json;
use std::process::ExitCode;

fn days(interval: &Interval) -> String {
    let from = interval.from.map_or_else(|| "…".to_owned(), |d| d.to_string());
    let to = interval.to.map_or_else(|| "now".to_owned(), |d| d.to_string());
    format!("{from} to {to}")
}

pub(crate) fn instruments(args: &Args, place: Option<&str>, on: Option<&str>) -> Result<ExitCode, Failure> {
    let law = whole_law(args)?;
    let on = on.map(day).transpose()?;
    if let Some(text) = place {
        crate::input::place(&law, text)?;
    }
    let mut shown: Vec<&Instrument> = law
        .instruments
        .iter()
        .filter(|i| {
            place.is_none_or(|p| place_chain(p).contains(&i.place.as_str()) || i.reach.iter().any(|r| place_chain(p).contains(&r.as_str())))
        })
        .filter(|i| on.is_none_or(|day| i.in_force.contains(day)))
        .collect();
    // The nation first, then its states, then their counties and cities.
    shown.sort_by(|a, b| (&a.place, &a.id).cmp(&(&b.place, &b.id)));
    if args.format == Format::Json {
        let rows: Vec<_> = shown
            .iter()
            .map(|i| {
                json!({"id": i.id, "place": i.place, "title": i.title, "cite": i.cite, "kind": i.kind, "rank": i.rank,
                    "in_force": {"from": i.in_force.from.map(|d| d.to_string()), "to": i.in_force.to.map(|d| d.to_string())},
                    "norms": i.norms.len(), "duties": i.duties.len(), "checked": {"on": i.checked.on.to_string(), "confidence": i.checked.confidence}})
            })
            .collect();
        print_json(&json!({"bundle": law.digest, "instruments": rows}));
        return Ok(ExitCode::SUCCESS);
    }
    let id_width = shown.iter().map(|i| i.id.len()).max().unwrap_or(0);
    let mut last = "";
    for i in &shown {
        if i.place != last {
            say!("{}{}", if last.is_empty() { "" } else { "\n" }, law.place(&i.place).map_or(i.place.as_str(), |p| &p.name));
            last = &i.place;
        }
        let norms = count(i.norms.len(), "norm");
        say!("  {:<id_width$}  {:<24}  {norms:>8}  {:<6}  {}", i.id, days(&i.in_force), i.checked.confidence.as_str(), i.title);
    }
    say!();
    say!("{}, law bundle {}", count(shown.len(), "instrument"), &law.digest[..16.min(law.digest.len())]);
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn facts(args: &Args, part: Option<&str>) -> Result<ExitCode, Failure> {
    let law = whole_law(args)?;
    let vocabulary = &law.schema.vocabulary;
    let wanted = |name: &str| part.is_none_or(|p| name.contains(p));
    let facts: Vec<(String, FactId)> =
        vocabulary.names().filter(|n| wanted(n)).filter_map(|n| vocabulary.find(&n).map(|id| (n, id))).collect();
    let kind = |declared: &Declared| match declared {
        Declared::Bool => "true or false".to_owned(),
        Declared::Enum(values) => values.join(" | "),
        Declared::Int { min: Some(min) } => format!("a whole number, at least {min}"),
        Declared::Int { min: None } => "a whole number".to_owned(),
        Declared::Date => "a day".to_owned(),
        Declared::Text => "a text".to_owned(),
        Declared::Offense => "an offence code".to_owned(),
        Declared::List { of, .. } => format!("a list of {of}s"),
    };
    let actions: Vec<_> = law.actions.iter().filter(|a| wanted(&a.id)).collect();
    if let Some(part) = part
        && actions.is_empty()
        && facts.is_empty()
    {
        return Err(Failure::Input(format!("no fact and no action has `{part}` in its name; `comity law facts` lists all")));
    }
    if args.format == Format::Json {
        let rows: Vec<_> = facts
            .iter()
            .map(|(name, id)| {
                let fact = vocabulary.fact(*id);
                let mut row = json!({"fact": name, "type": fact.declared.name(), "question": fact.question});
                match &fact.declared {
                    Declared::Enum(values) => row["values"] = json!(values),
                    Declared::Int { min: Some(min) } => row["min"] = json!(min),
                    Declared::List { of, .. } => row["of"] = json!(of),
                    _ => {}
                }
                row
            })
            .collect();
        let actions: Vec<_> = actions.iter().map(|a| json!({"action": a.id, "says": a.says})).collect();
        print_json(&json!({"facts": rows, "actions": actions}));
        return Ok(ExitCode::SUCCESS);
    }
    if !actions.is_empty() {
        say!("Actions");
        actions.iter().for_each(|a| say!("  {:<20} {}", a.id, a.says));
    }
    if !facts.is_empty() {
        say!("{}Facts", if actions.is_empty() { "" } else { "\n" });
    }
    for (name, id) in &facts {
        let fact = vocabulary.fact(*id);
        say!("  {name}");
        say!("      {} [{}]", fact.question, kind(&fact.declared));
    }
    Ok(ExitCode::SUCCESS)
}
