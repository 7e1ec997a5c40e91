//! Finitely many candidate values for each missing fact, which tell every test on it apart.

use super::diagram::{Diagram, Node as Branch, TooLarge};
use super::formula::{Ask, Formula, Var};
use super::residual::Problem;
use crate::classes::{ClassId, ClassSet};
use crate::condition::{Bound, LONG_ENOUGH, Test};
use crate::facts::{Facts, Value};
use crate::{Date, Declared, FactId, Field, ListId, Slot, Truth};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// A missing fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unknown {
    /// A fact of the case.
    Scalar(Slot),
    /// A field of the element at this position of a list.
    Element(ListId, usize, Field),
    /// The elements of a list beyond those given.
    Rest(ListId),
    /// The elements that no condition tells from the one at this position, which is not among them; never among what matters.
    Alike(ListId, usize),
    /// A field of any further element; it never leaves a quantifier.
    #[doc(hidden)]
    Field(ListId, Field),
}

impl Unknown {
    /// The fact that is asked for.
    #[must_use]
    pub fn fact(self) -> FactId {
        match self {
            Self::Scalar(slot) => FactId::Scalar(slot),
            Self::Element(list, _, field) | Self::Field(list, field) => FactId::Field(list, field),
            Self::Rest(list) | Self::Alike(list, _) => FactId::List(list),
        }
    }
}

/// A value that a missing fact may have; the others that no test tells from it are left out.
#[derive(Clone, Debug, PartialEq)]
pub enum Candidate {
    /// A value that stands by itself.
    Value(Value),
    /// A text or an offence code.
    Text(String),
    /// Further elements of a list, each with the fields that were tested.
    List(Vec<Vec<(Field, Candidate)>>),
}

/// The candidates of one missing fact, and the answer of every literal for each.
#[derive(Debug, Default)]
pub(crate) struct Domain {
    pub(crate) candidates: Vec<Candidate>,
    /// The candidate that is what the case states.
    pub(crate) stated: Option<usize>,
    /// How many declared values each candidate stands for.
    pub(crate) weights: Vec<f64>,
    pub(crate) answers: FxHashMap<Formula, Vec<bool>>,
}

/// At most so many candidates a fact; a list that needs more is over budget.
const MAX_CANDIDATES: usize = 4096;

/// At most so many steps to find them.
const MAX_COUNTS: usize = 8_000_000;

