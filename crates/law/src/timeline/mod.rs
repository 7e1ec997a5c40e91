//! The law over time: what begins, changes or ends on which day, and whom it touches.
//!
//! The day of an event is the first on which the law is otherwise: what is in force to 3 January ends on the 4th.

mod ical;
mod parts;
mod touch;

use comity_logic::Date;

pub use ical::calendar;

use crate::model::{ActionId, Confidence, Instrument, Interval, Law, Modality};
use crate::slug;
use parts::Part;

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It was not in force on the day before.
    Begins,
    /// A new version follows the old one, or a condition of it speaks of this day.
    Changes,
    /// It was in force on the day before, and no version follows.
    Ends,
}

impl Change {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Begins => "begins",
            Self::Changes => "changes",
            Self::Ends => "ends",
        }
    }
}

/// To what it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// A whole instrument.
    Instrument,
    /// A norm.
    Norm,
    /// An exception to a norm.
    Exception,
    /// A duty.
    Duty,
    /// A limit on an action.
    Clock,
    /// A contested point that is settled.
    Settled,
}

impl What {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Instrument => "instrument",
            Self::Norm => "norm",
            Self::Exception => "exception",
            Self::Duty => "duty",
            Self::Clock => "clock",
            Self::Settled => "settled",
        }
    }
}

/// Something that begins, changes or ends.
#[derive(Clone, Debug)]
pub struct Event<'l> {
    /// The first day on which the law is otherwise.
    pub on: Date,
    /// What happens.
    pub change: Change,
    /// To what.
    pub what: What,
    /// The instrument.
    pub instrument: &'l Instrument,
    /// Its name, the same in every edition of the law: `us-ca-values-act#notify`; that of an exception ends with its citation.
    pub id: String,
    /// The citation.
    pub cite: &'l str,
    /// What it says, in our words; of an instrument the title.
    pub says: &'l str,
    /// What the norm does.
    pub modality: Option<Modality>,
    /// The actions that it touches; of a duty that names none, all.
    pub actions: Vec<ActionId>,
    /// The kinds of agencies that it can touch.
    pub kinds: Vec<&'l str>,
    /// How sure we are.
    pub confidence: Confidence,
    /// Which of its keys are otherwise than in the version before.
    pub changed: Vec<&'static str>,
    /// Of an instrument: what begins or ends with it.
    pub parts: Vec<Event<'l>>,
}

impl<'l> Event<'l> {
    /// The slugs of the places that it touches, with all below them.
    #[must_use]
    pub fn places(&self) -> Vec<&'l str> {
        touch::places(self.instrument)
    }

    /// Whether it touches the action.
    #[must_use]
    pub fn touches(&self, action: ActionId) -> bool {
        self.actions.contains(&action)
    }

    /// The event as far as it touches an action; nothing, if it does not.
    #[must_use]
    pub fn only(mut self, action: ActionId) -> Option<Self> {
        self.parts = self.parts.into_iter().filter_map(|part| part.only(action)).collect();
        self.touches(action).then_some(self)
    }
}

/// Every event of a law in order of days. With a place, only what can bind its agencies: its own law and that of the places above.
#[must_use]
pub fn events<'l>(law: &'l Law, place: Option<&str>) -> Vec<Event<'l>> {
    let mut out = Vec::new();
    for instrument in law.instruments.iter().filter(|i| place.is_none_or(|p| i.reaches(p))) {
        instrument_events(law, instrument, &mut out);
    }
    let depth = |e: &Event<'_>| slug::chain(&e.instrument.place).count();
    out.sort_by(|a, b| {
        let key = |e: &Event<'l>| (e.on, depth(e), e.instrument.id.as_str(), e.what, e.change);
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
    });
    out
}

fn instrument_events<'l>(law: &'l Law, instrument: &'l Instrument, out: &mut Vec<Event<'l>>) {
    let parts = parts::parts(law, instrument);
    let whole = Part::instrument(law, instrument, &parts);
    let (mut begun, mut ended) = (Vec::new(), Vec::new());
    for (at, part) in parts.iter().enumerate() {
        // An exception that is as old as its norm is no news of its own.
        let news = |day: Option<Date>, outer: Option<Date>| day.filter(|d| part.what != What::Exception || Some(*d) != outer);
        if let Some(day) = news(part.in_force.from, part.outer.from) {
            match before(&parts, at, day) {
                Some(older) => out.push(part.event(day, Change::Changes, part.differs(older))),
                None if Some(day) == instrument.in_force.from => begun.push(part.event(day, Change::Begins, Vec::new())),
                None => out.push(part.event(day, Change::Begins, Vec::new())),
            }
        }
        if let Some(last) = news(part.in_force.to, part.outer.to)
            && let Ok(day) = last.tomorrow()
        {
            let followed = parts.iter().any(|p| p.same(part) && p.in_force.from == Some(day));
            match part.in_force.to == instrument.in_force.to {
                true => ended.push(part.event(day, Change::Ends, Vec::new())),
                false if !followed => out.push(part.event(day, Change::Ends, Vec::new())),
                false => {}
            }
        }
        let turns = part.turns.iter().filter(|d| inside(part.in_force, **d));
        out.extend(turns.map(|day| part.event(*day, Change::Changes, vec!["when"])));
    }
    let whole_event = |day: Date, change: Change, with: Vec<Event<'l>>| {
        let mut event = whole.event(day, change, if change == Change::Changes { vec!["applies"] } else { Vec::new() });
        event.actions = touch::joined(law, with.iter().map(|p| p.actions.as_slice()));
        event.parts = with;
        event
    };
    // What the whole instrument applies to may turn on a day as well.
    for day in whole.turns.iter().filter(|d| inside(instrument.in_force, **d)) {
        let with = parts.iter().filter(|p| p.what != What::Exception && p.in_force.contains(*day));
        out.push(whole_event(*day, Change::Changes, with.map(|p| p.event(*day, Change::Changes, vec!["applies"])).collect()));
    }
    if let Some(day) = instrument.in_force.from {
        out.push(whole_event(day, Change::Begins, begun));
    }
    if let Some(Ok(day)) = instrument.in_force.to.map(|d| d.tomorrow()) {
        out.push(whole_event(day, Change::Ends, ended));
    }
}

/// The version of a part that ended on the day before.
fn before<'p, 'l>(parts: &'p [Part<'l>], at: usize, day: Date) -> Option<&'p Part<'l>> {
    let part = parts.get(at)?;
    parts.iter().find(|p| p.same(part) && p.in_force.to.and_then(|to| to.tomorrow().ok()) == Some(day))
}

/// Whether the day and the one before are both in force, so that something within turns on it.
fn inside(days: Interval, day: Date) -> bool {
    days.contains(day) && day.yesterday().is_ok_and(|y| days.contains(y))
}
