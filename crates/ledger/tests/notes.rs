//! Signed notes, checkpoints, cosignatures and receipts: as the C2SP specifications print them, and with everything in them changed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use comity_ledger::{Checkpoint, Hash, KeyKind, Note, NoteError, Refusal, Signer, Verifier, Witness, canonical, verify_receipt};
use common::{Dir, note, open};
use proptest::prelude::*;
use serde_json::json;

/// The key and the note that the Go implementation of signed notes (golang.org/x/mod/sumdb/note) documents as its example.
#[test]
fn a_published_note_verifies() {
    let key = Verifier::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\
        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    let note = Note::parse(text).unwrap();
    assert_eq!(key.verify(&note), Ok(None));
    assert_eq!(note.to_string(), text);
    let signer = Signer::parse("PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz").unwrap();
    assert_eq!(signer.verifier(), key);
    assert_eq!(signer.sign(&note.text, 0), note.signatures[0]);
    assert_eq!(signer.secret_text().as_str(), "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz");
    let altered = Note::parse(&text.replace("answer", "reason")).unwrap();
    assert_eq!(key.verify(&altered), Err(NoteError::Invalid { name: "PeterNeumann".to_owned() }));
}

/// The forms in the specifications of checkpoints and cosignatures are read and written back as they are.
#[test]
fn printed_examples_are_read() {
    let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
        — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
        — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
    let note = Note::parse(text).unwrap();
    assert_eq!(note.to_string(), text);
    let head = Checkpoint::parse(&note.text).unwrap();
    assert_eq!((head.origin.as_str(), head.size), ("example.com/behind-the-sofa", 20_852_163));
    assert_eq!(head.text(), note.text);
}

