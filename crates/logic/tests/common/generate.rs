//! Small vocabularies, well-typed conditions and partial cases, made up from a tape of choices.

use super::Tape;
use super::days;
use super::enumerate::{Filling, Gap, Question};
use super::mentions::Mentions;
use super::world::{Kind, ListDef, Partial, Val, World};
use comity_cel::Expr;
use std::collections::BTreeMap;

const CODES: &[&str] = &["CA PC 245", "CA PC 245(a)", "CA PC 245(a)(1)", "CA PC 187", "NCIC 1301"];
const TEXTS: &[&str] = &["us-", "us-ca", "us-ca/x", "mx"];
const OPS: &[&str] = &["==", "!=", "<", "<=", ">", ">="];

/// What a generated case may be about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// All types, windows from known days.
    Mixed,
    /// Dates of elements, windows from dates that may be unknown.
    Dates { anchors: usize },
}

/// A vocabulary, conditions over it, and a partial case.
#[derive(Debug)]
pub struct Sample {
    pub world: World,
    pub sources: Vec<String>,
    pub conditions: Vec<Expr>,
    pub term_sources: Vec<(String, String)>,
    pub terms: BTreeMap<String, Expr>,
    pub partial: Partial,
}

impl Sample {
    pub fn question(&self) -> Question<'_> {
        Question { world: &self.world, terms: &self.terms, conditions: &self.conditions }
    }

    /// Enough to see what went wrong.
    pub fn describe(&self) -> String {
        let terms: String = self.term_sources.iter().map(|(n, s)| format!("\n  {n} := {s}")).collect();
        let conditions: String = self.sources.iter().map(|s| format!("\n  {s}")).collect();
        format!(
            "{conditions}{terms}\n  on {} classes {:?}\n  facts {} closed {:?}",
            days::show(self.world.on),
            self.world.classes,
            self.partial.json(),
            self.partial.closed
        )
    }
}

/// A sample of these conditions over a fixed vocabulary, of which nothing is known.
pub fn fixed(sources: &[&str]) -> Sample {
    let mut world = world(&mut Tape::new(super::Choices(Vec::new())), Flavour::Mixed);
    world.lists[0].fields = vec![("d".to_owned(), Kind::Date), ("b".to_owned(), Kind::Bool)];
    world.on = days::parse("2021-02-28");
    let sources: Vec<String> = sources.iter().map(ToString::to_string).collect();
    let conditions = sources.iter().map(|s| comity_cel::parse(s).unwrap()).collect();
    Sample { world, sources, conditions, term_sources: Vec::new(), terms: BTreeMap::new(), partial: Partial::default() }
}

struct Maker<'t> {
    tape: &'t mut Tape,
    world: World,
    terms: Vec<(String, String)>,
    days: Vec<String>,
    windows: Vec<i64>,
    anchors: Vec<String>,
    quantifiers: usize,
    variables: usize,
}

/// A sample with so many conditions, whose partial case has at most `limit` completions.
pub fn sample(tape: &mut Tape, conditions: usize, flavour: Flavour, limit: usize) -> Sample {
    let mut maker = Maker {
        world: world(tape, flavour),
        tape,
        terms: Vec::new(),
        days: Vec::new(),
        windows: Vec::new(),
        anchors: Vec::new(),
        quantifiers: 3,
        variables: 0,
    };
    let named: &[&str] = maker.tape.of::<&[&str]>(&[
        &["2020-02-28", "2020-02-29", "2020-03-01"][..],
        &["2020-02-29", "2021-02-28"],
        &["2019-12-31", "2020-01-01"],
    ]);
    maker.days = named.iter().map(ToString::to_string).collect();
    let windows: &[i64] = match flavour {
        Flavour::Mixed => &[0, 1, 2, 365],
        Flavour::Dates { anchors: 1 } => maker.tape.of::<&[i64]>(&[&[0, 1, 2][..], &[1, 365], &[1, 366]][..]),
        Flavour::Dates { .. } => &[0, 1],
    };
    maker.windows = windows.to_vec();
    let anchors = if let Flavour::Dates { anchors } = flavour { anchors } else { 0 };
    maker.anchors = ["q.a0", "q.a1"].iter().take(anchors).map(ToString::to_string).collect();
    for at in 0..maker.tape.pick(3) {
        let source = maker.condition(1, None);
        maker.terms.push((format!("t{at}"), source));
    }
    let first = |maker: &mut Maker<'_>| if flavour == Flavour::Mixed { maker.condition(3, None) } else { maker.quantifier(3, None) };
    let sources: Vec<String> = (0..conditions).map(|_| first(&mut maker)).collect();
    let term_sources = maker.terms;
    let world = maker.world;
    let parse = |s: &String| comity_cel::parse(s).unwrap_or_else(|e| panic!("{s}: {e:?}"));
    let terms = term_sources.iter().map(|(n, s)| (n.clone(), parse(s))).collect();
    let conditions = sources.iter().map(parse).collect();
    let mut sample = Sample { world, sources, conditions, term_sources, terms, partial: Partial::default() };
    partial(tape, &mut sample, limit);
    sample
}

