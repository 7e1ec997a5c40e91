//! What the tests share: places to work in, a clock that obeys, a PostgreSQL of their own.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

use comity_ledger::{Clock, EntryKind, Keys, Ledger, NewEntry, Options, Store};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

pub const ORIGIN: &str = "sheriff.example.gov/comity";

/// A folder that goes with the test.
pub struct Dir(pub PathBuf);

impl Dir {
    pub fn new(name: &str) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("comity-{name}-{}-{n}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

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

/// A real PostgreSQL server of the test's own: a cluster in its folder, on a socket and a free port of 127.0.0.1.
pub struct Postgres {
    dir: Dir,
    port: u16,
    bin: PathBuf,
    user: bool,
    limit: Option<u32>,
}

impl Postgres {
    /// Starts it; without PostgreSQL on the machine the test fails and says what to install.
    pub fn start(name: &str) -> Self {
        Self::start_with(name, None)
    }

    /// As [`Postgres::start`], with a limit in KiB that no file of it can grow past.
    pub fn start_with(name: &str, limit: Option<u32>) -> Self {
        let bin = find_postgres();
        let dir = Dir::new(name);
        // The server refuses to run as root.
        let user = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").unwrap()) == 0;
        if user {
            run(Command::new("chown").arg("postgres").arg(&dir.0));
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let this = Self { dir, port, bin, user, limit };
        let init = ["--auth=trust", "--username=comity", "--encoding=UTF8", "--locale=C", "--wal-segsize=1", "-D"];
        run(this.command("initdb").args(init).arg(this.data()));
        this.restart();
        this
    }

    /// Starts the server on its data.
    pub fn restart(&self) {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.dir.join("start.log")).unwrap();
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories= -c shared_buffers=16MB -c max_connections=60",
            self.port
        );
        let mut start = match self.limit {
            None => self.command("pg_ctl"),
            // `sh` counts in blocks of 512 bytes.
            Some(limit) => {
                let inner = self.command("pg_ctl");
                let mut start = Command::new("sh");
                start
                    .args(["-c", &format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", limit * 2)])
                    .arg(inner.get_program())
                    .args(inner.get_args());
                start.current_dir(&self.dir.0).stdin(Stdio::null());
                start
            }
        };
        start.args(["-w", "-t", "60", "-o", &options, "-l"]).arg(self.data().join("server.log")).arg("-D").arg(self.data()).arg("start");
        start.stdout(log.try_clone().unwrap()).stderr(log);
        assert!(
            start.status().unwrap().success(),
            "PostgreSQL did not start: {}",
            std::fs::read_to_string(self.dir.join("start.log")).unwrap()
        );
    }

    /// Ends the server as a crash would: nothing is written on the way out.
    pub fn crash(&self) {
        run(self.command("pg_ctl").args(["-m", "immediate", "-D"]).arg(self.data()).arg("stop"));
    }

    pub fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// The address of a new, empty database.
    pub fn database(&self, name: &str) -> String {
        run(self.command("createdb").args(["-h", "127.0.0.1", "-U", "comity", "-p", &self.port.to_string(), name]));
        format!("postgres://comity@127.0.0.1:{}/{name}", self.port)
    }

    fn command(&self, program: &str) -> Command {
        let path = self.bin.join(program);
        let mut command = if self.user {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command.current_dir(&self.dir.0).stdin(Stdio::null());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self.command("pg_ctl").args(["-m", "immediate", "-D"]).arg(self.data()).arg("stop").stdout(Stdio::null()).status();
    }
}

fn find_postgres() -> PathBuf {
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let mut found: Vec<PathBuf> = installed.filter(|bin| bin.join("initdb").exists()).collect();
    found.sort();
    found
        .pop()
        .or_else(|| {
            ["/usr/bin", "/usr/local/bin", "/usr/local/pgsql/bin"].map(PathBuf::from).into_iter().find(|bin| bin.join("initdb").exists())
        })
        .expect("these tests run the ledger on a real PostgreSQL, and there is none on this machine: apt-get install postgresql")
}

fn run(command: &mut Command) {
    let out = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(out.status.success(), "{command:?}: {}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
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
