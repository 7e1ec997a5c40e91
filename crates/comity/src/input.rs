//! Where cases and laws come from.

use crate::args::{Args, Asked};
use crate::failure::{Failure, OptionMistake};
use comity_engine::{AgencyRef, Case, CaseError, CaseMistake, MAX_CASE, find_agency, peek_agency, read_case};
use comity_law::Law;
use comity_logic::Declared;
use serde_json::{Map, Value as Json, json};
use std::io::{ErrorKind, Read};
use std::path::Path;

/// Reads a text, from standard input for `-`; bytes past the limit are an error, not a surprise.
pub(crate) fn read_text(path: &Path, limit: usize) -> Result<String, Failure> {
    let name = name_of(path);
    let mut bytes = Vec::new();
    let most = limit as u64 + 1;
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::Input(format!("{name} cannot be read: {}", why(&error))))?;
    if bytes.len() > limit {
        return Err(Failure::Input(format!("{name} is larger than {} MiB; split it", limit >> 20)));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Failure::Input(format!("{name} is UTF-16; save the file as UTF-8")));
    }
    let text = String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        let line = e.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() + 1;
        Failure::Input(format!("{name}:{line}: the byte at {at} is not UTF-8; save the file as UTF-8"))
    })?;
    // Some editors put a byte order mark before a UTF-8 text; it means nothing.
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// What a source is called in messages.
pub(crate) fn name_of(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

/// What stood in the way of reading a file, and the remedy.
fn why(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file; check the path".to_owned(),
        ErrorKind::PermissionDenied => "permission is denied; let the file be read by you".to_owned(),
        ErrorKind::IsADirectory => "it is a folder; name a file in it".to_owned(),
        _ => error.to_string(),
    }
}

/// The law: a folder, or the built-in one as far as it concerns the place.
pub(crate) fn law_for(args: &Args, place: &str) -> Result<Law, Failure> {
    match &args.law {
        Some(dir) => open(dir),
        None => Law::builtin_for(place).map_err(|found| Failure::Law { folder: None, found }),
    }
}

/// The whole law.
pub(crate) fn whole_law(args: &Args) -> Result<Law, Failure> {
    match &args.law {
        Some(dir) => open(dir),
        None => Law::builtin().map_err(|found| Failure::Law { folder: None, found }),
    }
}

/// The law of a folder.
pub(crate) fn open(dir: &Path) -> Result<Law, Failure> {
    if !dir.is_dir() {
        let what = if dir.exists() { "is a file" } else { "does not exist" };
        return Err(Failure::Input(format!("{} {what}; --law names a folder of law files", dir.display())));
    }
    Law::open(dir).map_err(|found| Failure::Law { folder: Some(dir.display().to_string()), found })
}

/// A case as it was put: its text, with the options laid over it, and the name of where it came from.
pub(crate) struct Put {
    pub(crate) text: String,
    pub(crate) source: String,
    over: Option<Over>,
}

/// Options that were laid over a case.
#[derive(Default)]
struct Over {
    /// The file's own text.
    file: Option<String>,
    /// The path that each option states, and the option as it was given.
    options: Vec<(String, String)>,
}

impl Over {
    fn note(&mut self, path: impl Into<String>, option: String) {
        self.options.push((path.into(), option));
    }

    /// The option that states what is at the path.
    fn option(&self, path: &str) -> Option<&str> {
        let states = |stated: &str| path.strip_prefix(stated).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
        self.options.iter().find(|(stated, _)| states(stated)).map(|(_, option)| option.as_str())
    }
}

