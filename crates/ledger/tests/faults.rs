//! What the ledger does when processes are killed, disks are full and servers go away, on SQLite and on PostgreSQL.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use comity_ledger::{Checks, Keys, LedgerError, Store, verify};
use common::{Dir, ORIGIN, Postgres, Random, note, open, silent};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The program that appends until it is killed; `cargo test` builds it with the examples.
fn appender() -> PathBuf {
    let this = std::env::current_exe().unwrap();
    let path = this.parent().unwrap().parent().unwrap().join("examples/appender");
    if !path.exists() {
        let built = Command::new(env!("CARGO")).args(["build", "-p", "comity-ledger", "--example", "appender"]).status().unwrap();
        assert!(built.success() && path.exists(), "{} is not there; run cargo build -p comity-ledger --example appender", path.display());
    }
    path
}

/// Processes that were started together, and what they had acknowledged when they ended.
fn run_and_kill(url: &str, keys: &Path, writers: &[u64], after: Duration, round: u64) -> Vec<(u64, String)> {
    let spawn = |(n, writers): (usize, &u64)| {
        let mut command = Command::new(appender());
        command.arg(url).arg(keys).args([writers.to_string(), "0".to_owned(), format!("r{round}p{n}")]);
        command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
    };
    let mut children: Vec<_> = writers.iter().enumerate().map(spawn).collect();
    std::thread::sleep(after);
    let mut acknowledged = Vec::new();
    for child in &mut children {
        child.kill().unwrap();
    }
    for mut child in children {
        let mut text = String::new();
        child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
        child.wait().unwrap();
        let whole = text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
        acknowledged.extend(whole.map(|line| {
            let (index, token) = line.split_once(' ').unwrap();
            (index.parse().unwrap(), token.to_owned())
        }));
    }
    acknowledged
}

/// Everything that was acknowledged is there, at its index, once; nothing is damaged.
async fn all_there(url: &str, keys: &Path, acknowledged: &BTreeMap<u64, String>) -> u64 {
    let keys = Keys::read(keys).unwrap();
    let store = Store::open_read_only(url).await.unwrap();
    let report = verify(&store, &Checks { keys: Some(&keys), log: Some(keys.public()), since: None }, &mut silent()).await.unwrap();
    assert!(report.intact(), "{report:?}");
    let rows: Vec<(i64, String)> =
        sqlx::query_as("SELECT idx, body FROM entry WHERE kind = 'read' ORDER BY idx").fetch_all(store.pool()).await.unwrap();
    let mut tokens = BTreeSet::new();
    let there: BTreeMap<u64, String> = rows
        .into_iter()
        .map(|(index, body)| {
            let body: serde_json::Value = serde_json::from_str(&body).unwrap();
            let token = body["public"]["token"].as_str().unwrap().to_owned();
            assert!(tokens.insert(token.clone()), "{token} is there twice");
            (index as u64, token)
        })
        .collect();
    for (index, token) in acknowledged {
        assert_eq!(there.get(index), Some(token), "an acknowledged entry is lost");
    }
    store.close().await;
    report.entries
}

#[tokio::test]
async fn two_hundred_kills_lose_no_acknowledged_entry() {
    let dir = Dir::new("kill");
    let (url, keys) = (format!("sqlite:{}", dir.join("ledger.db").display()), dir.join("keys"));
    Keys::create(&keys, ORIGIN).unwrap();
    let mut random = Random(0x5eed);
    let mut acknowledged = BTreeMap::new();
    for round in 0..200 {
        // Four writers: in one process, or two and two in processes that share the file.
        let writers: &[u64] = if round % 2 == 0 { &[4] } else { &[2, 2] };
        for (index, token) in run_and_kill(&url, &keys, writers, Duration::from_millis(20 + random.below(130)), round) {
            assert_eq!(acknowledged.insert(index, token), None, "one index was acknowledged twice");
        }
        if round % 25 == 24 {
            all_there(&url, &keys, &acknowledged).await;
        }
    }
    let entries = all_there(&url, &keys, &acknowledged).await;
    assert!(acknowledged.len() > 1_000, "the writers came to nothing: {} entries", acknowledged.len());
    println!("200 kills: {} acknowledged, {entries} entries, none lost", acknowledged.len());
}

