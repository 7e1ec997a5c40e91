//! Random laws of several places, kinds, days and contested points, and a slow, obvious reference that enumerates every agency, day and case.

use comity_logic::Date;
use jiff::ToSpan;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write;

pub const ACTIONS: [&str; 2] = ["hold", "notify"];
pub const PLACES: [&str; 4] = ["us", "us-ca", "us-ca/testville", "us-tx"];
pub const KINDS: [&str; 2] = ["police", "sheriff"];
pub const NAMES: [&str; 2] = ["", "Port"];
pub const OUTCOMES: [&str; 5] = ["required", "permitted", "forbidden", "unregulated", "conflict"];

const VOCABULARY: &str = r#"
action = [{ id = "hold", says = "Hold" , when = "c.b0" }, { id = "notify", says = "Tell" }]
fact = [
  { id = "c.b0", type = "bool", question = "b0?" }, { id = "c.b1", type = "bool", question = "b1?" }, { id = "c.b2", type = "bool", question = "b2?" },
  { id = "c.e", type = "enum", values = ["x", "y", "z"], question = "e?" },
  { id = "law.p", type = "bool", question = "p?" },
  { id = "c.d", type = "date", question = "d?" },
  { id = "c.xs", type = "list", of = "x", complete = "c.xs_complete", question = "xs?" },
  { id = "c.xs_complete", type = "bool", question = "all xs?" },
  { id = "x.f", type = "bool", question = "f?" }, { id = "x.g", type = "bool", question = "g?" },
]
"#;

/// Days on which norms begin and end, and that conditions compare with.
const DAYS: [(i16, i8, i8); 4] = [(2000, 1, 1), (2004, 2, 29), (2005, 6, 15), (2010, 1, 1)];

pub fn day(at: usize) -> Date {
    let (y, m, d) = DAYS[at];
    Date::new(y, m, d).unwrap()
}

fn back(day: Date, years: i16) -> Date {
    Date::new(day.year() - years, day.month(), day.day()).unwrap_or_else(|_| Date::new(day.year() - years, 2, 28).unwrap())
}

#[derive(Clone, Debug)]
pub enum Cond {
    True,
    Bool(usize),
    Is(u8),
    Point,
    Police,
    Here,
    Port,
    OnFrom(usize),
    DateFrom(usize),
    /// A date of the case is at most so many years before the day.
    Within(i16),
    NotAfterDay,
    F,
    G,
    Has(Box<Cond>),
    Not(Box<Cond>),
    And(Box<Cond>, Box<Cond>),
    Or(Box<Cond>, Box<Cond>),
}

impl Cond {
    pub fn text(&self) -> String {
        match self {
            Self::True => "true".to_owned(),
            Self::Bool(n) => format!("c.b{n}"),
            Self::Is(v) => format!("c.e == '{}'", ["x", "y", "z"][*v as usize]),
            Self::Point => "law.p".to_owned(),
            Self::Police => "agency.kind == 'police'".to_owned(),
            Self::Here => "agency.place == 'us-ca/testville'".to_owned(),
            Self::Port => "agency.name.startsWith('Port')".to_owned(),
            Self::OnFrom(at) => format!("on >= date('{}')", day(*at)),
            Self::DateFrom(at) => format!("c.d >= date('{}')", day(*at)),
            Self::Within(years) => format!("within_years(c.d, {years})"),
            Self::NotAfterDay => "c.d <= on".to_owned(),
            Self::F => "v.f".to_owned(),
            Self::G => "v.g".to_owned(),
            Self::Has(body) => format!("c.xs.exists(v, {})", body.text()),
            Self::Not(a) => format!("!({})", a.text()),
            Self::And(a, b) => format!("({}) && ({})", a.text(), b.text()),
            Self::Or(a, b) => format!("({}) || ({})", a.text(), b.text()),
        }
    }

