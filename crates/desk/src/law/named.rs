//! Places by the names that people write. A name that fits two is never decided here: a person chooses.

use super::ask::full_name;
use crate::desk::Desk;
use comity_places::{Place, PlaceKind, places_in};
use std::sync::LazyLock;

/// The states with what lies in them, each with its name in lower case: read once, since every search goes through all of them.
static STATES: LazyLock<Vec<(Named, Vec<Named>)>> = LazyLock::new(|| {
    let named = |place: Place| (place.name.to_lowercase(), place);
    places_in("us").map(|state| (named(state), places_in(state.slug).map(named).collect())).collect()
});

type Named = (String, Place);

/// What a text gives.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// The slug of exactly one place.
    One(String),
    /// Places for a person to choose from; none, if nothing has such a name.
    Several(Vec<Place>),
}

/// The place of a slug (`us-tx/harris-county`) or of a whole name (`Harris County, Texas`, `harris county, tx`); else those whose names begin so.
pub(crate) fn place(desk: &Desk, text: &str) -> Found {
    let slug = text.trim().trim_matches('/').to_lowercase();
    if let Some(known) = desk.law.place(&slug) {
        return Found::One(known.slug.clone());
    }
    if let Some(known) = Place::find(&slug) {
        return Found::One(known.slug.to_owned());
    }
    let (name, state) = parts(&slug);
    if name == "united states" {
        return Found::One("us".to_owned());
    }
    // A state's full name is its name alone; the full name of a town that is called like it has its state behind a comma.
    if let Some(((_, one), _)) = STATES.iter().find(|((lower, _), _)| state.is_none() && lower == name) {
        return Found::One(one.slug.to_owned());
    }
    let whole: Vec<Place> = within(state).filter(|(lower, _)| lower == name).map(|(_, place)| *place).collect();
    match whole.as_slice() {
        [one] => Found::One(one.slug.to_owned()),
        [] => Found::Several(begins(text)),
        _ => Found::Several(sorted(whole)),
    }
}

/// The name under which a place is found again: its full name, or the slug where others are called the same.
pub(crate) fn written(desk: &Desk, slug: &str) -> String {
    let name = full_name(desk, slug);
    match place(desk, &name) {
        Found::One(found) if found == slug => name,
        _ => slug.to_owned(),
    }
}

/// A place with what tells it from others of its name: `Franklin Township, Ohio (city, Warren County)`.
pub(crate) fn told_apart(desk: &Desk, place: &Place) -> String {
    let counties: Vec<&str> = place.counties().filter_map(Place::find).map(|county| county.name).collect();
    let kind = place.kind.as_str();
    let counties = if counties.is_empty() { String::new() } else { format!(", {}", counties.join(", ")) };
    format!("{} ({kind}{counties})", full_name(desk, place.slug))
}

/// Places whose name begins with the text, whole states first.
pub(crate) fn begins(text: &str) -> Vec<Place> {
    let wanted = text.trim().to_lowercase();
    if let Some(place) = Place::find(&wanted) {
        return vec![place];
    }
    let (name, state) = parts(&wanted);
    let mut found = Vec::new();
    for ((lower, one), within) in STATES.iter().filter(|(of, _)| is_state(of, state)) {
        if state.is_none() && lower.starts_with(name) {
            found.push(*one);
        }
        found.extend(within.iter().filter(|(lower, _)| lower.starts_with(name)).take(10).map(|(_, place)| *place));
        if found.len() > 60 {
            break;
        }
    }
    sorted(found)
}

/// A name and the state behind its comma.
fn parts(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(',') {
        Some((name, state)) => (name.trim(), Some(state.trim())),
        None => (text, None),
    }
}

fn is_state((lower, place): &Named, wanted: Option<&str>) -> bool {
    // Two letters are a postal code: else `ma` would be Maine and Maryland too.
    wanted.is_none_or(|wanted| place.slug.get(3..) == Some(wanted) || (wanted.len() != 2 && lower.starts_with(wanted)))
}

/// All places within a state, or within any.
fn within(state: Option<&str>) -> impl Iterator<Item = &'static Named> {
    STATES.iter().filter(move |(of, _)| is_state(of, state)).flat_map(|(_, within)| within)
}

fn sorted(mut found: Vec<Place>) -> Vec<Place> {
    found.sort_by_key(|p| (p.slug.len() > 5, p.kind == PlaceKind::City, p.name));
    found.truncate(40);
    found
}
