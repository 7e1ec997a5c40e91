//! From the norms that fire to outcomes, by rank, in 64 rows at once.

use crate::bits::{bytes, ones};
use crate::column::Columns;
use crate::compile::Program;
use crate::word::Run;
use comity_law::{Modality, Outcome};

/// No norm alone decides the row.
pub const NONE: u8 = u8::MAX;

/// The row's facts do not settle the outcome without a search; it has no place among [`Answers::OUTCOMES`].
pub const UNSETTLED: u8 = 5;

/// The answers of many rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The outcome of each row by its place in [`Answers::OUTCOMES`], or [`UNSETTLED`].
    pub outcomes: Vec<u8>,
    /// The norm that decides each row, by its place in [`Program::norms`], or [`NONE`].
    pub by: Vec<u8>,
}

impl Answers {
    /// The outcomes by their numbers.
    pub const OUTCOMES: [Outcome; 5] = [Outcome::Unregulated, Outcome::Permitted, Outcome::Forbidden, Outcome::Required, Outcome::Conflict];

    /// Room for so many rows.
    #[must_use]
    pub fn new(rows: usize) -> Self {
        Self { outcomes: vec![UNSETTLED; rows], by: vec![NONE; rows] }
    }

    /// The outcome of a row, unless it is unsettled.
    #[must_use]
    pub fn outcome(&self, row: usize) -> Option<Outcome> {
        Self::OUTCOMES.get(usize::from(self.outcomes[row])).copied()
    }
}

/// What is found of 64 rows: outcomes as planes, and for each group of norms the first that fires, as planes of its number.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Found {
    pub(crate) unsettled: u64,
    required: u64,
    forbidden: u64,
    permitted: u64,
    pub(crate) conflict: u64,
    /// The number of the deciding norm plus one, a plane a bit.
    by: [u64; 8],
}

/// In which rows a norm fires as itself, fires as a permission, and is not known to do or not to do either.
#[derive(Clone, Copy, Debug, Default)]
struct Fires {
    itself: u64,
    turned: u64,
    unknown: u64,
}

/// The norms that stand so far.
#[derive(Clone, Copy, Debug, Default)]
struct Standing {
    requires: u64,
    forbids: u64,
    permits: u64,
    clash: u64,
}

impl Standing {
    /// Required, forbidden, permitted, conflict.
    fn outcomes(self) -> (u64, u64, u64, u64) {
        let conflict = self.clash | (self.requires & self.forbids);
        let required = self.requires & !conflict;
        let forbidden = self.forbids & !conflict & !self.requires;
        (required, forbidden, self.permits & !conflict & !self.requires & !self.forbids, conflict)
    }
}

impl Program {
    /// Decides all rows on this thread: exactly what `Stack::outcome` says of each, with the facts of the agency and the points that holdings settle.
    pub fn decide(&self, columns: &Columns, answers: &mut Answers) {
        let words = columns.rows().div_ceil(64);
        self.decide_words(columns, 0..words, &mut answers.outcomes, &mut answers.by);
    }

    /// Decides all rows on so many threads.
    pub fn decide_on(&self, columns: &Columns, answers: &mut Answers, threads: usize) {
        let words = columns.rows().div_ceil(64);
        let part = words.div_ceil(threads.max(1)).max(1);
        std::thread::scope(|scope| {
            let parts = answers.outcomes.chunks_mut(part * 64).zip(answers.by.chunks_mut(part * 64));
            for (at, (outcomes, by)) in parts.enumerate() {
                scope.spawn(move || self.decide_words(columns, at * part..((at + 1) * part).min(words), outcomes, by));
            }
        });
    }

    fn decide_words(&self, columns: &Columns, words: std::ops::Range<usize>, outcomes: &mut [u8], by: &mut [u8]) {
        let mut run = Run::new(self, columns);
        for ((word, outcomes), by) in words.zip(outcomes.chunks_mut(64)).zip(by.chunks_mut(64)) {
            run.begin(word);
            self.word(&mut run).write(outcomes, by);
        }
    }

    /// Decides the word at which the run stands.
    pub(crate) fn word(&self, run: &mut Run<'_>) -> Found {
        match &self.code.beaten {
            None => self.by_rank(run),
            Some(beaten) => self.with_overrides(run, beaten),
        }
    }

    fn fires(&self, run: &mut Run<'_>, norm: usize, live: u64) -> Fires {
        let norm = &self.code.norms[norm];
        let when = run.eval(&norm.when, live);
        let holds = when.yes & live;
        let mut fires = Fires { unknown: live & !when.known(), ..Fires::default() };
        let (mut permitted, mut ended, mut open) = (0, 0, 0);
        for (unless, permits) in &norm.unless {
            let asked = holds & !permitted;
            if asked == 0 {
                break;
            }
            let found = run.eval(unless, asked);
            if *permits {
                permitted |= found.yes & asked
            } else {
                ended |= found.yes & asked
            }
            open |= asked & !found.known();
        }
        fires.turned = permitted;
        fires.unknown |= open & !permitted;
        fires.itself = holds & !permitted & !open & !ended;
        fires
    }

