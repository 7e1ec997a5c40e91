//! Takes a typed name apart: the name itself, and the state and county that go with it.

use crate::normal::normalise;
use crate::state;

/// A name with what narrows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Query {
    /// The name in the spelling of the index.
    pub(crate) key: String,
    /// The postal code of the state.
    pub(crate) state: Option<&'static str>,
    /// The county, in the spelling of the index, such as `adams county`.
    pub(crate) county: Option<String>,
}

impl Query {
    /// `Franklin County Sheriff, Ohio`; `Penn Township Police (York County, PA)`;
    /// `Kansas City, KS Police Department`.
    pub(crate) fn of(text: &str) -> Self {
        let mut query = Self::default();
        let mut rest = String::with_capacity(text.len());
        // What stands in parentheses is never part of the name: it narrows, or it is a remark.
        let mut inside = String::new();
        let mut depth = 0_usize;
        for letter in text.chars() {
            match letter {
                '(' => {
                    depth += 1;
                    inside.push(',');
                }
                ')' if depth > 0 => depth -= 1,
                _ if depth > 0 => inside.push(letter),
                _ => rest.push(letter),
            }
        }
        for part in inside.split([',', ';']) {
            query.narrow(&normalise(part));
        }
        let mut parts = rest.split([',', ';']);
        let mut name = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let left = query.narrow(&normalise(part));
            name.push(' ');
            name.push_str(&left);
        }
        query.key = normalise(&name);
        query
    }

    /// Takes the state or the county from the start of a part, and gives back the rest.
    fn narrow(&mut self, part: &str) -> String {
        let words: Vec<&str> = part.split(' ').filter(|word| !word.is_empty()).collect();
        // The county first: Washington County is not the state of Washington.
        if let [name @ .., "county" | "parish"] = words.as_slice()
            && !name.is_empty()
            && self.county.is_none()
        {
            self.county = Some(part.to_owned());
            return String::new();
        }
        // "Adams County PA"
        if let Some((state, count)) = state::trailing(&words, true)
            && self.state.is_none()
            && self.county.is_none()
            && let [name @ .., "county" | "parish"] = words.get(..words.len() - count).unwrap_or_default()
            && !name.is_empty()
        {
            self.state = Some(state);
            self.county = Some(words.get(..words.len() - count).unwrap_or_default().join(" "));
            return String::new();
        }
        if let Some((state, count)) = state::leading(&words, true) {
            // A second state would contradict the first: it stays in the name.
            if self.state.is_none() {
                self.state = Some(state);
                return words.get(count..).unwrap_or_default().join(" ");
            }
        }
        part.to_owned()
    }

    /// The same name with the state at its end taken for a hint: `Salem Police Oregon`,
    /// `Salem PD in OR`.
    pub(crate) fn with_trailing_state(&self) -> Option<Self> {
        if self.state.is_some() {
            return None;
        }
        let words: Vec<&str> = self.key.split(' ').collect();
        let (state, count) = state::trailing(&words, true)?;
        let mut left = words.get(..words.len() - count)?;
        if let [before @ .., "in"] = left {
            left = before;
        }
        if left.is_empty() {
            return None;
        }
        Some(Self { key: left.join(" "), state: Some(state), county: self.county.clone() })
    }

    /// The same name with a postal code at its start written out: `NY State Police`; and with
    /// what people write for New York City and Los Angeles.
    pub(crate) fn written_out(&self) -> Option<Self> {
        let (first, rest) = self.key.split_once(' ')?;
        let full = match first {
            "nyc" => "new york city",
            // "LA County": everybody means Los Angeles; Louisiana has no counties.
            "la" if self.state.is_none_or(|state| state == "ca") => "los angeles",
            code if code.len() == 2 => state::name_of(code)?,
            _ => return None,
        };
        Some(Self { key: format!("{full} {rest}"), ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::Query;

    fn query(text: &str) -> (String, Option<&'static str>, Option<String>) {
        let query = Query::of(text);
        (query.key, query.state, query.county)
    }

    #[test]
    fn hints() {
        let sheriff = "franklin county sheriff".to_owned();
        for text in [
            "Franklin County Sheriff, Ohio",
            "Franklin County Sheriff, OH",
            "Franklin County Sheriff (Ohio)",
            "Franklin County Sheriff; oh.",
        ] {
            assert_eq!(query(text), (sheriff.clone(), Some("oh"), None), "{text}");
        }
        let police = "kansas city police".to_owned();
        assert_eq!(query("Kansas City, Kansas Police Department"), (police, Some("ks"), None));
        let penn = ("penn township police".to_owned(), Some("pa"), Some("york county".to_owned()));
        assert_eq!(query("Penn Township Police (York County, PA)"), penn);
        assert_eq!(query("Penn Township Police, York County, Pennsylvania"), penn);
        assert_eq!(query("Penn Township Police, York County PA"), penn);
        assert_eq!(query("Washington, D.C. Police"), ("washington police".to_owned(), Some("dc"), None));
        assert_eq!(query(")(,,;("), (String::new(), None, None));
    }
}
