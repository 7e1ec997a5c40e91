//! The spellings under which booking systems and court papers give a code of law, brought to the one that the classes use.

/// The codes of California by the abbreviation used here, each with its other usual names: capital letters only, without "CODE" and signs.
const CALIFORNIA: [(&str, &[&str]); 14] = [
    ("PC", &["PEN", "PENAL", "CPC"]),
    ("HS", &["HSC", "HANDS", "HEALTHSAFETY", "HEALTHANDSAFETY"]),
    ("VC", &["VEH", "VEHICLE", "CVC"]),
    ("BP", &["BPC", "BUSPROF", "BUSINESSPROFESSIONS", "BUSINESSANDPROFESSIONS"]),
    ("WI", &["WIC", "WELFINST", "WELFAREINSTITUTIONS", "WELFAREANDINSTITUTIONS"]),
    ("GC", &["GOV", "GOVT", "GOVERNMENT"]),
    ("FG", &["FGC", "FISHGAME", "FISHANDGAME"]),
    ("CC", &["CIV", "CIVIL"]),
    ("FC", &["FAM", "FAMILY"]),
    ("IC", &["INS", "INSURANCE"]),
    ("LC", &["LAB", "LABOR"]),
    ("RT", &["RTC", "REVTAX", "REVENUETAXATION", "REVENUEANDTAXATION"]),
    ("UI", &["UIC", "UNEMPINS", "UNEMPLOYMENTINSURANCE"]),
    ("EC", &["EDC", "EDUC", "EDUCATION"]),
];

/// The usual abbreviation of a code of California, where the name given is another of its names.
fn californian(name: &str) -> Option<&'static str> {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    let plain = plain.strip_suffix("CODE").unwrap_or(&plain);
    CALIFORNIA.iter().find(|(short, others)| *short == plain || others.contains(&plain)).map(|(short, _)| *short)
}

/// Whether a word stands for "section".
fn is_sign(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    ["SEC", "SECTION", "SECTIONS"].iter().any(|sign| word.eq_ignore_ascii_case(sign))
}

/// Whether a code is spelled in another way than its usual one.
pub(crate) fn is_other(code: &str) -> bool {
    if code.ends_with('.') {
        return true;
    }
    let Some(rest) = code.strip_prefix("CA ") else { return code.split(' ').any(is_sign) };
    // Nearly all are as they should be: two letters and one section.
    if let Some((name, section)) = rest.split_once(' ')
        && CALIFORNIA.iter().any(|(short, _)| *short == name)
    {
        return section.contains(' ') || is_sign(section);
    }
    rest.matches(' ').count() != 1 || rest.split(' ').any(|word| is_sign(word) || californian(word).is_some())
}

/// The code with one space between its parts, no word or sign for "section", and the usual abbreviation of a code of California.
pub(crate) fn usual(text: &str) -> String {
    let spaced = text.replace('§', " ");
    let words: Vec<&str> = spaced.split_whitespace().filter(|word| !is_sign(word)).collect();
    let code = words.join(" ").replace(" (", "(");
    let code = code.trim_end_matches(['.', ' ']);
    let parts = code.strip_prefix("CA ").and_then(|rest| rest.rsplit_once(' '));
    match parts.and_then(|(name, section)| Some((californian(name)?, section))) {
        Some((name, section)) => format!("CA {name} {section}"),
        None => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_other, usual};
    use crate::parse_code;
    use proptest::prelude::*;

    /// Codes of one space between their parts, as the quick look lets through.
    fn codes() -> impl Strategy<Value = String> {
        let words = prop::sample::select(vec![
            "PC", "HS", "Penal", "CODE", "Sec.", "section", "8", "USC", "ILCS", "P.C.", "VEH", "LAMC", "487(a)", "5/12-3.",
        ]);
        (prop::sample::select(vec!["CA", "IL", "US"]), prop::collection::vec(words, 1..5))
            .prop_map(|(head, words)| format!("{head} {}", words.join(" ")))
    }

    proptest! {
        /// The quick look misses no spelling that the slow one would change.
        #[test]
        fn no_spelling_is_passed_over(code in codes()) {
            prop_assert!(usual(&code) == code || is_other(&code), "{code} is {}", usual(&code));
        }

        /// One spelling is enough: brought to the usual one twice, a code is the same.
        #[test]
        fn the_usual_spelling_stays(code in codes()) {
            prop_assert_eq!(usual(&usual(&code)), usual(&code));
        }
    }

    #[test]
    fn every_spelling_is_one_code() {
        for (written, code) in [
            ("CA PC §487(a)", "CA PC 487(a)"),
            ("CA PC § 487 (a)", "CA PC 487(a)"),
            ("CA PEN 487(a)", "CA PC 487(a)"),
            ("CA Penal Code 487(a)", "CA PC 487(a)"),
            ("CA Penal Code § 487(a)", "CA PC 487(a)"),
            ("CA P.C. 487(a)", "CA PC 487(a)"),
            ("CA PC Sec. 487(a)", "CA PC 487(a)"),
            ("CA PC 487.", "CA PC 487"),
            ("CA HSC 11378", "CA HS 11378"),
            ("CA H&S 11378", "CA HS 11378"),
            ("CA Health & Safety Code section 11378", "CA HS 11378"),
            ("CA VEH 23153(a)", "CA VC 23153(a)"),
            // Section 487a is one of its own, about livestock; a city's code is no code of the state.
            ("CA PC 487a", "CA PC 487a"),
            ("CA LAMC 41.18", "CA LAMC 41.18"),
            ("IL 720 ILCS 5/12-3", "IL 720 ILCS 5/12-3"),
            ("US 8 USC 1326(a)", "US 8 USC 1326(a)"),
            ("US 8 USC Section 1326(a)", "US 8 USC 1326(a)"),
            ("IL 720 ILCS sec. 5/12-3", "IL 720 ILCS 5/12-3"),
        ] {
            assert_eq!(parse_code(written).as_deref(), Ok(code), "{written}");
        }
    }
}
