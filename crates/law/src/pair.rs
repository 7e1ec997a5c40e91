//! Two laws side by side: read so that one case can be put to both.
//!
//! A law's conditions are compiled to positions of facts, classes and actions. Two laws that declare these otherwise are each read once more against what both
//! declare together; what a law does not declare its norms do not ask for, so it decides every case as it would alone.

use std::collections::BTreeSet;

use comity_logic::{Declared, Fact, Schema, Vocabulary};

use crate::bundle::Bundle;
use crate::diagnostic::Diagnostic;
use crate::model::Law;
use crate::read::{self, Shared};

/// Two laws over the same facts, classes and actions.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The laws.
    pub laws: [Law; 2],
    /// What only one of them declares: facts, actions, and values of enumerations as `request.kind = parole-request`.
    pub only: [BTreeSet<String>; 2],
}

/// Why two laws cannot be compared.
#[derive(Clone, Debug)]
pub enum PairError {
    /// The first (0) or the second (1) cannot be read.
    Law(usize, Vec<Diagnostic>),
    /// They declare something in ways that do not go together; a sentence each.
    Declared(Vec<String>),
}

impl Pair {
    /// Reads two bundles side by side.
    ///
    /// # Errors
    /// When one of them has mistakes, or a fact is of one type in one and of another in the other.
    pub fn read(one: Bundle, two: Bundle) -> Result<Self, PairError> {
        let alone = |side: usize, bundle: &Bundle| Law::read(bundle.clone()).map_err(|found| PairError::Law(side, found));
        let laws = [alone(0, &one)?, alone(1, &two)?];
        let facts = together(&laws).map_err(PairError::Declared)?;
        let mut vocabulary = read::empty_vocabulary();
        vocabulary.declare(&facts).map_err(|wrong| PairError::Declared(wrong.into_iter().map(|(_, why)| why).collect()))?;
        let [first, second] = &laws;
        let classes = first.schema.classes.beside(&second.schema.classes).map_err(|why| PairError::Declared(vec![why]))?;
        let mut actions: Vec<String> = laws.iter().flat_map(|l| l.actions.iter().map(|a| a.id.clone())).collect();
        let mut seen = BTreeSet::new();
        actions.retain(|id| seen.insert(id.clone()));
        let only = [only(first, second), only(second, first)];
        let [ours, theirs] =
            classes.map(|classes| Shared { schema: Schema { vocabulary: vocabulary.clone(), classes }, actions: actions.clone() });
        let again = |side, bundle, shared| read::read_against(bundle, true, Some(shared)).map_err(|found| PairError::Law(side, found));
        Ok(Self { laws: [again(0, one, &ours)?, again(1, two, &theirs)?], only })
    }
}

/// What both laws declare, each fact once; an enumeration has the values of both.
fn together([one, two]: &[Law; 2]) -> Result<Vec<Fact>, Vec<String>> {
    let (mut facts, mut wrong) = (one.schema.vocabulary.declarations(), Vec::new());
    for fact in two.schema.vocabulary.declarations() {
        let Some(known) = facts.iter_mut().find(|f| f.name == fact.name) else {
            facts.push(fact);
            continue;
        };
        match (&mut known.declared, fact.declared) {
            (Declared::Enum(values), Declared::Enum(more)) => more.into_iter().for_each(|v| {
                if !values.contains(&v) {
                    values.push(v);
                }
            }),
            (Declared::Int { min }, Declared::Int { min: other }) => *min = min.zip(other).map(|(a, b)| a.min(b)),
            // A list that only one law can call incomplete is complete to the other.
            (Declared::List { of, complete }, Declared::List { of: other, complete: theirs })
                if *of == other && (complete.is_none() || theirs.is_none() || *complete == theirs) =>
            {
                *complete = complete.take().or(theirs);
            }
            (a, b) if *a == b => {}
            (a, b) => wrong.push(format!(
                "`{}` is {} in the first law and {} in the second: a case cannot state it to both; rename it in one of them",
                known.name,
                kind(a),
                kind(&b)
            )),
        }
    }
    if wrong.is_empty() { Ok(facts) } else { Err(wrong) }
}

fn kind(declared: &Declared) -> String {
    match declared {
        Declared::Bool => "yes or no".to_owned(),
        Declared::Enum(_) => "an enumeration".to_owned(),
        Declared::Int { .. } => "a number".to_owned(),
        Declared::Date => "a date".to_owned(),
        Declared::Text => "a text".to_owned(),
        Declared::Offense => "an offense code".to_owned(),
        Declared::List { of, complete } => match complete {
            Some(complete) => format!("a list of `{of}`, complete by `{complete}`,"),
            None => format!("a list of `{of}`"),
        },
    }
}

/// What the law declares and the other does not.
fn only(law: &Law, other: &Law) -> BTreeSet<String> {
    let mut found: BTreeSet<String> =
        law.actions.iter().filter(|a| other.action(&a.id).is_none()).map(|a| format!("action {}", a.id)).collect();
    let vocabulary: &Vocabulary = &other.schema.vocabulary;
    for name in law.schema.vocabulary.names() {
        let Some(own) = law.schema.vocabulary.find(&name) else { continue };
        match (vocabulary.find(&name), &law.schema.vocabulary.fact(own).declared) {
            (None, _) => drop(found.insert(name)),
            (Some(theirs), Declared::Enum(values)) => {
                let Declared::Enum(known) = &vocabulary.fact(theirs).declared else { continue };
                found.extend(values.iter().filter(|v| !known.contains(v)).map(|v| format!("{name} = {v}")));
            }
            _ => {}
        }
    }
    found
}
