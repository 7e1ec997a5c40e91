//! `place.toml`: the name of a place and what was searched for it.

use super::table::{Cx, Table};
use crate::model::{Coverage, Place};

const COVERAGE: [&str; 4] = ["source", "searched_until", "searched_from", "gaps"];

/// A place.
pub(crate) fn read(cx: &mut Cx<'_>, root: Table<'_>, slug: &str) -> Place {
    let name = root.need_string(cx, "name");
    let time_zone = root.text(cx, "time_zone");
    if let Some(zone) = time_zone
        && !is_zone(zone.value)
    {
        cx.error(zone.at, "L0109", format!("`{}` cannot be a time zone", zone.value))
            .help("write the IANA's name, such as America/Los_Angeles");
    }
    let coverage = root.tables(cx, "coverage", "[[coverage]]", &COVERAGE).into_iter().filter_map(|table| coverage(cx, table)).collect();
    Place { slug: slug.to_owned(), name, time_zone: time_zone.map(|z| z.value.to_owned()), coverage, at: root.at }
}

fn coverage(cx: &mut Cx<'_>, table: Table<'_>) -> Option<Coverage> {
    let source = table.need_string(cx, "source");
    let searched_until = table.need_date(cx, "searched_until");
    let searched_from = table.date(cx, "searched_from");
    let gaps = table.string(cx, "gaps");
    if let (Some(from), Some(until)) = (searched_from, searched_until)
        && until < from
    {
        cx.error(table.at, "L0201", format!("the last day searched, {until}, comes before the first, {from}"));
    }
    Some(Coverage { source, searched_from, searched_until: searched_until?, gaps })
}

/// Whether it has the shape of a zone's name: `America/Los_Angeles`.
fn is_zone(text: &str) -> bool {
    let part = |p: &str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'+'));
    text == "UTC" || (text.contains('/') && text.split('/').all(part))
}
