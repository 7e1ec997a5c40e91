//! Counting: a definition and a record become a report.

mod derive;
mod lists;
mod suppress;
mod tables;
mod things;
mod words;

use crate::definition::{Definition, FigureSpec, Span, Unit};
use crate::period::{Length, Period};
use crate::record::{Record, Requests, requests};
use crate::report::{Figure, Gap, Log, Report, Value};
use crate::reporter::Reporter;
use comity_law::Law;
use derive::{Counted, withhold_combinations};
pub use lists::COLUMNS;
use std::collections::{BTreeMap, BTreeSet};
use suppress::Grid;
use things::{Passes, Thing, passes, things};

/// What a report is made from, beside the record.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The kind of report.
    pub definition: &'a Definition,
    /// The law, for the names of actions and the days on which the report's law is in force.
    pub law: &'a Law,
    /// Whose report it is.
    pub agency: &'a Reporter,
    /// The days.
    pub period: &'a Period,
    /// Cells of fewer than this, 3 or more, are withheld, with whatever would tell them.
    pub fewest: Option<u64>,
}

/// A figure before small cells are withheld.
pub(crate) struct Cell {
    id: String,
    says: String,
    unit: Unit,
    things: BTreeSet<usize>,
    entries: BTreeSet<u64>,
    not_recorded: Option<String>,
}

impl Cell {
    fn of(id: String, says: String, unit: Unit, things: &[&Thing<'_>]) -> Self {
        let entries = things.iter().flat_map(|t| t.entries.iter().copied()).collect();
        Self { id, says, unit, things: things.iter().map(|t| t.number).collect(), entries, not_recorded: None }
    }
}

/// What is being counted.
pub(crate) struct Pages<'a> {
    law: &'a Law,
    period: &'a Period,
    actions: Vec<Thing<'a>>,
    whole: Vec<Thing<'a>>,
    duties: Vec<Thing<'a>>,
    cells: Vec<Cell>,
    gaps: std::cell::RefCell<BTreeSet<Gap>>,
}

impl<'a> Pages<'a> {
    fn things(&self, unit: Unit) -> &[Thing<'a>] {
        match unit {
            Unit::Actions => &self.actions,
            Unit::Requests => &self.whole,
            Unit::Duties => &self.duties,
        }
    }

    /// Whether a thing is counted; where that cannot be told, it is listed as such.
    fn keep(&self, figure: &str, thing: &Thing<'_>, passed: Passes) -> bool {
        if let Passes::Unknown(why) = &passed {
            let entry = thing.items.iter().find_map(|i| i.determination).or_else(|| thing.items.first().map(|i| i.request));
            self.gaps.borrow_mut().insert(Gap { figure: figure.to_owned(), entry: entry.unwrap_or_default(), why: why.clone() });
        }
        passed == Passes::Yes
    }

    fn push(&mut self, cell: Cell) -> usize {
        self.cells.push(cell);
        self.cells.len() - 1
    }
}

