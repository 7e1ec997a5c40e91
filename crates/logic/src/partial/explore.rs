//! The two exact questions about a partial case: what is possible, and what still matters.

use super::diagram::{Diagram, Node, TooLarge};
use super::domain::{Candidate, Domain, Unknown};
use super::formula::{Formula, Var};
use super::residual::Problem;
use super::sat;
use crate::facts::Facts;
use std::collections::BTreeMap;

/// How far a search may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Nodes of the decision diagram; past it the solver takes over.
    pub nodes: usize,
    /// Conflicts of the solver a question; past it the answer is that the question is not settled.
    pub conflicts: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { nodes: 50_000, conflicts: 200_000 }
    }
}

/// Both budgets are used up: nothing is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsettled;

impl std::fmt::Display for Unsettled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not settled within the search budget; state more facts")
    }
}

impl std::error::Error for Unsettled {}

/// What every completion of a partial case can bring.
#[derive(Clone, Debug, PartialEq)]
pub struct Exploration {
    /// For each result, whether some completion reaches it.
    pub possible: Vec<bool>,
    /// For each result that is possible, values of missing facts that reach it whatever the others are.
    pub witnesses: Vec<Option<Vec<(Unknown, Candidate)>>>,
    /// The missing facts whose answer can still change the result.
    pub matters: Vec<Unknown>,
    /// The one among them that is expected to end the questions soonest.
    pub next: Option<Unknown>,
}

/// With more missing facts than this nothing is asked of the diagram or the solver: each has its own question.
const MAX_VARIABLES: usize = 2_000;

