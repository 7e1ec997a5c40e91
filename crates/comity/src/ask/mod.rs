//! `comity ask`: an interview that asks only what still matters.
//!
//! The case is an ordinary case file at every moment, so that it can be kept, decided, and gone on with. Going back takes an earlier copy of it.

mod lines;
mod start;

use crate::args::{Args, Ask, Asked, Format};
use crate::failure::Failure;
use crate::input;
use crate::output::{print_bundle, print_explanation, print_json, print_wrapped};
use crate::{say, tell};
use comity_engine::{Case, Determination, Question, Stack};
use comity_law::{Law, Outcome};
use comity_logic::{Declared, FactId, ListId, Value};
use lines::answer;
use serde_json::{Map, Value as Json, json};
use start::{copy, fill_in};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(args: &Args, options: &Ask) -> Result<ExitCode, Failure> {
    let asked = match &options.save {
        Some(path) if path.exists() && options.asked.case.is_none() => {
            go_on(path, &options.asked)?;
            Asked { case: Some(path.clone()), ..copy(&options.asked) }
        }
        _ => copy(&options.asked),
    };
    let asked = fill_in(args, asked)?;
    let put = input::put(&asked)?;
    let (law, case) = input::load(args, &put)?;
    let stack = Stack::new(&law, &case.agency, case.on, &case.local);
    let file = serde_json::from_str(&put.text).unwrap_or_default();
    let now = State { case, unknown: BTreeSet::new() };
    let mut interview = Interview { law: &law, stack: &stack, save: options.save.as_deref(), file, now, before: Vec::new() };
    interview.keep()?;
    let found = interview.hold()?;
    if args.format == Format::Json {
        print_json(&json!({"comity": env!("CARGO_PKG_VERSION"), "case": interview.case_json(), "determinations": found}));
        return Ok(ExitCode::SUCCESS);
    }
    for (at, determination) in found.iter().enumerate() {
        if at > 0 {
            say!();
        }
        print_explanation(&determination.explain());
    }
    print_bundle(&law);
    Ok(ExitCode::SUCCESS)
}

/// The answers kept in a file belong to its own agency, day and action: they are not carried into another case.
fn go_on(path: &Path, asked: &Asked) -> Result<(), Failure> {
    let name = input::name_of(path);
    if asked.agency.is_some() || asked.kind.is_some() || asked.on.is_some() || !asked.action.is_empty() {
        let message = format!(
            "{name} already holds a case; to go on with it leave out --agency, --on and --action, or keep the new case in another file"
        );
        return Err(Failure::Input(message));
    }
    tell!("Going on with the case in {name}.");
    Ok(())
}

/// Where an interview stands; going back takes an earlier one.
#[derive(Clone)]
struct State {
    case: Case,
    /// Questions that were answered with "not known", with the element that they were about: they are not asked again.
    unknown: BTreeSet<(String, Option<usize>)>,
}

struct Interview<'l> {
    law: &'l Law,
    stack: &'l Stack<'l>,
    save: Option<&'l Path>,
    /// The case as it was put: what the interview does not touch is kept as it is.
    file: Map<String, Json>,
    now: State,
    before: Vec<State>,
}

/// What an answer does to the interview.
enum Step {
    Next,
    Again,
    Stop,
}

/// A question about a fact, or about a field of one element of a list.
struct Asking {
    question: Question,
    element: Option<usize>,
    why: Vec<String>,
}

