//! What is asked about the law: a day, a place, an agency, an action.

use crate::desk::Desk;
use crate::http::failure::Failure;
use comity_engine::{AgencyRef, find_agency};
use comity_law::ActionId;
use comity_logic::{Date, parse_date};
use comity_places::{Agency, AgencyKind, Place, agencies_of, parse_slug};
use std::collections::HashMap;

/// A day that was asked for; today, if none was.
pub(crate) fn day(desk: &Desk, name: &str, text: Option<&str>) -> Result<Date, Failure> {
    match text.map(str::trim).filter(|t| !t.is_empty()) {
        None => Ok(desk.today()),
        Some(text) => exact_day(name, text),
    }
}

/// A day, written as it should be.
pub(crate) fn exact_day(name: &str, text: &str) -> Result<Date, Failure> {
    parse_date(text).ok_or_else(|| Failure::input(name, format!("“{}” is not a day; write it as 2018-03-01", short(text))))
}

/// A text that came from outside, no longer than a line.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

/// A place that exists, in the law or in the lists: its slug and name.
pub(crate) fn place(desk: &Desk, name: &str, slug: &str) -> Result<(String, String), Failure> {
    let slug = slug.trim().trim_matches('/');
    if let Some(known) = desk.law.place(slug) {
        return Ok((known.slug.clone(), known.name.clone()));
    }
    let known = parse_slug(slug).map_err(|error| Failure {
        mistakes: vec![(name.to_owned(), error.to_string())],
        ..Failure::unknown(format!("“{}” is no place", short(slug)))
    })?;
    Ok((known.slug.to_owned(), known.name.to_owned()))
}

/// The name of a place with its state: "Kern County, California".
pub(crate) fn full_name(desk: &Desk, slug: &str) -> String {
    let name = |slug: &str| {
        desk.law
            .place(slug)
            .map(|p| p.name.clone())
            .or_else(|| Place::find(slug).map(|p| p.name.to_owned()))
            .unwrap_or_else(|| slug.to_owned())
    };
    match slug.split_once('/') {
        Some((state, _)) => format!("{}, {}", name(slug), name(state)),
        None => name(slug),
    }
}

/// The agencies to choose from at a place: those that are listed, then any kind. Those of one name are told apart by ORI and county.
pub(crate) fn agencies(slug: &str) -> Vec<(String, String)> {
    let listed: Vec<Agency> = agencies_of(slug).filter(|a| a.ori.is_some()).take(200).collect();
    let mut names: HashMap<&str, usize> = HashMap::new();
    listed.iter().for_each(|a| *names.entry(a.name.as_str()).or_default() += 1);
    let shown = |a: &Agency| if names.get(a.name.as_str()) == Some(&1) { a.name.clone() } else { a.to_string() };
    let mut found: Vec<(String, String)> = listed.iter().filter_map(|a| Some((a.ori.clone()?, shown(a)))).collect();
    found.extend(AgencyKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), format!("Any {}", kind.as_str().replace('-', " ")))));
    found
}

/// The agency that was chosen: an ORI, or a kind of the place; else the place's sheriff, police, or first.
pub(crate) fn agency(slug: &str, chosen: Option<&str>) -> Result<(String, AgencyRef), Failure> {
    let of_kind = |kind: AgencyKind| {
        let agency = AgencyRef { name: String::new(), kind: kind.to_string(), place: slug.to_owned(), ori: None };
        (kind.as_str().to_owned(), agency)
    };
    match chosen.map(str::trim).filter(|c| !c.is_empty()) {
        Some(text) => match text.parse::<AgencyKind>() {
            Ok(kind) => Ok(of_kind(kind)),
            Err(_) => {
                let found = find_agency(text).map_err(|error| Failure::input("agency", error.to_string()))?;
                if found.place != slug {
                    let of = Place::find(&found.place).map_or(found.place.as_str(), |p| p.name);
                    return Err(Failure::input("agency", format!("{} belongs to {of} ({})", found.name, found.place)));
                }
                Ok((text.to_owned(), found))
            }
        },
        None => {
            let listed: Vec<_> = agencies_of(slug).filter(|a| a.ori.is_some()).collect();
            let best = [AgencyKind::Sheriff, AgencyKind::Police].into_iter().find_map(|kind| listed.iter().find(|a| a.kind == kind));
            match best {
                Some(agency) => Ok((
                    agency.ori.clone().unwrap_or_default(),
                    AgencyRef { name: agency.name.clone(), kind: agency.kind.to_string(), place: slug.to_owned(), ori: agency.ori.clone() },
                )),
                None => Ok(of_kind(AgencyKind::Sheriff)),
            }
        }
    }
}

/// An action by its name.
pub(crate) fn action(desk: &Desk, name: &str) -> Result<ActionId, Failure> {
    desk.law.action(name).ok_or_else(|| Failure::input("action", format!("no action is called “{}”", short(name))))
}

/// All actions, to choose from.
pub(crate) fn actions(desk: &Desk) -> Vec<(String, String)> {
    desk.law.actions.iter().map(|a| (a.id.clone(), a.says.clone())).collect()
}
