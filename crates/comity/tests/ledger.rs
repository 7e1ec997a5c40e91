//! The record from the command line: a walk from the first entry to a restored copy, and what is refused on the way.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use comity_engine::{Stack, peek_agency, read_case};
use comity_law::Law;
use comity_ledger::{Determined, EntryKind, Keys, Ledger, NewEntry, Options, Store};
use common::{Ran, run, run_with};
use serde_json::json;
use std::path::{Path, PathBuf};

/// A folder that goes with the test.
struct Dir(PathBuf);

impl Dir {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("comity-cli-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    /// A command on the ledger of this folder.
    fn ledger(&self, args: &[&str]) -> Ran {
        let (db, keys) = (self.path("ledger.db"), self.path("keys"));
        run(["ledger"].into_iter().chain(args.iter().copied()).chain(["--ledger", &db, "--keys", &keys]))
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const CASE: &str = r#"{"agency": "CA0194200", "on": "2018-03-01", "actions": ["hold", "notify-release"], "facts": {"request": {"kind": "detainer"}, "person": {"name_note": 1}}}"#;

/// Records a determination as the desk does.
fn record(dir: &Dir) -> (u64, String) {
    let case = CASE.replace(r#", "person": {"name_note": 1}"#, "");
    let law = Law::builtin_for(&peek_agency(&case).unwrap().place).unwrap();
    let read = read_case(&law, &case).unwrap();
    let found = Stack::new(&law, &read.agency, read.on, &read.local).decide_all(&read).unwrap();
    let determined = Determined { comity: env!("CARGO_PKG_VERSION").to_owned(), case, answer: serde_json::to_string(&found).unwrap() };
    let outcomes: Vec<_> = found.iter().map(|d| json!({"action": d.action, "outcome": d.outcome})).collect();
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let ledger = Ledger::open(
            Store::open(&dir.path("ledger.db")).await.unwrap(),
            Keys::read(Path::new(&dir.path("keys"))).unwrap(),
            Options::default(),
        )
        .await
        .unwrap();
        let person = ledger.new_person().await.unwrap();
        ledger.append(NewEntry::new(EntryKind::Request, "clerk-1").subject("request-1").public(json!({"kind": "detainer"}))).await.unwrap();
        let entry =
            NewEntry::determination("clerk-1", "request-1", &person, law.digest.clone(), &determined, json!({"outcomes": outcomes}));
        let index = ledger.append(entry).await.unwrap().index;
        ledger.close().await.unwrap();
        (index, person.0)
    })
}

#[test]
fn a_walk_through_the_record() {
    let dir = Dir::new("walk");
    let made = dir.ledger(&["create", "--origin", "sheriff.example.gov/comity", "--format", "json"]).ends(0).json();
    let key = made["key"].as_str().unwrap().to_owned();
    dir.ledger(&["create", "--origin", "sheriff.example.gov/comity"]).ends(2);
    let (index, person) = record(&dir);
    let number = index.to_string();

    // Decided again to the byte; under other law it is told which law it was.
    let again = dir.ledger(&["recompute", &number]).ends(0);
    assert!(again.out.starts_with("THE SAME: entry 2"), "{}", again.out);
    dir.ledger(&["recompute", "1"]).ends(2);
    let listed = dir.ledger(&["list", "--kind", "read"]).ends(0);
    assert!(listed.out.contains("\"purpose\":\"recompute\""), "reading the case left a trace: {}", listed.out);

    // A receipt verifies without the ledger; one changed character and it does not.
    let receipt = dir.ledger(&["receipt", &number]).ends(0).out;
    std::fs::write(dir.path("receipt"), &receipt).unwrap();
    let verified = run(["ledger", "verify-receipt", &dir.path("receipt"), "--key", &key]).ends(0).out;
    assert!(verified.starts_with("HOLDS") && verified.contains("self-attested") && verified.contains("determination"), "{verified}");
    let forged = receipt.replacen("index 2", "index 1", 1);
    let refused = run_with(["ledger", "verify-receipt", "-", "--key", &key], forged.as_bytes()).ends(1).out;
    assert!(refused.starts_with("DOES NOT HOLD"), "{refused}");

    // A second office witnesses.
    let state = dir.path("witness.json");
    let witness = run(["witness", "init", "--state", &state, "--name", "clerk.example.gov/witness"]).ends(0).out;
    run(["witness", "init", "--state", &state, "--name", "clerk.example.gov/witness"]).ends(2);
    let request = dir.ledger(&["checkpoint", "--for-witness", "0"]).ends(0).out;
    run_with(["witness", "add", "--state", &state], request.as_bytes()).ends(1);
    run(["witness", "trust", "--state", &state, &key]).ends(0);
    let line = run_with(["witness", "add", "--state", &state], request.as_bytes()).ends(0).out;
    std::fs::write(dir.path("cosignature"), &line).unwrap();
    let missing = run(["ledger", "verify-receipt", &dir.path("receipt"), "--key", &key, "--witness", witness.trim()]).ends(1).out;
    assert!(missing.contains("NOT WITNESSED"), "{missing}");
    dir.ledger(&["cosign", &dir.path("cosignature"), "--witness", witness.trim()]).ends(0);
    let receipt = dir.ledger(&["receipt", &number]).ends(0).out;
    std::fs::write(dir.path("receipt"), &receipt).unwrap();
    let verified = run(["ledger", "verify-receipt", &dir.path("receipt"), "--key", &key, "--witness", witness.trim()]).ends(0).out;
    assert!(verified.contains("clerk.example.gov/witness"), "{verified}");
    run(["witness", "verify", "--state", &state, &dir.path("receipt")]).ends(0);
    let shown = run(["witness", "show", "--state", &state, "--format", "json"]).ends(0).json();
    assert!(shown["logs"]["sheriff.example.gov/comity"]["size"].as_u64().unwrap() >= 3);

    // Everything verifies, with and without keys, and as an export.
    let db = dir.path("ledger.db");
    let report = run(["ledger", "verify", &db, "--key", &key, "--keys", &dir.path("keys"), "--format", "json"]).ends(0).json();
    assert_eq!((&report["intact"], &report["opened"]), (&json!(true), &json!(1)));
    assert!(run(["ledger", "verify", &db]).ends(0).out.contains("give --key"));
    // Up to where it is signed stands beside the verdict, and what is cut off at the end is found with the keys.
    let told = run(["ledger", "verify", &db, "--key", &key, "--keys", &dir.path("keys")]).ends(0).out;
    assert_eq!(report["signed"], report["kept"]);
    assert!(told.contains(&format!("signed up to entry {} of {}", report["signed"], report["entries"])), "{told}");
    dir.ledger(&["export", &dir.path("tiles")]).ends(0);
    run(["ledger", "verify", &dir.path("tiles"), "--key", &key]).ends(0);
    run(["ledger", "verify", &dir.path("tiles")]).ends(2);

    // A wrong entry is corrected by another, which stands in the log beside it.
    let corrected = dir.ledger(&[
        "correct",
        &number,
        "--instead",
        "{\"outcomes\": {\"hold\": \"permitted\"}}",
        "--reason",
        "misread",
        "--format",
        "json",
    ]);
    let correction = corrected.ends(0).json()["entry"].to_string();
    let listed = dir.ledger(&["list", "--kind", "correction", "--format", "json"]).ends(0).out;
    assert!(listed.contains("misread") && listed.contains("\"corrects\""), "{listed}");
    dir.ledger(&["correct", &correction, "--void", "--reason", "it was right"]).ends(0);
    for wrong in [
        vec!["correct", "9999", "--void", "--reason", "x"],
        vec!["correct", &number, "--reason", "x"],
        vec!["correct", &number, "--void", "--instead", "{\"a\": 1}", "--reason", "x"],
        vec!["correct", &number, "--instead", "hold", "--reason", "x"],
        vec!["correct", &number, "--instead", "{}", "--reason", "x"],
    ] {
        dir.ledger(&wrong).ends(2);
    }

    // A hold stands before an order; after it is lifted the order is carried out, and the receipt still holds.
    dir.ledger(&["backup", &dir.path("monday.log"), &dir.path("monday.keys")]).ends(0);
    let hold =
        dir.ledger(&["hold", "request", "request-1", "--order", "suit 26-cv-1", "--format", "json"]).ends(0).json()["entry"].to_string();
    let held = dir.ledger(&["expunge", &person, "--order", "Order 26-118"]).ends(2);
    assert!(held.err.contains(&format!("entry {hold}")), "{}", held.err);
    let kept = dir.ledger(&["purge", "--before", "2200-01-01", "--rule", "five years"]).ends(0).out;
    assert!(kept.contains("by the hold of entry"), "{kept}");
    dir.ledger(&["lift", &hold, "--order", "settled"]).ends(0);
    dir.ledger(&["expunge", "#2", "--order", "Order 26-118"]).ends(0);
    dir.ledger(&["recompute", &number]).ends(2);
    run(["ledger", "verify-receipt", &dir.path("receipt"), "--key", &key]).ends(0);
    dir.ledger(&["backup", &dir.path("tuesday.log"), &dir.path("tuesday.keys")]).ends(0);

    // Monday's log with Tuesday's keys: nothing that was destroyed comes back, and the loss is not passed over.
    let new = dir.path("new.db");
    let restore = |db: &str, more: &[&str]| {
        let (log, keys, file) = (dir.path("monday.log"), dir.path("tuesday.keys"), dir.path("keys"));
        run(["ledger", "restore", &log, &keys, "--ledger", db, "--keys", &file].into_iter().chain(more.iter().copied()))
    };
    let lost = restore(&new, &[]).ends(2);
    assert!(lost.err.contains("--accept-loss"), "{}", lost.err);
    let restored = restore(&dir.path("newer.db"), &["--accept-loss"]).ends(0).out;
    assert!(restored.contains("1 persons"), "{restored}");
    run(["ledger", "verify", &dir.path("newer.db"), "--key", &key, "--keys", &dir.path("keys")]).ends(0);
    // What was witnessed is a beginning of the restored log too.
    let known = shown["logs"]["sheriff.example.gov/comity"]["size"].to_string();
    let request = run(["ledger", "checkpoint", "--for-witness", &known, "--ledger", &dir.path("newer.db"), "--keys", &dir.path("keys")]);
    run_with(["witness", "add", "--state", &state], request.ends(0).out.as_bytes()).ends(0);

    // A changed file is damaged, with the place.
    let mut bytes = std::fs::read(&db).unwrap();
    let at = bytes.windows(8).position(|w| w == b"detainer").unwrap();
    bytes[at] = b'D';
    std::fs::write(&db, &bytes).unwrap();
    let damaged = run(["ledger", "verify", &db, "--key", &key]).ends(1).out;
    assert!(damaged.contains("entry 1: ") && damaged.contains("DAMAGED"), "{damaged}");
}

#[test]
fn mistakes_name_what_is_wrong_and_the_remedy() {
    let dir = Dir::new("mistakes");
    let none = dir.ledger(&["list"]).ends(2);
    assert!(none.err.contains("comity ledger create"), "{}", none.err);
    std::fs::write(dir.path("letter"), "Dear clerk").unwrap();
    for args in [
        vec!["ledger", "verify", "no-such-file"],
        vec!["ledger", "verify", "mysql://a/b"],
        vec!["ledger", "verify-receipt", "README.md", "--key", "x"],
        vec!["ledger", "verify-receipt", "no-such-file", "--key", "x"],
        vec!["ledger", "key", "--keys", "README.md"],
        vec!["witness", "show", "--state", "no-such-file"],
        vec!["witness", "show", "--state", "README.md"],
    ] {
        let ran = run(&args).ends(2);
        assert!(ran.err.starts_with("error: "), "{args:?}: {}", ran.err);
        assert!(run(args.iter().copied().chain(["--format", "json"])).ends(2).json()["errors"].is_array());
    }
    assert!(!common::root().join("README.md.lock").exists(), "nothing is left beside a file that is something else");
    dir.ledger(&["create", "--origin", "two words"]).ends(2);
    dir.ledger(&["create", "--origin", "a.example"]).ends(0);
    let kinds = dir.ledger(&["list", "--kind", "gossip"]).ends(2);
    assert!(kinds.err.contains("determination"), "{}", kinds.err);
    dir.ledger(&["receipt", "99"]).ends(2);
    dir.ledger(&["checkpoint", "--for-witness", "99"]).ends(2);
    dir.ledger(&["expunge", "#0", "--order", "x"]).ends(2);
    dir.ledger(&["expunge", "#x", "--order", "x"]).ends(2);
    dir.ledger(&["lift", "0", "--order", "x"]).ends(2);
    dir.ledger(&["purge", "--before", "yesterday", "--rule", "x"]).ends(2);
    let log = dir.path("monday.log");
    let keyless = run(["ledger", "restore", &log, &log, "--ledger", &dir.path("new.db"), "--keys", &dir.path("no-such.keys")]).ends(2);
    assert!(keyless.err.contains("with the key file that it was written with"), "{}", keyless.err);
    let key = dir.ledger(&["key"]);
    assert_eq!(key.code, 2, "`key` takes no ledger");
}
