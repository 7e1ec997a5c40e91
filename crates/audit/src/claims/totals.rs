//! What only shows when rows are held together: sums, sections that do not fit each other, one day with most of the rows, names of many places.

use super::bench::{Bench, custodians};
use super::columns::Claim;
use super::day::Days;
use super::model::{Class, Finding, Kind, RowReport, TableReport, Verdict, Weight};
use super::places::{Found, Places};
use comity_engine::AgencyRef;
use comity_places::Place;
use rustc_hash::{FxHashMap, FxHashSet};

/// A row with all that was found out about it.
pub(super) struct Audited {
    pub(super) claim: Claim,
    pub(super) found: Found,
    pub(super) agencies: Vec<AgencyRef>,
    pub(super) report: RowReport,
}

/// A count this improbable at the rate of the whole country is not put down to chance.
const IMPROBABLE: f64 = 0.05;
/// So many refusals of one agency on one day are looked at.
const BULK: u64 = 20;

pub(super) fn check(bench: &Bench<'_>, places: &Places, tables: &mut [TableReport], rows: &mut [Audited]) {
    let kinds: Vec<Kind> = tables.iter().map(|t| t.kind).collect();
    sums(tables, rows, &kinds);
    namesakes(places, rows, &kinds);
    exceeds(tables, rows, &kinds);
    bulk_days(bench, tables, rows, &kinds);
    unexplained(bench, tables, rows, &kinds);
    twice(tables, rows, &kinds);
    within(tables, rows, &kinds);
    rests_on(tables, rows, &kinds);
}

fn at(tables: &[TableReport], row: &Audited) -> String {
    format!("{}:{}", tables.get(row.claim.table).map_or("", |t| t.file.as_str()), row.claim.line)
}

fn periods(rows: &[Audited], wanted: impl Fn(&Audited) -> bool) -> Vec<Option<Days>> {
    let mut periods: Vec<Option<Days>> = rows.iter().filter(|r| wanted(r)).map(|r| r.claim.period).collect();
    periods.sort_unstable();
    periods.dedup();
    periods
}

/// Totals against the sum of their rows, within a table and between the sections.
fn sums(tables: &mut [TableReport], rows: &[Audited], kinds: &[Kind]) {
    for (table, kind) in kinds.iter().enumerate() {
        if !matches!(kind, Kind::Issued | Kind::Declined) {
            continue;
        }
        for period in periods(rows, |r| r.claim.table == table) {
            let of_period = || rows.iter().filter(|r| r.claim.table == table && r.claim.period == period);
            // Where counts are of requests issued, a row without one adds nothing; a refusal without one is one refusal.
            let amount = |r: &Audited| if *kind == Kind::Issued { r.claim.count.unwrap_or(0) } else { r.claim.weight() };
            let sum: u64 = of_period().filter(|r| !r.claim.is_total()).map(amount).sum();
            let all: u64 = of_period().map(amount).sum();
            let mut found = Vec::new();
            for total in of_period().filter(|r| r.claim.is_total()) {
                let Some(printed) = total.claim.count.filter(|_| *kind == Kind::Issued) else { continue };
                if printed != sum {
                    let says = format!("line {} gives {printed} for `{}`; its rows add up to {sum}", total.claim.line, total.claim.place);
                    found.push(Finding::new(Class::TotalMismatch, Weight::Contradiction, says));
                }
            }
            if *kind == Kind::Declined {
                let printed = rows.iter().filter(|r| r.claim.period == period).filter_map(|r| r.claim.all_declined).max();
                match printed {
                    Some(printed) if all > printed => {
                        let says = format!("its rows of {} stand for {all} refusals; the total printed is {printed}", shown(period));
                        found.push(Finding::new(Class::TotalMismatch, Weight::Contradiction, says));
                    }
                    Some(printed) if all < printed => {
                        let says = format!(
                            "its rows of {} stand for {all} refusals of the {printed} printed: {} are not in it",
                            shown(period),
                            printed - all
                        );
                        found.push(Finding::new(Class::TotalMismatch, Weight::Context, says));
                    }
                    _ => {}
                }
            }
            if let Some(table) = tables.get_mut(table) {
                table.findings.extend(found);
            }
        }
    }
}

fn shown(period: Option<Days>) -> String {
    period.map_or_else(|| "no stated time".to_owned(), |(from, to)| format!("{from} to {to}"))
}

