//! Signing in with an OpenID provider: what gets in, what does not, and what is recorded of both.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod common;

use axum::http::{StatusCode, header};
use comity_desk::{Config, OpenId, Role, RoleOf};
use common::provider::{CLIENT, Fault, Provider, SECRET};
use common::{Answer, Bench, Browser, START, bench, bench_with};
use serde_json::json;
use std::sync::Arc;

async fn desk_with(provider: &Provider, change: impl FnOnce(&mut Config)) -> Bench {
    let folder = common::folder();
    std::fs::write(folder.join("secret"), format!("{SECRET}\n")).unwrap();
    let role = |value: &str, role| RoleOf { value: value.to_owned(), role };
    let openid = OpenId {
        name: "County sign-in".to_owned(),
        issuer: provider.issuer.clone(),
        client_id: CLIENT.to_owned(),
        secret_file: folder.join("secret"),
        scopes: vec!["profile".to_owned()],
        claim: "groups".to_owned(),
        roles: vec![role("jail-supervisors", Role::Supervisor), role("jail-clerks", Role::Clerk)],
        acr: vec!["urn:two".to_owned()],
    };
    bench_with(|config| {
        config.openid = Some(openid);
        change(config);
    })
    .await
}

async fn start() -> (Arc<Provider>, Bench) {
    let provider = Provider::start(START / 1000).await;
    let bench = desk_with(&provider, |_| {}).await;
    (provider, bench)
}

/// Where a page leads by itself.
fn leads(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.headers[header::REFRESH].to_str().unwrap().strip_prefix("0; url=").unwrap().to_owned()
}

/// Presses the button; gives the address at the provider.
async fn begin(browser: &mut Browser) -> String {
    browser.csrf = browser.get("/log-in").await.csrf();
    let answer = browser.post("/log-in/openid", &[("accept", "yes")]).await;
    leads(&answer)
}

async fn sign_in(browser: &mut Browser, provider: &Provider) -> Answer {
    let address = begin(browser).await;
    browser.get(&provider.sign_in(&address)).await
}

/// The latest entries of a kind, without what is the same in all.
async fn recorded(bench: &Bench, kind: &str) -> Vec<serde_json::Value> {
    let mut auditor = bench.logged_in("auditor").await;
    let page = auditor.get(&format!("/audit?kind={kind}")).await.text;
    let mut found = Vec::new();
    for part in page.split("href=\"/audit/entries/").skip(1) {
        let shown = auditor.get(&format!("/audit/entries/{}", part.split('"').next().unwrap())).await.text;
        let json = shown.split("<pre>").nth(1).unwrap().split("</pre>").next().unwrap().replace("&quot;", "\"");
        found.push(serde_json::from_str(&json).unwrap());
    }
    found
}

#[tokio::test]
async fn who_has_a_role_at_the_provider_gets_in_and_it_is_recorded() {
    let (provider, bench) = start().await;
    let mut browser = bench.browser();
    let done = sign_in(&mut browser, &provider).await;
    assert_eq!(leads(&done), "/desk");
    assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), ["comity"], "nothing of the attempt is left");
    let inbox = browser.get("/desk").await;
    assert!(inbox.status == StatusCode::OK && inbox.text.contains("Robin Keeper, clerk"), "{}", inbox.text);
    let account = browser.get("/account").await.text;
    assert!(account.contains("County sign-in") && !account.contains("Password until now"), "no password of its own: {account}");
    let entries = recorded(&bench, "log-in").await;
    let ours = entries.iter().find(|e| e["public"]["by"] == "openid").expect("an entry of the sign-in");
    assert_eq!((ours["public"]["role"].as_str(), ours["public"]["second_factor"].as_bool()), (Some("clerk"), Some(false)));
    // The same person the second time has the same account; a promotion there is one here, with an entry.
    provider.somebody.lock().unwrap().groups = json!("jail-supervisors");
    assert_eq!(leads(&sign_in(&mut browser, &provider).await), "/desk");
    assert!(browser.get("/desk").await.text.contains("Robin Keeper, supervisor"));
    let again = recorded(&bench, "log-in").await;
    let accounts: Vec<_> = again.iter().filter(|e| e["public"]["by"] == "openid").map(|e| e["actor"].clone()).collect();
    assert_eq!(accounts, [ours["actor"].clone(), ours["actor"].clone()]);
    let changes = recorded(&bench, "configuration").await;
    assert!(changes.iter().any(|e| e["public"]["change"] == "supervisor by the word of the sign-in provider"));
    // Logging out ends the session here, and says that the provider's goes on.
    browser.refresh().await;
    let old = browser.clone();
    let out = browser.post("/log-out", &[]).await;
    assert_eq!(out.location(), "/log-in?out=openid");
    let page = browser.get(out.location()).await.text;
    assert!(page.contains(&format!("{}/end", provider.issuer)), "{page}");
    assert_eq!(old.clone().get("/desk").await.location(), "/log-in");
}

