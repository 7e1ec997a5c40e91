//! Entries as they stand after the corrections that came later.

use comity_ledger::{Entry, EntryKind};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// An entry as it stands.
#[derive(Clone, Debug)]
pub struct Corrected {
    /// The entry as it was made.
    pub entry: Entry,
    /// Its public part as corrections left it.
    pub public: Json,
    /// The entries that it rests on: itself and its corrections.
    pub rests_on: Vec<u64>,
    /// Whether a correction says that it should not have been made.
    pub void: bool,
}

/// All entries but corrections, each as it stands.
///
/// A correction names in `corrects` the entry that was wrong (or an earlier correction of it) and has in its public part either `instead`, a JSON Merge Patch
/// (RFC 7396) for the public part of that entry, or `void: true`. Later corrections go over earlier ones; a correction that is itself corrected with `void` is
/// as if it had not been made.
#[must_use]
pub fn corrected(entries: &[Entry]) -> Vec<Corrected> {
    let corrections: BTreeMap<u64, &Entry> =
        entries.iter().filter(|e| e.kind == EntryKind::Correction && e.corrects.is_some()).map(|e| (e.index, e)).collect();
    let voids = |e: &Entry| e.public.get("void").and_then(Json::as_bool) == Some(true);
    // A correction is taken back if a later one that stands itself says so; later ones are settled first.
    let mut taken_back: BTreeMap<u64, u64> = BTreeMap::new();
    for (index, correction) in corrections.iter().rev() {
        if let Some(of) = correction.corrects.filter(|of| corrections.contains_key(of) && voids(correction))
            && !taken_back.contains_key(index)
        {
            taken_back.insert(of, *index);
        }
    }
    let mut standing: BTreeMap<u64, Vec<&Entry>> = BTreeMap::new();
    let mut beside: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for (index, correction) in &corrections {
        let mut of = correction.corrects.unwrap_or_default();
        while let Some(earlier) = corrections.get(&of) {
            of = earlier.corrects.unwrap_or_default();
        }
        beside.entry(of).or_default().push(*index);
        let of_correction = correction.corrects.is_some_and(|c| corrections.contains_key(&c));
        if !(taken_back.contains_key(index) || of_correction && voids(correction)) {
            standing.entry(of).or_default().push(correction);
        }
    }
    let made = entries.iter().filter(|e| e.kind != EntryKind::Correction);
    made.map(|entry| {
        let (mut public, mut void) = (entry.public.clone(), false);
        for correction in standing.get(&entry.index).into_iter().flatten() {
            void |= voids(correction);
            if let Some(instead) = correction.public.get("instead") {
                merge(&mut public, instead);
            }
        }
        let mut rests_on = vec![entry.index];
        rests_on.extend(beside.get(&entry.index).into_iter().flatten());
        Corrected { entry: entry.clone(), public, rests_on, void }
    })
    .collect()
}

/// JSON Merge Patch, RFC 7396, section 2.
fn merge(target: &mut Json, patch: &Json) {
    let Json::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Json::Object(serde_json::Map::new());
    }
    if let Json::Object(target) = target {
        for (key, value) in patch {
            if value.is_null() {
                target.remove(key);
            } else {
                merge(target.entry(key.clone()).or_insert(Json::Null), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::merge;
    use serde_json::json;

    #[test]
    fn the_examples_of_the_rfc() {
        for (mut target, patch, result) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ] {
            merge(&mut target, &patch);
            assert_eq!(target, result);
        }
    }
}
