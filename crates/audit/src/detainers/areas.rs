//! ICE's areas of responsibility: which states each covers.

static AREAS: &str = include_str!("../../data/areas.tsv");

/// Whether the area covers some of the state, both by their names; `None` for an area that is not in the list.
pub(crate) fn covers(area: &str, state: &str) -> Option<bool> {
    let office = plain(area.trim_end_matches("Area of Responsibility"));
    let mut of_area = AREAS.lines().filter_map(|line| {
        let mut cells = line.split('\t').skip(1);
        Some((cells.next()?, cells.next()?))
    });
    let mut known = of_area.by_ref().filter(|(name, _)| plain(name) == office).peekable();
    known.peek()?;
    let state = plain(state);
    Some(known.any(|(_, of)| plain(of) == state))
}

fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn areas_and_states() {
        assert_eq!(covers("St. Paul Area of Responsibility", "IOWA"), Some(true));
        assert_eq!(covers("Detroit Area of Responsibility", "OHIO"), Some(true));
        assert_eq!(covers("Detroit Area of Responsibility", "PENNSYLVANIA"), Some(false));
        assert_eq!(covers("Nowhere Area of Responsibility", "OHIO"), None);
    }
}
