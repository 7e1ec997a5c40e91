//! Accounts: passwords, second factors, sessions, and the pages for them.

pub(crate) mod accounts;
pub(crate) mod log_in;
pub(crate) mod manage;
pub(crate) mod own;
pub(crate) mod password;
pub(crate) mod sessions;
pub(crate) mod token;
pub(crate) mod totp;
