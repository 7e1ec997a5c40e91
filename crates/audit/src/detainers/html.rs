//! The summary as one page that needs nothing else: charts in SVG, each with its table.

use super::chart::{bars, escaped, percent};
use super::defects::Defect;
use super::facts::{ASSUMED, MAPPED, UNMAPPED};
use super::summary::Summary;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}\
table{border-collapse:collapse;margin:.5rem 0 1.5rem}th,td{padding:.2rem .7rem;border-bottom:1px solid #ccc;text-align:left;vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\
caption{text-align:left;font-weight:600;padding:.3rem 0}svg{max-width:100%;height:auto}svg text{font:14px system-ui,sans-serif;fill:#1a1a1a}.note{color:#444}";

/// The page. `title` names the file, `law` the digest of the law, `lead` says under which law the rows were decided.
#[must_use]
pub fn page(title: &str, law: &str, lead: &str, summary: &Summary, defects: &[Defect]) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Replay of {0}</title><style>{STYLE}</style></head><body><main>\n<h1>Replay of {0}</h1>\n<p>{1}</p>\n<p>{2} rows, {3} decided.{4}</p>\n",
        escaped(title),
        escaped(lead),
        summary.rows,
        summary.decided,
        summary.days.as_ref().map(|(a, b)| format!(" Days {a} to {b}.")).unwrap_or_default()
    );
    for (at, (action, counts)) in summary.outcomes.iter().enumerate() {
        let ordered: Vec<(String, usize)> = summary.outcomes_of(action).into_iter().map(|(o, n)| (o.to_string(), n)).collect();
        let total = counts.values().sum();
        out.push_str(&format!(
            "<h2>{}</h2>\n{}\n",
            escaped(action),
            bars(&format!("chart-{at}"), &format!("Outcomes of {action}"), &ordered)
        ));
        let rows: Vec<Vec<String>> = ordered.iter().map(|(o, n)| vec![o.clone(), n.to_string(), percent(*n, total)]).collect();
        out.push_str(&table(&format!("Outcomes of {action}"), &["outcome", "rows", "share"], 1, &rows));
    }
    if let Some(changes) = &summary.changes {
        out.push_str("<h2>What would have been different</h2>\n");
        if changes.is_empty() {
            out.push_str("<p>Nothing: every row has the same outcome.</p>\n");
        }
        let rows: Vec<Vec<String>> = changes
            .iter()
            .map(|c| vec![c.place.clone(), c.action.clone(), c.was.clone(), c.would_be.clone(), c.rows.to_string()])
            .collect();
        out.push_str(&table("Rows whose outcome changes", &["place", "action", "was", "would be", "rows"], 4, &rows));
    }
    let rows: Vec<Vec<String>> = summary
        .places
        .iter()
        .map(|p| vec![p.place.clone(), p.action.clone(), p.outcomes.iter().map(|(o, n)| format!("{o} {n}")).collect::<Vec<_>>().join(", ")])
        .collect();
    out.push_str("<h2>By place</h2>\n");
    out.push_str(&table("Outcomes by place", &["place", "action", "outcomes"], usize::MAX, &rows));
    out.push_str("<h2>What decided, and what is missing</h2>\n");
    let three = |of: &[(String, String, usize)]| of.iter().map(|(a, b, n)| vec![a.clone(), b.clone(), n.to_string()]).collect::<Vec<_>>();
    out.push_str(&table("Norms that decide most rows", &["action", "norm", "rows"], 2, &three(&summary.norms)));
    out.push_str(&table("Facts that are missing most", &["action", "fact", "rows"], 2, &three(&summary.missing)));
    let not: Vec<Vec<String>> = summary.not_decided.iter().map(|(why, n)| vec![why.clone(), n.to_string()]).collect();
    out.push_str("<h2>Rows that were not decided</h2>\n");
    out.push_str(&table("Why rows were not decided", &["why", "rows"], 1, &not));
    let unplaced: Vec<Vec<String>> =
        summary.unplaced.iter().take(200).map(|(a, b, c, d, n)| vec![a.clone(), b.clone(), c.clone(), d.clone(), n.to_string()]).collect();
    out.push_str(&table("Facilities without an agency", &["facility", "city", "state", "why", "rows"], 4, &unplaced));
    out.push_str("<h2>Defects of the data</h2>\n");
    let shown: Vec<Vec<String>> = defects
        .iter()
        .take(1000)
        .map(|d| vec![d.row.to_string(), d.column.to_owned(), d.value.clone(), d.kind.word(), d.says.clone(), d.remedy.to_owned()])
        .collect();
    if defects.len() > 1000 {
        out.push_str(&format!("<p>The first 1000 of {}; --defects writes them all.</p>\n", defects.len()));
    }
    out.push_str(&table("Defects by row", &["row", "column", "value", "kind", "what is wrong", "what is done"], 0, &shown));
    out.push_str("<h2>What is mapped to what</h2>\n");
    let two = |of: &[(&str, &str)]| of.iter().map(|(a, b)| vec![(*a).to_owned(), (*b).to_owned()]).collect::<Vec<_>>();
    out.push_str(&table("Columns and facts", &["columns", "facts"], usize::MAX, &two(MAPPED)));
    out.push_str(&table("Assumed of every row", &["assumed", "why"], usize::MAX, &two(ASSUMED)));
    out.push_str(&table("Not mapped", &["column", "why"], usize::MAX, &two(UNMAPPED)));
    out.push_str(&format!(
        "<p class=\"note\">Law bundle {}. This is what the law files say, not legal advice; a person decides. An outcome says what the law asked of the agency, not what it did.</p>\n</main></body></html>\n",
        escaped(law)
    ));
    out
}

/// A table; the column at `numbers` is set as numbers.
fn table(caption: &str, head: &[&str], numbers: usize, rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let class = |at: usize| if at == numbers { " class=\"n\"" } else { "" };
    let head: String = head.iter().enumerate().map(|(at, h)| format!("<th scope=\"col\"{}>{}</th>", class(at), escaped(h))).collect();
    let body: String = rows
        .iter()
        .map(|row| {
            format!(
                "<tr>{}</tr>\n",
                row.iter().enumerate().map(|(at, c)| format!("<td{}>{}</td>", class(at), escaped(c))).collect::<String>()
            )
        })
        .collect();
    format!("<table><caption>{}</caption><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>\n", escaped(caption))
}
