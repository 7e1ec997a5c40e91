//! What cells mean: missing ones, redacted ones, days.

use comity_logic::{Date, parse_date};

/// The cell without blanks around it; empty where it says that nothing is there.
pub(crate) fn content(cell: &str) -> &str {
    match cell.trim() {
        "NA" | "N/A" | "NULL" | "null" | "None" | "#N/A" => "",
        other => other,
    }
}

/// Whether a redaction mark stands in the place of a value: `b(6), b(7)c`, `(b)(6), (b)(7)(C)`.
pub(crate) fn is_redacted(cell: &str) -> bool {
    let mark: String = cell.chars().filter(|c| c.is_ascii_alphanumeric()).take(2).collect::<String>().to_ascii_lowercase();
    cell.contains('(') && matches!(mark.as_str(), "b6" | "b7")
}

/// A day in any of the forms of the releases: `2024-10-18`, with or without a time, `10/18/2024`, `10/18/24`.
pub(crate) fn day(cell: &str) -> Option<Date> {
    let first = cell.split(['T', ' ']).next().unwrap_or_default();
    if let Some(day) = parse_date(first) {
        return Some(day);
    }
    let mut parts = first.split('/');
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || !matches!(year.len(), 2 | 4) {
        return None;
    }
    let year: i16 = year.parse().ok()?;
    // Two digits: the releases begin with fiscal year 2008, convictions reach back into the last century.
    let year = if year < 70 {
        2000 + year
    } else if year < 100 {
        1900 + year
    } else {
        year
    };
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

/// The days of a federal fiscal year, which begins on 1 October of the year before.
pub(crate) fn fiscal_year(name: &str) -> Option<(Date, Date)> {
    let at = name.to_ascii_uppercase().find("FY")? + 2;
    let digits: String = name.get(at..)?.chars().take_while(char::is_ascii_digit).collect();
    let year: i16 = digits.parse().ok()?;
    let year = if year < 100 { 2000 + year } else { year };
    Some((Date::new(year - 1, 10, 1).ok()?, Date::new(year, 9, 30).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_in_every_form() {
        assert_eq!(content(" NA "), "");
        assert_eq!(day("10/18/2024"), day("2024-10-18T00:00:00"));
        assert_eq!(day("1/2/09"), parse_date("2009-01-02"));
        assert_eq!(day("2024-13-01"), None);
        assert_eq!(day("13/13/2024/1"), None);
        assert!(is_redacted("b(6), b(7)c") && is_redacted("(b)(6), (b)(7)(c)") && !is_redacted("BIG (6)"));
        assert_eq!(fiscal_year("FY2025").map(|f| f.0), parse_date("2024-10-01"));
        assert_eq!(fiscal_year("Sheet1"), None);
    }
}
