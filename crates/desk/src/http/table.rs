//! The table of routes: what is served, and to whom. The router is built from it, and the tests go through it cell by cell.

use crate::desk::Desk;
use crate::{api, assets, audit, law, openid, page, people, request, review};
use axum::http::Method;
use axum::routing::{MethodRouter, get, post};
use std::sync::Arc;

/// What an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Enters requests, records dispositions, does duties.
    Clerk,
    /// Signs off, and all that clerks do.
    Supervisor,
    /// Reviews the law's changes and single requests.
    Counsel,
    /// Reads the record and verifies it.
    Auditor,
    /// Manages accounts; sees no requests.
    Administrator,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 5] = [Self::Clerk, Self::Supervisor, Self::Counsel, Self::Auditor, Self::Administrator];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Supervisor => "supervisor",
            Self::Counsel => "counsel",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    /// Where its work begins.
    pub(crate) fn home(self) -> &'static str {
        if self == Self::Administrator { "/accounts" } else { "/desk" }
    }

    /// The role of that word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everyone.
    Public,
    /// Who is logged in, in one of these roles.
    Roles(&'static [Role]),
}

impl Access {
    /// Whether a person in this role may use it; `None` is nobody in particular.
    #[must_use]
    pub fn allows(self, role: Option<Role>) -> bool {
        match self {
            Self::Public => true,
            Self::Roles(roles) => role.is_some_and(|role| roles.contains(&role)),
        }
    }
}

/// A route without its handler.
#[derive(Clone, Copy, Debug)]
pub struct RouteInfo {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The pattern of its path.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
}

pub(crate) struct Route {
    pub(crate) info: RouteInfo,
    pub(crate) make: fn() -> MethodRouter<Arc<Desk>>,
}

macro_rules! route {
    (GET $path:literal, $access:expr, $handler:expr) => {
        Route { info: RouteInfo { method: "GET", path: $path, access: $access }, make: || get($handler) }
    };
    (POST $path:literal, $access:expr, $handler:expr) => {
        Route { info: RouteInfo { method: "POST", path: $path, access: $access }, make: || post($handler) }
    };
}

const PUBLIC: Access = Access::Public;
const ALL: Access = Access::Roles(&Role::ALL);
/// Who sees requests.
const SEES: Access = Access::Roles(&[Role::Clerk, Role::Supervisor, Role::Counsel, Role::Auditor]);
/// Who enters requests, decides, does duties.
const WORKS: Access = Access::Roles(&[Role::Clerk, Role::Supervisor]);
const SIGNS: Access = Access::Roles(&[Role::Supervisor]);
const REVIEWS: Access = Access::Roles(&[Role::Supervisor, Role::Counsel]);
/// Who sees the record without personal facts.
pub(crate) const AUDITS: Access = Access::Roles(&[Role::Supervisor, Role::Counsel, Role::Auditor, Role::Administrator]);
/// Who answers a person who asks what is kept about them.
const TRACES: Access = Access::Roles(&[Role::Auditor]);
const MANAGES: Access = Access::Roles(&[Role::Administrator]);

