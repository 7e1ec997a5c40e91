//! One action of a stack as a program over columns: names, constants and norms resolved once for all rows.

use crate::column::Columns;
use crate::day::{Packed, pack};
use comity_engine::{Slice, Stack};
use comity_law::{ActionId, Modality};
use comity_logic::{Bound, Condition, Facts, Field, Lengthened, ListId, Node, Slot, Subject, Test, Truth, Value, Vocabulary};
use std::collections::BTreeSet;

/// Which facts may differ between the rows; all others are the same in every row, or unknown.
#[derive(Clone, Debug)]
pub struct Varying {
    scalars: Vec<bool>,
    lists: Vec<bool>,
}

impl Varying {
    /// The day, and these scalars and lists. Facts that name the agency and contested points (`law.…`) never vary within one stack.
    #[must_use]
    pub fn new(vocabulary: &Vocabulary, scalars: &[Slot], lists: &[ListId]) -> Self {
        let fixed = |slot: Slot| {
            [Vocabulary::AGENCY_KIND, Vocabulary::AGENCY_PLACE, Vocabulary::AGENCY_NAME].contains(&slot)
                || vocabulary.scalars()[slot.0 as usize].name.starts_with("law.")
        };
        let count = vocabulary.scalars().len();
        let scalars =
            (0..count).map(|at| Slot(at as u16)).map(|slot| slot == Vocabulary::ON || (scalars.contains(&slot) && !fixed(slot))).collect();
        Self { scalars, lists: (0..vocabulary.list_count()).map(|at| lists.contains(&ListId(at as u16))).collect() }
    }

    /// The day, and every fact of which the columns have a value.
    #[must_use]
    pub fn of(vocabulary: &Vocabulary, columns: &Columns) -> Self {
        let scalars: Vec<Slot> = (0..columns.scalars.len()).filter(|at| columns.scalars[*at].is_some()).map(|at| Slot(at as u16)).collect();
        let lists: Vec<ListId> = (0..columns.lists.len()).filter(|at| columns.lists[*at].is_some()).map(|at| ListId(at as u16)).collect();
        Self::new(vocabulary, &scalars, &lists)
    }
}

/// A condition whose constant parts are gone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Expr {
    Is(Truth),
    /// A test of a fact of the row; its position among the atoms.
    Row(u16),
    /// A test of a field of the element at hand.
    Element(u16),
    /// At least so many elements; its position among the counts.
    Count(u16),
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
}

/// A test of a fact of the row. A fact that is the same in all rows is tested here only against a day that is not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Atom {
    pub(crate) slot: Slot,
    pub(crate) same: Option<Packed>,
    pub(crate) test: Test,
}

/// A test of an element.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ElementAtom {
    Field(ListId, Field, Test),
    Window(Lengthened),
}

impl ElementAtom {
    pub(crate) fn list(&self) -> ListId {
        match self {
            Self::Field(list, ..) => *list,
            Self::Window(window) => window.list,
        }
    }
}

/// At least so many elements of a list satisfy the body.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Count {
    pub(crate) list: ListId,
    pub(crate) complete: Option<Slot>,
    pub(crate) least: u32,
    pub(crate) body: Expr,
}

/// A norm.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Norm {
    pub(crate) id: String,
    pub(crate) rank: u16,
    pub(crate) modality: Modality,
    pub(crate) when: Expr,
    /// Its exceptions, and whether each turns the norm into a permission.
    pub(crate) unless: Vec<(Expr, bool)>,
}

/// What two stacks must have in common to answer all rows alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Code {
    pub(crate) action: ActionId,
    pub(crate) norms: Vec<Norm>,
    /// Where norms override norms: for each norm as itself and as a permission, what makes it give way (norm, as a permission).
    pub(crate) beaten: Option<Vec<[Vec<(usize, bool)>; 2]>>,
    pub(crate) atoms: Vec<Atom>,
    pub(crate) element_atoms: Vec<ElementAtom>,
    pub(crate) counts: Vec<Count>,
    /// Dates that all rows share and from which windows are counted back that cannot be resolved beforehand.
    pub(crate) anchors: Vec<(Slot, Packed)>,
}

/// The slice has more norms than an answer has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge(pub usize);

impl std::fmt::Display for TooLarge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} norms speak of one action of one agency; at most 254 can be decided over columns", self.0)
    }
}

impl std::error::Error for TooLarge {}

