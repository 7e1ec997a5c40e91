//! What tells two rows apart, as far as a program can: rows with one key have one determination.

use crate::bits::{Planes, ones, transpose};
use crate::column::Column;
use crate::compile::{ElementAtom, Program};
use crate::day::Packed;
use crate::word::Run;
use comity_logic::{Bound, Field, ListId, Slot, Test, Value, Vocabulary};

/// How the keys of a program are made.
///
/// A key holds the answer of every test of the row and of each of its elements. That is all a determination turns on, but for the order of days: of a date that is
/// not known it matters which of the days it is compared with come first. Where that order can differ between rows, it is in the key too.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    /// Between two of these days of the case the order of fixed days and windows is one.
    turns: Vec<Packed>,
    /// Facts that go into the key as they are.
    raw: Vec<Slot>,
    /// Fields that go into the key as they are: of every row, or only where a row has several elements.
    raw_fields: Vec<(ListId, Field, bool)>,
    lists: Vec<(ListId, Option<Slot>, Vec<usize>)>,
}

impl Keys {
    pub(crate) fn new(program: &Program) -> Self {
        let code = &program.code;
        let mut keys = Self { turns: code.turns(), raw: Vec::new(), raw_fields: Vec::new(), lists: Vec::new() };
        for count in &code.counts {
            if !keys.lists.iter().any(|(list, ..)| *list == count.list) {
                let of_list = code.element_atoms.iter().enumerate().filter(|(_, a)| a.list() == count.list).map(|(at, _)| at).collect();
                keys.lists.push((count.list, count.complete, of_list));
            }
        }
        // Windows that are not counted back from the day of the case in whole years.
        let tests: Vec<_> = code.tests().collect();
        for (field, slot, test) in &tests {
            let (Test::From(Bound::Back { anchor, days, .. }) | Test::After(Bound::Back { anchor, days, .. })) = test else { continue };
            if *anchor == Vocabulary::ON && *days == 0 {
                continue;
            }
            // A window back from a date that no row knows compares with nothing else: then the order of its ends is the same for any one element.
            let apart = |other: &Test| matches!(other, Test::From(Bound::Back { anchor: a, .. }) | Test::After(Bound::Back { anchor: a, .. }) if a == anchor);
            let alone = *days == 0
                && code.atoms.iter().all(|a| a.slot != *anchor)
                && tests.iter().filter(|(f, s, _)| (f, s) == (field, slot)).all(|(_, _, other)| apart(other));
            keys.window(field.map(|f| (f, alone)), *slot, *anchor, alone);
        }
        for atom in &code.element_atoms {
            let ElementAtom::Window(window) = atom else { continue };
            let others = code.tests().any(|(field, slot, _)| field == Some((window.list, window.date)) || slot == Some(window.anchor));
            keys.window(Some(((window.list, window.date), !others)), None, window.anchor, !others);
            keys.raw_fields.push((window.list, window.by, false));
        }
        keys.raw.sort_unstable();
        keys.raw.dedup();
        keys.raw_fields.sort_unstable();
        keys.raw_fields.dedup();
        keys
    }

    fn window(&mut self, field: Option<((ListId, Field), bool)>, slot: Option<Slot>, anchor: Slot, alone: bool) {
        if let Some(((list, field), alone)) = field {
            self.raw_fields.push((list, field, alone));
        }
        self.raw.extend(slot);
        self.raw.push(anchor);
        if !alone {
            self.raw.push(Vocabulary::ON);
        }
    }

    /// The keys of some rows of the word at which the run stands.
    pub(crate) fn of(&self, run: &mut Run<'_>, word: usize, rows: u64, mut each: impl FnMut(usize, &[u64])) {
        let columns = run.columns;
        let atoms = run.atoms();
        // 32 tests with two planes each make a block.
        let mut blocks: Vec<[u64; 64]> = Vec::with_capacity(atoms.div_ceil(32));
        for from in (0..atoms).step_by(32) {
            let mut block = [0u64; 64];
            for at in from..(from + 32).min(atoms) {
                let Planes { yes, no } = run.atom(at);
                block[2 * (at - from)] = yes;
                block[2 * (at - from) + 1] = no;
            }
            transpose(&mut block);
            blocks.push(block);
        }
        let complete: Vec<u64> = self.lists.iter().map(|(_, complete, _)| !run.is_false(*complete)).collect();
        let answered: Vec<(usize, Vec<Vec<Planes>>)> =
            self.lists.iter().map(|(list, _, tests)| of_elements(run, *list, tests, word)).collect();
        let mut key: Vec<u64> = Vec::with_capacity(16);
        for bit in ones(rows) {
            let row = word * 64 + bit;
            key.clear();
            key.extend(blocks.iter().map(|block| block[bit]));
            if !self.turns.is_empty() {
                let day = columns.day(Vocabulary::ON, row).map(crate::day::pack);
                key.push(day.map_or(u64::MAX, |day| self.turns.partition_point(|t| *t <= day) as u64));
            }
            key.extend(self.raw.iter().map(|slot| columns.scalars[slot.0 as usize].as_ref().map_or(u64::MAX, |c| raw(c, row))));
            for (((list, ..), complete), (first, answered)) in self.lists.iter().zip(&complete).zip(&answered) {
                let Some(elements) = &columns.lists[list.0 as usize] else { continue };
                let range = elements.of(row);
                let flags = elements.given[word] >> bit & 1 | (complete >> bit & 1) << 1;
                key.push(flags | (range.len() as u64) << 2);
                let several = range.len() > 1;
                for element in range {
                    for tests in answered.chunks(32) {
                        let mut answers = 0u64;
                        for (at, planes) in tests.iter().enumerate() {
                            let planes = planes[element / 64 - first];
                            answers |= (planes.yes >> (element % 64) & 1) << (2 * at) | (planes.no >> (element % 64) & 1) << (2 * at + 1);
                        }
                        key.push(answers);
                    }
                    for (of, field, only_several) in &self.raw_fields {
                        if of == list && (several || !only_several) {
                            let column = elements.fields.get(field.0 as usize).and_then(Option::as_ref);
                            key.push(column.map_or(u64::MAX, |c| raw(c, element)));
                        }
                    }
                }
            }
            each(bit, &key);
        }
    }
}

/// The answers of a list's tests for all elements of a word of rows: for each test the words of elements, and which is the first.
fn of_elements(run: &Run<'_>, list: ListId, tests: &[usize], word: usize) -> (usize, Vec<Vec<Planes>>) {
    let Some(elements) = &run.columns.lists[list.0 as usize] else { return (0, Vec::new()) };
    let last = (word * 64 + 63).min(run.columns.rows().saturating_sub(1));
    let range = elements.of(word * 64).start..elements.of(last).end;
    let words = range.start / 64..range.end.div_ceil(64);
    (words.start, tests.iter().map(|test| words.clone().map(|w| run.element(*test, elements, w, u64::MAX)).collect()).collect())
}

/// A value as a number.
fn raw(column: &Column, at: usize) -> u64 {
    match (column, column.value(at)) {
        (Column::Days(days), _) => days[at] as u32 as u64,
        (_, Value::Int(n)) => n as u64,
        (_, Value::Bool(b)) => u64::from(b),
        (_, Value::Enum(e)) => u64::from(e),
        (_, Value::Text(t)) => u64::from(t),
        (_, Value::Date(_) | Value::Unknown) => u64::MAX,
    }
}