#[tokio::test]
async fn what_the_provider_did_not_say_to_this_desk_now_counts_for_nothing() {
    use Fault::{
        AccessHash, Audience, Expired, Future, Issuer, NoSignature, NoToken, Nonce, OtherKey, Party, SecondAudience, SharedSecret,
    };
    let (provider, bench) = start().await;
    let faults =
        [Nonce, Audience, SecondAudience, Party, Issuer, Expired, Future, NoSignature, SharedSecret, OtherKey, AccessHash, NoToken];
    for fault in faults {
        *provider.fault.lock().unwrap() = fault;
        let mut browser = bench.browser();
        let done = sign_in(&mut browser, &provider).await;
        assert_eq!(done.status, StatusCode::UNAUTHORIZED, "{fault:?}: {}", done.text);
        assert!(done.text.contains("role=\"alert\""), "{fault:?} is told");
        assert!(!browser.cookies.contains_key("comity"), "{fault:?} gave a session");
    }
    assert_eq!(
        recorded(&bench, "log-in-failed").await.iter().filter(|e| e["public"] == json!({"by": "openid", "why": "token"})).count(),
        faults.len()
    );
    let mut admin = bench.logged_in("admin").await;
    assert!(!admin.get("/accounts").await.text.contains("Robin Keeper"), "no account was made");
}

