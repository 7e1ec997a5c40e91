//! `comity report`: what an agency's ledger can prove, as the law wants it reported.

pub(crate) mod args;
mod certify;
mod list;
mod show;

use crate::args::Args;
use crate::failure::Failure;
use args::{Of, ReportCommand};
use comity_engine::AgencyRef;
use comity_law::Law;
use comity_report::{Asked, Definition, Document, Period, Record, Reporter, make};
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(args: &Args, options: &args::Report) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Failure::Input(format!("the program cannot start its work: {e}")))?;
    runtime.block_on(async {
        match &options.command {
            ReportCommand::List => list::run(args),
            ReportCommand::Show { of, sample, at, out } => show::run(args, of, *sample, *at, out.as_deref()).await,
            ReportCommand::Certify { of } => certify::run(args, of, None).await,
            ReportCommand::Correct { of, reason } => certify::run(args, of, Some(reason)).await,
            ReportCommand::History { at, kind } => list::history(args, at, kind.as_deref()).await,
        }
    })
}

/// What is asked for, read and found.
struct Wanted {
    definition: Definition,
    period: Period,
    agency: AgencyRef,
    reporter: Reporter,
    law: Law,
}

impl Wanted {
    fn read(args: &Args, of: &Of, fallback: Option<&str>) -> Result<Self, Failure> {
        let definition = Definition::find(&of.report).map_err(Failure::Input)?;
        let period = Period::parse(&of.period).map_err(|e| Failure::Input(format!("--period: {e}")))?;
        let agency = match (&of.agency, &of.kind, &of.place) {
            (Some(name), Some(kind), Some(place)) => unlisted(name, kind, place)?,
            (Some(text), _, _) => crate::input::agency(text)?,
            (None, _, _) => match fallback {
                Some(text) => crate::input::agency(text)?,
                None => {
                    return Err(Failure::Input(
                        "--agency is missing: name the agency whose ledger it is, by ORI or by name and state".to_owned(),
                    ));
                }
            },
        };
        let law = crate::input::law_for(args, &agency.place)?;
        let reporter = Reporter::of(&agency);
        Ok(Self { definition, period, agency, reporter, law })
    }

    /// The report with its history.
    fn document(&self, record: &Record, part: &Record, fewest: Option<u64>) -> Result<Document, Failure> {
        let asked = Asked { definition: &self.definition, law: &self.law, agency: &self.reporter, period: &self.period, fewest };
        let report = make(part, &asked).map_err(Failure::Input)?;
        Ok(Document::new(report, &record.entries))
    }
}

/// An agency that is in no list.
fn unlisted(name: &str, kind: &str, place: &str) -> Result<AgencyRef, Failure> {
    if comity_places::Place::find(place).is_none() {
        return Err(Failure::Input(format!("--place {place}: there is no such place; write it as us-ca or us-ca/kern-county")));
    }
    if let Err(unknown) = kind.parse::<comity_places::AgencyKind>() {
        return Err(Failure::Input(format!("--kind {kind}: {unknown}")));
    }
    Ok(AgencyRef { name: name.to_owned(), kind: kind.to_owned(), place: place.to_owned(), ori: None })
}

/// The desk's own folder, where its demonstration and its default configuration keep the ledger.
const DESK: (&str, &str) = ("comity-data/comity.db", "comity-data/comity.keys");

/// Opens the ledger that is named, or the desk's where none is.
async fn open(at: &crate::ledger::args::At) -> Result<comity_ledger::Ledger, Failure> {
    let named = at.ledger.is_some() || std::env::var_os("COMITY_LEDGER").is_some() || Path::new("comity.db").exists();
    if named {
        return crate::ledger::open(at).await;
    }
    if !Path::new(DESK.0).exists() {
        let remedy = "name one with --ledger, or see an invented record with `comity report show … --sample`";
        return Err(Failure::Input(format!("there is no ledger at comity.db or {}; {remedy}", DESK.0)));
    }
    let keys = at.keys.clone().unwrap_or_else(|| DESK.1.into());
    crate::ledger::open(&crate::ledger::args::At { ledger: Some(DESK.0.to_owned()), keys: Some(keys), actor: at.actor.clone() }).await
}
