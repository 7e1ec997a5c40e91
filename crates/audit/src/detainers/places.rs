//! Which agency a facility is of. Never by its name alone: name, city and state must agree, else the candidates are said.

use super::areas;
use super::fields::Field;
use super::table::Table;
use comity_engine::AgencyRef;
use comity_places::{AgencyKind, Place, PlaceKind, agencies_of, places_in};
use rustc_hash::FxHashMap;

/// Facilities whose names do not say whose they are: words of the name, city, state, place, kind of agency, why.
static KNOWN: &str = include_str!("../../data/facilities.tsv");

/// What is known of a facility's agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placed {
    /// It is this agency's.
    Agency {
        /// The agency.
        agency: AgencyRef,
        /// What says so.
        because: String,
        /// Whether it is a state's prison rather than a jail.
        is_prison: bool,
    },
    /// It is a federal agency's, of which no state or local law is asked.
    Federal,
    /// It cannot be told; the candidates.
    Ambiguous {
        /// Why.
        why: String,
        /// The slugs of the places it may be in.
        candidates: Vec<String>,
    },
    /// What is said of it cannot all be true.
    Contradictory {
        /// What contradicts what.
        why: String,
        /// The slugs of the places it may be in.
        candidates: Vec<String>,
    },
}

/// A facility as a row names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facility {
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: String,
    /// Its city.
    pub city: String,
    /// Its state.
    pub state: String,
    /// The area of responsibility.
    pub area: String,
    /// Whose it is.
    pub placed: Placed,
}

/// The facilities of a table.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Each as it is named, in the order in which the table first names them.
    pub facilities: Vec<Facility>,
    /// The facility of each row.
    pub of_row: Vec<u32>,
}

impl Places {
    /// Places every facility of a table.
    #[must_use]
    pub fn of(table: &Table) -> Self {
        let fields = [Field::Facility, Field::FacilityCode, Field::City, Field::State, Field::Area];
        let columns = fields.map(|f| table.ids(f));
        let mut known: FxHashMap<[u32; 5], u32> = FxHashMap::default();
        let mut places = Self { facilities: Vec::new(), of_row: Vec::with_capacity(table.rows()) };
        for row in 0..table.rows() {
            let key = columns.map(|c| c.at(row));
            let facilities = &mut places.facilities;
            places.of_row.push(*known.entry(key).or_insert_with(|| {
                let text = |f| table.text(f, row).to_owned();
                let [name, code, city, state, area] = fields.map(text);
                let placed = place(&name, &city, &state, &area);
                facilities.push(Facility { name, code, city, state, area, placed });
                (facilities.len() - 1) as u32
            }));
        }
        places.by_code();
        places
    }

    /// A facility that its name does not place is that of another row with the same code, city and state.
    fn by_code(&mut self) {
        let mut placed: FxHashMap<(String, String, String), (String, Placed)> = FxHashMap::default();
        for f in self.facilities.iter().filter(|f| !f.code.is_empty() && !f.city.is_empty() && !f.state.is_empty()) {
            if let Placed::Agency { .. } | Placed::Federal = f.placed {
                placed.entry((f.code.clone(), f.city.clone(), f.state.clone())).or_insert_with(|| (f.name.clone(), f.placed.clone()));
            }
        }
        for f in &mut self.facilities {
            let Placed::Ambiguous { .. } = f.placed else { continue };
            if let Some((name, Placed::Agency { agency, is_prison, .. })) = placed.get(&(f.code.clone(), f.city.clone(), f.state.clone())) {
                let because = format!("code {}, city and state are those of {name}", f.code);
                f.placed = Placed::Agency { agency: agency.clone(), because, is_prison: *is_prison };
            }
        }
    }

    /// The facility of a row.
    #[must_use]
    pub fn at(&self, row: usize) -> Option<&Facility> {
        self.facilities.get(*self.of_row.get(row)? as usize)
    }
}

/// The slug of a state by its name or postal code.
fn state_slug(state: &str) -> Option<&'static str> {
    let wanted = plain(state);
    let code = format!("us-{wanted}");
    places_in("us").find(|p| plain(p.name) == wanted || p.slug == code).map(|p| p.slug)
}

fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// A name as slugs spell it: `ST. CLOUD` is `st-cloud`.
fn slug_of(name: &str) -> String {
    let words: String = name
        .chars()
        .filter(|c| *c != '.' && *c != '\'')
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' })
        .collect();
    words.split_whitespace().map(|w| if w == "saint" { "st" } else { w }).collect::<Vec<_>>().join("-")
}

/// The words of a facility's name, with what ICE shortens written out.
fn words(name: &str) -> Vec<String> {
    let spaced: String = name.to_ascii_uppercase().chars().map(|c| if c.is_ascii_alphanumeric() || c == '\'' { c } else { ' ' }).collect();
    spaced
        .split_whitespace()
        .map(|w| match w {
            "CO" | "CNTY" | "CTY" => "COUNTY".to_owned(),
            other => other.replace('\'', ""),
        })
        .collect()
}

