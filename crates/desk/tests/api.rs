//! The API: the same answers as the command line, each call once, mistakes as problem+json.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod common;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use common::{Bench, Browser, Database, api_token, bench, bench_on};
use serde_json::json;

on_both!(a_call_sent_twice_is_done_once);

async fn caller(bench: &Bench, login: &str) -> Browser {
    let _ = bench.logged_in(login).await;
    let mut browser = bench.browser();
    browser.token = Some(api_token(bench, login).await);
    browser
}

fn case() -> serde_json::Value {
    serde_json::from_str(include_str!("../../../examples/2018-03-01-los-angeles-1-arson.json")).unwrap()
}

#[tokio::test]
async fn a_case_is_decided_as_the_engine_decides_it() {
    let bench = bench().await;
    let mut clerk = caller(&bench, "clerk").await;
    let answer = clerk.post_json("/api/v1/decide", "", &case()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let law = comity_law::Law::builtin().unwrap();
    let read = comity_engine::read_case(&law, &case().to_string()).unwrap();
    let found = comity_engine::Stack::new(&law, &read.agency, read.on, &read.local).decide_all(&read).unwrap();
    assert_eq!(answer.json()["determinations"], serde_json::to_value(found).unwrap());
}

async fn a_call_sent_twice_is_done_once(database: Database) {
    let bench = bench_on(database).await;
    let mut clerk = caller(&bench, "clerk").await;
    let body = json!({"received": "2026-11-20T16:30", "file": "B-1", "actions": ["hold"], "facts": {"request": {"kind": "detainer"}}});
    let first = clerk.post_json("/api/v1/requests", "key-number-one", &body).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let again = clerk.post_json("/api/v1/requests", "key-number-one", &body).await;
    assert_eq!((again.status, &again.text), (StatusCode::CREATED, &first.text));
    assert_eq!(clerk.get("/api/v1/requests").await.json()["requests"].as_array().unwrap().len(), 1);
    let mut other = body.clone();
    other["file"] = json!("B-2");
    assert_eq!(clerk.post_json("/api/v1/requests", "key-number-one", &other).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(clerk.post_json("/api/v1/requests", "", &other).await.status, StatusCode::BAD_REQUEST);
    // Many at once, as a caller that lost patience sends them: one request, and everyone is told the same or to ask again.
    let calls: Vec<_> = (0..6).map(|_| (clerk.clone(), body.clone())).collect();
    let calls = calls
        .into_iter()
        .map(|(mut clerk, body)| tokio::spawn(async move { clerk.post_json("/api/v1/requests", "key-of-the-impatient", &body).await }));
    for call in calls.collect::<Vec<_>>() {
        let status = call.await.unwrap().status;
        assert!([StatusCode::CREATED, StatusCode::CONFLICT].contains(&status), "{status}");
    }
    assert_eq!(clerk.post_json("/api/v1/requests", "key-of-the-impatient", &body).await.status, StatusCode::CREATED);
    assert_eq!(clerk.get("/api/v1/requests").await.json()["requests"].as_array().unwrap().len(), 2);
    // A desk that was killed in the middle: what it entered is determined when the call comes again, what it did not enter is entered then.
    let store = bench.store().await;
    let cut = async |name: &str, entered: &str| {
        let sql = "UPDATE idempotency SET status = 0, body = $2, created = created - 61000 WHERE name = $1";
        assert_eq!(sqlx::query(sql).bind(name).bind(entered).execute(store.pool()).await.unwrap().rows_affected(), 1);
    };
    let id = first.json()["id"].as_str().unwrap().to_owned();
    cut("key-number-one", &id).await;
    let resumed = clerk.post_json("/api/v1/requests", "key-number-one", &body).await;
    assert_eq!((resumed.status, resumed.json()["id"].as_str()), (StatusCode::CREATED, Some(id.as_str())));
    let three = json!({"received": "2026-11-20T16:30", "file": "B-3", "actions": ["hold"]});
    let third = clerk.post_json("/api/v1/requests", "key-number-three", &three).await.json()["id"].as_str().unwrap().to_owned();
    sqlx::query("UPDATE request SET status = 'draft', determination = NULL WHERE id = $1")
        .bind(&third)
        .execute(store.pool())
        .await
        .unwrap();
    cut("key-number-three", &third).await;
    let resumed = clerk.post_json("/api/v1/requests", "key-number-three", &three).await.json();
    assert_eq!((resumed["id"].as_str(), resumed["status"].as_str()), (Some(third.as_str()), Some("determined")));
    cut("key-number-three", "").await;
    assert_eq!(clerk.post_json("/api/v1/requests", "key-number-three", &three).await.status, StatusCode::CREATED);
    assert_eq!(clerk.get("/api/v1/requests").await.json()["requests"].as_array().unwrap().len(), 4);
    store.close().await;
    // The day is that of the agency's place, and not one to come.
    let mut early = json!({"received": "2026-11-20T02:00Z", "file": "B-4", "actions": ["hold"]});
    let made = clerk.post_json("/api/v1/requests", "key-with-offset", &early).await;
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let recorded = clerk.get(&format!("/api/v1/requests/{id}/determinations")).await.json();
    assert_eq!(recorded["determinations"][0]["on"], "2026-11-19", "{recorded}");
    for received in ["2030-01-01T10:00", "2026-11-20T10:00[Asia/Tokyo]", "yesterday"] {
        early["received"] = json!(received);
        let refused = clerk.post_json("/api/v1/requests", "key-of-another-day", &early).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{received}: {}", refused.text);
    }
    // More callers at once than there are connections: nobody waits for one who waits for them.
    let calls = (0..24).map(|n| (clerk.clone(), json!({"received": "2026-11-20T16:30", "file": format!("C-{n}"), "actions": ["hold"]})));
    let calls = calls.enumerate().map(|(n, (mut clerk, body))| {
        tokio::spawn(async move { clerk.post_json("/api/v1/requests", &format!("key-of-many-{n}"), &body).await.status })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), StatusCode::CREATED);
    }
    bench.rows_are_as_recorded().await;
    let recorded = clerk.get(&format!("/api/v1/requests/{id}/determinations")).await.json();
    assert_eq!(recorded["determinations"][0]["action"], "hold");
}

#[tokio::test]
async fn bad_input_is_told_as_problem_json() {
    let bench = bench().await;
    let mut clerk = caller(&bench, "clerk").await;
    let long = format!("{{\"facts\": \"{}\"}}", "x".repeat(1 << 21));
    for (body, kind, status) in [
        ("", "application/json", 422),
        ("{", "application/json", 422),
        ("[]", "application/json", 422),
        ("{\"agency\": 7}", "application/json", 422),
        (case().to_string().as_str(), "text/plain", 415),
        (long.as_str(), "application/json", 413),
        ("{\"agency\": \"CA0194200\", \"on\": \"2018-03-01\", \"action\": \"hold\", \"facts\": {\"persn\": 1}}", "application/json", 422),
    ] {
        let request = Request::post("/api/v1/decide").header(header::CONTENT_TYPE, kind);
        let answer = clerk.send(request, Body::from(body.to_owned())).await;
        assert_eq!(answer.status.as_u16(), status, "{:.80}: {}", body, answer.text);
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json", "{body:.80}");
        assert_eq!(answer.json()["status"], status);
    }
    clerk.token = Some("0".repeat(64));
    assert_eq!(clerk.get("/api/v1/requests").await.status, StatusCode::UNAUTHORIZED);
    for path in ["/api/v1/law/instruments?on=never", "/api/v1/law/events?since=1"] {
        assert_eq!(clerk.get(path).await.status, StatusCode::BAD_REQUEST, "{path}");
    }
}

#[tokio::test]
async fn the_document_names_every_route_of_the_api() {
    let bench = bench().await;
    let document = bench.browser().get("/api/v1/openapi.json").await.json();
    for route in comity_desk::routes().into_iter().filter(|r| r.path.starts_with("/api/") && !r.path.ends_with("openapi.json")) {
        let method = route.method.to_lowercase();
        let described = &document["paths"][route.path][&method];
        assert!(described.is_object(), "{method} {} is not described", route.path);
        let needs_token = described["security"].as_array().is_some_and(|s| !s.is_empty());
        assert_eq!(needs_token, route.access != comity_desk::Access::Public, "{}", route.path);
    }
}
