//! The drill of a change of the law: a norm that starts tomorrow opens exactly the right reviews.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod common;

use axum::http::StatusCode;
use common::{Bench, Browser, Database, bench_on_with, determine, enter};
use std::path::Path;

on_both!(a_norm_that_starts_tomorrow_opens_exactly_the_right_reviews);

/// A small body of law for two counties.
fn law(folder: &Path) {
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../law");
    std::fs::create_dir_all(folder).unwrap();
    std::fs::copy(whole.join("vocabulary.toml"), folder.join("vocabulary.toml")).unwrap();
    let place = |name: &str| format!("name = \"{name}\"\n\n[[coverage]]\nsource = \"invented for a test\"\nsearched_until = 2030-01-01\n");
    write("us/place.toml", &place("United States"));
    write("us/ca/place.toml", &place("California"));
    write("us/ca/kern-county/place.toml", &place("Kern County"));
    write("us/ca/alameda-county/place.toml", &place("Alameda County"));
    write("us/ca/us-ca-sample.toml", &instrument("Sample state law", "statute", "2020-01-01", "hold", "permits", None));
}

fn instrument(title: &str, kind: &str, from: &str, action: &str, does: &str, binds: Option<&str>) -> String {
    let binds = binds.map(|b| format!("binds = \"{b}\"\n")).unwrap_or_default();
    format!(
        "title = \"{title}\"\ncite = \"{title} § 1\"\nkind = \"{kind}\"\nin_force = {{ from = {from} }}\n{binds}\
         checked = {{ on = 2026-11-01, confidence = \"high\", against = [\"invented for a test\"] }}\n\n\
         [[norm]]\nid = \"one\"\ncite = \"(a)\"\n{does} = [\"{action}\"]\nsays = \"An invented rule.\"\n"
    )
}

async fn desk(database: Database, folder: &Path, data: &Path) -> Bench {
    let (law, data) = (folder.to_owned(), data.to_owned());
    bench_on_with(database, move |config| {
        config.law = Some(law);
        config.data = data;
    })
    .await
}

/// The titles of the open reviews.
async fn open(browser: &mut Browser) -> Vec<String> {
    let page = browser.get("/reviews").await;
    assert_eq!(page.status, StatusCode::OK);
    let rows = page.text.split("data-label=\"Change\">").skip(1);
    rows.map(|row| row.split("<div").next().unwrap().to_owned()).collect()
}

async fn a_norm_that_starts_tomorrow_opens_exactly_the_right_reviews(database: Database) {
    let folder = common::folder();
    let (bundle, data) = (folder.join("law"), folder.join("data"));
    law(&bundle);
    let bench = desk(database, &bundle, &data).await;
    comity_desk::look_at_law(&bench.desk).await.unwrap();
    let mut clerk = bench.logged_in("clerk").await;
    let mut counsel = bench.logged_in("counsel").await;
    assert!(open(&mut counsel).await.is_empty(), "the past is no news to a new desk");
    // Two requests: one that the new norm decides otherwise, one that it does not touch.
    let touched = enter(&mut clerk, "B-1", "").await;
    clerk
        .post(&format!("/requests/{touched}/ask"), &[("question", "custody.release_due"), ("custody.release_due", "true"), ("go", "on")])
        .await;
    determine(&mut clerk, &touched).await;
    let fields = [("received", "2026-11-20T16:30"), ("file", "B-2"), ("action", "interview-access"), ("mode", "one")];
    let other = clerk.post("/new", &fields).await.location().split('/').nth(2).unwrap().to_owned();
    determine(&mut clerk, &other).await;

    // Tomorrow here: 2026-11-21. What touches other places, other kinds of agency, or a day too far ahead, opens nothing.
    let write = |path: &str, text: String| std::fs::write(bundle.join(path), text).unwrap();
    write("us/ca/kern-county/us-ca-kern-county-new.toml", instrument("New ordinance", "ordinance", "2026-11-21", "hold", "forbids", None));
    write(
        "us/ca/alameda-county/us-ca-alameda-county-new.toml",
        instrument("Elsewhere", "ordinance", "2026-11-21", "hold", "forbids", None),
    );
    write(
        "us/ca/us-ca-police.toml",
        instrument("For police only", "statute", "2026-11-21", "hold", "forbids", Some("agency.kind == 'police'")),
    );
    write("us/ca/us-ca-later.toml", instrument("Later", "statute", "2027-03-01", "hold", "forbids", None));
    let config = bench.desk.config.clone();
    let again = std::sync::Arc::new(comity_desk::Desk::open_at(config, bench.clock.clone()).await.unwrap());
    assert_eq!(comity_desk::look_at_law(&again).await.unwrap(), 1);
    assert_eq!(comity_desk::look_at_law(&again).await.unwrap(), 0, "looking twice opens nothing twice");
    counsel.set_service(comity_desk::router(again.clone()));
    let mut titles = open(&mut counsel).await;
    titles.sort();
    assert_eq!(titles.len(), 2, "{titles:?}");
    assert!(titles[0].starts_with("On 2026-11-21 the law begins: New ordinance"));
    assert!(titles[1].contains("would decide this request otherwise"));
    let page = counsel.get("/reviews").await.text;
    assert!(page.contains(&format!("/requests/{touched}")) && !page.contains(&format!("/requests/{other}")));
    // Reviewed, with the entry that says so.
    let from = page.find("href=\"/reviews/").unwrap() + 6;
    let path = page[from..].split('"').next().unwrap().to_owned();
    assert_eq!(counsel.post(&path, &[("note", "")]).await.status, StatusCode::BAD_REQUEST, "something has to be looked at");
    assert_eq!(
        counsel.post(&path, &[("point", "accounts"), ("point", "feeds"), ("note", "Two logins closed.")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(open(&mut counsel).await.len(), 1);
    // Ninety days on, what was too far ahead comes up by itself.
    bench.clock.pass(75 * 24 * 60);
    assert_eq!(comity_desk::look_at_law(&again).await.unwrap(), 1);
    bench.rows_are_as_recorded().await;
    drop(bench);
    let _ = std::fs::remove_dir_all(folder);
}
