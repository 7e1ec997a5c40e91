//! Duties, clocks, and contested points that are settled.

use comity_logic::{FactId, nearest};

use super::condition::{Scope, when};
use super::facts;
use super::norm::{Below, Versions, actions, id};
use super::table::{Cx, Table, days, word};
use crate::model::{Clock, Duty, Excluded, Moment, Period, Settles, Unit, Upon, Within};

/// The keys of a duty, in the order in which `law fmt` writes them.
pub(crate) const DUTY: [&str; 12] =
    ["id", "cite", "upon", "actions", "when", "says", "to", "by", "within", "in_force", "confidence", "note"];
const CLOCK: [&str; 9] = ["id", "cite", "actions", "when", "says", "within", "in_force", "confidence", "note"];
const SETTLES: [&str; 5] = ["fact", "value", "cite", "says", "in_force"];

/// The duties of an instrument.
pub(crate) fn duties(cx: &mut Cx<'_>, scope: &Scope<'_>, root: Table<'_>, below: &Below<'_>) -> Vec<Duty> {
    let mut versions = Versions::default();
    let tables = root.tables(cx, "duty", "[[duty]]", &DUTY);
    tables.into_iter().filter_map(|table| duty(cx, scope, table, below, &mut versions)).collect()
}

fn duty(cx: &mut Cx<'_>, scope: &Scope<'_>, table: Table<'_>, below: &Below<'_>, versions: &mut Versions) -> Option<Duty> {
    let id = id(cx, table);
    let cite = table.need_string(cx, "cite");
    let upon = table.need_word::<Upon>(cx, "upon");
    // What is due regularly is due whatever is asked.
    let actions = actions(cx, scope, table, "actions", upon.is_some_and(|upon| upon != Upon::Period));
    let when = when(cx, scope, table);
    let says = table.need_string(cx, "says");
    let to = table.string(cx, "to");
    let by = table.string(cx, "by");
    let within = within(cx, table);
    let in_force = table.in_force(cx, below.in_force, "the instrument");
    let confidence = table.word(cx, "confidence").unwrap_or(below.confidence);
    let note = table.string(cx, "note");
    let id = id?;
    versions.add(cx, id, table, in_force);
    let full_cite = below.full_cite(&cite);
    Some(Duty {
        id: id.value.to_owned(),
        cite,
        full_cite,
        upon: upon?,
        actions,
        when,
        says,
        to,
        by,
        within,
        in_force,
        confidence,
        note,
        span: table.at,
    })
}

/// The clocks of an instrument.
pub(crate) fn clocks(cx: &mut Cx<'_>, scope: &Scope<'_>, root: Table<'_>, below: &Below<'_>) -> Vec<Clock> {
    let mut versions = Versions::default();
    let tables = root.tables(cx, "clock", "[[clock]]", &CLOCK);
    tables.into_iter().filter_map(|table| clock(cx, scope, table, below, &mut versions)).collect()
}

fn clock(cx: &mut Cx<'_>, scope: &Scope<'_>, table: Table<'_>, below: &Below<'_>, versions: &mut Versions) -> Option<Clock> {
    let id = id(cx, table);
    let cite = table.need_string(cx, "cite");
    let actions = actions(cx, scope, table, "actions", true);
    let when = when(cx, scope, table);
    let says = table.need_string(cx, "says");
    table.need(cx, "within");
    let within = within(cx, table);
    let in_force = table.in_force(cx, below.in_force, "the instrument");
    let confidence = table.word(cx, "confidence").unwrap_or(below.confidence);
    let note = table.string(cx, "note");
    let id = id?;
    versions.add(cx, id, table, in_force);
    let full_cite = below.full_cite(&cite);
    Some(Clock {
        id: id.value.to_owned(),
        cite,
        full_cite,
        actions,
        when,
        says,
        within: within?,
        in_force,
        confidence,
        note,
        span: table.at,
    })
}

