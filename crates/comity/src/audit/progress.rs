//! How far a long run has come, on standard error and only where a person looks.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// A line that is written over and over, at most ten times a second.
pub(super) struct Progress {
    shown: bool,
    last: Instant,
    began: Instant,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self { shown: false, last: Instant::now(), began: Instant::now() }
    }

    /// Tells how many rows are done, and which part of the whole that is.
    pub(super) fn tell(&mut self, rows: u64, part: f64) {
        let now = Instant::now();
        // What ends within a second needs no telling.
        if now - self.began < Duration::from_secs(1) || now - self.last < Duration::from_millis(100) || !std::io::stderr().is_terminal() {
            return;
        }
        self.last = now;
        self.shown = true;
        // Where standard error is gone, nobody is told.
        let _ = write!(std::io::stderr(), "\r{rows} rows, {:.0} % (Ctrl-C stops; nothing is written until the end) ", part * 100.0);
        let _ = std::io::stderr().flush();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(std::io::stderr(), "\r{:79}\r", "");
        }
    }
}
