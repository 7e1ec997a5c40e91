//! Small cases, and what the engine says of them.

use crate::case::Times;
use crate::determination::Determination;
use crate::resolve::{MayFire, OUTCOMES};
use crate::stack::{Slice, Stack};
use comity_law::{Law, Outcome};
use comity_logic::{Candidate, Declared, FactId, Facts, Formula, Problem, Slot, Unknown, Unsettled, Value};

/// What a stated fact costs; all that a case has of the unusual together costs less.
pub(crate) const FACT: u64 = 10_000;

/// What is asked of an agency, most often: by action, the kind of request that goes with it.
const KINDS: [(&str, &str); 17] = [
    ("hold", "detainer"),
    ("notify-release", "notification-request"),
    ("transfer", "transfer-request"),
    ("share-personal-info", "information-request"),
    ("share-status", "information-request"),
    ("database-access", "database-query"),
    ("stop-or-arrest", "arrest"),
    ("interview-access", "interview-request"),
    ("facility-access", "access-request"),
    ("assist-operation", "assistance-request"),
    ("traffic-support", "assistance-request"),
    ("emergency-aid", "assistance-request"),
    ("joint-task-force", "assistance-request"),
    ("deputize", "agreement"),
    ("contract-detention", "contract"),
    ("courthouse-arrest", "arrest"),
    ("ask-status", "none"),
];

/// What is most usual of a fact, where one value is: of two cases with as few facts, a reader understands the usual one sooner.
#[derive(Clone, Debug)]
pub(crate) struct Usual(Vec<(Slot, Vec<u8>)>);

impl Usual {
    pub(crate) fn of(law: &Law, action: &str) -> Self {
        let kind = KINDS.iter().find(|(a, _)| *a == action).map_or("detainer", |(_, kind)| *kind);
        let facts: [(&str, &[&str]); 4] = [
            ("request.kind", &[kind]),
            ("request.requester", &["ice"]),
            ("request.purpose", &["civil-immigration"]),
            ("request.process", &["none", "administrative"]),
        ];
        let vocabulary = &law.schema.vocabulary;
        let found = facts.iter().filter_map(|(fact, values)| {
            let Some(FactId::Scalar(slot)) = vocabulary.find(fact) else { return None };
            let Declared::Enum(declared) = &vocabulary.fact(FactId::Scalar(slot)).declared else { return None };
            let at = |value: &&str| declared.iter().position(|d| d == value).map(|at| at as u8);
            Some((slot, values.iter().filter_map(at).collect()))
        });
        Self(found.collect())
    }

    /// What it costs to say something: each fact counts, and each element of a list; then the unusual, and `yes` rather than `no`.
    pub(crate) fn cost(&self, unknown: Unknown, candidate: &Candidate) -> u64 {
        let usual = || self.0.iter().find(|(slot, _)| Unknown::Scalar(*slot) == unknown);
        match candidate {
            Candidate::Value(Value::Bool(true)) => FACT + 1,
            Candidate::Value(Value::Enum(at)) if usual().is_some_and(|(_, values)| !values.contains(at)) => FACT + 20,
            Candidate::Value(_) | Candidate::Text(_) => FACT,
            Candidate::List(elements) => FACT + elements.iter().map(|e| FACT + 10 * e.len() as u64).sum::<u64>(),
        }
    }

    /// The case with what is usual put in wherever it still shows the same: a test may not tell the usual value from the one that was found.
    pub(crate) fn put_into(&self, case: &mut Facts, shows: &dyn Fn(&Facts) -> bool) {
        for (slot, values) in &self.0 {
            let Value::Enum(now) = case.scalar(*slot) else { continue };
            for value in values.iter().take_while(|v| **v != now) {
                let mut other = case.clone();
                other.set(*slot, Value::Enum(*value));
                if shows(&other) {
                    *case = other;
                    break;
                }
            }
        }
    }
}

/// A case of which only agency, day and settled points are known.
pub(crate) fn blank(stack: &Stack<'_>) -> Facts {
    stack.made_ready(&Facts::new(&stack.law.schema.vocabulary))
}

/// The contested points that are settled for a stack, as the engine settles them.
pub(crate) fn settled(stack: &Stack<'_>) -> Vec<(Slot, Value)> {
    if stack.settles.is_empty() {
        return Vec::new();
    }
    let ready = blank(stack);
    let slot = |fact: &str| match stack.law.schema.vocabulary.find(fact) {
        Some(FactId::Scalar(slot)) => Some((slot, ready.scalar(slot))),
        _ => None,
    };
    let mut found: Vec<(Slot, Value)> = stack.settles.iter().filter_map(|(_, s)| slot(&s.fact)).collect();
    // A text is a position among the texts of its own case: such a point stays open, and a witness that turns on it is not confirmed.
    found.retain(|(_, value)| !matches!(value, Value::Unknown | Value::Text(_)));
    found.sort_by_key(|(slot, _)| *slot);
    found.dedup_by_key(|(slot, _)| *slot);
    found
}

/// The case without the points that are settled for the stack: they are no facts of the case there.
pub(crate) fn without_settled(stack: &Stack<'_>, case: &Facts) -> Facts {
    let mut case = case.clone();
    settled(stack).iter().for_each(|(slot, _)| case.set(*slot, Value::Unknown));
    case
}

/// Runs a case with the stack.
pub(crate) fn replay(stack: &Stack<'_>, slice: &Slice<'_>, case: &Facts) -> Result<Determination, Unsettled> {
    stack.decide(slice.action, &without_settled(stack, case), &Times::default())
}

/// The formula of an outcome among [`OUTCOMES`].
pub(crate) fn of(outcome: Outcome, formulas: &[Formula; 5]) -> Formula {
    OUTCOMES.iter().position(|o| *o == outcome).map_or(Formula::FALSE, |at| formulas[at])
}

/// When a norm stands: it fires, and nothing that fires makes it give way.
pub(crate) fn stands(problem: &mut Problem<'_>, slice: &Slice<'_>, items: &[MayFire], item: &MayFire) -> Formula {
    let beaten: Vec<Formula> = items.iter().filter(|o| crate::resolve::beats(slice, &o.fired(), &item.fired())).map(|o| o.when).collect();
    let beaten = problem.or(&beaten);
    let unbeaten = problem.not(beaten);
    problem.and(&[item.when, unbeaten])
}
