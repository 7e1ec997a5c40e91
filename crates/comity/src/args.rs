//! The command line.

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// What must, may or must not a local agency do when a federal agency asks it to help enforce immigration law? Comity answers from the law of the day, with
/// its reasons, or names the few facts that would settle it. It is no legal advice, and it says nothing about any person's status.
#[derive(Debug, Parser)]
#[command(name = "comity", version, max_term_width = 100, after_help = AFTER)]
pub(crate) struct Args {
    /// Read the law from this folder instead of the built-in one
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) law: Option<PathBuf>,
    /// How to print
    #[arg(long, global = true, value_enum, default_value_t)]
    pub(crate) format: Format,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER: &str = "Exit codes: 0 answered; 1 a check or a test found something; 2 the input or the command line is wrong; 3 a search did not end within its budget.";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for reading
    #[default]
    Text,
    /// JSON as docs/schemas describes it
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Decide a case: a file, standard input (-), or options
    Decide(Asked),
    /// Be asked only what still matters, then see the answer
    Ask(Ask),
    /// Find agencies by ORI or name
    Agency(Agency),
    /// Audit what others published or did, each row under the law of its day
    Audit(Audit),
    /// Read, check, test and evaluate the law
    Law(Law),
    /// The record: verify it, give receipts, carry out orders, back it up
    Ledger(crate::ledger::args::Ledger),
    /// Report what the record can prove: list, show, certify, correct
    Report(crate::report::args::Report),
    /// Witness the heads of another office's record
    Witness(crate::ledger::args::Witness),
    /// Look over an installation of the desk: what is in order, what is not, and the remedy
    Doctor(Doctor),
    /// Serve the desk and the law over HTTP
    Serve(Serve),
    /// Print what a shell needs to complete this command
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Doctor {
    /// The configuration; left out: that of the demonstration
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The folder of keys and database
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Also back up, restore elsewhere, and verify what came out
    #[arg(long)]
    pub(crate) drill: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// The configuration; left out: a demonstration with a sample agency and invented people
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// The folder of keys and database
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Print a configuration with comments, and stop
    #[arg(long)]
    pub(crate) print_config: bool,
    /// Release an account that wrong passwords locked, put that on record, and stop
    #[arg(long, value_name = "LOG-IN")]
    pub(crate) release: Option<String>,
}

