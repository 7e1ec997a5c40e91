//! Ordered decision diagrams over many-valued variables, in reduced form: equal functions are the same node.

use super::domain::Domain;
use super::formula::{Arena, Formula, Shape, Var};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The budget of nodes is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLarge;

/// A node of the diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Node(u32);

impl Node {
    pub(crate) const FALSE: Self = Self(0);
    pub(crate) const TRUE: Self = Self(1);
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Branch {
    var: Var,
    children: Box<[Node]>,
}

pub(crate) struct Diagram<'a> {
    arena: &'a Arena,
    domains: &'a BTreeMap<Var, Domain>,
    branches: Vec<Branch>,
    unique: FxHashMap<Branch, Node>,
    ands: FxHashMap<(Node, Node), Node>,
    nots: FxHashMap<Node, Node>,
    formulas: FxHashMap<Formula, Node>,
    budget: usize,
    /// Children looked at or made so far: a wide branch costs more than a narrow one.
    steps: usize,
}

/// Steps for each node of the budget.
const STEPS: usize = 64;

/// More variables than this are left to the solver: the diagram is walked by recursion, a level a variable.
const MAX_VARIABLES: usize = 1_500;

impl<'a> Diagram<'a> {
    pub(crate) fn new(arena: &'a Arena, domains: &'a BTreeMap<Var, Domain>, budget: usize) -> Self {
        let leaf = Branch { var: Var::MAX, children: Box::new([]) };
        Self {
            arena,
            domains,
            // The two constants come after every variable in the order.
            branches: vec![leaf.clone(), leaf],
            unique: FxHashMap::default(),
            ands: FxHashMap::default(),
            nots: FxHashMap::default(),
            formulas: FxHashMap::default(),
            // No room for a single branch.
            budget: if domains.len() > MAX_VARIABLES { 0 } else { budget },
            steps: 0,
        }
    }

    fn spend(&mut self, steps: usize) -> Result<(), TooLarge> {
        self.steps += steps;
        if self.steps > self.budget.saturating_mul(STEPS) { Err(TooLarge) } else { Ok(()) }
    }

    pub(crate) fn len(&self) -> usize {
        self.branches.len()
    }

    fn var(&self, node: Node) -> Var {
        self.branches[node.0 as usize].var
    }

    fn make(&mut self, var: Var, children: Vec<Node>) -> Result<Node, TooLarge> {
        if let Some(first) = children.first()
            && children.iter().all(|c| c == first)
        {
            return Ok(*first);
        }
        let branch = Branch { var, children: children.into() };
        if let Some(node) = self.unique.get(&branch) {
            return Ok(*node);
        }
        if self.branches.len() >= self.budget {
            return Err(TooLarge);
        }
        self.spend(branch.children.len())?;
        let node = Node(self.branches.len() as u32);
        self.branches.push(branch.clone());
        self.unique.insert(branch, node);
        Ok(node)
    }

    /// The diagram of a formula.
    pub(crate) fn of(&mut self, f: Formula) -> Result<Node, TooLarge> {
        if let Some(node) = self.formulas.get(&f) {
            return Ok(*node);
        }
        let arena = self.arena;
        let node = match arena.shape(f) {
            Shape::Const(b) => {
                if *b {
                    Node::TRUE
                } else {
                    Node::FALSE
                }
            }
            Shape::Literal(var, _) => {
                let answers = &self.domains[var].answers[&f];
                let children = answers.iter().map(|a| if *a { Node::TRUE } else { Node::FALSE }).collect();
                self.make(*var, children)?
            }
            Shape::Not(inner) => {
                let inner = self.of(*inner)?;
                self.not(inner)?
            }
            Shape::And(parts) => {
                let mut all = Node::TRUE;
                for part in parts {
                    let part = self.of(*part)?;
                    all = self.and(all, part)?;
                }
                all
            }
            Shape::Or(parts) => {
                let mut none = Node::TRUE;
                for part in parts {
                    let part = self.of(*part)?;
                    let part = self.not(part)?;
                    none = self.and(none, part)?;
                }
                self.not(none)?
            }
        };
        self.formulas.insert(f, node);
        Ok(node)
    }

