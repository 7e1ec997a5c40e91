//! Logging in and out.

use super::{accounts, password, sessions, token};
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::guard::{form_cookie, session_cookie, set_cookie};
use crate::http::visit::{Fields, Visit};
use crate::page::{parts, plain};
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{Extensions, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use comity_ledger::{EntryKind, NewEntry};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;

#[derive(Deserialize)]
pub(crate) struct Asked {
    idle: Option<String>,
    out: Option<String>,
}

/// `GET /log-in`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let (text, leads) = match (asked.idle, asked.out.as_deref(), &desk.provider) {
        (Some(_), _, _) => ("You were logged out because nothing was done for a while. What you entered was saved.".to_owned(), None),
        (None, Some("openid"), Some(provider)) => {
            (format!("You are logged out here. With {} you may still be signed in.", provider.settings.name), provider.sign_out())
        }
        _ => return form(&desk, visit, "", None),
    };
    form(&desk, visit, "", Some(Said { status: StatusCode::OK, text: &text, leads }))
}

/// What is said above the form.
pub(crate) struct Said<'s> {
    status: StatusCode,
    text: &'s str,
    /// Where one signs out at the provider.
    leads: Option<String>,
}

impl<'s> Said<'s> {
    /// That it did not work, and why.
    pub(crate) fn no(status: StatusCode, text: &'s str) -> Self {
        Self { status, text, leads: None }
    }
}

/// The form, with a fresh cookie that ties it to this browser.
pub(crate) fn form(desk: &Desk, mut visit: Visit, login: &str, said: Option<Said<'_>>) -> Result<Response, Failure> {
    let secret = token::fresh().ok_or_else(|| Failure::internal("no random bytes"))?;
    visit.csrf = token::form_token(&secret);
    visit.user = None;
    let page = plain(desk, &visit, "Log in", body(desk, &visit, login, said.as_ref()));
    let status = said.map_or(StatusCode::OK, |said| said.status);
    Ok((status, AppendHeaders([(header::SET_COOKIE, set_cookie(desk, form_cookie(desk), Some(&secret)))]), page).into_response())
}

fn body(desk: &Desk, visit: &Visit, login: &str, said: Option<&Said<'_>>) -> Markup {
    html! {
        h1 { "Log in" }
        @if let Some(said) = said {
            div.usa-alert.usa-alert--warning.usa-alert--slim role="alert" { div.usa-alert__body { p.usa-alert__text {
                (said.text) @if let Some(end) = &said.leads { " " a href=(end) { "Sign out there" } }
            } } }
        }
        section aria-labelledby="notice" {
            h2 #notice { "Before you go on" }
            @for line in &desk.config.notice.text { p { (line) } }
        }
        @if let Some(provider) = &desk.provider { (with_provider(visit, &provider.settings.name)) }
        form.usa-form method="post" action="/log-in" {
            (parts::csrf(visit))
            @if desk.provider.is_some() { h2 { "With a local account" } }
            label.usa-label for="login" { "Log-in name" }
            input.usa-input #login name="login" type="text" value=(login) autocomplete="username" autocapitalize="none" required;
            label.usa-label for="password" { "Password" }
            input.usa-input #password name="password" type="password" autocomplete="current-password" required;
            label.usa-label for="code" { "Code of your authenticator app" }
            div.usa-hint #code-hint { "Six digits. Leave it empty if you have not set one up yet." }
            input.usa-input #code name="code" type="text" inputmode="numeric" autocomplete="one-time-code" aria-describedby="code-hint";
            div.usa-checkbox {
                input.usa-checkbox__input #accept name="accept" type="checkbox" value="yes" required;
                label.usa-checkbox__label for="accept" { "I have read the notice above and accept it" }
            }
            button.usa-button type="submit" { "Log in" }
        }
    }
}

fn with_provider(visit: &Visit, name: &str) -> Markup {
    html! {
        form.usa-form method="post" action="/log-in/openid" {
            (parts::csrf(visit))
            h2 { "With " (name) }
            div.usa-checkbox {
                input.usa-checkbox__input #accept-openid name="accept" type="checkbox" value="yes" required;
                label.usa-checkbox__label for="accept-openid" { "I have read the notice above, accept it, and go on to " (name) }
            }
            button.usa-button type="submit" { "Sign in with " (name) }
        }
    }
}

/// What is said where the notice was not accepted.
pub(crate) const NOT_ACCEPTED: &str = "That cannot go on: the notice has to be accepted first.";

/// What everyone is told, whatever was wrong.
const WRONG: &str =
    "That name, password and code do not go together, or the account is locked. After five failures an administrator has to release it.";

