//! A real PostgreSQL. The tests of the desk use it too.

use super::dir::Dir;
use std::path::PathBuf;
use std::process::{Command, Stdio};

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