impl Problem<'_> {
    /// The candidates of every variable that the formulas speak of.
    pub(crate) fn domains(&self, roots: &[Formula]) -> Result<BTreeMap<Var, Domain>, TooLarge> {
        let mut asks: BTreeMap<Var, Vec<(Formula, &Ask)>> = BTreeMap::new();
        let mut found = Vec::new();
        self.arena.literals(roots, |f, var, _| found.push((f, var)));
        found.sort_unstable();
        for (f, var) in found {
            if let super::formula::Shape::Literal(_, ask) = self.arena.shape(f) {
                asks.entry(var).or_default().push((f, ask));
            }
        }
        let mut domains = BTreeMap::new();
        for (var, asks) in asks {
            let domain = match self.unknowns[var as usize] {
                Unknown::Rest(_) => self.lists(&asks, None)?,
                Unknown::Alike(list, first) => self.lists(&asks, self.groups.get(&(list, first)).map(Vec::len))?,
                unknown => self.values(unknown, &asks),
            };
            domains.insert(var, domain);
        }
        Ok(domains)
    }

    fn values(&self, unknown: Unknown, asks: &[(Formula, &Ask)]) -> Domain {
        let id = unknown.fact();
        let tests: Vec<(Formula, &Test)> =
            asks.iter().filter_map(|(f, ask)| if let Ask::Value(test) = ask { Some((*f, test)) } else { None }).collect();
        let mut scratch = Facts::new(&self.schema.vocabulary);
        let mut domain = Domain::default();
        let mut seen: FxHashMap<Vec<bool>, usize> = FxHashMap::default();
        for candidate in self.representatives(id, &tests) {
            let value = match &candidate {
                Candidate::Value(value) => *value,
                Candidate::Text(text) => {
                    let classes = if self.schema.vocabulary.fact(id).declared == Declared::Offense {
                        self.schema.classes.of(text)
                    } else {
                        Default::default()
                    };
                    scratch.text(text, classes)
                }
                Candidate::List(_) => continue,
            };
            let signature: Vec<bool> = tests.iter().map(|(_, test)| test.on(value, &scratch) == Truth::True).collect();
            match seen.get(&signature) {
                Some(at) => domain.weights[*at] += 1.0,
                None => {
                    seen.insert(signature.clone(), domain.candidates.len());
                    for ((f, _), answer) in tests.iter().zip(signature) {
                        domain.answers.entry(*f).or_default().push(answer);
                    }
                    domain.candidates.push(candidate);
                    domain.weights.push(1.0);
                }
            }
        }
        if matches!(self.schema.vocabulary.fact(id).declared, Declared::Offense | Declared::Text | Declared::Int { .. } | Declared::Date) {
            // How many values a cell of an open type has says nothing about how likely it is.
            domain.weights.iter_mut().for_each(|w| *w = 1.0);
        }
        if let Some((value, facts)) = self.stated_value(unknown) {
            let signature: Vec<bool> = tests.iter().map(|(_, test)| test.on(value, facts) == Truth::True).collect();
            if let Some(at) = seen.get(&signature) {
                domain.candidates[*at] = facts.as_text(value).map_or(Candidate::Value(value), |text| Candidate::Text(text.to_owned()));
                domain.stated = Some(*at);
            }
        }
        domain
    }

    /// What the case states of a fact that is left open here.
    fn stated_value(&self, unknown: Unknown) -> Option<(Value, &Facts)> {
        let facts = self.stated?;
        let value = match unknown {
            Unknown::Scalar(slot) => facts.scalar(slot),
            Unknown::Element(list, index, field) => {
                let width = self.schema.vocabulary.record(list).fields.len();
                facts.elements(list, width).nth(index).map_or(Value::Unknown, |e| e[field.0 as usize])
            }
            Unknown::Rest(_) | Unknown::Alike(..) | Unknown::Field(..) => Value::Unknown,
        };
        (value != Value::Unknown).then_some((value, facts))
    }

    /// Values of the declared type of which at least one has each combination of answers that any value has.
    fn representatives(&self, id: FactId, tests: &[(Formula, &Test)]) -> Vec<Candidate> {
        let plain = |v: Vec<Value>| v.into_iter().map(Candidate::Value).collect();
        match &self.schema.vocabulary.fact(id).declared {
            Declared::Bool => plain(vec![Value::Bool(true), Value::Bool(false)]),
            Declared::Enum(values) => plain((0..values.len()).map(|at| Value::Enum(at as u8)).collect()),
            Declared::Int { min } => {
                let steps: BTreeSet<i64> =
                    tests.iter().filter_map(|(_, t)| if let Test::IntAtLeast(n) = t { Some(*n) } else { None }).collect();
                // Just below the first step, but nowhere near days that are enough for any window.
                let below =
                    steps.first().map_or(0, |n| if *n > LONG_ENOUGH / 2 { 0 } else { n.saturating_sub(1) }).max(min.unwrap_or(i64::MIN));
                let steps = steps.into_iter().filter(|n| min.is_none_or(|m| *n >= m));
                plain(std::iter::once(below).chain(steps).map(Value::Int).collect())
            }
            Declared::Date => {
                let mut steps = BTreeSet::new();
                for (_, test) in tests {
                    match test {
                        Test::From(Bound::Day(day)) => drop(steps.insert(*day)),
                        Test::After(Bound::Day(day)) => drop(steps.insert(day.tomorrow().unwrap_or(*day))),
                        _ => {}
                    }
                }
                let below = steps.first().map_or(Date::ZERO, |d| d.yesterday().unwrap_or(*d));
                plain(std::iter::once(below).chain(steps).map(Value::Date).collect())
            }
            Declared::Text => {
                let texts: BTreeSet<&str> = tests
                    .iter()
                    .filter_map(|(_, t)| if let Test::Equals(s) | Test::StartsWith(s) = t { Some(&**s) } else { None })
                    .collect();
                // A text with a given beginning that equals none of the others, and one that fits nothing.
                let mark = ('\u{2026}'..).find(|c| !texts.iter().any(|t| t.contains(*c))).unwrap_or_default();
                let longer = texts.iter().map(|t| format!("{t}{mark}"));
                let other = std::iter::once(mark.to_string());
                longer.chain(texts.iter().map(ToString::to_string)).chain(other).map(Candidate::Text).collect()
            }
            Declared::Offense => self.offenses(tests).into_iter().map(Candidate::Text).collect(),
            Declared::List { .. } => Vec::new(),
        }
    }

    /// Offence codes of every combination of the tested classes and sections.
    fn offenses(&self, tests: &[(Formula, &Test)]) -> BTreeSet<String> {
        let classes = &self.schema.classes;
        let asked: Vec<ClassId> =
            tests.iter().filter_map(|(_, t)| if let Test::InClass(class) = t { Some(*class) } else { None }).collect();
        let of_interest = |set: &ClassSet| asked.iter().any(|class| set.contains(*class));
        let mut codes: BTreeSet<String> = BTreeSet::new();
        for (_, test) in tests {
            if let Test::Within(code) | Test::Equals(code) = test {
                codes.insert(code.to_string());
                // A subdivision of it is not equal to it; a code of NCIC has none.
                if !code.starts_with("NCIC ") {
                    codes.insert(format!("{code}(\u{2026})"));
                }
            }
        }
        if codes.is_empty() {
            codes.extend(classes.kinds().iter().filter(|(set, _)| of_interest(set)).map(|(_, code)| code.clone()));
        } else {
            // Of two sections of the same classes one may be asked about by itself.
            codes.extend(classes.sections().filter(|code| of_interest(&classes.of(code))).map(str::to_owned));
        }
        codes.insert("\u{2026}".to_owned());
        codes
    }

    /// Elements are as good as how many of them satisfy each tested formula, counted as far as anyone asks. There are `exactly` so many, or any number.
    fn lists(&self, asks: &[(Formula, &Ask)], exactly: Option<usize>) -> Result<Domain, TooLarge> {
        let mut most: BTreeMap<Formula, u32> = BTreeMap::new();
        for (_, ask) in asks {
            if let Ask::Elements { count, body } = ask {
                let entry = most.entry(*body).or_default();
                *entry = (*entry).max(*count);
            }
        }
        let bodies: Vec<(Formula, u32)> = most.into_iter().collect();
        let mut kinds = self.element_kinds(&bodies)?;
        if exactly.is_none() {
            // An element that satisfies nothing adds nothing.
            kinds.retain(|(satisfies, _)| satisfies.contains(&true));
        }
        let mut domain = Domain::default();
        for (counts, elements) in reachable(&bodies, &kinds, exactly)? {
            domain.candidates.push(Candidate::List(elements.iter().map(|kind| kinds[*kind].1.clone()).collect()));
            domain.weights.push(1.0);
            for (f, ask) in asks {
                if let Ask::Elements { count, body } = ask
                    && let Ok(at) = bodies.binary_search_by(|(b, _)| b.cmp(body))
                {
                    domain.answers.entry(*f).or_default().push(counts[at] >= *count);
                }
            }
        }
        Ok(domain)
    }

    /// Every combination of the formulas that one element can satisfy, with an element that does.
    fn element_kinds(&self, bodies: &[(Formula, u32)]) -> Result<Vec<Kind>, TooLarge> {
        let roots: Vec<Formula> = bodies.iter().map(|(b, _)| *b).collect();
        let domains = self.domains(&roots)?;
        let mut diagram = Diagram::new(&self.arena, &domains, super::explore::Budget::default().nodes);
        let mut sets: Vec<(Vec<bool>, Branch)> = vec![(Vec::new(), Branch::TRUE)];
        for root in &roots {
            let holds = diagram.of(*root)?;
            let fails = diagram.not(holds)?;
            let mut split = Vec::with_capacity(sets.len() * 2);
            for (signature, set) in sets {
                for (answer, half) in [(true, holds), (false, fails)] {
                    let part = diagram.and(set, half)?;
                    if part != Branch::FALSE {
                        let mut signature = signature.clone();
                        signature.push(answer);
                        split.push((signature, part));
                    }
                }
            }
            if split.len() > MAX_CANDIDATES {
                return Err(TooLarge);
            }
            sets = split;
        }
        Ok(sets
            .into_iter()
            .map(|(signature, set)| {
                let fields = diagram.some(set).into_iter().filter_map(|(var, choice)| match self.unknowns[var as usize] {
                    Unknown::Field(_, field) => Some((field, domains[&var].candidates[choice].clone())),
                    _ => None,
                });
                (signature, fields.collect())
            })
            .collect())
    }
}

