//! Worked cases: those in the law files, and scenario files beside them, run and compared with what they expect.

use crate::case::{AgencyRef, Times};
use crate::read::{CaseError, CaseMistake, read_case, read_facts};
use crate::stack::{Source, Stack, State};
use comity_law::{ActionId, At, Confidence, Example, Instrument, Law, Outcome};
use comity_logic::{Facts, Truth};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// Which part of the law an example exercises.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Exercised {
    /// The norm: `us-ca-values-act#notify`.
    pub norm: String,
    /// The norm's position in its file, which tells dated versions apart.
    pub version: usize,
    /// The exception's position, for an example of an exception.
    pub exception: Option<usize>,
}

/// What came of an example or a scenario.
#[derive(Clone, Debug)]
pub struct Trial {
    /// What it is called.
    pub name: String,
    /// Where it stands, for an example of a law file.
    pub at: Option<At>,
    /// What was expected.
    pub expected: Outcome,
    /// What came out, if it could be decided.
    pub outcome: Option<Outcome>,
    /// How sure its author is.
    pub confidence: Option<Confidence>,
    /// What differs; empty if nothing does.
    pub differences: Vec<String>,
    /// The part of the law that it was seen to exercise from inside, and from outside.
    pub inside: Option<Exercised>,
    /// See `inside`.
    pub outside: Option<Exercised>,
}

impl Trial {
    /// Whether everything came out as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.differences.is_empty()
    }
}

/// What an example expects of one case.
struct Expected<'a> {
    outcome: Outcome,
    possible: &'a [Outcome],
    missing: Option<&'a [String]>,
}

/// Runs every example of the law.
#[must_use]
pub fn run_examples(law: &Law) -> Vec<Trial> {
    let mut trials = Vec::new();
    for instrument in &law.instruments {
        for example in &instrument.examples {
            trials.push(trial(law, instrument, example, None));
        }
        for (version, norm) in instrument.norms.iter().enumerate() {
            let of = |exception| Exercised { norm: format!("{}#{}", instrument.id, norm.id), version, exception };
            for example in &norm.examples {
                trials.push(trial(law, instrument, example, Some(of(None))));
            }
            for (at, exception) in norm.exceptions.iter().enumerate() {
                for example in &exception.examples {
                    trials.push(trial(law, instrument, example, Some(of(Some(at)))));
                }
            }
        }
    }
    trials
}

fn trial(law: &Law, instrument: &Instrument, example: &Example, part: Option<Exercised>) -> Trial {
    let name = example.name.clone().unwrap_or_else(|| match &part {
        Some(part) => format!("{}{}", part.norm, part.exception.map(|e| format!(" unless[{e}]")).unwrap_or_default()),
        None => instrument.id.clone(),
    });
    let mut trial = Trial {
        name,
        at: Some(example.at),
        expected: example.expect,
        outcome: None,
        confidence: None,
        differences: Vec::new(),
        inside: None,
        outside: None,
    };
    let Some(case) = instrument.case(example) else {
        trial.differences.push("the day, or the kind or place of the agency, is missing here and in [sample]".to_owned());
        return trial;
    };
    let missing = (example.expect == Outcome::Undetermined || !example.missing.is_empty()).then_some(example.missing.as_slice());
    let expected = Expected { outcome: example.expect, possible: &example.possible, missing };
    if let Some(run) = run(law, &case, example.action, &expected, "", &mut trial) {
        match part.as_ref().map(|p| (p, fires(&run, instrument, p))) {
            Some((p, true)) => trial.inside = Some(p.clone()),
            Some((_, false)) if example.expect != Outcome::Undetermined => {
                trial.differences.push("the part that it stands under does not fire in it".to_owned())
            }
            _ => {}
        }
    }
    let (Some(but), Some(then)) = (instrument.case_but(example), example.then) else { return trial };
    let expected = Expected { outcome: then, possible: &[], missing: None };
    let outcome = trial.outcome;
    if let Some(run) = run(law, &but, example.action, &expected, "after `but`: ", &mut trial)
        && let Some(part) = part
    {
        if fires(&run, instrument, &part) {
            trial.differences.push("after `but`: the part that it stands under still fires".to_owned());
        } else {
            trial.outside = Some(part);
        }
    }
    trial.outcome = outcome;
    trial
}

struct Run<'l> {
    stack: Stack<'l>,
    facts: Facts,
    action: ActionId,
}

fn run<'l>(
    law: &'l Law,
    case: &comity_law::Case,
    action: ActionId,
    expected: &Expected<'_>,
    lead: &str,
    trial: &mut Trial,
) -> Option<Run<'l>> {
    let agency = AgencyRef { name: case.agency.name.clone(), kind: case.agency.kind.clone(), place: case.agency.place.clone(), ori: None };
    let mut wrong = |message: String| trial.differences.push(format!("{lead}{message}"));
    if let Err(error) = crate::stacks::check_agency(law, &agency) {
        wrong(error.to_string());
        return None;
    }
    let facts = match read_facts(law, &Json::Object(case.facts.clone())) {
        Ok(facts) => facts,
        Err(mistakes) => {
            mistakes.into_iter().for_each(|m| wrong(format!("{}: {}", m.path, m.message)));
            return None;
        }
    };
    let stack = Stack::new(law, &agency, case.on, &[]);
    match stack.decide(action, &facts, &Times::default()) {
        Ok(found) => {
            let missing: Vec<String> = found.missing.iter().map(|q| q.fact.clone()).collect();
            compare(expected, found.outcome, &found.possible, &missing, &mut wrong);
            trial.outcome = Some(found.outcome);
        }
        Err(error) => wrong(error.to_string()),
    }
    let facts = stack.made_ready(&facts);
    Some(Run { stack, facts, action })
}

