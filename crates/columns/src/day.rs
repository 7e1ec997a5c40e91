//! Days as numbers that keep their order and let years be taken off by a subtraction.

use comity_logic::Date;

/// Year, month and day in fields of their own. Later days are larger.
pub(crate) type Packed = i32;

/// No day is known.
pub(crate) const UNKNOWN: Packed = i32::MIN;

/// 29 February without its year.
const LEAP_DAY: i32 = 2 << 5 | 29;

pub(crate) fn pack(day: Date) -> Packed {
    i32::from(day.year()) * 512 + (i32::from(day.month()) << 5) + i32::from(day.day())
}

pub(crate) fn unpack(day: Packed) -> Option<Date> {
    let (year, rest) = (day.div_euclid(512), day.rem_euclid(512));
    Date::new(i16::try_from(year).ok()?, (rest >> 5) as i8, (rest & 31) as i8).ok()
}

fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// So many years before a day, as `Bound::Back` counts: 29 February goes back to 28 February where the year has no other.
#[inline]
pub(crate) fn years_back(day: Packed, years: i16) -> Packed {
    let back = day - i32::from(years) * 512;
    if back & 511 == LEAP_DAY && !is_leap(back >> 9) { back - 1 } else { back }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_keeps_days_and_their_order() {
        let mut day = Date::new(1999, 12, 20).unwrap_or(Date::MIN);
        let mut before = pack(day) - 1;
        for _ in 0..3000 {
            assert_eq!(unpack(pack(day)), Some(day));
            assert!(pack(day) > before);
            before = pack(day);
            day = day.tomorrow().unwrap_or(day);
        }
    }
}
