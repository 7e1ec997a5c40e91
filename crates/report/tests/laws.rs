//! Laws of all reports, by generation: figures against a count that is slow and plain, corrections, totals, sameness of bytes.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use comity_ledger::EntryKind;
use comity_report::{Report, Value, changes};
use common::{ACTIONS, LAWS, REQUESTERS, Story, day, push, record, report, stories, word};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

const PERIOD: &str = "2026-02";

fn in_period(days: u32) -> bool {
    day(days).month() == 2
}

/// The figures of the report on declined requests, counted one by one from the stories.
fn plain_count(stories: &[Story]) -> BTreeMap<String, u64> {
    let mut count: BTreeMap<String, u64> = BTreeMap::new();
    let mut add = |id: String| *count.entry(id).or_default() += 1;
    for story in stories {
        if in_period(story.received) {
            add("requests-received".to_owned());
        }
        if !story.in_effect() || !in_period(story.decided_on()) {
            continue;
        }
        let of = |action: usize| story.decisions.iter().find(|(a, _)| *a == action).and_then(|(_, d)| *d);
        let all: Vec<(usize, bool)> = story.decisions.iter().filter_map(|(a, d)| Some((*a, (*d)?))).collect();
        if !all.is_empty() {
            add("requests-decided".to_owned());
            let state = if story.served { "done" } else { "no-entry" };
            if !story.expunged {
                ["Act § 9", "total"]
                    .iter()
                    .for_each(|row| [state, "total"].iter().for_each(|column| add(format!("duties/{row}/{column}"))));
            }
        }
        if all.iter().any(|(_, taken)| *taken) && all.iter().any(|(_, taken)| !*taken) {
            add("requests-declined-in-part".to_owned());
        }
        if of(0) == Some(false) && of(1) == Some(true) {
            add("hold-declined-notice-given".to_owned());
        }
        if of(0) == Some(false) && of(2) == Some(true) {
            add("hold-declined-transferred".to_owned());
        }
        for (action, taken) in all {
            let decision = word(Some(taken));
            for row in [ACTIONS[action], "total"] {
                [decision, "total"].iter().for_each(|column| add(format!("asked/{row}/{column}")));
            }
            let requester = if story.expunged { None } else { story.requester.map(|r| REQUESTERS[r]) };
            for row in [requester.unwrap_or("not-recorded"), "total"] {
                [decision, "total"].iter().for_each(|column| add(format!("requesters/{row}/{column}")));
            }
            if !taken {
                add(format!("declined-under/{}", if story.expunged { "not-recorded" } else { LAWS[story.law] }));
                add("declined-under/total".to_owned());
            }
        }
    }
    count
}

fn counted(report: &Report) -> BTreeMap<String, u64> {
    const CHECKED: [&str; 9] = [
        "requests-received",
        "requests-decided",
        "requests-declined-in-part",
        "hold-declined-notice-given",
        "hold-declined-transferred",
        "asked",
        "requesters",
        "declined-under",
        "duties",
    ];
    let checked = report.all_figures().filter(|f| CHECKED.contains(&f.id.split('/').next().unwrap_or_default()));
    checked.filter_map(|f| if let Value::Count(n) = f.value { (n > 0).then(|| (f.id.clone(), n)) } else { None }).collect()
}

