//! Every row under the law of its day and place, or of another.

use super::checkpoint::Checkpoint;
use super::facts::{Mapper, assumed};
use super::places::{Placed, Places, jailer};
use super::table::Table;
use comity_columns::{Answer, AnswerId, Columns, Decider, Program, TooLarge, Varying};
use comity_engine::{AgencyError, AgencyRef, Stacks};
use comity_law::{ActionId, Law};
use comity_logic::{Date, FactId, Facts, Slot, Value};
use rustc_hash::FxHashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The row was not decided.
const NOT: u32 = u32::MAX;

/// What is asked of the rows.
#[derive(Clone, Debug)]
pub struct Options {
    /// The actions; each row is decided for each.
    pub actions: Vec<ActionId>,
    /// The law of this day instead of the row's.
    pub as_of: Option<Date>,
    /// The law of this place instead of the row's.
    pub if_place: Option<String>,
    /// Facts stated, or with [`Value::Unknown`] taken back, for every row.
    pub set: Vec<(Slot, Value)>,
    /// The texts of those facts.
    pub texts: Facts,
    /// How many threads decide.
    pub threads: usize,
    /// How many rows are decided between one entry of the checkpoint and the next, at least 1. Fewer lose less at an interrupt, and take longer.
    pub chunk: usize,
}

impl Options {
    /// The law of each row's own day and place.
    #[must_use]
    pub fn new(law: &Law, actions: Vec<ActionId>) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Self { actions, as_of: None, if_place: None, set: Vec::new(), texts: Facts::new(&law.schema.vocabulary), threads, chunk: 131_072 }
    }
}

/// Why a replay ended early.
#[derive(Debug)]
pub enum Stopped {
    /// It was asked to, after so many rows.
    Interrupted(usize),
    /// A slice of the law is too large for columns.
    TooLarge(TooLarge),
    /// The place of `--if-place` does not exist.
    Agency(AgencyError),
    /// The checkpoint cannot be written.
    Checkpoint(std::io::Error),
}

impl std::fmt::Display for Stopped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Interrupted(rows) => write!(f, "interrupted after {rows} rows"),
            Self::TooLarge(error) => error.fmt(f),
            Self::Agency(error) => error.fmt(f),
            Self::Checkpoint(error) => write!(f, "the checkpoint cannot be written: {error}"),
        }
    }
}

impl std::error::Error for Stopped {}

/// The answers of a replay.
#[derive(Clone, Debug, Default)]
pub struct Decided {
    /// The distinct answers.
    pub answers: Vec<Answer>,
    /// For each action the answer of each row, by its position; `u32::MAX` where the row was not decided.
    pub ids: Vec<Vec<u32>>,
    known: FxHashMap<Answer, u32>,
}

impl Decided {
    /// The answer of a row to the action at this position.
    #[must_use]
    pub fn answer(&self, action: usize, row: usize) -> Option<&Answer> {
        self.answers.get(*self.ids.get(action)?.get(row)? as usize)
    }

    pub(crate) fn keep(&mut self, answer: &Answer) -> u32 {
        if let Some(id) = self.known.get(answer) {
            return *id;
        }
        let id = self.answers.len() as u32;
        self.answers.push(answer.clone());
        self.known.insert(answer.clone(), id);
        id
    }
}

/// A replay of a table.
#[derive(Debug)]
pub struct Replay<'a> {
    law: &'a Law,
    places: &'a Places,
    options: &'a Options,
    stacks: Stacks<'a>,
    mapper: Mapper<'a>,
    /// Columns of no rows that hold the dictionary of texts.
    texts: Columns,
    varying: Varying,
    /// The agency of each facility.
    agencies: Vec<Option<AgencyRef>>,
    agency_ids: Vec<u32>,
    /// One for each distinct program.
    deciders: Vec<Mutex<Decider<'a>>>,
    programs: FxHashMap<Program, usize>,
    /// The deciders of the actions for an agency and a run of days without a change of the law.
    groups: FxHashMap<(u32, usize), u32>,
    sets: Vec<Vec<usize>>,
    set_ids: FxHashMap<Vec<usize>, u32>,
}

