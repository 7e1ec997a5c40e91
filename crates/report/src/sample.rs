//! An invented record: made-up requests to any agency, decided by the real law.

use crate::record::{Facts, Record};
use comity_engine::{AgencyRef, Stack, read_case};
use comity_law::Law;
use comity_ledger::{Entry, EntryKind, time_text};
use comity_places::Place;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use serde_json::{Value as Json, json};

/// What sets one invented request apart: what is asked, and the facts that are laid over the usual ones.
type Sort = (&'static [&'static str], &'static [(&'static str, &'static str)]);

const DETAINER: &[&str] = &["hold", "notify-release", "transfer"];

const SORTS: [Sort; 8] = [
    (DETAINER, &[]),
    (DETAINER, &[("person.registered_sex_offender", "true")]),
    (DETAINER, &[("information.public", "true")]),
    (DETAINER, &[("request.process", "\"judicial-warrant-criminal\"")]),
    (DETAINER, &[("request.requester", "\"cbp\"")]),
    (&["database-access"], &[("request.kind", "\"database-query\""), ("request.requester", "\"hsi\""), ("request.form", "\"none\"")]),
    (
        &["share-personal-info"],
        &[("request.kind", "\"information-request\""), ("request.form", "\"none\""), ("information.kind", "\"home-address\"")],
    ),
    (
        &["joint-task-force"],
        &[("request.kind", "\"assistance-request\""), ("request.form", "\"none\""), ("request.purpose", "\"other-crime\"")],
    ),
];

/// Which sort comes in, one every day and a half or so, from the first of January 2026 on.
const ARRIVALS: [usize; 26] = [0, 1, 0, 2, 5, 0, 3, 0, 1, 6, 0, 4, 2, 0, 7, 0, 1, 0, 5, 2, 0, 4, 0, 1, 0, 2];

/// The requests of which something is out of the ordinary: one not signed, one corrected afterwards, one whose person was expunged, one that nobody decided.
const UNSIGNED: usize = 20;
const CORRECTED: usize = 8;
const EXPUNGED: usize = 5;
const UNDECIDED: usize = 25;

/// The invented record of an agency. It is the same every time.
///
/// # Errors
/// If the law does not know an action or a fact that the sample has: then the bundle is another one.
pub fn sample(law: &Law, agency: &AgencyRef) -> Result<Record, String> {
    let mut made = Made {
        zone: Place::find(&agency.place).and_then(|p| TimeZone::get(p.time_zone).ok()).unwrap_or(TimeZone::UTC),
        record: Record { invented: true, ..Record::default() },
    };
    let first = jiff::civil::date(2026, 1, 1).at(8, 15, 0, 0);
    for (number, sort) in ARRIVALS.iter().enumerate() {
        let at = first.checked_add((number as i64 * 34).hours()).map_err(|e| e.to_string())?;
        made.request(law, agency, number, at, SORTS.get(*sort).ok_or("a sort is missing")?)?;
    }
    let end = first.checked_add(40.days()).map_err(|e| e.to_string())?;
    made.afterwards(end);
    Ok(made.record)
}

struct Made {
    zone: TimeZone,
    record: Record,
}

impl Made {
    fn push(&mut self, at: DateTime, kind: EntryKind, actor: &str, subject: Option<&str>, public: Json) -> u64 {
        let index = self.record.entries.len() as u64;
        let ms = at.to_zoned(self.zone.clone()).map_or(0, |z| z.timestamp().as_millisecond());
        self.record.entries.push(Entry {
            v: 1,
            index,
            time: time_text(ms),
            kind,
            actor: actor.to_owned(),
            subject: subject.map(str::to_owned),
            behalf: None,
            bundle: None,
            corrects: None,
            public,
            personal: None,
        });
        index
    }