#[tokio::test]
async fn an_answer_counts_once_and_only_in_the_browser_that_asked() {
    let (provider, bench) = start().await;
    let mut mine = bench.browser();
    let answer = provider.sign_in(&begin(&mut mine).await);
    // Somebody else's browser, with and without an attempt of its own.
    let mut other = bench.browser();
    assert_eq!(other.get(&answer).await.status, StatusCode::UNAUTHORIZED);
    let own = provider.sign_in(&begin(&mut other).await);
    assert_eq!(other.get(&answer).await.status, StatusCode::UNAUTHORIZED, "wrong state");
    assert_eq!(other.get(&own).await.status, StatusCode::UNAUTHORIZED, "a wrong state ends the attempt");
    for path in [
        answer.replace("state=", "state=0"),
        answer.replace("&iss=", "&iss=x"),
        answer.replace("code=", "kode="),
        answer.replace("code=code", "code=kode"),
        "/log-in/openid/back".to_owned(),
        "/log-in/openid/back?error=access_denied".to_owned(),
    ] {
        assert_eq!(mine.clone().get(&path).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    let twin = mine.clone();
    assert_eq!(leads(&mine.get(&answer).await), "/desk");
    assert_eq!(twin.clone().get(&answer).await.status, StatusCode::UNAUTHORIZED, "a code is redeemed once");
    // A session that somebody put into this browser before is not the one that it has now.
    let mut fixed = bench.browser();
    fixed.cookies.insert("comity".to_owned(), "f".repeat(64));
    let begun = begin(&mut fixed).await;
    assert_eq!(leads(&fixed.get(&provider.sign_in(&begun)).await), "/desk");
    assert_ne!(fixed.cookies["comity"], "f".repeat(64));
    // Who signs in anew leaves the session before.
    let before = mine.clone();
    begin(&mut mine).await;
    assert_eq!(before.clone().get("/desk").await.location(), "/log-in");
}

#[tokio::test]
async fn an_unknown_subject_gets_no_role_and_who_loses_it_is_out() {
    let (provider, bench) = start().await;
    let mut known = bench.browser();
    sign_in(&mut known, &provider).await;
    assert_eq!(known.get("/desk").await.status, StatusCode::OK);
    for groups in [json!(["staff"]), json!([]), json!("jail"), json!({"jail-clerks": true}), json!(7), json!(null)] {
        let mut somebody = common::provider::Somebody { subject: "s-2".to_owned(), groups, amr: json!(["mfa"]) };
        *provider.somebody.lock().unwrap() = somebody.clone();
        let mut browser = bench.browser();
        let done = sign_in(&mut browser, &provider).await;
        assert_eq!(done.status, StatusCode::UNAUTHORIZED, "{somebody:?}");
        assert!(done.text.contains("nothing there gives you a role") && !browser.cookies.contains_key("comity"));
        somebody.subject = "s-1".to_owned();
        *provider.somebody.lock().unwrap() = somebody;
    }
    assert_eq!(sign_in(&mut bench.browser(), &provider).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(known.get("/desk").await.location(), "/log-in", "open sessions end with the role");
}

#[tokio::test]
async fn two_factors_are_asked_of_the_provider_and_no_password_opens_its_accounts() {
    let provider = Provider::start(START / 1000).await;
    let bench = desk_with(&provider, |config| config.second_factor = true).await;
    provider.somebody.lock().unwrap().amr = json!(["pwd"]);
    let refused = sign_in(&mut bench.browser(), &provider).await;
    assert!(refused.status == StatusCode::UNAUTHORIZED && refused.text.contains("two factors"), "{}", refused.text);
    provider.somebody.lock().unwrap().amr = json!(["pwd", "mfa"]);
    let mut browser = bench.browser();
    assert_eq!(leads(&sign_in(&mut browser, &provider).await), "/desk");
    assert_eq!(browser.get("/desk").await.status, StatusCode::OK, "nothing is left to set up here");
    browser.csrf = browser.get("/account").await.csrf();
    let fields = [("old", ""), ("new", common::PASSWORD), ("again", common::PASSWORD)];
    assert_eq!(browser.post("/account/password", &fields).await.status, StatusCode::CONFLICT);
    assert_eq!(browser.post("/account/second-factor", &[("code", "000000")]).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_provider_that_is_down_is_told_with_the_remedy() {
    let (provider, bench) = start().await;
    *provider.fault.lock().unwrap() = Fault::Broken;
    let mut browser = bench.browser();
    browser.csrf = browser.get("/log-in").await.csrf();
    let broken = browser.post("/log-in/openid", &[("accept", "yes")]).await;
    assert_eq!(broken.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(broken.text.contains("County sign-in cannot be reached") && broken.text.contains("local account"), "{}", broken.text);
    // It comes back, then goes away between the two halves of a sign-in.
    *provider.fault.lock().unwrap() = Fault::None;
    let address = begin(&mut browser).await;
    provider.stop();
    tokio::task::yield_now().await;
    let cut = browser.get(&provider.sign_in(&address)).await;
    assert!(cut.status == StatusCode::UNAUTHORIZED && cut.text.contains("Sign in once more"), "{}", cut.text);
    // The desk itself goes on.
    assert_eq!(bench.logged_in("clerk").await.get("/desk").await.status, StatusCode::OK);
    std::fs::write(&bench.desk.config.openid.as_ref().unwrap().secret_file, " \n").unwrap();
    browser.csrf = browser.get("/log-in").await.csrf();
    let empty = browser.post("/log-in/openid", &[("accept", "yes")]).await;
    assert!(empty.status == StatusCode::SERVICE_UNAVAILABLE && empty.text.contains("not set up"), "{}", empty.text);
}

#[tokio::test]
async fn the_notice_comes_first_and_where_no_provider_is_nothing_is_shown() {
    let (_provider, bench) = start().await;
    let mut browser = bench.browser();
    browser.csrf = browser.get("/log-in").await.csrf();
    let refused = browser.post("/log-in/openid", &[]).await;
    assert!(refused.status == StatusCode::UNAUTHORIZED && refused.text.contains("notice has to be accepted"));
    assert_eq!(
        bench.browser().post_raw("/log-in/openid", &[("accept", "yes")]).await.status,
        StatusCode::FORBIDDEN,
        "no form of this desk"
    );
    let plain = self::bench().await;
    let mut browser = plain.browser();
    let page = browser.get("/log-in").await;
    assert!(!page.text.contains("openid"));
    browser.csrf = page.csrf();
    assert_eq!(browser.post("/log-in/openid", &[("accept", "yes")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/log-in/openid/back?code=x&state=y").await.status, StatusCode::NOT_FOUND);
}

#[test]
fn wrong_settings_are_told() {
    let text = |issuer: &str, role: &str| {
        format!(
            "[openid]\nname = \"County\"\nissuer = \"{issuer}\"\nclient_id = \"comity\"\nsecret_file = \"secret\"\nclaim = \"groups\"\nroles = [{{ value = \"a\", role = \"{role}\" }}]\n"
        )
    };
    assert!(Config::parse(&text("https://login.example.gov", "clerk")).is_ok());
    for (issuer, role, says) in [
        ("http://login.example.gov", "clerk", "no address with https"),
        ("http://127.0.0.1.example.gov", "clerk", "no address with https"),
        ("ftp://x", "clerk", "no address with https"),
        ("https://login.example.gov", "sheriff", "the roles are clerk, supervisor"),
    ] {
        let told = Config::parse(&text(issuer, role)).unwrap_err().to_string();
        assert!(told.contains(says), "{told}");
    }
    let nobody = text("https://login.example.gov", "clerk").replace("{ value = \"a\", role = \"clerk\" }", "");
    assert!(Config::parse(&nobody).unwrap_err().to_string().contains("gives no role to anyone"));
}
