//! Files and folders that are no law for reasons that no text can show.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod common;

use std::fs;
use std::path::PathBuf;

use comity_law::{Bundle, Diagnostic, Law, MAX_FILE};

fn with(path: &str, bytes: &[u8]) -> Result<Law, Vec<Diagnostic>> {
    let mut files = common::base();
    files.insert(path.to_owned(), bytes.to_vec());
    Law::read(common::bundle(&files))
}

fn only(read: Result<Law, Vec<Diagnostic>>) -> Diagnostic {
    let mut all = read.unwrap_err();
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

/// A fresh folder for a test.
fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    for (file, bytes) in common::base() {
        fs::create_dir_all(path.join(&file).parent().unwrap()).unwrap();
        fs::write(path.join(&file), bytes).unwrap();
    }
    path
}

#[test]
fn not_utf8() {
    let found = only(with("us/ca/x.toml", b"title = \"A law\"\ncite = \"caf\xe9\"\n"));
    assert_eq!((found.code, found.line, found.column), ("L0002", 2, 12));
    assert!(found.message.contains("byte 27"), "{found}");
}

#[test]
fn too_long() {
    let found = only(with("us/ca/x.toml", &vec![b'#'; MAX_FILE + 1]));
    assert_eq!(found.code, "L0003");
    let long = folder("too-long");
    fs::write(long.join("us/ca/x.toml"), vec![b'#'; MAX_FILE * 3]).unwrap();
    assert_eq!(only(Law::open(long)).code, "L0003");
}

#[test]
fn as_long_as_allowed() {
    let mut law = common::base()["us/ca/us-ca-act.toml"].clone();
    law.resize(MAX_FILE, b'\n');
    assert!(with("us/ca/us-ca-act.toml", &law).is_ok());
}

#[test]
fn byte_order_mark_and_carriage_returns() {
    let act = String::from_utf8(common::base()["us/ca/us-ca-act.toml"].clone()).unwrap();
    let law = with("us/ca/us-ca-act.toml", format!("\u{feff}{}", act.replace('\n', "\r\n")).as_bytes()).unwrap();
    let codes: Vec<_> = law.warnings.iter().map(|w| w.code).collect();
    assert_eq!(codes, ["L0009"]);
    let found = only(
        with("us/ca/us-ca-act.toml", format!("\u{feff}{}", act.replace("\"statute\"", "\"statut\"").replace('\n', "\r\n")).as_bytes())
            .map_err(|mut all| {
                all.retain(Diagnostic::is_error);
                all
            }),
    );
    assert_eq!((found.code, found.line, found.column), ("L0106", 3, 8));
    assert!(!found.to_string().contains('\r'));
}

#[test]
fn nothing_there() {
    assert_eq!(only(Law::read(Bundle::from_memory([]))).code, "L0005");
    let empty = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("empty");
    fs::create_dir_all(&empty).unwrap();
    let found = only(Law::open(&empty));
    assert_eq!(found.code, "L0005");
    assert!(found.to_string().contains("vocabulary.toml"));
    assert_eq!(only(Law::open(empty.join("missing"))).code, "L0001");
}

#[test]
fn the_same_path_twice() {
    let mut files: Vec<_> = common::base().into_iter().collect();
    files.push(("us/place.toml".to_owned(), b"name = \"Other\"".to_vec()));
    let found = Law::read(Bundle::from_memory(files)).unwrap_err();
    assert_eq!(found.first().unwrap().code, "L0001");
}

#[cfg(unix)]
#[test]
fn links_that_lead_in_a_circle_or_nowhere() {
    use std::os::unix::fs::symlink;
    let loops = folder("loops");
    symlink(&loops, loops.join("us/ca/again")).unwrap();
    symlink(loops.join("nothing.toml"), loops.join("us/ca/gone.toml")).unwrap();
    symlink("self.toml", loops.join("us/ca/self.toml")).unwrap();
    let found = Law::open(&loops).unwrap_err();
    let paths: Vec<_> = found.iter().map(|d| (d.code, d.file.as_str())).collect();
    assert_eq!(paths, [("L0001", "us/ca/again"), ("L0001", "us/ca/gone.toml"), ("L0001", "us/ca/self.toml")]);
}

#[test]
fn folders_without_end() {
    let deep = folder("deep");
    let end = deep.join("us/a/b/c/d/e/f/g/h/i");
    fs::create_dir_all(&end).unwrap();
    fs::write(end.join("x.toml"), "").unwrap();
    assert_eq!(only(Law::open(&deep)).code, "L0001");
}

#[test]
fn a_folder_called_like_a_file_and_hidden_files() {
    let odd = folder("odd");
    fs::create_dir_all(odd.join("us/ca/x.toml")).unwrap();
    fs::create_dir_all(odd.join(".git")).unwrap();
    fs::write(odd.join(".git/x.toml"), "= nonsense").unwrap();
    fs::write(odd.join("us/.hidden.toml"), "= nonsense").unwrap();
    fs::write(odd.join("us/README.md"), "not a law").unwrap();
    assert!(Law::open(&odd).is_ok());
}

#[test]
fn hostile_names_and_texts_do_not_reach_the_terminal() {
    let found = with("us/ca/\u{1b}[31m.toml", b"").unwrap_err();
    assert!(found.iter().all(|d| !d.to_string().contains('\u{1b}')));
    let found = with("us/ca/x.toml", "\"\\u001b[31mkey\\u202e\" = 1\n\"k\u{200b}\" = \"\u{202e}\"\n".as_bytes()).unwrap_err();
    assert!(found.iter().any(|d| d.message.contains('\u{1b}')));
    assert!(found.iter().all(|d| !d.to_string().contains(['\u{1b}', '\u{202e}', '\u{200b}'])));
}
