//! The functions on values.

use crate::arithmetic::no_overload;
use crate::fault::{Fault, FaultKind};
use crate::time::{Duration, Timestamp};
use crate::value::Value;

/// Calls a function; a method's receiver is the first of `args`. `None`: there is no such function.
pub(crate) fn call(name: &str, args: &[Value]) -> Option<Result<Value, Fault>> {
    let result = match name {
        "size" => size(args),
        "contains" | "startsWith" | "endsWith" => text_test(name, args),
        "int" => int(args),
        "uint" => uint(args),
        "double" => double(args),
        "string" => string(args),
        "bytes" => bytes(args),
        "bool" => bool(args),
        "timestamp" => timestamp(args),
        "duration" => duration(args),
        "type" => one(args).map(|v| Value::Type(v.type_of())),
        "dyn" => one(args).cloned(),
        _ if name.starts_with("get") => return time_part(name, args),
        _ => return None,
    };
    // `None` inside: the function is there, but not for these arguments.
    let mismatch = || no_overload(name, &args.iter().collect::<Vec<_>>());
    Some(match result {
        Ok(value) => Ok(value),
        Err(None) => Err(mismatch()),
        Err(Some(fault)) => Err(fault),
    })
}

/// A value; or a fault; or no such overload.
type Outcome = Result<Value, Option<Fault>>;

fn one(args: &[Value]) -> Result<&Value, Option<Fault>> {
    match args {
        [value] => Ok(value),
        _ => Err(None),
    }
}

fn invalid(what: &str, text: &str) -> Option<Fault> {
    Some(Fault::new(FaultKind::Invalid, format!("`{text}` is not {what}")))
}

fn range(what: &str) -> Option<Fault> {
    Some(Fault::new(FaultKind::Range, format!("{what} out of range")))
}

fn length(count: usize) -> Value {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

fn size(args: &[Value]) -> Outcome {
    Ok(match one(args)? {
        Value::String(v) => length(v.chars().count()),
        Value::Bytes(v) => length(v.len()),
        Value::List(v) => length(v.items().len()),
        Value::Map(v) => length(v.entries().len()),
        _ => return Err(None),
    })
}

fn text_test(name: &str, args: &[Value]) -> Outcome {
    let [Value::String(text), Value::String(part)] = args else { return Err(None) };
    Ok(Value::Bool(match name {
        "contains" => text.contains(&**part),
        "startsWith" => text.starts_with(&**part),
        _ => text.ends_with(&**part),
    }))
}

/// 2^63 and 2^64.
const INT_END: f64 = 9_223_372_036_854_775_808.0;
const UINT_END: f64 = 18_446_744_073_709_551_616.0;

#[expect(clippy::cast_possible_truncation, reason = "the range is tested")]
fn int(args: &[Value]) -> Outcome {
    Ok(Value::Int(match one(args)? {
        Value::Int(v) => *v,
        Value::Uint(v) => i64::try_from(*v).map_err(|_| range("int"))?,
        // The least int itself is refused: it may be the rounding of less.
        Value::Double(v) if *v > -INT_END && *v < INT_END => *v as i64,
        Value::Double(_) => return Err(range("int")),
        Value::String(v) => v.parse().map_err(|_| invalid("an int", v))?,
        Value::Timestamp(v) => v.seconds(),
        _ => return Err(None),
    }))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is tested")]
fn uint(args: &[Value]) -> Outcome {
    Ok(Value::Uint(match one(args)? {
        Value::Uint(v) => *v,
        Value::Int(v) => u64::try_from(*v).map_err(|_| range("uint"))?,
        Value::Double(v) if *v >= 0.0 && *v < UINT_END => *v as u64,
        Value::Double(_) => return Err(range("uint")),
        Value::String(v) => v.parse().map_err(|_| invalid("a uint", v))?,
        _ => return Err(None),
    }))
}

#[expect(clippy::cast_precision_loss, reason = "the language rounds here")]
fn double(args: &[Value]) -> Outcome {
    Ok(Value::Double(match one(args)? {
        Value::Double(v) => *v,
        Value::Int(v) => *v as f64,
        Value::Uint(v) => *v as f64,
        Value::String(v) => v.parse().map_err(|_| invalid("a double", v))?,
        _ => return Err(None),
    }))
}

fn string(args: &[Value]) -> Outcome {
    Ok(Value::String(match one(args)? {
        Value::String(v) => v.clone(),
        Value::Int(v) => v.to_string().into(),
        Value::Uint(v) => v.to_string().into(),
        Value::Double(v) => double_text(*v).into(),
        Value::Bool(v) => v.to_string().into(),
        Value::Timestamp(v) => v.to_string().into(),
        Value::Duration(v) => v.to_string().into(),
        Value::Bytes(v) => std::str::from_utf8(v).map_err(|_| invalid("text", "these bytes"))?.into(),
        _ => return Err(None),
    }))
}

/// The shortest text for a double, with an exponent when it is very large or very small.
fn double_text(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude != 0.0 && magnitude.is_finite() && !(1e-4..1e21).contains(&magnitude) {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |e| ('-', e));
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    format!("{value}")
}

fn bytes(args: &[Value]) -> Outcome {
    Ok(Value::Bytes(match one(args)? {
        Value::Bytes(v) => v.clone(),
        Value::String(v) => v.as_bytes().into(),
        _ => return Err(None),
    }))
}

fn bool(args: &[Value]) -> Outcome {
    Ok(Value::Bool(match one(args)? {
        Value::Bool(v) => *v,
        Value::String(v) => match &**v {
            "1" | "t" | "true" | "TRUE" | "True" => true,
            "0" | "f" | "false" | "FALSE" | "False" => false,
            _ => return Err(invalid("a bool", v)),
        },
        _ => return Err(None),
    }))
}

fn timestamp(args: &[Value]) -> Outcome {
    Ok(Value::Timestamp(match one(args)? {
        Value::Timestamp(v) => *v,
        Value::String(v) => Timestamp::parse(v)?,
        Value::Int(v) => Timestamp::from_seconds(*v).ok_or_else(|| range("timestamp"))?,
        _ => return Err(None),
    }))
}

fn duration(args: &[Value]) -> Outcome {
    Ok(Value::Duration(match one(args)? {
        Value::Duration(v) => *v,
        Value::String(v) => Duration::parse(v)?,
        _ => return Err(None),
    }))
}

fn time_part(name: &str, args: &[Value]) -> Option<Result<Value, Fault>> {
    crate::overloads::find(name)?;
    let part = match args {
        [Value::Timestamp(t)] => t.part(name, None),
        [Value::Timestamp(t), Value::String(zone)] => t.part(name, Some(zone)),
        [Value::Duration(d)] => Ok(d.part(name)),
        _ => Ok(None),
    };
    let mismatch = || no_overload(name, &args.iter().collect::<Vec<_>>());
    Some(part.and_then(|p| p.map(Value::Int).ok_or_else(mismatch)))
}
