//! The first accounts of a fresh desk.

use crate::config::ConfigError;
use crate::desk::Desk;
use crate::http::Role;
use crate::http::failure::Failure;
use crate::people::{accounts, token};

/// An account with the password that it is given once.
#[derive(Clone, Debug)]
pub struct FirstAccount {
    /// The name to log in with.
    pub login: String,
    /// The name of the person; invented in a demonstration.
    pub name: String,
    /// What the account is for.
    pub role: Role,
    /// The password, to be changed at the first log-in.
    pub password: String,
}

/// Invented people.
const DEMO: [(&str, &str, Role); 6] = [
    ("clerk", "Casey Quill", Role::Clerk),
    ("night", "Noor Lantern", Role::Clerk),
    ("supervisor", "Sam Anchor", Role::Supervisor),
    ("counsel", "Lee Parchment", Role::Counsel),
    ("auditor", "Audrey Tally", Role::Auditor),
    ("admin", "Adi Keyring", Role::Administrator),
];

/// Makes the first accounts of a desk that has none: one administrator, or in a demonstration one invented person a role. Passwords are told only here.
///
/// # Errors
/// If they cannot be written.
pub async fn first_accounts(desk: &Desk) -> Result<Vec<FirstAccount>, ConfigError> {
    let trouble = |failure: Failure| ConfigError(format!("the first accounts cannot be made: {}", failure.title));
    if !accounts::all(&desk.record).await.map_err(trouble)?.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: Vec<(&str, &str, Role)> =
        if desk.config.demo { DEMO.to_vec() } else { vec![("admin", "Administrator", Role::Administrator)] };
    let mut made = Vec::new();
    for (login, name, role) in wanted {
        let password = token::one_time_password().ok_or_else(|| ConfigError("the machine gives no random bytes".to_owned()))?;
        let new = accounts::New { login, name, role, by: "host", now: desk.now_ms() };
        accounts::create(&desk.record, &new, &password).await.map_err(trouble)?;
        made.push(FirstAccount { login: login.to_owned(), name: name.to_owned(), role, password });
    }
    Ok(made)
}
