//! Claims that a place is on a list of those that limit cooperation: is there a law of its own, or only one above it?

use super::bench::{Bench, custodians};
use super::day::Days;
use super::model::{Class, Finding, RowReport, Weight};
use comity_places::Place;

pub(super) fn check(bench: &Bench<'_>, place: &Place, days: Days, report: &mut RowReport) {
    let own = bench.own(place.slug, days);
    let limiting: Vec<_> = own.iter().filter(|i| !bench.limits(i, days).is_empty()).collect();
    if !limiting.is_empty() {
        let norms = limiting.iter().flat_map(|i| bench.limits(i, days).into_iter().map(|n| format!("{}#{}", i.id, n.id)));
        let cites: Vec<&str> = limiting.iter().map(|i| i.title.as_str()).collect();
        let says = format!("its own law limits cooperation on this day: {}", cites.join("; "));
        report.findings.push(Finding::new(Class::Supported, Weight::Context, says).norms(norms));
        return;
    }
    let agencies = custodians(place);
    let above: Vec<String> = agencies.iter().flat_map(|a| bench.grounds_to_refuse(a, days.1)).collect();
    if !above.is_empty() {
        let says = "no act of the place itself is in the law files; what limits here is the law of the state".to_owned();
        report.findings.push(Finding::new(Class::StateLaw, Weight::Context, says).norms(above));
    }
    report.missing.push("the law, order or policy of the place for which it is listed".to_owned());
    if let Some(warning) = agencies.first().and_then(|a| bench.unsearched(a, days.1)) {
        report.missing.push(warning);
    }
}
