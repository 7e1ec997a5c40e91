//! Where in the text of a case a value stands.

use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::fmt;

/// A text in JSON whose values are looked up by their paths; each object and list in it is read once.
pub(super) struct Located<'t> {
    text: &'t str,
    inside: HashMap<usize, Inside<'t>>,
}

/// What a value has in it.
enum Inside<'t> {
    Items(Vec<&'t RawValue>),
    Fields(Vec<(String, &'t RawValue)>),
    Nothing,
}

impl<'t> Located<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, inside: HashMap::new() }
    }

    /// The line and the column, in characters, of the value at a path, or of the nearest value around it.
    pub(super) fn at(&mut self, path: &str) -> (usize, usize) {
        let parts: Vec<&str> = parts(path).collect();
        let mut rest = parts.as_slice();
        let mut here = self.text.trim_start();
        while let Some((taken, inner)) = self.step(here, rest) {
            here = inner;
            rest = &rest[taken..];
        }
        let offset = (here.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len());
        let before = &self.text[..offset];
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column)
    }

    /// One step down the path, and how many of its parts that took: a dotted key stands for several at once.
    fn step(&mut self, here: &'t str, rest: &[&str]) -> Option<(usize, &'t str)> {
        let first = rest.first()?;
        match self.inside.entry(here.as_ptr() as usize).or_insert_with(|| Inside::of(here)) {
            Inside::Items(items) => Some((1, items.get(first.parse::<usize>().ok()?)?.get())),
            Inside::Fields(fields) => {
                let taken = |key: &str| {
                    let (mut taken, mut key) = (0, parts(key));
                    loop {
                        match (key.next(), rest.get(taken)) {
                            (None, _) => break Some(taken),
                            (Some(ours), Some(theirs)) if ours == *theirs => taken += 1,
                            _ => break None,
                        }
                    }
                };
                // Of a key that is stated twice, the second is the mistake.
                let found = fields.iter().filter_map(|(key, value)| Some((taken(key)?, value.get())));
                found.filter(|(taken, _)| *taken > 0).max_by_key(|(taken, _)| *taken)
            }
            Inside::Nothing => None,
        }
    }
}

impl<'t> Inside<'t> {
    fn of(value: &'t str) -> Self {
        match value.as_bytes().first() {
            Some(b'[') => serde_json::from_str(value).map_or(Self::Nothing, Self::Items),
            Some(b'{') => serde_json::from_str::<Fields<'_>>(value).map_or(Self::Nothing, |f| Self::Fields(f.0)),
            _ => Self::Nothing,
        }
    }
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split(['.', '[']).map(|p| p.trim_end_matches(']')).filter(|p| !p.is_empty())
}

/// The fields of an object in their order, doubles kept, values as they stand in the text.
#[derive(Default)]
struct Fields<'t>(Vec<(String, &'t RawValue)>);

impl<'de> serde::Deserialize<'de> for Fields<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Fields<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    fields.push(entry);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
mod tests {
    use super::Located;

    #[test]
    fn each_value_is_found_where_it_stands() {
        let text =
            "{\n \"facts\": {\"person.age\": 1, \"person.convictions\": [{\"a\": 1},\n{\"b\": {\"c\": 2}}], \"person.charges\": [{}]}}";
        let mut located = Located::new(text);
        for (path, place) in [
            ("", (1, 1)),
            ("facts", (2, 11)),
            ("facts.person.age", (2, 26)),
            ("facts.person.convictions", (2, 51)),
            ("facts.person.convictions[0].a", (2, 58)),
            ("facts.person.convictions[1].b.c", (3, 13)),
            ("facts.person.convictions[1].d", (3, 1)),
            ("facts.person.charges[0].level", (3, 38)),
            ("facts.nobody", (2, 11)),
        ] {
            assert_eq!(located.at(path), place, "{path}");
        }
    }
}
