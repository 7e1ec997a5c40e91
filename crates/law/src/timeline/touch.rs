//! Whom a part of the law can touch: places, kinds of agencies, actions.

use comity_logic::{Declared, FactId, Facts, Truth, Value, Vocabulary};

use crate::model::{ActionId, Instrument, Law, When};
use crate::slug;

/// The places that an instrument reaches, with all below them.
pub(super) fn places(it: &Instrument) -> Vec<&str> {
    if it.reach.is_empty() { vec![&it.place] } else { it.reach.iter().map(String::as_str).collect() }
}

/// The kinds of agencies for which neither whom the instrument binds nor one of the conditions is surely false.
pub(super) fn kinds<'l>(law: &'l Law, it: &Instrument, conditions: &[&When]) -> Vec<&'l str> {
    let vocabulary = &law.schema.vocabulary;
    let Declared::Enum(kinds) = &vocabulary.fact(FactId::Scalar(Vocabulary::AGENCY_KIND)).declared else { return Vec::new() };
    let mut facts = Facts::new(vocabulary);
    let conditions = || it.binds.iter().chain(&it.applies).chain(conditions.iter().copied());
    let mut possible = |at: usize| {
        facts.set(Vocabulary::AGENCY_KIND, Value::Enum(at as u8));
        conditions().all(|when| when.condition.truth(vocabulary, &facts) != Truth::False)
    };
    kinds.iter().enumerate().filter(|(at, _)| possible(*at)).map(|(_, kind)| kind.as_str()).collect()
}

/// Every action.
pub(super) fn all(law: &Law) -> Vec<ActionId> {
    (0..law.actions.len()).filter_map(|at| u16::try_from(at).ok()).map(ActionId).collect()
}

/// All the actions of several lists, in the order of the vocabulary.
pub(super) fn joined<'a>(law: &Law, lists: impl Iterator<Item = &'a [ActionId]>) -> Vec<ActionId> {
    let mut found = vec![false; law.actions.len()];
    for action in lists.flatten() {
        if let Some(slot) = found.get_mut(action.0 as usize) {
            *slot = true;
        }
    }
    all(law).into_iter().zip(found).filter(|(_, found)| *found).map(|(action, _)| action).collect()
}

/// The actions of the norms within reach of an instrument that turn on a contested point.
pub(super) fn turned_by(law: &Law, it: &Instrument, fact: &str) -> Vec<ActionId> {
    let Some(FactId::Scalar(slot)) = law.schema.vocabulary.find(fact) else { return Vec::new() };
    let reads = |when: &When| when.condition.reads(slot);
    let near = |other: &&Instrument| places(it).iter().any(|a| places(other).iter().any(|b| related(a, b)));
    let norms = law.instruments.iter().filter(near).flat_map(|i| i.norms.iter().map(move |n| (i, n)));
    let turned =
        norms.filter(|(i, n)| i.applies.as_ref().is_some_and(reads) || reads(&n.when) || n.exceptions.iter().any(|e| reads(&e.when)));
    joined(law, turned.map(|(_, n)| n.actions.as_slice()))
}

/// Whether one place is the other or lies in it.
fn related(a: &str, b: &str) -> bool {
    slug::chain(a).any(|p| p == b) || slug::chain(b).any(|p| p == a)
}
