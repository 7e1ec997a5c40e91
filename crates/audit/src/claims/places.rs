//! Which place a row means. A name alone never settles it: what fits is listed, and what narrows it is said.

use super::columns::Claim;
use crate::table::key;
use comity_places::{Place, PlaceKind, places_in};
use rustc_hash::FxHashMap;

/// The places by code and by name.
pub(super) struct Places {
    by_fips: FxHashMap<&'static str, Place>,
    /// By name without its sort: `franklin` for Franklin County and for Franklin.
    by_name: FxHashMap<String, Vec<Place>>,
    people: FxHashMap<&'static str, u64>,
    everybody: u64,
}

/// What a row's place came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// The places that the row names; several where it names several.
    pub(super) places: Vec<Place>,
    /// All that fit, where it cannot be told which is meant.
    pub(super) candidates: Vec<Place>,
    /// The row names several alternatives (`or`).
    pub(super) either: bool,
    /// The code is of another place than the name.
    pub(super) mismatch: Option<Place>,
    /// The code is of none.
    pub(super) unknown_code: bool,
    /// Other places in the country with the same name and sort.
    pub(super) namesakes: Vec<Place>,
}

/// Populations of the counties (`data/README.md`).
static POPULATION: &str = include_str!("../../data/county-population.tsv");

impl Places {
    pub(super) fn new() -> Self {
        let mut all = Vec::new();
        for state in places_in("us") {
            all.push(state);
            all.extend(places_in(state.slug));
        }
        let mut by_name: FxHashMap<String, Vec<Place>> = FxHashMap::default();
        for place in &all {
            by_name.entry(plain(place.name)).or_default().push(*place);
        }
        let people: FxHashMap<&str, u64> =
            POPULATION.lines().filter_map(|l| l.split_once('\t')).filter_map(|(slug, n)| Some((slug, n.parse().ok()?))).collect();
        Self { by_fips: all.iter().filter_map(|p| Some((p.fips?, *p))).collect(), by_name, everybody: people.values().sum(), people }
    }

    /// How many people live there, for a county.
    pub(super) fn people(&self, place: &Place) -> Option<u64> {
        self.people.get(place.slug).copied()
    }

    /// How many live in all counties.
    pub(super) fn everybody(&self) -> u64 {
        self.everybody
    }

    /// Counties of the same name elsewhere.
    pub(super) fn namesakes(&self, place: &Place) -> Vec<Place> {
        let same = self.by_name.get(&plain(place.name)).map_or(&[][..], Vec::as_slice);
        let county = |p: &Place| matches!(p.kind, PlaceKind::County | PlaceKind::Consolidated);
        same.iter().filter(|p| p.slug != place.slug && county(p) == county(place) && is_town(p) == is_town(place)).copied().collect()
    }

    pub(super) fn resolve(&self, claim: &Claim) -> Found {
        let mut name = without_remarks(&claim.place);
        let mut state = self.state(&claim.state);
        if state.is_none() {
            // "Boston, MA", "Washington, D.C.", "Franklin, Ohio"
            if let Some((rest, last)) = name.rsplit_once(',')
                && let Some(found) = self.state(last)
            {
                state = Some(found);
                name = rest.to_owned();
            }
        }
        let of_code = (!claim.fips.is_empty()).then(|| self.of_code(&claim.fips));
        let mut found = Found { unknown_code: of_code == Some(None), ..Found::default() };
        let code = of_code.flatten();
        let either = name.contains(" or ");
        let parts: Vec<String> = name.replace(" or ", ",").replace(" and ", ",").split(',').map(|p| p.trim().to_owned()).collect();
        let mut named: Vec<Vec<Place>> = parts.iter().filter(|p| !p.is_empty()).map(|p| self.named(p, state, &claim.sort, claim)).collect();
        // "Prince George's and Montgomery" are two, "Lewis and Clark" is one.
        if named.iter().any(Vec::is_empty) {
            let whole = self.named(&name, state, &claim.sort, claim);
            if !whole.is_empty() {
                named = vec![whole];
            }
        }
        named.retain(|n| !n.is_empty());
        found.either = either;
        if let Some(code) = code {
            // The code says which of those of the name; a county within a named city, or a city by its county, is no contradiction.
            let fits = |p: &Place| {
                p.slug == code.slug
                    || p.counties().any(|c| c == code.slug)
                    || code.counties().any(|c| c == p.slug)
                    || p.slug.starts_with(code.slug)
            };
            // "New York City (Queens)" with the code of Queens names both; its agencies are those of the first.
            if remarks(&claim.place).iter().any(|r| plain(r) == plain(code.name)) {
                found.places = named.iter().filter_map(|n| if let [only] = n[..] { Some(only) } else { None }).collect();
                if !found.places.is_empty() {
                    return found;
                }
            }
            let agreeing: Vec<Place> = named.iter().filter_map(|n| n.iter().find(|p| fits(p)).copied()).collect();
            if agreeing.is_empty() && !named.is_empty() {
                found.mismatch = Some(code);
                found.candidates = named.concat();
                return found;
            }
            found.places = match agreeing.len() {
                0 => vec![code],
                1 if named.len() == 1 => {
                    let exact = named[0].iter().any(|p| p.slug == code.slug);
                    vec![if exact { code } else { agreeing[0] }]
                }
                _ => agreeing,
            };
        } else {
            for candidates in named {
                match candidates[..] {
                    [only] => found.places.push(only),
                    _ => found.candidates.extend(candidates),
                }
            }
            if found.places.is_empty() && found.candidates.is_empty() && !state_only(&name) {
                // Nothing of that name: a whole state, if one was given and nothing else.
                found.places.extend(state.filter(|s| self.state(&name) == Some(*s)));
            }
        }
        found.places.dedup();
        if let [only] = found.places[..] {
            found.namesakes = self.namesakes(&only);
        }
        found
    }

