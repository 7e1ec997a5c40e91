//! `comity audit claims`: published tables against law, places and totals.

use super::progress::Progress;
use super::wrapped;
use crate::args::{Args, Format};
use crate::failure::{FOUND, Failure};
use crate::files::{apart, write_whole};
use crate::input::whole_law;
use crate::output::{print_json, printable};
use crate::say;
use anstyle::{AnsiColor, Style};
use comity_audit::claims::{Class, Finding, Report, RowReport, Verdict, Weight, audit, open};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(crate) fn run(args: &Args, files: &[PathBuf], csv: Option<&Path>, all: bool) -> Result<ExitCode, Failure> {
    apart(files.iter().map(PathBuf::as_path), [("--csv", csv)])?;
    let mut tables = Vec::new();
    let mut wrong = Vec::new();
    for file in files {
        match open(file) {
            Ok(table) => tables.push(table),
            Err(error) => wrong.push(error.to_string()),
        }
    }
    if !wrong.is_empty() {
        return Err(Failure::Inputs(wrong));
    }
    let law = whole_law(args)?;
    let mut progress = Progress::new();
    let going = &mut |done: usize, of: usize| {
        progress.tell(done as u64, done as f64 / of.max(1) as f64);
        true
    };
    let report = audit(&law, &mut tables, going).map_err(|e| Failure::Input(e.to_string()))?;
    drop(progress);
    if let Some(path) = csv {
        write_whole(path, |out| report.write_csv(out).map_err(std::io::Error::other))?;
    }
    if args.format == Format::Json {
        let counts: serde_json::Map<String, serde_json::Value> =
            VERDICTS.iter().map(|v| (v.as_str().replace(' ', "-"), json!(report.count(*v)))).collect();
        print_json(&json!({"bundle": report.bundle, "counts": counts, "tables": report.tables, "rows": report.rows}));
    } else {
        print(&report, all);
    }
    let alarms = report.rows.iter().any(|r| r.alarms().next().is_some()) || tables_wrong(&report);
    Ok(if alarms { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
}

fn tables_wrong(report: &Report) -> bool {
    report.tables.iter().flat_map(|t| &t.findings).any(|f| f.weight != Weight::Context)
}

const VERDICTS: [Verdict; 4] = [Verdict::Contradicted, Verdict::NotDecidable, Verdict::Consistent, Verdict::NoClaim];

fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Contradicted => AnsiColor::Red.on_default().bold(),
        Verdict::NotDecidable => AnsiColor::Yellow.on_default().bold(),
        Verdict::Consistent => AnsiColor::Green.on_default().bold(),
        Verdict::NoClaim => Style::new().dimmed(),
    }
}

fn print(report: &Report, all: bool) {
    let heading = Style::new().bold();
    let name = report.tables.iter().map(|t| t.file.chars().count()).max().unwrap_or(0);
    for table in &report.tables {
        say!("{heading}{:<name$}{heading:#}  {:>4} rows  {}", printable(&table.file), table.rows, table.kind.says());
        for note in &table.notes {
            wrapped(2, &format!("{note}"));
        }
        table.findings.iter().for_each(|f| finding(2, f));
    }
    say!();
    for verdict in VERDICTS {
        let style = style(verdict);
        say!("{style}{:<14}{style:#} {:>4}", verdict.as_str(), report.count(verdict));
    }
    let alarmed = |r: &&RowReport| r.alarms().next().is_some();
    section(report, "Contradicted", report.rows.iter().filter(|r| r.verdict == Verdict::Contradicted), all);
    section(report, "In doubt", report.rows.iter().filter(alarmed).filter(|r| r.verdict != Verdict::Contradicted), all);
    let rest = || report.rows.iter().filter(|r| !alarmed(r) && r.verdict != Verdict::NoClaim);
    if all {
        section(report, "Nothing against it", rest(), true);
    } else {
        missing(rest());
    }
    classes(report);
    say!();
    let digest = report.bundle.get(..16).unwrap_or(&report.bundle);
    wrapped(
        0,
        &format!("Law bundle {digest}. A verdict says what law, places and totals show of a row, not what happened; a person decides."),
    );
}

fn section<'a>(report: &Report, title: &str, rows: impl Iterator<Item = &'a RowReport>, all: bool) {
    let rows: Vec<&RowReport> = rows.collect();
    if rows.is_empty() {
        return;
    }
    let heading = Style::new().bold();
    say!();
    say!("{heading}{title}{heading:#}");
    for row in rows {
        let style = style(row.verdict);
        let id = row.id.as_deref().map(|id| format!(" {id}")).unwrap_or_default();
        say!("{style}{}{id}{style:#}", printable(&report.place_of(row)));
        wrapped(2, &row.claim);
        for f in row.findings.iter().filter(|f| all || f.weight != Weight::Context) {
            finding(4, f);
        }
        if all {
            row.law.iter().for_each(|l| wrapped(4, &format!("law of the day: {} by {}: {}", l.action, l.agency, l.outcome)));
        }
        row.missing.iter().for_each(|m| wrapped(4, &format!("missing: {m}")));
    }
}

/// What the rows without an alarm lack, counted.
fn missing<'a>(rows: impl Iterator<Item = &'a RowReport>) {
    let mut counts: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    let mut undecided = 0;
    for row in rows.filter(|r| r.verdict == Verdict::NotDecidable) {
        undecided += 1;
        row.missing.iter().filter(|m| !m.starts_with("nobody has") && !m.starts_with("the law of")).for_each(|m| {
            *counts.entry(m).or_default() += 1;
        });
    }
    if undecided == 0 {
        return;
    }
    say!();
    say!("{undecided} more rows cannot be decided; nothing speaks against them. What they lack (--all shows each):");
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(what, n)| (std::cmp::Reverse(*n), *what));
    counts.iter().take(12).for_each(|(what, n)| wrapped(2, &format!("{n:>4}  {what}")));
}

fn classes(report: &Report) {
    let count = |class: Class| report.rows.iter().flat_map(|r| &r.findings).filter(|f| f.class == class).count();
    say!();
    let heading = Style::new().bold();
    say!("{heading}Findings{heading:#}");
    for class in Class::ALL.iter().filter(|c| count(**c) > 0) {
        say!("{:>5}  {:<24} {}", count(*class), class, class.title());
    }
}

fn finding(indent: usize, found: &Finding) {
    let weight = match found.weight {
        Weight::Contradiction => "",
        Weight::Doubt => "",
        Weight::Context => "note, ",
    };
    let norms = if found.norms.is_empty() { String::new() } else { format!(" [{}]", found.norms.join(", ")) };
    wrapped(indent, &format!("{weight}{}: {}{norms}", found.class, found.says));
}
