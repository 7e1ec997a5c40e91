//! The rows as CSV (RFC 4180, lines ending in LF), with the codebook that explains them.

use super::{GROUPS, Row};
use comity_law::{Interval, Law, show};
use comity_logic::Date;
use comity_places::{AgencyKind, Place};

/// The columns of the values: name, type and what it says.
const COLUMNS: [(&str, &str, &str); 21] = [
    ("row_id", "text", "Place, question and first day; the same in every edition of the law as long as the row begins on that day"),
    ("place", "text", "The place whose own law the row speaks of"),
    ("place_name", "text", "Its name"),
    ("fips", "text", "Its FIPS code, where it is known"),
    ("question", "text", "The question; the codebook has its words"),
    ("action", "text", "What is asked of the agency"),
    ("agency_group", "text", "Of which agencies"),
    ("valid_from", "day", "The first day; empty: since ever"),
    ("valid_to", "day", "The last day; empty: until further notice"),
    ("can_require", "0 or 1", "In some case the norms of the place require it"),
    ("can_permit", "0 or 1", "In some case they permit it"),
    ("can_forbid", "0 or 1", "In some case they forbid it"),
    ("can_be_silent", "0 or 1", "In some case no norm of the place speaks"),
    ("can_conflict", "0 or 1", "In some case they contradict each other and neither gives way"),
    (
        "agency_kinds",
        "list",
        "The kinds of the group to which a norm of the place can speak; where it is not the whole group, the others are met by silence",
    ),
    ("norms", "list", "The norms; norms.csv has them"),
    ("citations", "list", "Their citations and those of their exceptions"),
    ("confidence", "high, medium, low", "The least sure of the norms; empty where there is none"),
    ("searched", "all, some, none", "Whether the place's sources were searched for these days: with none, silence is no finding"),
    ("proved", "0 or 1", "1: exactly the marked outcomes can occur; 0: at most these"),
    ("bundle", "text", "The first 16 digits of the digest of the law files"),
];

/// What the norms of each place can bring: one row per place, question and interval.
#[must_use]
pub fn values(law: &Law, rows: &[Row]) -> String {
    let mut out = Csv::new(COLUMNS.iter().map(|c| c.0));
    for row in rows {
        let known = Place::find(&row.place);
        let name = law.place(&row.place).map(|p| p.name.as_str()).or(known.map(|p| p.name)).unwrap_or_default();
        let (action, group) = (law.action_name(row.action), GROUPS[row.group].id);
        let question = format!("{action}.{group}");
        let from = day(row.days.from);
        let start = if from.is_empty() { "start" } else { &from };
        let flag = |at: usize| if row.can[at] { "1" } else { "0" }.to_owned();
        out.row([
            format!("{}:{question}:{start}", row.place),
            row.place.clone(),
            name.to_owned(),
            known.and_then(|p| p.fips).unwrap_or_default().to_owned(),
            question.clone(),
            action.to_owned(),
            group.to_owned(),
            from.clone(),
            day(row.days.to),
            flag(0),
            flag(1),
            flag(2),
            flag(3),
            flag(4),
            joined(row.kinds.iter().map(|k| k.as_str())),
            joined(row.norms.iter().map(String::as_str)),
            joined(row.cites.iter().map(String::as_str)),
            row.confidence.map(|c| c.as_str().to_owned()).unwrap_or_default(),
            row.searched.as_str().to_owned(),
            if row.proved { "1" } else { "0" }.to_owned(),
            law.digest.get(..16).unwrap_or(&law.digest).to_owned(),
        ]);
    }
    out.text
}

/// The columns and the questions.
#[must_use]
pub fn codebook(law: &Law) -> String {
    let mut out = Csv::new(["entry", "name", "type", "label"]);
    for (name, kind, label) in COLUMNS {
        out.row(["column".to_owned(), name.to_owned(), kind.to_owned(), label.to_owned()]);
    }
    let note = "Where a place has no row for a question on a day, no norm of it was found and nobody looked: that is missing, not silence";
    out.row(["note".to_owned(), "no row".to_owned(), String::new(), note.to_owned()]);
    for group in GROUPS {
        let kinds = joined(group.kinds.iter().map(|k: &AgencyKind| k.as_str()));
        out.row(["agency_group".to_owned(), group.id.to_owned(), kinds, group.label.to_owned()]);
    }
    for action in &law.actions {
        out.row(["action".to_owned(), action.id.clone(), String::new(), action.says.clone()]);
    }
    for action in &law.actions {
        for group in GROUPS {
            let label = format!("What can the place's own law say when {} are asked: {}?", group.label, lower(&action.says));
            out.row(["question".to_owned(), format!("{}.{}", action.id, group.id), "five flags".to_owned(), label]);
        }
    }
    out.text
}

/// The norms that the rows name, each version one row.
#[must_use]
pub fn norms(law: &Law) -> String {
    let columns = [
        "norm",
        "instrument",
        "place",
        "title",
        "citation",
        "rank",
        "modality",
        "actions",
        "valid_from",
        "valid_to",
        "says",
        "condition",
        "exceptions",
        "confidence",
        "checked_on",
    ];
    let mut out = Csv::new(columns);
    for it in &law.instruments {
        for norm in &it.norms {
            let Interval { from, to } = norm.in_force;
            let exceptions: Vec<String> =
                norm.exceptions.iter().map(|e| format!("{}: {}", e.full_cite, show::condition(&e.when.text))).collect();
            out.row([
                format!("{}#{}", it.id, norm.id),
                it.id.clone(),
                it.place.clone(),
                it.title.clone(),
                norm.full_cite.clone(),
                it.rank.to_string(),
                norm.modality.to_string(),
                joined(norm.actions.iter().map(|a| law.action_name(*a))),
                day(from),
                day(to),
                norm.says.clone(),
                if norm.when.is_always() { String::new() } else { show::condition(&norm.when.text) },
                joined(exceptions.iter().map(String::as_str)),
                norm.confidence.to_string(),
                it.checked.on.to_string(),
            ]);
        }
    }
    out.text
}

fn day(day: Option<Date>) -> String {
    day.map(|d| d.to_string()).unwrap_or_default()
}

/// A list within a field.
fn joined<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    parts.collect::<Vec<_>>().join("; ")
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// A table as text.
struct Csv {
    text: String,
}

impl Csv {
    fn new<S: Into<String>>(columns: impl IntoIterator<Item = S>) -> Self {
        let mut out = Self { text: String::new() };
        out.row(columns);
        out
    }

    fn row<S: Into<String>>(&mut self, fields: impl IntoIterator<Item = S>) {
        for (at, field) in fields.into_iter().enumerate() {
            let field: String = field.into();
            if at > 0 {
                self.text.push(',');
            }
            if field.contains(['"', ',', '\n', '\r']) {
                self.text.push_str(&format!("\"{}\"", field.replace('"', "\"\"")));
            } else {
                self.text.push_str(&field);
            }
        }
        self.text.push('\n');
    }
}