impl<'a> Replay<'a> {
    /// A replay that has decided nothing yet.
    #[must_use]
    pub fn new(law: &'a Law, table: &'a Table, places: &'a Places, options: &'a Options) -> Self {
        let vocabulary = &law.schema.vocabulary;
        let mut texts = Columns::new(vocabulary, 0);
        let set: Vec<Slot> = options.set.iter().map(|(slot, _)| *slot).collect();
        let mapper = Mapper::new(table, law, &mut texts, &set);
        let (scalars, lists) = mapper.varying();
        let agencies: Vec<Option<AgencyRef>> =
            places.facilities.iter().map(|f| agency_of(&f.placed, options.if_place.as_deref())).collect();
        let mut known: FxHashMap<&AgencyRef, u32> = FxHashMap::default();
        let agency_ids = agencies
            .iter()
            .map(|a| {
                a.as_ref().map_or(NOT, |a| {
                    let next = known.len() as u32;
                    *known.entry(a).or_insert(next)
                })
            })
            .collect();
        Self {
            law,
            places,
            options,
            stacks: Stacks::new(law),
            mapper,
            texts,
            varying: Varying::new(vocabulary, &scalars, &lists),
            agency_ids,
            agencies,
            deciders: Vec::new(),
            programs: FxHashMap::default(),
            groups: FxHashMap::default(),
            sets: Vec::new(),
            set_ids: FxHashMap::default(),
        }
    }

    /// The agency of a row, as it is decided.
    #[must_use]
    pub fn agency(&self, row: usize) -> Option<&AgencyRef> {
        self.agencies.get(*self.places.of_row.get(row)? as usize)?.as_ref()
    }

    /// The day of a row, as it is decided.
    #[must_use]
    pub fn day(&self, row: usize) -> Option<Date> {
        self.options.as_of.or_else(|| self.mapper.day(row))
    }

    /// How many searches the single path made.
    #[must_use]
    pub fn searches(&self) -> usize {
        self.deciders.iter().map(|d| d.lock().map_or(0, |d| d.searches())).sum()
    }

    /// How many programs answer all rows.
    #[must_use]
    pub fn programs(&self) -> usize {
        self.deciders.len()
    }

    /// Decides the rows that the checkpoint does not have yet. `tick` is told how many are done; where it says `false`, the replay ends.
    ///
    /// # Errors
    /// [`Stopped`] says where and why it ended; what was done is in the checkpoint.
    pub fn run(&mut self, checkpoint: &mut Checkpoint, mut tick: impl FnMut(usize) -> bool) -> Result<Decided, Stopped> {
        let rows = self.places.of_row.len();
        let mut decided = checkpoint.take();
        decided.ids.resize(self.options.actions.len(), Vec::new());
        let mut done = decided.ids.first().map_or(0, Vec::len);
        while done < rows {
            if !tick(done) {
                return Err(Stopped::Interrupted(done));
            }
            let to = (done + self.options.chunk.max(1)).min(rows);
            let before = decided.answers.len();
            self.chunk(done..to, &mut decided)?;
            checkpoint.add(&decided, before, done..to).map_err(Stopped::Checkpoint)?;
            done = to;
        }
        tick(rows);
        Ok(decided)
    }

