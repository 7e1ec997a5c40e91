//! Vocabularies and cases in plain maps.

use super::days;
use std::collections::{BTreeMap, HashMap};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Val {
    Bool(bool),
    Int(i64),
    Day(i64),
    Str(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Bool,
    Enum(Vec<String>),
    Int(Option<i64>),
    Date,
    Text,
    Offense,
}

#[derive(Clone, Debug)]
pub struct ListDef {
    pub name: String,
    pub record: String,
    pub fields: Vec<(String, Kind)>,
    pub complete: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct World {
    pub scalars: Vec<(String, Kind)>,
    pub lists: Vec<ListDef>,
    pub classes: Vec<(String, Vec<String>)>,
    pub on: i64,
}

impl World {
    /// The type of `a.b`, `list[].field` or `list[3].field`.
    pub fn kind(&self, path: &str) -> &Kind {
        if let Some((list, rest)) = path.split_once('[') {
            let field = rest.split_once("].").unwrap().1;
            return &self.list(list).fields.iter().find(|f| f.0 == field).unwrap().1;
        }
        &self.scalars.iter().find(|f| f.0 == path).unwrap_or_else(|| panic!("no fact {path}")).1
    }

    pub fn list(&self, name: &str) -> &ListDef {
        self.lists.iter().find(|l| l.name == name).unwrap_or_else(|| panic!("no list {name}"))
    }
}

pub type Element = BTreeMap<String, Val>;

/// What is stated; all else is unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Partial {
    pub scalars: BTreeMap<String, Val>,
    pub lists: BTreeMap<String, Vec<Element>>,
    /// Lists that have no further elements whatever their completeness fact says: a witness closes them.
    pub closed: Vec<String>,
}

impl Partial {
    /// Whether the list may have elements that are not stated.
    pub fn open(&self, list: &ListDef) -> bool {
        if self.closed.contains(&list.name) {
            return false;
        }
        let marked = list.complete.as_ref().and_then(|c| self.scalars.get(c));
        !self.lists.contains_key(&list.name) || marked == Some(&Val::Bool(false))
    }

    pub fn json(&self) -> serde_json::Value {
        let plain = |v: &Val| match v {
            Val::Bool(b) => serde_json::Value::from(*b),
            Val::Int(n) => (*n).into(),
            Val::Day(d) => days::show(*d).into(),
            Val::Str(s) => s.clone().into(),
        };
        let mut object = serde_json::Map::new();
        for (name, value) in &self.scalars {
            object.insert(name.clone(), plain(value));
        }
        for (name, elements) in &self.lists {
            let elements = elements.iter().map(|e| e.iter().map(|(k, v)| (k.clone(), plain(v))).collect::<serde_json::Map<_, _>>().into());
            object.insert(name.clone(), elements.collect::<Vec<serde_json::Value>>().into());
        }
        object.into()
    }

    /// Back from what `Facts::to_json` wrote: nested groups.
    pub fn from_json(world: &World, json: &serde_json::Map<String, serde_json::Value>) -> Self {
        let read = |kind: &Kind, v: &serde_json::Value| match kind {
            Kind::Bool => Val::Bool(v.as_bool().unwrap()),
            Kind::Int(_) => Val::Int(v.as_i64().unwrap()),
            Kind::Date => Val::Day(days::parse(v.as_str().unwrap())),
            _ => Val::Str(v.as_str().unwrap().to_owned()),
        };
        let find = |name: &str| {
            let (group, rest) = name.split_once('.').unwrap();
            json.get(group).and_then(|g| g.get(rest))
        };
        let mut partial = Self::default();
        for (name, kind) in &world.scalars {
            if let Some(v) = find(name) {
                partial.scalars.insert(name.clone(), read(kind, v));
            }
        }
        for list in &world.lists {
            let Some(elements) = find(&list.name) else { continue };
            let element = |e: &serde_json::Value| {
                let fields = list.fields.iter().filter_map(|(f, kind)| Some((f.clone(), read(kind, e.get(f)?))));
                fields.collect::<Element>()
            };
            partial.lists.insert(list.name.clone(), elements.as_array().unwrap().iter().map(element).collect());
        }
        partial
    }
}

/// A case of which every fact that anything asks for is known.
#[derive(Clone, Debug, Default)]
pub struct Complete {
    pub scalars: HashMap<String, Val>,
    pub lists: HashMap<String, Vec<HashMap<String, Val>>>,
}

impl Complete {
    pub fn of(partial: &Partial) -> Self {
        Self {
            scalars: partial.scalars.clone().into_iter().collect(),
            lists: partial.lists.iter().map(|(n, l)| (n.clone(), l.iter().map(|e| e.clone().into_iter().collect()).collect())).collect(),
        }
    }

    /// As a partial case of which the rest happens to be known.
    pub fn stated(&self) -> Partial {
        Partial {
            scalars: self.scalars.clone().into_iter().collect(),
            lists: self.lists.iter().map(|(n, l)| (n.clone(), l.iter().map(|e| e.clone().into_iter().collect()).collect())).collect(),
            closed: Vec::new(),
        }
    }
}
