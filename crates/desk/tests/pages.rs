//! What pages say: the inbox, the trail, the comparison, facts in words, departures, notices, times.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod common;

use axum::http::StatusCode;
use common::{Bench, Browser, Database, bench, bench_on, determine, enter};

on_both!(the_inbox_goes_request_by_request, a_departure_brings_the_duties_of_the_course_that_was_chosen);

/// Answers some questions, and determines.
async fn answered(browser: &mut Browser, id: &str, answers: &[(&str, &str)]) {
    for (fact, answer) in answers {
        let done = browser.post(&format!("/requests/{id}/ask"), &[("question", fact), (fact, answer), ("go", "on")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{fact}: {}", done.text);
    }
    determine(browser, id).await;
}

/// Where each text stands in a page; they have to come in this order.
fn in_order(page: &str, texts: &[&str]) {
    let mut from = 0;
    for text in texts {
        let at = page[from..].find(text);
        from += at.unwrap_or_else(|| panic!("“{text}” does not follow: {page}")) + text.len();
    }
}

async fn the_inbox_goes_request_by_request(database: Database) {
    let bench = bench_on(database).await;
    let mut clerk = bench.logged_in("clerk").await;
    let quiet = enter(&mut clerk, "B-1", "").await;
    let due = enter(&mut clerk, "B-2", "").await;
    determine(&mut clerk, &due).await;
    let unsigned = enter(&mut clerk, "B-3", "").await;
    determine(&mut clerk, &unsigned).await;
    let decisions = [("do:hold", "decline"), ("do:notify-release", "decline"), ("reason", "Facts are missing as yet.")];
    assert_eq!(clerk.post_shown(&format!("/requests/{unsigned}/disposition"), &decisions).await.status, StatusCode::SEE_OTHER);

    let (quiet, due, waiting) = (format!("id=\"r-{quiet}\""), format!("id=\"r-{due}\""), format!("id=\"r-{unsigned}\""));
    let page = clerk.get("/desk").await.text;
    for card in [&quiet, &due, &waiting] {
        assert_eq!(page.matches(card.as_str()).count(), 1, "each request stands once: {page}");
    }
    // Who cannot sign is not told to; the oldest of what is due comes first.
    assert!(!page.contains("To be signed by you"));
    in_order(&page, &["Due: 2", &due, &waiting, "Under way: 1", &quiet]);
    assert!(page.contains("Hold: undetermined"), "{page}");

    let mut supervisor = bench.logged_in("supervisor").await;
    let page = supervisor.get("/desk").await.text;
    in_order(&page, &["To be signed by you: 1", &waiting, "Sign request", "Due: 1", &due, "Under way: 1", &quiet]);

    // What is overdue comes before what is due.
    let store = store(&bench).await;
    let id = due.split("r-").nth(1).unwrap().trim_end_matches('"');
    let late = sqlx::query("UPDATE task SET due = $2 WHERE request = $1").bind(id).bind(common::START - 60_000);
    late.execute(store.pool()).await.unwrap();
    in_order(
        &clerk.get("/desk").await.text,
        &["Overdue: 1", &due, "Overdue since 2026-11-20 16:59 PST", "Due: 1", &waiting, "Under way: 1", &quiet],
    );
    in_order(&supervisor.get("/desk").await.text, &["To be signed by you: 1", &waiting, "Overdue: 1", &due]);
}

/// A pool on the database of a desk, for what a desk would take long to enter.
async fn store(bench: &Bench) -> comity_ledger::Store {
    comity_ledger::Store::open(&bench.desk.config.database_url()).await.unwrap()
}

#[tokio::test]
async fn an_inbox_of_several_hundred_tasks_is_fast_and_keeps_signatures() {
    let bench = bench().await;
    let mut clerk = bench.logged_in("clerk").await;
    let unsigned = enter(&mut clerk, "B-1", "").await;
    determine(&mut clerk, &unsigned).await;
    let decisions = [("do:hold", "decline"), ("do:notify-release", "decline"), ("reason", "Facts are missing as yet.")];
    assert_eq!(clerk.post_shown(&format!("/requests/{unsigned}/disposition"), &decisions).await.status, StatusCode::SEE_OTHER);
    let store = store(&bench).await;
    let mut tx = store.pool().begin().await.unwrap();
    for n in 0..300 {
        let id = format!("2025-{n:04}");
        sqlx::query(
            "INSERT INTO request (id, person, status, created, created_by, received, changed, actions, outcomes, determination, disposition, decided_by) \
             VALUES ($1, NULL, 'determined', $2, 'x', '2025-11-20T16:30', $2, 'hold', 'hold: forbidden', NULL, NULL, NULL)",
        )
        .bind(&id)
        .bind(common::START + n)
        .execute(&mut *tx)
        .await
        .unwrap();
        for k in 0..4 {
            sqlx::query(
                "INSERT INTO task (id, request, kind, source, title, cite, due, due_says, status, created, done, done_by, entry) \
                 VALUES ($1, $2, 'duty', $3, 'Tell the person', 'Code § 1', $4, '', 'open', 1, NULL, NULL, NULL)",
            )
            .bind(format!("t-{n}-{k}"))
            .bind(&id)
            .bind(format!("duty-{k}"))
            .bind(common::START + n * 60_000)
            .execute(&mut *tx)
            .await
            .unwrap();
        }
    }
    tx.commit().await.unwrap();
    let mut supervisor = bench.logged_in("supervisor").await;
    let page = supervisor.get("/desk").await.text;
    // Signatures have no time, and are not what is cut off.
    in_order(
        &page,
        &[
            "To be signed by you: 1",
            &format!("Sign request {unsigned}"),
            "Due: 250",
            "Request 2025-0000",
            "Under way: 50",
            "Shown are the 1000 tasks",
        ],
    );
}

#[tokio::test]
async fn the_trail_shows_what_was_done_and_reads_on_demand() {
    let bench = bench().await;
    let mut clerk = bench.logged_in("clerk").await;
    let id = enter(&mut clerk, "B-1", "").await;
    determine(&mut clerk, &id).await;
    for _ in 0..3 {
        clerk.get(&format!("/requests/{id}")).await;
    }
    let path = format!("/requests/{id}/trail");
    let events = clerk.get(&path).await.text;
    // The determination itself read the answers once.
    assert!(events.contains("left out here: 4.") && !events.contains("read: request page"), "{events}");
    assert!(events.contains("determination") && events.contains("?reads=shown"));
    let all = clerk.get(&format!("{path}?reads=shown")).await.text;
    assert_eq!(all.matches("read: request page").count(), 3, "{all}");
    assert!(all.contains("Leave the reads out"));
}

#[tokio::test]
async fn places_are_compared_by_their_names() {
    let bench = bench().await;
    let mut browser = bench.browser();
    let mut ask = async |one: &str, two: &str| {
        let path = format!("/law/compare?one={}&one_on=2018-03-01&two={}&two_on=2018-03-01", common::escape(one), common::escape(two));
        browser.get(&path).await
    };
    for (one, two) in [
        ("Kern County, California", "harris county, tx"),
        ("us-ca/kern-county", "us-tx/harris-county"),
        ("Kern County", "Harris County, Texas"),
    ] {
        let page = ask(one, two).await;
        assert!(page.text.contains("Kern County, California and Harris County, Texas</h2>"), "{one}, {two}: {}", page.text);
        assert!(page.text.contains("value=\"Harris County, Texas\""), "the form keeps names");
    }
    let several = ask("Franklin County", "California").await;
    assert_eq!(several.status, StatusCode::OK);
    in_order(
        &several.text,
        &["Several places may be meant by “Franklin County”", "value=\"us-oh/franklin-county\"", "Franklin County, Ohio (county)"],
    );
    assert!(several.text.contains("value=\"California\"") && !several.text.contains("id=\"found\""), "{}", several.text);
    let chosen = browser
        .get("/law/compare?one=Franklin+County&one_is=us-oh%2Ffranklin-county&one_on=2018-03-01&two=California&two_on=2018-03-01")
        .await;
    assert!(chosen.text.contains("Franklin County, Ohio and California</h2>"), "{}", chosen.text);
    let none = browser.get("/law/compare?one=Nowhere+at+all&two=California").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    assert!(none.text.contains("No place is called “Nowhere at all”") && none.text.contains("value=\"Nowhere at all\""));
    // What cannot be settled is said with what to do instead.
    let days = "/law/compare?one=us-ny%2Fnew-york-city&one_on=2019-03-22&two=us-ca%2Fsan-bernardino-county&two_on=2018-05-10";
    let unsettled = browser.get(days).await;
    assert!(unsettled.status == StatusCode::OK && unsettled.text.contains("Compare both places on one day"), "{}", unsettled.text);
    // A town that is called like a state has its state behind it.
    assert!(
        browser.get("/law/compare?one=California&two=California,+Missouri").await.text.contains("California and California, Missouri</h2>")
    );
    // `ma` is Massachusetts, not Maine and Maryland too.
    assert!(browser.get("/law/compare?one=Boston,+MA&two=Boston,+MA").await.text.contains("Both sides are the same place"));
    assert!(browser.get("/law/compare").await.text.contains("<option value=\"Alameda County, California\">"));
}

#[tokio::test]
async fn facts_and_conditions_are_said_in_words() {
    let bench = bench().await;
    let mut clerk = bench.logged_in("clerk").await;
    let id = enter(&mut clerk, "B-1", "").await;
    answered(&mut clerk, &id, &[("custody.release_due", "true"), ("custody.arrest_date", "2026-11-19")]).await;
    let check = clerk.get(&format!("/requests/{id}/check")).await.text;
    assert!(check.contains("Keep a person in custody past eligibility for release") && check.contains(">2026-11-19<"), "{check}");
    let decisions = [("do:hold", "decline"), ("do:notify-release", "decline"), ("reason", "Facts are missing as yet.")];
    assert_eq!(clerk.post_shown(&format!("/requests/{id}/disposition"), &decisions).await.status, StatusCode::SEE_OTHER);
    let sign = bench.logged_in("supervisor").await.get(&format!("/requests/{id}/sign")).await.text;
    in_order(&sign, &["Who asks?", "request.requester", ">ICE<"]);
    in_order(&sign, &["When was the present arrest?", "custody.arrest_date", ">2026-11-19<"]);
    in_order(&sign, &["Has the person become eligible for release?", "custody.release_due", ">Yes<"]);
    assert!(!sign.contains("custody.release_due = true"));

    let compare = clerk.get("/law/compare?one=California&one_on=2017-01-28&two=California&two_on=2018-03-01").await.text;
    assert!(compare.contains("<strong>Civil immigration</strong> <code class=\"desk-name\">request.purpose</code>"), "{compare}");
    let instrument = clerk.get("/law/instrument/us-ca-values-act").await.text;
    assert!(instrument.contains("Tell federal officers when a person will be released"), "{instrument}");
    for at in instrument.match_indices("#term-").map(|(at, m)| at + m.len()) {
        let term = instrument[at..].split('"').next().unwrap();
        assert!(instrument.contains(&format!("id=\"term-{term}\"")), "a term without its meaning: {term}");
    }
    let place = clerk.get("/law/place/us-ca/kern-county?on=2018-03-01").await.text;
    assert!(place.contains("<code class=\"desk-name\">") && place.contains("#term-"), "{place}");
}

async fn a_departure_brings_the_duties_of_the_course_that_was_chosen(database: Database) {
    let bench = bench_on(database).await;
    let mut clerk = bench.logged_in("clerk").await;
    let mut supervisor = bench.logged_in("supervisor").await;
    let fields = [
        ("received", "2026-11-20T16:30"),
        ("file", "B-1"),
        ("request.kind", "detainer"),
        ("request.requester", "ice"),
        ("request.process", "administrative"),
        ("action", "hold"),
        ("mode", "one"),
    ];
    let id = clerk.post("/new", &fields).await.location().split('/').nth(2).unwrap().to_owned();
    answered(&mut clerk, &id, &[("custody.release_due", "true"), ("request.purpose", "civil-immigration")]).await;
    let page = clerk.get(&format!("/requests/{id}")).await.text;
    assert!(page.contains("desk-verdict--forbidden"), "California forbids the hold: {page}");
    assert!(!page.contains("If it is done") && !page.contains("id=\"departure\""), "{page}");
    let decisions = [("do:hold", "take"), ("reason", "An invented reason for a departure.")];
    assert_eq!(clerk.post_shown(&format!("/requests/{id}/disposition"), &decisions).await.status, StatusCode::SEE_OTHER);
    let records = "Records of the access that ICE was given are public records";
    for page in [clerk.get(&format!("/requests/{id}")).await.text, supervisor.get(&format!("/requests/{id}/sign")).await.text] {
        in_order(
            &page,
            &["What follows from the departure", "attach to doing it", "Not computed: what a law attaches to the departure itself"],
        );
        in_order(&page, &["If it is done", records]);
    }
    let signed = supervisor.post_shown(&format!("/requests/{id}/sign"), &[("verdict", "sign"), ("compared", "yes")]).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER);
    let page = clerk.get(&format!("/requests/{id}")).await.text;
    in_order(&page, &["id=\"tasks\"", records, "What follows from the departure"]);
}

#[tokio::test]
async fn duties_that_were_not_computed_are_not_passed_over() {
    let folder = common::folder();
    let bench = common::bench_with(|config| config.data = folder.join("data")).await;
    let mut clerk = bench.logged_in("clerk").await;
    let id = enter(&mut clerk, "B-1", "").await;
    answered(&mut clerk, &id, &[("custody.release_due", "true"), ("request.purpose", "civil-immigration")]).await;
    // The law in use is another by the time of the decision.
    let mut config = bench.desk.config.clone();
    let law = folder.join("law");
    copy(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../law"), &law);
    let vocabulary = std::fs::read_to_string(law.join("vocabulary.toml")).unwrap();
    std::fs::write(law.join("vocabulary.toml"), format!("{vocabulary}\n# changed\n")).unwrap();
    config.law = Some(law);
    let again = std::sync::Arc::new(comity_desk::Desk::open_at(config, bench.clock.clone()).await.unwrap());
    clerk.set_service(comity_desk::router(again));
    let decisions = [("do:hold", "take"), ("do:notify-release", "defer"), ("reason", "An invented reason for a departure.")];
    assert_eq!(clerk.post_shown(&format!("/requests/{id}/disposition"), &decisions).await.status, StatusCode::SEE_OTHER);
    let page = clerk.get(&format!("/requests/{id}")).await.text;
    in_order(&page, &["What follows from the departure", "The duties of doing it were not computed when this was recorded."]);
    let _ = std::fs::remove_dir_all(folder);
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() { copy(&entry.path(), &target) } else { _ = std::fs::copy(entry.path(), target).unwrap() }
    }
}

#[tokio::test]
async fn no_notice_is_chosen_for_the_clerk() {
    let bench = bench().await;
    let mut clerk = bench.logged_in("clerk").await;
    let id = enter(&mut clerk, "B-1", "Robin Example").await;
    determine(&mut clerk, &id).await;
    let page = clerk.get(&format!("/requests/{id}/notice")).await.text;
    let form = &page[page.find("id=\"served\"").unwrap()..];
    assert!(form.contains("name=\"task\"") && !form.contains(" checked"), "{form}");
    let task = form.split("name=\"task\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let path = format!("/requests/{id}/served");
    // Each time the form keeps what was chosen, and nothing is recorded.
    let none = clerk.post(&path, &[("lang", "es"), ("way", "mail")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        none.text.contains("Which notice was given?</strong>: choose at least one") && none.text.contains("value=\"es\""),
        "{}",
        none.text
    );
    assert!(none.text.contains("value=\"mail\" checked") && none.text.contains("Robin Example"));
    let how = clerk.post(&path, &[("lang", "en"), ("task", &task)]).await;
    assert_eq!(how.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        how.text.contains("How was it served?</strong>: choose how") && how.text.contains(&format!("value=\"{task}\" checked")),
        "{}",
        how.text
    );
    assert!(!clerk.get(&format!("/requests/{id}/trail")).await.text.contains("notice served"));
    assert_eq!(clerk.post(&path, &[("lang", "en"), ("task", &task), ("way", "by-hand")]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn times_are_those_of_the_agency_with_their_zone() {
    let bench = bench().await;
    let mut supervisor = bench.logged_in("supervisor").await;
    let id = enter(&mut supervisor, "B-1", "").await;
    determine(&mut supervisor, &id).await;
    assert!(supervisor.get("/new").await.text.contains("Time at the agency (PST)"));
    for path in [format!("/requests/{id}"), "/desk".to_owned(), format!("/requests/{id}/worksheet"), format!("/requests/{id}/check")] {
        assert!(supervisor.get(&path).await.text.to_lowercase().contains("eceived 2026-11-20 16:30 pst"), "{path}");
    }
    for path in ["/audit", "/account"] {
        assert!(supervisor.get(path).await.text.contains("2026-11-20 17:00 PST"), "{path}");
    }
    let entry = supervisor.get("/audit/entries/0").await.text;
    in_order(&entry, &["2026-11-20 17:00 PST", "Its time is UTC", "2026-11-21T01:00"]);
}

#[tokio::test]
async fn agencies_of_one_name_are_told_apart() {
    let bench = bench().await;
    let page = bench.browser().get("/law/place/us-ca").await.text;
    let options: Vec<&str> = page.split("<option ").skip(1).filter_map(|o| o.split('>').nth(1)?.split('<').next()).collect();
    let mut once = options.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), options.len(), "two agencies read the same");
    assert!(options.iter().any(|o| o.contains("(CA") && o.contains("County, California)")), "{options:?}");
}

#[tokio::test]
async fn a_new_password_is_confirmed() {
    let bench = bench().await;
    let mut clerk = bench.logged_in("clerk").await;
    let fields = [("old", common::PASSWORD), ("new", "another lantern over nine rivers"), ("again", "another lantern over nine rivers")];
    let done = clerk.post("/account/password", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = clerk.get(done.location()).await.text;
    in_order(&page, &["role=\"status\"", "Your password was changed"]);
    assert!(!clerk.get("/account").await.text.contains("Your password was changed"));
}
