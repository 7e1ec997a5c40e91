//! Defects of the data: what cannot be true, cannot be read, or stands there twice. Reported with their rows, never mended in silence.

use super::cells::{fiscal_year, is_redacted};
use super::duplicates;
use super::fields::Field;
use super::offenses::{self, Groups};
use super::places::{Placed, Places};
use super::table::Table;
use comity_logic::Date;
use rustc_hash::FxHashMap;
use serde::Serialize;

/// The kind of a defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DefectKind {
    /// The row stands there twice.
    ExactDuplicate,
    /// The same person and day with fewer cells filled.
    PartialDuplicate,
    /// A cell should hold a day and does not.
    NotADay,
    /// The detainer has no day.
    NoDay,
    /// The detainer is dated after the file was produced.
    FutureDate,
    /// The detainer's day is not of the fiscal year of its sheet.
    DateOutsideSheet,
    /// Called declined while the sentence still runs in the prison that would have to release the person.
    DeclinedBeforeReleaseDue,
    /// Called declined, yet ICE arrested the person.
    DeclinedButTakenIntoCustody,
    /// Departure precedes the detainer.
    DepartedBeforeDetainer,
    /// A day of departure without a country.
    DepartedWithoutCountry,
    /// No criminal record, yet a conviction is given.
    CriminalityMismatch,
    /// The code's group is not the label's.
    CodeLabelMismatch,
    /// The code is in no list.
    UnknownCode,
    /// The letter is that of another reason.
    LiftCodeMismatch,
    /// The facility's code has another name elsewhere.
    FacilityNameVariant,
    /// City, county and state cannot all be true.
    PlaceMismatch,
    /// The place cannot be told.
    PlaceAmbiguous,
    /// A redaction mark in the place of a value.
    RedactionLeftIn,
}

impl DefectKind {
    /// Its word: `exact-duplicate`.
    #[must_use]
    pub fn word(self) -> String {
        serde_json::to_value(self).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// A defect of the data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Defect {
    /// The position of the row in the table, from 0.
    #[serde(skip)]
    pub at: usize,
    /// The row by the number that the file gives it, or its line.
    pub row: u32,
    /// The column, under its name in the processed layout.
    pub column: &'static str,
    /// What stands there.
    pub value: String,
    /// What is wrong with it.
    pub kind: DefectKind,
    /// What is wrong with it, in words.
    pub says: String,
    /// What is done, or can be.
    pub remedy: &'static str,
}

/// The letters of reasons for lifting a detainer (NIEM 6.0 `im:DetentionDetainerLiftCodeType`, and A as seen in the releases), by how the reason begins.
const LIFT: [(&str, &str); 11] = [
    ("booked into detention", "B"),
    ("detainer declined", "A"),
    ("case closed", "C"),
    ("died", "D"),
    ("lifted - lack of funds", "F"),
    ("lifted - lack of space", "S"),
    ("lifted", "L"),
    ("transferred", "T"),
    ("united states citizen", "U"),
    ("usc or presumptive", "U"),
    ("not deportable", "N"),
];

const DECLINED: &str = "detainer declined";

struct Checker<'t> {
    table: &'t Table,
    found: Vec<Defect>,
    days: FxHashMap<Field, Vec<Option<Date>>>,
    /// Of each distinct code, whether it is of the list.
    known: Vec<bool>,
    /// Of each distinct label, the groups that it belongs to.
    labelled: Vec<Option<&'static Groups>>,
}

/// Every defect, in the order of the rows.
#[must_use]
pub fn check(table: &Table, places: &Places, produced: Option<Date>) -> Vec<Defect> {
    let days = Field::DAYS.iter().map(|f| (*f, table.days(*f))).collect();
    let of = |field| table.ids(field).distinct.iter();
    let known = of(Field::ChargeCode).map(|code| offenses::is_known(code)).collect();
    let labelled = of(Field::Charge).map(|label| offenses::groups_labelled(label)).collect();
    let mut checker = Checker { table, found: Vec::new(), days, known, labelled };
    let newest = checker.newest();
    let produced = produced.or(table.produced);
    for row in 0..table.rows() {
        checker.dates(row, produced, newest);
        checker.departure(row);
        checker.record(row);
        checker.lifting(row, places, produced.or(newest));
        checker.place(row, places);
    }
    checker.redactions();
    checker.names();
    duplicates::find(table, &mut checker.found);
    let mut found = checker.found;
    found.sort_by(|a, b| (a.at, a.kind, a.column).cmp(&(b.at, b.kind, b.column)));
    found
}