/// Counts that the place named could hardly bring, while a larger place of the same name could.
fn namesakes(places: &Places, rows: &mut [Audited], kinds: &[Kind]) {
    for row in rows.iter_mut().filter(|r| kinds.get(r.claim.table) == Some(&Kind::Issued)) {
        let ([place], Some(count), Some(all)) = (&row.found.places[..], row.claim.count, row.claim.all_issued) else { continue };
        let Some(people) = places.people(place) else { continue };
        let expected = all as f64 * people as f64 / places.everybody().max(1) as f64;
        let mut larger: Vec<(u64, &Place)> =
            row.found.namesakes.iter().filter_map(|n| Some((places.people(n)?, n))).filter(|(n, _)| *n >= 2 * people).collect();
        larger.sort_by_key(|(people, place)| (std::cmp::Reverse(*people), place.slug));
        if larger.is_empty() || tail(expected, count) >= IMPROBABLE {
            continue;
        }
        let named: Vec<String> = larger.iter().take(5).map(|(people, p)| format!("{} ({people} people)", p.slug)).collect();
        let says = format!(
            "{count} of the {all} issued in the country stand against a place of {people} people, which would bring about {expected:.1}; {} other places have its name, larger ones among them: {}",
            row.found.namesakes.len(),
            named.join(", ")
        );
        row.report.findings.push(Finding::new(Class::Namesake, Weight::Doubt, says).places(larger.iter().map(|(_, p)| p.slug)));
        row.report.missing.push("the facility to which each request went, by its ORI or code".to_owned());
        row.report.candidates.extend(larger.iter().map(|(_, p)| p.slug.to_owned()));
    }
}

/// How probable so many or more are where so many are expected (Poisson).
fn tail(expected: f64, count: u64) -> f64 {
    let mut term = (-expected).exp();
    let mut below = 0.0;
    for n in 0..count.min(100_000) {
        below += term;
        term *= expected / (n + 1) as f64;
    }
    1.0 - below
}

/// More declined in a time than were issued in it.
fn exceeds(tables: &[TableReport], rows: &mut [Audited], kinds: &[Kind]) {
    for period in periods(rows, |r| kinds.get(r.claim.table) == Some(&Kind::Declined)) {
        let issued: Vec<(&Audited, u64)> = rows
            .iter()
            .filter(|r| kinds.get(r.claim.table) == Some(&Kind::Issued) && r.claim.period == period && !r.claim.is_total())
            .filter_map(|r| Some((r, r.claim.count?)))
            .collect();
        // A list of the highest volumes says of whoever is not on it that it had no more than its last.
        let Some(least) = issued.iter().map(|(_, n)| *n).min().filter(|_| issued.len() >= 5) else { continue };
        let of: FxHashMap<&str, (u64, String)> =
            issued.iter().filter_map(|(r, n)| Some((r.found.places.first()?.slug, (*n, at(tables, r))))).collect();
        let mut declined: FxHashMap<&'static str, u64> = FxHashMap::default();
        let counted = |r: &Audited| kinds.get(r.claim.table) == Some(&Kind::Declined) && r.claim.period == period;
        for row in rows.iter().filter(|r| counted(r)) {
            if let [place] = row.found.places[..] {
                *declined.entry(place.slug).or_default() += row.claim.weight();
            }
        }
        let mut told: FxHashMap<&'static str, Finding> = FxHashMap::default();
        for (place, declined) in declined {
            let (most, from) = of.get(place).map_or((least, None), |(n, at)| (*n, Some(at.clone())));
            if declined > most {
                let how = if from.is_some() {
                    format!("{most} were issued")
                } else {
                    format!("at most {least} can have been issued, or it would stand among the highest")
                };
                let says = format!(
                    "{declined} are shown as declined in {}, in which {how}: most were issued earlier, or are not of this time",
                    shown(period)
                );
                told.insert(place, Finding::new(Class::DeclinedExceedsIssued, Weight::Doubt, says).rows(from));
            }
        }
        for row in rows.iter_mut().filter(|r| counted(r)) {
            if let [place] = row.found.places[..]
                && let Some(finding) = told.get(place.slug)
            {
                row.report.findings.push(finding.clone());
            }
        }
    }
}