/// One kind of element: the formulas that it satisfies, and fields with which it does.
type Kind = (Vec<bool>, Vec<(Field, Candidate)>);

/// Every combination of counts that lists of such elements have, each with the kinds of the elements of one that has it.
fn reachable(bodies: &[(Formula, u32)], kinds: &[Kind], exactly: Option<usize>) -> Result<Vec<(Vec<u32>, Vec<usize>)>, TooLarge> {
    let caps: Vec<u32> = bodies.iter().map(|(_, cap)| *cap).collect();
    let mut spent = 0;
    let mut step = |counts: &[u32], satisfies: &[bool]| -> Result<Vec<u32>, TooLarge> {
        spent += caps.len().max(1);
        if spent > MAX_COUNTS {
            return Err(TooLarge);
        }
        Ok(counts.iter().zip(satisfies).zip(&caps).map(|((n, s), cap)| (n + u32::from(*s)).min(*cap)).collect())
    };
    // From the empty list, one element more at a time, until nothing new is counted.
    let mut level: BTreeMap<Vec<u32>, Vec<usize>> = BTreeMap::from([(vec![0; caps.len()], Vec::new())]);
    let mut all: Vec<(Vec<u32>, Vec<usize>)> = level.clone().into_iter().collect();
    let mut known: BTreeSet<Vec<u32>> = level.keys().cloned().collect();
    // Counts only grow, so after as many elements as all caps together the same counts are reached again and again.
    let longest = caps.iter().map(|cap| *cap as usize).sum::<usize>() + 1;
    let length = exactly.map_or(longest, |n| n.min(longest));
    for _ in 0..length {
        let mut longer: BTreeMap<Vec<u32>, Vec<usize>> = BTreeMap::new();
        for (counts, elements) in &level {
            for (kind, (satisfies, _)) in kinds.iter().enumerate() {
                let more = step(counts, satisfies)?;
                if (exactly.is_none() && known.contains(&more)) || longer.contains_key(&more) {
                    continue;
                }
                let mut elements = elements.clone();
                elements.push(kind);
                longer.insert(more, elements);
                if known.len() + longer.len() > MAX_CANDIDATES {
                    return Err(TooLarge);
                }
            }
        }
        if exactly.is_none() {
            if longer.is_empty() {
                break;
            }
            known.extend(longer.keys().cloned());
            all.extend(longer.iter().map(|(counts, elements)| (counts.clone(), elements.clone())));
        }
        level = longer;
    }
    let Some(exactly) = exactly else { return Ok(all) };
    // What is still to come changes no count: past so many elements, some kind does not.
    for (counts, elements) in &mut level {
        let idle = kinds.iter().position(|(satisfies, _)| step(counts, satisfies).is_ok_and(|more| more == *counts));
        if let (Some(idle), true) = (idle, elements.len() < exactly) {
            elements.resize(exactly, idle);
        }
    }
    Ok(level.into_iter().collect())
}
