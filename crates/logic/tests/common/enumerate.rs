//! Every completion of a partial case, as far as its conditions can tell completions apart.

use super::days;
use super::interpret::{Env, text, whole};
use super::mentions::{Atom, Mentions};
use super::world::{Complete, Element, Kind, Partial, Val, World};
use comity_cel::{Expr, ExprKind, Literal};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Conditions, the terms in them, and the vocabulary.
pub struct Question<'a> {
    pub world: &'a World,
    pub terms: &'a BTreeMap<String, Expr>,
    pub conditions: &'a [Expr],
}

/// Something that a partial case does not state.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    Scalar(String),
    Field(String, usize, String),
    Rest(String),
}

impl Gap {
    pub fn name(&self) -> String {
        match self {
            Self::Scalar(name) => name.clone(),
            Self::Field(list, at, field) => format!("{list}[{at}].{field}"),
            Self::Rest(list) => format!("{list}[..]"),
        }
    }
}

/// What a gap may be filled with.
#[derive(Clone, Debug)]
pub enum Filling {
    Value(Val),
    Further(Vec<Element>),
}

/// What every completion can bring.
#[derive(Debug, PartialEq)]
pub struct Reference {
    pub possible: BTreeSet<usize>,
    pub matters: BTreeSet<String>,
}

