//! The guard before every route: who is asking, may they, and does the form come from this desk.

use super::table::{Access, RouteInfo};
use super::visit::{Fields, User, Visit};
use crate::desk::Desk;
use crate::http::MAX_BODY;
use crate::http::failure::Failure;
use crate::people::{accounts, sessions, token};
use axum::extract::{FromRequest, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;

/// The cookie of the session.
pub(crate) fn session_cookie(desk: &Desk) -> &'static str {
    if desk.config.secure() { "__Host-comity" } else { "comity" }
}

/// The cookie that ties the form for logging in to a browser.
pub(crate) fn form_cookie(desk: &Desk) -> &'static str {
    if desk.config.secure() { "__Host-comity-form" } else { "comity-form" }
}

/// The cookie of an attempt to sign in with a provider.
pub(crate) fn openid_cookie(desk: &Desk) -> &'static str {
    if desk.config.secure() { "__Host-comity-openid" } else { "comity-openid" }
}

/// A cookie that comes along when another site sends the browser back.
pub(crate) fn set_lax_cookie(desk: &Desk, name: &str, value: &str, seconds: u32) -> String {
    set_cookie(desk, name, Some(value)).replace("SameSite=Strict", "SameSite=Lax") + &format!("; Max-Age={seconds}")
}

/// A cookie as it is set. Without a value it is taken back.
pub(crate) fn set_cookie(desk: &Desk, name: &str, value: Option<&str>) -> String {
    let secure = if desk.config.secure() { "; Secure" } else { "" };
    let (value, age) = value.map_or(("", "; Max-Age=0"), |v| (v, ""));
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}")
}

/// Where one may go before a given password was changed and a second factor set up.
const FIRST_STEPS: [&str; 4] = ["/account", "/account/password", "/account/second-factor", "/log-out"];

/// Lets a request through, or not.
pub(crate) async fn guard(State((desk, route)): State<(Arc<Desk>, RouteInfo)>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().cloned();
    let mut visit = Visit { path: request.uri().path().to_owned(), read_only: desk.record.read_only(), ..Visit::default() };
    let mut response = match pass(&desk, route, &mut visit, request).await {
        Ok(request) => next.run(request).await,
        Err(refused) => *refused,
    };
    response.extensions_mut().insert(visit);
    if let Some(path) = path {
        response.extensions_mut().insert(path);
    }
    response
}

async fn pass(desk: &Arc<Desk>, route: RouteInfo, visit: &mut Visit, request: Request) -> Result<Request, Box<Response>> {
    let refused = |failure: Failure| Box::new(failure.into_response());
    let (parts, body) = request.into_parts();
    let api = route.path.starts_with("/api/");
    let account = if api { bearer(desk, &parts, visit).await } else { session(desk, &parts, visit).await }.map_err(refused)?;
    if !route.access.allows(visit.user.as_ref().map(|user| user.role)) {
        return Err(match (&visit.user, parts.method == Method::GET && !api) {
            (None, true) => Box::new(Redirect::to("/log-in").into_response()),
            (None, false) => refused(Failure::unauthorized()),
            (Some(user), _) => refused(Failure::forbidden(format!("This is not open to the role {}", user.role.as_str()))),
        });
    }
    let unready = account.is_some_and(|a| a.must_change || (desk.config.second_factor && !a.has_totp() && a.openid.is_none()));
    if unready && route.access != Access::Public && !FIRST_STEPS.contains(&route.path) {
        return Err(if api {
            refused(Failure::forbidden("Set up the account at /account first"))
        } else {
            Box::new(Redirect::to("/account").into_response())
        });
    }
    let mut request = Request::from_parts(parts.clone(), body);
    if route.method == "POST" && !api {
        let fields = form(desk, &parts, visit, request).await.map_err(refused)?;
        request = Request::from_parts(parts, axum::body::Body::empty());
        request.extensions_mut().insert(fields);
    }
    request.extensions_mut().insert(visit.clone());
    Ok(request)
}

/// The fields of a form of this desk.
async fn form(desk: &Desk, parts: &Parts, visit: &Visit, request: Request) -> Result<Fields, Failure> {
    if let Some(origin) = parts.headers.get(header::ORIGIN).and_then(|v| v.to_str().ok())
        && origin != desk.config.public_url.trim_end_matches('/')
    {
        return Err(Failure::forbidden("This form was sent from another site"));
    }
    let body = axum::body::to_bytes(request.into_body(), MAX_BODY).await.map_err(|_| Failure::input("form", "it is larger than 1 MiB"))?;
    let rebuilt = Request::from_parts(parts.clone(), axum::body::Body::from(body));
    let axum::Form(pairs) =
        axum::Form::<Vec<(String, String)>>::from_request(rebuilt, &()).await.map_err(|error| Failure::input("form", error.to_string()))?;
    let fields = Fields(pairs);
    if visit.csrf.is_empty() || !token::same(&visit.csrf, fields.get("csrf")) {
        return Err(Failure::forbidden("This form is no longer valid, or was sent from elsewhere; load the page anew and send it again"));
    }
    Ok(fields)
}

/// Who is logged in by cookie.
async fn session(desk: &Desk, parts: &Parts, visit: &mut Visit) -> Result<Option<accounts::Account>, Failure> {
    if let Some(value) = cookie(parts, form_cookie(desk)) {
        visit.csrf = token::form_token(&value);
    }
    let Some(secret) = cookie(parts, session_cookie(desk)) else { return Ok(None) };
    let Some(session) = sessions::find(&desk.record, &desk.config, &secret, desk.now_ms()).await? else { return Ok(None) };
    let account = active(accounts::find(&desk.record, &session.account).await?);
    if let Some(account) = &account {
        // The form for logging in is tied to its own cookie, also where somebody is logged in.
        if !visit.path.starts_with("/log-in") {
            visit.csrf = token::form_token(&secret);
        }
        visit.user = Some(user(account, session.id));
    }
    Ok(account)
}

/// Who calls the API, by token.
async fn bearer(desk: &Desk, parts: &Parts, visit: &mut Visit) -> Result<Option<accounts::Account>, Failure> {
    let given = parts.headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    let Some(secret) = given else { return Ok(None) };
    let account = active(crate::api::tokens::account_of(&desk.record, secret.trim()).await?);
    if let Some(account) = &account {
        visit.user = Some(user(account, String::new()));
    }
    Ok(account)
}

fn active(account: Option<accounts::Account>) -> Option<accounts::Account> {
    account.filter(|a| !a.disabled)
}

fn user(account: &accounts::Account, session: String) -> User {
    User { account: account.id.clone(), name: account.name.clone(), role: account.role, session }
}

/// The value of a cookie.
pub(crate) fn cookie(parts: &Parts, name: &str) -> Option<String> {
    let all = parts.headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).filter(|value| !value.is_empty())
}
