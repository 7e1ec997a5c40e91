//! How long the built-in law takes to read: the best of many runs, whole and for one place.

use std::io::Write as _;
use std::time::{Duration, Instant};

use comity_law::Law;

fn best<T>(runs: usize, mut run: impl FnMut() -> T) -> Duration {
    let timed = (0..runs).map(|_| {
        let start = Instant::now();
        let made = run();
        let took = start.elapsed();
        drop(made);
        took
    });
    timed.min().unwrap_or_default()
}

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout();
    let cold = Instant::now();
    let law = Law::builtin_for("us-ca/los-angeles");
    let cold = cold.elapsed();
    writeln!(
        out,
        "for us-ca/los-angeles: first {cold:?}, best {:?}, {} files",
        best(50, || Law::builtin_for("us-ca/los-angeles")),
        law.map_or(0, |l| l.files.len())
    )?;
    let (whole, files) = (best(20, Law::builtin), Law::builtin().map_or(0, |l| l.files.len()));
    writeln!(out, "whole: best {whole:?}, {files} files")
}
