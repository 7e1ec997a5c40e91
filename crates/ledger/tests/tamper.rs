//! Every single changed byte is found and located: ten thousand where the log lies, and two thousand anywhere in the file.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use comity_ledger::{Checks, Keys, Place, Report, Store, Witness, verify};
use common::{Dir, Random, note, open, silent};
use serde_json::json;
use sqlx::Row;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A ledger with everything in it: full and partial tiles, personal parts, signed and cosigned heads, an expunged person, a hold.
async fn make(dir: &Dir, entries: u64) -> PathBuf {
    let path = dir.join("ledger.db");
    let ledger = open(&format!("sqlite:{}", path.display()), &dir.0).await;
    let (gone, stays) = (ledger.new_person().await.unwrap(), ledger.new_person().await.unwrap());
    let mut witness = Witness::create(&dir.join("witness"), "clerk.example.gov/witness").unwrap();
    witness.trust(&ledger.keys().public()).unwrap();
    for n in 0..entries {
        let entry = note(n);
        ledger
            .append(match n % 20 {
                3 => entry.personal(&gone, json!({"name": "Gone", "n": n})),
                7 => entry.personal(&stays, json!({"name": "Stays", "n": n})),
                _ => entry,
            })
            .await
            .unwrap();
        if n == 20 {
            let line = witness.add(&ledger.witness_request(0).await.unwrap(), 1_800_000_000).unwrap().unwrap();
            ledger.add_cosignature(&line, &witness.public()).await.unwrap();
        }
    }
    ledger.hold("counsel-1", &comity_ledger::Scope::Person(stays), "suit").await.unwrap();
    ledger.expunge("counsel-1", &gone, "order").await.unwrap();
    ledger.close().await.unwrap();
    path
}

async fn check(path: &Path, keys: &Keys) -> Report {
    match Store::open_read_only(&path.display().to_string()).await {
        Ok(store) => {
            let report = verify(&store, &Checks { keys: Some(keys), log: Some(keys.public()), since: None }, &mut silent()).await.unwrap();
            store.close().await;
            report
        }
        // What SQLite does not open is no ledger any more: found, and the file is the place.
        Err(error) => {
            let mut report = Report::default();
            report.damage.push(comity_ledger::Damage { place: Place::File("header".to_owned()), what: error.to_string() });
            report
        }
    }
}

/// Every value of every table.
async fn dump(path: &Path) -> String {
    let store = Store::open_read_only(&path.display().to_string()).await.unwrap();
    let mut out = String::new();
    for (table, columns) in [
        ("entry", "quote(idx) || quote(time) || quote(kind) || quote(subject) || quote(actor) || hex(leaf) || quote(body)"),
        ("tile", "quote(level) || quote(number) || hex(root) || hex(hashes)"),
        ("head", "quote(id) || quote(size) || quote(time) || hex(root)"),
        ("checkpoint", "quote(size) || quote(note)"),
        ("person", "quote(id)"),
        ("person_key", "quote(person) || hex(wrapped)"),
        ("personal", "quote(idx) || quote(person) || hex(sealed)"),
    ] {
        let sql = format!("SELECT {columns} AS row FROM {table} ORDER BY 1");
        for row in sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(store.pool()).await.unwrap() {
            out.push_str(&row.try_get::<String, _>("row").unwrap());
            out.push('\n');
        }
    }
    store.close().await;
    out
}

