//! What somebody with the database, but not the key file, does to a signed history: on SQLite and on PostgreSQL alike.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use comity_ledger::{
    Checkpoint, Checks, Hash, Keys, Ledger, LedgerError, Note, Options, Place, Report, Store, Tree, canonical, restore, verify,
};
use common::{Dir, note, on_both, open, silent, try_open};
use sqlx::AnyPool;
use std::path::Path;

/// The signed sizes of the log that is attacked; more than 256, so that a full tile is rewritten too.
const SIGNED: [u64; 2] = [19, 300];

/// A ledger with heads signed at 1, 19 and 300 entries.
async fn make(url: &str, dir: &Path) -> Ledger {
    let ledger = open(url, dir).await;
    for size in SIGNED {
        for n in ledger.head().await.unwrap().size..size {
            ledger.append(note(n)).await.unwrap();
        }
        ledger.checkpoint().await.unwrap();
    }
    ledger
}

async fn check(url: &str, keys: Keys) -> Report {
    let store = Store::open_read_only(url).await.unwrap();
    let report = verify(&store, &Checks { keys: Some(&keys), log: Some(keys.public()), since: None }, &mut silent()).await.unwrap();
    store.close().await;
    report
}

fn keys(dir: &Path) -> Keys {
    Keys::read(&dir.join("keys")).unwrap()
}

fn kept(dir: &Path) -> Checkpoint {
    Checkpoint::parse(&Note::parse(&std::fs::read_to_string(dir.join("keys.head")).unwrap()).unwrap().text).unwrap()
}

fn tells(report: &Report, place: &Place, what: &str) -> bool {
    report.damage.iter().any(|damage| damage.place == *place && damage.what.contains(what))
}

async fn execute(pool: &AnyPool, sql: String) {
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(pool).await.unwrap();
}

/// Another actor in entry 30, and everything that follows from it computed anew: hash, tiles, head.
async fn rewrite(pool: &AnyPool) {
    let body: String = sqlx::query_scalar("SELECT body FROM entry WHERE idx = 30").fetch_one(pool).await.unwrap();
    let mut entry: serde_json::Value = serde_json::from_str(&body).unwrap();
    entry["actor"] = "somebody-else".into();
    let body = canonical(&entry).unwrap();
    let change = "UPDATE entry SET body = $1, actor = 'somebody-else', leaf = $2 WHERE idx = 30";
    sqlx::query(change).bind(body.clone()).bind(Hash::leaf(body.as_bytes()).0.to_vec()).execute(pool).await.unwrap();
    compute_again(pool).await;
}

/// Tiles and head as the entries that are there make them.
async fn compute_again(pool: &AnyPool) {
    let rows: Vec<(i64, i64, Vec<u8>)> = sqlx::query_as("SELECT idx, time, leaf FROM entry ORDER BY idx").fetch_all(pool).await.unwrap();
    execute(pool, "DELETE FROM tile".to_owned()).await;
    let (mut tree, mut last) = (Tree::default(), 0);
    for (_, time, leaf) in rows {
        last = time;
        for tile in tree.push(Hash::read(&leaf).unwrap()) {
            let hashes: Vec<u8> = tile.hashes.iter().flat_map(|hash| hash.0).collect();
            let put = sqlx::query("INSERT INTO tile (level, number, root, hashes) VALUES ($1, $2, $3, $4)");
            put.bind(i64::from(tile.level)).bind(tile.number as i64).bind(tile.root.0.to_vec()).bind(hashes).execute(pool).await.unwrap();
        }
    }
    let put = sqlx::query("UPDATE head SET size = $1, time = $2, root = $3");
    put.bind(tree.size() as i64).bind(last).bind(tree.root().0.to_vec()).execute(pool).await.unwrap();
}

