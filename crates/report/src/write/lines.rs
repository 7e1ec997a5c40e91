//! A report as lines of text for a terminal.

use super::{FOOT, entries, facts, nil};
use crate::report::{Table, Value};
use crate::standing::Document;

/// A line, and whether it is a heading.
pub type Line = (bool, String);

/// The report in lines: tables are aligned, prose is left for the reader's width.
#[must_use]
pub fn text(document: &Document) -> Vec<Line> {
    let r = &document.report;
    let mut out: Vec<Line> = vec![(true, r.title.clone()), (false, r.says.clone()), (false, document.state_says())];
    out.extend(nil(document).map(|n| (false, n.to_owned())));
    out.push((false, String::new()));
    let facts = facts(document);
    let wide = facts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    out.extend(facts.iter().map(|(name, value)| (false, format!("{name:<wide$}  {value}"))));
    for line in &r.instead {
        out.push((false, format!("- {line}")));
    }
    if !r.figures.is_empty() {
        heading(&mut out, "Figures");
        let wide = r.figures.iter().map(|f| f.value.to_string().len()).max().unwrap_or(0);
        for f in &r.figures {
            out.push((false, format!("{:>wide$}  {}", f.value, f.says)));
            if let Value::NotRecorded(why) = &f.value {
                out.push((false, format!("{:>wide$}  {why}", "")));
            }
        }
    }
    for table in &r.tables {
        heading(&mut out, &table.says);
        grid(&mut out, table);
    }
    for list in &r.lists {
        heading(&mut out, &list.says);
        match (list.withheld, list.rows.len()) {
            (true, _) => out.push((false, "The rows are withheld: they would tell the numbers that are.".to_owned())),
            (false, 0) => out.push((false, "None.".to_owned())),
            (false, _) => {}
        }
        for row in &list.rows {
            let cells = row.cells.iter().zip(&list.columns).filter(|(_, c)| c.not_recorded.is_none());
            let said: Vec<String> = cells.map(|(cell, c)| format!("{}: {}", c.says, cell.as_deref().unwrap_or("not recorded"))).collect();
            out.push((false, format!("- {}", said.join(" · "))));
        }
        for column in &list.columns {
            if let Some(why) = &column.not_recorded {
                out.push((false, format!("{}: not recorded. {why}", column.says)));
            }
        }
    }
    if !r.undecidable.is_empty() {
        heading(&mut out, "Not decidable from the record");
        out.extend(r.undecidable.iter().map(|g| (false, format!("entry {}, {}: {}", g.entry, g.figure, g.why))));
    }
    heading(&mut out, "The law");
    out.extend(r.laws.iter().map(|l| (false, format!("{}: {} (confidence {}, against {})", l.cite, l.says, l.confidence, l.against))));
    if !r.notes.is_empty() {
        heading(&mut out, "Notes");
        out.extend(r.notes.iter().map(|n| (false, n.clone())));
    }
    heading(&mut out, "History");
    if document.versions.is_empty() {
        out.push((false, "No version of this report was certified.".to_owned()));
    }
    for v in &document.versions {
        let what = v
            .replaces
            .map_or_else(|| "certified".to_owned(), |of| format!("replaces entry {of}: {}", v.reason.as_deref().unwrap_or_default()));
        out.push((false, format!("entry {}, {}, by {}: {what}", v.entry, v.time, v.by)));
        for c in &v.changed {
            let said = |value: &Option<String>| value.clone().unwrap_or_else(|| "no such figure".to_owned());
            out.push((false, format!("  {}: {} → {}", c.figure, said(&c.was), said(&c.is))));
        }
    }
    heading(&mut out, "Where it comes from");
    out.push((false, format!("The first {} entries of the ledger, root {}", r.log.size, r.log.root)));
    out.push((false, format!("Digest of this report {}", document.digest)));
    for f in &r.figures {
        if !f.entries.is_empty() {
            out.push((false, format!("{}: entries {}", f.id, entries(&f.entries))));
        }
    }
    out.push((false, String::new()));
    out.push((false, FOOT.to_owned()));
    out
}

fn heading(out: &mut Vec<Line>, text: &str) {
    out.push((false, String::new()));
    out.push((true, text.to_owned()));
}

/// A table with its columns under one another; long headings of rows stand on lines of their own.
fn grid(out: &mut Vec<Line>, table: &Table) {
    const WIDEST: usize = 44;
    let name = table.rows.iter().map(|r| r.heading.chars().count()).chain([table.rows_are.chars().count()]).max().unwrap_or(0).min(WIDEST);
    let widths: Vec<usize> = (0..table.columns.len())
        .map(|at| {
            let cells = table.rows.iter().filter_map(|r| r.cells.get(at)).map(|c| c.value.to_string().chars().count());
            cells.chain(table.columns.get(at).map(|c| c.chars().count())).max().unwrap_or(0)
        })
        .collect();
    let mut line = |heading: &str, cells: Vec<String>| {
        let cells: Vec<String> = cells.iter().zip(&widths).map(|(cell, wide)| format!("{cell:>wide$}")).collect();
        let mut heading = heading;
        if heading.chars().count() > WIDEST {
            out.push((false, heading.to_owned()));
            heading = "";
        }
        out.push((false, format!("{heading:<name$}  {}", cells.join("  "))));
    };
    line(&table.rows_are, table.columns.clone());
    for row in &table.rows {
        line(&row.heading, row.cells.iter().map(|c| c.value.to_string()).collect());
    }
}
