//! Slugs that a person typed.

use std::fmt;

use crate::near;
use crate::place::{Place, place_chain};
use crate::table;

/// Why a text is not the slug of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SlugError {
    /// It has not the shape `us`, `us-xx` or `us-xx/name`.
    Malformed,
    /// It has the shape, but no such place is known.
    Unknown {
        /// Slugs that are near it.
        near: Vec<&'static str>,
    },
}

impl fmt::Display for SlugError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str(
                "not a place: a place is written `us`, `us-ca`, `us-ca/kern-county` or \
                 `us-ca/los-angeles`",
            ),
            Self::Unknown { near } if near.is_empty() => f.write_str("no such place is known"),
            Self::Unknown { near } => {
                write!(f, "no such place is known; did you mean {}?", near.join(" or "))
            }
        }
    }
}

impl std::error::Error for SlugError {}

/// The longest text that is taken for a slug.
const LONGEST: usize = 100;

/// The place that a slug names.
///
/// ```
/// use comity_places::{SlugError, parse_slug};
/// let Err(SlugError::Unknown { near }) = parse_slug("us-ca/los-angelos") else { panic!() };
/// assert_eq!(near.first(), Some(&"us-ca/los-angeles"));
/// ```
///
/// # Errors
/// If the text has not the shape of a slug, or no such place is known.
pub fn parse_slug(text: &str) -> Result<Place, SlugError> {
    if text.len() > LONGEST || place_chain(text).is_empty() {
        return Err(SlugError::Malformed);
    }
    Place::find(text).ok_or_else(|| SlugError::Unknown { near: near_slugs(text) })
}

fn near_slugs(text: &str) -> Vec<&'static str> {
    let state = text.get(..5).unwrap_or_default();
    let town = text.get(6..).unwrap_or_default();
    let mut found: Vec<(usize, &'static str)> = Vec::new();
    if Place::find(state).is_some() {
        for line in table::starting(table::PLACES, state) {
            let slug = table::key(line);
            let other = slug.get(6..).unwrap_or_default();
            // "kern" for "kern-county", "essex-county" for "essex".
            let whole = other.split_once('-').map_or(other, |(first, _)| first);
            if let Some(distance) = near::distance(town.as_bytes(), other.as_bytes(), 2) {
                found.push((distance, slug));
            } else if other.strip_prefix(town).is_some_and(|rest| rest.starts_with('-'))
                || town.strip_prefix(other).is_some_and(|rest| rest.starts_with('-'))
            {
                found.push((3 + usize::from(whole != town), slug));
            }
        }
    } else {
        // The state is unknown: the same town elsewhere.
        let tail = format!("/{town}");
        for line in table::PLACES.lines() {
            let slug = table::key(line);
            if slug.len() == 5 && town.is_empty() && near::distance(state.as_bytes(), slug.as_bytes(), 1).is_some()
                || !town.is_empty() && slug.ends_with(&tail) && slug.len() == 5 + tail.len()
            {
                found.push((1, slug));
            }
        }
    }
    found.sort_unstable();
    found.truncate(near::MOST);
    found.into_iter().map(|(_, slug)| slug).collect()
}