    pub(crate) fn not(&mut self, node: Node) -> Result<Node, TooLarge> {
        match node {
            Node::FALSE => return Ok(Node::TRUE),
            Node::TRUE => return Ok(Node::FALSE),
            _ => {}
        }
        if let Some(done) = self.nots.get(&node) {
            return Ok(*done);
        }
        let branch = self.branches[node.0 as usize].clone();
        let mut children = Vec::with_capacity(branch.children.len());
        for child in &branch.children {
            children.push(self.not(*child)?);
        }
        let done = self.make(branch.var, children)?;
        self.nots.insert(node, done);
        self.nots.insert(done, node);
        Ok(done)
    }

    pub(crate) fn and(&mut self, a: Node, b: Node) -> Result<Node, TooLarge> {
        if a == Node::FALSE || b == Node::FALSE {
            return Ok(Node::FALSE);
        }
        if a == Node::TRUE || a == b {
            return Ok(b);
        }
        if b == Node::TRUE {
            return Ok(a);
        }
        let key = (a.min(b), a.max(b));
        if let Some(done) = self.ands.get(&key) {
            return Ok(*done);
        }
        let var = self.var(a).min(self.var(b));
        let width = self.domains[&var].candidates.len();
        self.spend(width)?;
        let mut children = Vec::with_capacity(width);
        for at in 0..width {
            let (a, b) = (self.child(a, var, at), self.child(b, var, at));
            children.push(self.and(a, b)?);
        }
        let done = self.make(var, children)?;
        self.ands.insert(key, done);
        Ok(done)
    }

    fn child(&self, node: Node, var: Var, at: usize) -> Node {
        let branch = &self.branches[node.0 as usize];
        if branch.var == var { branch.children[at] } else { node }
    }

    /// The variables on which the function depends: in reduced form, those that occur.
    pub(crate) fn support(&self, roots: &[Node]) -> Vec<Var> {
        let mut vars: Vec<Var> = self.below(roots).iter().map(|n| self.var(*n)).collect();
        vars.sort_unstable();
        vars.dedup();
        vars
    }

    /// Every branching node that can be reached, children before parents.
    fn below(&self, roots: &[Node]) -> Vec<Node> {
        let mut seen = vec![false; self.branches.len()];
        let mut found = Vec::new();
        let mut open = roots.to_vec();
        while let Some(node) = open.pop() {
            if node.0 < 2 || std::mem::replace(&mut seen[node.0 as usize], true) {
                continue;
            }
            found.push(node);
            open.extend(self.branches[node.0 as usize].children.iter());
        }
        // A child is made before its parent.
        found.sort_unstable();
        found
    }

    /// Some assignment under which the function holds: the variables that matter for it, with a candidate each.
    pub(crate) fn some(&self, mut node: Node) -> Vec<(Var, usize)> {
        let mut path = Vec::new();
        while node.0 > 1 {
            let branch = &self.branches[node.0 as usize];
            let Some(at) = branch.children.iter().position(|c| *c != Node::FALSE) else { break };
            path.push((branch.var, at));
            node = branch.children[at];
        }
        path
    }

    /// The assignment under which the function holds that costs least: one choice for each variable that the way to it passes.
    pub(crate) fn cheapest(&self, root: Node, cost: &dyn Fn(Var, usize) -> u64) -> Option<(u64, Vec<(Var, usize)>)> {
        let mut best: FxHashMap<Node, (u64, usize)> = FxHashMap::from_iter([(Node::TRUE, (0, 0))]);
        for node in self.below(&[root]) {
            let branch = &self.branches[node.0 as usize];
            let ways = branch.children.iter().enumerate().filter_map(|(at, c)| Some((best.get(c)?.0 + cost(branch.var, at), at)));
            if let Some(way) = ways.min() {
                best.insert(node, way);
            }
        }
        let (total, _) = *best.get(&root)?;
        let (mut path, mut node) = (Vec::new(), root);
        while node != Node::TRUE {
            let branch = &self.branches[node.0 as usize];
            let (_, at) = *best.get(&node)?;
            path.push((branch.var, at));
            node = branch.children[at];
        }
        Some((total, path))
    }

