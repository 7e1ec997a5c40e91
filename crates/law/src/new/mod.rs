//! A first draft of an instrument: what is known is in it, what is not is marked, and nothing but the marked lines is a mistake.

use comity_logic::Date;
use comity_places::{Place, PlaceKind};

use crate::fmt;
use crate::model::{Kind, Modality};
use crate::slug;

/// What stands behind a line that somebody has to complete; the line is a mistake until then.
pub const MARK: &str = "# fill in:";

/// What is known of a new instrument.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The slug of its place.
    pub place: String,
    /// Its id: the stem of its file.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its citation.
    pub cite: String,
    /// What kind of law it is.
    pub kind: Kind,
    /// What its first norm does.
    pub modality: Modality,
    /// To which action.
    pub action: String,
    /// The first day on which it is in force.
    pub from: Date,
    /// The day on which it was checked.
    pub checked: Date,
}

/// A file of the draft: its path from the root of the law, and its text.
pub type File = (String, String);

/// The instrument.
#[must_use]
pub fn instrument(draft: &Draft) -> File {
    let path = format!("{}/{}.toml", slug::folder(&draft.place), draft.id);
    let Draft { title, cite, kind, modality, action, from, checked, .. } = draft;
    let (inside, outside) = match modality {
        Modality::Forbids => ("forbidden", "unregulated"),
        Modality::Requires => ("required", "unregulated"),
        Modality::Permits | Modality::Protects => ("permitted", "unregulated"),
    };
    let rank =
        if *kind == Kind::Holding { format!("rank = \"\" {MARK} the rank of the law that the holding reads\n") } else { String::new() };
    let text = format!(
        "title = {}\ncite = {}\nkind = \"{kind}\"\n{rank}in_force = {{ from = {from} }}\n\
        binds = \"\" {MARK} whom it binds, such as agency.kind in ['police', 'sheriff']; remove the line if all\n\
        checked = {{ on = {checked}, confidence = \"low\", against = [] }} {MARK} what it was read in, and how sure it is\n\n\
        [sample]\non = {from}\nagency = {{ kind = \"{}\", place = \"{}\" }}\nfacts = {{ request = {{ requester = \"ice\", purpose = \"civil-immigration\" }} }}\n\n\
        [[norm]]\nid = \"{action}\"\ncite = \"\" {MARK} the section\n{modality} = [\"{action}\"]\nsays = \"\" {MARK} one plain sentence in our own words\n\
        when = \"\" {MARK} the condition; remove the line if it always speaks\n\n\
        [[norm.example]]\nexpect = \"{inside}\"\nbut = {{ facts = {{ request = {{ purpose = \"other-crime\" }} }} }}\nthen = \"{outside}\"\n",
        fmt::quoted(title),
        fmt::quoted(cite),
        agency_kind(&draft.place),
        draft.place,
    );
    let text = fmt::format(&path, &text).unwrap_or(text);
    (path, text)
}

/// The place, for a folder that has no `place.toml`. The name is needed where no list has the place.
#[must_use]
pub fn place(slug: &str, name: Option<&str>, checked: Date) -> File {
    let path = format!("{}/place.toml", slug::folder(slug));
    let known = Place::find(slug);
    let zone = known.map(|p| p.time_zone).filter(|z| !z.is_empty()).map(|z| format!("time_zone = \"{z}\"\n")).unwrap_or_default();
    let name = match name.or(known.map(|p| p.name)) {
        Some(name) => format!("name = {}", fmt::quoted(name)),
        None => format!("name = \"\" {MARK} its name"),
    };
    let text = format!(
        "{name}\n{zone}\n[[coverage]]\nsource = \"\" {MARK} which sources of law were searched\nsearched_until = {checked}\n\
        gaps = \"\" {MARK} what was looked for and not found; remove the line if nothing\n"
    );
    let text = fmt::format(&path, &text).unwrap_or(text);
    (path, text)
}

/// An id for an instrument of that title: the place, then the words of the title.
#[must_use]
pub fn id(place: &str, title: &str) -> String {
    let plain: String = title.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    let mut out = place.replace('/', "-");
    let here: Vec<&str> = place.split(['/', '-']).collect();
    for word in
        plain.split_whitespace().filter(|w| !matches!(*w, "of" | "the" | "and" | "an" | "a" | "in" | "for" | "to") && !here.contains(w))
    {
        if out.len() + 1 + word.len() > 60 {
            break;
        }
        out.push('-');
        out.push_str(word);
    }
    out
}

/// The actions that a `vocabulary.toml` declares.
#[must_use]
pub fn actions(vocabulary: &str) -> Vec<String> {
    let table: toml::Table = toml::from_str(vocabulary).unwrap_or_default();
    let actions = table.get("action").and_then(toml::Value::as_array);
    actions.into_iter().flatten().filter_map(|a| a.get("id")?.as_str().map(str::to_owned)).collect()
}

/// The lines of a text that somebody has to complete, counted from 1, with what is to be filled in.
pub fn to_fill(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().filter_map(|(at, line)| line.split_once(MARK).map(|(_, what)| (at + 1, what.trim())))
}

/// The kind of agency that an example of the place speaks of.
fn agency_kind(place: &str) -> &'static str {
    match Place::find(place).map(|p| p.kind) {
        Some(PlaceKind::Nation | PlaceKind::State | PlaceKind::District | PlaceKind::Territory) => "state-police",
        Some(PlaceKind::County) => "sheriff",
        _ if !place.contains('/') => "state-police",
        _ => "police",
    }
}