proptest! {
    #[test]
    fn figures_are_what_a_plain_count_gives(mut all in stories(), noise in any::<bool>()) {
        let record = record(&mut all, noise);
        let report = report(&record, "declined-requests", PERIOD, None);
        prop_assert_eq!(counted(&report), plain_count(&all));
        // Each figure rests on entries of the part that the report names.
        for figure in report.all_figures() {
            prop_assert!(figure.entries.iter().all(|e| *e < report.log.size));
            prop_assert_eq!(figure.value != Value::Count(0) && !matches!(figure.value, Value::NotRecorded(_)), !figure.entries.is_empty(), "{}", figure.id);
        }
    }

    #[test]
    fn a_correction_changes_exactly_what_it_should(mut all in stories(), which in any::<prop::sample::Index>(), to in prop::option::of(any::<bool>())) {
        prop_assume!(!all.is_empty());
        let mut record = record(&mut all, false);
        let before = report(&record, "declined-requests", PERIOD, None);
        let at = which.index(all.len());
        let (action, was) = all[at].decisions[0];
        let wrong = all[at].disposition.unwrap();
        let id = format!("2026-{at:04}");
        let public = json!({"instead": {"decisions": {ACTIONS[action]: word(to)}}});
        let correction = push(&mut record, 89, EntryKind::Correction, Some(&id), Some(wrong), public);
        all[at].decisions[0].1 = to;
        let after = report(&record, "declined-requests", PERIOD, None);
        prop_assert_eq!(counted(&after), plain_count(&all));
        let changed = changes(&before.values(), &after.values());
        for change in &changed {
            let of = |r: &Report| r.all_figures().filter(|f| f.id == change.figure).any(|f| f.entries.contains(&wrong));
            prop_assert!(of(&before) || of(&after), "{} changed without resting on entry {wrong}", change.figure);
        }
        if was == to {
            prop_assert!(changed.is_empty());
        }
        // The entry that was corrected, and the correction, both stand behind what they touch.
        for figure in after.all_figures().filter(|f| f.entries.contains(&wrong)) {
            prop_assert!(figure.entries.contains(&correction), "{}", figure.id);
        }
        // Taken back, everything is as it was.
        push(&mut record, 89, EntryKind::Correction, Some(&id), Some(correction), json!({"void": true}));
        prop_assert_eq!(report(&record, "declined-requests", PERIOD, None).values(), before.values());
    }

    #[test]
    fn the_same_record_gives_the_same_bytes(mut all in stories()) {
        let mut record = record(&mut all, true);
        let first = report(&record, "declined-requests", PERIOD, None).bytes();
        prop_assert_eq!(&report(&record, "declined-requests", PERIOD, None).bytes(), &first);
        // Looking at it, certifying it, logging in: nothing that figures turn on.
        for kind in [EntryKind::Read, EntryKind::Report, EntryKind::Checkpoint, EntryKind::LogIn, EntryKind::Export] {
            push(&mut record, 89, kind, None, None, json!({}));
        }
        prop_assert_eq!(&report(&record, "declined-requests", PERIOD, None).bytes(), &first);
    }

    #[test]
    fn rows_and_columns_add_up(mut all in stories()) {
        let record = record(&mut all, false);
        let report = report(&record, "declined-requests", PERIOD, None);
        for table in &report.tables {
            let numbers: Vec<Vec<u64>> = table.rows.iter().map(|r| r.cells.iter().map(|c| if let Value::Count(n) = c.value { n } else { 0 }).collect()).collect();
            let (totals, rows) = numbers.split_last().unwrap();
            for (at, total) in totals.iter().enumerate() {
                prop_assert_eq!(rows.iter().map(|r| r[at]).sum::<u64>(), *total);
            }
            if table.columns.len() > 1 {
                prop_assert!(numbers.iter().all(|r| r.split_last().is_some_and(|(total, parts)| parts.iter().sum::<u64>() == *total)));
            }
        }
    }

    #[test]
    fn small_numbers_are_withheld_with_all_that_tells_them(mut all in stories(), fewest in 3..6_u64) {
        let record = record(&mut all, false);
        let shown = report(&record, "declined-requests", PERIOD, Some(fewest));
        let any = shown.all_figures().any(|f| f.value == Value::Withheld);
        for figure in shown.all_figures() {
            match &figure.value {
                Value::Count(n) => prop_assert!(*n == 0 || *n >= fewest, "{} is {n}", figure.id),
                Value::Withheld | Value::NotRecorded(_) => {}
            }
            prop_assert!(!any || figure.entries.is_empty(), "positions tell what is withheld");
        }
        prop_assert!(!any || shown.lists.iter().all(|l| l.rows.is_empty()));
        // With one total and all parts but one, the part is told.
        for table in shown.tables.iter().filter(|t| t.columns.len() == 1) {
            let (total, parts) = table.rows.split_last().unwrap();
            let hidden = parts.iter().filter(|r| r.cells[0].value == Value::Withheld).count();
            prop_assert!(hidden != 1 || total.cells[0].value == Value::Withheld, "{}", table.id);
        }
        // A reader knows of each row that it occurs, of each small part that it is below `fewest`, and a total from wherever it stands in the report.
        const DECLINED: [&str; 5] = ["asked/total/decline", "declined-under/total", "declined-outcome/total/total", "requesters/total/decline", "process/total"];
        let full = report(&record, "declined-requests", PERIOD, None);
        let number = |id: &str, of: &Report| of.all_figures().find(|f| f.id == id).map(|f| f.value.clone());
        let known = |id: &str| {
            let names: Vec<&str> = if DECLINED.contains(&id) { DECLINED.to_vec() } else { vec![id] };
            names.into_iter().find_map(|id| if let Some(Value::Count(n)) = number(id, &shown) { Some(n) } else { None })
        };
        for (table, whole) in shown.tables.iter().zip(&full.tables) {
            for column in 0..table.columns.len() {
                let (total, parts) = table.rows.split_last().unwrap();
                let true_of = |row: usize| if let Value::Count(n) = whole.rows[row].cells[column].value { n } else { 0 };
                let hidden: Vec<usize> = (0..parts.len()).filter(|row| parts[*row].cells[column].value == Value::Withheld).collect();
                let Some(sum) = known(&total.cells[column].id) else { continue };
                let rest = sum - (0..parts.len()).filter(|row| !hidden.contains(row)).map(true_of).sum::<u64>();
                let last = table.columns.len() > 1 && column + 1 == table.columns.len();
                let most = |row: usize| if true_of(row) < fewest && !last { fewest - 1 } else { rest };
                for row in &hidden {
                    let others = hidden.iter().filter(|other| *other != row);
                    let (least, greatest) = others.fold((0, 0), |(l, g), other| (l + 1, g + most(*other)));
                    let range = rest.saturating_sub(greatest).max(1)..=most(*row).min(rest - least);
                    prop_assert!(range.clone().count() > 1, "{} can only be {range:?}", parts[*row].cells[column].id);
                }
            }
        }
    }
}