    fn of_code(&self, code: &str) -> Option<Place> {
        let exact = self.by_fips.get(code).copied();
        // A spreadsheet takes the zero off the front.
        let padded = || self.by_fips.get(format!("0{code}").as_str()).copied().filter(|_| matches!(code.len(), 1 | 4 | 6));
        // The one county of a district stands for it.
        let district = || self.by_fips.get(code.get(..2)?).copied().filter(|p| p.kind == PlaceKind::District && code.len() == 5);
        exact.or_else(padded).or_else(district)
    }

    /// Whether a code has the shape of one, though no place here has it: the codes of most cities are not in the list.
    pub(super) fn is_town_code(code: &str) -> bool {
        code.len() == 7 && code.bytes().all(|b| b.is_ascii_digit())
    }

    /// A state by name or postal code.
    pub(super) fn state(&self, text: &str) -> Option<Place> {
        let wanted = key(&without_remarks(text).replace('.', ""));
        let wanted = wanted.strip_prefix("state of ").unwrap_or(&wanted);
        if wanted == "washington dc" || wanted == "dc" {
            return Place::find("us-dc");
        }
        places_in("us").find(|s| key(s.name) == wanted || s.slug.get(3..) == Some(wanted))
    }

    /// The places of a name, in a state if one is given.
    fn named(&self, name: &str, state: Option<Place>, sort: &str, claim: &Claim) -> Vec<Place> {
        let wanted = key(name);
        // "All county jails in New Mexico" speaks of the state; so does its own name where nothing else is asked for.
        if let Some(found) = self.state(name).filter(|s| state.is_none_or(|given| given.slug == s.slug))
            && !matches!(sort, "county" | "city")
            && (state.is_some_and(|given| given.slug == found.slug)
                || self.by_name.get(&plain(name)).is_none_or(|n| n.len() == 1)
                || sort == "state")
            && (claim.fips.len() <= 2 || found.kind == PlaceKind::District)
        {
            return vec![found];
        }
        if let Some(state) = state
            && (wanted.starts_with("all ") || wanted.contains("department of corrections"))
            && wanted.contains(&key(state.name))
        {
            return vec![state];
        }
        let says_county = is_county_name(&wanted);
        let bare = plain(facility_off(name));
        let mut fitting: Vec<Place> = self.by_name.get(&bare).cloned().unwrap_or_default();
        fitting.retain(|p| state.is_none_or(|s| p.slug.starts_with(s.slug)) && is_local(p));
        // What the row says of the sort of place narrows it; the facility may as well.
        let county =
            says_county || sort == "county" || is_county_name(&key(&claim.facility)) && plain(facility_off(&claim.facility)) == bare;
        let city = sort == "city" || key(&claim.facility).starts_with(&format!("{bare} city"));
        let keep = |fitting: &mut Vec<Place>, want: &dyn Fn(&Place) -> bool| {
            if fitting.iter().any(want) {
                fitting.retain(want);
            }
        };
        if county {
            keep(&mut fitting, &|p| !is_town(p));
        } else if city {
            keep(&mut fitting, &|p| is_town(p) || p.kind == PlaceKind::Consolidated);
        }
        if claim.fips.is_empty() && !county && !city && state.is_some() && claim.place.contains(" or ") {
            keep(&mut fitting, &|p| !is_town(p));
        }
        fitting
    }
}

fn is_local(place: &Place) -> bool {
    matches!(place.kind, PlaceKind::County | PlaceKind::City | PlaceKind::Consolidated)
}

fn is_town(place: &Place) -> bool {
    place.kind == PlaceKind::City
}

fn is_county_name(key: &str) -> bool {
    key.split(' ').any(|word| matches!(word, "county" | "parish"))
}

fn state_only(name: &str) -> bool {
    name.trim().is_empty()
}

/// A name without what stands in parentheses.
pub(super) fn without_remarks(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_u32;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out.trim().to_owned()
}

/// What stands in parentheses.
fn remarks(text: &str) -> Vec<String> {
    text.split('(').skip(1).filter_map(|part| part.split_once(')')).map(|(inside, _)| inside.trim().to_owned()).collect()
}

/// A facility's name cut to its place: `Lebanon County Correctional Facility` → `Lebanon County`.
fn facility_off(name: &str) -> &str {
    let lower = name.to_ascii_lowercase();
    match lower.find(" county").or_else(|| lower.find(" parish")) {
        Some(at) => name.get(..at + 7).unwrap_or(name),
        None => name,
    }
}

/// A name without its sort, in one spelling.
pub(super) fn plain(name: &str) -> String {
    let key = key(&name.replace(['\'', '\u{2019}', '.'], ""));
    let words: Vec<&str> = key.split(' ').map(|w| if w == "saint" { "st" } else { w }).collect();
    let cut = match words[..] {
        [.., "census", "area"] | [.., "planning", "region"] => words.len() - 2,
        [.., "county" | "parish" | "borough"] if words.len() > 1 => words.len() - 1,
        _ => words.len(),
    };
    let skip = usize::from(cut > 2 && words[0] == "city" && words[1] == "of") * 2;
    words[skip..cut].join(" ")
}