/// One action of a stack over columns.
#[derive(Clone, Debug)]
pub struct Program {
    pub(crate) code: Code,
    /// The facts that all rows share.
    pub(crate) shared: Facts,
}

impl Program {
    /// The program of one action of a stack. `shared` are facts that hold in every row, such as assumptions on contested points; the day, the agency and settled
    /// points need not be among them.
    ///
    /// # Errors
    /// When more than 254 norms speak of the action.
    pub fn new(stack: &Stack<'_>, action: ActionId, shared: &Facts, varying: &Varying) -> Result<Self, TooLarge> {
        let slice = stack.slice(action);
        if slice.entries.len() > 254 {
            return Err(TooLarge(slice.entries.len()));
        }
        let vocabulary = &stack.law.schema.vocabulary;
        let mut shared = stack.made_ready(shared);
        for (at, _) in varying.scalars.iter().enumerate().filter(|(_, v)| **v) {
            shared.set(Slot(at as u16), Value::Unknown);
        }
        for list in 0..vocabulary.list_count() {
            shared.forget(ListId(list as u16));
        }
        let mut compiler =
            Compiler { vocabulary, shared: &shared, varying, atoms: Vec::new(), element_atoms: Vec::new(), counts: Vec::new() };
        let norms = slice
            .entries
            .iter()
            .map(|entry| Norm {
                id: entry.id(),
                rank: entry.rank as u16,
                modality: entry.modality,
                when: compiler.condition(entry.when()),
                unless: entry.exceptions().map(|(when, permits)| (compiler.condition(when), permits)).collect(),
            })
            .collect();
        let Compiler { atoms, element_atoms, counts, .. } = compiler;
        let anchor =
            |atom: &ElementAtom| match (atom, shared.scalar(if let ElementAtom::Window(w) = atom { w.anchor } else { Vocabulary::ON })) {
                (ElementAtom::Window(window), Value::Date(day)) => Some((window.anchor, pack(day))),
                _ => None,
            };
        let anchors = element_atoms.iter().filter_map(anchor).collect();
        let code = Code { action, norms, beaten: slice.has_overrides().then(|| beaten(slice)), atoms, element_atoms, counts, anchors };
        Ok(Self { code, shared })
    }

    /// The action.
    #[must_use]
    pub fn action(&self) -> ActionId {
        self.code.action
    }

    /// The ids of the norms, in the order in which answers count them.
    pub fn norms(&self) -> impl ExactSizeIterator<Item = &str> {
        self.code.norms.iter().map(|n| n.id.as_str())
    }

    /// Whether another program answers every row as this one does, and for the same reasons.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl std::hash::Hash for Program {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.code.hash(state);
    }
}

impl PartialEq for Program {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other)
    }
}

impl Eq for Program {}

/// For each norm as itself and as a permission: what makes it give way.
fn beaten(slice: &Slice<'_>) -> Vec<[Vec<(usize, bool)>; 2]> {
    let ways = |at: usize| [(slice.entries[at].modality, false), (Modality::Permits, true)];
    let by = |lower: (usize, Modality)| {
        let upper = (0..slice.entries.len()).flat_map(|at| ways(at).map(|(modality, turned)| (at, modality, turned)));
        upper.filter(|(at, modality, _)| slice.beats((*at, *modality), lower)).map(|(at, _, turned)| (at, turned)).collect()
    };
    (0..slice.entries.len()).map(|at| ways(at).map(|(modality, _)| by((at, modality)))).collect()
}

struct Compiler<'a> {
    vocabulary: &'a Vocabulary,
    shared: &'a Facts,
    varying: &'a Varying,
    atoms: Vec<Atom>,
    element_atoms: Vec<ElementAtom>,
    counts: Vec<Count>,
}

/// The position of an item, which is added if it is new.
fn position<T: PartialEq>(items: &mut Vec<T>, item: T) -> u16 {
    let at = items.iter().position(|i| *i == item).unwrap_or_else(|| {
        items.push(item);
        items.len() - 1
    });
    at as u16
}

