//! The stack: the norms that bind one agency on one day, highest rank first, cut into a slice an action.

use crate::case::{AgencyRef, LocalNorm};
use crate::resolve::{self, Fired, Ranks};
use comity_law::{ActionId, Clock, Duty, Instrument, Interval, Law, Modality, Norm, Outcome, Rank, Settles, When};
use comity_logic::{Condition, Date, Facts, Schema, Truth, Value, Vocabulary};

/// An exception of an entry.
#[derive(Clone, Debug)]
pub(crate) struct Unless {
    /// Its position among the norm's exceptions.
    pub(crate) at: usize,
    pub(crate) silent: bool,
    pub(crate) when: Condition,
}

/// Where an entry comes from.
#[derive(Clone, Copy, Debug)]
pub enum Source<'l> {
    /// A norm of the law.
    Norm(&'l Instrument, &'l Norm),
    /// A norm that the case itself brings along; its position there.
    Local(usize),
}

/// A norm of the stack with its conditions ready to evaluate.
#[derive(Clone, Debug)]
pub struct Entry<'l> {
    /// The norm.
    pub source: Source<'l>,
    /// Its rank.
    pub rank: Rank,
    /// What it does when no exception holds.
    pub modality: Modality,
    pub(crate) when: Condition,
    pub(crate) unless: Vec<Unless>,
}

/// What is known of an entry in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Silent,
    /// It fires; for a ban that an exception turns, the exceptions that hold.
    Fires(Modality, Vec<usize>),
    Open,
}

impl Entry<'_> {
    /// The norm's id: `us-ca-values-act#notify`, or `local` for one of the case's own.
    #[must_use]
    pub fn id(&self) -> String {
        match self.source {
            Source::Norm(instrument, norm) => format!("{}#{}", instrument.id, norm.id),
            Source::Local(_) => "local".to_owned(),
        }
    }

    /// When it speaks, exceptions aside.
    #[must_use]
    pub fn when(&self) -> &Condition {
        &self.when
    }

    /// Its exceptions in order: when each holds, and whether the entry then permits (a ban whose exception is not silent) or says nothing.
    pub fn exceptions(&self) -> impl Iterator<Item = (&Condition, bool)> {
        self.unless.iter().map(|u| (&u.when, self.permits_by(u)))
    }

    /// Whether the entry fires, and as what, without a list of exceptions.
    #[inline]
    fn quick(&self, vocabulary: &Vocabulary, facts: &Facts) -> Option<Option<Modality>> {
        match self.when.truth(vocabulary, facts) {
            Truth::False => return Some(None),
            Truth::Unknown => return None,
            Truth::True => {}
        }
        let mut result = Some(Some(self.modality));
        for unless in &self.unless {
            match (unless.when.truth(vocabulary, facts), self.permits_by(unless)) {
                (Truth::True, true) => return Some(Some(Modality::Permits)),
                (Truth::True, false) if result.is_some() => result = Some(None),
                (Truth::Unknown, _) => result = None,
                _ => {}
            }
        }
        // Unknown exceptions beside one that ends the norm silently are left to the exact search.
        result
    }

    fn permits_by(&self, unless: &Unless) -> bool {
        self.modality == Modality::Forbids && !unless.silent
    }

    pub(crate) fn state(&self, vocabulary: &Vocabulary, facts: &Facts) -> State {
        match self.when.truth(vocabulary, facts) {
            Truth::False => return State::Silent,
            Truth::Unknown => return State::Open,
            Truth::True => {}
        }
        let truths: Vec<(Truth, &Unless)> = self.unless.iter().map(|u| (u.when.truth(vocabulary, facts), u)).collect();
        let permitting: Vec<usize> = truths.iter().filter(|(t, u)| *t == Truth::True && self.permits_by(u)).map(|(_, u)| u.at).collect();
        if !permitting.is_empty() {
            return State::Fires(Modality::Permits, permitting);
        }
        let open = |permits: bool| truths.iter().any(|(t, u)| *t == Truth::Unknown && self.permits_by(u) == permits);
        let ended = truths.iter().any(|(t, u)| *t == Truth::True && !self.permits_by(u));
        match (ended, open(true), open(false)) {
            (_, true, _) | (false, _, true) => State::Open,
            (true, false, _) => State::Silent,
            (false, false, false) => State::Fires(self.modality, Vec::new()),
        }
    }
}

/// The entries that speak of one action.
#[derive(Clone, Debug)]
pub struct Slice<'l> {
    /// The action.
    pub action: ActionId,
    /// The norms, highest rank first.
    pub entries: Vec<Entry<'l>>,
    /// Pairs of positions: the first overrides the second.
    pub(crate) overrides: Vec<(usize, usize)>,
}

