//! The desk under programs that others wrote: schemathesis holds the API to its own document. Needs `target/schemathesis`, which `.ci/run` makes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod common;

use comity_desk::{listen, serve};
use std::path::Path;
use std::process::Command;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs schemathesis; .ci/run installs and runs it"]
async fn the_api_is_as_its_document_says() {
    let port = common::free_port();
    let base = format!("http://127.0.0.1:{port}");
    let bench = common::bench_with(|config| {
        config.listen = format!("127.0.0.1:{port}");
        config.public_url.clone_from(&base);
    })
    .await;
    let token = common::api_token(&bench, "supervisor").await;
    let listener = listen(&bench.desk).await.unwrap();
    let served = tokio::spawn(serve(bench.desk.clone(), listener));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemathesis.sh");
    let done = tokio::task::spawn_blocking(move || Command::new(script).arg(base).arg(token).output());
    let done = done.await.unwrap().expect("bash");
    assert!(done.status.success(), "{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    served.abort();
}
