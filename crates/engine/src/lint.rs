//! What can be proved of a law file by itself: conditions that never or always hold, exceptions that never matter, norms that no example exercises.

use crate::examples::{Exercised, Trial};
use comity_law::{At, Instrument, Interval, Law, Norm};
use comity_logic::{Budget, Condition, Facts, Formula, Problem, Scope, Terms, Value, Vocabulary, compile};
use std::collections::BTreeSet;

/// What is doubtful.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    /// The condition holds in no case.
    Never,
    /// The condition holds in every case, though it is written down.
    Always,
    /// Where the exception holds, its norm never speaks.
    ExceptionOutside,
    /// Where the exception holds, another one always does.
    ExceptionCovered,
    /// No example stands just inside it.
    NotInside,
    /// No example stands just outside it.
    NotOutside,
    /// The search did not end within its budget.
    Unsettled,
}

impl Concern {
    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Never => "L0901",
            Self::Always => "L0902",
            Self::ExceptionOutside => "L0903",
            Self::ExceptionCovered => "L0904",
            Self::NotInside => "L0905",
            Self::NotOutside => "L0906",
            Self::Unsettled => "L0907",
        }
    }

    /// What it means, and the remedy.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Never => "this condition can never hold; mend it, or remove what it belongs to",
            Self::Always => "this condition always holds; leave it out",
            Self::ExceptionOutside => {
                "this exception can never matter: where it holds, its norm does not speak; mend one of the two conditions"
            }
            Self::ExceptionCovered => {
                "this exception can never matter: where it holds, another exception of the norm always does; remove it or narrow the other"
            }
            Self::NotInside => "no example is inside it; add one whose facts make it fire",
            Self::NotOutside => "no example is just outside it; add `but` and `then` to an example",
            Self::Unsettled => "whether this condition can hold was not settled within the budget; split it",
        }
    }
}

/// A doubt about a place in a law file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// What is doubtful.
    pub concern: Concern,
    /// The norm: `us-ca-values-act#notify`.
    pub norm: String,
    /// Where it stands.
    pub at: At,
}

/// Looks for conditions that can never or must always hold, and for exceptions that can never matter.
#[must_use]
pub fn check_conditions(law: &Law) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    for instrument in &law.instruments {
        for norm in &instrument.norms {
            let id = format!("{}#{}", instrument.id, norm.id);
            let mut note = |concern, at| doubts.push(Doubt { concern, norm: id.clone(), at });
            let around = around(law, instrument, norm);
            match (can(law, &[&around, &norm.when.condition]), can(law, &[&norm.when.condition.negated()])) {
                (Some(false), _) => note(Concern::Never, norm.when.at),
                (_, Some(false)) if !norm.when.is_always() => note(Concern::Always, norm.when.at),
                (None, _) | (_, None) => note(Concern::Unsettled, norm.when.at),
                _ => {}
            }
            let speaks = around.and(&norm.when.condition);
            for (at, exception) in norm.exceptions.iter().enumerate() {
                let days = days(law, &exception.in_force);
                let holds = exception.when.condition.and(&days);
                match can(law, &[&speaks, &holds]) {
                    Some(false) => {
                        let alone = can(law, &[&holds]);
                        note(if alone == Some(false) { Concern::Never } else { Concern::ExceptionOutside }, exception.when.at);
                        continue;
                    }
                    None => note(Concern::Unsettled, exception.when.at),
                    Some(true) => {}
                }
                // Two exceptions that cover each other exactly: the first is kept.
                let others = norm
                    .exceptions
                    .iter()
                    .enumerate()
                    .filter(|(o, e)| *o != at && e.silent == exception.silent && e.in_force.covers(&exception.in_force));
                let covered = others.into_iter().any(|(other, e)| {
                    let inside = can(law, &[&speaks, &holds, &e.when.condition.negated()]) == Some(false);
                    inside && (other < at || can(law, &[&speaks, &e.when.condition, &holds.negated()]) != Some(false))
                });
                if covered {
                    note(Concern::ExceptionCovered, exception.when.at);
                }
            }
        }
    }
    doubts
}

/// What always stands around a norm's own condition: whom the instrument binds, `applies`, its days, and that the question arises.
fn around(law: &Law, instrument: &Instrument, norm: &Norm) -> Condition {
    let mut all = days(law, &norm.in_force);
    for when in [&instrument.binds, &instrument.applies].into_iter().flatten() {
        all = all.and(&when.condition);
    }
    if let [only] = norm.actions[..]
        && let Some(arises) = &law.actions[only.0 as usize].when
    {
        all = all.and(&arises.condition);
    }
    all
}

/// The days as a condition on the day of the case.
fn days(law: &Law, interval: &Interval) -> Condition {
    let from = interval.from.map(|d| format!("on >= date('{d}')"));
    let to = interval.to.map(|d| format!("on <= date('{d}')"));
    let text = [from, to].into_iter().flatten().collect::<Vec<_>>().join(" && ");
    let terms = Terms::new();
    let scope = Scope { schema: &law.schema, terms: &terms };
    comity_cel::parse(&text).ok().and_then(|expr| compile(&expr, &scope).ok()).unwrap_or_else(Condition::always)
}

/// Whether the conditions can hold together in some case on some day; `None` if the search did not end.
fn can(law: &Law, conditions: &[&Condition]) -> Option<bool> {
    let facts = Facts::new(&law.schema.vocabulary);
    let days = Problem::new(&law.schema, &facts, conditions.iter().copied()).stretches(Vocabulary::ON).to_vec();
    if days.is_empty() {
        return can_with(law, &facts, conditions);
    }
    // Windows are counted back from the day: one day of each stretch stands for all of it.
    let mut all = Some(false);
    for day in days {
        let mut facts = facts.clone();
        facts.set(Vocabulary::ON, Value::Date(day));
        match can_with(law, &facts, conditions) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => all = None,
        }
    }
    all
}

fn can_with(law: &Law, facts: &Facts, conditions: &[&Condition]) -> Option<bool> {
    let mut problem = Problem::new(&law.schema, facts, conditions.iter().copied());
    let parts: Vec<Formula> = conditions.iter().map(|c| problem.residual(c)).collect();
    let yes = problem.and(&parts);
    let no = problem.not(yes);
    problem.explore(&[yes, no], Budget::default()).ok().map(|found| found.possible[0])
}

/// Norms and exceptions that no example exercises from inside, or from just outside.
#[must_use]
pub fn not_exercised(law: &Law, trials: &[Trial]) -> Vec<Doubt> {
    let inside: BTreeSet<&Exercised> = trials.iter().filter_map(|t| t.inside.as_ref()).collect();
    let outside: BTreeSet<&Exercised> = trials.iter().filter_map(|t| t.outside.as_ref()).collect();
    let mut doubts = Vec::new();
    for instrument in &law.instruments {
        for (version, norm) in instrument.norms.iter().enumerate() {
            let id = format!("{}#{}", instrument.id, norm.id);
            let parts = std::iter::once((None, norm.span)).chain(norm.exceptions.iter().enumerate().map(|(at, e)| (Some(at), e.span)));
            for (exception, at) in parts {
                let part = Exercised { norm: id.clone(), version, exception };
                if !inside.contains(&part) {
                    doubts.push(Doubt { concern: Concern::NotInside, norm: id.clone(), at });
                }
                if !outside.contains(&part) {
                    doubts.push(Doubt { concern: Concern::NotOutside, norm: id.clone(), at });
                }
            }
        }
    }
    doubts
}
