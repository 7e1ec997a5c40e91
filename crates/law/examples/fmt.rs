//! Prints the canonical form of law files, or with `--check` which of them have it.

use std::io::Write as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path)?;
        match comity_law::fmt::format(&path, &text) {
            Ok(out) => write!(std::io::stdout(), "{out}")?,
            Err(why) => writeln!(std::io::stderr(), "{path}: {why}")?,
        }
    }
    Ok(())
}
