//! Every link leads somewhere: whoever sees it may follow it, and what it points at within a page is there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod common;

use axum::http::StatusCode;
use common::{Browser, bench, determine, enter};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// So many pages of one kind are looked at for each role.
const OF_A_KIND: usize = 3;

/// The links of a page, as addresses of this desk.
fn links(page: &str) -> impl Iterator<Item = String> {
    let hrefs = page.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    hrefs.filter(|href| href.starts_with('/')).map(|href| href.replace("&amp;", "&"))
}

/// What is looked at together: `/law/place/…?`, `/requests/…/trail`.
fn kind(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parts: Vec<&str> = path.split('/').collect();
    let names = parts
        .iter()
        .enumerate()
        .map(|(at, part)| if at == 3 && parts[1] == "law" || part.bytes().any(|b| b.is_ascii_digit()) { "…" } else { part });
    let keys: Vec<&str> = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default()).collect();
    format!("{}?{}", names.collect::<Vec<_>>().join("/"), keys.join("&"))
}

/// Follows the links that this browser sees; gives how many pages it looked at.
async fn follow(role: &str, browser: &mut Browser, from: &[&str]) -> usize {
    let mut queue: VecDeque<(String, String)> = from.iter().map(|path| ((*path).to_owned(), "the start".to_owned())).collect();
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut of_a_kind: BTreeMap<String, usize> = BTreeMap::new();
    let mut anchors: BTreeSet<(String, String, String)> = BTreeSet::new();
    while let Some((link, seen_on)) = queue.pop_front() {
        let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
        if !anchor.is_empty() {
            anchors.insert((path.to_owned(), anchor.to_owned(), seen_on.clone()));
        }
        let many = of_a_kind.entry(kind(path)).or_default();
        if known.contains_key(path) || *many >= OF_A_KIND {
            continue;
        }
        *many += 1;
        let answer = browser.get(path).await;
        let fine = [StatusCode::OK, StatusCode::SEE_OTHER, StatusCode::PERMANENT_REDIRECT].contains(&answer.status);
        assert!(fine, "{role}: {path}, linked on {seen_on}, gives {}: {}", answer.status, answer.text);
        queue.extend(links(&answer.text).map(|link| (link, path.to_owned())));
        known.insert(path.to_owned(), answer.text);
    }
    for (path, anchor, seen_on) in anchors {
        if let Some(page) = known.get(&path).filter(|page| page.contains("<html")) {
            assert!(page.contains(&format!("id=\"{anchor}\"")), "{role}: {path} has no #{anchor}, linked on {seen_on}");
        }
    }
    known.len()
}

#[tokio::test]
async fn whoever_sees_a_link_may_follow_it() {
    let bench = bench().await;
    let mut clerk = bench.logged_in("clerk").await;
    let draft = enter(&mut clerk, "B-1", "").await;
    let decided = enter(&mut clerk, "B-2", "").await;
    determine(&mut clerk, &decided).await;
    let decisions = [("do:hold", "decline"), ("do:notify-release", "take"), ("reason", "As the order of the sheriff says.")];
    assert_eq!(clerk.post_shown(&format!("/requests/{decided}/disposition"), &decisions).await.status, StatusCode::SEE_OTHER);
    let (draft, decided) = (format!("/requests/{draft}"), format!("/requests/{decided}"));
    let law = ["/", "/law", "/law/map", "/law/compare", "/law/place/us-ca", "/law/place/us-tx", "/law/place/us-il/cook-county"];
    assert!(follow("nobody", &mut bench.browser(), &law).await > 20);
    for role in ["clerk", "supervisor", "counsel", "auditor", "admin"] {
        let mut browser = bench.logged_in(role).await;
        let starts = if role == "admin" { vec!["/accounts", "/account"] } else { vec!["/desk", &draft, &decided] };
        let seen = follow(role, &mut browser, &starts).await;
        assert!(seen > 10, "{role} saw {seen} pages");
    }
}
