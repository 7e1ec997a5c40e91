//! Random laws as files.

use super::condition::{Cond, condition, day};
use super::{ACTIONS, VOCABULARY};
use comity_logic::Date;
use proptest::prelude::*;
use std::fmt::Write;

/// Days of [`DAYS`], the last without end.
pub type Interval = (usize, Option<usize>);

pub fn in_force(interval: &Interval, on: Date) -> bool {
    day(interval.0) <= on && interval.1.is_none_or(|to| on <= day(to))
}

fn interval() -> impl Strategy<Value = Interval> {
    prop_oneof![3 => Just((0, None)), 1 => (0usize..4, 0usize..4).prop_map(|(a, b)| (a.min(b), (a != b).then_some(a.max(b)))), 1 => (0usize..4).prop_map(|a| (a, None))]
}

fn shown(interval: &Interval) -> String {
    let to = interval.1.map(|to| format!(", to = {}", day(to))).unwrap_or_default();
    format!("in_force = {{ from = {}{to} }}", day(interval.0))
}

/// Folder, place, kind and rank of the instruments, lowest rank first.
pub const FILES: [(&str, usize, &str, u8); 6] = [
    ("us/ca/testville", 2, "ordinance", 2),
    ("us/ca", 1, "executive-act", 3),
    ("us/ca", 1, "statute", 4),
    ("us/tx", 3, "statute", 4),
    ("us", 0, "statute", 7),
    ("us", 0, "statute", 7),
];

#[derive(Clone, Debug)]
pub struct Instrument {
    pub binds: Option<Cond>,
    pub applies: Option<Cond>,
    pub settles: Option<(bool, Interval)>,
}

#[derive(Clone, Debug)]
pub struct Unless {
    pub when: Cond,
    pub silent: bool,
    pub days: Interval,
}

#[derive(Clone, Debug)]
pub struct Norm {
    pub file: usize,
    pub modality: &'static str,
    pub actions: Vec<usize>,
    pub when: Cond,
    pub unless: Vec<Unless>,
    pub days: Interval,
    pub overrides: Vec<usize>,
}

#[derive(Clone, Debug)]
pub struct Whole {
    pub instruments: Vec<Instrument>,
    pub norms: Vec<Norm>,
}

pub fn whole(most: usize) -> impl Strategy<Value = Whole> {
    let binds = prop::option::weighted(
        0.3,
        prop_oneof![Just(Cond::Police), Just(Cond::Not(Box::new(Cond::Police))), Just(Cond::Here), Just(Cond::Not(Box::new(Cond::Port)))],
    );
    let settles = prop::option::weighted(0.25, (any::<bool>(), interval()));
    let applies = prop::option::weighted(0.15, prop_oneof![Just(Cond::Police), (0usize..3).prop_map(Cond::Bool), Just(Cond::Here)]);
    let instrument = (binds, applies, settles).prop_map(|(binds, applies, settles)| Instrument { binds, applies, settles });
    let modality = prop_oneof![Just("forbids"), Just("forbids"), Just("requires"), Just("permits"), Just("protects")];
    let actions = prop_oneof![Just(vec![0]), Just(vec![1]), Just(vec![0, 1])];
    let unless = (condition(), any::<bool>(), prop::option::weighted(0.4, (0usize..4, 0usize..4)));
    let norm = (
        0..FILES.len(),
        modality,
        actions,
        condition(),
        prop::collection::vec(unless, 0..3),
        interval(),
        prop::collection::vec(0usize..8, 0..2),
    );
    (prop::collection::vec(instrument, FILES.len()), prop::collection::vec(norm, 1..=most)).prop_map(|(instruments, norms)| {
        let count = norms.len();
        let norms = norms.into_iter().enumerate().map(|(at, (file, modality, actions, when, unless, days, over))| {
            // The days of an exception lie within those of its norm.
            let within = |cut: Option<(usize, usize)>| match (days, cut) {
                ((from, to), Some((a, b))) if a.max(from) < to.unwrap_or(4).min(b) => {
                    (a.max(from), if b < to.unwrap_or(4) { Some(b) } else { to })
                }
                (whole, _) => whole,
            };
            let unless = unless.into_iter().map(|(when, silent, cut)| Unless { when, silent, days: within(cut) }).collect();
            let overrides = over.into_iter().map(|o| at + 1 + o).filter(|o| *o < count).collect();
            Norm { file, modality, actions, when, unless, days, overrides }
        });
        Whole { instruments, norms: norms.collect() }
    })
}

impl Whole {
    pub fn id(&self, at: usize) -> String {
        format!("law-{}#n{at}", self.norms[at].file)
    }

    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = vec![("vocabulary.toml".to_owned(), VOCABULARY.as_bytes().to_vec())];
        for (file, (folder, _, kind, _)) in FILES.iter().enumerate() {
            let mut text = format!(
                "title = \"Law {file}\"\ncite = \"Law {file}\"\nkind = \"{kind}\"\nin_force = {{ from = {} }}\nchecked = {{ on = 2026-11-21, confidence = \"high\", against = [\"invented\"] }}\n",
                day(0)
            );
            let instrument = &self.instruments[file];
            for (key, cond) in [("binds", &instrument.binds), ("applies", &instrument.applies)] {
                cond.iter().for_each(|c| writeln!(text, "{key} = \"{}\"", c.text()).unwrap());
            }
            if let Some((value, days)) = &instrument.settles {
                write!(text, "\n[[settles]]\nfact = \"law.p\"\ncite = \"held\"\nvalue = {value}\nsays = \"So held.\"\n{}\n", shown(days))
                    .unwrap();
            }
            for (at, n) in self.norms.iter().enumerate().filter(|(_, n)| n.file == file) {
                let actions: Vec<&str> = n.actions.iter().map(|a| ACTIONS[*a]).collect();
                write!(
                    text,
                    "\n[[norm]]\nid = \"n{at}\"\ncite = \"{at}\"\n{} = {actions:?}\nsays = \"Norm {at}.\"\nwhen = \"{}\"\n{}\n",
                    n.modality,
                    n.when.text(),
                    shown(&n.days)
                )
                .unwrap();
                if !n.overrides.is_empty() {
                    let over: Vec<String> = n.overrides.iter().map(|o| self.id(*o)).collect();
                    writeln!(text, "overrides = {over:?}").unwrap();
                }
                for (nth, u) in n.unless.iter().enumerate() {
                    write!(text, "\n  [[norm.unless]]\n  cite = \"but {nth}\"\n  when = \"{}\"\n  {}\n", u.when.text(), shown(&u.days))
                        .unwrap();
                    if u.silent && n.modality == "forbids" {
                        text.push_str("  silent = true\n");
                    }
                }
            }
            files.push((format!("{folder}/law-{file}.toml"), text.into_bytes()));
        }
        for folder in ["us/ca/testville", "us/ca", "us/tx"] {
            files.push((
                format!("{folder}/place.toml"),
                b"name = \"Place\"\n[[coverage]]\nsource = \"all\"\nsearched_until = 2026-11-21\n".to_vec(),
            ));
        }
        files
    }
}
