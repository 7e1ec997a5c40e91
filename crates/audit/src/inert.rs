//! Texts of others in the CSV that is written.

use std::borrow::Cow;

/// A text for a cell of a CSV that a spreadsheet takes for a text: one that begins as a formula does gets an apostrophe before it. Numbers stay numbers.
#[must_use]
pub fn inert(text: &str) -> Cow<'_, str> {
    let begins = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let is_number = || text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b)) && text.parse::<f64>().is_ok();
    if begins && !is_number() { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn formulas_become_texts_and_numbers_stay() {
        for formula in ["=1+1", "+1+1", "-1-1", "@SUM(A1)", "\t=1", "\r=1", "=", "-inf", "+", "-cmd|' /C calc'!A0"] {
            assert_eq!(inert(formula), format!("'{formula}"));
        }
        for text in ["", "-5", "+3.25", "-1e3", "2017-01-28", "a=b", "KERN COUNTY JAIL", "'=1"] {
            assert_eq!(inert(text), text);
        }
    }
}
