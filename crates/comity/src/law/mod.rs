//! `comity law …`.

mod check;
mod eval;
mod list;
mod show;
mod test;
mod test_toml;

use crate::args::{Args, Law, LawCommand};
use crate::failure::Failure;
use std::process::ExitCode;

pub(crate) fn run(args: &Args, options: &Law) -> Result<ExitCode, Failure> {
    match &options.command {
        LawCommand::Check => check::run(args),
        LawCommand::Test { files, all } => test::run(args, files, *all),
        LawCommand::List { place, on } => list::instruments(args, place.as_deref(), on.as_deref()),
        LawCommand::Show { id } => show::run(args, id),
        LawCommand::Facts { part } => list::facts(args, part.as_deref()),
        LawCommand::Eval { expression, facts, batch } => eval::run(args, expression.as_deref(), facts.as_deref(), batch.as_deref()),
    }
}
