//! The readers of everything that comes from outside, as functions of bytes that must neither panic nor hang.

use comity_cel::{Bindings, check, evaluate, parse};
use comity_engine::{Stack, read_case, run_examples, run_scenario};
use comity_law::{Bundle, Law};
use std::collections::BTreeMap;

/// Law files: those of `base`, and one whose bytes are anything.
pub fn law(base: &BTreeMap<String, String>, path: &str, bytes: &[u8]) {
    let mut files: BTreeMap<String, Vec<u8>> = base.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect();
    files.insert(path.to_owned(), bytes.to_vec());
    match Law::read(Bundle::from_memory(files)) {
        Ok(law) => drop(run_examples(&law)),
        Err(found) => {
            assert!(found.iter().any(|d| d.is_error()), "a law is refused without a mistake");
            assert!(found.iter().all(|d| d.line > 0 && d.column > 0 && !d.message.is_empty()));
            found.iter().for_each(|d| assert!(d.to_string().chars().all(|c| c == '\n' || !c.is_control())));
        }
    }
}

/// A case, which is then decided.
pub fn case(law: &Law, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    drop(run_scenario(law, &text));
    match read_case(law, &text) {
        Ok(case) => {
            for found in Stack::new(law, &case.agency, case.on, &case.local).decide_all(&case).into_iter().flatten() {
                assert!(!found.possible.is_empty());
                drop(found.explain().to_string());
            }
        }
        Err(error) => {
            assert!(!error.mistakes.is_empty());
            let lines = text.lines().count().max(1);
            assert!(error.mistakes.iter().all(|m| m.line > 0 && m.line <= lines + 1 && m.column > 0 && !m.message.is_empty()), "{error}");
        }
    }
}

/// An expression: parsed, checked, evaluated.
pub fn expression(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut bindings = Bindings::new();
    bindings.set("on", comity_cel::Value::from_json(&serde_json::json!("2018-03-01")));
    bindings.set("c", comity_cel::Value::from_json(&serde_json::json!({"level": "felony", "years": [1, 2, 3]})));
    match parse(&text) {
        Ok(expr) => {
            drop(check(&expr, &bindings.scope()));
            drop(evaluate(&expr, &bindings));
            assert!(parse(&expr.to_string()).is_ok(), "what is printed cannot be read again: {expr}");
        }
        Err(errors) => assert!(!errors.is_empty() && errors.iter().all(|e| e.span.start <= e.span.end && e.span.end <= text.len())),
    }
}
