//! `comity law show`: one instrument, in plain reading or as JSON.

use crate::args::{Args, Format};
use crate::failure::Failure;
use crate::input::whole_law;
use crate::output::{print_json, printable, width};
use crate::say;
use comity_law::{Clock, Duty, Instrument, Interval, Law, Norm, Settles, When, show as words};
use serde_json::{Value as Json, json};
use std::process::ExitCode;

pub(crate) fn run(args: &Args, id: &str) -> Result<ExitCode, Failure> {
    let law = whole_law(args)?;
    let Some(it) = law.instrument(id) else {
        let near = comity_logic::nearest(id, law.instruments.iter().map(|i| i.id.as_str()));
        let help = near.map_or_else(|| "`comity law list` lists them".to_owned(), |n| format!("did you mean `{n}`?"));
        return Err(Failure::Input(format!("there is no instrument `{id}`; {help}")));
    };
    if args.format == Format::Json {
        print_json(&instrument(&law, it));
    } else {
        words::instrument(&law, it, width()).lines().for_each(|line| say!("{}", printable(line)));
    }
    Ok(ExitCode::SUCCESS)
}

fn instrument(law: &Law, it: &Instrument) -> Json {
    json!({
        "bundle": law.digest,
        "id": it.id,
        "place": it.place,
        "title": it.title,
        "cite": it.cite,
        "aka": it.aka,
        "kind": it.kind,
        "rank": it.rank,
        "enacted": it.enacted.map(|d| d.to_string()),
        "in_force": days(&it.in_force),
        "binds": it.binds.as_ref().map(condition),
        "reach": it.reach,
        "applies": it.applies.as_ref().map(condition),
        "checked": {"on": it.checked.on.to_string(), "confidence": it.checked.confidence, "against": it.checked.against},
        "note": it.note,
        "definitions": it.definitions.iter().map(|d| json!({"name": d.name, "means": condition(&d.meaning)})).collect::<Vec<_>>(),
        "norms": it.norms.iter().map(|n| norm(law, n)).collect::<Vec<_>>(),
        "duties": it.duties.iter().map(|d| duty(law, d)).collect::<Vec<_>>(),
        "clocks": it.clocks.iter().map(|c| clock(law, c)).collect::<Vec<_>>(),
        "settles": it.settles.iter().map(settles).collect::<Vec<_>>(),
    })
}

fn norm(law: &Law, it: &Norm) -> Json {
    let exceptions: Vec<Json> = it
        .exceptions
        .iter()
        .map(|e| {
            json!({"cite": e.full_cite, "when": condition(&e.when), "says": e.says, "silent": e.silent, "in_force": days(&e.in_force), "note": e.note})
        })
        .collect();
    json!({
        "id": it.id,
        "cite": it.full_cite,
        "modality": it.modality,
        "actions": actions(law, &it.actions),
        "says": it.says,
        "when": condition(&it.when),
        "in_force": days(&it.in_force),
        "overrides": it.overrides.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "confidence": it.confidence,
        "note": it.note,
        "exceptions": exceptions,
        "examples": it.examples.len(),
    })
}

fn duty(law: &Law, it: &Duty) -> Json {
    json!({
        "id": it.id,
        "cite": it.full_cite,
        "upon": it.upon.as_str(),
        "actions": actions(law, &it.actions),
        "when": condition(&it.when),
        "says": it.says,
        "to": it.to,
        "by": it.by,
        "within": it.within.as_ref().map(words::within),
        "in_force": days(&it.in_force),
        "confidence": it.confidence,
        "note": it.note,
    })
}

fn clock(law: &Law, it: &Clock) -> Json {
    json!({
        "id": it.id,
        "cite": it.full_cite,
        "actions": actions(law, &it.actions),
        "when": condition(&it.when),
        "says": it.says,
        "within": words::within(&it.within),
        "in_force": days(&it.in_force),
        "confidence": it.confidence,
        "note": it.note,
    })
}

fn settles(it: &Settles) -> Json {
    json!({"fact": it.fact, "value": it.value, "cite": it.full_cite, "says": it.says, "in_force": days(&it.in_force)})
}

/// A condition as it was written and in words; `null` where it was left out.
fn condition(it: &When) -> Json {
    if it.is_always() { Json::Null } else { json!({"cel": it.text, "words": words::condition(&it.text)}) }
}

/// The first and the last day of an interval.
pub(crate) fn days(it: &Interval) -> Json {
    json!({"from": it.from.map(|d| d.to_string()), "to": it.to.map(|d| d.to_string())})
}

fn actions<'l>(law: &'l Law, actions: &[comity_law::ActionId]) -> Vec<&'l str> {
    actions.iter().map(|a| law.action_name(*a)).collect()
}
