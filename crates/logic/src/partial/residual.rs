//! What is left of a condition once the known facts are put in.

use super::alike::Groups;
use super::anchors::{Dated, Window, cells};
use super::domain::Unknown;
use super::formula::{Arena, Ask, Formula, Shape, Var};
use crate::condition::{Bound, Condition, LONG_ENOUGH, Lengthened, Node, Subject, Test, back};
use crate::facts::{Facts, Value};
use crate::{Date, Field, ListId, Schema, Slot, Truth, Vocabulary};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// One case with missing facts, and the formulas that its conditions leave.
#[derive(Debug)]
pub struct Problem<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) facts: &'a Facts,
    pub(crate) arena: Arena,
    pub(crate) unknowns: Vec<Unknown>,
    var_of: FxHashMap<Unknown, Var>,
    /// Missing dates that windows are counted from, with the days on which an answer may change.
    anchors: FxHashMap<Slot, Vec<Date>>,
    /// The cell in which such a date is taken to be, while one is.
    fixed: FxHashMap<Slot, Date>,
    /// What other facts are taken to be.
    taken: FxHashMap<Slot, Value>,
    /// What the case states of facts that are left open here: candidates that no test tells from it give way to it.
    pub(crate) stated: Option<&'a Facts>,
    /// Elements that are counted, not looked at one by one.
    pub(crate) groups: Groups,
}

/// The element that fields are read from.
#[derive(Clone, Copy)]
enum Element {
    None,
    Given(ListId, usize),
    /// Any of the elements that no condition tells from this one: what is missing of it is a variable of its own.
    Alike(ListId, usize),
    /// Any element at all: its fields are variables of their own.
    Any,
}

