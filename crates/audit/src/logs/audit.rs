//! The run over a log: row by row, each decided once for all rows that are alike.

use super::decide::{Asked, Decided, settle, state_facts, who};
use super::drift::{Census, State, changes};
use super::error::AuditError;
use super::mapping::{AgencyRule, Mapping, REQUESTER, zone_of};
use super::report::{Group, LogReport, Verdict};
use super::rule::Got;
use crate::table::{Header, Options, Row, Table, key};
use comity_engine::{AgencyRef, Stacks, Times, find_agency};
use comity_law::Law;
use comity_logic::{Date, FactId, Facts};
use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A row of the log with its verdict.
#[derive(Clone, Copy, Debug)]
pub struct RowVerdict<'a> {
    /// Its line.
    pub line: u64,
    /// Its own id, where the mapping names one.
    pub id: &'a str,
    /// Its day at the agency.
    pub day: Option<Date>,
    /// How it was decided.
    pub group: &'a Group,
}

/// The columns of one log, by what the mapping takes from them.
struct Columns {
    time: Vec<Option<usize>>,
    agency: Option<usize>,
    action: Option<usize>,
    requester: Vec<Option<usize>>,
    facts: Vec<Option<usize>>,
    marks: Vec<Option<usize>>,
    id: Option<usize>,
}

/// How many lines of a group are kept.
const LINES: usize = 20;

/// Audits a log. `before` is the state of the last import; `each` is given every row with its verdict; `going` is told how many rows and which part is done,
/// and says whether to go on.
///
/// # Errors
/// When the log cannot be read, `each` fails, or `going` says no.
pub fn audit(
    law: &Law,
    mapping: &Mapping,
    path: &Path,
    before: Option<&State>,
    each: &mut dyn FnMut(&RowVerdict<'_>) -> std::io::Result<()>,
    going: &mut dyn FnMut(u64, f64) -> bool,
) -> Result<LogReport, AuditError> {
    let used = mapping.used();
    let names: Vec<&str> = used.iter().map(|(c, _)| c.as_str()).collect();
    let options = Options {
        known: &names,
        sheet: mapping.sheet.as_deref(),
        delimiter: mapping.delimiter,
        records: mapping.records.as_deref(),
        ..Options::default()
    };
    let mut table = Table::open(path, &options)?;
    let columns = Columns::of(mapping, &table.header);
    if columns.time.iter().any(Option::is_none) {
        let there = table.header.names().join(", ");
        let message =
            format!("it has no column `{}` for the time; it has {there}. Mend [time] in the mapping", mapping.time.join("` and `"));
        return Err(table.fault_of_header(message).into());
    }
    if let (AgencyRule::Column { column, .. }, None) = (&mapping.agency, columns.agency) {
        let message = format!("it has no column `{column}` for the agency; mend [agency] in the mapping");
        return Err(table.fault_of_header(message).into());
    }
    let mut run = Run {
        law,
        mapping,
        stacks: Stacks::new(law),
        columns,
        agencies: FxHashMap::default(),
        known: FxHashMap::default(),
        groups: Vec::new(),
        by_kind: FxHashMap::default(),
        unknown: BTreeMap::new(),
        unmapped: BTreeMap::new(),
        unsearched: BTreeSet::new(),
    };
    let (mut census, mut row, mut days) = (Census::default(), Row::default(), None::<(Date, Date)>);
    while table.next_row(&mut row)? {
        if table.count() % 1024 == 0 && !going(table.count(), table.progress()) {
            return Err(AuditError::Interrupted);
        }
        census.look(&row, table.header.len());
        let (group, day) = run.row(&row);
        if let Some(day) = day {
            days = Some(days.map_or((day, day), |(from, to)| (from.min(day), to.max(day))));
        }
        let id = run.columns.id.map_or("", |c| row.get(c));
        if let Some(group) = run.groups.get(group) {
            each(&RowVerdict { line: row.line, id, day, group }).map_err(AuditError::Write)?;
        }
    }
    let state = census.state(&mapping.title, &table.header, days);
    let columns = changes(before, &state, &used);
    Ok(run.report(&table, columns, state))
}

impl Columns {
    fn of(mapping: &Mapping, header: &Header) -> Self {
        let find = |name: &str| header.find(&[name]);
        Self {
            time: mapping.time.iter().map(|c| find(c)).collect(),
            agency: match &mapping.agency {
                AgencyRule::Column { column, .. } => find(column),
                AgencyRule::Fixed(_) => None,
            },
            action: mapping.action.column().and_then(find),
            requester: mapping.requester.iter().flat_map(|r| r.columns.iter().map(|c| find(c))).collect(),
            facts: mapping.facts.iter().map(|f| f.source.column().and_then(find)).collect(),
            marks: mapping.marks.iter().map(|m| find(&m.column)).collect(),
            id: mapping.id.as_deref().and_then(find),
        }
    }
}

impl Mapping {
    /// Every column that the mapping takes something from, and what.
    pub(super) fn used(&self) -> Vec<(String, String)> {
        let mut used: Vec<(String, String)> = self.time.iter().map(|c| (c.clone(), "the time".to_owned())).collect();
        if let AgencyRule::Column { column, .. } = &self.agency {
            used.push((column.clone(), "the agency".to_owned()));
        }
        used.extend(self.action.column().map(|c| (c.to_owned(), "what is asked".to_owned())));
        used.extend(self.requester.iter().flat_map(|r| r.columns.iter().map(|c| (c.clone(), REQUESTER.to_owned()))));
        used.extend(self.facts.iter().filter_map(|f| Some((f.source.column()?.to_owned(), f.name.clone()))));
        used.extend(self.marks.iter().map(|m| (m.column.clone(), "a mark".to_owned())));
        used.extend(self.id.iter().map(|c| (c.clone(), "the id".to_owned())));
        used
    }
}

struct Run<'l> {
    law: &'l Law,
    mapping: &'l Mapping,
    stacks: Stacks<'l>,
    columns: Columns,
    agencies: FxHashMap<String, Result<(AgencyRef, TimeZone), String>>,
    /// Rows that are alike: what the rules read, with the day.
    known: FxHashMap<String, usize>,
    groups: Vec<Group>,
    by_kind: FxHashMap<(Verdict, String, String, String, Vec<String>, Vec<String>), usize>,
    unknown: BTreeMap<String, u64>,
    unmapped: BTreeMap<(String, String), u64>,
    unsearched: BTreeSet<String>,
}

