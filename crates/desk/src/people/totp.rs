//! The second factor: six digits of an authenticator app (RFC 6238), each taken once.

use totp_rs::{Builder, Totp};

/// The length of a secret in bytes (RFC 4226 recommends 20).
const LENGTH: usize = 20;

/// A new secret.
pub(crate) fn fresh() -> Option<Vec<u8>> {
    let mut bytes = vec![0; LENGTH];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}

fn totp(secret: &[u8]) -> Option<Totp> {
    Builder::new().with_secret(secret.to_vec()).build().ok()
}

/// The step of a code that is right now, if it was not used before: later than `used`.
pub(crate) fn step(secret: &[u8], code: &str, now: u64, used: i64) -> Option<i64> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let step = totp(secret)?.check(&code, now)?;
    i64::try_from(step).ok().filter(|step| *step > used)
}

/// The secret as apps take it by hand (RFC 4648, base32), in groups of four.
pub(crate) fn shown(secret: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut bits = 0_u32;
    let mut count = 0;
    let mut out = String::new();
    for byte in secret {
        bits = (bits << 8) | u32::from(*byte);
        count += 8;
        while count >= 5 {
            count -= 5;
            if let Some(letter) = LETTERS.get(((bits >> count) & 31) as usize) {
                out.push(char::from(*letter));
            }
        }
        bits &= 0xff;
    }
    out.as_bytes().chunks(4).map(|c| String::from_utf8_lossy(c).into_owned()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{shown, step};

    #[test]
    fn a_code_counts_once() {
        // RFC 6238, appendix B: at 59 seconds the code of this secret ends in 287082.
        let secret = b"12345678901234567890";
        assert_eq!(step(secret, "287 082", 59, 0), Some(1));
        assert_eq!(step(secret, "287082", 59, 1), None);
        assert_eq!(step(secret, "287082", 59 + 300, 0), None);
        assert_eq!(step(secret, "28708", 59, 0), None);
        assert_eq!(step(secret, "२८७०८२", 59, 0), None);
    }

    #[test]
    fn a_secret_is_shown_in_base32() {
        assert_eq!(shown(b"12345678901234567890"), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }
}
