//! What the tests share: an agency, the law, random records with what they were made from.
#![allow(dead_code, clippy::unwrap_used, missing_docs, unreachable_pub)]

use comity_engine::AgencyRef;
use comity_law::Law;
use comity_ledger::{Entry, EntryKind, time_text};
use comity_report::{Asked, Definition, Duty, Facts, Norm, Period, Record, Report, Reporter, make};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::sync::OnceLock;

pub const ACTIONS: [&str; 3] = ["hold", "notify-release", "transfer"];
pub const REQUESTERS: [&str; 2] = ["ice", "cbp"];
pub const PROCESSES: [&str; 3] = ["none", "administrative", "judicial-warrant-criminal"];
pub const LAWS: [&str; 3] = ["Act § 1", "Act § 2", "Order 7"];
/// Days are counted from the first of January 2026.
pub const DAYS: u32 = 90;

pub fn law() -> &'static Law {
    static LAW: OnceLock<Law> = OnceLock::new();
    LAW.get_or_init(|| Law::builtin_for("us-ca/kern-county").unwrap())
}

pub fn agency() -> AgencyRef {
    AgencyRef {
        name: "Sample Sheriff’s Office".to_owned(),
        kind: "sheriff".to_owned(),
        place: "us-ca/kern-county".to_owned(),
        ori: Some("CA0150000".to_owned()),
    }
}

pub fn report(record: &Record, kind: &str, period: &str, fewest: Option<u64>) -> Report {
    let definition = Definition::find(kind).unwrap();
    let (period, reporter) = (Period::parse(period).unwrap(), Reporter::of(&agency()));
    make(record, &Asked { definition: &definition, law: law(), agency: &reporter, period: &period, fewest }).unwrap()
}

/// How a decision was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature {
    NotNeeded,
    Signed,
    Missing,
    Returned,
}

/// What a request was, from which the entries are made: the truth that figures are held to.
#[derive(Clone, Debug)]
pub struct Story {
    pub received: u32,
    /// For each action that was asked: what was decided, if anything.
    pub decisions: Vec<(usize, Option<bool>)>,
    pub requester: Option<usize>,
    pub process: Option<usize>,
    pub law: usize,
    pub days_to_decide: u32,
    pub signature: Signature,
    pub expunged: bool,
    pub served: bool,
    /// The entry of the disposition, once it was made.
    pub disposition: Option<u64>,
}

impl Story {
    /// Whether what was decided took effect.
    pub fn in_effect(&self) -> bool {
        matches!(self.signature, Signature::NotNeeded | Signature::Signed)
    }

    pub fn decided_on(&self) -> u32 {
        self.received + self.days_to_decide
    }
}

pub fn stories() -> impl Strategy<Value = Vec<Story>> {
    let decision = prop_oneof![Just(None), Just(Some(true)), Just(Some(false))];
    let decisions =
        prop::collection::vec(decision, 3).prop_flat_map(|all| prop::sample::subsequence((0..3_usize).zip(all).collect::<Vec<_>>(), 1..=3));
    let signature = prop_oneof![Just(Signature::NotNeeded), Just(Signature::Signed), Just(Signature::Missing), Just(Signature::Returned)];
    let story = (
        0..DAYS,
        decisions,
        prop::option::of(0..2_usize),
        prop::option::of(0..3_usize),
        0..3_usize,
        0..4_u32,
        signature,
        any::<bool>(),
        any::<bool>(),
    );
    let story = story.prop_map(|(received, decisions, requester, process, law, days_to_decide, signature, expunged, served)| Story {
        received,
        decisions,
        requester,
        process,
        law,
        days_to_decide,
        signature,
        expunged: expunged && received % 3 == 0,
        served,
        disposition: None,
    });
    prop::collection::vec(story, 0..25)
}

/// Noon at the agency's place.
fn at(day: u32) -> i64 {
    let first = jiff::civil::date(2026, 1, 1).at(12, 0, 0, 0).in_tz("America/Los_Angeles").unwrap();
    first.checked_add(jiff::Span::new().days(day)).unwrap().timestamp().as_millisecond()
}

