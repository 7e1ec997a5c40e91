//! Facts back to JSON, as a case states them.

use crate::{FactId, Facts, Field, ListId, Schema, Slot, Value};
use serde_json::{Map, Value as Json};

impl Facts {
    /// The stated facts as nested groups, in order of declaration; the day and the agency are left out, since a case states them elsewhere.
    #[must_use]
    pub fn to_json(&self, schema: &Schema) -> Map<String, Json> {
        let vocabulary = &schema.vocabulary;
        let mut root = Map::new();
        for (at, fact) in vocabulary.scalars().iter().enumerate() {
            let slot = Slot(at as u16);
            let identity =
                [crate::Vocabulary::ON, crate::Vocabulary::AGENCY_KIND, crate::Vocabulary::AGENCY_PLACE, crate::Vocabulary::AGENCY_NAME];
            if self.scalar(slot) != Value::Unknown && !identity.contains(&slot) {
                put(vocabulary, &mut root, &fact.name, self.json_of(schema, FactId::Scalar(slot), self.scalar(slot)));
            }
        }
        for at in 0..vocabulary.list_count() {
            let list = ListId(at as u16);
            if !self.is_given(list) {
                continue;
            }
            let record = vocabulary.record(list);
            let elements = self.elements(list, record.fields.len()).map(|element| {
                let mut object = Map::new();
                for (at, value) in element.iter().enumerate() {
                    if *value != Value::Unknown {
                        let field = Field(at as u16);
                        object.insert(record.fields[at].name.clone(), self.json_of(schema, FactId::Field(list, field), *value));
                    }
                }
                Json::Object(object)
            });
            let elements = elements.collect();
            put(vocabulary, &mut root, &vocabulary.fact(FactId::List(list)).name, Json::Array(elements));
        }
        root
    }

    fn json_of(&self, schema: &Schema, id: FactId, value: Value) -> Json {
        match value {
            Value::Bool(b) => b.into(),
            Value::Int(n) => n.into(),
            other => self.show(&schema.vocabulary, id, other).into(),
        }
    }
}

/// Puts a value into its group; by its dotted name where a group of it is itself a fact.
fn put(vocabulary: &crate::Vocabulary, root: &mut Map<String, Json>, name: &str, value: Json) {
    let is_fact = |group: &str| matches!(vocabulary.find(group), Some(FactId::Scalar(_) | FactId::List(_)));
    if name.match_indices('.').any(|(dot, _)| is_fact(&name[..dot])) {
        root.insert(name.to_owned(), value);
    } else {
        put_within(root, name, value);
    }
}

fn put_within(root: &mut Map<String, Json>, name: &str, value: Json) {
    match name.split_once('.') {
        None => drop(root.insert(name.to_owned(), value)),
        Some((group, rest)) => {
            let entry = root.entry(group).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(group) = entry {
                put_within(group, rest, value);
            }
        }
    }
}