#[tokio::test]
async fn kills_of_writers_and_of_the_server_lose_no_acknowledged_entry_on_postgres() {
    let server = Postgres::start("kill-pg");
    let dir = Dir::new("kill-pg");
    let (url, keys) = (server.database("ledger"), dir.join("keys"));
    Keys::create(&keys, ORIGIN).unwrap();
    let mut random = Random(0xfeed);
    let mut acknowledged = BTreeMap::new();
    for round in 0..30 {
        let found = if round % 6 == 5 {
            // The server itself crashes under the writers and recovers.
            let crash = std::thread::scope(|scope| {
                let run = scope.spawn(|| run_and_kill(&url, &keys, &[2, 2], Duration::from_millis(700), round));
                std::thread::sleep(Duration::from_millis(400));
                server.crash();
                run.join().unwrap()
            });
            server.restart();
            crash
        } else {
            let writers: &[u64] = if round % 2 == 0 { &[4] } else { &[2, 2] };
            run_and_kill(&url, &keys, writers, Duration::from_millis(100 + random.below(200)), round)
        };
        for (index, token) in found {
            assert_eq!(acknowledged.insert(index, token), None, "one index was acknowledged twice");
        }
    }
    let entries = all_there(&url, &keys, &acknowledged).await;
    assert!(acknowledged.len() > 200, "the writers came to nothing: {} entries", acknowledged.len());
    println!("30 kills on PostgreSQL: {} acknowledged, {entries} entries, none lost", acknowledged.len());
}

#[tokio::test]
async fn two_processes_write_one_history() {
    let server = Postgres::start("two");
    let dir = Dir::new("two");
    let keys = dir.join("keys");
    Keys::create(&keys, ORIGIN).unwrap();
    for url in [format!("sqlite:{}", dir.join("ledger.db").display()), server.database("ledger")] {
        let start =
            |name: &str| Command::new(appender()).arg(&url).arg(&keys).args(["2", "150", name]).stdout(Stdio::piped()).spawn().unwrap();
        let children = [start("a"), start("b")];
        let mut acknowledged = BTreeMap::new();
        for child in children {
            let out = child.wait_with_output().unwrap();
            assert!(out.status.success());
            for line in String::from_utf8(out.stdout).unwrap().lines() {
                let (index, token) = line.split_once(' ').unwrap();
                assert_eq!(acknowledged.insert(index.parse().unwrap(), token.to_owned()), None, "two entries have one index");
            }
        }
        assert_eq!(acknowledged.len(), 600);
        assert!(all_there(&url, &keys, &acknowledged).await >= 601);
        let _ = std::fs::remove_file(dir.join("keys.head"));
    }
}

#[tokio::test]
async fn a_killed_migration_leaves_the_old_schema_or_the_new_one() {
    let server = Postgres::start("migration");
    let dir = Dir::new("migration");
    let keys = dir.join("keys");
    Keys::create(&keys, ORIGIN).unwrap();
    let mut random = Random(0xabc);
    let mut empty = 0;
    for round in 0..40u64 {
        let url = if round % 4 == 3 {
            server.database(&format!("m{round}"))
        } else {
            format!("sqlite:{}", dir.join(&format!("{round}.db")).display())
        };
        let after = Duration::from_micros(if round % 4 == 3 { 20_000 } else { 2_000 } + random.below(25_000));
        let acknowledged: BTreeMap<_, _> = run_and_kill(&url, &keys, &[1], after, round).into_iter().collect();
        empty += usize::from(acknowledged.is_empty());
        let _ = std::fs::remove_file(dir.join("keys.head"));
        // Opening it again brings it up to date, whatever was left.
        let ledger = open(&url, &dir.0).await;
        ledger.append(note(round)).await.unwrap();
        ledger.close().await.unwrap();
        all_there(&url, &keys, &acknowledged).await;
        let _ = std::fs::remove_file(dir.join("keys.head"));
    }
    assert!(empty > 5, "too few of the kills came before the first entry: {empty}");
}

