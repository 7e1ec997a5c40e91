//! Runs each reader on changed inputs for `COMITY_FUZZ_SECONDS` (5 unless stated), beginning with `COMITY_FUZZ_SEED` (1 unless stated).
//!
//! libFuzzer needs a nightly compiler; this needs nothing. An input that breaks a reader is kept, and its path told.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod common;

use comity_law::Law;
use common::mutate::{Chance, mutated};
use common::{corpus, targets};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// No input, however strange, keeps a reader busy for longer.
const SLOW: Duration = Duration::from_secs(30);

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn fuzz(name: &str, corpus: &[Vec<u8>], target: impl Fn(&[u8])) {
    let end = Instant::now() + Duration::from_secs(number("COMITY_FUZZ_SECONDS", 5));
    let mut seed = number("COMITY_FUZZ_SEED", 1);
    let mut runs = 0;
    while Instant::now() < end {
        let mut chance = Chance::new(seed);
        let input = mutated(chance.pick::<Vec<u8>>(corpus), chance.pick::<Vec<u8>>(corpus), &mut chance);
        let begun = Instant::now();
        let done = catch_unwind(AssertUnwindSafe(|| target(&input)));
        if done.is_err() || begun.elapsed() > SLOW {
            let kept = common::folder("fuzz").join(format!("{name}-{seed}"));
            std::fs::write(&kept, &input).unwrap();
            panic!("{name}, seed {seed}, after {:?}: the input is kept in {}", begun.elapsed(), kept.display());
        }
        seed += 1;
        runs += 1;
    }
    assert!(runs > 5, "{name}: only {runs} inputs in this time");
}

#[test]
fn law_files() {
    let base = corpus::base_law();
    let mut texts: Vec<Vec<u8>> = base.values().map(|text| text.clone().into_bytes()).collect();
    texts.extend(corpus::law_files());
    let path = "us/ca/us-ca-act.toml";
    fuzz("law", &texts, |bytes| targets::law(&base, path, bytes));
}

#[test]
fn cases() {
    let law = Law::builtin_for("us-ca/los-angeles").unwrap();
    fuzz("case", &corpus::cases(), |bytes| targets::case(&law, bytes));
}

#[test]
fn expressions() {
    fuzz("expression", &corpus::expressions(), targets::expression);
}
