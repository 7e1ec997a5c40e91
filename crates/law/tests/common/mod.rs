//! Bundles for the tests.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, reason = "each test uses its part; a test may stop")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use comity_law::Bundle;

/// Files by their paths.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// A path below the crate.
pub(crate) fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The small correct law that the cases are laid over.
pub(crate) fn base() -> Files {
    let mut files = Files::new();
    gather(&here("tests/base"), "", &mut files);
    files
}

fn gather(folder: &Path, prefix: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.file_type().unwrap().is_dir() {
            gather(&entry.path(), &path, files);
        } else {
            files.insert(path, fs::read(entry.path()).unwrap());
        }
    }
}

/// A bundle of these files.
pub(crate) fn bundle(files: &Files) -> Bundle {
    Bundle::from_memory(files.iter().map(|(path, bytes)| (path.clone(), bytes.clone())))
}

/// The base with the files of a case laid over it: `# file: PATH` begins a file, `# without: PATH` takes one away.
pub(crate) fn case(text: &str) -> Files {
    let mut files = base();
    let mut current: Option<String> = None;
    for line in text.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix("# file: ") {
            files.insert(path.trim().to_owned(), Vec::new());
            current = Some(path.trim().to_owned());
        } else if let Some(path) = line.strip_prefix("# without: ") {
            files.remove(path.trim());
        } else {
            let path = current.as_ref().expect("a case begins with `# file: PATH`");
            files.get_mut(path).unwrap().extend_from_slice(line.as_bytes());
        }
    }
    files
}

/// The cases of a folder: their names and texts.
pub(crate) fn cases(folder: &str) -> Vec<(PathBuf, String)> {
    let mut out: Vec<(PathBuf, String)> = fs::read_dir(here(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect();
    out.sort();
    out
}

/// Compares with the text beside a case; with `BLESS=1` in the environment it is written instead.
pub(crate) fn expect(path: &Path, found: &str) -> Result<(), String> {
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, found).unwrap();
        return Ok(());
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    if expected == found { Ok(()) } else { Err(format!("{}\n--- expected\n{expected}\n--- found\n{found}", path.display())) }
}
