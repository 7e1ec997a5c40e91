//! Sharing settings between two snapshots: what was opened, what was closed, and what the law of the day says of each opening.

use super::decide::{Asked, state_facts, who};
use super::error::AuditError;
use super::mapping::{AgencyRule, Mapping, REQUESTER, Settings};
use crate::table::{Options, Row, Table, key};
use comity_engine::{AgencyRef, Stacks, Times};
use comity_law::Law;
use comity_logic::{Date, FactId, Facts};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What happened to a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingKind {
    /// It was closed or not there, and is open.
    Opened,
    /// It is open, and something else about it changed.
    Changed,
    /// It was open, and is closed or gone.
    Closed,
}

/// A setting that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettingChange {
    /// What happened.
    pub kind: SettingKind,
    /// The setting, by the columns that name it.
    pub name: String,
    /// Where it stands in the new snapshot, else in the old one.
    pub line: u64,
    /// Which columns changed, from what to what.
    pub changed: Vec<String>,
    /// What the law of the day says of it, for one that is open: the outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// The norms that decide, or that are open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub norms: Vec<String>,
    /// What would settle it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

/// The comparison of two snapshots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettingsReport {
    /// SHA-256 of the law bundle.
    pub bundle: String,
    /// What the log is.
    pub title: String,
    /// The day of the law.
    pub on: String,
    /// The changes: opened first.
    pub changes: Vec<SettingChange>,
    /// Columns of the old snapshot that the new one lacks.
    pub vanished_columns: Vec<String>,
    /// How many settings are open now.
    pub open: usize,
}

struct Snapshot {
    columns: Vec<String>,
    rows: BTreeMap<String, (Row, bool)>,
    table: Table,
}

/// Compares two snapshots under the law of a day.
///
/// # Errors
/// When the mapping has no `[settings]`, a snapshot cannot be read, or one names a setting twice.
pub fn compare(law: &Law, mapping: &Mapping, before: &Path, after: &Path, on: Date) -> Result<SettingsReport, AuditError> {
    let fail = |message: &str| AuditError::Table(crate::table::TableError::of_file(&mapping.file, message));
    let Some(settings) = &mapping.settings else {
        return Err(fail("it has no [settings]; write [settings] with name and open to say how a snapshot is read"));
    };
    let AgencyRule::Fixed(agency) = &mapping.agency else {
        return Err(fail("settings are those of one agency; give it in [agency] by ori, or by name, kind and place"));
    };
    let (old, new) = (snapshot(settings, before)?, snapshot(settings, after)?);
    let stacks = Stacks::new(law);
    let mut changes = Vec::new();
    for (name, (row, open)) in &new.rows {
        let was = old.rows.get(name);
        let changed = was.map_or(Vec::new(), |(before, _)| differences(&old, before, &new, row));
        let kind = match (was.is_some_and(|(_, open)| *open), open) {
            (false, true) => SettingKind::Opened,
            (true, false) => SettingKind::Closed,
            (true, true) if !changed.is_empty() => SettingKind::Changed,
            _ => continue,
        };
        let mut change =
            SettingChange { kind, name: name.clone(), line: row.line, changed, outcome: None, norms: Vec::new(), missing: Vec::new() };
        if kind != SettingKind::Closed {
            decide(law, mapping, settings, agency, &stacks, (&new, row), on, &mut change);
        }
        changes.push(change);
    }
    for (name, (row, open)) in &old.rows {
        if *open && !new.rows.contains_key(name) {
            let (name, line) = (name.clone(), row.line);
            let changed = vec!["it is not in the new snapshot".to_owned()];
            changes.push(SettingChange {
                kind: SettingKind::Closed,
                name,
                line,
                changed,
                outcome: None,
                norms: Vec::new(),
                missing: Vec::new(),
            });
        }
    }
    changes.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
    let gone = |c: &&String| !new.columns.iter().any(|n| key(n) == key(c));
    Ok(SettingsReport {
        bundle: law.digest.clone(),
        title: mapping.title.clone(),
        on: on.to_string(),
        changes,
        vanished_columns: old.columns.iter().filter(gone).cloned().collect(),
        open: new.rows.values().filter(|(_, open)| *open).count(),
    })
}

