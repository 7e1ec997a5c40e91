//! The law over time, as a dataset, and the tools of authors, as commands.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod common;

use common::schema::{validator, wrong};
use common::{Ran, folder, root, run, run_with};
use serde_json::Value as Json;
use std::path::Path;

fn conforms(name: &str, json: &Json) {
    let wrong = wrong(&validator(name), json);
    assert!(wrong.is_empty(), "{name}: {}", wrong.join("\n"));
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// A copy of the law files of the project, or of a part of them.
fn copy(name: &str, wanted: impl Fn(&str) -> bool) -> std::path::PathBuf {
    let to = folder(name);
    let from = root().join("law");
    let mut folders = vec![from.clone()];
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            let own = path.strip_prefix(&from).unwrap().to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if wanted(&own.to_string_lossy()) {
                std::fs::create_dir_all(to.join(&own).parent().unwrap()).unwrap();
                std::fs::copy(path, to.join(own)).unwrap();
            }
        }
    }
    to
}

#[test]
fn a_timeline() {
    let all = run(["law", "timeline", "us-ca/los-angeles"]).ends(0);
    assert!(all.out.contains("begins   us-ca              TRUST Act: forbids hold; 1 limit\n"), "{}", all.out);
    assert!(all.out.contains(" events for us, us-ca, us-ca/los-angeles, law bundle "));
    let hold = run(["law", "timeline", "us-ca/los-angeles", "--action", "hold"]).ends(0);
    assert!(hold.out.len() < all.out.len(), "{}", hold.out);
    let json = run(["law", "timeline", "us-ca", "--action", "hold", "--format", "json"]).ends(0).json();
    conforms("law-timeline", &json);
    let events = json["events"].as_array().unwrap();
    assert!(events.iter().all(|e| e["actions"].as_array().unwrap().contains(&"hold".into())));
    // The day on which the Values Act surely applies stands in a condition, and is an event all the same.
    let turn = events.iter().find(|e| e["on"] == "2018-01-04" && e["id"] == "us-ca-values-act").unwrap();
    assert_eq!((turn["change"].as_str(), turn["changed"][0].as_str()), (Some("changes"), Some("applies")));
    assert!(run(["law", "timeline", "us-ca/nowhere"]).ends(2).err.contains("is no place"));
    assert!(run(["law", "timeline", "us-ca", "--action", "hodl"]).ends(2).err.contains("did you mean `hold`?"));
}

#[test]
fn events_since_a_day() {
    let args = ["law", "events", "--since", "2017-09-01", "--until", "2018-03-01"];
    let ran = run(args).ends(0);
    assert!(ran.out.contains("2018-01-01 begins California Values Act [us-ca-values-act]\n"), "{}", ran.out);
    assert!(ran.out.contains("Places: us-ca and what lies in them; agencies: police, sheriff"), "{}", ran.out);
    let json = run(args.iter().copied().chain(["--format", "json"])).ends(0).json();
    conforms("law-events", &json);
    let here = run(args.iter().copied().chain(["--place", "us-tx", "--format", "json"])).ends(0).json();
    assert!(here["events"].as_array().unwrap().iter().all(|e| ["us", "us-tx"].contains(&e["place"].as_str().unwrap())));
    let calendar = run(args.iter().copied().chain(["--ical"])).ends(0);
    assert!(calendar.out.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && calendar.out.ends_with("END:VCALENDAR\r\n"));
    assert_eq!(calendar.out.matches("BEGIN:VEVENT").count(), json["events"].as_array().unwrap().len());
    assert!(calendar.out.contains("UID:instrument.us-ca-values-act.begins@law.comity\r\n"));
    run(["law", "events", "--since", "2018-02-30"]).ends(2);
    run(["law", "events", "--since", "2018-02-01", "--until", "2018-01-01"]).ends(2);
    run(["law", "events", "--since", "2018-02-01", "--ical", "--format", "json"]).ends(2);
}

#[test]
fn exports_are_the_same_each_time() {
    let (one, two) = (folder("export-one"), folder("export-two"));
    for form in ["json", "csv", "parquet", "akn"] {
        for dir in [&one, &two] {
            let json = run(["law", "export", "--to", form, dir.to_str().unwrap(), "--format", "json"]).ends(0).json();
            conforms("law-export", &json);
            for file in json["files"].as_array().unwrap() {
                let path = dir.join(file["path"].as_str().unwrap());
                let bytes = std::fs::read(&path).unwrap();
                assert_eq!(bytes.len() as u64, file["bytes"].as_u64().unwrap());
                if dir == &two {
                    assert_eq!(bytes, std::fs::read(one.join(file["path"].as_str().unwrap())).unwrap(), "{}", path.display());
                }
            }
        }
    }
    conforms("law", &serde_json::from_str(&text(&one.join("law.json"))).unwrap());
    let (start, values) = (b"PAR1", std::fs::read(one.join("values.parquet")).unwrap());
    assert!(values.starts_with(start) && values.ends_with(start));
    assert!(text(&one.join("values.csv")).starts_with("row_id,place,place_name,fips,question,"));
    assert!(text(&one.join("us/ca/us-ca-trust-act.xml")).contains("<akomaNtoso xmlns="));
    let file = one.join("law.json");
    assert!(run(["law", "export", "--to", "json", file.to_str().unwrap()]).ends(2).err.contains("cannot be written"));
}