#[test]
fn other_texts_are_no_notes_keys_or_heads() {
    for text in [
        "",
        "a\n",
        "a\n\n",
        "a\n\n— b\n",
        "a\n\n— b !!\n",
        "a\n\n— b AAAA",
        "a\n\n- b AAAAAA==\n",
        "a\r\n\n— b AAAAAAA=\n",
        "\u{1}\n\n— b AAAAAAA=\n",
    ] {
        assert!(Note::parse(text).is_err(), "{text:?}");
    }
    for text in [
        "",
        "a",
        "a+b",
        "a+12345678+",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "a b+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ] {
        assert!(Verifier::parse(text).is_err(), "{text:?}");
        assert!(Signer::parse(text).is_err());
    }
    let root = Hash::empty().base64();
    for text in [
        "",
        "a\n1\n",
        "\n1\nx\n",
        &format!("a\n01\n{root}\n"),
        &format!("a\n-1\n{root}\n"),
        &format!("a\n18446744073709551616\n{root}\n"),
        "a\n1\nAAAA\n",
    ] {
        assert!(Checkpoint::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn a_key_of_one_kind_says_nothing_about_the_other() {
    let log = Signer::new("a.example", KeyKind::Log, &[7; 32]).unwrap();
    let witness = Signer::new("a.example", KeyKind::Witness, &[7; 32]).unwrap();
    let text = Checkpoint { origin: "a.example".to_owned(), size: 1, root: Hash::empty() }.text();
    let note = Note { text: text.clone(), signatures: vec![witness.sign(&text, 1_700_000_000)] };
    assert_eq!(witness.verifier().verify(&note), Ok(Some(1_700_000_000)));
    assert!(matches!(log.verifier().verify(&note), Err(NoteError::Unsigned { .. })));
}

#[tokio::test]
async fn every_single_change_to_a_receipt_is_noticed() {
    let dir = Dir::new("receipt");
    let ledger = open(&format!("sqlite:{}", dir.join("a.db").display()), &dir.0).await;
    for n in 0..20 {
        ledger.append(note(n)).await.unwrap();
    }
    let key = ledger.keys().public();
    let text = ledger.receipt(11).await.unwrap().to_string();
    let proved = verify_receipt(&text, &key, &[]).unwrap().entry;
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            // What is no text is no receipt.
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            if let Ok(verified) = verify_receipt(&changed, &key, &[]) {
                panic!("byte {at}, bit {bit}: still holds, for {:?} where it was {proved:?}", verified.entry);
            }
        }
    }
    let other = Signer::new("sheriff.example.gov/comity", KeyKind::Log, &[9; 32]).unwrap().verifier();
    assert!(verify_receipt(&text, &other, &[]).is_err());
    ledger.close().await.unwrap();
}

#[tokio::test]
async fn a_witness_cosigns_what_grows_and_refuses_the_rest() {
    let dir = Dir::new("witness");
    let ledger = open(&format!("sqlite:{}", dir.join("a.db").display()), &dir.0).await;
    let state = dir.join("witness.json");
    let mut witness = Witness::create(&state, "clerk.example.gov/witness").unwrap();
    for n in 0..5 {
        ledger.append(note(n)).await.unwrap();
    }
    let first = ledger.witness_request(0).await.unwrap();
    assert!(matches!(witness.add(&first, 1).unwrap(), Err(Refusal::Unknown { .. })));
    witness.trust(&ledger.keys().public()).unwrap();
    let line = witness.add(&first, 1_800_000_000).unwrap().unwrap();
    let size = ledger.add_cosignature(&line, &witness.public()).await.unwrap();
    assert_eq!(size, 6);
    // The receipt now bears it, offline.
    let receipt = ledger.receipt(3).await.unwrap().to_string();
    let verified = verify_receipt(&receipt, &ledger.keys().public(), &[witness.public()]).unwrap();
    assert_eq!(verified.witnesses, [("clerk.example.gov/witness".to_owned(), 1_800_000_000)]);

    for n in 0..300 {
        ledger.append(note(n)).await.unwrap();
    }
    assert!(matches!(witness.add(&ledger.witness_request(3).await.unwrap(), 2).unwrap(), Err(Refusal::Stale { known: 6, old: 3 })));
    let second = ledger.witness_request(6).await.unwrap();
    let altered = second.replacen("\n", "\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", 1);
    assert!(matches!(witness.add(&altered, 2).unwrap(), Err(Refusal::Inconsistent(_))));
    drop(witness);
    // It never forgets, whoever restarts it.
    let mut witness = Witness::open(&state).unwrap();
    witness.add(&second, 2).unwrap().unwrap();
    assert!(matches!(witness.add(&first, 3).unwrap(), Err(Refusal::RolledBack { shown: 6, .. })));
    // The same key signs another history of the same size.
    let known = witness.logs()["sheriff.example.gov/comity"].size;
    let forged =
        Checkpoint { origin: "sheriff.example.gov/comity".to_owned(), size: known, root: Hash::leaf(b"x") }.sign(&ledger.keys().signer);
    assert_eq!(witness.add(&format!("old {known}\n\n{forged}"), 4).unwrap(), Err(Refusal::Split { size: known }));
    let longer =
        Checkpoint { origin: "sheriff.example.gov/comity".to_owned(), size: known + 1, root: Hash::leaf(b"x") }.sign(&ledger.keys().signer);
    assert!(matches!(witness.add(&format!("old {known}\n\n{longer}"), 4).unwrap(), Err(Refusal::Inconsistent(_))));
    for text in ["", "old 1", "old x\n\n", "old 0\n!!\n\na\n", "new 0\n\na\n\n— b AAAA\n"] {
        assert!(matches!(witness.add(text, 4).unwrap(), Err(Refusal::Malformed(_))), "{text:?}");
    }
    ledger.close().await.unwrap();
}

/// The example of RFC 8785, section 3.2.3, as far as entries use JSON: no fractions.
#[test]
fn keys_are_sorted_as_the_rfc_sorts_them() {
    let value = json!({"\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh", "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis"});
    let expected = "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",\"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}";
    assert_eq!(canonical(&value).unwrap(), expected);
    assert_eq!(
        canonical(&json!({"b": [true, null, -7], "a": "\u{1}\u{8}\"\\/"})).unwrap(),
        "{\"a\":\"\\u0001\\b\\\"\\\\/\",\"b\":[true,null,-7]}"
    );
    for bad in [json!({"a": 1.5}), json!([1e300]), json!({"a": {"b": 9_007_199_254_740_993u64}})] {
        assert!(canonical(&bad).is_err());
    }
}

proptest! {
    /// Whatever is read as a receipt is written back as it was; nothing makes the reader fall over.
    #[test]
    fn readers_take_anything(text in "\\PC{0,200}", lines in prop::collection::vec("(old [0-9]{1,20}|index [0-9]{1,20}|[A-Za-z0-9+/=]{0,60}|— [a-z]{0,5} [A-Za-z0-9+/=]{0,60}|c2sp.org/tlog-proof@v1|extra [A-Za-z0-9+/=]{0,40}|)", 0..12)) {
        let key = Signer::new("a", KeyKind::Log, &[1; 32]).unwrap().verifier();
        for text in [text, lines.join("\n") + "\n"] {
            let _ = verify_receipt(&text, &key, &[]);
            let _ = Checkpoint::parse(&text);
            if let Ok(note) = Note::parse(&text) {
                prop_assert_eq!(Note::parse(&note.to_string()).unwrap(), note);
            }
        }
    }
}
