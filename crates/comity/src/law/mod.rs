//! `comity law …`.

mod check;
mod coverage;
mod diff;
mod diff_text;
mod eval;
mod events;
mod export;
mod export_parquet;
mod fmt;
mod list;
mod new;
mod prove;
mod show;
mod test;
mod test_toml;
mod timeline;
mod why_not;

use crate::args::{Args, Law, LawCommand};
use crate::failure::Failure;
use std::process::ExitCode;

pub(crate) use timeline::check_place;

pub(crate) fn run(args: &Args, options: &Law) -> Result<ExitCode, Failure> {
    match &options.command {
        LawCommand::Check { dir } => check::run(args, dir.as_deref()),
        LawCommand::Test { files, all } => test::run(args, files, *all),
        LawCommand::List { place, on } => list::instruments(args, place.as_deref(), on.as_deref()),
        LawCommand::Show { id } => show::run(args, id),
        LawCommand::Facts { part } => list::facts(args, part.as_deref()),
        LawCommand::Coverage { place, markdown } => coverage::run(args, place.as_deref(), *markdown),
        LawCommand::Conflicts { place } => prove::conflicts(args, place.as_deref()),
        LawCommand::Gaps { place } => prove::gaps(args, place.as_deref()),
        LawCommand::Diff { one, two, place, on, kind, action } => diff::run(
            args,
            &diff::Compared { one, two, place: place.as_deref(), on: on.as_deref(), kind: kind.as_deref(), actions: action },
        ),
        LawCommand::WhyNot { asked, to } => why_not::run(args, asked, to.as_deref()),
        LawCommand::Timeline { place, action } => timeline::run(args, place, action.as_deref()),
        LawCommand::Events { since, until, place, ical } => events::run(args, since, until.as_deref(), place.as_deref(), *ical),
        LawCommand::Export { to, dir } => export::run(args, *to, dir),
        LawCommand::Fmt { files, check } => fmt::run(args, files, *check),
        LawCommand::New(options) => new::run(args, options),
        LawCommand::Eval { expression, facts, batch } => eval::run(args, expression.as_deref(), facts.as_deref(), batch.as_deref()),
    }
}
