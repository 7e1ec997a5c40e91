//! How far a report has come: a draft, certified, corrected; with every version that was certified.

use crate::report::{Log, Report};
use comity_ledger::{Entry, EntryKind, NewEntry};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

/// What an entry of the ledger says of a certified report.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Certified {
    report: String,
    agency: String,
    period: Days,
    digest: String,
    log: CertifiedLog,
    #[serde(default)]
    fewest: Option<u64>,
    #[serde(default)]
    nil: bool,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    changed: Vec<Change>,
    figures: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Days {
    from: String,
    to: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct CertifiedLog {
    size: u64,
    root: String,
}

/// A figure that came out differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The figure.
    pub figure: String,
    /// What it was; none if there was no such figure.
    pub was: Option<String>,
    /// What it is; none if there is no such figure any more.
    pub is: Option<String>,
}

/// What stands over a report of a made-up record.
const INVENTED: &str = "Invented sample: made-up requests, decided by the real law. No agency’s record, and nothing to publish.";

/// A version that was certified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Version {
    /// The entry that certifies it.
    pub entry: u64,
    /// When, in UTC.
    pub time: String,
    /// Who, by the name of the account.
    pub by: String,
    /// SHA-256 over the report's content.
    pub digest: String,
    /// The part of the ledger that it rests on.
    pub log: Log,
    /// Below which number cells were withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fewest: Option<u64>,
    /// Whether it certifies that there was nothing to report.
    pub nil: bool,
    /// The certified version that it replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<u64>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The figures that came out differently.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<Change>,
    /// The version that replaces it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected_by: Option<u64>,
    /// What every figure came to.
    #[serde(skip)]
    pub figures: BTreeMap<String, String>,
}

/// How far a report has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum State {
    /// Nobody certified it.
    Draft,
    /// It was certified, and stands.
    Certified {
        /// The entry that certifies it.
        entry: u64,
    },
    /// It was certified, and a later version replaces it.
    Corrected {
        /// The entry that certified it.
        entry: u64,
        /// The entry that certifies the version that replaces it.
        by: u64,
    },
}

/// A report with its history: what is published.
#[derive(Clone, Debug)]
pub struct Document {
    /// The report.
    pub report: Report,
    /// The digest of its content.
    pub digest: String,
    /// How far it has come.
    pub state: State,
    /// Every version that was certified of this report, the first first.
    pub versions: Vec<Version>,
}

impl Document {
    /// A report with the history that a ledger has of it.
    #[must_use]
    pub fn new(report: Report, entries: &[Entry]) -> Self {
        let days = (report.period.from.to_string(), report.period.to.to_string());
        let versions = history(entries, &report.report, &report.agency.key(), (&days.0, &days.1));
        let digest = report.digest();
        let own = versions.iter().rev().find(|v| v.digest == digest);
        let state = match own.map(|v| (v.entry, v.corrected_by)) {
            None => State::Draft,
            Some((entry, None)) => State::Certified { entry },
            Some((entry, Some(by))) => State::Corrected { entry, by },
        };
        Self { report, digest, state, versions }
    }

    /// The state in a sentence, after one that says so if the record is made up.
    #[must_use]
    pub fn state_says(&self) -> String {
        let of = |entry: u64| {
            self.versions.iter().find(|v| v.entry == entry).map(|v| format!("{} by {}", v.time.get(..10).unwrap_or(&v.time), v.by))
        };
        let state = match &self.state {
            State::Draft => "Draft: nobody has certified these figures.".to_owned(),
            State::Certified { entry } => format!("Certified on {} (entry {entry}).", of(*entry).unwrap_or_default()),
            State::Corrected { entry, by } => {
                format!("Certified on {} (entry {entry}); corrected since: entry {by} replaces it.", of(*entry).unwrap_or_default())
            }
        };
        if self.report.agency.is_invented() { format!("{INVENTED} {state}") } else { state }
    }

    /// The version that stands.
    #[must_use]
    pub fn standing(&self) -> Option<&Version> {
        self.versions.last()
    }

    /// The published JSON: content, digest, state and history.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        json!({"digest": self.digest, "standing": self.state, "says": self.state_says(), "versions": self.versions, "content": self.report})
    }
}

/// Every certified version of a report, the first first. Entries that do not read as such are none.
#[must_use]
pub fn history(entries: &[Entry], kind: &str, agency: &str, days: (&str, &str)) -> Vec<Version> {
    let mut versions: Vec<Version> = Vec::new();
    for (entry, c) in certified(entries) {
        if c.report != kind || c.agency != agency || (c.period.from.as_str(), c.period.to.as_str()) != days {
            continue;
        }
        if let Some(earlier) = entry.corrects.and_then(|of| versions.iter_mut().find(|v| v.entry == of)) {
            earlier.corrected_by = Some(entry.index);
        }
        versions.push(version(entry, c));
    }
    versions
}

