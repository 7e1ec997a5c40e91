//! Elements of a list that no condition can tell apart, counted instead of looked at one by one.
//!
//! Of each group the first stays an element of its own: what matters of it matters of all of them, since any two may change places.

use super::residual::{Problem, each_test};
use crate::condition::{Condition, Node, Subject, Test};
use crate::facts::{Facts, Value};
use crate::{Field, ListId, Schema, Truth};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The other elements of a group, by the position of its first.
pub(crate) type Groups = BTreeMap<(ListId, usize), Vec<usize>>;

/// Fewer than this are looked at one by one.
const WORTH_COUNTING: usize = 3;

/// What conditions see of the known value of a field.
#[derive(PartialEq, Eq, Hash)]
enum Seen {
    Nothing,
    /// The answers of all tests of it.
    Answers(Vec<Truth>),
    /// The value itself: a window is counted from a day that is not known, or lengthened by days of the element.
    Raw(String),
}

/// The tests of one field, and whether they suffice to tell values apart.
#[derive(Default)]
struct Tests {
    tests: Vec<Test>,
    raw: bool,
}

impl<'a> Problem<'a> {
    /// Counts elements that no condition tells apart. The conditions are all that will be asked about.
    #[must_use]
    pub fn counting_alike<'c>(mut self, conditions: impl Iterator<Item = &'c Condition>) -> Self {
        let mut fields: BTreeMap<(ListId, Field), Tests> = BTreeMap::new();
        for condition in conditions {
            each_test(&condition.node, self.facts, self.schema, &mut |subject, test| {
                if let Subject::Field(list, field) = subject {
                    let of = fields.entry((list, field)).or_default();
                    of.raw |= matches!(test, Test::From(bound) | Test::After(bound) if bound.day(self.facts).is_none());
                    if !of.tests.contains(test) {
                        of.tests.push(test.clone());
                    }
                }
            });
            each_lengthened(&condition.node, &mut |list, date, by| {
                for field in [date, by] {
                    fields.entry((list, field)).or_default().raw = true;
                }
            });
        }
        self.groups = groups(self.schema, self.facts, &fields);
        self
    }

    /// Whether the element is counted with the first of its group.
    pub(crate) fn is_counted(&self, list: ListId, index: usize) -> bool {
        self.groups.range((list, 0)..(list, index)).any(|(_, others)| others.binary_search(&index).is_ok())
    }

    /// The groups of a list: the first of each, with how many others there are.
    pub(crate) fn groups_of(&self, list: ListId) -> Vec<(usize, usize)> {
        self.groups.range((list, 0)..=(list, usize::MAX)).map(|((_, first), others)| (*first, others.len())).collect()
    }
}

fn groups(schema: &Schema, facts: &Facts, fields: &BTreeMap<(ListId, Field), Tests>) -> Groups {
    let mut groups = Groups::new();
    let mut lists: Vec<ListId> = fields.keys().map(|(list, _)| *list).collect();
    lists.dedup();
    for list in lists {
        let of_list: Vec<(Field, &Tests)> = fields.range((list, Field(0))..=(list, Field(u16::MAX))).map(|((_, f), t)| (*f, t)).collect();
        let mut by_sight: FxHashMap<Vec<Seen>, Vec<usize>> = FxHashMap::default();
        for (index, element) in facts.elements(list, schema.vocabulary.record(list).fields.len()).enumerate() {
            let sight: Vec<Seen> = of_list.iter().map(|(field, tests)| seen(element[field.0 as usize], tests, facts)).collect();
            if sight.contains(&Seen::Nothing) {
                by_sight.entry(sight).or_default().push(index);
            }
        }
        for mut members in by_sight.into_values().filter(|m| m.len() >= WORTH_COUNTING) {
            let first = members.remove(0);
            groups.insert((list, first), members);
        }
    }
    groups
}

fn seen(value: Value, of: &Tests, facts: &Facts) -> Seen {
    match value {
        Value::Unknown => Seen::Nothing,
        value if of.raw => Seen::Raw(facts.as_text(value).map_or_else(|| format!("{value:?}"), str::to_owned)),
        value => Seen::Answers(of.tests.iter().map(|t| t.on(value, facts)).collect()),
    }
}

fn each_lengthened(node: &Node, each: &mut impl FnMut(ListId, Field, Field)) {
    match node {
        Node::Const(_) | Node::Atom(..) => {}
        Node::Not(inner) => each_lengthened(inner, each),
        Node::And(parts) | Node::Or(parts) => parts.iter().for_each(|p| each_lengthened(p, each)),
        Node::Lengthened(window) => each(window.list, window.date, window.by),
        Node::AtLeast { body, .. } => each_lengthened(body, each),
    }
}