#[test]
fn files_are_formatted_once() {
    let dir = copy("fmt", |path| {
        path == "vocabulary.toml"
            || path.starts_with("us/il/")
            || path.starts_with("us/us-")
            || path == "us/definitions.toml"
            || path == "us/place.toml"
    });
    // The project's own files are in canonical form; one of them is brought out of it.
    let odd = dir.join("us/il/us-il-trust-act.toml");
    std::fs::write(&odd, text(&odd).replace("title    =", "title =")).unwrap();
    let dir = dir.to_str().unwrap();
    let before = run(["law", "check", "--law", dir, "--format", "json"]).json();
    let check = run(["law", "fmt", "--check", "--law", dir, "--format", "json"]).ends(1).json();
    conforms("law-fmt", &check);
    let done = run(["law", "fmt", "--law", dir, "--format", "json"]).ends(0).json();
    assert_eq!(check["changed"], done["changed"]);
    let again = run(["law", "fmt", "--check", "--law", dir]).ends(0);
    assert!(again.out.contains("0 of "), "{}", again.out);
    let after = run(["law", "check", "--law", dir, "--format", "json"]).json();
    for key in ["instruments", "norms", "exceptions", "examples", "examples_passed"] {
        assert_eq!(before[key], after[key], "{key}");
    }
    run(["law", "fmt", "--check", "--law", "law"]).ends(0);
    let broken = Path::new(dir).join("us/us-broken.toml");
    std::fs::write(&broken, "title = ").unwrap();
    let ran: Ran = run(["law", "fmt", broken.to_str().unwrap()]).ends(2);
    assert!(ran.err.contains("this is no TOML"), "{}", ran.err);
    assert_eq!(text(&broken), "title = ");
    assert_eq!(run_with(["law", "fmt", "-"], b"cite='C'\ntitle='T'").ends(0).out, "title = \"T\"\ncite  = \"C\"\n");
    run(["law", "fmt"]).ends(2);
}

#[test]
fn a_new_instrument_from_answers_and_from_options() {
    let dir = copy("new", |path| path == "vocabulary.toml");
    let dir = dir.to_str().unwrap();
    let answers = b"Oakland Detainer Ordinance\nordinance\nOakland Mun. Code\nhold\nforbids\n2019-07-01\n2026-11-21\n";
    let json = run_with(["law", "new", "us-ca/oakland", "--law", dir, "--format", "json"], answers).ends(0).json();
    conforms("law-new", &json);
    assert_eq!(json["files"][1]["path"], "us/ca/oakland/us-ca-oakland-detainer-ordinance.toml");
    let check = run(["law", "check", "--law", dir, "--format", "json"]).ends(2).json();
    for error in check["errors"].as_array().unwrap() {
        let file = json["files"].as_array().unwrap().iter().find(|f| f["path"] == error["file"]).unwrap();
        assert!(file["to_fill"].as_array().unwrap().iter().any(|l| l["line"] == error["line"]), "{error:#}");
    }
    // Nothing is written over, and no answer is made up.
    let again = run_with(["law", "new", "us-ca/oakland", "--law", dir], answers).ends(2);
    assert!(again.err.contains("cannot be written"), "{}", again.err);
    assert!(run_with(["law", "new", "us-ca", "--law", dir], b"Act\n").ends(2).err.contains("no answer; give it with --kind"));
    let options = [
        "--title",
        "A",
        "--kind",
        "statute",
        "--cite",
        "C",
        "--action",
        "hodl",
        "--modality",
        "forbids",
        "--from",
        "2020-01-01",
        "--checked",
        "2020-01-02",
    ];
    let base = ["law", "new", "us-wy", "--law", dir];
    assert!(run(base.iter().chain(&options)).ends(2).err.contains("no action is called `hodl`"));
    run(["law", "new", "us-wy"]).ends(2);
    run(["law", "new", "us-wy/nowhere-at-all", "--law", dir]).ends(2);
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        assert!(run(["completions", shell]).ends(0).out.contains("timeline"), "{shell}");
    }
    run(["completions", "tcsh"]).ends(2);
}
