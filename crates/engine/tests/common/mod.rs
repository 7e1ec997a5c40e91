//! Small random laws and cases, and a slow, obvious engine beside the real one.
//!
//! The reference shares no code with the engine: it evaluates its own expression tree, resolves by the words of the design, and enumerates every completion.

#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test code: a surprise is a failure"
)]

pub mod whole;

use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The facts: `c.b0` to `c.b3` are booleans, `c.e` is x, y or z, `c.xs` is a list of elements with the booleans f and g.
pub const BOOLS: usize = 4;
pub const VALUES: [&str; 3] = ["x", "y", "z"];
pub const ACTIONS: [&str; 2] = ["hold", "notify"];

pub const VOCABULARY: &str = r#"
action = [{ id = "hold", says = "Hold" , when = "c.b0" }, { id = "notify", says = "Tell" }]
fact = [
  { id = "c.b0", type = "bool", question = "b0?" }, { id = "c.b1", type = "bool", question = "b1?" },
  { id = "c.b2", type = "bool", question = "b2?" }, { id = "c.b3", type = "bool", question = "b3?" },
  { id = "c.e", type = "enum", values = ["x", "y", "z"], question = "e?" },
  { id = "c.xs", type = "list", of = "x", complete = "c.xs_complete", question = "xs?" },
  { id = "c.xs_complete", type = "bool", question = "all xs?" },
  { id = "x.f", type = "bool", question = "f?" }, { id = "x.g", type = "bool", question = "g?" },
]
"#;

/// A condition, as text for the law file and as itself for the reference.
#[derive(Clone, Debug)]
pub enum Cond {
    True,
    Bool(usize),
    Is(u8),
    F,
    G,
    Not(Box<Cond>),
    And(Box<Cond>, Box<Cond>),
    Or(Box<Cond>, Box<Cond>),
    /// At least so many elements satisfy the body.
    Some(u32, Box<Cond>),
}

impl Cond {
    pub fn text(&self) -> String {
        match self {
            Self::True => "true".to_owned(),
            Self::Bool(n) => format!("c.b{n}"),
            Self::Is(v) => format!("c.e == '{}'", VALUES[*v as usize]),
            Self::F => "v.f".to_owned(),
            Self::G => "v.g".to_owned(),
            Self::Not(a) => format!("!({})", a.text()),
            Self::And(a, b) => format!("({}) && ({})", a.text(), b.text()),
            Self::Or(a, b) => format!("({}) || ({})", a.text(), b.text()),
            Self::Some(1, a) => format!("c.xs.exists(v, {})", a.text()),
            Self::Some(n, a) => format!("c.xs.filter(v, {}).size() >= {n}", a.text()),
        }
    }

    pub fn holds(&self, w: &World, element: (bool, bool)) -> bool {
        match self {
            Self::True => true,
            Self::Bool(n) => w.bools[*n],
            Self::Is(v) => w.value == *v,
            Self::F => element.0,
            Self::G => element.1,
            Self::Not(a) => !a.holds(w, element),
            Self::And(a, b) => a.holds(w, element) && b.holds(w, element),
            Self::Or(a, b) => a.holds(w, element) || b.holds(w, element),
            Self::Some(n, a) => w.elements.iter().filter(|e| a.holds(w, **e)).count() >= *n as usize,
        }
    }
}

fn body() -> impl Strategy<Value = Cond> {
    let leaf = prop_oneof![3 => Just(Cond::F), 3 => Just(Cond::G), 1 => (0..BOOLS).prop_map(Cond::Bool), 1 => (0u8..3).prop_map(Cond::Is)];
    joined([Cond::And, Cond::Or], Cond::Not, 8, leaf.boxed(), 2)
}

