//! The names of the states, as they stand in the names of agencies.

/// Postal code and name (as [`normalise`](crate::normal::normalise) leaves it).
const STATES: [(&str, &str); 56] = [
    ("al", "alabama"),
    ("ak", "alaska"),
    ("az", "arizona"),
    ("ar", "arkansas"),
    ("ca", "california"),
    ("co", "colorado"),
    ("ct", "connecticut"),
    ("de", "delaware"),
    ("dc", "district columbia"),
    ("fl", "florida"),
    ("ga", "georgia"),
    ("hi", "hawaii"),
    ("id", "idaho"),
    ("il", "illinois"),
    ("in", "indiana"),
    ("ia", "iowa"),
    ("ks", "kansas"),
    ("ky", "kentucky"),
    ("la", "louisiana"),
    ("me", "maine"),
    ("md", "maryland"),
    ("ma", "massachusetts"),
    ("mi", "michigan"),
    ("mn", "minnesota"),
    ("ms", "mississippi"),
    ("mo", "missouri"),
    ("mt", "montana"),
    ("ne", "nebraska"),
    ("nv", "nevada"),
    ("nh", "new hampshire"),
    ("nj", "new jersey"),
    ("nm", "new mexico"),
    ("ny", "new york"),
    ("nc", "north carolina"),
    ("nd", "north dakota"),
    ("oh", "ohio"),
    ("ok", "oklahoma"),
    ("or", "oregon"),
    ("pa", "pennsylvania"),
    ("ri", "rhode island"),
    ("sc", "south carolina"),
    ("sd", "south dakota"),
    ("tn", "tennessee"),
    ("tx", "texas"),
    ("ut", "utah"),
    ("vt", "vermont"),
    ("va", "virginia"),
    ("wa", "washington"),
    ("wv", "west virginia"),
    ("wi", "wisconsin"),
    ("wy", "wyoming"),
    ("as", "american samoa"),
    ("gu", "guam"),
    ("mp", "northern mariana islands"),
    ("pr", "puerto rico"),
    ("vi", "us virgin islands"),
];

/// The state of an ORI. The FBI writes `NB` for Nebraska and `GM` for Guam.
pub(crate) fn of_ori(ori: &str) -> Option<&'static str> {
    let code = ori.get(..2)?.to_ascii_lowercase();
    match code.as_str() {
        "nb" => Some("ne"),
        "gm" => Some("gu"),
        code => STATES.iter().map(|(known, _)| *known).find(|known| *known == code),
    }
}

/// The name of a state.
pub(crate) fn name_of(code: &str) -> Option<&'static str> {
    STATES.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

/// The state whose name (or, if `codes`, whose postal code) stands at the start of some words,
/// and the number of words it takes.
pub(crate) fn leading(words: &[&str], codes: bool) -> Option<(&'static str, usize)> {
    find(codes, |name| {
        let count = name.split(' ').count();
        words.get(..count).is_some_and(|part| part.iter().copied().eq(name.split(' ')))
    })
}

/// The same at the end of the words.
pub(crate) fn trailing(words: &[&str], codes: bool) -> Option<(&'static str, usize)> {
    find(codes, |name| {
        let count = name.split(' ').count();
        let start = words.len().checked_sub(count);
        let part = start.and_then(|start| words.get(start..));
        part.is_some_and(|part| part.iter().copied().eq(name.split(' ')))
    })
}

/// The longest name that fits: "west virginia" before "virginia".
fn find(codes: bool, fits: impl Fn(&str) -> bool) -> Option<(&'static str, usize)> {
    let by_name =
        STATES.iter().filter(|(_, name)| fits(name)).map(|(code, name)| (*code, name.split(' ').count())).max_by_key(|(_, count)| *count);
    let by_code = || STATES.iter().find(|(code, _)| codes && fits(code)).map(|(code, _)| (*code, 1));
    by_name.or_else(by_code)
}
