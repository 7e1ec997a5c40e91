//! A ledger of a million entries: how long appending, proving, starting, verifying, expunging and restoring take.
//!
//! `cargo bench -p comity-ledger --bench scale`; ENTRIES and BENCH_DIR in the environment change how many, and on which disk.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use comity_ledger::{Checks, EntryKind, Keys, Ledger, NewEntry, Options, PersonId, Store, restore, verify, verify_receipt};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn main() {
    let entries: u64 = std::env::var("ENTRIES").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let base = std::env::var_os("BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    let dir = base.join(format!("comity-scale-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(run(entries, &dir));
    std::fs::remove_dir_all(&dir).unwrap();
}

async fn open(dir: &Path, name: &str) -> Ledger {
    let store = Store::open(&dir.join(name).display().to_string()).await.unwrap();
    let keys = Keys::open(&dir.join("keys"), "sheriff.example.gov/comity").unwrap();
    Ledger::open(store, keys, Options::default()).await.unwrap()
}

fn entry(n: u64, person: &PersonId) -> NewEntry {
    let entry = NewEntry::new(EntryKind::DutyDone, format!("clerk-{}", n % 20)).subject(format!("request-{}", n / 12));
    let entry = entry.bundle("3f".repeat(32)).public(json!({"duty": "us-ca-truth-act#copy", "how": "in person", "n": n}));
    if n.is_multiple_of(10) {
        entry.personal(person, json!({"name": format!("Sample Person {n}"), "charges": ["a", "b", "c"], "born": "1990-01-01"}))
    } else {
        entry
    }
}

async fn run(entries: u64, dir: &Path) {
    let ledger = open(dir, "ledger.db").await;
    let persons = {
        let mut tx = ledger.begin().await.unwrap();
        let mut persons = Vec::new();
        for _ in 0..1_000 {
            persons.push(tx.new_person().await.unwrap());
        }
        tx.commit().await.unwrap();
        persons
    };
    let start = Instant::now();
    let mut n = ledger.head().await.unwrap().size;
    while n < entries {
        let mut tx = ledger.begin().await.unwrap();
        for _ in 0..1_000.min(entries - n) {
            tx.append(entry(n, &persons[(n / 10 % 1_000) as usize])).await.unwrap();
            n += 1;
        }
        tx.commit().await.unwrap();
    }
    let took = start.elapsed();
    println!(
        "filled           {entries} entries in {:.1} s ({:.0} a second, a thousand a commit)",
        took.as_secs_f64(),
        entries as f64 / took.as_secs_f64()
    );

    let mut times = Vec::new();
    for n in 0..3_000 {
        let start = Instant::now();
        ledger.append(entry(n, &persons[0])).await.unwrap();
        times.push(start.elapsed());
    }
    println!("append           one writer, one commit each: {}", spread(&mut times));
    let start = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..50u64 {
        let (ledger, person) = (ledger.clone(), persons[writer as usize].clone());
        tasks.spawn(async move {
            let mut times = Vec::new();
            for n in 0..200 {
                let start = Instant::now();
                ledger.append(entry(writer * 1_000 + n, &person)).await.unwrap();
                times.push(start.elapsed());
            }
            times
        });
    }
    let mut times: Vec<Duration> = tasks.join_all().await.into_iter().flatten().collect();
    let rate = times.len() as f64 / start.elapsed().as_secs_f64();
    println!("append           50 writers at once: {}; {rate:.0} a second", spread(&mut times));

    let start = Instant::now();
    ledger.checkpoint().await.unwrap();
    println!("sign the head    {}", ms(start.elapsed()));
    let key = ledger.keys().public();
    let (mut times, mut checks, mut longest) = (Vec::new(), Vec::new(), 0);
    for n in 0..1_000u64 {
        let index = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) % entries;
        let start = Instant::now();
        let receipt = ledger.receipt(index).await.unwrap();
        times.push(start.elapsed());
        let text = receipt.to_string();
        longest = longest.max(text.len() - receipt.entry.len().div_ceil(3) * 4);
        let start = Instant::now();
        verify_receipt(&text, &key, &[]).unwrap();
        checks.push(start.elapsed());
    }
    println!("receipt          {}; at most {longest} bytes beside the entry (proof, signed head)", spread(&mut times));
    println!("check a receipt  {}", spread(&mut checks));
    let size = ledger.head().await.unwrap().size;
    let start = Instant::now();
    let proof = ledger.consistency(entries / 3, size).await.unwrap();
    println!("consistency      {} for {} hashes", ms(start.elapsed()), proof.len());
    ledger.close().await.unwrap();

    let bytes = std::fs::metadata(dir.join("ledger.db")).unwrap().len();
    println!("file             {:.0} MB, {} bytes an entry", bytes as f64 / 1e6, bytes / size);
    let start = Instant::now();
    let ledger = open(dir, "ledger.db").await;
    println!("start            {}", ms(start.elapsed()));
    let known = (size - 10_000, ledger.root_at(size - 10_000).await.unwrap());
    for (what, since) in [("verify all", None), ("verify the rest ", Some(known))] {
        let checks = Checks { keys: Some(ledger.keys()), log: Some(ledger.keys().public()), since };
        let start = Instant::now();
        let report = verify(ledger.store(), &checks, &mut |_, _| true).await.unwrap();
        assert!(report.intact(), "{report:?}");
        println!(
            "{what:<16} {} entries computed again, {} personal parts decrypted, in {:.1} s",
            report.checked,
            report.opened,
            start.elapsed().as_secs_f64()
        );
    }
    let start = Instant::now();
    ledger.expunge("counsel-1", &persons[500], "order").await.unwrap();
    println!("expunge          {:.1} s, with the file rewritten", start.elapsed().as_secs_f64());
    let start = Instant::now();
    ledger.backup(&dir.join("log.backup"), &dir.join("keys.backup"), &mut |_, _| true).await.unwrap();
    println!("backup           {:.1} s", start.elapsed().as_secs_f64());
    ledger.close().await.unwrap();
    let start = Instant::now();
    let store = Store::open(&dir.join("new.db").display().to_string()).await.unwrap();
    let keys = Keys::read(&dir.join("keys")).unwrap();
    restore(&store, &keys, &dir.join("log.backup"), &dir.join("keys.backup"), &mut |_, _| true).await.unwrap();
    println!("restore          {:.1} s", start.elapsed().as_secs_f64());
    store.close().await;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map(str::trim).unwrap_or("not known");
    println!("memory           {peak} at most");
}

fn spread(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |part: f64| ms(times[((times.len() - 1) as f64 * part) as usize]);
    format!("p50 {}, p99 {}, most {}", at(0.5), at(0.99), at(1.0))
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}
