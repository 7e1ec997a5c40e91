//! The law as data: what the files say, read and checked.

use comity_logic::{Condition, Date, Schema};
use serde_json::{Map, Value};

use crate::bundle::SourceFile;
use crate::diagnostic::{Diagnostic, Severity};
pub use crate::words::{Confidence, Excluded, Kind, Modality, Moment, Outcome, Period, Rank, Unit, UnknownWord, Upon};

/// The law of some places.
#[derive(Clone, Debug, Default)]
pub struct Law {
    /// The declared facts and the offence classes.
    pub schema: Schema,
    /// What may be asked of an agency; an [`ActionId`] is a position here.
    pub actions: Vec<Action>,
    /// The places that have a `place.toml`, by slug.
    pub places: Vec<Place>,
    /// The instruments, by id.
    pub instruments: Vec<Instrument>,
    /// The terms of the `definitions.toml` files.
    pub definitions: Vec<Definition>,
    /// The offence classes as they were written; the compiled ones are in the schema.
    pub classes: Vec<OffenseClass>,
    /// SHA-256 of the whole bundle, in hexadecimal; also where only some places of it were read.
    pub digest: String,
    /// The files that were read; a [`FileId`] is a position here.
    pub files: Vec<SourceFile>,
    /// What is odd about the files but no mistake.
    pub warnings: Vec<Diagnostic>,
}

/// A file of the bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// Where something is written: a file and a range of its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct At {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A condition: as it was written, where, and compiled.
#[derive(Clone, Debug)]
pub struct When {
    /// The text, empty where the condition was left out.
    pub text: String,
    /// Where the text stands, or what it was left out of.
    pub at: At,
    /// The compiled form, with `applies` and everything else that belongs to it left to whoever combines them.
    pub condition: Condition,
}

impl When {
    /// Whether the condition was left out: it always holds.
    #[must_use]
    pub fn is_always(&self) -> bool {
        self.text.is_empty()
    }
}

/// The days on which something is in force; both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Interval {
    /// The first day; without one, since ever.
    pub from: Option<Date>,
    /// The last day; without one, still.
    pub to: Option<Date>,
}

impl Interval {
    /// Whether the day is one of them.
    #[must_use]
    pub fn contains(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Whether every day of the other is one of them.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let starts = self.from.is_none_or(|from| other.from.is_some_and(|o| from <= o));
        let ends = self.to.is_none_or(|to| other.to.is_some_and(|o| o <= to));
        starts && ends
    }

    /// Whether they have a day in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let starts = |a: &Self, b: &Self| a.from.zip(b.to).is_none_or(|(from, to)| from <= to);
        starts(self, other) && starts(other, self)
    }
}

/// The position of an action in [`Law::actions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ActionId(pub u16);

/// Something that may be asked of an agency.
#[derive(Clone, Debug)]
pub struct Action {
    /// Its name: `notify-release`.
    pub id: String,
    /// What it is, in a few plain words.
    pub says: String,
    /// When the question arises at all.
    pub when: Option<When>,
    /// Where it is declared.
    pub at: At,
}

/// A place that has been looked into.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its slug: `us-ca/los-angeles`.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its time zone in the IANA's words.
    pub time_zone: Option<String>,
    /// Which sources were searched, and for which days.
    pub coverage: Vec<Coverage>,
    /// Where it is described.
    pub at: At,
}

/// A source of law that was searched for a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Which source.
    pub source: String,
    /// The first day of which silence means something.
    pub searched_from: Option<Date>,
    /// The last day of which silence means something.
    pub searched_until: Date,
    /// What was looked for and not found.
    pub gaps: Option<String>,
}

/// A class of offences as it was written.
#[derive(Clone, Debug)]
pub struct OffenseClass {
    /// Its name: `us-ca/table-4`.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// Its citation.
    pub cite: String,
    /// How it was checked.
    pub checked: Checked,
    /// The sections it lists itself.
    pub sections: Vec<String>,
    /// The classes it takes in whole.
    pub includes: Vec<String>,
    /// What a reader should know.
    pub note: Option<String>,
    /// Where it is declared.
    pub at: At,
}

/// A named condition.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The slug of the place in whose `definitions.toml` it stands, or of its instrument.
    pub place: String,
    /// The term.
    pub name: String,
    /// What it stands for.
    pub meaning: When,
}

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

/// How a text was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// On which day.
    pub on: Date,
    /// How sure we are.
    pub confidence: Confidence,
    /// What it was checked against.
    pub against: Vec<String>,
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

