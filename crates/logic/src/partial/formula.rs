//! Boolean formulas over tests of missing facts, each distinct formula kept once.

use crate::condition::Test;
use rustc_hash::FxHashMap;

/// A formula: its place in the arena of its problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Formula(pub(crate) u32);

impl Formula {
    /// What never holds.
    pub const FALSE: Self = Self(0);
    /// What always holds.
    pub const TRUE: Self = Self(1);

    /// The constant.
    #[must_use]
    pub fn constant(holds: bool) -> Self {
        if holds { Self::TRUE } else { Self::FALSE }
    }
}

/// A missing fact's position among the missing facts of the problem.
pub(crate) type Var = u32;

/// What a literal asks of its variable.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Ask {
    /// A test of the value.
    Value(Test),
    /// Of a list's further elements, at least so many satisfy the formula (which is over the fields of one element).
    Elements { count: u32, body: Formula },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    Const(bool),
    Literal(Var, Ask),
    Not(Formula),
    And(Box<[Formula]>),
    Or(Box<[Formula]>),
}

#[derive(Debug)]
pub(crate) struct Arena {
    shapes: Vec<Shape>,
    /// How deep each formula is nested.
    depths: Vec<u16>,
    known: FxHashMap<Shape, Formula>,
    /// How many more steps may be taken; none once the budget is used up.
    left: usize,
}

/// Steps that all formulas of one problem may take to make; each costs a part of a formula at most.
const MAX_STEPS: usize = 4_000_000;

/// How deep formulas may be nested: they are walked by recursion.
const MAX_DEPTH: u16 = 500;

impl Arena {
    pub(crate) fn new() -> Self {
        let mut arena = Self { shapes: Vec::new(), depths: Vec::new(), known: FxHashMap::default(), left: MAX_STEPS };
        arena.keep(Shape::Const(false));
        arena.keep(Shape::Const(true));
        arena
    }

    pub(crate) fn shape(&self, f: Formula) -> &Shape {
        &self.shapes[f.0 as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.shapes.len()
    }

    fn depth(&self, f: Formula) -> u16 {
        self.depths[f.0 as usize]
    }

    /// Takes so many steps, if that many are left.
    pub(crate) fn spend(&mut self, steps: usize) -> bool {
        self.left = self.left.saturating_sub(steps);
        self.left > 0
    }

    /// Takes all steps that are left.
    pub(crate) fn exhaust(&mut self) {
        self.left = 0;
    }

    /// Whether the budget is used up: formulas made since mean nothing.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.left == 0
    }

    pub(crate) fn keep(&mut self, shape: Shape) -> Formula {
        if let Some(f) = self.known.get(&shape) {
            return *f;
        }
        let below = match &shape {
            Shape::Const(_) | Shape::Literal(..) => 0,
            Shape::Not(inner) => self.depth(*inner),
            Shape::And(parts) | Shape::Or(parts) => parts.iter().map(|p| self.depth(*p)).max().unwrap_or(0),
        };
        if below == MAX_DEPTH {
            self.exhaust();
            return Formula::FALSE;
        }
        let f = Formula(self.shapes.len() as u32);
        self.depths.push(below + 1);
        self.shapes.push(shape.clone());
        self.known.insert(shape, f);
        f
    }

    pub(crate) fn not(&mut self, f: Formula) -> Formula {
        match self.shape(f) {
            Shape::Const(b) => Formula::constant(!b),
            Shape::Not(inner) => *inner,
            _ => self.keep(Shape::Not(f)),
        }
    }

    pub(crate) fn and(&mut self, parts: &[Formula]) -> Formula {
        self.join(parts, Formula::TRUE, Formula::FALSE)
    }

    pub(crate) fn or(&mut self, parts: &[Formula]) -> Formula {
        self.join(parts, Formula::FALSE, Formula::TRUE)
    }

    /// Sorts, drops doubles and what cannot matter, and sees a formula beside its negation.
    fn join(&mut self, parts: &[Formula], unit: Formula, zero: Formula) -> Formula {
        let mut flat: Vec<Formula> = Vec::with_capacity(parts.len());
        for part in parts {
            if self.is_exhausted() {
                return Formula::FALSE;
            }
            match (self.shape(*part), unit == Formula::TRUE) {
                (Shape::And(inner), true) | (Shape::Or(inner), false) => flat.extend(inner.iter()),
                _ => flat.push(*part),
            }
        }
        self.spend(flat.len() + 1);
        flat.sort_unstable();
        flat.dedup();
        flat.retain(|f| *f != unit);
        let opposite = flat.iter().any(|f| matches!(self.shape(*f), Shape::Not(inner) if flat.binary_search(inner).is_ok()));
        if opposite || flat.contains(&zero) {
            return zero;
        }
        match flat.len() {
            0 => unit,
            1 => flat[0],
            _ if unit == Formula::TRUE => self.keep(Shape::And(flat.into())),
            _ => self.keep(Shape::Or(flat.into())),
        }
    }

    /// The formula with the literal put to a constant.
    pub(crate) fn restrict(&mut self, f: Formula, literal: Formula, holds: bool, memo: &mut FxHashMap<Formula, Formula>) -> Formula {
        if f == literal {
            return Formula::constant(holds);
        }
        if let Some(done) = memo.get(&f) {
            return *done;
        }
        let done = match self.shape(f).clone() {
            Shape::Const(_) | Shape::Literal(..) => f,
            Shape::Not(inner) => {
                let inner = self.restrict(inner, literal, holds, memo);
                self.not(inner)
            }
            Shape::And(parts) => {
                let parts: Vec<_> = parts.iter().map(|p| self.restrict(*p, literal, holds, memo)).collect();
                self.and(&parts)
            }
            Shape::Or(parts) => {
                let parts: Vec<_> = parts.iter().map(|p| self.restrict(*p, literal, holds, memo)).collect();
                self.or(&parts)
            }
        };
        memo.insert(f, done);
        done
    }

    /// Calls back for every literal in the formulas, each once.
    pub(crate) fn literals(&self, roots: &[Formula], mut each: impl FnMut(Formula, Var, &Ask)) {
        let mut seen = vec![false; self.shapes.len()];
        let mut open: Vec<Formula> = roots.to_vec();
        while let Some(f) = open.pop() {
            if std::mem::replace(&mut seen[f.0 as usize], true) {
                continue;
            }
            match self.shape(f) {
                Shape::Const(_) => {}
                Shape::Literal(var, ask) => each(f, *var, ask),
                Shape::Not(inner) => open.push(*inner),
                Shape::And(parts) | Shape::Or(parts) => open.extend(parts.iter()),
            }
        }
    }
}
