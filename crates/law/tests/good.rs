//! Correct laws are read, and read plainly as the text beside them says. `BLESS=1 cargo test -p comity-law` writes those texts anew.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod common;

use comity_law::{Bundle, Diagnostic, Law, Modality, NormRef, Outcome, Rank, show};

fn shown(all: &[Diagnostic]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n")
}

fn read(case: &str) -> Law {
    Law::read(common::bundle(&common::case(case))).unwrap_or_else(|all| panic!("{}", shown(&all)))
}

#[test]
fn good_laws_read_plainly() {
    let mut wrong = Vec::new();
    for (path, text) in common::cases("tests/good") {
        let law = read(&text);
        assert_eq!(law.warnings, [], "{}", path.display());
        let plain: Vec<String> = law.instruments.iter().map(|i| show::instrument(&law, i, 90)).collect();
        wrong.extend(common::expect(&path.with_extension("expected"), &plain.join("\n\n")).err());
        let words = plain.iter().flat_map(|p| p.lines()).filter(|line| line.contains(' '));
        words.for_each(|line| assert!(line.chars().count() <= 90, "{line}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn the_model_says_what_the_files_say() {
    let law = read("");
    assert_eq!(law.actions.iter().map(|a| a.id.as_str()).collect::<Vec<_>>(), ["hold", "notify-release"]);
    let act = law.instrument("us-ca-act").unwrap();
    assert_eq!((act.place.as_str(), act.rank), ("us-ca", Rank::StateStatute));
    assert!(act.reaches("us-ca") && act.reaches("us-ca/kern-county") && !act.reaches("us-or") && !act.reaches("us"));
    let norm = act.norms.first().unwrap();
    assert_eq!((norm.modality, norm.full_cite.as_str()), (Modality::Forbids, "Cal. Code § 1(a)"));
    assert_eq!(norm.when.text, "detainer");
    let example = norm.examples.first().unwrap();
    assert_eq!((example.expect, example.then), (Outcome::Forbidden, Some(Outcome::Unregulated)));
    let inside = serde_json::to_value(&act.case(example).unwrap().facts).unwrap();
    assert_eq!(
        inside,
        serde_json::json!({"request": {"kind": "detainer"}, "custody": {"release_due": true}, "person": {"convictions": []}})
    );
    let outside = act.case_but(example).unwrap();
    assert_eq!(outside.facts["request"]["kind"], "none");
    assert_eq!(outside.agency.kind, "sheriff");
    let named = NormRef { instrument: "us-ca-act".into(), norm: "hold".into() };
    assert_eq!(law.norms(&named).count(), 1);
    let at = law.at(&norm.when, 0..8);
    assert_eq!(&law.file(at.file).unwrap().text[at.start..at.end], "detainer");
}

#[test]
fn the_part_for_a_place_is_the_same_as_in_the_whole() {
    let text = common::cases("tests/good").into_iter().map(|(_, text)| text).collect::<String>();
    let bundle = common::bundle(&common::case(&text));
    let whole = Law::read(bundle.clone()).unwrap();
    let part = Law::read_for(bundle.clone(), "us-ca/kern-county").unwrap();
    assert_eq!((&part.digest, part.digest.len()), (&whole.digest, 64));
    let ids: Vec<&str> = part.instruments.iter().map(|i| i.id.as_str()).collect();
    assert_eq!(ids, ["us-ca-act", "us-court-holding"]);
    let city = Law::read_for(bundle, "us-ca/los-angeles").unwrap();
    assert_eq!(city.instruments.len(), 3);
    for instrument in &part.instruments {
        let same = whole.instrument(&instrument.id).unwrap();
        assert_eq!(show::instrument(&part, instrument, 80), show::instrument(&whole, same, 80));
    }
}

#[test]
fn the_digest_is_that_of_the_files() {
    let files = common::base();
    let folder = Bundle::from_dir(&common::here("tests/base"));
    assert_eq!(folder.digest(), common::bundle(&files).digest());
    let mut other = files.clone();
    other.insert("vocabulary.toml".into(), [files["vocabulary.toml"].as_slice(), b"\r\n"].concat());
    assert_ne!(folder.digest(), common::bundle(&other).digest());
    // Nothing but the two files: `sha256sum` over path, zero, length, content.
    let two = Bundle::from_memory([("b".to_owned(), b"xy".to_vec()), ("a".to_owned(), Vec::new())]);
    assert_eq!(two.digest(), "fe7b55ceeb4b4f631d463cfe8eee44332c4b0618bfe40fb802c48a248d654a28");
}

#[test]
fn every_file_of_the_real_law_is_read() {
    let law = Law::open(common::here("../../law")).unwrap_or_else(|all| panic!("{}", shown(&all)));
    for instrument in &law.instruments {
        assert!(!show::instrument(&law, instrument, 100).is_empty());
        for norm in &instrument.norms {
            assert!(!norm.actions.is_empty(), "{}#{}", instrument.id, norm.id);
        }
    }
}

#[test]
fn the_built_in_law_is_whole() {
    let law = Law::builtin().unwrap_or_else(|all| panic!("{}", shown(&all)));
    assert_eq!(law.digest, Bundle::builtin().digest());
    let part = Law::builtin_for("us-ca/los-angeles").unwrap_or_else(|all| panic!("{}", shown(&all)));
    assert!(part.files.len() < law.files.len() || law.files.len() < 20);
}
