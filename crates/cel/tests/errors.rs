//! What is said about mistakes, and where.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

use comity_cel::{Bindings, Scope, Type, check, evaluate, parse};

/// The mistakes in a source, each as `bytes: message | help`.
fn syntax(source: &str) -> Vec<String> {
    let errors = parse(source).unwrap_err();
    let line =
        |m: &str, at: comity_cel::Span, help: Option<&str>| format!("{:?}: {m} | {}", &source[at.start..at.end], help.unwrap_or("-"));
    errors.iter().map(|e| line(&e.message, e.span, e.help.as_deref())).collect()
}

fn types(source: &str) -> Vec<String> {
    let scope =
        Scope::new().with("age", Type::Int).with("name", Type::String).with("when", Type::Timestamp).with("tags", Type::list(Type::String));
    let errors = check(&parse(source).unwrap(), &scope).unwrap_err();
    let line = |e: &comity_cel::CheckError| {
        format!("{:?}: {} | {}", &source[e.span.start..e.span.end], e.message, e.help.as_deref().unwrap_or("-"))
    };
    errors.iter().map(line).collect()
}

#[test]
fn several_syntax_errors_at_once() {
    assert_eq!(
        syntax("f(a &, 'x\\q', while) == [1 2, )"),
        [
            "\"&\": `&` is not an operator | write `&&`",
            "\",\": expected an expression, found `,` | -",
            "\"\\\\q\": unknown escape `\\q` | for a backslash itself write `\\\\`, or put `r` before the quotes",
            "\"while\": `while` is a reserved word | choose another name; as a field after `.` it is allowed",
            "\"2\": expected `,` or `]`, found `2` | an operator may be missing before it",
            "\")\": expected an expression, found `)` | -",
        ]
    );
}

#[test]
fn syntax_errors_help() {
    for (source, wanted) in [
        ("a and b", "\"and\": expected an operator or the end, found `and` | write `&&`"),
        ("a = 1", "\"=\": `=` is not an operator | write `==`"),
        ("(a", "\"\": expected `,` or `)`, found the end | the `(` at byte 0 needs its `)`"),
        ("a)", "\")\": expected an operator or the end, found `)` | nothing opens it"),
        ("'abc", "\"'\": this string is never closed | close it on the same line, or use three quotes for several lines"),
        ("f(a,)", "\",\": a call takes no comma after its last argument | -"),
        ("a.in", "\"in\": the keyword `in` cannot be a field name | write `.`in`` with back-quotes, or `['in']`"),
        ("a ? b", "\"\": expected `:` and the value for when the test is false, found the end | -"),
        ("a ? b ? c : d : e", "\"?\": expected `:` | put the inner `? :` in parentheses"),
        ("a.?b", "\"?\": optional values (`?`) are not part of this language | test with `has(a.b)` first"),
        ("1e999", "\"1e999\": this number is too large for a double | -"),
        ("'\\ud800'", "\"\\\\ud800\": U+D800 is not a character | -"),
        ("12ab", "\"12ab\": `12ab` is neither a number nor a name | a name starts with a letter"),
        ("", "\"\": expected an expression, found the end | -"),
    ] {
        assert_eq!(syntax(source), [wanted], "{source}");
    }
}

#[test]
fn type_errors_help() {
    for (source, wanted) in [
        ("agee > 1", "\"agee\": unknown name `agee` | did you mean `age`?"),
        ("name.startswith('a')", "\"startswith\": unknown function `startswith` | did you mean `startsWith`?"),
        ("age > 1.5", "\"age > 1.5\": `>` does not take int and double | convert one side: `double(...)`"),
        ("age + 1u", "\"age + 1u\": `+` does not take int and uint | convert one side: `int(...)`"),
        ("name + age", "\"name + age\": `+` does not take string and int | it takes `string + string`"),
        ("when + 1", "\"when + 1\": `+` does not take timestamp and int | it takes `timestamp + duration`"),
        ("age == name", "\"age == name\": int and string cannot be compared | -"),
        ("age && true", "\"age\": the left side of `&&` must be bool, not int | compare it, as in `x != 0`"),
        ("size(age)", "\"size(age)\": `size` does not take int | it takes `size(string)`, `size(bytes)`, `size(list)`, `size(map)`"),
        (
            "when.getHours(1)",
            "\"when.getHours(1)\": `getHours` does not take timestamp and int | it takes `timestamp.getHours()`, `timestamp.getHours(string)`",
        ),
        ("name.string()", "\"string\": `string` is no method | write `string(...)`"),
        ("tags.exists(1, true)", "\"tags.exists(1, true)\": `exists` does not fit here | it is used as `list.exists(x, test of x)`"),
        ("tags.exists(t, t == 1)", "\"t == 1\": string and int cannot be compared | -"),
        (
            "age in tags",
            "\"age in tags\": `in` does not take int and list(string) | the right side is a list of such values, or a map with such keys",
        ),
        ("true ? 1 : 'a'", "\"'a'\": one result is int, the other string | give both the same type, or wrap them in `dyn(...)`"),
        ("name.matches('a')", "\"matches\": regular expressions (`matches`) are left out | -"),
        ("age.x", "\"x\": int has no fields | -"),
    ] {
        assert_eq!(types(source), [wanted], "{source}");
    }
}

#[test]
fn every_type_error_is_reported() {
    assert_eq!(types("agee > 1 && name + 1 == 'a' || !age").len(), 3);
}

#[test]
fn checked_types_are_as_expected() {
    let found = |source: &str| check(&parse(source).unwrap(), &Scope::new()).unwrap().to_string();
    assert_eq!(found("[1, 2].map(x, {x: 'a'})"), "list(map(int, string))");
    assert_eq!(found("timestamp('2024-01-01T00:00:00Z') - duration('1s')"), "timestamp");
    assert_eq!(found("dyn(1) + 1"), "int");
    assert_eq!(found("[1, 'a'][0]"), "dyn");
    assert_eq!(found("type(1) == int"), "bool");
}

#[test]
fn evaluation_errors_name_their_part() {
    let source = "1 + 2 * [3][7]";
    let error = evaluate(&parse(source).unwrap(), &Bindings::new()).unwrap_err();
    assert_eq!((&source[error.span.start..error.span.end], error.message.as_str()), ("7", "no element 7 in a list of 1"));
}

#[test]
fn only_needed_parentheses_are_printed() {
    for (source, printed) in [
        ("((a) && (b || c))", "a && (b || c)"),
        ("(a * b) + (c - (d - e))", "a * b + (c - (d - e))"),
        ("-(1) + -(x) - (-1)", "-(1) + -x - -1"),
        ("(a ? b : c) ? d : (e ? f : g)", "(a ? b : c) ? d : e ? f : g"),
        ("!(a.b) && !(a == b)", "!a.b && !(a == b)"),
        ("(a + b).c[(d)]", "(a + b).c[d]"),
    ] {
        assert_eq!(parse(source).unwrap().to_string(), printed);
    }
}
