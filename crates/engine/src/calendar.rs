//! Days that some clocks leave out: Saturdays, Sundays and the federal holidays (5 U.S.C. 6103; E.O. 11582).

use comity_law::Excluded;
use comity_logic::Date;
use jiff::civil::Weekday;

/// The federal holiday kept on a day, if any: on its date, or on the Friday or Monday beside a Saturday or Sunday.
#[must_use]
pub fn federal_holiday(day: Date) -> Option<&'static str> {
    let moved = match day.weekday() {
        Weekday::Friday => day.tomorrow().ok().and_then(dated),
        Weekday::Monday => day.yesterday().ok().and_then(dated),
        _ => None,
    };
    dated(day).or_else(|| by_weekday(day)).or(moved)
}

/// Holidays with a fixed date.
fn dated(day: Date) -> Option<&'static str> {
    Some(match (day.month(), day.day()) {
        (1, 1) => "New Year's Day",
        (6, 19) if day.year() >= 2021 => "Juneteenth",
        (7, 4) => "Independence Day",
        (11, 11) if !(1971..=1977).contains(&day.year()) => "Veterans Day",
        (12, 25) => "Christmas Day",
        _ => return None,
    })
}

/// Holidays on a certain Monday or Thursday of a month; by the Monday Holiday Act since 1971.
fn by_weekday(day: Date) -> Option<&'static str> {
    let nth = (day.day() - 1) / 7 + 1;
    let last = day.day() > day.days_in_month() - 7;
    let since_1971 = day.year() >= 1971;
    Some(match (day.month(), day.weekday(), nth) {
        (1, Weekday::Monday, 3) if day.year() >= 1986 => "Birthday of Martin Luther King, Jr.",
        (2, Weekday::Monday, 3) if since_1971 => "Washington's Birthday",
        (5, Weekday::Monday, _) if last && since_1971 => "Memorial Day",
        (9, Weekday::Monday, 1) => "Labor Day",
        (10, Weekday::Monday, 2) if since_1971 => "Columbus Day",
        (10, Weekday::Monday, 4) if (1971..=1977).contains(&day.year()) => "Veterans Day",
        (11, Weekday::Thursday, 4) => "Thanksgiving Day",
        _ => return None,
    })
}

/// Whether a clock that leaves out the given days counts this one.
#[must_use]
pub fn counts(day: Date, excluding: &[Excluded]) -> bool {
    !excluding.iter().any(|e| match e {
        Excluded::Saturdays => day.weekday() == Weekday::Saturday,
        Excluded::Sundays => day.weekday() == Weekday::Sunday,
        Excluded::FederalHolidays => federal_holiday(day).is_some(),
    })
}