/// The case's text: the file's, with the options laid over it if there are any.
pub(crate) fn put(asked: &Asked) -> Result<Put, Failure> {
    let (text, source) = match &asked.case {
        Some(path) => (read_text(path, MAX_CASE)?, name_of(path)),
        None => ("{}".to_owned(), "the command line".to_owned()),
    };
    let options = asked.agency.is_some() || asked.kind.is_some() || asked.on.is_some();
    if !options && asked.action.is_empty() && asked.set.is_empty() && asked.time.is_empty() {
        if asked.case.is_none() {
            return Err(Failure::Input(
                "name a case file, or state the case: --agency CA0194200 --on 2018-03-01 --action hold --set request.kind=detainer"
                    .to_owned(),
            ));
        }
        return Ok(Put { text, source, over: None });
    }
    // What is no object is told as it is for a file without options.
    let Ok(Json::Object(mut case)) = serde_json::from_str(&text) else { return Ok(Put { text, source, over: None }) };
    let mut over = Over::default();
    if let (Some(kind), Some(place)) = (&asked.kind, &asked.place) {
        case.insert("agency".to_owned(), json!({"name": asked.agency.clone().unwrap_or_default(), "kind": kind, "place": place}));
        over.note("agency", format!("--kind {kind} --place {place}"));
    } else if let Some(agency) = &asked.agency {
        case.insert("agency".to_owned(), json!(agency));
        over.note("agency", format!("--agency {agency}"));
    }
    if let Some(on) = &asked.on {
        case.insert("on".to_owned(), json!(on));
        over.note("on", format!("--on {on}"));
    }
    if !asked.action.is_empty() {
        case.shift_remove("action");
        case.insert("actions".to_owned(), json!(asked.action));
        for path in ["action", "actions"] {
            over.note(path, format!("--action {}", asked.action.join(",")));
        }
    }
    pairs(&mut case, "facts", "--set", &asked.set, &mut over)?;
    pairs(&mut case, "times", "--time", &asked.time, &mut over)?;
    over.file = asked.case.is_some().then_some(text);
    Ok(Put { text: Json::Object(case).to_string(), source, over: Some(over) })
}