/// The law that binds one agency on one day.
#[derive(Clone, Debug)]
pub struct Stack<'l> {
    /// The law.
    pub law: &'l Law,
    /// The agency.
    pub agency: AgencyRef,
    /// The day.
    pub on: Date,
    pub(crate) slices: Vec<Slice<'l>>,
    pub(crate) duties: Vec<(&'l Instrument, &'l Duty)>,
    pub(crate) clocks: Vec<(&'l Instrument, &'l Clock)>,
    pub(crate) settles: Vec<(&'l Instrument, &'l Settles)>,
    pub(crate) local: Vec<LocalNorm>,
}

impl<'l> Stack<'l> {
    /// The law that binds the agency on the day, with norms of its own place that the case brings along.
    #[must_use]
    pub fn new(law: &'l Law, agency: &AgencyRef, on: Date, local: &[LocalNorm]) -> Self {
        let identity = identity(&law.schema, agency, on);
        let vocabulary = &law.schema.vocabulary;
        let binds = |i: &Instrument| {
            i.reaches(&agency.place) && i.binds.as_ref().is_none_or(|b| b.condition.truth(vocabulary, &identity) == Truth::True)
        };
        let bound: Vec<&Instrument> = law.instruments.iter().filter(|i| binds(i)).collect();
        let mut slices: Vec<Slice<'l>> =
            (0..law.actions.len()).map(|a| Slice { action: ActionId(a as u16), entries: Vec::new(), overrides: Vec::new() }).collect();
        for instrument in &bound {
            for norm in instrument.norms.iter().filter(|n| n.in_force.contains(on)) {
                for action in &norm.actions {
                    slices[action.0 as usize].entries.push(entry(law, instrument, norm, *action, on));
                }
            }
        }
        for (at, norm) in local.iter().enumerate() {
            for action in &norm.actions {
                let mut when = norm.when.clone();
                if let Some(arises) = &law.actions[action.0 as usize].when {
                    when = arises.condition.and(&when);
                }
                slices[action.0 as usize].entries.push(Entry {
                    source: Source::Local(at),
                    rank: norm.rank,
                    modality: norm.modality,
                    when,
                    unless: Vec::new(),
                });
            }
        }
        slices.iter_mut().for_each(order);
        let in_force = |days: &Interval| days.contains(on);
        Self {
            law,
            agency: agency.clone(),
            on,
            slices,
            duties: bound.iter().flat_map(|i| i.duties.iter().filter(|d| in_force(&d.in_force)).map(|d| (*i, d))).collect(),
            clocks: bound.iter().flat_map(|i| i.clocks.iter().filter(|c| in_force(&c.in_force)).map(|c| (*i, c))).collect(),
            settles: bound.iter().flat_map(|i| i.settles.iter().filter(|s| in_force(&s.in_force)).map(|s| (*i, s))).collect(),
            local: local.to_vec(),
        }
    }

    /// The norms that speak of an action.
    #[must_use]
    pub fn slice(&self, action: ActionId) -> &Slice<'l> {
        &self.slices[action.0 as usize]
    }

    /// The outcome of an action with the entry that decides it, if the facts settle it without a search; `None` does not mean that they do not.
    #[must_use]
    pub fn outcome(&self, action: ActionId, facts: &Facts) -> Option<(Outcome, Option<&Entry<'l>>)> {
        let slice = self.slice(action);
        let vocabulary = &self.law.schema.vocabulary;
        if !slice.overrides.is_empty() {
            return slice.outcome_with_overrides(vocabulary, facts);
        }
        let mut ranks = Ranks::default();
        let mut outcome = Outcome::Unregulated;
        // The highest norm that requires, that forbids, that permits or protects.
        let mut highest: [Option<&Entry<'l>>; 3] = [None; 3];
        let mut rank = Rank::FederalConstitution;
        for entry in &slice.entries {
            if entry.rank < rank && matches!(outcome, Outcome::Required | Outcome::Forbidden | Outcome::Conflict) {
                break;
            }
            rank = entry.rank;
            if let Some(modality) = entry.quick(vocabulary, facts)? {
                ranks.add(modality, rank);
                outcome = ranks.outcome();
                highest[group(modality)].get_or_insert(entry);
            }
        }
        Some((outcome, deciding(outcome).and_then(|group| highest[group])))
    }
}

/// The modalities by the outcome that they bring.
fn group(modality: Modality) -> usize {
    match modality {
        Modality::Requires => 0,
        Modality::Forbids => 1,
        Modality::Permits | Modality::Protects => 2,
    }
}

