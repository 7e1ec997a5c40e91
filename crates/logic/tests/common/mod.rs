//! A slow and obvious second opinion: it shares nothing with the crate under test but the CEL parser.
//!
//! [`days`] counts days, [`world`] holds cases in plain maps, [`interpret`] walks the CEL tree over a complete case, [`enumerate`] runs through every
//! completion of a partial one, [`generate`] makes up vocabularies, conditions and cases, [`bridge`] puts the same to the crate.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "shared by several tests, none of which uses all of it"
)]

pub mod bridge;
pub mod days;
pub mod enumerate;
pub mod generate;
pub mod interpret;
pub mod mentions;
pub mod world;

use proptest::prelude::*;

/// What a tape is made of; a failure prints the case that it makes, not these.
#[derive(Clone)]
pub struct Choices(pub Vec<u16>);

impl std::fmt::Debug for Choices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} choices", self.0.len())
    }
}

/// Choices made in advance: shorter and smaller tapes make simpler cases, so a failure shrinks well.
pub struct Tape {
    choices: Vec<u16>,
    at: usize,
}

impl Tape {
    pub fn new(choices: Choices) -> Self {
        Self { choices: choices.0, at: 0 }
    }

    /// A number below `n`; 0 once the tape has run out.
    pub fn pick(&mut self, n: usize) -> usize {
        let choice = self.choices.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        choice as usize % n.max(1)
    }

    pub fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.pick(items.len())]
    }

    /// True so many times out of a hundred; false once the tape has run out.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.pick(100) >= 100 - percent
    }
}

pub fn tape() -> impl Strategy<Value = Choices> {
    proptest::collection::vec(any::<u16>(), 30..220).prop_map(Choices)
}

/// So many cases, or as many as `PROPTEST_CASES` says.
pub fn cases(n: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|v| v.parse().ok()).unwrap_or(n);
    ProptestConfig { cases, max_shrink_iters: 4000, failure_persistence: None, ..ProptestConfig::default() }
}
