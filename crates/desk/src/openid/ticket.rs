//! What ties an answer of the provider to the browser that asked: one secret in a cookie, from which the rest is derived.

use crate::people::token::{fresh, hex, same};
use sha2::{Digest, Sha256};

/// The secret of one attempt to sign in. Only the browser keeps it; the provider sees the state and the nonce, which do not tell it.
pub(crate) struct Ticket(String);

impl Ticket {
    /// A new one; `None` if the machine gives no random bytes.
    pub(crate) fn fresh() -> Option<Self> {
        fresh().map(Self)
    }

    /// The one of a cookie.
    pub(crate) fn of(cookie: String) -> Self {
        Self(cookie)
    }

    /// What the cookie keeps.
    pub(crate) fn secret(&self) -> &str {
        &self.0
    }

    /// What the provider sends back in the address.
    pub(crate) fn state(&self) -> String {
        self.derived("state")
    }

    /// What the provider writes into the ID token.
    pub(crate) fn nonce(&self) -> String {
        self.derived("nonce")
    }

    /// What proves that who redeems the code is who asked for it (PKCE); 64 characters, as RFC 7636 allows.
    pub(crate) fn verifier(&self) -> String {
        self.derived("verifier")
    }

    /// Whether a state is that of this attempt.
    pub(crate) fn fits(&self, state: &str) -> bool {
        same(&self.state(), state)
    }

    fn derived(&self, what: &str) -> String {
        hex(&Sha256::digest(format!("comity openid {what}\n{}", self.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::Ticket;

    #[test]
    fn nothing_that_leaves_the_browser_tells_another() {
        let (one, other) = (Ticket::of("a".repeat(64)), Ticket::of("b".repeat(64)));
        assert!(one.fits(&one.state()) && !one.fits(&other.state()) && !one.fits(""));
        let all = [one.state(), one.nonce(), one.verifier(), one.secret().to_owned()];
        assert!(all.iter().enumerate().all(|(at, a)| all.iter().skip(at + 1).all(|b| a != b)));
        assert!((43..=128).contains(&one.verifier().len()));
    }
}
