//! `comity law eval`: a CEL expression over JSON bindings, and conformance cases.

use crate::args::{Args, Format};
use crate::failure::{BAD_INPUT, FOUND, Failure};
use crate::input::read_text;
use crate::output::{print_json, printable};
use crate::{say, tell};
use comity_cel::conformance::{Verdict, run_case};
use comity_cel::{Bindings, Span, Value, check, evaluate, parse};
use serde_json::{Value as Json, json};
use std::path::Path;
use std::process::ExitCode;

/// Bindings and case files may be as large as this.
const MAX_INPUT: usize = 64 << 20;

pub(crate) fn run(args: &Args, expression: Option<&str>, facts: Option<&Path>, batch: Option<&Path>) -> Result<ExitCode, Failure> {
    match (batch, expression) {
        (Some(path), _) => run_batch(args, path),
        (None, Some(expression)) => run_one(args, expression, facts),
        (None, None) => Err(Failure::Input("name an expression, or --batch FILE.jsonl".to_owned())),
    }
}

fn bindings(path: Option<&Path>) -> Result<Bindings, Failure> {
    let mut bindings = Bindings::new();
    let Some(path) = path else { return Ok(bindings) };
    let text = read_text(path, MAX_INPUT)?;
    let name = path.display();
    let json: Json = serde_json::from_str(&text).map_err(|e| no_json(&format!("{name}:{}", e.line().max(1)), &e))?;
    let Json::Object(fields) = json else {
        return Err(Failure::Input(format!("{name}: bindings are a JSON object, such as {{\"age\": 30}}")));
    };
    for (key, value) in &fields {
        bindings.set(key, Value::from_json(value));
    }
    Ok(bindings)
}

/// What is wrong with a text that should be JSON; the reader's own line is replaced by that of the file.
fn no_json(line: &str, error: &serde_json::Error) -> Failure {
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    Failure::Input(format!("{line}:{}: this is not JSON: {message}; mend it here", error.column().max(1)))
}

/// A mistake in the expression, with the part that it is about underlined.
struct Wrong {
    message: String,
    span: Span,
    help: Option<String>,
}

fn run_one(args: &Args, expression: &str, facts: Option<&Path>) -> Result<ExitCode, Failure> {
    let bindings = bindings(facts)?;
    let expr = match parse(expression) {
        Ok(expr) => expr,
        Err(errors) => {
            return Ok(refuse(
                args,
                expression,
                errors.into_iter().map(|e| Wrong { message: e.message, span: e.span, help: e.help }).collect(),
            ));
        }
    };
    if let Err(errors) = check(&expr, &bindings.scope()) {
        return Ok(refuse(
            args,
            expression,
            errors.into_iter().map(|e| Wrong { help: e.help.or_else(|| unbound(&e.message)), message: e.message, span: e.span }).collect(),
        ));
    }
    match evaluate(&expr, &bindings) {
        Ok(value) if args.format == Format::Json => print_json(&json!({"value": value.to_typed()})),
        Ok(value) => say!("{}", printable(&value.to_string())),
        Err(error) => return Ok(refuse(args, expression, vec![Wrong { message: error.message, span: error.span, help: None }])),
    }
    Ok(ExitCode::SUCCESS)
}

/// A name that nothing like it is bound to.
fn unbound(message: &str) -> Option<String> {
    message.starts_with("unknown name").then(|| "bind it in the JSON object that --facts FILE names".to_owned())
}

fn refuse(args: &Args, expression: &str, wrong: Vec<Wrong>) -> ExitCode {
    let place = |w: &Wrong| {
        let before = expression.get(..w.span.start).unwrap_or(expression);
        (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
    };
    if args.format == Format::Json {
        let error = |w: &Wrong| {
            let (line, column) = place(w);
            json!({"line": line, "column": column, "span": {"start": w.span.start, "end": w.span.end}, "message": w.message, "help": w.help})
        };
        let errors: Vec<_> = wrong.iter().map(error).collect();
        print_json(&json!({"errors": errors}));
        return ExitCode::from(BAD_INPUT);
    }
    for w in wrong {
        let (line, column) = place(&w);
        tell!("error: {line}:{column}: {}", printable(&w.message));
        let row = expression.lines().nth(line - 1).unwrap_or_default();
        if row.chars().count() <= 160 {
            let run = expression.get(w.span.start..w.span.end).map_or(1, |s| s.lines().next().unwrap_or_default().chars().count().max(1));
            tell!("  {}\n  {}{}", printable(row), " ".repeat(column - 1), "^".repeat(run));
        }
        if let Some(help) = w.help {
            tell!("  help: {}", printable(&help));
        }
    }
    ExitCode::from(BAD_INPUT)
}

fn run_batch(args: &Args, path: &Path) -> Result<ExitCode, Failure> {
    let text = read_text(path, MAX_INPUT)?;
    let (mut right, mut wrong, mut outside) = (0, 0, 0);
    let mut rows = Vec::new();
    for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let case: Json = serde_json::from_str(line).map_err(|e| no_json(&format!("{}:{}", path.display(), n + 1), &e))?;
        let part = |key: &str| case.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
        let name = format!("{}/{}/{}", part("file"), part("section"), part("name"));
        let (verdict, detail) = match run_case(&case) {
            Verdict::Right => {
                right += 1;
                ("right", String::new())
            }
            Verdict::Wrong { got, want } => {
                wrong += 1;
                ("wrong", format!("got {got}, want {want}"))
            }
            Verdict::Outside { reason } => {
                outside += 1;
                ("outside", reason)
            }
        };
        if args.format == Format::Json {
            rows.push(json!({"name": name, "verdict": verdict, "detail": detail}));
        } else if verdict != "right" {
            say!("{verdict:<8} {}  {}", printable(&name), printable(&detail));
        }
    }
    if args.format == Format::Json {
        print_json(&json!({"right": right, "wrong": wrong, "outside": outside, "cases": rows}));
    } else {
        say!("{right} right, {wrong} wrong, {outside} outside the subset");
    }
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}