#[tokio::test]
async fn a_rewritten_history_is_found_though_its_signed_heads_are_gone_and_is_never_signed() {
    on_both("rewrite", |url, dir| async move {
        let ledger = make(&url, &dir).await;
        let honest = kept(&dir);
        assert_eq!(honest.size, 300);
        rewrite(ledger.store().pool()).await;
        // Only the signed heads that contradict it, then all.
        for from in [20, 0] {
            execute(ledger.store().pool(), format!("DELETE FROM checkpoint WHERE size >= {from}")).await;
            let report = check(&url, keys(&dir)).await;
            assert!(tells(&report, &Place::Checkpoint(300), "altered after they were signed"), "{report:?}");
            assert!(tells(&report, &Place::Checkpoint(300), "missing"), "{report:?}");
            assert_eq!(tells(&report, &Place::Head, "no signed head"), from == 0, "{report:?}");
            assert_eq!(report.signed, if from == 0 { 0 } else { 19 });
        }
        // The running ledger does not sign it, not even with entries after it, and stops.
        ledger.append(note(1)).await.unwrap();
        let refused = ledger.checkpoint().await;
        assert!(matches!(&refused, Err(LedgerError::Damaged(what)) if what.contains("altered after they were signed")), "{refused:?}");
        let why = refused.unwrap_err().to_string();
        assert!(why.contains(&honest.root.base64()) && why.contains("keys.head") && why.contains("restore the newest backup"), "{why}");
        assert!(ledger.health().fatal);
        assert!(ledger.append(note(2)).await.is_err());
        assert!(ledger.clone().close().await.is_err());
        // Nor does one that is opened anew; the witness beside the keys stays what it was.
        let opened = try_open(&url, &dir, Options::default()).await;
        assert!(matches!(&opened, Err(LedgerError::Damaged(what)) if what.contains("does not go on")), "{opened:?}");
        assert_eq!(kept(&dir), honest);
        assert!(!check(&url, keys(&dir)).await.intact());
    })
    .await;
}

#[tokio::test]
async fn a_forged_signed_head_in_the_database_is_not_kept_as_ours() {
    on_both("forged", |url, dir| async move {
        let ledger = make(&url, &dir).await;
        let honest = kept(&dir);
        execute(ledger.store().pool(), "UPDATE checkpoint SET note = replace(note, 'comity', 'c0mity') WHERE size = 300".to_owned()).await;
        assert!(matches!(ledger.checkpoint().await, Err(LedgerError::Damaged(_))));
        assert_eq!(kept(&dir), honest);
    })
    .await;
}

