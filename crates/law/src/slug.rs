//! Slugs of places and the folders they stand for.

/// Whether the text is the slug of a place: `us`, `us-ca`, `us-ca/kern-county`.
#[must_use]
pub(crate) fn is_slug(text: &str) -> bool {
    let (state, local) = text.split_once('/').map_or((text, None), |(s, l)| (s, Some(l)));
    let state_ok = state.strip_prefix("us-").is_some_and(|s| s.len() == 2 && s.bytes().all(|b| b.is_ascii_lowercase()));
    match local {
        Some(local) => state_ok && is_name(local),
        None => state == "us" || state_ok,
    }
}

/// Whether the text is a name: small letters, digits and hyphens, beginning with a letter or digit.
#[must_use]
pub(crate) fn is_name(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    plain && !text.is_empty() && text.len() <= 80 && !text.starts_with('-') && !text.ends_with('-')
}

/// The place and those above it, the highest first: `us`, `us-ca`, `us-ca/kern-county`.
pub(crate) fn chain(slug: &str) -> impl Iterator<Item = &str> {
    let state = slug.split('/').next().unwrap_or(slug);
    let above = (state != "us").then_some("us");
    let own = (slug != state).then_some(slug);
    above.into_iter().chain([state]).chain(own)
}

/// The folder of a place: `us/ca/kern-county`.
#[must_use]
pub(crate) fn folder(slug: &str) -> String {
    slug.replacen("us-", "us/", 1)
}

/// The place of a folder: the slug, if the folder is that of a place.
#[must_use]
pub(crate) fn of_folder(folder: &str) -> Option<String> {
    let slug = folder.replacen("us/", "us-", 1);
    // `us-ca` as the name of a folder would be a second folder for one place.
    (is_slug(&slug) && folder.split('/').next() == Some("us")).then_some(slug)
}
