//! The same two questions put to a SAT solver: slower on small problems, but it does not blow up.
//!
//! A missing fact still matters if two completions that agree on every other fact, but not on this one, bring different results. The formulas are
//! encoded twice, with a literal a fact that says that the two completions agree on it.

use super::domain::{Domain, Unknown};
use super::explore::{Budget, Exploration, Unsettled};
use super::formula::{Arena, Formula, Shape, Var};
use super::residual::Problem;
use batsat::{Callbacks, ClauseKind, Lit, Solver, SolverInterface, lbool};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Stops the solver when a question has cost more conflicts than it may.
#[derive(Default)]
struct Meter {
    learnt: u64,
    limit: u64,
}

impl Callbacks for Meter {
    fn on_new_clause(&mut self, _: &[Lit], kind: ClauseKind) {
        self.learnt += u64::from(kind == ClauseKind::Learnt);
    }

    fn stop(&self) -> bool {
        self.learnt >= self.limit
    }
}

struct Encoder<'a> {
    solver: Solver<Meter>,
    arena: &'a Arena,
    domains: &'a BTreeMap<Var, Domain>,
    conflicts: u64,
}

/// One literal a candidate of each variable; exactly one is true.
type Choices = BTreeMap<Var, Vec<Lit>>;

impl Encoder<'_> {
    fn fresh(&mut self) -> Lit {
        Lit::new(self.solver.new_var_default(), true)
    }

    fn clause(&mut self, literals: &[Lit]) {
        self.solver.add_clause_reuse(&mut literals.to_vec());
    }

    fn choices(&mut self) -> Choices {
        let widths: Vec<(Var, usize)> = self.domains.iter().map(|(v, d)| (*v, d.candidates.len())).collect();
        let mut choices = Choices::new();
        for (var, width) in widths {
            let literals: Vec<Lit> = (0..width).map(|_| self.fresh()).collect();
            self.clause(&literals);
            // At most one, by the way of a literal each that says that one so far was chosen: pairs would be too many for a list.
            let mut before: Option<Lit> = None;
            for literal in &literals {
                let so_far = self.fresh();
                self.clause(&[!*literal, so_far]);
                if let Some(before) = before {
                    self.clause(&[!before, so_far]);
                    self.clause(&[!before, !*literal]);
                }
                before = Some(so_far);
            }
            choices.insert(var, literals);
        }
        choices
    }

    fn all(&mut self, parts: &[Lit]) -> Lit {
        let out = self.fresh();
        let mut long = vec![out];
        for part in parts {
            self.clause(&[!out, *part]);
            long.push(!*part);
        }
        self.clause(&long);
        out
    }

    fn any(&mut self, parts: &[Lit]) -> Lit {
        let negated: Vec<Lit> = parts.iter().map(|p| !*p).collect();
        !self.all(&negated)
    }

    fn encode(&mut self, f: Formula, choices: &Choices, done: &mut FxHashMap<Formula, Lit>) -> Lit {
        if let Some(lit) = done.get(&f) {
            return *lit;
        }
        let arena = self.arena;
        let lit = match arena.shape(f) {
            Shape::Const(true) => self.all(&[]),
            Shape::Const(false) => self.any(&[]),
            Shape::Literal(var, _) => {
                let answers = &self.domains[var].answers[&f];
                let yes: Vec<Lit> = choices[var].iter().zip(answers).filter(|(_, a)| **a).map(|(l, _)| *l).collect();
                self.any(&yes)
            }
            Shape::Not(inner) => !self.encode(*inner, choices, done),
            Shape::And(parts) => {
                let parts: Vec<Lit> = parts.iter().map(|p| self.encode(*p, choices, done)).collect();
                self.all(&parts)
            }
            Shape::Or(parts) => {
                let parts: Vec<Lit> = parts.iter().map(|p| self.encode(*p, choices, done)).collect();
                self.any(&parts)
            }
        };
        done.insert(f, lit);
        lit
    }

    fn solve(&mut self, assumptions: &[Lit]) -> Result<bool, Unsettled> {
        let meter = self.solver.cb_mut();
        meter.limit = meter.learnt + self.conflicts;
        match self.solver.solve_limited(assumptions) {
            answer if answer == lbool::TRUE => Ok(true),
            answer if answer == lbool::FALSE => Ok(false),
            _ => Err(Unsettled),
        }
    }
}

