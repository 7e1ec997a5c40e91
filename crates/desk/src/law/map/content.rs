//! What the state and local norms of a place do to an action on a day. Not an outcome, and no label of a place: what a norm does still turns on the facts.

use comity_law::{ActionId, Law, Modality};
use comity_logic::{Date, FactId, Facts, Truth, Value, Vocabulary};
use comity_places::AgencyKind;

/// What norms of state and local law do, taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Content {
    /// Nobody researched the place for this day.
    NotResearched,
    /// None speaks of the action.
    Silent,
    /// Some permit, none forbids or requires.
    Permits,
    /// Some forbid in some cases.
    Forbids,
    /// Some require in some cases.
    Requires,
    /// Some forbid in some cases, others require in some.
    Both,
}

impl Content {
    pub(crate) const ALL: [Self; 6] = [Self::NotResearched, Self::Silent, Self::Permits, Self::Forbids, Self::Requires, Self::Both];

    /// The style class.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::NotResearched => "k0",
            Self::Silent => "k1",
            Self::Permits => "k2",
            Self::Forbids => "k3",
            Self::Requires => "k4",
            Self::Both => "k5",
        }
    }

    /// In words.
    pub(crate) fn says(self) -> &'static str {
        match self {
            Self::NotResearched => "Not researched for this day",
            Self::Silent => "No state or local norm speaks of it",
            Self::Permits => "Norms permit it, none forbids or requires it",
            Self::Forbids => "A norm forbids it in some cases",
            Self::Requires => "A norm requires it in some cases",
            Self::Both => "Norms forbid it in some cases and require it in others",
        }
    }
}

/// What the state and local law of a place does to an action on a day, for a kind of agency, and how many norms speak.
pub(crate) fn content(law: &Law, slug: &str, action: ActionId, on: Date, kind: AgencyKind) -> (Content, usize) {
    let vocabulary = &law.schema.vocabulary;
    let mut facts = Facts::new(vocabulary);
    if let comity_logic::Declared::Enum(kinds) = &vocabulary.fact(FactId::Scalar(Vocabulary::AGENCY_KIND)).declared
        && let Some(at) = kinds.iter().position(|k| k == kind.as_str())
    {
        facts.set(Vocabulary::AGENCY_KIND, Value::Enum(at as u8));
    }
    let binds = |i: &comity_law::Instrument| i.binds.as_ref().is_none_or(|b| b.condition.truth(vocabulary, &facts) != Truth::False);
    let ours = law.instruments.iter().filter(|i| i.place != "us" && i.reaches(slug) && binds(i));
    let norms: Vec<Modality> =
        ours.flat_map(|i| &i.norms).filter(|n| n.in_force.contains(on) && n.actions.contains(&action)).map(|n| n.modality).collect();
    let has = |wanted: Modality| norms.contains(&wanted);
    let content = match (has(Modality::Forbids), has(Modality::Requires)) {
        (true, true) => Content::Both,
        (true, false) => Content::Forbids,
        (false, true) => Content::Requires,
        (false, false) if !norms.is_empty() => Content::Permits,
        (false, false) if researched(law, slug, on) => Content::Silent,
        (false, false) => Content::NotResearched,
    };
    (content, norms.len())
}

/// Whether the state of a place was searched for the day.
fn researched(law: &Law, slug: &str, on: Date) -> bool {
    let state = slug.split('/').next().unwrap_or_default();
    let looked = |c: &comity_law::Coverage| c.searched_from.is_none_or(|from| from <= on) && on <= c.searched_until;
    law.place(state).is_some_and(|p| p.coverage.iter().any(looked))
}
