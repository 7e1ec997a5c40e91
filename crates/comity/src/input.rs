//! Where cases and laws come from.

use crate::args::{Args, Asked};
use crate::failure::Failure;
use comity_engine::{AgencyRef, Case, CaseError, CaseMistake, MAX_CASE, find_agency, peek_agency, read_case};
use comity_law::Law;
use comity_logic::Declared;
use serde_json::{Map, Value as Json, json};
use std::io::Read;
use std::path::Path;

/// Reads a text, from standard input for `-`; bytes past the limit are an error, not a surprise.
pub(crate) fn read_text(path: &Path, limit: usize) -> Result<String, Failure> {
    let name = path.display();
    let trouble = |error: std::io::Error| Failure::Input(format!("{name} cannot be read: {error}"));
    let mut bytes = Vec::new();
    let most = limit as u64 + 1;
    if path == Path::new("-") {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(trouble)?;
    } else {
        std::fs::File::open(path).map_err(trouble)?.take(most).read_to_end(&mut bytes).map_err(trouble)?;
    }
    if bytes.len() > limit {
        return Err(Failure::Input(format!("{name} is larger than {limit} bytes; split it")));
    }
    String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        let line = e.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() + 1;
        Failure::Input(format!("{name}:{line}: the byte at {at} is not UTF-8; save the file as UTF-8"))
    })
}

/// The law: a folder, or the built-in one as far as it concerns the place.
pub(crate) fn law_for(args: &Args, place: &str) -> Result<Law, Failure> {
    match &args.law {
        Some(dir) => Ok(Law::open(dir)?),
        None => Ok(Law::builtin_for(place)?),
    }
}

/// The whole law.
pub(crate) fn whole_law(args: &Args) -> Result<Law, Failure> {
    match &args.law {
        Some(dir) => Ok(Law::open(dir)?),
        None => Ok(Law::builtin()?),
    }
}

/// A case as it was put: its text, and the name of where it came from.
pub(crate) struct Put {
    pub(crate) text: String,
    pub(crate) source: String,
}

/// The case's text: the file's, with the options laid over it if there are any.
pub(crate) fn put(asked: &Asked) -> Result<Put, Failure> {
    let (text, source) = match &asked.case {
        Some(path) => (read_text(path, MAX_CASE)?, path.display().to_string()),
        None => ("{}".to_owned(), "the command line".to_owned()),
    };
    let options = asked.agency.is_some() || asked.kind.is_some() || asked.on.is_some();
    if !options && asked.action.is_empty() && asked.set.is_empty() && asked.time.is_empty() {
        if asked.case.is_none() {
            return Err(Failure::Input("name a case file, or state the case: --agency CA0194200 --on 2018-03-01 --action hold --set request.kind=detainer".to_owned()));
        }
        return Ok(Put { text, source });
    }
    let mut case: Map<String, Json> = match serde_json::from_str(&text) {
        Ok(Json::Object(case)) => case,
        Ok(_) | Err(_) => return Ok(Put { text, source }),
    };
    if let (Some(kind), Some(place)) = (&asked.kind, &asked.place) {
        case.insert("agency".to_owned(), json!({"name": asked.agency.clone().unwrap_or_default(), "kind": kind, "place": place}));
    } else if let Some(agency) = &asked.agency {
        case.insert("agency".to_owned(), json!(agency));
    }
    if let Some(on) = &asked.on {
        case.insert("on".to_owned(), json!(on));
    }
    if !asked.action.is_empty() {
        case.shift_remove("action");
        case.insert("actions".to_owned(), json!(asked.action));
    }
    pairs(&mut case, "facts", &asked.set, "request.kind=detainer")?;
    pairs(&mut case, "times", &asked.time, "release=2018-03-01T22:15")?;
    Ok(Put { text: Json::Object(case).to_string(), source })
}

fn pairs(case: &mut Map<String, Json>, group: &str, pairs: &[String], sample: &str) -> Result<(), Failure> {
    for pair in pairs {
        let Some((key, value)) = pair.split_once('=') else {
            return Err(Failure::Input(format!("`{}` is no pair; write it as {sample}", crate::output::printable(pair))));
        };
        let entry = case.entry(group).or_insert_with(|| json!({}));
        if let Json::Object(entry) = entry {
            remove(entry, key.trim());
            // Left as text here; what the fact is declared as decides later.
            entry.insert(key.trim().to_owned(), json!(value.trim()));
        }
    }
    Ok(())
}

/// Takes a nested fact away, so that an option can state it otherwise.
fn remove(facts: &mut Map<String, Json>, name: &str) {
    facts.shift_remove(name);
    if let Some((group, rest)) = name.split_once('.')
        && let Some(Json::Object(inner)) = facts.get_mut(group)
    {
        remove(inner, rest);
    }
}

/// The agency, the law that concerns it, and the case.
pub(crate) fn load(args: &Args, put: &Put) -> Result<(Law, Case), Failure> {
    let wrong = |error: CaseError| Failure::Case { source: put.source.clone(), error };
    let place = match peek_agency(&put.text) {
        Ok(AgencyRef { place, .. }) => place,
        // What is wrong with the agency is told together with what is wrong elsewhere.
        Err(_) => "us".to_owned(),
    };
    let law = law_for(args, &place)?;
    let text = typed(&law, &put.text);
    let case = read_case(&law, text.as_deref().unwrap_or(&put.text)).map_err(wrong)?;
    Ok((law, case))
}

/// Facts from options are texts: those declared as booleans, numbers or lists are turned into such.
fn typed(law: &Law, text: &str) -> Option<String> {
    let mut case: Map<String, Json> = serde_json::from_str(text).ok()?;
    let facts = case.get_mut("facts")?.as_object_mut()?;
    let mut changed = false;
    for (name, value) in facts.iter_mut().filter(|(name, _)| name.contains('.')) {
        let Some(id) = law.schema.vocabulary.find(name) else { continue };
        let Json::String(given) = value else { continue };
        let other = match law.schema.vocabulary.fact(id).declared {
            Declared::Bool => match given.as_str() {
                "true" | "yes" => Some(json!(true)),
                "false" | "no" => Some(json!(false)),
                _ => None,
            },
            Declared::Int { .. } => given.parse::<i64>().ok().map(|n| json!(n)),
            Declared::List { .. } if given == "none" => Some(json!([])),
            Declared::List { .. } => serde_json::from_str(given).ok(),
            _ => None,
        };
        if let Some(other) = other {
            *value = other;
            changed = true;
        }
    }
    changed.then(|| Json::Object(case).to_string())
}

/// The day of an option.
pub(crate) fn day(text: &str) -> Result<comity_logic::Date, Failure> {
    comity_logic::parse_date(text).ok_or_else(|| Failure::Input(format!("`{}` is not a day; write it as 2018-03-01", crate::output::printable(text))))
}

/// The agency of an option.
pub(crate) fn agency(text: &str) -> Result<AgencyRef, Failure> {
    Ok(find_agency(text)?)
}

/// A mistake about the whole of a source.
pub(crate) fn mistake(source: &str, message: String) -> Failure {
    Failure::Case { source: source.to_owned(), error: CaseError { mistakes: vec![CaseMistake { path: String::new(), line: 1, column: 1, message }] } }
}
