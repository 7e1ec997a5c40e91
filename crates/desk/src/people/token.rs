//! Random tokens, and what is derived from them.

use sha2::{Digest, Sha256};

/// A random token of 256 bits in hexadecimal. `None` if the machine gives no random bytes.
pub(crate) fn fresh() -> Option<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).ok()?;
    Some(hex(&bytes))
}

/// A random id of 64 bits, to name things.
pub(crate) fn id() -> Option<String> {
    fresh().map(|token| token.chars().take(16).collect())
}

/// What the database keeps of a token.
pub(crate) fn kept(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// The token that the forms of a session carry.
pub(crate) fn form_token(token: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"comity form\n");
    hash.update(token.as_bytes());
    hex(&hash.finalize())
}

/// Whether two tokens are the same, in time that does not tell where they differ.
pub(crate) fn same(a: &str, b: &str) -> bool {
    use subtle::ConstantTimeEq;
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// A password that is given once: five groups of four letters or digits that are not easily confused.
pub(crate) fn one_time_password() -> Option<String> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes).ok()?;
    let letters: Vec<char> = bytes.iter().filter_map(|b| LETTERS.get(usize::from(b % 32))).map(|b| char::from(*b)).collect();
    Some(letters.chunks(4).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
