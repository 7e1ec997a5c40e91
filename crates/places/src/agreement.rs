//! Agreements under 8 U.S.C. 1357(g), by which local officers do federal immigration work.

use std::fmt;

use crate::table;

/// The day of the list that the agreements are taken from: of later days nothing is known, and of earlier ones only what was still in force then.
pub const AGREEMENTS_AS_OF: &str = "2025-07-11";

/// How many rows of the list name no agency that could be told: `data/agreements-unmatched.tsv` has them, with the reasons.
pub const AGREEMENTS_UNMATCHED: usize = 77;

/// What officers do under an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AgreementModel {
    /// They question persons in jail and begin removal proceedings.
    Jail,
    /// They do immigration work on patrol.
    TaskForce,
    /// They serve administrative warrants in jail.
    WarrantService,
}

impl AgreementModel {
    /// The word for it in law files: `jail`, `task-force`, `warrant-service`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jail => "jail",
            Self::TaskForce => "task-force",
            Self::WarrantService => "warrant-service",
        }
    }
}

impl fmt::Display for AgreementModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jail => "jail enforcement",
            Self::TaskForce => "task force",
            Self::WarrantService => "warrant service officer",
        })
    }
}

/// An agreement on ICE's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Agreement {
    /// What officers do under it.
    pub model: AgreementModel,
    /// The day on which it was signed, as `2025-03-07`.
    pub signed: &'static str,
}

/// The agreements of an agency that stood on ICE's list on [`AGREEMENTS_AS_OF`], the earliest signed first.
///
/// ```
/// let found = comity_places::agreements_of("TX2200000");
/// assert!(found.iter().all(|a| a.signed <= comity_places::AGREEMENTS_AS_OF));
/// ```
#[must_use]
pub fn agreements_of(ori: &str) -> Vec<Agreement> {
    let row = |line: &'static str| {
        let mut fields = line.split('\t').skip(1);
        let model = match fields.next()? {
            "jail" => AgreementModel::Jail,
            "task-force" => AgreementModel::TaskForce,
            "warrant-service" => AgreementModel::WarrantService,
            _ => return None,
        };
        Some(Agreement { model, signed: fields.next()? })
    };
    let mut found: Vec<Agreement> = table::equal(table::AGREEMENTS, ori).filter_map(row).collect();
    found.sort_by_key(|a| (a.signed, a.model));
    found
}
