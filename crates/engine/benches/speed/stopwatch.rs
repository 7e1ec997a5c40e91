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

/// The tries so far: the best of each input, and all of them.
#[derive(Default)]
struct Tries {
    clock: f64,
    best: Vec<f64>,
    all: Vec<f64>,
}

impl Tries {
    fn new() -> Self {
        Self { clock: clock_cost(), ..Self::default() }
    }

    /// Each input of a block once; `first` is the number of the block's first.
    fn round<I, T>(&mut self, first: usize, block: &[I], run: &mut impl FnMut(&I) -> T) {
        self.best.resize(first + block.len(), f64::MAX);
        for (input, best) in block.iter().zip(&mut self.best[first..]) {
            let start = Instant::now();
            let done = run(black_box(input));
            let took = (start.elapsed().as_nanos() as f64 - self.clock).max(1.0);
            // What was made is dropped off the clock: neither side is timed for that.
            black_box(done);
            *best = best.min(took);
            self.all.push(took);
        }
    }

    fn times(mut self) -> Times {
        let mean = self.best.iter().sum::<f64>() / self.best.len() as f64;
        self.best.sort_by(f64::total_cmp);
        self.all.sort_by(f64::total_cmp);
        let at = |of: &[f64], percent: usize| of[(of.len() * percent / 100).min(of.len() - 1)];
        Times { mean, p50: at(&self.best, 50), p99: at(&self.best, 99), most: at(&self.best, 100), raw_p99: at(&self.all, 99) }
    }
}

/// Times what the function does with each input. A block of inputs has its fifteen rounds before the next block:
/// a small one stays near the processor, one of all the inputs comes from memory every time.
pub fn each<I, T>(block: usize, inputs: &[I], mut run: impl FnMut(&I) -> T) -> Times {
    let mut tries = Tries::new();
    for (number, inputs) in inputs.chunks(block).enumerate() {
        (0..ROUNDS).for_each(|_| tries.round(number * block, inputs, &mut run));
    }
    tries.times()
}

/// The same for two functions, in turn: what slows the machine down for a while slows both.
pub fn both<I, J, T, U>(
    block: usize,
    (inputs, mut run): (&[I], impl FnMut(&I) -> T),
    (others, mut other): (&[J], impl FnMut(&J) -> U),
) -> (Times, Times) {
    let (mut one, mut two) = (Tries::new(), Tries::new());
    for (number, (inputs, others)) in inputs.chunks(block).zip(others.chunks(block)).enumerate() {
        for _ in 0..ROUNDS {
            one.round(number * block, inputs, &mut run);
            two.round(number * block, others, &mut other);
        }
    }
    (one.times(), two.times())
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
