//! Reading a mapping file, part by part; every mistake is told, and reading goes on.

use super::lookup::Lookup;
use super::mapping::{AgencyRule, FactRule, Mapping, Mark, Mistake, REQUESTER, Requester, Settings};
use super::moment::Clock;
use super::rule::{How, Source};
use super::walk::{Part, Text, Walk};
use comity_engine::{AgencyRef, find_agency};
use comity_law::Law;
use comity_logic::{Declared, FactId, Facts, Slot, Vocabulary};
use comity_places::{AgencyKind, Place};
use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;
use std::path::PathBuf;
use std::rc::Rc;

/// A mapping that is being read.
pub(super) struct Reader<'a> {
    pub(super) law: &'a Law,
    pub(super) walk: Walk<'a>,
    pub(super) folder: PathBuf,
    pub(super) tables: FxHashMap<(String, String), Option<Rc<Lookup>>>,
}

impl Reader<'_> {
    pub(super) fn mapping(&mut self, table: &toml::de::DeTable<'_>) -> Option<Mapping> {
        let keys = ["title", "action", "time_zone", "agency", "time", "requester", "fact", "mark", "log", "settings"];
        let root = self.walk.part(table, 0..0, "a mapping", &keys);
        let title = root.needed(&mut self.walk, "title", "\"What the log is\"");
        let agency = self.agency(&root);
        let zone = root.text(&mut self.walk, "time_zone").and_then(|t| self.zone(&t));
        let action = self.action(&root);
        let time = self.time(&root);
        let requester = self.requester(&root);
        let facts = self.facts(&root);
        let marks = self.marks(&root);
        let log = root.table(&mut self.walk, "log").map(|(t, at)| self.walk.part(t, at, "[log]", &["id", "records", "sheet", "delimiter"]));
        let of_log = |walk: &mut Walk<'_>, name: &str| log.as_ref().and_then(|l| l.text(walk, name)).map(|t| t.value);
        let (id, records, sheet) = (of_log(&mut self.walk, "id"), of_log(&mut self.walk, "records"), of_log(&mut self.walk, "sheet"));
        let delimiter = log.as_ref().and_then(|l| l.text(&mut self.walk, "delimiter")).and_then(|t| match t.value.as_bytes() {
            [one] => Some(*one),
            _ => {
                self.walk.wrong(t.at, "a delimiter is one sign: \",\", \";\", \"|\" or \"\\t\"");
                None
            }
        });
        let settings = self.settings(&root);
        let (columns, format, moments) = time?;
        Some(Mapping {
            title: title?.value,
            file: self.walk.file.to_owned(),
            agency: agency?,
            action: action?,
            time: columns,
            clock: Clock { format, zone: moments.or_else(|| zone.clone()).unwrap_or(TimeZone::UTC) },
            zone,
            requester,
            facts,
            marks,
            id,
            records,
            sheet,
            delimiter,
            settings,
        })
    }

    fn zone(&mut self, text: &Text) -> Option<TimeZone> {
        let zone = TimeZone::get(&text.value).ok();
        if zone.is_none() {
            self.walk.wrong(text.at.clone(), format!("`{}` is no time zone; write it as America/Los_Angeles, or UTC", text.value));
        }
        zone
    }

    fn agency(&mut self, root: &Part<'_>) -> Option<AgencyRule> {
        let Some((table, at)) = root.table(&mut self.walk, "agency") else {
            if !root.has("agency") {
                self.walk.wrong(
                    0..0,
                    "the agency whose log it is is missing; write [agency] with ori = \"CA0194200\", or with name, kind and place",
                );
            }
            return None;
        };
        let part = self.walk.part(table, at.clone(), "[agency]", &["ori", "name", "kind", "place", "column", "table", "key"]);
        if let Some(column) = part.text(&mut self.walk, "column") {
            let table = part.has("table").then(|| self.lookup(&part)).map(|table| {
                let table = table?;
                let mut at = [0; 3];
                for (slot, name) in at.iter_mut().zip(["name", "kind", "place"]) {
                    *slot = table.column(name).or_else(|| {
                        self.walk.wrong(part.at.clone(), format!("the table of agencies has no column `{name}`; it has {}", table.names()));
                        None
                    })?;
                }
                Some((table, at))
            });
            return match table {
                None => Some(AgencyRule::Column { column: column.value, table: None }),
                Some(table) => Some(AgencyRule::Column { column: column.value, table: Some(table?) }),
            };
        }
        if let Some(ori) = part.text(&mut self.walk, "ori") {
            return match find_agency(&ori.value) {
                Ok(agency) => Some(AgencyRule::Fixed(agency)),
                Err(error) => {
                    self.walk.wrong(ori.at, error.to_string().replace('\n', " "));
                    None
                }
            };
        }
        let name = part.text(&mut self.walk, "name").map(|t| t.value).unwrap_or_default();
        let kind = part.needed(&mut self.walk, "kind", "\"police\"")?;
        let place = part.needed(&mut self.walk, "place", "\"us-ca/kern-county\"")?;
        if let Err(error) = kind.value.parse::<AgencyKind>() {
            self.walk.wrong(kind.at, format!("`{}` is {error}", kind.value));
            return None;
        }
        if self.law.place(&place.value).is_none() && Place::find(&place.value).is_none() {
            let near = comity_places::parse_slug(&place.value).err().map(|e| e.to_string()).unwrap_or_default();
            self.walk.wrong(place.at, format!("`{}`: {near}", place.value));
            return None;
        }
        Some(AgencyRule::Fixed(AgencyRef { name, kind: kind.value, place: place.value, ori: None }))
    }

    fn action(&mut self, root: &Part<'_>) -> Option<Source> {
        let Some(item) = root.item("action") else {
            self.walk.wrong(0..0, "what is asked is missing; write action = \"database-access\"");
            return None;
        };
        if let toml::de::DeValue::Table(table) = item.get_ref() {
            let part = self.walk.part(table, item.span(), "action", &["column", "values", "otherwise"]);
            let column = part.needed(&mut self.walk, "column", "\"Function\"")?;
            let mut values = Vec::new();
            for (text, action) in part.pairs(&mut self.walk, "values") {
                self.is_action(&action);
                values.push((text, action.value));
            }
            let otherwise = part.text(&mut self.walk, "otherwise");
            otherwise.iter().for_each(|a| self.is_action(a));
            let how = if values.is_empty() { How::AsIs } else { How::Values(values) };
            return Some(Source::Column { column: column.value, how, otherwise: otherwise.map(|t| t.value) });
        }
        let action = self.walk.text_of(item, "action")?;
        self.is_action(&action);
        Some(Source::Constant(action.value))
    }

    fn is_action(&mut self, action: &Text) {
        if self.law.action(&action.value).is_none() {
            let near = comity_logic::nearest(&action.value, self.law.actions.iter().map(|a| a.id.as_str()));
            let near = near.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
            self.walk.wrong(action.at.clone(), format!("`{}` is no action{near} (`comity law facts` lists them)", action.value));
        }
    }

    fn time(&mut self, root: &Part<'_>) -> Option<(Vec<String>, Option<String>, Option<TimeZone>)> {
        let Some((table, at)) = root.table(&mut self.walk, "time") else {
            if !root.has("time") {
                self.walk.wrong(0..0, "the column of the time is missing; write [time] with column = \"Search Time\"");
            }
            return None;
        };
        let part = self.walk.part(table, at.clone(), "[time]", &["column", "format", "zone"]);
        let columns: Vec<String> = part.texts(&mut self.walk, "column").into_iter().map(|t| t.value).collect();
        if columns.is_empty() && !part.has("column") {
            self.walk.wrong(at, "[time] has no `column`; write column = \"Search Time\", or a list of two for day and time");
        }
        let zone = part.text(&mut self.walk, "zone").and_then(|t| self.zone(&t));
        let format = part.text(&mut self.walk, "format");
        if let Some(format) = &format {
            // A format that cannot be written back cannot be read either.
            let now = jiff::civil::date(2018, 3, 1).at(22, 15, 7, 0).in_tz("UTC").ok();
            if let Some(Err(error)) = now.map(|z| jiff::fmt::strtime::format(&format.value, &z)) {
                self.walk
                    .wrong(format.at.clone(), format!("`{}` is no format of a time: {error}; write such as %m/%d/%Y %H:%M", format.value));
            }
        }
        Some((columns, format.map(|f| f.value), zone))
    }

    fn requester(&mut self, root: &Part<'_>) -> Option<Requester> {
        let (table, at) = root.table(&mut self.walk, "requester")?;
        let part = self.walk.part(table, at.clone(), "[requester]", &["column", "table", "key", "class"]);
        let columns: Vec<String> = part.texts(&mut self.walk, "column").into_iter().map(|t| t.value).collect();
        if columns.is_empty() && !part.has("column") {
            self.walk.wrong(at, "[requester] has no `column`; name the column that says who asked");
        }
        let registry = self.lookup(&part)?;
        let class = part.text(&mut self.walk, "class").map_or("requester".to_owned(), |t| t.value);
        let Some(class_at) = registry.column(&class) else {
            self.walk.wrong(part.at.clone(), format!("the registry has no column `{class}`; it has {}", registry.names()));
            return None;
        };
        let file = part.text(&mut self.walk, "table").map(|t| t.value).unwrap_or_default();
        self.check_values(&registry, class_at, REQUESTER, &file);
        Some(Requester { columns, registry, class: class_at })
    }

    fn marks(&mut self, root: &Part<'_>) -> Vec<Mark> {
        let mut marks = Vec::new();
        for (table, at) in root.tables(&mut self.walk, "mark") {
            let part = self.walk.part(table, at, "[[mark]]", &["column", "words", "says"]);
            let column = part.needed(&mut self.walk, "column", "\"Reason\"");
            let words: Vec<String> = part.texts(&mut self.walk, "words").into_iter().map(|t| t.value.to_lowercase()).collect();
            if words.is_empty() {
                self.walk.wrong(part.at.clone(), "[[mark]] has no `words`; write words = [\"immigration\"]");
            }
            let says = part.needed(&mut self.walk, "says", "\"for whom was it run?\"");
            if let (Some(column), Some(says)) = (column, says) {
                marks.push(Mark { column: column.value, words, says: says.value });
            }
        }
        marks
    }

    fn facts(&mut self, root: &Part<'_>) -> Vec<FactRule> {
        let mut rules: Vec<FactRule> = Vec::new();
        for (table, at) in root.tables(&mut self.walk, "fact") {
            let keys = ["fact", "value", "column", "values", "contains", "table", "key", "otherwise", "class"];
            let part = self.walk.part(table, at.clone(), "[[fact]]", &keys);
            let Some(fact) = part.needed(&mut self.walk, "fact", "\"request.purpose\"") else { continue };
            let Some(slot) = self.scalar(&fact) else { continue };
            if rules.iter().any(|r| r.slot == slot) {
                self.walk.wrong(fact.at, format!("`{}` is stated twice; state it once", fact.value));
                continue;
            }
            if let Some(source) = self.source(&part, &fact) {
                rules.push(FactRule { name: fact.value, slot, source });
            }
        }
        rules
    }

    fn scalar(&mut self, fact: &Text) -> Option<Slot> {
        let vocabulary = &self.law.schema.vocabulary;
        match vocabulary.find(&fact.value) {
            Some(FactId::Scalar(slot)) if slot.0 <= Vocabulary::AGENCY_NAME.0 => {
                self.walk.wrong(fact.at.clone(), format!("`{}` comes from [agency] and [time]; take it out here", fact.value));
                None
            }
            Some(FactId::Scalar(slot)) => Some(slot),
            Some(_) => {
                self.walk.wrong(
                    fact.at.clone(),
                    format!("`{}` is a list of records, which a row of a log does not hold; take it out", fact.value),
                );
                None
            }
            None => {
                let near = vocabulary.nearest(&fact.value).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
                self.walk.wrong(fact.at.clone(), format!("there is no fact `{}`{near}", fact.value));
                None
            }
        }
    }

    fn source(&mut self, part: &Part<'_>, fact: &Text) -> Option<Source> {
        if let Some(item) = part.item("value") {
            let value = self.walk.value_of(item, "value")?;
            if part.has("column") {
                self.walk.wrong(value.at.clone(), "a fact has a `value` or a `column`, not both");
            }
            self.fits(fact, &value);
            return Some(Source::Constant(value.value));
        }
        let Some(column) = part.text(&mut self.walk, "column") else {
            if !part.has("column") {
                self.walk.wrong(part.at.clone(), "[[fact]] has neither a `value` nor a `column`");
            }
            return None;
        };
        let ways: Vec<&str> = ["values", "contains", "table"].into_iter().filter(|w| part.has(w)).collect();
        if ways.len() > 1 {
            self.walk.wrong(part.at.clone(), format!("{} stand together; a column is read in one way", ways.join(" and ")));
        }
        if fact.value == REQUESTER && !ways.contains(&"table") {
            let message = "who asks is told by a registry and never by free text; write [requester] with column and table";
            self.walk.wrong(fact.at.clone(), message);
            return None;
        }
        let otherwise = part.item("otherwise").and_then(|item| self.walk.value_of(item, "otherwise"));
        otherwise.iter().for_each(|v| self.fits(fact, v));
        let how = match ways.first() {
            Some(&"values") => How::Values(self.checked_pairs(part, "values", fact)),
            Some(&"contains") => {
                How::Contains(self.checked_pairs(part, "contains", fact).into_iter().map(|(text, v)| (text.to_lowercase(), v)).collect())
            }
            Some(_) => {
                let table = self.lookup(part)?;
                let class = part.text(&mut self.walk, "class").map_or("value".to_owned(), |t| t.value);
                let Some(value) = table.column(&class) else {
                    self.walk.wrong(
                        part.at.clone(),
                        format!("the table has no column `{class}`; it has {}; name it with class = …", table.names()),
                    );
                    return None;
                };
                let file = part.text(&mut self.walk, "table").map(|t| t.value).unwrap_or_default();
                self.check_values(&table, value, &fact.value, &file);
                How::Table { table, value }
            }
            None => How::AsIs,
        };
        Some(Source::Column { column: column.value, how, otherwise: otherwise.map(|t| t.value) })
    }

    fn checked_pairs(&mut self, part: &Part<'_>, name: &str, fact: &Text) -> Vec<(String, String)> {
        let pairs = part.pairs(&mut self.walk, name);
        pairs.iter().for_each(|(_, value)| self.fits(fact, value));
        pairs.into_iter().map(|(text, value)| (text, value.value)).collect()
    }

    /// Whether a value is one that the fact can have.
    fn fits(&mut self, fact: &Text, value: &Text) {
        if let Err(why) = self.parses(&fact.value, &value.value) {
            self.walk.wrong(value.at.clone(), format!("{}: {why}", fact.value));
        }
    }

    fn parses(&self, fact: &str, value: &str) -> Result<(), String> {
        let schema = &self.law.schema;
        let Some(id) = schema.vocabulary.find(fact) else { return Ok(()) };
        let declared: &Declared = &schema.vocabulary.fact(id).declared;
        Facts::new(&schema.vocabulary).parse(schema, declared, value).map(|_| ())
    }

    /// A table beside the mapping; read once.
    fn lookup(&mut self, part: &Part<'_>) -> Option<Rc<Lookup>> {
        let file = part.needed(&mut self.walk, "table", "\"registry.csv\"")?;
        let by = part.text(&mut self.walk, "key").map_or("key".to_owned(), |t| t.value);
        let known = (file.value.clone(), by.clone());
        if let Some(found) = self.tables.get(&known) {
            return found.clone();
        }
        let found = match Lookup::open(&self.folder.join(&file.value), &by) {
            Ok(table) => Some(Rc::new(table)),
            Err(mistakes) => {
                self.walk.wrong(file.at, format!("the table `{}` cannot be used; see its own mistakes", file.value));
                self.walk.mistakes.extend(mistakes);
                None
            }
        };
        self.tables.insert(known, found.clone());
        found
    }

    fn check_values(&mut self, table: &Lookup, column: usize, fact: &str, file: &str) {
        for (line, value) in table.values(column) {
            if !value.is_empty()
                && let Err(why) = self.parses(fact, value)
            {
                let file = self.folder.join(file).display().to_string();
                self.walk.mistakes.push(Mistake { file, line: line as usize, column: 1, message: format!("{fact}: {why}") });
            }
        }
    }

    fn settings(&mut self, root: &Part<'_>) -> Option<Settings> {
        let (table, at) = root.table(&mut self.walk, "settings")?;
        let part = self.walk.part(table, at.clone(), "[settings]", &["name", "open", "open_values", "records", "requester", "fact"]);
        let name: Vec<String> = part.texts(&mut self.walk, "name").into_iter().map(|t| t.value).collect();
        if name.is_empty() && !part.has("name") {
            self.walk.wrong(at, "[settings] has no `name`; name the columns that together name one setting");
        }
        let open = part.needed(&mut self.walk, "open", "\"enabled\"")?;
        let mut open_values: Vec<String> =
            part.texts(&mut self.walk, "open_values").into_iter().map(|t| crate::table::key(&t.value)).collect();
        if open_values.is_empty() {
            open_values = ["true", "yes", "on", "1", "enabled", "shared"].map(str::to_owned).to_vec();
        }
        let (requester, facts) = (self.requester(&part), self.facts(&part));
        let records = part.text(&mut self.walk, "records").map(|t| t.value);
        Some(Settings { name, open: open.value, open_values, requester, facts, records })
    }
}
