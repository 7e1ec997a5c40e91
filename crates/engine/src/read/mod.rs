//! Cases from JSON: every mistake with its path, its line and its column.

mod agency;
mod given;
mod local;
mod locate;

use crate::case::{AgencyRef, Case, LocalNorm, Times};
use crate::clocks::{parse_moment, zone_of};
use crate::stacks::check_agency;
use agency::{FORMS, agency_in, agency_of};
use comity_law::{ActionId, Law};
use comity_logic::{Date, FactMistake, Facts, FactsSeed, MAX_MISTAKES, nearest, parse_date};
use given::{Borrowed, Given};
use locate::Located;
use serde::de::{DeserializeSeed, Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Value as Json;
use serde_json::error::Category;
use std::borrow::Cow;
use std::fmt;

/// What is wrong in a case.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct CaseMistake {
    /// The way to the value: `facts.person.convictions[0].level`; empty for the whole.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters from 1.
    pub column: usize,
    /// What is wrong, and the remedy.
    pub message: String,
}

/// A case could not be read: all that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseError {
    /// The mistakes, in the order in which they were found.
    pub mistakes: Vec<CaseMistake>,
}

impl fmt::Display for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, m) in self.mistakes.iter().enumerate() {
            let newline = if at == 0 { "" } else { "\n" };
            let path = if m.path.is_empty() { String::new() } else { format!("{}: ", m.path) };
            write!(f, "{newline}{}:{}: {path}{}", m.line, m.column, m.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for CaseError {}

/// A case has at most so many bytes.
pub const MAX_CASE: usize = 4 << 20;

/// Keys that a case may have besides its own: what worked examples expect, and notes.
const ASIDE: [&str; 14] = [
    "$schema",
    "id",
    "title",
    "note",
    "notes",
    "expected",
    "possible",
    "because",
    "missing",
    "duties",
    "confidence",
    "source",
    "doubt",
    "row",
];

/// Reads a case.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_case(law: &Law, text: &str) -> Result<Case, CaseError> {
    let fail = |message: String| CaseError { mistakes: vec![CaseMistake { path: String::new(), line: 1, column: 1, message }] };
    if text.len() > MAX_CASE {
        return Err(fail(format!("the case has {} bytes; more than {MAX_CASE} are not read", text.len())));
    }
    let mut reader = CaseReader {
        law,
        mistakes: Vec::new(),
        agency: None,
        on: None,
        actions: Vec::new(),
        facts: None,
        times: Times::default(),
        local: Vec::new(),
    };
    if text.chars().all(char::is_whitespace) {
        return Err(fail("there is no case here, only an empty text; a case is such as {\"agency\": \"CA0194200\", \"on\": \"2018-03-01\", \"action\": \"hold\", \"facts\": {}}".to_owned()));
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let read = json.deserialize_map(&mut reader).and_then(|()| json.end());
    if let Err(error) = read {
        return Err(no_json(text, &error));
    }
    let case = reader.finish();
    let mut wrong = reader.mistakes;
    match case {
        Some(case) if wrong.is_empty() => Ok(case),
        _ => {
            if wrong.is_empty() {
                wrong.push(FactMistake { path: String::new(), message: "the case is incomplete".to_owned() });
            }
            wrong.truncate(MAX_MISTAKES);
            if wrong.len() == MAX_MISTAKES {
                wrong.push(FactMistake {
                    path: String::new(),
                    message: "there may be more mistakes than these; mend them first".to_owned(),
                });
            }
            let mut located = Located::new(text);
            let mut place = |m: FactMistake| {
                let (line, column) = located.at(&m.path);
                CaseMistake { path: m.path, line, column, message: m.message }
            };
            Err(CaseError { mistakes: wrong.into_iter().map(&mut place).collect() })
        }
    }
}

/// Why a text is no case in JSON, with what stands there and what is likely meant.
fn no_json(text: &str, error: &serde_json::Error) -> CaseError {
    let (line, column) = (error.line().max(1), error.column().max(1));
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    let row = text.lines().nth(line - 1).unwrap_or_default();
    // The reader counts bytes, and points at the last one that it took.
    let start = row.floor_char_boundary(column - 1);
    let found: String = row[start..].chars().take(20).collect();
    let column = row[..start].chars().count() + 1;
    let message = match error.classify() {
        Category::Eof => format!("the case breaks off here ({message}); close what is open: a quote, a bracket or a brace"),
        Category::Data => format!("{message}; put braces around it: {{\"agency\": …, \"on\": …, \"action\": …}}"),
        _ => format!("this is not a case in JSON: {message}, at `{found}`; {}", remedy(message)),
    };
    CaseError { mistakes: vec![CaseMistake { path: String::new(), line, column, message }] }
}

/// What is likely to mend a mistake of the JSON reader's.
fn remedy(message: &str) -> &'static str {
    match message {
        "trailing characters" => "remove what follows the case",
        "number out of range" => "write a whole number that fits",
        "recursion limit exceeded" => "nothing of a case lies so deep; remove the nesting",
        m if m.starts_with("control character") => "remove it, or write it as an escape such as \\u0009",
        _ => "names and texts stand in double quotes, a comma between two entries",
    }
}

/// Only the agency that a case names, to know which places' law to load.
///
/// # Errors
/// When it is not told, or no JSON.
pub fn peek_agency(text: &str) -> Result<AgencyRef, CaseError> {
    #[derive(serde::Deserialize)]
    struct Peek {
        #[serde(default)]
        agency: Json,
    }
    let at = |path: &str, message: String| {
        let (line, column) = Located::new(text).at(path);
        CaseError { mistakes: vec![CaseMistake { path: path.to_owned(), line, column, message }] }
    };
    let peek: Peek = serde_json::from_str(text).map_err(|e| no_json(text, &e))?;
    agency_of(&peek.agency).map_err(|e| at("agency", e.to_string()))
}

/// A wrong value as it is shown in a message: cut where it is long.
fn shown(json: &Json) -> String {
    let text = json.to_string();
    let cut: String = text.chars().take(40).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}

struct CaseReader<'l> {
    law: &'l Law,
    mistakes: Vec<FactMistake>,
    agency: Option<AgencyRef>,
    on: Option<Date>,
    actions: Vec<ActionId>,
    facts: Option<Facts>,
    times: Times,
    local: Vec<LocalNorm>,
}

