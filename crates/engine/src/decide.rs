//! From a stack and a case to a determination.

use crate::case::{Case, Times};
use crate::clocks::{end_of, hours_between, in_words, parse_moment, zone_of};
use crate::contradictions::{contradictions, not_yet};
use crate::determination::{AGENCY, AgencyShown, ClockRunning, Determination, DueDuty, DutyStatus, GaveWay, Ground, Point, Question, Way};
use crate::resolve::{Fired, MayFire, OUTCOMES, formulas, given_way};
use crate::stack::{Entry, Slice, Source, Stack, State, state_identity};
use comity_law::{ActionId, Excluded, Modality, Moment, Outcome, Upon, When, Within};
use comity_logic::{Budget, Condition, Declared, FactId, Facts, Formula, Problem, Slot, Truth, Unknown, Unsettled, Value};
use jiff::Zoned;
use std::collections::BTreeMap;

/// The days that 8 C.F.R. 287.7(d) leaves out, and that `custody.countable_hours_past_release` leaves out.
const COUNTABLE: [Excluded; 3] = [Excluded::Saturdays, Excluded::Sundays, Excluded::FederalHolidays];

/// A case made ready for a stack: identity, settled points and counted hours are in its facts.
struct Ready {
    facts: Facts,
    settled: Vec<Point>,
    assumed: Vec<Point>,
    notes: Vec<String>,
    moments: BTreeMap<Moment, Zoned>,
}

