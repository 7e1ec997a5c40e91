//! A case: an agency, a day, what is asked, and the facts known so far.

use comity_law::{ActionId, Modality, Rank};
use comity_logic::{Condition, Date, Facts};

/// The agency that is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AgencyRef {
    /// Its name.
    pub name: String,
    /// Its kind, in the vocabulary's words: `sheriff`.
    pub kind: String,
    /// The slug of its place: `us-ca/kern-county`.
    pub place: String,
    /// Its ORI, if it has one and it is known.
    pub ori: Option<String>,
}

/// A norm of the agency's own place that the case brings along: a local law that the bundle does not have.
#[derive(Clone, Debug)]
pub struct LocalNorm {
    /// Its rank.
    pub rank: Rank,
    /// What it does.
    pub modality: Modality,
    /// To which actions.
    pub actions: Vec<ActionId>,
    /// When it speaks.
    pub when: Condition,
    /// The condition as it was written.
    pub text: String,
}

/// Moments of the case, from which clocks run. A moment without an offset is local time at the agency's place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// When the request was received.
    pub request: Option<String>,
    /// When the person became or becomes eligible for release.
    pub release: Option<String>,
    /// When the action was taken.
    pub action: Option<String>,
    /// When the decision was made.
    pub decision: Option<String>,
    /// The moment for which the hours past release are counted.
    pub now: Option<String>,
}

/// A case as it is put to the engine.
#[derive(Clone, Debug)]
pub struct Case {
    /// The agency.
    pub agency: AgencyRef,
    /// The day.
    pub on: Date,
    /// What is asked.
    pub actions: Vec<ActionId>,
    /// The facts known so far.
    pub facts: Facts,
    /// Moments.
    pub times: Times,
    /// Norms that the case brings along.
    pub local: Vec<LocalNorm>,
}
