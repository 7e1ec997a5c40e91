//! Differences as text: action by action, each change with its case and the reasons of both sides.

use crate::output::outcome_style;
use crate::say;
use crate::wording::{case_words, reasons, settled_words, stated, wrapped};
use comity_engine::Determination;
use comity_engine::prove::{ActionDiff, Change};
use comity_law::{Law, Outcome};
use std::collections::BTreeSet;

/// What the two sides are called.
pub(crate) struct Labels {
    pub(crate) sides: [String; 2],
}

/// What makes two comparisons the same to a reader: which outcomes change to which, by which norms.
pub(crate) type Shape = Vec<(String, Vec<(Outcome, Outcome, Vec<String>, Vec<String>)>)>;

pub(crate) fn shape(found: &[ActionDiff]) -> Shape {
    let ids = |d: &Determination| d.because.iter().map(|g| g.norm.clone()).collect::<Vec<_>>();
    found.iter().map(|d| (d.action.clone(), d.changes.iter().map(|c| (c.from, c.to, ids(&c.before), ids(&c.after))).collect())).collect()
}

/// How soon a change is told: one from rule to rule before a rule that began or ended, a plain case before an intricate one.
fn weight(change: &Change) -> usize {
    let one_sided = [change.from, change.to].contains(&Outcome::Unregulated);
    let contested = change.facts.contains_key("law");
    stated(&change.facts) + 2 * usize::from(one_sided) + 4 * usize::from(contested)
}

/// The differences action by action. What a norm says is said once; after that its citation is enough.
pub(crate) fn print_group(law: &Law, labels: &Labels, found: &[ActionDiff]) {
    let mut said: BTreeSet<String> = BTreeSet::new();
    for action in found.iter().filter(|d| !d.changes.is_empty()) {
        let says = law.action(&action.action).map_or("", |a| law.actions[a.0 as usize].says.as_str());
        say!();
        wrapped(2, &format!("{}: {says}", action.action));
        let mut changes: Vec<&Change> = action.changes.iter().collect();
        changes.sort_by_key(|c| weight(c));
        for change in changes {
            let (from, to) = (outcome_style(change.from), outcome_style(change.to));
            say!("    {from}{}{from:#} → {to}{}{to:#}", change.from, change.to);
            wrapped(6, &format!("For example: {}.", case_words(&change.facts)));
            reasons(&labels.sides[0], &change.before, &change.after, &mut said);
            reasons(&labels.sides[1], &change.after, &change.before, &mut said);
            let (before, after) = (settled_words(&change.before), settled_words(&change.after));
            for (label, points, others) in [(&labels.sides[0], &before, &after), (&labels.sides[1], &after, &before)] {
                points.iter().filter(|p| !others.contains(p)).for_each(|point| wrapped(6, &format!("{label}: settled: {point}")));
            }
        }
    }
    let same: Vec<&str> = found.iter().filter(|d| d.changes.is_empty()).map(|d| d.action.as_str()).collect();
    if same.len() == found.len() {
        wrapped(2, "No difference in any case.");
    } else if !same.is_empty() {
        say!();
        wrapped(2, &format!("The same in every case: {}.", same.join(", ")));
    }
}