/// Where the values of the log lie in the file, and what a change there must be located as.
async fn places(path: &Path) -> Vec<(Range<usize>, Vec<Place>)> {
    let bytes = std::fs::read(path).unwrap();
    let store = Store::open_read_only(&path.display().to_string()).await.unwrap();
    let mut found = Vec::new();
    let mut find = |value: &[u8], places: Vec<Place>| {
        // Long values go on in other pages; each whole piece between page ends is looked for.
        if let Some(at) = bytes.windows(value.len()).position(|window| window == value) {
            found.push((at..at + value.len(), places));
        }
    };
    for row in sqlx::query("SELECT idx, leaf, body FROM entry").fetch_all(store.pool()).await.unwrap() {
        let index = row.try_get::<i64, _>("idx").unwrap() as u64;
        find(row.try_get::<String, _>("body").unwrap().as_bytes(), vec![Place::Entry(index)]);
        let leaf: Vec<u8> = row.try_get("leaf").unwrap();
        // The column stands before the body in the row; the same hash stands in a tile too, which is another place.
        find(&[leaf, row.try_get::<String, _>("body").unwrap().into_bytes()].concat(), vec![Place::Entry(index)]);
    }
    for row in sqlx::query("SELECT idx, sealed FROM personal").fetch_all(store.pool()).await.unwrap() {
        let index = row.try_get::<i64, _>("idx").unwrap() as u64;
        find(&row.try_get::<Vec<u8>, _>("sealed").unwrap(), vec![Place::Personal(index)]);
    }
    for row in sqlx::query("SELECT level, number, root, hashes FROM tile").fetch_all(store.pool()).await.unwrap() {
        let place = Place::Tile { level: row.try_get("level").unwrap(), number: row.try_get("number").unwrap() };
        find(&row.try_get::<Vec<u8>, _>("root").unwrap(), vec![place.clone()]);
        for piece in row.try_get::<Vec<u8>, _>("hashes").unwrap().chunks(1024) {
            find(piece, vec![place.clone()]);
        }
    }
    for row in sqlx::query("SELECT size, note FROM checkpoint").fetch_all(store.pool()).await.unwrap() {
        find(row.try_get::<String, _>("note").unwrap().as_bytes(), vec![Place::Checkpoint(row.try_get("size").unwrap())]);
    }
    for row in sqlx::query("SELECT person, wrapped FROM person_key").fetch_all(store.pool()).await.unwrap() {
        find(&row.try_get::<Vec<u8>, _>("wrapped").unwrap(), vec![Place::Person(row.try_get("person").unwrap())]);
    }
    let root: Vec<u8> = sqlx::query_scalar("SELECT root FROM head").fetch_one(store.pool()).await.unwrap();
    find(&root, vec![Place::Head]);
    store.close().await;
    found
}

/// What became of the changes.
#[derive(Default)]
struct Tally {
    changes: AtomicU64,
    found: AtomicU64,
    without_meaning: AtomicU64,
}

/// Changes bytes of a copy, one at a time, and puts each back.
fn change_each(whole: &Path, copy: &Path, picks: &[(usize, u8, Option<Vec<Place>>)], original: &str, tally: &Tally) {
    std::fs::copy(whole, copy).unwrap();
    let keys = Keys::read(&whole.with_file_name("keys")).unwrap();
    let file = std::fs::OpenOptions::new().read(true).write(true).open(copy).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for (at, mask, places) in picks {
        let mut byte = [0];
        file.read_exact_at(&mut byte, *at as u64).unwrap();
        file.write_all_at(&[byte[0] ^ mask], *at as u64).unwrap();
        tally.changes.fetch_add(1, Ordering::Relaxed);
        let report = runtime.block_on(check(copy, &keys));
        if report.intact() {
            assert!(places.is_none(), "a change of byte {at} by {mask:#04x} in {places:?} was not found");
            // Not found means that nothing was changed: every value reads as before.
            assert_eq!(runtime.block_on(dump(copy)), original, "byte {at} by {mask:#04x}");
            tally.without_meaning.fetch_add(1, Ordering::Relaxed);
        } else {
            tally.found.fetch_add(1, Ordering::Relaxed);
            if let Some(places) = places {
                let located = report.damage.iter().any(|damage| places.contains(&damage.place));
                assert!(located, "a change of byte {at} in {places:?} was located elsewhere: {:?}", report.damage);
            }
        }
        file.write_all_at(&byte, *at as u64).unwrap();
        // SQLite must not have written anything of its own.
        let _ = std::fs::remove_file(copy.with_extension("db-wal"));
        let _ = std::fs::remove_file(copy.with_extension("db-shm"));
    }
    assert_eq!(std::fs::read(copy).unwrap(), std::fs::read(whole).unwrap());
}

