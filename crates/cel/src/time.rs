//! Points and lengths of time.

use std::fmt;

use jiff::SignedDuration;
use jiff::civil::{DateTime, date};
use jiff::tz::TimeZone;

use crate::fault::{Fault, FaultKind};

const NANOS: i64 = 1_000_000_000;
/// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, in seconds from 1970.
const FIRST: i64 = -62_135_596_800;
const LAST: i64 = 253_402_300_799;

/// A point in time from the year 1 to the year 9999, to the nanosecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    nanos: u32,
}

/// A length of time, to the nanosecond; some 292 years at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    nanos: i64,
}

fn out_of_range(what: &str) -> Fault {
    Fault::new(FaultKind::Range, format!("{what} out of range"))
}

impl Timestamp {
    /// So many seconds from 1970-01-01T00:00:00Z, if within the years 1 to 9999.
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        (FIRST..=LAST).contains(&seconds).then_some(Self { seconds, nanos: 0 })
    }

    /// Whole seconds from 1970-01-01T00:00:00Z, rounded down.
    pub fn seconds(self) -> i64 {
        self.seconds
    }

    fn total(self) -> i128 {
        i128::from(self.seconds) * i128::from(NANOS) + i128::from(self.nanos)
    }

    fn from_total(total: i128) -> Result<Self, Fault> {
        let (seconds, nanos) = (total.div_euclid(NANOS.into()), total.rem_euclid(NANOS.into()));
        let seconds = i64::try_from(seconds).ok().and_then(Self::from_seconds);
        match (seconds, u32::try_from(nanos)) {
            (Some(whole), Ok(nanos)) => Ok(Self { nanos, ..whole }),
            _ => Err(out_of_range("timestamp")),
        }
    }

    /// Reads RFC 3339: `2024-05-01T12:00:00Z`, `2024-05-01T12:00:00.5-07:00`.
    pub(crate) fn parse(text: &str) -> Result<Self, Fault> {
        let bad = || {
            let message = format!("`{text}` is not a timestamp as in `2024-05-01T12:00:00Z`");
            Fault::new(FaultKind::Invalid, message)
        };
        let bytes = text.as_bytes();
        let number = |from: usize, to: usize| -> Option<i64> {
            let digits = bytes.get(from..to)?;
            digits.iter().all(u8::is_ascii_digit).then(|| digits.iter().fold(0, |n, d| n * 10 + i64::from(d - b'0')))
        };
        let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        if marks.iter().any(|&(at, mark)| bytes.get(at) != Some(&mark)) {
            return Err(bad());
        }
        let part = |from, to| number(from, to).and_then(|n| i16::try_from(n).ok()).ok_or_else(bad);
        let small = |from, to| part(from, to).and_then(|n| i8::try_from(n).map_err(|_| bad()));
        let civil = DateTime::new(part(0, 4)?, small(5, 7)?, small(8, 10)?, small(11, 13)?, small(14, 16)?, small(17, 19)?, 0);
        let civil = civil.map_err(|_| bad())?;
        let (nanos, zone) = fraction(text.get(19..).ok_or_else(bad)?).ok_or_else(bad)?;
        let offset = match zone {
            "Z" => 0,
            _ if zone.starts_with(['+', '-']) => fixed_offset(zone).ok_or_else(bad)?,
            _ => return Err(bad()),
        };
        let seconds = civil.duration_since(epoch()).as_secs() - i64::from(offset);
        let whole = Self::from_seconds(seconds).ok_or_else(|| out_of_range("timestamp"))?;
        Ok(Self { nanos, ..whole })
    }

    pub(crate) fn plus(self, duration: Duration) -> Result<Self, Fault> {
        Self::from_total(self.total() + i128::from(duration.nanos))
    }

    pub(crate) fn minus(self, duration: Duration) -> Result<Self, Fault> {
        Self::from_total(self.total() - i128::from(duration.nanos))
    }

    pub(crate) fn since(self, earlier: Self) -> Result<Duration, Fault> {
        Duration::from_total(self.total() - earlier.total())
    }

    /// One part of the date and time there, by the accessor's name.
    pub(crate) fn part(self, accessor: &str, zone: Option<&str>) -> Result<Option<i64>, Fault> {
        let offset = zone.map_or(Ok(0), |zone| self.offset(zone))?;
        let local = SignedDuration::from_secs(self.seconds + i64::from(offset));
        let civil = epoch().checked_add(local).map_err(|_| out_of_range("local time"))?;
        Ok(Some(match accessor {
            "getFullYear" => civil.year().into(),
            "getMonth" => i64::from(civil.month()) - 1,
            "getDate" => civil.day().into(),
            "getDayOfMonth" => i64::from(civil.day()) - 1,
            "getDayOfWeek" => civil.weekday().to_sunday_zero_offset().into(),
            "getDayOfYear" => i64::from(civil.day_of_year()) - 1,
            "getHours" => civil.hour().into(),
            "getMinutes" => civil.minute().into(),
            "getSeconds" => civil.second().into(),
            "getMilliseconds" => i64::from(self.nanos / 1_000_000),
            _ => return Ok(None),
        }))
    }

    /// Seconds east of UTC in `zone` at this time.
    fn offset(self, zone: &str) -> Result<i32, Fault> {
        if let Some(offset) = fixed_offset(zone) {
            return Ok(offset);
        }
        let unknown = |_| {
            let message = format!("unknown time zone `{zone}`; write `Europe/Berlin` or `+02:00`");
            Fault::new(FaultKind::Invalid, message)
        };
        let zone = TimeZone::get(zone).map_err(unknown)?;
        // jiff ends a day early in 9999; no zone changes its offset in that day.
        let there = jiff::Timestamp::from_second(self.seconds).unwrap_or(jiff::Timestamp::MAX);
        Ok(zone.to_offset(there).seconds())
    }
}