fn place(name: &str, city: &str, state: &str, area: &str) -> Placed {
    let upper = name.to_ascii_uppercase();
    let words = words(name);
    let has = |word: &str| words.iter().any(|w| w == word);
    let federal = ["MARSHALS", "USMS", "BOP", "FCI", "FMC", "FDC", "FPC", "FTC", "USP"].iter().any(|w| has(w))
        || (has("US") && has("MARSHAL"))
        || upper.starts_with("MDC ");
    if federal || has("FEDERAL") {
        return Placed::Federal;
    }
    let county = county_named(&words);
    let Some(state_slug) = state_slug(state) else {
        return without_state(county.as_deref(), city, state, name);
    };
    if let Some(known) = known(&upper, city, state_slug) {
        return known;
    }
    if is_prison(&words) {
        let departments: Vec<_> = agencies_of(state_slug).filter(|a| a.kind == AgencyKind::StateCorrections).collect();
        return match departments.as_slice() {
            [one] => agency(reference(one), format!("the name is a state prison's; the state is {state}"), true),
            _ => ambiguous(
                format!("`{name}` reads like a state prison, but {state} has no single department of corrections in the list"),
                vec![state_slug.to_owned()],
            ),
        };
    }
    match county {
        Some(county) => in_county(&county, name, city, state, state_slug, area),
        None => in_city(&words, name, city, state_slug),
    }
}

/// `LOS ANGELES COUNTY JAIL` names Los Angeles.
fn county_named(words: &[String]) -> Option<String> {
    let at = words.iter().position(|w| matches!(w.as_str(), "COUNTY" | "PARISH" | "BOROUGH"))?;
    let name = words.get(..at)?.join(" ");
    (!name.is_empty()).then_some(name)
}

fn is_prison(words: &[String]) -> bool {
    let has = |word: &str| words.iter().any(|w| w == word);
    let pair = |a: &str, b: &str| words.windows(2).any(|w| w.first().is_some_and(|x| x == a) && w.get(1).is_some_and(|x| x == b));
    let county = has("COUNTY") || has("PARISH") || has("CITY");
    !county
        && (has("PRISON")
            || has("PENITENTIARY")
            || has("DOC")
            || has("SCI")
            || pair("C", "F")
            || pair("INST", "FOR")
            || has("CORR")
            || has("CORRECTIONAL")
            || pair("STATE", "INST"))
}

fn reference(agency: &comity_places::Agency) -> AgencyRef {
    AgencyRef { name: agency.name.clone(), kind: agency.kind.to_string(), place: agency.place.clone(), ori: agency.ori.clone() }
}

fn agency(agency: AgencyRef, because: String, is_prison: bool) -> Placed {
    Placed::Agency { agency, because, is_prison }
}

fn ambiguous(why: String, candidates: Vec<String>) -> Placed {
    Placed::Ambiguous { why, candidates }
}

/// Who runs the jail of a place: its jail department if it has one, else its sheriff, else its jail, whoever that is.
pub(crate) fn jailer(place: &str, name: &str) -> AgencyRef {
    let all: Vec<_> = agencies_of(place).collect();
    let only = |kind: AgencyKind| {
        let mut of_kind = all.iter().filter(|a| a.kind == kind);
        of_kind.next().filter(|_| of_kind.next().is_none()).map(reference)
    };
    only(AgencyKind::Jail).or_else(|| only(AgencyKind::Sheriff)).unwrap_or_else(|| AgencyRef {
        name: name.to_owned(),
        kind: AgencyKind::Jail.to_string(),
        place: place.to_owned(),
        ori: None,
    })
}

fn known(upper: &str, city: &str, state: &str) -> Option<Placed> {
    let line = KNOWN.lines().map(|l| l.split('\t').collect::<Vec<_>>()).find(|cells| {
        let [words, of_city, of_state, ..] = cells.as_slice() else { return false };
        upper.contains(words) && city.eq_ignore_ascii_case(of_city) && state == *of_state
    })?;
    let [_, _, _, place, kind, why] = line.as_slice() else { return None };
    let kind: AgencyKind = kind.parse().ok()?;
    let found = agencies_of(place).find(|a| a.kind == kind)?;
    Some(agency(reference(&found), (*why).to_owned(), false))
}

/// The county of that name in a state.
fn county_in(state: &str, county: &str) -> Option<Place> {
    let base = slug_of(county);
    let of = ["county", "parish", "borough", "census-area"].map(|unit| format!("{state}/{base}-{unit}"));
    let plain = format!("{state}/{base}");
    of.iter().find_map(|slug| Place::find(slug)).or_else(|| Place::find(&plain).filter(|p| p.kind == PlaceKind::Consolidated))
}

