//! `comity audit log`: an access log, row by row under the law of its day.

use super::progress::Progress;
use super::wrapped;
use crate::args::{Args, Format};
use crate::failure::{FOUND, Failure};
use crate::files::{apart, write_whole};
use crate::input::whole_law;
use crate::output::{print_json, printable};
use crate::say;
use anstyle::{AnsiColor, Style};
use comity_audit::inert;
use comity_audit::logs::{Group, LogReport, Mapping, RowVerdict, State, Verdict, audit};
use comity_law::Law;
use serde_json::json;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(args: &Args, file: &Path, mapping: &Path, csv: Option<&Path>, state: Option<&Path>) -> Result<ExitCode, Failure> {
    apart([file, mapping], [("--csv", csv), ("--state", state)])?;
    let law = whole_law(args)?;
    let mapping = Mapping::open(&law, mapping).map_err(Failure::Mapping)?;
    let before = state.map(last).transpose()?.flatten();
    let report = match csv {
        Some(path) => {
            let mut done = None;
            let written = write_whole(path, |out| {
                let report = with_rows(&law, &mapping, file, before.as_ref(), out);
                let ended = report.is_ok();
                done = Some(report);
                if ended { Ok(()) } else { Err(std::io::Error::other("the audit ended early")) }
            });
            // Why the audit ended says more than that the file was not written.
            match (done, written) {
                (Some(Err(error)), _) | (_, Err(error)) => return Err(error),
                (Some(Ok(report)), Ok(())) => report,
                (None, Ok(())) => return Err(Failure::Input("nothing was written".to_owned())),
            }
        }
        None => audited(&law, &mapping, file, before.as_ref(), &mut |_| Ok(()))?,
    };
    if let Some(path) = state {
        write_whole(path, |out| {
            serde_json::to_writer_pretty(&mut *out, &report.state)?;
            out.write_all(b"\n")
        })?;
    }
    if args.format == Format::Json {
        print_json(&json!(report));
    } else {
        print(&report, before.is_some());
    }
    let alarms = [Verdict::Forbidden, Verdict::Conflict, Verdict::Open, Verdict::Unreadable].iter().any(|v| report.count(*v) > 0);
    Ok(if alarms || !report.columns.is_empty() { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
}

/// The state of the last import; none where there was none yet.
fn last(path: &Path) -> Result<Option<State>, Failure> {
    if !path.exists() {
        return Ok(None);
    }
    let text = crate::input::read_text(path, 16 << 20)?;
    let wrong = |why: String| Failure::Input(format!("{}: {why}; it is not the state of an import, name another file", path.display()));
    let state: State = serde_json::from_str(&text).map_err(|e| wrong(e.to_string()))?;
    if state.version != 1 { Err(wrong(format!("its version is {}, and 1 is known", state.version))) } else { Ok(Some(state)) }
}

fn audited(
    law: &Law,
    mapping: &Mapping,
    file: &Path,
    before: Option<&State>,
    each: &mut dyn FnMut(&RowVerdict<'_>) -> std::io::Result<()>,
) -> Result<LogReport, Failure> {
    let mut progress = Progress::new();
    let going = &mut |rows: u64, part: f64| {
        progress.tell(rows, part);
        true
    };
    audit(law, mapping, file, before, each, going).map_err(|e| Failure::Input(e.to_string()))
}

/// The audit with one line a row.
fn with_rows(law: &Law, mapping: &Mapping, file: &Path, before: Option<&State>, out: &mut dyn Write) -> Result<LogReport, Failure> {
    writeln!(out, "line,id,day,verdict,agency,action,requester,norms,missing").map_err(|e| Failure::Input(e.to_string()))?;
    audited(law, mapping, file, before, &mut |row| {
        let g = row.group;
        let day = row.day.map(|d| d.to_string()).unwrap_or_default();
        let cells = [row.id, &day, g.verdict.as_str(), &g.agency, &g.action, &g.requester, &g.norms.join("; "), &g.missing.join("; ")];
        let cells: Vec<String> = cells.iter().map(|c| cell(c)).collect();
        writeln!(out, "{},{}", row.line, cells.join(","))
    })
}

/// A cell of a CSV, which no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let text = inert(text);
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.into_owned() }
}

fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Forbidden => AnsiColor::Red.on_default().bold(),
        Verdict::Conflict | Verdict::Open | Verdict::Unreadable => AnsiColor::Yellow.on_default().bold(),
        Verdict::Allowed => AnsiColor::Green.on_default().bold(),
        Verdict::Outside => Style::new().dimmed(),
    }
}

