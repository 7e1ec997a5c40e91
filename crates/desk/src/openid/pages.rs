//! To the provider and back.

use super::provider::{Provider, Refused};
use super::subject;
use super::ticket::Ticket;
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::guard::{cookie, openid_cookie, session_cookie, set_cookie, set_lax_cookie};
use crate::http::visit::{Fields, Visit};
use crate::page::plain;
use crate::people::{log_in, sessions};
use axum::extract::{Query, State};
use axum::http::request::Parts;
use axum::http::{Extensions, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::html;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// Minutes that one attempt may take.
const MINUTES: u32 = 10;

fn provider(desk: &Desk) -> Result<Arc<Provider>, Failure> {
    desk.provider.clone().ok_or_else(|| Failure::unknown("There is no such page"))
}

/// Work that waits for the provider, where no other request waits for it.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(Failure::internal)
}

/// `POST /log-in/openid`
pub(crate) async fn begin(
    State(desk): State<Arc<Desk>>,
    visit: Visit,
    extensions: Extensions,
    fields: Fields,
) -> Result<Response, Failure> {
    let provider = provider(&desk)?;
    log_in::within_limit(&desk, &extensions)?;
    if fields.get("accept") != "yes" {
        return log_in::form(&desk, visit, "", Some(log_in::Said::no(StatusCode::UNAUTHORIZED, log_in::NOT_ACCEPTED)));
    }
    let ticket = Ticket::fresh().ok_or_else(|| Failure::internal("no random bytes"))?;
    let secret = ticket.secret().to_owned();
    let (asked, now) = (provider.clone(), desk.now_ms());
    match blocking(move || asked.address(&ticket, now)).await? {
        Err(refused) => log_in::form(&desk, visit, "", Some(log_in::Said::no(StatusCode::SERVICE_UNAVAILABLE, &refused.says))),
        Ok(address) => {
            // Who signs in anew is somebody else until proven otherwise.
            if let Some(user) = &visit.user {
                sessions::end(&desk.record, &user.session).await?;
            }
            let cookies =
                vec![set_lax_cookie(&desk, openid_cookie(&desk), &secret, MINUTES * 60), set_cookie(&desk, session_cookie(&desk), None)];
            Ok(on(&desk, Visit { user: None, ..visit }, &format!("To {}", provider.settings.name), &address, cookies))
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct Answer {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
}

/// `GET /log-in/openid/back`
pub(crate) async fn back(
    State(desk): State<Arc<Desk>>,
    visit: Visit,
    parts: Parts,
    Query(answer): Query<Answer>,
) -> Result<Response, Failure> {
    let provider = provider(&desk)?;
    log_in::within_limit(&desk, &parts.extensions)?;
    let visit = Visit { user: None, ..visit };
    let used = set_cookie(&desk, openid_cookie(&desk), None);
    match proven(&desk, &provider, &parts, answer).await? {
        Ok(account) => {
            let known = json!({"role": account.role.as_str(), "second_factor": desk.config.second_factor, "by": "openid"});
            let (cookies, to) = log_in::enter(&desk, &account, known).await?;
            Ok(on(&desk, visit, "You are signed in", to, cookies.into_iter().chain([used]).collect()))
        }
        Err((account, refused)) => {
            log_in::failed(&desk, account.as_deref().unwrap_or("nobody"), json!({"by": "openid", "why": refused.why})).await?;
            let mut shown = log_in::form(&desk, visit, "", Some(log_in::Said::no(StatusCode::UNAUTHORIZED, &refused.says)))?;
            shown.headers_mut().append(header::SET_COOKIE, used.parse().map_err(Failure::internal)?);
            Ok(shown)
        }
    }
}

type Outcome = Result<crate::people::accounts::Account, (Option<String>, Refused)>;

async fn proven(desk: &Desk, provider: &Arc<Provider>, parts: &Parts, answer: Answer) -> Result<Outcome, Failure> {
    let no = |why, says: &str| Ok(Err((None, Refused { why, says: says.to_owned() })));
    let Some(ticket) = cookie(parts, openid_cookie(desk)).map(Ticket::of) else {
        return no("no-attempt", "This sign-in was not begun in this browser, or too long ago. Sign in once more");
    };
    if !ticket.fits(answer.state.as_deref().unwrap_or_default()) {
        return no("state", "This answer belongs to another sign-in. Sign in once more");
    }
    if answer.iss.is_some_and(|issuer| issuer != provider.settings.issuer) {
        return no("issuer", "This answer comes from another provider. Sign in once more");
    }
    let Some(code) = answer.code.filter(|c| !c.is_empty()) else {
        return no("declined", "The provider did not sign you in. Sign in once more, or log in with a local account if you have one");
    };
    let (asked, now) = (provider.clone(), desk.now_ms());
    match blocking(move || asked.prove(&ticket, code, now)).await? {
        Err(refused) => Ok(Err((None, refused))),
        Ok(proven) => subject::account(desk, provider, &proven).await,
    }
}

/// A page that leads on by itself. Not a redirect: forms may lead only to this desk, and a browser that is sent here from elsewhere shows no strict cookie.
fn on(desk: &Desk, visit: Visit, title: &str, to: &str, cookies: Vec<String>) -> Response {
    let page = plain(desk, &visit, title, html! { h1 { (title) } p { a.usa-button href=(to) { "Go on" } } });
    let cookies: Vec<_> = cookies.into_iter().map(|c| (header::SET_COOKIE, c)).collect();
    let mut response = page.into_response();
    for (name, value) in cookies.into_iter().chain([(header::REFRESH, format!("0; url={to}"))]) {
        if let Ok(value) = value.parse() {
            response.headers_mut().append(name, value);
        }
    }
    response
}
