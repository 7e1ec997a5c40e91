//! Agencies.

use std::fmt;

use crate::kind::AgencyKind;
use crate::place::Place;
use crate::state;
use crate::table;

/// An agency, as the law's norms see it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Agency {
    /// The nine-character ORI, if the agency stands in the FBI's list.
    pub ori: Option<String>,
    /// The full name.
    pub name: String,
    /// What kind of agency it is.
    pub kind: AgencyKind,
    /// The slug of the place whose agency it is. A tribe's agency stands at `us`, because no
    /// state's or county's law reaches it as its own.
    pub place: String,
}

impl Agency {
    /// The state, district or territory in which it works, such as `us-ca`.
    #[must_use]
    pub fn state(&self) -> Option<&'static str> {
        let slug = match (self.place.as_str(), self.ori.as_deref()) {
            ("us", Some(ori)) => format!("us-{}", state::of_ori(ori)?),
            (place, _) => place.get(..5)?.to_owned(),
        };
        Place::find(&slug).map(|place| place.slug)
    }

    /// The counties in which it works, as far as they are known: its own place, the counties
    /// of its city, or the counties by which the FBI sorts a state's unit.
    #[must_use]
    pub fn counties(&self) -> Vec<Place> {
        let own = Place::find(&self.place);
        if let Some(place) = own.filter(|place| place.fips.is_some_and(|fips| fips.len() == 5)) {
            return vec![place];
        }
        let of_row = self.ori.as_deref().and_then(Row::find).map_or("", |row| row.counties);
        let of_place = own.into_iter().flat_map(|place| place.counties());
        of_place.chain(of_row.split(',')).filter_map(Place::find).collect()
    }

    /// Whether it is an agency of a tribe or of a reservation.
    #[must_use]
    pub fn is_tribal(&self) -> bool {
        self.ori.as_deref().and_then(Row::find).is_some_and(|row| row.flags.contains('t'))
    }

    /// The name under which the FBI publishes it, such as `Los Angeles` or `Kern`.
    #[must_use]
    pub fn published_name(&self) -> Option<&'static str> {
        let row = Row::find(self.ori.as_deref()?)?;
        // The cell holds a length where the published name starts the full name.
        Some(match row.published.parse::<usize>() {
            Ok(length) => row.name.get(..length).unwrap_or(row.name),
            Err(_) => row.published,
        })
    }
}

/// The name with what tells it from others: `Kern County Sheriff's Office (CA0150000; Kern
/// County, California)`.
impl fmt::Display for Agency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (", self.name)?;
        if let Some(ori) = &self.ori {
            write!(f, "{ori}; ")?;
        }
        let state = self.state().and_then(Place::find).map_or("United States", |state| state.name);
        for county in self.counties() {
            write!(f, "{}, ", county.name)?;
        }
        write!(f, "{state})")
    }
}

/// A line of the table of agencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    /// The ORI, or `x-…` for an agency that is not in the FBI's list.
    pub(crate) id: &'static str,
    published: &'static str,
    name: &'static str,
    kind: AgencyKind,
    pub(crate) place: &'static str,
    counties: &'static str,
    flags: &'static str,
}

impl Row {
    pub(crate) fn of_line(line: &'static str) -> Option<Self> {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default();
        let (id, published, name) = (next(), next(), next());
        let kind = next().parse().ok()?;
        let (place, counties, flags) = (next(), next(), next());
        Some(Self { id, published, name, kind, place, counties, flags })
    }

    pub(crate) fn find(id: &str) -> Option<Self> {
        Self::of_line(table::equal(table::AGENCIES, id).next()?)
    }

    /// Whether the line is one of several units (or one more ORI) of a larger agency.
    pub(crate) fn is_unit(&self) -> bool {
        self.flags.contains('s')
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// The state's postal code.
    pub(crate) fn state(&self) -> Option<&'static str> {
        self.place.get(3..5).or_else(|| state::of_ori(self.id))
    }

    /// The slugs of the counties: its own place, if that is no city within a county.
    pub(crate) fn counties(&self) -> Vec<&'static str> {
        let place = Place::find(self.place);
        let of_place = place.into_iter().flat_map(|place| place.counties());
        let mut found: Vec<_> = of_place.chain(self.counties.split(',')).filter(|slug| !slug.is_empty()).collect();
        if found.is_empty() {
            found.push(self.place);
        }
        found
    }

    pub(crate) fn agency(&self) -> Agency {
        Agency {
            ori: (!self.id.starts_with('x')).then(|| self.id.to_owned()),
            name: self.name.to_owned(),
            kind: self.kind,
            place: self.place.to_owned(),
        }
    }
}

/// The agencies of exactly this place, in the order of their ORIs; those without an ORI last.
/// Agencies of the cities within a county are not the county's.
///
/// ```
/// use comity_places::agencies_of;
/// assert!(agencies_of("us-ca/san-francisco").any(|agency| agency.name.contains("Police")));
/// ```
pub fn agencies_of(slug: &str) -> impl Iterator<Item = Agency> {
    let slug = slug.to_owned();
    let needle = memchr::memmem::Finder::new(format!("\t{slug}\t").as_bytes()).into_owned();
    let mut at = 0;
    let lines = std::iter::from_fn(move || {
        let found = at + needle.find(table::AGENCIES.as_bytes().get(at..)?)?;
        let line = table::line_at(table::AGENCIES, found);
        at = found + memchr::memchr(b'\n', table::AGENCIES.as_bytes().get(found..)?)?;
        Some(line)
    });
    lines.filter_map(Row::of_line).filter(move |row| row.place == slug).map(|row| row.agency())
}