impl Stack<'_> {
    /// Decides every action that the case asks about.
    ///
    /// # Errors
    /// When a search does not end within its budget.
    pub fn decide_all(&self, case: &Case) -> Result<Vec<Determination>, Unsettled> {
        case.actions.iter().map(|action| self.decide(*action, &case.facts, &case.times)).collect()
    }

    /// Decides one action.
    ///
    /// # Errors
    /// When the search does not end within its budget.
    pub fn decide(&self, action: ActionId, facts: &Facts, times: &Times) -> Result<Determination, Unsettled> {
        self.decide_within(action, facts, times, Budget::default())
    }

    /// Decides one action within a budget.
    ///
    /// # Errors
    /// When the search does not end within the budget.
    pub fn decide_within(&self, action: ActionId, facts: &Facts, times: &Times, budget: Budget) -> Result<Determination, Unsettled> {
        let ready = self.ready(facts, times);
        let slice = self.slice(action);
        let schema = &self.law.schema;
        let states: Vec<State> = slice.entries.iter().map(|e| e.state(&schema.vocabulary, &ready.facts)).collect();

        let mut possible = Vec::new();
        let mut missing = Vec::new();
        let mut next = None;
        if states.contains(&State::Open) {
            let mut problem = Problem::new(schema, &ready.facts, conditions(slice)).counting_alike(conditions(slice));
            let items = may_fire(&mut problem, slice);
            let results = formulas(&mut problem, slice, &items);
            let found = problem.explore(&results, budget)?;
            possible.extend(OUTCOMES.iter().zip(&found.possible).filter(|(_, p)| **p).map(|(o, _)| *o));
            missing = self.questions(&mut problem, slice, &items, &found.matters);
            next = found.next.map(|u| schema.vocabulary.full_name(u.fact()));
        } else {
            let fired = fired(slice, &states);
            possible.push(crate::resolve::outcome(slice, &fired));
        }
        let outcome = if let [only] = possible[..] { only } else { Outcome::Undetermined };
        let mut determination = self.shell(action, outcome, possible, missing, next, &ready);
        let read = |p: &Point| match schema.vocabulary.find(&p.fact) {
            Some(FactId::Scalar(slot)) => conditions(slice).any(|c| c.reads(slot)),
            _ => false,
        };
        determination.notes.extend(not_yet(self.law, action, &ready.facts));
        determination.settled.retain(read);
        determination.assumed.retain(read);
        self.explain_norms(&mut determination, slice, &states);
        determination.duties = self.duties(action, outcome, &ready);
        determination.clocks = self.clocks_of(action, outcome, &ready);
        Ok(determination)
    }

    fn shell(
        &self,
        action: ActionId,
        outcome: Outcome,
        possible: Vec<Outcome>,
        missing: Vec<Question>,
        next: Option<String>,
        ready: &Ready,
    ) -> Determination {
        let shown = &self.law.actions[action.0 as usize];
        Determination {
            bundle: self.law.digest.clone(),
            agency: AgencyShown {
                name: self.agency.name.clone(),
                kind: self.agency.kind.clone(),
                place: self.agency.place.clone(),
                ori: self.agency.ori.clone(),
            },
            on: self.on.to_string(),
            action: shown.id.clone(),
            action_says: shown.says.clone(),
            outcome,
            possible,
            because: Vec::new(),
            beside: Vec::new(),
            gave_way: Vec::new(),
            open: Vec::new(),
            missing,
            next,
            duties: Vec::new(),
            clocks: Vec::new(),
            settled: ready.settled.clone(),
            assumed: ready.assumed.clone(),
            coverage: self.coverage(),
            confidence: None,
            notes: ready.notes.clone(),
        }
    }

    /// Sorts the norms that surely fire into those that decide, those beside, and those that gave way; the open ones are listed where they matter.
    fn explain_norms(&self, determination: &mut Determination, slice: &Slice<'_>, states: &[State]) {
        let fired = fired(slice, states);
        let ways = given_way(slice, &fired);
        let decides = |modality: Modality| match determination.outcome {
            Outcome::Required => modality == Modality::Requires,
            Outcome::Forbidden => modality == Modality::Forbids,
            Outcome::Permitted => matches!(modality, Modality::Permits | Modality::Protects),
            Outcome::Conflict => modality != Modality::Permits,
            Outcome::Unregulated | Outcome::Undetermined => false,
        };
        for (f, ways) in fired.iter().zip(&ways) {
            let ground = self.ground(&slice.entries[f.entry], &states[f.entry]);
            if !ways.is_empty() {
                let to = ways.iter().map(|w| slice.entries[fired[*w].entry].id()).collect();
                let overridden = ways.iter().any(|w| slice.overrides.contains(&(fired[*w].entry, f.entry)));
                let why = if overridden { Way::Overridden } else { Way::HigherRank };
                determination.gave_way.push(GaveWay { ground, to, why });
            } else if decides(f.modality) {
                determination.because.push(ground);
            } else {
                determination.beside.push(ground);
            }
        }
        // A settled outcome has its open norms shown only where none of the sure ones decides: then one of these does, either way.
        let settled = determination.outcome != Outcome::Undetermined;
        if !settled || (determination.because.is_empty() && determination.outcome != Outcome::Unregulated) {
            for (entry, state) in slice.entries.iter().zip(states) {
                if *state == State::Open {
                    determination.open.push(self.ground(entry, state));
                }
            }
        }
        determination.confidence = determination.because.iter().map(|g| g.confidence).min();
    }

    fn ground(&self, entry: &Entry<'_>, state: &State) -> Ground {
        let (modality, exceptions) = match state {
            State::Fires(modality, exceptions) => (*modality, exceptions.as_slice()),
            _ => (entry.modality, &[][..]),
        };
        match entry.source {
            Source::Norm(instrument, norm) => {
                let by: Vec<_> = exceptions.iter().filter_map(|at| norm.exceptions.get(*at)).collect();
                let cite = if by.is_empty() {
                    norm.full_cite.clone()
                } else {
                    by.iter().map(|e| e.full_cite.as_str()).collect::<Vec<_>>().join("; ")
                };
                let says = by.iter().find_map(|e| e.says.clone()).unwrap_or_else(|| norm.says.clone());
                Ground {
                    norm: entry.id(),
                    cite,
                    title: instrument.title.clone(),
                    place: instrument.place.clone(),
                    rank: entry.rank,
                    modality,
                    by_exception: !by.is_empty(),
                    says,
                    confidence: norm.confidence,
                }
            }
            Source::Local(at) => Ground {
                norm: "local".to_owned(),
                cite: "local".to_owned(),
                title: "a norm that the case brings along".to_owned(),
                place: self.agency.place.clone(),
                rank: entry.rank,
                modality,
                by_exception: false,
                says: self.local.get(at).map(|l| l.text.clone()).unwrap_or_default(),
                confidence: comity_law::Confidence::Low,
            },
        }
    }

    /// The facts that matter as questions, each once, in the order of the law; fields of several elements are one question.
    fn questions(&self, problem: &mut Problem<'_>, slice: &Slice<'_>, items: &[MayFire], matters: &[Unknown]) -> Vec<Question> {
        let vocabulary = &self.law.schema.vocabulary;
        let mut questions: Vec<Question> = Vec::new();
        for unknown in matters {
            let id = unknown.fact();
            let name = vocabulary.full_name(id);
            let at = questions.iter().position(|q| q.fact == name).unwrap_or_else(|| {
                let fact = vocabulary.fact(id);
                let values = if let Declared::Enum(values) = &fact.declared { values.clone() } else { Vec::new() };
                questions.push(Question {
                    fact: name,
                    question: fact.question.clone(),
                    kind: fact.declared.name(),
                    values,
                    elements: Vec::new(),
                    why: Vec::new(),
                });
                questions.len() - 1
            });
            if let Unknown::Element(_, index, _) = unknown {
                questions[at].elements.push(*index);
            }
            for item in items {
                let id = slice.entries[item.entry].id();
                if !questions[at].why.contains(&id) && problem.mentions(item.when, *unknown) {
                    questions[at].why.push(id);
                }
            }
        }
        for question in &mut questions {
            question.elements.sort_unstable();
            question.elements.dedup();
        }
        questions
    }

    /// The facts with those that name the agency and the day, and with settled points.
    #[must_use]
    pub fn made_ready(&self, facts: &Facts) -> Facts {
        self.ready(facts, &Times::default()).facts
    }

    fn ready(&self, facts: &Facts, times: &Times) -> Ready {
        let mut ready =
            Ready { facts: facts.clone(), settled: Vec::new(), assumed: Vec::new(), notes: Vec::new(), moments: BTreeMap::new() };
        state_identity(&mut ready.facts, &self.law.schema, &self.agency, self.on);
        self.settle(&mut ready);
        self.read_times(&mut ready, times);
        ready.notes.extend(contradictions(self.law, &ready.facts));
        ready
    }

    /// Contested points: what the case assumes stands; else what a holding or presumption settles.
    fn settle(&self, ready: &mut Ready) {
        let vocabulary = &self.law.schema.vocabulary;
        for (at, fact) in vocabulary.scalars().iter().enumerate().filter(|(_, f)| f.name.starts_with("law.")) {
            let slot = Slot(at as u16);
            let id = FactId::Scalar(slot);
            let point = |value: String, cite: &str, says: &str| Point {
                fact: fact.name.clone(),
                value,
                question: fact.question.clone(),
                cite: cite.to_owned(),
                says: says.to_owned(),
            };
            let stated = ready.facts.scalar(slot);
            let mut found = self.settles.iter().filter(|(_, s)| s.fact == fact.name);
            if stated != Value::Unknown {
                let shown = ready.facts.show(vocabulary, id, stated);
                ready.assumed.push(point(shown.clone(), "", "the case assumes it"));
                if let Some((_, against)) = found.find(|(_, s)| text_of(&s.value) != shown) {
                    ready.notes.push(format!("the case assumes {} = {shown} against {}", fact.name, against.full_cite));
                }
                continue;
            }
            let settled: Vec<_> = found.collect();
            let Some((_, first)) = settled.first() else { continue };
            if settled.iter().any(|(_, s)| s.value != first.value) {
                ready.notes.push(format!("holdings disagree on {}: it stays open", fact.name));
                continue;
            }
            if let Ok(value) = ready.facts.parse(&self.law.schema, &fact.declared, &text_of(&first.value)) {
                ready.facts.set(slot, value);
                ready.settled.push(point(text_of(&first.value), &first.full_cite, &first.says));
            }
        }
    }

    /// Reads the moments, and counts the hours past release where the facts do not state them.
    fn read_times(&self, ready: &mut Ready, times: &Times) {
        let given = [
            (Moment::Request, &times.request),
            (Moment::Release, &times.release),
            (Moment::Action, &times.action),
            (Moment::Decision, &times.decision),
        ];
        if given.iter().all(|(_, text)| text.is_none()) {
            return;
        }
        let zone = zone_of(self.law, &self.agency.place);
        for (moment, text) in given {
            match text.as_deref().map(|t| parse_moment(t, &zone)) {
                Some(Ok(at)) => drop(ready.moments.insert(moment, at)),
                Some(Err(why)) => ready.notes.push(why.0),
                None => {}
            }
        }
        let (Some(release), Some(Ok(now))) = (ready.moments.get(&Moment::Release), times.now.as_deref().map(|t| parse_moment(t, &zone)))
        else {
            return;
        };
        let counted = [
            ("custody.hours_past_release", hours_between(release, &now, &[])),
            ("custody.countable_hours_past_release", hours_between(release, &now, &COUNTABLE)),
        ];
        for (name, hours) in counted {
            let Some(FactId::Scalar(slot)) = self.law.schema.vocabulary.find(name) else { continue };
            match ready.facts.scalar(slot) {
                Value::Unknown => ready.facts.set(slot, Value::Int(hours)),
                Value::Int(stated) if stated != hours => {
                    ready.notes.push(format!("{name} is stated as {stated}, but the moments give {hours}; the stated number is used"))
                }
                _ => {}
            }
        }
    }

    /// The duties of both courses, whatever the law says of the action: upon the request, upon doing it, upon declining it. A determination leaves out those of
    /// the course that its outcome excludes; who takes that course all the same owes them. What a law attaches to the departure itself is no duty of either.
    #[must_use]
    pub fn duties_either_way(&self, action: ActionId, facts: &Facts, times: &Times) -> Vec<DueDuty> {
        self.duties(action, Outcome::Permitted, &self.ready(facts, times))
    }

    fn duties(&self, action: ActionId, outcome: Outcome, ready: &Ready) -> Vec<DueDuty> {
        let mut due: Vec<DueDuty> = Vec::new();
        for (instrument, duty) in &self.duties {
            if !duty.actions.is_empty() && !duty.actions.contains(&action) {
                continue;
            }
            let status = match duty.upon {
                Upon::Request => DutyStatus::Due,
                Upon::Period => DutyStatus::Regularly,
                Upon::Action if outcome == Outcome::Forbidden => continue,
                Upon::Action if outcome == Outcome::Required => DutyStatus::Due,
                Upon::Action => DutyStatus::IfTaken,
                Upon::Refusal if outcome == Outcome::Required => continue,
                Upon::Refusal if outcome == Outcome::Forbidden => DutyStatus::Due,
                Upon::Refusal => DutyStatus::IfDeclined,
            };
            let Some((_, missing)) = self.holds(&[instrument.applies.as_ref(), Some(&duty.when)], ready) else { continue };
            due.push(DueDuty {
                duty: format!("{}#{}", instrument.id, duty.id),
                cite: duty.full_cite.clone(),
                says: duty.says.clone(),
                status,
                by: duty.by.clone().unwrap_or_else(|| AGENCY.to_owned()),
                to: duty.to.clone(),
                within: duty.within.as_ref().map(in_words),
                deadline: duty.within.as_ref().and_then(|w| deadline(w, ready)),
                missing,
                confidence: duty.confidence,
            });
        }
        due.sort_by(|a, b| (a.status, &a.duty).cmp(&(b.status, &b.duty)));
        due
    }

    fn clocks_of(&self, action: ActionId, outcome: Outcome, ready: &Ready) -> Vec<ClockRunning> {
        let mut running = Vec::new();
        for (instrument, clock) in self.clocks.iter().filter(|(_, c)| c.actions.contains(&action) && outcome != Outcome::Unregulated) {
            let Some((certain, _)) = self.holds(&[instrument.applies.as_ref(), Some(&clock.when)], ready) else { continue };
            running.push(ClockRunning {
                clock: format!("{}#{}", instrument.id, clock.id),
                cite: clock.full_cite.clone(),
                says: clock.says.clone(),
                within: in_words(&clock.within),
                ends: deadline(&clock.within, ready),
                certain,
            });
        }
        running
    }

    /// Whether conditions hold together: `None` for no, else whether it is certain and the facts that would settle it.
    fn holds(&self, conditions: &[Option<&When>], ready: &Ready) -> Option<(bool, Vec<String>)> {
        let whole = conditions.iter().flatten().fold(Condition::always(), |all, when| all.and(&when.condition));
        let schema = &self.law.schema;
        match whole.truth(&schema.vocabulary, &ready.facts) {
            Truth::True => return Some((true, Vec::new())),
            Truth::False => return None,
            Truth::Unknown => {}
        }
        let mut problem = Problem::new(schema, &ready.facts, std::iter::once(&whole)).counting_alike(std::iter::once(&whole));
        let yes = problem.residual(&whole);
        let no = problem.not(yes);
        let Ok(found) = problem.explore(&[yes, no], Budget::default()) else { return Some((false, Vec::new())) };
        if !found.possible[0] {
            return None;
        }
        let mut names: Vec<String> = found.matters.iter().map(|u| schema.vocabulary.full_name(u.fact())).collect();
        names.dedup();
        Some((!found.possible[1], names))
    }
}

