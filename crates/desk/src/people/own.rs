//! One's own account: password, second factor, sessions.

use super::{accounts, password, sessions, totp};
use crate::api::tokens;
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::{Fields, User, Visit};
use crate::page::{parts, plain};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use comity_ledger::{EntryKind, NewEntry};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// `GET /account`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, Failure> {
    let done = match asked.done.as_deref() {
        Some("password") => Some("Your password was changed. Your other sessions and your API tokens were ended."),
        Some("second-factor") => Some("The second factor was set up. Your other sessions were ended."),
        _ => None,
    };
    page(&desk, &visit, done.map(Said::Done), None).await
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// What was done before this page was loaded.
    done: Option<String>,
}

/// What is said above the page.
enum Said<'s> {
    Done(&'s str),
    Wrong(&'s str),
}

async fn account(desk: &Desk, user: &User) -> Result<accounts::Account, Failure> {
    accounts::find(&desk.record, &user.account).await?.ok_or_else(Failure::unauthorized)
}

/// The account, if password and second factor are kept here.
async fn local(desk: &Desk, user: &User) -> Result<accounts::Account, Failure> {
    let account = account(desk, user).await?;
    if account.openid.is_none() { Ok(account) } else { Err(Failure::conflict(KEPT_ELSEWHERE)) }
}

/// Why there is no password to change.
pub(crate) const KEPT_ELSEWHERE: &str = "This account signs in with the provider; its password and second factor are kept there";

async fn page(desk: &Desk, visit: &Visit, said: Option<Said<'_>>, token: Option<&str>) -> Result<Markup, Failure> {
    let user = visit.user()?;
    let account = account(desk, user).await?;
    let open = sessions::of(&desk.record, &account.id).await?;
    let tokens = tokens::count(&desk.record, &account.id).await?;
    let secret = if account.has_totp() {
        None
    } else {
        Some(desk.pending.secret(&user.session).ok_or_else(|| Failure::internal("no random bytes"))?)
    };
    let body = html! {
        h1 { "Account of " (account.name) }
        p { "Log-in name " strong { (account.login) } ", role " strong { (account.role.as_str()) } "." }
        @match said {
            Some(Said::Done(text)) => div.usa-alert.usa-alert--success.usa-alert--slim role="status" { div.usa-alert__body { p.usa-alert__text { (text) } } },
            Some(Said::Wrong(text)) => div.usa-alert.usa-alert--error.usa-alert--slim role="alert" { div.usa-alert__body { p.usa-alert__text { (text) } } },
            None => {},
        }
        @if account.must_change {
            div.usa-alert.usa-alert--warning.usa-alert--slim { div.usa-alert__body { p.usa-alert__text { "Your password was given to you. Choose your own before you go on." } } }
        }
        @if let Some(provider) = desk.provider.as_ref().filter(|_| account.openid.is_some()) {
            p { "You sign in with " (provider.settings.name) ". Password and second factor are kept there." }
        } @else {
        section aria-labelledby="pw" {
            h2 #pw { "Password" }
            form.usa-form method="post" action="/account/password" {
                (parts::csrf(visit))
                input type="hidden" name="username" autocomplete="username" value=(account.login);
                label.usa-label for="old" { "Password until now" }
                input.usa-input #old name="old" type="password" autocomplete="current-password" required;
                label.usa-label for="new" { "New password" }
                div.usa-hint #new-hint { "At least 12 characters. A few unrelated words do well." }
                input.usa-input #new name="new" type="password" autocomplete="new-password" aria-describedby="new-hint" required;
                label.usa-label for="again" { "New password once more" }
                input.usa-input #again name="again" type="password" autocomplete="new-password" required;
                button.usa-button type="submit" { "Change password" }
            }
        }
        (second_factor(desk, visit, secret.as_deref()))
        }
        section aria-labelledby="sessions" {
            h2 #sessions { "Where you are logged in" }
            table.usa-table.desk-stack {
                thead { tr { th scope="col" { "Since" } th scope="col" { "Last used" } th scope="col" { "End it" } } }
                tbody { @for s in &open { tr {
                    th scope="row" { (desk.shown(s.created)) }
                    td data-label="Last used" { (desk.shown(s.seen)) }
                    td data-label="End it" {
                        @if s.id == user.session { "this one" }
                        @else { form method="post" action="/account/sessions/end" { (parts::csrf(visit)) input type="hidden" name="id" value=(s.id);
                            button.usa-button.usa-button--outline type="submit" aria-label={ "End the session since " (desk.shown(s.created)) } { "End" } } }
                    }
                } } }
            }
        }
        (programs(visit, tokens, token))
    };
    Ok(plain(desk, visit, "Account", body))
}

/// Tokens by which programs act as this person; only the person gives them.
fn programs(visit: &Visit, tokens: i64, token: Option<&str>) -> Markup {
    let button = |change: &str, says: &str| {
        html! {
            form method="post" action="/account/tokens" {
                (parts::csrf(visit))
                input type="hidden" name="change" value=(change);
                button.usa-button.usa-button--outline type="submit" { (says) }
            }
        }
    };
    html! {
        section aria-labelledby="programs" {
            h2 #programs { "Programs that act as you" }
            @if let Some(token) = token {
                div.usa-alert.usa-alert--success role="status" { div.usa-alert__body { p.usa-alert__text { "API token: " span.desk-mono { (token) } ". It is shown only now." } } }
            }
            p { "API tokens given: " (tokens) ". What a program does with one is recorded as done by you." }
            div.desk-actions { (button("new", "New API token")) @if tokens > 0 { (button("end", "End all API tokens")) } }
        }
    }
}

/// `POST /account/tokens`
pub(crate) async fn change_tokens(State(desk): State<Arc<Desk>>, visit: Visit, fields: Fields) -> Result<Response, Failure> {
    let user = visit.user()?;
    match fields.get("change") {
        "new" => {
            let mut tx = desk.record.begin().await?;
            let token = tokens::create(tx.connection(), &user.account, desk.now_ms()).await?;
            accounts::noted(&mut tx, &user.account, &user.account, "API token given").await?;
            tx.commit().await?;
            Ok(page(&desk, &visit, None, Some(&token)).await?.into_response())
        }
        "end" => {
            let mut tx = desk.record.begin().await?;
            tokens::end_all(tx.connection(), &user.account).await?;
            accounts::noted(&mut tx, &user.account, &user.account, "API tokens ended").await?;
            tx.commit().await?;
            Ok(Redirect::to("/account").into_response())
        }
        _ => Err(Failure::input("change", "new, or end")),
    }
}

fn second_factor(desk: &Desk, visit: &Visit, secret: Option<&[u8]>) -> Markup {
    html! {
        section aria-labelledby="second" {
            h2 #second { "Second factor" }
            @match secret {
                None => p { "An authenticator app is set up. An administrator can take it away if you lose it." },
                Some(secret) => {
                    @if desk.config.second_factor { p { "Everyone needs one here." } }
                    p { "In your authenticator app add an account by hand with this key (time-based, six digits):" }
                    p.desk-mono { strong { (totp::shown(secret)) } }
                    form.usa-form method="post" action="/account/second-factor" {
                        (parts::csrf(visit))
                        label.usa-label for="code" { "The code that the app shows now" }
                        input.usa-input #code name="code" type="text" inputmode="numeric" autocomplete="one-time-code" required;
                        button.usa-button type="submit" { "Set up" }
                    }
                }
            }
        }
    }
}

/// `POST /account/password`
pub(crate) async fn change_password(State(desk): State<Arc<Desk>>, visit: Visit, fields: Fields) -> Result<Response, Failure> {
    let user = visit.user()?;
    let account = local(&desk, user).await?;
    let raw = |name: &str| fields.0.iter().find(|(key, _)| key == name).map_or(String::new(), |(_, value)| value.clone());
    let (old, new, again) = (raw("old"), raw("new"), raw("again"));
    let kept = account.password.clone();
    let (old_copy, new_copy) = (old.clone(), new.clone());
    let (fits, same) = tokio::task::spawn_blocking(move || (password::matches(&old_copy, Some(&kept)), old_copy == new_copy))
        .await
        .map_err(Failure::internal)?;
    let wrong = if !fits {
        Some("The password until now is not right".to_owned())
    } else if new != again {
        Some("The two new passwords differ".to_owned())
    } else if same {
        Some("The new password is the old one".to_owned())
    } else {
        password::weakness(&new, &account.login)
    };
    if let Some(wrong) = wrong {
        return Ok(
            (axum::http::StatusCode::UNPROCESSABLE_ENTITY, page(&desk, &visit, Some(Said::Wrong(&wrong)), None).await?).into_response()
        );
    }
    let hash = accounts::hashed(&new).await?;
    let mut tx = desk.record.begin().await?;
    accounts::set_password(&mut tx, &account.id, &hash, false, &user.session).await?;
    accounts::noted(&mut tx, &user.account, &user.account, "password changed").await?;
    tx.commit().await?;
    Ok(Redirect::to("/account?done=password").into_response())
}

/// `POST /account/second-factor`
pub(crate) async fn set_up(State(desk): State<Arc<Desk>>, visit: Visit, fields: Fields) -> Result<Response, Failure> {
    let user = visit.user()?;
    let account = local(&desk, user).await?;
    if account.has_totp() {
        return Err(Failure::conflict("A second factor is set up already"));
    }
    let secret = desk.pending.secret(&user.session).ok_or_else(|| Failure::internal("no random bytes"))?;
    let Some(step) = totp::step(&secret, fields.get("code"), desk.now_ms().unsigned_abs() / 1000, 0) else {
        let why = "This is not the code of the moment. Check the clock of your telephone and type the next one";
        return Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page(&desk, &visit, Some(Said::Wrong(why)), None).await?).into_response());
    };
    let sealed = accounts::sealed_totp(&desk.record, &account, &secret).await?;
    let mut tx = desk.record.begin().await?;
    accounts::set_totp(&mut tx, &account.id, &sealed, step, &user.session).await?;
    accounts::noted(&mut tx, &user.account, &user.account, "second factor set up").await?;
    tx.commit().await?;
    desk.pending.forget(&user.session);
    Ok(Redirect::to("/account?done=second-factor").into_response())
}

