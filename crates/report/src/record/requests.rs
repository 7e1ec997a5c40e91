//! What was asked, what the law said of it, what was decided and done: the entries of each request put together.

use super::corrected::{Corrected, corrected};
use super::{Duty, Facts, Norm, Record};
use comity_ledger::EntryKind;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// What was decided about an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// To do it.
    Take,
    /// Not to do it.
    Decline,
    /// Nothing yet, or nothing that was signed.
    Open,
}

impl Decision {
    /// Its word in the record and in definitions.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Take => "take",
            Self::Decline => "decline",
            Self::Open => "open",
        }
    }
}

/// How a duty of an action stands in the record.
#[derive(Clone, Debug)]
pub struct DutyState {
    /// The duty.
    pub duty: Duty,
    /// `in-time`, `late`, `done` (no moment was set), `no-entry`, or `not-decidable` (it turned on facts that were missing, and no entry shows it done).
    pub state: &'static str,
    /// The entries that show it done.
    pub entries: Vec<u64>,
}

/// One action of one request: what reports count.
#[derive(Clone, Debug)]
pub struct Item {
    /// The request, by its first entry.
    pub request: u64,
    /// The determination on which it was decided, or else the last.
    pub determination: Option<u64>,
    /// The action.
    pub action: String,
    /// When it arrived, as it was entered: local time at the agency's place.
    pub received: Option<String>,
    /// The day on which it arrived.
    pub received_on: Option<Date>,
    /// What the law said.
    pub outcome: Option<String>,
    /// What was decided.
    pub decision: Decision,
    /// The day on which the decision took effect, at the agency's place.
    pub decided_on: Option<Date>,
    /// Why it cannot be told whether the decision took effect.
    pub doubt: Option<&'static str>,
    /// Whether the decision departed from what the law said.
    pub departs: bool,
    /// What the determination says without saying of whom; none if that was destroyed or not given.
    pub facts: Option<Facts>,
    /// The law bundle of the determination.
    pub bundle: Option<String>,
    /// The agency's duties as they stand.
    pub duties: Vec<DutyState>,
    /// The entries that all this rests on, without those of duties.
    pub entries: Vec<u64>,
}

/// Something that a figure would need and the record does not have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Undecidable {
    /// The entry.
    pub entry: u64,
    /// What is missing.
    pub why: String,
}

/// All actions of all requests, in the order of the record.
#[derive(Clone, Debug, Default)]
pub struct Requests {
    /// The actions.
    pub items: Vec<Item>,
    /// Entries that belong to no request of the record.
    pub stray: Vec<Undecidable>,
}

impl Item {
    /// The deciding norms; none where the record does not have them any more.
    #[must_use]
    pub fn norms(&self) -> Option<&[Norm]> {
        self.facts.as_ref().and_then(|f| f.norms.get(&self.action)).map(Vec::as_slice)
    }
}

/// Puts the entries of each request together, with corrections applied.
#[must_use]
pub fn requests(record: &Record, zone: &TimeZone) -> Requests {
    let all = corrected(&record.entries);
    let mut by_subject: BTreeMap<&str, Vec<&Corrected>> = BTreeMap::new();
    for entry in all.iter().filter(|e| !e.void) {
        if let Some(subject) = &entry.entry.subject {
            by_subject.entry(subject).or_default().push(entry);
        }
    }
    let mut found = Requests::default();
    for entries in by_subject.values() {
        let Some(request) = entries.iter().find(|e| e.entry.kind == EntryKind::Request) else {
            let decided = entries.iter().filter(|e| matches!(e.entry.kind, EntryKind::Determination | EntryKind::Disposition));
            found
                .stray
                .extend(decided.map(|e| Undecidable { entry: e.entry.index, why: "no entry says when this request arrived".to_owned() }));
            continue;
        };
        found.items.extend(items(record, request, entries, zone));
    }
    found.items.sort_by(|a, b| (a.request, &a.action).cmp(&(b.request, &b.action)));
    found
}