impl Run<'_> {
    /// The group of a row, and its day.
    fn row(&mut self, row: &Row) -> (usize, Option<Date>) {
        let agency = self.agency(row);
        let zone = self.mapping.zone.clone().or_else(|| agency.as_ref().ok().map(|a| a.1.clone())).unwrap_or(TimeZone::UTC);
        let time = match &self.columns.time[..] {
            [Some(one)] => self.mapping.clock.day(row.get(*one), &zone),
            several => {
                let text: Vec<&str> = several.iter().flatten().map(|c| row.get(*c)).filter(|t| !t.is_empty()).collect();
                let glue = if self.mapping.clock.format.is_some() { " " } else { "T" };
                self.mapping.clock.day(&text.join(glue), &zone)
            }
        };
        let (agency, day) = match (agency, time) {
            (Ok(agency), Ok((day, _))) => (agency.0, day),
            (agency, time) => {
                let day = time.as_ref().ok().map(|t| t.0);
                let columns: Vec<String> = self.mapping.time.iter().map(|c| format!("`{c}`")).collect();
                let word = if columns.len() == 1 { "column" } else { "columns" };
                let time = time.map_err(|why| format!("{word} {}: {why}", columns.join(", ")));
                let missing = agency.err().into_iter().chain(time.err()).collect();
                let (agency, action) = (String::new(), String::new());
                let (norms, cites, requester) = (Vec::new(), Vec::new(), String::new());
                let decided = Decided { verdict: Verdict::Unreadable, agency, action, requester, norms, cites, missing };
                return (self.note(decided, row.line, day), day);
            }
        };
        let alike = self.alike(row, &agency, day);
        self.count_unknown(row, day);
        if let Some(group) = self.known.get(&alike).copied() {
            self.add(group, row.line, Some(day));
            return (group, Some(day));
        }
        let decided = self.decide(row, &agency, day);
        let group = self.note(decided, row.line, Some(day));
        self.known.insert(alike, group);
        (group, Some(day))
    }

    fn agency(&mut self, row: &Row) -> Result<(AgencyRef, TimeZone), String> {
        let law = self.law;
        let (text, table) = match &self.mapping.agency {
            AgencyRule::Fixed(agency) => {
                let made = || Ok((agency.clone(), zone_of(law, &agency.place)));
                return self.agencies.entry(String::new()).or_insert_with(made).clone();
            }
            AgencyRule::Column { table, .. } => (self.columns.agency.map_or("", |c| row.get(c)), table),
        };
        let find = || {
            if text.is_empty() {
                return Err("the agency is empty".to_owned());
            }
            let agency = match table {
                None => find_agency(text).map_err(|e| e.to_string().lines().next().unwrap_or_default().to_owned())?,
                Some((table, [name, kind, place])) => {
                    let cell = |column: usize| table.get(text, Date::MAX, column).map(str::to_owned);
                    let kind = cell(*kind).ok_or_else(|| format!("`{text}` is not in the table of agencies"))?;
                    AgencyRef { name: cell(*name).unwrap_or_default(), kind, place: cell(*place).unwrap_or_default(), ori: None }
                }
            };
            let zone = zone_of(law, &agency.place);
            Ok((agency, zone))
        };
        self.agencies.entry(text.to_owned()).or_insert_with(find).clone()
    }

    /// What the rules read of a row, with the agency and the day: rows that agree in it are decided alike.
    fn alike(&self, row: &Row, agency: &AgencyRef, day: Date) -> String {
        let mut text = format!("{}\u{1f}{}\u{1f}{}\u{1f}{day}", agency.name, agency.kind, agency.place);
        let c = &self.columns;
        for column in [c.action].iter().chain(&c.requester).chain(&c.facts).chain(&c.marks) {
            text.push('\u{1f}');
            text.push_str(column.map_or("", |column| row.get(column)));
        }
        text
    }

    /// Entries that no registry has are counted for every row, alike or not.
    fn count_unknown(&mut self, row: &Row, day: Date) {
        if let Some(requester) = &self.mapping.requester
            && let Asked::Unknown(name) = who(requester, &self.columns.requester, row, day)
        {
            *self.unknown.entry(name).or_default() += 1;
        }
        for (rule, column) in self.mapping.facts.iter().zip(&self.columns.facts) {
            if let Got::Unmapped(value) = rule.source.get(row, *column, day) {
                *self.unmapped.entry((rule.source.column().unwrap_or_default().to_owned(), value)).or_default() += 1;
            }
        }
    }

    fn decide(&mut self, row: &Row, agency: &AgencyRef, day: Date) -> Decided {
        let asked = self.mapping.requester.as_ref().map(|r| who(r, &self.columns.requester, row, day));
        let (requester, class) = match &asked {
            None => (String::new(), None),
            Some(Asked::Known(name, class)) => (name.clone(), Some(class.clone())),
            Some(Asked::Unknown(name)) => (name.clone(), None),
            Some(Asked::Nobody) => (String::new(), None),
        };
        let shown = if agency.name.is_empty() { format!("{} of {}", agency.kind, agency.place) } else { agency.name.clone() };
        let action = self.mapping.action.get(row, self.columns.action, day);
        let mut decided = Decided {
            verdict: Verdict::Open,
            agency: shown,
            action: String::new(),
            requester,
            norms: Vec::new(),
            cites: Vec::new(),
            missing: Vec::new(),
        };
        let action = match action {
            Got::Value(action) => action,
            Got::Unmapped(what) => return Decided { missing: vec![format!("what is asked: `{what}` is not in the mapping")], ..decided },
            _ => return Decided { missing: vec!["what is asked: the column is empty".to_owned()], ..decided },
        };
        decided.action.clone_from(&action);
        let Some(id) = self.law.action(&action) else {
            return Decided { missing: vec![format!("what is asked: `{action}` is no action")], ..decided };
        };
        if class.as_deref() == Some("none") {
            let marks = self.marks(row);
            let verdict = if marks.is_empty() { Verdict::Outside } else { Verdict::Open };
            return Decided { verdict, missing: marks, ..decided };
        }
        let (facts, lacking) = self.facts(row, day, class.as_deref(), asked.as_ref());
        let stack = match self.stacks.get(agency, day) {
            Ok(stack) => stack,
            Err(error) => return Decided { verdict: Verdict::Unreadable, missing: vec![error.to_string()], ..decided },
        };
        for note in stack.coverage() {
            if let Some(warning) = note.warning {
                self.unsearched.insert(warning);
            }
        }
        let Ok(answer) = stack.decide(id, &facts, &Times::default()) else {
            return Decided { missing: vec!["the search did not end; state more facts".to_owned()], ..decided };
        };
        settle(&mut decided, &answer, &lacking);
        // Whoever stands in no registry may be local: nothing was then asked by a federal agency, and nothing is held against the row.
        if let (Verdict::Forbidden | Verdict::Conflict, Some(Asked::Unknown(_) | Asked::Nobody)) = (decided.verdict, &asked) {
            decided.verdict = Verdict::Open;
            decided.missing = vec![format!("{REQUESTER}: {}", lacking.get(REQUESTER).map_or("who asked is not known", String::as_str))];
        }
        decided
    }

    /// The facts that a row tells, and why it does not tell the others.
    fn facts(&self, row: &Row, day: Date, class: Option<&str>, asked: Option<&Asked>) -> (Facts, BTreeMap<String, String>) {
        let vocabulary = &self.law.schema.vocabulary;
        let mut facts = Facts::new(vocabulary);
        let mut lacking = BTreeMap::new();
        state_facts(self.law, &self.mapping.facts, &self.columns.facts, row, day, &mut facts, &mut lacking);
        if let Some(FactId::Scalar(slot)) = vocabulary.find(REQUESTER) {
            match (class, asked) {
                (Some(class), _) => {
                    if let Ok(value) = facts.parse(&self.law.schema, &vocabulary.fact(FactId::Scalar(slot)).declared, class) {
                        facts.set(slot, value);
                    }
                }
                (None, Some(Asked::Unknown(name))) => {
                    lacking.insert(REQUESTER.to_owned(), format!("`{name}` is not in the registry"));
                }
                (None, Some(_)) => {
                    lacking.insert(REQUESTER.to_owned(), "the row does not say who asked".to_owned());
                }
                (None, None) => {}
            }
        }
        (facts, lacking)
    }

    /// What the words of a row ask for. They never decide; they say what the row would have to tell.
    fn marks(&self, row: &Row) -> Vec<String> {
        let mut found = Vec::new();
        for (mark, column) in self.mapping.marks.iter().zip(&self.columns.marks) {
            // Whole words: a service is not ICE.
            let cell = column.map_or(String::new(), |c| format!(" {} ", key(row.get(c))));
            if let Some(word) = mark.words.iter().find(|w| cell.contains(&format!(" {} ", key(w)))) {
                found.push(format!("{} (`{}` has the word `{word}`)", mark.says, mark.column));
            }
        }
        found
    }

    fn note(&mut self, decided: Decided, line: u64, day: Option<Date>) -> usize {
        let Decided { verdict, agency, action, requester, norms, cites, missing } = decided;
        // Groups hold what belongs together; who asked tells groups apart only where something is wrong.
        let shown = if matches!(verdict, Verdict::Outside | Verdict::Allowed) { String::new() } else { requester };
        let kind = (verdict, agency, action, shown, norms, missing);
        let group = match self.by_kind.get(&kind) {
            Some(group) => *group,
            None => {
                let (verdict, agency, action, requester, norms, missing) = kind.clone();
                self.groups.push(Group {
                    verdict,
                    agency,
                    action,
                    requester,
                    norms,
                    cites,
                    missing,
                    from: None,
                    to: None,
                    rows: 0,
                    lines: Vec::new(),
                });
                self.by_kind.insert(kind, self.groups.len() - 1);
                self.groups.len() - 1
            }
        };
        self.add(group, line, day);
        group
    }

    fn add(&mut self, group: usize, line: u64, day: Option<Date>) {
        let Some(group) = self.groups.get_mut(group) else { return };
        group.rows += 1;
        if group.lines.len() < LINES {
            group.lines.push(line);
        }
        if let Some(day) = day {
            group.from = Some(group.from.map_or(day, |f| f.min(day)));
            group.to = Some(group.to.map_or(day, |t| t.max(day)));
        }
    }

    fn report(self, table: &Table, columns: Vec<super::drift::Drift>, state: State) -> LogReport {
        let mut counts = BTreeMap::new();
        for verdict in Verdict::ALL {
            counts.insert(verdict.as_str(), self.groups.iter().filter(|g| g.verdict == verdict).map(|g| g.rows).sum());
        }
        let mut groups = self.groups;
        groups.sort_by(|a, b| {
            let by = |g: &Group| {
                (g.verdict, std::cmp::Reverse(g.rows), g.agency.clone(), g.requester.clone(), g.missing.clone(), g.norms.clone())
            };
            by(a).cmp(&by(b))
        });
        let mut unknown: Vec<(String, u64)> = self.unknown.into_iter().collect();
        unknown.sort_by_key(|(name, n)| (std::cmp::Reverse(*n), name.clone()));
        let mut unmapped: Vec<(String, String, u64)> = self.unmapped.into_iter().map(|((c, v), n)| (c, v, n)).collect();
        unmapped.sort_by_key(|(column, value, n)| (std::cmp::Reverse(*n), column.clone(), value.clone()));
        LogReport {
            bundle: self.law.digest.clone(),
            title: self.mapping.title.clone(),
            file: table.file.clone(),
            rows: table.count(),
            counts,
            groups,
            columns,
            unknown_requesters: unknown,
            unmapped,
            unsearched: self.unsearched.into_iter().collect(),
            notes: table.notes(),
            state,
        }
    }
}
