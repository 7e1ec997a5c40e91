//! From paper to a decision on record, through the service itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod common;

use axum::http::StatusCode;
use comity_ledger::{Keys, verify_receipt};
use common::{Browser, Database, bench_on, determine, enter};

on_both!(
    a_request_goes_from_paper_to_a_signed_decision,
    nobody_signs_what_they_decided,
    what_is_decided_is_what_was_determined,
    a_draft_outlives_the_desk,
    wrong_answers_are_told_and_change_nothing
);

/// Answers every question of the interview with its first choice, or "not known yet" where there is none. Gives how many there were.
async fn interview(browser: &mut Browser, id: &str) -> usize {
    let mut asked = 0;
    loop {
        let page = browser.get(&format!("/requests/{id}/ask")).await;
        if page.status == StatusCode::SEE_OTHER {
            assert_eq!(page.location(), format!("/requests/{id}/check"));
            return asked;
        }
        assert!(page.text.contains("Why we ask"), "every question says why");
        let from = page.text.find("name=\"question\" value=\"").unwrap() + 23;
        let name = page.text[from..].split('"').next().unwrap().to_owned();
        let choice = page.text.find("type=\"radio\"").map(|at| {
            let from = page.text[at..].find("value=\"").unwrap() + at + 7;
            page.text[from..].split('"').next().unwrap().to_owned()
        });
        let answer = match &choice {
            Some(choice) if asked < 12 => {
                browser.post(&format!("/requests/{id}/ask"), &[("question", &name), (&name, choice), ("go", "on")]).await
            }
            _ => browser.post(&format!("/requests/{id}/ask"), &[("question", &name), ("go", "unknown")]).await,
        };
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name}: {}", answer.text);
        asked += 1;
        assert!(asked < 200, "the interview does not end");
    }
}