/// Some assignment under which the formula holds, made small: what is left out may be anything. `None`: it never holds.
pub(crate) fn witness(
    problem: &Problem<'_>,
    f: Formula,
    domains: &BTreeMap<Var, Domain>,
    budget: Budget,
) -> Result<Option<Vec<(Var, usize)>>, Unsettled> {
    let mut encoder = Encoder { solver: Solver::default(), arena: &problem.arena, domains, conflicts: budget.conflicts };
    let choices = encoder.choices();
    let holds = encoder.encode(f, &choices, &mut FxHashMap::default());
    if !encoder.solve(&[holds])? {
        return Ok(None);
    }
    let chosen = choices.iter().filter_map(|(var, literals)| {
        let at = literals.iter().position(|l| encoder.solver.value_lit(*l) == lbool::TRUE)?;
        Some((*var, at, literals[at]))
    });
    let mut kept: Vec<(Var, usize, Lit)> = chosen.collect();
    let mut at = 0;
    while at < kept.len() {
        let mut assumptions = vec![!holds];
        assumptions.extend(kept.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, (_, _, lit))| *lit));
        if encoder.solve(&assumptions)? {
            at += 1;
        } else {
            kept.remove(at);
        }
    }
    Ok(Some(kept.into_iter().map(|(var, choice, _)| (var, choice)).collect()))
}

/// Explores the results as [`Problem::explore`] says; `next` is the first fact that matters, in the order of the law.
pub(crate) fn explore(
    problem: &Problem<'_>,
    results: &[Formula],
    domains: &BTreeMap<Var, Domain>,
    budget: Budget,
) -> Result<Exploration, Unsettled> {
    let mut encoder = Encoder { solver: Solver::default(), arena: &problem.arena, domains, conflicts: budget.conflicts };
    let (one, two) = (encoder.choices(), encoder.choices());
    let (mut done_one, mut done_two) = (FxHashMap::default(), FxHashMap::default());
    let first: Vec<Lit> = results.iter().map(|f| encoder.encode(*f, &one, &mut done_one)).collect();
    let second: Vec<Lit> = results.iter().map(|f| encoder.encode(*f, &two, &mut done_two)).collect();

    let mut possible = Vec::with_capacity(results.len());
    let mut witnesses = Vec::with_capacity(results.len());
    for result in &first {
        let reached = encoder.solve(&[*result])?;
        possible.push(reached);
        witnesses.push(reached.then(|| {
            let chosen = one.iter().filter_map(|(var, literals)| {
                let at = literals.iter().position(|l| encoder.solver.value_lit(*l) == lbool::TRUE)?;
                Some((*var, at))
            });
            problem.named(&chosen.collect::<Vec<_>>(), domains)
        }));
    }

    let agree: BTreeMap<Var, Lit> = one
        .keys()
        .map(|var| {
            let pairs: Vec<Lit> = one[var].iter().zip(&two[var]).map(|(a, b)| encoder.all(&[*a, *b])).collect();
            (*var, encoder.any(&pairs))
        })
        .collect();
    let apart: Vec<Lit> = first.iter().zip(&second).map(|(a, b)| encoder.all(&[*a, !*b])).collect();
    let differ = encoder.any(&apart);
    let mut matters = Vec::new();
    for var in one.keys().filter(|var| !matches!(problem.unknowns[**var as usize], Unknown::Alike(..))) {
        let mut assumptions = vec![differ];
        assumptions.extend(agree.iter().filter(|(v, _)| *v != var).map(|(_, l)| *l));
        if encoder.solve(&assumptions)? {
            matters.push(problem.unknowns[*var as usize]);
        }
    }
    Ok(Exploration { possible, witnesses, next: matters.first().copied(), matters })
}
