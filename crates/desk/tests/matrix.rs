//! Role by route: every cell of the table, and that nothing outside the table is served.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod common;

use axum::http::{Method, StatusCode, header};
use comity_desk::{Role, routes};
use common::{Database, api_token, bench, bench_on, determine, enter};
use serde_json::json;

on_both!(every_cell_of_the_matrix);

/// A path with something real in place of its parameters.
fn path(pattern: &str, request: &str) -> String {
    pattern
        .replace("{edition}/{*path}", "none/desk.css")
        .replace("/law/instrument/{id}", "/law/instrument/us-ca-values-act")
        .replace("/law/instruments/{id}", "/law/instruments/us-ca-values-act")
        .replace("{*slug}", "us-ca/kern-county")
        .replace("{index}", "0")
        .replace("/requests/{id}", &format!("/requests/{request}"))
        .replace("{id}", "nothing")
}

async fn every_cell_of_the_matrix(database: Database) {
    let bench = bench_on(database).await;
    let mut clerk = bench.logged_in("clerk").await;
    let id = enter(&mut clerk, "B-1", "").await;
    determine(&mut clerk, &id).await;
    let mut cells = 0;
    let all: Vec<Option<Role>> = std::iter::once(None).chain(Role::ALL.into_iter().map(Some)).collect();
    for role in all {
        let login = role.map(|role| bench.accounts.iter().find(|a| a.role == role).expect("an account of each role").login.clone());
        let signed_in = match &login {
            Some(login) => bench.logged_in(login).await,
            None => bench.browser(),
        };
        let token = match &login {
            Some(login) => Some(api_token(&bench, login).await),
            None => None,
        };
        for route in routes() {
            // Logging out ends what the other cells need; it has a test of its own.
            if route.path == "/log-out" && role.is_some() {
                continue;
            }
            let mut browser = signed_in.clone();
            let api = route.path.starts_with("/api/");
            if api {
                browser.cookies.clear();
                browser.token.clone_from(&token);
            }
            let path = path(route.path, &id);
            let answer = match (route.method, api) {
                // This form has a token of its own.
                ("POST", false) if route.path == "/log-in" => browser.log_in("nobody-at-all", "wrong but long enough").await,
                ("POST", false) if route.path == "/log-in/openid" => {
                    browser.csrf = browser.get("/log-in").await.csrf();
                    browser.post(&path, &[]).await
                }
                ("POST", true) => browser.post_json(&path, "a-key-for-the-matrix", &json!({})).await,
                ("POST", false) => browser.post(&path, &[("login", "x")]).await,
                _ => browser.get(&path).await,
            };
            let turned_away = match (role, route.method, api) {
                (None, "GET", false) => answer.status == StatusCode::SEE_OTHER && answer.location() == "/log-in",
                (_, "POST", false) if route.path == "/log-in" => answer.status != StatusCode::UNAUTHORIZED,
                (None, _, _) => answer.status == StatusCode::UNAUTHORIZED,
                (Some(_), _, _) => answer.status == StatusCode::FORBIDDEN,
            };
            assert_eq!(
                !turned_away,
                route.access.allows(role),
                "{} {} as {role:?}: {} {}",
                route.method,
                route.path,
                answer.status,
                answer.text
            );
            assert!(!answer.status.is_server_error(), "{} {} as {role:?}: {}", route.method, route.path, answer.text);
            cells += 1;
        }
    }
    assert_eq!(cells, routes().len() * 6 - 5);
}

#[tokio::test]
async fn what_is_not_in_the_table_is_not_served() {
    let bench = bench().await;
    let mut browser = bench.logged_in("supervisor").await;
    for path in [
        "/nothing",
        "/requests",
        "/law/place",
        "/assets/none/desk.css",
        "/.git/config",
        "/api/v1/nothing",
        "/api/v2/decide",
        "/accounts/",
        "//log-in",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    for (method, path) in
        [(Method::PUT, "/new"), (Method::DELETE, "/accounts"), (Method::PATCH, "/api/v1/requests"), (Method::POST, "/law")]
    {
        let answer = browser.method(method, path).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    let answer = browser.get("/api/v1/nothing").await;
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
}
