//! What names stand for: values when evaluating, types when checking.

use std::collections::BTreeMap;

use crate::types::Type;
use crate::value::Value;

/// Names and what each stands for, looked up as seen from inside a container.
#[derive(Clone, Debug)]
pub struct Names<T> {
    entries: BTreeMap<String, T>,
    container: String,
    /// Whether any name has a dot: only then can `a.b` be a name of its own.
    dotted: bool,
}

/// Names and their values.
pub type Bindings = Names<Value>;

/// Names and their types.
pub type Scope = Names<Type>;

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self { entries: BTreeMap::new(), container: String::new(), dotted: false }
    }
}

impl<T> Names<T> {
    /// No names.
    pub fn new() -> Self {
        Self::default()
    }

    /// These names and one more (a later meaning replaces an earlier one).
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, meaning: impl Into<T>) -> Self {
        self.set(name, meaning);
        self
    }

    /// Gives a name a meaning. A name may be dotted: `place.county`.
    pub fn set(&mut self, name: impl Into<String>, meaning: impl Into<T>) {
        let name = name.into();
        self.dotted |= name.contains('.');
        self.entries.insert(name, meaning.into());
    }

    /// Looks names up inside `container` first: there, `b` may be `container.b`.
    #[must_use]
    pub fn within(mut self, container: impl Into<String>) -> Self {
        self.container = container.into();
        self
    }

    /// What exactly this name stands for.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.entries.get(name)
    }

    /// The names and their meanings, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.entries.iter().map(|(name, meaning)| (name.as_str(), meaning))
    }

    /// Whether a selection `a.b` need be looked up as a name.
    pub(crate) fn has_dotted(&self) -> bool {
        self.dotted || !self.container.is_empty()
    }

    /// What a name as written stands for: from the innermost container outwards.
    pub(crate) fn resolve(&self, name: &str, absolute: bool) -> Option<&T> {
        let mut container = if absolute { "" } else { self.container.as_str() };
        while !container.is_empty() {
            if let Some(found) = self.entries.get(&format!("{container}.{name}")) {
                return Some(found);
            }
            container = container.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
        self.entries.get(name)
    }
}

impl Bindings {
    /// The types of these values, for the checker.
    pub fn scope(&self) -> Scope {
        let entries = self.entries.iter().map(|(name, value)| (name.clone(), value.type_of())).collect();
        Scope { entries, container: self.container.clone(), dotted: self.dotted }
    }
}