    /// The share of assignments under which the function holds, each candidate weighed; and with one variable fixed, for each that it depends on and each candidate.
    ///
    /// One pass up gives the share below every node, one pass down how much of all assignments comes by it: what a fixed choice changes is what comes by the nodes of
    /// its variable, times how far the share below the choice is from that below the node.
    pub(crate) fn shares(&self, root: Node) -> (f64, FxHashMap<Var, Vec<f64>>) {
        let below = self.below(&[root]);
        let weights = |branch: &Branch| {
            let weights = &self.domains[&branch.var].weights;
            (weights, weights.iter().sum::<f64>())
        };
        let mut share = vec![0.0; self.branches.len()];
        share[Node::TRUE.0 as usize] = 1.0;
        for node in &below {
            let branch = &self.branches[node.0 as usize];
            let (weights, total) = weights(branch);
            share[node.0 as usize] = branch.children.iter().zip(weights).map(|(c, w)| share[c.0 as usize] * w).sum::<f64>() / total;
        }
        let whole = share[root.0 as usize];
        let mut comes = vec![0.0; self.branches.len()];
        comes[root.0 as usize] = 1.0;
        let mut fixed: FxHashMap<Var, Vec<f64>> = FxHashMap::default();
        // A parent is made after its children.
        for node in below.iter().rev() {
            let branch = &self.branches[node.0 as usize];
            let (weights, total) = weights(branch);
            let here = comes[node.0 as usize];
            let fixed = fixed.entry(branch.var).or_insert_with(|| vec![whole; branch.children.len()]);
            for ((child, weight), fixed) in branch.children.iter().zip(weights).zip(fixed) {
                *fixed += here * (share[child.0 as usize] - share[node.0 as usize]);
                comes[child.0 as usize] += here * weight / total;
            }
        }
        (whole, fixed)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use super::{Arena, Diagram, Domain, Node, Var};
    use crate::{Candidate, Value};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const VARIABLES: usize = 5;

    /// The share by going through every assignment.
    fn counted(diagram: &Diagram<'_>, weights: &[Vec<f64>], root: Node, fixed: Option<(usize, usize)>) -> f64 {
        let mut open = vec![(Vec::new(), 1.0)];
        for (var, weights) in weights.iter().enumerate() {
            let total: f64 = weights.iter().sum();
            let step = |(path, share): &(Vec<usize>, f64)| -> Vec<(Vec<usize>, f64)> {
                let of = |at: usize| match fixed {
                    Some((v, chosen)) if v == var => f64::from(u8::from(at == chosen)),
                    _ => weights[at] / total,
                };
                (0..weights.len()).map(|at| ([path.as_slice(), &[at]].concat(), share * of(at))).collect()
            };
            open = open.iter().flat_map(step).collect();
        }
        let holds = |path: &[usize]| {
            let mut node = root;
            while node.0 > 1 {
                let branch = &diagram.branches[node.0 as usize];
                node = branch.children[path[branch.var as usize]];
            }
            node == Node::TRUE
        };
        open.iter().filter(|(path, _)| holds(path)).map(|(_, share)| share).sum()
    }

    proptest! {
        #[test]
        fn shares_are_those_of_all_assignments(
            weights in prop::collection::vec(prop::collection::vec(1u8..9, 2..4), VARIABLES),
            picks in prop::collection::vec(any::<prop::sample::Index>(), VARIABLES * 4 * 3),
        ) {
            let weights: Vec<Vec<f64>> = weights.iter().map(|w| w.iter().map(|w| f64::from(*w)).collect()).collect();
            let domain = |weights: &Vec<f64>| Domain {
                candidates: weights.iter().map(|_| Candidate::Value(Value::Bool(true))).collect(),
                weights: weights.clone(),
                ..Domain::default()
            };
            let domains: BTreeMap<Var, Domain> = weights.iter().enumerate().map(|(var, w)| (var as Var, domain(w))).collect();
            let arena = Arena::new();
            let mut diagram = Diagram::new(&arena, &domains, 1_000);
            let mut picks = picks.iter();
            let mut nodes = vec![Node::FALSE, Node::TRUE];
            for var in (0..VARIABLES).rev() {
                let under = nodes.clone();
                for _ in 0..4 {
                    let children = weights[var].iter().map(|_| *picks.next().unwrap().get(&under)).collect();
                    nodes.push(diagram.make(var as Var, children).unwrap());
                }
            }
            for root in nodes {
                let (whole, fixed) = diagram.shares(root);
                prop_assert!((whole - counted(&diagram, &weights, root, None)).abs() < 1e-9);
                let mut depends: Vec<Var> = fixed.keys().copied().collect();
                depends.sort_unstable();
                prop_assert_eq!(depends, diagram.support(&[root]));
                for (var, by) in fixed {
                    for (at, share) in by.into_iter().enumerate() {
                        prop_assert!((share - counted(&diagram, &weights, root, Some((var as usize, at)))).abs() < 1e-9);
                    }
                }
            }
        }
    }
}
