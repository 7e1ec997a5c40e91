//! What is near a text that fits nothing.

use crate::table;

/// The most near candidates that are given.
pub(crate) const MOST: usize = 8;

/// The number of single-letter changes (a swap of neighbours counts as one) between two
/// texts, if it is at most `most`.
///
/// Only the diagonal band of the table that can still be within `most` is worked out, and
/// the work stops as soon as a whole row is beyond it.
pub(crate) fn distance(a: &[u8], b: &[u8], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most || b.len() >= ROW {
        return None;
    }
    let beyond = most + 1;
    let mut rows = [[beyond; ROW]; 3];
    for (j, cell) in rows[0].iter_mut().enumerate().take(most + 1) {
        *cell = j;
    }
    for i in 1..=a.len() {
        let (now, last, before) = (i % 3, (i + 2) % 3, (i + 1) % 3);
        let low = i.saturating_sub(most).max(1);
        let high = (i + most).min(b.len());
        let mut best = beyond;
        rows[now][low - 1] = if low == 1 { i.min(beyond) } else { beyond };
        best = best.min(rows[now][low - 1]);
        for j in low..=high {
            let same = a[i - 1] == b[j - 1];
            let mut cell = rows[last][j - 1] + usize::from(!same);
            cell = cell.min(rows[last][j] + 1).min(rows[now][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cell = cell.min(rows[before][j - 2] + 1);
            }
            rows[now][j] = cell.min(beyond);
            best = best.min(cell);
        }
        // The next row reads one cell past this band.
        if high < b.len() {
            rows[now][high + 1] = beyond;
        }
        if best > most {
            return None;
        }
    }
    Some(rows[a.len() % 3][b.len()]).filter(|&found| found <= most)
}

/// Longer texts than this are not compared.
const ROW: usize = 120;

/// Words that half of all agencies have in their name, so that they tell nothing.
const COMMON: [&str; 22] = [
    "police",
    "sheriff",
    "county",
    "city",
    "township",
    "state",
    "correction",
    "jail",
    "court",
    "department",
    "university",
    "college",
    "school",
    "district",
    "borough",
    "town",
    "village",
    "parish",
    "public",
    "safety",
    "service",
    "district",
];

/// The lines of the index of names that are near a key, the nearest first.
pub(crate) fn near_names(key: &str, wanted: impl Fn(&str) -> bool) -> Vec<&'static str> {
    let mut found: Vec<(usize, &'static str)> = Vec::new();
    if key.len() >= 5 {
        let most = if key.len() < 10 { 1 } else { 2 };
        for line in table::NAMES.lines() {
            let name = table::key(line);
            if name.len().abs_diff(key.len()) <= most
                && let Some(distance) = distance(key.as_bytes(), name.as_bytes(), most)
            {
                found.push((distance, line));
            }
        }
    }
    if found.is_empty() {
        let words: Vec<&str> = key.split(' ').filter(|word| word.len() > 2 && !COMMON.contains(word)).collect();
        for word in words.iter().take(6) {
            let finder = memchr::memmem::Finder::new(word);
            for at in finder.find_iter(table::NAMES.as_bytes()).take(400) {
                let line = table::line_at(table::NAMES, at);
                let name = table::key(line);
                let hits = name.split(' ').filter(|part| words.contains(part)).count();
                if hits > 0 {
                    // More words in common first, then the more similar length.
                    found.push((1000 - 100 * hits.min(9) + name.len().abs_diff(key.len()), line));
                }
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    // Those of the wanted state stand before all others.
    let (mut first, rest): (Vec<_>, Vec<_>) = found.into_iter().partition(|(_, line)| wanted(line));
    first.extend(rest);
    first.truncate(MOST);
    first.into_iter().map(|(_, line)| line).collect()
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distances() {
        let of = |a: &str, b: &str| distance(a.as_bytes(), b.as_bytes(), 2);
        assert_eq!(of("los-angelos", "los-angeles"), Some(1));
        assert_eq!(of("abcd", "abdc"), Some(1));
        assert_eq!(of("abcd", "abcd"), Some(0));
        assert_eq!(of("", "ab"), Some(2));
        assert_eq!(of("ab", ""), Some(2));
        assert_eq!(of("kitten", "sitting"), None);
        assert_eq!(of("abc", "abcdef"), None);
        assert_eq!(of("xabcdef", "abcdefy"), Some(2));
    }
}
