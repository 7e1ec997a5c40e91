//! Counts by place and outcome, and what another day, place or law would have changed.

use super::defects::{Defect, DefectKind};
use super::places::{Placed, Places};
use super::replay::{Decided, Replay};
use comity_law::{Law, Outcome};
use serde::Serialize;
use std::collections::BTreeMap;

/// The outcomes in the order in which they are shown.
const ORDER: [Outcome; 6] =
    [Outcome::Required, Outcome::Permitted, Outcome::Forbidden, Outcome::Unregulated, Outcome::Conflict, Outcome::Undetermined];

/// The rows of one state or county and action, by outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlaceCount {
    /// The place's slug.
    pub place: String,
    /// The action.
    pub action: String,
    /// Rows by outcome; outcomes without rows are left out.
    pub outcomes: BTreeMap<String, usize>,
}

/// Rows of one place and action whose outcome changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The place's slug, as the rows have it.
    pub place: String,
    /// The action.
    pub action: String,
    /// The outcome under the law of the row's own day and place.
    pub was: String,
    /// The outcome under the law asked for.
    pub would_be: String,
    /// How many rows.
    pub rows: usize,
}

/// What a replay found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Rows of the file.
    pub rows: usize,
    /// Rows that were decided.
    pub decided: usize,
    /// Rows that were not, by the reason.
    pub not_decided: BTreeMap<String, usize>,
    /// The first and the last day of a decided row, as it is dated.
    pub days: Option<(String, String)>,
    /// Rows by action and outcome.
    pub outcomes: BTreeMap<String, BTreeMap<String, usize>>,
    /// Rows by place, action and outcome.
    pub places: Vec<PlaceCount>,
    /// The norms that decide most rows: action, norm, rows.
    pub norms: Vec<(String, String, usize)>,
    /// The facts that are missing most: action, fact, rows.
    pub missing: Vec<(String, String, usize)>,
    /// What would have been different, if another law was asked for.
    pub changes: Option<Vec<Change>>,
    /// Defects by kind.
    pub defects: BTreeMap<DefectKind, usize>,
    /// Facilities that no agency could be found for: name, city, state, why, rows.
    pub unplaced: Vec<(String, String, String, String, usize)>,
    /// Places of decided rows whose own law nobody has researched, or not for that day: slug, what is said of it, rows.
    pub unresearched: Vec<(String, String, usize)>,
}

