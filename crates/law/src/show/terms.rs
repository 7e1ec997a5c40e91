//! The terms that an instrument borrows from the `definitions.toml` of its place and of those above.

use std::collections::BTreeSet;

use crate::model::{Definition, Instrument, Law, When};
use crate::slug;

/// The borrowed terms, those that terms use in turn included, by name.
pub(super) fn borrowed<'a>(law: &'a Law, it: &Instrument) -> Vec<&'a Definition> {
    let visible: Vec<&Definition> = law.definitions.iter().filter(|d| slug::chain(&it.place).any(|p| p == d.place)).collect();
    let mut waiting: Vec<&str> = conditions(it).map(|when| when.text.as_str()).collect();
    let mut names = BTreeSet::new();
    while let Some(text) = waiting.pop() {
        for term in visible.iter().filter(|d| mentions(text, &d.name)) {
            if names.insert(term.name.as_str()) {
                waiting.push(&term.meaning.text);
            }
        }
    }
    let mut out: Vec<&Definition> = visible.into_iter().filter(|d| names.contains(d.name.as_str())).collect();
    out.sort_by(|a, b| a.name.cmp(&b.name));
    out
}

/// Every condition of an instrument.
fn conditions(it: &Instrument) -> impl Iterator<Item = &When> {
    let norms = it.norms.iter().flat_map(|n| std::iter::once(&n.when).chain(n.exceptions.iter().map(|e| &e.when)));
    let others = it.duties.iter().map(|d| &d.when).chain(it.clocks.iter().map(|c| &c.when));
    it.binds.iter().chain(&it.applies).chain(it.definitions.iter().map(|d| &d.meaning)).chain(norms).chain(others)
}

/// Whether a word stands in a condition by itself: not within another word, and not as a field of something.
fn mentions(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(|c| part(c) || c == '\'') && !after.is_some_and(part)
    })
}
