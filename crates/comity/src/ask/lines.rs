//! Lines that a person types.

use crate::failure::Failure;
use crate::output::{print_wrapped, printable};
use crate::tell;
use std::io::{BufRead, IsTerminal, Write};

/// Asks before there is a case: here, too, a person may stop.
pub(super) fn prompt(question: &str) -> Result<String, Failure> {
    print_wrapped(0, question);
    match answer()?.as_str() {
        "q" | "quit" => Err(Failure::Input("stopped before there was a case to decide".to_owned())),
        text => Ok(text.to_owned()),
    }
}

/// A line of the answer; the end of the input ends the interview.
pub(super) fn answer() -> Result<String, Failure> {
    let _ = write!(anstream::stderr(), "> ");
    let mut line = String::new();
    match std::io::stdin().lock().take_line(&mut line) {
        Ok(0) | Err(_) => Err(Failure::Input(
            "the input ended before the interview did; answer q to stop earlier with what is known, --save FILE to go on later".to_owned(),
        )),
        Ok(_) => {
            if !std::io::stdin().is_terminal() {
                tell!("{}", printable(line.trim()));
            }
            Ok(line.trim().to_owned())
        }
    }
}

trait TakeLine {
    /// Reads a line; of one that is absurdly long the rest is dropped.
    fn take_line(self, line: &mut String) -> std::io::Result<usize>;
}

impl TakeLine for std::io::StdinLock<'_> {
    fn take_line(mut self, line: &mut String) -> std::io::Result<usize> {
        let mut bytes = Vec::new();
        let read = std::io::Read::take(&mut self, 8192).read_until(b'\n', &mut bytes)?;
        if read == 8192 && bytes.last() != Some(&b'\n') {
            self.skip_until(b'\n')?;
        }
        line.push_str(&String::from_utf8_lossy(&bytes));
        Ok(read)
    }
}
