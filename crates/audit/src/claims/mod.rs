//! Audit of published claims: tables that say which places and agencies refuse to cooperate.
//!
//! Each row is held against the law of its day, the list of places, and the other rows. Nothing is known here of any particular report: what a published
//! correction later admitted is found, if at all, from law, places and totals alone.

mod bench;
mod columns;
mod day;
mod declined;
mod listed;
mod model;
mod places;
mod policy;
mod totals;

pub use day::{parse_day, parse_days};
pub use model::{Class, Finding, Kind, LawSays, Report, RowReport, TableReport, Verdict, Weight};

use crate::table::{Limits, Options, Table, TableError};
use bench::Bench;
use columns::{Claim, claims_of};
use comity_law::Law;
use places::{Found, Places};
use totals::Audited;

/// Why an audit ended early.
#[derive(Debug)]
pub enum AuditError {
    /// A table cannot be read.
    Table(TableError),
    /// It was interrupted.
    Interrupted,
}

impl std::fmt::Display for AuditError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Table(error) => error.fmt(f),
            Self::Interrupted => f.write_str("interrupted; nothing was decided"),
        }
    }
}

impl std::error::Error for AuditError {}

impl From<TableError> for AuditError {
    fn from(error: TableError) -> Self {
        Self::Table(error)
    }
}

/// The names that the header of a table of claims may have; for [`Options::known`].
#[must_use]
pub fn known_columns() -> Vec<&'static str> {
    columns::known()
}

/// Opens a table of claims.
///
/// # Errors
/// When it cannot be read.
pub fn open(path: &std::path::Path) -> Result<Table, TableError> {
    // Each row is kept with its claim and its findings; published tables have some thousand.
    let limits = Limits { rows: 500_000, ..Limits::default() };
    Table::open(path, &Options { known: &known_columns(), limits, ..Options::default() })
}

/// Audits tables of claims together. `going` is told how many rows of how many are done, and says whether to go on.
///
/// # Errors
/// When a table cannot be read, or `going` said no.
pub fn audit(law: &Law, tables: &mut [Table], going: &mut dyn FnMut(usize, usize) -> bool) -> Result<Report, AuditError> {
    let bench = Bench::new(law);
    let places = Places::new();
    let mut reports = Vec::new();
    let mut claims: Vec<Claim> = Vec::new();
    for (at, table) in tables.iter_mut().enumerate() {
        let (kind, mut rows) = claims_of(at, table)?;
        let (file, notes) = (table.file.clone(), table.notes());
        reports.push(TableReport { file, kind, rows: rows.len(), findings: Vec::new(), notes });
        claims.append(&mut rows);
    }
    let all = claims.len();
    let mut rows = Vec::with_capacity(all);
    for (done, claim) in claims.into_iter().enumerate() {
        if !going(done, all) {
            return Err(AuditError::Interrupted);
        }
        let kind = reports.get(claim.table).map_or(Kind::Listed, |r: &TableReport| r.kind);
        rows.push(row(&bench, &places, kind, claim));
    }
    totals::check(&bench, &places, &mut reports, &mut rows);
    let mut rows: Vec<RowReport> = rows.into_iter().map(|r| r.report).collect();
    rows.iter_mut().for_each(RowReport::conclude);
    Ok(Report { bundle: law.digest.clone(), tables: reports, rows })
}