impl CaseReader<'_> {
    fn wrong(&mut self, path: impl Into<String>, message: impl Into<String>) {
        if self.mistakes.len() >= MAX_MISTAKES {
            return;
        }
        self.mistakes.push(FactMistake { path: path.into(), message: message.into() });
    }

    /// A key that no case has.
    fn no_such(&mut self, key: &str) {
        // Looking for what was meant takes its time.
        if self.mistakes.len() >= MAX_MISTAKES {
            return;
        }
        let known = ["agency", "on", "action", "actions", "facts", "times", "local", "id", "title", "note"];
        let help =
            nearest(key, known.iter()).map_or_else(|| format!("a case has {}", known.join(", ")), |n| format!("did you mean `{n}`?"));
        let shown: String = key.chars().take(60).collect();
        self.wrong(shown.clone(), format!("a case has no `{shown}`; {help}"));
    }

    fn day(&mut self, given: Result<&str, &Json>) {
        match given.map(|text| (text, parse_date(text).filter(|day| day.year() > 0))) {
            Ok((_, Some(day))) => self.on = Some(day),
            Ok((text, None)) => {
                let shown: String = text.chars().take(40).collect();
                self.wrong("on", format!("`{shown}` is not a day; write it as 2018-03-01"));
            }
            Err(json) => self.wrong("on", format!("the day is a text such as \"2018-03-01\", not {}", shown(json))),
        }
    }

    fn action(&mut self, path: &str, given: Result<&str, &Json>) {
        if self.mistakes.len() >= MAX_MISTAKES {
            return;
        }
        let name = match given {
            Ok(name) => name,
            Err(json) => return self.wrong(path, format!("an action is a text such as \"hold\", not {}", shown(json))),
        };
        match self.law.action(name) {
            Some(id) if self.actions.contains(&id) => self.wrong(path, format!("the action `{name}` is asked twice")),
            Some(id) => self.actions.push(id),
            None => {
                let known = || self.law.actions.iter().map(|a| a.id.as_str());
                // What is asked is not the paper that asks it.
                if matches!(name, "detainer" | "detain") && self.law.action("hold").is_some() {
                    return self.wrong(path, format!("`{name}` is no action; a detainer asks for `hold` and `notify-release`"));
                }
                let help = nearest(name, known()).map_or_else(
                    || format!("the actions are {}", known().collect::<Vec<_>>().join(", ")),
                    |n| format!("did you mean `{n}`?"),
                );
                let shown: String = name.chars().take(60).collect();
                self.wrong(path, format!("there is no action `{shown}`; {help}"));
            }
        }
    }

    fn moments(&mut self, json: &Json) {
        let Json::Object(fields) = json else {
            return self.wrong("times", "an object of moments is expected here, such as {\"release\": \"2018-03-01T22:15\"}");
        };
        for (key, value) in fields {
            let path = format!("times.{key}");
            let Some(text) = value.as_str() else {
                self.wrong(path, format!("a moment is a text such as \"2018-03-01T22:15\", not {}", shown(value)));
                continue;
            };
            match key.as_str() {
                "request" => self.times.request = Some(text.to_owned()),
                "release" => self.times.release = Some(text.to_owned()),
                "action" => self.times.action = Some(text.to_owned()),
                "decision" => self.times.decision = Some(text.to_owned()),
                "now" => self.times.now = Some(text.to_owned()),
                _ => {
                    let near = nearest(key, ["request", "release", "action", "decision", "now"].iter());
                    let help = near.map_or_else(String::new, |n| format!("; did you mean `{n}`?"));
                    self.wrong(path, format!("the moments are request, release, action, decision and now{help}"));
                }
            }
        }
    }

    /// Whether the moments can be read where the agency is: local clocks may have skipped one, or shown it twice.
    fn check_moments(&mut self) {
        if self.times == Times::default() {
            return;
        }
        let zone = self.agency.as_ref().map_or(jiff::tz::TimeZone::UTC, |agency| zone_of(self.law, &agency.place));
        let times = self.times.clone();
        let given = [
            ("request", times.request),
            ("release", times.release),
            ("action", times.action),
            ("decision", times.decision),
            ("now", times.now),
        ];
        for (name, text) in given {
            if let Some(Err(why)) = text.map(|text| parse_moment(&text, &zone)) {
                self.wrong(format!("times.{name}"), why.0);
            }
        }
        let read = |text: &Option<String>| text.as_deref().and_then(|text| parse_moment(text, &zone).ok());
        if let (Some(release), Some(now)) = (read(&self.times.release), read(&self.times.now)) {
            // Hours are counted day by day, and nobody is held for ten years past release.
            if (now.timestamp().as_second() - release.timestamp().as_second()).abs() > 10 * 366 * 86_400 {
                self.wrong("times.now", "this moment lies more than ten years from times.release; check the year");
            }
        }
    }

    fn finish(&mut self) -> Option<Case> {
        self.check_moments();
        if self.agency.is_none() && !self.mistakes.iter().any(|m| m.path == "agency") {
            self.wrong("", FORMS);
        }
        if self.on.is_none() && !self.mistakes.iter().any(|m| m.path == "on") {
            self.wrong("", "the day is missing; state it as \"on\": \"2018-03-01\"");
        }
        if self.actions.is_empty() && !self.mistakes.iter().any(|m| m.path.starts_with("action")) {
            self.wrong("", "what is asked is missing; state \"action\": \"hold\", or several as \"actions\"");
        }
        Some(Case {
            agency: self.agency.take()?,
            on: self.on?,
            actions: std::mem::take(&mut self.actions),
            facts: self.facts.take().unwrap_or_else(|| Facts::new(&self.law.schema.vocabulary)),
            times: std::mem::take(&mut self.times),
            local: std::mem::take(&mut self.local),
        })
    }
}

