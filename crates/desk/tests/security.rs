//! What protects the desk, over all routes: headers, form tokens, sessions, locks, injection.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod common;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use comity_desk::routes;
use common::{PASSWORD, bench, bench_with, determine, enter};

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let bench = bench_with(|config| config.public_url = "https://desk.example.gov".to_owned()).await;
    let mut browser = bench.browser();
    let mut paths: Vec<String> = routes().into_iter().map(|r| r.path.replace(['{', '}', '*'], "")).collect();
    paths.extend(["/nothing".to_owned(), "/api/v1/nothing".to_owned(), "/law/place/us-ca?on=never".to_owned()]);
    for path in paths {
        let answer = browser.get(&path).await;
        let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"), "{path}");
        assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert_eq!(answer.headers[header::REFERRER_POLICY], "same-origin", "{path}");
        assert!(answer.headers[header::STRICT_TRANSPORT_SECURITY].to_str().unwrap().contains("includeSubDomains"), "{path}");
        assert!(answer.headers.contains_key(header::CACHE_CONTROL), "{path}");
        assert!(!answer.headers.contains_key(header::SERVER), "{path}");
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.starts_with("__Host-"), "{path}: {cookie}");
            assert!(["HttpOnly", "SameSite=Strict", "Secure", "Path=/"].iter().all(|part| cookie.contains(part)), "{path}: {cookie}");
        }
        assert!(
            !answer.text.contains(" style=\"") && !answer.text.contains(" onclick") && !answer.text.contains("<script>"),
            "{path}: something inline"
        );
    }
}

#[tokio::test]
async fn no_form_is_taken_without_its_token() {
    let bench = bench().await;
    let mut browser = bench.logged_in("supervisor").await;
    let id = enter(&mut browser, "B-1", "").await;
    let before = browser.get("/audit").await.text;
    for route in routes().into_iter().filter(|r| r.method == "POST" && !r.path.starts_with("/api/")) {
        let path = route.path.replace("/requests/{id}", &format!("/requests/{id}")).replace("{id}", "nothing");
        if !route.access.allows(Some(comity_desk::Role::Supervisor)) {
            continue;
        }
        let csrf = browser.csrf.clone();
        for fields in [vec![], vec![("csrf", "")], vec![("csrf", "0000")], vec![("csrf", &csrf[1..])]] {
            let answer = browser.clone().post_raw(&path, &fields).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {fields:?}");
        }
        // The right token, sent from another site.
        let mut other = browser.clone();
        let request = Request::post(&path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, "https://elsewhere.example");
        let answer = other.send(request, Body::from(format!("csrf={csrf}"))).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} from another site");
    }
    // Not an entry was made but that the list was read again.
    let after = browser.get("/audit").await.text;
    assert_eq!(before.matches("/audit/entries/").count(), after.matches("/audit/entries/").count());
}

#[tokio::test]
async fn a_session_begins_with_a_fresh_token_and_ends_for_good() {
    let bench = bench().await;
    let mut browser = bench.logged_in("clerk").await;
    let old = browser.cookies["comity"].clone();
    // Logging in again from the same browser does not keep the token that it came with.
    assert_eq!(browser.log_in("clerk", PASSWORD).await.status, StatusCode::SEE_OTHER);
    let new = browser.cookies["comity"].clone();
    assert_ne!(old, new);
    let mut stale = bench.browser();
    stale.cookies.insert("comity".to_owned(), old);
    assert_eq!(stale.get("/desk").await.location(), "/log-in");
    // A token that somebody plants is never taken over.
    let mut planted = bench.browser();
    planted.cookies.insert("comity".to_owned(), "a".repeat(64));
    planted.log_in("clerk", PASSWORD).await;
    assert_ne!(planted.cookies["comity"], "a".repeat(64));
    // Logging out ends it on the server.
    browser.refresh().await;
    let mut copy = browser.clone();
    let out = browser.post("/log-out", &[]).await;
    assert!(out.headers.contains_key("clear-site-data"));
    assert_eq!(copy.get("/desk").await.location(), "/log-in");
}

#[tokio::test]
async fn sessions_end_by_idleness_and_by_time() {
    let bench = bench().await;
    let mut browser = bench.logged_in("clerk").await;
    bench.clock.pass(14);
    assert_eq!(browser.get("/desk").await.status, StatusCode::OK);
    bench.clock.pass(16);
    assert_eq!(browser.get("/desk").await.location(), "/log-in");
    let mut browser = bench.logged_in("clerk").await;
    for _ in 0..71 {
        bench.clock.pass(10);
        assert_eq!(browser.get("/desk").await.status, StatusCode::OK);
    }
    bench.clock.pass(11);
    assert_eq!(browser.get("/desk").await.location(), "/log-in", "twelve hours are over");
}

