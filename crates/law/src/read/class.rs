//! Offence classes: read one by one, then joined, each with all that it includes.

use comity_logic::{Classes, nearest, parse_code};
use rustc_hash::{FxHashMap, FxHashSet};

use super::condition::is_visible;
use super::instrument::checked;
use super::sink::Sink;
use super::table::{Cx, Table, Text};
use crate::model::{At, FileId, OffenseClass};

pub(crate) const KEYS: [&str; 7] = ["title", "cite", "checked", "sections", "includes", "note", "aka"];

/// A class as read, with where its includes stand.
pub(crate) struct Draft {
    pub(crate) class: OffenseClass,
    place: String,
    includes: Vec<At>,
}

/// A class.
pub(crate) fn read(cx: &mut Cx<'_>, root: Table<'_>, place: &str, name: &str) -> Draft {
    let title = root.need_string(cx, "title");
    let cite = root.need_string(cx, "cite");
    let checked = checked(cx, root);
    let sections = sections(cx, root);
    let included: Vec<Text<'_>> = root.texts(cx, "includes");
    if root.item("sections").is_none() && root.item("includes").is_none() {
        cx.error(root.at, "L0103", "the class lacks `sections` or `includes`");
    }
    let note = root.string(cx, "note");
    root.texts(cx, "aka");
    Draft {
        class: OffenseClass {
            name: name.to_owned(),
            title,
            cite,
            checked,
            sections,
            includes: included.iter().map(|t| t.value.to_owned()).collect(),
            note,
            at: root.at,
        },
        place: place.to_owned(),
        includes: included.iter().map(|t| t.at).collect(),
    }
}

fn sections(cx: &mut Cx<'_>, root: Table<'_>) -> Vec<String> {
    let mut seen = FxHashSet::default();
    let mut out = Vec::new();
    for item in root.list(cx, "sections", "texts") {
        let Some(text) = super::table::text(cx, item, "sections") else { continue };
        match parse_code(text.value) {
            Err(why) => drop(cx.error(text.at, "L0312", why)),
            Ok(code) if !seen.insert(code.clone()) => drop(cx.error(text.at, "L0111", format!("`{code}` stands twice in `sections`"))),
            Ok(code) => out.push(code),
        }
    }
    out
}

/// Joins the classes: each has its own sections and all of those it includes.
pub(crate) fn join(sink: &mut Sink, drafts: Vec<Draft>) -> (Classes, Vec<OffenseClass>) {
    let by_name: FxHashMap<&str, usize> = drafts.iter().enumerate().map(|(at, d)| (d.class.name.as_str(), at)).collect();
    let mut uses: Vec<Vec<usize>> = Vec::new();
    for draft in &drafts {
        let mut found = Vec::new();
        for (name, at) in draft.class.includes.iter().zip(&draft.includes) {
            match by_name.get(name.as_str()) {
                Some(other) if is_visible(name, &draft.place) => found.push(*other),
                Some(_) => drop(sink.error(
                    *at,
                    "L0310",
                    format!(
                        "the class `{name}` belongs to another place: a class may include those of its own place and of the places above"
                    ),
                )),
                None => {
                    let near = nearest(name, by_name.keys().copied().filter(|n| is_visible(n, &draft.place)));
                    sink.error(*at, "L0310", format!("there is no class `{name}`"))
                        .maybe_help(near.map(|near| format!("did you mean `{near}`?")));
                }
            }
        }
        uses.push(found);
    }
    let (order, circles) = super::order(&uses);
    for circle in circles {
        let names: Vec<&str> =
            circle.iter().chain(circle.first()).filter_map(|at| drafts.get(*at)).map(|d| d.class.name.as_str()).collect();
        let Some(first) = circle.first().and_then(|at| drafts.get(*at)) else { continue };
        let at = first.includes.first().copied().unwrap_or(first.class.at);
        sink.error(at, "L0311", format!("the class includes itself: {}", names.join(" → ")));
    }
    let mut whole: Vec<FxHashSet<&str>> = vec![FxHashSet::default(); drafts.len()];
    let mut classes = Classes::default();
    for at in order {
        let Some(draft) = drafts.get(at) else { continue };
        let mut sections: FxHashSet<&str> = draft.class.sections.iter().map(String::as_str).collect();
        for other in uses.get(at).into_iter().flatten() {
            sections.extend(whole.get(*other).into_iter().flatten());
        }
        if let Some(slot) = whole.get_mut(at) {
            slot.clone_from(&sections);
        }
        let mut sorted: Vec<String> = sections.into_iter().map(str::to_owned).collect();
        sorted.sort();
        if let Err(wrong) = classes.insert(&draft.class.name, &sorted) {
            for why in wrong {
                sink.error(draft.class.at, "L0312", why);
            }
        }
    }
    let classes_written = drafts.into_iter().map(|d| d.class).collect();
    (classes, classes_written)
}

/// The file that a broken class would have been.
pub(crate) fn broken(place: &str, name: &str, file: FileId) -> Draft {
    let at = At { file, start: 0, end: 0 };
    let class = OffenseClass {
        name: name.to_owned(),
        title: String::new(),
        cite: String::new(),
        checked: super::instrument::unchecked(),
        sections: Vec::new(),
        includes: Vec::new(),
        note: None,
        at,
    };
    Draft { class, place: place.to_owned(), includes: Vec::new() }
}