impl<'de> Visitor<'de> for &mut CaseReader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a case: an object with agency, on, action and facts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen: Vec<Cow<'de, str>> = Vec::with_capacity(8);
        while let Some(key) = map.next_key::<Borrowed<'de>>()?.map(|key| key.0) {
            if seen.contains(&key) {
                self.wrong(key.as_ref(), "this is stated twice; state it once");
            }
            match key.as_ref() {
                "agency" => match agency_in(map.next_value()?).and_then(|a| check_agency(self.law, &a).map(|()| a)) {
                    Ok(agency) => self.agency = Some(agency),
                    Err(error) => self.wrong("agency", error.to_string()),
                },
                "on" => self.day(map.next_value::<Given<'de>>()?.text()),
                "action" => self.action("action", map.next_value::<Given<'de>>()?.text()),
                "actions" => match map.next_value()? {
                    Json::Array(actions) if !actions.is_empty() => {
                        for (at, action) in actions.iter().enumerate() {
                            self.action(&format!("actions[{at}]"), action.as_str().ok_or(action));
                        }
                    }
                    _ => self.wrong("actions", "a list of actions is expected here, such as [\"hold\", \"transfer\"]"),
                },
                "facts" => {
                    let mut mistakes = Vec::new();
                    let facts = map.next_value_seed(FactsSeed { schema: &self.law.schema, mistakes: &mut mistakes })?;
                    self.facts = Some(facts);
                    self.mistakes.extend(mistakes.into_iter().map(|m| FactMistake {
                        path: if m.path.is_empty() { "facts".to_owned() } else { format!("facts.{}", m.path) },
                        ..m
                    }));
                }
                "times" => self.moments(&map.next_value()?),
                "local" => self.locals(&map.next_value()?),
                aside if ASIDE.contains(&aside) => drop(map.next_value::<IgnoredAny>()?),
                other => {
                    self.no_such(other);
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            }
            seen.push(key);
        }
        Ok(())
    }
}

/// Facts alone from JSON: what an example or an interview holds.
///
/// # Errors
/// Everything that is wrong with them.
pub fn read_facts(law: &Law, json: &Json) -> Result<Facts, Vec<FactMistake>> {
    let mut mistakes = Vec::new();
    let facts = FactsSeed { schema: &law.schema, mistakes: &mut mistakes }
        .deserialize(json)
        .map_err(|e| vec![FactMistake { path: String::new(), message: e.to_string() }])?;
    if mistakes.is_empty() { Ok(facts) } else { Err(mistakes) }
}
