//! The journeys through `comity serve` in a real headless Chromium: with scripts, without, and by keyboard alone; axe on every page state. Fails without Chromium
//! and Node.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod common;

use common::{command, folder, root, run};
use serde_json::{Map, Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

fn chromium() -> PathBuf {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].map(PathBuf::from);
    named.into_iter().chain(known).find(|path| path.exists()).expect("Chromium: apt-get install chromium, or set CHROMIUM")
}

/// A desk that ends with the test.
struct Desk(Child);

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Desk {
    /// Starts it; gives the accounts with the passwords that it tells.
    fn start(address: &str, data: &Path) -> (Self, Map<String, Value>) {
        let mut child = command(["serve", "--listen", address, "--data", data.to_str().unwrap()]).spawn().unwrap();
        let told = BufReader::new(child.stderr.take().unwrap());
        let mut accounts = Map::new();
        let mut lines = told.lines();
        for line in lines.by_ref() {
            let line = line.unwrap();
            if line.starts_with("The desk is open") {
                break;
            }
            if let [login, password, ..] = line.strip_prefix("  ").unwrap_or_default().split_whitespace().collect::<Vec<_>>()[..] {
                accounts.insert(login.to_owned(), json!(password));
            }
        }
        // The log goes on; what nobody reads would stop the desk.
        std::thread::spawn(move || lines.for_each(drop));
        assert_eq!(accounts.len(), 6, "the accounts of the demonstration");
        (Self(child), accounts)
    }
}

#[test]
fn people_get_through_in_a_real_browser() {
    let scripts = root().join("crates/desk/tests/browser");
    assert!(scripts.join("node_modules/playwright-core").exists(), "run `npm ci` in {}", scripts.display());
    let place = folder("browser");
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let (desk, accounts) = Desk::start(&address, &place.join("data"));
    let out = std::env::var_os("SCREENSHOTS").map_or_else(|| place.join("out"), PathBuf::from);
    let given = json!({"base": format!("http://{address}"), "chromium": chromium(), "out": out, "accounts": accounts}).to_string();
    let done = Command::new("node").current_dir(scripts).arg("run.mjs").arg(given).output().expect("Node.js: apt-get install nodejs npm");
    assert!(done.status.success(), "{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    drop(desk);

    // What the desk determined is decided again from the record alone, to the byte; and its rows are as the entries say.
    let data = place.join("data");
    let (ledger, keys) = (data.join("comity.db"), data.join("comity.keys"));
    let at = ["--ledger", ledger.to_str().unwrap(), "--keys", keys.to_str().unwrap()];
    let listed = run(["ledger", "list", "--kind", "determination", "--format", "json"].into_iter().chain(at)).ends(0).out;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let entries = listed["entries"].as_array().or(listed.as_array()).expect("entries").clone();
    assert!(!entries.is_empty(), "the journeys determine something");
    for entry in entries {
        let index = entry["index"].to_string();
        let said = run(["ledger", "recompute", &index].into_iter().chain(at)).ends(0).out;
        assert!(said.starts_with("THE SAME"), "{said}");
    }
    let said = run(["ledger", "verify", ledger.to_str().unwrap(), "--keys", keys.to_str().unwrap()]).ends(0).out;
    assert!(said.starts_with("INTACT") && said.contains("are as the entries say"), "{said}");

    // What the auditor took away is verified with the command alone: no desk, no ledger, nothing but the public key.
    let key = std::fs::read_to_string(out.join("log.key")).unwrap();
    let receipt = out.join("receipt.tlog-proof");
    let verify = |receipt: &Path| run(["ledger", "verify-receipt", receipt.to_str().unwrap(), "--key", key.trim()]);
    let said = verify(&receipt).ends(0).out;
    assert!(said.starts_with("HOLDS") && said.contains("notice-served"), "{said}");
    let forged = out.join("forged.tlog-proof");
    let text = std::fs::read_to_string(&receipt).unwrap();
    let line = text.lines().find(|l| l.starts_with("index ")).unwrap();
    std::fs::write(&forged, text.replacen(line, "index 0", 1)).unwrap();
    assert!(verify(&forged).ends(1).out.starts_with("DOES NOT HOLD"));
}
