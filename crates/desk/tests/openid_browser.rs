//! Signing in with a provider on another site, in a real Chromium: what cookies and the content-security policy let through, only a browser tells.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod common;

use comity_desk::{OpenId, Role, RoleOf, listen, serve};
use common::provider::{CLIENT, Provider, SECRET};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_gets_to_the_provider_and_back() {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    assert!(scripts.join("node_modules/playwright-core").exists(), "run `npm ci` in {}", scripts.display());
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    let provider = Provider::start(common::START / 1000).await;
    let secret = common::folder().join("secret");
    std::fs::write(&secret, SECRET).unwrap();
    let port = common::free_port();
    let base = format!("http://127.0.0.1:{port}");
    let bench = common::bench_with(|config| {
        config.listen = format!("127.0.0.1:{port}");
        config.public_url.clone_from(&base);
        config.openid = Some(OpenId {
            name: "County sign-in".to_owned(),
            issuer: provider.issuer.clone(),
            client_id: CLIENT.to_owned(),
            secret_file: secret,
            scopes: Vec::new(),
            claim: "groups".to_owned(),
            roles: vec![RoleOf { value: "jail-clerks".to_owned(), role: Role::Clerk }],
            acr: Vec::new(),
        });
    })
    .await;
    let listener = listen(&bench.desk).await.unwrap();
    let served = tokio::spawn(serve(bench.desk.clone(), listener));
    let out = std::env::var_os("SCREENSHOTS").map_or_else(|| bench.folder.join("out"), PathBuf::from);
    let given = json!({"base": base, "chromium": chromium, "out": out, "steps": "./openid.mjs"}).to_string();
    let done = tokio::task::spawn_blocking(move || Command::new("node").current_dir(scripts).arg("run.mjs").arg(given).output());
    let done = done.await.unwrap().expect("Node.js: apt-get install nodejs npm");
    assert!(done.status.success(), "{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    served.abort();
}
