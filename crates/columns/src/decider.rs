//! Every row settled: over columns where the facts suffice, by the search of the single path once for all rows that it would answer alike.

use crate::column::Columns;
use crate::compile::Program;
use crate::key::Keys;
use crate::resolve::{Answers, NONE};
use crate::word::Run;
use comity_engine::Stack;
use comity_law::Outcome;
use comity_logic::{Budget, Vocabulary};
use rustc_hash::FxHashMap;

/// The position of an answer in [`Decider::answers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AnswerId(pub u32);

/// What the law says of a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Answer {
    /// The outcome.
    pub outcome: Outcome,
    /// The outcomes that are possible; one, unless it is undetermined. None where the search did not end within its budget.
    pub possible: Vec<Outcome>,
    /// The norm that decides; all of them where two contradict each other or where a search was needed.
    pub norms: Vec<String>,
    /// The facts whose answer can still change the outcome.
    pub missing: Vec<String>,
}

/// One action of a stack, for any number of rows.
#[derive(Debug)]
pub struct Decider<'l> {
    stack: Stack<'l>,
    program: Program,
    keys: Keys,
    budget: Budget,
    answers: Vec<Answer>,
    /// Settled answers by outcome and norm.
    settled: FxHashMap<(u8, u8), AnswerId>,
    searched: FxHashMap<Box<[u64]>, AnswerId>,
}

impl<'l> Decider<'l> {
    /// A decider that has answered nothing yet.
    #[must_use]
    pub fn new(stack: &Stack<'l>, program: Program) -> Self {
        let keys = Keys::new(&program);
        Self {
            stack: stack.clone(),
            program,
            keys,
            budget: Budget::default(),
            answers: Vec::new(),
            settled: FxHashMap::default(),
            searched: FxHashMap::default(),
        }
    }

    /// The answers that rows have got so far.
    #[must_use]
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// How many searches the single path has made.
    #[must_use]
    pub fn searches(&self) -> usize {
        self.searched.len()
    }

    /// The answer of every row.
    pub fn decide(&mut self, columns: &Columns) -> Vec<AnswerId> {
        let mut ids = vec![AnswerId(0); columns.rows()];
        let (program, keys) = (self.program.clone(), self.keys.clone());
        let mut run = Run::new(&program, columns);
        let (mut outcomes, mut by) = ([0u8; 64], [0u8; 64]);
        // Most rows have the answer of some row before: by outcome and norm, without a look into a map.
        let mut known = vec![u32::MAX; 6 * 256];
        for (word, ids) in ids.chunks_mut(64).enumerate() {
            run.begin(word);
            let found = program.word(&mut run);
            found.write(&mut outcomes[..ids.len()], &mut by[..ids.len()]);
            for (id, (outcome, by)) in ids.iter_mut().zip(outcomes.iter().zip(&by)) {
                let at = usize::from(*outcome) * 256 + usize::from(*by);
                if known[at] == u32::MAX && usize::from(*outcome) < 4 {
                    known[at] = self.of_norm(*outcome, *by).0;
                }
                *id = AnswerId(known[at]);
            }
            let rest = found.unsettled | found.conflict;
            if rest != 0 {
                keys.of(&mut run, word, rest, |bit, key| ids[bit] = self.of_key(columns, word * 64 + bit, key));
            }
        }
        ids
    }

    fn of_norm(&mut self, outcome: u8, by: u8) -> AnswerId {
        if let Some(id) = self.settled.get(&(outcome, by)) {
            return *id;
        }
        let outcome_said = Answers::OUTCOMES.get(usize::from(outcome)).copied().unwrap_or(Outcome::Undetermined);
        let norm = self.program.code.norms.get(usize::from(by)).filter(|_| by != NONE);
        let answer = Answer {
            outcome: outcome_said,
            possible: vec![outcome_said],
            norms: norm.map(|n| n.id.clone()).into_iter().collect(),
            missing: Vec::new(),
        };
        let id = self.keep(answer);
        self.settled.insert((outcome, by), id);
        id
    }

    fn of_key(&mut self, columns: &Columns, row: usize, key: &[u64]) -> AnswerId {
        if let Some(id) = self.searched.get(key) {
            return *id;
        }
        let answer = self.search(columns, row);
        let at = self.answers.iter().position(|a| *a == answer);
        let id = at.map_or_else(|| self.keep(answer), |at| AnswerId(at as u32));
        self.searched.insert(key.into(), id);
        id
    }

    fn keep(&mut self, answer: Answer) -> AnswerId {
        self.answers.push(answer);
        AnswerId((self.answers.len() - 1) as u32)
    }

    /// The answer of the single path.
    fn search(&mut self, columns: &Columns, row: usize) -> Answer {
        let vocabulary = &self.stack.law.schema.vocabulary;
        let facts = columns.row(vocabulary, row, &self.program.shared);
        if let Some(day) = columns.day(Vocabulary::ON, row) {
            self.stack.on = day;
        }
        match self.stack.decide_within(self.program.action(), &facts, &Default::default(), self.budget) {
            Ok(found) => Answer {
                outcome: found.outcome,
                norms: found.because.iter().map(|g| g.norm.clone()).collect(),
                missing: found.missing.iter().map(|q| q.fact.clone()).collect(),
                possible: found.possible,
            },
            Err(_) => Answer { outcome: Outcome::Undetermined, possible: Vec::new(), norms: Vec::new(), missing: Vec::new() },
        }
    }

    /// An answer by its position.
    #[must_use]
    pub fn answer(&self, id: AnswerId) -> Option<&Answer> {
        self.answers.get(id.0 as usize)
    }
}
