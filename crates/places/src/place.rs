//! Places by slug.

use crate::table;

/// What sort of place it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PlaceKind {
    /// The United States.
    Nation,
    /// A state.
    State,
    /// The District of Columbia.
    District,
    /// A territory, such as Puerto Rico.
    Territory,
    /// A county, parish, borough, census area or planning region.
    County,
    /// A city, town, village, township or borough; also an independent city.
    City,
    /// A city and county under one government.
    Consolidated,
}

impl PlaceKind {
    fn of(text: &str) -> Self {
        match text {
            "nation" => Self::Nation,
            "state" => Self::State,
            "district" => Self::District,
            "territory" => Self::Territory,
            "county" => Self::County,
            "consolidated" => Self::Consolidated,
            _ => Self::City,
        }
    }

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nation => "nation",
            Self::State => "state",
            Self::District => "district",
            Self::Territory => "territory",
            Self::County => "county",
            Self::City => "city",
            Self::Consolidated => "consolidated",
        }
    }
}

/// A place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// The slug, such as `us-ca/los-angeles`.
    pub slug: &'static str,
    /// The name, such as `Los Angeles`.
    pub name: &'static str,
    /// The sort of place.
    pub kind: PlaceKind,
    /// The FIPS code: two digits for a state, five for a county, seven for a city (for most
    /// cities none is known here).
    pub fips: Option<&'static str>,
    /// The IANA time zone. For a state with several it is that of the state government.
    pub time_zone: &'static str,
    counties: &'static str,
}

impl Place {
    pub(crate) fn of_line(line: &'static str) -> Option<Self> {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default();
        let some = |text: &'static str| (!text.is_empty()).then_some(text);
        let (slug, name, kind) = (next(), next(), next());
        let (fips, time_zone, counties) = (next(), next(), next());
        Some(Self { slug: some(slug)?, name, kind: PlaceKind::of(kind), fips: some(fips), time_zone, counties })
    }

    /// The place with exactly this slug.
    ///
    /// ```
    /// use comity_places::Place;
    /// let place = Place::find("us-tx/el-paso").expect("a place");
    /// assert_eq!(place.time_zone, "America/Denver");
    /// ```
    #[must_use]
    pub fn find(slug: &str) -> Option<Self> {
        Self::of_line(table::equal(table::PLACES, slug).next()?)
    }

    /// For a city, the slugs of the counties in which it lies, as far as they are known. They
    /// are not in [`place_chain`]: a county's law does not reach a city's own agencies.
    pub fn counties(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.counties.split(',').filter(|slug| !slug.is_empty())
    }

    /// The state, district or territory in which the place lies: itself, if it is one; none
    /// for the nation.
    #[must_use]
    pub fn state(&self) -> Option<Self> {
        Self::find(self.slug.get(..5)?)
    }
}

/// The slugs whose law may reach an agency of this place, from the nation down.
///
/// It looks at the shape of the slug only, so it also serves places that are not listed; it
/// is empty if the text has not the shape of a slug.
///
/// ```
/// use comity_places::place_chain;
/// assert_eq!(place_chain("us-ca/los-angeles"), ["us", "us-ca", "us-ca/los-angeles"]);
/// assert_eq!(place_chain("Los Angeles"), [""; 0]);
/// ```
#[must_use]
pub fn place_chain(slug: &str) -> Vec<&str> {
    let part = |text: &str| {
        !text.is_empty()
            && !text.starts_with('-')
            && !text.ends_with('-')
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let Some(rest) = slug.strip_prefix("us") else {
        return Vec::new();
    };
    let nation = slug.get(..2).unwrap_or_default();
    if rest.is_empty() {
        return vec![nation];
    }
    let (state, town) = match slug.split_once('/') {
        Some((state, town)) => (state, Some(town)),
        None => (slug, None),
    };
    let code = state.strip_prefix("us-").unwrap_or_default();
    if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_lowercase()) {
        return Vec::new();
    }
    match town {
        None => vec![nation, state],
        Some(town) if part(town) => vec![nation, state, slug],
        Some(_) => Vec::new(),
    }
}

/// Every place within a state (`us-ca`), in the order of the slugs; the state itself is not
/// among them. `us` gives the states, the district and the territories.
pub fn places_in(slug: &str) -> impl Iterator<Item = Place> {
    let nation = slug == "us";
    let prefix = if nation { "us-".to_owned() } else { format!("{slug}/") };
    let start = table::lower_bound(table::PLACES, &prefix);
    table::lines_from(table::PLACES, start)
        .take_while(move |line| line.starts_with(&prefix))
        .filter(move |line| !nation || table::key(line).len() == 5)
        .filter_map(Place::of_line)
}
