//! What the engine answers: one determination an action, the same for terminal, JSON and page.

use comity_law::{Confidence, Modality, Outcome, Rank};
use serde::Serialize;

/// The answer for one action of a case.
#[derive(Clone, Debug, Serialize)]
pub struct Determination {
    /// SHA-256 of the law bundle under which it was made.
    pub bundle: String,
    /// The agency.
    pub agency: AgencyShown,
    /// The day, as `2018-03-01`.
    pub on: String,
    /// The action's id.
    pub action: String,
    /// What the action is.
    pub action_says: String,
    /// The outcome.
    pub outcome: Outcome,
    /// The outcomes that some completion of the missing facts reaches; one, if the outcome is settled.
    pub possible: Vec<Outcome>,
    /// The norms that decide.
    pub because: Vec<Ground>,
    /// Norms that fire and stand, but do not decide.
    pub beside: Vec<Ground>,
    /// Norms that fire and give way, and to what.
    pub gave_way: Vec<GaveWay>,
    /// Norms of which it is not known whether they fire, where that matters.
    pub open: Vec<Ground>,
    /// The facts whose answer can still change the outcome.
    pub missing: Vec<Question>,
    /// The question that is expected to end the interview soonest.
    pub next: Option<String>,
    /// What must be done along with it.
    pub duties: Vec<DueDuty>,
    /// The limits that run.
    pub clocks: Vec<ClockRunning>,
    /// Contested points of law that a holding settles here.
    pub settled: Vec<Point>,
    /// Contested points of law that the case assumes.
    pub assumed: Vec<Point>,
    /// How far the places of the stack were researched.
    pub coverage: Vec<CoverageNote>,
    /// The lowest confidence among the norms that decide.
    pub confidence: Option<Confidence>,
    /// What a reader should know besides.
    pub notes: Vec<String>,
}

/// The agency of a determination.
#[derive(Clone, Debug, Serialize)]
pub struct AgencyShown {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// The slug of its place.
    pub place: String,
    /// Its ORI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ori: Option<String>,
}

/// A norm as a reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ground {
    /// Its id: `us-ca-values-act#notify`.
    pub norm: String,
    /// The citation of the norm, or of the exception by which it permits.
    pub cite: String,
    /// The title of its instrument.
    pub title: String,
    /// The slug of the place whose law it is.
    pub place: String,
    /// Its rank.
    pub rank: Rank,
    /// What it does here; a ban permits where an exception holds.
    pub modality: Modality,
    /// Whether it permits by an exception.
    pub by_exception: bool,
    /// What it says.
    pub says: String,
    /// How sure we are of it.
    pub confidence: Confidence,
}

/// A norm that gave way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GaveWay {
    /// The norm.
    #[serde(flatten)]
    pub ground: Ground,
    /// The ids of the norms that it gave way to.
    pub to: Vec<String>,
    /// Why.
    pub why: Way,
}

/// Why a norm gave way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// A norm of higher rank contradicts it.
    HigherRank,
    /// A norm overrides it by name.
    Overridden,
}

/// A fact to ask for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Question {
    /// The fact: `person.convictions`, `person.charges[].probable_cause_found`.
    pub fact: String,
    /// The question in plain words.
    pub question: String,
    /// Its type: bool, enum, int, date, text, offense, list.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The values of an enumeration.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// The positions of the list elements of which the field is missing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub elements: Vec<usize>,
    /// The norms that turn on it.
    pub why: Vec<String>,
}

/// Who owes a duty of which the law names nobody else.
pub(crate) const AGENCY: &str = "the agency";

/// A duty and how it stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DueDuty {
    /// Its id: `us-ca-truth-act#copy`.
    pub duty: String,
    /// Its citation.
    pub cite: String,
    /// What is to be done.
    pub says: String,
    /// How it stands.
    pub status: DutyStatus,
    /// Who owes it.
    pub by: String,
    /// Towards whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// By when, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// The moment by which it must be done, where the case gives the moment from which it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
    /// The facts on which it turns, where they are missing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// How sure we are of it.
    pub confidence: Confidence,
}

/// How a duty stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DutyStatus {
    /// It is owed now.
    Due,
    /// It is owed if the action is taken.
    IfTaken,
    /// It is owed if the action is declined.
    IfDeclined,
    /// It is owed regularly.
    Regularly,
}

/// A limit on the action.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClockRunning {
    /// Its id: `us-fed-8cfr-287-7#limit`.
    pub clock: String,
    /// Its citation.
    pub cite: String,
    /// What it says.
    pub says: String,
    /// The limit in words.
    pub within: String,
    /// The moment at which it ends, where the case gives the moment from which it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<String>,
    /// Whether it is known to apply.
    pub certain: bool,
}

/// A contested point of law.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// The fact: `law.section_1373_binds_states`.
    pub fact: String,
    /// How it is answered.
    pub value: String,
    /// The question.
    pub question: String,
    /// What settles it; empty for an assumption.
    pub cite: String,
    /// What that says.
    pub says: String,
}

/// How far a place of the stack was researched.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoverageNote {
    /// The slug of the place.
    pub place: String,
    /// Its name.
    pub name: String,
    /// Whether the day of the case was researched there.
    pub researched: bool,
    /// What that means, if it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
    /// What was looked for and not found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<String>,
}
