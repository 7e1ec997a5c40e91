//! The 287(g) agreements of ICE's list.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

use comity_places::{
    AGREEMENTS_AS_OF, AGREEMENTS_UNMATCHED, AgreementModel, Resolution, agreements_of, find_by_name_in, find_by_ori, looks_like_ori,
};

const MATCHED: &str = include_str!("../data/agreements.tsv");
const UNMATCHED: &str = include_str!("../data/agreements-unmatched.tsv");

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.split('-').all(|part| part.bytes().all(|b| b.is_ascii_digit()))
}

#[test]
fn every_row_is_found_again() {
    assert_eq!(MATCHED.lines().count() + UNMATCHED.lines().count(), 805);
    assert_eq!(UNMATCHED.lines().count(), AGREEMENTS_UNMATCHED);
    assert!(MATCHED.lines().is_sorted());
    for line in MATCHED.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [id, model, signed] = fields[..] else { panic!("{line}") };
        assert!(is_day(signed) && signed <= AGREEMENTS_AS_OF, "{line}");
        assert!(agreements_of(id).iter().any(|a| a.model.as_str() == model && a.signed == signed), "{line}");
        if looks_like_ori(id) {
            find_by_ori(id).unwrap();
        }
    }
}

/// What could not be told to be of one agency is kept, and says why.
#[test]
fn what_is_not_matched_has_a_reason() {
    for line in UNMATCHED.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        assert_eq!(fields.len(), 6, "{line}");
        assert!(!fields[5].is_empty(), "{line}");
    }
}

#[test]
fn some_agencies() {
    // Etowah County, Alabama: jail enforcement since 2020 at the latest.
    let Resolution::One(etowah) = find_by_name_in("Etowah County Sheriff's Office", "us-al") else { panic!() };
    let found = agreements_of(etowah.ori.as_deref().unwrap());
    assert!(found.iter().any(|a| a.model == AgreementModel::Jail && a.signed == "2020-06-09"), "{found:?}");
    assert!(agreements_of("CA0194200").is_empty());
    assert!(agreements_of("").is_empty());
    assert!(agreements_of("no such agency").is_empty());
}
