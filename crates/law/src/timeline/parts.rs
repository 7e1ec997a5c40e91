//! The parts of an instrument as far as time goes: each with its days, and what it touches.

use comity_logic::{Date, Vocabulary};
use serde_json::Value;

use super::{Change, Event, What, touch};
use crate::model::{ActionId, Clock, Confidence, Duty, Exception, Instrument, Interval, Law, Modality, Norm, Settles, When};

/// Something of an instrument that has days of its own.
pub(super) struct Part<'l> {
    pub(super) what: What,
    instrument: &'l Instrument,
    id: String,
    cite: &'l str,
    says: &'l str,
    modality: Option<Modality>,
    actions: Vec<ActionId>,
    kinds: Vec<&'l str>,
    confidence: Confidence,
    pub(super) in_force: Interval,
    /// The days of what it belongs to.
    pub(super) outer: Interval,
    /// Days on which its condition turns by itself.
    pub(super) turns: Vec<Date>,
    /// What it says, key by key, to compare versions by.
    keys: Vec<(&'static str, Key<'l>)>,
}

/// The value of a key, as far as versions are compared.
#[derive(PartialEq)]
enum Key<'l> {
    Text(&'l str),
    Words(String),
    Value(&'l Value),
}

impl<'l> Part<'l> {
    /// The instrument itself.
    pub(super) fn instrument(law: &'l Law, it: &'l Instrument, parts: &[Self]) -> Self {
        Self {
            what: What::Instrument,
            instrument: it,
            id: it.id.clone(),
            cite: &it.cite,
            says: &it.title,
            modality: None,
            actions: touch::joined(law, parts.iter().map(|p| p.actions.as_slice())),
            kinds: touch::kinds(law, it, &[]),
            confidence: it.checked.confidence,
            in_force: it.in_force,
            outer: Interval::default(),
            turns: turns(&it.applies),
            keys: Vec::new(),
        }
    }

    /// Whether both are versions of one thing.
    pub(super) fn same(&self, other: &Self) -> bool {
        self.what == other.what && self.id == other.id
    }

    /// The keys that are otherwise than in another version.
    pub(super) fn differs(&self, other: &Self) -> Vec<&'static str> {
        self.keys.iter().zip(&other.keys).filter(|((_, a), (_, b))| a != b).map(|((name, _), _)| *name).collect()
    }

    /// What happens to it on a day.
    pub(super) fn event(&self, on: Date, change: Change, changed: Vec<&'static str>) -> Event<'l> {
        Event {
            on,
            change,
            what: self.what,
            instrument: self.instrument,
            id: self.id.clone(),
            cite: self.cite,
            says: self.says,
            modality: self.modality,
            actions: self.actions.clone(),
            kinds: self.kinds.clone(),
            confidence: self.confidence,
            changed,
            parts: Vec::new(),
        }
    }
}

/// The parts of an instrument in the order in which they stand.
pub(super) fn parts<'l>(law: &'l Law, it: &'l Instrument) -> Vec<Part<'l>> {
    let mut out = Vec::new();
    for one in &it.norms {
        out.push(norm(law, it, one));
        out.extend(one.exceptions.iter().map(|e| exception(law, it, one, e)));
    }
    out.extend(it.duties.iter().map(|d| duty(law, it, d)));
    out.extend(it.clocks.iter().map(|c| clock(law, it, c)));
    out.extend(it.settles.iter().map(|s| settled(law, it, s)));
    out
}

fn norm<'l>(law: &'l Law, it: &'l Instrument, norm: &'l Norm) -> Part<'l> {
    let exceptions: Vec<String> = norm.exceptions.iter().map(|e| format!("{} {} {}", e.cite, e.when.text, e.silent)).collect();
    Part {
        what: What::Norm,
        instrument: it,
        id: format!("{}#{}", it.id, norm.id),
        cite: &norm.full_cite,
        says: &norm.says,
        modality: Some(norm.modality),
        actions: norm.actions.clone(),
        kinds: touch::kinds(law, it, &[&norm.when]),
        confidence: norm.confidence,
        in_force: norm.in_force,
        outer: it.in_force,
        turns: turns([&norm.when]),
        keys: vec![
            ("cite", Key::Text(&norm.cite)),
            (norm.modality.as_str(), Key::Words(format!("{} {:?}", norm.modality, norm.actions))),
            ("says", Key::Text(&norm.says)),
            ("when", Key::Text(&norm.when.text)),
            ("overrides", Key::Words(format!("{:?}", norm.overrides))),
            ("unless", Key::Words(exceptions.join("\n"))),
        ],
    }
}

