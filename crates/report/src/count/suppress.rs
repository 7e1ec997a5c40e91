//! Small cells of a table withheld, and as many others as it takes that sums do not tell them.
//!
//! Whoever reads a report knows more than its sums: `fewest` is printed on it, and a zero is never withheld, so what is withheld is at least 1. A row that
//! is there only because it occurs says no more than that. Which of the parts are withheld because they are small is taken as known too, so these are below
//! `fewest`. Of a total it is not: it is withheld as often to hide its parts.

/// A table with its totals: rows of cells, the row's total last, and a last row of totals.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    cells: Vec<Vec<u64>>,
    /// Whether a place holds a number that is published at all; the others are no more than slack.
    real: Vec<Vec<bool>>,
    /// Numbers from 1 to below this one are small.
    fewest: u64,
}

impl Grid {
    /// A table of two dimensions: sums of rows, of columns, and of all are published.
    pub(crate) fn two(cells: &[Vec<u64>], fewest: u64) -> Self {
        let mut all: Vec<Vec<u64>> = cells.iter().map(|row| row.iter().copied().chain([row.iter().sum()]).collect()).collect();
        let width = all.first().map_or(1, Vec::len);
        all.push((0..width).map(|at| all.iter().filter_map(|row| row.get(at)).sum()).collect());
        let real = all.iter().map(|row| vec![true; row.len()]).collect();
        Self { cells: all, real, fewest }
    }

    /// Parts and their sum.
    pub(crate) fn one(parts: &[u64], fewest: u64) -> Self {
        let mut grid = Self::two(&[parts.to_vec()], fewest);
        // Parts are not summed across: what would be their columns' totals is nowhere published.
        grid.real.iter_mut().skip(1).flatten().for_each(|real| *real = false);
        grid
    }

    fn at(&self, (row, column): (usize, usize)) -> u64 {
        self.cells.get(row).and_then(|r| r.get(column)).copied().unwrap_or_default()
    }

