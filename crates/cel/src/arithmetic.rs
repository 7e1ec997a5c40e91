//! `+ - * / %` and unary minus on values.

use crate::ast::BinaryOp;
use crate::fault::{Fault, FaultKind};
use crate::value::Value;

fn overflow() -> Fault {
    Fault::new(FaultKind::Range, "the result is out of range")
}

fn by_zero(op: BinaryOp) -> Fault {
    let what = if op == BinaryOp::Remainder { "remainder of a division" } else { "division" };
    Fault::new(FaultKind::DivideByZero, format!("{what} by zero"))
}

/// No operator or function of this name takes these operands.
pub(crate) fn no_overload(name: &str, operands: &[&Value]) -> Fault {
    let types: Vec<_> = operands.iter().map(|v| brief(v)).collect();
    Fault::new(FaultKind::NoSuchOverload, format!("`{name}` does not take {}", types.join(" and ")))
}

/// A value's type in a word.
pub(crate) fn brief(value: &Value) -> String {
    match value {
        Value::List(_) => "list".to_owned(),
        Value::Map(_) => "map".to_owned(),
        _ => value.type_of().to_string(),
    }
}

pub(crate) fn negate(value: &Value) -> Result<Value, Fault> {
    match value {
        Value::Int(v) => v.checked_neg().map(Value::Int).ok_or_else(overflow),
        Value::Double(v) => Ok(Value::Double(-v)),
        _ => Err(no_overload("-", &[value])),
    }
}

pub(crate) fn binary(op: BinaryOp, left: &Value, right: &Value) -> Result<Value, Fault> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => int(op, *a, *b).map(Value::Int),
        (Value::Uint(a), Value::Uint(b)) => uint(op, *a, *b).map(Value::Uint),
        (Value::Double(a), Value::Double(b)) if op != BinaryOp::Remainder => Ok(Value::Double(double(op, *a, *b))),
        _ => match op {
            BinaryOp::Add => add(left, right),
            BinaryOp::Subtract => subtract(left, right),
            _ => Err(no_overload(op.symbol(), &[left, right])),
        },
    }
}

fn int(op: BinaryOp, a: i64, b: i64) -> Result<i64, Fault> {
    let result = match op {
        BinaryOp::Divide | BinaryOp::Remainder if b == 0 => return Err(by_zero(op)),
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Subtract => a.checked_sub(b),
        BinaryOp::Multiply => a.checked_mul(b),
        BinaryOp::Divide => a.checked_div(b),
        _ => a.checked_rem(b),
    };
    result.ok_or_else(overflow)
}

fn uint(op: BinaryOp, a: u64, b: u64) -> Result<u64, Fault> {
    let result = match op {
        BinaryOp::Divide | BinaryOp::Remainder if b == 0 => return Err(by_zero(op)),
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Subtract => a.checked_sub(b),
        BinaryOp::Multiply => a.checked_mul(b),
        BinaryOp::Divide => a.checked_div(b),
        _ => a.checked_rem(b),
    };
    result.ok_or_else(overflow)
}

fn double(op: BinaryOp, a: f64, b: f64) -> f64 {
    match op {
        BinaryOp::Add => a + b,
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => a * b,
        _ => a / b,
    }
}

fn add(left: &Value, right: &Value) -> Result<Value, Fault> {
    Ok(match (left, right) {
        (Value::String(a), Value::String(b)) => Value::String([&**a, &**b].concat().into()),
        (Value::Bytes(a), Value::Bytes(b)) => Value::Bytes([&**a, &**b].concat().into()),
        (Value::List(a), Value::List(b)) => Value::list([a.items(), b.items()].concat()),
        (Value::Timestamp(t), Value::Duration(d)) | (Value::Duration(d), Value::Timestamp(t)) => Value::Timestamp(t.plus(*d)?),
        (Value::Duration(a), Value::Duration(b)) => Value::Duration(a.plus(*b)?),
        _ => return Err(no_overload("+", &[left, right])),
    })
}

fn subtract(left: &Value, right: &Value) -> Result<Value, Fault> {
    Ok(match (left, right) {
        (Value::Timestamp(a), Value::Timestamp(b)) => Value::Duration(a.since(*b)?),
        (Value::Timestamp(t), Value::Duration(d)) => Value::Timestamp(t.minus(*d)?),
        (Value::Duration(a), Value::Duration(b)) => Value::Duration(a.minus(*b)?),
        _ => return Err(no_overload("-", &[left, right])),
    })
}
