//! NCIC uniform offense codes: what a code's label is, and to which groups a label belongs. A code is not a statute.

use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Code, group, label, the label of an older list.
static CODES: &str = include_str!("../../data/ncic.tsv");

/// The letters that ICE adds to groups of the list.
const ICE: [(&str, &str); 3] = [("13AB", "Domestic Violence"), ("35AA", "Drug Possession"), ("35AB", "Drug Trafficking")];

/// The codes of the list, each with its group's name and its labels.
fn codes() -> impl Iterator<Item = (&'static str, &'static str, [&'static str; 2])> {
    CODES.lines().filter_map(|line| {
        let mut cells = line.split('\t');
        Some((cells.next()?, cells.next()?, [cells.next()?, cells.next()?]))
    })
}

/// The groups of codes: their first two digits.
pub(crate) type Groups = BTreeSet<&'static str>;

/// The list, made ready once: a release has a code and a label in every row.
struct List {
    /// The name of the group of each code.
    codes: FxHashMap<&'static str, &'static str>,
    /// The name of each group, by its two digits.
    groups: FxHashMap<&'static str, &'static str>,
    /// The groups in which a label occurs, by the label in plain letters.
    labels: FxHashMap<String, Groups>,
}

static LIST: LazyLock<List> = LazyLock::new(|| {
    let mut list = List { codes: FxHashMap::default(), groups: FxHashMap::default(), labels: FxHashMap::default() };
    for (code, group, labels) in codes() {
        let Some(two) = code.get(..2) else { continue };
        list.codes.insert(code, group);
        list.groups.entry(two).or_insert(group);
        for label in labels {
            list.labels.entry(plain(label)).or_default().insert(two);
        }
    }
    for (code, label) in ICE {
        list.labels.entry(plain(label)).or_default().extend(code.get(..2));
    }
    list
});

/// Whether the code is of the list, or one of those that ICE adds to it.
pub(crate) fn is_known(code: &str) -> bool {
    LIST.codes.contains_key(code) || ICE.iter().any(|(known, _)| *known == code)
}

/// The code as offenses are written in cases, if it is of the list: `NCIC 1301`.
pub(crate) fn as_offense(code: &str) -> Option<String> {
    LIST.codes.contains_key(code).then(|| format!("NCIC {code}"))
}

/// The name of the group of a code.
pub(crate) fn group_of(code: &str) -> Option<&'static str> {
    LIST.groups.get(code.get(..2)?).copied()
}

/// The groups whose codes have this label; none for a label of no list.
pub(crate) fn groups_labelled(label: &str) -> Option<&'static Groups> {
    LIST.labels.get(&plain(label))
}

/// Letters alone, with the shortened words of the list written out.
fn plain(label: &str) -> String {
    let small = label.to_ascii_lowercase().replace("-remarks", "");
    let words = small.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    let whole = |word: &str| match word {
        "asslt" => "assault".to_owned(),
        "stgarm" => "strongarm".to_owned(),
        "prohib" => "prohibited".to_owned(),
        "veh" => "vehicle".to_owned(),
        other => other.to_owned(),
    };
    words.map(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_list_is_there() {
        assert_eq!(codes().count(), 455);
        assert!(is_known("13AB") && is_known("5404") && !is_known("9999"));
        assert_eq!(as_offense("13AB"), None);
        assert_eq!(as_offense("1313").as_deref(), Some("NCIC 1313"));
    }

    #[test]
    fn labels_in_the_spelling_of_either_list() {
        for (label, group) in [("Sex Assault", "11"), ("Robbery - Street-Strongarm", "12"), ("Simple Assault", "13"), ("Homicide", "09")] {
            assert!(groups_labelled(label).is_some_and(|groups| groups.contains(group)), "{label}: {:?}", groups_labelled(label));
        }
        assert!(groups_labelled("Homicide").is_some_and(|groups| !groups.contains("54")));
        assert_eq!(groups_labelled("No such offense"), None);
    }
}
