//! A compiled condition: one typed tree, its names resolved to the positions of facts.

use crate::classes::{ClassId, is_within};
use crate::facts::{Facts, Value};
use crate::{Date, Field, ListId, Slot, Vocabulary};

/// What is known of a condition while facts are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It does not hold.
    False,
    /// It may or may not hold.
    Unknown,
    /// It holds.
    True,
}

impl Truth {
    fn of(b: bool) -> Self {
        if b { Self::True } else { Self::False }
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

/// Whose value is tested: a fact of the case or a field of the element at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A fact of the case.
    Scalar(Slot),
    /// A field of the element at hand, and the list that the element is of.
    Field(ListId, Field),
}

/// A day to compare with: fixed, or counted back from a date of the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bound {
    /// A fixed day.
    Day(Date),
    /// So many years and days before a date of the case; 29 February counts back to 28 February where the year has no other.
    Back {
        /// Calendar years.
        years: i16,
        /// Days, after the years.
        days: i32,
        /// The date that it is counted from.
        anchor: Slot,
    },
}

impl Bound {
    /// The day meant, unless the date that it is counted from is unknown.
    #[must_use]
    pub fn day(self, facts: &Facts) -> Option<Date> {
        match self {
            Self::Day(day) => Some(day),
            Self::Back { anchor, .. } => match facts.scalar(anchor) {
                Value::Date(from) => Some(self.counted_from(from)),
                _ => None,
            },
        }
    }

    /// The day meant, where the date that it is counted from is this one.
    #[must_use]
    pub fn counted_from(self, from: Date) -> Date {
        match self {
            Self::Day(day) => day,
            Self::Back { years, days, .. } => back(from, years, days),
        }
    }
}

/// So many years and days before a day; 29 February counts back to 28 February.
pub(crate) fn back(from: Date, years: i16, days: i32) -> Date {
    let year = from.year().saturating_sub(years).max(Date::MIN.year());
    let same = Date::new(year, from.month(), from.day()).or_else(|_| Date::new(year, from.month(), 28)).unwrap_or(Date::MIN);
    if days == 0 { same } else { same.saturating_sub(jiff::Span::new().days(days)) }
}

/// What is asked of a value; every comparison is one of these or its negation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// A boolean is true.
    IsTrue,
    /// One of the values whose bits are set.
    OneOf(u64),
    /// A number is not below this one.
    IntAtLeast(i64),
    /// On or after the day.
    From(Bound),
    /// After the day.
    After(Bound),
    /// A text is this one.
    Equals(Box<str>),
    /// A text begins with this one.
    StartsWith(Box<str>),
    /// An offense is listed by the class.
    InClass(ClassId),
    /// The section or a subdivision of it.
    Within(Box<str>),
}

impl Test {
    /// The test's answer for a value; unknown if the value or the day it is compared with is.
    #[inline(always)]
    #[must_use]
    pub fn on(&self, value: Value, facts: &Facts) -> Truth {
        // The most frequent tests first, on the spot.
        match (self, value) {
            (Self::OneOf(mask), Value::Enum(at)) => Truth::of(mask >> at & 1 == 1),
            (Self::IsTrue, Value::Bool(b)) => Truth::of(b),
            _ => self.on_others(value, facts),
        }
    }

    fn on_others(&self, value: Value, facts: &Facts) -> Truth {
        let answer = match (self, value) {
            (_, Value::Unknown) => return Truth::Unknown,
            (Self::IntAtLeast(least), Value::Int(n)) => n >= *least,
            (Self::From(bound), Value::Date(d)) => match bound.day(facts) {
                Some(day) => d >= day,
                None => return Truth::Unknown,
            },
            (Self::After(bound), Value::Date(d)) => match bound.day(facts) {
                Some(day) => d > day,
                None => return Truth::Unknown,
            },
            (Self::Equals(text), Value::Text(at)) => facts.text_of(at) == &**text,
            (Self::StartsWith(text), Value::Text(at)) => facts.text_of(at).starts_with(&**text),
            (Self::InClass(class), Value::Text(at)) => facts.classes_of(at).contains(*class),
            (Self::Within(code), Value::Text(at)) => is_within(facts.text_of(at), code),
            // The compiler gives every test a subject of its own type.
            _ => return Truth::Unknown,
        };
        Truth::of(answer)
    }
}