    pub fn holds(&self, who: &Who, w: &World, element: usize) -> bool {
        match self {
            Self::True => true,
            Self::Bool(n) => w.bools[*n],
            Self::Is(v) => w.value == *v,
            Self::Point => w.point,
            Self::Police => who.kind == "police",
            Self::Here => who.place == "us-ca/testville",
            Self::Port => who.name.starts_with("Port"),
            Self::OnFrom(at) => who.on >= day(*at),
            Self::DateFrom(at) => w.date >= day(*at),
            Self::Within(years) => w.date >= back(who.on, *years),
            Self::NotAfterDay => w.date <= who.on,
            Self::F => element & 1 == 1,
            Self::G => element & 2 == 2,
            Self::Has(body) => (0..4).any(|kind| w.kinds >> kind & 1 == 1 && body.holds(who, w, kind)),
            Self::Not(a) => !a.holds(who, w, element),
            Self::And(a, b) => a.holds(who, w, element) && b.holds(who, w, element),
            Self::Or(a, b) => a.holds(who, w, element) || b.holds(who, w, element),
        }
    }

    pub fn any(&self, is: &dyn Fn(&Self) -> bool) -> bool {
        is(self)
            || match self {
                Self::Has(a) | Self::Not(a) => a.any(is),
                Self::And(a, b) | Self::Or(a, b) => a.any(is) || b.any(is),
                _ => false,
            }
    }
}

fn joined(leaf: BoxedStrategy<Cond>, depth: u32) -> BoxedStrategy<Cond> {
    leaf.prop_recursive(depth, 5, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| Cond::Not(Box::new(a))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Cond::And(Box::new(a), Box::new(b))),
            (inner.clone(), inner).prop_map(|(a, b)| Cond::Or(Box::new(a), Box::new(b))),
        ]
    })
    .boxed()
}

pub fn condition() -> BoxedStrategy<Cond> {
    let body = joined(prop_oneof![3 => Just(Cond::F), 3 => Just(Cond::G), 1 => (0usize..3).prop_map(Cond::Bool)].boxed(), 1);
    let leaf = prop_oneof![
        2 => Just(Cond::True),
        6 => (0usize..3).prop_map(Cond::Bool),
        3 => (0u8..3).prop_map(Cond::Is),
        2 => Just(Cond::Point),
        1 => Just(Cond::Police),
        1 => Just(Cond::Here),
        1 => Just(Cond::Port),
        1 => (0usize..4).prop_map(Cond::OnFrom),
        1 => (0usize..4).prop_map(Cond::DateFrom),
        2 => (1i16..3).prop_map(Cond::Within),
        1 => Just(Cond::NotAfterDay),
        2 => body.prop_map(|b| Cond::Has(Box::new(b))),
    ];
    joined(leaf.boxed(), 2)
}

/// Days of [`DAYS`], the last without end.
pub type Interval = (usize, Option<usize>);

fn in_force(interval: &Interval, on: Date) -> bool {
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

/// An agency on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Who {
    pub kind: &'static str,
    pub place: &'static str,
    pub name: &'static str,
    pub on: Date,
}

/// Everything there is to know about a case.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    pub bools: [bool; 3],
    pub value: u8,
    pub point: bool,
    pub date: Date,
    /// Which of the four kinds of element the list has.
    pub kinds: usize,
}

impl World {
    pub fn new() -> Self {
        Self { bools: [false; 3], value: 0, point: false, date: day(0), kinds: 0 }
    }
}

