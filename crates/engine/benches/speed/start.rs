//! From nothing: the built-in law read, a stack made, and `comity decide` as a process of its own.

use crate::stopwatch;
use comity_engine::{Stack, find_agency};
use comity_law::Law;
use comity_logic::parse_date;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub fn run() {
    let first = stopwatch::best(1, Law::builtin);
    let best = stopwatch::best(20, Law::builtin);
    println!("Law::builtin: first {first:?}, best of 20 {best:?} (bar: 100 ms)");
    let law = Law::builtin().expect("the built-in law");
    println!("  {} instruments, {} norms", law.instruments.len(), law.instruments.iter().map(|i| i.norms.len()).sum::<usize>());
    let one = stopwatch::best(20, || Law::builtin_for("us-ca/los-angeles"));
    println!("Law::builtin_for us-ca/los-angeles: best of 20 {one:?}");
    let agency = find_agency("CA0194200").expect("an agency");
    let on = parse_date("2018-03-01").expect("a day");
    println!("Stack::new, all actions: best of 100 {:?}", stopwatch::best(100, || Stack::new(&law, &agency, on, &[])));
    command();
}

/// Runs the release binary, where it was built: its wall time, and its peak memory by GNU time where that is installed.
fn command() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let Some(binary) = binary() else {
        println!("comity decide: not measured; build it with `cargo build --release -p comity` in the same target folder");
        return;
    };
    let case = root.join("examples/2018-03-01-los-angeles-1-arson.json");
    let mut times: Vec<Duration> = (0..50)
        .map(|_| {
            let start = Instant::now();
            let status = Command::new(&binary).arg("decide").arg(&case).stdout(Stdio::null()).status().expect("comity runs");
            assert!(status.success(), "comity decide: {status}");
            start.elapsed()
        })
        .collect();
    times.sort();
    println!("comity decide, a process a time: best {:?}, median {:?}, worst of 50 {:?} (bar: 50 ms)", times[0], times[25], times[49]);
    let measured = Command::new("/usr/bin/time").arg("-f").arg("%M").arg(&binary).arg("decide").arg(&case).stdout(Stdio::null()).output();
    match measured.map(|out| String::from_utf8_lossy(&out.stderr).trim().parse::<f64>()) {
        Ok(Ok(kib)) => println!("comity decide, peak resident memory: {:.1} MB (bar: 60 MB)", kib / 1024.0),
        _ => println!("comity decide, peak resident memory: not measured, /usr/bin/time is not installed"),
    }
}

/// The release binary beside this one: `target/release/deps/speed-…` → `target/release/comity`.
fn binary() -> Option<PathBuf> {
    let path = std::env::current_exe().ok()?.parent()?.parent()?.join("comity");
    path.is_file().then_some(path)
}
