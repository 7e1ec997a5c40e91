//! A report as a page that stands alone: no script, nothing to fetch.

use super::chart::chart;
use super::style::STYLE;
use super::svg::svg;
use super::{FOOT, entries, facts, nil};
use crate::report::{Figure, List, Report, Table, Value};
use crate::standing::{Change, Document, State, Version};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The page.
#[must_use]
pub fn html(document: &Document) -> String {
    let r = &document.report;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (r.title) ", " (r.agency.name) ", " (r.period.name) }
                style { (PreEscaped(STYLE)) }
            }
            body { main {
                h1 { (r.title) }
                p { (r.says) }
                p.state.(if document.state == State::Draft { "draft" } else { "certified" }) { strong { (document.state_says()) } @if let Some(nil) = nil(document) { " " (nil) } }
                dl { @for (name, value) in facts(document) { dt { (name) } dd { (value) } } }
                @if !r.instead.is_empty() { h2 { "What the law asks for instead" } ul { @for line in &r.instead { li { (line) } } } }
                @if !r.figures.is_empty() { h2 { "Figures" } (figures(r)) }
                @for t in &r.tables { h2 { (t.says) } (table(t)) }
                @for l in &r.lists { h2 { (l.says) } (list(l)) }
                (undecidable(r))
                h2 { "The law" }
                ul { @for law in &r.laws { li { strong { (law.cite) } ": " (law.says) " " span.why { "Confidence: " (law.confidence) ". Checked against " (law.against) "." } } } }
                @if !r.notes.is_empty() { h2 { "Notes" } ul { @for note in &r.notes { li { (note) } } } }
                (versions(&document.versions))
                (appendix(document))
                footer { p { (FOOT) } }
            } }
        }
    };
    page.into_string()
}

fn value(figure: &Figure) -> Markup {
    html! {
        @match &figure.value {
            Value::Count(n) => (n),
            Value::Withheld => span.none { "withheld" },
            Value::NotRecorded(_) => span.none { "not recorded" },
        }
    }
}

fn figures(r: &Report) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Figures" { table.figures {
            caption { "Figures of " (r.period.name) }
            thead { tr { th scope="col" { "Figure" } th.number scope="col" { "Number" } } }
            tbody { @for f in &r.figures { tr {
                th scope="row" { (f.says) @if let Value::NotRecorded(why) = &f.value { div.why { (why) } } }
                td.number { (value(f)) }
            } } }
        } }
    }
}

fn table(t: &Table) -> Markup {
    let last = t.rows.len().saturating_sub(1);
    html! {
        @if let Some(chart) = chart(t) { figure { (svg(&chart, &format!("chart-{}", t.id))) } }
        div.scroll tabindex="0" role="region" aria-label=(t.says) { table {
            caption.unseen { (t.says) }
            thead { tr { th scope="col" { (t.rows_are) } @for c in &t.columns { th.number scope="col" { (c) } } } }
            tbody { @for (at, row) in t.rows.iter().enumerate() { tr.(if at == last { "total" } else { "part" }) {
                th scope="row" { (row.heading) }
                @for cell in &row.cells { td.number { (value(cell)) } }
            } } }
        } }
    }
}