#[tokio::test]
async fn a_dropped_signed_head_is_missed() {
    on_both("dropped", |url, dir| async move {
        for drop in ["size = 300", "size > 0"] {
            let ledger = if drop == "size = 300" { make(&url, &dir).await } else { open(&url, &dir).await };
            assert!(check(&url, keys(&dir)).await.intact());
            execute(ledger.store().pool(), format!("DELETE FROM checkpoint WHERE {drop}")).await;
            let report = check(&url, keys(&dir)).await;
            assert!(tells(&report, &Place::Checkpoint(300), "missing"), "{report:?}");
            assert_eq!(tells(&report, &Place::Head, "no signed head"), drop == "size > 0", "{report:?}");
            // The log is the one that was signed: its head may be signed again.
            ledger.close().await.unwrap();
            let report = check(&url, keys(&dir)).await;
            assert!(report.intact() && report.signed == 300 && report.kept == Some(300), "{report:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_log_rolled_back_to_an_older_signed_head_is_found() {
    on_both("rolled-back", |url, dir| async move {
        let ledger = make(&url, &dir).await;
        let pool = ledger.store().pool();
        execute(pool, "DELETE FROM entry WHERE idx >= 19".to_owned()).await;
        execute(pool, "DELETE FROM checkpoint WHERE size > 19".to_owned()).await;
        compute_again(pool).await;
        let report = check(&url, keys(&dir)).await;
        assert!(tells(&report, &Place::Head, "the log has 19 entries, but 300 were signed"), "{report:?}");
        assert_eq!((report.signed, report.kept), (19, Some(300)));
        // Nothing but what lies beside the keys tells it: whoever verifies a copy that is older by intention says so.
        assert!(check(&url, keys(&dir).apart()).await.intact());
        let refused = ledger.checkpoint().await;
        assert!(matches!(&refused, Err(LedgerError::Damaged(what)) if what.contains("older copy")), "{refused:?}");
        ledger.store().close().await;
        let opened = try_open(&url, &dir, Options::default()).await;
        assert!(matches!(&opened, Err(LedgerError::Damaged(what)) if what.contains("19 entries, but 300 were signed")), "{opened:?}");
        assert_eq!(kept(&dir).size, 300);
    })
    .await;
}

#[tokio::test]
async fn how_far_a_log_is_signed_is_told() {
    on_both("signed-up-to", |url, dir| async move {
        let ledger = open(&url, &dir).await;
        let told = async || {
            let report = check(&url, keys(&dir)).await;
            assert!(report.intact(), "{report:?}");
            (report.signed, report.entries, report.kept)
        };
        // The first entry is signed with it; what comes later is told apart until it is signed.
        assert_eq!(told().await, (1, 1, Some(1)));
        ledger.append(note(1)).await.unwrap();
        assert_eq!(told().await, (1, 2, Some(1)));
        ledger.checkpoint().await.unwrap();
        assert_eq!(told().await, (2, 2, Some(2)));
        ledger.append(note(2)).await.unwrap();
        // From a head that was verified before, which is itself among the signed ones.
        let (own, root) = (keys(&dir), ledger.root_at(2).await.unwrap());
        let checks = Checks { keys: Some(&own), log: Some(own.public()), since: Some((2, root)) };
        let report = verify(ledger.store(), &checks, &mut silent()).await.unwrap();
        assert!(report.intact() && report.signed == 2 && report.checked == 1, "{report:?}");
        ledger.close().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_lies_beside_the_keys_and_is_no_head_of_theirs_is_not_passed_over() {
    let dir = Dir::new("beside");
    let url = format!("sqlite:{}", dir.join("ledger.db").display());
    open(&url, &dir.0).await.close().await.unwrap();
    let honest = std::fs::read_to_string(dir.join("keys.head")).unwrap();
    for bad in [String::new(), "x".to_owned(), honest.replace("\n1\n", "\n2\n")] {
        std::fs::write(dir.join("keys.head"), &bad).unwrap();
        let opened = try_open(&url, &dir.0, Options::default()).await;
        assert!(matches!(&opened, Err(LedgerError::File { what, .. }) if what.contains("put this file aside")), "{bad}: {opened:?}");
        assert!(matches!(check(&url, keys(&dir.0)).await.damage.first().unwrap().place, Place::File(_)), "{bad}");
        assert_eq!(std::fs::read_to_string(dir.join("keys.head")).unwrap(), bad, "it is not overwritten");
    }
    // Without it the ledger opens, and keeps the next one there.
    std::fs::remove_file(dir.join("keys.head")).unwrap();
    assert_eq!(check(&url, keys(&dir.0)).await.kept, None);
    open(&url, &dir.0).await.close().await.unwrap();
    assert_eq!(std::fs::read_to_string(dir.join("keys.head")).unwrap(), honest);
}

/// Whoever alters a backup can make its hash anew, but not its seal.
#[tokio::test]
async fn an_altered_backup_is_not_restored() {
    let dir = Dir::new("sealed");
    let ledger = open(&format!("sqlite:{}", dir.join("ledger.db").display()), &dir.0).await;
    ledger.new_person().await.unwrap();
    ledger.append(note(1)).await.unwrap();
    let (log, persons) = (dir.join("log.backup"), dir.join("keys.backup"));
    ledger.backup(&log, &persons, &mut silent()).await.unwrap();
    let own = keys(&dir.0);
    let store = Store::open(&dir.join("new.db").display().to_string()).await.unwrap();
    let other = Keys::generate(common::ORIGIN).unwrap();
    assert!(restore(&store, &other, &log, &persons, &mut silent()).await.is_err(), "the seal of another key file");
    for path in [&log, &persons] {
        let whole = std::fs::read_to_string(path).unwrap();
        let (lines, last) = whole.trim_end().rsplit_once('\n').unwrap();
        let lines = lines.to_owned() + "\n";
        let seal = last.split_once(",\"seal\"").unwrap().1;
        // Without seal, as an older version wrote it; without a person, under the old seal.
        let fewer: String = lines.split_inclusive('\n').filter(|line| !line.contains("\"person\"")).collect();
        assert_ne!(fewer, lines);
        let hash = |lines: &str| Hash::of(lines.as_bytes()).hex();
        for altered in
            [format!("{lines}{{\"sha256\":\"{}\"}}\n", hash(&lines)), format!("{fewer}{{\"sha256\":\"{}\",\"seal\"{seal}\n", hash(&fewer))]
        {
            std::fs::write(path, altered).unwrap();
            let refused = restore(&store, &own, &log, &persons, &mut silent()).await;
            assert!(matches!(&refused, Err(LedgerError::File { what, .. }) if what.contains("seal")), "{refused:?}");
        }
        std::fs::write(path, whole).unwrap();
    }
    assert_eq!(restore(&store, &own, &log, &persons, &mut silent()).await.unwrap().0, 2);
    ledger.close().await.unwrap();
}
