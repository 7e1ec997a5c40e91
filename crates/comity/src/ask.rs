//! `comity ask`: an interview that asks only what still matters.
//!
//! The case is an ordinary case file at every moment, so that it can be kept, decided, and gone on with. Going back takes an earlier copy of it.

use crate::args::{Args, Ask, Asked, Format};
use crate::failure::Failure;
use crate::input;
use crate::output::{print_explanation, print_json, printable};
use crate::say;
use comity_engine::{Case, Determination, Question, Stack};
use comity_law::{Law, Outcome};
use comity_logic::{FactId, ListId, Value};
use serde_json::json;
use std::collections::BTreeSet;
use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(args: &Args, options: &Ask) -> Result<ExitCode, Failure> {
    let asked = match &options.save {
        Some(path) if path.exists() && options.asked.case.is_none() => Asked { case: Some(path.clone()), ..copy(&options.asked) },
        _ => copy(&options.asked),
    };
    let asked = fill_in(asked)?;
    let put = input::put(&asked)?;
    let (law, case) = input::load(args, &put)?;
    let stack = Stack::new(&law, &case.agency, case.on, &case.local);
    let mut interview = Interview { law: &law, stack: &stack, save: options.save.as_deref(), now: case, before: Vec::new(), unknown: BTreeSet::new() };
    interview.keep()?;
    let found = interview.hold()?;
    if args.format == Format::Json {
        print_json(&json!({"comity": env!("CARGO_PKG_VERSION"), "case": interview.case_json(), "determinations": found}));
    } else {
        for determination in &found {
            say!();
            print_explanation(&determination.explain());
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn copy(asked: &Asked) -> Asked {
    Asked {
        case: asked.case.clone(),
        agency: asked.agency.clone(),
        kind: asked.kind.clone(),
        place: asked.place.clone(),
        on: asked.on.clone(),
        action: asked.action.clone(),
        set: asked.set.clone(),
        time: asked.time.clone(),
    }
}

/// Asks for agency, day and action where neither options nor a file say them.
fn fill_in(mut asked: Asked) -> Result<Asked, Failure> {
    if asked.case.is_some() {
        return Ok(asked);
    }
    while asked.agency.is_none() && asked.place.is_none() {
        let text = prompt("Which agency is asked? (an ORI, or a name with the state)")?;
        match input::agency(&text) {
            Ok(_) => asked.agency = Some(text),
            Err(error) => _ = error.report(Format::Text),
        }
    }
    while asked.on.is_none() {
        let text = prompt("On which day? (2018-03-01)")?;
        match input::day(&text) {
            Ok(_) => asked.on = Some(text),
            Err(error) => _ = error.report(Format::Text),
        }
    }
    if asked.action.is_empty() {
        let text = prompt("What is asked? (such as hold, notify-release, transfer; several with commas)")?;
        asked.action = text.split(',').map(|a| a.trim().to_owned()).collect();
    }
    Ok(asked)
}

/// A line of the answer; the end of the input ends the interview.
fn prompt(question: &str) -> Result<String, Failure> {
    anstream::eprint!("{question}\n> ");
    std::io::stderr().flush().ok();
    let mut line = String::new();
    let read = std::io::stdin().lock().take_line(&mut line);
    match read {
        Ok(0) | Err(_) => Err(Failure::Input("the input ended before the interview did; what was answered is kept where --save says".to_owned())),
        Ok(_) => {
            if !std::io::stdin().is_terminal() {
                anstream::eprintln!("{}", printable(line.trim()));
            }
            Ok(line.trim().to_owned())
        }
    }
}

trait TakeLine {
    /// Reads a line, of which no more than a few thousand bytes are kept.
    fn take_line(self, line: &mut String) -> std::io::Result<usize>;
}

impl TakeLine for std::io::StdinLock<'_> {
    fn take_line(mut self, line: &mut String) -> std::io::Result<usize> {
        let mut bytes = Vec::new();
        let read = std::io::Read::take(&mut self, 8192).read_until(b'\n', &mut bytes)?;
        line.push_str(&String::from_utf8_lossy(&bytes));
        Ok(read)
    }
}

struct Interview<'l> {
    law: &'l Law,
    stack: &'l Stack<'l>,
    save: Option<&'l Path>,
    now: Case,
    before: Vec<Case>,
    /// Questions that were answered with "not known": they are not asked again.
    unknown: BTreeSet<String>,
}

/// What an answer does to the interview.
enum Step {
    Next,
    Again,
    Stop,
}

impl Interview<'_> {
    fn decide(&self) -> Result<Vec<Determination>, Failure> {
        Ok(self.stack.decide_all(&self.now)?)
    }

    /// Asks until nothing more matters, or the person stops.
    fn hold(&mut self) -> Result<Vec<Determination>, Failure> {
        anstream::eprintln!("Answer, or: ? why it is asked · u not known · b back · q stop\n");
        loop {
            let found = self.decide()?;
            let Some((determination, question)) = self.next(&found) else { return Ok(found) };
            let element = question.elements.first().copied();
            let (question, why) = (question.clone(), reasons(determination, question));
            loop {
                match self.put(&question, element, &why)? {
                    Step::Next => break,
                    Step::Again => {}
                    Step::Stop => return self.decide(),
                }
            }
            self.keep()?;
        }
    }

    /// The best open question of the first action that is not settled.
    fn next<'d>(&self, found: &'d [Determination]) -> Option<(&'d Determination, &'d Question)> {
        found.iter().filter(|d| d.outcome == Outcome::Undetermined).find_map(|d| {
            let open = |q: &&Question| !self.unknown.contains(&q.fact);
            let best = d.missing.iter().filter(open).find(|q| Some(&q.fact) == d.next.as_ref());
            best.or_else(|| d.missing.iter().find(open)).map(|q| (d, q))
        })
    }

    fn put(&mut self, question: &Question, element: Option<usize>, why: &[String]) -> Result<Step, Failure> {
        let Some(id) = self.law.schema.vocabulary.find(&question.fact) else { return Ok(Step::Stop) };
        let of = element.map(|at| format!(" ({} no. {})", question.fact.split("[]").next().unwrap_or_default(), at + 1)).unwrap_or_default();
        let form = match (id, question.kind) {
            (FactId::List(list), _) if self.now.facts.is_given(list) => "another | no more".to_owned(),
            (FactId::List(_), _) => "none | one".to_owned(),
            (_, "enum") => question.values.join(" | "),
            (_, "bool") => "yes | no".to_owned(),
            (_, "date") => "2018-03-01".to_owned(),
            (_, "offense") => "CA PC 245(a)(1)".to_owned(),
            (_, kind) => kind.to_owned(),
        };
        let text = prompt(&format!("{}{of}\n  [{form}]", question.question))?;
        match text.as_str() {
            "" => return Ok(Step::Again),
            "?" => {
                why.iter().for_each(|w| anstream::eprintln!("  {}", printable(w)));
                return Ok(Step::Again);
            }
            "q" | "quit" => return Ok(Step::Stop),
            "u" | "unknown" => {
                self.unknown.insert(question.fact.clone());
                return Ok(Step::Next);
            }
            "b" | "back" => {
                match self.before.pop() {
                    Some(case) => self.now = case,
                    None => anstream::eprintln!("  this is the first question"),
                }
                self.unknown.clear();
                return Ok(Step::Next);
            }
            _ => {}
        }
        let earlier = self.now.clone();
        let done = match id {
            FactId::List(list) => self.answer_list(list, &text),
            _ => self.answer_value(id, element, &text),
        };
        match done {
            Ok(()) => {
                self.before.push(earlier);
                Ok(Step::Next)
            }
            Err(why) => {
                self.now = earlier;
                anstream::eprintln!("  {}", printable(&why));
                Ok(Step::Again)
            }
        }
    }

    /// A list is told element by element: until "no more" it is not complete.
    fn answer_list(&mut self, list: ListId, text: &str) -> Result<(), String> {
        let vocabulary = &self.law.schema.vocabulary;
        let facts = &mut self.now.facts;
        let complete = vocabulary.complete_fact(list);
        match text {
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
        let text = match text {
            "y" => "yes",
            "n" => "no",
            other => other,
        };
        let value = self.now.facts.parse(schema, &schema.vocabulary.fact(id).declared, text)?;
        match (id, element) {
            (FactId::Scalar(slot), _) => self.now.facts.set(slot, value),
            (FactId::Field(list, field), Some(at)) => {
                self.now.facts.set_field(list, schema.vocabulary.record(list).fields.len(), at, field, value);
            }
            _ => return Err("this cannot be answered here".to_owned()),
        }
        Ok(())
    }

    fn case_json(&self) -> serde_json::Value {
        let agency = &self.now.agency;
        let mut named = serde_json::Map::new();
        named.insert("name".to_owned(), json!(agency.name));
        named.insert("kind".to_owned(), json!(agency.kind));
        named.insert("place".to_owned(), json!(agency.place));
        if let Some(ori) = &agency.ori {
            named.insert("ori".to_owned(), json!(ori));
        }
        let actions: Vec<&str> = self.now.actions.iter().map(|a| self.law.action_name(*a)).collect();
        json!({"agency": named, "on": self.now.on.to_string(), "actions": actions, "facts": self.now.facts.to_json(&self.law.schema)})
    }

    /// Writes the case to its file, whole or not at all.
    fn keep(&self) -> Result<(), Failure> {
        let Some(path) = self.save else { return Ok(()) };
        let trouble = |error: std::io::Error| Failure::Input(format!("{} cannot be written: {error}", path.display()));
        let text = serde_json::to_string_pretty(&self.case_json()).unwrap_or_default() + "\n";
        let beside = path.with_extension("json.part");
        let mut file = std::fs::File::create(&beside).map_err(trouble)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(trouble)?;
        std::fs::rename(&beside, path).map_err(trouble)
    }
}

/// Why a question is asked: the norms that turn on it, in their own words.
fn reasons(determination: &Determination, question: &Question) -> Vec<String> {
    let all = determination.open.iter().chain(&determination.because).chain(&determination.beside).chain(determination.gave_way.iter().map(|g| &g.ground));
    let mut lines: Vec<String> = all.filter(|g| question.why.contains(&g.norm)).map(|g| format!("{}: {}", g.cite, g.says)).collect();
    lines.dedup();
    if lines.is_empty() {
        lines.push(format!("{} turns on it", question.why.join(", ")));
    }
    lines
}