/// A node of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// Always or never.
    Const(bool),
    /// The part does not hold.
    Not(Box<Node>),
    /// All parts hold.
    And(Vec<Node>),
    /// One of the parts holds.
    Or(Vec<Node>),
    /// A test of one value.
    Atom(Subject, Test),
    /// A date of the element lies in a window whose length some days of the element are not counted towards.
    Lengthened(Lengthened),
    /// At least so many elements of the list satisfy the body.
    AtLeast {
        /// The list.
        list: ListId,
        /// How many, at least.
        count: u32,
        /// What is asked of each element.
        body: Box<Node>,
    },
}

/// `within_years(c.date, 5, custody.arrest_date, c.days_incarcerated)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lengthened {
    /// The list whose elements are looked at.
    pub list: ListId,
    /// The date that should lie in the window.
    pub date: Field,
    /// The window's length in calendar years.
    pub years: i16,
    /// The date that it is counted back from.
    pub anchor: Slot,
    /// The days that do not count.
    pub by: Field,
}

/// Days past which no window in living memory fails to reach: they stand for "long enough" where the number is not known.
pub(crate) const LONG_ENOUGH: i64 = 1_000_000;

impl Lengthened {
    /// The test of the date for a number of days that do not count.
    #[must_use]
    pub fn test(self, days: i64) -> Test {
        Test::From(Bound::Back { years: self.years, days: days.clamp(0, LONG_ENOUGH) as i32, anchor: self.anchor })
    }

    /// The answer for an element, as the values of its fields.
    #[must_use]
    pub fn truth(self, facts: &Facts, element: &[Value]) -> Truth {
        let date = element[self.date.0 as usize];
        match element[self.by.0 as usize] {
            Value::Int(days) => self.test(days).on(date, facts),
            _ => self.test(0).on(date, facts).max(Truth::Unknown),
        }
    }
}

impl Node {
    pub(crate) fn not(self) -> Self {
        match self {
            Self::Const(b) => Self::Const(!b),
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    pub(crate) fn and(parts: Vec<Self>) -> Self {
        Self::join(parts, true)
    }

    pub(crate) fn or(parts: Vec<Self>) -> Self {
        Self::join(parts, false)
    }

    /// How many nodes there are.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Const(_) | Self::Atom(..) | Self::Lengthened(_) => 1,
            Self::Not(inner) => 1 + inner.size(),
            Self::And(parts) | Self::Or(parts) => 1 + parts.iter().map(Self::size).sum::<usize>(),
            Self::AtLeast { body, .. } => 1 + body.size(),
        }
    }