/// A fact of the case: the three booleans, then these.
pub const VALUE: usize = 3;
pub const POINT: usize = 4;
pub const DATE: usize = 5;
pub const LIST: usize = 6;
pub const FACTS: usize = 7;
pub const FACT_NAMES: [&str; FACTS] = ["c.b0", "c.b1", "c.b2", "c.e", "law.p", "c.d", "c.xs"];

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

    /// Whether the instrument binds the agency.
    fn binds(&self, file: usize, who: &Who) -> bool {
        let place = PLACES[FILES[file].1];
        let reaches = who.place == place || who.place.starts_with(&format!("{place}-")) || who.place.starts_with(&format!("{place}/"));
        reaches && self.instruments[file].binds.as_ref().is_none_or(|b| b.holds(who, &World::new(), 0))
    }

    /// The norms that bind the agency on the day and speak of the action.
    pub fn entries(&self, who: &Who, action: usize) -> Vec<usize> {
        let one = |at: &usize| {
            let n = &self.norms[*at];
            n.actions.contains(&action) && in_force(&n.days, who.on) && self.binds(n.file, who)
        };
        (0..self.norms.len()).filter(one).collect()
    }

    /// What the point is held to be, unless holdings disagree.
    pub fn settled(&self, who: &Who) -> Option<bool> {
        let held: BTreeSet<bool> = (0..FILES.len())
            .filter(|file| self.binds(*file, who))
            .filter_map(|file| self.instruments[file].settles.as_ref())
            .filter(|(_, days)| in_force(days, who.on))
            .map(|(value, _)| *value)
            .collect();
        if held.len() == 1 { held.first().copied() } else { None }
    }

    /// The norms that fire, as what and with what rank; without one exception, if one is named.
    pub fn fired(&self, who: &Who, action: usize, w: &World, without: Option<(usize, usize)>) -> Vec<(usize, &'static str, u8)> {
        let mut fired = Vec::new();
        for at in self.entries(who, action) {
            let n = &self.norms[at];
            let applies = self.instruments[n.file].applies.as_ref().is_none_or(|a| a.holds(who, w, 0));
            if (action == 0 && !w.bools[0]) || !applies || !n.when.holds(who, w, 0) {
                continue;
            }
            let holding: Vec<bool> = n
                .unless
                .iter()
                .enumerate()
                .filter(|(nth, u)| without != Some((at, *nth)) && in_force(&u.days, who.on) && u.when.holds(who, w, 0))
                .map(|(_, u)| u.silent)
                .collect();
            let rank = FILES[n.file].3;
            if holding.is_empty() {
                fired.push((at, n.modality, rank));
            } else if n.modality == "forbids" && holding.contains(&false) {
                fired.push((at, "permits", rank));
            }
        }
        fired
    }

    /// The norms that fire and do not give way.
    pub fn standing(&self, fired: &[(usize, &'static str, u8)]) -> Vec<(usize, &'static str, u8)> {
        let over = |by: usize, of: usize| self.norms[by].overrides.contains(&of);
        let gives_way = |lower: &&(usize, &str, u8)| {
            fired.iter().any(|upper| {
                let contradiction =
                    matches!((upper.1, lower.1), ("requires" | "protects", "forbids") | ("forbids", "requires" | "protects" | "permits"));
                (upper.2 > lower.2 && contradiction && !over(lower.0, upper.0)) || over(upper.0, lower.0)
            })
        };
        fired.iter().filter(|f| !gives_way(f)).copied().collect()
    }

    pub fn outcome(&self, who: &Who, action: usize, w: &World) -> &'static str {
        outcome(&self.standing(&self.fired(who, action, w, None)))
    }

    /// Whether a condition of one of these norms has such a part.
    pub fn any(&self, norms: &[usize], is: &dyn Fn(&Cond) -> bool) -> bool {
        norms.iter().map(|at| &self.norms[*at]).any(|n| {
            let applies = self.instruments[n.file].applies.as_ref();
            n.when.any(is) || n.unless.iter().any(|u| u.when.any(is)) || applies.is_some_and(|a| a.any(is))
        })
    }

    /// Whether any condition at all has such a part, those that say whom an instrument binds among them.
    pub fn tells(&self, is: &dyn Fn(&Cond) -> bool) -> bool {
        let all: Vec<usize> = (0..self.norms.len()).collect();
        self.any(&all, is) || self.instruments.iter().any(|i| i.binds.as_ref().is_some_and(|b| b.any(is)))
    }

    /// Which facts these norms turn on.
    pub fn read(&self, norms: &[usize]) -> Vec<usize> {
        let any = |is: &dyn Fn(&Cond) -> bool| self.any(norms, is);
        let reads = |fact: &usize| match *fact {
            // The action may not arise.
            0 => true,
            n @ 1..VALUE => any(&|c| matches!(c, Cond::Bool(m) if *m == n)),
            VALUE => any(&|c| matches!(c, Cond::Is(_))),
            POINT => any(&|c| matches!(c, Cond::Point)),
            DATE => any(&|c| matches!(c, Cond::DateFrom(_) | Cond::Within(_) | Cond::NotAfterDay)),
            _ => any(&|c| matches!(c, Cond::Has(_))),
        };
        (0..FACTS).filter(reads).collect()
    }

    /// How many answers each fact has, for these norms and days; facts that the norms do not turn on have one.
    pub fn answers(&self, norms: &[usize], on: &[Date]) -> Answers {
        let read = self.read(norms);
        let asked = |at: &usize| self.any(norms, &|c| matches!(c, Cond::DateFrom(with) if with == at));
        let edges = (0..DAYS.len()).filter(asked).map(day).chain(on.iter().flat_map(|d| [*d, back(*d, 1), back(*d, 2)]));
        let dates: BTreeSet<Date> = edges.flat_map(|d| [d.yesterday().unwrap(), d, d.tomorrow().unwrap()]).collect();
        let count = |fact: usize| match fact {
            _ if !read.contains(&fact) => 1,
            VALUE => 3,
            DATE => dates.len(),
            LIST => 16,
            _ => 2,
        };
        Answers { counts: std::array::from_fn(count), dates: dates.into_iter().collect() }
    }

    /// Every day on which anything may turn.
    pub fn days(&self) -> Vec<Date> {
        let mut days = BTreeSet::new();
        for at in 0..DAYS.len() {
            for years in 0..3i32 {
                let edge = day(at).saturating_add(years.years());
                days.extend([edge.yesterday().unwrap(), edge, edge.tomorrow().unwrap()]);
            }
        }
        days.retain(|d| *d >= day(0));
        let all: Vec<usize> = (0..self.norms.len()).collect();
        if !self.any(&all, &|c| matches!(c, Cond::Within(_) | Cond::NotAfterDay)) {
            // Without windows only the days themselves and those after them count.
            days.retain(|d| (0..DAYS.len()).any(|at| *d == day(at) || *d == day(at).tomorrow().unwrap()));
        }
        days.into_iter().collect()
    }
}