impl Question<'_> {
    pub fn gaps(&self, partial: &Partial, seen: &Mentions) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for path in seen.paths.iter().filter(|p| !p.contains("[]")) {
            if !partial.scalars.contains_key(path) {
                gaps.push(Gap::Scalar(path.clone()));
            }
        }
        for list in &seen.lists {
            let def = self.world.list(list);
            for (at, element) in partial.lists.get(list).into_iter().flatten().enumerate() {
                for (field, _) in &def.fields {
                    if seen.paths.contains(&format!("{list}[].{field}")) && !element.contains_key(field) {
                        gaps.push(Gap::Field(list.clone(), at, field.clone()));
                    }
                }
            }
            if partial.open(def) {
                gaps.push(Gap::Rest(list.clone()));
            }
        }
        gaps
    }

    /// The fillings of each gap; `None` if one of them has more than `limit`.
    pub fn fillings(&self, partial: &Partial, seen: &Mentions, gaps: &[Gap], limit: usize) -> Option<Vec<Vec<Filling>>> {
        let mut universes: BTreeMap<String, Vec<Val>> = BTreeMap::new();
        let mut of = |path: &str| universes.entry(path.to_owned()).or_insert_with(|| self.universe(path, partial, seen)).clone();
        let mut all = Vec::new();
        for gap in gaps {
            let fillings: Vec<Filling> = match gap {
                Gap::Scalar(path) => of(path).into_iter().map(Filling::Value).collect(),
                Gap::Field(list, _, field) => of(&format!("{list}[].{field}")).into_iter().map(Filling::Value).collect(),
                Gap::Rest(list) => {
                    let mut kinds = vec![Element::new()];
                    for (field, _) in &self.world.list(list).fields {
                        let path = format!("{list}[].{field}");
                        if seen.paths.contains(&path) {
                            let values = of(&path);
                            kinds = kinds.into_iter().flat_map(|e| values.iter().map(move |v| with(&e, field, v))).collect();
                        }
                        if kinds.len() > limit {
                            return None;
                        }
                    }
                    multisets(&kinds, seen.longest(list), limit)?.into_iter().map(Filling::Further).collect()
                }
            };
            if fillings.len() > limit {
                return None;
            }
            all.push(fillings);
        }
        Some(all)
    }

    /// Values that tell all tests apart: each threshold and its neighbours.
    pub fn universe(&self, path: &str, partial: &Partial, seen: &Mentions) -> Vec<Val> {
        let atoms: Vec<&Atom> = seen.atoms.iter().filter(|a| a.paths.contains(path)).collect();
        let mut texts = Vec::new();
        let mut numbers = Vec::new();
        for atom in &atoms {
            literals(&atom.expr, &mut texts, &mut numbers);
        }
        let values: BTreeSet<Val> = match self.world.kind(path) {
            Kind::Bool => [Val::Bool(true), Val::Bool(false)].into(),
            Kind::Enum(values) => values.iter().map(|v| Val::Str(v.clone())).collect(),
            Kind::Int(min) => {
                let least = min.unwrap_or(i64::MIN);
                let near = numbers.iter().flat_map(|n| [n - 1, *n, n + 1]).chain([min.unwrap_or(0)]);
                near.filter(|n| *n >= least).map(Val::Int).collect()
            }
            Kind::Text => texts.iter().flat_map(|t| [t.clone(), format!("{t}~")]).chain(["~~".to_owned()]).map(Val::Str).collect(),
            Kind::Offense => {
                let listed = self.world.classes.iter().flat_map(|c| c.1.iter().cloned());
                let codes = texts.iter().filter(|t| !t.starts_with('k')).cloned().chain(listed);
                codes
                    .flat_map(|c| if c.starts_with("NCIC") { vec![c] } else { vec![c.clone(), format!("{c}(z)")] })
                    .chain(["ZZ QQ 1".to_owned()])
                    .map(Val::Str)
                    .collect()
            }
            Kind::Date => self.days(path, partial, seen).into_iter().map(Val::Day).collect(),
        };
        self.thinned(path, values.into_iter().collect(), &atoms, partial)
    }

    /// One value for each combination of answers, where the answers depend on nothing else that is unknown.
    fn thinned(&self, path: &str, values: Vec<Val>, atoms: &[&Atom], partial: &Partial) -> Vec<Val> {
        let alone = atoms.iter().all(|a| a.paths.iter().all(|p| p == path || (!p.contains("[]") && partial.scalars.contains_key(p))));
        if !alone {
            return values;
        }
        let mut answers = BTreeSet::new();
        let case = Complete::of(partial);
        values
            .into_iter()
            .filter(|value| {
                let mut case = case.clone();
                let mut element = HashMap::new();
                match path.split_once("[].") {
                    Some((_, field)) => drop(element.insert(field.to_owned(), value.clone())),
                    None => drop(case.scalars.insert(path.to_owned(), value.clone())),
                }
                let env = Env { world: self.world, terms: self.terms, case: &case };
                let of = |a: &Atom| env.holds(&a.expr, &a.vars.iter().map(|v| (v.0.clone(), &element)).collect());
                answers.insert(atoms.iter().map(|a| of(a)).collect::<Vec<bool>>())
            })
            .collect()
    }

    /// A closed set of days: every day named, and every day that a window reaches from one of them, forwards and backwards.
    fn days(&self, path: &str, partial: &Partial, seen: &Mentions) -> BTreeSet<i64> {
        let dated = |p: &String| *self.world.kind(p) == Kind::Date;
        let unknown_anchor = |p: &String| !p.contains("[]") && dated(p) && !partial.scalars.contains_key(p);
        let mut base: BTreeSet<i64> = BTreeSet::from([self.world.on]);
        let mut windows: BTreeSet<(bool, i64)> = BTreeSet::from([(false, 0)]);
        for atom in &seen.atoms {
            let (mut texts, mut numbers) = (Vec::new(), Vec::new());
            if !atom.paths.iter().any(dated) && !atom.expr.to_string().contains("on") {
                continue;
            }
            literals(&atom.expr, &mut texts, &mut numbers);
            base.extend(texts.iter().filter(|t| t.len() == 10).map(|t| days::parse(t)));
            if let ExprKind::Call { function, args, .. } = &atom.expr.kind
                && function.text.starts_with("within_")
            {
                let window = (function.text == "within_years", whole(&args[1]));
                windows.insert(window);
                base.insert(back(self.world.on, window));
                base.extend(atom.paths.iter().filter_map(|p| partial.scalars.get(p)).filter_map(day).map(|d| back(d, window)));
            }
            base.extend(atom.paths.iter().filter_map(|p| partial.scalars.get(p)).filter_map(day));
        }
        base.extend(partial.lists.values().flatten().flat_map(|e| e.values()).filter_map(day));
        let anchors: BTreeSet<&String> = seen
            .atoms
            .iter()
            .filter(|a| a.paths.len() > 1 || a.expr.to_string().contains("on"))
            .flat_map(|a| &a.paths)
            .filter(|p| unknown_anchor(p))
            .collect();
        let near = |days: &BTreeSet<i64>, room: i64| days.iter().flat_map(|d| (d - room)..=(d + room)).collect::<BTreeSet<i64>>();
        if anchors.is_empty() {
            return near(&base, 1);
        }
        // Room for as many different days between two named ones as there are dates that are not named.
        let room = if anchors.len() > 1 { 3 } else { 2 };
        let mut from = near(&base, room);
        let mut reached = base.clone();
        for _ in 0..anchors.len() {
            let forwards =
                |w: &(bool, i64)| reached.iter().map(|d| if w.0 { days::years_back(*d, -w.1) } else { d + w.1 }).collect::<Vec<i64>>();
            reached = windows.iter().flat_map(forwards).collect();
            from.extend(near(&reached, room));
        }
        if windows.iter().any(|w| w.0) && windows.iter().any(|w| !w.0 && w.1 > 300) {
            // Whether 29 February lies between is all that tells a year from 365 days.
            let year = days::civil(self.world.on).0;
            from.extend((year - 3..=year + 3).flat_map(|y| [days::number(y, 1, 15), days::number(y, 6, 15)]));
        }
        if unknown_anchor(&path.to_owned()) {
            return from;
        }
        let reached = from.iter().flat_map(|a| windows.iter().map(|w| back(*a, *w)));
        near(&base, 1).into_iter().chain(near(&reached.collect(), 1)).collect()
    }

    /// Runs through all completions; `result` says what the answers to the conditions come to.
    pub fn answer(
        &self,
        partial: &Partial,
        limit: usize,
        result: &dyn Fn(&[bool]) -> usize,
        mut each: impl FnMut(&Complete, &[bool]),
    ) -> Option<Reference> {
        let seen = Mentions::of(self.conditions, self.terms);
        let gaps = self.gaps(partial, &seen);
        let fillings = self.fillings(partial, &seen, &gaps, limit)?;
        let total = fillings.iter().try_fold(1usize, |n, f| n.checked_mul(f.len()).filter(|n| *n <= limit))?;
        let mut results = Vec::with_capacity(total);
        let start = Complete::of(partial);
        for n in 0..total {
            let mut case = start.clone();
            for list in &seen.lists {
                case.lists.entry(list.clone()).or_default();
            }
            let mut rest = n;
            for (gap, fillings) in gaps.iter().zip(&fillings) {
                fill(&mut case, gap, &fillings[rest % fillings.len()]);
                rest /= fillings.len();
            }
            let env = Env { world: self.world, terms: self.terms, case: &case };
            let answers: Vec<bool> = self.conditions.iter().map(|c| env.holds(c, &Vec::new())).collect();
            each(&case, &answers);
            results.push(result(&answers));
        }
        let mut matters = BTreeSet::new();
        let mut stride = 1;
        for (gap, fillings) in gaps.iter().zip(&fillings) {
            let width = fillings.len();
            let differs = (0..total).any(|n| results[n] != results[n - (n / stride % width) * stride]);
            if differs {
                matters.insert(gap.name());
            }
            stride *= width;
        }
        Some(Reference { possible: results.into_iter().collect(), matters })
    }
}

