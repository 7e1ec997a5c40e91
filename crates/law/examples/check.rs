//! Reads a law folder and prints what is wrong with it.

use std::time::Instant;

use comity_law::{Diagnostic, Law};

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "law".to_owned());
    let start = Instant::now();
    let read = Law::open(&folder);
    let took = start.elapsed();
    let print = |all: &[Diagnostic]| all.iter().for_each(|d| eprintln!("{d}\n"));
    match read {
        Ok(law) => {
            print(&law.warnings);
            let norms: usize = law.instruments.iter().map(|i| i.norms.len()).sum();
            eprintln!("{} files, {} instruments, {norms} norms in {took:?}; digest {}", law.files.len(), law.instruments.len(), law.digest);
        }
        Err(all) => {
            print(&all);
            eprintln!("{} mistakes and warnings in {took:?}", all.len());
        }
    }
}
