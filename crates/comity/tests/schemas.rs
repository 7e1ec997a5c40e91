//! Everything that is printed as JSON is as `docs/schemas` says, and the cases that are read are as their schema says.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod common;

use common::schema::{schema, validator, wrong};
use common::{Ran, examples, folder, golden, root, run, run_with, scenarios};
use jsonschema::Validator;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;

/// The run's output is as the schema says, with this exit code.
fn conforms(validator: &Validator, ran: Ran, code: i32) -> Json {
    let json = ran.ends(code).json();
    let wrong = wrong(validator, &json);
    assert!(wrong.is_empty(), "{}\n{json:#}", wrong.join("\n"));
    json
}

#[test]
fn determinations_of_every_example() {
    let decide = validator("decide");
    for example in examples() {
        conforms(&decide, run(["decide", &example, "--format", "json"]), 0);
    }
    let timed = ["decide", "examples/2017-01-28-los-angeles-1-arson.json", "--time", "release=2017-02-17T22:15", "--format", "json"];
    conforms(&decide, run(timed), 0);
    let unknown =
        ["decide", "--kind", "sheriff", "--place", "us-wy", "--on", "1800-01-01", "--action", "hold,transfer", "--format", "json"];
    conforms(&decide, run(unknown), 0);
}

#[test]
fn determinations_and_cases_of_every_scenario() {
    let (decide, case) = (validator("decide"), validator("case"));
    for (path, text) in scenarios() {
        for (at, line) in text.lines().enumerate() {
            let json: Json = serde_json::from_str(line).unwrap();
            let wrong = wrong(&case, &json);
            assert!(wrong.is_empty(), "{path}:{}: {}", at + 1, wrong.join("\n"));
            // Each starts the command anew: one in six will do.
            if at % 6 == 0 {
                conforms(&decide, run_with(["decide", "-", "--format", "json"], line.as_bytes()), 0);
            }
        }
    }
}

#[test]
fn cases_of_the_examples() {
    let case = validator("case");
    for example in examples() {
        let json = serde_json::from_str(&std::fs::read_to_string(root().join(&example)).unwrap()).unwrap();
        assert_eq!(wrong(&case, &json), Vec::<String>::new(), "{example}");
    }
    let full = json!({"agency": {"ori": "CA0194200"}, "on": "2018-03-01", "actions": ["hold"], "times": {"release": "2018-03-01T22:15"},
        "local": [{"rank": "city-ordinance", "forbids": ["hold"], "when": "request.kind == 'detainer'"}], "facts": {"request.kind": "detainer"}});
    assert_eq!(wrong(&case, &full), Vec::<String>::new());
    for (path, value) in [
        ("/on", json!("01.03.2018")),
        ("/actions", json!(["hodl"])),
        ("/agency", json!({"kind": "sheriff"})),
        ("/facts", json!({"request": {"kind": "detainr"}})),
        ("/facts", json!({"request": {"kid": "detainer"}})),
        ("/facts", json!({"custody": {"hours_past_release": -1}})),
        ("/local", json!([{"rank": "state-statute", "forbids": ["hold"]}])),
    ] {
        let mut bad = full.clone();
        *bad.pointer_mut(path).unwrap() = value;
        assert!(!case.is_valid(&bad), "{bad:#}");
    }
}

#[test]
fn interviews() {
    let ask = validator("ask");
    let args = ["ask", "examples/2018-03-01-los-angeles-1-arson.json", "--format", "json"];
    let json = conforms(&ask, run_with(args, b"q\n"), 0);
    assert_eq!(json["case"]["agency"]["ori"], "CA0194200");
}

#[test]
fn agencies() {
    let agency = validator("agency");
    for text in ["CA0194200", "Franklin County Sheriff's Office", "us-ca/kern-county", "us"] {
        conforms(&agency, run(["agency", text, "--format", "json"]), 0);
    }
}