impl Summary {
    /// Counts a replay; `other` is one under another law, to be compared with.
    #[must_use]
    pub fn new(
        law: &Law,
        replay: &Replay<'_>,
        places: &Places,
        decided: &Decided,
        other: Option<&Decided>,
        defects: &[Defect],
        actions: &[String],
    ) -> Self {
        let rows = places.of_row.len();
        let shown = other.unwrap_or(decided);
        let mut summary = Self {
            rows,
            decided: 0,
            not_decided: BTreeMap::new(),
            days: None,
            outcomes: BTreeMap::new(),
            places: Vec::new(),
            norms: Vec::new(),
            missing: Vec::new(),
            changes: None,
            defects: BTreeMap::new(),
            unplaced: Vec::new(),
            unresearched: Vec::new(),
        };
        let mut by_place: BTreeMap<(String, usize), BTreeMap<String, usize>> = BTreeMap::new();
        let mut by_answer: Vec<BTreeMap<u32, usize>> = vec![BTreeMap::new(); actions.len()];
        let mut changes: BTreeMap<(String, usize, Outcome, Outcome), usize> = BTreeMap::new();
        let mut unplaced: BTreeMap<u32, usize> = BTreeMap::new();
        let mut days = (None, None);
        let mut silent: BTreeMap<(String, String), usize> = BTreeMap::new();
        // Counted by facility and answer first: names are looked up once for each.
        let mut cells: rustc_hash::FxHashMap<(u32, usize, u32, u32), usize> = rustc_hash::FxHashMap::default();
        for row in 0..rows {
            let facility = places.of_row[row];
            if shown.answer(0, row).is_none() {
                let why = match places.at(row).map(|f| &f.placed) {
                    Some(Placed::Federal) => "a federal facility: no state or local law is asked",
                    Some(Placed::Ambiguous { .. }) => "the place cannot be told",
                    Some(Placed::Contradictory { .. }) => "the place is contradictory",
                    Some(Placed::Agency { .. }) | None => "the detainer has no day",
                };
                *summary.not_decided.entry(why.to_owned()).or_default() += 1;
                if !matches!(places.at(row).map(|f| &f.placed), Some(Placed::Agency { .. })) {
                    *unplaced.entry(facility).or_default() += 1;
                }
                continue;
            }
            summary.decided += 1;
            if let Some(day) = replay.day(row) {
                days.0 = days.0.map_or(Some(day), |d: comity_logic::Date| Some(d.min(day)));
                days.1 = days.1.map_or(Some(day), |d: comity_logic::Date| Some(d.max(day)));
            }
            for action in 0..actions.len() {
                let now = shown.ids.get(action).and_then(|ids| ids.get(row)).copied().unwrap_or(u32::MAX);
                let was = decided.ids.get(action).and_then(|ids| ids.get(row)).copied().unwrap_or(u32::MAX);
                *cells.entry((facility, action, was, now)).or_default() += 1;
            }
        }
        for ((facility, action, was, now), n) in cells {
            let place = places.facilities.get(facility as usize).map(|f| place_of(&f.placed)).unwrap_or_default();
            let Some(answer) = shown.answers.get(now as usize) else { continue };
            *by_answer[action].entry(now).or_default() += n;
            *by_place.entry((place.clone(), action)).or_default().entry(answer.outcome.to_string()).or_default() += n;
            if other.is_some()
                && let Some(before) = decided.answers.get(was as usize).filter(|b| b.outcome != answer.outcome)
            {
                *changes.entry((place, action, before.outcome, answer.outcome)).or_default() += n;
            }
        }
        for (facility, n) in &unplaced {
            let Some(f) = places.facilities.get(*facility as usize) else { continue };
            let why = match &f.placed {
                Placed::Ambiguous { why, .. } | Placed::Contradictory { why, .. } => why.clone(),
                Placed::Federal => "a federal facility".to_owned(),
                Placed::Agency { .. } => continue,
            };
            let key = (f.name.clone(), f.city.clone(), f.state.clone(), why);
            match summary.unplaced.iter_mut().find(|u| (&u.0, &u.1, &u.2, &u.3) == (&key.0, &key.1, &key.2, &key.3)) {
                Some(same) => same.4 += n,
                None => summary.unplaced.push((key.0, key.1, key.2, key.3, *n)),
            }
        }
        summary.unplaced.sort_by(|a, b| b.4.cmp(&a.4).then_with(|| a.cmp(b)));
        for (at, counts) in by_answer.iter().enumerate() {
            summary.by_norm(&actions[at], counts, shown);
        }
        summary.places =
            by_place.into_iter().map(|((place, at), outcomes)| PlaceCount { place, action: actions[at].clone(), outcomes }).collect();
        summary.changes = other.map(|_| {
            let mut all: Vec<Change> = changes
                .into_iter()
                .map(|((place, at, was, now), rows)| Change {
                    place,
                    action: actions[at].clone(),
                    was: was.to_string(),
                    would_be: now.to_string(),
                    rows,
                })
                .collect();
            all.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| (&a.place, &a.action, &a.was).cmp(&(&b.place, &b.action, &b.was))));
            all
        });
        for count in &summary.places {
            if count.action == actions[0] && law.place(&count.place).is_none_or(|p| p.coverage.is_empty()) && !count.place.is_empty() {
                let rows = count.outcomes.values().sum::<usize>();
                *silent
                    .entry((count.place.clone(), "nobody has researched its own law: silence there is no finding".to_owned()))
                    .or_default() += rows;
            }
        }
        summary.unresearched = silent.into_iter().map(|((place, says), n)| (place, says, n)).collect();
        for defect in defects {
            *summary.defects.entry(defect.kind).or_default() += 1;
        }
        summary.days = days.0.zip(days.1).map(|(a, b)| (a.to_string(), b.to_string()));
        summary
    }

    fn by_norm(&mut self, action: &str, counts: &BTreeMap<u32, usize>, decided: &Decided) {
        let (mut norms, mut missing): (BTreeMap<&str, usize>, BTreeMap<&str, usize>) = Default::default();
        let outcomes = self.outcomes.entry(action.to_owned()).or_default();
        for (id, n) in counts {
            let Some(answer) = decided.answers.get(*id as usize) else { continue };
            *outcomes.entry(answer.outcome.to_string()).or_default() += n;
            answer.norms.iter().filter(|_| answer.outcome != Outcome::Undetermined).for_each(|norm| *norms.entry(norm).or_default() += n);
            answer.missing.iter().for_each(|fact| *missing.entry(fact).or_default() += n);
        }
        let top = |of: BTreeMap<&str, usize>| {
            let mut all: Vec<(String, String, usize)> = of.into_iter().map(|(name, n)| (action.to_owned(), name.to_owned(), n)).collect();
            all.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.1.cmp(&b.1)));
            all.truncate(12);
            all
        };
        self.norms.extend(top(norms));
        self.missing.extend(top(missing));
    }

    /// The outcomes of an action in the order in which they are shown, those without rows left out.
    #[must_use]
    pub fn outcomes_of(&self, action: &str) -> Vec<(Outcome, usize)> {
        let of = self.outcomes.get(action);
        ORDER.iter().filter_map(|o| Some((*o, *of?.get(o.as_str())?))).collect()
    }
}

/// The place of a facility's agency.
fn place_of(placed: &Placed) -> String {
    match placed {
        Placed::Agency { agency, .. } => agency.place.clone(),
        Placed::Ambiguous { .. } | Placed::Contradictory { .. } => "(place not told)".to_owned(),
        Placed::Federal => String::new(),
    }
}
