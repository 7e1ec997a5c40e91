//! `comity law conflicts`, `gaps`, `diff` and `why-not`: what can be proved of the law.

use crate::args::{Args, Asked, Format};
use crate::failure::Failure;
use crate::input::{self, day, whole_law};
use crate::output::{count, outcome_style, print_bundle, print_json, print_wrapped};
use crate::say;
use comity_engine::prove::{self, ActionDiff, Gap, GapKind, Side};
use comity_engine::{AgencyRef, Determination, Stack};
use comity_law::{Law, Outcome};
use comity_places::AgencyKind;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use std::process::ExitCode;

fn places(law: &Law, place: Option<&str>) -> Result<Vec<String>, Failure> {
    match place {
        None => Ok(Vec::new()),
        Some(place) if law.place(place).is_some() => Ok(vec![place.to_owned()]),
        Some(place) => comity_places::parse_slug(place).map(|p| vec![p.slug.to_owned()]).map_err(|e| Failure::Input(e.to_string())),
    }
}

/// The facts of a case in one line: `request.kind = detainer; person.convictions = none`.
fn case_line(facts: &Map<String, Json>) -> String {
    let mut parts = Vec::new();
    flatten("", facts, &mut parts);
    if parts.is_empty() { "any case".to_owned() } else { parts.join("; ") }
}

fn flatten(lead: &str, facts: &Map<String, Json>, parts: &mut Vec<String>) {
    for (key, value) in facts {
        let name = if lead.is_empty() { key.clone() } else { format!("{lead}.{key}") };
        match value {
            Json::Object(inner) => flatten(&name, inner, parts),
            Json::Array(elements) if elements.is_empty() => parts.push(format!("{name}: none")),
            Json::Array(elements) => {
                for element in elements {
                    let mut fields = Vec::new();
                    if let Json::Object(element) = element {
                        flatten("", element, &mut fields);
                    }
                    parts.push(format!("{name}: one with {}", fields.join(", ")));
                }
            }
            Json::Bool(_) if key.ends_with("_complete") => {}
            Json::String(text) => parts.push(format!("{name} = {text}")),
            other => parts.push(format!("{name} = {other}")),
        }
    }
}

pub(crate) fn conflicts(args: &Args, place: Option<&str>) -> Result<ExitCode, Failure> {
    let law = whole_law(args)?;
    let found = prove::conflicts(&law, &places(&law, place)?)?;
    if args.format == Format::Json {
        let rows: Vec<_> = found
            .iter()
            .map(|c| json!({"action": c.action, "norms": c.norms, "place": c.place, "kinds": c.kinds, "on": c.on.to_string(), "facts": c.facts, "determination": c.determination}))
            .collect();
        print_json(&json!({"bundle": law.digest, "conflicts": rows}));
        return Ok(ExitCode::SUCCESS);
    }
    for clash in &found {
        say!("{}: {}", clash.action, clash.norms.join(" against "));
        print_wrapped(2, &format!("{} ({}), on {}", clash.place, clash.kinds.join(", "), clash.on));
        print_wrapped(2, &format!("case: {}", case_line(&clash.facts)));
        for ground in &clash.determination.because {
            print_wrapped(4, &format!("{} {}: {}", ground.cite, ground.modality, ground.says));
        }
        say!();
    }
    say!("{} found; every other pair of norms was shown not to clash", count(found.len(), "conflict"));
    print_bundle(&law);
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn gaps(args: &Args, place: Option<&str>) -> Result<ExitCode, Failure> {
    let law = whole_law(args)?;
    let found = prove::gaps(&law, &places(&law, place)?)?;
    if args.format == Format::Json {
        let kind = |k: GapKind| match k {
            GapKind::NormNeverDecides => "norm-never-decides",
            GapKind::ExceptionNeverMatters => "exception-never-matters",
            GapKind::ActionUnspoken => "action-unspoken",
        };
        let rows: Vec<_> =
            found.iter().map(|g| json!({"kind": kind(g.kind), "of": g.of, "exception": g.exception, "action": g.action})).collect();
        print_json(&json!({"bundle": law.digest, "gaps": rows}));
        return Ok(ExitCode::SUCCESS);
    }
    let of = |kind: GapKind| found.iter().filter(move |g| g.kind == kind);
    say!("Norms that decide in no case");
    of(GapKind::NormNeverDecides).for_each(|g| say!("  {}", g.of));
    say!();
    say!("Exceptions that change the outcome of no case");
    of(GapKind::ExceptionNeverMatters).for_each(|g| say!("  {}  {}", g.of, g.exception.as_deref().unwrap_or_default()));
    say!();
    say!("Actions that no layer speaks of, on any day");
    let mut by_actions: BTreeMap<Vec<&str>, Vec<&str>> = BTreeMap::new();
    let mut by_place: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Gap { of, action, .. } in of(GapKind::ActionUnspoken) {
        by_place.entry(of).or_default().push(action.as_deref().unwrap_or_default());
    }
    for (place, actions) in by_place {
        by_actions.entry(actions).or_default().push(place);
    }
    for (actions, places) in by_actions {
        print_wrapped(2, &format!("{}: {}", actions.join(", "), places.join(", ")));
    }
    print_bundle(&law);
    Ok(ExitCode::SUCCESS)
}

/// What a side of a comparison is named by: a day or a place.
enum Named {
    Day(comity_logic::Date),
    Place(String),
}

fn named(law: &Law, text: &str) -> Result<Named, Failure> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(Named::Day(day(text)?));
    }
    Ok(Named::Place(places(law, Some(text))?.remove(0)))
}

