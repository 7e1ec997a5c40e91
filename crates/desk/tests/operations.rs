//! Operations: doctor and drill, and what the desk does when the record cannot be written.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod common;

use axum::http::StatusCode;
use comity_desk::{Health, examine};
use common::{bench, determine, enter};

#[tokio::test]
async fn a_backup_is_restored_and_verified_and_damage_is_found() {
    let bench = bench().await;
    let mut clerk = bench.logged_in("clerk").await;
    let id = enter(&mut clerk, "B-1", "Robin Example").await;
    determine(&mut clerk, &id).await;
    let config = bench.desk.config.clone();
    bench.desk.close().await;
    let found = examine(&config, true).await;
    let of = |about: &str| found.iter().find(|f| f.about == about).unwrap_or_else(|| panic!("nothing about {about}: {found:?}"));
    for about in ["configuration", "law", "agency", "record", "backup drill"] {
        assert_eq!(of(about).health, Health::Good, "{:?}", of(about));
    }
    assert_eq!(of("witness").health, Health::Warning, "without a witness the record is self-attested");
    let left: Vec<_> = std::fs::read_dir(&config.data)
        .unwrap()
        .filter(|f| f.as_ref().unwrap().file_name().to_string_lossy().starts_with("drill"))
        .collect();
    assert!(left.is_empty(), "the drill leaves nothing behind");

    let store = comity_ledger::Store::open(&config.database_url()).await.unwrap();
    let body: String = sqlx::query_scalar("SELECT body FROM entry WHERE idx = 2").fetch_one(store.pool()).await.unwrap();
    sqlx::query("UPDATE entry SET body = $1 WHERE idx = 2").bind(body.replace("actor", "actoR")).execute(store.pool()).await.unwrap();
    store.close().await;
    let found = examine(&config, false).await;
    assert_eq!(found.iter().find(|f| f.about == "record").unwrap().health, Health::Bad);
}

