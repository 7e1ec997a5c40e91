//! `comity audit settings`: sharing settings between two snapshots, and the law on what was opened.

use super::wrapped;
use crate::args::{Args, Format};
use crate::failure::{FOUND, Failure};
use crate::input::{day, whole_law};
use crate::output::{print_json, printable};
use crate::say;
use anstyle::Style;
use comity_audit::logs::{Mapping, SettingKind, compare};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(args: &Args, (before, after): (&Path, &Path), mapping: &Path, on: &str) -> Result<ExitCode, Failure> {
    let on = day(on)?;
    let law = whole_law(args)?;
    let mapping = Mapping::open(&law, mapping).map_err(Failure::Mapping)?;
    let report = compare(&law, &mapping, before, after, on).map_err(|e| Failure::Input(e.to_string()))?;
    if args.format == Format::Json {
        print_json(&json!(report));
    } else {
        let heading = Style::new().bold();
        say!(
            "{heading}{}{heading:#}  {} changes, {} settings open, law of {on}",
            printable(&report.title),
            report.changes.len(),
            report.open
        );
        for change in &report.changes {
            let what = match change.kind {
                SettingKind::Opened => "opened",
                SettingKind::Changed => "changed",
                SettingKind::Closed => "closed",
            };
            let law = change.outcome.as_ref().map(|o| format!(": {o}")).unwrap_or_default();
            say!("{heading}{what:<8}{heading:#} {}{}", printable(&change.name), printable(&law));
            if !change.norms.is_empty() {
                wrapped(9, &change.norms.join(", "));
            }
            change.changed.iter().for_each(|c| wrapped(9, c));
            change.missing.iter().for_each(|m| wrapped(9, &format!("missing: {m}")));
        }
        report.vanished_columns.iter().for_each(|c| wrapped(0, &format!("The column {c} was in the first snapshot and is gone.")));
        let digest = report.bundle.get(..16).unwrap_or(&report.bundle);
        say!();
        wrapped(
            0,
            &format!("Law bundle {digest}. This is what the law files say of what the snapshots tell, not legal advice; a person decides."),
        );
    }
    let alarm = report.changes.iter().any(|c| c.kind != SettingKind::Closed) || !report.vanished_columns.is_empty();
    Ok(if alarm { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
}