/// Conditions joined from leaves by `&&` or `||`, and `!`.
pub fn joined<C: std::fmt::Debug + Clone + 'static>(
    two: [fn(Box<C>, Box<C>) -> C; 2],
    not: fn(Box<C>) -> C,
    size: u32,
    leaf: BoxedStrategy<C>,
    depth: u32,
) -> BoxedStrategy<C> {
    leaf.prop_recursive(depth, size, 2, move |inner| {
        prop_oneof![
            inner.clone().prop_map(move |a| not(Box::new(a))),
            (inner.clone(), inner.clone()).prop_map(move |(a, b)| two[0](Box::new(a), Box::new(b))),
            (inner.clone(), inner).prop_map(move |(a, b)| two[1](Box::new(a), Box::new(b))),
        ]
    })
    .boxed()
}

pub fn condition() -> BoxedStrategy<Cond> {
    let leaf = prop_oneof![
        1 => Just(Cond::True),
        4 => (0..BOOLS).prop_map(Cond::Bool),
        2 => (0u8..3).prop_map(Cond::Is),
        2 => (1u32..3, body()).prop_map(|(n, b)| Cond::Some(n, Box::new(b))),
    ];
    joined([Cond::And, Cond::Or], Cond::Not, 8, leaf.boxed(), 2)
}

/// A norm of a random law.
#[derive(Clone, Debug)]
pub struct Norm {
    /// Index into [`PLACES`]; the place and kind give the rank.
    pub file: usize,
    pub modality: &'static str,
    pub actions: Vec<usize>,
    pub when: Cond,
    pub unless: Vec<(Cond, bool)>,
    /// Norms that it overrides: always later ones, so that there is no circle.
    pub overrides: Vec<usize>,
}

/// Folder, kind and rank of the files that norms may stand in, lowest rank first.
pub const PLACES: [(&str, &str, u8); 6] = [
    ("us/ca/testville", "department-order", 0),
    ("us/ca/testville", "ordinance", 2),
    ("us/ca", "executive-act", 3),
    ("us/ca", "statute", 4),
    ("us", "regulation", 6),
    ("us", "statute", 7),
];

pub fn law(most: usize) -> impl Strategy<Value = Vec<Norm>> {
    let modality = prop_oneof![Just("forbids"), Just("forbids"), Just("requires"), Just("permits"), Just("protects")];
    let actions = prop_oneof![Just(vec![0]), Just(vec![1]), Just(vec![0, 1])];
    let norm = (
        0..PLACES.len(),
        modality,
        actions,
        condition(),
        prop::collection::vec((condition(), any::<bool>()), 0..3),
        prop::collection::vec(0usize..6, 0..2),
    );
    prop::collection::vec(norm, 1..most).prop_map(|norms| {
        let count = norms.len();
        let one = |(at, (file, modality, actions, when, unless, over)): (
            usize,
            (usize, &'static str, Vec<usize>, Cond, Vec<(Cond, bool)>, Vec<usize>),
        )| Norm {
            file,
            modality,
            actions,
            when,
            unless,
            overrides: over.into_iter().map(|o| at + 1 + o).filter(|o| *o < count && o % 5 == 0).collect(),
        };
        norms.into_iter().enumerate().map(one).collect()
    })
}

/// The id of a norm: its instrument and its own.
pub fn id(norms: &[Norm], at: usize) -> String {
    format!("law-{}#n{at}", norms[at].file)
}

/// The files of a law; `order` permutes the norms within each file.
pub fn files(norms: &[Norm], order: &[usize]) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![("vocabulary.toml".to_owned(), VOCABULARY.as_bytes().to_vec())];
    for (file, (folder, kind, _)) in PLACES.iter().enumerate() {
        let mut text = format!(
            "title = \"Law {file}\"\ncite = \"Law {file}\"\nkind = \"{kind}\"\nin_force = {{ from = 2000-01-01 }}\nchecked = {{ on = 2026-11-21, confidence = \"high\", against = [\"invented\"] }}\n"
        );
        for at in order.iter().copied().filter(|at| norms[*at].file == file) {
            let n = &norms[at];
            let actions: Vec<&str> = n.actions.iter().map(|a| ACTIONS[*a]).collect();
            write!(
                text,
                "\n[[norm]]\nid = \"n{at}\"\ncite = \"{at}\"\n{} = {actions:?}\nsays = \"Norm {at}.\"\nwhen = \"{}\"\n",
                n.modality,
                n.when.text()
            )
            .unwrap();
            if !n.overrides.is_empty() {
                let over: Vec<String> = n.overrides.iter().map(|o| id(norms, *o)).collect();
                writeln!(text, "overrides = {over:?}").unwrap();
            }
            for (when, silent) in &n.unless {
                write!(
                    text,
                    "\n  [[norm.unless]]\n  cite = \"but\"\n  when = \"{}\"\n{}",
                    when.text(),
                    if *silent && n.modality == "forbids" { "  silent = true\n" } else { "" }
                )
                .unwrap();
            }
        }
        files.push((format!("{folder}/law-{file}.toml"), text.into_bytes()));
    }
    files.push((
        "us/ca/testville/place.toml".to_owned(),
        b"name = \"Testville\"\n[[coverage]]\nsource = \"all\"\nsearched_until = 2026-11-21\n".to_vec(),
    ));
    files
}

