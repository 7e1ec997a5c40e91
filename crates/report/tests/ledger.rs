//! Reports of a real ledger: certified, corrected, expunged; and nobody's name in any of them.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use comity_ledger::{EntryKind, Keys, Ledger, NewEntry, Options, PersonId, Store};
use comity_report::{Document, Form, Record, State, Value, certify, correct, open};
use common::report;
use serde_json::{Value as Json, json};
use std::time::Duration;

const NAME: &str = "Zebedee Quux";

struct Dir(std::path::PathBuf);

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn ledger(name: &str) -> (Ledger, Dir) {
    let dir = std::env::temp_dir().join(format!("comity-report-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    let keys = Keys::open(&dir.join("keys"), "sheriff.example.gov/comity").unwrap();
    let store = Store::open(dir.join("comity.db").to_str().unwrap()).await.unwrap();
    (Ledger::open(store, keys, Options { sign_every: Duration::ZERO, ..Options::default() }).await.unwrap(), Dir(dir))
}

/// A request of which the hold was declined and the notice given; gives the person and the entry of the decision.
async fn request(ledger: &Ledger, id: &str, decisions: Json) -> (PersonId, u64) {
    let person = ledger.new_person().await.unwrap();
    let entry = |kind| NewEntry::new(kind, "a-7").subject(id);
    let public = json!({"received": "2026-01-12T22:15", "actions": ["hold", "notify-release"]});
    ledger.append(entry(EntryKind::Request).public(public).personal(&person, json!({"file": "B-9", "name": NAME}))).await.unwrap();
    let case = json!({"facts": {"request": {"requester": "ice", "kind": "detainer"}, "person.name": NAME}, "times": {"release": "2026-01-13T08:00"}, "file": NAME});
    let found = json!([{"action": "hold", "because": [{"norm": "x#1", "cite": "Act § 1"}], "duties": []}, {"action": "notify-release", "because": [{"norm": "x#2", "cite": "Act § 2"}], "duties": []}]);
    let public = json!({"on": "2026-01-12", "outcomes": {"hold": "forbidden", "notify-release": "permitted"}});
    let determination = entry(EntryKind::Determination).public(public).personal(&person, json!({"case": case, "determinations": found}));
    let determination = ledger.append(determination).await.unwrap().index;
    let public = json!({"determination": determination, "decisions": decisions, "departs": [], "needs_signature": false});
    (person, ledger.append(entry(EntryKind::Disposition).public(public)).await.unwrap().index)
}

/// The report on the days around now: the ledger's own clock decides on which day something was decided.
fn document(record: &Record) -> Document {
    let report = report(record, "declined-requests", "2020-01-01..2100-12-31", None);
    Document::new(report, &record.entries)
}

fn value(document: &Document, id: &str) -> Option<Value> {
    document.report.all_figures().find(|f| f.id == id).map(|f| f.value.clone())
}

fn nameless(document: &Document) {
    for form in [Form::Html, Form::Csv, Form::Json] {
        let text = String::from_utf8(form.write(document).unwrap()).unwrap();
        assert!(!text.contains("Zebedee") && !text.contains("B-9"), "{form:?}");
    }
}

#[tokio::test]
async fn certified_corrected_and_listed() {
    let (ledger, _dir) = ledger("certified").await;
    let both = json!({"hold": "decline", "notify-release": "decline"});
    let (_, wrong) = request(&ledger, "2026-0001", both).await;
    let draft = document(&open(&ledger, "a-7", "test").await.unwrap());
    assert_eq!(draft.state, State::Draft);
    assert_eq!(value(&draft, "asked/notify-release/decline"), Some(Value::Count(1)));
    nameless(&draft);
    // Making it left a trace, and changed no byte.
    let record = open(&ledger, "a-7", "test").await.unwrap();
    assert_eq!(document(&record).digest, draft.digest);
    assert!(record.entries.iter().any(|e| e.kind == EntryKind::Read && e.public["parts"] == 1));

    assert!(correct(&draft, "a-7", "there is nothing yet").unwrap_err().contains("report certify"));
    let first = ledger.append(certify(&draft, "a-7").unwrap()).await.unwrap().index;
    let certified = document(&open(&ledger, "a-7", "test").await.unwrap());
    assert_eq!((certified.digest.clone(), certified.state.clone()), (draft.digest.clone(), State::Certified { entry: first }));
    assert!(certify(&certified, "a-7").unwrap_err().contains("certified already"));
    assert!(correct(&certified, "a-7", "nothing changed at all").unwrap_err().contains("nothing to correct"));

    // The notice had been given: the entry was wrong.
    let correction = NewEntry::new(EntryKind::Correction, "a-8")
        .subject("2026-0001")
        .corrects(wrong)
        .public(json!({"instead": {"decisions": {"notify-release": "take"}}}));
    ledger.append(correction).await.unwrap();
    let changed = document(&open(&ledger, "a-7", "test").await.unwrap());
    assert!(certify(&changed, "a-7").unwrap_err().contains("report correct"));
    assert!(correct(&changed, "a-7", "short").unwrap_err().contains("10 to 500"));
    let (entry, changes) = correct(&changed, "a-8", "A notice had been entered as declined.").unwrap();
    let second = ledger.append(entry).await.unwrap().index;
    assert!(
        changes.iter().any(|c| c.figure == "asked/notify-release/decline" && c.was.as_deref() == Some("1") && c.is.as_deref() == Some("0"))
    );
    assert!(changes.iter().all(|c| !c.figure.starts_with("asked/hold")));
    let record = open(&ledger, "a-7", "test").await.unwrap();
    let corrected = document(&record);
    assert_eq!(corrected.state, State::Certified { entry: second });
    assert_eq!(
        corrected.versions.iter().map(|v| (v.entry, v.replaces, v.corrected_by)).collect::<Vec<_>>(),
        [(first, None, Some(second)), (second, Some(first), None)]
    );
    // The first version can still be made, byte for byte, and says what became of it.
    let earlier = record.at(corrected.versions[0].log.size).unwrap();
    let earlier = Document::new(document(&earlier).report, &record.entries);
    assert_eq!((earlier.digest, earlier.state), (draft.digest, State::Corrected { entry: first, by: second }));
    ledger.close().await.unwrap();
}

#[tokio::test]
async fn who_was_expunged_is_counted_and_nothing_more() {
    let (ledger, _dir) = ledger("expunged").await;
    let (person, _) = request(&ledger, "2026-0001", json!({"hold": "decline", "notify-release": "take"})).await;
    request(&ledger, "2026-0002", json!({"hold": "decline", "notify-release": "take"})).await;
    let before = document(&open(&ledger, "a-7", "test").await.unwrap());
    assert_eq!(value(&before, "declined-under/Act § 1"), Some(Value::Count(2)));
    ledger.expunge("a-7", &person, "an order of the court").await.unwrap();
    let after = document(&open(&ledger, "a-7", "test").await.unwrap());
    assert_eq!(value(&after, "asked/hold/decline"), Some(Value::Count(2)), "what the log still shows is counted");
    assert_eq!(value(&after, "hold-declined-notice-given"), Some(Value::Count(2)));
    assert_eq!(value(&after, "declined-under/Act § 1"), Some(Value::Count(1)));
    assert_eq!(value(&after, "declined-under/not-recorded"), Some(Value::Count(1)), "which law is not known any more, and not zero");
    nameless(&after);
    ledger.close().await.unwrap();
}