#[test]
fn installations() {
    let doctor = validator("doctor");
    let data = folder("schemas-doctor");
    let data = data.to_str().unwrap();
    // Before the first start, after it with a drill, and with a record that is damaged.
    conforms(&doctor, run(["doctor", "--data", data, "--format", "json"]), 0);
    run([
        "ledger",
        "create",
        "--origin",
        "sheriff.example.gov/comity",
        "--ledger",
        &format!("{data}/comity.db"),
        "--keys",
        &format!("{data}/comity.keys"),
    ])
    .ends(0);
    let drilled = conforms(&doctor, run(["doctor", "--data", data, "--drill", "--format", "json"]), 0);
    assert!(drilled["findings"].as_array().unwrap().iter().any(|f| f["about"] == "backup drill" && f["health"] == "good"));
    std::fs::write(format!("{data}/comity.db"), "no database").unwrap();
    conforms(&doctor, run(["doctor", "--data", data, "--format", "json"]), 1);
}

#[test]
fn the_law() {
    let check = run(["law", "check", "--format", "json"]);
    let code = check.code;
    conforms(&validator("law-check"), check, code);
    let bad = folder("schemas-law");
    std::fs::write(bad.join("vocabulary.toml"), "[[action]]\nid = \"hold\"\nsays = \"Hold\"\n").unwrap();
    conforms(&validator("law-check"), run(["law", "check", "--format", "json", "--law", bad.to_str().unwrap()]), 0);

    let test = validator("law-test");
    for (path, _) in scenarios() {
        let ran = run(["law", "test", &path, "--format", "json"]);
        let code = ran.code;
        conforms(&test, ran, code);
    }
    let list = conforms(&validator("law-list"), run(["law", "list", "--format", "json"]), 0);
    conforms(&validator("law-list"), run(["law", "list", "--place", "us-ca/oakland", "--on", "2018-01-01", "--format", "json"]), 0);
    let show = validator("law-show");
    // Each reads the whole law anew: one in seven, and those with every part, will do.
    let whole = ["us-ca-values-act", "us-ca-truth-act", "us-fed-detainer-forms", "us-fed-judicial-process"];
    let some = list["instruments"].as_array().unwrap().iter().enumerate();
    for (_, instrument) in some.filter(|(at, it)| at % 7 == 0 || whole.contains(&it["id"].as_str().unwrap())) {
        conforms(&show, run(["law", "show", instrument["id"].as_str().unwrap(), "--format", "json"]), 0);
    }
}

#[test]
fn evaluation() {
    let eval = validator("law-eval");
    for (expression, value) in [
        ("1 + 2", json!({"int": 3})),
        ("3u", json!({"uint": 3})),
        ("1.5 / 0.0", json!({"double": "inf"})),
        ("b'ab'", json!({"bytes": [97, 98]})),
        ("[null, 'x\u{202e}']", json!({"list": [{"null": true}, {"string": "x\u{202e}"}]})),
        ("{'a': true}", json!({"map": [[{"string": "a"}, {"bool": true}]]})),
        ("type(1)", json!({"type": "int"})),
        ("duration('1h')", json!({"duration": "3600s"})),
        ("timestamp('2018-03-01T00:00:00Z')", json!({"timestamp": "2018-03-01T00:00:00Z"})),
    ] {
        let json = conforms(&eval, run(["law", "eval", expression, "--format", "json"]), 0);
        assert_eq!(json["value"], value, "{expression}");
    }
    let batch = folder("schemas-batch").join("cases.jsonl");
    let cases =
        "{\"name\": \"a\", \"expr\": \"1 + 1\", \"want\": {\"int\": 2}}\n{\"name\": \"b\", \"expr\": \"1\", \"want\": {\"int\": 2}}\n";
    std::fs::write(&batch, cases).unwrap();
    let json = conforms(&validator("law-eval-batch"), run(["law", "eval", "--batch", batch.to_str().unwrap(), "--format", "json"]), 1);
    assert_eq!((&json["right"], &json["wrong"]), (&json!(1), &json!(1)));
}