/// Everything there is to know about a case.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    pub bools: [bool; BOOLS],
    pub value: u8,
    pub elements: Vec<(bool, bool)>,
}

/// What is known of a case.
#[derive(Clone, Debug)]
pub struct Known {
    pub bools: [Option<bool>; BOOLS],
    pub value: Option<u8>,
    /// Absent, or the elements with what is known of each, and whether they are all.
    pub list: Option<(Vec<(Option<bool>, Option<bool>)>, bool)>,
}

pub fn known() -> impl Strategy<Value = Known> {
    let b = || prop::option::weighted(0.55, any::<bool>());
    let element = (b(), b());
    (
        prop::array::uniform4(b()),
        prop::option::weighted(0.5, 0u8..3),
        prop::option::weighted(0.6, (prop::collection::vec(element, 0..3), prop::bool::weighted(0.7))),
    )
        .prop_map(|(bools, value, list)| Known { bools, value, list })
}

impl Known {
    pub fn json(&self) -> serde_json::Value {
        let mut c = serde_json::Map::new();
        for (n, b) in self.bools.iter().enumerate() {
            if let Some(b) = b {
                c.insert(format!("b{n}"), (*b).into());
            }
        }
        if let Some(v) = self.value {
            c.insert("e".to_owned(), VALUES[v as usize].into());
        }
        if let Some((elements, complete)) = &self.list {
            let one = |(f, g): &(Option<bool>, Option<bool>)| {
                let mut e = serde_json::Map::new();
                f.iter().for_each(|f| _ = e.insert("f".to_owned(), (*f).into()));
                g.iter().for_each(|g| _ = e.insert("g".to_owned(), (*g).into()));
                serde_json::Value::Object(e)
            };
            c.insert("xs".to_owned(), elements.iter().map(one).collect());
            if !complete {
                c.insert("xs_complete".to_owned(), false.into());
            }
        }
        serde_json::json!({ "c": c })
    }

    /// The open facts, each with its name and its possible answers, the last of which is for the rest of the list.
    fn open(&self) -> Vec<(String, usize)> {
        let mut open = Vec::new();
        for (n, b) in self.bools.iter().enumerate() {
            if b.is_none() {
                open.push((format!("c.b{n}"), 2));
            }
        }
        if self.value.is_none() {
            open.push(("c.e".to_owned(), 3));
        }
        if let Some((elements, _)) = &self.list {
            for (f, g) in elements {
                f.is_none().then(|| open.push(("c.xs[].f".to_owned(), 2)));
                g.is_none().then(|| open.push(("c.xs[].g".to_owned(), 2)));
            }
        }
        if self.list.as_ref().is_none_or(|(_, complete)| !complete) {
            // No, one or two of each of the four kinds of element: nothing here counts beyond two.
            open.push(("c.xs".to_owned(), 81));
        }
        open
    }

