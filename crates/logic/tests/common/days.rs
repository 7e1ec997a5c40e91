//! Days as whole numbers, by the well-known algorithm for the proleptic Gregorian calendar.

/// The number of a day; 1970-01-01 is 0.
pub fn number(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day.
pub fn civil(number: i64) -> (i64, i64, i64) {
    let n = number + 719_468;
    let era = n.div_euclid(146_097);
    let of_era = n.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

pub fn parse(text: &str) -> i64 {
    assert_eq!(text.len(), 10, "{text}");
    let parts: Vec<i64> = text.split('-').map(|p| p.parse().unwrap()).collect();
    number(parts[0], parts[1], parts[2])
}

pub fn show(day: i64) -> String {
    let (y, m, d) = civil(day);
    format!("{y:04}-{m:02}-{d:02}")
}

/// The same day so many years before; 29 February becomes 28 February.
pub fn years_back(day: i64, years: i64) -> i64 {
    let (y, m, d) = civil(day);
    let leap = |y: i64| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    number(y - years, m, if (m, d) == (2, 29) && !leap(y - years) { 28 } else { d })
}
