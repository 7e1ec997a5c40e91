//! How fast the engine is: `cargo bench -p comity-engine`, or one part of it: `cargo bench -p comity-engine -- decision`.
//!
//! The parts are `decision`, `explained` and `start`. `docs/benchmarks.md` says what is measured, and what was found.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a bench prints, and a surprise ends it")]
#![allow(missing_docs, unreachable_pub, reason = "nothing here is used from outside")]

mod data;
mod decision;
mod explained;
mod floor;
mod start;
mod stopwatch;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    for (name, run) in [("decision", decision::run as fn()), ("explained", explained::run), ("start", start::run)] {
        if wanted.is_empty() || wanted.iter().any(|w| w == name) {
            run();
        }
    }
}