fn world(tape: &mut Tape, flavour: Flavour) -> World {
    let letters = |tape: &mut Tape, n: usize| Kind::Enum(["a", "b", "c"].iter().take(n + tape.pick(2)).map(ToString::to_string).collect());
    let min = |tape: &mut Tape| Kind::Int(*tape.of(&[Some(0), None, Some(1)]));
    let named = |n: &str, k: Kind| (n.to_owned(), k);
    let mut scalars = vec![
        named("p.b0", Kind::Bool),
        named("p.b1", Kind::Bool),
        named("p.e0", letters(tape, 2)),
        named("p.i0", min(tape)),
        named("p.d0", Kind::Date),
        named("p.t0", Kind::Text),
        named("q.o0", Kind::Offense),
        named("q.a0", Kind::Date),
        named("q.a1", Kind::Date),
        named("p.xs_full", Kind::Bool),
    ];
    let fields = match flavour {
        Flavour::Mixed => vec![
            named("b", Kind::Bool),
            named("e", letters(tape, 2)),
            named("i", min(tape)),
            named("o", Kind::Offense),
            named("d", Kind::Date),
            named("t", Kind::Text),
        ],
        Flavour::Dates { .. } => vec![named("d", Kind::Date)],
    };
    let from = tape.pick(fields.len());
    let count = 1 + tape.pick(3.min(fields.len()));
    let fields = (0..count).map(|n| fields[(from + n) % fields.len()].clone()).collect();
    let second = vec![named("b", Kind::Bool), named("e", letters(tape, 2))];
    let lists = vec![
        ListDef { name: "p.xs".to_owned(), record: "x".to_owned(), fields, complete: Some("p.xs_full".to_owned()) },
        ListDef { name: "r.ys".to_owned(), record: "y".to_owned(), fields: second, complete: None },
    ];
    let at = tape.pick(scalars.len());
    scalars.rotate_left(at);
    let classes = ["k0", "k1"].iter().map(|k| (k.to_string(), (0..1 + tape.pick(2)).map(|_| tape.of(CODES).to_string()).collect()));
    let classes = classes.collect();
    World { scalars, lists, classes, on: days::parse(tape.of::<&str>(&["2020-02-29", "2021-02-28", "2021-03-01"])) }
}

