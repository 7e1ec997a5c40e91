//! Agencies by originating agency identifier (ORI).

use std::fmt;

use crate::agency::{Agency, Row};
use crate::near;
use crate::table;

/// Why an ORI gives no agency.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum OriError {
    /// It is not seven or nine letters and digits with a state's two letters in front.
    Malformed,
    /// It has the right form, but stands not in the list.
    Unknown {
        /// Agencies whose ORI is near it.
        near: Vec<Agency>,
    },
    /// The seven characters fit several agencies: the last two are needed.
    Ambiguous {
        /// The agencies that fit.
        candidates: Vec<Agency>,
    },
    /// It is the ORI of a federal agency, for which no state or local law is asked.
    Federal {
        /// The name of the federal agency.
        name: &'static str,
    },
}

impl fmt::Display for OriError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = |text: &str, agencies: &[Agency]| {
            f.write_str(text)?;
            for (i, agency) in agencies.iter().enumerate() {
                write!(f, "{}{agency}", if i == 0 { " " } else { ", " })?;
            }
            Ok(())
        };
        match self {
            Self::Malformed => list(
                "not an ORI: an ORI has 7 or 9 letters and digits, and starts with the two \
                 letters of a state, such as CA0194200",
                &[],
            ),
            Self::Unknown { near } if near.is_empty() => list("no agency with this ORI is known", near),
            Self::Unknown { near } => list("no agency with this ORI is known; near it:", near),
            Self::Ambiguous { candidates } => list("several agencies share these seven characters:", candidates),
            Self::Federal { name } => write!(f, "this is the ORI of a federal agency, {name}"),
        }
    }
}

impl std::error::Error for OriError {}

/// The ORI in capitals without blanks and hyphens, if it has the form of one.
fn clean(text: &str) -> Option<String> {
    if text.len() > 40 {
        return None;
    }
    let ori: String = text.trim().chars().filter(|letter| !matches!(letter, ' ' | '-')).map(|letter| letter.to_ascii_uppercase()).collect();
    let right = matches!(ori.len(), 7 | 9)
        && ori.bytes().all(|b| b.is_ascii_alphanumeric())
        && ori.bytes().take(2).all(|b| b.is_ascii_alphabetic());
    right.then_some(ori)
}

/// Whether a text is meant as an ORI: it has the form of one, in one word, with at least two
/// digits.
#[must_use]
pub fn looks_like_ori(text: &str) -> bool {
    let text = text.trim();
    text.bytes().filter(u8::is_ascii_digit).count() >= 2 && !text.contains([' ', '-']) && clean(text).is_some()
}

/// The agency with this ORI: nine characters, or the first seven.
///
/// Seven characters stand for the nine that end in `00`, as is usual; if there is no such
/// agency, but one other, that one is meant.
///
/// # Errors
/// If the text is no ORI, is unknown, fits several agencies or is a federal agency's.
pub fn find_by_ori(text: &str) -> Result<Agency, OriError> {
    let ori = clean(text).ok_or(OriError::Malformed)?;
    let usual = if ori.len() == 7 { format!("{ori}00") } else { ori.clone() };
    if let Some(row) = Row::find(&usual) {
        return Ok(row.agency());
    }
    let mut fitting = table::starting(table::AGENCIES, &ori).filter_map(Row::of_line);
    match (fitting.next(), fitting.next()) {
        (Some(row), None) => return Ok(row.agency()),
        (Some(_), Some(_)) => {
            let rows = table::starting(table::AGENCIES, &ori).filter_map(Row::of_line);
            let candidates = rows.take(near::MOST).map(|row| row.agency()).collect();
            return Err(OriError::Ambiguous { candidates });
        }
        (None, _) => {}
    }
    if let Some(line) = table::starting(table::FEDERAL, &ori).next() {
        let name = line.split('\t').nth(1).unwrap_or_default();
        return Err(OriError::Federal { name });
    }
    Err(OriError::Unknown { near: near_oris(&usual) })
}

/// Agencies whose ORI differs in one character; or, if there is none, those of the same county
/// or series.
fn near_oris(ori: &str) -> Vec<Agency> {
    let one_off = |line: &&str| {
        let id = table::key(line);
        id.len() == ori.len() && id.bytes().zip(ori.bytes()).filter(|(a, b)| a != b).count() == 1
    };
    // Within the state: one state's lines are few enough to be looked through at once.
    let state = table::starting(table::AGENCIES, ori.get(..2).unwrap_or_default());
    let mut found: Vec<&str> = state.filter(one_off).collect();
    if found.is_empty() {
        let series = ori.get(..5).unwrap_or_default();
        found = table::starting(table::AGENCIES, series).collect();
    }
    found.into_iter().take(near::MOST).filter_map(Row::of_line).map(|row| row.agency()).collect()
}
