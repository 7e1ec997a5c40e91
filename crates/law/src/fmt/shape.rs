//! Which keys a table of a law file has, and in which order they stand.

use crate::read::{duty, example, instrument, norm};

/// A sort of table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Its keys in order; those that it does not name come after them, as they stand.
    keys: &'static [&'static str],
    /// The tables within.
    inner: &'static [(&'static str, &'static Shape)],
    /// Blank lines between keys mean something and stay.
    pub(super) grouped: bool,
    /// The values of keys that follow each other stand below each other.
    pub(super) aligned: bool,
}

const fn keys(keys: &'static [&'static str]) -> Shape {
    Shape { keys, inner: &[], grouped: false, aligned: true }
}

/// Of keys whose values are long texts.
const fn texts(keys: &'static [&'static str]) -> Shape {
    Shape { keys, inner: &[], grouped: false, aligned: false }
}

const FREE: Shape = Shape { keys: &[], inner: &[], grouped: true, aligned: true };
const DAYS: Shape = keys(&["from", "to"]);
const CHECKED: Shape = keys(&["on", "confidence", "against"]);
const AGENCY: Shape = keys(&["name", "kind", "place"]);
const WITHIN: Shape = keys(&["term", "minutes", "hours", "days", "months", "years", "every", "of", "excluding"]);
const BUT: Shape =
    Shape { keys: &["on", "agency", "facts", "without"], inner: &[("agency", &AGENCY), ("facts", &FREE)], grouped: false, aligned: true };
const EXAMPLE: Shape =
    Shape { keys: &example::KEYS, inner: &[("agency", &AGENCY), ("facts", &FREE), ("but", &BUT)], grouped: false, aligned: true };
const UNLESS: Shape = Shape { keys: &norm::UNLESS, inner: &[("in_force", &DAYS), ("example", &EXAMPLE)], grouped: false, aligned: true };
const NORM: Shape =
    Shape { keys: &norm::NORM, inner: &[("in_force", &DAYS), ("example", &EXAMPLE), ("unless", &UNLESS)], grouped: false, aligned: true };
const DUTY: Shape = Shape { keys: &duty::DUTY, inner: &[("in_force", &DAYS), ("within", &WITHIN)], grouped: false, aligned: true };
const SETTLES: Shape =
    Shape { keys: &["fact", "value", "cite", "says", "in_force"], inner: &[("in_force", &DAYS)], grouped: false, aligned: true };
const INSTRUMENT: Shape = Shape {
    keys: instrument::HEAD,
    inner: &[
        ("in_force", &DAYS),
        ("checked", &CHECKED),
        ("definitions", &FREE),
        ("sample", &BUT),
        ("norm", &NORM),
        ("duty", &DUTY),
        ("clock", &DUTY),
        ("settles", &SETTLES),
        ("example", &EXAMPLE),
    ],
    grouped: false,
    aligned: true,
};
const COVERAGE: Shape = texts(&["source", "searched_from", "searched_until", "gaps"]);
const PLACE: Shape = Shape { keys: &["name", "time_zone"], inner: &[("coverage", &COVERAGE)], grouped: false, aligned: true };
const CLASS: Shape = Shape {
    keys: &["title", "cite", "checked", "sections", "includes", "note", "aka"],
    inner: &[("checked", &CHECKED)],
    grouped: false,
    aligned: true,
};
const ACTION: Shape = texts(&["id", "says", "when"]);
const FACT: Shape = texts(&["id", "type", "values", "min", "of", "complete", "question"]);
const VOCABULARY: Shape = Shape { keys: &[], inner: &[("action", &ACTION), ("fact", &FACT)], grouped: false, aligned: true };
const DEFINITIONS: Shape = Shape { keys: &[], inner: &[("definitions", &FREE)], grouped: true, aligned: true };

/// The shape of the file at a path.
pub(super) fn of_path(path: &str) -> &'static Shape {
    let (folder, file) = path.rsplit_once(['/', '\\']).unwrap_or(("", path));
    match file {
        "vocabulary.toml" => &VOCABULARY,
        "place.toml" => &PLACE,
        "definitions.toml" => &DEFINITIONS,
        _ if folder == "classes" || folder.ends_with("/classes") || folder.ends_with("\\classes") => &CLASS,
        _ => &INSTRUMENT,
    }
}

impl Shape {
    /// Where a key stands among the others.
    pub(super) fn rank(&self, key: &str) -> usize {
        self.keys.iter().position(|k| *k == key).unwrap_or(self.keys.len())
    }

    /// The shape of the table at a key.
    pub(super) fn of(&self, key: &str) -> &'static Shape {
        self.inner.iter().find(|(k, _)| *k == key).map_or(&FREE, |(_, shape)| shape)
    }
}
