//! The command `comity`: what a local agency must, may or must not do when a federal agency asks it to help enforce immigration law.

mod agency;
mod args;
mod ask;
mod audit;
mod completions;
mod decide;
mod doctor;
mod failure;
mod files;
mod input;
mod law;
mod ledger;
mod output;
mod report;
mod serve;
mod witness;
mod wording;

use args::{Args, Command};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match &args.command {
        Command::Decide(options) => decide::run(&args, options),
        Command::Ask(options) => ask::run(&args, options),
        Command::Agency(options) => agency::run(&args, options),
        Command::Audit(options) => audit::run(&args, options),
        Command::Law(options) => law::run(&args, options),
        Command::Ledger(options) => ledger::run(&args, options),
        Command::Report(options) => report::run(&args, options),
        Command::Witness(options) => witness::run(&args, options),
        Command::Doctor(options) => doctor::run(&args, options),
        Command::Serve(options) => serve::run(&args, options),
        Command::Completions { shell } => Ok(completions::run(*shell)),
    };
    match done {
        Ok(code) => code,
        Err(failure) => failure.report(args.format),
    }
}
