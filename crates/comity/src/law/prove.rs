//! `comity law conflicts` and `law gaps`: where the law clashes, and where it is empty.

use crate::args::{Args, Format};
use crate::failure::{FOUND, Failure};
use crate::input::{places, whole_law};
use crate::output::{count, print_bundle, print_json};
use crate::say;
use crate::wording::{case_words, json_days, sentence, settled_words, us_day, us_days, wrapped};
use comity_engine::prove::{self, Gap, GapKind};
use serde_json::json;
use std::collections::BTreeMap;
use std::process::ExitCode;

pub(crate) fn conflicts(args: &Args, place: Option<&str>) -> Result<ExitCode, Failure> {
    let law = whole_law(args)?;
    let found = prove::conflicts(&law, &places(&law, place)?)?;
    let code = if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FOUND) };
    if args.format == Format::Json {
        let rows: Vec<_> = found
            .iter()
            .map(|c| {
                json!({"action": c.action, "norms": c.norms, "place": c.place, "kinds": c.kinds, "days": json_days(c.days), "on": c.on.to_string(),
                    "facts": c.facts, "determination": c.determination})
            })
            .collect();
        print_json(&json!({"bundle": law.digest, "conflicts": rows}));
        return Ok(code);
    }
    for clash in &found {
        say!("{}: {}", clash.action, clash.norms.join(" against "));
        wrapped(2, &format!("{} ({}), {}", clash.place, clash.kinds.join(", "), us_days(clash.days)));
        wrapped(2, &format!("For example, on {}: {}.", us_day(clash.on), case_words(&clash.facts)));
        for ground in clash.determination.because.iter().filter(|g| clash.norms.contains(&g.norm)) {
            wrapped(4, &sentence(ground));
        }
        settled_words(&clash.determination).iter().for_each(|point| wrapped(4, &format!("Settled: {point}")));
        say!();
    }
    say!("{} found; every other pair of norms was shown not to clash.", count(found.len(), "conflict"));
    print_bundle(&law);
    Ok(code)
}

pub(crate) fn gaps(args: &Args, place: Option<&str>) -> Result<ExitCode, Failure> {
    let law = whole_law(args)?;
    let found = prove::gaps(&law, &places(&law, place)?)?;
    // That nobody speaks of an action somewhere is how the law is; a norm or an exception without effect is a finding.
    let dead = found.iter().any(|g| g.kind != GapKind::ActionUnspoken);
    let code = if dead { ExitCode::from(FOUND) } else { ExitCode::SUCCESS };
    if args.format == Format::Json {
        let kind = |k: GapKind| match k {
            GapKind::NormNeverDecides => "norm-never-decides",
            GapKind::ExceptionNeverMatters => "exception-never-matters",
            GapKind::ActionUnspoken => "action-unspoken",
        };
        let rows: Vec<_> =
            found.iter().map(|g| json!({"kind": kind(g.kind), "of": g.of, "exception": g.exception, "action": g.action})).collect();
        print_json(&json!({"bundle": law.digest, "gaps": rows}));
        return Ok(code);
    }
    let of = |kind: GapKind| found.iter().filter(move |g| g.kind == kind);
    for (title, kind) in [
        ("Norms that decide in no case", GapKind::NormNeverDecides),
        ("Exceptions that change the outcome of no case", GapKind::ExceptionNeverMatters),
    ] {
        say!("{title}");
        for gap in of(kind) {
            wrapped(2, [gap.of.as_str(), gap.exception.as_deref().unwrap_or_default()].join("  ").trim_end());
        }
        if of(kind).next().is_none() {
            say!("  none");
        }
        say!();
    }
    say!("Actions that no layer speaks of, on any day");
    let mut by_actions: BTreeMap<Vec<&str>, Vec<&str>> = BTreeMap::new();
    let mut by_place: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Gap { of, action, .. } in of(GapKind::ActionUnspoken) {
        by_place.entry(of).or_default().push(action.as_deref().unwrap_or_default());
    }
    for (place, actions) in by_place {
        by_actions.entry(actions).or_default().push(place);
    }
    if by_actions.is_empty() {
        say!("  none");
    }
    for (actions, places) in by_actions {
        wrapped(2, &format!("{}: {}", actions.join(", "), places.join(", ")));
    }
    print_bundle(&law);
    Ok(code)
}
