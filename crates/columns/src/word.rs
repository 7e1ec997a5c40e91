//! A program's conditions in 64 rows at once.

use crate::bits::{Planes, low, ones};
use crate::column::{Column, Columns, Elements};
use crate::compile::{Atom, ElementAtom, Expr, Program};
use crate::day::{self, Packed};
use comity_logic::{Bound, Slot, Test, Truth, Value};

/// What a text of the dictionary answers to a test: bit 0 yes, bit 1 no.
type Answered = Vec<u8>;

/// A program at work on columns, one word at a time; within a word each test is made once.
pub(crate) struct Run<'a> {
    program: &'a Program,
    pub(crate) columns: &'a Columns,
    texts: Vec<Answered>,
    element_texts: Vec<Answered>,
    word: usize,
    atoms: Vec<Option<Planes>>,
    /// Rows for which each count was made, and what it gave.
    counts: Vec<(u64, Planes)>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(program: &'a Program, columns: &'a Columns) -> Self {
        let answered = |column: Option<&Column>, test: &Test| -> Answered {
            let Some(Column::Texts(values)) = column else { return Vec::new() };
            let most = values.iter().filter(|v| **v != u32::MAX).max().map_or(0, |m| m + 1);
            let one = |at| match test.on(Value::Text(at), &columns.texts) {
                Truth::True => 1,
                Truth::False => 2,
                Truth::Unknown => 0,
            };
            (0..most).map(one).collect()
        };
        let texts = program.code.atoms.iter().map(|a| answered(columns.scalars[a.slot.0 as usize].as_ref(), &a.test)).collect();
        let element_texts = program.code.element_atoms.iter().map(|a| match a {
            ElementAtom::Field(list, field, test) => {
                let column = columns.lists[list.0 as usize].as_ref().and_then(|l| l.fields.get(field.0 as usize)?.as_ref());
                answered(column, test)
            }
            ElementAtom::Window(_) => Vec::new(),
        });
        Self {
            program,
            columns,
            texts,
            element_texts: element_texts.collect(),
            word: 0,
            atoms: vec![None; program.code.atoms.len()],
            counts: vec![(0, Planes::default()); program.code.counts.len()],
        }
    }

    /// Turns to another word.
    pub(crate) fn begin(&mut self, word: usize) {
        self.word = word;
        self.atoms.fill(None);
        self.counts.fill((0, Planes::default()));
    }

    /// How many tests of facts of the row the program makes.
    pub(crate) fn atoms(&self) -> usize {
        self.atoms.len()
    }

    /// The rows of the word that there are.
    pub(crate) fn live(&self) -> u64 {
        low(self.columns.rows().saturating_sub(self.word * 64))
    }

    /// The truth of a condition in the rows asked for; bits of other rows mean nothing.
    pub(crate) fn eval(&mut self, expr: &Expr, asked: u64) -> Planes {
        match expr {
            Expr::Is(Truth::True) => Planes { yes: u64::MAX, no: 0 },
            Expr::Is(Truth::False) => Planes { yes: 0, no: u64::MAX },
            // An element's test has no meaning outside a count.
            Expr::Is(Truth::Unknown) | Expr::Element(_) => Planes::default(),
            Expr::Row(at) => self.atom(usize::from(*at)),
            Expr::Count(at) => self.count(usize::from(*at), asked),
            Expr::Not(inner) => self.eval(inner, asked).not(),
            Expr::And(parts) => {
                let (mut yes, mut no) = (u64::MAX, 0);
                for part in parts {
                    let open = asked & !no;
                    if open == 0 {
                        break;
                    }
                    let found = self.eval(part, open);
                    yes &= found.yes;
                    no |= found.no & open;
                }
                Planes { yes: yes & !no, no }
            }
            Expr::Or(parts) => {
                let (mut yes, mut no) = (0, u64::MAX);
                for part in parts {
                    let open = asked & !yes;
                    if open == 0 {
                        break;
                    }
                    let found = self.eval(part, open);
                    no &= found.no;
                    yes |= found.yes & open;
                }
                Planes { yes, no: no & !yes }
            }
        }
    }

    /// A test of a fact in all rows of the word.
    #[inline]
    pub(crate) fn atom(&mut self, at: usize) -> Planes {
        if let Some(known) = self.atoms[at] {
            return known;
        }
        let found = self.test(&self.program.code.atoms[at], &self.texts[at]);
        self.atoms[at] = Some(found);
        found
    }

    fn test(&self, atom: &Atom, texts: &Answered) -> Planes {
        let columns = self.columns;
        let from = self.word * 64;
        let to = (from + 64).min(columns.rows());
        let anchor = |slot: Slot, row: usize| self.anchor(slot, row);
        let (Test::From(bound) | Test::After(bound)) = &atom.test else {
            return columns.scalars[atom.slot.0 as usize]
                .as_ref()
                .map_or_else(Planes::default, |c| of_values(c, &atom.test, self.word, from..to, texts));
        };
        let after = matches!(atom.test, Test::After(_));
        match (columns.scalars[atom.slot.0 as usize].as_ref(), atom.same) {
            (_, Some(same)) => of_days(|_| same, after, *bound, from..to, anchor),
            (Some(Column::Days(days)), None) => match bound {
                Bound::Day(day) => of_days_since(&days[from..to], day::pack(*day) + i32::from(after)),
                Bound::Back { .. } => of_days(|row| days[row], after, *bound, from..to, anchor),
            },
            _ => Planes::default(),
        }
    }

    /// The date of the row that a window is counted back from.
    #[inline]
    fn anchor(&self, slot: Slot, row: usize) -> Packed {
        match &self.columns.scalars[slot.0 as usize] {
            Some(Column::Days(days)) => days[row],
            _ => match self.program.shared.scalar(slot) {
                Value::Date(day) => day::pack(day),
                _ => day::UNKNOWN,
            },
        }
    }

    /// Whether at least so many elements satisfy the body, in the rows asked for.
    fn count(&mut self, at: usize, asked: u64) -> Planes {
        let asked = asked & self.live();
        let (done, mut found) = self.counts[at];
        let open = asked & !done;
        if open == 0 {
            return found;
        }
        let program = self.program;
        let count = &program.code.counts[at];
        let columns = self.columns;
        let Some(elements) = &columns.lists[count.list.0 as usize] else { return Planes::default() };
        let complete = elements.given[self.word] & !self.is_false(count.complete);
        let filled = elements.filled[self.word];
        // Rows without elements have none that satisfies it, if the list is known to be complete.
        found.no |= if count.least > 0 { open & !filled & complete } else { 0 };
        let mut rows = open & filled;
        let mut body: Option<(usize, Planes)> = None;
        while rows != 0 {
            let bit = rows.trailing_zeros() as usize;
            rows &= rows - 1;
            let row = self.word * 64 + bit;
            let (mut sure, mut maybe) = (0u32, 0u32);
            for element in elements.of(row) {
                let planes = match body {
                    Some((word, planes)) if word == element / 64 => planes,
                    _ => {
                        let planes = self.body(&count.body, elements, element / 64);
                        body = Some((element / 64, planes));
                        planes
                    }
                };
                sure += (planes.yes >> (element % 64) & 1) as u32;
                maybe += (!planes.known() >> (element % 64) & 1) as u32;
            }
            if sure >= count.least {
                found.yes |= 1 << bit;
            } else if sure + maybe < count.least && complete >> bit & 1 == 1 {
                found.no |= 1 << bit;
            }
        }
        self.counts[at] = (done | open, found);
        found
    }

    /// The rows of the word in which a boolean fact is known to be false.
    pub(crate) fn is_false(&self, slot: Option<Slot>) -> u64 {
        let Some(slot) = slot else { return 0 };
        match &self.columns.scalars[slot.0 as usize] {
            Some(Column::Bools { known, yes }) => known[self.word] & !yes[self.word],
            _ if self.program.shared.scalar(slot) == Value::Bool(false) => u64::MAX,
            _ => 0,
        }
    }

    /// A body in 64 elements at once; elements that are not of this word's rows mean nothing.
    fn body(&mut self, expr: &Expr, elements: &Elements, word: usize) -> Planes {
        match expr {
            Expr::Is(_) => self.eval(expr, u64::MAX),
            Expr::Element(at) => self.element(usize::from(*at), elements, word),
            Expr::Row(_) | Expr::Count(_) => {
                let of_rows = self.eval(expr, u64::MAX);
                let mut found = Planes::default();
                let from = word * 64;
                for (bit, row) in elements.row_of[from..(from + 64).min(elements.row_of.len())].iter().enumerate() {
                    let row = *row as usize;
                    if row / 64 == self.word {
                        found.yes |= (of_rows.yes >> (row % 64) & 1) << bit;
                        found.no |= (of_rows.no >> (row % 64) & 1) << bit;
                    }
                }
                found
            }
            Expr::Not(inner) => self.body(inner, elements, word).not(),
            Expr::And(parts) => parts.iter().fold(Planes { yes: u64::MAX, no: 0 }, |all, part| {
                let found = self.body(part, elements, word);
                Planes { yes: all.yes & found.yes, no: all.no | found.no }
            }),
            Expr::Or(parts) => parts.iter().fold(Planes { yes: 0, no: u64::MAX }, |any, part| {
                let found = self.body(part, elements, word);
                Planes { yes: any.yes | found.yes, no: any.no & found.no }
            }),
        }
    }

    /// A test of 64 elements.
    pub(crate) fn element(&self, at: usize, elements: &Elements, word: usize) -> Planes {
        let from = word * 64;
        let range = from..(from + 64).min(elements.row_of.len());
        let column = |field: comity_logic::Field| elements.fields.get(field.0 as usize).and_then(Option::as_ref);
        let anchor = |slot: Slot, element: usize| self.anchor(slot, elements.row_of[element] as usize);
        match &self.program.code.element_atoms[at] {
            ElementAtom::Field(_, field, Test::From(bound)) => of_dates(column(*field), false, *bound, range, anchor),
            ElementAtom::Field(_, field, Test::After(bound)) => of_dates(column(*field), true, *bound, range, anchor),
            ElementAtom::Field(_, field, test) => {
                column(*field).map_or_else(Planes::default, |c| of_values(c, test, word, range, &self.element_texts[at]))
            }
            ElementAtom::Window(window) => {
                let mut found = Planes::default();
                let value = |field, element| column(field).map_or(Value::Unknown, |c| c.value(element));
                for element in range {
                    let Value::Date(date) = value(window.date, element) else { continue };
                    let Some(from) = day::unpack(anchor(window.anchor, element)) else { continue };
                    let (days, sure) = if let Value::Int(days) = value(window.by, element) { (days, true) } else { (0, false) };
                    let Test::From(bound) = window.test(days) else { continue };
                    let inside = date >= bound.counted_from(from);
                    found.yes |= u64::from(inside) << (element % 64);
                    found.no |= u64::from(!inside && sure) << (element % 64);
                }
                found
            }
        }
    }
}

