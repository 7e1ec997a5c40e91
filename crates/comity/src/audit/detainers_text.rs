//! The summary of a replay for reading.

use crate::args::Detainers;
use crate::output::{count, outcome_style, print_bundle, printable, width};
use crate::say;
use anstyle::Style;
use comity_audit::detainers::{Defect, Summary, Table, bar, percent};
use comity_law::{Law, Outcome};

/// The outcomes as columns of a table, each with a short head.
const HEADS: [(Outcome, &str); 6] = [
    (Outcome::Required, "required"),
    (Outcome::Permitted, "permitted"),
    (Outcome::Forbidden, "forbidden"),
    (Outcome::Unregulated, "unregulated"),
    (Outcome::Conflict, "conflict"),
    (Outcome::Undetermined, "undetermined"),
];

pub(crate) fn print(asked: &Detainers, law: &Law, lead: &str, table: &Table, summary: &Summary, defects: &[Defect]) {
    let days = summary.days.as_ref().map(|(a, b)| format!(", days {a} to {b}")).unwrap_or_default();
    say!("{} read, {} decided{days}", count(summary.rows, "row"), summary.decided);
    wrapped(0, lead);
    for action in summary.outcomes.keys() {
        heading(action);
        let outcomes = summary.outcomes_of(action);
        let (most, all) = outcomes.iter().fold((0, 0), |(most, all), (_, n)| (most.max(*n), all + n));
        for (outcome, n) in outcomes {
            let style = outcome_style(outcome);
            say!(
                "  {style}{:<12}{style:#} {n:>9}  {:>7}  {}",
                outcome.as_str(),
                percent(n, all),
                bar(n, most, width().saturating_sub(44).min(50))
            );
        }
    }
    changes(summary);
    by_place(summary);
    ranked("Norms that decide most rows", &summary.norms);
    ranked("Facts that are missing most", &summary.missing);
    not_decided(summary);
    said_of(defects, summary);
    if !table.notes.is_empty() {
        heading("Notes");
        table.notes.iter().take(20).for_each(|note| wrapped(2, note));
    }
    say!();
    for (what, path) in [("rows", &asked.rows), ("defects", &asked.defects), ("page", &asked.html)] {
        if let Some(path) = path {
            say!("{what:<8} {}", path.display());
        }
    }
    wrapped(
        0,
        "An outcome says what the law asked of the agency, not what it did. docs/replay.md tells what is mapped, what is assumed, and what cannot be known.",
    );
    print_bundle(law);
}

fn heading(text: &str) {
    let style = Style::new().bold();
    say!();
    say!("{style}{text}{style:#}");
}

fn wrapped(indent: usize, text: &str) {
    let line = comity_engine::Line { tone: comity_engine::Tone::Plain, indent, text: text.to_owned() };
    line.wrapped(width()).iter().for_each(|row| say!("{}", printable(row)));
}

fn changes(summary: &Summary) {
    let Some(changes) = &summary.changes else { return };
    heading("What would have been different");
    if changes.is_empty() {
        say!("  Nothing: every row has the same outcome.");
        return;
    }
    let wide = changes.iter().take(25).map(|c| c.place.len()).max().unwrap_or(0);
    say!("  {:<wide$}  {:<16} {:<12}  {:<12} {:>9}", "place", "action", "was", "would be", "rows");
    for c in changes.iter().take(25) {
        say!("  {:<wide$}  {:<16} {:<12}  {:<12} {:>9}", c.place, c.action, c.was, c.would_be, c.rows);
    }
    let rest = changes.len().saturating_sub(25);
    if rest > 0 {
        say!("  and {} more; --format json lists them all", rest);
    }
    say!("  {} in all", count(changes.iter().map(|c| c.rows).sum(), "changed row"));
}

fn by_place(summary: &Summary) {
    for action in summary.outcomes.keys() {
        heading(&format!("{action}, by place"));
        let mut places: Vec<_> = summary.places.iter().filter(|p| p.action == *action).collect();
        places.sort_by_key(|p| (std::cmp::Reverse(p.outcomes.values().sum::<usize>()), p.place.clone()));
        let used: Vec<_> = HEADS.iter().filter(|(o, _)| places.iter().any(|p| p.outcomes.contains_key(o.as_str()))).collect();
        let wide = places.iter().take(30).map(|p| p.place.len()).max().unwrap_or(0).max(5);
        let head: String = used.iter().map(|(_, h)| format!("  {h:>12}")).collect();
        say!("  {:<wide$}  {:>9}{head}", "place", "rows");
        for p in places.iter().take(30) {
            let cells: String = used
                .iter()
                .map(|(o, _)| format!("  {:>12}", p.outcomes.get(o.as_str()).map_or_else(|| "·".to_owned(), ToString::to_string)))
                .collect();
            say!("  {:<wide$}  {:>9}{cells}", p.place, p.outcomes.values().sum::<usize>());
        }
        if places.len() > 30 {
            say!("  and {} more places", places.len() - 30);
        }
    }
    if !summary.unresearched.is_empty() {
        say!();
        let places: Vec<&str> = summary.unresearched.iter().map(|u| u.0.as_str()).collect();
        wrapped(2, &format!("Nobody has researched the own law of {}: silence there is no finding.", places.join(", ")));
    }
}

fn ranked(title: &str, of: &[(String, String, usize)]) {
    if of.is_empty() {
        return;
    }
    heading(title);
    for (action, name, n) in of {
        say!("  {n:>9}  {action:<16} {name}");
    }
}

fn not_decided(summary: &Summary) {
    if summary.not_decided.is_empty() {
        return;
    }
    heading("Not decided");
    for (why, n) in &summary.not_decided {
        say!("  {n:>9}  {why}");
    }
    for (name, city, state, why, n) in summary.unplaced.iter().filter(|u| u.3 != "a federal facility").take(15) {
        wrapped(
            4,
            &format!(
                "{n} × {name}, {}, {}: {why}",
                if city.is_empty() { "no city" } else { city },
                if state.is_empty() { "no state" } else { state }
            ),
        );
    }
}

fn said_of(defects: &[Defect], summary: &Summary) {
    heading("Defects of the data");
    if defects.is_empty() {
        say!("  none found");
        return;
    }
    for (kind, n) in &summary.defects {
        say!("  {n:>9}  {}", kind.word());
    }
    say!();
    for d in defects.iter().take(40) {
        wrapped(2, &format!("row {}, {} `{}`: {}; {}", d.row, d.column, d.value, d.says, d.remedy));
    }
    if defects.len() > 40 {
        say!("  and {} more; --defects FILE writes them all", defects.len() - 40);
    }
}