    fn chunk(&mut self, rows: std::ops::Range<usize>, decided: &mut Decided) -> Result<(), Stopped> {
        decided.ids.iter_mut().for_each(|ids| ids.resize(rows.end, NOT));
        // Rows of one set of programs together.
        let mut of_set: Vec<Vec<u32>> = vec![Vec::new(); self.sets.len()];
        for row in rows {
            let facility = self.places.of_row[row] as usize;
            let (Some(day), true) = (self.day(row), self.agency_ids[facility] != NOT) else { continue };
            let set = self.set_of(facility, day)? as usize;
            if of_set.len() <= set {
                of_set.resize(set + 1, Vec::new());
            }
            of_set[set].push(row as u32);
        }
        let work: Vec<(usize, &Vec<u32>)> = of_set.iter().enumerate().filter(|(_, rows)| !rows.is_empty()).collect();
        let next = AtomicUsize::new(0);
        let this = &*self;
        let results: Vec<Vec<(usize, Vec<Vec<AnswerId>>)>> = std::thread::scope(|scope| {
            let one = || {
                let mut found = Vec::new();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some((set, rows)) = work.get(at) else { return found };
                    found.push((at, this.decide(*set, rows)));
                }
            };
            let threads: Vec<_> = (1..this.options.threads.max(1)).map(|_| scope.spawn(one)).collect();
            let mut all = vec![one()];
            all.extend(threads.into_iter().filter_map(|t| t.join().ok()));
            all
        });
        for (at, answers) in results.into_iter().flatten() {
            let Some((set, rows)) = work.get(at) else { continue };
            for (action, ids) in answers.into_iter().enumerate() {
                let decider = self.sets[*set][action];
                let Ok(decider) = self.deciders[decider].lock() else { continue };
                let global: Vec<u32> = decider.answers().iter().map(|a| decided.keep(a)).collect();
                for (row, id) in rows.iter().zip(ids) {
                    decided.ids[action][*row as usize] = global[id.0 as usize];
                }
            }
        }
        Ok(())
    }

    /// Decides rows of one set of programs, for each action.
    fn decide(&self, set: usize, rows: &[u32]) -> Vec<Vec<AnswerId>> {
        let vocabulary = &self.law.schema.vocabulary;
        let mut columns = self.texts.resized(rows.len());
        for (at, row) in rows.iter().enumerate() {
            if let Some(day) = self.day(*row as usize) {
                self.mapper.fill(vocabulary, &mut columns, at, *row as usize, day);
            }
        }
        let deciders = &self.sets[set];
        deciders.iter().map(|d| self.deciders[*d].lock().map(|mut d| d.decide(&columns)).unwrap_or_default()).collect()
    }

    /// The programs that answer rows of a facility on a day.
    fn set_of(&mut self, facility: usize, day: Date) -> Result<u32, Stopped> {
        let run = self.stacks.changes().partition_point(|d| *d <= day);
        let key = (self.agency_ids[facility], run);
        if let Some(set) = self.groups.get(&key) {
            return Ok(*set);
        }
        let Some(agency) = self.agencies[facility].clone() else { return Ok(0) };
        let stack = self.stacks.get(&agency, day).map_err(Stopped::Agency)?.clone();
        let mut shared = assumed(self.law, &self.options.set, &self.options.texts);
        let vocabulary = &self.law.schema.vocabulary;
        if let Some(FactId::Scalar(slot)) = vocabulary.find("agency.operates_jail")
            && matches!(agency.kind.as_str(), "sheriff" | "jail")
            && !self.options.set.iter().any(|(s, _)| *s == slot)
        {
            shared.set(slot, Value::Bool(true));
        }
        let mut of_actions = Vec::with_capacity(self.options.actions.len());
        for action in &self.options.actions {
            let program = Program::new(&stack, *action, &shared, &self.varying).map_err(Stopped::TooLarge)?;
            let next = self.deciders.len();
            let at = *self.programs.entry(program.clone()).or_insert(next);
            if at == next {
                self.deciders.push(Mutex::new(Decider::new(&stack, program)));
            }
            of_actions.push(at);
        }
        let next = self.sets.len() as u32;
        let set = *self.set_ids.entry(of_actions.clone()).or_insert(next);
        if set == next {
            self.sets.push(of_actions);
        }
        self.groups.insert(key, set);
        Ok(set)
    }
}

/// The agency that is asked: the facility's own, or one of the place that is put in its place.
fn agency_of(placed: &Placed, if_place: Option<&str>) -> Option<AgencyRef> {
    let own = match placed {
        Placed::Agency { agency, .. } => Some(agency),
        Placed::Federal => return None,
        Placed::Ambiguous { .. } | Placed::Contradictory { .. } => None,
    };
    match (if_place, own) {
        (None, own) => own.cloned(),
        // A state: its law on an agency of the same kind.
        (Some(place), own) if !place.contains('/') => {
            let kind = own.map_or("jail", |a| a.kind.as_str()).to_owned();
            Some(AgencyRef { name: format!("an agency of {place}"), kind, place: place.to_owned(), ori: None })
        }
        (Some(place), Some(own)) if own.kind == "state-corrections" => {
            let state = place.get(..5).unwrap_or(place);
            Some(AgencyRef { name: format!("the prisons of {state}"), kind: own.kind.clone(), place: state.to_owned(), ori: None })
        }
        (Some(place), _) => Some(jailer(place, &format!("the jail of {place}"))),
    }
}
