//! Clocks: moments in the agency's time zone, when a time is up, and how many hours have counted.
//!
//! Hours are hours that pass: a night in which the clock is set forward has one fewer. Whether an hour counts depends on its local day.

use crate::calendar::counts;
use comity_law::{Excluded, Law, Period, Unit, Within};
use comity_places::{Place, place_chain};
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{Span, Timestamp, Zoned};

/// What is wrong with a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockError(pub String);

impl std::fmt::Display for ClockError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ClockError {}

/// The time zone of a place: what the law's folder says, else what the list of places says, else UTC.
pub(crate) fn zone_of(law: &Law, place: &str) -> TimeZone {
    let named = place_chain(place).into_iter().rev().find_map(|slug| {
        let ours = law.place(slug).and_then(|p| p.time_zone.clone());
        ours.or_else(|| Place::find(slug).map(|p| p.time_zone.to_owned()).filter(|z| !z.is_empty()))
    });
    named.and_then(|name| TimeZone::get(&name).ok()).unwrap_or(TimeZone::UTC)
}

/// Reads a moment: with an offset as it stands, without one as local time.
///
/// # Errors
/// When it is no moment, or local clocks showed it never or twice.
pub fn parse_moment(text: &str, zone: &TimeZone) -> Result<Zoned, ClockError> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant.to_zoned(zone.clone()));
    }
    let shown: String = text.chars().take(40).collect();
    let local: DateTime = match text.parse() {
        Ok(local) if text.len() > 10 => local,
        _ => return Err(ClockError(format!("`{shown}` is no moment; write 2018-03-01T22:15 (local time) or 2018-03-01T22:15-08:00"))),
    };
    let ambiguous = zone.to_ambiguous_timestamp(local);
    match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => {}
        AmbiguousOffset::Gap { before, after } => {
            return Err(ClockError(format!(
                "local clocks never showed {shown}: they were set forward; write {shown}{} or {shown}{}",
                hours(before),
                hours(after)
            )));
        }
        AmbiguousOffset::Fold { before, after } => {
            return Err(ClockError(format!(
                "local clocks showed {shown} twice: they were set back; write {shown}{} or {shown}{}",
                hours(before),
                hours(after)
            )));
        }
    }
    let instant =
        ambiguous.compatible().map_err(|_| ClockError(format!("`{shown}` is out of range; moments lie in the years 1 to 9999")))?;
    Ok(instant.to_zoned(zone.clone()))
}

/// An offset as it is written in a moment: `-08:00`.
fn hours(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    format!("{}{:02}:{:02}", if minutes < 0 { '-' } else { '+' }, minutes.abs() / 60, minutes.abs() % 60)
}

/// The whole hours between two moments that fall on days that count.
pub(crate) fn hours_between(from: &Zoned, to: &Zoned, excluding: &[Excluded]) -> i64 {
    let mut seconds = 0;
    let mut at = from.clone();
    while at < *to {
        let next = midnight_after(&at).map_or_else(|| to.clone(), |m| m.min(to.clone()));
        if counts(at.date(), excluding) {
            seconds += next.timestamp().as_second() - at.timestamp().as_second();
        }
        if next <= at {
            break;
        }
        at = next;
    }
    seconds / 3600
}

fn midnight_after(at: &Zoned) -> Option<Zoned> {
    at.date().tomorrow().ok()?.to_zoned(at.time_zone().clone()).ok()
}

/// The moment at which a time that began at `from` is up. `None` for times that no calendar gives ("promptly").
pub(crate) fn end_of(within: &Within, from: &Zoned) -> Option<Zoned> {
    let Within::Time { amount, unit, excluding, .. } = within else { return None };
    let amount = i64::from(*amount);
    match unit {
        Unit::Minutes | Unit::Hours => {
            let mut left = amount * if *unit == Unit::Hours { 3600 } else { 60 };
            let mut at = from.clone();
            loop {
                let next = midnight_after(&at)?;
                if counts(at.date(), excluding) {
                    let today = next.timestamp().as_second() - at.timestamp().as_second();
                    if left <= today {
                        return at.checked_add(Span::new().seconds(left)).ok();
                    }
                    left -= today;
                }
                at = next;
            }
        }
        Unit::Days if !excluding.is_empty() => {
            let mut at = from.clone();
            let mut left = amount;
            while left > 0 {
                at = at.checked_add(Span::new().days(1)).ok()?;
                left -= i64::from(counts(at.date(), excluding));
            }
            Some(at)
        }
        Unit::Days => from.checked_add(Span::new().try_days(amount).ok()?).ok(),
        Unit::Months => from.checked_add(Span::new().try_months(amount).ok()?).ok(),
        Unit::Years => from.checked_add(Span::new().try_years(amount).ok()?).ok(),
    }
}

/// A time in words: "48 hours from release, not counting Saturdays, Sundays and federal holidays".
pub(crate) fn in_words(within: &Within) -> String {
    match within {
        Within::Term(term) => term.clone(),
        Within::Every(period) => match period {
            Period::Day => "every day",
            Period::Week => "every week",
            Period::Month => "every month",
            Period::Quarter => "every quarter",
            Period::HalfYear => "twice a year",
            Period::Year => "every year",
            Period::TwoYears => "every second year",
        }
        .to_owned(),
        Within::Time { amount, unit, of, excluding } => {
            let unit = if *amount == 1 { unit.as_str().trim_end_matches('s') } else { unit.as_str() };
            let from = match of {
                comity_law::Moment::Request => "receipt of the request",
                comity_law::Moment::Release => "eligibility for release",
                comity_law::Moment::Action => "the action",
                comity_law::Moment::Decision => "the decision",
            };
            let names: Vec<&str> = excluding
                .iter()
                .map(|e| match e {
                    Excluded::Saturdays => "Saturdays",
                    Excluded::Sundays => "Sundays",
                    Excluded::FederalHolidays => "federal holidays",
                })
                .collect();
            let without = match names.as_slice() {
                [] => String::new(),
                [one] => format!(", not counting {one}"),
                [first @ .., last] => format!(", not counting {} and {last}", first.join(", ")),
            };
            format!("{amount} {unit} from {from}{without}")
        }
    }
}
