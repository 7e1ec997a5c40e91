//! What the tests share: places to work in, a clock that obeys, a PostgreSQL of their own.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

pub mod dir;
pub mod postgres;

use comity_ledger::{Clock, EntryKind, Keys, Ledger, NewEntry, Options, Store};
pub use dir::Dir;
pub use postgres::Postgres;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

pub const ORIGIN: &str = "sheriff.example.gov/comity";

/// A clock that stands where it is put.
#[derive(Debug)]
pub struct TestClock {
    pub wall: AtomicI64,
    pub steady: AtomicU64,
}

impl TestClock {
    pub fn at(wall: i64) -> Arc<Self> {
        Arc::new(Self { wall: AtomicI64::new(wall), steady: AtomicU64::new(0) })
    }

    /// Time passes on both clocks.
    pub fn pass(&self, ms: i64) {
        self.wall.fetch_add(ms, Ordering::SeqCst);
        self.steady.fetch_add(ms as u64, Ordering::SeqCst);
    }

    /// Somebody sets the wall clock.
    pub fn step(&self, ms: i64) {
        self.wall.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn wall(&self) -> i64 {
        self.wall.load(Ordering::SeqCst)
    }

    fn steady(&self) -> Duration {
        Duration::from_millis(self.steady.load(Ordering::SeqCst))
    }
}

/// Opens a ledger; the key file lies in the folder.
pub async fn open(url: &str, dir: &Path) -> Ledger {
    try_open(url, dir, Options { sign_every: Duration::ZERO, ..Options::default() }).await.unwrap()
}

pub async fn try_open(url: &str, dir: &Path, options: Options) -> comity_ledger::Result<Ledger> {
    let keys = Keys::open(&dir.join("keys"), ORIGIN)?;
    Ledger::open(Store::open(url).await?, keys, options).await
}

/// An entry with a public part and nothing personal.
pub fn note(n: u64) -> NewEntry {
    NewEntry::new(EntryKind::Facts, format!("clerk-{}", n % 3)).subject(format!("request-{}", n % 5)).public(json!({"n": n}))
}

pub fn silent() -> impl FnMut(u64, u64) -> bool + Send {
    |_, _| true
}

/// Small, seeded random numbers (SplitMix64), so that a failure can be repeated.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

/// Runs a test on both databases.
pub async fn on_both<F, Fut>(name: &str, test: F)
where
    F: Fn(String, PathBuf) -> Fut,
    Fut: Future<Output = ()>,
{
    let dir = Dir::new(name);
    test(format!("sqlite:{}", dir.join("ledger.db").display()), dir.0.clone()).await;
    let server = Postgres::start(name);
    let dir = Dir::new(name);
    test(server.database("ledger"), dir.0.clone()).await;
}
