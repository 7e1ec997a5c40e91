//! Missing dates that windows are counted from, and the few days on which it is enough to look at each.
//!
//! `within_years(c.date, 5, custody.arrest_date)` asks whether a date of an element is not before a day that moves with another date, the anchor. Only the
//! order of such days matters: among themselves, to the fixed days that the same dates are compared with, and to the dates that are known.

use crate::condition::{Subject, back};
use crate::{Date, Slot};
use jiff::ToSpan;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// A day counted back from an anchor; `after`: the day after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Window {
    pub(super) anchor: Slot,
    pub(super) years: i16,
    pub(super) days: i32,
    pub(super) after: bool,
}

impl Window {
    fn begins(self, anchor: Date) -> Date {
        let day = back(anchor, self.years, self.days);
        if self.after { next(day) } else { day }
    }

    /// The first day of the anchor for which the window begins on the day or later.
    fn first(self, day: Date) -> Date {
        let mut anchor = day.saturating_add(i32::from(self.years).years().days(self.days)).saturating_sub(3.days());
        while self.begins(anchor) < day && anchor < Date::MAX {
            anchor = next(anchor);
        }
        anchor
    }
}

/// The dates of a case or of elements that are compared with windows: what else is asked of them.
#[derive(Debug, Default)]
pub(super) struct Dated {
    pub(super) windows: BTreeSet<Window>,
    /// Fixed days from which on a test holds.
    pub(super) from: BTreeSet<Date>,
    /// The values that are known.
    pub(super) known: BTreeSet<Date>,
    /// Some value is not known.
    pub(super) open: bool,
}

/// More days than this for one anchor are past any budget.
const MAX_DAYS: usize = 1_000;

/// For each anchor, days of which one stands for every day it may be. `None`: too many, or no such set is known.
pub(super) fn cells(dated: &[(Subject, Dated)], base: Date) -> Option<FxHashMap<Slot, Vec<Date>>> {
    let mut days: BTreeMap<Slot, BTreeSet<Date>> = BTreeMap::new();
    for (subject, asked) in dated {
        for window in &asked.windows {
            days.entry(window.anchor).or_default();
        }
        if let Subject::Scalar(slot) = subject
            && !asked.from.is_empty()
        {
            days.entry(*slot).or_default().extend(asked.from.iter().flat_map(|d| around(*d)));
        }
    }
    days.retain(|slot, _| dated.iter().any(|(_, asked)| asked.windows.iter().any(|w| w.anchor == *slot)));
    let own = days.clone();
    for (_, asked) in dated {
        let anchors: BTreeSet<Slot> = asked.windows.iter().map(|w| w.anchor).collect();
        let coupled = asked.open && anchors.len() > 1;
        if coupled && asked.windows.iter().any(|w| w.years > 0) {
            // Years have no fixed length: how two unknown dates lie to each other takes no few days to tell.
            return None;
        }
        let mut cuts: BTreeSet<Date> = asked.known.iter().map(|d| next(*d)).collect();
        if asked.open {
            cuts.extend(asked.from.iter().flat_map(|d| [*d, next(*d)]));
            cuts.extend(anchors.iter().flat_map(|a| &own[a]).filter(|_| coupled));
            if cuts.is_empty() {
                cuts.insert(base);
            }
        }
        // Of two unknown dates each may lie just before or behind any day that the other can reach.
        for _ in 0..if coupled { anchors.len() } else { 1 } {
            for window in &asked.windows {
                let mine = days.entry(window.anchor).or_default();
                mine.extend(cuts.iter().flat_map(|c| around(window.first(*c))));
                if mine.len() > MAX_DAYS {
                    return None;
                }
            }
            cuts.extend(asked.windows.iter().flat_map(|w| days[&w.anchor].iter().flat_map(|d| [w.begins(*d), next(w.begins(*d))])));
        }
        if asked.open {
            uneven(&asked.windows, &mut days);
        }
    }
    let fit = |days: BTreeSet<Date>| {
        // The first cell reaches back without end; the day before the first edge stands for it.
        let before = days.first().map_or(base, |d| d.yesterday().unwrap_or(*d));
        (days.len() <= MAX_DAYS).then(|| std::iter::once(before).chain(days).collect())
    };
    days.into_iter().map(|(slot, days)| Some((slot, fit(days)?))).collect()
}

/// A year and 365 days count back to the same day or not, as 29 February lies between: in each cell, a day of either kind.
fn uneven(windows: &BTreeSet<Window>, days: &mut BTreeMap<Slot, BTreeSet<Date>>) {
    for (slot, days) in days {
        let mine: Vec<Window> = windows.iter().copied().filter(|w| w.anchor == *slot).collect();
        let close = |a: &Window, b: &Window| {
            a.years > 0 && b.days > 0 && (i32::from(a.years) * 1461 / 4 - b.days).abs() <= i32::from(a.years) / 4 + 3
        };
        if !mine.iter().any(|a| mine.iter().any(|b| close(a, b))) {
            continue;
        }
        let order = |day: Date| -> Vec<i32> {
            let begins: Vec<Date> = mine.iter().map(|w| w.begins(day)).collect();
            begins.iter().flat_map(|a| begins.iter().map(|b| (*a - *b).get_days().clamp(-2, 2))).collect()
        };
        let edges: Vec<Date> = std::iter::once(Date::MIN).chain(days.iter().copied()).chain([Date::MAX]).collect();
        for pair in edges.windows(2) {
            // The calendar repeats itself after 400 years.
            let first = if pair[0] == Date::MIN { pair[1].saturating_sub(404.years()) } else { pair[0] };
            let last = pair[1].min(first.saturating_add(404.years()));
            let mut seen = BTreeSet::from([order(first)]);
            for year in first.year()..=last.year() {
                for (month, day) in [(1, 15), (2, 28), (2, 29), (3, 1)] {
                    let Ok(day) = Date::new(year, month, day) else { continue };
                    if day >= first && day < last && seen.insert(order(day)) {
                        days.extend([day, next(day)]);
                    }
                }
            }
        }
    }
}

fn next(day: Date) -> Date {
    day.tomorrow().unwrap_or(day)
}

/// A change of the answer shows between two neighbouring days.
fn around(day: Date) -> impl Iterator<Item = Date> {
    (-1..=1).map(move |n: i32| day.saturating_add(n.days()))
}
