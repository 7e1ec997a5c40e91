//! An instrument and what it holds: norms, duties, clocks, settled points.

use comity_logic::Date;
use serde_json::Value;

use super::{ActionId, At, Case, Changes, Checked, Definition, Example, FileId, Interval, When};
use crate::words::{Confidence, Excluded, Kind, Modality, Moment, Period, Rank, Unit, Upon};

/// One law.
#[derive(Clone, Debug)]
pub struct Instrument {
    /// Its name: the stem of its file.
    pub id: String,
    /// The slug of its place.
    pub place: String,
    /// Its title.
    pub title: String,
    /// Its citation.
    pub cite: String,
    /// What kind of law it is.
    pub kind: Kind,
    /// Its rank.
    pub rank: Rank,
    /// When it was adopted, signed or decided.
    pub enacted: Option<Date>,
    /// When it is in force.
    pub in_force: Interval,
    /// Which agencies it binds; left out: all that it reaches.
    pub binds: Option<When>,
    /// The slugs of the places that it reaches, with all below them; empty: its own place.
    pub reach: Vec<String>,
    /// A condition that belongs to every norm and exception of it.
    pub applies: Option<When>,
    /// How it was checked.
    pub checked: Checked,
    /// What a reader should know.
    pub note: Option<String>,
    /// Other names and numbers it is cited by.
    pub aka: Vec<String>,
    /// Its own terms.
    pub definitions: Vec<Definition>,
    /// Its norms, as written.
    pub norms: Vec<Norm>,
    /// Its duties.
    pub duties: Vec<Duty>,
    /// Its limits on actions.
    pub clocks: Vec<Clock>,
    /// The contested points that it settles.
    pub settles: Vec<Settles>,
    /// The examples of the whole file; those of a norm stand under the norm.
    pub examples: Vec<Example>,
    /// What its examples share.
    pub sample: Changes,
    /// Its file.
    pub file: FileId,
}

impl Instrument {
    /// Whether an agency of the place is reached: by the instrument's own place or by `reach`.
    #[must_use]
    pub fn reaches(&self, place: &str) -> bool {
        let below = |above: &str| place == above || crate::slug::chain(place).any(|p| p == above);
        if self.reach.is_empty() { below(&self.place) } else { self.reach.iter().any(|slug| below(slug)) }
    }

    /// The case of an example: the sample with the example's changes. `None` where day or agency are not given.
    #[must_use]
    pub fn case(&self, example: &Example) -> Option<Case> {
        self.sample.clone().then(&example.changes).case()
    }

    /// The same case with what `but` changes.
    #[must_use]
    pub fn case_but(&self, example: &Example) -> Option<Case> {
        self.sample.clone().then(&example.changes).then(example.but.as_ref()?).case()
    }
}

/// A norm elsewhere: `us-ca-trust-act#hold`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NormRef {
    /// The instrument's id.
    pub instrument: String,
    /// The norm's id.
    pub norm: String,
}

impl std::fmt::Display for NormRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}#{}", self.instrument, self.norm)
    }
}

/// One rule of an instrument. Dated versions of it share the id; their days do not overlap.
#[derive(Clone, Debug)]
pub struct Norm {
    /// Its name within the instrument.
    pub id: String,
    /// Its own part of the citation; may be empty.
    pub cite: String,
    /// The whole citation.
    pub full_cite: String,
    /// What it does.
    pub modality: Modality,
    /// To which actions.
    pub actions: Vec<ActionId>,
    /// What it says, in our words.
    pub says: String,
    /// When it speaks; the instrument's `applies` is not in it.
    pub when: When,
    /// When it is in force: its own days, else the instrument's.
    pub in_force: Interval,
    /// The norms that give way to it whatever their rank.
    pub overrides: Vec<NormRef>,
    /// How sure we are: its own, else the instrument's.
    pub confidence: Confidence,
    /// What a reader should know.
    pub note: Option<String>,
    /// Its exceptions.
    pub exceptions: Vec<Exception>,
    /// The cases that exercise it.
    pub examples: Vec<Example>,
    /// Where it stands.
    pub span: At,
}

/// An exception to a norm.
#[derive(Clone, Debug)]
pub struct Exception {
    /// Its own part of the citation; may be empty.
    pub cite: String,
    /// The whole citation.
    pub full_cite: String,
    /// What it says, in our words.
    pub says: Option<String>,
    /// When it holds; the instrument's `applies` is not in it.
    pub when: When,
    /// It ends the ban and permits nothing.
    pub silent: bool,
    /// When it is in force: its own days, else the norm's.
    pub in_force: Interval,
    /// What a reader should know.
    pub note: Option<String>,
    /// The cases that exercise it.
    pub examples: Vec<Example>,
    /// Where it stands.
    pub span: At,
}

/// Something that must be done along with a request or an action.
#[derive(Clone, Debug)]
pub struct Duty {
    /// Its name within the instrument.
    pub id: String,
    /// Its own part of the citation; may be empty.
    pub cite: String,
    /// The whole citation.
    pub full_cite: String,
    /// What gives rise to it.
    pub upon: Upon,
    /// With which actions; empty: with any.
    pub actions: Vec<ActionId>,
    /// When.
    pub when: When,
    /// What is to be done, in our words.
    pub says: String,
    /// Towards whom.
    pub to: Option<String>,
    /// Who owes it; left out: the agency.
    pub by: Option<String>,
    /// By when.
    pub within: Option<Within>,
    /// When it is in force: its own days, else the instrument's.
    pub in_force: Interval,
    /// How sure we are: its own, else the instrument's.
    pub confidence: Confidence,
    /// What a reader should know.
    pub note: Option<String>,
    /// Where it stands.
    pub span: At,
}

/// A limit on an action, reported beside its outcome.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Its name within the instrument.
    pub id: String,
    /// Its own part of the citation; may be empty.
    pub cite: String,
    /// The whole citation.
    pub full_cite: String,
    /// Which actions it limits.
    pub actions: Vec<ActionId>,
    /// When.
    pub when: When,
    /// What it says, in our words.
    pub says: String,
    /// The limit.
    pub within: Within,
    /// When it is in force: its own days, else the instrument's.
    pub in_force: Interval,
    /// How sure we are: its own, else the instrument's.
    pub confidence: Confidence,
    /// What a reader should know.
    pub note: Option<String>,
    /// Where it stands.
    pub span: At,
}

/// By when something is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Within {
    /// In the law's own word: "promptly".
    Term(String),
    /// A length of time.
    Time {
        /// How many.
        amount: u32,
        /// Of what.
        unit: Unit,
        /// From when.
        of: Moment,
        /// Which days do not count.
        excluding: Vec<Excluded>,
    },
    /// Again and again.
    Every(Period),
}

/// A contested point and how it is settled.
#[derive(Clone, Debug)]
pub struct Settles {
    /// The fact: `law.section_1373_binds_states`.
    pub fact: String,
    /// Its value.
    pub value: Value,
    /// Its own part of the citation; may be empty.
    pub cite: String,
    /// The whole citation.
    pub full_cite: String,
    /// What it says, in our words.
    pub says: String,
    /// When it holds: its own days, else the instrument's.
    pub in_force: Interval,
    /// How sure we are: the instrument's confidence.
    pub confidence: Confidence,
    /// Where it stands.
    pub span: At,
}
