//! The law as rows, in the way of legal-epidemiology datasets: for each place, question and interval what the law of that place itself can bring.
//!
//! A question is an action asked of a group of agencies. A row speaks of the place's own norms alone: not of those of the places above it, which have rows of
//! their own, and not of a case, which `decide` is for. What it says is proved: an outcome that is marked can occur in some case, one that is not cannot.

mod cells;
mod tables;

use comity_law::{ActionId, Confidence, Interval, Law};
use comity_places::AgencyKind;

pub use tables::{codebook, norms, values};

/// Kinds of agencies that are asked together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name in the ids of questions.
    pub id: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// The kinds.
    pub kinds: &'static [AgencyKind],
}

/// Every kind of agency is in one group.
pub const GROUPS: [Group; 6] = [
    Group { id: "police", label: "local police and school police", kinds: &[AgencyKind::Police, AgencyKind::SchoolPolice] },
    Group { id: "sheriff", label: "sheriffs", kinds: &[AgencyKind::Sheriff] },
    Group { id: "jail", label: "jails and local corrections", kinds: &[AgencyKind::Jail] },
    Group {
        id: "state",
        label: "state police, prisons and other state agencies",
        kinds: &[AgencyKind::StatePolice, AgencyKind::StateCorrections, AgencyKind::StateAgency],
    },
    Group {
        id: "justice",
        label: "courts, prosecutors, probation and pretrial services",
        kinds: &[AgencyKind::Court, AgencyKind::Prosecutor, AgencyKind::Probation, AgencyKind::Pretrial],
    },
    Group {
        id: "civil",
        label: "schools, hospitals, county boards and other departments",
        kinds: &[
            AgencyKind::SchoolDistrict,
            AgencyKind::Hospital,
            AgencyKind::CityDepartment,
            AgencyKind::CountyDepartment,
            AgencyKind::CountyBoard,
        ],
    },
];

/// How far the sources of a place were searched for the days of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Searched {
    /// Every source that is named.
    All,
    /// Some of them.
    Some,
    /// None: silence means nothing.
    None,
}

impl Searched {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Some => "some",
            Self::None => "none",
        }
    }
}

/// What the norms of a place itself can bring for one question on some days.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The slug of the place.
    pub place: String,
    /// The action.
    pub action: ActionId,
    /// The position of the group in [`GROUPS`].
    pub group: usize,
    /// The days.
    pub days: Interval,
    /// What some case of some agency of the group can bring, in the order required, permitted, forbidden, unregulated, conflict.
    pub can: [bool; 5],
    /// The kinds of the group to which a norm can speak.
    pub kinds: Vec<AgencyKind>,
    /// The norms: `us-ca-values-act#hold`.
    pub norms: Vec<String>,
    /// Their citations, and those of their exceptions.
    pub cites: Vec<String>,
    /// The least sure of them.
    pub confidence: Option<Confidence>,
    /// How far the place was searched.
    pub searched: Searched,
    /// Whether `can` is proved; else it is what the norms could bring at most.
    pub proved: bool,
}

/// Every row of a law: by place, action, group and day. Where no norm was found and nobody looked there is nothing to say, and no row.
#[must_use]
pub fn rows(law: &Law) -> Vec<Row> {
    let mut places: Vec<&str> =
        law.places.iter().map(|p| p.slug.as_str()).chain(law.instruments.iter().map(|i| i.place.as_str())).collect();
    places.sort_unstable();
    places.dedup();
    let says_something = |row: &Row| !row.norms.is_empty() || row.searched != Searched::None;
    places.into_iter().flat_map(|place| cells::rows_of(law, place)).filter(says_something).collect()
}
