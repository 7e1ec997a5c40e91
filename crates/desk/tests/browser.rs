//! The journeys in a real headless Chromium: with scripts, without, and by keyboard alone; axe on every page state. Fails without Chromium and Node.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod common;

use comity_desk::{Config, Desk, first_accounts, serve};
use comity_ledger::{Keys, verify_receipt};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

fn chromium() -> PathBuf {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].map(PathBuf::from);
    named.into_iter().chain(known).find(|path| path.exists()).expect("Chromium: apt-get install chromium, or set CHROMIUM")
}

#[tokio::test(flavor = "multi_thread")]
async fn people_get_through_in_a_real_browser() {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    assert!(scripts.join("node_modules/playwright-core").exists(), "run `npm ci` in {}", scripts.display());
    let folder = common::folder();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let base = format!("http://127.0.0.1:{port}");
    let config = Config { listen: format!("127.0.0.1:{port}"), public_url: base.clone(), data: folder.join("data"), ..Config::demo() };
    let desk = Arc::new(Desk::open(config).await.unwrap());
    let accounts: Map<String, Value> = first_accounts(&desk).await.unwrap().into_iter().map(|a| (a.login, json!(a.password))).collect();
    let (ready, listening) = tokio::sync::oneshot::channel();
    let served = tokio::spawn(serve(desk.clone(), move |address| _ = ready.send(address)));
    listening.await.unwrap();

    let out = std::env::var_os("SCREENSHOTS").map_or_else(|| folder.join("out"), PathBuf::from);
    let given = json!({"base": base, "chromium": chromium(), "out": out, "accounts": accounts}).to_string();
    let done =
        tokio::task::spawn_blocking(move || Command::new("node").current_dir(scripts).arg("run.mjs").arg(given).output()).await.unwrap();
    let done = done.expect("Node.js: apt-get install nodejs npm");
    let told = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{told}");

    // What the auditor took away proves itself with the public key alone.
    let public = std::fs::read_to_string(out.join("log.key")).unwrap();
    assert_eq!(public.trim(), Keys::read(&folder.join("data/comity.keys")).unwrap().public().to_string());
    let receipt = std::fs::read_to_string(out.join("receipt.tlog-proof")).unwrap();
    let proved = verify_receipt(&receipt, &comity_ledger::Verifier::parse(public.trim()).unwrap(), &[]).unwrap();
    assert_eq!(proved.entry.kind.name(), "notice-served");
    served.abort();
    let _ = std::fs::remove_dir_all(folder);
}
