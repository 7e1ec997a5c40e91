//! Claims that an agency declined a request: which agency, on which day, and what the law of that day let it do.

use super::bench::{Asked, Bench, custodians, keeps_people, of};
use super::columns::Claim;
use super::day::Days;
use super::model::{Class, Finding, RowReport, Weight};
use super::places::{Found, plain};
use crate::table::key;
use comity_engine::AgencyRef;
use comity_law::Outcome;
use comity_places::{Place, Resolution, agencies_of, resolve};

/// A request that is older than this, in days, is not of the time reported on.
const STALE: i64 = 365;

pub(super) fn check(bench: &Bench<'_>, claim: &Claim, found: &Found, days: Days, report: &mut RowReport) -> Vec<AgencyRef> {
    several(claim, report);
    order(claim, report);
    let mut agencies: Vec<AgencyRef> = Vec::new();
    for place in &found.places {
        agencies.extend(agencies_for(claim, place, report));
    }
    if claim.facility.is_empty() {
        report.missing.push("the agency or facility that declined".to_owned());
    }
    let on = claim.declined.unwrap_or(days.1);
    if claim.declined.is_none() && bench.changes_within(days) {
        // Only where the law of the agency itself changed does the day matter.
        let differs = |a: &AgencyRef| bench.grounds_to_refuse(a, days.0) != bench.grounds_to_refuse(a, days.1);
        if agencies.iter().any(differs) {
            report.missing.push("the day of the refusal: the law changed within the time given".to_owned());
        }
    }
    let Some(hold) = bench.hold else { return agencies };
    let record = (!claim.offense.is_empty()).then(|| claim.convicted.map(|c| (c, claim.offense.clone()))).flatten();
    for agency in &agencies {
        let asked = Asked { record: record.clone(), ..Asked::default() };
        let Some(answer) = bench.decide(agency, on, hold, &asked) else { continue };
        if answer.possible.contains(&Outcome::Required) {
            let says = format!("on {on} the law could require {} to hold: a refusal was then no choice of policy", agency.name);
            report
                .findings
                .push(Finding::new(Class::HigherLaw, Weight::Context, says).norms(answer.because.iter().map(|g| g.norm.clone())));
        }
        report.law.push(bench.says(&answer));
        let above: Vec<String> = bench.grounds_to_refuse(agency, on).into_iter().filter(|n| bench.place_of(n) != agency.place).collect();
        if !above.is_empty() {
            let says =
                format!("law above the agency's own limited its help on {on}: as far as that reaches, refusing was a duty, not a policy");
            report.findings.push(Finding::new(Class::HigherLaw, Weight::Context, says).norms(above));
        }
        let notice = bench.own_notice(agency, on);
        if !notice.is_empty() {
            let says = format!(
                "a detainer asks for notice and for a hold; {}'s own rule of the day has it tell federal officers of a release, so `declined` cannot mean both",
                agency.name
            );
            report.findings.push(Finding::new(Class::NoticeLeftOpen, Weight::Doubt, says).norms(notice));
        }
    }
    agencies
}

fn several(claim: &Claim, report: &mut RowReport) {
    if claim.weight() > 1 {
        let says = format!("the row stands for {} refusals, of which none is told by itself", claim.weight());
        report.findings.push(Finding::new(Class::OneForMany, Weight::Context, says));
        report.missing.push("the refusals one by one: day, facility and offense of each".to_owned());
    }
}

fn order(claim: &Claim, report: &mut RowReport) {
    let mut push = |class, weight, says: String| report.findings.push(Finding::new(class, weight, says));
    if let (Some(requested), Some(declined)) = (claim.requested, claim.declined) {
        let age = requested.until(declined).map_or(0, |span| i64::from(span.get_days()));
        if age < 0 {
            push(Class::OutOfOrder, Weight::Contradiction, format!("declined on {declined}, before it was issued on {requested}"));
        } else if age > STALE {
            push(
                Class::StaleRequest,
                Weight::Doubt,
                format!("issued on {requested} and recorded as declined on {declined}, {age} days later: the day is that of the recording"),
            );
        }
    }
    if let (Some(declined), Some((from, to))) = (claim.declined, claim.period)
        && !(from..=to).contains(&declined)
    {
        push(Class::OutOfOrder, Weight::Doubt, format!("{declined} lies outside the time reported on, {from} to {to}"));
    }
}

/// The agencies that the row can mean: by its facility, else those that keep people in custody at the place.
fn agencies_for(claim: &Claim, place: &Place, report: &mut RowReport) -> Vec<AgencyRef> {
    if claim.facility.is_empty() {
        return custodians(place);
    }
    let wanted = key(&claim.facility);
    // "LAPD Van Nuys jail": the first word names the agency.
    let first = claim.facility.split_whitespace().next().unwrap_or_default();
    let acronym = first.len() >= 3 && first.bytes().all(|b| b.is_ascii_uppercase());
    let named = match (acronym.then(|| resolve(first)), resolve(&claim.facility)) {
        (Some(Resolution::One(agency)), _) => Some(agency),
        (_, Resolution::One(agency)) => Some(agency),
        _ => None,
    };
    if let Some(agency) = named {
        let agency_place = Place::find(&agency.place);
        let near = |p: &Place| p.slug == place.slug || p.counties().any(|c| c == place.slug) || place.counties().any(|c| c == p.slug);
        if !agency_place.as_ref().is_none_or(near) && !place.slug.starts_with(&agency.place) {
            let says = format!("`{}` is {}, which is not of {}", claim.facility, agency, place.name);
            report.findings.push(
                Finding::new(Class::CustodyMismatch, Weight::Contradiction, says).places([agency.place.clone(), place.slug.to_owned()]),
            );
        }
        let agency = of(&agency);
        if !keeps_people(&agency.kind) {
            let says = format!("{} is of the kind {}, which keeps nobody in custody", agency.name, agency.kind);
            report.findings.push(Finding::new(Class::NoCustody, Weight::Contradiction, says));
        }
        return vec![agency];
    }
    // "Boulder County Jail", "Anaheim City Jail"
    let of_kind = |word: &str| wanted.split_once(&format!(" {word}")).map(|(name, _)| name.to_owned());
    if let Some(name) = of_kind("county") {
        if name != plain(place.name) && place.slug.len() > 5 {
            let says = format!("`{}` is a jail of another county than {}", claim.facility, place.name);
            report.findings.push(Finding::new(Class::CustodyMismatch, Weight::Contradiction, says).places([place.slug]));
        }
    } else if let Some(name) = of_kind("city") {
        let state = place.slug.get(..5).unwrap_or_default();
        let slug = format!("{state}/{}", name.replace(' ', "-"));
        if let Some(city) = Place::find(&slug) {
            if !city.counties().any(|c| c == place.slug) && city.slug != place.slug {
                let says = format!("`{}` is of {}, which does not lie in {}", claim.facility, city.name, place.name);
                report.findings.push(Finding::new(Class::CustodyMismatch, Weight::Contradiction, says).places([city.slug, place.slug]));
            }
            if agencies_of(city.slug).any(|a| keeps_people(a.kind.as_str())) {
                return custodians(&city);
            }
        }
    }
    custodians(place)
}
