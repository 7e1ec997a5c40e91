//! The floor: the same rule written by hand over a struct, as a careful programmer would who needs this rule and no other.

use crate::data::CODES;
use serde::{Deserialize, Deserializer};
use std::collections::HashSet;

/// The outcome, with the norm that decides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    RequiredF,
    ForbiddenS,
    ForbiddenC,
    PermittedS,
    Unregulated,
}

#[derive(Debug, Deserialize)]
pub struct Request {
    #[serde(deserialize_with = "day")]
    on: u32,
    action: String,
    agency: Agency,
    facts: Stated,
}

#[derive(Debug, Deserialize)]
struct Agency {
    kind: String,
    place: String,
}

#[derive(Debug, Deserialize)]
struct Stated {
    request: Ask,
    person: Person,
}

#[derive(Debug, Deserialize)]
struct Ask {
    #[allow(dead_code, reason = "stated in the line, and no norm of this rule asks for it")]
    requester: String,
    warrant: String,
}

#[derive(Debug, Deserialize)]
struct Person {
    release_date_public: bool,
    registered_sex_offender: bool,
    charge: Charge,
    convictions: Vec<Conviction>,
}

#[derive(Debug, Deserialize)]
struct Charge {
    class: String,
    serious: bool,
    violent: bool,
    probable_cause_found: bool,
}

#[derive(Debug, Deserialize)]
struct Conviction {
    offense: String,
    class: String,
    serious: bool,
    violent: bool,
    wobbler: bool,
    #[serde(deserialize_with = "day")]
    date: u32,
}

/// A day as the number 20180301; it is not checked that there is such a day.
fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let text = <&str>::deserialize(deserializer)?;
    let digits = text.bytes().filter(|b| *b != b'-');
    Ok(digits.fold(0, |n, b| n * 10 + u32::from(b.wrapping_sub(b'0'))))
}

/// The rule, with its lists of codes.
#[derive(Debug)]
pub struct Floor {
    felonies: HashSet<&'static str>,
    wobblers: HashSet<&'static str>,
}

impl Floor {
    pub fn new() -> Self {
        Self { felonies: CODES[..30].iter().copied().collect(), wobblers: CODES[30..60].iter().copied().collect() }
    }

    pub fn decide(&self, r: &Request) -> Decision {
        if r.action != "notify-release" {
            return Decision::Unregulated;
        }
        if r.facts.request.warrant == "judicial" {
            return Decision::RequiredF;
        }
        let city = r.agency.place == "us-ca/los-angeles" && r.on >= 20_170_601;
        let state = matches!(r.agency.kind.as_str(), "police" | "sheriff") && r.on >= 20_180_101;
        if state && !self.excepted(r) {
            return Decision::ForbiddenS;
        }
        if city {
            return Decision::ForbiddenC;
        }
        if state { Decision::PermittedS } else { Decision::Unregulated }
    }

    fn excepted(&self, r: &Request) -> bool {
        let p = &r.facts.person;
        let grave = |class: &str, serious: bool, violent: bool| class == "felony" && (serious || violent);
        p.release_date_public
            || p.registered_sex_offender
            || (grave(&p.charge.class, p.charge.serious, p.charge.violent) && p.charge.probable_cause_found)
            || p.convictions.iter().any(|c| {
                grave(&c.class, c.serious, c.violent)
                    || (c.class == "felony" && c.date + 15_00_00 >= r.on && self.felonies.contains(c.offense.as_str()))
                    || (c.class == "misdemeanor" && c.wobbler && c.date + 5_00_00 >= r.on && self.wobblers.contains(c.offense.as_str()))
            })
    }
}
