//! The schemas for editors: every law file is as they say, and what the reader refuses they mostly refuse too.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod common;

use common::root;
use common::schema::{validator, wrong};
use jsonschema::Validator;
use serde_json::{Map, Value as Json};
use std::path::{Path, PathBuf};

/// A TOML value as an editor's schema sees it: days are texts.
fn json(value: toml::Value) -> Json {
    match value {
        toml::Value::String(s) => Json::String(s),
        toml::Value::Integer(n) => Json::from(n),
        toml::Value::Float(n) => Json::from(n),
        toml::Value::Boolean(b) => Json::Bool(b),
        toml::Value::Datetime(d) => Json::String(d.to_string()),
        toml::Value::Array(all) => Json::Array(all.into_iter().map(json).collect()),
        toml::Value::Table(table) => Json::Object(table.into_iter().map(|(k, v)| (k, json(v))).collect::<Map<_, _>>()),
    }
}

fn read(text: &str) -> Json {
    json(toml::Value::Table(toml::from_str(text).unwrap()))
}

fn files(at: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(at).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

#[test]
fn every_law_file_is_as_its_schema_says() {
    let schemas: Vec<(&str, Validator)> = ["law-file", "law-file-place", "law-file-class", "law-file-definitions", "law-file-vocabulary"]
        .into_iter()
        .map(|n| (n, validator(n)))
        .collect();
    let of = |name: &str| &schemas.iter().find(|(n, _)| *n == name).unwrap().1;
    let mut all = Vec::new();
    files(&root().join("law"), &mut all);
    assert!(all.len() > 100);
    for path in all.iter().filter(|p| p.extension().is_some_and(|e| e == "toml")) {
        let schema = match path.file_name().unwrap().to_str().unwrap() {
            "vocabulary.toml" => of("law-file-vocabulary"),
            "place.toml" => of("law-file-place"),
            "definitions.toml" => of("law-file-definitions"),
            _ if path.parent().unwrap().ends_with("classes") => of("law-file-class"),
            _ => of("law-file"),
        };
        let wrong = wrong(schema, &read(&std::fs::read_to_string(path).unwrap()));
        assert!(wrong.is_empty(), "{}: {}", path.display(), wrong.join("\n"));
    }
}

#[test]
fn what_is_wrong_is_seen() {
    let schema = validator("law-file");
    let good = "title = \"T\"\ncite = \"C\"\nkind = \"statute\"\nin_force = { from = 2020-01-01 }\nchecked = { on = 2020-01-01, confidence = \"high\", against = [\"x\"] }\n[[norm]]\nid = \"a\"\ncite = \"b\"\nforbids = [\"hold\"]\nsays = \"No.\"\n";
    assert_eq!(wrong(&schema, &read(good)), Vec::<String>::new());
    for (from, to) in [
        ("title = \"T\"\n", ""),
        ("statute", "statue"),
        ("{ from = 2020-01-01 }", "{}"),
        ("against = [\"x\"]", "against = []"),
        ("[\"hold\"]", "[\"hodl\"]"),
        ("says = \"No.\"", "says = \"\""),
        ("says = \"No.\"", "says = \"No.\"\npermits = [\"hold\"]"),
        ("forbids = [\"hold\"]\n", ""),
        ("id = \"a\"", "id = \"a\"\ncolour = 1"),
        ("says = \"No.\"", "says = \"No.\"\n[[norm.example]]\nexpect = \"forbidden\"\nfacts = { request = { kid = \"detainer\" } }"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good);
        assert!(!schema.is_valid(&read(&bad)), "{bad}");
    }
}
