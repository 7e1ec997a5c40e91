//! What must hold for any source, any tree and any value.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

use comity_cel::{BinaryOp, Bindings, Expr, ExprKind, Literal, Name, Options, Span, UnaryOp, Value, check, evaluate, evaluate_with, parse};
use proptest::collection::vec;
use proptest::prelude::*;

fn node(kind: ExprKind) -> Expr {
    Expr { kind, span: Span::default() }
}

fn boxed(expr: Expr) -> Box<Expr> {
    Box::new(expr)
}

fn name(text: &str) -> Name {
    Name { text: text.to_owned(), span: Span::default() }
}

fn literal() -> impl Strategy<Value = Expr> {
    let value = prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Bool),
        (-3_i64..4).prop_map(Literal::Int),
        any::<i64>().prop_map(Literal::Int),
        (0_u64..4).prop_map(Literal::Uint),
        any::<u64>().prop_map(Literal::Uint),
        prop::num::f64::NORMAL.prop_map(Literal::Double),
        prop_oneof![Just(0.0), Just(-0.0), Just(2.0)].prop_map(Literal::Double),
        any::<String>().prop_map(Literal::Text),
        vec(any::<u8>(), 0..6).prop_map(Literal::Bytes),
    ];
    value.prop_map(|value| node(ExprKind::Literal(value)))
}

fn binary_op() -> impl Strategy<Value = BinaryOp> {
    use BinaryOp as B;
    prop::sample::select(vec![
        B::Or,
        B::And,
        B::Equal,
        B::NotEqual,
        B::Less,
        B::LessEqual,
        B::Greater,
        B::GreaterEqual,
        B::In,
        B::Add,
        B::Subtract,
        B::Multiply,
        B::Divide,
        B::Remainder,
    ])
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["x", "y", "b1", "r", "_u", "e5", "size", "exists", "map", "has", "string"]).prop_map(str::to_owned)
}

fn field() -> impl Strategy<Value = Name> {
    prop_oneof![word(), Just("in".to_owned()), Just("as".to_owned()), Just("a-b c/d.e".to_owned())].prop_map(|text| name(&text))
}

/// Any tree the parser could have made.
fn tree() -> impl Strategy<Value = Expr> {
    let ident = (word(), any::<bool>()).prop_map(|(name, absolute)| node(ExprKind::Ident { name, absolute }));
    prop_oneof![literal(), ident].prop_recursive(5, 40, 4, |inner| {
        let one = || inner.clone().prop_map(boxed);
        let many = || vec(inner.clone(), 0..4);
        prop_oneof![
            3 => (binary_op(), one(), one()).prop_map(|(op, left, right)| node(ExprKind::Binary { op, left, right })),
            2 => (prop_oneof![Just(UnaryOp::Not), Just(UnaryOp::Negate)], one())
                .prop_map(|(op, operand)| node(ExprKind::Unary { op, operand })),
            1 => (one(), field()).prop_map(|(operand, field)| node(ExprKind::Select { operand, field })),
            1 => (one(), one()).prop_map(|(operand, index)| node(ExprKind::Index { operand, index })),
            1 => (prop::option::of(one()), word(), many())
                .prop_map(|(target, function, args)| node(ExprKind::Call { target, function: name(&function), args })),
            1 => (one(), one(), one())
                .prop_map(|(test, then, otherwise)| node(ExprKind::Conditional { test, then, otherwise })),
            1 => many().prop_map(|items| node(ExprKind::List(items))),
            1 => vec((inner.clone(), inner.clone()), 0..3).prop_map(|entries| node(ExprKind::Map(entries))),
            1 => (prop::sample::select(vec!["T", "a.T", ".a.b.T"]), vec((field(), inner.clone()), 0..3))
                .prop_map(|(text, fields)| node(ExprKind::Message { name: name(text), fields })),
            2 => (one(), prop::sample::select(vec!["exists", "all", "map", "filter", "exists_one"]), inner.clone())
                .prop_map(|(target, function, body)| {
                    let variable = node(ExprKind::Ident { name: "x".to_owned(), absolute: false });
                    node(ExprKind::Call { target: Some(target), function: name(function), args: vec![variable, body] })
                }),
        ]
    })
}

