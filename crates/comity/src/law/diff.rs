//! `comity law diff`: two days, two places or two bodies of law, compared completely.

use super::diff_text::{Labels, print_group, shape};
use crate::args::{Args, Format};
use crate::failure::Failure;
use crate::input::{self, day, whole_law};
use crate::output::{count, print_bundle, print_json, printable};
use crate::say;
use crate::wording::{json_days, us_day, us_days, wrapped};
use comity_engine::AgencyRef;
use comity_engine::prove::{self, ActionDiff, LawDiff, Scope, Side};
use comity_law::{Bundle, Law, Pair, PairError};
use comity_logic::Date;
use comity_places::AgencyKind;
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Options of `law diff`.
pub(crate) struct Compared<'a> {
    pub(crate) one: &'a str,
    pub(crate) two: &'a str,
    pub(crate) place: Option<&'a str>,
    pub(crate) on: Option<&'a str>,
    pub(crate) kind: Option<&'a str>,
    pub(crate) actions: &'a [String],
}

/// What a side of a comparison is named by.
enum Named {
    Day(Date),
    Place(String),
    /// The built-in law, or that of a folder.
    Law(Option<PathBuf>),
}

impl Named {
    fn what(&self) -> &'static str {
        match self {
            Self::Day(_) => "a day",
            Self::Place(_) => "a place",
            Self::Law(_) => "a body of law",
        }
    }
}

const WAYS: &str = "compare two days (law diff 2017-12-31 2018-03-01 --place us-ca), two places (law diff us-ca us-tx --on 2018-03-01), \
    or two bodies of law (law diff old/law builtin)";

fn named(text: &str) -> Result<Named, Failure> {
    if text == "builtin" {
        return Ok(Named::Law(None));
    }
    if let Some(day) = comity_logic::parse_date(text) {
        return Ok(Named::Day(day));
    }
    let slug = comity_places::parse_slug(text);
    // A folder may be called as a place is: `./us` is the folder.
    match slug {
        Ok(place) if !text.starts_with(['.', '/']) => Ok(Named::Place(place.slug.to_owned())),
        _ if Path::new(text).is_dir() => Ok(Named::Law(Some(PathBuf::from(text)))),
        _ if text.starts_with("us") => Ok(Named::Place(text.to_owned())),
        _ if text.starts_with(|c: char| c.is_ascii_digit()) => Err(day(text).err().unwrap_or_else(|| Failure::Input(WAYS.to_owned()))),
        _ => Err(Failure::Input(format!("`{}` is no day, no place and no folder of law files: {WAYS}", printable(text)))),
    }
}

pub(crate) fn run(args: &Args, asked: &Compared<'_>) -> Result<ExitCode, Failure> {
    match (named(asked.one)?, named(asked.two)?) {
        (Named::Law(one), Named::Law(two)) => laws(args, asked, [one, two]),
        (one @ (Named::Day(_) | Named::Place(_)), two @ (Named::Day(_) | Named::Place(_))) if one.what() == two.what() => {
            within(args, asked, one, two)
        }
        (one, two) => Err(Failure::Input(format!(
            "`{}` is {} and `{}` is {}, which do not compare: {WAYS}",
            printable(asked.one),
            one.what(),
            printable(asked.two),
            two.what()
        ))),
    }
}

/// The kinds of agency that are compared.
fn kinds(asked: &Compared<'_>) -> Result<Vec<String>, Failure> {
    Ok(match asked.kind {
        Some(kind) => vec![kind.parse::<AgencyKind>().map_err(|_| comity_engine::AgencyError::Kind(kind.to_owned()))?.to_string()],
        None => AgencyKind::ALL.iter().map(ToString::to_string).collect(),
    })
}

fn check_actions(asked: &Compared<'_>, laws: &[&Law]) -> Result<(), Failure> {
    if let Some(action) = asked.actions.iter().find(|a| laws.iter().all(|law| law.action(a).is_none())) {
        let names = laws.iter().flat_map(|law| law.actions.iter().map(|a| a.id.as_str()));
        let near = comity_logic::nearest(action, names).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        return Err(Failure::Input(format!("no action is called `{}`{near} (`comity law facts` lists them)", printable(action))));
    }
    Ok(())
}

