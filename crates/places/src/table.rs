//! Sorted tab-separated text, searched where it lies.
//!
//! Every line starts with its key and a tab, and the lines are in the byte order of their
//! keys, so a line is found by halving the text: about fourteen steps, and no start-up cost.

/// `slug, name, kind, fips, time zone, county` by slug.
pub(crate) static PLACES: &str = include_str!("../data/places.tsv");
/// `id, published name, name, kind, place, county, flags` by ORI (or `x-…` for extras).
pub(crate) static AGENCIES: &str = include_str!("../data/agencies.tsv");
/// `key, id` by key; lines of one key stand together, the larger agency first.
pub(crate) static NAMES: &str = include_str!("../data/names.tsv");
/// `ORI, name` of the federal agencies that were left out.
pub(crate) static FEDERAL: &str = include_str!("../data/federal.tsv");

/// `id, model, day signed` by ORI (or `x-…`): the 287(g) agreements that could be matched.
pub(crate) static AGREEMENTS: &str = include_str!("../data/agreements.tsv");

/// The lines of a table from an offset on; the offset must be the start of a line.
pub(crate) fn lines_from(table: &'static str, start: usize) -> impl Iterator<Item = &'static str> {
    table.get(start..).unwrap_or_default().lines()
}

/// The first field of a line.
pub(crate) fn key(line: &str) -> &str {
    let end = memchr::memchr(b'\t', line.as_bytes()).unwrap_or(line.len());
    line.get(..end).unwrap_or_default()
}

/// The offset of the first line whose key is not less than `wanted`.
pub(crate) fn lower_bound(table: &str, wanted: &str) -> usize {
    let bytes = table.as_bytes();
    // Invariant: both ends are starts of lines; the answer lies between them.
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let before = bytes.get(low..middle).unwrap_or_default();
        let start = low + memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let rest = bytes.get(start..).unwrap_or_default();
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = rest.get(..length).unwrap_or_default();
        let tab = memchr::memchr(b'\t', line).unwrap_or(line.len());
        if line.get(..tab).unwrap_or_default() < wanted.as_bytes() {
            low = (start + length + 1).min(bytes.len());
        } else {
            high = start;
        }
    }
    low
}

/// The lines whose key is exactly `wanted`.
pub(crate) fn equal(table: &'static str, wanted: &str) -> impl Iterator<Item = &'static str> {
    let found = lower_bound(table, wanted);
    lines_from(table, found).take_while(move |line| key(line) == wanted)
}

/// The lines whose key starts with `prefix`.
pub(crate) fn starting(table: &'static str, prefix: &str) -> impl Iterator<Item = &'static str> {
    let found = lower_bound(table, prefix);
    lines_from(table, found).take_while(move |line| line.starts_with(prefix))
}

/// The line in which a byte offset lies.
pub(crate) fn line_at(table: &'static str, at: usize) -> &'static str {
    let bytes = table.as_bytes();
    let start = memchr::memrchr(b'\n', bytes.get(..at).unwrap_or_default()).map_or(0, |p| p + 1);
    lines_from(table, start).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_sorted_and_every_line_is_found() {
        for table in [PLACES, AGENCIES, NAMES, FEDERAL] {
            let mut last = "";
            for line in table.lines() {
                assert!(last <= key(line), "{line}");
                assert!(equal(table, key(line)).any(|found| found == line), "{line}");
                last = key(line);
            }
            assert_eq!(equal(table, "").count(), 0);
            assert_eq!(equal(table, "~~~").count(), 0);
        }
    }

    #[test]
    fn places_and_agencies_have_no_doubles() {
        for table in [PLACES, AGENCIES, FEDERAL] {
            let keys: Vec<_> = table.lines().map(key).collect();
            assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