fn pairs(case: &mut Map<String, Json>, group: &str, option: &str, pairs: &[String], over: &mut Over) -> Result<(), Failure> {
    let sample = if option == "--set" { "request.kind=detainer" } else { "release=2018-03-01T22:15" };
    for pair in pairs {
        let wrong = |message: String| Failure::Options(vec![OptionMistake { option: format!("{option} {pair}"), message }]);
        let Some((key, value)) = pair.split_once('=').map(|(key, value)| (key.trim(), value.trim())) else {
            return Err(wrong(format!("this is no pair; write it as {sample}")));
        };
        let path = format!("{group}.{key}");
        if let Some(other) = over.options.iter().find(|(stated, _)| *stated == path) {
            return Err(wrong(format!("this is stated twice, also by {}; state it once", other.1)));
        }
        if let Json::Object(entry) = case.entry(group).or_insert_with(|| json!({})) {
            remove(entry, key);
            // An option states a list whole.
            remove(entry, &format!("{key}_complete"));
            // Left as text here; what the fact is declared as decides later.
            entry.insert(key.to_owned(), json!(value));
        }
        over.note(path, format!("{option} {pair}"));
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
    let wrong = |mistakes| Failure::Case { source: put.source.clone(), error: CaseError { mistakes } };
    let agency = peek_agency(&put.text);
    let law = law_for(args, agency.as_ref().map_or("us", |a| &a.place))?;
    let Some(over) = &put.over else {
        let case = read_case(&law, &put.text).map_err(|e| wrong(e.mistakes))?;
        // What is wrong with the agency was told together with what is wrong elsewhere; never is a case decided under another place's law.
        return if let Err(error) = agency { Err(wrong(error.mistakes)) } else { Ok((law, case)) };
    };
    // The file's own mistakes are told with their place in it; what it leaves out the options may state.
    if let Some(Err(error)) = over.file.as_deref().map(|file| read_case(&law, file)) {
        let own: Vec<CaseMistake> = error.mistakes.into_iter().filter(|m| !m.path.is_empty() && over.option(&m.path).is_none()).collect();
        if !own.is_empty() {
            return Err(wrong(own));
        }
    }
    match (read_case(&law, &typed(&law, &put.text, over)?), agency) {
        (Ok(case), Ok(_)) => Ok((law, case)),
        (Err(error), _) | (_, Err(error)) => Err(Failure::Options(error.mistakes.into_iter().map(|m| option_mistake(over, m)).collect())),
    }
}

/// A mistake in the words of the command line.
fn option_mistake(over: &Over, mistake: CaseMistake) -> OptionMistake {
    let option = over.option(&mistake.path).unwrap_or_default().to_owned();
    let missing = |what: &str| mistake.path.is_empty() && mistake.message.starts_with(what);
    let message = if missing("the agency is missing") {
        "the agency is missing; name it with --agency CA0194200, or by --kind and --place".to_owned()
    } else if missing("the day is missing") {
        "the day is missing; state it with --on 2018-03-01".to_owned()
    } else if missing("what is asked is missing") {
        "what is asked is missing; state it with --action hold".to_owned()
    } else {
        mistake.message
    };
    OptionMistake { option, message }
}

/// The case with its facts from options, which are texts, turned into booleans, numbers or lists as they are declared.
fn typed(law: &Law, text: &str, over: &Over) -> Result<String, Failure> {
    let Ok(Json::Object(mut case)) = serde_json::from_str(text) else { return Ok(text.to_owned()) };
    let Some(Json::Object(facts)) = case.get_mut("facts") else { return Ok(text.to_owned()) };
    for name in over.options.iter().filter_map(|(path, _)| path.strip_prefix("facts.")) {
        let Some(id) = law.schema.vocabulary.find(name) else { continue };
        let Some(Json::String(given)) = facts.get(name) else { continue };
        let other = match law.schema.vocabulary.fact(id).declared {
            Declared::Bool => match given.as_str() {
                "true" | "yes" => Some(json!(true)),
                "false" | "no" => Some(json!(false)),
                _ => None,
            },
            Declared::Int { .. } => given.parse::<i64>().ok().map(|n| json!(n)),
            Declared::List { .. } if given == "none" => Some(json!([])),
            Declared::List { .. } => Some(serde_json::from_str(given).map_err(|error| {
                let option = over.option(&format!("facts.{name}")).unwrap_or_default().to_owned();
                Failure::Options(vec![OptionMistake {
                    option,
                    message: format!("this is no list in JSON ({error}); write none, or such as [{{\"level\": \"felony\"}}]"),
                }])
            })?),
            _ => None,
        };
        if let Some(other) = other {
            facts.insert(name.to_owned(), other);
        }
    }
    Ok(Json::Object(case).to_string())
}

/// The day of an option.
pub(crate) fn day(text: &str) -> Result<comity_logic::Date, Failure> {
    comity_logic::parse_date(text).ok_or_else(|| Failure::Input(format!("`{text}` is not a day; write it as 2018-03-01")))
}

/// The place of an option; none: everywhere.
pub(crate) fn places(law: &Law, place: Option<&str>) -> Result<Vec<String>, Failure> {
    place.map_or(Ok(Vec::new()), |place| Ok(vec![self::place(law, place)?]))
}

/// A place of the lists, or one that the law itself declares; else an error with what may have been meant.
pub(crate) fn place(law: &Law, text: &str) -> Result<String, Failure> {
    if law.place(text).is_some() {
        return Ok(text.to_owned());
    }
    comity_places::parse_slug(text).map(|found| found.slug.to_owned()).map_err(|error| {
        // A name is not taken for a slug, but told: several places may have it.
        let states = comity_places::places_in("us").map(|p| (p.slug.to_owned(), p.name.to_owned()));
        let all: Vec<(String, String)> = states.chain(law.places.iter().map(|p| (p.slug.clone(), p.name.clone()))).collect();
        let mut named: Vec<&str> =
            all.iter().filter(|(_, name)| name.eq_ignore_ascii_case(text.trim())).map(|(slug, _)| slug.as_str()).collect();
        named.dedup();
        let near = match named[..] {
            [] => comity_logic::nearest(text, all.iter().map(|(slug, _)| slug)).into_iter().collect(),
            _ => named.iter().map(ToString::to_string).collect::<Vec<_>>(),
        };
        let meant = near.iter().map(|slug| format!("`{slug}`")).collect::<Vec<_>>().join(" or ");
        let why = error.to_string();
        let help = if meant.is_empty() || why.contains("did you mean") { String::new() } else { format!("; did you mean {meant}?") };
        Failure::Input(format!("`{}` is no place: {}{help}", crate::output::printable(text), why.trim_start_matches("not a place: ")))
    })
}

/// The agency of an option.
pub(crate) fn agency(text: &str) -> Result<AgencyRef, Failure> {
    Ok(find_agency(text)?)
}
