//! The administrator's page: accounts, locks, roles.

use super::{accounts, own::KEPT_ELSEWHERE, sessions, token};
use crate::api::tokens;
use crate::desk::Desk;
use crate::http::Role;
use crate::http::failure::Failure;
use crate::http::visit::{Fields, Visit};
use crate::page::{parts, plain};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use std::sync::Arc;

/// `GET /accounts`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit) -> Result<Markup, Failure> {
    page(&desk, &visit, None).await
}

async fn page(desk: &Desk, visit: &Visit, given: Option<(&str, &str)>) -> Result<Markup, Failure> {
    let all = accounts::all(&desk.record).await?;
    let roles: Vec<(String, String)> = Role::ALL.iter().map(|r| (r.as_str().to_owned(), r.as_str().to_owned())).collect();
    let body = html! {
        h1 { "Accounts" }
        @if let Some((what, secret)) = given {
            div.usa-alert.usa-alert--success role="status" { div.usa-alert__body { p.usa-alert__text { (what) ": " span.desk-mono { (secret) } ". It is shown only now." } } }
        }
        table.usa-table.desk-stack {
            thead { tr { th scope="col" { "Person" } th scope="col" { "Role" } th scope="col" { "State" } th scope="col" { "Last log-in" } th scope="col" { "Change" } } }
            tbody { @for a in &all { tr {
                th scope="row" { (a.name) div.desk-cite { (a.login) } }
                td data-label="Role" { (a.role.as_str()) }
                td data-label="State" { (state(a)) }
                td data-label="Last log-in" { @if a.used == 0 { "never" } @else { (desk.shown(a.used)) } }
                td data-label="Change" { (changes(visit, a)) }
            } } }
        }
        h2 { "New account" }
        form.usa-form method="post" action="/accounts/new" {
            (parts::csrf(visit))
            (parts::field("login", "Log-in name", "text", ""))
            (parts::field("name", "Name", "text", ""))
            (parts::select("role", "Role", &roles, "clerk"))
            button.usa-button type="submit" { "Make it" }
        }
    };
    Ok(plain(desk, visit, "Accounts", body))
}

fn state(a: &accounts::Account) -> &'static str {
    match (a.disabled, a.locked != 0, a.must_change) {
        (true, _, _) => "disabled",
        (_, true, _) => "locked after failures",
        (_, _, true) => "password to be changed",
        _ if a.openid.is_some() => "active, signs in with the provider",
        _ if a.has_totp() => "active, with second factor",
        _ => "active",
    }
}

fn changes(visit: &Visit, a: &accounts::Account) -> Markup {
    let button = |change: &str, says: &str| {
        html! {
            form method="post" action="/accounts/change" {
                (parts::csrf(visit))
                input type="hidden" name="id" value=(a.id);
                input type="hidden" name="change" value=(change);
                button.usa-button.usa-button--outline type="submit" aria-label={ (says) ": " (a.name) } { (says) }
            }
        }
    };
    html! {
        div.desk-actions {
            @if a.locked != 0 { (button("release", "Release")) }
            @if a.disabled { (button("enable", "Enable")) } @else if visit.user.as_ref().is_none_or(|u| u.account != a.id) { (button("disable", "Disable")) }
            @if a.openid.is_none() { (button("password", "New password")) }
            @if a.has_totp() { (button("second-factor", "Take second factor away")) }
            (button("sessions", "End sessions"))
            (button("tokens", "End API tokens"))
        }
    }
}

/// `POST /accounts/new`
pub(crate) async fn create(State(desk): State<Arc<Desk>>, visit: Visit, fields: Fields) -> Result<Markup, Failure> {
    let user = visit.user()?;
    let login = fields.get("login").to_lowercase();
    let name: String = fields.get("name").chars().take(120).collect();
    let mut wrong = Vec::new();
    if !(2..=64).contains(&login.len()) || !login.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)) {
        wrong.push(("login".to_owned(), "2 to 64 letters, digits, points, hyphens".to_owned()));
    }
    if name.is_empty() {
        wrong.push(("name".to_owned(), "it is empty".to_owned()));
    }
    let role = Role::of(fields.get("role"));
    if role.is_none() {
        wrong.push(("role".to_owned(), "there is no such role".to_owned()));
    }
    let (Some(role), true) = (role, wrong.is_empty()) else { return Err(Failure::inputs(wrong)) };
    let password = token::one_time_password().ok_or_else(|| Failure::internal("no random bytes"))?;
    let new = accounts::New { login: &login, name: &name, role, by: &user.account, now: desk.now_ms() };
    accounts::create(&desk.record, &new, &password).await?;
    page(&desk, &visit, Some((&format!("Password of {login}, to be changed at the first log-in"), &password))).await
}

/// `POST /accounts/change`
pub(crate) async fn change(State(desk): State<Arc<Desk>>, visit: Visit, fields: Fields) -> Result<Response, Failure> {
    let user = visit.user()?;
    let account = accounts::find(&desk.record, fields.get("id")).await?.ok_or_else(|| Failure::unknown("There is no such account"))?;
    let id = account.id.as_str();
    let password = match fields.get("change") {
        "disable" if id == user.account => return Err(Failure::conflict("Nobody disables their own account")),
        "password" if account.openid.is_some() => return Err(Failure::conflict(KEPT_ELSEWHERE)),
        "password" => {
            let password = token::one_time_password().ok_or_else(|| Failure::internal("no random bytes"))?;
            let hash = accounts::hashed(&password).await?;
            Some((password, hash))
        }
        _ => None,
    };
    let mut tx = desk.record.begin().await?;
    match (fields.get("change"), &password) {
        ("release", _) => accounts::release(&mut tx, id).await?,
        ("enable", _) => accounts::set_disabled(&mut tx, id, false).await?,
        ("disable", _) => accounts::set_disabled(&mut tx, id, true).await?,
        ("second-factor", _) => accounts::clear_totp(&mut tx, id).await?,
        ("sessions", _) => sessions::end_all(tx.connection(), id, &user.session).await?,
        ("tokens", _) => tokens::end_all(tx.connection(), id).await?,
        (_, Some((_, hash))) => accounts::set_password(&mut tx, id, hash, true, &user.session).await?,
        (other, None) => return Err(Failure::input("change", format!("there is no change “{}”", crate::law::ask::short(other)))),
    }
    accounts::noted(&mut tx, &user.account, id, fields.get("change")).await?;
    tx.commit().await?;
    match password {
        Some((secret, _)) => {
            let what = format!("Password of {}, to be changed at the next log-in", account.login);
            Ok(page(&desk, &visit, Some((&what, &secret))).await?.into_response())
        }
        None => Ok(Redirect::to("/accounts").into_response()),
    }
}
