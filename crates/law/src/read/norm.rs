//! Norms and their exceptions.

use comity_logic::nearest;

use super::condition::{Scope, when};
use super::example;
use super::table::{Cx, Table, Text, days};
use super::vocabulary::malformed;
use crate::model::{ActionId, At, Changes, Confidence, Exception, Interval, Modality, Norm, NormRef};
use crate::slug;

/// The keys of a norm, in the order in which `law fmt` writes them.
pub(crate) const NORM: [&str; 14] = [
    "id",
    "cite",
    "forbids",
    "requires",
    "permits",
    "protects",
    "says",
    "when",
    "in_force",
    "overrides",
    "confidence",
    "note",
    "example",
    "unless",
];
/// The keys of an exception, in that order.
pub(crate) const UNLESS: [&str; 7] = ["cite", "when", "says", "silent", "in_force", "note", "example"];

/// What the parts of an instrument take over from its head.
pub(crate) struct Below<'a> {
    pub(crate) cite: &'a str,
    pub(crate) in_force: Interval,
    pub(crate) confidence: Confidence,
    pub(crate) sample: &'a Changes,
}

impl Below<'_> {
    /// The instrument's citation, a space and the part's own.
    pub(crate) fn full_cite(&self, own: &str) -> String {
        format!("{} {own}", self.cite).trim().to_owned()
    }
}

/// An override before it is known whose: the norm's position, the norm that gives way, and where it is written.
type Found = (usize, NormRef, At);

/// The norms of an instrument and what they override.
pub(crate) fn norms(cx: &mut Cx<'_>, scope: &Scope<'_>, root: Table<'_>, below: &Below<'_>) -> (Vec<Norm>, Vec<Found>) {
    let (mut out, mut overrides, mut versions) = (Vec::new(), Vec::new(), Versions::default());
    for table in root.tables(cx, "norm", "[[norm]]", &NORM) {
        let id = id(cx, table);
        let found = refs(cx, table);
        let norm = norm(cx, scope, table, below, id, &found);
        if let Some(id) = id {
            versions.add(cx, id, table, norm.in_force);
        }
        overrides.extend(found.into_iter().map(|(to, at)| (out.len(), to, at)));
        out.push(norm);
    }
    (out, overrides)
}

fn norm(
    cx: &mut Cx<'_>,
    scope: &Scope<'_>,
    table: Table<'_>,
    below: &Below<'_>,
    id: Option<Text<'_>>,
    overrides: &[(NormRef, At)],
) -> Norm {
    let cite = table.need_string(cx, "cite");
    let (modality, actions) = modality(cx, scope, table);
    let says = table.need_string(cx, "says");
    let when = when(cx, scope, table);
    let in_force = table.in_force(cx, below.in_force, "the instrument");
    let confidence = table.word(cx, "confidence").unwrap_or(below.confidence);
    let note = table.string(cx, "note");
    let exceptions = table.tables(cx, "unless", "[[norm.unless]]", &UNLESS);
    let exceptions = exceptions.into_iter().map(|t| exception(cx, scope, t, below, in_force, modality, &actions)).collect();
    let examples = example::read(cx, scope, table, below.sample, Some(&actions));
    Norm {
        id: id.map(|t| t.value.to_owned()).unwrap_or_default(),
        full_cite: below.full_cite(&cite),
        cite,
        modality,
        actions,
        says,
        when,
        in_force,
        overrides: overrides.iter().map(|(to, _)| to.clone()).collect(),
        confidence,
        note,
        exceptions,
        examples,
        span: table.at,
    }
}

fn exception(
    cx: &mut Cx<'_>,
    scope: &Scope<'_>,
    table: Table<'_>,
    below: &Below<'_>,
    norm: Interval,
    modality: Modality,
    actions: &[ActionId],
) -> Exception {
    let cite = table.need_string(cx, "cite");
    table.need(cx, "when");
    let when = when(cx, scope, table);
    let says = table.string(cx, "says");
    let silent = table.flag(cx, "silent");
    if silent && modality != Modality::Forbids {
        let at = table.at_key(cx, "silent");
        cx.error(at, "L0112", format!("`silent` belongs to the exceptions of a ban; this norm {modality}, and its exceptions only end it"));
    }
    let in_force = table.in_force(cx, norm, "the norm");
    let note = table.string(cx, "note");
    let examples = example::read(cx, scope, table, below.sample, Some(actions));
    Exception { full_cite: below.full_cite(&cite), cite, says, when, silent, in_force, note, examples, span: table.at }
}

