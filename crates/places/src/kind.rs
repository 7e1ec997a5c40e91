//! What kind of agency it is: the values of the fact `agency.kind`.

use std::fmt;
use std::str::FromStr;

/// The kind of an agency, as the law's norms tell agencies apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum AgencyKind {
    /// Police of a city, county, township, transit system and the like; also constables.
    Police,
    /// A sheriff, who may run a jail.
    Sheriff,
    /// A county or city jail or corrections department that is not (only) a sheriff.
    Jail,
    /// Law enforcement of a state.
    StatePolice,
    /// Prisons of a state, and jails that a state runs.
    StateCorrections,
    /// Probation.
    Probation,
    /// Pretrial services.
    Pretrial,
    /// A court, with its security officers.
    Court,
    /// A prosecutor, with the prosecutor's investigators.
    Prosecutor,
    /// Police of a school, college or university.
    SchoolPolice,
    /// Schools that are not law enforcement.
    SchoolDistrict,
    /// A public health facility that is not law enforcement.
    Hospital,
    /// Another department of a city.
    CityDepartment,
    /// Another department of a county.
    CountyDepartment,
    /// The county as a contracting party.
    CountyBoard,
    /// Another department of a state.
    StateAgency,
}

impl AgencyKind {
    /// Every kind, in the order of the list of facts.
    pub const ALL: [Self; 16] = [
        Self::Police,
        Self::Sheriff,
        Self::Jail,
        Self::StatePolice,
        Self::StateCorrections,
        Self::Probation,
        Self::Pretrial,
        Self::Court,
        Self::Prosecutor,
        Self::SchoolPolice,
        Self::SchoolDistrict,
        Self::Hospital,
        Self::CityDepartment,
        Self::CountyDepartment,
        Self::CountyBoard,
        Self::StateAgency,
    ];

    /// The value of the fact `agency.kind`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Police => "police",
            Self::Sheriff => "sheriff",
            Self::Jail => "jail",
            Self::StatePolice => "state-police",
            Self::StateCorrections => "state-corrections",
            Self::Probation => "probation",
            Self::Pretrial => "pretrial",
            Self::Court => "court",
            Self::Prosecutor => "prosecutor",
            Self::SchoolPolice => "school-police",
            Self::SchoolDistrict => "school-district",
            Self::Hospital => "hospital",
            Self::CityDepartment => "city-department",
            Self::CountyDepartment => "county-department",
            Self::CountyBoard => "county-board",
            Self::StateAgency => "state-agency",
        }
    }
}

impl fmt::Display for AgencyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text is no kind of agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKind(());

impl fmt::Display for UnknownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a kind of agency; the kinds are ")?;
        for (i, kind) in AgencyKind::ALL.iter().enumerate() {
            write!(f, "{}{kind}", if i == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownKind {}

impl FromStr for AgencyKind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or(UnknownKind(()))
    }
}