    fn places(&self) -> impl Iterator<Item = (usize, usize)> + use<'_> {
        self.cells.iter().enumerate().flat_map(|(row, cells)| (0..cells.len()).map(move |column| (row, column)))
    }

    fn is_real(&self, (row, column): (usize, usize)) -> bool {
        self.real.get(row).and_then(|r| r.get(column)) == Some(&true)
    }

    fn is_total(&self, (row, column): (usize, usize)) -> bool {
        row + 1 == self.cells.len() || self.cells.first().is_some_and(|r| column + 1 == r.len())
    }

    fn is_small(&self, place: (usize, usize)) -> bool {
        self.is_real(place) && (1..self.fewest).contains(&self.at(place))
    }

    /// Whether the number at a place may grow, and shrink, for all that a reader knows of it. Totals enter sums with a minus: there the two change places.
    fn moves(&self, place: (usize, usize)) -> (bool, bool) {
        let minus = (place.0 + 1 == self.cells.len()) != self.cells.first().is_some_and(|r| place.1 + 1 == r.len());
        let grows = !self.is_small(place) || self.is_total(place) || self.at(place) + 1 < self.fewest;
        let shrinks = self.at(place) > u64::from(self.is_real(place));
        if minus { (shrinks, grows) } else { (grows, shrinks) }
    }

    /// Whether whoever sees all but what is withheld can work out the number at this place: no other table with whole numbers within the bounds fits.
    ///
    /// With totals negated every line sums to zero, so any change runs along a cycle of rows and columns through withheld places, up at one and down at the next.
    pub(crate) fn is_told(&self, withheld: &[Vec<bool>], place: (usize, usize)) -> bool {
        let (up, down) = self.moves(place);
        !(up && self.reaches(withheld, place, true) || down && self.reaches(withheld, place, false))
    }

    /// Whether a path of changes leads back to the place after it went up, or after it went down.
    fn reaches(&self, withheld: &[Vec<bool>], place: (usize, usize), after_up: bool) -> bool {
        let (rows, columns) = (self.cells.len(), self.cells.first().map_or(0, Vec::len));
        let hidden = |row: usize, column: usize| {
            let is = withheld.get(row).and_then(|r| r.get(column)) == Some(&true) || !self.is_real((row, column));
            is && (row, column) != place
        };
        let (mut row_seen, mut column_seen) = (vec![false; rows], vec![false; columns]);
        // Going up at a place leads from its row to its column, going down from its column to its row.
        let (mut todo, goal) = if after_up { (vec![(false, place.1)], (true, place.0)) } else { (vec![(true, place.0)], (false, place.1)) };
        while let Some((is_row, at)) = todo.pop() {
            if (is_row, at) == goal {
                return true;
            }
            let seen = if is_row { row_seen.get_mut(at) } else { column_seen.get_mut(at) };
            if seen.is_none_or(|seen| std::mem::replace(seen, true)) {
                continue;
            }
            if is_row {
                todo.extend((0..columns).filter(|c| hidden(at, *c) && self.moves((at, *c)).0).map(|c| (false, c)));
            } else {
                todo.extend((0..rows).filter(|r| hidden(*r, at) && self.moves((*r, at)).1).map(|r| (true, r)));
            }
        }
        false
    }

    /// What is to be withheld, beside what is already, so that no small number is shown and no withheld one can be worked out from the rest.
    pub(crate) fn withhold(&self, already: Vec<Vec<bool>>) -> Vec<Vec<bool>> {
        let mut withheld = already;
        let set = |withheld: &mut Vec<Vec<bool>>, (row, column): (usize, usize)| {
            if let Some(cell) = withheld.get_mut(row).and_then(|r| r.get_mut(column)) {
                *cell = true;
            }
        };
        self.places().filter(|place| self.is_small(*place)).for_each(|place| set(&mut withheld, place));
        loop {
            let is = |withheld: &[Vec<bool>], (row, column): (usize, usize)| withheld.get(row).and_then(|r| r.get(column)) == Some(&true);
            let told = self.places().find(|place| is(&withheld, *place) && self.is_told(&withheld, *place));
            let Some(told) = told else { return withheld };
            // A zero is left: another table would tell it, by a row that is not there.
            let shown = self.places().filter(|place| self.is_real(*place) && !is(&withheld, *place) && self.at(*place) > 0);
            // Of what shares a line with it the smallest part goes, then totals: the least that is lost.
            let cost = |place: &(usize, usize)| {
                let beside = place.0 == told.0 || place.1 == told.1;
                (!beside, self.is_total(*place), self.at(*place))
            };
            let shown: Vec<(usize, usize)> = shown.collect();
            let Some(least) = shown.iter().map(cost).min() else { return withheld };
            // Of equals all go: the choice of the first would tell which of two the small one is.
            shown.into_iter().filter(|place| cost(place) == least).for_each(|place| set(&mut withheld, place));
        }
    }

    /// A mask under which all is shown.
    #[cfg(test)]
    fn open(&self) -> Vec<Vec<bool>> {
        self.cells.iter().map(|row| vec![false; row.len()]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Grid;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// All that a reader can take for the table, the slow way: every number for every part that is withheld, kept where sums and bounds hold.
    ///
    /// A part that is withheld as small lies from 1 to below `fewest`; any other number that is withheld is at least 1. Going a little beyond what is true is enough:
    /// two tables that fit differ by cycles, and one step along a cycle fits too.
    fn fitting(inner: &[Vec<u64>], withheld: &[Vec<bool>], fewest: u64, one: bool) -> Vec<Vec<Vec<u64>>> {
        let ranges: Vec<Vec<u64>> = inner
            .iter()
            .enumerate()
            .flat_map(|(r, row)| row.iter().enumerate().map(move |(c, n)| (r, c, *n)))
            .map(|(r, c, n)| match (withheld[r][c], n < fewest) {
                (false, _) => vec![n],
                (true, true) => (1..fewest).collect(),
                (true, false) => (1..=n + 2).collect(),
            })
            .collect();
        let full = |flat: &[u64]| {
            let mut rows: Vec<Vec<u64>> = flat.chunks(inner[0].len()).map(<[u64]>::to_vec).collect();
            rows.iter_mut().for_each(|row| row.push(row.iter().sum()));
            if !one {
                rows.push((0..=inner[0].len()).map(|c| rows.iter().map(|row| row[c]).sum()).collect());
            }
            rows
        };
        let truth = full(&inner.concat());
        let fits = |table: &Vec<Vec<u64>>| {
            table
                .iter()
                .zip(&truth)
                .zip(withheld)
                .all(|((row, true_row), mask)| row.iter().zip(true_row).zip(mask).all(|((n, t), hidden)| *hidden || n == t))
        };
        let mut flats: Vec<Vec<u64>> = vec![Vec::new()];
        for range in &ranges {
            flats = flats.iter().flat_map(|flat| range.iter().map(|n| flat.iter().copied().chain([*n]).collect())).collect();
        }
        flats.iter().map(|flat| full(flat)).filter(fits).collect()
    }

    fn values(fitting: &[Vec<Vec<u64>>], (row, column): (usize, usize)) -> BTreeSet<u64> {
        fitting.iter().map(|table| table[row][column]).collect()
    }

    /// That nothing small is shown and nothing withheld can be worked out.
    fn safe(inner: &[Vec<u64>], grid: &Grid, fewest: u64, one: bool) -> Result<(), TestCaseError> {
        let withheld = grid.withhold(grid.open());
        let fitting = fitting(inner, &withheld, fewest, one);
        for place in grid.places().filter(|place| grid.is_real(*place)) {
            let (n, hidden) = (grid.at(place), withheld[place.0][place.1]);
            prop_assert!(hidden || !(1..fewest).contains(&n), "{place:?} is shown");
            prop_assert!(!hidden || n > 0, "the zero at {place:?} is withheld");
            let values = values(&fitting, place);
            prop_assert!(!hidden || values.len() > 1, "{place:?} can only be {values:?}");
        }
        Ok(())
    }

    #[test]
    fn groups_that_are_there_because_they_occur_are_not_told_by_their_number() {
        // Four rows, each at least 1, and a total of 4: the total goes too.
        let grid = Grid::one(&[1, 1, 1, 1], 4);
        assert_eq!(grid.withhold(grid.open())[0], [true; 5]);
        // Two numbers below 4 that make 6 are both 3.
        let grid = Grid::one(&[3, 3, 50], 4);
        assert_eq!(grid.withhold(grid.open())[0], [true, true, true, false]);
        // 1 + 2 may be 2 + 1.
        let grid = Grid::one(&[1, 2, 50], 4);
        assert_eq!(grid.withhold(grid.open())[0], [true, true, false, false]);
    }

    proptest! {
        #[test]
        fn no_withheld_number_can_be_worked_out(cells in prop::collection::vec(prop::collection::vec(0..6_u64, 2), 1..3), fewest in 3..6_u64) {
            safe(&cells, &Grid::two(&cells, fewest), fewest, false)?;
        }

        #[test]
        fn parts_of_a_sum(parts in prop::collection::vec(0..7_u64, 1..5), fewest in 3..6_u64) {
            safe(std::slice::from_ref(&parts), &Grid::one(&parts, fewest), fewest, true)?;
        }

        #[test]
        fn what_is_taken_for_told_is_told(
            cells in prop::collection::vec(prop::collection::vec(1..6_u64, 2), 1..3), fewest in 3..6_u64, mask in prop::collection::vec(prop::collection::vec(any::<bool>(), 3), 3),
        ) {
            let grid = Grid::two(&cells, fewest);
            let mask: Vec<Vec<bool>> = mask.into_iter().skip(3 - grid.cells.len()).collect();
            let fitting = fitting(&cells, &mask, fewest, false);
            for place in grid.places().filter(|place| mask[place.0][place.1]) {
                prop_assert_eq!(grid.is_told(&mask, place), values(&fitting, place).len() == 1, "{:?}", place);
            }
        }

        #[test]
        fn who_runs_the_program_on_every_sum_learns_nothing_either(parts in prop::collection::vec(1..6_u64, 1..4), fewest in 3..5_u64) {
            let mask_of = |parts: &[u64]| { let grid = Grid::one(parts, fewest); grid.withhold(grid.open()) };
            let mask = mask_of(&parts);
            let mut all: Vec<Vec<u64>> = vec![Vec::new()];
            for (part, hidden) in parts.iter().zip(&mask[0]) {
                let range = if *hidden { 1..=14 } else { *part..=*part };
                all = all.iter().flat_map(|flat| range.clone().map(|n| flat.iter().copied().chain([n]).collect())).collect();
            }
            let total_hidden = mask[0][parts.len()];
            let sum: u64 = parts.iter().sum();
            all.retain(|p| (total_hidden || p.iter().sum::<u64>() == sum) && mask_of(p) == mask);
            for at in (0..parts.len()).filter(|at| mask[0][*at]) {
                let values: BTreeSet<u64> = all.iter().map(|p| p[at]).collect();
                prop_assert!(values.len() > 1, "part {at} of {parts:?} can only be {values:?}");
            }
        }

        #[test]
        fn nothing_is_withheld_without_need(cells in prop::collection::vec(prop::collection::vec(0..50_u64, 3), 1..5)) {
            let grid = Grid::two(&cells, 5);
            let any_small = grid.places().any(|place| (1..5).contains(&grid.at(place)));
            prop_assert_eq!(grid.withhold(grid.open()).iter().flatten().any(|is| *is), any_small);
            let grid = Grid::two(&cells, 0);
            prop_assert!(!grid.withhold(grid.open()).iter().flatten().any(|is| *is));
        }
    }
}