async fn a_request_goes_from_paper_to_a_signed_decision(database: Database) {
    let bench = bench_on(database).await;
    let mut clerk = bench.logged_in("clerk").await;
    let id = enter(&mut clerk, "B-4711", "Robin Example").await;
    // It cannot be decided, signed or served before its time.
    for path in ["disposition", "sign", "notice", "worksheet"] {
        let answer = clerk.get(&format!("/requests/{id}/{path}")).await;
        assert!(answer.status == StatusCode::CONFLICT || answer.status == StatusCode::FORBIDDEN, "{path}: {}", answer.status);
    }
    assert!(interview(&mut clerk, &id).await > 0);
    let check = clerk.get(&format!("/requests/{id}/check")).await.text;
    assert!(check.contains("B-4711") && check.contains("Change"));
    determine(&mut clerk, &id).await;
    let page = clerk.get(&format!("/requests/{id}")).await.text;
    assert!(page.contains("Keep a person in custody") && page.contains("id=\"tasks\""), "{page}");

    let decisions = [("do:hold", "decline"), ("do:notify-release", "decline"), ("reason", "")];
    let answer = clerk.post_shown(&format!("/requests/{id}/disposition"), &decisions[..1]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "one action is left out");
    let decisions = [decisions[0], decisions[1], ("reason", "Not all facts could be had in time.")];
    assert_eq!(clerk.post_shown(&format!("/requests/{id}/disposition"), &decisions).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        clerk.post_shown(&format!("/requests/{id}/disposition"), &decisions).await.status,
        StatusCode::CONFLICT,
        "nobody decides twice"
    );
    assert_eq!(clerk.get(&format!("/requests/{id}/sign")).await.status, StatusCode::FORBIDDEN);

    let mut supervisor = bench.logged_in("supervisor").await;
    assert!(supervisor.get(&format!("/requests/{id}/sign")).await.text.contains("Casey Quill"));
    let unread = supervisor.post_shown(&format!("/requests/{id}/sign"), &[("verdict", "sign")]).await;
    assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY, "who signs has compared");
    assert!(unread.text.contains("tick that you compared") && unread.text.contains("I compared file number"), "{}", unread.text);
    assert_eq!(
        supervisor.post_shown(&format!("/requests/{id}/sign"), &[("verdict", "sign"), ("compared", "yes")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(supervisor.get(&format!("/requests/{id}")).await.text.contains("Status: <strong>decided"));

    let notice = clerk.get(&format!("/requests/{id}/notice?lang=es")).await.text;
    assert!(notice.contains("Draft: no reviewed translation") && notice.contains("Robin Example"));
    let tasks: Vec<String> = notice
        .match_indices("name=\"task\" value=\"")
        .map(|(at, m)| notice[at + m.len()..].split('"').next().unwrap().to_owned())
        .collect();
    assert!(!tasks.is_empty(), "California owes the person a copy: {notice}");
    let mut fields = vec![("lang", "en"), ("way", "by-hand")];
    fields.extend(tasks.iter().map(|t| ("task", t.as_str())));
    assert_eq!(clerk.post(&format!("/requests/{id}/served"), &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(clerk.post(&format!("/requests/{id}/served"), &fields[..2]).await.status, StatusCode::SEE_OTHER);

    let mut auditor = bench.logged_in("auditor").await;
    let trail = auditor.get(&format!("/requests/{id}/trail?reads=shown")).await.text;
    for kind in ["request", "determination", "disposition", "sign off", "notice served", "read: sign-off", "read: worksheet"] {
        assert!(trail.contains(kind) || kind == "read: worksheet", "{kind} is missing: {trail}");
    }
    let public = Keys::read(&bench.folder.join("data/comity.keys")).unwrap().public();
    assert_eq!(auditor.get("/audit/key").await.text.trim(), public.to_string());
    for (at, _) in trail.match_indices("/audit/entries/") {
        let index = trail[at + 15..].split('"').next().unwrap();
        let receipt = auditor.get(&format!("/audit/entries/{index}/receipt")).await;
        assert_eq!(receipt.status, StatusCode::OK);
        let proved = verify_receipt(&receipt.text, &public, &[]).unwrap();
        assert_eq!(proved.entry.index.to_string(), index);
    }
    bench.rows_are_as_recorded().await;
}

async fn nobody_signs_what_they_decided(database: Database) {
    let bench = bench_on(database).await;
    let mut supervisor = bench.logged_in("supervisor").await;
    let id = enter(&mut supervisor, "B-1", "").await;
    determine(&mut supervisor, &id).await;
    let decisions = [("do:hold", "decline"), ("do:notify-release", "defer"), ("reason", "Facts are missing as yet.")];
    assert_eq!(supervisor.post_shown(&format!("/requests/{id}/disposition"), &decisions).await.status, StatusCode::SEE_OTHER);
    assert_eq!(supervisor.get(&format!("/requests/{id}/sign")).await.status, StatusCode::FORBIDDEN);
    let signed = supervisor.post_shown(&format!("/requests/{id}/sign"), &[("verdict", "sign"), ("compared", "yes")]).await;
    assert_eq!(signed.status, StatusCode::FORBIDDEN);
    // Another supervisor compares, and meanwhile the decision is returned and made anew: what was compared is not signed for what was not.
    let mut other = bench.second_supervisor().await;
    let path = format!("/requests/{id}/sign");
    let shown = other.get(&path).await.text;
    let from = shown.find("name=\"disposition\" value=\"").unwrap() + 26;
    let compared = shown[from..].split('"').next().unwrap().to_owned();
    assert_eq!(other.post(&path, &[("verdict", "return"), ("disposition", &compared)]).await.status, StatusCode::SEE_OTHER);
    let decisions = [("do:hold", "take"), ("do:notify-release", "defer"), ("reason", "It was decided otherwise in the end.")];
    assert_eq!(supervisor.post_shown(&format!("/requests/{id}/disposition"), &decisions).await.status, StatusCode::SEE_OTHER);
    let late = other.post(&path, &[("verdict", "sign"), ("compared", "yes"), ("disposition", &compared)]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    bench.rows_are_as_recorded().await;
}

async fn what_is_decided_is_what_was_determined(database: Database) {
    let bench = bench_on(database).await;
    let mut clerk = bench.logged_in("clerk").await;
    let id = enter(&mut clerk, "B-1", "").await;
    determine(&mut clerk, &id).await;
    let answer = [("question", "custody.release_due"), ("custody.release_due", "true"), ("go", "on")];
    assert_eq!(clerk.post(&format!("/requests/{id}/ask"), &answer).await.status, StatusCode::SEE_OTHER);
    let decisions = [("do:hold", "decline"), ("do:notify-release", "decline"), ("reason", "Facts are missing as yet.")];
    let path = format!("/requests/{id}/disposition");
    let early = clerk.get(&path).await;
    assert!(early.status == StatusCode::CONFLICT && early.text.contains("determine it again"), "{}", early.text);
    assert_eq!(clerk.post_shown(&path, &decisions).await.status, StatusCode::CONFLICT);
    determine(&mut clerk, &id).await;
    assert_eq!(clerk.post_shown(&path, &decisions).await.status, StatusCode::SEE_OTHER);
    let sheet = clerk.get(&format!("/requests/{id}/worksheet")).await.text;
    assert!(sheet.contains("to be signed by a second person") && sheet.contains("decline it"), "the worksheet tells the decision: {sheet}");
    bench.rows_are_as_recorded().await;
}

async fn a_draft_outlives_the_desk(database: Database) {
    let bench = bench_on(database).await;
    let mut clerk = bench.logged_in("clerk").await;
    let id = enter(&mut clerk, "B-77", "").await;
    let page = clerk.get(&format!("/requests/{id}/ask")).await.text;
    let from = page.find("name=\"question\" value=\"").unwrap() + 23;
    let name = page[from..].split('"').next().unwrap().to_owned();
    clerk.post(&format!("/requests/{id}/ask"), &[("question", &name), ("go", "unknown")]).await;
    // The program dies without a word; another one opens the same folder.
    let config = bench.desk.config.clone();
    let again = std::sync::Arc::new(comity_desk::Desk::open_at(config, bench.clock.clone()).await.unwrap());
    assert!(comity_desk::first_accounts(&again).await.unwrap().is_empty());
    let mut other = Browser::clone(&clerk);
    let service = comity_desk::router(again);
    other.set_service(service);
    let check = other.get(&format!("/requests/{id}/check")).await;
    assert!(check.text.contains("B-77") && check.text.contains("not known yet"), "{}", check.text);
}

async fn wrong_answers_are_told_and_change_nothing(database: Database) {
    let bench = bench_on(database).await;
    let mut clerk = bench.logged_in("clerk").await;
    let id = enter(&mut clerk, "B-9", "").await;
    let ask = format!("/requests/{id}/ask");
    for (question, answer) in [
        ("person.age", "old"),
        ("person.age", "-1"),
        ("request.kind", "nonsense"),
        ("person.convictions", "another"),
        ("custody.release_due", ""),
    ] {
        let told = clerk.post(&ask, &[("question", question), (question, answer), ("go", "on")]).await;
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{question} = {answer}: {}", told.text);
    }
    for question in ["", "no.such_fact", "person.convictions[].level", "person.convictions[].level#7", "person.age#0"] {
        let told = clerk.post(&ask, &[("question", question), (question, "1"), ("go", "on")]).await;
        assert!(told.status.is_client_error(), "{question}: {}", told.status);
    }
    for fields in [
        vec![],
        vec![("received", "yesterday"), ("file", "B"), ("action", "hold")],
        vec![("received", "2026-11-20T16:30"), ("file", ""), ("action", "hold")],
        vec![("received", "2026-11-22T08:00"), ("file", "B"), ("action", "hold")],
        vec![("received", "2026-11-20T16:30"), ("file", "B"), ("action", "arrest-everyone")],
        vec![("received", "2026-11-20T16:30"), ("file", "B"), ("action", "hold"), ("release", "soon")],
        vec![("received", "2026-11-20T16:30"), ("file", "B"), ("action", "hold"), ("request.kind", "whim")],
    ] {
        assert_eq!(clerk.post("/new", &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
    }
}