    fn request(&mut self, law: &Law, agency: &AgencyRef, number: usize, at: DateTime, (actions, over): &Sort) -> Result<(), String> {
        let id = format!("2026-{:04}", number + 1);
        let later = |minutes: i64| at.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(at);
        let received = at.strftime("%Y-%m-%dT%H:%M").to_string();
        self.push(at, EntryKind::Request, "clerk", Some(&id), json!({"received": received, "actions": actions}));
        let case = case(agency, at, actions, over)?;
        let read = read_case(law, &case.to_string()).map_err(|e| e.to_string())?;
        let found = Stack::new(law, &read.agency, read.on, &read.local).decide_all(&read).map_err(|e| e.to_string())?;
        let outcomes: serde_json::Map<String, Json> = found.iter().map(|d| (d.action.clone(), json!(d.outcome))).collect();
        let public = json!({"on": at.date().to_string(), "outcomes": outcomes});
        let determination = self.push(later(9), EntryKind::Determination, "clerk", Some(&id), public);
        if let Some(entry) = self.record.entries.last_mut() {
            entry.bundle = Some(law.digest.clone());
        }
        let facts = Facts::of(&json!({"case": case, "determinations": found}));
        if number == UNDECIDED {
            self.record.facts.insert(determination, facts);
            return Ok(());
        }
        let decide = |action: &str| match outcomes.get(action).and_then(Json::as_str) {
            Some("required" | "unregulated") => "take",
            // What the law leaves open is done now and then.
            Some("permitted") if action != "hold" || number.is_multiple_of(3) => "take",
            _ => "decline",
        };
        let mut decisions: serde_json::Map<String, Json> = actions.iter().map(|a| ((*a).to_owned(), json!(decide(a)))).collect();
        if number == CORRECTED {
            // Typed wrong here; the correction comes at the end.
            decisions.insert("notify-release".to_owned(), json!("decline"));
        }
        let public = json!({"determination": determination, "decisions": decisions, "departs": [], "needs_signature": true});
        let disposition = self.push(later(20), EntryKind::Disposition, "clerk", Some(&id), public);
        if number != UNSIGNED {
            let public = json!({"disposition": disposition, "verdict": "signed"});
            self.push(later(45), EntryKind::SignOff, "supervisor", Some(&id), public);
        }
        // Notices are served in most cases, sometimes the next day.
        let owed: Vec<&str> = facts.duties.values().flatten().filter(|d| d.status == "due").map(|d| d.id.as_str()).collect();
        if number % 4 != 3 && !owed.is_empty() {
            let public = json!({"way": "in person", "language": "en", "duties": owed});
            self.push(later(if number % 5 == 4 { 1500 } else { 60 }), EntryKind::NoticeServed, "clerk", Some(&id), public);
        }
        if number != EXPUNGED {
            self.record.facts.insert(determination, facts);
        }
        Ok(())
    }

    fn afterwards(&mut self, at: DateTime) {
        let subject = format!("2026-{:04}", CORRECTED + 1);
        let wrong =
            self.record.entries.iter().find(|e| e.kind == EntryKind::Disposition && e.subject.as_ref() == Some(&subject)).map(|e| e.index);
        self.push(at, EntryKind::Expungement, "command-line", None, json!({"order": "an invented order of a court"}));
        self.push(at, EntryKind::Correction, "supervisor", Some(&subject), json!({"instead": {"decisions": {"notify-release": "take"}}}));
        if let Some(entry) = self.record.entries.last_mut() {
            entry.corrects = wrong;
        }
    }
}

fn case(agency: &AgencyRef, at: DateTime, actions: &[&str], over: &[(&str, &str)]) -> Result<Json, String> {
    let mut facts = json!({
        "request.kind": "detainer", "request.requester": "ice", "request.purpose": "civil-immigration", "request.process": "administrative",
        "request.form": "i-247a", "request.in_writing": true, "request.probable_cause_stated": true, "custody.stage": "jailed",
        "custody.release_due": true, "custody.hours_past_release": 0, "custody.countable_hours_past_release": 0, "information.kind": "release-date",
        "information.public": false, "person.registered_sex_offender": false, "person.federal_felony_warrant": false, "person.convictions": [],
        "person.charges": [],
    });
    for (fact, value) in over {
        let value: Json = serde_json::from_str(value).map_err(|e| format!("{fact}: {e}"))?;
        if let Some(facts) = facts.as_object_mut() {
            facts.insert((*fact).to_owned(), value);
        }
    }
    let mut of = json!({"name": agency.name, "kind": agency.kind, "place": agency.place});
    if let (Some(ori), Some(of)) = (&agency.ori, of.as_object_mut()) {
        of.insert("ori".to_owned(), json!(ori));
    }
    let release = at.checked_add(SignedDuration::from_hours(6)).unwrap_or(at).strftime("%Y-%m-%dT%H:%M").to_string();
    let times = json!({"request": at.strftime("%Y-%m-%dT%H:%M").to_string(), "release": release});
    Ok(json!({"agency": of, "on": at.date().to_string(), "actions": actions, "facts": facts, "times": times}))
}
