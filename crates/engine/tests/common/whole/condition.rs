//! Conditions of random laws: their text, and whether they hold.

use super::{Who, World};
use crate::common::joined;
use comity_logic::Date;
use proptest::prelude::*;

/// Days on which norms begin and end, and that conditions compare with.
pub const DAYS: [(i16, i8, i8); 4] = [(2000, 1, 1), (2004, 2, 29), (2005, 6, 15), (2010, 1, 1)];

pub fn day(at: usize) -> Date {
    let (y, m, d) = DAYS[at];
    Date::new(y, m, d).unwrap()
}

pub fn back(day: Date, years: i16) -> Date {
    Date::new(day.year() - years, day.month(), day.day()).unwrap_or_else(|_| Date::new(day.year() - years, 2, 28).unwrap())
}

#[derive(Clone, Debug)]
pub enum Cond {
    True,
    Bool(usize),
    Is(u8),
    Point,
    Police,
    Here,
    Port,
    OnFrom(usize),
    DateFrom(usize),
    /// A date of the case is at most so many years before the day.
    Within(i16),
    NotAfterDay,
    F,
    G,
    Has(Box<Cond>),
    Not(Box<Cond>),
    And(Box<Cond>, Box<Cond>),
    Or(Box<Cond>, Box<Cond>),
}

impl Cond {
    pub fn text(&self) -> String {
        match self {
            Self::True => "true".to_owned(),
            Self::Bool(n) => format!("c.b{n}"),
            Self::Is(v) => format!("c.e == '{}'", ["x", "y", "z"][*v as usize]),
            Self::Point => "law.p".to_owned(),
            Self::Police => "agency.kind == 'police'".to_owned(),
            Self::Here => "agency.place == 'us-ca/testville'".to_owned(),
            Self::Port => "agency.name.startsWith('Port')".to_owned(),
            Self::OnFrom(at) => format!("on >= date('{}')", day(*at)),
            Self::DateFrom(at) => format!("c.d >= date('{}')", day(*at)),
            Self::Within(years) => format!("within_years(c.d, {years})"),
            Self::NotAfterDay => "c.d <= on".to_owned(),
            Self::F => "v.f".to_owned(),
            Self::G => "v.g".to_owned(),
            Self::Has(body) => format!("c.xs.exists(v, {})", body.text()),
            Self::Not(a) => format!("!({})", a.text()),
            Self::And(a, b) => format!("({}) && ({})", a.text(), b.text()),
            Self::Or(a, b) => format!("({}) || ({})", a.text(), b.text()),
        }
    }

    pub fn holds(&self, who: &Who, w: &World, element: usize) -> bool {
        match self {
            Self::True => true,
            Self::Bool(n) => w.bools[*n],
            Self::Is(v) => w.value == *v,
            Self::Point => w.point,
            Self::Police => who.kind == "police",
            Self::Here => who.place == "us-ca/testville",
            Self::Port => who.name.starts_with("Port"),
            Self::OnFrom(at) => who.on >= day(*at),
            Self::DateFrom(at) => w.date >= day(*at),
            Self::Within(years) => w.date >= back(who.on, *years),
            Self::NotAfterDay => w.date <= who.on,
            Self::F => element & 1 == 1,
            Self::G => element & 2 == 2,
            Self::Has(body) => (0..4).any(|kind| w.kinds >> kind & 1 == 1 && body.holds(who, w, kind)),
            Self::Not(a) => !a.holds(who, w, element),
            Self::And(a, b) => a.holds(who, w, element) && b.holds(who, w, element),
            Self::Or(a, b) => a.holds(who, w, element) || b.holds(who, w, element),
        }
    }

    pub fn any(&self, is: &dyn Fn(&Self) -> bool) -> bool {
        is(self)
            || match self {
                Self::Has(a) | Self::Not(a) => a.any(is),
                Self::And(a, b) | Self::Or(a, b) => a.any(is) || b.any(is),
                _ => false,
            }
    }
}

pub fn condition() -> BoxedStrategy<Cond> {
    let body = joined(
        [Cond::And, Cond::Or],
        Cond::Not,
        5,
        prop_oneof![3 => Just(Cond::F), 3 => Just(Cond::G), 1 => (0usize..3).prop_map(Cond::Bool)].boxed(),
        1,
    );
    let leaf = prop_oneof![
        2 => Just(Cond::True),
        6 => (0usize..3).prop_map(Cond::Bool),
        3 => (0u8..3).prop_map(Cond::Is),
        2 => Just(Cond::Point),
        1 => Just(Cond::Police),
        1 => Just(Cond::Here),
        1 => Just(Cond::Port),
        1 => (0usize..4).prop_map(Cond::OnFrom),
        1 => (0usize..4).prop_map(Cond::DateFrom),
        2 => (1i16..3).prop_map(Cond::Within),
        1 => Just(Cond::NotAfterDay),
        2 => body.prop_map(|b| Cond::Has(Box::new(b))),
    ];
    joined([Cond::And, Cond::Or], Cond::Not, 5, leaf.boxed(), 2)
}
