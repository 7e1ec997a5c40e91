//! Worked examples and the sample that they share.

use std::str::FromStr;

use comity_places::AgencyKind;

use super::condition::Scope;
use super::facts;
use super::norm::action;
use super::table::{Cx, Table, word};
use crate::model::{ActionId, Changes, Example, Outcome, UnknownWord};

/// The keys of an example, in the order in which `law fmt` writes them.
pub(crate) const KEYS: [&str; 11] = ["name", "action", "on", "agency", "facts", "without", "expect", "possible", "missing", "but", "then"];

/// The examples of a table. `own` are the actions of the norm they belong to; none for those of a file.
pub(crate) fn read(cx: &mut Cx<'_>, scope: &Scope<'_>, table: Table<'_>, sample: &Changes, own: Option<&[ActionId]>) -> Vec<Example> {
    let tables = table.tables(cx, "example", "an example", &KEYS);
    tables.into_iter().filter_map(|table| example(cx, scope, table, sample, own)).collect()
}

fn example(cx: &mut Cx<'_>, scope: &Scope<'_>, table: Table<'_>, sample: &Changes, own: Option<&[ActionId]>) -> Option<Example> {
    let name = table.string(cx, "name");
    let own_changes = changes(cx, scope, table);
    let action = example_action(cx, scope, table, own);
    let expect = table.need_word::<Outcome>(cx, "expect");
    let possible = possible(cx, table, expect);
    let missing = fact_names(cx, scope, table, "missing");
    if !missing.is_empty() && expect.is_some_and(|e| e != Outcome::Undetermined) {
        let at = table.at_key(cx, "missing");
        cx.error(at, "L0504", "`missing` belongs to an outcome that is undetermined");
    }
    let but = table.table(cx, "but", &["on", "agency", "facts", "without"]).map(|but| changes(cx, scope, but));
    let then = table.word::<Outcome>(cx, "then");
    if then.is_some() && but.is_none() && table.item("but").is_none() {
        let at = table.at_key(cx, "then");
        cx.error(at, "L0504", "`then` says what follows from `but`, and there is no `but`");
    }
    let whole = sample.clone().then(&own_changes).case();
    if whole.is_none() {
        cx.error(table.at, "L0503", "neither the example nor the sample says on which day and of which agency (kind and place)")
            .help("write on = 2018-03-05 and agency = { name = …, kind = …, place = … } under [sample]");
    }
    Some(Example { name, changes: own_changes, action: action?, expect: expect?, possible, missing, but, then, at: table.at })
}

fn example_action(cx: &mut Cx<'_>, scope: &Scope<'_>, table: Table<'_>, own: Option<&[ActionId]>) -> Option<ActionId> {
    let Some(own) = own else {
        return table.need_text(cx, "action").and_then(|text| action(cx, scope, text));
    };
    let Some(text) = table.text(cx, "action") else { return own.first().copied() };
    let named = action(cx, scope, text)?;
    if !own.contains(&named) && !own.is_empty() {
        cx.error(text.at, "L0505", format!("`{}` is none of the norm's actions", text.value))
            .help("move the example out of the norm, to [[example]]");
    }
    Some(named)
}

fn possible(cx: &mut Cx<'_>, table: Table<'_>, expect: Option<Outcome>) -> Vec<Outcome> {
    let mut out = Vec::new();
    for text in table.texts(cx, "possible") {
        match word::<Outcome>(cx, text, "possible") {
            Some(Outcome::Undetermined) => {
                cx.error(text.at, "L0504", "`undetermined` is none of the outcomes that are possible in the end");
            }
            Some(outcome) => out.push(outcome),
            None => {}
        }
    }
    let undetermined = expect == Some(Outcome::Undetermined);
    if expect.is_some() && !out.is_empty() && (!undetermined || out.len() < 2) {
        let at = table.at_key(cx, "possible");
        let why = if undetermined {
            "an outcome is undetermined only if several are possible"
        } else {
            "`possible` belongs to an outcome that is undetermined"
        };
        cx.error(at, "L0504", why);
    }
    out
}

/// Day, agency and facts of `[sample]` or of an example.
pub(crate) fn changes(cx: &mut Cx<'_>, scope: &Scope<'_>, table: Table<'_>) -> Changes {
    let on = table.date(cx, "on");
    let facts = table.item("facts").map(|item| facts::read(cx, &scope.schema.vocabulary, item)).unwrap_or_default();
    let without = fact_names(cx, scope, table, "without");
    let mut made = Changes { on, facts, without, ..Changes::default() };
    if let Some(agency) = table.table(cx, "agency", &["name", "kind", "place"]) {
        made.agency_name = agency.string(cx, "name");
        made.agency_kind = agency.word::<Kind>(cx, "kind").map(|kind| kind.0.as_str().to_owned());
        if let Some(place) = agency.text(cx, "place") {
            if let Err(why) = cx.sink.known_place(place.value) {
                cx.error(place.at, "L0106", format!("`{}`: {why}", place.value));
            }
            made.agency_place = Some(place.value.to_owned());
        }
    }
    made
}

/// The kind of an agency as a word of the format.
struct Kind(AgencyKind);

impl FromStr for Kind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        const WORDS: &[&str] = &{
            let mut words = [""; AgencyKind::ALL.len()];
            let mut at = 0;
            while at < words.len() {
                words[at] = AgencyKind::ALL[at].as_str();
                at += 1;
            }
            words
        };
        let known = AgencyKind::ALL.iter().find(|kind| kind.as_str() == text);
        known.map(|kind| Self(*kind)).ok_or(UnknownWord { known: WORDS })
    }
}

/// A list of declared facts by their dotted names.
fn fact_names(cx: &mut Cx<'_>, scope: &Scope<'_>, table: Table<'_>, key: &'static str) -> Vec<String> {
    let mut out = Vec::new();
    for text in table.texts(cx, key) {
        let vocabulary = &scope.schema.vocabulary;
        if vocabulary.find(text.value).is_none() {
            facts::unknown(cx, vocabulary, text.value, text.at);
        }
        out.push(text.value.to_owned());
    }
    out
}
