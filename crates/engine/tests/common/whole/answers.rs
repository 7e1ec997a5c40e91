//! Everything that the facts of a case may be, as far as a law turns on it.

use super::condition::{Cond, DAYS, back, day};
use super::{DATE, FACTS, LIST, POINT, VALUE, Whole, World};
use comity_logic::Date;
use jiff::ToSpan;
use std::collections::BTreeSet;

/// The answers that each fact may have.
#[derive(Clone, Debug)]
pub struct Answers {
    pub counts: [usize; FACTS],
    pub dates: Vec<Date>,
}

impl Answers {
    pub fn total(&self) -> usize {
        self.counts.iter().product()
    }

    pub fn digits(&self, mut code: usize) -> [usize; FACTS] {
        self.counts.map(|n| {
            let digit = code % n;
            code /= n;
            digit
        })
    }

    pub fn world(&self, digits: &[usize; FACTS]) -> World {
        World {
            bools: [digits[0] == 1, digits[1] == 1, digits[2] == 1],
            value: digits[VALUE] as u8,
            point: digits[POINT] == 1,
            date: self.dates[digits[DATE]],
            kinds: digits[LIST],
        }
    }

    /// The fewest stated facts (each element of a list counts as one more) that leave only wanted cases; `wanted` is by code.
    pub fn fewest(&self, wanted: &[bool]) -> Option<usize> {
        // One more digit for each fact: not stated.
        let mut holds = wanted.to_vec();
        let mut step = 1;
        for n in self.counts {
            let mut more = Vec::with_capacity(holds.len() / n * (n + 1));
            for block in holds.chunks(step * n) {
                more.extend_from_slice(block);
                more.extend((0..step).map(|low| (0..n).all(|digit| block[digit * step + low])));
            }
            holds = more;
            step *= n + 1;
        }
        let cost = |mut code: usize| -> usize {
            let mut cost = 0;
            for (fact, n) in self.counts.iter().enumerate() {
                let digit = code % (n + 1);
                code /= n + 1;
                if digit < *n {
                    cost += 1 + if fact == LIST { digit.count_ones() as usize } else { 0 };
                }
            }
            cost
        };
        holds.iter().enumerate().filter(|(_, h)| **h).map(|(code, _)| cost(code)).min()
    }
}

impl Whole {
    /// Which facts these norms turn on.
    pub fn read(&self, norms: &[usize]) -> Vec<usize> {
        let any = |is: &dyn Fn(&Cond) -> bool| self.any(norms, is);
        let reads = |fact: &usize| match *fact {
            // The action may not arise.
            0 => true,
            n @ 1..VALUE => any(&|c| matches!(c, Cond::Bool(m) if *m == n)),
            VALUE => any(&|c| matches!(c, Cond::Is(_))),
            POINT => any(&|c| matches!(c, Cond::Point)),
            DATE => any(&|c| matches!(c, Cond::DateFrom(_) | Cond::Within(_) | Cond::NotAfterDay)),
            _ => any(&|c| matches!(c, Cond::Has(_))),
        };
        (0..FACTS).filter(reads).collect()
    }

    /// How many answers each fact has, for these norms and days; facts that the norms do not turn on have one.
    pub fn answers(&self, norms: &[usize], on: &[Date]) -> Answers {
        let read = self.read(norms);
        let asked = |at: &usize| self.any(norms, &|c| matches!(c, Cond::DateFrom(with) if with == at));
        let edges = (0..DAYS.len()).filter(asked).map(day).chain(on.iter().flat_map(|d| [*d, back(*d, 1), back(*d, 2)]));
        let dates: BTreeSet<Date> = edges.flat_map(|d| [d.yesterday().unwrap(), d, d.tomorrow().unwrap()]).collect();
        let count = |fact: usize| match fact {
            _ if !read.contains(&fact) => 1,
            VALUE => 3,
            DATE => dates.len(),
            LIST => 16,
            _ => 2,
        };
        Answers { counts: std::array::from_fn(count), dates: dates.into_iter().collect() }
    }

    /// Every day on which anything may turn.
    pub fn days(&self) -> Vec<Date> {
        let mut days = BTreeSet::new();
        for at in 0..DAYS.len() {
            for years in 0..3i32 {
                let edge = day(at).saturating_add(years.years());
                days.extend([edge.yesterday().unwrap(), edge, edge.tomorrow().unwrap()]);
            }
        }
        days.retain(|d| *d >= day(0));
        let all: Vec<usize> = (0..self.norms.len()).collect();
        if !self.any(&all, &|c| matches!(c, Cond::Within(_) | Cond::NotAfterDay)) {
            // Without windows only the days themselves and those after them count.
            days.retain(|d| (0..DAYS.len()).any(|at| *d == day(at) || *d == day(at).tomorrow().unwrap()));
        }
        days.into_iter().collect()
    }
}
