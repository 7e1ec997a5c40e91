//! Agencies by name, and stacks made once and used many times.

use crate::case::AgencyRef;
use crate::stack::Stack;
use comity_law::{Interval, Law};
use comity_logic::Date;
use comity_places::{Agency, AgencyKind, Place, Resolution, SlugError, parse_slug, resolve};
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;
use std::sync::OnceLock;

/// Why an agency could not be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgencyError {
    /// Several agencies fit: none is picked.
    Ambiguous {
        /// What was asked for.
        text: String,
        /// The agencies that fit.
        candidates: Vec<Agency>,
    },
    /// No agency fits.
    Unknown {
        /// What was asked for.
        text: String,
        /// Agencies with a name like it.
        near: Vec<Agency>,
    },
    /// There is no such kind of agency.
    Kind(String),
    /// There is no such place.
    Place {
        /// What was asked for.
        text: String,
        /// Why it is none.
        error: SlugError,
    },
    /// Too little was said, or what does not go together.
    Incomplete(String),
}

impl std::fmt::Display for AgencyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let list = |f: &mut std::fmt::Formatter<'_>, agencies: &[Agency]| {
            for agency in agencies.iter().take(60) {
                let ori = agency.ori.as_deref().unwrap_or("no ORI   ");
                write!(f, "\n  {ori}  {} ({}, {})", agency.name, agency.kind, agency.place)?;
            }
            if agencies.len() > 60 { write!(f, "\n  … and {} more", agencies.len() - 60) } else { Ok(()) }
        };
        match self {
            Self::Ambiguous { text, candidates } => {
                write!(f, "`{}` may be any of {} agencies; name one by its ORI, or add the state:", short(text), candidates.len())?;
                list(f, candidates)
            }
            Self::Unknown { text, .. } if text.trim().is_empty() => {
                f.write_str("the agency's name is empty; give an ORI, or a name with the state")
            }
            Self::Unknown { text, near } if near.is_empty() => {
                write!(
                    f,
                    "no agency is called `{}`; state its kind and place instead: {{\"kind\": \"sheriff\", \"place\": \"us-ca/kern-county\"}}",
                    short(text)
                )
            }
            Self::Unknown { text, near } => {
                write!(f, "no agency is called `{}`; near it are:", short(text))?;
                list(f, near)
            }
            Self::Kind(kind) => {
                let kinds: Vec<String> = AgencyKind::ALL.iter().map(ToString::to_string).collect();
                write!(f, "`{}` is no kind of agency; the kinds are {}", short(kind), kinds.join(", "))
            }
            Self::Place { text, error } => write!(f, "`{}`: {error}", short(text)),
            Self::Incomplete(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for AgencyError {}

fn short(text: &str) -> String {
    let shown = |c: char| if matches!(c, '\'' | '"') { vec![c] } else { c.escape_debug().collect() };
    text.chars().take(80).flat_map(shown).collect()
}

/// The agency that a text names, by ORI or by name.
///
/// # Errors
/// When none or several fit: an agency is never guessed.
pub fn find_agency(text: &str) -> Result<AgencyRef, AgencyError> {
    match resolve(text) {
        Resolution::One(agency) => Ok(AgencyRef { name: agency.name, kind: agency.kind.to_string(), place: agency.place, ori: agency.ori }),
        Resolution::Many(candidates) => Err(AgencyError::Ambiguous { text: text.to_owned(), candidates }),
        Resolution::None { near } => Err(AgencyError::Unknown { text: text.to_owned(), near }),
    }
}

/// Checks that kind and place of an agency exist; the law may have places of its own.
pub(crate) fn check_agency(law: &Law, agency: &AgencyRef) -> Result<(), AgencyError> {
    agency.kind.parse::<AgencyKind>().map_err(|_| AgencyError::Kind(agency.kind.clone()))?;
    if law.place(&agency.place).is_none() && !is_place(&agency.place) {
        parse_slug(&agency.place).map_err(|error| AgencyError::Place { text: agency.place.clone(), error })?;
    }
    Ok(())
}

/// Whether there is such a place. Some that were found are kept: the table is searched where it lies, and that takes a good part of the time in which a case is read.
fn is_place(slug: &str) -> bool {
    static FOUND: [OnceLock<&'static str>; 1024] = [const { OnceLock::new() }; 1024];
    let found = &FOUND[FxBuildHasher.hash_one(slug) as usize % FOUND.len()];
    if found.get().is_some_and(|known| *known == slug) {
        return true;
    }
    let Some(place) = Place::find(slug) else { return false };
    // Where another is kept already, this one is searched for again the next time.
    found.get_or_init(|| place.slug);
    true
}

/// How many chains the agencies of [`Stacks`] hang in.
const CHAINS: usize = 1024;

type Link<'l> = OnceLock<Box<Bound<'l>>>;

/// An agency and its stacks: one for each run of days between two changes of the law, made when it is first asked for.
#[derive(Debug)]
struct Bound<'l> {
    agency: AgencyRef,
    stacks: Box<[OnceLock<Box<Stack<'l>>>]>,
    next: Link<'l>,
}

/// Whether it is the same agency. Empty names are not compared: some processors take a hundred nanoseconds to compare nothing at no address.
fn same(a: &AgencyRef, b: &AgencyRef) -> bool {
    let equal = |a: &str, b: &str| a.len() == b.len() && (a.is_empty() || a == b);
    equal(&a.place, &b.place) && equal(&a.kind, &b.kind) && equal(&a.name, &b.name) && a.ori == b.ori
}

/// The stacks of a law, each compiled once for all days between two changes of the law. Looking one up takes no lock and copies nothing.
#[derive(Debug)]
pub struct Stacks<'l> {
    law: &'l Law,
    /// Every day on which something begins, or has just ended.
    changes: Vec<Date>,
    /// Agencies by their hash; what hangs in a chain is never taken out.
    chains: Box<[Link<'l>]>,
}

impl<'l> Stacks<'l> {
    /// No stack yet.
    #[must_use]
    pub fn new(law: &'l Law) -> Self {
        let mut changes: Vec<Date> = Vec::new();
        let mut note = |days: &Interval| {
            changes.extend(days.from);
            changes.extend(days.to.and_then(|d| d.tomorrow().ok()));
        };
        for instrument in &law.instruments {
            note(&instrument.in_force);
            instrument.norms.iter().for_each(|n| {
                note(&n.in_force);
                n.exceptions.iter().for_each(|e| note(&e.in_force));
            });
            instrument.duties.iter().for_each(|d| note(&d.in_force));
            instrument.clocks.iter().for_each(|c| note(&c.in_force));
            instrument.settles.iter().for_each(|s| note(&s.in_force));
        }
        changes.sort_unstable();
        changes.dedup();
        Self { law, changes, chains: (0..CHAINS).map(|_| OnceLock::new()).collect() }
    }

    /// The days on which the law changes somewhere.
    #[must_use]
    pub fn changes(&self) -> &[Date] {
        &self.changes
    }

    /// The stack of an agency for a day; its `on` may be another day of the same law.
    ///
    /// # Errors
    /// When the agency's kind or place does not exist.
    pub fn get(&self, agency: &AgencyRef, on: Date) -> Result<&Stack<'l>, AgencyError> {
        let bound = self.bound(agency)?;
        let run = self.changes.partition_point(|d| *d <= on);
        Ok(bound.stacks[run].get_or_init(|| Box::new(Stack::new(self.law, agency, on, &[]))))
    }

    fn bound(&self, agency: &AgencyRef) -> Result<&Bound<'l>, AgencyError> {
        // The place and two lengths tell agencies apart well enough: a chain is walked by comparing.
        let hash = FxBuildHasher.hash_one((&agency.place, agency.kind.len(), agency.name.len()));
        let mut link = &self.chains[hash as usize % CHAINS];
        loop {
            let bound = match link.get() {
                Some(bound) => bound,
                None => {
                    check_agency(self.law, agency)?;
                    // Another thread may have been faster, and with another agency.
                    link.get_or_init(|| {
                        let stacks = (0..=self.changes.len()).map(|_| OnceLock::new()).collect();
                        Box::new(Bound { agency: agency.clone(), stacks, next: OnceLock::new() })
                    })
                }
            };
            if same(&bound.agency, agency) {
                return Ok(bound);
            }
            link = &bound.next;
        }
    }
}