/// All certified versions of all reports, with kind, agency and days, in the order of the ledger.
#[must_use]
pub fn all_versions(entries: &[Entry]) -> Vec<(String, String, (String, String), Version)> {
    let replaced: BTreeMap<u64, u64> = certified(entries).filter_map(|(e, _)| Some((e.corrects?, e.index))).collect();
    let each = certified(entries).map(|(entry, c)| {
        let head = (c.report.clone(), c.agency.clone(), (c.period.from.clone(), c.period.to.clone()));
        let version = Version { corrected_by: replaced.get(&entry.index).copied(), ..version(entry, c) };
        (head.0, head.1, head.2, version)
    });
    each.collect()
}

fn certified(entries: &[Entry]) -> impl Iterator<Item = (&Entry, Certified)> {
    let of_reports = entries.iter().filter(|e| e.kind == EntryKind::Report);
    of_reports.filter_map(|e| Some((e, serde_json::from_value(e.public.clone()).ok()?)))
}

fn version(entry: &Entry, c: Certified) -> Version {
    Version {
        entry: entry.index,
        time: entry.time.clone(),
        by: entry.actor.clone(),
        digest: c.digest,
        log: Log { size: c.log.size, root: c.log.root },
        fewest: c.fewest,
        nil: c.nil,
        replaces: entry.corrects,
        reason: c.reason,
        changed: c.changed,
        corrected_by: None,
        figures: c.figures,
    }
}

/// The entry that certifies a report.
///
/// # Errors
/// That the record is made up, or that a version was certified already: then it is corrected, not certified again.
pub fn certify(document: &Document, actor: &str) -> Result<NewEntry, String> {
    if document.report.agency.is_invented() {
        return Err("the record is made up: there is nothing to certify".to_owned());
    }
    match document.standing() {
        Some(standing) if standing.digest == document.digest => {
            Err(format!("this very report was certified already, in entry {}", standing.entry))
        }
        Some(standing) => Err(format!(
            "a version was certified in entry {}; what changed since is published with `comity report correct`, with its reason",
            standing.entry
        )),
        None => Ok(NewEntry::new(EntryKind::Report, actor).public(public(&document.report, None))),
    }
}

/// The entry that certifies a corrected version in place of the one that stands.
///
/// # Errors
/// That there is nothing to correct, that nothing changed, or that no reason is given.
pub fn correct(document: &Document, actor: &str, reason: &str) -> Result<(NewEntry, Vec<Change>), String> {
    let Some(standing) = document.standing() else {
        return Err("no version of this report was certified yet; certify it with `comity report certify`".to_owned());
    };
    let reason = reason.trim();
    if reason.chars().count() < 10 || reason.chars().count() > 500 {
        return Err("say in 10 to 500 characters why the report is corrected; it is published, so name no person".to_owned());
    }
    let changed = changes(&standing.figures, &document.report.values());
    if changed.is_empty() {
        return Err(format!("every figure is what entry {} certified; there is nothing to correct", standing.entry));
    }
    let entry = NewEntry::new(EntryKind::Report, actor).corrects(standing.entry).public(public(&document.report, Some((reason, &changed))));
    Ok((entry, changed))
}

/// The figures that came out differently, by name. A row that is not there and a row of zeros say the same.
#[must_use]
pub fn changes(was: &BTreeMap<String, String>, is: &BTreeMap<String, String>) -> Vec<Change> {
    let names: std::collections::BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let number = |of: &BTreeMap<String, String>, name: &String| of.get(name).cloned().unwrap_or_else(|| "0".to_owned());
    let differ = names.into_iter().filter(|name| number(was, name) != number(is, name));
    differ.map(|name| Change { figure: name.clone(), was: was.get(name).cloned(), is: is.get(name).cloned() }).collect()
}

fn public(report: &Report, correction: Option<(&str, &[Change])>) -> serde_json::Value {
    let mut public = json!({
        "report": report.report, "agency": report.agency.key(), "period": report.period, "digest": report.digest(), "log": report.log,
        "fewest": report.fewest, "nil": report.nil, "figures": report.values(),
    });
    if let (Some((reason, changed)), Some(object)) = (correction, public.as_object_mut()) {
        object.insert("reason".to_owned(), json!(reason));
        object.insert("changed".to_owned(), json!(changed));
    }
    public
}
