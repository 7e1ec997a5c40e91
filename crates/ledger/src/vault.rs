//! Encryption of what is personal: AES-256-GCM under a key per person, itself wrapped under a key derived from the master key.

use crate::entry::{Commitment, PersonId};
use crate::error::{LedgerError, Result};
use crate::hash::{Hash, hex};
use crate::keys::{Secret, random};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

const NONCE: usize = 12;
const SALT: usize = 32;

/// Encrypts: nonce, then cipher text with its tag. `context` is authenticated with it, so that no cipher text passes for another.
pub(crate) fn seal(key: &Secret, context: &str, plain: &[u8]) -> Result<Vec<u8>> {
    let mut out = vec![0; NONCE];
    random(&mut out)?;
    let nonce = Nonce::try_from(&out[..]).map_err(|_| LedgerError::Input("a nonce has 12 bytes".to_owned()))?;
    let sealed = cipher(key).encrypt(&nonce, Payload { msg: plain, aad: context.as_bytes() });
    out.extend(sealed.map_err(|_| LedgerError::Input("this is too long to be encrypted".to_owned()))?);
    Ok(out)
}

/// Decrypts; `None` if the bytes or the context are not those that were encrypted under this key.
pub(crate) fn unseal(key: &Secret, context: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, rest) = sealed.split_at_checked(NONCE)?;
    let nonce = Nonce::try_from(nonce).ok()?;
    cipher(key).decrypt(&nonce, Payload { msg: rest, aad: context.as_bytes() }).ok().map(Zeroizing::new)
}

/// The context of what lies in other tables under the key of a person.
pub(crate) fn beside(context: &str) -> String {
    format!("comity beside v1\n{context}")
}

/// Wraps the key of a person.
pub(crate) fn wrap(master: &Secret, person: &PersonId, key: &Secret) -> Result<Vec<u8>> {
    seal(&wrapping_key(master)?, &format!("comity person key v1\n{}", person.0), &*key.0)
}

/// Unwraps the key of a person; `None` under another master key, or if it was altered.
pub(crate) fn unwrap(master: &Secret, person: &PersonId, wrapped: &[u8]) -> Option<Secret> {
    let plain = unseal(&wrapping_key(master).ok()?, &format!("comity person key v1\n{}", person.0), wrapped)?;
    plain.as_slice().try_into().ok().map(|bytes| Secret(Zeroizing::new(bytes)))
}

/// The personal part of an entry, encrypted with its salt, and what the log keeps of it.
pub(crate) fn seal_personal(key: &Secret, index: u64, facts: &[u8]) -> Result<(Vec<u8>, Commitment)> {
    let mut plain = Zeroizing::new(vec![0; SALT]);
    random(&mut plain)?;
    let commitment = commit(&plain, facts);
    plain.extend_from_slice(facts);
    let sealed = seal(key, &personal_context(index), &plain)?;
    let digest = Hash::of(&sealed).hex();
    Ok((sealed, Commitment { commitment, sealed: digest }))
}

/// The facts of an entry; an error says what does not fit.
pub(crate) fn open_personal(key: &Secret, index: u64, sealed: &[u8], kept: &Commitment) -> Result<Zeroizing<Vec<u8>>, String> {
    let plain = unseal(key, &personal_context(index), sealed).ok_or("its personal part does not decrypt under the key of its person")?;
    let (salt, facts) = plain.split_at_checked(SALT).ok_or("its personal part is too short")?;
    if commit(salt, facts) == kept.commitment {
        Ok(Zeroizing::new(facts.to_vec()))
    } else {
        Err("its personal part is not what the log commits to".to_owned())
    }
}

fn personal_context(index: u64) -> String {
    format!("comity personal v1\n{index}")
}

fn commit(salt: &[u8], facts: &[u8]) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(salt) else { return String::new() };
    mac.update(facts);
    hex(&mac.finalize().into_bytes())
}

fn cipher(key: &Secret) -> Aes256Gcm {
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key.0))
}

/// The seal of a backup: only whoever has the key file can make it for other lines.
pub(crate) fn backup_seal(master: &Secret, lines: &Hash) -> Result<Hash> {
    let key = derived(master, "comity backup seal v1")?;
    let mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&*key.0);
    let mut mac = mac.map_err(|_| LedgerError::Input("the seal cannot be made".to_owned()))?;
    mac.update(&lines.0);
    Ok(Hash(mac.finalize().into_bytes().into()))
}

fn wrapping_key(master: &Secret) -> Result<Secret> {
    derived(master, "comity wrapping key v1")
}

/// A key for one use, derived from the master key.
fn derived(master: &Secret, name: &str) -> Result<Secret> {
    let mut out = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, &*master.0)
        .expand(name.as_bytes(), &mut *out)
        .map_err(|_| LedgerError::Input(format!("the key of `{name}` cannot be derived")))?;
    Ok(Secret(out))
}