fn items(record: &Record, request: &Corrected, entries: &[&Corrected], zone: &TimeZone) -> Vec<Item> {
    let disposition = entries.iter().rev().find(|e| e.entry.kind == EntryKind::Disposition && verdict(entries, e) != Some(false));
    let named = disposition.and_then(|d| d.public.get("determination")).and_then(Json::as_u64);
    let of_kind = |kind: EntryKind| entries.iter().rev().filter(move |e| e.entry.kind == kind);
    let determination = match named {
        Some(index) => of_kind(EntryKind::Determination).find(|e| e.entry.index == index),
        None => of_kind(EntryKind::Determination).next(),
    };
    let facts = determination.and_then(|d| record.facts.get(&d.entry.index));
    let received = request.public.get("received").and_then(Json::as_str).map(str::to_owned);
    let mut actions: BTreeSet<String> = strings(request.public.get("actions"));
    let outcomes = determination.and_then(|d| d.public.get("outcomes")).and_then(Json::as_object);
    actions.extend(outcomes.into_iter().flat_map(|o| o.keys().cloned()));
    let departing = strings(disposition.and_then(|d| d.public.get("departs")));
    let one = |action: &String| {
        let chosen = disposition.and_then(|d| d.public.get("decisions")?.get(action)?.as_str());
        let departs = departing.contains(action);
        let (effect, doubt) = disposition.map_or((None, None), |d| effect(entries, d, !departing.is_empty()));
        let decision = match (chosen, effect.is_some() || doubt.is_some()) {
            (Some("take"), true) => Decision::Take,
            (Some("decline"), true) => Decision::Decline,
            _ => Decision::Open,
        };
        let mut rests_on: BTreeSet<u64> = request.rests_on.iter().copied().collect();
        rests_on.extend(determination.iter().flat_map(|d| &d.rests_on));
        if let Some(disposition) = disposition.filter(|_| chosen.is_some()) {
            rests_on.extend(&disposition.rests_on);
            rests_on.extend(signature(entries, disposition).iter().flat_map(|s| &s.rests_on));
        }
        let decided = effect.or_else(|| disposition.filter(|_| doubt.is_some()).and_then(|d| d.entry.time.parse().ok()));
        let decided = decided.filter(|_| decision != Decision::Open);
        Item {
            request: request.entry.index,
            determination: determination.map(|d| d.entry.index),
            action: action.clone(),
            received_on: received.as_deref().and_then(|r| r.get(..10)).and_then(|r| r.parse().ok()),
            received: received.clone(),
            outcome: outcomes.and_then(|o| o.get(action)).and_then(Json::as_str).map(str::to_owned),
            decision,
            decided_on: decided.map(|at| at.to_zoned(zone.clone()).date()),
            doubt: doubt.filter(|_| decision != Decision::Open),
            departs: departs && decision != Decision::Open,
            facts: facts.cloned(),
            bundle: determination.and_then(|d| d.entry.bundle.clone()),
            duties: facts.and_then(|f| f.duties.get(action)).into_iter().flatten().filter_map(|d| standing(d, decision, entries)).collect(),
            entries: rests_on.into_iter().collect(),
        }
    };
    actions.iter().map(one).collect()
}

/// The sign-off of a disposition: the last that names it.
fn signature<'e>(entries: &[&'e Corrected], disposition: &Corrected) -> Option<&'e Corrected> {
    let names = |e: &&&Corrected| e.public.get("disposition").and_then(Json::as_u64) == Some(disposition.entry.index);
    entries.iter().rev().filter(|e| e.entry.kind == EntryKind::SignOff).find(names).copied()
}

/// Whether a disposition was signed (true) or returned (false).
fn verdict(entries: &[&Corrected], disposition: &Corrected) -> Option<bool> {
    signature(entries, disposition).map(|s| s.public.get("verdict").and_then(Json::as_str) == Some("signed"))
}

/// When a disposition took effect, or why that cannot be told.
fn effect(entries: &[&Corrected], disposition: &Corrected, departs: bool) -> (Option<Timestamp>, Option<&'static str>) {
    if let Some(signed) = signature(entries, disposition) {
        return (signed.entry.time.parse().ok(), None);
    }
    match disposition.public.get("needs_signature").and_then(Json::as_bool) {
        Some(false) => (disposition.entry.time.parse().ok(), None),
        Some(true) => (None, None),
        None if departs => (None, None),
        None => (None, Some("the entry does not say whether a second person had to sign this decision, and none did")),
    }
}

/// How a duty stands, if what was decided makes it one.
fn standing(duty: &Duty, decision: Decision, entries: &[&Corrected]) -> Option<DutyState> {
    let owed = match duty.status.as_str() {
        "due" => true,
        "if-taken" => decision == Decision::Take,
        "if-declined" => decision == Decision::Decline,
        _ => false,
    };
    let shows = |e: &&&Corrected| match e.entry.kind {
        EntryKind::DutyDone => e.public.get("duty").and_then(Json::as_str) == Some(duty.id.as_str()),
        EntryKind::NoticeServed => strings(e.public.get("duties")).contains(&duty.id),
        _ => false,
    };
    owed.then(|| {
        let done = entries.iter().find(shows);
        let at = done.and_then(|d| d.entry.time.parse::<Timestamp>().ok());
        let by = duty.deadline.as_deref().and_then(|d| d.parse::<Timestamp>().ok());
        let state = match (at, by) {
            (Some(at), Some(by)) if at <= by => "in-time",
            (Some(_), Some(_)) => "late",
            (Some(_), None) => "done",
            (None, _) if duty.uncertain => "not-decidable",
            (None, _) => "no-entry",
        };
        DutyState { duty: duty.clone(), state, entries: done.map(|d| d.rests_on.clone()).unwrap_or_default() }
    })
}

fn strings(list: Option<&Json>) -> BTreeSet<String> {
    list.and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}