/// Everything that can be said of a row by itself.
fn row(bench: &Bench<'_>, places: &Places, kind: Kind, mut claim: Claim) -> Audited {
    let found = if claim.is_total() { Found::default() } else { places.resolve(&claim) };
    let mut report = RowReport {
        table: claim.table,
        line: claim.line,
        id: claim.id.clone(),
        claim: told(kind, &claim),
        days: claim.declined.map(|d| (d, d)).or(claim.period),
        places: found.places.iter().map(|p| p.slug.to_owned()).collect(),
        candidates: Vec::new(),
        law: Vec::new(),
        verdict: Verdict::Consistent,
        findings: std::mem::take(&mut claim.unreadable),
        missing: Vec::new(),
    };
    if claim.is_total() {
        report.verdict = Verdict::NoClaim;
        return Audited { claim, found, agencies: Vec::new(), report };
    }
    told_places(&claim, &found, &mut report);
    let days = claim.period.or(claim.declined.map(|d| (d, d)));
    let mut agencies = Vec::new();
    match days {
        None => report.missing.push("the day or the time that the row speaks of".to_owned()),
        Some(days) => match kind {
            Kind::Policy => policy::check(bench, &claim, &found.places, days, &mut report),
            Kind::Declined => agencies = declined::check(bench, &claim, &found, days, &mut report),
            Kind::Listed => found.places.iter().for_each(|place| listed::check(bench, place, days, &mut report)),
            Kind::Issued => {
                if claim.count.is_none() {
                    report.missing.push("how many were issued".to_owned());
                }
            }
        },
    }
    Audited { claim, found, agencies, report }
}

/// What is to be said of the row's place: several, none, or none for sure.
fn told_places(claim: &Claim, found: &Found, report: &mut RowReport) {
    let slugs = |places: &[comity_places::Place]| places.iter().map(|p| p.slug).collect::<Vec<_>>();
    if let Some(code) = &found.mismatch {
        let says = format!("the code {} is of {} ({}), the name is `{}`", claim.fips, code.name, code.slug, claim.place);
        report.findings.push(Finding::new(Class::CodeMismatch, Weight::Contradiction, says).places(slugs(&found.candidates)));
    }
    report.candidates = slugs(&found.candidates).into_iter().map(str::to_owned).collect();
    if found.unknown_code && !Places::is_town_code(&claim.fips) {
        let says = format!("no place has the code {}", claim.fips);
        report.findings.push(Finding::new(Class::UnknownPlace, Weight::Doubt, says));
    }
    match found.places.len() {
        0 if !found.candidates.is_empty() && found.mismatch.is_none() => {
            let says = format!("`{}` fits {} places; a name alone does not tell which", claim.place, found.candidates.len());
            report.findings.push(Finding::new(Class::AmbiguousPlace, Weight::Context, says).places(slugs(&found.candidates)));
            report.missing.push("which of these places is meant: its FIPS code or ORI".to_owned());
        }
        0 if found.mismatch.is_none() => {
            let says = format!("no place is called `{}`", claim.place);
            report.findings.push(Finding::new(Class::UnknownPlace, Weight::Context, says));
            report.missing.push("the place: its FIPS code, or its name with the state".to_owned());
        }
        0 | 1 => {}
        _ => {
            let says = format!("the row names {} places", found.places.len());
            report.findings.push(Finding::new(Class::SeveralPlaces, Weight::Context, says).places(slugs(&found.places)));
            report.missing.push("which of the places is meant".to_owned());
        }
    }
}

/// The claim in a few words.
fn told(kind: Kind, claim: &Claim) -> String {
    let place = if claim.state.is_empty() || claim.place.contains(&claim.state) {
        claim.place.clone()
    } else {
        format!("{}, {}", claim.place, claim.state)
    };
    match kind {
        Kind::Issued => format!("{place}: {} issued", claim.count.map_or("?".to_owned(), |c| c.to_string())),
        Kind::Declined => {
            let facility = if claim.facility.is_empty() { String::new() } else { format!(", {}", claim.facility) };
            let day = claim.declined.map(|d| format!(" on {d}")).unwrap_or_default();
            let many = if claim.weight() == 1 { String::new() } else { format!(" ({} times)", claim.weight()) };
            format!("{place}{facility}: declined{day}{many}")
        }
        Kind::Policy => {
            let says = [&claim.policy, &claim.criteria].into_iter().find(|t| !t.is_empty()).map(|t| format!(": {t}")).unwrap_or_default();
            format!("{place}{says}")
        }
        Kind::Listed => format!("{place} is listed"),
    }
}
