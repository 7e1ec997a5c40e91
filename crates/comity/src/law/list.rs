//! `comity law list`, `show` and `facts`: reading the law.

use crate::args::{Args, Format};
use crate::failure::Failure;
use crate::input::{day, whole_law};
use crate::output::{count, print_json, width};
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
    if let Some(place) = place
        && law.place(place).is_none()
    {
        comity_places::parse_slug(place).map_err(|e| Failure::Input(e.to_string()))?;
    }
    let shown: Vec<&Instrument> = law
        .instruments
        .iter()
        .filter(|i| place.is_none_or(|p| place_chain(p).contains(&i.place.as_str()) || i.reach.iter().any(|r| place_chain(p).contains(&r.as_str()))))
        .filter(|i| on.is_none_or(|day| i.in_force.contains(day)))
        .collect();
    if args.format == Format::Json {
        let rows: Vec<_> = shown
            .iter()
            .map(|i| {
                json!({"id": i.id, "place": i.place, "title": i.title, "cite": i.cite, "kind": i.kind, "rank": i.rank,
                    "in_force": {"from": i.in_force.from.map(|d| d.to_string()), "to": i.in_force.to.map(|d| d.to_string())},
                    "norms": i.norms.len(), "duties": i.duties.len(), "confidence": i.checked.confidence, "checked_on": i.checked.on.to_string()})
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
        say!("  {:<id_width$}  {:<24}  {:>2} norms  {:<6}  {}", i.id, days(&i.in_force), i.norms.len(), i.checked.confidence.as_str(), i.title);
    }
    say!();
    say!("{}, law bundle {}", count(shown.len(), "instrument"), &law.digest[..16.min(law.digest.len())]);
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn show(args: &Args, id: &str) -> Result<ExitCode, Failure> {
    let law = whole_law(args)?;
    let Some(instrument) = law.instrument(id) else {
        let near = comity_logic::nearest(id, law.instruments.iter().map(|i| i.id.as_str()));
        let help = near.map_or_else(|| "see `comity law list`".to_owned(), |n| format!("did you mean `{n}`?"));
        return Err(Failure::Input(format!("there is no instrument `{}`; {help}", crate::output::printable(id))));
    };
    if args.format == Format::Json {
        print_json(&json!({"id": instrument.id, "title": instrument.title}));
    } else {
        let _ = width(); say!("{}", instrument.title);
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn facts(args: &Args, part: Option<&str>) -> Result<ExitCode, Failure> {
    let law = whole_law(args)?;
    let vocabulary = &law.schema.vocabulary;
    let wanted = |name: &str| part.is_none_or(|p| name.contains(p));
    let facts: Vec<(String, FactId)> = vocabulary.names().filter(|n| wanted(n)).filter_map(|n| vocabulary.find(&n).map(|id| (n, id))).collect();
    let kind = |declared: &Declared| match declared {
        Declared::Bool => "true or false".to_owned(),
        Declared::Enum(values) => values.join(" | "),
        Declared::Int { .. } => "a whole number".to_owned(),
        Declared::Date => "a day".to_owned(),
        Declared::Text => "a text".to_owned(),
        Declared::Offense => "an offence code".to_owned(),
        Declared::List { of, .. } => format!("a list of {of}s"),
    };
    if args.format == Format::Json {
        let rows: Vec<_> = facts.iter().map(|(name, id)| {
            let fact = vocabulary.fact(*id);
            json!({"fact": name, "type": kind(&fact.declared), "question": fact.question})
        }).collect();
        let actions: Vec<_> = law.actions.iter().map(|a| json!({"action": a.id, "says": a.says})).collect();
        print_json(&json!({"facts": rows, "actions": actions}));
        return Ok(ExitCode::SUCCESS);
    }
    say!("Actions");
    for action in law.actions.iter().filter(|a| wanted(&a.id)) {
        say!("  {:<20} {}", action.id, action.says);
    }
    say!();
    say!("Facts");
    for (name, id) in &facts {
        let fact = vocabulary.fact(*id);
        say!("  {name}");
        say!("      {} [{}]", fact.question, kind(&fact.declared));
    }
    Ok(ExitCode::SUCCESS)
}