/// Makes a report.
///
/// # Errors
/// If the agency or the period is none that this report is for, or an entry cannot be read; with the remedy.
pub fn make(record: &Record, asked: &Asked<'_>) -> Result<Report, String> {
    let definition = asked.definition;
    check(asked)?;
    let agency = if record.invented { asked.agency.clone().invented() } else { asked.agency.clone() };
    let requests = requests(record, &agency.zone());
    let mut pages = Pages {
        law: asked.law,
        period: asked.period,
        actions: things(&requests, Unit::Actions),
        whole: things(&requests, Unit::Requests),
        duties: things(&requests, Unit::Duties),
        cells: Vec::new(),
        gaps: std::cell::RefCell::default(),
    };
    for spec in &definition.figure {
        let cell = single(&pages, spec);
        pages.push(cell);
    }
    let grown: Vec<tables::Grown> = definition.table.iter().map(|spec| tables::grow(&mut pages, spec)).collect();
    let mut lists: Vec<_> = definition.list.iter().map(|spec| lists::list(&mut pages, &agency, spec)).collect();
    let withheld = withhold(&pages.cells, &grown, asked.fewest.unwrap_or(0));
    let any = withheld.contains(&true);
    // Rows and positions would tell what is withheld: who subtracts the positions of what is shown from those of the total has the rest.
    if any {
        for list in &mut lists {
            list.rows.clear();
            list.withheld = true;
        }
    }
    let figures: Vec<Figure> = pages.cells.iter().zip(&withheld).map(|(cell, hidden)| figure(cell, *hidden, any)).collect();
    let nil = !pages.cells.iter().any(|c| !c.things.is_empty()) && lists.iter().all(|l| l.rows.is_empty());
    let mut undecidable: Vec<Gap> = if any { Vec::new() } else { pages.gaps.into_inner().into_iter().collect() };
    if !any {
        undecidable.extend(requests.stray.iter().map(|s| Gap { figure: String::new(), entry: s.entry, why: s.why.clone() }));
    }
    let tables = grown.into_iter().map(|g| {
        let mut table = g.table;
        for (row, cells) in table.rows.iter_mut().zip(g.cells) {
            row.cells = cells.into_iter().filter_map(|at| figures.get(at).cloned()).collect();
        }
        table
    });
    let size = record.size();
    Ok(Report {
        report: definition.kind.clone(),
        title: definition.title.clone(),
        says: definition.says.clone(),
        by: definition.by.clone(),
        to: definition.to.clone(),
        due: definition.due.clone(),
        laws: definition.law.clone(),
        agency,
        period: asked.period.clone(),
        log: Log { size, root: record.root(size)?.hex() },
        bundles: bundles(&requests, asked.period),
        fewest: asked.fewest,
        nil: nil && undecidable.is_empty() && !any && definition.instead.is_empty(),
        tables: tables.collect(),
        figures: figures.iter().take(definition.figure.len()).cloned().collect(),
        lists,
        undecidable,
        instead: definition.instead.clone(),
        notes: notes(asked),
    })
}

fn check(asked: &Asked<'_>) -> Result<(), String> {
    let Definition { kind, title, place, period, .. } = asked.definition;
    // Of what is withheld from 1 to 1 everybody knows that it is 1.
    if let Some(fewest @ ..=2) = asked.fewest {
        return Err(format!("withholding numbers below {fewest} would tell them: withhold those below 3, or more"));
    }
    if let Some(place) = place
        && asked.agency.place != *place
        && !asked.agency.place.starts_with(&format!("{place}/"))
    {
        return Err(format!("`{kind}` ({title}) is for agencies of {place}; {} is of {}", asked.agency.name, asked.agency.place));
    }
    let fits = match period {
        Span::Any => true,
        Span::Month => asked.period.length == Length::Month,
        Span::Year => asked.period.length == Length::Year,
    };
    if fits {
        return Ok(());
    }
    let wanted = if *period == Span::Month { "a month, such as 2026-01" } else { "a year, such as 2026" };
    Err(format!("`{kind}` is of {wanted}; `{}` is none", asked.period.name))
}

fn single(pages: &Pages<'_>, spec: &FigureSpec) -> Cell {
    let all: Vec<&crate::definition::Where> = spec.all.iter().collect();
    let mut cell = Cell::of(spec.id.clone(), spec.says.clone(), spec.count, &[]);
    cell.not_recorded.clone_from(&spec.not_recorded);
    if spec.not_recorded.is_none() {
        let things = pages.things(spec.count).iter();
        let counted: Vec<&Thing<'_>> = things.filter(|t| pages.keep(&spec.id, t, passes(t, pages.period, spec.basis, &all))).collect();
        cell = Cell::of(spec.id.clone(), spec.says.clone(), spec.count, &counted);
    }
    cell
}

fn figure(cell: &Cell, hidden: bool, any_hidden: bool) -> Figure {
    let value = match &cell.not_recorded {
        Some(why) => Value::NotRecorded(why.clone()),
        None if hidden => Value::Withheld,
        None => Value::Count(cell.things.len() as u64),
    };
    let entries = if any_hidden { Vec::new() } else { cell.entries.iter().copied().collect() };
    Figure { id: cell.id.clone(), says: cell.says.clone(), value, entries }
}

