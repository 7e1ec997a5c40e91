//! `comity law conflicts`, `gaps`, `diff` and `why-not`: what can be proved of the law.

use crate::args::{Args, Asked, Format};
use crate::failure::Failure;
use crate::input::{self, day, whole_law};
use crate::output::{count, outcome_style, print_bundle, print_json, printable, width};
use crate::say;
use comity_engine::prove::{self, ActionDiff, Change, Gap, GapKind, Side};
use comity_engine::{AgencyRef, Determination, Ground, Line, Stack, Tone};
use comity_law::{Interval, Law, Outcome};
use comity_places::AgencyKind;
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

fn places(law: &Law, place: Option<&str>) -> Result<Vec<String>, Failure> {
    match place {
        None => Ok(Vec::new()),
        Some(place) if law.place(place).is_some() => Ok(vec![place.to_owned()]),
        Some(place) => comity_places::parse_slug(place).map(|p| vec![p.slug.to_owned()]).map_err(|e| Failure::Input(e.to_string())),
    }
}

/// Prints a text in rows that fit the width.
fn wrapped(indent: usize, text: &str) {
    let line = Line { tone: Tone::Plain, indent, text: text.to_owned() };
    line.wrapped(width()).iter().for_each(|row| say!("{}", printable(row)));
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
            .map(|c| {
                json!({"action": c.action, "norms": c.norms, "place": c.place, "kinds": c.kinds, "days": days(c.days), "on": c.on.to_string(),
                    "facts": c.facts, "determination": c.determination})
            })
            .collect();
        print_json(&json!({"bundle": law.digest, "conflicts": rows}));
        return Ok(ExitCode::SUCCESS);
    }
    for clash in &found {
        say!("{}: {}", clash.action, clash.norms.join(" against "));
        wrapped(2, &format!("{} ({}), on {}", clash.place, clash.kinds.join(", "), clash.on));
        wrapped(2, &format!("case: {}", case_line(&clash.facts)));
        for ground in clash.determination.because.iter().filter(|g| clash.norms.contains(&g.norm)) {
            wrapped(4, &sentence(ground));
        }
        say!();
    }
    say!("{} found; every other pair of norms was shown not to clash", count(found.len(), "conflict"));
    print_bundle(&law);
    Ok(ExitCode::SUCCESS)
}

fn days(interval: Interval) -> Json {
    json!({"from": interval.from.map(|d| d.to_string()), "to": interval.to.map(|d| d.to_string())})
}

/// A norm with what it does: `Cal. Gov. Code § 7284.6(a)(4) forbids: Nobody is handed over.`
fn sentence(ground: &Ground) -> String {
    format!("{} {}: {}", ground.cite, ground.modality, ground.says)
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
    for (title, kind) in [
        ("Norms that decide in no case", GapKind::NormNeverDecides),
        ("Exceptions that change the outcome of no case", GapKind::ExceptionNeverMatters),
    ] {
        say!("{title}");
        of(kind).for_each(|g| say!("  {}", [g.of.as_str(), g.exception.as_deref().unwrap_or_default()].join("  ").trim_end()));
        if of(kind).next().is_none() {
            say!("  none");
        }
        say!();
    }
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
        wrapped(2, &format!("{}: {}", actions.join(", "), places.join(", ")));
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
    let (one, two) = (named(&law, asked.one)?, named(&law, asked.two)?);
    let input = |what: &str| Failure::Input(what.to_owned());
    match (&one, &two) {
        (Named::Day(_), Named::Day(_)) if on.is_some() => return Err(input("two days are compared: --on names a third; leave it out")),
        (Named::Place(_), Named::Place(_)) if place.is_some() => {
            return Err(input("two places are compared: --place names a third; leave it out"));
        }
        _ => {}
    }
    let side = |named: Named| match (named, &place, on) {
        (Named::Day(day), Some(place), _) => Ok((place.clone(), day)),
        (Named::Place(place), _, Some(day)) => Ok((place, day)),
        (Named::Day(_), None, _) => Err(input("two days are compared for a place: add --place us-ca")),
        (Named::Place(_), _, None) => Err(input("two places are compared on a day: add --on 2018-03-01")),
    };
    let (one, two) = (side(one)?, side(two)?);
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
    // What tells the sides apart names them.
    let label = |(place, on): &(String, comity_logic::Date)| match (one.0 == two.0, one.1 == two.1) {
        (true, _) => on.to_string(),
        (false, true) => place.clone(),
        (false, false) => format!("{place} on {on}"),
    };
    let labels = [label(&one), label(&two)];
    for (kinds, found) in &groups {
        say!();
        wrapped(0, &format!("Agencies: {}", kinds.join(", ")));
        print_group(&law, &labels, found);
    }
    print_bundle(&law);
    Ok(ExitCode::SUCCESS)
}

/// What makes two comparisons the same to a reader: which outcomes change to which, by which norms.
type Shape = Vec<(String, Vec<(Outcome, Outcome, Vec<String>, Vec<String>)>)>;

fn shape(found: &[ActionDiff]) -> Shape {
    let ids = |d: &Determination| d.because.iter().map(|g| g.norm.clone()).collect::<Vec<_>>();
    found.iter().map(|d| (d.action.clone(), d.changes.iter().map(|c| (c.from, c.to, ids(&c.before), ids(&c.after))).collect())).collect()
}