/// Two days or two places under one law.
fn within(args: &Args, asked: &Compared<'_>, one: Named, two: Named) -> Result<ExitCode, Failure> {
    let law = whole_law(args)?;
    let place = input::places(&law, asked.place)?.pop();
    let on = asked.on.map(day).transpose()?;
    let input = |what: &str| Failure::Input(what.to_owned());
    match &one {
        Named::Day(_) if on.is_some() => return Err(input("two days are compared: --on names a third; leave it out")),
        Named::Place(_) if place.is_some() => return Err(input("two places are compared: --place names a third; leave it out")),
        _ => {}
    }
    let side = |named: Named| match (named, &place, on) {
        (Named::Day(day), Some(place), _) => Ok((place.clone(), day)),
        (Named::Place(place), _, Some(day)) => Ok((input::places(&law, Some(&place))?.remove(0), day)),
        (Named::Place(_), _, None) => Err(input("two places are compared on a day: add --on 2018-03-01")),
        _ => Err(input("two days are compared for a place: add --place us-ca")),
    };
    let (one, two) = (side(one)?, side(two)?);
    check_actions(asked, &[&law])?;
    // Kinds of agency that come out alike are shown together.
    let mut groups: Vec<(Vec<String>, Vec<ActionDiff>)> = Vec::new();
    for kind in kinds(asked)? {
        let of = |(place, on): &(String, Date)| Side {
            agency: AgencyRef { name: String::new(), kind: kind.clone(), place: place.clone(), ori: None },
            on: *on,
        };
        let mut found = prove::diff(&law, &of(&one), &of(&two))?;
        found.retain(|d| asked.actions.is_empty() || asked.actions.contains(&d.action));
        match groups.iter_mut().find(|(_, other)| shape(other) == shape(&found)) {
            Some((kinds, _)) => kinds.push(kind),
            None => groups.push((vec![kind], found)),
        }
    }
    if args.format == Format::Json {
        let rows: Vec<_> = groups
            .iter()
            .map(|(kinds, found)| json!({"kinds": kinds, "actions": found.iter().map(json_action).collect::<Vec<_>>()}))
            .collect();
        let shown = |(place, on): &(String, Date)| json!({"place": place, "on": on.to_string()});
        print_json(&json!({"bundle": law.digest, "one": shown(&one), "two": shown(&two), "groups": rows}));
        return Ok(ExitCode::SUCCESS);
    }
    // What tells the sides apart names them.
    let label = |(place, on): &(String, Date)| match (one.0 == two.0, one.1 == two.1) {
        (true, _) => us_day(*on),
        (false, true) => place.clone(),
        (false, false) => format!("{place} on {}", us_day(*on)),
    };
    let labels = Labels { sides: [label(&one), label(&two)] };
    let common = if one.0 == two.0 { one.0.clone() } else { format!("on {}", us_day(one.1)) };
    say!("{common}: {} → {}", labels.sides[0], labels.sides[1]);
    for (kinds, found) in &groups {
        say!();
        wrapped(0, &format!("Agencies: {}", kinds.join(", ")));
        print_group(&law, &labels, found);
    }
    print_bundle(&law);
    Ok(ExitCode::SUCCESS)
}

