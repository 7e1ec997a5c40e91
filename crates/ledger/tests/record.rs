//! What a ledger records and gives back, on SQLite and on PostgreSQL: entries, times, persons, holds, orders, backups.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use comity_ledger::{
    Checks, EntryKind, Filter, Keys, Ledger, LedgerError, NewEntry, Options, Report, Scope, Store, verify, verify_consistency,
    verify_export, verify_receipt,
};
use common::{Dir, ORIGIN, Postgres, TestClock, note, on_both, open, silent, try_open};
use serde_json::json;
use std::path::Path;
use std::time::Duration;

async fn report(ledger: &Ledger) -> Report {
    let checks = Checks { keys: Some(ledger.keys()), log: Some(ledger.keys().public()), since: None };
    verify(ledger.store(), &checks, &mut silent()).await.unwrap()
}

#[tokio::test]
async fn entries_are_read_back_proved_and_verified() {
    on_both("read-back", |url, dir| async move {
        let ledger = open(&url, &dir).await;
        let person = ledger.new_person().await.unwrap();
        for n in 0..600 {
            let facts = json!({"name": format!("Marker Person {n}"), "n": n});
            ledger.append(note(n).personal(&person, facts)).await.unwrap();
        }
        assert_eq!(ledger.by_subject("request-3").await.unwrap().len(), 120);
        let newest = Filter { newest_first: true, limit: Some(2), ..Filter::default() };
        let newest: Vec<u64> = ledger.entries(&newest).await.unwrap().iter().map(|e| e.index).collect();
        assert_eq!(newest, [600, 599]);
        let some = Filter { kind: Some(EntryKind::Facts), actor: Some("clerk-1".to_owned()), from: Some(500), ..Filter::default() };
        assert_eq!(ledger.entries(&some).await.unwrap().len(), 34);
        // Reading what is personal leaves a trace before anything is given.
        assert_eq!(ledger.personal(5, "clerk-1", "review").await.unwrap(), json!({"name": "Marker Person 4", "n": 4}));
        let trace = ledger.read(601).await.unwrap().unwrap();
        assert_eq!(
            (trace.kind, trace.actor.as_str(), trace.public),
            (EntryKind::Read, "clerk-1", json!({"entry": 5, "purpose": "review"}))
        );
        assert_eq!(trace.subject.as_deref(), Some("request-4"));
        let public = ledger.keys().public();
        for index in [0, 1, 255, 256, 257, 511, 512, 600, 601] {
            let receipt = ledger.receipt(index).await.unwrap().to_string();
            assert_eq!(verify_receipt(&receipt, &public, &[]).unwrap().entry, ledger.read(index).await.unwrap().unwrap());
        }
        let size = ledger.head().await.unwrap().size;
        for old in (0..size).step_by(37).chain([255, 256, 257, 511, 512, 513]) {
            let (a, b) = (ledger.root_at(old).await.unwrap(), ledger.root_at(size).await.unwrap());
            verify_consistency(old, &a, size, &b, &ledger.consistency(old, size).await.unwrap()).unwrap();
        }
        let found = report(&ledger).await;
        assert!(found.intact(), "{found:?}");
        assert_eq!((found.entries, found.checked, found.personal, found.opened), (size, size, 600, 600));
        // Only what came after a head that was verified before.
        let checks = Checks { since: Some((300, ledger.root_at(300).await.unwrap())), ..Checks::default() };
        let later = verify(ledger.store(), &checks, &mut silent()).await.unwrap();
        assert!(later.intact(), "{later:?}");
        assert_eq!((later.checked, later.root), (size - 300, found.root));
        let wrong = Checks { since: Some((300, ledger.root_at(299).await.unwrap())), ..Checks::default() };
        assert!(!verify(ledger.store(), &wrong, &mut silent()).await.unwrap().intact());
        ledger.close().await.unwrap();
        // Everything is there after a restart, and goes on.
        let ledger = open(&url, &dir).await;
        assert_eq!(ledger.append(note(1)).await.unwrap().index, size);
        assert!(report(&ledger).await.intact());
        ledger.close().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_an_entry_is_refused_and_nothing_else() {
    on_both("refused", |url, dir| async move {
        let ledger = open(&url, &dir).await;
        let bad = [
            note(1).public(json!("text")),
            note(1).public(json!({"share": 0.5})),
            note(1).public(json!({"long": "x".repeat(70_000)})),
            note(1).corrects(99),
            note(1).subject("a\u{0}b"),
            note(1).subject(""),
            note(1).personal(&comity_ledger::PersonId("nobody".to_owned()), json!({})),
        ];
        for entry in bad {
            assert!(matches!(ledger.append(entry.clone()).await, Err(LedgerError::Input(_))), "{entry:?}");
        }
        // Good and bad ones that share a commit do not share their fate.
        let both = tokio::join!(ledger.append(note(1)), ledger.append(note(1).public(json!([]))), ledger.append(note(2)));
        assert!(both.0.is_ok() && both.1.is_err() && both.2.is_ok());
        assert_eq!(ledger.health(), comity_ledger::Health::default());
        let right = note(1).corrects(1).public(json!({"\u{1f600}": "\u{0}\u{7f}\u{202e}", "quote": "\"'\\; DROP TABLE entry; --"}));
        let index = ledger.append(right.clone()).await.unwrap().index;
        assert_eq!(ledger.read(index).await.unwrap().unwrap().public, right.public);
        let found = report(&ledger).await;
        assert!(found.intact(), "{found:?}");
        ledger.close().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn entries_and_rows_of_other_tables_stand_or_fall_together() {
    on_both("together", |url, dir| async move {
        let ledger = open(&url, &dir).await;
        sqlx::query("CREATE TABLE other_task (id BIGINT NOT NULL, entry BIGINT NOT NULL)").execute(ledger.store().pool()).await.unwrap();
        let count =
            async || sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM other_task").fetch_one(ledger.store().pool()).await.unwrap();
        let mut tx = ledger.begin().await.unwrap();
        let index = tx.append(note(1)).await.unwrap().index;
        sqlx::query("INSERT INTO other_task VALUES (1, $1)").bind(index as i64).execute(tx.connection()).await.unwrap();
        drop(tx);
        assert_eq!((ledger.head().await.unwrap().size, count().await), (1, 0));
        let mut tx = ledger.begin().await.unwrap();
        let index = tx.append(note(1)).await.unwrap().index;
        sqlx::query("INSERT INTO other_task VALUES (1, $1)").bind(index as i64).execute(tx.connection()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((ledger.head().await.unwrap().size, count().await), (2, 1));
        assert_eq!(ledger.append(note(2)).await.unwrap().index, 2);
        ledger.close().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn times_never_fall_and_steps_are_entries() {
    on_both("clock", |url, dir| async move {
        let clock = TestClock::at(1_900_000_000_000);
        let options = || Options { clock: clock.clone(), sign_every: Duration::ZERO };
        let ledger = try_open(&url, &dir, options()).await.unwrap();
        let mut last = 0;
        for (pass, step) in
            [(10, 0), (1_000, 1_500), (3_600_000, 0), (5, -86_400_000), (5, 0), (100, 86_400_000), (7, -1_999), (7, 2_500), (0, 0)]
        {
            clock.pass(pass);
            clock.step(step);
            let done = ledger.append(note(1)).await.unwrap();
            assert!(done.time >= last, "{done:?} after {last}");
            last = done.time;
        }
        let steps = Filter { kind: Some(EntryKind::ClockStep), ..Filter::default() };
        let by: Vec<i64> = ledger.entries(&steps).await.unwrap().iter().map(|e| e.public["by_ms"].as_i64().unwrap()).collect();
        assert_eq!(by, [-86_400_000, 86_400_000, 2_500]);
        ledger.close().await.unwrap();
        // A machine that comes up with a clock behind the record says so.
        clock.step(-10_000_000);
        let ledger = try_open(&url, &dir, options()).await.unwrap();
        assert_eq!(ledger.entries(&steps).await.unwrap().len(), 4);
        assert!(ledger.append(note(1)).await.unwrap().time >= last);
        let found = report(&ledger).await;
        assert!(found.intact(), "{found:?}");
        ledger.close().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_hold_visibly_wins_over_purge_and_order() {
    on_both("holds", |url, dir| async move {
        let clock = TestClock::at(1_900_000_000_000);
        let ledger = try_open(&url, &dir, Options { clock: clock.clone(), sign_every: Duration::ZERO }).await.unwrap();
        let mut persons = Vec::new();
        for n in 0..4u64 {
            let person = ledger.new_person().await.unwrap();
            ledger.append(note(n).personal(&person, json!({"n": n}))).await.unwrap();
            persons.push(person);
        }
        let by_person = ledger.hold("counsel-1", &Scope::Person(persons[0].clone()), "letter of 2 May").await.unwrap().index;
        let by_request = ledger.hold("counsel-1", &Scope::Request("request-1".to_owned()), "suit 26-cv-1").await.unwrap().index;
        assert!(matches!(ledger.expunge("clerk-1", &persons[0], "order").await, Err(LedgerError::Held { holds }) if holds == [by_person]));
        clock.pass(1_000_000);
        let recent = ledger.new_person().await.unwrap();
        ledger.append(note(9).personal(&recent, json!({"n": 9}))).await.unwrap();
        let erased = ledger.purge("system", 1_900_000_500_000, "five years").await.unwrap();
        assert_eq!(erased.entries, [3, 4]);
        assert_eq!(erased.kept.len(), 2);
        assert_eq!(erased.kept[&persons[0]], [by_person]);
        assert_eq!(erased.kept[&persons[1]], [by_request]);
        let told = ledger.read(erased.recorded[0]).await.unwrap().unwrap();
        assert_eq!(told.public["kept"].as_array().unwrap().len(), 2, "the entry says whom the holds kept");
        assert!(ledger.personal(3, "clerk-1", "look").await.is_err());
        assert!(ledger.personal(1, "clerk-1", "look").await.is_ok());
        ledger.lift_hold("counsel-1", by_person, "settled").await.unwrap();
        assert!(ledger.lift_hold("counsel-1", by_person, "again").await.is_err());
        ledger.expunge("clerk-1", &persons[0], "order 17").await.unwrap();
        assert!(ledger.personal(1, "clerk-1", "look").await.is_err());
        let found = report(&ledger).await;
        assert!(found.intact(), "{found:?}");
        assert_eq!(found.destroyed, 3);
        ledger.close().await.unwrap();
    })
    .await;
}

/// How often a text stands in any file below a folder.
fn occurrences(folder: &Path, text: &[u8]) -> usize {
    let mut found = 0;
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found += occurrences(&path, text);
        } else {
            let bytes = std::fs::read(&path).unwrap_or_default();
            found += bytes.windows(text.len()).filter(|window| *window == text).count();
        }
    }
    found
}

#[tokio::test]
async fn an_expunged_person_is_in_no_byte_and_every_other_proof_holds() {
    let server = Postgres::start("expunge");
    for on_postgres in [false, true] {
        let dir = Dir::new("expunge");
        let url = if on_postgres { server.database("ledger") } else { format!("sqlite:{}", dir.join("ledger.db").display()) };
        let ledger = open(&url, &dir.0).await;
        let (gone, stays) = (ledger.new_person().await.unwrap(), ledger.new_person().await.unwrap());
        let marker = "PLANTED-MARKER-7f3a";
        for n in 0..400u64 {
            let person = if n % 3 == 0 { &gone } else { &stays };
            ledger.append(note(n).personal(person, json!({"name": format!("{marker}-{n}"), "long": "y".repeat(600)}))).await.unwrap();
        }
        sqlx::query("CREATE TABLE other_draft (person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE, text BYTEA)")
            .execute(ledger.store().pool())
            .await
            .unwrap();
        let sealed = ledger.seal(&gone, "draft 1", marker.as_bytes()).await.unwrap();
        assert_eq!(ledger.unseal(&gone, "draft 1", &sealed).await.unwrap().as_slice(), marker.as_bytes());
        assert!(ledger.unseal(&gone, "draft 2", &sealed).await.is_err(), "a cipher text passes for no other");
        sqlx::query("INSERT INTO other_draft VALUES ($1, $2)")
            .bind(&gone.0)
            .bind(sealed.clone())
            .execute(ledger.store().pool())
            .await
            .unwrap();
        // Cipher text and wrapped key as they lie in the file, to be looked for afterwards.
        let wrapped: Vec<u8> = sqlx::query_scalar("SELECT wrapped FROM person_key WHERE person = $1")
            .bind(&gone.0)
            .fetch_one(ledger.store().pool())
            .await
            .unwrap();
        let cipher: Vec<u8> =
            sqlx::query_scalar("SELECT sealed FROM personal WHERE idx = 301").fetch_one(ledger.store().pool()).await.unwrap();
        let before: Vec<String> = {
            let mut all = Vec::new();
            for index in 0..ledger.head().await.unwrap().size {
                all.push(ledger.receipt(index).await.unwrap().to_string());
            }
            all
        };
        let erased = ledger.expunge("counsel-1", &gone, "Order 26-118 of the Superior Court").await.unwrap();
        assert_eq!(erased.entries.len(), 134);
        assert_eq!(sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM other_draft").fetch_one(ledger.store().pool()).await.unwrap(), 0);
        assert!(ledger.unseal(&gone, "draft 1", &sealed).await.is_err());

        ledger.backup(&dir.join("log.backup"), &dir.join("keys.backup"), &mut silent()).await.unwrap();
        ledger.export(&dir.join("tiles"), &mut silent()).await.unwrap();
        let files = if on_postgres { server.data() } else { dir.0.clone() };
        for folder in [&files, &dir.0] {
            assert_eq!(occurrences(folder, marker.as_bytes()), 0, "facts in the clear");
        }
        // Backups and exports are in the folder; the files of a running PostgreSQL server keep old pages in its write-ahead log, which the documentation says.
        assert_eq!(occurrences(&dir.0, &wrapped[20..52]), 0, "the wrapped key");
        assert_eq!(occurrences(&dir.0, &cipher[20..84]), 0, "the cipher text");
        if on_postgres {
            let base = server.data().join("base");
            sqlx::query("CHECKPOINT").execute(ledger.store().pool()).await.unwrap();
            assert_eq!(occurrences(&base, &wrapped[20..52]) + occurrences(&base, &cipher[20..84]), 0, "the tables of PostgreSQL");
        }
        let key = ledger.keys().public();
        for (index, receipt) in before.iter().enumerate() {
            assert_eq!(verify_receipt(receipt, &key, &[]).unwrap().entry.index, index as u64);
            assert!(verify_receipt(&ledger.receipt(index as u64).await.unwrap().to_string(), &key, &[]).is_ok());
        }
        sqlx::query("DROP TABLE other_draft").execute(ledger.store().pool()).await.unwrap();
        let found = report(&ledger).await;
        assert!(found.intact(), "{found:?}");
        assert_eq!((found.destroyed, found.opened), (134, 266));
        let exported = verify_export(&dir.join("tiles"), &key).unwrap();
        assert!(exported.damage.is_empty(), "{:?}", exported.damage);
        assert!(matches!(ledger.expunge("counsel-1", &gone, "again").await, Err(LedgerError::Input(_))));
        ledger.close().await.unwrap();
    }
}

#[tokio::test]
async fn an_export_is_checked_without_the_ledger_and_damage_in_it_is_named() {
    let dir = Dir::new("export");
    let ledger = open(&format!("sqlite:{}", dir.join("ledger.db").display()), &dir.0).await;
    let mut tx = ledger.begin().await.unwrap();
    for n in 0..70_000u64 {
        tx.append(NewEntry::new(EntryKind::Read, "clerk-1").public(json!({"n": n}))).await.unwrap();
    }
    tx.commit().await.unwrap();
    let out = dir.join("tiles");
    let key = ledger.keys().public();
    let head = ledger.export(&out, &mut silent()).await.unwrap();
    assert_eq!(head.size, 70_001);
    // The layout that C2SP tlog-tiles prints for a tree of 70,000; ours has one more leaf.
    for (name, length) in
        [("tile/0/272", 8192), ("tile/0/273.p/113", 113 * 32), ("tile/1/000", 8192), ("tile/1/001.p/17", 17 * 32), ("tile/2/000.p/1", 32)]
    {
        assert_eq!(std::fs::metadata(out.join(name)).unwrap().len(), length, "{name}");
    }
    assert!(verify_export(&out, &key).unwrap().damage.is_empty());
    // It goes on where it ended.
    ledger.append(note(1)).await.unwrap();
    ledger.export(&out, &mut silent()).await.unwrap();
    assert!(verify_export(&out, &key).unwrap().damage.is_empty());
    for name in ["tile/0/100", "tile/1/000", "tile/entries/200", "tile/2/000.p/1"] {
        let whole = std::fs::read(out.join(name)).unwrap();
        let mut changed = whole.clone();
        let at = changed.len() / 2;
        changed[at] ^= 4;
        std::fs::write(out.join(name), &changed).unwrap();
        assert!(!verify_export(&out, &key).unwrap().damage.is_empty(), "{name}");
        std::fs::remove_file(out.join(name)).unwrap();
        assert!(!verify_export(&out, &key).unwrap().damage.is_empty(), "{name}");
        std::fs::write(out.join(name), &whole).unwrap();
    }
    ledger.close().await.unwrap();
}

#[tokio::test]
async fn a_restore_brings_back_everything_but_the_expunged() {
    let server = Postgres::start("restore");
    for (from_postgres, to_postgres) in [(false, false), (false, true), (true, false)] {
        let dir = Dir::new("restore");
        let name = format!("a{from_postgres}{to_postgres}");
        let url = |postgres: bool, n: &str| {
            if postgres {
                server.database(&format!("{name}{n}").to_lowercase())
            } else {
                format!("sqlite:{}", dir.join(&format!("{n}.db")).display())
            }
        };
        let ledger = open(&url(from_postgres, "old"), &dir.0).await;
        let (gone, stays) = (ledger.new_person().await.unwrap(), ledger.new_person().await.unwrap());
        for n in 0..300u64 {
            ledger.append(note(n).personal(if n % 2 == 0 { &gone } else { &stays }, json!({"n": n}))).await.unwrap();
        }
        ledger.backup(&dir.join("monday.log"), &dir.join("monday.keys"), &mut silent()).await.unwrap();
        let backed_up = ledger.head().await.unwrap().size;
        // Tuesday: an order is carried out, and the keys are backed up again.
        ledger.expunge("counsel-1", &gone, "Order 26-118").await.unwrap();
        ledger.backup(&dir.join("tuesday.log"), &dir.join("tuesday.keys"), &mut silent()).await.unwrap();
        ledger.close().await.unwrap();

        let url = url(to_postgres, "new");
        let store = Store::open(&url).await.unwrap();
        let keys = Keys::read(&dir.join("keys")).unwrap();
        let mut cut = std::fs::read(dir.join("monday.log")).unwrap();
        cut.truncate(cut.len() - 200);
        std::fs::write(dir.join("cut.log"), cut).unwrap();
        assert!(matches!(
            comity_ledger::restore(&store, &keys, &dir.join("cut.log"), &dir.join("tuesday.keys"), &mut silent()).await,
            Err(LedgerError::File { .. })
        ));
        let (size, orders) =
            comity_ledger::restore(&store, &keys, &dir.join("monday.log"), &dir.join("tuesday.keys"), &mut silent()).await.unwrap();
        assert_eq!((size, orders.len()), (backed_up, 1));
        // Signed entries are lost by it: that is not passed over in silence.
        let again = Keys::read(&dir.join("keys")).unwrap();
        assert!(matches!(Ledger::open(store.clone(), again, Options::default()).await, Err(LedgerError::Damaged(_))));
        std::fs::remove_file(dir.join("keys.head")).unwrap();
        let ledger = Ledger::open(store, Keys::read(&dir.join("keys")).unwrap(), Options::default()).await.unwrap();
        assert_eq!(ledger.replay_orders("admin-1", size, &orders).await.unwrap(), 1);
        assert!(ledger.personal(1, "clerk-1", "look").await.is_err(), "what was expunged stays so");
        assert_eq!(ledger.personal(2, "clerk-1", "look").await.unwrap(), json!({"n": 1}));
        let found = report(&ledger).await;
        assert!(found.intact(), "{found:?}");
        assert_eq!(found.destroyed, 150);
        let store = ledger.store().clone();
        assert!(matches!(
            comity_ledger::restore(&store, &keys, &dir.join("monday.log"), &dir.join("monday.keys"), &mut silent()).await,
            Err(LedgerError::Input(_))
        ));
        ledger.close().await.unwrap();
    }
}

#[tokio::test]
async fn an_older_copy_of_the_file_is_noticed() {
    let dir = Dir::new("rollback");
    let path = dir.join("ledger.db");
    let url = format!("sqlite:{}", path.display());
    let ledger = open(&url, &dir.0).await;
    ledger.append(note(1)).await.unwrap();
    ledger.close().await.unwrap();
    std::fs::copy(&path, dir.join("yesterday.db")).unwrap();
    let ledger = open(&url, &dir.0).await;
    ledger.append(note(2)).await.unwrap();
    ledger.close().await.unwrap();
    std::fs::copy(dir.join("yesterday.db"), &path).unwrap();
    let opened = try_open(&url, &dir.0, Options::default()).await;
    assert!(matches!(&opened, Err(LedgerError::Damaged(what)) if what.contains("older copy")), "{opened:?}");
}

#[tokio::test]
async fn key_files_are_private_and_other_files_are_left_alone() {
    let dir = Dir::new("keys");
    let path = dir.join("keys");
    let made = Keys::create(&path, ORIGIN).unwrap();
    assert!(matches!(Keys::create(&path, ORIGIN), Err(LedgerError::File { .. })));
    assert_eq!(Keys::read(&path).unwrap().public(), made.public());
    let debug = format!("{made:?}");
    assert!(!debug.contains("PRIVATE") && !debug.contains(made.signer.secret_text().as_str()));
    std::os::unix::fs::chown(&path, None, None).unwrap();
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o640)).unwrap();
    assert!(Keys::read(&path).unwrap_err().to_string().contains("chmod 600"));
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let good = std::fs::read_to_string(&path).unwrap();
    for bad in [
        "",
        "x",
        &good.replace("master ", "master A"),
        &good.replace("v1", "v2"),
        &good.replace("sign ", "sgin "),
        good.lines().next().unwrap(),
    ] {
        std::fs::write(&path, bad).unwrap();
        assert!(Keys::read(&path).is_err(), "{bad}");
    }
    let other = dir.join("letter.txt");
    std::fs::write(&other, "Dear clerk, this file is a letter, and it is long enough to have a header of a hundred bytes in it, I think.")
        .unwrap();
    assert!(matches!(Store::open(&other.display().to_string()).await, Err(LedgerError::File { .. })));
    assert!(std::fs::read_to_string(&other).unwrap().starts_with("Dear clerk"));
    for url in ["", "mysql://a/b", "sqlite:", "sqlite::memory:"] {
        assert!(Store::open(url).await.is_err(), "{url}");
    }
    assert!(Store::open_read_only(&dir.join("none.db").display().to_string()).await.is_err());
    assert!(!dir.join("none.db").exists());
}