pub fn fill(case: &mut Complete, gap: &Gap, filling: &Filling) {
    match (gap, filling) {
        (Gap::Scalar(name), Filling::Value(v)) => drop(case.scalars.insert(name.clone(), v.clone())),
        (Gap::Field(list, at, field), Filling::Value(v)) => drop(case.lists.get_mut(list).unwrap()[*at].insert(field.clone(), v.clone())),
        (Gap::Rest(list), Filling::Further(more)) => {
            case.lists.get_mut(list).unwrap().extend(more.iter().map(|e| e.clone().into_iter().collect()));
        }
        other => panic!("{other:?}"),
    }
}

fn back(from: i64, window: (bool, i64)) -> i64 {
    if window.0 { days::years_back(from, window.1) } else { from - window.1 }
}

fn day(v: &Val) -> Option<i64> {
    if let Val::Day(d) = v { Some(*d) } else { None }
}

fn with(element: &Element, field: &str, value: &Val) -> Element {
    let mut more = element.clone();
    more.insert(field.to_owned(), value.clone());
    more
}

/// All multisets of at most `longest` elements.
fn multisets(kinds: &[Element], longest: usize, limit: usize) -> Option<Vec<Vec<Element>>> {
    let mut all: Vec<(usize, Vec<Element>)> = vec![(0, Vec::new())];
    let mut from = 0;
    for _ in 0..longest {
        let until = all.len();
        for at in from..until {
            for (kind, element) in kinds.iter().enumerate().skip(all[at].0) {
                let mut more = all[at].1.clone();
                more.push(element.clone());
                all.push((kind, more));
            }
            if all.len() > limit {
                return None;
            }
        }
        from = until;
    }
    Some(all.into_iter().map(|(_, elements)| elements).collect())
}

fn literals(e: &Expr, texts: &mut Vec<String>, numbers: &mut Vec<i64>) {
    match &e.kind {
        ExprKind::Literal(Literal::Text(_)) => texts.push(text(e).to_owned()),
        ExprKind::Literal(Literal::Int(n)) => numbers.push(*n),
        ExprKind::Binary { left, right, .. } => [left, right].into_iter().for_each(|e| literals(e, texts, numbers)),
        ExprKind::Call { args, .. } => args.iter().for_each(|e| literals(e, texts, numbers)),
        ExprKind::List(items) => items.iter().for_each(|e| literals(e, texts, numbers)),
        _ => {}
    }
}
