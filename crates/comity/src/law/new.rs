//! `comity law new`: the skeleton of an instrument, from options and a few questions.

use crate::args::{Args, Format, NewLaw};
use crate::failure::Failure;
use crate::input::day;
use crate::output::print_json;
use crate::{say, tell};
use comity_law::new::{self, Draft};
use comity_law::{Kind, Modality};
use comity_places::Place;
use serde_json::json;
use std::io::BufRead;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(args: &Args, options: &NewLaw) -> Result<ExitCode, Failure> {
    let Some(root) = &args.law else {
        return Err(Failure::Input("name the folder of law files with --law DIR; the built-in law cannot be added to".to_owned()));
    };
    let vocabulary = std::fs::read_to_string(root.join("vocabulary.toml")).map_err(|error| {
        Failure::Input(format!("{} has no vocabulary.toml that can be read ({error}); --law names a folder of law files", root.display()))
    })?;
    let actions = new::actions(&vocabulary);
    let place = &options.place;
    let folder = root.join(place.replacen("us-", "us/", 1));
    let declared = folder.join("place.toml").is_file();
    if !declared && options.name.is_none() {
        comity_places::parse_slug(place)
            .map_err(|e| Failure::Input(format!("`{place}` is no place: {e}; --name declares a place that no list has")))?;
    }
    let mut lines = std::io::stdin().lock().lines();
    let mut ask = |option: &'static str, question: &str, given: &Option<String>| match given {
        Some(text) => Ok(text.trim().to_owned()),
        None => {
            tell!("{question}");
            let line = lines.next().and_then(Result::ok).map(|l| l.trim().to_owned()).filter(|l| !l.is_empty());
            line.ok_or_else(|| Failure::Input(format!("no answer; give it with --{option}")))
        }
    };
    let title = ask("title", "What is the instrument called?", &options.title)?;
    let kind = ask("kind", &format!("What kind of law is it? ({})", Kind::WORDS.join(", ")), &options.kind)?;
    let kind = kind.parse::<Kind>().map_err(|e| Failure::Input(format!("`{kind}` is no kind of law; {e}")))?;
    let cite = ask("cite", "How is it cited, up to the section?", &options.cite)?;
    let action = ask("action", &format!("Which action does its first norm speak of? ({})", actions.join(", ")), &options.action)?;
    if !actions.contains(&action) {
        return Err(Failure::Input(format!("no action is called `{action}`; the actions are {}", actions.join(", "))));
    }
    let modality = ask("modality", &format!("What does it do? ({})", Modality::WORDS.join(", ")), &options.modality)?;
    let modality = modality.parse::<Modality>().map_err(|e| Failure::Input(format!("`{modality}` is nothing that a norm does; {e}")))?;
    let from = day(&ask("from", "What is the first day on which it is in force? (2018-01-01)", &options.from)?)?;
    let checked = day(&ask("checked", "On which day was it read?", &options.checked)?)?;
    let id = options.id.clone().unwrap_or_else(|| new::id(place, &title));
    let draft = Draft { place: place.clone(), id, title, cite, kind, modality, action, from, checked };
    let mut files = Vec::new();
    if !declared {
        files.push(new::place(place, options.name.as_deref().or(Place::find(place).map(|p| p.name)), checked));
    }
    files.push(new::instrument(&draft));
    for (path, text) in &files {
        write(&root.join(path), text)?;
    }
    if args.format == Format::Json {
        let rows: Vec<_> = files
            .iter()
            .map(|(path, text)| json!({"path": path, "to_fill": new::to_fill(text).map(|(line, what)| json!({"line": line, "what": what})).collect::<Vec<_>>()}))
            .collect();
        print_json(&json!({"files": rows}));
    } else {
        for (path, text) in &files {
            say!("{path}");
            new::to_fill(text).for_each(|(line, what)| say!("  line {line}: {what}"));
        }
        say!("Complete the lines marked `{}`, then run `comity law check --law {}`.", new::MARK, root.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes a file that must not be there yet.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    use std::io::Write;
    let wrong = |error: std::io::Error| Failure::Input(format!("{} cannot be written: {error}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(wrong)?;
    }
    let mut file = std::fs::File::create_new(path).map_err(wrong)?;
    file.write_all(text.as_bytes()).map_err(wrong)
}
