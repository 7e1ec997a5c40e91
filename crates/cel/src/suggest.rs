//! Did you mean …?

/// The known name nearest to `wrong`, if it is near enough to be meant.
pub fn nearest<'n>(wrong: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    // One slip in three letters at most, and never more than three.
    let most = (wrong.chars().count() / 3).clamp(1, 3);
    let near = known.into_iter().map(|name| (distance(wrong, name, most), name));
    near.filter(|(d, _)| *d <= most).min_by_key(|(d, _)| *d).map(|(_, name)| name)
}

/// How many letters to insert, drop or change; letters of other case count as nothing.
fn distance(a: &str, b: &str, most: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
    if a.len().abs_diff(b.len()) > most {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let best = (diagonal + usize::from(x != y)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = best;
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn counts_edits() {
        assert_eq!(distance("kitten", "sitting", 9), 3);
        assert_eq!(distance("", "abc", 9), 3);
        assert_eq!(distance("Size", "size", 9), 0);
    }

    #[test]
    fn finds_the_nearest() {
        assert_eq!(nearest("startswith", ["size", "startsWith"]), Some("startsWith"));
        assert_eq!(nearest("foo", ["size", "startsWith"]), None);
    }
}