fn list(l: &List) -> Markup {
    // What is the same in every row stands once, over the table; why a column has nothing stands under it.
    let same = |id: &str| ["fips", "ori", "agency"].contains(&id);
    let shown: Vec<usize> =
        l.columns.iter().enumerate().filter(|(_, c)| !same(&c.id) && c.not_recorded.is_none()).map(|(at, _)| at).collect();
    let first = l.rows.first().map(|row| row.cells.as_slice()).unwrap_or_default();
    let every: Vec<String> = l
        .columns
        .iter()
        .zip(first)
        .filter(|(c, _)| same(&c.id))
        .map(|(c, cell)| format!("{} {}", c.says, cell.as_deref().unwrap_or("not recorded")))
        .collect();
    html! {
        @if l.withheld { p { "The rows are withheld: they would tell the numbers that are." } }
        @else if l.rows.is_empty() { p { "None." } }
        @else {
            p.hint { "A table that is wider than the screen is cut off at its edge, with a shadow there: scroll it sideways." }
            div.scroll.wide tabindex="0" role="region" aria-label=(l.says) { table.list {
                caption { span.unseen { (l.says) ". " } @if !every.is_empty() { "In every row: " (every.join(" · ")) } }
                thead { tr { @for c in shown.iter().filter_map(|at| l.columns.get(*at)) { th scope="col" { (c.says) } } } }
                tbody { @for row in &l.rows { tr { @for (cell, column) in shown.iter().filter_map(|at| row.cells.get(*at).zip(l.columns.get(*at))) {
                    @if column.id == "entries" { th scope="row" { (cell.as_deref().unwrap_or_default()) } }
                    @else { td { @match cell { Some(text) => (text), None => span.none { "not recorded" } } } }
                } } } }
            } }
        }
        @let missing: Vec<_> = l.columns.iter().filter_map(|c| Some((&c.says, c.not_recorded.as_ref()?))).collect();
        @if !missing.is_empty() { ul.why { @for (says, why) in missing { li { (says) ": " (why) } } } }
    }
}

fn undecidable(r: &Report) -> Markup {
    html! {
        @if !r.undecidable.is_empty() {
            h2 { "Not decidable from the record" }
            p { "These are in none of the figures named with them, though they might belong there." }
            div.scroll tabindex="0" role="region" aria-label="Not decidable from the record" { table {
                caption.unseen { "Not decidable from the record" }
                thead { tr { th scope="col" { "Entry" } th scope="col" { "Figure" } th scope="col" { "What is missing" } } }
                tbody { @for gap in &r.undecidable { tr { th scope="row" { (gap.entry) } td { (gap.figure) } td { (gap.why) } } } }
            } }
        }
    }
}

fn versions(versions: &[Version]) -> Markup {
    html! {
        h2 { "History" }
        @if versions.is_empty() { p { "No version of this report was certified." } }
        @else {
            div.scroll tabindex="0" role="region" aria-label="Versions that were certified" { table {
                caption { "Versions that were certified" }
                thead { tr { th scope="col" { "Entry" } th scope="col" { "When (UTC)" } th scope="col" { "By" } th scope="col" { "What" } th scope="col" { "Digest" } } }
                tbody { @for v in versions { tr {
                    th scope="row" { (v.entry) }
                    td { (v.time.get(..16).unwrap_or(&v.time).replace('T', " ")) }
                    td { (v.by) }
                    td {
                        @match v.replaces { Some(of) => { "Replaces entry " (of) ": " (v.reason.as_deref().unwrap_or_default()) (changed(&v.changed)) }, None => "Certified" }
                        @if let Some(by) = v.corrected_by { div.why { "Replaced by entry " (by) } }
                    }
                    td { code { (v.digest) } }
                } } }
            } }
        }
    }
}

fn changed(changes: &[Change]) -> Markup {
    let said = |value: &Option<String>| value.clone().unwrap_or_else(|| "no such figure".to_owned());
    html! { ul { @for c in changes { li { (c.figure) ": " (said(&c.was)) " → " (said(&c.is)) } } } }
}

fn appendix(document: &Document) -> Markup {
    let r = &document.report;
    html! {
        h2 { "Where each figure comes from" }
        p { "Counted from the first " (r.log.size) " entries of the agency’s ledger. The root of the tree over them (RFC 6962) is " code { (r.log.root) } ". Digest of this report: " code { (document.digest) } "." }
        @for bundle in &r.bundles { p { "Determined under the law bundle " code { (bundle) } "." } }
        @if r.all_figures().any(|f| f.value == Value::Withheld) { p { "Entry numbers are left out: they would tell the numbers that are withheld." } }
        @else {
            div.scroll tabindex="0" role="region" aria-label="Entries of each figure" { table {
                caption { "Entries of each figure" }
                thead { tr { th scope="col" { "Figure" } th.number scope="col" { "Number" } th scope="col" { "Entries" } } }
                tbody { @for f in r.all_figures().filter(|f| matches!(f.value, Value::Count(n) if n > 0)) { tr {
                    th scope="row" { code { (f.id) } } td.number { (value(f)) } td.entries { (entries(&f.entries)) }
                } } }
            } }
        }
    }
}
