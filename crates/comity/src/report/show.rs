//! `comity report show`.

use super::Wanted;
use super::args::Of;
use crate::args::{Args, Format};
use crate::failure::Failure;
use crate::output::{print_json, printable};
use crate::wording::wrapped;
use crate::{say, tell};
use comity_report::{Change, Document, Form, Line, Record, changes, history, open, rows_csv, sample, text};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

/// Whose invented record is shown where no agency is named.
const SAMPLE_AGENCY: &str = "Kern County Sheriff's Office";

pub(super) async fn run(args: &Args, of: &Of, invented: bool, at: Option<u64>, out: Option<&Path>) -> Result<ExitCode, Failure> {
    let form = out.map(Form::of).transpose().map_err(|e| Failure::Input(format!("--out: {e}")))?;
    let wanted = Wanted::read(args, of, invented.then_some(SAMPLE_AGENCY))?;
    let record = if invented {
        sample(&wanted.law, &wanted.agency).map_err(Failure::Input)?
    } else {
        let ledger = super::open(&of.at).await?;
        let record = open(&ledger, &of.at.actor, &format!("{} {}", of.report, of.period)).await?;
        ledger.close().await?;
        record
    };
    let (document, since) = as_certified(&wanted, &record, at, of.fewest)?;
    if let (Some(path), Some(form)) = (out, form) {
        write(&document, form, path)?;
        if args.format == Format::Json {
            print_json(&json!({"written": path, "digest": document.digest, "says": document.state_says()}));
        } else {
            say!("Wrote {}. {}", path.display(), document.state_says());
        }
    } else if args.format == Format::Json {
        print_json(&document.json());
    } else {
        let style = anstyle::Style::new().bold();
        for line in text(&document) {
            match line {
                Line::Heading(text) => say!("{style}{}{style:#}", printable(&text)),
                Line::Prose(indent, text) => wrapped(indent, &text),
                Line::Row(text) => say!("{}", printable(text.trim_end())),
            }
        }
    }
    if invented {
        tell!("This is an invented record: made-up requests, decided by the real law.");
    }
    if !since.is_empty() {
        tell!("The record has changed since this version was certified. Publish that with `comity report correct`:");
        for c in &since {
            tell!("  {}: {} → {}", c.figure, c.was.as_deref().unwrap_or("no such figure"), c.is.as_deref().unwrap_or("no such figure"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The report as it was certified last, with what has changed since; a draft of the whole record where nothing was certified or a size is given.
fn as_certified(wanted: &Wanted, record: &Record, at: Option<u64>, fewest: Option<u64>) -> Result<(Document, Vec<Change>), Failure> {
    let days = (wanted.period.from.to_string(), wanted.period.to.to_string());
    let versions = history(&record.entries, &wanted.definition.kind, &wanted.reporter.key(), (&days.0, &days.1));
    let standing = versions.last().filter(|v| at.is_none() && (fewest.is_none() || fewest == v.fewest));
    let part = match (at, standing) {
        (Some(size), _) => record.at(size).map_err(|e| Failure::Input(format!("--at: {e}")))?,
        (None, Some(v)) => record.at(v.log.size).map_err(Failure::Input)?,
        (None, None) => record.clone(),
    };
    let document = wanted.document(record, &part, fewest.or(standing.and_then(|v| v.fewest)))?;
    let Some(standing) = standing else { return Ok((document, Vec::new())) };
    if document.digest != standing.digest {
        tell!(
            "What entry {} certified cannot be made again: personal parts that it was counted from were destroyed since, or law or program are others.",
            standing.entry
        );
    }
    let now = wanted.document(record, record, standing.fewest)?;
    Ok((document, changes(&standing.figures, &now.report.values())))
}

/// Writes a report; as CSV each list goes into a file of its own beside it.
fn write(document: &Document, form: Form, path: &Path) -> Result<(), Failure> {
    let put = |path: &Path, bytes: &[u8]| crate::files::write_whole(path, |out| out.write_all(bytes));
    put(path, &form.write(document).map_err(Failure::Input)?)?;
    if form == Form::Csv {
        for (list, bytes) in rows_csv(document).map_err(Failure::Input)? {
            put(&path.with_extension(format!("{list}-rows.csv")), &bytes)?;
        }
    }
    Ok(())
}
