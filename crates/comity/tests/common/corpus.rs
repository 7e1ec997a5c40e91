//! Good inputs to begin with.

use super::{examples, root, scenarios};
use std::collections::BTreeMap;
use std::path::Path;

/// The law files without a mistake that `bad-inputs.toml` begins with.
pub fn base_law() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(root().join("crates/comity/tests/bad-inputs.toml")).unwrap();
    let table: toml::Table = toml::from_str(&text).unwrap();
    let files = table["base"].as_table().unwrap().iter();
    files.map(|(path, text)| (path.clone(), text.as_str().unwrap().to_owned())).collect()
}

/// The law files of the project.
pub fn law_files() -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    collect(&root().join("law"), &mut found);
    found
}

fn collect(folder: &Path, found: &mut Vec<Vec<u8>>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.push(std::fs::read(&path).unwrap());
        }
    }
}

/// Cases: the examples and the scenarios.
pub fn cases() -> Vec<Vec<u8>> {
    let mut cases: Vec<Vec<u8>> = examples().iter().map(|name| std::fs::read(root().join(name)).unwrap()).collect();
    cases.extend(scenarios().iter().flat_map(|(_, text)| text.lines().map(|line| line.as_bytes().to_vec()).collect::<Vec<_>>()));
    cases
}

/// Conditions of the law files, and expressions with everything that these do not have.
pub fn expressions() -> Vec<Vec<u8>> {
    let more = [
        "[1, 2u, 3.5, 'a', b'\\x00', null, {'k': [true]}][5].k[0] ? -1 : c.years.map(y, y * y).size() % 3",
        "c.years.all(y, y > 0) && !has(c.x)",
    ];
    let mut found: Vec<Vec<u8>> = more.iter().map(|text| text.as_bytes().to_vec()).collect();
    for text in law_files() {
        let text = String::from_utf8(text).unwrap();
        let conditions = text.lines().filter_map(|line| line.trim().strip_prefix("when")?.split_once('"')?.1.strip_suffix('"'));
        found.extend(conditions.map(|condition| condition.as_bytes().to_vec()));
    }
    found
}