/// Changes in a log of so many entries: where its values lie, and anywhere in the file.
fn tamper(entries: u64, in_values: usize, anywhere: usize) {
    let dir = Dir::new("tamper");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let path = runtime.block_on(make(&dir, entries));
    let keys = Keys::read(&dir.join("keys")).unwrap();
    let report = runtime.block_on(check(&path, &keys));
    assert!(report.intact(), "{report:?}");
    assert!(report.witnessed == Some(22) && report.destroyed > 0 && report.opened > 0 && report.checkpoints == 3, "{report:?}");
    let original = runtime.block_on(dump(&path));
    let places = runtime.block_on(places(&path));
    let held: usize = places.iter().map(|(range, _)| range.len()).sum();

    let size = std::fs::metadata(&path).unwrap().len() as usize;
    let mut random = Random(0xbeef ^ entries);
    let mut picks = Vec::new();
    for n in 0..in_values {
        // Half by bytes, half by values, so that the short ones are hit often too.
        let (range, places) = if n % 2 == 0 {
            let mut at = random.below(held as u64) as usize;
            let inside = |range: &Range<usize>| {
                let inside = at < range.len();
                at -= range.len().min(at);
                inside
            };
            let mut inside = inside;
            places.iter().find(|(range, _)| inside(range)).unwrap()
        } else {
            &places[random.below(places.len() as u64) as usize]
        };
        let at = range.start + random.below(range.len() as u64) as usize;
        picks.push((at, 1 + random.below(255) as u8, Some(places.clone())));
    }
    picks.extend((0..anywhere).map(|_| (random.below(size as u64) as usize, 1 + random.below(255) as u8, None)));
    let tally = Tally::default();
    std::thread::scope(|scope| {
        for (n, part) in picks.chunks(picks.len().div_ceil(2)).enumerate() {
            let copy = dir.join(&format!("copy{n}.db"));
            let (path, original, tally) = (&path, &original, &tally);
            scope.spawn(move || change_each(path, &copy, part, original, tally));
        }
    });
    let count = |n: &AtomicU64| n.load(Ordering::Relaxed);
    assert_eq!(count(&tally.changes) as usize, in_values + anywhere);
    assert_eq!(count(&tally.found) + count(&tally.without_meaning), count(&tally.changes));
    assert!(count(&tally.without_meaning) as usize <= anywhere, "a change of a value is never without meaning");
    println!(
        "{entries} entries: {in_values} changes of {held} bytes of the log, all found and located; {anywhere} changes anywhere in the {size} bytes of the file, \
         {} of them in bytes without meaning (every value reads as before), the others found",
        count(&tally.without_meaning)
    );
}

#[test]
fn every_changed_byte_is_found_and_located() {
    tamper(24, 8_500, 2_000);
}

/// A tile is full with 256 entries.
#[test]
fn every_changed_byte_of_full_tiles_is_found_and_located() {
    tamper(260, 1_500, 200);
}