fn of_dates(
    column: Option<&Column>,
    after: bool,
    bound: Bound,
    range: std::ops::Range<usize>,
    anchor: impl Fn(Slot, usize) -> Packed,
) -> Planes {
    match (column, bound) {
        (Some(Column::Days(days)), Bound::Day(day)) => of_days_since(&days[range], day::pack(day) + i32::from(after)),
        (Some(Column::Days(days)), Bound::Back { .. }) => of_days(|at| days[at], after, bound, range, anchor),
        _ => Planes::default(),
    }
}

/// Days on or after one day; `pack` is strictly monotonous, so *after* is one more.
fn of_days_since(days: &[Packed], least: Packed) -> Planes {
    let mut found = Planes::default();
    for (bit, day) in days.iter().enumerate() {
        found.yes |= u64::from(*day >= least) << bit;
        found.no |= u64::from((*day < least) & (*day != day::UNKNOWN)) << bit;
    }
    found
}

/// Days since a day that is counted back from another of the same row.
fn of_days(
    days: impl Fn(usize) -> Packed,
    after: bool,
    bound: Bound,
    range: std::ops::Range<usize>,
    anchor: impl Fn(Slot, usize) -> Packed,
) -> Planes {
    let mut found = Planes::default();
    let Bound::Back { years, days: off, anchor: slot } = bound else { return found };
    for (bit, at) in range.enumerate() {
        let (day, from) = (days(at), anchor(slot, at));
        if day == day::UNKNOWN || from == day::UNKNOWN {
            continue;
        }
        let least = if off == 0 && from >> 9 > i32::from(years) {
            day::years_back(from, years)
        } else {
            let Some(from) = day::unpack(from) else { continue };
            day::pack(bound.counted_from(from))
        };
        let inside = day >= least + i32::from(after);
        found.yes |= u64::from(inside) << bit;
        found.no |= u64::from(!inside) << bit;
    }
    found
}

