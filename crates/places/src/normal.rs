//! One spelling for the many ways in which a name is written.
//!
//! The twin of `key_of` in `data/naming.py`, which made the index: change both or neither.

/// Longer texts are not names.
pub(crate) const LONGEST: usize = 300;

/// A name as it stands in the index: small ASCII letters, one spelling for each word, without
/// the words that come and go (`Office`, `Department`, `of`).
pub(crate) fn normalise(text: &str) -> String {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).map(same).collect();
    let mut key = String::with_capacity(folded.len());
    for (i, &word) in words.iter().enumerate() {
        let last = i + 1 == words.len();
        let word = match word {
            "pd" => "police",
            "so" if last && i > 0 => "sheriff",
            "co" if i > 0 && !last => "county",
            "doc" => "correction",
            other => other,
        };
        // Bureau County (Illinois) and The Village (Oklahoma) keep their names.
        let next = words.get(i + 1).copied().unwrap_or_default();
        if !DROPPED.contains(&word) || matches!((word, next), ("bureau", "county") | ("the", "village")) {
            if !key.is_empty() {
                key.push(' ');
            }
            key.push_str(word);
        }
    }
    key
}

const DROPPED: [&str; 9] = ["the", "of", "office", "department", "division", "bureau", "and", "for", "at"];

fn same(word: &str) -> &str {
    match word {
        "dept" | "dpt" | "depts" | "departments" => "department",
        "sheriffs" => "sheriff",
        "corrections" | "correctional" => "correction",
        "prisons" => "prison",
        "saint" => "st",
        "mount" => "mt",
        "fort" => "ft",
        "twp" => "township",
        "boro" => "borough",
        "univ" => "university",
        "rangers" => "ranger",
        "troopers" => "trooper",
        "services" => "service",
        "constables" => "constable",
        "schools" | "sch" => "school",
        "cnty" | "cty" => "county",
        "dist" => "district",
        "govt" => "government",
        other => other,
    }
}

/// Small ASCII letters, digits and single blanks; apostrophes and full stops vanish, so that
/// "Sheriff's" and "D.C." stay one word.
fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\'' | '.' | '\u{2018}' | '\u{2019}' | '`' | '\u{b4}' => {}
            // Combining accents: "n" followed by a tilde is an "n".
            '\u{300}'..='\u{36f}' => {}
            letter if letter.is_ascii_alphanumeric() => out.push(letter.to_ascii_lowercase()),
            'á' | 'à' | 'ä' | 'â' | 'ã' | 'å' | 'Á' | 'À' | 'Ä' | 'Â' | 'Ã' | 'Å' => out.push('a'),
            'é' | 'è' | 'ë' | 'ê' | 'É' | 'È' | 'Ë' | 'Ê' => out.push('e'),
            'í' | 'ì' | 'ï' | 'î' | 'Í' | 'Ì' | 'Ï' | 'Î' => out.push('i'),
            'ó' | 'ò' | 'ö' | 'ô' | 'õ' | 'Ó' | 'Ò' | 'Ö' | 'Ô' | 'Õ' => out.push('o'),
            'ú' | 'ù' | 'ü' | 'û' | 'Ú' | 'Ù' | 'Ü' | 'Û' => out.push('u'),
            'ñ' | 'Ñ' => out.push('n'),
            'ç' | 'Ç' => out.push('c'),
            _ if out.ends_with(' ') => {}
            _ => out.push(' '),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn many_spellings_one_key() {
        for text in [
            "Los Angeles County Sheriff's Department",
            "los angeles county sheriff\u{2019}s dept.",
            "LOS ANGELES CO. SHERIFF",
            "Los Angeles County S.O.",
        ] {
            assert_eq!(normalise(text), "los angeles county sheriff", "{text}");
        }
        assert_eq!(normalise("Saint Paul PD"), "st paul police");
        assert_eq!(normalise("Doña Ana County Sheriff's Office"), "dona ana county sheriff");
        assert_eq!(normalise("D.C. Dept. of Corrections"), "dc correction");
        assert_eq!(normalise("\0 \t"), "");
    }
}
