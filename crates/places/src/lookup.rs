//! Agencies by name.

use crate::agency::{Agency, Row};
use crate::hint::Query;
use crate::near;
use crate::normal::{LONGEST, normalise};
use crate::ori::{OriError, find_by_ori, looks_like_ori};
use crate::place::place_chain;
use crate::state;
use crate::table;

/// What a name or an ORI gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// Exactly one agency.
    One(Agency),
    /// Several agencies, the larger first; the order is for reading and says nothing about
    /// which is meant. `Display` of an [`Agency`] tells them apart.
    Many(Vec<Agency>),
    /// No agency of the list.
    None {
        /// Agencies with a similar name, for a person to choose from.
        near: Vec<Agency>,
    },
}

impl Resolution {
    /// The agency, if it is one.
    #[must_use]
    pub fn one(self) -> Option<Agency> {
        match self {
            Self::One(agency) => Some(agency),
            Self::Many(_) | Self::None { .. } => None,
        }
    }

    /// All agencies in it: the one, the many, or the near ones.
    #[must_use]
    pub fn agencies(&self) -> &[Agency] {
        match self {
            Self::One(agency) => std::slice::from_ref(agency),
            Self::Many(agencies) | Self::None { near: agencies } => agencies,
        }
    }

    fn of_rows(rows: &[Row]) -> Self {
        match rows {
            [] => Self::None { near: Vec::new() },
            [row] => Self::One(row.agency()),
            rows => Self::Many(rows.iter().map(Row::agency).collect()),
        }
    }
}

/// The agencies that a text means: an ORI if it looks like one, or else a name.
#[must_use]
pub fn resolve(text: &str) -> Resolution {
    if !looks_like_ori(text) {
        return find_by_name(text);
    }
    match find_by_ori(text) {
        Ok(agency) => Resolution::One(agency),
        Err(OriError::Ambiguous { candidates }) => Resolution::Many(candidates),
        Err(OriError::Unknown { near }) => match find_by_name(text) {
            // "DAC23" and the like may yet be a name.
            Resolution::None { .. } => Resolution::None { near },
            found => found,
        },
        Err(OriError::Malformed | OriError::Federal { .. }) => Resolution::None { near: Vec::new() },
    }
}

/// The agencies that a name means. Case, punctuation, `Dept`, `Sheriff's Office`, `PD` and the
/// like do not matter. A state narrows it (`Franklin County Sheriff, Ohio` or `, OH`), and so
/// does a county (`Penn Township Police (York County)`).
#[must_use]
pub fn find_by_name(text: &str) -> Resolution {
    find(text, None)
}

/// The same among the agencies of a place and of all places within it: `us-ca` for the whole
/// state, `us-ca/los-angeles` for the city alone. A county holds its cities' agencies too.
#[must_use]
pub fn find_by_name_in(text: &str, place: &str) -> Resolution {
    find(text, Some(place))
}

fn find(text: &str, place: Option<&str>) -> Resolution {
    if text.len() > LONGEST {
        return Resolution::None { near: Vec::new() };
    }
    let mut query = Query::of(text);
    if query.state.is_none() {
        // The place is a hint like any other, so that "Highway Patrol" is found in us-ca.
        let code = place.and_then(|slug| slug.get(3..5));
        query.state = code.filter(|code| state::name_of(code).is_some()).and_then(state::of_ori);
    }
    // From the plain reading to the ones that need more good will; the first that gives
    // anything is taken, and within one reading nothing is preferred.
    let mut readings = vec![query.clone()];
    readings.extend(query.with_trailing_state());
    readings.extend(query.written_out());
    readings.extend(Query::of(text).with_trailing_state().filter(|_| place.is_some()));
    if let Some(plain) = without_rank(&query.key) {
        readings.push(Query { key: plain, ..query.clone() });
    }
    for reading in &readings {
        let rows = candidates(reading, place);
        if !rows.is_empty() {
            return Resolution::of_rows(&rows);
        }
    }
    let wanted = readings.iter().find_map(|reading| reading.state);
    let key = readings.get(1).filter(|_| query.state.is_none()).map_or(&query.key, |r| &r.key);
    Resolution::None { near: near(key, wanted) }
}

