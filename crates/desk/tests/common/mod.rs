//! A desk in a folder of its own, a clock that tests set, and a browser's worth of cookies.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test uses a part")]

#[path = "../../../ledger/tests/common/dir.rs"]
pub mod dir;
#[path = "../../../ledger/tests/common/postgres.rs"]
pub mod postgres;
pub mod provider;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use comity_desk::{Config, Desk, FirstAccount, first_accounts, router};
use comity_ledger::Clock;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;
use tower::ServiceExt;

/// A clock that tests set. Steady time goes with it, so that nothing looks like a step.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn pass(&self, minutes: i64) {
        self.0.fetch_add(minutes * 60_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn wall(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn steady(&self) -> Duration {
        Duration::from_millis(self.wall().unsigned_abs())
    }
}

/// A desk for a test.
pub struct Bench {
    pub desk: Arc<Desk>,
    pub service: Router,
    pub clock: Arc<TestClock>,
    pub accounts: Vec<FirstAccount>,
    pub folder: PathBuf,
    server: Option<postgres::Postgres>,
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// 2026-11-20, 17:00 in California.
pub const START: i64 = 1_795_222_800_000;

pub fn folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let folder = std::env::temp_dir().join(format!("comity-desk-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst)));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// On which database a desk runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// Runs tests on both databases.
#[macro_export]
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod on_sqlite { $(#[tokio::test] async fn $test() { super::$test(super::common::Database::Sqlite).await })+ }
        mod on_postgres { $(#[tokio::test] async fn $test() { super::$test(super::common::Database::Postgres).await })+ }
    };
}

/// A desk as a demonstration opens it, on a database of its own.
pub async fn bench_on(database: Database) -> Bench {
    bench_on_with(database, |_| {}).await
}

pub async fn bench_on_with(database: Database, change: impl FnOnce(&mut Config)) -> Bench {
    let server = (database == Database::Postgres).then(|| postgres::Postgres::start("desk-postgres"));
    let url = server.as_ref().map(|s| s.database("desk"));
    let mut bench = bench_with(|config| {
        config.database = url;
        change(config);
    })
    .await;
    bench.server = server;
    bench
}

/// A desk as a demonstration opens it.
pub async fn bench() -> Bench {
    bench_with(|_| {}).await
}

pub async fn bench_with(change: impl FnOnce(&mut Config)) -> Bench {
    let folder = folder();
    let mut config = Config { data: folder.join("data"), ..Config::demo() };
    change(&mut config);
    let clock = Arc::new(TestClock(AtomicI64::new(START)));
    let desk = Arc::new(Desk::open_at(config, clock.clone()).await.unwrap());
    let accounts = first_accounts(&desk).await.unwrap();
    Bench { service: router(desk.clone()), desk, clock, accounts, folder, server: None }
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |v| v.to_str().unwrap())
    }

    /// The token of the page's forms.
    pub fn csrf(&self) -> String {
        let from = self.text.find("name=\"csrf\" value=\"").expect("a form") + 19;
        self.text[from..].split('"').next().unwrap().to_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

/// A browser: cookies and nothing else.
#[derive(Clone)]
pub struct Browser {
    service: Router,
    pub cookies: BTreeMap<String, String>,
    pub token: Option<String>,
    pub csrf: String,
}

pub const PASSWORD: &str = "quiet lantern under seven bridges";

impl Bench {
    pub fn browser(&self) -> Browser {
        Browser { service: self.service.clone(), cookies: BTreeMap::new(), token: None, csrf: String::new() }
    }

    /// A browser in which one of the first accounts is logged in, its password changed.
    pub async fn logged_in(&self, login: &str) -> Browser {
        let account = self.accounts.iter().find(|a| a.login == login).expect("an account");
        let mut browser = self.browser();
        if browser.log_in(login, PASSWORD).await.status == StatusCode::SEE_OTHER {
            browser.refresh().await;
            return browser;
        }
        self.first_log_in(login, &account.password).await
    }

    /// The desk's own rows are as the entries say.
    pub async fn rows_are_as_recorded(&self) {
        let store = self.store().await;
        assert_eq!(comity_desk::differences(&store).await.unwrap(), Some(Vec::new()));
        store.close().await;
    }

    /// The database, as whoever has the machine opens it.
    pub async fn store(&self) -> comity_ledger::Store {
        comity_ledger::Store::open(&self.desk.config.database_url()).await.unwrap()
    }

    /// A supervisor beside the one of the first accounts.
    pub async fn second_supervisor(&self) -> Browser {
        let mut admin = self.logged_in("admin").await;
        let made = admin.post("/accounts/new", &[("login", "second"), ("name", "Sam Second"), ("role", "supervisor")]).await.text;
        let from = made.find("desk-mono\">").expect("a password") + 11;
        self.first_log_in("second", made[from..].split('<').next().unwrap()).await
    }

    async fn first_log_in(&self, login: &str, password: &str) -> Browser {
        let mut browser = self.browser();
        let done = browser.log_in(login, password).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        browser.refresh().await;
        let done = browser.post("/account/password", &[("old", password), ("new", PASSWORD), ("again", PASSWORD)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        browser
    }
}

impl Browser {
    /// Loads the token of the session's forms.
    pub async fn refresh(&mut self) {
        self.csrf = self.get("/account").await.csrf();
    }

    pub async fn log_in(&mut self, login: &str, password: &str) -> Answer {
        self.csrf = self.get("/log-in").await.csrf();
        self.post("/log-in", &[("login", login), ("password", password), ("accept", "yes")]).await
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Sends a form with its token.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf.clone();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        self.post_raw(path, &all).await
    }

    /// Sends the form of a page with what the page keeps in it.
    pub async fn post_shown(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get(path).await.text;
        let hidden = |name: &str| {
            let from = page.find(&format!("name=\"{name}\" value=\""))? + name.len() + 15;
            Some(page[from..].split('"').next().unwrap().to_owned())
        };
        let kept: Vec<(&str, String)> = ["determination", "disposition"].into_iter().filter_map(|n| Some((n, hidden(n)?))).collect();
        let mut all: Vec<(&str, &str)> = kept.iter().map(|(n, v)| (*n, v.as_str())).collect();
        all.extend(fields);
        self.post(path, &all).await
    }

    pub async fn post_raw(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = fields.iter().map(|(k, v)| format!("{}={}", escape(k), escape(v))).collect();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(body.join("&"))).await
    }

    pub async fn post_json(&mut self, path: &str, key: &str, body: &serde_json::Value) -> Answer {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        if !key.is_empty() {
            request = request.header("Idempotency-Key", key);
        }
        self.send(request, Body::from(body.to_string())).await
    }

    pub async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let mut request = request;
        if !self.cookies.is_empty() {
            let all: Vec<String> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
            request = request.header(header::COOKIE, all.join("; "));
        }
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let response = self.service.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name)
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned())
            };
        }
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// Talks to another program with the same cookies.
    pub fn set_service(&mut self, service: Router) {
        self.service = service;
    }

    pub async fn method(&mut self, method: Method, path: &str) -> Answer {
        self.send(Request::builder().method(method).uri(path), Body::empty()).await
    }
}

/// A token with which a program calls the API as one of the first accounts, which has its own password by then.
pub async fn api_token(bench: &Bench, login: &str) -> String {
    let shown = bench.logged_in(login).await.post("/account/tokens", &[("change", "new")]).await.text;
    let said = "API token: <span class=\"desk-mono\">";
    let from = shown.find(said).expect("a token") + said.len();
    shown[from..].split('<').next().unwrap().to_owned()
}

/// A port of this machine that nobody uses at the moment.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

pub fn escape(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() || b"-._~".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// A detainer on paper, entered by a clerk up to the questions. Gives the request's number.
pub async fn enter(browser: &mut Browser, file: &str, name: &str) -> String {
    let done = browser
        .post(
            "/new",
            &[
                ("received", "2026-11-20T16:30"),
                ("file", file),
                ("name", name),
                ("release", "2026-11-21T09:00"),
                ("request.kind", "detainer"),
                ("request.requester", "ice"),
                ("request.process", "administrative"),
                ("action", "hold"),
                ("action", "notify-release"),
                ("mode", "one"),
            ],
        )
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    done.location().split('/').nth(2).unwrap().to_owned()
}

/// Determines a request with what is known.
pub async fn determine(browser: &mut Browser, id: &str) {
    let done = browser.post(&format!("/requests/{id}/determine"), &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}