fn exception<'l>(law: &'l Law, it: &'l Instrument, norm: &'l Norm, exception: &'l Exception) -> Part<'l> {
    Part {
        what: What::Exception,
        instrument: it,
        id: format!("{}#{} unless {}", it.id, norm.id, exception.cite),
        cite: &exception.full_cite,
        says: exception.says.as_deref().unwrap_or(&norm.says),
        modality: (norm.modality == Modality::Forbids && !exception.silent).then_some(Modality::Permits),
        actions: norm.actions.clone(),
        kinds: touch::kinds(law, it, &[&norm.when, &exception.when]),
        confidence: norm.confidence,
        in_force: exception.in_force,
        outer: norm.in_force,
        turns: turns([&exception.when]),
        keys: vec![("says", Key::Words(exception.says.clone().unwrap_or_default())), ("when", Key::Text(&exception.when.text))],
    }
}

fn duty<'l>(law: &'l Law, it: &'l Instrument, duty: &'l Duty) -> Part<'l> {
    Part {
        what: What::Duty,
        instrument: it,
        id: format!("{}#{}", it.id, duty.id),
        cite: &duty.full_cite,
        says: &duty.says,
        modality: None,
        actions: if duty.actions.is_empty() { touch::all(law) } else { duty.actions.clone() },
        kinds: touch::kinds(law, it, &[&duty.when]),
        confidence: duty.confidence,
        in_force: duty.in_force,
        outer: it.in_force,
        turns: turns([&duty.when]),
        keys: vec![
            ("cite", Key::Text(&duty.cite)),
            ("upon", Key::Text(duty.upon.as_str())),
            ("actions", Key::Words(format!("{:?}", duty.actions))),
            ("when", Key::Text(&duty.when.text)),
            ("says", Key::Text(&duty.says)),
            ("to", Key::Words(format!("{:?} {:?}", duty.to, duty.by))),
            ("within", Key::Words(format!("{:?}", duty.within))),
        ],
    }
}

fn clock<'l>(law: &'l Law, it: &'l Instrument, clock: &'l Clock) -> Part<'l> {
    Part {
        what: What::Clock,
        instrument: it,
        id: format!("{}#{}", it.id, clock.id),
        cite: &clock.full_cite,
        says: &clock.says,
        modality: None,
        actions: clock.actions.clone(),
        kinds: touch::kinds(law, it, &[&clock.when]),
        confidence: clock.confidence,
        in_force: clock.in_force,
        outer: it.in_force,
        turns: turns([&clock.when]),
        keys: vec![
            ("cite", Key::Text(&clock.cite)),
            ("actions", Key::Words(format!("{:?}", clock.actions))),
            ("when", Key::Text(&clock.when.text)),
            ("says", Key::Text(&clock.says)),
            ("within", Key::Words(format!("{:?}", clock.within))),
        ],
    }
}

fn settled<'l>(law: &'l Law, it: &'l Instrument, settles: &'l Settles) -> Part<'l> {
    Part {
        what: What::Settled,
        instrument: it,
        id: format!("{}#{}", it.id, settles.fact),
        cite: &settles.full_cite,
        says: &settles.says,
        modality: None,
        actions: touch::turned_by(law, it, &settles.fact),
        kinds: touch::kinds(law, it, &[]),
        confidence: settles.confidence,
        in_force: settles.in_force,
        outer: it.in_force,
        turns: Vec::new(),
        keys: vec![("value", Key::Value(&settles.value)), ("cite", Key::Text(&settles.cite)), ("says", Key::Text(&settles.says))],
    }
}

/// The days that conditions speak of themselves: `on >= date('2018-01-04')`.
fn turns<'l>(conditions: impl IntoIterator<Item = &'l When>) -> Vec<Date> {
    let mut days: Vec<Date> = conditions.into_iter().flat_map(|w| w.condition.days_asked(Vocabulary::ON)).collect();
    days.sort_unstable();
    days.dedup();
    days
}
