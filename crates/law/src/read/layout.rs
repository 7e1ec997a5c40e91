//! Which file is what, by its path alone.

use super::sink::Sink;
use crate::slug;

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// `vocabulary.toml`
    Vocabulary,
    /// `place.toml` of a place.
    Place(String),
    /// `definitions.toml` of a place.
    Definitions(String),
    /// A class: its place and its full name.
    Class(String, String),
    /// An instrument: its place and its id.
    Instrument(String, String),
}

/// What is wrong with a path: the code, what is wrong and the remedy.
pub(crate) type Misplaced = (&'static str, String, String);

/// What the file at a path is.
pub(crate) fn part(path: &str, sink: &Sink) -> Result<Part, Misplaced> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.strip_suffix(".toml").unwrap_or(file);
    if folder.is_empty() {
        let help = "laws lie in the folder of their place: us/…, us/ca/…, us/ca/los-angeles/…";
        return if stem == "vocabulary" {
            Ok(Part::Vocabulary)
        } else {
            Err(("L0004", format!("`{file}` lies outside every place"), help.to_owned()))
        };
    }
    let (folder, class) = folder.strip_suffix("/classes").map_or((folder, false), |f| (f, true));
    let Some(place) = slug::of_folder(folder) else {
        let help =
            "a place's folder is us, us/ca, us/ca/kern-county or us/ca/los-angeles, in small letters; classes lie in its folder `classes`";
        return Err(("L0004", format!("the folder `{folder}` is no place"), help.to_owned()));
    };
    if let Err(why) = sink.known_place(&place) {
        let help = "the folder is named as the place's slug; a place that no list has is declared by a place.toml in its folder";
        return Err(("L0004", format!("the folder `{folder}` is no place: {why}"), help.to_owned()));
    }
    if !slug::is_name(stem) {
        let help = "name the file with small letters, digits and hyphens; the stem is the id";
        return Err(("L0109", format!("`{stem}` cannot be an id"), help.to_owned()));
    }
    let name = format!("{place}/{stem}");
    Ok(match (class, stem) {
        (true, _) => Part::Class(place, name),
        (false, "place") => Part::Place(place),
        (false, "definitions") => Part::Definitions(place),
        (false, _) => Part::Instrument(place, stem.to_owned()),
    })
}

impl Part {
    /// Its place, unless it is the vocabulary.
    pub(crate) fn place(&self) -> Option<&str> {
        match self {
            Self::Vocabulary => None,
            Self::Place(place) | Self::Definitions(place) | Self::Class(place, _) | Self::Instrument(place, _) => Some(place),
        }
    }
}
