//! Finding the law files below a folder; the build script shares this file.

use std::fs;
use std::path::{Path, PathBuf};

/// A file that was found: its path from the root with `/` between the parts, and where it is.
pub(crate) type Found = (String, PathBuf);

/// Something that could not be read: its path from the root, and why.
pub(crate) type Trouble = (String, String);

/// Deeper folders are no places.
const MAX_DEPTH: usize = 8;

/// Every `*.toml` below the root in order of the paths, and what could not be read. What begins with a dot is passed over.
pub(crate) fn walk(root: &Path) -> (Vec<Found>, Vec<Trouble>) {
    let (mut found, mut trouble) = (Vec::new(), Vec::new());
    folder(root, "", 0, &mut found, &mut trouble);
    found.sort();
    trouble.sort();
    (found, trouble)
}

fn folder(at: &Path, name: &str, depth: usize, found: &mut Vec<Found>, trouble: &mut Vec<Trouble>) {
    if depth > MAX_DEPTH {
        trouble.push((name.to_owned(), "folders are nested too deep; perhaps a link leads back up".to_owned()));
        return;
    }
    let entries = match fs::read_dir(at) {
        Ok(entries) => entries,
        Err(why) => {
            trouble.push((name.to_owned(), format!("the folder cannot be read: {why}")));
            return;
        }
    };
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(why) => {
                trouble.push((name.to_owned(), format!("the folder cannot be read: {why}")));
                continue;
            }
        };
        let raw = entry.file_name();
        let Some(own) = raw.to_str() else {
            trouble.push((format!("{name}/{}", raw.to_string_lossy()), "the name is not UTF-8".to_owned()));
            continue;
        };
        if own.starts_with('.') {
            continue;
        }
        let path = if name.is_empty() { own.to_owned() } else { format!("{name}/{own}") };
        match fs::metadata(entry.path()) {
            // A link to a folder is refused: followed, it could lead in a circle or out of the bundle.
            Ok(meta) if meta.is_dir() && entry.file_type().is_ok_and(|t| t.is_symlink()) => {
                trouble.push((path, "a link to a folder is not followed".to_owned()));
            }
            Ok(meta) if meta.is_dir() => folder(&entry.path(), &path, depth + 1, found, trouble),
            Ok(meta) if meta.is_file() && own.ends_with(".toml") => found.push((path, entry.path())),
            Ok(_) if own.ends_with(".toml") => trouble.push((path, "this is no regular file".to_owned())),
            Ok(_) => {}
            Err(why) if own.ends_with(".toml") || entry.file_type().is_ok_and(|t| t.is_dir()) => {
                trouble.push((path, format!("it cannot be read: {why}")))
            }
            Err(_) => {}
        }
    }
}
