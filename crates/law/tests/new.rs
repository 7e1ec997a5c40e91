//! Skeletons of instruments: only the lines that are marked are mistakes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod common;

use comity_law::new::{self, Draft, MARK};
use comity_law::{Bundle, Kind, Law, Modality, fmt};

/// The real vocabulary, and no law.
fn files() -> common::Files {
    let built = Law::builtin_for("us").unwrap();
    built.files.iter().filter(|f| f.path == "vocabulary.toml").map(|f| (f.path.clone(), f.text.as_bytes().to_vec())).collect()
}

fn draft(place: &str, kind: Kind, modality: Modality) -> Draft {
    let title = "Act \"of\" the\\ 21st of July".to_owned();
    let day = |text: &str| text.parse().unwrap();
    Draft {
        place: place.to_owned(),
        id: new::id(place, &title),
        title,
        cite: "Code".to_owned(),
        kind,
        modality,
        action: "hold".to_owned(),
        from: day("2019-07-01"),
        checked: day("2026-11-21"),
    }
}

#[test]
fn only_marked_lines_are_mistakes() {
    let before = files();
    for place in ["us", "us-wy", "us-ca/oakland", "us-wy/teton-county"] {
        for kind in Kind::ALL {
            for modality in Modality::ALL {
                let draft = draft(place, *kind, *modality);
                let mut files = before.clone();
                let (path, text) = new::instrument(&draft);
                let mut made = vec![(path.clone(), text.clone())];
                made.push(new::place(place, None, draft.checked));
                for (path, text) in &made {
                    assert_eq!(fmt::format(path, text).as_ref(), Ok(text));
                    files.insert(path.clone(), text.clone().into_bytes());
                }
                // Ranks of a constitution or statute of a city do not follow; that is said as well.
                let found = Law::read(common::bundle(&files)).unwrap_err();
                let mut marked = 0;
                for mistake in found.iter().filter(|d| d.is_error() && d.code != "L0307") {
                    let (_, text) = made.iter().find(|(path, _)| *path == mistake.file).unwrap_or_else(|| panic!("{mistake}"));
                    assert!(text.lines().nth(mistake.line - 1).unwrap().contains(MARK), "{mistake}");
                    marked += 1;
                }
                assert_eq!(marked, made.iter().map(|(_, t)| new::to_fill(t).count()).sum::<usize>());
            }
        }
    }
}

#[test]
fn a_completed_skeleton_is_a_law() {
    let draft = draft("us-ca/oakland", Kind::Ordinance, Modality::Forbids);
    let (path, text) = new::instrument(&draft);
    let done: String = text
        .lines()
        .filter(|l| !l.starts_with("binds") && !l.starts_with("when"))
        .map(|l| l.split_once("  #").map_or(l, |(line, _)| line).replace("\"\"", "\"x\"").replace("[]", "[\"y\"]") + "\n")
        .collect();
    let mut files = files();
    files.insert(path, done.into_bytes());
    let law = Law::read(common::bundle(&files)).unwrap_or_else(|all| panic!("{}", all.iter().map(ToString::to_string).collect::<String>()));
    assert_eq!(law.instrument(&draft.id).unwrap().title, draft.title);
}

#[test]
fn ids_say_place_and_title_once() {
    assert_eq!(new::id("us-ca/oakland", "Oakland City of Refuge Ordinance"), "us-ca-oakland-city-refuge-ordinance");
    assert!(new::id("us-ca", &"word ".repeat(50)).len() <= 60);
    let vocabulary = Bundle::from_memory(common::base());
    assert!(vocabulary.paths().any(|p| p == "vocabulary.toml"));
    assert_eq!(new::actions("[[action]]\nid = \"hold\"\n[[action]]\nid = \"transfer\"\n"), ["hold", "transfer"]);
    assert!(new::actions("no toml").is_empty());
}
