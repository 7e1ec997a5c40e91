//! `comity report list` and `history`.

use crate::args::{Args, Format};
use crate::failure::Failure;
use crate::ledger::args::At;
use crate::output::print_json;
use crate::say;
use crate::wording::wrapped;
use comity_ledger::{EntryKind, Filter};
use comity_report::{Definition, all_versions};
use serde_json::json;
use std::process::ExitCode;

pub(super) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let all = Definition::all().map_err(Failure::Input)?;
    if args.format == Format::Json {
        let each = all.iter().map(|d| json!({"report": d.kind, "title": d.title, "says": d.says, "place": d.place, "by": d.by, "to": d.to, "due": d.due, "laws": d.law}));
        print_json(&json!({"reports": each.collect::<Vec<_>>()}));
        return Ok(ExitCode::SUCCESS);
    }
    for (at, d) in all.iter().enumerate() {
        if at > 0 {
            say!();
        }
        say!("{}", d.kind);
        wrapped(1, &d.title);
        wrapped(1, &format!("From {} to {}. Due: {}.", d.by, d.to, d.due));
        for law in &d.law {
            wrapped(1, &format!("{} (confidence {})", law.cite, law.confidence));
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn history(args: &Args, at: &At, kind: Option<&str>) -> Result<ExitCode, Failure> {
    if let Some(kind) = kind {
        Definition::find(kind).map_err(Failure::Input)?;
    }
    let ledger = super::open(at).await?;
    let entries = ledger.entries(&Filter { kind: Some(EntryKind::Report), limit: Some(u32::MAX), ..Filter::default() }).await?;
    ledger.close().await?;
    let mut versions = all_versions(&entries);
    versions.retain(|(of, ..)| kind.is_none_or(|kind| kind == of));
    if args.format == Format::Json {
        let each = versions
            .iter()
            .map(|(of, agency, (from, to), version)| json!({"report": of, "agency": agency, "from": from, "to": to, "version": version}));
        print_json(&json!({"versions": each.collect::<Vec<_>>()}));
        return Ok(ExitCode::SUCCESS);
    }
    if versions.is_empty() {
        say!("No report was certified in this ledger.");
    }
    for (of, agency, (from, to), v) in &versions {
        let what = match (v.replaces, v.corrected_by) {
            (Some(earlier), None) => format!("replaces entry {earlier}"),
            (Some(earlier), Some(by)) => format!("replaces entry {earlier}, replaced by entry {by}"),
            (None, Some(by)) => format!("certified, replaced by entry {by}"),
            (None, None) => "certified".to_owned(),
        };
        say!("entry {}  {}  {of}  {agency}  {from}..{to}  by {}  {what}", v.entry, v.time.get(..10).unwrap_or(&v.time), v.by);
        if let Some(reason) = &v.reason {
            wrapped(1, reason);
        }
        for c in &v.changed {
            wrapped(
                1,
                &format!(
                    "{}: {} → {}",
                    c.figure,
                    c.was.as_deref().unwrap_or("no such figure"),
                    c.is.as_deref().unwrap_or("no such figure")
                ),
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}
