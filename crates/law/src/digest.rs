//! The digest of a bundle; the build script shares this file.

use sha2::{Digest, Sha256};

/// SHA-256 in hexadecimal over the files in order of their paths (by bytes): of each the path, a zero byte, the length of the content as eight
/// bytes (the least significant first), and the content. Nothing is normalised: a file with other line endings is another file.
pub(crate) fn digest<'a>(sorted: impl Iterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut hasher = Sha256::new();
    for (path, bytes) in sorted {
        hasher.update(path.as_bytes());
        hasher.update([0]);
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