pub fn outcome(standing: &[(usize, &'static str, u8)]) -> &'static str {
    let any = |m: &str| standing.iter().any(|f| f.1 == m);
    let same_rank = standing.iter().any(|a| a.1 == "protects" && standing.iter().any(|b| b.1 == "forbids" && a.2 == b.2));
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

/// The answers that each fact may have.
#[derive(Clone, Debug)]
pub struct Answers {
    pub counts: [usize; FACTS],
    pub dates: Vec<Date>,
}

impl Answers {
    pub fn total(&self) -> usize {
        self.counts.iter().product()
    }

    pub fn digits(&self, mut code: usize) -> [usize; FACTS] {
        self.counts.map(|n| {
            let digit = code % n;
            code /= n;
            digit
        })
    }

    pub fn world(&self, digits: &[usize; FACTS]) -> World {
        World {
            bools: [digits[0] == 1, digits[1] == 1, digits[2] == 1],
            value: digits[VALUE] as u8,
            point: digits[POINT] == 1,
            date: self.dates[digits[DATE]],
            kinds: digits[LIST],
        }
    }

    /// The fewest stated facts (each element of a list counts as one more) that leave only wanted cases; `wanted` is by code.
    pub fn fewest(&self, wanted: &[bool]) -> Option<usize> {
        // One more digit for each fact: not stated.
        let mut holds = wanted.to_vec();
        let mut step = 1;
        for n in self.counts {
            let mut more = Vec::with_capacity(holds.len() / n * (n + 1));
            for block in holds.chunks(step * n) {
                more.extend_from_slice(block);
                more.extend((0..step).map(|low| (0..n).all(|digit| block[digit * step + low])));
            }
            holds = more;
            step *= n + 1;
        }
        let cost = |mut code: usize| -> usize {
            let mut cost = 0;
            for (fact, n) in self.counts.iter().enumerate() {
                let digit = code % (n + 1);
                code /= n + 1;
                if digit < *n {
                    cost += 1 + if fact == LIST { digit.count_ones() as usize } else { 0 };
                }
            }
            cost
        };
        holds.iter().enumerate().filter(|(_, h)| **h).map(|(code, _)| cost(code)).min()
    }
}