impl Maker<'_> {
    /// A condition; `element` is the variable and the list of the quantifier around.
    fn condition(&mut self, depth: usize, element: Option<(&str, usize)>) -> String {
        let choice = if depth == 0 { self.tape.pick(5) } else { self.tape.pick(16) };
        let two = |m: &mut Self| (m.condition(depth - 1, element), m.condition(depth - 1, element));
        match choice {
            0..=3 => self.atom(element),
            4 if !self.terms.is_empty() => self.tape.of(&self.terms).0.clone(),
            4 => self.atom(element),
            5 | 6 => {
                let (a, b) = two(self);
                format!("({a} && {b})")
            }
            7 | 8 => {
                let (a, b) = two(self);
                format!("({a} || {b})")
            }
            9 => format!("!({})", self.condition(depth - 1, element)),
            10 => {
                let (a, b) = two(self);
                format!("({a} ? {b} : {})", self.condition(depth - 1, element))
            }
            11 => {
                let (a, b) = two(self);
                format!("(({a}) {} ({b}))", self.tape.of(&["==", "!="]))
            }
            12 => self.tape.of(&["!false", "!true"]).to_string(),
            _ => self.quantifier(depth, element),
        }
    }

    fn quantifier(&mut self, depth: usize, element: Option<(&str, usize)>) -> String {
        if self.quantifiers == 0 {
            return self.atom(element);
        }
        self.quantifiers -= 1;
        let list = self.tape.pick(if self.anchors.is_empty() { 2 } else { 1 });
        let name = self.world.lists[list].name.clone();
        if self.tape.chance(10) {
            let size = if self.tape.chance(50) { format!("size({name})") } else { format!("{name}.size()") };
            return self.sized(&size);
        }
        let v = format!("v{}", self.variables);
        self.variables += 1;
        let body = self.condition(depth - 1, Some((&v, list)));
        match self.tape.pick(6) {
            0 | 1 => format!("{name}.exists({v}, {body})"),
            2 | 3 => format!("{name}.all({v}, {body})"),
            4 => format!("{name}.exists_one({v}, {body})"),
            _ => self.sized(&format!("{name}.filter({v}, {body}).size()")),
        }
    }

    fn sized(&mut self, size: &str) -> String {
        let (op, n) = (self.tape.of(OPS), self.tape.pick(3));
        match self.tape.pick(4) {
            0 => format!("{n} {op} {size}"),
            1 => format!("{size} in [{n}, 0]"),
            _ => format!("{size} {op} {n}"),
        }
    }

    fn atom(&mut self, element: Option<(&str, usize)>) -> String {
        let (subject, kind) = match element {
            Some((v, list)) if !self.tape.chance(20) => {
                let (field, kind) = self.tape.of(&self.world.lists[list].fields).clone();
                (format!("{v}.{field}"), kind)
            }
            _ => {
                let fits = |n: &str, k: &Kind| self.anchors.is_empty() || *k == Kind::Bool || (*k == Kind::Date && n != "p.d0");
                let scalars: Vec<_> = self.world.scalars.iter().filter(|(n, k)| fits(n, k)).cloned().collect();
                self.tape.of(&scalars).clone()
            }
        };
        let op = *self.tape.of(OPS);
        let equal = if self.tape.chance(40) { "!=" } else { "==" };
        match kind {
            Kind::Bool => match self.tape.pick(6) {
                0..=2 => subject,
                3 => format!("{subject} {equal} true"),
                4 => format!("false {equal} {subject}"),
                _ => format!("{subject} {equal} p.b1"),
            },
            Kind::Enum(values) => {
                let (a, b) = (self.tape.of(&values).clone(), self.tape.of(&values).clone());
                match self.tape.pick(4) {
                    0 | 1 => format!("{subject} {equal} '{a}'"),
                    2 => format!("'{a}' {equal} {subject}"),
                    _ => format!("{subject} in ['{a}', '{b}']"),
                }
            }
            Kind::Int(_) => {
                let n = self.tape.pick(4) as i64 - 1;
                if self.tape.chance(30) { format!("{n} {op} {subject}") } else { format!("{subject} {op} {n}") }
            }
            Kind::Text => {
                let t = *self.tape.of(TEXTS);
                if self.tape.chance(40) { format!("{subject}.startsWith('{t}')") } else { format!("{subject} {equal} '{t}'") }
            }
            Kind::Offense => {
                let code = *self.tape.of(CODES);
                match self.tape.pick(4) {
                    0 => format!("{subject}.in_class('k{}')", self.tape.pick(2)),
                    1 => format!("{subject}.is('{code}')"),
                    2 => format!("{subject} {equal} '{code}'"),
                    _ => format!("{subject} in ['{code}', 'CA PC 187']"),
                }
            }
            Kind::Date => self.dated(&subject, op, element.is_some() && subject.starts_with('v')),
        }
    }

    fn dated(&mut self, subject: &str, op: &str, of_element: bool) -> String {
        let day = self.tape.of(&self.days).clone();
        let n = *self.tape.of(&self.windows);
        let unit = if self.windows.contains(&2) || n > 2 || self.anchors.len() > 1 { "days" } else { *self.tape.of(&["days", "years"]) };
        // What is known of an element may be counted back from a date of the case.
        let anchor = if of_element && !self.anchors.is_empty() { Some(self.tape.of(&self.anchors).clone()) } else { None };
        match (self.tape.pick(7), anchor) {
            (0, _) => format!("{subject} {op} date('{day}')"),
            (1, _) => format!("date('{day}') {op} {subject}"),
            (2 | 3, Some(a)) => format!("within_{unit}({subject}, {n}, {a})"),
            (4, Some(a)) => format!("{subject} {op} {a}"),
            (5 | 6, Some(a)) => format!("{a} {op} {subject}"),
            (2, None) if !self.anchors.is_empty() => format!("within_{unit}(on, {n}, {})", self.anchors[0]),
            (3 | 4, None) => format!("within_{unit}({subject}, {n})"),
            (5, None) => format!("on {op} {subject}"),
            _ => format!("{subject} {op} on"),
        }
    }
}

