//! Who reports: the agency, told apart from every namesake by its codes.

use comity_engine::AgencyRef;
use comity_places::Place;
use jiff::tz::TimeZone;
use serde::Serialize;

/// How the name of an agency ends whose record is made up.
const INVENTED: &str = " (invented sample)";

/// The agency of a report. Names repeat (24 counties are called Franklin); codes do not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reporter {
    /// Its name.
    pub name: String,
    /// Its kind, in the vocabulary's words.
    pub kind: String,
    /// The slug of its place.
    pub place: String,
    /// The name of its place.
    pub place_name: String,
    /// The state's postal letters.
    pub state: String,
    /// The FIPS code of its place, or of the county that the place lies in; none where it is not known.
    pub fips: Option<String>,
    /// Its ORI; none where it has none that is known.
    pub ori: Option<String>,
}

impl Reporter {
    /// The reporter of an agency.
    #[must_use]
    pub fn of(agency: &AgencyRef) -> Self {
        let place = Place::find(&agency.place);
        let own = place.and_then(|p| p.fips);
        // Most cities have no code here; the county says where they are.
        let county = place.and_then(|p| p.counties().next().and_then(Place::find)).and_then(|c| c.fips);
        Self {
            name: agency.name.clone(),
            kind: agency.kind.clone(),
            place: agency.place.clone(),
            place_name: place.map_or_else(|| agency.place.clone(), |p| p.name.to_owned()),
            state: agency.place.get(3..5).unwrap_or_default().to_uppercase(),
            fips: own.or(county).map(str::to_owned),
            ori: agency.ori.clone(),
        }
    }

    /// The same agency as the reporter of a made-up record: its name says so wherever it stands, for the agency may be real.
    #[must_use]
    pub fn invented(mut self) -> Self {
        if !self.is_invented() {
            self.name.push_str(INVENTED);
        }
        self
    }

    /// Whether it reports from a made-up record.
    #[must_use]
    pub fn is_invented(&self) -> bool {
        self.name.ends_with(INVENTED)
    }

    /// What tells it apart in the record: its ORI, else kind, place and name.
    #[must_use]
    pub fn key(&self) -> String {
        self.ori.clone().unwrap_or_else(|| format!("{} of {}: {}", self.kind, self.place, self.name))
    }

    /// The time zone in which its days are counted.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        Place::find(&self.place).and_then(|p| TimeZone::get(p.time_zone).ok()).unwrap_or(TimeZone::UTC)
    }
}