fn compare(expected: &Expected<'_>, outcome: Outcome, possible: &[Outcome], missing: &[String], wrong: &mut impl FnMut(String)) {
    if outcome != expected.outcome {
        let asked = if missing.is_empty() { String::new() } else { format!(" (missing: {})", missing.join(", ")) };
        wrong(format!("expected {}, found {outcome}{asked}", expected.outcome));
        return;
    }
    let found: BTreeSet<Outcome> = possible.iter().copied().collect();
    let wanted: BTreeSet<Outcome> = expected.possible.iter().copied().collect();
    if !wanted.is_empty() && wanted != found {
        let show = |set: &BTreeSet<Outcome>| set.iter().map(|o| o.as_str()).collect::<Vec<_>>().join(", ");
        wrong(format!("expected possible: {}; found: {}", show(&wanted), show(&found)));
    }
    let Some(wanted) = expected.missing else { return };
    let wanted: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
    let found: BTreeSet<&str> = missing.iter().map(String::as_str).collect();
    if wanted != found {
        let show =
            |set: &BTreeSet<&str>| if set.is_empty() { "nothing".to_owned() } else { set.iter().copied().collect::<Vec<_>>().join(", ") };
        wrong(format!("expected missing: {}; found: {}", show(&wanted), show(&found)));
    }
}

/// Whether the norm fires as itself, or the exception holds, in the case.
fn fires(run: &Run<'_>, instrument: &Instrument, part: &Exercised) -> bool {
    let Some(norm) = instrument.norms.get(part.version) else { return false };
    let vocabulary = &run.stack.law.schema.vocabulary;
    let mut entries = run.stack.slice(run.action).entries.iter();
    let Some(entry) = entries.find(|e| matches!(e.source, Source::Norm(_, n) if std::ptr::eq(n, norm))) else { return false };
    match part.exception {
        None => entry.state(vocabulary, &run.facts) == State::Fires(norm.modality, Vec::new()),
        Some(at) => {
            entry.when.truth(vocabulary, &run.facts) == Truth::True
                && entry.unless.iter().any(|u| u.at == at && u.when.truth(vocabulary, &run.facts) == Truth::True)
        }
    }
}

/// Runs one scenario: a case in JSON with `expected`, and `possible` and `missing` where it is undetermined.
///
/// # Errors
/// When it is no case, or says not what it expects.
pub fn run_scenario(law: &Law, text: &str) -> Result<Trial, CaseError> {
    let case = read_case(law, text)?;
    let json: Json = serde_json::from_str(text).unwrap_or_default();
    let wrong =
        |path: &str, message: String| CaseError { mistakes: vec![CaseMistake { path: path.to_owned(), line: 1, column: 1, message }] };
    let texts = |key: &str| -> Result<Option<Vec<String>>, CaseError> {
        let Some(value) = json.get(key) else { return Ok(None) };
        let texts = value.as_array().and_then(|items| items.iter().map(|v| v.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>());
        texts.map(Some).ok_or_else(|| wrong(key, "a list of texts is expected here".to_owned()))
    };
    let outcomes = |key: &str, words: &[String]| -> Result<Vec<Outcome>, CaseError> {
        words.iter().map(|w| w.parse().map_err(|e| wrong(key, format!("`{w}` is no outcome; {e}")))).collect()
    };
    let word = |key: &str| json.get(key).and_then(Json::as_str);
    let Some(outcome) = word("expected") else {
        return Err(wrong("expected", format!("a scenario says what it expects: \"expected\" is one of {}", Outcome::WORDS.join(", "))));
    };
    let outcome = outcomes("expected", &[outcome.to_owned()])?[0];
    let possible = outcomes("possible", &texts("possible")?.unwrap_or_default())?;
    let missing = texts("missing")?;
    let confidence =
        word("confidence").map(|w| w.parse().map_err(|e| wrong("confidence", format!("`{w}` is no confidence; {e}")))).transpose()?;
    let mut trial = Trial {
        name: word("id").unwrap_or("(no id)").to_owned(),
        at: None,
        expected: outcome,
        outcome: None,
        confidence,
        differences: Vec::new(),
        inside: None,
        outside: None,
    };
    let stack = Stack::new(law, &case.agency, case.on, &case.local);
    for action in &case.actions {
        match stack.decide(*action, &case.facts, &case.times) {
            Ok(found) => {
                let asked: Vec<String> = found.missing.iter().map(|q| q.fact.clone()).collect();
                let expected = Expected { outcome, possible: &possible, missing: missing.as_deref() };
                compare(&expected, found.outcome, &found.possible, &asked, &mut |m| trial.differences.push(m));
                trial.outcome = Some(found.outcome);
            }
            Err(error) => trial.differences.push(error.to_string()),
        }
    }
    Ok(trial)
}