/// The differences action by action. What a norm says is said once; after that its citation is enough.
fn print_group(law: &Law, labels: &[String; 2], found: &[ActionDiff]) {
    let mut said: BTreeSet<String> = BTreeSet::new();
    for action in found.iter().filter(|d| !d.changes.is_empty()) {
        let says = law.action(&action.action).map_or("", |a| law.actions[a.0 as usize].says.as_str());
        say!();
        wrapped(2, &format!("{}: {says}", action.action));
        let mut changes: Vec<&Change> = action.changes.iter().collect();
        // A change from one rule to another tells more than that a rule began or ended.
        changes.sort_by_key(|c| [c.from, c.to].contains(&Outcome::Unregulated));
        for change in changes {
            let (from, to) = (outcome_style(change.from), outcome_style(change.to));
            say!("    {from}{}{from:#} → {to}{}{to:#}", change.from, change.to);
            wrapped(6, &format!("case: {}", case_line(&change.facts)));
            reasons(&labels[0], &change.before, &change.after, &mut said);
            reasons(&labels[1], &change.after, &change.before, &mut said);
        }
    }
    let same: Vec<&str> = found.iter().filter(|d| d.changes.is_empty()).map(|d| d.action.as_str()).collect();
    if same.len() == found.len() {
        wrapped(2, "No difference in any case");
    } else if !same.is_empty() {
        say!();
        wrapped(2, &format!("The same in every case: {}", same.join(", ")));
    }
}

/// Why the outcome is what it is on one side: first the norm that tells most, the others by their citations, then what gives way that decided on the other side.
fn reasons(label: &str, here: &Determination, there: &Determination, said: &mut BTreeSet<String>) {
    if here.because.is_empty() && here.open.is_empty() {
        wrapped(6, &format!("{label}: no norm speaks of it"));
    }
    let both: Vec<&str> =
        there.because.iter().chain(&there.beside).chain(there.gave_way.iter().map(|g| &g.ground)).map(|g| g.norm.as_str()).collect();
    let mut grounds: Vec<&Ground> = here.because.iter().chain(&here.open).collect();
    // What speaks on this side only tells more than what speaks on both; the law of the place more than that of the nation.
    grounds.sort_by_key(|g| (both.contains(&g.norm.as_str()), g.rank, !g.by_exception));
    let all = here.outcome == Outcome::Conflict;
    let (told, others) = grounds.split_at(if all { grounds.len() } else { grounds.len().min(1) });
    for ground in told {
        let mut text = if said.insert(ground.cite.clone()) { sentence(ground) } else { format!("{} {}.", ground.cite, ground.modality) };
        if !others.is_empty() {
            let cites: Vec<&str> = others.iter().map(|g| g.cite.as_str()).collect();
            text.push_str(&format!(" So too {}.", cites.join("; ")));
        }
        wrapped(6, &format!("{label}: {text}"));
    }
    for way in here.gave_way.iter().filter(|w| there.because.iter().any(|g| g.norm == w.ground.norm)) {
        let to: Vec<&str> = here.because.iter().filter(|g| way.to.contains(&g.norm)).map(|g| g.cite.as_str()).collect();
        let to = if to.is_empty() { way.to.join("; ") } else { to.join("; ") };
        wrapped(6, &format!("{label}: {} gives way to {to}.", way.ground.cite));
    }
}

pub(crate) fn why_not(args: &Args, asked: &Asked, to: Option<&str>) -> Result<ExitCode, Failure> {
    let wanted = match to {
        Some(word) => {
            let found = word.parse::<Outcome>().map_err(|e| Failure::Input(format!("`{}` is no outcome: {e}", printable(word))))?;
            if found == Outcome::Undetermined {
                return Err(Failure::Input(
                    "`undetermined` is what missing facts leave open; ask for required, permitted, forbidden, unregulated or conflict"
                        .to_owned(),
                ));
            }
            Some(found)
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
                    json!({"outcome": o.outcome, "changes": changes, "facts": o.facts, "determination": o.determination})
                })
                .collect();
            rows.push(json!({"action": now.action, "outcome": now.outcome, "otherwise": others}));
            continue;
        }
        let style = outcome_style(now.outcome);
        say!("{}: {style}{}{style:#} as stated", now.action, now.outcome);
        let mut said = BTreeSet::new();
        for other in &found {
            let style = outcome_style(other.outcome);
            say!("  {style}{}{style:#} if", other.outcome);
            for c in &other.changes {
                let is = if c.missing { "not stated" } else { c.is.as_str() };
                wrapped(4, &format!("{} were {} (now {is})", c.fact, c.would_be));
            }
            reasons("because", &other.determination, &now, &mut said);
        }
        match wanted {
            Some(wanted) if found.is_empty() && wanted == now.outcome => say!("  that is what it is"),
            Some(wanted) if found.is_empty() => say!("  no facts make it {wanted}"),
            None if found.is_empty() => say!("  no facts make it otherwise"),
            _ => {}
        }
        say!();
    }
    if args.format == Format::Json {
        print_json(&json!({"bundle": law.digest, "actions": rows}));
    } else {
        print_bundle(&law);
    }
    Ok(ExitCode::SUCCESS)
}