fn deadline(within: &Within, ready: &Ready) -> Option<String> {
    let Within::Time { of, .. } = within else { return None };
    let end = end_of(within, ready.moments.get(of)?)?;
    Some(end.strftime("%Y-%m-%dT%H:%M%:z").to_string())
}

fn text_of(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Every condition that a slice may ask about.
pub(crate) fn conditions<'s>(slice: &'s Slice<'_>) -> impl Iterator<Item = &'s Condition> {
    slice.entries.iter().flat_map(|e| std::iter::once(&e.when).chain(e.unless.iter().map(|u| &u.when)))
}

fn fired(slice: &Slice<'_>, states: &[State]) -> Vec<Fired> {
    let one = |(at, state): (usize, &State)| match state {
        State::Fires(modality, _) => Some(Fired { entry: at, modality: *modality, rank: slice.entries[at].rank }),
        _ => None,
    };
    states.iter().enumerate().filter_map(one).collect()
}

/// When each norm fires as itself, and when by its exceptions.
pub(crate) fn may_fire(problem: &mut Problem<'_>, slice: &Slice<'_>) -> Vec<MayFire> {
    let mut items = Vec::new();
    for (at, entry) in slice.entries.iter().enumerate() {
        let when = problem.residual(&entry.when);
        if when == Formula::FALSE {
            continue;
        }
        let (mut ends, mut permits) = (Vec::new(), Vec::new());
        for unless in &entry.unless {
            let holds = problem.residual(&unless.when);
            if entry.modality == Modality::Forbids && !unless.silent { permits.push(holds) } else { ends.push(holds) }
        }
        let permitted = problem.or(&permits);
        let ended = problem.or(&ends);
        let neither = problem.or(&[permitted, ended]);
        let neither = problem.not(neither);
        let itself = problem.and(&[when, neither]);
        let turned = problem.and(&[when, permitted]);
        for (modality, when) in [(entry.modality, itself), (Modality::Permits, turned)] {
            if when != Formula::FALSE {
                items.push(MayFire { entry: at, modality, rank: entry.rank, when });
            }
        }
    }
    items
}