    /// Flattens, and drops what cannot matter; `unit` is what an empty join is worth.
    fn join(parts: Vec<Self>, unit: bool) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::Const(b) if b == unit => {}
                Self::Const(b) => return Self::Const(b),
                Self::And(inner) if unit => flat.extend(inner),
                Self::Or(inner) if !unit => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match (flat.len(), unit) {
            (0, _) => Self::Const(unit),
            (1, _) => flat.swap_remove(0),
            (_, true) => Self::And(flat),
            (_, false) => Self::Or(flat),
        }
    }

    fn counts_from(&self, slot: Slot) -> bool {
        match self {
            Self::Const(_) => false,
            Self::Not(inner) | Self::AtLeast { body: inner, .. } => inner.counts_from(slot),
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|p| p.counts_from(slot)),
            Self::Atom(_, Test::From(Bound::Back { anchor, .. }) | Test::After(Bound::Back { anchor, .. })) => *anchor == slot,
            Self::Lengthened(window) => window.anchor == slot,
            Self::Atom(..) => false,
        }
    }

    fn days_asked(&self, slot: Slot, days: &mut Vec<Date>) {
        match self {
            Self::Const(_) => {}
            Self::Not(inner) | Self::AtLeast { body: inner, .. } => inner.days_asked(slot, days),
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|p| p.days_asked(slot, days)),
            Self::Atom(subject, Test::From(Bound::Day(day))) if *subject == Subject::Scalar(slot) => days.push(*day),
            Self::Atom(subject, Test::After(Bound::Day(day))) if *subject == Subject::Scalar(slot) => days.extend(day.tomorrow()),
            Self::Atom(..) | Self::Lengthened(_) => {}
        }
    }

    fn reads(&self, slot: Slot) -> bool {
        match self {
            Self::Const(_) => false,
            Self::Not(inner) | Self::AtLeast { body: inner, .. } => inner.reads(slot),
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|p| p.reads(slot)),
            Self::Atom(subject, _) => *subject == Subject::Scalar(slot),
            Self::Lengthened(_) => false,
        }
    }

    /// The truth of a test is found on the spot: most nodes are one, and a call costs more than it.
    #[inline(always)]
    fn truth(&self, vocabulary: &Vocabulary, facts: &Facts, element: &[Value]) -> Truth {
        match self {
            Self::Atom(Subject::Scalar(slot), test) => test.on(facts.scalar(*slot), facts),
            Self::Atom(Subject::Field(_, field), test) => test.on(element[field.0 as usize], facts),
            Self::AtLeast { list, count, body } => body.truth_of_count(*list, *count, vocabulary, facts),
            whole => whole.truth_of_parts(vocabulary, facts, element),
        }
    }

    fn truth_of_parts(&self, vocabulary: &Vocabulary, facts: &Facts, element: &[Value]) -> Truth {
        match self {
            Self::Const(b) => Truth::of(*b),
            Self::Atom(..) => Truth::Unknown,
            Self::Lengthened(window) => window.truth(facts, element),
            Self::Not(inner) => !inner.truth(vocabulary, facts, element),
            Self::And(parts) => Self::truth_of_all(parts, vocabulary, facts, element),
            Self::Or(parts) => {
                let mut any = Truth::False;
                for part in parts {
                    match part.truth(vocabulary, facts, element) {
                        Truth::True => return Truth::True,
                        t => any = any.max(t),
                    }
                }
                any
            }
            Self::AtLeast { list, count, body } => body.truth_of_count(*list, *count, vocabulary, facts),
        }
    }

    #[inline(always)]
    fn truth_of_all(parts: &[Self], vocabulary: &Vocabulary, facts: &Facts, element: &[Value]) -> Truth {
        let mut all = Truth::True;
        for part in parts {
            match part.truth(vocabulary, facts, element) {
                Truth::False => return Truth::False,
                t => all = all.min(t),
            }
        }
        all
    }

    /// Whether at least so many elements of the list satisfy the node.
    fn truth_of_count(&self, list: ListId, count: u32, vocabulary: &Vocabulary, facts: &Facts) -> Truth {
        let (mut sure, mut open) = (0, 0);
        for element in facts.elements(list, vocabulary.record(list).fields.len()) {
            // Most are conjunctions that end at their first test: that is found without a call for each element.
            let truth = match self {
                Self::And(parts) => Self::truth_of_all(parts, vocabulary, facts, element),
                other => other.truth(vocabulary, facts, element),
            };
            match truth {
                Truth::True => sure += 1,
                Truth::Unknown => open += 1,
                Truth::False => {}
            }
            if sure >= count {
                return Truth::True;
            }
        }
        if sure + open < count && facts.is_complete(list, vocabulary) { Truth::False } else { Truth::Unknown }
    }
}

/// A condition over the facts of a case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    pub(crate) node: Node,
}

impl Condition {
    /// The condition that always holds.
    #[must_use]
    pub fn always() -> Self {
        Self { node: Node::Const(true) }
    }

    /// The tree that it was compiled to.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Whether it was written as `true`, or left out.
    #[must_use]
    pub fn is_always(&self) -> bool {
        self.node == Node::Const(true)
    }

    /// Holds where both do.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self { node: Node::and(vec![self.node.clone(), other.node.clone()]) }
    }

    /// Holds where this one does not.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self { node: self.node.clone().not() }
    }

    /// Whether it asks about a fact of the case.
    #[must_use]
    pub fn reads(&self, slot: Slot) -> bool {
        self.node.reads(slot)
    }

    /// Whether it counts a window back from a date of the case.
    #[must_use]
    pub fn counts_from(&self, slot: Slot) -> bool {
        self.node.counts_from(slot)
    }

    /// The fixed days with which it compares a fact of the case.
    #[must_use]
    pub fn days_asked(&self, slot: Slot) -> Vec<Date> {
        let mut days = Vec::new();
        self.node.days_asked(slot, &mut days);
        days
    }

    /// Its truth in a case, by Kleene's three-valued logic: quick, and never wrong, but unknown oftener than need be (`p || !p`).
    #[inline]
    #[must_use]
    pub fn truth(&self, vocabulary: &Vocabulary, facts: &Facts) -> Truth {
        self.node.truth(vocabulary, facts, &[])
    }
}
