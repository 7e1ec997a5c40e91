//! Whole determinations of the built-in law, explained: the cases of `examples/`, every worked example of the law files, and all of these with facts left out.

use crate::stopwatch;
use comity_engine::{AgencyRef, Stack, Times, read_case, read_facts};
use comity_law::{ActionId, Law, Outcome};
use comity_logic::{Date, Facts};
use serde_json::{Map, Value as Json};
use std::path::Path;

struct Asked<'l> {
    name: String,
    stack: Stack<'l>,
    action: ActionId,
    facts: Facts,
    times: Times,
}

pub fn run() {
    let law = Law::builtin().expect("the built-in law");
    let mut shown = examples(&law);
    let worked = worked(&law);
    measure("examples/*.json, every action asked", &shown);
    measure("worked examples of the law files", &worked);
    let mut partial = Vec::new();
    for asked in shown.iter().chain(&worked) {
        partial.extend(left_out(&law, asked));
    }
    measure("the same, each with every group of facts left out", &partial);
    shown.extend(worked);
    shown.extend(partial);
    measure("all of them", &shown);
}

fn measure(what: &str, asked: &[Asked<'_>]) {
    let open =
        asked.iter().filter(|a| a.stack.decide(a.action, &a.facts, &a.times).expect("settled").outcome == Outcome::Undetermined).count();
    println!("{what}: {} determinations, {open} of them undetermined", asked.len());
    stopwatch::each(asked.len(), asked, |a| a.stack.decide(a.action, &a.facts, &a.times)).print("  decide");
    let whole = |a: &Asked<'_>| a.stack.decide(a.action, &a.facts, &a.times).expect("settled").explain().to_string();
    stopwatch::each(asked.len(), asked, whole).print("  decide, explain, to_string (bar: p99 200000)");
    if std::env::var_os("SLOWEST").is_some() {
        slowest(asked, whole);
    }
}

/// The ten slowest, to see where the time goes.
fn slowest(asked: &[Asked<'_>], whole: impl Fn(&Asked<'_>) -> String) {
    let mut times: Vec<_> = asked.iter().map(|a| (stopwatch::best(15, || whole(a)), a)).collect();
    times.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
    for (time, a) in times.iter().take(10) {
        println!("    {time:?} {} {} {} {}", a.name, a.stack.law.action_name(a.action), a.stack.agency.place, a.stack.on);
    }
}

/// The cases of the repository's `examples/`.
fn examples(law: &Law) -> Vec<Asked<'_>> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples"));
    let mut paths: Vec<_> = std::fs::read_dir(folder).expect("examples").map(|e| e.expect("an entry").path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "json"));
    paths.sort();
    let mut asked = Vec::new();
    for path in paths {
        let case = read_case(law, &std::fs::read_to_string(&path).expect("a file")).expect("a case");
        for action in &case.actions {
            asked.push(Asked {
                name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
                stack: Stack::new(law, &case.agency, case.on, &case.local),
                action: *action,
                facts: case.facts.clone(),
                times: case.times.clone(),
            });
        }
    }
    asked
}

/// The worked examples of every norm, exception and file.
fn worked(law: &Law) -> Vec<Asked<'_>> {
    let mut asked = Vec::new();
    for instrument in &law.instruments {
        let of_norms = instrument.norms.iter().flat_map(|n| n.examples.iter().chain(n.exceptions.iter().flat_map(|e| &e.examples)));
        for example in of_norms.chain(&instrument.examples) {
            for case in [instrument.case(example), instrument.case_but(example)].into_iter().flatten() {
                let agency = AgencyRef { name: case.agency.name, kind: case.agency.kind, place: case.agency.place, ori: None };
                asked.extend(put(law, instrument.id.clone(), &agency, case.on, example.action, case.facts));
            }
        }
    }
    asked
}

/// The case with each fact of the second level left out in turn: what is known when a request has just come in.
fn left_out<'l>(law: &'l Law, from: &Asked<'_>) -> Vec<Asked<'l>> {
    let facts = from.facts.to_json(&law.schema);
    let mut asked = Vec::new();
    for (group, inner) in &facts {
        let Json::Object(inner) = inner else { continue };
        for name in inner.keys() {
            let mut fewer = facts.clone();
            if let Some(Json::Object(inner)) = fewer.get_mut(group) {
                inner.shift_remove(name);
            }
            asked.extend(put(law, format!("{} without {group}.{name}", from.name), &from.stack.agency, from.stack.on, from.action, fewer));
        }
        let mut fewer = facts.clone();
        fewer.shift_remove(group);
        asked.extend(put(law, format!("{} without {group}", from.name), &from.stack.agency, from.stack.on, from.action, fewer));
    }
    asked
}

fn put<'l>(law: &'l Law, name: String, agency: &AgencyRef, on: Date, action: ActionId, facts: Map<String, Json>) -> Option<Asked<'l>> {
    let facts = read_facts(law, &Json::Object(facts)).ok()?;
    Some(Asked { name, stack: Stack::new(law, agency, on, &[]), action, facts, times: Times::default() })
}
