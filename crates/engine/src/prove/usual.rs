//! What is most usual of a fact: of two cases with as few facts, a reader understands the usual one sooner.

use comity_law::Law;
use comity_logic::{Candidate, Date, Declared, FactId, Facts, Slot, Unknown, Value, Vocabulary};

/// What a stated fact costs; all that a case has of the unusual together costs less.
pub(crate) const FACT: u64 = 10_000;

/// What is asked of an agency, most often: by action, the kind of request that goes with it, the kind of information, and the place.
const KINDS: [(&str, &str, &str, &str); 17] = [
    ("hold", "detainer", "", ""),
    ("notify-release", "notification-request", "release-date", ""),
    ("transfer", "transfer-request", "", ""),
    ("share-personal-info", "information-request", "home-address", ""),
    ("share-status", "information-request", "immigration-status", ""),
    ("database-access", "database-query", "jail-records", ""),
    ("stop-or-arrest", "arrest", "", "street"),
    ("interview-access", "interview-request", "", "jail"),
    ("facility-access", "access-request", "", "jail"),
    ("assist-operation", "assistance-request", "", "home"),
    ("traffic-support", "assistance-request", "", "street"),
    ("emergency-aid", "assistance-request", "", "street"),
    ("joint-task-force", "assistance-request", "", ""),
    ("deputize", "agreement", "", ""),
    ("contract-detention", "contract", "", ""),
    ("courthouse-arrest", "arrest", "", "courthouse"),
    ("ask-status", "none", "", "street"),
];

/// Values that are usual of facts, the most usual first.
#[derive(Clone, Debug)]
pub(crate) struct Usual {
    enums: Vec<(Slot, Vec<u8>)>,
    /// Booleans that are usually true.
    yes: Vec<Slot>,
    /// Contested points of law.
    contested: Vec<Slot>,
    /// What hardly occurs: a judge's warrant for a civil immigration matter.
    rare: Option<(Slot, u8)>,
    /// How many scalar facts there are.
    numbers: u16,
}

impl Usual {
    /// What is usual of a request for the action on the day.
    pub(crate) fn of(law: &Law, action: &str, on: Date) -> Self {
        let (_, kind, information, place) = KINDS.iter().find(|k| k.0 == action).copied().unwrap_or(("", "detainer", "", ""));
        // The form of the detainer: I-247 until June 2015, I-247D until April 2017, I-247A since.
        let form = match (on.year(), on.month()) {
            (2017, 4..) | (2018.., _) => "i-247a",
            (2015, 6..) | (2016, _) | (2017, _) => "i-247d",
            _ => "i-247",
        };
        let stage: &[&str] = if action == "ask-status" { &["arrested"] } else { &["jailed"] };
        let facts: [(&str, &[&str]); 13] = [
            ("request.kind", &[kind]),
            ("request.requester", &["ice"]),
            ("request.purpose", &["civil-immigration"]),
            ("request.process", &["none", "administrative"]),
            ("request.form", &[form]),
            ("information.kind", &[information]),
            ("information.status_needed_for", &["nothing"]),
            ("custody.stage", stage),
            ("operation.place", &[place]),
            ("facility.area", &["nonpublic"]),
            ("agency.agreement_287g", &["none"]),
            ("agreement.step", &["new"]),
            ("contract.step", &["renewal", "new"]),
        ];
        let vocabulary = &law.schema.vocabulary;
        let scalar = |fact: &str| match vocabulary.find(fact) {
            Some(FactId::Scalar(slot)) => Some(slot),
            _ => None,
        };
        let enums = facts.iter().filter_map(|(fact, values)| {
            let slot = scalar(fact)?;
            let Declared::Enum(declared) = &vocabulary.fact(FactId::Scalar(slot)).declared else { return None };
            let at = |value: &&str| declared.iter().position(|d| d == value).map(|at| at as u8);
            Some((slot, values.iter().filter_map(at).collect::<Vec<u8>>())).filter(|(_, values)| !values.is_empty())
        });
        let yes = ["custody.release_due", "agency.operates_jail", "agency.made_arrest", "information.named_person"];
        let rare = scalar("request.process").and_then(|slot| {
            let Declared::Enum(declared) = &vocabulary.fact(FactId::Scalar(slot)).declared else { return None };
            Some((slot, declared.iter().position(|d| d == "judicial-warrant-civil")? as u8))
        });
        let yes = yes.iter().filter_map(|fact| scalar(fact)).collect();
        Self { enums: enums.collect(), yes, contested: contested(vocabulary), rare, numbers: vocabulary.scalars().len() as u16 }
    }

    /// What it costs to say something: each fact counts, and each element of a list; then the unusual, `yes` rather than `no`, and large numbers.
    pub(crate) fn cost(&self, unknown: Unknown, candidate: &Candidate) -> u64 {
        let is = |slots: &[Slot]| matches!(unknown, Unknown::Scalar(slot) if slots.contains(&slot));
        let usual = || self.enums.iter().find(|(slot, _)| Unknown::Scalar(*slot) == unknown);
        let odd = match candidate {
            Candidate::Value(Value::Bool(yes)) => u64::from(*yes != is(&self.yes)),
            Candidate::Value(Value::Enum(at)) => usual().map_or(2, |(_, values)| if values.contains(at) { 0 } else { 20 }),
            Candidate::Value(Value::Int(n)) => n.unsigned_abs().min(9),
            Candidate::Value(_) | Candidate::Text(_) => 0,
            Candidate::List(elements) => elements.iter().map(|e| FACT + 10 * e.len() as u64).sum::<u64>(),
        };
        // What hardly occurs is put off for a case with a few more facts, and one that turns on a contested point of law for one as small.
        let rare = matches!((self.rare, unknown, candidate),
            (Some((slot, at)), Unknown::Scalar(s), Candidate::Value(Value::Enum(v))) if slot == s && at == *v);
        FACT + odd + if rare { 4 * FACT } else { 0 } + if is(&self.contested) { 100 } else { 0 }
    }

    /// The case with what is usual put in wherever it still shows the same: a test may not tell the usual value from the one that was found.
    pub(crate) fn put_into(&self, case: &mut Facts, shows: &dyn Fn(&Facts) -> bool) {
        for (slot, values) in &self.enums {
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
        for slot in (0..self.numbers).map(Slot) {
            let Value::Int(now) = case.scalar(slot) else { continue };
            for small in [0, 1, 24].into_iter().take_while(|small| *small < now) {
                let mut other = case.clone();
                other.set(slot, Value::Int(small));
                if shows(&other) {
                    *case = other;
                    break;
                }
            }
        }
    }
}

fn contested(vocabulary: &Vocabulary) -> Vec<Slot> {
    let named = vocabulary.scalars().iter().enumerate().filter(|(_, fact)| fact.name.starts_with("law."));
    named.map(|(at, _)| Slot(at as u16)).collect()
}
