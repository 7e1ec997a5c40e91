//! The law of the day, as far as claims are held against it.

use super::day::Days;
use super::model::LawSays;
use comity_engine::{AgencyRef, Determination, Stack, Stacks, Times};
use comity_law::{ActionId, Instrument, Law, Modality, Norm, Outcome};
use comity_logic::{Date, FactId, Facts, Truth, Value, Vocabulary};
use comity_places::{Agency, AgencyKind, Place, PlaceKind, agencies_of};
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// What help a list of this sort may speak of. Exchange of status is left out: federal law opens it everywhere.
const HELP: [&str; 9] = [
    "hold",
    "notify-release",
    "transfer",
    "share-personal-info",
    "database-access",
    "interview-access",
    "facility-access",
    "assist-operation",
    "joint-task-force",
];

/// A request, as far as a row tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Asked {
    pub(super) process: Option<&'static str>,
    pub(super) probable_cause: Option<bool>,
    /// What the person was charged with or convicted of, in the table's words.
    pub(super) record: Option<(bool, String)>,
}

/// The law with its stacks.
pub(super) struct Bench<'l> {
    pub(super) law: &'l Law,
    stacks: Stacks<'l>,
    pub(super) hold: Option<ActionId>,
    pub(super) notify: Option<ActionId>,
    pub(super) help: Vec<ActionId>,
    decided: RefCell<FxHashMap<(AgencyRef, usize, ActionId, Asked), Option<Determination>>>,
}

impl<'l> Bench<'l> {
    pub(super) fn new(law: &'l Law) -> Self {
        Self {
            law,
            stacks: Stacks::new(law),
            hold: law.action("hold"),
            notify: law.action("notify-release"),
            help: HELP.iter().filter_map(|a| law.action(a)).collect(),
            decided: RefCell::default(),
        }
    }

