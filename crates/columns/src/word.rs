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
    /// Room for counts: the elements asked for, and what the body says of them.
    asked: Vec<u64>,
    bodies: Vec<Planes>,
}

/// Dates of rows: a column, or one for all.
#[derive(Clone, Copy)]
struct Anchor<'a> {
    days: Option<&'a [Packed]>,
    same: Packed,
}

impl Anchor<'_> {
    #[inline]
    fn of(&self, row: usize) -> Packed {
        self.days.map_or(self.same, |days| days[row])
    }
}

/// A range of elements as masks of words, counted from the word `from`.
#[inline]
fn spans(range: std::ops::Range<usize>, from: usize, mut each: impl FnMut(usize, u64)) {
    let mut at = range.start;
    while at < range.end {
        let end = (at / 64 * 64 + 64).min(range.end);
        each(at / 64 - from, low(end - at) << (at % 64));
        at = end;
    }
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
            asked: Vec::new(),
            bodies: Vec::new(),
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
            Expr::And(parts) => all(parts, asked, |part, open| self.eval(part, open)),
            // By De Morgan.
            Expr::Or(parts) => all(parts, asked, |part, open| self.eval(part, open).not()).not(),
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
        let anchor = |slot: Slot| self.anchor(slot);
        let rows = |at: usize| at;
        let (Test::From(bound) | Test::After(bound)) = &atom.test else {
            return columns.scalars[atom.slot.0 as usize]
                .as_ref()
                .map_or_else(Planes::default, |c| of_values(c, &atom.test, self.word, from..to, u64::MAX, texts));
        };
        let after = matches!(atom.test, Test::After(_));
        match (columns.scalars[atom.slot.0 as usize].as_ref(), atom.same) {
            (_, Some(same)) => of_days(|_| same, after, *bound, from..to, u64::MAX, anchor, rows),
            (Some(Column::Days(days)), None) => match bound {
                Bound::Day(day) => of_days_since(&days[from..to], day::pack(*day) + i32::from(after)),
                Bound::Back { .. } => of_days(|row| days[row], after, *bound, from..to, u64::MAX, anchor, rows),
            },
            _ => Planes::default(),
        }
    }

    /// The dates that windows are counted back from.
    fn anchor(&self, slot: Slot) -> Anchor<'a> {
        match &self.columns.scalars[slot.0 as usize] {
            Some(Column::Days(days)) => Anchor { days: Some(days), same: day::UNKNOWN },
            _ => match self.program.shared.scalar(slot) {
                Value::Date(day) => Anchor { days: None, same: day::pack(day) },
                _ => Anchor { days: None, same: day::UNKNOWN },
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
        let rows = open & filled;
        let (first, last) = (self.word * 64, (self.word * 64 + 63).min(columns.rows() - 1));
        let from = elements.of(first).start / 64;
        let words = elements.of(last).end.div_ceil(64).saturating_sub(from);
        let mut asked = std::mem::take(&mut self.asked);
        asked.clear();
        asked.resize(words, 0);
        for bit in ones(rows) {
            spans(elements.of(first + bit), from, |word, mask| asked[word] |= mask);
        }
        let mut bodies = std::mem::take(&mut self.bodies);
        bodies.clear();
        for (word, asked) in asked.iter().enumerate() {
            bodies.push(if *asked == 0 { Planes::default() } else { self.body(&count.body, elements, from + word, *asked) });
        }
        for bit in ones(rows) {
            let (mut sure, mut maybe) = (0, 0);
            spans(elements.of(first + bit), from, |word, mask| {
                sure += (bodies[word].yes & mask).count_ones();
                maybe += (!bodies[word].known() & mask).count_ones();
            });
            if sure >= count.least {
                found.yes |= 1 << bit;
            } else if sure + maybe < count.least && complete >> bit & 1 == 1 {
                found.no |= 1 << bit;
            }
        }
        (self.asked, self.bodies) = (asked, bodies);
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

    /// A body in the elements asked for, 64 at once; bits of others mean nothing.
    fn body(&mut self, expr: &Expr, elements: &Elements, word: usize, asked: u64) -> Planes {
        match expr {
            Expr::Is(_) => self.eval(expr, u64::MAX),
            Expr::Element(at) => self.element(usize::from(*at), elements, word, asked),
            Expr::Row(_) | Expr::Count(_) => {
                let of_rows = self.eval(expr, u64::MAX);
                let mut found = Planes::default();
                for bit in ones(asked) {
                    let row = elements.row_of[word * 64 + bit] % 64;
                    found.yes |= (of_rows.yes >> row & 1) << bit;
                    found.no |= (of_rows.no >> row & 1) << bit;
                }
                found
            }
            Expr::Not(inner) => self.body(inner, elements, word, asked).not(),
            Expr::And(parts) => all(parts, asked, |part, open| self.body(part, elements, word, open)),
            // By De Morgan.
            Expr::Or(parts) => all(parts, asked, |part, open| self.body(part, elements, word, open).not()).not(),
        }
    }

    /// A test of the elements asked for, of 64.
    pub(crate) fn element(&self, at: usize, elements: &Elements, word: usize, asked: u64) -> Planes {
        let from = word * 64;
        let range = from..(from + 64).min(elements.row_of.len());
        let column = |field: comity_logic::Field| elements.fields.get(field.0 as usize).and_then(Option::as_ref);
        let anchor = |slot: Slot| self.anchor(slot);
        let rows = |element: usize| elements.row_of[element] as usize;
        match &self.program.code.element_atoms[at] {
            ElementAtom::Field(_, field, Test::From(bound)) => of_dates(column(*field), false, *bound, range, asked, anchor, rows),
            ElementAtom::Field(_, field, Test::After(bound)) => of_dates(column(*field), true, *bound, range, asked, anchor, rows),
            ElementAtom::Field(_, field, test) => {
                column(*field).map_or_else(Planes::default, |c| of_values(c, test, word, range, asked, &self.element_texts[at]))
            }
            ElementAtom::Window(window) => {
                let mut found = Planes::default();
                let value = |field, element| column(field).map_or(Value::Unknown, |c| c.value(element));
                let anchor = self.anchor(window.anchor);
                for element in range {
                    let Value::Date(date) = value(window.date, element) else { continue };
                    let Some(from) = day::unpack(anchor.of(rows(element))) else { continue };
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

/// Where every part holds, of the rows asked for. A part is asked only in rows that no part before it settled.
#[inline]
fn all(parts: &[Expr], asked: u64, mut eval: impl FnMut(&Expr, u64) -> Planes) -> Planes {
    let (mut yes, mut no) = (u64::MAX, 0);
    for part in parts {
        let open = asked & !no;
        if open == 0 {
            break;
        }
        let found = eval(part, open);
        yes &= found.yes;
        no |= found.no & open;
    }
    Planes { yes: yes & !no, no }
}

fn of_dates<'a>(
    column: Option<&Column>,
    after: bool,
    bound: Bound,
    range: std::ops::Range<usize>,
    asked: u64,
    anchor: impl Fn(Slot) -> Anchor<'a>,
    rows: impl Fn(usize) -> usize,
) -> Planes {
    match (column, bound) {
        (Some(Column::Days(days)), Bound::Day(day)) => of_days_since(&days[range], day::pack(day) + i32::from(after)),
        (Some(Column::Days(days)), Bound::Back { .. }) => of_days(|at| days[at], after, bound, range, asked, anchor, rows),
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
fn of_days<'a>(
    days: impl Fn(usize) -> Packed,
    after: bool,
    bound: Bound,
    range: std::ops::Range<usize>,
    asked: u64,
    anchor: impl Fn(Slot) -> Anchor<'a>,
    rows: impl Fn(usize) -> usize,
) -> Planes {
    let mut found = Planes::default();
    let Bound::Back { years, days: off, anchor: slot } = bound else { return found };
    let anchor = anchor(slot);
    for bit in ones(asked & low(range.len())) {
        let at = range.start + bit;
        let (day, from) = (days(at), anchor.of(rows(at)));
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
fn of_values(column: &Column, test: &Test, word: usize, range: std::ops::Range<usize>, asked: u64, texts: &Answered) -> Planes {
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
            for bit in ones(asked & low(range.len())) {
                let answer = texts.get(values[range.start + bit] as usize).copied().unwrap_or(0);
                found.yes |= u64::from(answer & 1) << bit;
                found.no |= u64::from(answer >> 1) << bit;
            }
            found
        }
        // The compiler gives every test a subject of its own type.
        _ => Planes::default(),
    }
}
