//! Days and periods as tables write them.

use comity_logic::Date;

/// A stretch of days, both ends included.
pub(crate) type Days = (Date, Date);

/// A day, a month, a year, or two days with a slash or `to` between them.
#[must_use]
pub fn parse_days(text: &str) -> Option<Days> {
    let text = text.trim();
    for between in ["/", " to ", " - ", " – "] {
        if let Some((from, to)) = text.split_once(between)
            && let (Some(from), Some(to)) = (parse_day(from), parse_day(to))
        {
            return (from <= to).then_some((from, to));
        }
    }
    if let Some(day) = parse_day(text) {
        return Some((day, day));
    }
    let (year, month) = month_of(text)?;
    let first = Date::new(year, month.unwrap_or(1), 1).ok()?;
    let last = Date::new(year, month.unwrap_or(12), 1).ok()?.last_of_month();
    Some((first, last))
}

/// A day: `2017-01-28`, `1/28/2017`, `1/28/17`, `January 28, 2017`; a time behind it is left aside.
#[must_use]
pub fn parse_day(text: &str) -> Option<Date> {
    let text = text.trim();
    let day = text.split_once(['T', ' ']).map_or(text, |(day, _)| day);
    if let Some(day) = comity_logic::parse_date(day) {
        return sane(day);
    }
    let parts: Vec<&str> = day.split('/').collect();
    if let [month, date, year] = parts[..] {
        let year: i16 = year.parse().ok()?;
        // Two digits: up to forty years back from 2040.
        let year = match year {
            0..=40 => 2000 + year,
            41..=99 => 1900 + year,
            full => full,
        };
        return Date::new(year, month.parse().ok()?, date.parse().ok()?).ok().and_then(sane);
    }
    let words: Vec<&str> = text.split([' ', ',']).filter(|w| !w.is_empty()).collect();
    if let [month, date, year] = words[..] {
        return Date::new(year.parse().ok()?, month_named(month)?, date.parse().ok()?).ok().and_then(sane);
    }
    None
}

fn sane(day: Date) -> Option<Date> {
    (1776..=2200).contains(&day.year()).then_some(day)
}

/// `2017-01`, `January 2017`, `2017`.
fn month_of(text: &str) -> Option<(i16, Option<i8>)> {
    let year = |text: &str| text.parse::<i16>().ok().filter(|y| text.len() == 4 && (1776..=2200).contains(y));
    if let Some(only) = year(text) {
        return Some((only, None));
    }
    if let Some((y, m)) = text.split_once('-') {
        return Some((year(y)?, Some(m.parse().ok().filter(|m| m_is(*m) && text.len() == 7)?)));
    }
    let (month, y) = text.split_once([' ', ','])?;
    Some((year(y.trim())?, Some(month_named(month)?)))
}

fn m_is(month: i8) -> bool {
    (1..=12).contains(&month)
}

fn month_named(name: &str) -> Option<i8> {
    const MONTHS: [&str; 12] =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let fits = |month: &&str| name.len() >= 3 && month.starts_with(&name);
    MONTHS.iter().position(fits).and_then(|at| i8::try_from(at + 1).ok())
}

#[cfg(test)]
mod tests {
    use super::{parse_day, parse_days};

    fn days(text: &str) -> Option<String> {
        parse_days(text).map(|(from, to)| format!("{from} {to}"))
    }

    #[test]
    fn the_ways_to_write_days() {
        assert_eq!(days("2017-01-28/2017-02-03").as_deref(), Some("2017-01-28 2017-02-03"));
        assert_eq!(days("2017-02").as_deref(), Some("2017-02-01 2017-02-28"));
        assert_eq!(days("Feb 2016").as_deref(), Some("2016-02-01 2016-02-29"));
        assert_eq!(days("2008").as_deref(), Some("2008-01-01 2008-12-31"));
        assert_eq!(days("1/28/17").as_deref(), Some("2017-01-28 2017-01-28"));
        assert_eq!(days("January 28, 2017").as_deref(), Some("2017-01-28 2017-01-28"));
        assert_eq!(parse_day("2017-01-28T10:00:00").map(|d| d.to_string()).as_deref(), Some("2017-01-28"));
        for no in ["", "not 2017-02-01", "2017-02-30", "2017-02-03/2017-01-28", "13/1/2017", "20170101", "NA", "2017-13", "0017-01-01"] {
            assert_eq!(days(no), None, "{no}");
        }
    }
}