    /// The case with every open fact answered.
    pub fn world(&self, answers: &[usize]) -> World {
        let mut answers = answers.iter().copied();
        let mut bools = [false; BOOLS];
        for (b, known) in bools.iter_mut().zip(&self.bools) {
            *b = known.unwrap_or_else(|| answers.next().unwrap() == 1);
        }
        let value = self.value.unwrap_or_else(|| answers.next().unwrap() as u8);
        let mut elements = Vec::new();
        for (f, g) in self.list.iter().flat_map(|(e, _)| e) {
            let f = f.unwrap_or_else(|| answers.next().unwrap() == 1);
            let g = g.unwrap_or_else(|| answers.next().unwrap() == 1);
            elements.push((f, g));
        }
        if let Some(mut code) = answers.next() {
            for kind in [(false, false), (false, true), (true, false), (true, true)] {
                elements.extend(std::iter::repeat_n(kind, code % 3));
                code /= 3;
            }
        }
        World { bools, value, elements }
    }
}

/// The outcome of a complete case, by the words of the design.
pub fn outcome(norms: &[Norm], action: usize, w: &World) -> &'static str {
    // What fires, and as what.
    let mut fired: Vec<(usize, &str, u8)> = Vec::new();
    for (at, n) in norms.iter().enumerate() {
        let arises = action != 0 || w.bools[0];
        if !n.actions.contains(&action) || !arises || !n.when.holds(w, (false, false)) {
            continue;
        }
        let holding: Vec<bool> = n.unless.iter().filter(|(u, _)| u.holds(w, (false, false))).map(|(_, silent)| *silent).collect();
        let rank = PLACES[n.file].2;
        if holding.is_empty() {
            fired.push((at, n.modality, rank));
        } else if n.modality == "forbids" && holding.contains(&false) {
            fired.push((at, "permits", rank));
        }
    }
    let gives_way = |lower: &(usize, &str, u8)| {
        fired.iter().any(|upper| {
            let contradiction = matches!(
                (upper.1, lower.1),
                ("requires", "forbids")
                    | ("forbids", "requires")
                    | ("protects", "forbids")
                    | ("forbids", "protects")
                    | ("forbids", "permits")
            );
            let overridden = norms[lower.0].overrides.contains(&upper.0);
            (upper.2 > lower.2 && contradiction && !overridden) || norms[upper.0].overrides.contains(&lower.0)
        })
    };
    let left: Vec<_> = fired.iter().filter(|f| !gives_way(f)).collect();
    let any = |m: &str| left.iter().any(|f| f.1 == m);
    let same_rank = left.iter().any(|a| a.1 == "protects" && left.iter().any(|b| b.1 == "forbids" && a.2 == b.2));
    if (any("requires") && any("forbids")) || same_rank {
        "conflict"
    } else if any("requires") {
        "required"
    } else if any("forbids") {
        "forbidden"
    } else if any("permits") || any("protects") {
        "permitted"
    } else {
        "unregulated"
    }
}

/// Every outcome that some completion reaches, and every fact whose answer can still change it.
pub fn explore(norms: &[Norm], action: usize, known: &Known) -> (BTreeSet<&'static str>, BTreeSet<String>) {
    let open = known.open();
    let total: usize = open.iter().map(|(_, n)| n).product();
    let answers = |mut code: usize| -> Vec<usize> {
        open.iter()
            .map(|(_, n)| {
                let a = code % n;
                code /= n;
                a
            })
            .collect()
    };
    let outcomes: Vec<&'static str> = (0..total).map(|code| outcome(norms, action, &known.world(&answers(code)))).collect();
    let mut matters = BTreeSet::new();
    let mut step = 1;
    for (name, n) in &open {
        let changes = (0..total).any(|code| (code / step) % n + 1 < *n && outcomes[code] != outcomes[code + step]);
        if changes {
            matters.insert(name.clone());
        }
        step *= n;
    }
    (outcomes.into_iter().collect(), matters)
}