/// `POST /log-in`
pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    visit: Visit,
    extensions: Extensions,
    fields: Fields,
) -> Result<Response, Failure> {
    within_limit(&desk, &extensions)?;
    let login = fields.get("login").to_lowercase();
    if fields.get("accept") != "yes" {
        return form(&desk, visit, &login, Some(Said::no(StatusCode::UNAUTHORIZED, NOT_ACCEPTED)));
    }
    let Some(account) = check(&desk, &login, &fields).await? else {
        return form(&desk, visit, &login, Some(Said::no(StatusCode::UNAUTHORIZED, WRONG)));
    };
    // Never the token that the browser came with: a session begins with a fresh one.
    if let Some(user) = &visit.user {
        sessions::end(&desk.record, &user.session).await?;
    }
    let (cookies, to) = enter(&desk, &account, json!({"role": account.role.as_str(), "second_factor": account.has_totp()})).await?;
    Ok((AppendHeaders(cookies.map(|c| (header::SET_COOKIE, c))), Redirect::to(to)).into_response())
}

/// Whether this address may try now.
pub(crate) fn within_limit(desk: &Desk, extensions: &Extensions) -> Result<(), Failure> {
    let address = extensions.get::<ConnectInfo<SocketAddr>>();
    if address.is_none_or(|ConnectInfo(a)| desk.limits.log_in(a.ip())) { Ok(()) } else { Err(Failure::too_many()) }
}

/// Begins a session of somebody who proved who they are; it is recorded first. Gives the cookies, and where to go.
pub(crate) async fn enter(desk: &Desk, account: &accounts::Account, known: Value) -> Result<([String; 2], &'static str), Failure> {
    desk.record.append(NewEntry::new(EntryKind::LogIn, &account.id).public(known)).await?;
    let now = desk.now_ms();
    accounts::set_used(&desk.record, &account.id, now).await?;
    let secret = sessions::begin(&desk.record, &account.id, now).await?;
    let cookies = [set_cookie(desk, session_cookie(desk), Some(&secret)), set_cookie(desk, form_cookie(desk), None)];
    Ok((cookies, account.role.home()))
}

/// The account, if everything fits. Failures are counted and recorded; it takes as long for a name that nobody has.
async fn check(desk: &Desk, login: &str, fields: &Fields) -> Result<Option<accounts::Account>, Failure> {
    let found = if login.len() <= 64 { accounts::find_by_login(&desk.record, login).await? } else { None };
    // Each attempt is counted before it is looked at: of many at once no more than so many are.
    let now = desk.now_ms();
    let window = i64::from(desk.config.lockout.window_minutes) * 60_000;
    let attempts = match &found {
        Some(account) => accounts::failed(&desk.record, &account.id, now, now - window).await?,
        None => 0,
    };
    // An account of the sign-in provider has no password, and takes as long to be refused.
    let hash = found.as_ref().filter(|a| a.openid.is_none()).map(|a| a.password.clone());
    let given = fields.0.iter().find(|(key, _)| key == "password").map_or(String::new(), |(_, value)| value.clone());
    let fits = tokio::task::spawn_blocking(move || password::matches(&given, hash.as_deref())).await.map_err(Failure::internal)?;
    let Some(account) = found else {
        failed(desk, "nobody", json!({})).await?;
        return Ok(None);
    };
    let most = i64::from(desk.config.lockout.attempts);
    if account.locked != 0 || account.disabled || attempts > most {
        failed(desk, &account.id, json!({})).await?;
        return Ok(None);
    }
    let code =
        !account.has_totp() || accounts::take_code(&desk.record, &account, fields.get("code"), desk.now_ms().unsigned_abs() / 1000).await?;
    if fits && code {
        return Ok(Some(account));
    }
    failed(desk, &account.id, json!({})).await?;
    if attempts >= most && accounts::lock(&desk.record, &account.id, now).await? {
        let entry = NewEntry::new(EntryKind::Configuration, "desk")
            .public(json!({"account": account.id, "change": "locked", "failures": attempts}));
        desk.record.append(entry).await?;
    }
    Ok(None)
}

/// Counts and records a failure.
pub(crate) async fn failed(desk: &Desk, account: &str, known: Value) -> Result<(), Failure> {
    desk.metrics.failed_log_ins.inc();
    desk.record.append(NewEntry::new(EntryKind::LogInFailed, account).public(known)).await.map(|_| ())
}

/// `POST /log-out`
pub(crate) async fn out(State(desk): State<Arc<Desk>>, visit: Visit) -> Result<Response, Failure> {
    let user = visit.user()?;
    sessions::end(&desk.record, &user.session).await?;
    desk.record.append(NewEntry::new(EntryKind::LogOut, &user.account)).await?;
    let headers = AppendHeaders([
        (header::SET_COOKIE, set_cookie(&desk, session_cookie(&desk), None)),
        (header::HeaderName::from_static("clear-site-data"), "\"cache\", \"storage\"".to_owned()),
    ]);
    // The provider's own session is not ours to end; that it goes on has to be said.
    let elsewhere = accounts::find(&desk.record, &user.account).await?.is_some_and(|a| a.openid.is_some());
    Ok((headers, Redirect::to(if elsewhere { "/log-in?out=openid" } else { "/log-in" })).into_response())
}
