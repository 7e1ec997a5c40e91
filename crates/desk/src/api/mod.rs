//! The API, version 1: the same answers as JSON. Programs call it with a token; mistakes are problem+json.

pub(crate) mod body;
pub(crate) mod decide;
pub(crate) mod document;
pub(crate) mod law;
pub(crate) mod once;
pub(crate) mod record;
pub(crate) mod requests;
pub(crate) mod tokens;