/// A test that needs nothing but the value.
fn of_values(column: &Column, test: &Test, word: usize, range: std::ops::Range<usize>, texts: &Answered) -> Planes {
    match (column, test) {
        (Column::Bools { known, yes }, Test::IsTrue) => Planes { yes: known[word] & yes[word], no: known[word] & !yes[word] },
        (Column::Enums { width, planes }, Test::OneOf(mask)) => {
            let planes = &planes[word * width..(word + 1) * width];
            let known = planes.iter().fold(0, |any, plane| any | plane);
            let is = |code: usize| {
                planes.iter().enumerate().fold(u64::MAX, |all, (bit, plane)| all & if code >> bit & 1 == 1 { *plane } else { !*plane })
            };
            let yes = ones(*mask).map(|at| at + 1).filter(|code| code >> width == 0).fold(0, |any, code| any | is(code));
            Planes { yes, no: known & !yes }
        }
        (Column::Ints(values), Test::IntAtLeast(least)) => {
            let mut found = Planes::default();
            for (bit, value) in values[range].iter().enumerate() {
                found.yes |= u64::from(value.is_some_and(|v| v >= *least)) << bit;
                found.no |= u64::from(value.is_some_and(|v| v < *least)) << bit;
            }
            found
        }
        (Column::Texts(values), _) => {
            let mut found = Planes::default();
            for (bit, value) in values[range].iter().enumerate() {
                let answer = texts.get(*value as usize).copied().unwrap_or(0);
                found.yes |= u64::from(answer & 1) << bit;
                found.no |= u64::from(answer >> 1) << bit;
            }
            found
        }
        // The compiler gives every test a subject of its own type.
        _ => Planes::default(),
    }
}
