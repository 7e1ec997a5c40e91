//! One case of a conformance suite: an expression, what its names stand for, what it should give.

use serde_json::Value as Json;

use crate::{Bindings, CheckError, EvalError, Expr, ExprKind, FaultKind, Options, Value, check, evaluate_with, parse};

/// How a case went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As wanted.
    Right,
    /// Not as wanted.
    Wrong {
        /// What came out.
        got: String,
        /// What was wanted.
        want: String,
    },
    /// About something this library leaves out and says so.
    Outside {
        /// What it leaves out.
        reason: String,
    },
}

/// Why there is no value.
enum Refusal {
    /// A mistake that any implementation reports.
    Error(String),
    /// Something left out here.
    Outside(String),
}

/// Runs one case.
///
/// A case is an object with `expr`, `want` and, as needed, `bindings` (names to typed values, see
/// [`Value::from_typed`]), `container`, `disable_check`, `check_only` and `disable_macros`. `want`
/// is a typed value or `{"error": true}`.
pub fn run_case(line: &Json) -> Verdict {
    let want = &line["want"];
    let wants_error = want.get("error").is_some();
    let outcome = outcome(line);
    if let Err(Refusal::Outside(reason)) = outcome {
        return Verdict::Outside { reason };
    }
    let wanted = match Value::from_typed(want) {
        Ok(value) => Some(value),
        Err(_) if wants_error => None,
        Err(reason) => return Verdict::Outside { reason },
    };
    let got = match outcome {
        Err(Refusal::Error(_)) if wants_error => return Verdict::Right,
        Err(Refusal::Error(message) | Refusal::Outside(message)) => format!("error: {message}"),
        Ok(None) if !wants_error => return Verdict::Right,
        Ok(None) => "no mistake".to_owned(),
        Ok(Some(got)) if wanted.as_ref().is_some_and(|wanted| identical(&got, wanted)) => return Verdict::Right,
        Ok(Some(got)) => got.to_typed().to_string(),
    };
    Verdict::Wrong { got, want: want.to_string() }
}

/// The value of a case's expression, or `None` if it is only to be checked.
fn outcome(line: &Json) -> Result<Option<Value>, Refusal> {
    let flag = |name: &str| line[name].as_bool().unwrap_or(false);
    let source = line["expr"].as_str().unwrap_or("");
    let expr = parse(source).map_err(|errors| Refusal::Error(joined(errors.iter().map(|e| e.message.as_str()))))?;
    if let Some(reason) = left_out(&expr) {
        return Err(Refusal::Outside(reason));
    }
    let mut bindings = Bindings::new().within(line["container"].as_str().unwrap_or(""));
    for (name, value) in line["bindings"].as_object().into_iter().flatten() {
        bindings.set(name.as_str(), Value::from_typed(value).map_err(Refusal::Outside)?);
    }
    let macros = !flag("disable_macros");
    // The checker reads macros always.
    if !flag("disable_check") && macros {
        check(&expr, &bindings.scope()).map_err(|mistakes| of_check(&mistakes))?;
    }
    if flag("check_only") {
        return Ok(None);
    }
    let options = Options { macros, ..Options::default() };
    evaluate_with(&expr, &bindings, options).map(Some).map_err(of_eval)
}

fn of_check(mistakes: &[CheckError]) -> Refusal {
    match mistakes.iter().find(|m| m.unsupported) {
        Some(left_out) => Refusal::Outside(left_out.message.clone()),
        None => Refusal::Error(joined(mistakes.iter().map(|m| m.message.as_str()))),
    }
}

fn of_eval(error: EvalError) -> Refusal {
    match error.kind {
        FaultKind::Unsupported | FaultKind::Budget => Refusal::Outside(error.message),
        _ => Refusal::Error(error.message),
    }
}

/// What of the language this library leaves out, if the expression uses it anywhere.
fn left_out(expr: &Expr) -> Option<String> {
    let mut found = None;
    expr.walk(&mut |part| match &part.kind {
        ExprKind::Message { name, .. } => found = Some(format!("messages such as `{}` are left out", name.text)),
        ExprKind::Call { function, .. } if function.text == "matches" => {
            found = Some("regular expressions (`matches`) are left out".to_owned());
        }
        _ => {}
    });
    found
}

fn joined<'m>(messages: impl Iterator<Item = &'m str>) -> String {
    messages.collect::<Vec<_>>().join("; ")
}

/// Equality that tells `1` from `1u` and finds NaN equal to itself.
fn identical(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Double(a), Value::Double(b)) => a == b || (a.is_nan() && b.is_nan()),
        (Value::List(a), Value::List(b)) => {
            a.items().len() == b.items().len() && a.items().iter().zip(b.items()).all(|(a, b)| identical(a, b))
        }
        (Value::Map(a), Value::Map(b)) => {
            let inside = |(key, value): &(Value, Value)| b.get(key).is_some_and(|other| identical(value, other));
            a.entries().len() == b.entries().len() && a.entries().iter().all(inside)
        }
        _ => a.type_of() == b.type_of() && a == b,
    }
}