/// One agency's rows of one day that are most of what the whole country has.
fn bulk_days(bench: &Bench<'_>, tables: &[TableReport], rows: &mut [Audited], kinds: &[Kind]) {
    let mut by_day: FxHashMap<_, u64> = FxHashMap::default();
    let mut by_period: FxHashMap<Option<Days>, u64> = FxHashMap::default();
    let declined = |r: &Audited| kinds.get(r.claim.table) == Some(&Kind::Declined);
    for row in rows.iter().filter(|r| declined(r)) {
        *by_period.entry(row.claim.period).or_default() += row.claim.weight();
        if let ([place], Some(day)) = (&row.found.places[..], row.claim.declined) {
            *by_day.entry((row.claim.period, place.slug, day)).or_default() += row.claim.weight();
        }
    }
    // The total may stand in another section.
    for row in rows.iter() {
        if let Some(all) = row.claim.all_declined.filter(|_| by_period.contains_key(&row.claim.period)) {
            by_period.insert(row.claim.period, all);
        }
    }
    let where_they_stand: FxHashMap<_, Vec<String>> = rows.iter().filter(|r| declined(r)).fold(FxHashMap::default(), |mut all, row| {
        if let ([place], Some(day)) = (&row.found.places[..], row.claim.declined) {
            all.entry((row.claim.period, place.slug, day)).or_insert_with(Vec::new).push(at(tables, row));
        }
        all
    });
    for row in rows.iter_mut().filter(|r| declined(r)) {
        let ([place], Some(day)) = (&row.found.places[..], row.claim.declined) else { continue };
        let key = (row.claim.period, place.slug, day);
        let (count, all) = (by_day.get(&key).copied().unwrap_or(0), by_period.get(&row.claim.period).copied().unwrap_or(0));
        if count < BULK || count * 2 <= all {
            continue;
        }
        let began: Vec<String> =
            bench.own(place.slug, (day, day)).iter().filter(|i| i.in_force.from == Some(day)).map(|i| i.id.clone()).collect();
        let first =
            if began.is_empty() { "" } else { ", on the first day of a new rule of the place, which met everybody in custody at once" };
        let says = format!(
            "{count} of the {all} refusals of the country bear one day and one agency, {day}{first}: the day is that of a recording, and nobody need have been released on it"
        );
        let others =
            where_they_stand.get(&key).into_iter().flatten().filter(|other| !other.ends_with(&format!(":{}", row.claim.line))).cloned();
        row.report.findings.push(Finding::new(Class::BulkDay, Weight::Doubt, says).norms(began).rows(others));
    }
}

/// Refusals for which neither law nor the policies listed beside them give a ground.
fn unexplained(bench: &Bench<'_>, tables: &[TableReport], rows: &mut [Audited], kinds: &[Kind]) {
    let policies: Vec<(Option<Days>, String, String)> = rows
        .iter()
        .filter(|r| matches!(kinds.get(r.claim.table), Some(Kind::Policy)))
        .flat_map(|r| r.found.places.iter().map(|p| (r.claim.period, p.slug.to_owned(), at(tables, r))))
        .collect();
    for row in rows.iter_mut() {
        let kind = kinds.get(row.claim.table).copied().unwrap_or(Kind::Listed);
        let on = row.claim.declined.or(row.claim.period.map(|p| p.1));
        let Some(on) = on.filter(|_| matches!(kind, Kind::Declined | Kind::Issued)) else { continue };
        if kind == Kind::Issued {
            row.agencies = row.found.places.iter().flat_map(custodians).collect();
        }
        if row.agencies.is_empty() {
            continue;
        }
        let law = |a: &AgencyRef| !bench.grounds_to_refuse(a, on).is_empty();
        // A policy of the place itself, of the state for all its jails, or of the city or county beside it.
        let listed =
            |place: &Place| policies.iter().any(|(_, slug, _)| *slug == place.slug || *slug == place.slug[..5.min(place.slug.len())]);
        if row.agencies.iter().any(law) || row.found.places.iter().any(listed) {
            continue;
        }
        let unsearched = row.agencies.iter().find_map(|a| bench.unsearched(a, on));
        if kind == Kind::Issued || policies.is_empty() {
            row.report.missing.push("the law or policy by which the place is said to restrict cooperation".to_owned());
            row.report.missing.extend(unsearched);
            continue;
        }
        let note = unsearched.map(|w| format!(" ({w})")).unwrap_or_default();
        let says =
            format!("no law of the state or the place on {on} and no policy listed beside it tells why this agency would decline{note}");
        row.report.findings.push(Finding::new(Class::Unexplained, Weight::Doubt, says));
    }
}