impl Compiler<'_> {
    fn condition(&mut self, condition: &Condition) -> Expr {
        self.expr(condition.node())
    }

    fn expr(&mut self, node: &Node) -> Expr {
        match node {
            Node::Const(b) => Expr::Is(if *b { Truth::True } else { Truth::False }),
            Node::Not(inner) => match self.expr(inner) {
                Expr::Is(truth) => Expr::Is(!truth),
                other => Expr::Not(Box::new(other)),
            },
            Node::And(parts) => self.join(parts, Truth::False, Truth::True),
            Node::Or(parts) => self.join(parts, Truth::True, Truth::False),
            Node::Atom(Subject::Scalar(slot), test) => self.atom(*slot, test),
            Node::Atom(Subject::Field(list, field), test) => {
                let test = self.resolved(test);
                Expr::Element(position(&mut self.element_atoms, ElementAtom::Field(*list, *field, test)))
            }
            Node::Lengthened(window) => Expr::Element(position(&mut self.element_atoms, ElementAtom::Window(*window))),
            // A list of which nothing is said in any row leaves everything about it open.
            Node::AtLeast { list, .. } if !self.varying.lists[list.0 as usize] => Expr::Is(Truth::Unknown),
            Node::AtLeast { list, count, body } => {
                let body = self.expr(body);
                let complete = self.vocabulary.complete_fact(*list);
                Expr::Count(position(&mut self.counts, Count { list: *list, complete, least: *count, body }))
            }
        }
    }

    /// Joins parts, of which `ends` decides alone and `unit` says nothing.
    fn join(&mut self, parts: &[Node], ends: Truth, unit: Truth) -> Expr {
        let mut joined = Vec::with_capacity(parts.len());
        let mut open = false;
        for part in parts {
            match self.expr(part) {
                Expr::Is(truth) if truth == ends => return Expr::Is(ends),
                Expr::Is(truth) if truth == unit => {}
                Expr::Is(_) => open = true,
                other => joined.push(other),
            }
        }
        match (joined.len(), open) {
            (0, true) => return Expr::Is(Truth::Unknown),
            (0, false) => return Expr::Is(unit),
            (1, false) => return joined.swap_remove(0),
            (_, true) => joined.push(Expr::Is(Truth::Unknown)),
            (_, false) => {}
        }
        if ends == Truth::False { Expr::And(joined) } else { Expr::Or(joined) }
    }

    fn atom(&mut self, slot: Slot, test: &Test) -> Expr {
        let mut same = None;
        if !self.varying.scalars[slot.0 as usize] {
            let value = self.shared.scalar(slot);
            let turns = matches!(test, Test::From(Bound::Back { anchor, .. }) | Test::After(Bound::Back { anchor, .. }) if self.varying.scalars[anchor.0 as usize]);
            match value {
                Value::Date(day) if turns => same = Some(pack(day)),
                other => return Expr::Is(test.on(other, self.shared)),
            }
        }
        let test = self.resolved(test);
        Expr::Row(position(&mut self.atoms, Atom { slot, same, test }))
    }

    /// The test with the day that it compares with, where that is the same in all rows.
    fn resolved(&self, test: &Test) -> Test {
        match test {
            Test::From(bound) => bound.day(self.shared).map_or_else(|| test.clone(), |day| Test::From(Bound::Day(day))),
            Test::After(bound) => bound.day(self.shared).map_or_else(|| test.clone(), |day| Test::After(Bound::Day(day))),
            _ => test.clone(),
        }
    }
}

impl Code {
    /// The days counted from which a window begins to look at another side of a fixed day: between two of them the order of all such days is one.
    pub(crate) fn turns(&self) -> Vec<Packed> {
        let mut days = BTreeSet::new();
        let tested: Vec<(Option<(ListId, Field)>, Option<Slot>, &Test)> = self.tests().collect();
        for (field, slot, test) in &tested {
            let (Test::From(Bound::Day(day)) | Test::After(Bound::Day(day))) = test else { continue };
            for (other_field, other_slot, other) in &tested {
                let (Test::From(Bound::Back { years, .. }) | Test::After(Bound::Back { years, .. })) = other else { continue };
                if (field, slot) != (other_field, other_slot) {
                    continue;
                }
                for off in -2..=2 {
                    let span = jiff::Span::new().years(i32::from(*years)).days(off);
                    days.insert(pack(day.saturating_add(span)));
                }
            }
        }
        days.into_iter().collect()
    }

    /// Every test of a value, with the field or the fact that it is of.
    pub(crate) fn tests(&self) -> impl Iterator<Item = (Option<(ListId, Field)>, Option<Slot>, &Test)> {
        let of_rows = self.atoms.iter().map(|a| (None, Some(a.slot), &a.test));
        let of_elements = self.element_atoms.iter().filter_map(|a| match a {
            ElementAtom::Field(list, field, test) => Some((Some((*list, *field)), None, test)),
            ElementAtom::Window(_) => None,
        });
        of_rows.chain(of_elements)
    }
}
