//! Small cells of a table withheld, and as many others as it takes that sums do not tell them.

/// A table with its totals: rows of cells, the row's total last, and a last row of totals. Where `rows_only` is set the table is one row of parts and their sum.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    cells: Vec<Vec<u64>>,
    /// Whether a place holds a number that is published at all; the others are no more than slack.
    real: Vec<Vec<bool>>,
}

impl Grid {
    /// A table of two dimensions: sums of rows, of columns, and of all are published.
    pub(crate) fn two(cells: &[Vec<u64>]) -> Self {
        let mut all: Vec<Vec<u64>> = cells.iter().map(|row| row.iter().copied().chain([row.iter().sum()]).collect()).collect();
        let width = all.first().map_or(1, Vec::len);
        all.push((0..width).map(|at| all.iter().filter_map(|row| row.get(at)).sum()).collect());
        let real = all.iter().map(|row| vec![true; row.len()]).collect();
        Self { cells: all, real }
    }

    /// Parts and their sum.
    pub(crate) fn one(parts: &[u64]) -> Self {
        let mut grid = Self::two(&[parts.to_vec()]);
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

    /// Whether the number at a place may grow, and shrink, without any number falling below zero. Totals enter sums with a minus: there the two change places.
    fn moves(&self, place: (usize, usize)) -> (bool, bool) {
        let minus = (place.0 + 1 == self.cells.len()) != self.cells.first().is_some_and(|r| place.1 + 1 == r.len());
        let positive = self.at(place) > 0;
        if minus { (positive, true) } else { (true, positive) }
    }

    /// Whether whoever sees all but what is withheld can work out the number at this place: no other table with whole numbers from zero up fits.
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

    /// What is to be withheld so that no number from 1 to below `fewest` is shown or can be worked out from the rest.
    pub(crate) fn withhold(&self, fewest: u64) -> Vec<Vec<bool>> {
        let small = |place| self.is_real(place) && (1..fewest).contains(&self.at(place));
        let mut withheld: Vec<Vec<bool>> = self.cells.iter().map(|row| vec![false; row.len()]).collect();
        let set = |withheld: &mut Vec<Vec<bool>>, (row, column): (usize, usize)| {
            if let Some(cell) = withheld.get_mut(row).and_then(|r| r.get_mut(column)) {
                *cell = true;
            }
        };
        self.places().filter(|place| small(*place)).for_each(|place| set(&mut withheld, place));
        loop {
            let is = |withheld: &[Vec<bool>], (row, column): (usize, usize)| withheld.get(row).and_then(|r| r.get(column)) == Some(&true);
            let told = self.places().find(|place| is(&withheld, *place) && self.is_told(&withheld, *place));
            let Some(told) = told else { return withheld };
            let shown = self.places().filter(|place| self.is_real(*place) && !is(&withheld, *place));
            // Of what shares a line with it the smallest part goes, then zeros, then totals: the least that is lost.
            let cost = |place: &(usize, usize)| {
                let beside = place.0 == told.0 || place.1 == told.1;
                (!beside, self.is_total(*place), self.at(*place) == 0, self.at(*place), *place)
            };
            match shown.min_by_key(cost) {
                Some(place) => set(&mut withheld, place),
                None => return withheld,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Grid;
    use proptest::prelude::*;

    /// All tables of whole numbers that fit what is shown, the slow way: every assignment of the withheld places up to a bound.
    fn fitting(grid: &Grid, withheld: &[Vec<bool>]) -> Vec<Vec<Vec<u64>>> {
        let (rows, columns) = (grid.cells.len() - 1, grid.cells[0].len() - 1);
        let bound = 4 + grid.cells[rows][columns];
        let shown = |r: usize, c: usize| (grid.is_real((r, c)) && !withheld[r][c]).then(|| grid.cells[r][c]);
        let mut found = Vec::new();
        let mut inner = vec![0; rows * columns];
        fn go(at: usize, inner: &mut Vec<u64>, grid: &Grid, withheld: &[Vec<bool>], bound: u64, check: &mut dyn FnMut(&[u64])) {
            let columns = grid.cells[0].len() - 1;
            if at == inner.len() {
                return check(inner);
            }
            let (r, c) = (at / columns, at % columns);
            if withheld[r][c] {
                for value in 0..=bound {
                    inner[at] = value;
                    go(at + 1, inner, grid, withheld, bound, check);
                }
            } else {
                inner[at] = grid.cells[r][c];
                go(at + 1, inner, grid, withheld, bound, check);
            }
        }
        go(0, &mut inner, grid, withheld, bound, &mut |inner| {
            let rows_of: Vec<Vec<u64>> = inner.chunks(columns).map(<[u64]>::to_vec).collect();
            let full = Grid::two(&rows_of).cells;
            let fits = (0..=rows).all(|r| (0..=columns).all(|c| shown(r, c).is_none_or(|value| full[r][c] == value)));
            if fits {
                found.push(full);
            }
        });
        found
    }

    proptest! {
        #[test]
        fn no_withheld_number_can_be_worked_out(cells in prop::collection::vec(prop::collection::vec(0..5_u64, 2), 1..3), fewest in 2..5_u64) {
            let grid = Grid::two(&cells);
            let withheld = grid.withhold(fewest);
            let fitting = fitting(&grid, &withheld);
            for place in grid.places() {
                let small = (1..fewest).contains(&grid.at(place));
                prop_assert!(!small || withheld[place.0][place.1], "{place:?} is shown");
                let values: std::collections::BTreeSet<u64> = fitting.iter().map(|t| t[place.0][place.1]).collect();
                prop_assert!(!withheld[place.0][place.1] || values.len() > 1, "{place:?} can only be {values:?}");
                // What is taken for told is told, and the other way round.
                prop_assert_eq!(withheld[place.0][place.1] && grid.is_told(&withheld, place), withheld[place.0][place.1] && values.len() == 1);
            }
        }

        #[test]
        fn parts_of_a_sum(parts in prop::collection::vec(0..6_u64, 1..4), fewest in 2..6_u64) {
            let grid = Grid::one(&parts);
            let withheld = grid.withhold(fewest);
            let total: u64 = parts.iter().sum();
            let hidden: Vec<usize> = (0..parts.len()).filter(|at| withheld[0][*at]).collect();
            prop_assert!(parts.iter().zip(&withheld[0]).all(|(n, is)| *is || *n == 0 || *n >= fewest));
            if !hidden.is_empty() && !withheld[0][parts.len()] {
                prop_assert!(hidden.len() > 1, "one part and the total tell it: {parts:?} of {total}");
            }
        }

        #[test]
        fn nothing_is_withheld_without_need(cells in prop::collection::vec(prop::collection::vec(0..50_u64, 3), 1..5)) {
            let grid = Grid::two(&cells);
            let any_small = grid.places().any(|place| (1..5).contains(&grid.at(place)));
            prop_assert_eq!(grid.withhold(5).iter().flatten().any(|is| *is), any_small);
            prop_assert!(!grid.withhold(0).iter().flatten().any(|is| *is));
        }
    }
}
