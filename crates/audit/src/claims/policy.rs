//! Claims that a place has a policy: does it exist, is it in force, whom does it bind, and does it say what the row says?

use super::bench::{Bench, custodians};
use super::columns::Claim;
use super::day::Days;
use super::model::{Class, Finding, RowReport, Weight};
use crate::table::key;
use comity_engine::AgencyRef;
use comity_law::Instrument;
use comity_places::{Place, PlaceKind};

/// Whose act a policy is, by its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Maker {
    City,
    County,
}

fn maker(policy: &str) -> Option<Maker> {
    let key = key(policy);
    let has = |words: &[&str]| key.split(' ').any(|w| words.contains(&w));
    if has(&["city", "municipal", "mayor", "mayoral", "mayors", "town", "village"]) || key.contains("mayor s") {
        Some(Maker::City)
    } else if has(&["county", "commissioners", "supervisors", "sheriff", "sheriffs"]) || key.contains("prison board") {
        Some(Maker::County)
    } else {
        None
    }
}

pub(super) fn check(bench: &Bench<'_>, claim: &Claim, places: &[Place], days: Days, report: &mut RowReport) {
    let named = !claim.policy.is_empty() || !claim.criteria.is_empty() || claim.enacted.is_some();
    if whose(claim, places, report) {
        return;
    }
    if claim.enacted.is_some_and(|(from, _)| from > days.1) {
        let says = format!(
            "`{}` is given as the day of the policy, and the row is about {} to {}: it was no ground for anything then. What the law of those days says is another law, and not looked at for this row",
            claim.enacted_as, days.0, days.1
        );
        report.findings.push(Finding::new(Class::BeforeEffect, Weight::Contradiction, says));
        return;
    }
    let [place] = places else {
        return;
    };
    let agencies: Vec<AgencyRef> = custodians(place);
    let own = bench.own(place.slug, days);
    let (circular, sound): (Vec<&Instrument>, Vec<&Instrument>) = own.iter().copied().partition(|i| rests_on(i, claim));
    let limiting: Vec<&Instrument> = sound.iter().copied().filter(|i| !bench.limits(i, days).is_empty()).collect();
    for instrument in &circular {
        let says = format!("the law files know {} ({}) from this very row, so they cannot confirm it", instrument.cite, instrument.id);
        report.findings.push(Finding::new(Class::Circular, Weight::Context, says).norms([instrument.id.clone()]));
    }
    higher(bench, claim, &agencies, days, named, report);
    if limiting.is_empty() {
        nothing_found(bench, claim, place, &agencies, days, (named, !circular.is_empty()), report);
    } else {
        in_force(bench, claim, &limiting, days, report);
        let exceptions = overstated(bench, claim, &agencies, days, report);
        if !exceptions {
            let norms = limiting.iter().flat_map(|i| bench.limits(i, days).into_iter().map(|n| format!("{}#{}", i.id, n.id)));
            let cites: Vec<&str> = limiting.iter().map(|i| i.title.as_str()).collect();
            let says = format!("the law of the place limits cooperation on these days: {}", cites.join("; "));
            report.findings.push(Finding::new(Class::Supported, Weight::Context, says).norms(norms));
        }
    }
    // A row that tells nothing of the policy leaves nothing out.
    if named {
        overbroad(bench, &own, days, report);
    }
}

/// Whether an act of one government is set against another: a city's act never reaches the county's jail, nor the other way round.
fn whose(claim: &Claim, places: &[Place], report: &mut RowReport) -> bool {
    let Some(maker) = maker(&claim.policy) else { return false };
    let against = |p: &&Place| match maker {
        Maker::City => p.kind == PlaceKind::County,
        Maker::County => p.kind == PlaceKind::City,
    };
    let Some(other) = places.iter().find(against) else { return false };
    let jail = custodians(other).into_iter().next().map(|a| a.name).unwrap_or_default();
    let says = match maker {
        Maker::City => format!(
            "`{}` is an act of a city. It binds the city's own agencies; a person held on a detainer is in the jail of {}, which {jail} answers for and no city's act reaches",
            claim.policy, other.name
        ),
        Maker::County => format!(
            "`{}` is an act of a county or its sheriff, which does not bind the agencies of the city of {}",
            claim.policy, other.name
        ),
    };
    report.findings.push(Finding::new(Class::WrongInstrument, Weight::Contradiction, says).places(places.iter().map(|p| p.slug)));
    true
}

/// Whether the law files took the instrument from this very row: its id stands among what it was checked against.
fn rests_on(instrument: &Instrument, claim: &Claim) -> bool {
    let Some(id) = claim.id.as_deref().filter(|id| id.len() > 3 && id.bytes().any(|b| b.is_ascii_digit())) else { return false };
    let word = |text: &String| text.split(|c: char| !(c.is_alphanumeric() || c == '-')).any(|w| w == id);
    instrument.checked.against.iter().any(word)
}

/// What higher law demanded when the policy was made, or on the day, whatever the policy says.
fn higher(bench: &Bench<'_>, claim: &Claim, agencies: &[AgencyRef], days: Days, named: bool, report: &mut RowReport) {
    let on = claim.enacted.map_or(days.0, |e| e.0);
    let Some(agency) = agencies.first() else { return };
    let bans = bench.higher_ban(agency, on);
    if bans.is_empty() {
        return;
    }
    let cites: Vec<&str> = bans.iter().map(|(_, cite)| cite.as_str()).collect();
    let what = if named { "the policy told here" } else { "any policy" };
    let says = format!(
        "a hold on a detainer that states no probable cause, without a judge's paper, was forbidden on {on} by {}, whatever {what} says: so far a refusal is a duty, not a policy",
        cites.join("; ")
    );
    report.findings.push(Finding::new(Class::HigherLaw, Weight::Context, says).norms(bans.iter().map(|(norm, _)| norm.clone())));
}

