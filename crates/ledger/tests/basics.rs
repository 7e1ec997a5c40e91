//! One walk through a ledger: append, read, prove, check.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use comity_ledger::{EntryKind, Filter, Keys, Ledger, NewEntry, Options, Store, verify_consistency, verify_receipt};
use serde_json::json;

#[tokio::test]
async fn entries_are_read_back_and_proved() {
    let dir = std::env::temp_dir().join(format!("comity-basics-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let path = dir.join("a ledger?.db");
    let store = Store::open(&format!("sqlite:{}", path.display())).await.unwrap();
    assert!(path.exists());
    let keys = Keys::open(&dir.join("key"), "sheriff.example.gov/comity").unwrap();
    let ledger = Ledger::open(store, keys, Options::default()).await.unwrap();
    let person = ledger.new_person().await.unwrap();
    for n in 0..600 {
        let entry = NewEntry::new(EntryKind::Facts, "clerk-1").subject(format!("r-{}", n % 7)).public(json!({"n": n}));
        ledger.append(entry.personal(&person, json!({"name": format!("Marker Person {n}")}))).await.unwrap();
    }
    assert_eq!(ledger.by_subject("r-3").await.unwrap().len(), 86);
    assert_eq!(ledger.entries(&Filter { newest_first: true, limit: Some(1), ..Filter::default() }).await.unwrap()[0].index, 600);
    assert_eq!(ledger.personal(5, "clerk-1", "review").await.unwrap(), json!({"name": "Marker Person 4"}));
    let public = ledger.keys().public();
    for index in [0, 1, 255, 256, 257, 511, 512, 600, 601] {
        let receipt = ledger.receipt(index).await.unwrap().to_string();
        assert_eq!(verify_receipt(&receipt, &public, &[]).unwrap().entry.index, index);
    }
    let head = ledger.head().await.unwrap();
    for (old, new) in [(0, 3), (1, 600), (256, 512), (255, 600), (512, head.size)] {
        let (a, b) = (ledger.root_at(old).await.unwrap(), ledger.root_at(new).await.unwrap());
        verify_consistency(old, &a, new, &b, &ledger.consistency(old, new).await.unwrap()).unwrap();
    }
    ledger.close().await.unwrap();
    std::fs::remove_dir_all(&dir).unwrap();
}
