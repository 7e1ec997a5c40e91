//! The law as data: what the files say, read and checked.

mod case;
mod instrument;

use comity_logic::{Condition, Date, Schema};

use crate::bundle::SourceFile;
use crate::diagnostic::{Diagnostic, Severity};
pub use case::{Agency, Case, Changes, Example};
pub use instrument::{Clock, Duty, Exception, Instrument, Norm, NormRef, Settles, Within};

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