/// What a person with the database, but not the keys, would do.
#[tokio::test]
async fn rows_taken_away_added_or_exchanged_are_found() {
    let dir = Dir::new("rows");
    let path = make(&dir, 270).await;
    let keys = Keys::read(&dir.join("keys")).unwrap();
    let whole = std::fs::read(&path).unwrap();
    let person = "(SELECT person FROM personal LIMIT 1)";
    let changes: Vec<(String, fn(&Place) -> bool)> = vec![
        ("DELETE FROM entry WHERE idx = 50".to_owned(), |p| *p == Place::Entry(50)),
        ("DELETE FROM entry WHERE idx = (SELECT MAX(idx) FROM entry)".to_owned(), |p| matches!(p, Place::Head | Place::Entry(_))),
        ("UPDATE entry SET body = (SELECT body FROM entry WHERE idx = 6) WHERE idx = 5".to_owned(), |p| *p == Place::Entry(5)),
        (
            "UPDATE entry SET body = (SELECT body FROM entry WHERE idx = 6), leaf = (SELECT leaf FROM entry WHERE idx = 6) WHERE idx = 5"
                .to_owned(),
            |p| *p == Place::Entry(5),
        ),
        ("UPDATE entry SET subject = NULL WHERE idx = 9".to_owned(), |p| *p == Place::Entry(9)),
        ("UPDATE entry SET time = time - 1 WHERE idx = 9".to_owned(), |p| *p == Place::Entry(9)),
        ("INSERT INTO entry SELECT idx + 1000, time, kind, subject, actor, leaf, body FROM entry WHERE idx = 3".to_owned(), |p| {
            *p == Place::Entry(1003)
        }),
        ("DELETE FROM tile".to_owned(), |p| *p == Place::Tile { level: 0, number: 0 }),
        ("INSERT INTO tile SELECT 0, 7, root, hashes FROM tile".to_owned(), |p| *p == Place::Tile { level: 0, number: 7 }),
        ("UPDATE head SET size = size - 1".to_owned(), |p| matches!(p, Place::Head | Place::Entry(_))),
        ("UPDATE head SET size = 9000000000000000000".to_owned(), |p| *p == Place::Head),
        ("DELETE FROM head".to_owned(), |p| *p == Place::Head),
        ("UPDATE checkpoint SET note = replace(note, 'comity', 'c0mity')".to_owned(), |p| matches!(p, Place::Checkpoint(_))),
        ("UPDATE checkpoint SET note = substr(note, 1, instr(note, '— clerk') - 1) WHERE instr(note, '— clerk') > 0".to_owned(), |p| {
            matches!(p, Place::Checkpoint(_))
        }),
        ("DELETE FROM checkpoint WHERE instr(note, '— clerk') > 0".to_owned(), |p| matches!(p, Place::Checkpoint(_))),
        ("DELETE FROM personal WHERE idx = (SELECT MAX(idx) FROM personal)".to_owned(), |p| matches!(p, Place::Personal(_))),
        (format!("INSERT INTO personal VALUES (2, {person}, x'00')"), |p| *p == Place::Personal(2)),
        ("UPDATE personal SET sealed = (SELECT sealed FROM personal ORDER BY idx DESC LIMIT 1)".to_owned(), |p| {
            matches!(p, Place::Personal(_))
        }),
        ("DELETE FROM person_key".to_owned(), |p| matches!(p, Place::Person(_))),
        ("CREATE TRIGGER quiet AFTER INSERT ON entry BEGIN DELETE FROM personal; END".to_owned(), |p| matches!(p, Place::Schema(_))),
        ("DROP INDEX entry_by_kind".to_owned(), |p| matches!(p, Place::Schema(_))),
    ];
    for (sql, located) in changes {
        std::fs::write(&path, &whole).unwrap();
        let store = Store::open(&path.display().to_string()).await.unwrap();
        sqlx::query("PRAGMA foreign_keys = OFF").execute(store.pool()).await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(sql.clone())).execute(store.pool()).await.unwrap();
        store.close().await;
        let report = check(&path, &keys).await;
        assert!(report.damage.iter().any(|damage| located(&damage.place)), "{sql}: {report:?}");
        assert!(report.damage.len() < 100, "{sql}: one change, not a flood of complaints: {report:?}");
    }
}

/// Whoever has the database and computes everything anew, tiles and head too, still cannot sign it: the signed heads tell.
#[tokio::test]
async fn a_wholly_rewritten_log_does_not_fit_what_was_signed() {
    let dir = Dir::new("rewritten");
    let path = make(&dir, 270).await;
    let keys = Keys::read(&dir.join("keys")).unwrap();
    let note: String = {
        let store = Store::open_read_only(&path.display().to_string()).await.unwrap();
        let note = sqlx::query_scalar("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1").fetch_one(store.pool()).await.unwrap();
        store.close().await;
        note
    };
    // Another log, made by other keys, with the signed heads of the first put into it.
    let other = Dir::new("rewritten-other");
    let forged = make(&other, 270).await;
    let store = Store::open(&forged.display().to_string()).await.unwrap();
    sqlx::query("DELETE FROM checkpoint").execute(store.pool()).await.unwrap();
    let size = comity_ledger::Checkpoint::parse(&note).unwrap().size;
    sqlx::query("INSERT INTO checkpoint VALUES ($1, $2)").bind(size as i64).bind(note).execute(store.pool()).await.unwrap();
    store.close().await;
    let report = check(&forged, &keys).await;
    assert!(report.damage.iter().any(|damage| damage.place == Place::Entry(0)), "{report:?}");
    assert!(report.damage.iter().any(|damage| damage.place == Place::Checkpoint(size as i64)), "{report:?}");
}