fn print(report: &LogReport, compared: bool) {
    let heading = Style::new().bold();
    say!("{heading}{}{heading:#}  {}  {} rows", printable(&report.title), printable(&report.file), report.rows);
    report.notes.iter().for_each(|n| wrapped(2, &n.to_string()));
    say!();
    for verdict in Verdict::ALL {
        let style = style(verdict);
        say!("{style}{:<11}{style:#} {:>9}  {}", verdict.as_str(), report.count(verdict), verdict.says());
    }
    for verdict in [Verdict::Forbidden, Verdict::Conflict, Verdict::Open, Verdict::Unreadable] {
        let groups: Vec<&Group> = report.groups.iter().filter(|g| g.verdict == verdict).collect();
        if groups.is_empty() {
            continue;
        }
        let style = style(verdict);
        say!();
        say!("{style}{}{style:#}", capital(verdict.as_str()));
        for group in groups.iter().take(40) {
            print_group(group);
        }
        if groups.len() > 40 {
            say!("  and {} more kinds of rows; --csv or --format json has them all", groups.len() - 40);
        }
    }
    if !report.columns.is_empty() {
        say!();
        say!("{heading}Columns{heading:#}{}", if compared { ", compared with the last import" } else { "" });
        for drift in &report.columns {
            let used = if drift.used_for.is_empty() {
                String::new()
            } else {
                format!("; the mapping takes {} from it", drift.used_for.join(", "))
            };
            wrapped(2, &format!("{}: {}{used}", drift.column, drift.says));
        }
    }
    counted("In no registry", report.unknown_requesters.iter().map(|(who, n)| (who.clone(), *n)));
    counted("Not in the mapping", report.unmapped.iter().map(|(column, value, n)| (format!("{column}: {value}"), *n)));
    if !report.unsearched.is_empty() {
        say!();
        report.unsearched.iter().for_each(|note| wrapped(0, &format!("Warning: {note}.")));
    }
    say!();
    let digest = report.bundle.get(..16).unwrap_or(&report.bundle);
    wrapped(0, &format!("Law bundle {digest}. This is what the law files say of what the log tells, not legal advice; a person decides."));
}

fn print_group(group: &Group) {
    let days = match (group.from, group.to) {
        (Some(from), Some(to)) if from != to => format!(" from {from} to {to}"),
        (Some(on), _) => format!(" on {on}"),
        _ => String::new(),
    };
    let by = if group.requester.is_empty() { String::new() } else { format!(" by {}", group.requester) };
    let lines: Vec<String> = group.lines.iter().take(10).map(ToString::to_string).collect();
    let more = if group.rows > lines.len() as u64 { ", …" } else { "" };
    let rows = if group.rows == 1 { "row".to_owned() } else { "rows".to_owned() };
    wrapped(2, &format!("{} {rows}{by}{days} (line {}{more})", group.rows, lines.join(", ")));
    if !group.norms.is_empty() {
        let cites: Vec<String> = group.norms.iter().zip(&group.cites).map(|(norm, cite)| format!("{cite} [{norm}]")).collect();
        wrapped(6, &format!("{} under {}", group.action, cites.join("; ")));
    }
    group.missing.iter().for_each(|m| wrapped(6, &format!("missing: {m}")));
}

fn counted(title: &str, rows: impl Iterator<Item = (String, u64)>) {
    let rows: Vec<(String, u64)> = rows.collect();
    if rows.is_empty() {
        return;
    }
    let heading = Style::new().bold();
    say!();
    say!("{heading}{title}{heading:#}");
    rows.iter().take(20).for_each(|(what, n)| wrapped(2, &format!("{n:>7}  {what}")));
    if rows.len() > 20 {
        say!("  and {} more", rows.len() - 20);
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
