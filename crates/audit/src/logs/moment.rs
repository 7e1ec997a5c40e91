//! Moments of a log: in a format of its own, in a zone of its own, turned into the day at the agency.

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// How a log writes its moments.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    /// In the directives of `strptime`; without one, ISO 8601 or seconds since 1970.
    pub(super) format: Option<String>,
    /// The zone of moments that name none.
    pub(super) zone: TimeZone,
}

impl Clock {
    /// The day at a place, and the moment itself as far as it has one.
    pub(super) fn day(&self, text: &str, place: &TimeZone) -> Result<(Date, Option<Timestamp>), String> {
        let text = text.trim();
        let shown = || text.chars().take(40).collect::<String>();
        if text.is_empty() {
            return Err(format!("the cell is empty; {} is expected", self.form()));
        }
        if let Some(format) = &self.format {
            let read = strtime::parse(format, text).map_err(|_| format!("`{}` is no moment of the form {format}", shown()))?;
            if let Ok(moment) = read.to_timestamp() {
                return Ok((moment.to_zoned(place.clone()).date(), Some(moment)));
            }
            if let Ok(local) = read.to_datetime() {
                return self.local(local, place);
            }
            return read
                .to_date()
                .map(|day| (day, None))
                .map_err(|_| format!("`{}` is no moment of the form {format}: it has no day", shown()));
        }
        if let Ok(moment) = text.parse::<Timestamp>() {
            return Ok((moment.to_zoned(place.clone()).date(), Some(moment)));
        }
        if let Ok(zoned) = text.parse::<Zoned>() {
            return Ok((zoned.with_time_zone(place.clone()).date(), Some(zoned.timestamp())));
        }
        if text.len() > 10
            && let Ok(local) = text.parse::<DateTime>()
        {
            return self.local(local, place);
        }
        if let Ok(day) = text.parse::<Date>() {
            return Ok((day, None));
        }
        // Seconds or milliseconds since 1970.
        if let Ok(seconds) = text.parse::<i64>()
            && text.len() >= 9
        {
            let moment =
                if seconds.abs() >= 100_000_000_000 { Timestamp::from_millisecond(seconds) } else { Timestamp::from_second(seconds) };
            if let Ok(moment) = moment {
                return Ok((moment.to_zoned(place.clone()).date(), Some(moment)));
            }
        }
        let form = self.form();
        Err(format!("`{}` is no moment: {form} is expected; or give its form in [time]: format = \"%m/%d/%Y %H:%M\"", shown()))
    }

    /// The form that is expected, in words.
    fn form(&self) -> String {
        self.format.as_ref().map_or_else(|| "a moment such as 2025-05-24T14:30:00".to_owned(), |format| format!("the form {format}"))
    }

    fn local(&self, local: DateTime, place: &TimeZone) -> Result<(Date, Option<Timestamp>), String> {
        // An hour that the clocks showed twice or never is taken as the earlier reading; the day is the same but at midnight.
        let zoned = self.zone.to_ambiguous_zoned(local).earlier().map_err(|_| format!("`{local}` is no moment of the zone"))?;
        Ok((zoned.with_time_zone(place.clone()).date(), Some(zoned.timestamp())))
    }
}