/// Which figures are withheld: small ones, and what would tell them within a table or across the report.
fn withhold(cells: &[Cell], grown: &[tables::Grown], fewest: u64) -> Vec<bool> {
    let is_small = |cell: &Cell| (1..fewest).contains(&(cell.things.len() as u64));
    let mut withheld: Vec<bool> = cells.iter().map(is_small).collect();
    // What one step withholds may be told by what another left: until none finds anything more.
    loop {
        let before = withheld.clone();
        for table in grown {
            withhold_in_table(cells, table, fewest, &mut withheld);
            withhold_twins(cells, &mut withheld);
        }
        withhold_across(cells, &mut withheld);
        withhold_twins(cells, &mut withheld);
        if withheld == before {
            return withheld;
        }
    }
}

fn withhold_in_table(cells: &[Cell], table: &tables::Grown, fewest: u64, withheld: &mut [bool]) {
    let count = |at: &usize| cells.get(*at).map_or(0, |c| c.things.len() as u64);
    let hidden = |at: &usize| withheld.get(*at) == Some(&true);
    let mut body: Vec<Vec<usize>> = table.cells.clone();
    let totals = body.pop().unwrap_or_default();
    let places: Vec<Vec<usize>>;
    let mask = if table.two {
        let inner: Vec<Vec<u64>> = body.iter().map(|row| row.iter().take(row.len().saturating_sub(1)).map(count).collect()).collect();
        places = table.cells.clone();
        Grid::two(&inner, fewest).withhold(places.iter().map(|row| row.iter().map(hidden).collect()).collect())
    } else {
        let parts: Vec<usize> = body.into_iter().flatten().collect();
        let grid = Grid::one(&parts.iter().map(count).collect::<Vec<_>>(), fewest);
        places = vec![parts.into_iter().chain(totals).collect()];
        let already: Vec<bool> = places.iter().flatten().map(hidden).collect();
        let slack = vec![false; already.len()];
        grid.withhold(vec![already, slack])
    };
    for (at, hide) in places.into_iter().flatten().zip(mask.into_iter().flatten()) {
        if let Some(cell) = withheld.get_mut(at) {
            *cell |= hide;
        }
    }
}

/// The same number under another name goes with it: the total of one table is that of another.
fn withhold_twins(cells: &[Cell], withheld: &mut [bool]) {
    let key = |cell: &'_ Cell| (cell.unit as u8, cell.things.clone());
    let hidden: BTreeSet<_> = cells.iter().zip(withheld.iter()).filter(|(_, is)| **is).map(|(cell, _)| key(cell)).collect();
    for (cell, is) in cells.iter().zip(withheld) {
        *is |= cell.not_recorded.is_none() && hidden.contains(&key(cell));
    }
}

fn withhold_across(cells: &[Cell], withheld: &mut [bool]) {
    for unit in [Unit::Actions, Unit::Requests, Unit::Duties] {
        let of_unit: Vec<usize> =
            (0..cells.len()).filter(|at| cells.get(*at).is_some_and(|c| c.unit == unit && c.not_recorded.is_none())).collect();
        let of = |at: &usize| cells.get(*at).map(|c| Counted { things: c.things.clone(), withheld: withheld.get(*at) == Some(&true) });
        let mut counted: Vec<Counted> = of_unit.iter().filter_map(of).collect();
        withhold_combinations(&mut counted);
        for (at, figure) in of_unit.iter().zip(&counted) {
            if let Some(cell) = withheld.get_mut(*at) {
                *cell = figure.withheld;
            }
        }
    }
}

/// The law bundles of what lies in the period.
fn bundles(requests: &Requests, period: &Period) -> Vec<String> {
    let within =
        requests.items.iter().filter(|i| i.received_on.is_some_and(|d| period.has(d)) || i.decided_on.is_some_and(|d| period.has(d)));
    within.filter_map(|i| i.bundle.clone()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The notes of the definition, and which of its laws the bundle has in force for only a part of the period.
fn notes(asked: &Asked<'_>) -> Vec<String> {
    let mut notes = asked.definition.note.clone();
    let instruments: BTreeMap<&str, _> = asked.law.instruments.iter().map(|i| (i.id.as_str(), i)).collect();
    for law in &asked.definition.law {
        let Some(instrument) = law.instrument.as_deref().and_then(|id| instruments.get(id)) else { continue };
        let (from, to) = (asked.period.from, asked.period.to);
        if !instrument.in_force.contains(from) || !instrument.in_force.contains(to) {
            notes.push(format!("{} was not in force on every day of this period, as the law files have it.", law.cite));
        }
    }
    notes
}
