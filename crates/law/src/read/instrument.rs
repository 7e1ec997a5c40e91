//! An instrument: its head, and everything below it.

use comity_logic::Date;

use super::condition::{Scope, binds, maybe};
use super::norm::{Below, norms};
use super::table::{Cx, Table, Text};
use super::{definitions, duty, example};
use crate::model::{Changes, Checked, Confidence, Instrument, Interval, Kind, NormRef, Rank};
use crate::{model::At, slug};

/// The keys of an instrument, in the order in which `law fmt` writes them: first those of its head.
pub(crate) const KEYS: [&str; 19] = [
    "title",
    "cite",
    "kind",
    "rank",
    "enacted",
    "in_force",
    "binds",
    "reach",
    "applies",
    "checked",
    "note",
    "aka",
    "definitions",
    "sample",
    "norm",
    "duty",
    "clock",
    "settles",
    "example",
];

/// Those of its head; the others are tables of their own.
pub(crate) const HEAD: &[&str] = KEYS.split_at(14).0;

/// An override as written.
pub(crate) struct Override {
    /// The instrument and the position of the norm that says so.
    pub(crate) from: (String, usize),
    /// The norm that gives way.
    pub(crate) to: NormRef,
    /// Where it is written.
    pub(crate) at: At,
}

/// An instrument, and what it overrides.
pub(crate) fn read(cx: &mut Cx<'_>, scope: &Scope<'_>, root: Table<'_>, id: &str, path: &str) -> (Instrument, Vec<Override>) {
    let title = root.need_string(cx, "title");
    let cite = root.need_string(cx, "cite");
    let kind = root.need_word::<Kind>(cx, "kind");
    let rank = rank(cx, root, kind, scope.place);
    let enacted = root.date(cx, "enacted");
    root.need(cx, "in_force");
    let in_force = root.in_force(cx, Interval::default(), "the instrument");
    if let (Some(enacted), Some(from)) = (enacted, in_force.from)
        && from < enacted
        // A court says what the law was before it spoke.
        && kind != Some(Kind::Holding)
    {
        let at = root.at_key(cx, "in_force");
        cx.sink.warning(at, "L0203", format!("in force from {from}, before it was enacted on {enacted}"));
    }
    let checked = checked(cx, root);
    let mut scope = scope.clone();
    let mut own_terms = Vec::new();
    if let Some(item) = root.item("definitions")
        && let Some(table) = Table::open_any(cx, item, "definitions")
    {
        (scope.terms, own_terms) = definitions::read(cx, &scope, table, path);
    }
    let binds = binds(cx, &scope, root);
    let reach = reach(cx, root, scope.place);
    let applies = maybe(cx, &scope, root, "applies");
    let note = root.string(cx, "note");
    let aka = root.texts(cx, "aka").iter().map(|t| t.value.to_owned()).collect();
    let sample = match root.table(cx, "sample", &["on", "agency", "facts"]) {
        Some(table) => example::changes(cx, &scope, table),
        None => Changes::default(),
    };
    let below = Below { cite: &cite, in_force, confidence: checked.confidence, sample: &sample };
    let (norms, overrides) = norms(cx, &scope, root, &below);
    let duties = duty::duties(cx, &scope, root, &below);
    let clocks = duty::clocks(cx, &scope, root, &below);
    let settles = duty::settles(cx, &scope, root, &below);
    let examples = example::read(cx, &scope, root, &sample, None);
    if norms.is_empty()
        && duties.is_empty()
        && clocks.is_empty()
        && settles.is_empty()
        && ["norm", "duty", "clock", "settles"].iter().all(|key| root.item(key).is_none())
    {
        cx.sink.warning(root.at, "L0602", "the instrument has no norm, no duty, no clock, and settles nothing");
    }
    let overrides = overrides.into_iter().map(|(norm, to, at)| Override { from: (id.to_owned(), norm), to, at }).collect();
    let instrument = Instrument {
        id: id.to_owned(),
        place: scope.place.to_owned(),
        title,
        cite,
        kind: kind.unwrap_or(Kind::Statute),
        rank,
        enacted,
        in_force,
        binds,
        reach,
        applies,
        checked,
        note,
        aka,
        definitions: own_terms,
        norms,
        duties,
        clocks,
        settles,
        examples,
        sample,
        file: cx.file,
    };
    (instrument, overrides)
}