fn snapshot(settings: &Settings, path: &Path) -> Result<Snapshot, AuditError> {
    let known: Vec<&str> = settings.name.iter().chain([&settings.open]).map(String::as_str).collect();
    let mut table = Table::open(path, &Options { known: &known, records: settings.records.as_deref(), ..Options::default() })?;
    let find = |name: &String| {
        table.header.find(&[name]).ok_or_else(|| {
            let there = table.header.names().join(", ");
            table.fault_of_header(format!("it has no column `{name}`; it has {there}. Mend [settings] in the mapping"))
        })
    };
    let named: Vec<usize> = settings.name.iter().map(find).collect::<Result<_, _>>()?;
    let open = find(&settings.open)?;
    let mut rows: BTreeMap<String, (Row, bool)> = BTreeMap::new();
    for row in table.rows()? {
        let name = named.iter().map(|c| row.get(*c)).collect::<Vec<_>>().join(" / ");
        let is_open = settings.open_values.contains(&key(row.get(open)));
        if let Some((other, _)) = rows.get(&name) {
            let message = format!("the setting stands in line {} as well; keep one, or name it by more columns in [settings]", other.line);
            return Err(table.fault(&row, named.first().copied().unwrap_or(0), message).into());
        }
        rows.insert(name, (row, is_open));
    }
    Ok(Snapshot { columns: table.header.names().to_vec(), rows, table })
}

fn differences(old: &Snapshot, before: &Row, new: &Snapshot, after: &Row) -> Vec<String> {
    let mut found = Vec::new();
    for (at, name) in new.columns.iter().enumerate() {
        let was = old.table.header.find(&[name]).map_or("", |c| before.get(c));
        if was != after.get(at) {
            found.push(format!("{name}: `{was}` → `{}`", after.get(at)));
        }
    }
    found
}

#[expect(clippy::too_many_arguments, reason = "one call, and each is another thing")]
fn decide(
    law: &Law,
    mapping: &Mapping,
    settings: &Settings,
    agency: &AgencyRef,
    stacks: &Stacks<'_>,
    (snapshot, row): (&Snapshot, &Row),
    on: Date,
    change: &mut SettingChange,
) {
    let find = |name: &str| snapshot.table.header.find(&[name]);
    let vocabulary = &law.schema.vocabulary;
    let mut facts = Facts::new(vocabulary);
    let mut lacking = BTreeMap::new();
    let columns: Vec<Option<usize>> = settings.facts.iter().map(|f| f.source.column().and_then(find)).collect();
    state_facts(law, &settings.facts, &columns, row, on, &mut facts, &mut lacking);
    if let Some(requester) = &settings.requester {
        let columns: Vec<Option<usize>> = requester.columns.iter().map(|c| find(c)).collect();
        match who(requester, &columns, row, on) {
            Asked::Known(_, class) if class == "none" => {
                change.outcome = Some("no federal agency, as far as the registry tells".to_owned());
                return;
            }
            Asked::Known(_, class) => {
                if let Some(id @ FactId::Scalar(slot)) = vocabulary.find(REQUESTER)
                    && let Ok(value) = facts.parse(&law.schema, &vocabulary.fact(id).declared, &class)
                {
                    facts.set(slot, value);
                }
            }
            Asked::Unknown(name) => {
                lacking.insert(REQUESTER.to_owned(), format!("`{name}` is not in the registry"));
            }
            Asked::Nobody => {
                lacking.insert(REQUESTER.to_owned(), "the snapshot does not say with whom".to_owned());
            }
        }
    }
    let action = match mapping.action.get(row, mapping.action.column().and_then(find), on) {
        super::rule::Got::Value(action) => law.action(&action),
        _ => None,
    };
    let answer = action.and_then(|a| stacks.get(agency, on).ok()?.decide(a, &facts, &Times::default()).ok());
    let Some(answer) = answer else {
        change.missing.push("what is asked: the mapping does not tell it for this setting".to_owned());
        return;
    };
    // With a partner that stands in no registry nothing is settled: it may be local.
    change.outcome = Some(if lacking.contains_key(REQUESTER) { "undetermined".to_owned() } else { answer.outcome.to_string() });
    change.missing.extend(lacking.get(REQUESTER).map(|why| format!("{REQUESTER}: {why}")));
    let grounds = if answer.because.is_empty() { &answer.open } else { &answer.because };
    change.norms = grounds.iter().map(|g| g.norm.clone()).collect();
    let asked = answer.missing.iter().filter(|q| q.fact != REQUESTER || !lacking.contains_key(REQUESTER));
    change.missing.extend(
        asked.map(|q| lacking.get(&q.fact).map_or_else(|| format!("{}: {}", q.fact, q.question), |why| format!("{}: {why}", q.fact))),
    );
}