fn epoch() -> DateTime {
    date(1970, 1, 1).at(0, 0, 0, 0)
}

/// A fraction of a second and what follows it: `.25Z` is a quarter and `Z`.
fn fraction(text: &str) -> Option<(u32, &str)> {
    let Some(rest) = text.strip_prefix('.') else { return Some((0, text)) };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let kept = rest.get(..digits.min(9))?;
    let nanos = kept.parse::<u32>().ok()? * 10_u32.pow(9 - u32::try_from(kept.len()).ok()?);
    Some((nanos, &rest[digits..]))
}

/// `+02:00`, `-07:30`, `02:00`: seconds east of UTC.
fn fixed_offset(text: &str) -> Option<i32> {
    let (sign, digits) = match text.as_bytes() {
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        all => (1, all),
    };
    let [h1, h2, b':', m1, m2] = *digits else { return None };
    let digit = |d: u8| d.is_ascii_digit().then(|| i32::from(d - b'0'));
    let (hours, minutes) = (digit(h1)? * 10 + digit(h2)?, digit(m1)? * 10 + digit(m2)?);
    let seconds = sign * (hours * 3600 + minutes * 60);
    (hours < 24 && minutes < 60).then_some(seconds)
}

impl Duration {
    /// So many nanoseconds.
    pub fn from_nanos(nanos: i64) -> Self {
        Self { nanos }
    }

    /// How many nanoseconds.
    pub fn nanos(self) -> i64 {
        self.nanos
    }

    fn from_total(total: i128) -> Result<Self, Fault> {
        i64::try_from(total).map(Self::from_nanos).map_err(|_| out_of_range("duration"))
    }

