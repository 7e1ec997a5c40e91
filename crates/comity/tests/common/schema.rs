//! The JSON schemas of `docs/schemas`.

use super::root;
use jsonschema::{Registry, Resource, Validator};
use serde_json::Value as Json;

const BASE: &str = "file:///schemas/";

/// Schemas that others refer to; they are read for every one.
const SHARED: [&str; 3] = ["defs", "facts", "case"];

pub fn schema(name: &str) -> Json {
    let path = root().join(format!("docs/schemas/{name}.schema.json"));
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap()
}

pub fn validator(name: &str) -> Validator {
    let mut registry = Registry::new();
    for shared in SHARED {
        registry = registry.add(format!("{BASE}{shared}.schema.json"), Resource::from_contents(schema(shared))).unwrap();
    }
    let registry = registry.prepare().unwrap();
    let options = jsonschema::options().with_base_uri(format!("{BASE}{name}.schema.json")).with_registry(&registry);
    options.build(&schema(name)).unwrap()
}

/// What is wrong with a value, if anything is; no more than five things.
pub fn wrong(validator: &Validator, json: &Json) -> Vec<String> {
    validator.iter_errors(json).map(|e| format!("{}: {e}", e.instance_path())).take(5).collect()
}