/// Options of `law diff`.
pub(crate) struct Compared<'a> {
    pub(crate) one: &'a str,
    pub(crate) two: &'a str,
    pub(crate) place: Option<&'a str>,
    pub(crate) on: Option<&'a str>,
    pub(crate) kind: Option<&'a str>,
    pub(crate) action: Option<&'a str>,
}

pub(crate) fn diff(args: &Args, asked: &Compared<'_>) -> Result<ExitCode, Failure> {
    let law = whole_law(args)?;
    let place = places(&law, asked.place)?.pop();
    let on = asked.on.map(day).transpose()?;
    let side = |named: Named| match (named, &place, on) {
        (Named::Day(day), Some(place), _) => Ok((place.clone(), day)),
        (Named::Place(place), _, Some(day)) => Ok((place, day)),
        (Named::Day(_), None, _) => Err(Failure::Input("two days are compared for a place: add --place us-ca".to_owned())),
        (Named::Place(_), _, None) => Err(Failure::Input("two places are compared on a day: add --on 2018-03-01".to_owned())),
    };
    let (one, two) = (side(named(&law, asked.one)?)?, side(named(&law, asked.two)?)?);
    let kinds: Vec<String> = match asked.kind {
        Some(kind) => vec![kind.parse::<AgencyKind>().map_err(|_| comity_engine::AgencyError::Kind(kind.to_owned()))?.to_string()],
        None => AgencyKind::ALL.iter().map(ToString::to_string).collect(),
    };
    if let Some(action) = asked.action
        && law.action(action).is_none()
    {
        return Err(Failure::Input(format!("there is no action `{}`; see `comity law facts`", crate::output::printable(action))));
    }
    // Kinds of agency that come out alike are shown together.
    let mut groups: Vec<(Vec<String>, Vec<ActionDiff>)> = Vec::new();
    for kind in kinds {
        let of = |(place, on): &(String, comity_logic::Date)| Side {
            agency: AgencyRef { name: String::new(), kind: kind.clone(), place: place.clone(), ori: None },
            on: *on,
        };
        let mut found = prove::diff(&law, &of(&one), &of(&two))?;
        found.retain(|d| asked.action.is_none_or(|a| a == d.action));
        let alike = |other: &[ActionDiff]| -> bool { shape(other) == shape(&found) };
        match groups.iter_mut().find(|(_, other)| alike(other)) {
            Some((kinds, _)) => kinds.push(kind),
            None => groups.push((vec![kind], found)),
        }
    }
    if args.format == Format::Json {
        let rows: Vec<_> = groups
            .iter()
            .map(|(kinds, found)| {
                let actions: Vec<_> = found
                    .iter()
                    .map(|d| {
                        let changes: Vec<_> = d
                            .changes
                            .iter()
                            .map(|c| json!({"from": c.from, "to": c.to, "facts": c.facts, "before": c.before, "after": c.after}))
                            .collect();
                        json!({"action": d.action, "agree": d.changes.is_empty(), "changes": changes})
                    })
                    .collect();
                json!({"kinds": kinds, "actions": actions})
            })
            .collect();
        let shown = |(place, on): &(String, comity_logic::Date)| json!({"place": place, "on": on.to_string()});
        print_json(&json!({"bundle": law.digest, "one": shown(&one), "two": shown(&two), "groups": rows}));
        return Ok(ExitCode::SUCCESS);
    }
    say!("{} on {}  →  {} on {}", one.0, one.1, two.0, two.1);
    for (kinds, found) in &groups {
        say!();
        print_wrapped(0, &format!("Agencies: {}", kinds.join(", ")));
        print_group(found);
    }
    say!();
    print_bundle(&law);
    Ok(ExitCode::SUCCESS)
}

