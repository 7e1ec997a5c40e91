//! NCIC uniform offense codes: what a code's label is, and to which groups a label belongs. A code is not a statute.

use std::collections::BTreeSet;

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

/// Whether the code is of the list, or one of those that ICE adds to it.
pub(crate) fn is_known(code: &str) -> bool {
    codes().any(|(known, ..)| known == code) || ICE.iter().any(|(known, _)| *known == code)
}

/// The code as offenses are written in cases, if it is of the list: `NCIC 1301`.
pub(crate) fn as_offense(code: &str) -> Option<String> {
    codes().any(|(known, ..)| known == code).then(|| format!("NCIC {code}"))
}

/// The name of the group of a code.
pub(crate) fn group_of(code: &str) -> Option<&'static str> {
    let two = code.get(..2)?;
    codes().find(|(known, ..)| known.starts_with(two)).map(|(_, group, _)| group)
}

/// The groups whose codes have this label: its first two digits. Empty for a label of no list.
pub(crate) fn groups_labelled(label: &str) -> BTreeSet<&'static str> {
    let wanted = plain(label);
    let listed = codes().filter(|(_, _, labels)| labels.iter().any(|l| plain(l) == wanted)).filter_map(|(code, ..)| code.get(..2));
    let ice = ICE.iter().filter(|(_, l)| plain(l) == wanted).filter_map(|(code, _)| code.get(..2));
    listed.chain(ice).collect()
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
            assert!(groups_labelled(label).contains(group), "{label}: {:?}", groups_labelled(label));
        }
        assert!(!groups_labelled("Homicide").contains("54"));
        assert!(groups_labelled("No such offense").is_empty());
    }
}
