//! Who is asking.

use super::failure::Failure;
use super::table::Role;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::convert::Infallible;

/// A person who is logged in.
#[derive(Clone, Debug)]
pub(crate) struct User {
    /// The account's id, a pseudonym.
    pub(crate) account: String,
    /// The name that the desk shows.
    pub(crate) name: String,
    pub(crate) role: Role,
    /// The id of the session, for the list of sessions.
    pub(crate) session: String,
}

/// A request as pages see it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Visit {
    /// Nobody, if not logged in.
    pub(crate) user: Option<User>,
    /// The token that forms send back.
    pub(crate) csrf: String,
    /// The path, to mark where one is.
    pub(crate) path: String,
    /// Since when and why the record cannot be written.
    pub(crate) read_only: Option<String>,
}

impl Visit {
    /// Who is logged in; routes that ask for it are open to nobody else.
    pub(crate) fn user(&self) -> Result<&User, Failure> {
        self.user.as_ref().ok_or_else(Failure::unauthorized)
    }
}

/// The fields of a form, in the order in which they were sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(pub(crate) Vec<(String, String)>);

impl Fields {
    /// A field without white space around it; empty, if it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// All values of a field that may be sent several times.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.trim()).collect()
    }
}

impl<S: Sync> FromRequestParts<S> for Fields {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}