/// What makes two comparisons the same to a reader: which outcomes change to which, by which norms.
type Shape = Vec<(String, Vec<(Outcome, Outcome, Vec<String>, Vec<String>)>)>;

fn shape(found: &[ActionDiff]) -> Shape {
    let ids = |d: &Determination| d.because.iter().map(|g| g.norm.clone()).collect::<Vec<_>>();
    found.iter().map(|d| (d.action.clone(), d.changes.iter().map(|c| (c.from, c.to, ids(&c.before), ids(&c.after))).collect())).collect()
}

fn print_group(found: &[ActionDiff]) {
    for action in found.iter().filter(|d| !d.changes.is_empty()) {
        for change in &action.changes {
            let (from, to) = (outcome_style(change.from), outcome_style(change.to));
            say!("  {}: {from}{}{from:#} → {to}{}{to:#}", action.action, change.from, change.to);
            print_wrapped(4, &format!("shown by the case: {}", case_line(&change.facts)));
            reasons("before", &change.before);
            reasons("after", &change.after);
        }
    }
    let same: Vec<&str> = found.iter().filter(|d| d.changes.is_empty()).map(|d| d.action.as_str()).collect();
    if !same.is_empty() {
        print_wrapped(2, &format!("The same in every case: {}", same.join(", ")));
    }
}

fn reasons(lead: &str, determination: &Determination) {
    if determination.because.is_empty() {
        say!("    {lead}: no norm spoke of it");
    }
    for ground in &determination.because {
        print_wrapped(4, &format!("{lead}: {} {}: {}", ground.cite, ground.modality, ground.says));
    }
}

pub(crate) fn why_not(args: &Args, asked: &Asked, to: Option<&str>) -> Result<ExitCode, Failure> {
    let wanted = match to {
        Some(word) => {
            Some(word.parse::<Outcome>().map_err(|e| Failure::Input(format!("`{}` is no outcome: {e}", crate::output::printable(word))))?)
        }
        None => None,
    };
    let put = input::put(asked)?;
    let (law, case) = input::load(args, &put)?;
    let stack = Stack::new(&law, &case.agency, case.on, &case.local);
    let mut rows = Vec::new();
    for action in &case.actions {
        let now = stack.decide(*action, &case.facts, &case.times)?;
        let mut found = prove::why_not(&stack, &case, *action)?;
        found.retain(|o| wanted.is_none_or(|w| w == o.outcome));
        if args.format == Format::Json {
            let others: Vec<_> = found
                .iter()
                .map(|o| {
                    let changes: Vec<_> = o
                        .changes
                        .iter()
                        .map(|c| json!({"fact": c.fact, "is": c.is, "would_be": c.would_be, "missing": c.missing}))
                        .collect();
                    json!({"outcome": o.outcome, "changes": changes, "determination": o.determination})
                })
                .collect();
            rows.push(json!({"action": now.action, "outcome": now.outcome, "otherwise": others}));
            continue;
        }
        let style = outcome_style(now.outcome);
        say!("{}: {style}{}{style:#} as stated", now.action, now.outcome);
        for other in &found {
            let style = outcome_style(other.outcome);
            say!("  {style}{}{style:#} if", other.outcome);
            for c in &other.changes {
                print_wrapped(4, &format!("{} were {} (is {})", c.fact, c.would_be, c.is));
            }
            reasons("then", &other.determination);
        }
        if found.is_empty() {
            say!("  no facts make it otherwise");
        }
    }
    if args.format == Format::Json {
        print_json(&json!({"bundle": law.digest, "actions": rows}));
    }
    Ok(ExitCode::SUCCESS)
}