/// How a text was checked.
pub(crate) fn checked(cx: &mut Cx<'_>, root: Table<'_>) -> Checked {
    root.need(cx, "checked");
    let Some(table) = root.table(cx, "checked", &["on", "confidence", "against"]) else { return unchecked() };
    let on = table.need_date(cx, "on");
    let confidence = table.need_word::<Confidence>(cx, "confidence");
    let against = table.need_texts(cx, "against").iter().map(|t| t.value.to_owned()).collect();
    Checked { on: on.unwrap_or(Date::ZERO), confidence: confidence.unwrap_or(Confidence::Low), against }
}

/// What stands where it is not said how a text was checked; the law will be refused.
pub(crate) fn unchecked() -> Checked {
    Checked { on: Date::ZERO, confidence: Confidence::Low, against: Vec::new() }
}

/// The rank that is stated, else the one that follows from kind and place.
fn rank(cx: &mut Cx<'_>, root: Table<'_>, kind: Option<Kind>, place: &str) -> Rank {
    let stated = root.word::<Rank>(cx, "rank");
    let follows = kind.and_then(|kind| rank_of(kind, place));
    if let Some(kind) = kind
        && follows.is_none()
        && root.item("rank").is_none()
    {
        let what = if kind == Kind::Holding {
            "a holding has the rank of the law that it reads".to_owned()
        } else {
            format!("the rank of a {kind} of `{place}` does not follow from kind and place")
        };
        cx.error(root.at_key(cx, "kind"), "L0307", what).help(format!("state it: rank = \"…\", one of {}", Rank::WORDS.join(", ")));
    }
    stated.or(follows).unwrap_or(Rank::DepartmentOrder)
}

fn rank_of(kind: Kind, place: &str) -> Option<Rank> {
    let (federal, state) = (place == "us", !place.contains('/'));
    match kind {
        Kind::Constitution if federal => Some(Rank::FederalConstitution),
        Kind::Constitution if state => Some(Rank::StateConstitution),
        Kind::Statute if federal => Some(Rank::FederalStatute),
        Kind::Statute if state => Some(Rank::StateStatute),
        Kind::Regulation | Kind::ExecutiveAct if federal => Some(Rank::FederalRegulation),
        Kind::Regulation | Kind::ExecutiveAct if state => Some(Rank::StateExecutive),
        // An order of a mayor, sheriff or chief.
        Kind::ExecutiveAct | Kind::DepartmentOrder => Some(Rank::DepartmentOrder),
        Kind::Ordinance => Some(Rank::Ordinance),
        Kind::Resolution => Some(Rank::Resolution),
        Kind::Constitution | Kind::Statute | Kind::Regulation | Kind::Holding => None,
    }
}

/// The places that an instrument reaches where they are fewer than its own.
fn reach(cx: &mut Cx<'_>, root: Table<'_>, place: &str) -> Vec<String> {
    let texts: Vec<Text<'_>> = if root.item("reach").is_some() { root.need_texts(cx, "reach") } else { Vec::new() };
    for text in &texts {
        if let Err(why) = cx.sink.known_place(text.value) {
            cx.error(text.at, "L0306", format!("`{}`: {why}", text.value));
        } else if !slug::chain(text.value).any(|above| above == place) {
            cx.error(text.at, "L0306", format!("`{}` is no part of `{place}`, and a law does not reach beyond its own place", text.value))
                .help("put the file into the folder of the place that holds all the places it reaches");
        }
    }
    texts.iter().map(|t| t.value.to_owned()).collect()
}
