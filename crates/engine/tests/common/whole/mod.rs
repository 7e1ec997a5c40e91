//! Random laws of several places, kinds, days and contested points, and a slow, obvious reference that enumerates every agency, day and case.

mod answers;
mod condition;
mod law;

pub use condition::Cond;
pub use law::{FILES, Whole, whole};

use comity_logic::Date;
use condition::day;
use law::in_force;
use std::collections::BTreeSet;

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