impl Problem<'_> {
    /// Explores which of the results (formulas of which exactly one holds in every completion) are possible, and which missing facts still matter.
    ///
    /// # Errors
    /// When the budget does not suffice.
    pub fn explore(&self, results: &[Formula], budget: Budget) -> Result<Exploration, Unsettled> {
        if self.arena.is_exhausted() {
            return Err(Unsettled);
        }
        if results.iter().all(|f| f.0 < 2) {
            let possible = results.iter().map(|f| *f == Formula::TRUE).collect();
            let witnesses = results.iter().map(|f| (*f == Formula::TRUE).then(Vec::new)).collect();
            return Ok(Exploration { possible, witnesses, matters: Vec::new(), next: None });
        }
        let domains = self.domains(results).map_err(|TooLarge| Unsettled)?;
        if domains.len() > MAX_VARIABLES {
            return Err(Unsettled);
        }
        let mut found = match self.by_diagram(results, &domains, budget) {
            Ok(done) => done,
            Err(TooLarge) => sat::explore(self, results, &domains, budget)?,
        };
        self.of_all_alike(&mut found.matters);
        Ok(found)
    }

    /// What matters of the first of a group matters of all of it; the group itself is no fact.
    fn of_all_alike(&self, matters: &mut Vec<Unknown>) {
        let of_all = |unknown: &Unknown| match unknown {
            Unknown::Alike(..) => Vec::new(),
            Unknown::Element(list, first, field) => {
                let others = self.groups.get(&(*list, *first)).into_iter().flatten();
                std::iter::once(first).chain(others).map(|at| Unknown::Element(*list, *at, *field)).collect()
            }
            other => vec![*other],
        };
        *matters = matters.iter().flat_map(of_all).collect();
    }

    fn by_diagram(&self, results: &[Formula], domains: &BTreeMap<Var, Domain>, budget: Budget) -> Result<Exploration, TooLarge> {
        let mut diagram = Diagram::new(&self.arena, domains, budget.nodes);
        let nodes = results.iter().map(|f| diagram.of(*f)).collect::<Result<Vec<_>, _>>()?;
        let vars = diagram.support(&nodes);
        let witness = |node: Node| {
            let mut path = diagram.some(node);
            self.state_anchors(&mut path, domains);
            self.named(&path, domains)
        };
        let witnesses = nodes.iter().map(|n| (*n != Node::FALSE).then(|| witness(*n))).collect();
        Ok(Exploration {
            possible: nodes.iter().map(|n| *n != Node::FALSE).collect(),
            witnesses,
            next: best_question(&diagram, &nodes, &self.askable(&vars), domains).map(|v| self.unknowns[v as usize]),
            matters: vars.iter().map(|v| self.unknowns[*v as usize]).collect(),
        })
    }

    /// The missing facts that can be asked about by themselves.
    fn askable(&self, vars: &[Var]) -> Vec<Var> {
        vars.iter().copied().filter(|v| !matches!(self.unknowns[*v as usize], Unknown::Alike(..))).collect()
    }

    /// Days of elements are chosen for the days of anchors that were looked at, so an anchor is always stated with them.
    pub(crate) fn state_anchors(&self, path: &mut Vec<(Var, usize)>, domains: &BTreeMap<Var, Domain>) {
        for (var, domain) in domains {
            let anchor = matches!(self.unknowns[*var as usize], Unknown::Scalar(slot) if self.is_anchor(slot));
            if anchor && path.iter().all(|(stated, _)| stated != var) {
                path.push((*var, domain.stated.unwrap_or(0)));
            }
        }
    }

    pub(crate) fn named(&self, choices: &[(Var, usize)], domains: &BTreeMap<Var, Domain>) -> Vec<(Unknown, Candidate)> {
        choices.iter().map(|(var, at)| (self.unknowns[*var as usize], domains[var].candidates[*at].clone())).collect()
    }

    /// The case with missing facts stated as a witness says; what it does not speak of stays unknown, and lists become complete.
    #[must_use]
    pub fn completed(&self, witness: &[(Unknown, Candidate)]) -> Facts {
        let mut facts = self.facts.clone();
        let vocabulary = &self.schema.vocabulary;
        // The witness may mark a list incomplete that was taken to be complete: it still has no other elements.
        let lists = (0..vocabulary.list_count()).map(|at| crate::ListId(at as u16));
        lists.filter(|l| self.facts.is_complete(*l, vocabulary)).for_each(|l| facts.close(l));
        for (unknown, candidate) in witness {
            match unknown {
                Unknown::Scalar(slot) => {
                    let value = self.value_of(&mut facts, unknown.fact(), candidate);
                    facts.set(*slot, value);
                }
                Unknown::Element(list, index, field) => {
                    let value = self.value_of(&mut facts, unknown.fact(), candidate);
                    facts.set_field(*list, vocabulary.record(*list).fields.len(), *index, *field, value);
                }
                Unknown::Rest(list) => {
                    let Candidate::List(elements) = candidate else { continue };
                    let width = vocabulary.record(*list).fields.len();
                    facts.close(*list);
                    for element in elements {
                        let index = facts.push(*list, width);
                        for (field, candidate) in element {
                            let value = self.value_of(&mut facts, Unknown::Field(*list, *field).fact(), candidate);
                            facts.set_field(*list, width, index, *field, value);
                        }
                    }
                }
                Unknown::Alike(list, first) => {
                    let (Candidate::List(elements), Some(others)) = (candidate, self.groups.get(&(*list, *first))) else { continue };
                    let width = vocabulary.record(*list).fields.len();
                    for (index, element) in others.iter().zip(elements) {
                        for (field, candidate) in element {
                            let value = self.value_of(&mut facts, Unknown::Field(*list, *field).fact(), candidate);
                            facts.set_field(*list, width, *index, *field, value);
                        }
                    }
                }
                Unknown::Field(..) => {}
            }
        }
        facts
    }

    fn value_of(&self, facts: &mut Facts, id: crate::FactId, candidate: &Candidate) -> crate::Value {
        match candidate {
            Candidate::Value(value) => *value,
            Candidate::Text(text) => {
                let offense = self.schema.vocabulary.fact(id).declared == crate::Declared::Offense;
                facts.text(text, if offense { self.schema.classes.of(text) } else { Default::default() })
            }
            Candidate::List(_) => crate::Value::Unknown,
        }
    }
}

/// Past this size the order of the law decides which question comes first: looking ahead would cost more than it saves.
const LOOK_AHEAD: usize = 4_000;

/// The variable whose answer is expected to leave the least doubt about the result.
fn best_question(diagram: &Diagram<'_>, results: &[Node], vars: &[Var], domains: &BTreeMap<Var, Domain>) -> Option<Var> {
    if diagram.len() > LOOK_AHEAD {
        return vars.first().copied();
    }
    let shares: Vec<_> = results.iter().map(|r| diagram.shares(*r)).collect();
    let doubt_after = |var: Var| -> f64 {
        let weights = &domains[&var].weights;
        let total: f64 = weights.iter().sum();
        let entropy = |at: usize| -> f64 {
            let of = shares.iter().map(|(whole, fixed)| fixed.get(&var).map_or(*whole, |by| by[at]));
            of.filter(|p| *p > 0.0).map(|p| -p * p.log2()).sum()
        };
        weights.iter().enumerate().map(|(at, weight)| entropy(at) * weight / total).sum()
    };
    let doubts: Vec<(f64, Var)> = vars.iter().map(|v| (doubt_after(*v), *v)).collect();
    // Ties go to the fact that the law names first.
    doubts.into_iter().min_by(|a, b| (a.0 + 1e-9 * f64::from(a.1)).total_cmp(&(b.0 + 1e-9 * f64::from(b.1)))).map(|(_, v)| v)
}