/// States facts at random, and more of them until the completions are few enough to run through.
fn partial(tape: &mut Tape, sample: &mut Sample, limit: usize) {
    let mut partial = Partial::default();
    let question = Question { world: &sample.world, terms: &sample.terms, conditions: &sample.conditions };
    let seen = Mentions::of(&sample.conditions, &sample.terms);
    let universe = |path: &str, partial: &Partial| question.universe(path, partial, &seen);
    for list in &seen.lists {
        let def = sample.world.list(list);
        if let Some(complete) = &def.complete
            && tape.chance(40)
        {
            partial.scalars.insert(complete.clone(), Val::Bool(tape.chance(50)));
        }
        if !tape.chance(50) {
            continue;
        }
        let mut elements = vec![BTreeMap::new(); tape.pick(3)];
        for element in &mut elements {
            for (field, _) in &def.fields {
                if !tape.chance(40) {
                    element.insert(field.clone(), tape.of(&universe(&format!("{list}[].{field}"), &partial)).clone());
                }
            }
        }
        if let (Some(first), true) = (elements.first().cloned(), tape.pick(5) >= 3) {
            // Elements that nothing tells apart, as on a list of which only the length is known.
            elements = vec![first; 3 + tape.pick(3)];
        }
        partial.lists.insert(list.clone(), elements);
    }
    loop {
        let gaps = question.gaps(&partial, &seen);
        let fillings = question.fillings(&partial, &seen, &gaps, limit);
        let total = fillings.as_ref().and_then(|f| f.iter().try_fold(1usize, |n, f| n.checked_mul(f.len()).filter(|n| *n <= limit)));
        if total.is_some() {
            break;
        }
        let widest = || fillings.iter().flatten().zip(&gaps).max_by_key(|(f, _)| f.len()).map(|(_, gap)| gap.clone());
        let gap = if tape.chance(40) { widest() } else { None }.unwrap_or_else(|| tape.of(&gaps).clone());
        match &gap {
            Gap::Scalar(name) => drop(partial.scalars.insert(name.clone(), tape.of(&universe(name, &partial)).clone())),
            Gap::Field(list, at, field) => {
                let value = tape.of(&universe(&format!("{list}[].{field}"), &partial)).clone();
                let elements = partial.lists.get_mut(list).unwrap();
                let alike = elements.iter().all(|e| *e == elements[0]) && tape.chance(60);
                let of = if alike { 0..elements.len() } else { *at..*at + 1 };
                elements[of].iter_mut().for_each(|e| drop(e.insert(field.clone(), value.clone())));
            }
            Gap::Rest(list) => {
                let def = sample.world.list(list);
                if let Some(complete) = &def.complete {
                    partial.scalars.insert(complete.clone(), Val::Bool(true));
                }
                partial.lists.entry(list.clone()).or_insert_with(|| vec![BTreeMap::new(); tape.pick(3)]);
            }
        }
    }
    sample.partial = partial;
}

/// States what a filling says.
pub fn state(partial: &mut Partial, world: &World, gap: &Gap, filling: &Filling) {
    match (gap, filling) {
        (Gap::Scalar(name), Filling::Value(v)) => drop(partial.scalars.insert(name.clone(), v.clone())),
        (Gap::Field(list, at, field), Filling::Value(v)) => {
            drop(partial.lists.get_mut(list).unwrap()[*at].insert(field.clone(), v.clone()))
        }
        (Gap::Rest(list), Filling::Further(more)) => {
            partial.lists.entry(list.clone()).or_default().extend(more.iter().cloned());
            if world.list(list).complete.as_ref().is_some_and(|c| partial.scalars.get(c) == Some(&Val::Bool(false))) {
                partial.closed.push(list.clone());
            }
        }
        other => panic!("{other:?}"),
    }
}
