//! A bundle: the law files as they lie in a folder, in memory, or in the program itself.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::{digest, slug, walk};

/// The packed files of the program.
static BLOB: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/law.blob"));
include!(concat!(env!("OUT_DIR"), "/law_index.rs"));

/// No law file is longer.
pub const MAX_FILE: usize = 256 * 1024;

/// A law file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its path from the bundle's root: `us/ca/us-ca-values-act.toml`.
    pub path: String,
    /// Its text, as far as it is UTF-8.
    pub text: Cow<'static, str>,
}

/// A file of a bundle, not yet read.
#[derive(Clone, Debug)]
pub(crate) struct BundleFile {
    pub(crate) path: String,
    pub(crate) bytes: Cow<'static, [u8]>,
}

/// The files of a body of law, in order of their paths.
#[derive(Clone, Debug)]
pub struct Bundle {
    pub(crate) files: Vec<BundleFile>,
    /// What could not be read: its path and why.
    pub(crate) trouble: Vec<(String, String)>,
    digest: String,
}

impl Bundle {
    /// The law that is built into the program.
    #[must_use]
    pub fn builtin() -> Self {
        let file = |(path, start, end): &(&str, usize, usize)| BundleFile {
            path: (*path).to_owned(),
            bytes: Cow::Borrowed(BLOB.get(*start..*end).unwrap_or_default()),
        };
        Self { files: INDEX.iter().map(file).collect(), trouble: Vec::new(), digest: DIGEST.to_owned() }
    }

    /// The `*.toml` files below a folder. What cannot be read is reported when the bundle is.
    #[must_use]
    pub fn from_dir(root: &Path) -> Self {
        let (found, mut trouble) = walk::walk(root);
        let mut files = Vec::new();
        for (path, place) in found {
            match read(&place) {
                Ok(bytes) => files.push((path, bytes)),
                Err(why) => trouble.push((path, format!("the file cannot be read: {why}"))),
            }
        }
        let mut bundle = Self::from_memory(files);
        bundle.trouble.extend(trouble);
        bundle
    }

    /// Files in memory: their paths from the root with `/` between the parts, and their bytes. The order does not matter.
    #[must_use]
    pub fn from_memory(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let mut files: Vec<_> = files.into_iter().map(|(path, bytes)| BundleFile { path, bytes: Cow::Owned(bytes) }).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path).then_with(|| a.bytes.cmp(&b.bytes)));
        let digest = digest::digest(files.iter().map(|f| (f.path.as_str(), &*f.bytes)));
        let mut trouble = Vec::new();
        files.dedup_by(|b, a| {
            let twice = a.path == b.path;
            if twice {
                trouble.push((a.path.clone(), "the bundle has two files of this path".to_owned()));
            }
            twice
        });
        Self { files, trouble, digest }
    }

    /// SHA-256 over the sorted files, in hexadecimal: path, a zero byte, the length as eight bytes (the least significant first), content.
    /// The same for a folder, for memory and for the built-in law; line endings are not normalised.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The paths of the files.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|f| f.path.as_str())
    }

    /// Only the vocabulary and the files of a place and of those above it; the digest stays that of the whole.
    #[must_use]
    pub fn only(mut self, place: &str) -> Self {
        let folders: Vec<String> = slug::chain(place).map(slug::folder).collect();
        let wanted = |path: &str| {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let folder = folder.strip_suffix("/classes").unwrap_or(folder);
            folder.is_empty() || folders.iter().any(|f| f == folder)
        };
        self.files.retain(|f| wanted(&f.path));
        self.trouble.retain(|(path, _)| wanted(path));
        self
    }
}

/// The bytes of a file; of one that is too long only enough to see that.
fn read(place: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(place)?.take(MAX_FILE as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