#[tokio::test]
async fn five_failures_lock_until_an_administrator_releases() {
    let bench = bench().await;
    bench.logged_in("clerk").await;
    // Failures that lie further apart than the window do not add up.
    for _ in 0..4 {
        assert_eq!(bench.browser().log_in("clerk", "wrong but long enough").await.status, StatusCode::UNAUTHORIZED);
    }
    bench.clock.pass(16);
    assert_eq!(bench.browser().log_in("clerk", "wrong but long enough").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(bench.browser().log_in("clerk", PASSWORD).await.status, StatusCode::SEE_OTHER);
    let mut inside = bench.logged_in("clerk").await;
    for _ in 0..5 {
        assert_eq!(bench.browser().log_in("clerk", "wrong but long enough").await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(bench.browser().log_in("clerk", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(inside.get("/desk").await.status, StatusCode::OK, "wrong passwords of others send nobody home");
    bench.clock.pass(60 * 24);
    assert_eq!(bench.browser().log_in("clerk", PASSWORD).await.status, StatusCode::UNAUTHORIZED, "time alone releases nothing");
    let mut admin = bench.logged_in("admin").await;
    let page = admin.get("/accounts").await.text;
    let at = page.find("value=\"release\"").expect("a locked account");
    let from = page[..at].rfind("name=\"id\" value=\"").unwrap() + 17;
    let id = page[from..].split('"').next().unwrap().to_owned();
    assert_eq!(admin.post("/accounts/change", &[("id", &id), ("change", "release")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(bench.browser().log_in("clerk", PASSWORD).await.status, StatusCode::SEE_OTHER);
    // Many at once may all look before one of them locks: what counts is how many failed.
    let store = bench.store().await;
    let now = "(SELECT MAX(time) FROM log_in_failure)";
    bench.browser().log_in("clerk", "wrong but long enough").await;
    for _ in 0..5 {
        let sql = format!("INSERT INTO log_in_failure (account, time) SELECT id, {now} FROM account WHERE login = 'clerk'");
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(store.pool()).await.unwrap();
    }
    let locked: i64 = sqlx::query_scalar("SELECT locked FROM account WHERE login = 'clerk'").fetch_one(store.pool()).await.unwrap();
    assert_eq!(locked, 0);
    assert_eq!(bench.browser().log_in("clerk", PASSWORD).await.status, StatusCode::UNAUTHORIZED, "six failures in a moment");
    store.close().await;
    assert!(!comity_desk::release(&bench.desk, "nobody-at-all").await.unwrap());
    assert!(comity_desk::release(&bench.desk, "Clerk").await.unwrap(), "on the host it is released without logging in");
    assert_eq!(bench.browser().log_in("clerk", PASSWORD).await.status, StatusCode::SEE_OTHER);
    bench.rows_are_as_recorded().await;
    // Names that nobody has are answered the same way.
    let known = bench.browser().log_in("clerk", "wrong but long enough").await;
    let unknown = bench.browser().log_in("nobody-at-all", "wrong but long enough").await;
    assert_eq!(known.status, unknown.status);
    assert_eq!(known.text.replace("clerk", ""), blank(&unknown.text.replace("nobody-at-all", ""), &known.text.replace("clerk", "")));
}

/// One page with the token of the other.
fn blank(page: &str, other: &str) -> String {
    let token = |text: &str| {
        let from = text.find("name=\"csrf\" value=\"").unwrap() + 19;
        text[from..from + 64].to_owned()
    };
    page.replace(&token(page), &token(other))
}

#[tokio::test]
async fn a_token_is_its_owners_until_their_password_changes() {
    let bench = bench().await;
    let mut clerk = bench.logged_in("clerk").await;
    let mut admin = bench.logged_in("admin").await;
    let id = {
        let store = bench.store().await;
        let id: String = sqlx::query_scalar("SELECT id FROM account WHERE login = 'clerk'").fetch_one(store.pool()).await.unwrap();
        store.close().await;
        id
    };
    let program = async || {
        let mut program = bench.browser();
        program.token = Some(common::api_token(&bench, "clerk").await);
        assert_eq!(program.get("/api/v1/requests").await.status, StatusCode::OK);
        program
    };
    let mut first = program().await;
    assert_eq!(
        admin.post("/accounts/change", &[("id", &id), ("change", "token")]).await.status,
        StatusCode::BAD_REQUEST,
        "nobody else gives one"
    );
    assert_eq!(admin.post("/accounts/change", &[("id", &id), ("change", "tokens")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(first.get("/api/v1/requests").await.status, StatusCode::UNAUTHORIZED);
    let mut second = program().await;
    let other = "another lantern over nine bridges";
    assert_eq!(clerk.post("/account/password", &[("old", PASSWORD), ("new", other), ("again", other)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(second.get("/api/v1/requests").await.status, StatusCode::UNAUTHORIZED);
    bench.rows_are_as_recorded().await;
}

#[tokio::test]
async fn a_given_password_opens_nothing_but_its_change() {
    let bench = bench().await;
    let account = bench.accounts.iter().find(|a| a.login == "clerk").unwrap();
    let mut browser = bench.browser();
    browser.log_in("clerk", &account.password).await;
    for path in ["/desk", "/new", "/search"] {
        assert_eq!(browser.get(path).await.location(), "/account", "{path}");
    }
    browser.refresh().await;
    for new in ["short", "password1234", "clerkclerkclerk", &account.password] {
        let fields = [("old", account.password.as_str()), ("new", new), ("again", new)];
        assert_eq!(browser.post("/account/password", &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{new}");
    }
}

#[tokio::test]
async fn what_people_type_stays_text() {
    let bench = bench().await;
    let mut browser = bench.logged_in("supervisor").await;
    let evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'; DROP TABLE request; -- ${7*7} {{7*7}}\u{202e}";
    let id = enter(&mut browser, &evil.chars().take(110).collect::<String>(), evil).await;
    determine(&mut browser, &id).await;
    let mut pages = vec![
        format!("/requests/{id}"),
        format!("/requests/{id}/worksheet"),
        format!("/requests/{id}/notice"),
        format!("/requests/{id}/trail"),
    ];
    let query = common::escape(evil);
    for path in [
        "/law?q=",
        "/law/map?action=",
        "/law/compare?one=",
        "/law/place/us-ca?on=",
        "/law/place/",
        "/law/instrument/",
        "/requests/",
        "/audit?kind=",
    ] {
        pages.push(format!("{path}{query}"));
    }
    for path in pages {
        let answer = browser.get(&path).await;
        assert!(!answer.text.contains("<script>alert") && !answer.text.contains("<img src=x"), "{path}");
        assert!(!answer.status.is_server_error(), "{path}: {}", answer.text);
    }
    let found = browser.post("/search", &[("word", evil), ("id", evil), ("status", evil)]).await;
    assert!(!found.text.contains("<script>alert") && found.status == StatusCode::OK);
    assert_eq!(browser.get(&format!("/requests/{id}")).await.status, StatusCode::OK, "the table is still there");
}

#[tokio::test]
async fn nothing_personal_stands_in_addresses_or_in_the_open_record() {
    let bench = bench().await;
    let mut browser = bench.logged_in("supervisor").await;
    let id = enter(&mut browser, "MARKER-4711", "Markername Example").await;
    determine(&mut browser, &id).await;
    for path in ["/audit".to_owned(), format!("/requests/{id}/trail"), "/desk".to_owned()] {
        let page = browser.get(&path).await.text;
        assert!(!page.contains("MARKER-4711") && !page.contains("Markername"), "{path}");
    }
    for index in 0..12 {
        let page = browser.get(&format!("/audit/entries/{index}")).await.text;
        assert!(!page.contains("MARKER-4711") && !page.contains("Markername"), "entry {index}");
    }
    let found = browser.post("/search", &[("word", "marker 4711")]).await.text;
    assert!(found.contains(&format!("/requests/{id}")), "{found}");
    let found = browser.post("/search", &[("word", "markername")]).await.text;
    assert!(found.contains(&format!("/requests/{id}")));
    // Neither file nor log beside it holds the words.
    for file in std::fs::read_dir(bench.folder.join("data")).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for marker in ["MARKER-4711", "Markername", "markername"] {
            assert!(!bytes.windows(marker.len()).any(|w| w == marker.as_bytes()), "{marker} lies open on the disk");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_does_not_come_is_not_waited_for() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let port = common::free_port();
    let bench = bench_with(|config| config.listen = format!("127.0.0.1:{port}")).await;
    let listener = comity_desk::listen(&bench.desk).await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = tokio::spawn(comity_desk::serve(bench.desk.clone(), listener));
    let connect = || async { tokio::net::TcpStream::connect(address).await.unwrap() };

    // A whole request is answered, and the connection stays open for the next.
    let mut quick = connect().await;
    for _ in 0..2 {
        quick.write_all(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n").await.unwrap();
        let mut start = [0; 12];
        quick.read_exact(&mut start).await.unwrap();
        assert_eq!(&start, b"HTTP/1.1 200");
        let mut rest = [0; 65_536];
        let _ = quick.read(&mut rest).await.unwrap();
    }
    // Half a head is closed by the desk, not kept for as long as someone likes.
    let mut slow = connect().await;
    slow.write_all(b"GET / HTTP/1.1\r\nHost: he").await.unwrap();
    let mut all = Vec::new();
    tokio::time::timeout(std::time::Duration::from_secs(30), slow.read_to_end(&mut all))
        .await
        .expect("the connection is still open")
        .unwrap();
    assert!(!String::from_utf8_lossy(&all).contains(" 200 "), "{}", String::from_utf8_lossy(&all));
    served.abort();
}
