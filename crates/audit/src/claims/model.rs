//! What an audit of claims finds: a verdict a row, each with its findings.

use crate::inert;
use comity_logic::Date;
use serde::Serialize;
use std::fmt;

/// What a claim is worth after the audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Law, places or totals show that it is wrong.
    Contradicted,
    /// It cannot be decided: a doubt has to be answered, or something is missing.
    NotDecidable,
    /// Nothing in law, places or totals speaks against it.
    Consistent,
    /// The row is no claim: a total, or a remark.
    NoClaim,
}

impl Verdict {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contradicted => "contradicted",
            Self::NotDecidable => "not decidable",
            Self::Consistent => "consistent",
            Self::NoClaim => "no claim",
        }
    }
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// It shows that the row is wrong.
    Contradiction,
    /// It has to be answered before anybody relies on the row.
    Doubt,
    /// A reader should know it; it touches not the row's truth.
    Context,
}

macro_rules! classes {
    ($($(#[doc = $doc:literal])* $name:ident = $word:literal: $title:literal),* $(,)?) => {
        /// What kind of finding it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        pub enum Class { $($(#[doc = $doc])* #[serde(rename = $word)] $name),* }

        impl Class {
            /// Every class.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word for it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// What it means, in a line.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title),* }
            }
        }
    };
}

classes! {
    /// A law of one government is set against an agency of another.
    WrongInstrument = "wrong-instrument": "the law named does not bind the agency it is set against",
    /// The row is flatter than the law: it leaves exceptions out.
    Overstated = "overstated": "the law has exceptions that the row leaves out",
    /// The same law opens other ways of cooperation that the row leaves out.
    Overbroad = "overbroad": "the same law opens other ways to cooperate that the row leaves out",
    /// The row's code and its name are of two places.
    CodeMismatch = "code-mismatch": "the place code and the name are of two places",
    /// The facility belongs to another place than the row's.
    CustodyMismatch = "custody-mismatch": "the facility is not of the place that the row names",
    /// An agency that keeps nobody in custody.
    NoCustody = "no-custody": "the agency keeps nobody in custody",
    /// The law cited began after the day of the row.
    BeforeEffect = "before-effect": "the day lies before the law was in force",
    /// Its days are out of order.
    OutOfOrder = "out-of-order": "its days are out of order",
    /// A total is not the sum of its rows.
    TotalMismatch = "total-mismatch": "a total is not the sum of its rows",
    /// A count that fits a larger place of the same name far better.
    Namesake = "namesake": "the count fits another place of the same name better",
    /// More declined than can have been issued in the time.
    DeclinedExceedsIssued = "declined-exceeds-issued": "more were declined in the time than were issued in it",
    /// So many on one day that it is the day of a recording or of a new policy.
    BulkDay = "bulk-day": "so many on one day that the day is that of a recording, not of refusals",
    /// A request that is years old.
    StaleRequest = "stale-request": "the request is much older than the time reported on",
    /// Nothing gives the agency a ground to refuse.
    Unexplained = "unexplained": "neither law nor any policy listed gives the agency a ground to refuse",
    /// One word for two requests, of which the agency's own law leaves one open.
    NoticeLeftOpen = "notice-left-open": "the agency's own law has it give notice: declined tells one of two requests at most",
    /// The row rests on another that is contradicted or in doubt.
    RestsOnDoubtful = "rests-on-doubtful": "it rests on another row that is contradicted or in doubt",
    /// One government is listed more than once.
    ListedTwice = "listed-twice": "one government is listed more than once",
    /// The state of the place is listed as well.
    WithinListed = "within-listed": "the state that it lies in is listed too",
    /// What limits is the law of the state, which may be listed too.
    StateLaw = "state-law": "what limits here is the law of the state, not of the place",
    /// The law of the place bears the row out.
    Supported = "supported": "the law of the place bears it out",
    /// Higher law demands what the row shows as a policy.
    HigherLaw = "higher-law": "higher law demanded it whatever the policy",
    /// The day given is that of adoption.
    AdoptedNotInForce = "adopted-not-in-force": "the day given is that of adoption; the law was in force later",
    /// The law files know the instrument from this very row.
    Circular = "circular": "the law files know the instrument from this row alone",
    /// One row stands for several people.
    OneForMany = "one-for-many": "one row stands for several",
    /// The row names several places.
    SeveralPlaces = "several-places": "the row names several places",
    /// Several places have the name.
    AmbiguousPlace = "ambiguous-place": "several places have the name",
    /// No place has the name.
    UnknownPlace = "unknown-place": "no place has the name",
    /// A cell cannot be read.
    Unreadable = "unreadable": "a cell cannot be read",
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One thing found of a row or of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind it is.
    pub class: Class,
    /// How much it weighs.
    pub weight: Weight,
    /// What was found, in a sentence or two.
    pub says: String,
    /// The norms that show it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub norms: Vec<String>,
    /// The slugs of the places that show it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// The other rows that show it, as `file:line`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<String>,
}

impl Finding {
    pub(super) fn new(class: Class, weight: Weight, says: impl Into<String>) -> Self {
        Self { class, weight, says: says.into(), norms: Vec::new(), places: Vec::new(), rows: Vec::new() }
    }

    pub(super) fn norms(mut self, norms: impl IntoIterator<Item = String>) -> Self {
        self.norms.extend(norms);
        self.norms.sort_unstable();
        self.norms.dedup();
        self
    }

    pub(super) fn places<S: Into<String>>(mut self, places: impl IntoIterator<Item = S>) -> Self {
        self.places.extend(places.into_iter().map(Into::into));
        self
    }

    pub(super) fn rows(mut self, rows: impl IntoIterator<Item = String>) -> Self {
        self.rows.extend(rows);
        self
    }
}

/// What kind of claims a table makes, as its columns tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// So many requests were issued to a place that restricts cooperation.
    Issued,
    /// An agency declined a request.
    Declined,
    /// A place has a policy that limits cooperation.
    Policy,
    /// A place is on a list of those that limit cooperation.
    Listed,
}