impl<'a> Problem<'a> {
    /// A problem about a case. The conditions are those that will be asked about: they are only looked through, for dates that windows are counted from.
    pub fn new<'c>(schema: &'a Schema, facts: &'a Facts, conditions: impl Iterator<Item = &'c Condition>) -> Self {
        let mut problem = Self {
            schema,
            facts,
            arena: Arena::new(),
            unknowns: Vec::new(),
            var_of: FxHashMap::default(),
            anchors: FxHashMap::default(),
            fixed: FxHashMap::default(),
            taken: FxHashMap::default(),
            stated: None,
            groups: Groups::new(),
        };
        problem.find_anchors(conditions);
        problem
    }

    /// What a condition comes to, over the missing facts. Past the budget it comes to nothing, and [`Problem::explore`] claims nothing.
    pub fn residual(&mut self, condition: &Condition) -> Formula {
        let mut anchors = BTreeSet::new();
        if !self.anchors.is_empty() {
            each_test(&condition.node, self.facts, self.schema, &mut |_, test| {
                if let Test::From(Bound::Back { anchor, .. }) | Test::After(Bound::Back { anchor, .. }) = test
                    && self.anchors.contains_key(anchor)
                    && !self.fixed.contains_key(anchor)
                {
                    anchors.insert(*anchor);
                }
            });
        }
        let anchors: Vec<Slot> = anchors.into_iter().collect();
        self.by_cell(&condition.node, &anchors)
    }

    /// For a missing date that windows are counted from: one day of each stretch within which no window's answer changes.
    #[must_use]
    pub fn stretches(&self, slot: Slot) -> &[Date] {
        self.anchors.get(&slot).map_or(&[], Vec::as_slice)
    }

    /// Takes a missing fact to have this value in the residuals to come, so that one problem can speak of two days.
    pub fn take(&mut self, slot: Slot, value: Value) {
        self.fixed.remove(&slot);
        self.taken.remove(&slot);
        match value {
            Value::Date(day) => drop(self.fixed.insert(slot, day)),
            Value::Unknown => {}
            other => drop(self.taken.insert(slot, other)),
        }
    }

    /// Remembers what a case states of facts that are left open here.
    #[must_use]
    pub fn near(mut self, stated: &'a Facts) -> Self {
        self.stated = Some(stated);
        self
    }

    /// Both hold, and so on for any number.
    pub fn and(&mut self, parts: &[Formula]) -> Formula {
        self.arena.and(parts)
    }

    /// At least one holds.
    pub fn or(&mut self, parts: &[Formula]) -> Formula {
        self.arena.or(parts)
    }

    /// It does not hold.
    pub fn not(&mut self, f: Formula) -> Formula {
        self.arena.not(f)
    }

    /// Whether the formula asks about the missing fact.
    #[must_use]
    pub fn mentions(&self, f: Formula, unknown: Unknown) -> bool {
        let mut found = false;
        self.arena.literals(&[f], |_, var, _| found |= self.unknowns[var as usize] == unknown);
        found
    }

    pub(crate) fn is_anchor(&self, slot: Slot) -> bool {
        self.anchors.contains_key(&slot)
    }

    /// A missing date that windows are counted from is split into cells, inside each of which every window has the same answers.
    fn by_cell(&mut self, node: &Node, anchors: &[Slot]) -> Formula {
        let Some((slot, rest)) = anchors.split_first() else { return self.node(node, Element::None) };
        let days = self.anchors[slot].clone();
        let mut parts = Vec::with_capacity(days.len());
        for (at, day) in days.iter().enumerate() {
            let mut inside = Vec::with_capacity(3);
            if at > 0 {
                inside.push(self.literal(Unknown::Scalar(*slot), Ask::Value(Test::From(Bound::Day(*day)))));
            }
            if let Some(next) = days.get(at + 1) {
                let next = self.literal(Unknown::Scalar(*slot), Ask::Value(Test::From(Bound::Day(*next))));
                inside.push(self.arena.not(next));
            }
            if !self.arena.spend(1) {
                break;
            }
            self.fixed.insert(*slot, *day);
            inside.push(self.by_cell(node, rest));
            parts.push(self.arena.and(&inside));
        }
        self.fixed.remove(slot);
        self.arena.or(&parts)
    }

    fn literal(&mut self, unknown: Unknown, ask: Ask) -> Formula {
        let next = self.unknowns.len() as Var;
        let var = *self.var_of.entry(unknown).or_insert(next);
        if var == next {
            self.unknowns.push(unknown);
        }
        self.arena.keep(Shape::Literal(var, ask))
    }

    fn node(&mut self, node: &Node, element: Element) -> Formula {
        if !self.arena.spend(1) {
            return Formula::FALSE;
        }
        match node {
            Node::Const(b) => Formula::constant(*b),
            Node::Not(inner) => {
                let inner = self.node(inner, element);
                self.arena.not(inner)
            }
            Node::And(parts) => {
                let mut done = Vec::with_capacity(parts.len());
                for part in parts {
                    match self.node(part, element) {
                        Formula::FALSE => return Formula::FALSE,
                        f => done.push(f),
                    }
                }
                self.arena.and(&done)
            }
            Node::Or(parts) => {
                let mut done = Vec::with_capacity(parts.len());
                for part in parts {
                    match self.node(part, element) {
                        Formula::TRUE => return Formula::TRUE,
                        f => done.push(f),
                    }
                }
                self.arena.or(&done)
            }
            Node::Atom(subject, test) => self.atom(*subject, test, element),
            Node::Lengthened(window) => self.lengthened(*window, element),
            Node::AtLeast { list, count, body } => self.count(*list, *count, body),
        }
    }

    fn atom(&mut self, subject: Subject, test: &Test, element: Element) -> Formula {
        let (value, unknown) = match (subject, element) {
            (Subject::Scalar(slot), _) => (self.scalar(slot), Unknown::Scalar(slot)),
            (Subject::Field(_, field), Element::Given(list, index)) => {
                (self.value(list, index, field), Unknown::Element(list, index, field))
            }
            (Subject::Field(_, field), Element::Alike(list, index)) => (self.value(list, index, field), Unknown::Field(list, field)),
            (Subject::Field(list, field), _) => (Value::Unknown, Unknown::Field(list, field)),
        };
        let test = self.with_fixed_day(test);
        match test.on(value, self.facts) {
            Truth::True => Formula::TRUE,
            Truth::False => Formula::FALSE,
            Truth::Unknown => self.literal(unknown, Ask::Value(test)),
        }
    }

    /// A window lengthened by days that are known is a longer window. Where they are not, no date is out of reach: enough of them reach any.
    fn lengthened(&mut self, window: Lengthened, element: Element) -> Formula {
        let date = Subject::Field(window.list, window.date);
        let (days, unknown) = match element {
            Element::Given(list, index) => (self.value(list, index, window.by), Unknown::Element(list, index, window.by)),
            Element::Alike(list, index) => (self.value(list, index, window.by), Unknown::Field(list, window.by)),
            _ => (Value::Unknown, Unknown::Field(window.list, window.by)),
        };
        if let Value::Int(days) = days {
            return self.atom(date, &window.test(days), element);
        }
        let itself = self.atom(date, &window.test(0), element);
        // The longer the window, the fewer days are enough.
        let enough = self.literal(unknown, Ask::Value(Test::IntAtLeast(LONG_ENOUGH - i64::from(window.years))));
        self.arena.or(&[itself, enough])
    }

    fn scalar(&self, slot: Slot) -> Value {
        let taken = self.taken.get(&slot).copied();
        taken.or_else(|| self.fixed.get(&slot).map(|d| Value::Date(*d))).unwrap_or_else(|| self.facts.scalar(slot))
    }

    fn value(&self, list: ListId, index: usize, field: Field) -> Value {
        let width = self.schema.vocabulary.record(list).fields.len();
        self.facts.elements(list, width).nth(index).map_or(Value::Unknown, |e| e[field.0 as usize])
    }

    /// The test against a fixed day, where the date that it counts back from is known or taken to be in a cell.
    fn with_fixed_day(&self, test: &Test) -> Test {
        let fix = |bound: Bound| match bound {
            Bound::Back { years, days, anchor } => match self.fixed.get(&anchor) {
                Some(from) => Bound::Day(back(*from, years, days)),
                None => bound.day(self.facts).map_or(bound, Bound::Day),
            },
            day => day,
        };
        match test {
            Test::From(bound) => Test::From(fix(*bound)),
            Test::After(bound) => Test::After(fix(*bound)),
            other => other.clone(),
        }
    }

    /// At least `count` elements satisfy the body: among those given, and those that a list not known in full may have besides.
    fn count(&mut self, list: ListId, count: u32, body: &Node) -> Formula {
        let given = self.facts.elements(list, self.schema.vocabulary.record(list).fields.len()).len();
        let (mut sure, mut open) = (0, Vec::new());
        for index in (0..given).filter(|index| self.groups.is_empty() || !self.is_counted(list, *index)).collect::<Vec<_>>() {
            match self.node(body, Element::Given(list, index)) {
                Formula::TRUE => sure += 1,
                Formula::FALSE => {}
                satisfied => open.push(satisfied),
            }
            if sure >= count {
                return Formula::TRUE;
            }
        }
        let mut counted = Vec::new();
        for (first, others) in self.groups_of(list) {
            match self.node(body, Element::Alike(list, first)) {
                Formula::TRUE => sure += others as u32,
                Formula::FALSE => {}
                satisfied => counted.push((Unknown::Alike(list, first), others, satisfied)),
            }
        }
        if sure >= count {
            return Formula::TRUE;
        }
        let wanted = (count - sure) as usize;
        // reached[n]: at least n of the elements looked at so far, those that satisfy it for sure left out.
        let mut reached = vec![Formula::FALSE; wanted + 1];
        reached[0] = Formula::TRUE;
        if wanted == 1 {
            reached[1] = self.arena.or(&open);
            open.clear();
        }
        for (index, satisfied) in open.into_iter().enumerate() {
            if !self.arena.spend(wanted) {
                return Formula::FALSE;
            }
            for n in (1..=wanted.min(index + 1)).rev() {
                let one_more = self.arena.and(&[reached[n - 1], satisfied]);
                reached[n] = self.arena.or(&[reached[n], one_more]);
            }
        }
        if !self.facts.is_complete(list, &self.schema.vocabulary) && reached[wanted] != Formula::TRUE {
            counted.push((Unknown::Rest(list), usize::MAX, self.node(body, Element::Any)));
        }
        for (many, others, satisfied) in counted {
            for n in (1..=wanted).rev() {
                let mut ways = vec![reached[n]];
                for of_them in (1..=n.min(others)).filter(|of_them| reached[n - of_them] != Formula::FALSE).collect::<Vec<_>>() {
                    let so_many = self.so_many(many, of_them as u32, satisfied);
                    ways.push(self.arena.and(&[reached[n - of_them], so_many]));
                }
                reached[n] = self.arena.or(&ways);
            }
        }
        reached[wanted]
    }

    /// At least `count` of the elements counted together satisfy the formula; what in it is not about the element is decided first.
    fn so_many(&mut self, many: Unknown, count: u32, body: Formula) -> Formula {
        if body == Formula::FALSE || !self.arena.spend(self.arena.len()) {
            return Formula::FALSE;
        }
        let mut outside = None;
        self.arena.literals(&[body], |literal, var, _| {
            if !matches!(self.unknowns[var as usize], Unknown::Field(l, _) if many.fact() == crate::FactId::List(l)) {
                // The same literal first whatever the order of the walk.
                outside = Some(outside.map_or(literal, |o: Formula| o.min(literal)));
            }
        });
        let Some(literal) = outside else {
            return match (body, many) {
                // There are as many as were asked about.
                (Formula::TRUE, Unknown::Alike(..)) => Formula::TRUE,
                _ => self.literal(many, Ask::Elements { count, body }),
            };
        };
        let so = self.arena.restrict(body, literal, true, &mut FxHashMap::default());
        let not_so = self.arena.restrict(body, literal, false, &mut FxHashMap::default());
        let so = self.so_many(many, count, so);
        let not_so = self.so_many(many, count, not_so);
        let yes = self.arena.and(&[literal, so]);
        let opposite = self.arena.not(literal);
        let no = self.arena.and(&[opposite, not_so]);
        self.arena.or(&[yes, no])
    }

    /// For each missing date that some window is counted from: the days on which the answer of any test may change.
    fn find_anchors<'c>(&mut self, conditions: impl Iterator<Item = &'c Condition>) {
        let mut dated: BTreeMap<(bool, u16, u16), (Subject, Dated)> = BTreeMap::new();
        for condition in conditions {
            each_test(&condition.node, self.facts, self.schema, &mut |subject, test| {
                let (Test::From(bound) | Test::After(bound)) = test else { return };
                let key = match subject {
                    Subject::Scalar(slot) => (false, slot.0, 0),
                    Subject::Field(list, field) => (true, list.0, field.0),
                };
                let asked = &mut dated.entry(key).or_insert_with(|| (subject, Dated::default())).1;
                let after = matches!(test, Test::After(_));
                match (bound.day(self.facts), *bound) {
                    (Some(day), _) => drop(asked.from.insert(if after { day.tomorrow().unwrap_or(day) } else { day })),
                    (None, Bound::Back { years, days, anchor }) => drop(asked.windows.insert(Window { anchor, years, days, after })),
                    (None, Bound::Day(_)) => {}
                }
            });
        }
        if dated.values().all(|(_, asked)| asked.windows.is_empty()) {
            return;
        }
        for (subject, asked) in dated.values_mut() {
            let values: Vec<Value> = match *subject {
                Subject::Scalar(slot) => vec![self.facts.scalar(slot)],
                Subject::Field(list, field) => {
                    asked.open = !self.facts.is_complete(list, &self.schema.vocabulary);
                    let width = self.schema.vocabulary.record(list).fields.len();
                    self.facts.elements(list, width).map(|e| e[field.0 as usize]).collect()
                }
            };
            asked.open |= values.contains(&Value::Unknown);
            asked.known = values.into_iter().filter_map(|v| if let Value::Date(day) = v { Some(day) } else { None }).collect();
        }
        let base = if let Value::Date(on) = self.facts.scalar(Vocabulary::ON) { on } else { Date::ZERO };
        let dated: Vec<(Subject, Dated)> = dated.into_values().collect();
        match cells(&dated, base) {
            Some(anchors) => self.anchors = anchors,
            None => self.arena.exhaust(),
        }
    }
}

/// Calls back for every test in a condition; for a window that some days lengthen, with the days of each given element.
pub(crate) fn each_test(node: &Node, facts: &Facts, schema: &Schema, each: &mut impl FnMut(Subject, &Test)) {
    match node {
        Node::Const(_) => {}
        Node::Not(inner) => each_test(inner, facts, schema, each),
        Node::And(parts) | Node::Or(parts) => parts.iter().for_each(|p| each_test(p, facts, schema, each)),
        Node::Atom(subject, test) => each(*subject, test),
        Node::Lengthened(window) => {
            let date = Subject::Field(window.list, window.date);
            each(date, &window.test(0));
            for element in facts.elements(window.list, schema.vocabulary.record(window.list).fields.len()) {
                if let Value::Int(days) = element[window.by.0 as usize] {
                    each(date, &window.test(days));
                }
            }
        }
        Node::AtLeast { body, .. } => each_test(body, facts, schema, each),
    }
}