/// `facts.schema.json` is made from the vocabulary, so that an editor completes the facts of a case and shows the question of each.
#[test]
fn the_facts_are_those_of_the_vocabulary() {
    let json = conforms(&validator("law-facts"), run(["law", "facts", "--format", "json"]), 0);
    let rows = |key: &str| json[key].as_array().unwrap().iter();
    let actions: Vec<Json> = rows("actions").map(|a| json!({"const": a["action"], "description": a["says"]})).collect();
    let mut facts = object("Facts by group; a fact may also be stated by its whole name with dots.");
    for row in rows("facts") {
        let name = row["fact"].as_str().unwrap();
        if !["on", "agency.kind", "agency.place", "agency.name"].contains(&name) {
            put(&mut facts, name, fact(row));
        }
    }
    facts["patternProperties"] = json!({"^[a-z][a-z0-9_]*(\\.[a-z0-9_]+)+$": {"description": "A fact by its whole name."}});
    let schema = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Facts and actions, made from law/vocabulary.toml by a test",
        "$defs": {"action": {"description": "An action of the vocabulary.", "oneOf": actions}, "facts": facts}});
    golden(&root().join("docs/schemas/facts.schema.json"), &format!("{schema:#}\n"));
}

fn object(description: &str) -> Json {
    json!({"type": ["object", "null"], "description": description, "additionalProperties": false, "properties": {}})
}

fn fact(row: &Json) -> Json {
    let mut fact = match row["type"].as_str().unwrap() {
        "bool" => json!({"type": ["boolean", "null"]}),
        "int" => json!({"type": ["integer", "null"]}),
        "date" => json!({"type": ["string", "null"], "pattern": "^\\d{4}-\\d{2}-\\d{2}$"}),
        "list" => json!({"type": ["array", "null"], "maxItems": 10000, "items": object(&format!("One {}.", row["of"].as_str().unwrap()))}),
        "enum" => json!({"enum": row["values"].as_array().unwrap().iter().cloned().chain([Json::Null]).collect::<Vec<_>>()}),
        _ => json!({"type": ["string", "null"]}),
    };
    if let Some(min) = row.get("min") {
        fact["minimum"] = min.clone();
    }
    fact["description"] = row["question"].clone();
    fact
}

/// Puts a fact into its group, or into the elements of its list.
fn put(schema: &mut Json, name: &str, fact: Json) {
    let properties = schema["properties"].as_object_mut().unwrap();
    let Some((group, rest)) = name.split_once('.') else {
        properties.insert(name.to_owned(), fact);
        return;
    };
    let (group, list) = group.strip_suffix("[]").map_or((group, false), |group| (group, true));
    let inner = properties.entry(group).or_insert_with(|| object("A group of facts."));
    put(if list { &mut inner["items"] } else { inner }, rest, fact);
}

/// A typo in a schema must not make it say less: no object admits unknown keys, and every property says what it is.
#[test]
fn the_schemas_are_closed_and_described() {
    let names = std::fs::read_dir(root().join("docs/schemas")).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let names: BTreeSet<String> = names.filter_map(|n| n.strip_suffix(".schema.json").map(str::to_owned)).collect();
    assert!(names.len() >= 14, "{names:?}");
    let readme = std::fs::read_to_string(root().join("docs/schemas/README.md")).unwrap();
    for name in names {
        let schema = schema(&name);
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
        assert!(readme.contains(&format!("`{name}.schema.json`")), "README.md does not name {name}");
        walk(&name, schema.as_object().unwrap());
    }
}

fn walk(at: &str, schema: &Map<String, Json>) {
    if let Some(properties) = schema.get("properties").and_then(Json::as_object) {
        // Names may be free where what they stand for is described.
        let more = schema.get("additionalProperties");
        assert!(more == Some(&json!(false)) || more.is_some_and(Json::is_object), "{at} is open");
        for (name, property) in properties {
            let described = property.get("description").or_else(|| property.get("$ref"));
            assert!(described.is_some(), "{at}.{name} is not described");
        }
    }
    for (key, value) in schema {
        match value {
            Json::Object(inner) => walk(&format!("{at}.{key}"), inner),
            Json::Array(items) => items.iter().filter_map(Json::as_object).for_each(|inner| walk(&format!("{at}.{key}"), inner)),
            _ => {}
        }
    }
}