    /// Highest rank first; a row whose outcome no lower norm can change is not looked at any more.
    fn by_rank(&self, run: &mut Run<'_>) -> Found {
        let all = run.live();
        let (mut live, mut found) = (all, Found::default());
        let mut stand = Standing::default();
        // What fired at ranks above the present one, and at it.
        let (mut forbids_above, mut counters_above) = (0, 0);
        let (mut forbids_here, mut protects_here, mut counters_here, mut rank) = (0, 0, 0, u16::MAX);
        let mut first = First::default();
        for (at, norm) in self.code.norms.iter().enumerate() {
            if norm.rank < rank {
                rank = norm.rank;
                forbids_above |= forbids_here;
                counters_above |= counters_here;
                (forbids_here, protects_here, counters_here) = (0, 0, 0);
                let (required, forbidden, _, conflict) = stand.outcomes();
                live &= !(required | forbidden | conflict);
                if live == 0 {
                    break;
                }
            }
            let fires = self.fires(run, at, live);
            found.unsettled |= fires.unknown;
            live &= !fires.unknown;
            let (itself, turned) = (fires.itself, fires.turned);
            match norm.modality {
                Modality::Requires => {
                    stand.requires |= itself & !forbids_above;
                    counters_here |= itself;
                    first.note(0, itself, at);
                }
                Modality::Forbids => {
                    let stands = itself & !counters_above;
                    stand.forbids |= stands;
                    stand.clash |= stands & protects_here;
                    forbids_here |= itself;
                    first.note(1, itself, at);
                }
                Modality::Permits => {
                    stand.permits |= itself & !forbids_above;
                    first.note(2, itself, at);
                }
                Modality::Protects => {
                    let stands = itself & !forbids_above;
                    stand.permits |= stands;
                    protects_here |= stands;
                    stand.clash |= stands & forbids_here & !counters_above;
                    counters_here |= itself;
                    first.note(2, itself, at);
                }
            }
            stand.permits |= turned & !forbids_above;
            first.note(2, turned, at);
        }
        found.settle(stand, all, &first);
        found
    }

    /// Where some norm overrides another every norm counts, whatever its rank.
    fn with_overrides(&self, run: &mut Run<'_>, beaten: &[[Vec<(usize, bool)>; 2]]) -> Found {
        let all = run.live();
        let (mut live, mut found) = (all, Found::default());
        let mut fired: Vec<[u64; 2]> = Vec::with_capacity(self.code.norms.len());
        for at in 0..self.code.norms.len() {
            let fires = self.fires(run, at, live);
            found.unsettled |= fires.unknown;
            live &= !fires.unknown;
            fired.push([fires.itself, fires.turned]);
        }
        let mut stand = Standing::default();
        let mut first = First::default();
        // Per rank, what of it forbids and protects and stands.
        let mut sides: Vec<(u16, u64, u64)> = Vec::new();
        for (at, norm) in self.code.norms.iter().enumerate() {
            for turned in [false, true] {
                let side = usize::from(turned);
                let beats = beaten[at][side].iter().fold(0, |any, (by, turned)| any | fired[*by][usize::from(*turned)]);
                let stands = fired[at][side] & !beats;
                let modality = if turned { Modality::Permits } else { norm.modality };
                if sides.last().is_none_or(|s| s.0 != norm.rank) {
                    sides.push((norm.rank, 0, 0));
                }
                let Some(rank) = sides.last_mut() else { continue };
                match modality {
                    Modality::Requires => stand.requires |= stands,
                    Modality::Forbids => {
                        stand.forbids |= stands;
                        rank.1 |= stands;
                    }
                    Modality::Permits => stand.permits |= stands,
                    Modality::Protects => {
                        stand.permits |= stands;
                        rank.2 |= stands;
                    }
                }
                first.note(group(modality), stands, at);
            }
        }
        stand.clash = sides.iter().fold(0, |any, (_, forbids, protects)| any | (forbids & protects));
        found.settle(stand, all, &first);
        found
    }
}

/// The modalities by the outcome that they bring.
fn group(modality: Modality) -> usize {
    match modality {
        Modality::Requires => 0,
        Modality::Forbids => 1,
        Modality::Permits | Modality::Protects => 2,
    }
}

/// The first norm of each group that fires, as planes of its number plus one.
#[derive(Clone, Copy, Debug, Default)]
struct First {
    have: [u64; 3],
    number: [[u64; 8]; 3],
}

impl First {
    fn note(&mut self, group: usize, fires: u64, norm: usize) {
        let new = fires & !self.have[group];
        if new == 0 {
            return;
        }
        self.have[group] |= new;
        for bit in ones((norm + 1) as u64) {
            self.number[group][bit] |= new;
        }
    }
}

impl Found {
    fn settle(&mut self, stand: Standing, all: u64, first: &First) {
        let settled = all & !self.unsettled;
        let (required, forbidden, permitted, conflict) = stand.outcomes();
        self.required = required & settled;
        self.forbidden = forbidden & settled;
        self.permitted = permitted & settled;
        self.conflict = conflict & settled;
        for bit in 0..8 {
            self.by[bit] =
                first.number[0][bit] & self.required | first.number[1][bit] & self.forbidden | first.number[2][bit] & self.permitted;
        }
    }

    pub(crate) fn write(&self, outcomes: &mut [u8], by: &mut [u8]) {
        // 0 unregulated, 1 permitted, 2 forbidden, 3 required, 4 conflict, 5 unsettled.
        let planes = [self.permitted | self.required | self.unsettled, self.forbidden | self.required, self.conflict | self.unsettled];
        bytes(&planes, outcomes);
        bytes(&self.by, by);
        // None is 255: one less than nothing.
        by.iter_mut().for_each(|b| *b = b.wrapping_sub(1));
    }
}