/// The rows that fit one reading.
fn candidates(query: &Query, place: Option<&str>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for key in spellings(query) {
        for line in table::equal(table::NAMES, &key) {
            let id = line.split('\t').nth(1).unwrap_or_default();
            if let Some(row) = Row::find(id)
                && fits(&row, query, place)
                && !rows.iter().any(|known| known.id == row.id)
            {
                rows.push(row);
            }
        }
    }
    // The units of an agency step back behind the agency itself, unless the county of the
    // unit was given and left it alone.
    if rows.iter().any(|row| !row.is_unit()) {
        rows.retain(|row| !row.is_unit());
    }
    rows
}

fn fits(row: &Row, query: &Query, place: Option<&str>) -> bool {
    let state = query.state.is_none_or(|state| row.state() == Some(state));
    let county = || match &query.county {
        None => true,
        Some(wanted) => {
            let wanted_slug = wanted.replace(' ', "-");
            let of_place = row.counties().iter().filter_map(|slug| slug.split_once('/')).any(
                // San Francisco is its own county, under the name of the city.
                |(_, county)| county == wanted_slug || wanted_slug.strip_suffix("-county") == Some(county),
            );
            // A consolidated county, such as Duval County, may live on in the name only.
            of_place || Query::of(row.name()).county.as_deref() == Some(wanted)
        }
    };
    let within = || {
        place.is_none_or(|slug| {
            row.place == slug
                || place_chain(row.place).contains(&slug)
                || row.counties().contains(&slug)
                // A tribe's agency, within the state.
                || row.place == "us" && slug.len() == 5 && row.state() == slug.get(3..)
        })
    };
    state && county() && within()
}

/// The keys under which the index may hold what a key means. All of them count alike: that
/// "Abington Police" is a town's in one state and a township's in another is not ours to decide.
fn spellings(query: &Query) -> Vec<String> {
    let key = query.key.as_str();
    if key.is_empty() {
        return Vec::new();
    }
    let mut keys = vec![key.to_owned()];
    // "Sheriff of Kern County", "Police Department of Salem"
    for role in ["sheriff", "police", "police city", "police town"] {
        if let Some(rest) = key.strip_prefix(role).and_then(|rest| rest.strip_prefix(' ')) {
            let role = role.split(' ').next().unwrap_or_default();
            keys.push(format!("{rest} {role}"));
        }
    }
    let unit = |word: &str| matches!(word, "county" | "parish" | "borough" | "city" | "township");
    let mut more = Vec::new();
    for key in &keys {
        if let Some(base) = key.strip_suffix(" sheriff") {
            if !base.rsplit(' ').next().is_some_and(unit) {
                more.extend(["county", "parish", "city"].map(|word| format!("{base} {word} sheriff")));
            }
        } else if let Some(base) = key.strip_suffix(" police") {
            if !base.rsplit(' ').next().is_some_and(unit) {
                let words = ["township", "borough", "town", "village"];
                more.extend(words.map(|word| format!("{base} {word} police")));
            }
        } else if key.split(' ').any(|word| matches!(word, "university" | "college")) {
            more.push(format!("{key} police"));
        }
    }
    keys.extend(more);
    // "Highway Patrol" with a hint of California
    if let Some(name) = query.state.and_then(state::name_of)
        && !key.starts_with(name)
    {
        keys.push(format!("{name} {key}"));
    }
    keys
}

/// "City of Salem Police" and "Salem City Police" without the rank of the town; "County of
/// Kern Sheriff" as "Kern County Sheriff".
fn without_rank(key: &str) -> Option<String> {
    let words: Vec<&str> = key.split(' ').collect();
    match words.as_slice() {
        ["city" | "town" | "village", rest @ ..] if rest.len() > 1 => Some(rest.join(" ")),
        ["township", name @ .., "police"] if !name.is_empty() => Some(format!("{} township police", name.join(" "))),
        ["county", name @ .., role] if !name.is_empty() => Some(format!("{} county {role}", name.join(" "))),
        [name @ .., "city" | "town" | "village", "police"] if !name.is_empty() => Some(format!("{} police", name.join(" "))),
        _ => None,
    }
}

fn near(key: &str, state: Option<&'static str>) -> Vec<Agency> {
    let row = |line: &str| line.split('\t').nth(1).and_then(Row::find);
    let wanted = |line: &str| state.is_some() && row(line).is_some_and(|row| row.state() == state);
    let mut rows: Vec<Row> = Vec::new();
    for line in near::near_names(&normalise(key), wanted) {
        if let Some(row) = row(line)
            && !rows.contains(&row)
        {
            rows.push(row);
        }
    }
    rows.iter().map(Row::agency).collect()
}