/// A worked case with what is expected of it.
#[derive(Clone, Debug)]
pub struct Example {
    /// What it is called.
    pub name: Option<String>,
    /// What it changes of the sample.
    pub changes: Changes,
    /// The action asked about: its own, else the norm's first.
    pub action: ActionId,
    /// The outcome.
    pub expect: Outcome,
    /// The outcomes still possible, where `expect` is `undetermined`.
    pub possible: Vec<Outcome>,
    /// The facts still asked for.
    pub missing: Vec<String>,
    /// A change after which the norm (or exception) no longer fires so.
    pub but: Option<Changes>,
    /// The outcome after that change.
    pub then: Option<Outcome>,
    /// Where it stands.
    pub at: At,
}

/// Day, agency and facts of a case, or changes to them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// The day.
    pub on: Option<Date>,
    /// The agency's name.
    pub agency_name: Option<String>,
    /// The agency's kind.
    pub agency_kind: Option<String>,
    /// The slug of the agency's place.
    pub agency_place: Option<String>,
    /// The facts, nested: records within records, lists of records, dates as text.
    pub facts: Map<String, Value>,
    /// Facts that are taken away, by their dotted names.
    pub without: Vec<String>,
}

impl Changes {
    /// These with more laid over them: records are merged, everything else is replaced whole.
    #[must_use]
    pub fn then(mut self, more: &Self) -> Self {
        for fact in &more.without {
            remove(&mut self.facts, fact);
        }
        overlay(&mut self.facts, &more.facts);
        Self {
            on: more.on.or(self.on),
            agency_name: more.agency_name.clone().or(self.agency_name),
            agency_kind: more.agency_kind.clone().or(self.agency_kind),
            agency_place: more.agency_place.clone().or(self.agency_place),
            facts: self.facts,
            without: Vec::new(),
        }
    }

    /// The case, if day, kind and place of the agency are given.
    #[must_use]
    pub fn case(self) -> Option<Case> {
        let (kind, place) = (self.agency_kind?, self.agency_place?);
        let name = self.agency_name.unwrap_or_default();
        Some(Case { on: self.on?, agency: Agency { name, kind, place }, facts: self.facts })
    }
}

fn overlay(under: &mut Map<String, Value>, over: &Map<String, Value>) {
    for (key, value) in over {
        match (under.get_mut(key), value) {
            (Some(Value::Object(below)), Value::Object(above)) => overlay(below, above),
            _ => drop(under.insert(key.clone(), value.clone())),
        }
    }
}

fn remove(facts: &mut Map<String, Value>, name: &str) {
    match name.split_once('.') {
        Some((group, rest)) => {
            if let Some(Value::Object(inner)) = facts.get_mut(group) {
                remove(inner, rest);
            }
        }
        None => drop(facts.shift_remove(name)),
    }
}

/// An agency, a day and the facts known.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The day.
    pub on: Date,
    /// The agency.
    pub agency: Agency,
    /// The facts, nested: `{"request": {"kind": "detainer"}, "person": {"charges": []}}`.
    pub facts: Map<String, Value>,
}

/// The agency of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agency {
    /// Its name; may be empty.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// The slug of its place.
    pub place: String,
}

impl Law {
    /// The action of that name.
    #[must_use]
    pub fn action(&self, id: &str) -> Option<ActionId> {
        self.actions.iter().position(|a| a.id == id).map(|at| ActionId(at as u16))
    }

    /// What an action is called.
    #[must_use]
    pub fn action_name(&self, action: ActionId) -> &str {
        self.actions.get(action.0 as usize).map_or("", |a| &a.id)
    }

    /// The instrument of that id.
    #[must_use]
    pub fn instrument(&self, id: &str) -> Option<&Instrument> {
        let at = self.instruments.binary_search_by(|i| i.id.as_str().cmp(id)).ok()?;
        self.instruments.get(at)
    }

    /// The dated versions of a norm.
    pub fn norms<'a>(&'a self, norm: &'a NormRef) -> impl Iterator<Item = &'a Norm> {
        let norms = self.instrument(&norm.instrument).map_or(&[][..], |i| &i.norms);
        norms.iter().filter(|n| n.id == norm.norm)
    }

    /// What is known of a place.
    #[must_use]
    pub fn place(&self, slug: &str) -> Option<&Place> {
        let at = self.places.binary_search_by(|p| p.slug.as_str().cmp(slug)).ok()?;
        self.places.get(at)
    }

    /// A diagnostic for a place in the law.
    #[must_use]
    pub fn diagnostic(&self, at: At, severity: Severity, code: &'static str, message: impl Into<String>) -> Diagnostic {
        match self.file(at.file) {
            Some(file) => Diagnostic::new(file, at, severity, code, message),
            None => Diagnostic::of_path("", severity, code, message),
        }
    }

    /// Where a part of a condition stands in its file; `span` are bytes of the condition's text.
    #[must_use]
    pub fn at(&self, when: &When, span: std::ops::Range<usize>) -> At {
        let text = self.file(when.at.file).map_or("", |file| &*file.text);
        crate::read::place_in(text, when.at, &when.text, span)
    }

    /// A file that was read.
    #[must_use]
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }
}