    /// The law that binds an agency on a day.
    pub(super) fn stack(&self, agency: &AgencyRef, on: Date) -> Option<&Stack<'l>> {
        self.stacks.get(agency, on).ok()
    }

    /// Whether the law changes somewhere between two days.
    pub(super) fn changes_within(&self, days: Days) -> bool {
        self.run(days.0) != self.run(days.1)
    }

    fn run(&self, on: Date) -> usize {
        self.stacks.changes().partition_point(|d| *d <= on)
    }

    /// What the law says of a request; `None` where a search did not end.
    pub(super) fn decide(&self, agency: &AgencyRef, on: Date, action: ActionId, asked: &Asked) -> Option<Determination> {
        let known = (agency.clone(), self.run(on), action, asked.clone());
        if let Some(found) = self.decided.borrow().get(&known) {
            return found.clone();
        }
        let made = self.stack(agency, on).and_then(|s| s.decide(action, &self.facts(agency, on, asked), &Times::default()).ok());
        self.decided.borrow_mut().insert(known, made.clone());
        made
    }

    /// The facts of a civil detainer for a person whose release is due.
    fn facts(&self, agency: &AgencyRef, on: Date, asked: &Asked) -> Facts {
        let vocabulary = &self.law.schema.vocabulary;
        let mut facts = Facts::new(vocabulary);
        facts.set(Vocabulary::ON, Value::Date(on));
        let mut state = |name: &str, value: &str| {
            if let Some(id @ FactId::Scalar(slot)) = vocabulary.find(name)
                && let Ok(value) = facts.parse(&self.law.schema, &vocabulary.fact(id).declared, value)
            {
                facts.set(slot, value);
            }
        };
        state("agency.kind", &agency.kind);
        state("agency.place", &agency.place);
        state("request.kind", "detainer");
        state("request.requester", "ice");
        state("request.purpose", "civil-immigration");
        state("custody.release_due", "true");
        state("custody.stage", "jailed");
        state("agency.agreement_287g", "none");
        if let Some(process) = asked.process {
            state("request.process", process);
            state("request.warrant_with_detainer", "false");
        }
        if let Some(stated) = asked.probable_cause {
            state("request.probable_cause_stated", if stated { "true" } else { "false" });
        }
        if let Some((convicted, label)) = &asked.record {
            let (list, complete) = if *convicted { ("convictions", "convictions_complete") } else { ("charges", "charges_complete") };
            state(&format!("person.{complete}"), "false");
            if let Some(FactId::List(list)) = vocabulary.find(&format!("person.{list}")) {
                let record = vocabulary.record(list);
                let width = record.fields.len();
                let at = facts.push(list, width);
                if let Some(field) = record.field("label") {
                    let value = facts.text(&label.to_lowercase(), Default::default());
                    facts.set_field(list, width, at, field, value);
                }
            }
        }
        facts
    }

    /// What the law says, for the report.
    pub(super) fn says(&self, determination: &Determination) -> LawSays {
        let grounds = if determination.because.is_empty() { &determination.open } else { &determination.because };
        LawSays {
            action: determination.action.clone(),
            agency: format!("{} ({}, {})", determination.agency.name, determination.agency.kind, determination.agency.place),
            outcome: determination.outcome.to_string(),
            possible: determination.possible.iter().map(ToString::to_string).collect(),
            norms: grounds.iter().map(|g| g.norm.clone()).collect(),
            missing: determination.missing.iter().map(|q| q.fact.clone()).collect(),
        }
    }

    /// The instruments of the place itself that are in force on some day of these.
    pub(super) fn own(&self, place: &str, days: Days) -> Vec<&'l Instrument> {
        self.law.instruments.iter().filter(|i| i.place == place && overlaps(&i.in_force, days)).collect()
    }

    /// The norms of an instrument that limit help and are in force on some day of these.
    pub(super) fn limits(&self, instrument: &'l Instrument, days: Days) -> Vec<&'l Norm> {
        let limits = |n: &&Norm| n.modality == Modality::Forbids && n.actions.iter().any(|a| self.help.contains(a));
        instrument.norms.iter().filter(|n| overlaps(&n.in_force, days)).filter(limits).collect()
    }

    /// The norms of an instrument that open help other than holds.
    pub(super) fn openings(&self, instrument: &'l Instrument, days: Days) -> Vec<&'l Norm> {
        let opens = |n: &&Norm| n.modality != Modality::Forbids && n.actions.iter().any(|a| Some(*a) != self.hold && self.help.contains(a));
        instrument.norms.iter().filter(|n| overlaps(&n.in_force, days)).filter(opens).collect()
    }

    /// The exceptions of the place's own bans that a bare detainer can meet: no judge's paper comes with it.
    pub(super) fn open_exceptions(&self, agency: &AgencyRef, on: Date) -> Vec<(String, String)> {
        let Some((stack, hold)) = self.stack(agency, on).zip(self.hold) else { return Vec::new() };
        let vocabulary = &self.law.schema.vocabulary;
        let mut found = Vec::new();
        for process in ["none", "administrative"] {
            let facts = self.facts(agency, on, &Asked { process: Some(process), probable_cause: Some(true), record: None });
            for entry in &stack.slice(hold).entries {
                let comity_engine::Source::Norm(instrument, norm) = entry.source else { continue };
                if instrument.place != agency.place || entry.modality != Modality::Forbids {
                    continue;
                }
                for exception in norm.exceptions.iter().filter(|e| e.in_force.contains(on)) {
                    if exception.when.condition.truth(vocabulary, &facts) != Truth::False {
                        found.push((entry.id(), exception.full_cite.clone()));
                    }
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Norms below federal law that forbid the agency to help: to hold, to notify, to arrest on immigration grounds and the like.
    pub(super) fn grounds_to_refuse(&self, agency: &AgencyRef, on: Date) -> Vec<String> {
        let Some(stack) = self.stack(agency, on) else { return Vec::new() };
        let local = |e: &&comity_engine::Entry<'_>| match e.source {
            comity_engine::Source::Norm(instrument, _) => instrument.place != "us" && e.modality == Modality::Forbids,
            comity_engine::Source::Local(_) => false,
        };
        let actions = self.help.iter().copied().chain(self.law.action("stop-or-arrest"));
        let mut found: Vec<String> = actions.flat_map(|a| stack.slice(a).entries.iter().filter(local).map(|e| e.id())).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The place whose law a norm is, by the norm's id.
    pub(super) fn place_of(&self, norm: &str) -> &str {
        norm.split('#').next().and_then(|id| self.law.instrument(id)).map_or("", |i| i.place.as_str())
    }

    /// Norms of the agency's own place that have it tell federal officers of releases.
    pub(super) fn own_notice(&self, agency: &AgencyRef, on: Date) -> Vec<String> {
        let Some((stack, notify)) = self.stack(agency, on).zip(self.notify) else { return Vec::new() };
        let facts = self.facts(agency, on, &Asked::default());
        let opens = |e: &&comity_engine::Entry<'_>| match e.source {
            comity_engine::Source::Norm(instrument, norm) => {
                instrument.place == agency.place
                    && e.modality != Modality::Forbids
                    && norm.when.condition.truth(&self.law.schema.vocabulary, &facts) == Truth::True
            }
            comity_engine::Source::Local(_) => false,
        };
        stack.slice(notify).entries.iter().filter(opens).map(|e| e.id()).collect()
    }

    /// The norms from above the place that forbid a hold on a detainer that states no probable cause, whatever the place's own policy.
    pub(super) fn higher_ban(&self, agency: &AgencyRef, on: Date) -> Vec<(String, String)> {
        let bare = Asked { process: Some("none"), probable_cause: Some(false), record: None };
        let Some(found) = self.hold.and_then(|hold| self.decide(agency, on, hold, &bare)) else { return Vec::new() };
        if found.outcome != Outcome::Forbidden {
            return Vec::new();
        }
        found.because.iter().filter(|g| g.place != agency.place).map(|g| (g.norm.clone(), g.cite.clone())).collect()
    }

    /// What is said of a place whose law was not searched for a day; nothing where it was.
    pub(super) fn unsearched(&self, agency: &AgencyRef, on: Date) -> Option<String> {
        let notes = self.stack(agency, on)?.coverage();
        notes.into_iter().find(|n| n.place == agency.place).and_then(|n| n.warning)
    }
}

pub(super) fn overlaps(interval: &comity_law::Interval, days: Days) -> bool {
    interval.from.is_none_or(|f| f <= days.1) && interval.to.is_none_or(|t| days.0 <= t)
}

/// The agencies of a place that keep people in custody, those that run its jail first.
pub(super) fn custodians(place: &Place) -> Vec<AgencyRef> {
    let made = |kind: AgencyKind| AgencyRef {
        name: format!("{} of {}", if kind == AgencyKind::Jail { "the jail" } else { "the police" }, place.name),
        kind: kind.to_string(),
        place: place.slug.to_owned(),
        ori: None,
    };
    let all: Vec<Agency> = agencies_of(place.slug).collect();
    let first = |kind: AgencyKind| all.iter().find(|a| a.kind == kind).map(of);
    let found: Vec<AgencyRef> = match place.kind {
        PlaceKind::County => vec![first(AgencyKind::Jail).or_else(|| first(AgencyKind::Sheriff)).unwrap_or_else(|| made(AgencyKind::Jail))],
        PlaceKind::City => match first(AgencyKind::Jail) {
            Some(jail) => vec![first(AgencyKind::Police).unwrap_or_else(|| made(AgencyKind::Police)), jail],
            None => vec![first(AgencyKind::Police).unwrap_or_else(|| made(AgencyKind::Police))],
        },
        PlaceKind::Consolidated | PlaceKind::District => {
            let jail = first(AgencyKind::Jail).or_else(|| first(AgencyKind::Sheriff)).unwrap_or_else(|| made(AgencyKind::Jail));
            [Some(jail), first(AgencyKind::Police)].into_iter().flatten().collect()
        }
        _ => vec![made(AgencyKind::Jail)],
    };
    found
}

/// An agency of the list as the engine knows it.
pub(super) fn of(agency: &Agency) -> AgencyRef {
    AgencyRef { name: agency.name.clone(), kind: agency.kind.to_string(), place: agency.place.clone(), ori: agency.ori.clone() }
}

/// Whether a kind of agency keeps people in custody at all.
pub(super) fn keeps_people(kind: &str) -> bool {
    matches!(kind, "police" | "sheriff" | "jail" | "state-police" | "state-corrections")
}