pub fn day(day: u32) -> jiff::civil::Date {
    jiff::civil::date(2026, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap()
}

pub fn push(record: &mut Record, day: u32, kind: EntryKind, subject: Option<&str>, corrects: Option<u64>, public: Json) -> u64 {
    let index = record.entries.len() as u64;
    record.entries.push(Entry {
        v: 1,
        index,
        time: time_text(at(day)),
        kind,
        actor: "a-1".to_owned(),
        subject: subject.map(str::to_owned),
        behalf: None,
        bundle: None,
        corrects,
        public,
        personal: None,
    });
    index
}

/// The record that stories leave. Noise is what changes no figure.
pub fn record(stories: &mut [Story], noise: bool) -> Record {
    let mut record = Record::default();
    for (number, story) in stories.iter_mut().enumerate() {
        let id = format!("2026-{number:04}");
        let actions: Vec<&str> = story.decisions.iter().map(|(a, _)| ACTIONS[*a]).collect();
        push(
            &mut record,
            story.received,
            EntryKind::Request,
            Some(&id),
            None,
            json!({"received": format!("{}T11:00", day(story.received)), "actions": actions}),
        );
        if noise {
            push(&mut record, story.received, EntryKind::Read, Some(&id), None, json!({"purpose": "questions"}));
        }
        let outcomes: serde_json::Map<String, Json> = actions.iter().map(|a| ((*a).to_owned(), json!("permitted"))).collect();
        let determination = push(&mut record, story.received, EntryKind::Determination, Some(&id), None, json!({"outcomes": outcomes}));
        if !story.expunged {
            record.facts.insert(determination, facts(story, &actions));
        }
        let decided: serde_json::Map<String, Json> =
            story.decisions.iter().map(|(a, d)| (ACTIONS[*a].to_owned(), json!(word(*d)))).collect();
        let public = json!({"determination": determination, "decisions": decided, "departs": [], "needs_signature": story.signature != Signature::NotNeeded});
        let disposition = push(&mut record, story.decided_on(), EntryKind::Disposition, Some(&id), None, public);
        story.disposition = Some(disposition);
        let verdict = match story.signature {
            Signature::Signed => Some("signed"),
            Signature::Returned => Some("returned"),
            _ => None,
        };
        if let Some(verdict) = verdict {
            push(
                &mut record,
                story.decided_on(),
                EntryKind::SignOff,
                Some(&id),
                None,
                json!({"disposition": disposition, "verdict": verdict}),
            );
        }
        if story.served {
            push(&mut record, story.decided_on(), EntryKind::NoticeServed, Some(&id), None, json!({"duties": ["act#copy"]}));
        }
        if noise {
            push(&mut record, story.decided_on(), EntryKind::LogOut, None, None, json!({}));
        }
    }
    record
}

pub fn word(decision: Option<bool>) -> &'static str {
    match decision {
        Some(true) => "take",
        Some(false) => "decline",
        None => "defer",
    }
}

fn facts(story: &Story, actions: &[&str]) -> Facts {
    let duty = Duty {
        id: "act#copy".to_owned(),
        cite: "Act § 9".to_owned(),
        says: "Give a copy.".to_owned(),
        status: "due".to_owned(),
        deadline: None,
        uncertain: false,
    };
    Facts {
        requester: story.requester.map(|r| REQUESTERS[r].to_owned()),
        process: story.process.map(|p| PROCESSES[p].to_owned()),
        kind: Some("detainer".to_owned()),
        norms: actions.iter().map(|a| ((*a).to_owned(), vec![Norm { id: "act".to_owned(), cite: LAWS[story.law].to_owned() }])).collect(),
        duties: actions.iter().map(|a| ((*a).to_owned(), vec![duty.clone()])).collect(),
        ..Facts::default()
    }
}
