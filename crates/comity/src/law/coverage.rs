//! `comity law coverage`: what was searched for each place, until when, and what was found.

use crate::args::{Args, Format};
use crate::failure::Failure;
use crate::input::{places, whole_law};
use crate::output::{count, print_bundle, print_json};
use crate::say;
use crate::wording::wrapped;
use comity_law::{Confidence, Law, Place};
use comity_logic::Date;
use comity_places::place_chain;
use serde_json::{Value as Json, json};
use std::process::ExitCode;

/// What there is of one place.
struct Row<'l> {
    slug: &'l str,
    name: &'l str,
    place: &'l Place,
    instruments: usize,
    norms: usize,
    /// Instruments by confidence: high, medium, low.
    sure: [usize; 3],
}

pub(crate) fn run(args: &Args, place: Option<&str>, markdown: bool) -> Result<ExitCode, Failure> {
    let law = whole_law(args)?;
    let wanted = places(&law, place)?.pop();
    let rows: Vec<Row<'_>> =
        law.places.iter().filter(|p| wanted.as_deref().is_none_or(|w| place_chain(&p.slug).contains(&w))).map(|p| row(&law, p)).collect();
    if args.format == Format::Json {
        print_json(&json!({"bundle": law.digest, "places": rows.iter().map(json_row).collect::<Vec<_>>()}));
    } else if markdown {
        print_markdown(&rows);
    } else {
        for row in &rows {
            print_row(row);
        }
        let (unsearched, instruments) =
            (rows.iter().filter(|r| r.place.coverage.is_empty()).count(), rows.iter().map(|r| r.instruments).sum());
        say!("{}, {unsearched} of them not searched; {}", count(rows.len(), "place"), count(instruments, "instrument"));
        print_bundle(&law);
    }
    Ok(ExitCode::SUCCESS)
}

fn row<'l>(law: &'l Law, place: &'l Place) -> Row<'l> {
    let own: Vec<_> = law.instruments.iter().filter(|i| i.place == place.slug).collect();
    let sure = [Confidence::High, Confidence::Medium, Confidence::Low].map(|c| own.iter().filter(|i| i.checked.confidence == c).count());
    Row { slug: &place.slug, name: &place.name, place, instruments: own.len(), norms: own.iter().map(|i| i.norms.len()).sum(), sure }
}

fn json_row(row: &Row<'_>) -> Json {
    let [high, medium, low] = row.sure;
    let source = |c: &comity_law::Coverage| json!({"source": c.source, "searched_from": c.searched_from.map(|d| d.to_string()), "searched_until": c.searched_until.to_string(), "gaps": c.gaps});
    json!({"place": row.slug, "name": row.name, "sources": row.place.coverage.iter().map(source).collect::<Vec<_>>(), "instruments": row.instruments,
        "norms": row.norms, "confidence": {"high": high, "medium": medium, "low": low}})
}

/// Instruments by confidence, without the noughts: `9 high, 2 medium`.
fn sure(row: &Row<'_>) -> String {
    let parts: Vec<String> =
        ["high", "medium", "low"].iter().zip(row.sure).filter(|(_, n)| *n > 0).map(|(word, n)| format!("{n} {word}")).collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

fn searched(from: Option<Date>, until: Date) -> String {
    from.map_or_else(|| format!("until {until}"), |from| format!("{from} to {until}"))
}

fn print_row(row: &Row<'_>) {
    say!("{} ({}): {}, {}; confidence: {}", row.slug, row.name, count(row.instruments, "instrument"), count(row.norms, "norm"), sure(row));
    for c in &row.place.coverage {
        wrapped(2, &format!("{}: {}", searched(c.searched_from, c.searched_until), c.source));
        c.gaps.iter().for_each(|gaps| wrapped(4, &format!("Gaps: {gaps}")));
    }
    if row.place.coverage.is_empty() {
        say!("  Not searched.");
    }
    say!();
}

/// One row a source; a place that was not searched has one that says so.
fn print_markdown(rows: &[Row<'_>]) {
    say!("| place | source | searched | instruments | norms | confidence |");
    say!("|---|---|---|--:|--:|---|");
    for row in rows {
        let cell = |text: &str| text.replace('|', "\\|");
        let lead = format!("`{}` {}", row.slug, cell(row.name));
        let counts = format!("{} | {} | {}", row.instruments, row.norms, sure(row));
        if row.place.coverage.is_empty() {
            say!("| {lead} | **not searched** | | {counts} |");
        }
        for (at, c) in row.place.coverage.iter().enumerate() {
            // What counts for the place as a whole is said once.
            let (lead, counts) = if at == 0 { (lead.as_str(), counts.as_str()) } else { ("", " | | ") };
            say!("| {lead} | {} | {} | {counts} |", cell(&c.source), searched(c.searched_from, c.searched_until));
        }
    }
}