/// Two bodies of law: at one place or everywhere, on one day or on all.
fn laws(args: &Args, asked: &Compared<'_>, folders: [Option<PathBuf>; 2]) -> Result<ExitCode, Failure> {
    if args.law.is_some() {
        return Err(Failure::Input("two bodies of law are compared: --law names a third; leave it out".to_owned()));
    }
    let bundle = |folder: &Option<PathBuf>| folder.as_deref().map_or_else(Bundle::builtin, Bundle::from_dir);
    let pair = Pair::read(bundle(&folders[0]), bundle(&folders[1])).map_err(|error| match error {
        PairError::Law(side, found) => {
            Failure::Law { folder: folders.get(side).and_then(Option::as_ref).map(|f| f.display().to_string()), found }
        }
        PairError::Declared(wrong) => Failure::Input(wrong.join("\n")),
    })?;
    let [one, two] = &pair.laws;
    check_actions(asked, &[one, two])?;
    let places = match input::places(two, asked.place) {
        Err(_) => input::places(one, asked.place)?,
        Ok(places) => places,
    };
    let kinds = if asked.kind.is_some() { kinds(asked)? } else { Vec::new() };
    let actions: Vec<_> = asked.actions.iter().filter_map(|action| one.action(action)).collect();
    let scope = Scope { places: &places, on: asked.on.map(day).transpose()?, kinds: &kinds, actions: &actions };
    let found = prove::laws(&pair, &scope)?;
    if args.format == Format::Json {
        print_json(&json_laws(&pair, asked, &found));
        return Ok(ExitCode::SUCCESS);
    }
    let digest = |law: &Law| law.digest.get(..16).unwrap_or(&law.digest).to_owned();
    say!("{} ({}) → {} ({})", printable(asked.one), digest(one), printable(asked.two), digest(two));
    for (side, only) in pair.only.iter().enumerate().filter(|(_, only)| !only.is_empty()) {
        let which = if side == 0 { asked.one } else { asked.two };
        wrapped(2, &format!("Only {} declares: {}", printable(which), only.iter().cloned().collect::<Vec<_>>().join(", ")));
    }
    let labels = Labels { sides: [asked.one.to_owned(), asked.two.to_owned()] };
    for (same, diff) in together(&found) {
        say!();
        wrapped(0, &format!("{}; {}; {}", same.join(", "), diff.kinds.join(", "), us_days(diff.days)));
        print_group(two, &labels, &diff.actions);
    }
    say!();
    wrapped(0, &extent(asked, &found));
    print_bundle(two);
    Ok(ExitCode::SUCCESS)
}

/// Places with the same differences, told once.
fn together(found: &[LawDiff]) -> Vec<(Vec<String>, &LawDiff)> {
    let mut groups: Vec<(Vec<String>, &LawDiff)> = Vec::new();
    for diff in found {
        let same = |other: &LawDiff| other.kinds == diff.kinds && other.days == diff.days && shape(&other.actions) == shape(&diff.actions);
        let name =
            if diff.agency.name.is_empty() { diff.agency.place.clone() } else { format!("{} ({})", diff.agency.place, diff.agency.name) };
        match groups.iter_mut().find(|(_, other)| same(other)) {
            Some((places, _)) => places.push(name),
            None => groups.push((vec![name], diff)),
        }
    }
    groups
}

/// How far the proof reaches.
fn extent(asked: &Compared<'_>, found: &[LawDiff]) -> String {
    let place = asked.place.map_or_else(|| "every place".to_owned(), |p| format!("`{}`", printable(p)));
    let day = asked.on.and_then(comity_logic::parse_date).map_or_else(|| "every day".to_owned(), us_day);
    let action = if asked.actions.is_empty() { "every action".to_owned() } else { asked.actions.join(", ") };
    let kind = asked.kind.map_or_else(|| "every kind of agency".to_owned(), |k| format!("the kind `{}`", printable(k)));
    let scope = format!("{action}, {place}, {kind} and {day}");
    if found.is_empty() {
        format!("No difference: for {scope} both laws decide every case alike. Duties and limits were not compared.")
    } else {
        format!(
            "{} shown; for {scope} both laws decide every other case alike. Duties and limits were not compared.",
            count(found.len(), "difference")
        )
    }
}

fn json_action(d: &ActionDiff) -> Json {
    let change = |c: &prove::Change| json!({"from": c.from, "to": c.to, "facts": c.facts, "before": c.before, "after": c.after});
    json!({"action": d.action, "agree": d.changes.is_empty(), "changes": d.changes.iter().map(change).collect::<Vec<_>>()})
}

fn json_laws(pair: &Pair, asked: &Compared<'_>, found: &[LawDiff]) -> Json {
    let side = |at: usize, name: &str| json!({"law": name, "bundle": pair.laws[at].digest, "only": pair.only[at]});
    let row = |d: &LawDiff| {
        json!({"place": d.agency.place, "name": d.agency.name, "kinds": d.kinds, "days": json_days(d.days),
            "actions": d.actions.iter().map(json_action).collect::<Vec<_>>()})
    };
    json!({"one": side(0, asked.one), "two": side(1, asked.two), "differences": found.iter().map(row).collect::<Vec<_>>()})
}
