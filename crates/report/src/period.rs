//! The days that a report is of.

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};
use serde::{Serialize, Serializer};

/// A run of days, both ends included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// As it was asked for: `2026-W03`, `2026-01`, `2026`, `2026-01-05..2026-02-10`.
    pub name: String,
    /// What kind of period it is.
    pub length: Length,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// What kind of period a report is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// A week of ISO 8601, Monday to Sunday.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
    /// Any run of days.
    Days,
}

impl Length {
    /// Its word in definitions.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
            Self::Days => "any",
        }
    }
}

impl Period {
    /// Reads a period.
    ///
    /// # Errors
    /// What is wrong with the text, and how a period is written.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong =
            || format!("`{text}` is no period; write a week 2026-W03, a month 2026-01, a year 2026, or days 2026-01-05..2026-02-10");
        let number = |part: &str, digits: usize| {
            let plain = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| part.parse::<i16>().ok()).flatten().ok_or_else(wrong)
        };
        let (length, from, to) = if let Some((from, to)) = text.split_once("..") {
            let (from, to): (Date, Date) = (from.parse().map_err(|_| wrong())?, to.parse().map_err(|_| wrong())?);
            (Length::Days, from, to)
        } else if let Some((year, week)) = text.split_once("-W") {
            let week = i8::try_from(number(week, 2)?).map_err(|_| wrong())?;
            let monday =
                ISOWeekDate::new(number(year, 4)?, week, Weekday::Monday).map_err(|_| format!("`{text}`: that year has no week {week}"))?;
            let monday = monday.date();
            (Length::Week, monday, monday.checked_add(6.days()).map_err(|_| wrong())?)
        } else if let Some((year, month)) = text.split_once('-') {
            let month = i8::try_from(number(month, 2)?).map_err(|_| wrong())?;
            let first = Date::new(number(year, 4)?, month, 1).map_err(|_| wrong())?;
            (Length::Month, first, first.last_of_month())
        } else {
            let first = Date::new(number(text, 4)?, 1, 1).map_err(|_| wrong())?;
            (Length::Year, first, first.last_of_year())
        };
        if to < from {
            return Err(format!("`{text}` ends before it begins; put the earlier day first"));
        }
        Ok(Self { name: text.to_owned(), length, from, to })
    }

    /// Whether a day lies in it.
    #[must_use]
    pub fn has(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        serde_json::json!({"name": self.name, "from": self.from.to_string(), "to": self.to.to_string()}).serialize(out)
    }
}

#[cfg(test)]
mod tests {
    use super::Period;

    #[test]
    fn periods_as_people_write_them() {
        for (text, from, to) in [
            ("2026-W03", "2026-01-12", "2026-01-18"),
            ("2020-W53", "2020-12-28", "2021-01-03"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2026", "2026-01-01", "2026-12-31"),
            ("2026-01-05..2026-01-05", "2026-01-05", "2026-01-05"),
        ] {
            let period = Period::parse(text).map_err(|e| e.clone());
            let days = period.map(|p| (p.from.to_string(), p.to.to_string()));
            assert_eq!(days, Ok((from.to_owned(), to.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_no_period_is_told_with_the_remedy() {
        for text in
            ["", "2026-13", "2026-W54", "2021-W53", "26", "2026-1", "2026-W3", "+026", "2026-02-30..2026-03-01", "x..y", "2026-01-01.."]
        {
            let error = Period::parse(text).err().unwrap_or_default();
            assert!(error.contains("write a week") || error.contains("no week"), "{text}: {error}");
        }
        assert!(Period::parse("2026-02-02..2026-02-01").is_err_and(|e| e.contains("earlier day first")));
    }
}
