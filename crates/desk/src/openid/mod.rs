//! Signing in with an OpenID provider, beside local accounts: authorization code with PKCE, state and nonce.
//!
//! The walk is [`pages::begin`] → the provider → [`pages::back`] → [`provider::Provider::prove`] → [`subject::account`]. Out of the way where no
//! provider is configured.

pub(crate) mod pages;
pub(crate) mod provider;
pub(crate) mod settings;
pub(crate) mod subject;
mod ticket;
mod wire;
