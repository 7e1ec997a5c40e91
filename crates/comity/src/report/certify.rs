//! `comity report certify` and `correct`.

use super::Wanted;
use super::args::Of;
use crate::args::{Args, Format};
use crate::failure::Failure;
use crate::output::print_json;
use crate::{say, tell};
use comity_report::{certify, correct, history, open};
use serde_json::json;
use std::process::ExitCode;

pub(super) async fn run(args: &Args, of: &Of, reason: Option<&str>) -> Result<ExitCode, Failure> {
    let wanted = Wanted::read(args, of, None)?;
    let today = jiff::Timestamp::now().to_zoned(wanted.reporter.zone()).date();
    if wanted.period.to >= today {
        return Err(Failure::Input(format!(
            "--period {}: it ends on {}; what is not over cannot be certified",
            wanted.period.name, wanted.period.to
        )));
    }
    let ledger = super::open(&of.at).await?;
    let record = open(&ledger, &of.at.actor, &format!("{} {}", of.report, of.period)).await?;
    // A correction withholds what the version withheld that it replaces, unless it is told otherwise.
    let days = (wanted.period.from.to_string(), wanted.period.to.to_string());
    let earlier = history(&record.entries, &wanted.definition.kind, &wanted.reporter.key(), (&days.0, &days.1));
    let fewest = of.fewest.or(earlier.last().and_then(|v| v.fewest));
    let document = wanted.document(&record, &record, fewest)?;
    let (entry, changed) = match reason {
        None => (certify(&document, &of.at.actor).map_err(Failure::Input)?, Vec::new()),
        Some(reason) => correct(&document, &of.at.actor, reason).map_err(|e| Failure::Input(format!("report correct: {e}")))?,
    };
    let appended = ledger.append(entry).await?;
    ledger.close().await?;
    tell!("The name `{}` is not checked against any accounts: the record has it as --as gave it.", of.at.actor);
    if args.format == Format::Json {
        print_json(&json!({"entry": appended.index, "digest": document.digest, "changed": changed}));
        return Ok(ExitCode::SUCCESS);
    }
    say!("Certified in entry {}: {}", appended.index, document.digest);
    for c in &changed {
        say!("  {}: {} → {}", c.figure, c.was.as_deref().unwrap_or("no such figure"), c.is.as_deref().unwrap_or("no such figure"));
    }
    Ok(ExitCode::SUCCESS)
}