/// The group of the norms that decide, if one of them alone can.
///
/// The highest of the group is one: what gave way is never alone in its modality above what stands.
fn deciding(outcome: Outcome) -> Option<usize> {
    match outcome {
        Outcome::Required => Some(0),
        Outcome::Forbidden => Some(1),
        Outcome::Permitted => Some(2),
        Outcome::Unregulated | Outcome::Conflict | Outcome::Undetermined => None,
    }
}

impl<'l> Slice<'l> {
    /// Whether some norm of the slice overrides another: then every norm counts, whatever its rank.
    #[must_use]
    pub fn has_overrides(&self) -> bool {
        !self.overrides.is_empty()
    }

    /// Whether a fired entry makes another fired one give way; each by its position and by what it does here.
    #[must_use]
    pub fn beats(&self, upper: (usize, Modality), lower: (usize, Modality)) -> bool {
        let fired = |(entry, modality): (usize, Modality)| Fired { entry, modality, rank: self.entries[entry].rank };
        resolve::beats(self, &fired(upper), &fired(lower))
    }

    /// The same where some norm overrides another: then every norm counts, whatever its rank.
    fn outcome_with_overrides(&self, vocabulary: &Vocabulary, facts: &Facts) -> Option<(Outcome, Option<&Entry<'l>>)> {
        let mut fired = Vec::with_capacity(self.entries.len());
        for (at, entry) in self.entries.iter().enumerate() {
            if let Some(modality) = entry.quick(vocabulary, facts)? {
                fired.push(Fired { entry: at, modality, rank: entry.rank });
            }
        }
        let outcome = resolve::outcome(self, &fired);
        let stands = |f: &&Fired| !fired.iter().any(|o| resolve::beats(self, o, f));
        let by = deciding(outcome).and_then(|wanted| fired.iter().filter(stands).find(|f| group(f.modality) == wanted));
        Some((outcome, by.map(|f| &self.entries[f.entry])))
    }
}

/// The facts that name the agency and the day.
pub(crate) fn state_identity(facts: &mut Facts, schema: &Schema, agency: &AgencyRef, on: Date) {
    facts.set(Vocabulary::ON, Value::Date(on));
    let kinds = &schema.vocabulary.scalars()[Vocabulary::AGENCY_KIND.0 as usize].declared;
    if let comity_logic::Declared::Enum(kinds) = kinds
        && let Some(at) = kinds.iter().position(|k| *k == agency.kind)
    {
        facts.set(Vocabulary::AGENCY_KIND, Value::Enum(at as u8));
    }
    let place = facts.text(&agency.place, Default::default());
    facts.set(Vocabulary::AGENCY_PLACE, place);
    let name = facts.text(&agency.name, Default::default());
    facts.set(Vocabulary::AGENCY_NAME, name);
}

pub(crate) fn identity(schema: &Schema, agency: &AgencyRef, on: Date) -> Facts {
    let mut facts = Facts::new(&schema.vocabulary);
    state_identity(&mut facts, schema, agency, on);
    facts
}

pub(crate) fn entry<'l>(law: &'l Law, instrument: &'l Instrument, norm: &'l Norm, action: ActionId, on: Date) -> Entry<'l> {
    let whole = |when: &When| when.condition.clone();
    let mut when = norm.when.condition.clone();
    for more in [&instrument.applies, &law.actions[action.0 as usize].when].into_iter().flatten() {
        when = whole(more).and(&when);
    }
    let unless = norm.exceptions.iter().enumerate().filter(|(_, e)| e.in_force.contains(on));
    Entry {
        source: Source::Norm(instrument, norm),
        rank: instrument.rank,
        modality: norm.modality,
        when,
        unless: unless.map(|(at, e)| Unless { at, silent: e.silent, when: whole(&e.when) }).collect(),
    }
}

/// Highest rank first, then by id, so that the order of files and norms changes nothing.
pub(crate) fn order(slice: &mut Slice<'_>) {
    slice.entries.sort_by_cached_key(|e| (std::cmp::Reverse(e.rank), e.id(), matches!(e.source, Source::Local(_))));
    let mut pairs = Vec::new();
    for (by, entry) in slice.entries.iter().enumerate() {
        let Source::Norm(_, norm) = entry.source else { continue };
        for (of, other) in slice.entries.iter().enumerate() {
            let Source::Norm(instrument, overridden) = other.source else { continue };
            if norm.overrides.iter().any(|o| o.instrument == instrument.id && o.norm == overridden.id) {
                pairs.push((by, of));
            }
        }
    }
    slice.overrides = pairs;
}
