//! The law as JSON: everything that is read from the files but the examples.

use comity_logic::{Declared, Vocabulary};
use serde_json::{Value as Json, json};

use crate::model::{ActionId, Clock, Duty, Instrument, Interval, Law, Norm, Settles, When};
use crate::show;

/// The whole law, as `docs/schemas/law.schema.json` describes it. The same law gives the same bytes.
#[must_use]
pub fn law(law: &Law) -> Json {
    let places: Vec<Json> = law
        .places
        .iter()
        .map(|p| {
            let coverage: Vec<Json> = p.coverage.iter().map(|c| json!({"source": c.source, "searched_from": c.searched_from.map(|d| d.to_string()), "searched_until": c.searched_until.to_string(), "gaps": c.gaps})).collect();
            json!({"id": p.slug, "name": p.name, "time_zone": p.time_zone, "coverage": coverage})
        })
        .collect();
    let classes: Vec<Json> = law
        .classes
        .iter()
        .map(|c| json!({"id": c.name, "title": c.title, "cite": c.cite, "checked": checked(&c.checked), "sections": c.sections, "includes": c.includes, "note": c.note}))
        .collect();
    let terms: Vec<Json> =
        law.definitions.iter().map(|d| json!({"place": d.place, "name": d.name, "means": condition(&d.meaning)})).collect();
    json!({
        "format": "comity-law",
        "version": 1,
        "bundle": law.digest,
        "actions": law.actions.iter().map(|a| json!({"id": a.id, "says": a.says, "when": a.when.as_ref().map(condition)})).collect::<Vec<_>>(),
        "facts": facts(&law.schema.vocabulary),
        "places": places,
        "classes": classes,
        "definitions": terms,
        "instruments": law.instruments.iter().map(|i| instrument(law, i)).collect::<Vec<_>>(),
    })
}

/// One instrument.
#[must_use]
pub fn instrument(law: &Law, it: &Instrument) -> Json {
    json!({
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
        "checked": checked(&it.checked),
        "note": it.note,
        "definitions": it.definitions.iter().map(|d| json!({"name": d.name, "means": condition(&d.meaning)})).collect::<Vec<_>>(),
        "norms": it.norms.iter().map(|n| norm(law, n)).collect::<Vec<_>>(),
        "duties": it.duties.iter().map(|d| duty(law, d)).collect::<Vec<_>>(),
        "clocks": it.clocks.iter().map(|c| clock(law, c)).collect::<Vec<_>>(),
        "settles": it.settles.iter().map(settles).collect::<Vec<_>>(),
    })
}

fn facts(vocabulary: &Vocabulary) -> Vec<Json> {
    let ids = vocabulary.names().filter_map(|name| vocabulary.find(&name).map(|id| (name, id)));
    ids.map(|(name, id)| {
        let fact = vocabulary.fact(id);
        let (kind, values, of) = match &fact.declared {
            Declared::Bool => ("bool", None, None),
            Declared::Enum(values) => ("enum", Some(values), None),
            Declared::Int { .. } => ("int", None, None),
            Declared::Date => ("date", None, None),
            Declared::Text => ("text", None, None),
            Declared::Offense => ("offense", None, None),
            Declared::List { of, .. } => ("list", None, Some(of)),
        };
        json!({"id": name, "type": kind, "values": values, "of": of, "question": fact.question})
    })
    .collect()
}

fn checked(it: &crate::model::Checked) -> Json {
    json!({"on": it.on.to_string(), "confidence": it.confidence, "against": it.against})
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
        "within": it.within.as_ref().map(show::within),
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
        "within": show::within(&it.within),
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
    if it.is_always() { Json::Null } else { json!({"cel": it.text, "words": show::condition(&it.text)}) }
}

/// The first and the last day of an interval.
#[must_use]
pub fn days(it: &Interval) -> Json {
    json!({"from": it.from.map(|d| d.to_string()), "to": it.to.map(|d| d.to_string())})
}

fn actions<'l>(law: &'l Law, actions: &[ActionId]) -> Vec<&'l str> {
    actions.iter().map(|a| law.action_name(*a)).collect()
}
