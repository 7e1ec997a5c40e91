//! What the tests of the command share: running it, golden files, places for temporary files.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of this")]

pub mod corpus;
pub mod mutate;
pub mod schema;
pub mod targets;

use serde_json::Value as Json;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run of the command left behind.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Standard output as JSON.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("no JSON: {e}\n{}\n{}", self.out, self.err))
    }

    /// Fails with everything that was printed, unless it ended with the code.
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n{}\n{}", self.out, self.err);
        self
    }
}

/// The root of the project.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The command, to be run in the root of the project, in no particular terminal.
pub fn command<S: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_comity"));
    command.args(args).current_dir(root()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for name in ["COLUMNS", "CLICOLOR", "CLICOLOR_FORCE", "NO_COLOR", "TERM"] {
        command.env_remove(name);
    }
    command
}

pub fn run<S: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = S>) -> Ran {
    ran(command(args).spawn().unwrap(), None)
}

/// Runs it with a text on standard input.
pub fn run_with<S: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = S>, stdin: &[u8]) -> Ran {
    ran(command(args).stdin(Stdio::piped()).spawn().unwrap(), Some(stdin))
}

/// Waits for a run; nothing it prints may be no UTF-8, and it never panics.
pub fn ran(mut child: std::process::Child, stdin: Option<&[u8]>) -> Ran {
    if let (Some(mut pipe), Some(text)) = (child.stdin.take(), stdin) {
        // A command that stops reading early is no mistake of the test.
        let _ = pipe.write_all(text);
    }
    let output = child.wait_with_output().unwrap();
    let ran = Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    };
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    ran
}

/// An empty folder for a test.
pub fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// Whether golden files are to be written anew.
pub fn bless() -> bool {
    std::env::var_os("COMITY_BLESS").is_some()
}

/// Compares a text with a file, or writes the file.
pub fn golden(path: &Path, found: &str) {
    if bless() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        return std::fs::write(path, found).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    if let Some((at, (e, f))) = lines(&expected).zip(lines(found)).enumerate().find(|(_, (e, f))| e != f) {
        let shown = path.strip_prefix(root()).unwrap_or(path).display();
        panic!(
            "{shown}:{}\n  expected: {e:?}\n  found:    {f:?}\nIf this is meant, write it anew: COMITY_BLESS=1 cargo test -p comity",
            at + 1
        );
    }
}

/// The lines of a text, and then for ever nothing, so that a longer text differs from a shorter one.
fn lines(text: &str) -> impl Iterator<Item = Option<&str>> {
    text.split('\n').map(Some).chain(std::iter::repeat_n(None, text.len().max(1 << 16)))
}

/// The digest of the law changes with every law file: it is left out of golden texts.
pub fn without_digest(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let hidden = line.split(' ').map(|word| {
            let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            let digest = bare.len() == 16 && bare.bytes().all(|b| b.is_ascii_hexdigit());
            if digest { word.replace(bare, "<digest>") } else { word.to_owned() }
        });
        out.push_str(&hidden.collect::<Vec<_>>().join(" "));
        out.push('\n');
    }
    out
}

/// The example cases, by name.
pub fn examples() -> Vec<String> {
    let found = std::fs::read_dir(root().join("examples")).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut found: Vec<String> = found.filter(|name| name.ends_with(".json")).map(|name| format!("examples/{name}")).collect();
    found.sort();
    assert!(found.len() >= 10);
    found
}

/// The scenario files and what is in them, one JSON object a line.
pub fn scenarios() -> Vec<(String, String)> {
    ["federal-california", "east", "west-south"]
        .map(|name| {
            let path = format!("crates/comity/tests/scenarios/scenarios-{name}.jsonl");
            let text = std::fs::read_to_string(root().join(&path)).unwrap();
            (path, text)
        })
        .to_vec()
}