#[tokio::test]
async fn without_a_record_nothing_is_changed_and_everyone_is_told() {
    let bench = bench().await;
    let mut clerk = bench.logged_in("clerk").await;
    let id = enter(&mut clerk, "B-1", "").await;
    assert_eq!(clerk.get("/healthz").await.status, StatusCode::OK);
    // The head no longer fits the tree: nothing may be appended.
    let store = comity_ledger::Store::open(&bench.desk.config.database_url()).await.unwrap();
    sqlx::query("UPDATE head SET root = $1").bind(vec![0_u8; 32]).execute(store.pool()).await.unwrap();
    let refused = clerk.post(&format!("/requests/{id}/determine"), &[]).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.text);
    assert_eq!(clerk.get("/healthz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(clerk.get("/metrics").await.text.contains("comity_ledger_read_only 1"));
    let inbox = clerk.get("/desk").await;
    assert!(inbox.status == StatusCode::OK && inbox.text.contains("Read-only."), "{}", inbox.text);
    assert_eq!(clerk.get("/law/place/us-ca?on=2018-03-01").await.status, StatusCode::OK, "the law can still be read");
    // A read that cannot be recorded does not happen.
    assert_eq!(clerk.get(&format!("/requests/{id}/check")).await.status, StatusCode::SERVICE_UNAVAILABLE);
    let status: String = sqlx::query_scalar("SELECT status FROM request WHERE id = $1").bind(&id).fetch_one(store.pool()).await.unwrap();
    assert_eq!(status, "draft");
}

#[tokio::test]
async fn an_expungement_takes_draft_and_search_words_along() {
    let bench = bench().await;
    let mut clerk = bench.logged_in("clerk").await;
    let id = enter(&mut clerk, "B-4711", "Robin Example").await;
    determine(&mut clerk, &id).await;
    let kept = enter(&mut clerk, "B-4712", "Jo Sample").await;
    let config = &bench.desk.config;
    let store = comity_ledger::Store::open(&config.database_url()).await.unwrap();
    let person: String = sqlx::query_scalar("SELECT person FROM request WHERE id = $1").bind(&id).fetch_one(store.pool()).await.unwrap();
    let keys = comity_ledger::Keys::read(&config.data.join("comity.keys")).unwrap();
    let options = comity_ledger::Options { clock: bench.clock.clone(), ..comity_ledger::Options::default() };
    let ledger = comity_ledger::Ledger::open(store, keys, options).await.unwrap();
    ledger.expunge("an-order", &comity_ledger::PersonId(person), "order 1 of an invented court").await.unwrap();
    let page = clerk.get(&format!("/requests/{id}")).await;
    assert!(page.status == StatusCode::OK && page.text.contains("destroyed by order"), "{}", page.text);
    for path in ["check", "ask", "worksheet", "notice"] {
        assert_eq!(clerk.get(&format!("/requests/{id}/{path}")).await.status, StatusCode::CONFLICT, "{path}");
    }
    for word in ["B-4711", "Robin"] {
        assert!(!clerk.post("/search", &[("word", word)]).await.text.contains(&format!("/requests/{id}\"")), "{word}");
    }
    assert!(clerk.post("/search", &[("word", "B-4712")]).await.text.contains(&kept));
    for table in ["draft", "lookup"] {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE request = $1");
        let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(&id).fetch_one(ledger.store().pool()).await.unwrap();
        assert_eq!(left, 0, "{table}");
    }
    let trail = clerk.get(&format!("/requests/{id}/trail")).await.text;
    assert!(trail.contains("determination"), "what was done stays on record");
}

#[tokio::test]
async fn a_person_can_be_told_who_looked_at_the_record() {
    let bench = bench().await;
    let mut clerk = bench.logged_in("clerk").await;
    let mine = enter(&mut clerk, "B-4711", "Robin Example").await;
    determine(&mut clerk, &mine).await;
    let other = enter(&mut clerk, "B-4712", "Robin Example").await;
    assert_eq!(clerk.get(&format!("/requests/{mine}/worksheet")).await.status, StatusCode::OK);
    let mut auditor = bench.logged_in("auditor").await;
    auditor.refresh().await;
    // Of another file: the same signs otherwise set, and a name that looks like the number.
    let alike = enter(&mut clerk, "B47-11", "B-4711").await;
    let page = auditor.post("/access", &[("file", " b-4711")]).await;
    assert!(!page.text.contains(&format!("Request {alike}")), "{}", page.text);
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains(&format!("Request {mine}")) && !page.text.contains(&format!("Request {other}")), "{}", page.text);
    for said in ["read: worksheet", "Casey Quill", "determination", "individual&#39;s access record"] {
        let said = said.replace("&#39;", "'");
        assert!(page.text.contains(&said), "{said}: {}", page.text);
    }
    assert!(!page.text.contains("Robin Example"), "names of persons are not needed here");
    let file = auditor.post("/access/export", &[("id", &mine)]).await;
    assert!(file.headers["content-disposition"].to_str().unwrap().contains("access-record.json"));
    let kept = &file.json()["requests"][0];
    assert_eq!(kept["request"], mine.as_str());
    let reads: Vec<&str> = kept["reads"].as_array().unwrap().iter().map(|r| r["purpose"].as_str().unwrap_or_default()).collect();
    assert!(reads.contains(&"worksheet") && reads.contains(&"individual's access record, exported"), "{reads:?}");
    assert!(kept["acts"].as_array().unwrap().iter().any(|a| a["what"] == "determination" && a["who"] == "Casey Quill"));
    assert_eq!(auditor.post("/access", &[("file", " ")]).await.status, StatusCode::BAD_REQUEST);
    assert!(auditor.post("/access", &[("file", "B-0000")]).await.text.contains("Nothing is on record"));
    assert_eq!(clerk.get("/access").await.status, StatusCode::FORBIDDEN);
}
