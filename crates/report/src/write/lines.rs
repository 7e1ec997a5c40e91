//! A report as lines of text for a terminal.

use super::{FOOT, entries, facts, nil};
use crate::report::{Table, Value};
use crate::standing::Document;

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A heading.
    Heading(String),
    /// Prose, to be broken to the reader's width, and how far it is set in.
    Prose(usize, String),
    /// A row that is aligned with others, and is not to be broken.
    Row(String),
}

/// The report in lines: tables are aligned, prose is left for the reader's width.
#[must_use]
pub fn text(document: &Document) -> Vec<Line> {
    let r = &document.report;
    let mut out: Vec<Line> = vec![Line::Heading(r.title.clone()), prose(&r.says), prose(&document.state_says())];
    out.extend(nil(document).map(prose));
    out.push(prose(""));
    let facts = facts(document);
    let wide = facts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    out.extend(facts.iter().map(|(name, value)| Line::Row(format!("{name:<wide$}  {value}"))));
    for line in &r.instead {
        out.push(prose(&format!("- {line}")));
    }
    if !r.figures.is_empty() {
        heading(&mut out, "Figures");
        let wide = r.figures.iter().map(|f| f.value.to_string().len()).max().unwrap_or(0);
        for f in &r.figures {
            out.push(Line::Row(format!("{:>wide$}  {}", f.value, f.says)));
            if let Value::NotRecorded(why) = &f.value {
                out.push(Line::Prose(wide / 2 + 1, why.clone()));
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
            (true, _) => out.push(prose("The rows are withheld: they would tell the numbers that are.")),
            (false, 0) => out.push(prose("None.")),
            (false, _) => {}
        }
        for row in &list.rows {
            let cells = row.cells.iter().zip(&list.columns).filter(|(_, c)| c.not_recorded.is_none());
            let said: Vec<String> = cells.map(|(cell, c)| format!("{}: {}", c.says, cell.as_deref().unwrap_or("not recorded"))).collect();
            out.push(prose(&format!("- {}", said.join(" · "))));
        }
        for column in &list.columns {
            if let Some(why) = &column.not_recorded {
                out.push(prose(&format!("{}: not recorded. {why}", column.says)));
            }
        }
    }
    if !r.undecidable.is_empty() {
        heading(&mut out, "Not decidable from the record");
        out.extend(r.undecidable.iter().map(|g| prose(&format!("entry {}, {}: {}", g.entry, g.figure, g.why))));
    }
    heading(&mut out, "The law");
    out.extend(r.laws.iter().map(|l| prose(&format!("{}: {} (confidence {}, against {})", l.cite, l.says, l.confidence, l.against))));
    if !r.notes.is_empty() {
        heading(&mut out, "Notes");
        out.extend(r.notes.iter().map(|n| prose(n)));
    }
    heading(&mut out, "History");
    if document.versions.is_empty() {
        out.push(prose("No version of this report was certified."));
    }
    for v in &document.versions {
        let what = v
            .replaces
            .map_or_else(|| "certified".to_owned(), |of| format!("replaces entry {of}: {}", v.reason.as_deref().unwrap_or_default()));
        out.push(prose(&format!("entry {}, {}, by {}: {what}", v.entry, v.time, v.by)));
        for c in &v.changed {
            let said = |value: &Option<String>| value.clone().unwrap_or_else(|| "no such figure".to_owned());
            out.push(prose(&format!("  {}: {} → {}", c.figure, said(&c.was), said(&c.is))));
        }
    }
    heading(&mut out, "Where it comes from");
    out.push(prose(&format!("The first {} entries of the ledger, root {}", r.log.size, r.log.root)));
    out.push(prose(&format!("Digest of this report {}", document.digest)));
    for f in &r.figures {
        if !f.entries.is_empty() {
            out.push(prose(&format!("{}: entries {}", f.id, entries(&f.entries))));
        }
    }
    out.push(prose(""));
    out.push(prose(FOOT));
    out
}

fn prose(text: &str) -> Line {
    Line::Prose(0, text.to_owned())
}

fn heading(out: &mut Vec<Line>, text: &str) {
    out.push(prose(""));
    out.push(Line::Heading(text.to_owned()));
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
            out.push(Line::Row(heading.to_owned()));
            heading = "";
        }
        out.push(Line::Row(format!("{heading:<name$}  {}", cells.join("  "))));
    };
    line(&table.rows_are, table.columns.clone());
    for row in &table.rows {
        line(&row.heading, row.cells.iter().map(|c| c.value.to_string()).collect());
    }
}
