//! Whether a withheld figure is a sum or difference of published ones, across the whole report.

use std::collections::{BTreeMap, BTreeSet};

/// The prime that is counted by: 2^61 - 1. A combination with rational weights is one here too.
const PRIME: u128 = (1 << 61) - 1;

/// A figure by what it counts.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    /// The things that were counted, by number.
    pub(crate) things: BTreeSet<usize>,
    /// Whether it is withheld.
    pub(crate) withheld: bool,
}

/// Withholds more figures until none that is withheld is a combination of published ones. Gives whether anything changed.
pub(crate) fn withhold_combinations(figures: &mut [Counted]) -> bool {
    let mut changed = false;
    loop {
        let told = figures.iter().find(|f| f.withheld && in_span(figures, &f.things)).map(|f| f.things.clone());
        let Some(told) = told else { return changed };
        // The smallest that tells it no longer once it is gone; or else the smallest that has a share in it.
        let mut shown: Vec<usize> =
            (0..figures.len()).filter(|at| figures.get(*at).is_some_and(|f| !f.withheld && !f.things.is_empty())).collect();
        shown.sort_by_key(|at| figures.get(*at).map(|f| f.things.len()));
        let helps = |at: &&usize| {
            let mut without = figures.to_vec();
            without.get_mut(**at).into_iter().for_each(|f| f.withheld = true);
            !in_span(&without, &told)
        };
        let shares = |at: &&usize| figures.get(**at).is_some_and(|f| !f.things.is_disjoint(&told));
        let next = shown.iter().find(helps).or_else(|| shown.iter().find(shares)).copied();
        let Some(next) = next.and_then(|at| figures.get_mut(at)) else { return changed };
        next.withheld = true;
        changed = true;
    }
}

/// Whether a figure is a combination of the published ones.
fn in_span(figures: &[Counted], target: &BTreeSet<usize>) -> bool {
    let published: Vec<&BTreeSet<usize>> = figures.iter().filter(|f| !f.withheld && !f.things.is_empty()).map(|f| &f.things).collect();
    // Things that the same figures count are one: it is enough to look at one of each sort.
    let mut sorts: BTreeMap<(Vec<bool>, bool), usize> = BTreeMap::new();
    for thing in published.iter().copied().chain([target]).flatten() {
        let sort = (published.iter().map(|f| f.contains(thing)).collect(), target.contains(thing));
        sorts.entry(sort).or_insert(*thing);
    }
    let row = |things: &BTreeSet<usize>| -> Vec<u128> { sorts.values().map(|thing| u128::from(things.contains(thing))).collect() };
    let mut basis: Vec<(usize, Vec<u128>)> = Vec::new();
    for things in &published {
        let reduced = reduce(row(things), &basis);
        if let Some(lead) = reduced.iter().position(|x| *x != 0) {
            basis.push((lead, reduced));
        }
    }
    reduce(row(target), &basis).iter().all(|x| *x == 0)
}

/// A row less its multiples of the rows before it.
fn reduce(mut row: Vec<u128>, basis: &[(usize, Vec<u128>)]) -> Vec<u128> {
    for (lead, by) in basis {
        let (Some(&have), Some(&of)) = (row.get(*lead), by.get(*lead)) else { continue };
        if have != 0 {
            let times = have * power(of, PRIME - 2) % PRIME;
            for (x, y) in row.iter_mut().zip(by) {
                *x = (*x + PRIME - times * y % PRIME) % PRIME;
            }
        }
    }
    row
}

fn power(base: u128, mut exponent: u128) -> u128 {
    let (mut base, mut result) = (base % PRIME, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        exponent >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::{Counted, in_span, withhold_combinations};
    use std::collections::BTreeSet;

    fn counted(things: &[usize], withheld: bool) -> Counted {
        Counted { things: things.iter().copied().collect(), withheld }
    }

    #[test]
    fn a_difference_of_two_tables_tells_nothing_small() {
        // All eight; seven of them in another table: the eighth is told.
        let mut figures = [counted(&[0, 1, 2, 3, 4, 5, 6, 7], false), counted(&[0, 1, 2, 3, 4, 5, 6], false), counted(&[7], true)];
        assert!(in_span(&figures, &BTreeSet::from([7])));
        assert!(withhold_combinations(&mut figures));
        assert!(!in_span(&figures, &BTreeSet::from([7])));
        assert!(!figures[0].withheld, "the larger figure stays");
    }

    #[test]
    fn half_of_a_sum_is_a_combination_too() {
        // a+b, b+c and a+c tell each of them.
        let figures = [counted(&[0, 1], false), counted(&[1, 2], false), counted(&[0, 2], false), counted(&[0], true)];
        assert!(in_span(&figures, &BTreeSet::from([0])));
        assert!(!in_span(&figures[..2], &BTreeSet::from([0])));
    }
}
