//! Events as an iCalendar (RFC 5545): all-day events whose ids stay the same from one export to the next.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use comity_logic::Date;

use super::{Change, Event, What};
use crate::model::Law;

/// A line is no longer than this, in bytes, its end not counted.
const LINE: usize = 75;

/// The calendar. The stamp of an event is the day on which its instrument was checked: nothing here depends on when or where it was made.
#[must_use]
pub fn calendar(law: &Law, events: &[Event<'_>]) -> String {
    let mut paper = Paper(String::new());
    for (name, value) in [("BEGIN", "VCALENDAR"), ("VERSION", "2.0"), ("PRODID", "-//Comity//Law events//EN"), ("CALSCALE", "GREGORIAN")] {
        paper.line(name, value);
    }
    paper.line("X-WR-CALNAME", "Comity: changes of the law");
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for event in events {
        let times = seen.entry(uid(event)).and_modify(|n| *n += 1).or_insert(1);
        let uid = if *times == 1 { uid(event) } else { format!("{}.{times}", uid(event)) };
        one(&mut paper, law, event, &uid);
    }
    paper.line("END", "VCALENDAR");
    paper.0
}

fn one(paper: &mut Paper, law: &Law, event: &Event<'_>, uid: &str) {
    paper.line("BEGIN", "VEVENT");
    paper.line("UID", &escaped(&format!("{uid}@law.comity")));
    paper.line("DTSTAMP", &format!("{}T000000Z", day(event.instrument.checked.on)));
    paper.line("DTSTART;VALUE=DATE", &day(event.on));
    paper.line("SUMMARY", &escaped(&summary(event)));
    paper.line("DESCRIPTION", &escaped(&description(law, event)));
    let actions: Vec<String> = event.actions.iter().map(|a| escaped(law.action_name(*a))).collect();
    if !actions.is_empty() {
        paper.line("CATEGORIES", &actions.join(","));
    }
    paper.line("TRANSP", "TRANSPARENT");
    paper.line("END", "VEVENT");
}

/// What names the event in every edition of the law: the thing, what happens to it and, for the versions of one thing, the day.
fn uid(event: &Event<'_>) -> String {
    let plain: String = event.id.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let name: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
    let what = event.what.as_str();
    match event.what {
        What::Instrument if event.change != Change::Changes => format!("{what}.{}.{}", name.join("-"), event.change.as_str()),
        _ => format!("{what}.{}.{}.{}", name.join("-"), event.change.as_str(), day(event.on)),
    }
}

fn summary(event: &Event<'_>) -> String {
    let title = &event.instrument.title;
    match event.what {
        What::Instrument => format!("{title} {}", event.change.as_str()),
        What::Settled => format!("{title}: contested point {}", event.change.as_str()),
        what => format!("{title}: {} {} {}", what.as_str(), event.cite, event.change.as_str()),
    }
}

fn description(law: &Law, event: &Event<'_>) -> String {
    let mut out = String::new();
    let mut part = |event: &Event<'_>| {
        let actions: Vec<&str> = event.actions.iter().map(|a| law.action_name(*a)).collect();
        let does = event.modality.map(|m| format!("{m} {}: ", actions.join(", "))).unwrap_or_default();
        let _ = writeln!(out, "{does}{} ({})", event.says, event.cite);
    };
    match event.what {
        What::Instrument => event.parts.iter().for_each(&mut part),
        _ => part(event),
    }
    if !event.changed.is_empty() {
        let _ = writeln!(out, "Changed: {}", event.changed.join(", "));
    }
    let _ = writeln!(out, "Places: {}", event.places().join(", "));
    let _ = writeln!(out, "Agencies: {}", event.kinds.join(", "));
    let _ = write!(out, "Confidence: {}. Id: {}. Law bundle {}.", event.confidence, event.id, law.digest.get(..16).unwrap_or_default());
    out
}

fn day(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

/// A text as a value of type TEXT.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Lines that end in CR and LF and are folded where they are too long.
struct Paper(String);

impl Paper {
    fn line(&mut self, name: &str, value: &str) {
        let mut room = LINE;
        for c in format!("{name}:{value}").chars() {
            if c.len_utf8() > room {
                // The blank that marks a folded line counts.
                self.0.push_str("\r\n ");
                room = LINE - 1;
            }
            room -= c.len_utf8();
            self.0.push(c);
        }
        self.0.push_str("\r\n");
    }
}
