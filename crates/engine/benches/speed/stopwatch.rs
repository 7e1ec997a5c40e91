//! The stopwatch. The machine may be paused by its hypervisor, so each input is timed fifteen times and its best time kept.
//!
//! `mean`, `p50` and `p99` are over those best times, `raw p99` over all of them.

use std::hint::black_box;
use std::time::{Duration, Instant};

pub const ROUNDS: usize = 15;

/// Nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    pub mean: f64,
    pub p50: f64,
    pub p99: f64,
    pub most: f64,
    pub raw_p99: f64,
}

impl Times {
    pub fn print(&self, what: &str) {
        let Self { mean, p50, p99, most, raw_p99 } = self;
        println!("{what:<52} mean {mean:>9.0}  p50 {p50:>9.0}  p99 {p99:>9.0}  max {most:>9.0}  raw p99 {raw_p99:>9.0}  ns");
    }
}

/// Times what the function does with each input.
pub fn each<I, T>(inputs: &[I], mut run: impl FnMut(&I) -> T) -> Times {
    let clock = clock_cost();
    let mut best = vec![f64::MAX; inputs.len()];
    let mut all: Vec<f64> = Vec::with_capacity(inputs.len() * ROUNDS);
    for _ in 0..ROUNDS {
        for (input, best) in inputs.iter().zip(&mut best) {
            let start = Instant::now();
            let done = run(black_box(input));
            let took = (start.elapsed().as_nanos() as f64 - clock).max(1.0);
            // What was made is dropped off the clock: neither side is timed for that.
            black_box(done);
            *best = best.min(took);
            all.push(took);
        }
    }
    let mean = best.iter().sum::<f64>() / best.len() as f64;
    best.sort_by(f64::total_cmp);
    all.sort_by(f64::total_cmp);
    let at = |of: &[f64], percent: usize| of[(of.len() * percent / 100).min(of.len() - 1)];
    Times { mean, p50: at(&best, 50), p99: at(&best, 99), most: at(&best, 100), raw_p99: at(&all, 99) }
}

/// The best of so many runs.
pub fn best<T>(runs: usize, mut run: impl FnMut() -> T) -> Duration {
    let one = |_| {
        let start = Instant::now();
        let done = black_box(run());
        let took = start.elapsed();
        drop(done);
        took
    };
    (0..runs).map(one).min().unwrap_or_default()
}

/// What reading the clock itself costs.
fn clock_cost() -> f64 {
    let thousand = || (0..1000).for_each(|_| _ = black_box(Instant::now()));
    best(50, thousand).as_nanos() as f64 / 1000.0
}