/// `POST /account/sessions/end`
pub(crate) async fn end_session(State(desk): State<Arc<Desk>>, visit: Visit, fields: Fields) -> Result<Response, Failure> {
    let user = visit.user()?;
    let own = sessions::of(&desk.record, &user.account).await?;
    let session = own.iter().find(|s| s.id == fields.get("id")).ok_or_else(|| Failure::unknown("There is no such session"))?;
    sessions::end(&desk.record, &session.id).await?;
    desk.record.append(NewEntry::new(EntryKind::LogOut, &user.account).public(json!({"session": "ended from the list"}))).await?;
    Ok(Redirect::to("/account").into_response())
}

/// Secrets of second factors that are being set up, by session; they are kept only once a code proved them.
#[derive(Debug, Default)]
pub(crate) struct Pending(std::sync::Mutex<std::collections::HashMap<String, Vec<u8>>>);

impl Pending {
    fn secret(&self, session: &str) -> Option<Vec<u8>> {
        let mut all = self.0.lock().ok()?;
        if all.len() > 10_000 {
            all.clear();
        }
        if !all.contains_key(session) {
            all.insert(session.to_owned(), totp::fresh()?);
        }
        all.get(session).cloned()
    }

    fn forget(&self, session: &str) {
        if let Ok(mut all) = self.0.lock() {
            all.remove(session);
        }
    }
}
