//! The desk's own rows held against the record: whoever has the database cannot change what staff see without being found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod common;

use axum::http::StatusCode;
use comity_desk::{Health, differences, examine};
use comity_ledger::Store;
use common::{bench, determine, enter};

/// What is done to the rows, and what is said about it.
const TAMPERED: [(&str, &str); 24] = [
    ("UPDATE request SET status = 'decided' WHERE status = 'determined'", "status is `decided`, by the entries `determined`"),
    ("UPDATE request SET outcomes = replace(outcomes, 'hold: ', 'hold: not ')", "outcomes is `hold: not "),
    ("UPDATE request SET decided_by = 'a-nobody' WHERE decided_by IS NOT NULL", "decided_by is `a-nobody`"),
    ("UPDATE request SET created_by = 'a-nobody'", "created_by is `a-nobody`"),
    ("UPDATE request SET received = '2026-11-19T16:30'", "received is `2026-11-19T16:30`"),
    ("UPDATE request SET determination = determination - 1 WHERE disposition IS NOT NULL", "determination is "),
    ("UPDATE request SET disposition = NULL WHERE disposition IS NOT NULL", "disposition is ``"),
    ("UPDATE request SET actions = 'hold'", "actions is `hold`, by the entries `hold, notify-release`"),
    ("DELETE FROM task WHERE kind = 'notice'", "is missing, though an entry says that it is due"),
    ("UPDATE task SET status = 'void' WHERE kind = 'duty' AND status = 'open'", "it is void, though an entry says that it is due"),
    ("UPDATE task SET due = 1 WHERE status = 'open'", "its deadline is not the one that the entry says"),
    (
        "UPDATE task SET status = 'done', done_by = 'a-nobody', entry = 3, done = 1 WHERE kind = 'duty' AND status = 'open'",
        "marked as done, but not as an entry says",
    ),
    ("UPDATE task SET status = 'open' WHERE kind = 'sign-off'", "an entry says that it was done, and it is not marked so"),
    ("UPDATE task SET done_by = 'a-nobody' WHERE status = 'done'", "marked as done, but not as an entry says"),
    ("UPDATE task SET status = 'later' WHERE status = 'open'", "its status `later` does not exist"),
    ("UPDATE task SET title = 'Hold the person' WHERE status = 'open' AND kind <> 'sign-off'", "it says something else than the entry"),
    ("UPDATE task SET kind = 'duty' WHERE kind = 'notice' AND status = 'open'", "it says something else than the entry"),
    (
        "INSERT INTO task SELECT '', request, kind, 'invented', title, cite, due, due_says, status, created, done, done_by, entry FROM task WHERE status = 'open' LIMIT 1",
        "task without a name",
    ),
    ("UPDATE account SET name = 'Another Name' WHERE login = 'clerk'", "were changed without an entry"),
    ("UPDATE account SET role = 'administrator' WHERE login = 'clerk'", "were changed without an entry"),
    (
        "UPDATE account SET password = (SELECT password FROM account WHERE login = 'clerk') WHERE login = 'supervisor'",
        "were changed without an entry",
    ),
    ("UPDATE account SET disabled = 1 WHERE login = 'auditor'", "were changed without an entry"),
    (
        "INSERT INTO account SELECT 'a-new', 'new', name, role, password, 0, 0, 0, created, 0, keyring, NULL, 0, NULL FROM account WHERE login = 'clerk'",
        "no entry says that it was made",
    ),
    (
        "INSERT INTO request SELECT '2026-9999', person, status, created, created_by, received, changed, actions, outcomes, determination, disposition, decided_by FROM request LIMIT 1",
        "no entry says that it came in",
    ),
];

#[tokio::test]
async fn whatever_is_changed_beside_the_record_is_found() {
    let bench = bench().await;
    let mut clerk = bench.logged_in("clerk").await;
    let mut supervisor = bench.logged_in("supervisor").await;
    bench.logged_in("auditor").await;
    enter(&mut clerk, "B-0", "").await;
    let open = enter(&mut clerk, "B-1", "").await;
    determine(&mut clerk, &open).await;
    let id = enter(&mut clerk, "B-2", "").await;
    for (fact, value) in [("custody.release_due", "true"), ("request.reviewed_by_judge", "false")] {
        clerk.post(&format!("/requests/{id}/ask"), &[("question", fact), (fact, value), ("go", "on")]).await;
    }
    determine(&mut clerk, &id).await;
    let decisions = [("do:hold", "decline"), ("do:notify-release", "take"), ("reason", "As the sheriff's order says.")];
    assert_eq!(clerk.post_shown(&format!("/requests/{id}/disposition"), &decisions).await.status, StatusCode::SEE_OTHER);
    let signed = supervisor.post_shown(&format!("/requests/{id}/sign"), &[("verdict", "sign"), ("compared", "yes")]).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER);
    bench.rows_are_as_recorded().await;

    let config = bench.desk.config.clone();
    let said = examine(&config, false).await;
    assert_eq!(said.iter().find(|f| f.about == "desk").unwrap().health, Health::Good, "{said:?}");
    bench.desk.close().await;
    let file = config.data.join("comity.db");
    let copy = config.data.join("copy.db");
    for (sql, expected) in TAMPERED {
        std::fs::copy(&file, &copy).unwrap();
        let store = Store::open(&copy.display().to_string()).await.unwrap();
        let changed = sqlx::query(sql).execute(store.pool()).await.unwrap().rows_affected();
        assert!(changed > 0, "nothing is changed by {sql}");
        let found = differences(&store).await.unwrap().unwrap();
        assert!(!found.is_empty() && found.iter().all(|line| line.contains(expected)), "{sql}: {found:#?}");
        store.close().await;
    }
    // A request that is gone takes its tasks along: each is told.
    let store = Store::open(&config.database_url()).await.unwrap();
    sqlx::query("DELETE FROM request WHERE id = $1").bind(&open).execute(store.pool()).await.unwrap();
    let found = differences(&store).await.unwrap().unwrap();
    assert!(found.contains(&format!("request {open}: its row is missing")), "{found:#?}");
    store.close().await;
    let said = examine(&config, false).await;
    assert_eq!(said.iter().find(|f| f.about == "desk").unwrap().health, Health::Bad, "{said:?}");
}