/// Sources made of pieces that mean something, mostly in the wrong order.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "?",
        ".",
        "+",
        "-",
        "*",
        "/",
        "%",
        "!",
        "&&",
        "||",
        "==",
        "<",
        "in",
        "a",
        "b.c",
        "f(",
        "1",
        "2u",
        "-3",
        ".5",
        "1e9",
        "'s'",
        "\"",
        "'''",
        "r'",
        "b'\\x",
        "\\",
        "//",
        "\n",
        "`f`",
        "true",
        "null",
        "as",
        "&",
        "=",
        "é",
        "“",
        "0x",
        "9999999999999999999",
    ]);
    vec(piece, 0..24).prop_map(|pieces| pieces.join(" "))
}

/// Every node's bytes, read alone, are that node again.
fn spans_hold(source: &str, root: &Expr) {
    root.walk(&mut |part| {
        let text = &source[part.span.start..part.span.end];
        let again = parse(text).unwrap_or_else(|e| panic!("{text:?} of {source:?}: {e:?}"));
        assert!(again.same(part), "{text:?} of {source:?}");
    });
}

fn bindings() -> Bindings {
    Bindings::new().with("x", 3).with("y", true).with("e5", "text").with("_u", Value::list(vec![Value::Int(1), Value::Null]))
}

fn small() -> Options {
    Options { steps: 20_000, macros: true }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_parsed_or_refused(text in any::<String>()) {
        if let Ok(expr) = parse(&text) {
            spans_hold(&text, &expr);
        }
    }

    #[test]
    fn any_soup_is_parsed_or_refused(text in soup()) {
        match parse(&text) {
            Ok(expr) => spans_hold(&text, &expr),
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                for error in errors {
                    prop_assert!(text.get(error.span.start..error.span.end).is_some(), "{error:?}");
                }
            }
        }
    }

    #[test]
    fn printed_trees_parse_to_themselves(expr in tree()) {
        let source = expr.to_string();
        let again = parse(&source).map_err(|e| TestCaseError::fail(format!("{source}: {e:?}")))?;
        prop_assert!(again.same(&expr), "{source} became {again}");
        prop_assert_eq!(again.to_string(), source.clone());
        spans_hold(&source, &again);
    }

    #[test]
    fn evaluating_ends_and_agrees_with_the_checker(expr in tree()) {
        let bindings = bindings();
        let value = evaluate_with(&expr, &bindings, small());
        if let (Ok(found), Ok(value)) = (check(&expr, &bindings.scope()), value) {
            prop_assert!(found.agrees(&value.type_of()), "{expr}: {found}, but {value}");
        }
    }

    #[test]
    fn and_or_commute(a in tree(), b in tree(), or in any::<bool>()) {
        let op = if or { BinaryOp::Or } else { BinaryOp::And };
        let join = |l: &Expr, r: &Expr| node(ExprKind::Binary { op, left: boxed(l.clone()), right: boxed(r.clone()) });
        let (ab, ba) = (evaluate(&join(&a, &b), &bindings()), evaluate(&join(&b, &a), &bindings()));
        prop_assert_eq!(ab.clone().ok(), ba.clone().ok(), "{} {} {}: {:?} {:?}", a, op.symbol(), b, ab, ba);
    }

    #[test]
    fn typed_json_goes_there_and_back(expr in tree()) {
        if let Ok(value) = evaluate_with(&expr, &bindings(), small()) {
            let back = Value::from_typed(&value.to_typed()).unwrap();
            prop_assert_eq!(back.to_typed(), value.to_typed());
        }
    }
}
