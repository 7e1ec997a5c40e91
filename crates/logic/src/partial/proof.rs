//! Whether a formula can hold, with a case in which it does: the smallest, where the diagram can be built.

use super::diagram::{Diagram, Node, TooLarge};
use super::domain::{Candidate, Unknown};
use super::explore::{Budget, Unsettled};
use super::formula::Formula;
use super::residual::Problem;
use super::sat;

/// Values of missing facts under which a formula holds, whatever the others are.
pub type Witness = Vec<(Unknown, Candidate)>;

/// What a value of a missing fact costs; the flag says that the case states just this value (see [`Problem::near`]).
pub type Cost<'c> = dyn Fn(Unknown, &Candidate, bool) -> u64 + 'c;

impl Problem<'_> {
    /// The cheapest values of missing facts under which the formula holds; `None` if it never does. Past the budget of the diagram the values are few, but
    /// not the cheapest.
    ///
    /// # Errors
    /// When the budget does not suffice.
    pub fn witness(&self, f: Formula, cost: &Cost<'_>, budget: Budget) -> Result<Option<Witness>, Unsettled> {
        if self.arena.is_exhausted() {
            return Err(Unsettled);
        }
        match f {
            Formula::FALSE => return Ok(None),
            Formula::TRUE => return Ok(Some(Vec::new())),
            _ => {}
        }
        let domains = self.domains(&[f]).map_err(|TooLarge| Unsettled)?;
        let mut diagram = Diagram::new(&self.arena, &domains, budget.nodes);
        let path = match diagram.of(f) {
            Ok(Node::FALSE) => None,
            Ok(root) => {
                let price = |var, at| {
                    let domain = &domains[&var];
                    cost(self.unknowns[var as usize], &domain.candidates[at], domain.stated == Some(at))
                };
                diagram.cheapest(root, &price).map(|(_, path)| path)
            }
            Err(TooLarge) => sat::witness(self, f, &domains, budget)?,
        };
        Ok(path.map(|mut path| {
            self.state_anchors(&mut path, &domains);
            self.named(&path, &domains)
        }))
    }
}