fn nothing_found(
    bench: &Bench<'_>,
    claim: &Claim,
    place: &Place,
    agencies: &[AgencyRef],
    days: Days,
    (named, circular): (bool, bool),
    report: &mut RowReport,
) {
    // What the law above the place limits supports the row only so far.
    let above: Vec<String> =
        agencies.iter().flat_map(|a| bench.grounds_to_refuse(a, days.1)).filter(|n| bench.place_of(n) != place.slug).collect();
    if !above.is_empty() {
        let says =
            "the law of the state limits help to immigration officers here; an act of the place itself is not in the law files".to_owned();
        report.findings.push(Finding::new(Class::StateLaw, Weight::Context, says).norms(above));
    }
    if !named {
        report.missing.push("the policy: its name, its day and what it says".to_owned());
    } else {
        if claim.policy.is_empty() {
            report.missing.push("the name or number of the policy".to_owned());
        }
        if claim.enacted.is_none() {
            report.missing.push("the day of the policy".to_owned());
        }
        if circular {
            report.missing.push("the text of the policy, or another source than this row".to_owned());
        } else {
            report.missing.push("the text of the policy: it is not in the law files".to_owned());
        }
    }
    if let Some(warning) = agencies.first().and_then(|a| bench.unsearched(a, days.1)) {
        report.missing.push(warning);
    }
}

/// Whether the day given is the one on which the law was in force.
fn in_force<'l>(bench: &Bench<'l>, claim: &Claim, limiting: &[&'l Instrument], days: Days, report: &mut RowReport) {
    let Some(enacted) = claim.enacted else { return };
    let began = |i: &&Instrument| i.in_force.from.is_some_and(|f| enacted.0 <= f && f <= enacted.1);
    if limiting.iter().any(began) {
        return;
    }
    for instrument in limiting {
        let starts = bench.limits(instrument, days).iter().filter_map(|n| n.in_force.from).max();
        let adopted = instrument.enacted.filter(|e| enacted.0 <= *e && *e <= enacted.1);
        if let Some(starts) = starts.filter(|s| enacted.1 < *s) {
            let says = match adopted {
                Some(day) => format!("{} was adopted on {day} and in force from {starts}", instrument.cite),
                None => format!("`{}` is given as its day; what {} says now is in force since {starts}", claim.enacted_as, instrument.cite),
            };
            report.findings.push(Finding::new(Class::AdoptedNotInForce, Weight::Context, says).norms([instrument.id.clone()]));
        }
    }
}

/// Whether the row is flatter than the law: it leaves out exceptions that need no judge's paper.
fn overstated(bench: &Bench<'_>, claim: &Claim, agencies: &[AgencyRef], days: Days, report: &mut RowReport) -> bool {
    if claim.criteria.is_empty() || tells_exceptions(&claim.criteria) {
        return false;
    }
    let mut open: Vec<(String, String)> = agencies.iter().flat_map(|a| bench.open_exceptions(a, days.1)).collect();
    open.sort_unstable();
    open.dedup();
    if open.is_empty() {
        return false;
    }
    let cites: Vec<&str> = open.iter().map(|(_, cite)| cite.as_str()).collect();
    let says = format!(
        "the row says `{}`; the law lets a person be held on a detainer alone, without a judge's paper, under {}",
        claim.criteria,
        cites.join("; ")
    );
    report.findings.push(Finding::new(Class::Overstated, Weight::Contradiction, says).norms(open.iter().map(|(norm, _)| norm.clone())));
    true
}

/// Whether the row itself tells that some people are held: by their record, or in limited circumstances.
fn tells_exceptions(criteria: &str) -> bool {
    let key = key(criteria);
    let words =
        ["violent", "serious", "charged", "convicted", "felony", "circumstances", "some", "terrorist", "probable", "affidavit", "except"];
    key.split(' ').any(|w| words.contains(&w))
}

/// Whether the same law opens other help that the row leaves out.
fn overbroad<'l>(bench: &Bench<'l>, own: &[&'l Instrument], days: Days, report: &mut RowReport) {
    for instrument in own.iter().filter(|i| !bench.limits(i, days).is_empty()) {
        let norms = bench.openings(instrument, days);
        let duties: Vec<_> = instrument
            .duties
            .iter()
            .filter(|d| super::bench::overlaps(&d.in_force, days))
            .filter(|d| d.to.as_deref().is_some_and(|to| key(to).split(' ').any(|w| matches!(w, "ice" | "dhs" | "immigration"))))
            .collect();
        if norms.is_empty() && duties.is_empty() {
            continue;
        }
        let opens: Vec<&str> = norms.iter().map(|n| n.says.as_str()).chain(duties.iter().map(|d| d.says.as_str())).collect();
        let ids =
            norms.iter().map(|n| format!("{}#{}", instrument.id, n.id)).chain(duties.iter().map(|d| format!("{}#{}", instrument.id, d.id)));
        let says = format!("{} also opens cooperation that the row does not tell: {}", instrument.cite, opens.join(" "));
        report.findings.push(Finding::new(Class::Overbroad, Weight::Doubt, says).norms(ids));
    }
}
