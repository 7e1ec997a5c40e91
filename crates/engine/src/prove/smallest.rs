//! The case with the fewest facts that brings something about, whatever all other facts are.
//!
//! The way through a decision diagram passes facts that need not be stated: `x or (not a and y)` is true once `x` is, though the diagram may ask for `a`
//! first. So the cheapest way is only the start. From nothing stated on, a counterexample (some facts under which the goal fails) says which facts a case
//! must contradict; each way to do so is tried, as long as it can still be cheaper than the best case so far.

use comity_logic::{Budget, Candidate, Condition, Facts, Formula, Problem, Schema, Unknown, Unsettled, Witness};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// So many steps a case; past them it is small, but need not be the smallest.
const STEPS: usize = 3_000;

/// What is to be brought about.
pub(crate) struct Goal<'g> {
    pub(crate) schema: &'g Schema,
    /// What is known already.
    pub(crate) start: &'g Facts,
    /// Every condition that the formula is made of.
    pub(crate) conditions: Vec<&'g Condition>,
    /// The formula, over what the problem's facts leave open.
    pub(crate) formula: &'g dyn Fn(&mut Problem<'_>) -> Formula,
    /// What stating a value costs.
    pub(crate) cost: &'g dyn Fn(Unknown, &Candidate) -> u64,
}

/// The search: which values there are to state, and the best case so far.
struct Search<'g> {
    goal: &'g Goal<'g>,
    menu: BTreeMap<Unknown, Vec<(u64, Candidate)>>,
    /// Facts under which the goal fails.
    fails: Vec<Witness>,
    best: (u64, Witness),
    steps: usize,
}

impl Goal<'_> {
    /// The cheapest facts that bring it about; `None`: nothing does.
    pub(crate) fn smallest(&self) -> Result<Option<Witness>, Unsettled> {
        let menu: RefCell<BTreeMap<Unknown, Vec<(u64, Candidate)>>> = RefCell::default();
        // Every value that a fact can have is priced once: that is how they are learnt.
        let price = |unknown: Unknown, candidate: &Candidate, _: bool| {
            let cost = (self.cost)(unknown, candidate);
            let mut menu = menu.borrow_mut();
            let known = menu.entry(unknown).or_default();
            if known.iter().all(|(_, c)| c != candidate) {
                known.push((cost, candidate.clone()));
            }
            cost
        };
        let mut problem = self.problem(self.start);
        let formula = (self.formula)(&mut problem);
        let Some(first) = problem.witness(formula, &price, Budget::default())? else { return Ok(None) };
        let mut menu = menu.into_inner();
        menu.values_mut().for_each(|values| values.sort_by_key(|(cost, _)| *cost));
        let mut search = Search { goal: self, menu, fails: Vec::new(), best: (self.total(&first), first), steps: STEPS };
        search.extend(&mut Vec::new(), 0, &mut Vec::new())?;
        Ok(Some(search.best.1))
    }

    fn problem<'p>(&'p self, facts: &'p Facts) -> Problem<'p> {
        Problem::new(self.schema, facts, self.conditions.iter().copied())
    }

    fn total(&self, witness: &Witness) -> u64 {
        witness.iter().map(|(unknown, candidate)| (self.cost)(*unknown, candidate)).sum()
    }

    /// Facts under which the goal fails although these are stated.
    fn counterexample(&self, stated: &Witness) -> Result<Option<Witness>, Unsettled> {
        let facts = self.problem(self.start).completed(stated);
        let mut problem = self.problem(&facts);
        let formula = (self.formula)(&mut problem);
        let fails = problem.not(formula);
        problem.witness(fails, &|_, _, _| 1, Budget::default())
    }
}

impl Search<'_> {
    /// Extends the stated facts in every way that may be cheaper than the best; `without` holds what was tried beside them.
    fn extend(&mut self, stated: &mut Witness, cost: u64, without: &mut Witness) -> Result<(), Unsettled> {
        if self.steps == 0 || cost >= self.best.0 {
            return Ok(());
        }
        self.steps -= 1;
        let contradicted = |fails: &&Witness| fails.iter().any(|(u, c)| stated.iter().any(|(s, v)| s == u && v != c));
        let known = self.fails.iter().filter(|f| !contradicted(f)).min_by_key(|f| f.len()).cloned();
        let fails = match known {
            Some(fails) => fails,
            None => {
                let Some(mut fails) = self.goal.counterexample(stated)? else {
                    self.best = (cost, stated.clone());
                    return Ok(());
                };
                fails.extend(stated.iter().cloned());
                self.fails.push(fails.clone());
                fails
            }
        };
        let mut ways: Vec<(u64, Unknown, Candidate)> = Vec::new();
        for (unknown, failing) in fails.iter().filter(|(u, _)| stated.iter().all(|(s, _)| s != u)) {
            let values = self.menu.get(unknown).into_iter().flatten().filter(|(_, c)| c != failing);
            ways.extend(values.map(|(price, c)| (*price, *unknown, c.clone())));
        }
        ways.sort_by_key(|(price, unknown, _)| (*price, *unknown));
        let tried = without.len();
        for (price, unknown, candidate) in ways {
            let way = (unknown, candidate);
            if without.contains(&way) {
                continue;
            }
            stated.push(way.clone());
            self.extend(stated, cost + price, without)?;
            stated.pop();
            without.push(way);
        }
        without.truncate(tried);
        Ok(())
    }
}
