//! From the norms that fire to an outcome, by rank: once over a complete case, once as formulas over the missing facts.
//!
//! A norm gives way to a fired norm of higher rank that contradicts it (unless it overrides that norm), and to a fired norm that overrides it. Of those left: `requires` beside
//! `forbids`, or `protects` beside `forbids` of one rank, is a conflict; else any `requires` decides, else any `forbids`, else any `permits` or `protects`.

use crate::stack::Slice;
use comity_law::{Modality, Outcome, Rank};
use comity_logic::{Formula, Problem};

/// A norm that fired, as far as resolution looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fired {
    /// Its position in the slice.
    pub(crate) entry: usize,
    /// What it does here: a ban whose exception holds permits.
    pub(crate) modality: Modality,
    pub(crate) rank: Rank,
}

/// Whether a higher `above` makes a lower `below` give way.
pub(crate) fn contradicts(above: Modality, below: Modality) -> bool {
    use Modality::{Forbids, Permits, Protects, Requires};
    match (above, below) {
        (Requires | Protects, Forbids) | (Forbids, Requires | Protects | Permits) => true,
        (Requires | Protects | Permits | Forbids, _) => false,
    }
}

/// The outcomes that a complete case can have, in the order of [`formulas`].
pub(crate) const OUTCOMES: [Outcome; 5] =
    [Outcome::Required, Outcome::Permitted, Outcome::Forbidden, Outcome::Unregulated, Outcome::Conflict];

/// What each norm that gave way gave way to; both are positions in `fired`.
pub(crate) fn given_way(slice: &Slice<'_>, fired: &[Fired]) -> Vec<Vec<usize>> {
    let to = |lower: &Fired| fired.iter().enumerate().filter(|(_, f)| beats(slice, f, lower)).map(|(at, _)| at).collect();
    fired.iter().map(to).collect()
}

/// The outcome of a complete case.
pub(crate) fn outcome(slice: &Slice<'_>, fired: &[Fired]) -> Outcome {
    let unbeaten = |f: &&Fired| !fired.iter().any(|o| beats(slice, o, f));
    let (mut requires, mut permits) = (false, false);
    let (mut forbids, mut protects) = (0u16, 0u16);
    for f in fired.iter().filter(unbeaten) {
        match f.modality {
            Modality::Requires => requires = true,
            Modality::Permits => permits = true,
            Modality::Forbids => forbids |= 1 << f.rank as u16,
            Modality::Protects => protects |= 1 << f.rank as u16,
        }
    }
    standing(requires, permits, forbids, protects)
}

/// The norms that fired, by what they do and by their ranks: all that the outcome turns on where no norm overrides another.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ranks {
    requires: u16,
    permits: u16,
    forbids: u16,
    protects: u16,
}

impl Ranks {
    pub(crate) fn add(&mut self, modality: Modality, rank: Rank) {
        let ranks = match modality {
            Modality::Requires => &mut self.requires,
            Modality::Permits => &mut self.permits,
            Modality::Forbids => &mut self.forbids,
            Modality::Protects => &mut self.protects,
        };
        *ranks |= 1 << rank as u16;
    }

    /// The outcome. Once it is required, forbidden or a conflict, no norm of lower rank changes it: what stands makes it give way.
    pub(crate) fn outcome(self) -> Outcome {
        let not_below = |ranks: u16, other: u16| ranks & (u16::MAX << other.checked_ilog2().unwrap_or(0));
        let requires = not_below(self.requires, self.forbids);
        let permits = not_below(self.permits, self.forbids);
        let protects = not_below(self.protects, self.forbids);
        let forbids = not_below(self.forbids, self.requires | self.protects);
        standing(requires != 0, permits != 0, forbids, protects)
    }
}

/// The outcome of the norms that stand: whether any requires or permits, and the ranks of those that forbid or protect.
fn standing(requires: bool, permits: bool, forbids: u16, protects: u16) -> Outcome {
    if (requires && forbids != 0) || (protects & forbids != 0) {
        Outcome::Conflict
    } else if requires {
        Outcome::Required
    } else if forbids != 0 {
        Outcome::Forbidden
    } else if permits || protects != 0 {
        Outcome::Permitted
    } else {
        Outcome::Unregulated
    }
}

/// When a norm fires with one of its two effects.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MayFire {
    pub(crate) entry: usize,
    pub(crate) modality: Modality,
    pub(crate) rank: Rank,
    pub(crate) when: Formula,
}

/// Whether the one makes the other give way where both fire. A norm does not give way by rank to one that it overrides.
pub(crate) fn beats(slice: &Slice<'_>, upper: &Fired, lower: &Fired) -> bool {
    let overrides = |by: &Fired, of: &Fired| !slice.overrides.is_empty() && slice.overrides.contains(&(by.entry, of.entry));
    overrides(upper, lower) || (upper.rank > lower.rank && contradicts(upper.modality, lower.modality) && !overrides(lower, upper))
}

impl MayFire {
    /// The norm as if it fired.
    pub(crate) fn fired(&self) -> Fired {
        Fired { entry: self.entry, modality: self.modality, rank: self.rank }
    }
}

/// For each outcome in [`OUTCOMES`], when it is reached.
pub(crate) fn formulas(problem: &mut Problem<'_>, slice: &Slice<'_>, items: &[MayFire]) -> [Formula; 5] {
    let mut standing: Vec<(Modality, Rank, Formula)> = Vec::with_capacity(items.len());
    for item in items {
        let beaten: Vec<Formula> = items.iter().filter(|o| beats(slice, &o.fired(), &item.fired())).map(|o| o.when).collect();
        let beaten = problem.or(&beaten);
        let unbeaten = problem.not(beaten);
        standing.push((item.modality, item.rank, problem.and(&[item.when, unbeaten])));
    }
    let mut any = |wanted: &[Modality], rank: Option<Rank>| {
        let parts: Vec<Formula> =
            standing.iter().filter(|(m, r, _)| wanted.contains(m) && rank.is_none_or(|rank| rank == *r)).map(|(_, _, f)| *f).collect();
        problem.or(&parts)
    };
    let requires = any(&[Modality::Requires], None);
    let forbids = any(&[Modality::Forbids], None);
    let allows = any(&[Modality::Permits, Modality::Protects], None);
    let by_rank: Vec<(Formula, Formula)> =
        Rank::ALL.iter().map(|r| (any(&[Modality::Protects], Some(*r)), any(&[Modality::Forbids], Some(*r)))).collect();

    let mut clashes = vec![problem.and(&[requires, forbids])];
    for (protects, forbids) in by_rank {
        clashes.push(problem.and(&[protects, forbids]));
    }
    let conflict = problem.or(&clashes);
    let settled = problem.not(conflict);
    let (no_requires, no_forbids, no_allows) = (problem.not(requires), problem.not(forbids), problem.not(allows));
    [
        problem.and(&[settled, requires]),
        problem.and(&[settled, no_requires, no_forbids, allows]),
        problem.and(&[settled, no_requires, forbids]),
        problem.and(&[settled, no_requires, no_forbids, no_allows]),
        conflict,
    ]
}