/// One government more than once in one list.
fn twice(tables: &[TableReport], rows: &mut [Audited], kinds: &[Kind]) {
    let mut seen: FxHashMap<(usize, Option<Days>, &'static str), Vec<usize>> = FxHashMap::default();
    for (n, row) in rows.iter().enumerate() {
        if matches!(kinds.get(row.claim.table), Some(Kind::Listed | Kind::Policy | Kind::Issued))
            && let [place] = row.found.places[..]
            && row.report.verdict != Verdict::NoClaim
        {
            seen.entry((row.claim.table, row.claim.period, place.slug)).or_default().push(n);
        }
    }
    for ((_, _, place), which) in seen.into_iter().filter(|(_, which)| which.len() > 1) {
        let lines: Vec<String> = which.iter().map(|n| at(tables, &rows[*n])).collect();
        for n in &which {
            let here = at(tables, &rows[*n]);
            let says = format!("{place} is one government and stands in this list {} times", which.len());
            let others = lines.iter().filter(|l| **l != here).cloned();
            rows[*n].report.findings.push(Finding::new(Class::ListedTwice, Weight::Doubt, says).places([place]).rows(others));
        }
    }
}

/// Places whose state stands in the same list.
fn within(tables: &[TableReport], rows: &mut [Audited], kinds: &[Kind]) {
    let states: FxHashMap<(usize, Option<Days>, &str), String> = rows
        .iter()
        .filter(|r| kinds.get(r.claim.table) == Some(&Kind::Listed))
        .filter_map(|r| Some(((r.claim.table, r.claim.period, r.found.places.first().filter(|p| p.slug.len() == 5)?.slug), at(tables, r))))
        .collect();
    for row in rows.iter_mut() {
        let Some(place) = row.found.places.first().filter(|p| p.slug.len() > 5) else { continue };
        if let Some(line) = place.slug.get(..5).and_then(|state| states.get(&(row.claim.table, row.claim.period, state))) {
            let says = "the state that it lies in stands in this list too".to_owned();
            row.report.findings.push(Finding::new(Class::WithinListed, Weight::Context, says).rows([line.clone()]));
        }
    }
}

/// Refusals that rest on a policy row that is contradicted or in doubt, and policy rows whose place's count is in doubt.
fn rests_on(tables: &[TableReport], rows: &mut [Audited], kinds: &[Kind]) {
    let alarming = |row: &Audited, classes: &[Class]| row.report.alarms().any(|f| classes.contains(&f.class));
    let policy = [Class::WrongInstrument, Class::Overstated, Class::Overbroad];
    let mut doubtful: FxHashMap<(&'static str, Kind), FxHashSet<(String, Class)>> = FxHashMap::default();
    for row in rows.iter() {
        let (target, classes): (Kind, &[Class]) = match kinds.get(row.claim.table) {
            Some(Kind::Policy) => (Kind::Declined, &policy),
            Some(Kind::Issued) => (Kind::Policy, &[Class::Namesake]),
            _ => continue,
        };
        if alarming(row, classes) {
            let class = row.report.alarms().map(|f| f.class).find(|c| classes.contains(c));
            for place in &row.found.places {
                doubtful.entry((place.slug, target)).or_default().extend(class.map(|c| (at(tables, row), c)));
            }
        }
    }
    for row in rows.iter_mut() {
        let Some(kind) = kinds.get(row.claim.table) else { continue };
        let mut on: Vec<&(String, Class)> = row.found.places.iter().filter_map(|p| doubtful.get(&(p.slug, *kind))).flatten().collect();
        on.sort_unstable();
        if on.is_empty() {
            continue;
        }
        let which: Vec<String> = on.iter().map(|(at, class)| format!("{at} ({class})")).collect();
        let says = format!("it rests on what is in doubt itself: {}", which.join(", "));
        row.report.findings.push(Finding::new(Class::RestsOnDoubtful, Weight::Doubt, says).rows(on.iter().map(|(at, _)| at.clone())));
    }
}

#[cfg(test)]
mod tests {
    use super::tail;

    #[test]
    fn tails() {
        assert!((tail(1.0, 0) - 1.0).abs() < 1e-9);
        assert!((tail(1.0, 1) - 0.632_120_558).abs() < 1e-6);
        assert!(tail(0.1, 5) < 1e-6);
        assert!(tail(50.0, 51) > 0.4);
    }
}