/// Every route.
pub(crate) fn table() -> Vec<Route> {
    vec![
        route!(GET "/", PUBLIC, page::home::show),
        route!(GET "/assets/{edition}/{*path}", PUBLIC, assets::serve),
        route!(GET "/healthz", PUBLIC, page::health::show),
        route!(GET "/metrics", PUBLIC, super::metrics::show),
        route!(GET "/law", PUBLIC, law::index::show),
        route!(GET "/law/place/{*slug}", PUBLIC, law::place::show),
        route!(GET "/law/instrument/{id}", PUBLIC, law::instrument::show),
        route!(GET "/law/timeline/{*slug}", PUBLIC, law::timeline::show),
        route!(GET "/law/compare", PUBLIC, law::compare::show),
        route!(GET "/law/map", PUBLIC, law::map::show),
        route!(GET "/log-in", PUBLIC, people::log_in::show),
        route!(POST "/log-in", PUBLIC, people::log_in::submit),
        route!(POST "/log-in/openid", PUBLIC, openid::pages::begin),
        route!(GET "/log-in/openid/back", PUBLIC, openid::pages::back),
        route!(POST "/log-out", ALL, people::log_in::out),
        route!(GET "/account", ALL, people::own::show),
        route!(POST "/account/password", ALL, people::own::change_password),
        route!(POST "/account/second-factor", ALL, people::own::set_up),
        route!(POST "/account/sessions/end", ALL, people::own::end_session),
        route!(POST "/account/tokens", ALL, people::own::change_tokens),
        route!(GET "/accounts", MANAGES, people::manage::show),
        route!(POST "/accounts/new", MANAGES, people::manage::create),
        route!(POST "/accounts/change", MANAGES, people::manage::change),
        route!(GET "/desk", SEES, request::inbox::show),
        route!(GET "/search", SEES, request::search::show),
        route!(POST "/search", SEES, request::search::find),
        route!(GET "/new", WORKS, request::new::show),
        route!(POST "/new", WORKS, request::new::create),
        route!(GET "/requests/{id}", SEES, request::show::show),
        route!(GET "/requests/{id}/ask", WORKS, request::ask::show),
        route!(POST "/requests/{id}/ask", WORKS, request::ask::answer),
        route!(GET "/requests/{id}/page", WORKS, request::dense::show),
        route!(POST "/requests/{id}/page", WORKS, request::dense::answer),
        route!(GET "/requests/{id}/check", WORKS, request::check::show),
        route!(POST "/requests/{id}/determine", WORKS, request::determine::submit),
        route!(GET "/requests/{id}/worksheet", SEES, request::worksheet::show),
        route!(GET "/requests/{id}/disposition", WORKS, request::disposition::show),
        route!(POST "/requests/{id}/disposition", WORKS, request::disposition::submit),
        route!(GET "/requests/{id}/sign", SIGNS, request::sign::show),
        route!(POST "/requests/{id}/sign", SIGNS, request::sign::submit),
        route!(GET "/requests/{id}/notice", SEES, request::notice::show),
        route!(POST "/requests/{id}/served", WORKS, request::notice::served),
        route!(GET "/requests/{id}/trail", SEES, request::trail::show),
        route!(POST "/tasks/{id}/done", WORKS, request::tasks::done),
        route!(GET "/reviews", REVIEWS, review::pages::list),
        route!(GET "/reviews/{id}", REVIEWS, review::pages::show),
        route!(POST "/reviews/{id}", REVIEWS, review::pages::submit),
        route!(GET "/audit", AUDITS, audit::list::show),
        route!(GET "/audit/key", PUBLIC, audit::list::key),
        route!(GET "/audit/entries/{index}", AUDITS, audit::entry::show),
        route!(GET "/audit/entries/{index}/receipt", AUDITS, audit::entry::receipt),
        route!(GET "/access", TRACES, audit::access::show),
        route!(POST "/access", TRACES, audit::access::find),
        route!(POST "/access/export", TRACES, audit::access::export),
        route!(GET "/api/v1/openapi.json", PUBLIC, api::document::show),
        route!(POST "/api/v1/decide", SEES, api::decide::submit),
        route!(GET "/api/v1/law/instruments", PUBLIC, api::law::instruments),
        route!(GET "/api/v1/law/instruments/{id}", PUBLIC, api::law::instrument),
        route!(GET "/api/v1/law/events", PUBLIC, api::law::changes),
        route!(GET "/api/v1/requests", SEES, api::requests::list),
        route!(POST "/api/v1/requests", WORKS, api::requests::create),
        route!(GET "/api/v1/requests/{id}", SEES, api::requests::show),
        route!(GET "/api/v1/requests/{id}/determinations", SEES, api::requests::determinations),
        route!(GET "/api/v1/entries/{index}/receipt", AUDITS, api::record::receipt),
    ]
}

/// The table without its handlers.
#[must_use]
pub fn routes() -> Vec<RouteInfo> {
    table().into_iter().map(|route| route.info).collect()
}

impl RouteInfo {
    /// The method as HTTP knows it.
    #[must_use]
    pub fn http_method(&self) -> Method {
        if self.method == "POST" { Method::POST } else { Method::GET }
    }
}
