//! The options of `comity report`.

use crate::ledger::args::At;
use clap::Subcommand;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Report {
    #[command(subcommand)]
    pub(crate) command: ReportCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// List the reports: their law, who gives them to whom, and when
    List,
    /// Make a report from a ledger: as it was certified, or else a draft
    Show {
        #[command(flatten)]
        of: Of,
        /// From an invented record of the agency under the real law, without any ledger
        #[arg(long)]
        sample: bool,
        /// As the ledger was when it had so many entries
        #[arg(long, value_name = "SIZE")]
        at: Option<u64>,
        /// Write it: the end of the name says in which form (.html, .csv, .xlsx, .pdf, .json)
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Certify a report: an entry of the ledger says who, when, and the digest
    Certify {
        #[command(flatten)]
        of: Of,
    },
    /// Certify a corrected version in place of the one that stands
    Correct {
        #[command(flatten)]
        of: Of,
        /// Why; it is published, so name no person
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// List every version that was certified, and what replaced it
    History {
        #[command(flatten)]
        at: At,
        /// Only of this report
        kind: Option<String>,
    },
}

/// Which report, of whom, of when.
#[derive(Debug, clap::Args)]
pub(crate) struct Of {
    /// The report, as `comity report list` names it
    pub(crate) report: String,
    #[command(flatten)]
    pub(crate) at: At,
    /// The agency whose ledger it is: an ORI, or a name with the state
    #[arg(long, value_name = "AGENCY")]
    pub(crate) agency: Option<String>,
    /// Its kind, where the agency is in no list
    #[arg(long, value_name = "KIND", requires_all = ["place", "agency"])]
    pub(crate) kind: Option<String>,
    /// Its place, where the agency is in no list
    #[arg(long, value_name = "PLACE", requires_all = ["kind", "agency"])]
    pub(crate) place: Option<String>,
    /// A week 2026-W03, a month 2026-01, a year 2026, or days 2026-01-05..2026-02-10
    #[arg(long, value_name = "PERIOD")]
    pub(crate) period: String,
    /// Withhold numbers from 1 to below this one, and whatever would tell them
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(3..=1000))]
    pub(crate) fewest: Option<u64>,
}
