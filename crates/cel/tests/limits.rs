//! Hostile input ends with an error, soon and without overflowing the stack.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

use comity_cel::{Bindings, FaultKind, MAX_HEIGHT, MAX_NESTING, MAX_SOURCE, check, evaluate, parse};

fn refused(source: &str, part: &str) {
    let errors = parse(source).unwrap_err();
    assert!(errors.iter().any(|e| e.message.contains(part)), "{errors:?}");
}

#[test]
fn nesting_is_limited() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{1: ", "}"), ("f(", ")"), ("!", ""), ("- ", ""), ("a ? b : ", ""), ("a[", "]")] {
        let nest = |depth: usize| format!("{}x{}", open.repeat(depth), close.repeat(depth));
        assert!(parse(&nest(MAX_NESTING - 1)).is_ok(), "{open}");
        refused(&nest(MAX_NESTING + 1), "nested");
        refused(&nest(MAX_SOURCE / 10), "nested");
        refused(&open.repeat(MAX_SOURCE / 10), "");
    }
}

#[test]
fn chains_are_limited() {
    for (start, link) in [("a", " + a"), ("a", ".b"), ("a", ".f()"), ("a", "[0]"), ("a", " || a")] {
        let chain = |links: usize| format!("{start}{}", link.repeat(links));
        let expr = parse(&chain(MAX_HEIGHT - 1)).unwrap();
        // The walks must bear the highest tree there is.
        assert_eq!(expr.to_string(), chain(MAX_HEIGHT - 1));
        assert!(expr.same(&expr.clone()));
        assert!(check(&expr, &Bindings::new().scope()).is_err());
        assert!(evaluate(&expr, &Bindings::new()).is_err());
        refused(&chain(MAX_HEIGHT), "in one chain");
        refused(&chain(10_000), "in one chain");
    }
}

#[test]
fn the_highest_tree_evaluates() {
    let sum = format!("1{}", " + 1".repeat(MAX_HEIGHT - 1));
    assert_eq!(evaluate(&parse(&sum).unwrap(), &Bindings::new()).unwrap(), 256.into());
    let deep = format!("{}1{}", "[".repeat(95), "]".repeat(95));
    let mapped = format!("{deep}{}", ".map(x, [x])".repeat(150));
    let mapped = parse(&mapped).unwrap();
    assert!(evaluate(&mapped, &Bindings::new()).is_ok());
    assert!(check(&mapped, &Bindings::new().scope()).is_ok());
}

#[test]
fn sources_are_limited() {
    refused(&" ".repeat(MAX_SOURCE + 1), "bytes");
    assert!(parse(&format!("{}1", " ".repeat(MAX_SOURCE - 1))).is_ok());
}

fn budget(source: &str) {
    let error = evaluate(&parse(source).unwrap(), &Bindings::new()).unwrap_err();
    assert_eq!(error.kind, FaultKind::Budget, "{error}");
}

#[test]
fn comprehensions_run_out_of_steps() {
    let ten = "[0,1,2,3,4,5,6,7,8,9]";
    let nested = (0..12).fold("false".to_owned(), |inner, i| format!("{ten}.exists(x{i}, {inner})"));
    budget(&nested);
    // `|| true` saves no evaluation that has run out.
    budget(&format!("{nested} || true"));
}

#[test]
fn values_cannot_grow_without_end() {
    for doubled in ["[x, x]", "x + x"] {
        budget(&format!("[[1]]{}", format!(".map(x, {doubled})").repeat(90)));
    }
    budget(&format!("['ab']{}", ".map(x, x + x)".repeat(90)));
    budget(&format!("[[1]]{}", ".map(x, [[[[x]]]])".repeat(90)));
}

#[test]
fn types_cannot_grow_without_end() {
    let deep = format!("{}x{}", "[".repeat(90), "]".repeat(90));
    for made in ["{x: x}", "{'a': x}", "[x]", deep.as_str()] {
        let expr = parse(&format!("[1]{}", format!(".map(x, {made})").repeat(150))).unwrap();
        let _ = check(&expr, &Bindings::new().scope());
    }
}