/// A case by file or by options; options go before what the file says.
#[derive(Debug, clap::Args)]
pub(crate) struct Asked {
    /// A case in JSON; `-` is standard input
    #[arg(value_name = "CASE")]
    pub(crate) case: Option<PathBuf>,
    /// The agency: an ORI, or a name with the state
    #[arg(long, value_name = "AGENCY")]
    pub(crate) agency: Option<String>,
    /// Its kind, where the agency is in no list
    #[arg(long, value_name = "KIND", requires = "place")]
    pub(crate) kind: Option<String>,
    /// Its place, where the agency is in no list
    #[arg(long, value_name = "PLACE", requires = "kind")]
    pub(crate) place: Option<String>,
    /// The day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) on: Option<String>,
    /// What is asked; several with commas
    #[arg(long, value_name = "ACTION", value_delimiter = ',')]
    pub(crate) action: Vec<String>,
    /// A fact: request.kind=detainer; a list as JSON
    #[arg(long = "set", value_name = "FACT=VALUE")]
    pub(crate) set: Vec<String>,
    /// A moment: release=2018-03-01T22:15 (request, release, action, decision, now)
    #[arg(long = "time", value_name = "MOMENT=TIME")]
    pub(crate) time: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Ask {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Keep the case in this file after every answer; if it exists, go on from it
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Agency {
    /// An ORI or a name, or a place such as us-ca/kern-county to list its agencies
    pub(crate) text: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Audit {
    #[command(subcommand)]
    pub(crate) command: AuditCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Hold published tables of places and agencies against law, places and totals
    Claims {
        /// CSV, Excel or JSON; sections of one report are held together
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Write every row with its verdict as CSV
        #[arg(long, value_name = "FILE")]
        csv: Option<PathBuf>,
        /// Show every row and what is only worth knowing
        #[arg(long)]
        all: bool,
    },
    /// Decide every row of an access log, as a mapping file reads it
    Log {
        /// CSV, Excel, JSON or JSON lines
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// How its rows become requests (docs/access-logs.md)
        #[arg(long, value_name = "MAPPING.toml")]
        mapping: PathBuf,
        /// Write every row with its verdict as CSV
        #[arg(long, value_name = "FILE")]
        csv: Option<PathBuf>,
        /// Compare the columns with the last import, kept in this file, and keep these for the next
        #[arg(long, value_name = "FILE.json")]
        state: Option<PathBuf>,
    },
    /// Compare two snapshots of sharing settings, and ask the law about what was opened
    Settings {
        /// The earlier snapshot
        before: PathBuf,
        /// The later one
        after: PathBuf,
        /// The mapping; it has a table named `settings`
        #[arg(long, value_name = "MAPPING.toml")]
        mapping: PathBuf,
        /// The day of the law
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: String,
    },
    /// Replay a federal detainer release: every row under the law of its day and place, or of another
    Detainers(Detainers),
}

/// `comity audit detainers`.
#[derive(Debug, clap::Args)]
pub(crate) struct Detainers {
    /// Files of one release: CSV, Excel or Parquet, raw or processed layout
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What is asked; several with commas [default: hold,notify-release]
    #[arg(long, value_name = "ACTION", value_delimiter = ',')]
    pub(crate) action: Vec<String>,
    /// Decide under the law of this day instead, and show what would have been different
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<String>,
    /// Decide under the law of this place instead: us-tx/travis-county, us-ca
    #[arg(long, value_name = "PLACE")]
    pub(crate) if_place: Option<String>,
    /// State a fact for every row, or take one back: request.process=unknown
    #[arg(long = "set", value_name = "FACT=VALUE")]
    pub(crate) set: Vec<String>,
    /// The day on which the file was produced, where it does not say so
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) data_as_of: Option<String>,
    /// Write every row with outcome, norms and missing facts: .csv or .parquet
    #[arg(long, value_name = "FILE")]
    pub(crate) rows: Option<PathBuf>,
    /// Write every defect of the data as CSV
    #[arg(long, value_name = "FILE")]
    pub(crate) defects: Option<PathBuf>,
    /// Write the summary as a page with charts
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Keep what is done in this file, and go on from it [default: beside --rows]
    #[arg(long, value_name = "FILE")]
    pub(crate) checkpoint: Option<PathBuf>,
    /// How many rows are decided between one entry of the checkpoint and the next [default: 131072]
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) checkpoint_every: Option<u32>,
    /// How many threads decide [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Law {
    #[command(subcommand)]
    pub(crate) command: LawCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LawCommand {
    /// Check every law file and run its examples
    Check {
        /// The law's folder, as --law names it
        dir: Option<PathBuf>,
    },
    /// Run scenario files (.jsonl, .toml); without files, the examples of the law
    Test {
        /// Scenario files
        files: Vec<PathBuf>,
        /// List what passed as well
        #[arg(long)]
        all: bool,
    },
    /// List the instruments
    List {
        /// Only those of this place and the places above it
        #[arg(long, value_name = "PLACE")]
        place: Option<String>,
        /// Only those in force on this day
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: Option<String>,
    },
    /// Show an instrument in plain reading
    Show {
        /// Its id: us-ca-values-act
        id: String,
    },
    /// List the facts and actions that the law may use
    Facts {
        /// Only those whose name has this in it
        part: Option<String>,
    },
    /// What was searched for each place, until when, and what was found
    Coverage {
        /// Only this place and what lies in it
        #[arg(long, value_name = "PLACE")]
        place: Option<String>,
        /// As a table in Markdown, as docs/coverage.md has it
        #[arg(long)]
        markdown: bool,
    },
    /// Prove which norms can clash: neither gives way to the other
    Conflicts {
        /// Only at this place
        #[arg(long, value_name = "PLACE")]
        place: Option<String>,
    },
    /// Prove which norms never decide, which exceptions never matter, and what nobody speaks of
    Gaps {
        /// Only at this place
        #[arg(long, value_name = "PLACE")]
        place: Option<String>,
    },
    /// Compare two days at a place, two places on a day, or two bodies of law: the smallest case of each difference
    Diff {
        /// A day, a place, or a folder of law files (`builtin` is the built-in law)
        one: String,
        /// Another
        two: String,
        /// Where two days are compared; of two bodies of law, only at this place
        #[arg(long, value_name = "PLACE")]
        place: Option<String>,
        /// When two places are compared; of two bodies of law, only on this day
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: Option<String>,
        /// Only for this kind of agency
        #[arg(long, value_name = "KIND")]
        kind: Option<String>,
        /// Only this action; several with commas
        #[arg(long, value_name = "ACTION", value_delimiter = ',')]
        action: Vec<String>,
    },
    /// Which facts would have to be otherwise for another outcome
    WhyNot {
        #[command(flatten)]
        asked: Asked,
        /// Only this outcome
        #[arg(long, value_name = "OUTCOME")]
        to: Option<String>,
    },
    /// What begins, changes or ends on which day, for a place and the places above it
    Timeline {
        /// The place: us-ca/los-angeles
        place: String,
        /// Only what touches this action
        #[arg(long, value_name = "ACTION")]
        action: Option<String>,
    },
    /// What begins, changes or ends in a time, and whom it touches: what has to be acted on
    Events {
        /// The first day
        #[arg(long, value_name = "YYYY-MM-DD")]
        since: String,
        /// The last day
        #[arg(long, value_name = "YYYY-MM-DD")]
        until: Option<String>,
        /// Only what can bind the agencies of this place
        #[arg(long, value_name = "PLACE")]
        place: Option<String>,
        /// As an iCalendar
        #[arg(long)]
        ical: bool,
    },
    /// Write the law as a dataset into a folder
    Export {
        /// In which form
        #[arg(long, value_enum, value_name = "FORM")]
        to: ExportTo,
        /// The folder
        dir: PathBuf,
    },
    /// Bring law files into canonical form: the files named, or all of --law DIR
    Fmt {
        /// Law files; `-` formats standard input to standard output
        files: Vec<PathBuf>,
        /// Change nothing, and end with 1 if a file is not in canonical form
        #[arg(long)]
        check: bool,
    },
    /// Begin an instrument in --law DIR; what no option says is asked
    New(NewLaw),
    /// Evaluate a CEL expression over JSON bindings
    Eval {
        /// The expression
        #[arg(required_unless_present = "batch")]
        expression: Option<String>,
        /// Bindings: a JSON object
        #[arg(long, value_name = "FILE")]
        facts: Option<PathBuf>,
        /// Cases in the layout of the CEL conformance files, one JSON object a line
        #[arg(long, value_name = "FILE.jsonl", conflicts_with_all = ["expression", "facts"])]
        batch: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportTo {
    /// One JSON file of everything but the examples
    Json,
    /// Dated rows for statistics, with a codebook
    Csv,
    /// The same tables as Parquet, typed
    Parquet,
    /// Akoma Ntoso 3.0, one document an instrument
    Akn,
}

#[derive(Debug, clap::Args)]
pub(crate) struct NewLaw {
    /// The place: us-ca/oakland
    pub(crate) place: String,
    /// The place's name, where no list has it
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The instrument's id; left out: made of place and title
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<String>,
    /// Its title
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Its kind: statute, ordinance, resolution, department-order …
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
    /// Its citation
    #[arg(long, value_name = "TEXT")]
    pub(crate) cite: Option<String>,
    /// The action that its first norm speaks of
    #[arg(long, value_name = "ACTION")]
    pub(crate) action: Option<String>,
    /// What the norm does: forbids, requires, permits, protects
    #[arg(long, value_name = "WORD")]
    pub(crate) modality: Option<String>,
    /// The first day on which it is in force
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) from: Option<String>,
    /// The day on which it was read
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) checked: Option<String>,
}