fn cities_named(city: &str, state: &str) -> Vec<Place> {
    let base = format!("{state}/{}", slug_of(city));
    let rest =
        [format!("{base}-village"), format!("{base}-town"), format!("{base}-township"), format!("{base}-borough"), format!("{base}-city")];
    std::iter::once(&base)
        .chain(&rest)
        .filter_map(|slug| Place::find(slug))
        .filter(|p| matches!(p.kind, PlaceKind::City | PlaceKind::Consolidated))
        .collect()
}

fn in_county(county: &str, name: &str, city: &str, state: &str, state_slug: &str, area: &str) -> Placed {
    let elsewhere = || -> Vec<String> {
        let others = places_in("us").filter(|s| s.slug != state_slug).filter_map(|s| county_in(s.slug, county).map(|c| (s, c)));
        others
            .filter(|(s, c)| cities_named(city, s.slug).iter().any(|p| p.counties().any(|of| of == c.slug)))
            .map(|(_, c)| c.slug.to_owned())
            .collect()
    };
    let Some(found) = county_in(state_slug, county) else {
        return ambiguous(format!("no county of {state} is called {county}"), if city.is_empty() { Vec::new() } else { elsewhere() });
    };
    let said = |also: &str| agency(jailer(found.slug, name), format!("{} {also}", found.name), false);
    if city.is_empty() {
        return ambiguous(format!("`{name}` and the state name {}, but no city confirms it", found.name), vec![found.slug.to_owned()]);
    }
    let cities = cities_named(city, state_slug);
    if cities.iter().any(|c| c.slug == found.slug || c.counties().any(|of| of == found.slug)) {
        return said("by name, city and state");
    }
    let others = elsewhere();
    if cities.is_empty() && others.is_empty() {
        return said(&format!("by name and state; {city} is in no list of cities"));
    }
    let mut candidates = vec![found.slug.to_owned()];
    candidates.extend(others.iter().cloned());
    candidates.extend(cities.iter().flat_map(Place::counties).map(str::to_owned));
    candidates.dedup();
    let backed =
        others.iter().find(|slug| Place::find(slug).and_then(|p| p.state()).is_some_and(|s| areas::covers(area, s.name) == Some(true)));
    let why = match backed {
        Some(slug) => {
            let of = Place::find(slug).and_then(|p| p.state()).map_or("", |s| s.name);
            format!("city {city} and {area} point to {} of {of}, not to {state}", found.name)
        }
        None => format!("{city} does not lie in {} of {state}", found.name),
    };
    Placed::Contradictory { why, candidates }
}

fn in_city(words: &[String], name: &str, city: &str, state: &str) -> Placed {
    let cities = cities_named(city, state);
    let is_city_jail = words.iter().any(|w| w == "CITY" || w == "POLICE" || w == "PD");
    let police = |place: &Place| {
        let mut all = agencies_of(place.slug).filter(|a| a.kind == AgencyKind::Police);
        all.next().filter(|_| all.next().is_none())
    };
    if let [one] = cities.as_slice() {
        let first = slug_of(&words.join(" "));
        if let Some(found) = police(one).filter(|_| is_city_jail && first.starts_with(&slug_of(city))) {
            return agency(reference(&found), format!("the city jail of {} by name, city and state", one.name), false);
        }
        if one.kind == PlaceKind::Consolidated {
            return agency(jailer(one.slug, name), format!("{} has one government for city and county", one.name), false);
        }
    }
    let mut candidates: Vec<String> = cities.iter().map(|c| c.slug.to_owned()).collect();
    candidates.extend(cities.iter().flat_map(Place::counties).map(str::to_owned));
    ambiguous(format!("`{name}` does not say whether it is a city's, a county's or a state's"), candidates)
}

/// Without a state a county is known only where its name and the city's fit together in one state.
fn without_state(county: Option<&str>, city: &str, state: &str, name: &str) -> Placed {
    let Some(county) = county else {
        let why = if state.is_empty() { "the state is missing".to_owned() } else { format!("`{state}` is no state") };
        return ambiguous(format!("{why}, and `{name}` names no county"), Vec::new());
    };
    let all: Vec<Place> = places_in("us").filter_map(|s| county_in(s.slug, county)).collect();
    if !city.is_empty() {
        let fits = |c: &&Place| c.state().is_some_and(|s| cities_named(city, s.slug).iter().any(|p| p.counties().any(|of| of == c.slug)));
        let fitting: Vec<&Place> = all.iter().filter(fits).collect();
        if let [one] = fitting.as_slice() {
            return agency(
                jailer(one.slug, name),
                format!("{} is the only county of that name with a city {city}; no state is given", one.name),
                false,
            );
        }
    }
    ambiguous(
        format!("{} counties are called {county} and nothing else places it", all.len()),
        all.iter().map(|c| c.slug.to_owned()).collect(),
    )
}
