//! Canonical JSON (RFC 8785) of the values that entries use: one text for one value, so that one value has one hash.

use serde_json::Value;

/// The canonical text: keys sorted by UTF-16 units, no space, numbers only as integers that every reader keeps exact.
///
/// # Errors
/// The path of a number that is no integer within ±2⁵³.
pub fn canonical(value: &Value) -> Result<String, String> {
    let mut out = String::new();
    write(value, "", &mut out)?;
    Ok(out)
}

const EXACT: i64 = 1 << 53;

fn write(value: &Value, path: &str, out: &mut String) -> Result<(), String> {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(n) if (-EXACT..=EXACT).contains(&n) => out.push_str(&n.to_string()),
            _ => return Err(format!("{path}: {number} is no integer within ±2^53; write it as text")),
        },
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, &format!("{path}[{at}]"), out)?;
            }
            out.push(']');
        }
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (at, (key, item)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                out.push_str(&Value::String(key.clone()).to_string());
                out.push(':');
                write(item, &format!("{path}.{key}"), out)?;
            }
            out.push('}');
        }
        // What serde_json escapes in strings is what RFC 8785 escapes, in the same form.
        other => out.push_str(&other.to_string()),
    }
    Ok(())
}