/// The one of the four keys that is there, with its actions.
fn modality(cx: &mut Cx<'_>, scope: &Scope<'_>, table: Table<'_>) -> (Modality, Vec<ActionId>) {
    let here: Vec<Modality> = Modality::ALL.iter().copied().filter(|m| table.item(m.as_str()).is_some()).collect();
    match here.as_slice() {
        [] => {
            cx.error(table.at, "L0108", "the norm does not say what it does")
                .help("write exactly one of forbids, requires, permits, protects with a list of actions");
        }
        [_] => {}
        [.., last] => {
            let at = table.at_key(cx, last.as_str());
            let words: Vec<_> = here.iter().map(|m| m.as_str()).collect();
            cx.error(at, "L0108", format!("the norm does several things at once: {}", words.join(", "))).help("write one norm for each");
        }
    }
    let first = here.first().copied().unwrap_or(Modality::Permits);
    let mut actions = Vec::new();
    for modality in here {
        actions = self::actions(cx, scope, table, modality.into(), true);
    }
    (first, actions)
}

/// A list of actions.
pub(crate) fn actions(cx: &mut Cx<'_>, scope: &Scope<'_>, table: Table<'_>, key: &'static str, needed: bool) -> Vec<ActionId> {
    let texts = if needed || table.item(key).is_some() { table.need_texts(cx, key) } else { Vec::new() };
    texts.into_iter().filter_map(|text| action(cx, scope, text)).collect()
}

/// An action by its name.
pub(crate) fn action(cx: &mut Cx<'_>, scope: &Scope<'_>, text: Text<'_>) -> Option<ActionId> {
    let found = scope.actions.get(text.value).copied();
    if found.is_none() {
        let mut names: Vec<&str> = scope.actions.keys().map(String::as_str).collect();
        names.sort_unstable();
        let help = nearest(text.value, names.iter())
            .map_or_else(|| format!("the actions are {}", names.join(", ")), |near| format!("did you mean `{near}`?"));
        cx.error(text.at, "L0107", format!("no action is called `{}`", text.value)).help(help);
    }
    found
}

/// The id of a norm, duty or clock.
pub(crate) fn id<'a>(cx: &mut Cx<'_>, table: Table<'a>) -> Option<Text<'a>> {
    let id = table.need_text(cx, "id")?;
    if !slug::is_name(id.value) {
        malformed(cx, id.value, id.at);
    }
    Some(id)
}

/// The norms that give way.
fn refs(cx: &mut Cx<'_>, table: Table<'_>) -> Vec<(NormRef, At)> {
    let mut out = Vec::new();
    for text in table.texts(cx, "overrides") {
        match text.value.split_once('#') {
            Some((instrument, norm)) if slug::is_name(instrument) && slug::is_name(norm) => {
                out.push((NormRef { instrument: instrument.to_owned(), norm: norm.to_owned() }, text.at));
            }
            _ => {
                cx.error(text.at, "L0109", format!("`{}` cannot be the name of a norm", text.value))
                    .help("write the instrument's id, a # and the norm's id: us-ca-trust-act#hold");
            }
        }
    }
    out
}

/// The ids of a file: one may stand several times as long as the days do not overlap.
#[derive(Default)]
pub(crate) struct Versions {
    seen: Vec<(String, Interval, bool)>,
}

impl Versions {
    /// Adds one; an overlap is reported.
    pub(crate) fn add(&mut self, cx: &mut Cx<'_>, id: Text<'_>, table: Table<'_>, in_force: Interval) {
        let dated = table.item("in_force").is_some();
        if let Some((_, other, other_dated)) = self.seen.iter().find(|(seen, other, _)| seen == id.value && other.overlaps(&in_force)) {
            if dated || *other_dated {
                cx.error(
                    id.at,
                    "L0204",
                    format!("two versions of `{}` are in force at once: {} and {}", id.value, days(*other), days(in_force)),
                )
                .help("let the earlier end on the day before the later begins");
            } else {
                cx.error(id.at, "L0302", format!("the id `{}` stands twice in this file", id.value))
                    .help("give each its own id; dated versions of one norm may share theirs");
            }
        }
        self.seen.push((id.value.to_owned(), in_force, dated));
    }
}