impl Checker<'_> {
    fn day(&self, field: Field, row: usize) -> Option<Date> {
        let id = *self.table.ids(field).ids.get(row)?;
        self.days.get(&field)?.get(id as usize).copied().flatten()
    }

    fn note(&mut self, row: usize, field: Field, kind: DefectKind, says: String, remedy: &'static str) {
        let value = self.table.text(field, row).to_owned();
        self.found.push(Defect { at: row, row: self.table.number(row), column: field.name(), value, kind, says, remedy });
    }

    /// The newest day on which a detainer is dated that its sheet does not contradict: the file is not older than that.
    fn newest(&self) -> Option<Date> {
        let sheets: Vec<_> = self.table.ids(Field::Sheet).distinct.iter().map(|s| fiscal_year(s)).collect();
        let trusted = |row: &usize| {
            let year = self.table.ids(Field::Sheet).ids.get(*row).and_then(|id| sheets.get(*id as usize).copied().flatten());
            self.day(Field::Prepared, *row).filter(|day| year.is_none_or(|(from, to)| from <= *day && *day <= to))
        };
        (0..self.table.rows()).filter_map(|row| trusted(&row)).max()
    }

    fn dates(&mut self, row: usize, produced: Option<Date>, newest: Option<Date>) {
        for field in Field::DAYS {
            let id = self.table.ids(field).at(row);
            if id != 0 && self.day(field, row).is_none() && !is_redacted(self.table.text(field, row)) {
                let says = format!("`{}` is no day", self.table.text(field, row));
                self.note(row, field, DefectKind::NotADay, says, "taken as missing; write it as 2024-10-18 or 10/18/2024");
            }
        }
        let Some(day) = self.day(Field::Prepared, row) else {
            if self.table.ids(Field::Prepared).at(row) == 0 {
                self.note(
                    row,
                    Field::Prepared,
                    DefectKind::NoDay,
                    "the detainer has no day".to_owned(),
                    "not decided: without a day there is no law of the day",
                );
            }
            return;
        };
        let year = fiscal_year(self.table.text(Field::Sheet, row)).filter(|(from, to)| day < *from || *to < day);
        let late = produced.filter(|p| day > *p);
        const REMEDY: &str = "decided as it is dated; ask the publisher for the day, or leave the row out";
        match (late, year) {
            (Some(produced), _) => self.note(
                row,
                Field::Prepared,
                DefectKind::FutureDate,
                format!("the detainer is dated after the file was produced ({produced})"),
                REMEDY,
            ),
            (None, Some((from, to))) => {
                let sheet = self.table.text(Field::Sheet, row).to_owned();
                match newest.filter(|n| produced.is_none() && day > *n) {
                    Some(newest) => self.note(row, Field::Prepared, DefectKind::FutureDate, format!("sheet {sheet} ends {to}, and no detainer whose day fits its sheet is later than {newest}: the file is not as young as this day"), REMEDY),
                    None => self.note(row, Field::Prepared, DefectKind::DateOutsideSheet, format!("sheet {sheet} runs from {from} to {to}"), REMEDY),
                }
            }
            (None, None) => {}
        }
    }

    fn departure(&mut self, row: usize) {
        let Some(departed) = self.day(Field::Departed, row) else { return };
        if let Some(prepared) = self.day(Field::Prepared, row).filter(|p| departed < *p) {
            self.note(
                row,
                Field::Departed,
                DefectKind::DepartedBeforeDetainer,
                format!("departure precedes the detainer of {prepared}"),
                "neither day is used to correct the other",
            );
        }
        if self.table.has(Field::DepartureCountry) && self.table.text(Field::DepartureCountry, row).is_empty() {
            self.note(
                row,
                Field::Departed,
                DefectKind::DepartedWithoutCountry,
                "a day of departure without a country of departure".to_owned(),
                "not used in any decision",
            );
        }
    }

    fn record(&mut self, row: usize) {
        let code = self.table.text(Field::ChargeCode, row);
        let label = self.table.text(Field::Charge, row);
        if self.table.text(Field::Criminality, row).starts_with('3')
            && !(code.is_empty() && label.is_empty() && self.day(Field::ConvictionDate, row).is_none())
        {
            let says = format!("no criminal record is said, yet a conviction is given ({})", if label.is_empty() { code } else { label });
            self.note(
                row,
                Field::Criminality,
                DefectKind::CriminalityMismatch,
                says,
                "the conviction is used; the list of convictions counts as incomplete in any case",
            );
        }
        if code.is_empty() || is_redacted(code) {
            return;
        }
        if !self.known[self.table.ids(Field::ChargeCode).at(row) as usize] {
            let says = format!("`{code}` is none of the 455 NCIC codes and none of those that ICE adds");
            self.note(row, Field::ChargeCode, DefectKind::UnknownCode, says, "the conviction is used without its code");
            return;
        }
        let groups = self.labelled[self.table.ids(Field::Charge).at(row) as usize];
        if groups.is_some_and(|groups| code.get(..2).is_some_and(|two| !groups.contains(two))) {
            let says = format!("code {code} is of the group {}, the label says {label}", offenses::group_of(code).unwrap_or("unknown"));
            self.note(row, Field::ChargeCode, DefectKind::CodeLabelMismatch, says, "the conviction is used without its code");
        }
    }

    fn lifting(&mut self, row: usize, places: &Places, file: Option<Date>) {
        let reason = self.table.text(Field::LiftReason, row).to_ascii_lowercase();
        let code = self.table.text(Field::LiftCode, row);
        if let Some((_, letter)) = LIFT.iter().find(|(begins, _)| reason.starts_with(begins))
            && !code.is_empty()
            && code != *letter
        {
            let other = LIFT.iter().find(|(_, l)| *l == code).map_or("no known reason", |(r, _)| *r);
            let says = format!("letter {code} is that of `{other}`, the text says `{reason}`");
            self.note(row, Field::LiftCode, DefectKind::LiftCodeMismatch, says, "the text is shown, neither is used in a decision");
        }
        if !reason.starts_with(DECLINED) {
            return;
        }
        if let (Some(arrested), Some(prepared)) = (self.day(Field::Apprehended, row), self.day(Field::Prepared, row))
            && arrested >= prepared
        {
            let after = match (arrested - prepared).get_days() {
                0 => "on the day of the detainer".to_owned(),
                1 => "1 day after the detainer".to_owned(),
                days => format!("{days} days after the detainer"),
            };
            let says = format!("called declined, yet ICE arrested the person on {arrested}, {after}");
            self.note(
                row,
                Field::LiftReason,
                DefectKind::DeclinedButTakenIntoCustody,
                says,
                "count it as a transfer to ICE, not as a refusal",
            );
        }
        let is_prison = matches!(places.at(row).map(|f| &f.placed), Some(Placed::Agency { is_prison: true, .. }));
        let (Some(end), Some(file)) = (self.earliest_release(row), file) else { return };
        if is_prison && end > file {
            let convicted = self.day(Field::ConvictionDate, row).map(|d| d.to_string()).unwrap_or_default();
            let says = format!(
                "called declined, yet half of the {}-month sentence of {convicted}, counted from the charge, ends on {end}, after the file's own {file}",
                self.months(row)
            );
            self.note(row, Field::LiftReason, DefectKind::DeclinedBeforeReleaseDue, says, "not a refusal: release was not due");
        }
    }

    fn months(&self, row: usize) -> i32 {
        let number = |field| self.table.text(field, row).trim().parse::<f64>().unwrap_or(0.0);
        (number(Field::SentenceYears) * 12.0 + number(Field::SentenceMonths)) as i32
    }

    /// The earliest day on which a prison sentence can have ended: half of it, counted from the charge.
    fn earliest_release(&self, row: usize) -> Option<Date> {
        let months = self.months(row);
        let from = self.day(Field::ChargeDate, row).or(self.day(Field::ConvictionDate, row)).filter(|_| months > 0)?;
        from.checked_add(jiff::Span::new().try_months(months / 2).ok()?).ok()
    }

    fn place(&mut self, row: usize, places: &Places) {
        let Some(facility) = places.at(row) else { return };
        match &facility.placed {
            Placed::Contradictory { why, candidates } => {
                let says = format!("{why} (candidates: {})", candidates.join(", "));
                self.note(
                    row,
                    Field::State,
                    DefectKind::PlaceMismatch,
                    says,
                    "not decided; `--if-place` decides it as if it were of a place",
                );
            }
            Placed::Ambiguous { why, candidates } if facility.state.is_empty() => {
                let shown: Vec<&str> = candidates.iter().map(String::as_str).collect();
                let says = format!("{why} (candidates: {})", if shown.is_empty() { "none".to_owned() } else { shown.join(", ") });
                self.note(
                    row,
                    Field::Facility,
                    DefectKind::PlaceAmbiguous,
                    says,
                    "not decided; `--if-place` decides it as if it were of a place",
                );
            }
            _ => {}
        }
    }

    fn redactions(&mut self) {
        for field in Field::ALL {
            let column = self.table.ids(field);
            let marks: Vec<bool> = column.distinct.iter().map(|t| is_redacted(t)).collect();
            if !marks.contains(&true) {
                continue;
            }
            for row in 0..self.table.rows() {
                if marks[column.at(row) as usize] {
                    let says = "a redaction mark in the place of a value".to_owned();
                    self.note(row, field, DefectKind::RedactionLeftIn, says, "taken as missing");
                }
            }
        }
    }

    /// A code with several names: the rows with the rarer ones.
    fn names(&mut self) {
        let (codes, names) = (self.table.ids(Field::FacilityCode), self.table.ids(Field::Facility));
        let mut counts: FxHashMap<u32, FxHashMap<u32, usize>> = FxHashMap::default();
        for (code, name) in codes.ids.iter().zip(&names.ids).filter(|(c, n)| **c != 0 && **n != 0) {
            *counts.entry(*code).or_default().entry(*name).or_default() += 1;
        }
        let usual: FxHashMap<u32, u32> = counts
            .iter()
            .filter(|(_, of)| of.len() > 1)
            .filter_map(|(code, of)| of.iter().max_by_key(|(name, n)| (**n, std::cmp::Reverse(**name))).map(|(name, _)| (*code, *name)))
            .collect();
        for row in 0..self.table.rows() {
            let (code, name) = (codes.at(row), names.at(row));
            if let Some(most) = usual.get(&code).filter(|most| name != 0 && **most != name) {
                let says = format!("code {} is called {} elsewhere in the file", codes.get(row), names.distinct[*most as usize]);
                self.note(
                    row,
                    Field::Facility,
                    DefectKind::FacilityNameVariant,
                    says,
                    "placed like the other rows of the code where city and state agree",
                );
            }
        }
    }
}