impl Interview<'_> {
    fn decide(&self) -> Result<Vec<Determination>, Failure> {
        Ok(self.stack.decide_all(&self.now.case)?)
    }

    /// Asks until nothing more matters, or the person stops.
    fn hold(&mut self) -> Result<Vec<Determination>, Failure> {
        let mut first = true;
        loop {
            let found = self.decide()?;
            let Some(asking) = self.next(&found) else { return Ok(found) };
            if std::mem::take(&mut first) {
                tell!("Answer (the first letters do), or: ? why it is asked · u not known · b back · q stop");
            }
            tell!("");
            loop {
                match self.put(&asking)? {
                    Step::Next => break,
                    Step::Again => {}
                    Step::Stop => return Ok(found),
                }
            }
            self.keep()?;
        }
    }

    /// The best open question of the first action that is not settled.
    fn next(&self, found: &[Determination]) -> Option<Asking> {
        found.iter().filter(|d| d.outcome == Outcome::Undetermined).find_map(|d| {
            let best = d.missing.iter().filter(|q| Some(&q.fact) == d.next.as_ref());
            best.chain(&d.missing).find_map(|question| {
                let places = if question.elements.is_empty() { vec![None] } else { question.elements.iter().copied().map(Some).collect() };
                let element = places.into_iter().find(|at| !self.now.unknown.contains(&(question.fact.clone(), *at)))?;
                Some(Asking { question: question.clone(), element, why: reasons(d, question) })
            })
        })
    }

    fn put(&mut self, asking: &Asking) -> Result<Step, Failure> {
        let Asking { question, element, why } = asking;
        let Some(id) = self.law.schema.vocabulary.find(&question.fact) else { return Ok(Step::Stop) };
        let of = element.map(|at| format!("{} no. {}: ", question.fact.split("[]").next().unwrap_or_default(), at + 1)).unwrap_or_default();
        let form = match (id, question.kind) {
            (FactId::List(list), _) if self.now.case.facts.is_given(list) => "another | no more".to_owned(),
            (FactId::List(_), _) => "none | one (then you state the first)".to_owned(),
            // Here `b` may be an answer: the way back is then the whole word.
            (_, "enum") if question.values.iter().any(|v| ["b", "q", "u"].contains(&v.as_str())) => {
                format!("{}; or write back, quit, unknown", question.values.join(" | "))
            }
            (_, "enum") => question.values.join(" | "),
            (_, "bool") => "yes | no".to_owned(),
            (_, "int") => "a whole number".to_owned(),
            (_, "date") => "a day: 2018-03-01".to_owned(),
            (_, "offense") => "a code: CA PC 245(a)(1)".to_owned(),
            (_, kind) => kind.to_owned(),
        };
        let asked = match id {
            FactId::List(list) if self.now.case.facts.is_given(list) => {
                format!("Is there another {}?", self.law.schema.vocabulary.record(list).name)
            }
            _ => question.question.clone(),
        };
        print_wrapped(0, &format!("{of}{asked}"));
        print_wrapped(2, &format!("[{form}]"));
        let text = answer()?;
        let command = if question.values.contains(&text) { "an answer" } else { text.as_str() };
        match command {
            "" => return Ok(Step::Again),
            "?" => {
                why.iter().for_each(|w| print_wrapped(2, w));
                return Ok(Step::Again);
            }
            "q" | "quit" => return Ok(Step::Stop),
            "u" | "unknown" => {
                self.before.push(self.now.clone());
                self.now.unknown.insert((question.fact.clone(), *element));
                return Ok(Step::Next);
            }
            "b" | "back" => {
                match self.before.pop() {
                    Some(earlier) => self.now = earlier,
                    None => tell!("  this is the first question"),
                }
                return Ok(Step::Next);
            }
            _ => {}
        }
        let earlier = self.now.clone();
        let done = match id {
            FactId::List(list) => self.answer_list(list, &text),
            _ => self.answer_value(id, *element, &text),
        };
        match done {
            Ok(()) => {
                self.before.push(earlier);
                Ok(Step::Next)
            }
            Err(why) => {
                self.now = earlier;
                print_wrapped(2, &why);
                Ok(Step::Again)
            }
        }
    }

    /// A list is told element by element: until "no more" it is not complete.
    fn answer_list(&mut self, list: ListId, text: &str) -> Result<(), String> {
        let text = text.to_lowercase();
        let vocabulary = &self.law.schema.vocabulary;
        let facts = &mut self.now.case.facts;
        let complete = vocabulary.complete_fact(list);
        match text.as_str() {
            "none" if !facts.is_given(list) => facts.give(list),
            "one" | "another" | "yes" | "y" => {
                facts.push(list, vocabulary.record(list).fields.len());
                if let Some(slot) = complete {
                    facts.set(slot, Value::Bool(false));
                }
            }
            "no more" | "no" | "n" if facts.is_given(list) => {
                if let Some(slot) = complete {
                    facts.set(slot, Value::Bool(true));
                }
            }
            _ if facts.is_given(list) => return Err("answer `another` or `no more`".to_owned()),
            _ => return Err("answer `none`, or `one` to state the first".to_owned()),
        }
        Ok(())
    }

    fn answer_value(&mut self, id: FactId, element: Option<usize>, text: &str) -> Result<(), String> {
        let schema = &self.law.schema;
        let words = match &schema.vocabulary.fact(id).declared {
            Declared::Bool => vec!["yes".to_owned(), "no".to_owned()],
            Declared::Enum(values) => values.clone(),
            _ => Vec::new(),
        };
        let whole = begun(text, &words);
        if let Some(word) = whole.filter(|w| *w != text) {
            tell!("  {word}");
        }
        let text = whole.unwrap_or(text);
        let declared = &schema.vocabulary.fact(id).declared;
        let value = match self.now.case.facts.parse(schema, declared, text) {
            Err(_) if *declared == Declared::Bool => return Err("answer yes or no".to_owned()),
            parsed => parsed?,
        };
        match (id, element) {
            (FactId::Scalar(slot), _) => self.now.case.facts.set(slot, value),
            (FactId::Field(list, field), Some(at)) => {
                self.now.case.facts.set_field(list, schema.vocabulary.record(list).fields.len(), at, field, value);
            }
            _ => return Err("this cannot be answered here".to_owned()),
        }
        Ok(())
    }

    /// The case as a case file: its facts as they stand now, all else as it was put.
    fn case_json(&self) -> Json {
        let agency = &self.now.case.agency;
        let mut named = Map::new();
        named.insert("name".to_owned(), json!(agency.name));
        named.insert("kind".to_owned(), json!(agency.kind));
        named.insert("place".to_owned(), json!(agency.place));
        if let Some(ori) = &agency.ori {
            named.insert("ori".to_owned(), json!(ori));
        }
        let actions: Vec<&str> = self.now.case.actions.iter().map(|a| self.law.action_name(*a)).collect();
        let mut case = self.file.clone();
        case.shift_remove("action");
        case.insert("agency".to_owned(), Json::Object(named));
        case.insert("on".to_owned(), json!(self.now.case.on.to_string()));
        case.insert("actions".to_owned(), json!(actions));
        case.insert("facts".to_owned(), Json::Object(self.now.case.facts.to_json(&self.law.schema)));
        Json::Object(case)
    }

    /// Writes the case to its file, whole or not at all.
    fn keep(&self) -> Result<(), Failure> {
        let Some(path) = self.save else { return Ok(()) };
        let trouble = |error: std::io::Error| {
            Failure::Input(format!("{} cannot be written: {error}; name a file in a folder that you may write to", path.display()))
        };
        let text = serde_json::to_string_pretty(&self.case_json()).unwrap_or_default() + "\n";
        let beside = path.with_extension("json.part");
        let mut file = std::fs::File::create(&beside).map_err(trouble)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(trouble)?;
        std::fs::rename(&beside, path).map_err(trouble)
    }
}

/// The word that the text is, or the only one that begins with it.
fn begun<'w>(text: &str, words: &'w [String]) -> Option<&'w str> {
    let text = text.to_lowercase();
    if let Some(word) = words.iter().find(|w| **w == text) {
        return Some(word);
    }
    let mut fit = words.iter().filter(|w| w.starts_with(&text));
    fit.next().filter(|_| fit.next().is_none()).map(String::as_str)
}

/// Why a question is asked: the norms that turn on it, in their own words.
fn reasons(determination: &Determination, question: &Question) -> Vec<String> {
    let all = determination
        .open
        .iter()
        .chain(&determination.because)
        .chain(&determination.beside)
        .chain(determination.gave_way.iter().map(|g| &g.ground));
    let mut lines: Vec<String> = all.filter(|g| question.why.contains(&g.norm)).map(|g| format!("{}: {}", g.cite, g.says)).collect();
    lines.dedup();
    if lines.is_empty() {
        lines.push(format!("{} turns on it", question.why.join(", ")));
    }
    lines
}