    /// Reads numbers with units: `90s`, `-1.5h`, `1h30m`, `20ms`.
    pub(crate) fn parse(text: &str) -> Result<Self, Fault> {
        let bad = || {
            let message = format!("`{text}` is not a duration as in `90s` or `1h30m`");
            Fault::new(FaultKind::Invalid, message)
        };
        let (sign, mut rest) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        if rest == "0" {
            return Ok(Self::from_nanos(0));
        }
        let mut total = 0_i128;
        loop {
            let (nanos, after) = unit(rest).ok_or_else(bad)?;
            total = total.checked_add(nanos).ok_or_else(|| out_of_range("duration"))?;
            rest = after;
            if rest.is_empty() {
                return Self::from_total(sign * total);
            }
        }
    }

    pub(crate) fn plus(self, other: Self) -> Result<Self, Fault> {
        Self::from_total(i128::from(self.nanos) + i128::from(other.nanos))
    }

    pub(crate) fn minus(self, other: Self) -> Result<Self, Fault> {
        Self::from_total(i128::from(self.nanos) - i128::from(other.nanos))
    }

    /// The whole of it in a unit, except milliseconds, which count within the second.
    pub(crate) fn part(self, accessor: &str) -> Option<i64> {
        Some(match accessor {
            "getHours" => self.nanos / (3600 * NANOS),
            "getMinutes" => self.nanos / (60 * NANOS),
            "getSeconds" => self.nanos / NANOS,
            "getMilliseconds" => self.nanos % NANOS / 1_000_000,
            _ => return None,
        })
    }
}

/// One number with its unit, in nanoseconds, and what follows.
fn unit(text: &str) -> Option<(i128, &str)> {
    let whole = text.bytes().take_while(u8::is_ascii_digit).count();
    let after = &text[whole..];
    let decimals = after.strip_prefix('.').map(|d| (d, d.bytes().take_while(u8::is_ascii_digit).count()));
    let (part, rest) = match decimals {
        Some((digits, count)) => (&digits[..count], &digits[count..]),
        None => ("", after),
    };
    if whole + part.len() == 0 {
        return None;
    }
    // The longer names first: `ms` also starts with `m`.
    const UNITS: [(&str, i64); 8] =
        [("ns", 1), ("us", 1_000), ("µs", 1_000), ("μs", 1_000), ("ms", 1_000_000), ("h", 3600 * NANOS), ("m", 60 * NANOS), ("s", NANOS)];
    let (rest, scale) = UNITS.iter().find_map(|(name, scale)| Some((rest.strip_prefix(name)?, i128::from(*scale))))?;
    let number = if whole == 0 { 0 } else { text[..whole].parse::<i128>().ok()? };
    // Nothing finer than a nanosecond counts; 15 decimals of an hour are finer.
    let part = &part[..part.len().min(15)];
    let decimals = if part.is_empty() { 0 } else { part.parse::<i128>().ok()? };
    let fraction = decimals * scale / 10_i128.pow(u32::try_from(part.len()).ok()?);
    Some((number.checked_mul(scale)?.checked_add(fraction)?, rest))
}

/// `.25` for a quarter of a second, nothing for none.
fn write_fraction(f: &mut fmt::Formatter<'_>, nanos: u32) -> fmt::Result {
    if nanos == 0 {
        return Ok(());
    }
    let digits = format!("{nanos:09}");
    write!(f, ".{}", digits.trim_end_matches('0'))
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let civil = epoch().checked_add(SignedDuration::from_secs(self.seconds)).map_err(|_| fmt::Error)?;
        let (date, time) = (civil.date(), civil.time());
        write!(f, "{:04}-{:02}-{:02}T", date.year(), date.month(), date.day())?;
        write!(f, "{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())?;
        write_fraction(f, self.nanos)?;
        f.write_str("Z")
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.nanos.unsigned_abs();
        let sign = if self.nanos < 0 { "-" } else { "" };
        write!(f, "{sign}{}", nanos / NANOS.unsigned_abs())?;
        write_fraction(f, u32::try_from(nanos % NANOS.unsigned_abs()).unwrap_or(0))?;
        f.write_str("s")
    }
}