/// By when something is due: a term of the law, a length of time, or a period.
fn within(cx: &mut Cx<'_>, table: Table<'_>) -> Option<Within> {
    let mut known = vec!["term", "every", "of", "excluding"];
    known.extend(Unit::WORDS);
    let table = table.table(cx, "within", &known)?;
    let units: Vec<Unit> = Unit::ALL.iter().copied().filter(|unit| table.item(unit.as_str()).is_some()).collect();
    let ways = units.len() + usize::from(table.item("term").is_some()) + usize::from(table.item("every").is_some());
    if ways != 1 {
        let message = if ways == 0 { "`within` does not say how long" } else { "`within` says several times at once" };
        cx.error(table.at, "L0112", message).help("write one of term = \"promptly\", hours = 48, days = 30, every = \"year\"");
        return None;
    }
    let Some(unit) = units.first().copied() else {
        for key in ["of", "excluding"] {
            if table.item(key).is_some() {
                let at = table.at_key(cx, key);
                cx.error(at, "L0112", format!("`{key}` belongs to a number of hours or days"));
            }
        }
        return match table.string(cx, "term") {
            Some(term) => Some(Within::Term(term)),
            None => table.word::<Period>(cx, "every").map(Within::Every),
        };
    };
    let amount = table.integer(cx, unit.into()).and_then(|(n, at)| {
        let amount = u32::try_from(n).ok().filter(|n| (1..=100_000).contains(n));
        if amount.is_none() {
            cx.error(at, "L0110", format!("`{unit}` is a number from 1 to 100000"));
        }
        amount
    });
    let of = table.need_word::<Moment>(cx, "of");
    let excluding = table.texts(cx, "excluding").into_iter().filter_map(|text| word::<Excluded>(cx, text, "excluding")).collect();
    Some(Within::Time { amount: amount?, unit, of: of?, excluding })
}

/// The contested points that an instrument settles.
pub(crate) fn settles(cx: &mut Cx<'_>, scope: &Scope<'_>, root: Table<'_>, below: &Below<'_>) -> Vec<Settles> {
    let mut out: Vec<Settles> = Vec::new();
    for table in root.tables(cx, "settles", "[[settles]]", &SETTLES) {
        let Some(settles) = settle(cx, scope, table, below) else { continue };
        if let Some(other) = out.iter().find(|o| o.fact == settles.fact && o.in_force.overlaps(&settles.in_force)) {
            let at = table.at_key(cx, "fact");
            let message =
                format!("`{}` is settled twice for the same days: {} and {}", settles.fact, days(other.in_force), days(settles.in_force));
            cx.error(at, "L0314", message);
        }
        out.push(settles);
    }
    out
}

fn settle(cx: &mut Cx<'_>, scope: &Scope<'_>, table: Table<'_>, below: &Below<'_>) -> Option<Settles> {
    let vocabulary = &scope.schema.vocabulary;
    let fact = table.need_text(cx, "fact");
    table.need(cx, "value");
    let cite = table.need_string(cx, "cite");
    let says = table.need_string(cx, "says");
    let in_force = table.in_force(cx, below.in_force, "the instrument");
    let fact = fact?;
    let found = vocabulary.find(fact.value).filter(|_| fact.value.starts_with("law."));
    let Some(id @ FactId::Scalar(_)) = found else {
        let near = nearest(fact.value, vocabulary.names().filter(|n| n.starts_with("law.")));
        cx.error(fact.at, "L0309", format!("`{}` is no contested point", fact.value)).help(near.map_or_else(
            || "contested points are the facts `law.…` of the vocabulary".to_owned(),
            |near| format!("did you mean `{near}`?"),
        ));
        return None;
    };
    let value = facts::value(cx, vocabulary.fact(id), table.item("value")?, "value")?;
    let full_cite = below.full_cite(&cite);
    Some(Settles { fact: fact.value.to_owned(), value, cite, full_cite, says, in_force, confidence: below.confidence, span: table.at })
}
