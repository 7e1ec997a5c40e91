//! `comity completions`: what a shell completes.

use crate::args::Args;
use crate::say;
use clap::CommandFactory;
use clap_complete::Shell;
use std::process::ExitCode;

pub(crate) fn run(shell: Shell) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "comity", &mut script);
    String::from_utf8_lossy(&script).lines().for_each(|line| say!("{line}"));
    ExitCode::SUCCESS
}
