//! `overrides` names norms that exist, not the norm itself, and never leads in a circle.

use comity_logic::nearest;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::{At, Instrument, Interval, Law, Norm, NormRef};
use crate::read::{Override, Sink, order};

/// Reports overrides of norms that do not exist.
pub(crate) fn exist(law: &Law, all: &[Override], unread: &FxHashSet<&str>, sink: &mut Sink) {
    for site in all {
        if unread.contains(site.to.instrument.as_str()) {
            continue;
        }
        match law.instrument(&site.to.instrument) {
            None => {
                let near = nearest(&site.to.instrument, law.instruments.iter().map(|i| &i.id));
                sink.error(site.at, "L0303", format!("there is no instrument `{}`", site.to.instrument))
                    .maybe_help(near.map(|near| format!("did you mean `{near}`?")));
            }
            Some(instrument) if !instrument.norms.iter().any(|n| n.id == site.to.norm) => {
                let near = nearest(&site.to.norm, instrument.norms.iter().map(|n| &n.id));
                sink.error(site.at, "L0303", format!("`{}` has no norm `{}`", instrument.id, site.to.norm)).help(near.map_or_else(
                    || format!("its norms are {}", norm_ids(instrument)),
                    |near| format!("did you mean `{}#{near}`?", instrument.id),
                ));
            }
            Some(_) => {}
        }
    }
}

fn norm_ids(instrument: &Instrument) -> String {
    let ids: Vec<&str> = instrument.norms.iter().map(|n| n.id.as_str()).collect();
    ids.join(", ")
}

/// Reports norms that override themselves, directly or through others on some day.
pub(crate) fn circles(law: &Law, all: &[Override], sink: &mut Sink) {
    let mut nodes: Vec<(NormRef, Interval)> = Vec::new();
    let mut by_ref: FxHashMap<NormRef, Vec<usize>> = FxHashMap::default();
    let mut at_position: FxHashMap<(&str, usize), usize> = FxHashMap::default();
    for instrument in &law.instruments {
        for (position, Norm { id, in_force, .. }) in instrument.norms.iter().enumerate() {
            let name = NormRef { instrument: instrument.id.clone(), norm: id.clone() };
            at_position.insert((&instrument.id, position), nodes.len());
            by_ref.entry(name.clone()).or_default().push(nodes.len());
            nodes.push((name, *in_force));
        }
    }
    let mut uses: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut written: FxHashMap<(usize, usize), At> = FxHashMap::default();
    for site in all {
        let Some((from, (name, days))) = at_position.get(&(site.from.0.as_str(), site.from.1)).and_then(|at| Some((*at, nodes.get(*at)?)))
        else {
            continue;
        };
        if *name == site.to {
            sink.error(site.at, "L0305", "the norm overrides itself");
            continue;
        }
        for to in by_ref.get(&site.to).into_iter().flatten() {
            if nodes.get(*to).is_some_and(|(_, other)| other.overlaps(days)) {
                uses.get_mut(from).into_iter().for_each(|u| u.push(*to));
                written.insert((from, *to), site.at);
            }
        }
    }
    for circle in order(&uses).1 {
        report(&circle, &nodes, &written, sink);
    }
}

fn report(circle: &[usize], nodes: &[(NormRef, Interval)], written: &FxHashMap<(usize, usize), At>, sink: &mut Sink) {
    let days = circle
        .iter()
        .filter_map(|at| nodes.get(*at))
        .fold(Interval::default(), |all, (_, own)| Interval { from: all.from.max(own.from), to: own.to.into_iter().chain(all.to).min() });
    // Norms that are never in force on one day do not meet.
    if days.from.zip(days.to).is_some_and(|(from, to)| to < from) {
        return;
    }
    let around = circle.iter().chain(circle.first());
    let names: Vec<String> = around.filter_map(|at| nodes.get(*at)).map(|(name, _)| name.to_string()).collect();
    let edge = circle.first().zip(circle.get(1));
    if let Some(at) = edge.and_then(|(a, b)| written.get(&(*a, *b))) {
        sink.error(*at, "L0304", format!("these norms override each other in a circle: {}", names.join(" → ")));
    }
}