impl Kind {
    /// What such a table claims.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Issued => "requests issued to places that restrict cooperation",
            Self::Declined => "requests that agencies declined",
            Self::Policy => "places with policies that limit cooperation",
            Self::Listed => "places listed as limiting cooperation",
        }
    }
}

/// What the law of the day says of an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LawSays {
    /// The action.
    pub action: String,
    /// The agency, as it was put to the law.
    pub agency: String,
    /// The outcome.
    pub outcome: String,
    /// The outcomes still possible.
    pub possible: Vec<String>,
    /// The norms that decide, or that are open.
    pub norms: Vec<String>,
    /// The facts that would settle it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

/// A row after the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowReport {
    /// The position of its table.
    pub table: usize,
    /// Its line in the file.
    pub line: u64,
    /// Its own id, if the table has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The claim in a few words.
    pub claim: String,
    /// The first and the last day that it speaks of.
    #[serde(serialize_with = "days")]
    pub days: Option<(Date, Date)>,
    /// The slugs of the places that it names.
    pub places: Vec<String>,
    /// Where the name alone does not tell the place: every place that fits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<String>,
    /// What the law of the day says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub law: Vec<LawSays>,
    /// The verdict.
    pub verdict: Verdict,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What would have to be known to decide it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

fn days<S: serde::Serializer>(days: &Option<(Date, Date)>, serializer: S) -> Result<S::Ok, S::Error> {
    days.map(|(from, to)| [from.to_string(), to.to_string()]).serialize(serializer)
}

impl RowReport {
    /// The findings that are alarms: contradictions and doubts.
    pub fn alarms(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| f.weight != Weight::Context)
    }

    /// Sets the verdict by what was found and what is missing.
    pub(super) fn conclude(&mut self) {
        self.findings.sort_by(|a, b| (a.weight, a.class, &a.says).cmp(&(b.weight, b.class, &b.says)));
        self.missing.sort_unstable();
        self.missing.dedup();
        if self.verdict == Verdict::NoClaim {
            return;
        }
        let has = |weight: Weight| self.findings.iter().any(|f| f.weight == weight);
        self.verdict = if has(Weight::Contradiction) {
            Verdict::Contradicted
        } else if has(Weight::Doubt) || !self.missing.is_empty() {
            Verdict::NotDecidable
        } else {
            Verdict::Consistent
        };
    }
}

/// A table after the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableReport {
    /// Its file.
    pub file: String,
    /// What it claims.
    pub kind: Kind,
    /// How many rows it has.
    pub rows: usize,
    /// What was found of the table as a whole.
    pub findings: Vec<Finding>,
    /// What was read otherwise than it stands.
    pub notes: Vec<crate::table::Note>,
}

/// The whole audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// SHA-256 of the law bundle.
    pub bundle: String,
    /// The tables.
    pub tables: Vec<TableReport>,
    /// Their rows, in order.
    pub rows: Vec<RowReport>,
}

impl Report {
    /// How many rows have a verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.rows.iter().filter(|r| r.verdict == verdict).count()
    }

    /// Where a row stands: `file:line`.
    #[must_use]
    pub fn place_of(&self, row: &RowReport) -> String {
        let file = self.tables.get(row.table).map_or("", |t| t.file.as_str());
        format!("{file}:{}", row.line)
    }

    /// The rows as CSV: one line a row, findings and missing things in one cell each. A text that begins as a formula does is made [`inert`].
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn write_csv(&self, out: impl std::io::Write) -> Result<(), csv::Error> {
        let mut writer = csv::Writer::from_writer(out);
        let head =
            ["file", "line", "row_id", "claim", "from", "to", "places", "candidates", "verdict", "findings", "norms", "missing", "law"];
        writer.write_record(head)?;
        for row in &self.rows {
            let (from, to) = row.days.map(|(f, t)| (f.to_string(), t.to_string())).unwrap_or_default();
            let findings: Vec<String> = row.findings.iter().map(|f| format!("{}: {}", f.class, f.says)).collect();
            let mut norms: Vec<&str> = row.findings.iter().flat_map(|f| f.norms.iter().map(String::as_str)).collect();
            norms.sort_unstable();
            norms.dedup();
            let law: Vec<String> = row.law.iter().map(|l| format!("{} {}", l.action, l.outcome)).collect();
            let cells = [
                self.tables.get(row.table).map_or("", |t| t.file.as_str()),
                &row.line.to_string(),
                row.id.as_deref().unwrap_or_default(),
                &row.claim,
                &from,
                &to,
                &row.places.join("; "),
                &row.candidates.join("; "),
                row.verdict.as_str(),
                &findings.join(" | "),
                &norms.join("; "),
                &row.missing.join("; "),
                &law.join("; "),
            ];
            writer.write_record(cells.map(|cell| inert(cell).into_owned()))?;
        }
        writer.flush()?;
        Ok(())
    }
}
