//! Passwords: Argon2id, and what makes a good one (OWASP ASVS 5.0, 6.2: length, no rules of composition, none that everybody uses).

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
use std::sync::LazyLock;

/// The shortest password.
const SHORTEST: usize = 12;

/// The longest; longer ones are refused, not cut.
const LONGEST: usize = 128;

/// What everybody tries first, and what this desk is about; compared without case, digits at the end, and signs.
const COMMON: &[&str] = &[
    "password",
    "passwort",
    "qwertyuiop",
    "letmein",
    "welcome",
    "iloveyou",
    "administrator",
    "changeme",
    "abcdefghijkl",
    "qwerty",
    "sheriff",
    "comity",
    "detainer",
    "immigration",
    "supervisor",
    "corrections",
    "football",
    "baseball",
    "dragon",
    "monkey",
    "sunshine",
    "princess",
];

/// Why a password is not taken.
pub(crate) fn weakness(password: &str, login: &str) -> Option<String> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Some(format!("It has {length} characters; {SHORTEST} is the least. A few unrelated words do well"));
    }
    if length > LONGEST {
        return Some(format!("It has {length} characters; {LONGEST} is the most"));
    }
    let plain: String = password.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
    let repeated = |word: &str| !word.is_empty() && plain.replace(word, "").is_empty();
    if COMMON.iter().any(|word| repeated(word)) || repeated(&login.to_lowercase()) || plain.is_empty() {
        return Some("It is among the first that anyone would try; choose a few unrelated words".to_owned());
    }
    let mut letters: Vec<char> = password.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    (letters.len() < 5).then(|| "It has fewer than five different characters".to_owned())
}

/// The hash of a password. Takes tens of milliseconds: run it beside the threads that answer.
pub(crate) fn hash(password: &str) -> Result<String, String> {
    Argon2::default().hash_password(password.as_bytes()).map(|h| h.to_string()).map_err(|e| e.to_string())
}

/// Whether it is the password of the hash. For an account that does not exist, `None`, it takes as long.
pub(crate) fn matches(password: &str, hash: Option<&str>) -> bool {
    static NOBODY: LazyLock<String> = LazyLock::new(|| self::hash("nobody has this password").unwrap_or_default());
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(&NOBODY)) else { return false };
    let fits = password.chars().count() <= LONGEST && Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
    fits && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::{hash, matches, weakness};

    #[test]
    fn a_password_matches_its_own_hash_only() {
        let kept = hash("four unrelated words here").unwrap_or_default();
        assert!(kept.starts_with("$argon2id$"));
        assert!(matches("four unrelated words here", Some(&kept)));
        assert!(!matches("four unrelated words her", Some(&kept)));
        assert!(!matches("nobody has this password", None));
    }

    #[test]
    fn weak_passwords_are_refused() {
        for weak in [
            "short",
            "password1234",
            "PasswordPassword",
            "sheriff!!!!!!!",
            "111111111111",
            "aaaabbbbaaaa",
            "clerkclerk123",
            &"x1y2z3w4".repeat(20),
        ] {
            assert!(weakness(weak, "clerk").is_some(), "{weak}");
        }
        assert_eq!(weakness("correct horse battery", "clerk"), None);
        assert_eq!(weakness("åäö 日本語 пароль ok", "clerk"), None);
    }
}
