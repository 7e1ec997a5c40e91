//! What begins, changes and ends, whom it touches, and the calendar of it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod common;

use std::collections::BTreeSet;

use comity_law::timeline::{Change, Event, What, calendar, events};
use comity_law::{Interval, Law};

const ACT: &str = r#"# file: us/ca/us-ca-over-time.toml
title    = "Act; with, signs \\ of its own"
cite     = "Code"
kind     = "statute"
in_force = { from = 2014-01-01, to = 2019-12-31 }
binds    = "agency.kind in ['police', 'sheriff']"
checked  = { on = 2020-02-03, confidence = "high", against = ["x"] }

[[norm]]
id = "hold"
cite = "(a)"
forbids = ["hold"]
says = "No."
in_force = { to = 2015-12-31 }

[[norm]]
id = "hold"
cite = "(a)"
forbids = ["hold"]
says = "No, unless it is so."
when = "agency.kind != 'police'"
in_force = { from = 2016-01-01 }

  [[norm.unless]]
  cite = "(b)"
  when = "agency.kind == 'sheriff' && on >= date('2018-01-04')"
  in_force = { from = 2017-01-01 }

[[duty]]
id = "report"
cite = "(c)"
upon = "period"
says = "Report."
within = { every = "year" }
in_force = { from = 2015-07-01, to = 2016-06-30 }
"#;

fn law() -> Law {
    Law::read(common::bundle(&common::case(ACT)))
        .unwrap_or_else(|all| panic!("{}", all.iter().map(ToString::to_string).collect::<String>()))
}

fn line(event: &Event<'_>) -> String {
    format!("{} {} {} {}", event.on, event.change.as_str(), event.what.as_str(), event.id.trim_start_matches("us-ca-over-time"))
}

fn own<'l>(law: &'l Law) -> Vec<Event<'l>> {
    events(law, None).into_iter().filter(|e| e.instrument.id == "us-ca-over-time").collect()
}

#[test]
fn everything_has_its_day() {
    let law = law();
    let found: Vec<String> = own(&law).iter().map(line).collect();
    let wanted = [
        "2014-01-01 begins instrument ",
        "2015-07-01 begins duty #report",
        "2016-01-01 changes norm #hold",
        "2016-07-01 ends duty #report",
        "2017-01-01 begins exception #hold unless (b)",
        "2018-01-04 changes exception #hold unless (b)",
        "2020-01-01 ends instrument ",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn what_an_event_touches() {
    let law = law();
    let all = own(&law);
    let hold = law.action("hold").unwrap();
    assert_eq!((all[0].parts.len(), all[0].parts[0].what), (1, What::Norm));
    assert_eq!((all[0].actions.as_slice(), all[0].kinds.as_slice()), (&[hold][..], &["police", "sheriff"][..]));
    // A duty that names no action touches all of them.
    assert_eq!(all[1].actions.len(), law.actions.len());
    assert_eq!((all[2].changed.as_slice(), all[2].kinds.as_slice()), (&["says", "when", "unless"][..], &["sheriff"][..]));
    assert_eq!((all[5].change, all[5].changed.as_slice()), (Change::Changes, &["when"][..]));
    assert_eq!(all[6].parts.iter().map(|p| p.what).collect::<Vec<_>>(), [What::Norm]);
    assert_eq!(all[0].places(), ["us-ca"]);
    let other = law.actions.iter().position(|a| a.id != "hold").unwrap();
    let other = comity_law::ActionId(other as u16);
    assert_eq!(
        own(&law).into_iter().filter_map(|e| e.only(other)).map(|e| line(&e)).collect::<Vec<_>>(),
        ["2015-07-01 begins duty #report", "2016-07-01 ends duty #report"]
    );
}

#[test]
fn a_place_sees_its_own_law_and_that_above() {
    let law = law();
    let ids = |place: &str| events(&law, Some(place)).iter().map(|e| e.instrument.id.clone()).collect::<BTreeSet<_>>();
    assert!(ids("us-ca/oakland").contains("us-ca-over-time"));
    assert!(!ids("us-wy").contains("us-ca-over-time"));
}

/// Every day on which a part of the real law begins or ends is the day of some event, and the other way round.
#[test]
fn the_events_are_the_changes_of_the_law() {
    let law = Law::builtin().unwrap();
    let mut days = BTreeSet::new();
    let mut note = |days_in: Interval| {
        days.extend(days_in.from);
        days.extend(days_in.to.and_then(|d| d.tomorrow().ok()));
    };
    for it in &law.instruments {
        note(it.in_force);
        it.norms.iter().for_each(|n| {
            note(n.in_force);
            n.exceptions.iter().for_each(|e| note(e.in_force));
        });
        it.duties.iter().for_each(|d| note(d.in_force));
        it.clocks.iter().for_each(|c| note(c.in_force));
        it.settles.iter().for_each(|s| note(s.in_force));
    }
    let all = events(&law, None);
    let turns: BTreeSet<_> = all.iter().filter(|e| e.changed == ["when"] || e.changed == ["applies"]).map(|e| e.on).collect();
    let found: BTreeSet<_> = all.iter().map(|e| e.on).collect();
    assert!(days.is_subset(&found), "{:?}", days.difference(&found).collect::<Vec<_>>());
    assert!(found.difference(&days).all(|d| turns.contains(d)));
    assert!(all.is_sorted_by_key(|e| e.on));
}

#[test]
fn the_calendar_keeps_to_the_rules() {
    for law in [law(), Law::builtin().unwrap()] {
        let all = events(&law, None);
        let text = calendar(&law, &all);
        assert_eq!(text, calendar(&law, &events(&law, None)));
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "a line is too long");
        let unfolded = text.replace("\r\n ", "");
        let (mut open, mut uids, mut found): (Vec<&str>, BTreeSet<&str>, usize) = (Vec::new(), BTreeSet::new(), 0);
        for line in unfolded.split_terminator("\r\n") {
            let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("{line}"));
            let name = name.split(';').next().unwrap();
            match name {
                "BEGIN" => open.push(value),
                "END" => assert_eq!(open.pop(), Some(value)),
                "UID" => assert!(uids.insert(value), "{value} stands twice"),
                "DTSTART" => {
                    assert!(
                        line.starts_with("DTSTART;VALUE=DATE:") && value.len() == 8 && value.bytes().all(|b| b.is_ascii_digit()),
                        "{line}"
                    );
                    found += 1;
                }
                "SUMMARY" | "DESCRIPTION" => {
                    let plain = value.replace("\\\\", "").replace("\\,", "").replace("\\;", "").replace("\\n", "");
                    assert!(!plain.contains(['\\', ',', ';']), "{line}");
                }
                "DTSTAMP" => assert!(value.ends_with("T000000Z") && value.len() == 16, "{line}"),
                "VERSION" | "PRODID" | "CALSCALE" | "X-WR-CALNAME" | "CATEGORIES" | "TRANSP" => {}
                other => panic!("{other}"),
            }
        }
        assert!(open.is_empty() && found == all.len());
    }
    assert!(calendar(&law(), &own(&law())).contains("SUMMARY:Act\\; with\\, signs \\\\ of its own begins\r\n"));
}