/// Sets a limit of pages on every connection of the pool: a disk that is full for this database.
async fn limit_pages(store: &Store, pages: u32) {
    let mut all = Vec::new();
    for _ in 0..8 {
        all.push(store.pool().acquire().await.unwrap());
    }
    for connection in &mut all {
        sqlx::query(sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"))).fetch_all(&mut **connection).await.unwrap();
    }
}

#[tokio::test]
async fn a_full_disk_makes_the_ledger_read_only_with_an_alarm_until_there_is_room() {
    let dir = Dir::new("full");
    let ledger = open(&format!("sqlite:{}", dir.join("ledger.db").display()), &dir.0).await;
    ledger.append(note(0)).await.unwrap();
    limit_pages(ledger.store(), 60).await;
    let mut last = 0;
    let error = loop {
        match ledger.append(note(1)).await {
            Ok(done) => last = done.index,
            Err(error) => break error,
        }
        assert!(last < 10_000);
    };
    assert!(error.to_string().contains("full"), "{error}");
    let health = ledger.health();
    assert!(health.read_only.is_some_and(|(_, why)| why.contains("full")) && !health.fatal);
    assert_eq!(ledger.read(last).await.unwrap().unwrap().index, last, "reading goes on");
    limit_pages(ledger.store(), 1_000_000).await;
    assert_eq!(ledger.append(note(2)).await.unwrap().index, last + 1);
    assert_eq!(ledger.health(), comity_ledger::Health::default());
    let report = verify(ledger.store(), &Checks { keys: Some(ledger.keys()), ..Checks::default() }, &mut silent()).await.unwrap();
    assert!(report.intact(), "{report:?}");
    ledger.close().await.unwrap();
}

/// The system refuses to let files grow: writes fail with an error that is not "full".
#[tokio::test]
async fn a_failing_disk_stops_the_writer_and_loses_nothing() {
    let dir = Dir::new("eio");
    let (url, keys) = (format!("sqlite:{}", dir.join("ledger.db").display()), dir.join("keys"));
    Keys::create(&keys, ORIGIN).unwrap();
    let script = "trap '' XFSZ; ulimit -f 2000; exec \"$0\" \"$@\"";
    let out = Command::new("sh").args(["-c", script]).arg(appender()).arg(&url).arg(&keys).args(["4", "0", "x"]).output().unwrap();
    assert!(!out.status.success());
    let acknowledged: BTreeMap<u64, String> = String::from_utf8(out.stdout)
        .unwrap()
        .lines()
        .map(|line| line.split_once(' ').map(|(index, token)| (index.parse().unwrap(), token.to_owned())).unwrap())
        .collect();
    assert!(acknowledged.len() > 100, "{}: {}", acknowledged.len(), String::from_utf8_lossy(&out.stderr));
    all_there(&url, &keys, &acknowledged).await;
    let ledger = open(&url, &dir.0).await;
    ledger.append(note(1)).await.unwrap();
    ledger.close().await.unwrap();
}

#[tokio::test]
async fn a_server_that_goes_away_raises_the_alarm_and_comes_back() {
    let server = Postgres::start("away");
    let dir = Dir::new("away");
    let ledger = open(&server.database("ledger"), &dir.0).await;
    let last = ledger.append(note(1)).await.unwrap().index;
    server.crash();
    assert!(matches!(ledger.append(note(2)).await, Err(LedgerError::Database(_))));
    assert!(ledger.health().read_only.is_some());
    server.restart();
    let mut next = ledger.append(note(3)).await;
    for _ in 0..20 {
        if next.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        next = ledger.append(note(3)).await;
    }
    assert_eq!(next.unwrap().index, last + 1);
    assert_eq!(ledger.health(), comity_ledger::Health::default());
    ledger.close().await.unwrap();
}

#[tokio::test]
async fn a_full_disk_of_the_server_loses_nothing() {
    // No file of this server may grow past 1.5 MiB; its write-ahead log comes in pieces of 1 MiB.
    let server = Postgres::start_with("full-pg", Some(1_536));
    let dir = Dir::new("full-pg");
    let (url, keys) = (server.database("ledger"), dir.join("keys"));
    let ledger = open(&url, &dir.0).await;
    let mut last = 0;
    let error = loop {
        let batch: Vec<_> = (0..64).map(|n| note(n).public(serde_json::json!({"long": "x".repeat(4_000), "n": n}))).collect();
        let mut tx = match ledger.begin().await {
            Ok(tx) => tx,
            Err(error) => break error,
        };
        let mut failed = None;
        for entry in batch {
            if let Err(error) = tx.append(entry).await {
                failed = Some(error);
                break;
            }
        }
        if let Some(error) = failed {
            break error;
        }
        let head = tx.head().size;
        match tx.commit().await {
            Ok(()) => last = head,
            Err(error) => break error,
        }
        assert!(last < 20_000, "the limit did nothing");
    };
    assert!(matches!(error, LedgerError::Database(_)), "{error}");
    assert_eq!(ledger.head().await.unwrap().size, last, "what was committed is there, and nothing else");
    ledger.store().close().await;
    all_there(&url, &keys, &BTreeMap::new()).await;
}
