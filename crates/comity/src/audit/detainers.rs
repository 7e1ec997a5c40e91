//! `comity audit detainers`: replay of the federal detainer releases.

use super::detainers_text;
use crate::args::{Args, Detainers, Format};
use crate::failure::Failure;
use crate::files::{apart, write_whole};
use crate::input::{day, whole_law};
use crate::output::print_json;
use crate::tell;
use comity_audit::detainers::{
    ASSUMED, Checkpoint, Decided, Defect, MAPPED, Options, Places, Replay, RowsOut, Stopped, Summary, Table, UNMAPPED, check, page, read,
    write_csv, write_parquet,
};
use comity_audit::inert;
use comity_law::Law;
use comity_logic::{FactId, Facts, Slot, Value, nearest};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value as Json, json};
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What shells give a program that was interrupted.
const INTERRUPTED: u8 = 130;

pub(crate) fn run(args: &Args, asked: &Detainers) -> Result<ExitCode, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    // Where no handler can be set an interrupt ends the program at once; the checkpoint is whole all the same.
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::SeqCst));
    let checkpoint_file = checkpoint_path(asked);
    apart(
        asked.files.iter().map(PathBuf::as_path),
        [
            ("--checkpoint", checkpoint_file.as_deref()),
            ("--rows", asked.rows.as_deref()),
            ("--defects", asked.defects.as_deref()),
            ("--html", asked.html.as_deref()),
        ],
    )?;
    // Said now rather than after an hour.
    asked.rows.as_deref().map(is_parquet).transpose()?;
    let law = whole_law(args)?;
    let builtin = match &args.law {
        Some(_) => Some(Law::builtin().map_err(|found| Failure::Law { folder: None, found })?),
        None => None,
    };
    let options = options_for(&law, asked)?;
    let going = |bar: &ProgressBar, n: usize| {
        bar.set_position(n as u64);
        !stop.load(Ordering::SeqCst)
    };

    let bar = progress("reading", None);
    let table = read(&asked.files, |n| going(&bar, n));
    bar.finish_and_clear();
    if stop.load(Ordering::SeqCst) {
        tell!("interrupted while reading; nothing was decided yet");
        return Ok(ExitCode::from(INTERRUPTED));
    }
    let table = table.map_err(|e| Failure::Input(e.to_string()))?;
    let produced = asked.data_as_of.as_deref().map(day).transpose()?;
    let places = Places::of(&table);
    let defects = check(&table, &places, produced);

    let names: Vec<String> = options.actions.iter().map(|a| law.action_name(*a).to_owned()).collect();
    let differs = options.as_of.is_some() || options.if_place.is_some() || builtin.is_some();
    let own_law = builtin.as_ref().unwrap_or(&law);
    // The same question under the law of each row's own day and place.
    let own_options = Options { as_of: None, if_place: None, ..options_for(own_law, asked)? };
    let mut own_replay = Replay::new(own_law, &table, &places, &own_options);
    let mut replay = Replay::new(&law, &table, &places, &options);
    let run = |law: &Law, replay: &mut Replay<'_>, options: &Options, suffix: &str| -> Result<(Decided, Checkpoint), Failure> {
        let mut checkpoint = checkpoint(asked, law, &table, options, suffix)?;
        let bar = progress("deciding", Some(table.rows()));
        let decided = replay.run(&mut checkpoint, |n| going(&bar, n));
        bar.finish_and_clear();
        decided.map(|d| (d, checkpoint)).map_err(stopped)
    };
    let first = match run(own_law, &mut own_replay, &own_options, "") {
        Err(Failure::Input(message)) if message.starts_with(STOPPED) => return Ok(interrupted(asked, &message)),
        other => other?,
    };
    let second = match differs.then(|| run(&law, &mut replay, &options, ".other")).transpose() {
        Err(Failure::Input(message)) if message.starts_with(STOPPED) => return Ok(interrupted(asked, &message)),
        other => other?,
    };

    let (shown, by) = second.as_ref().map_or((&first.0, &own_replay), |(d, _)| (d, &replay));
    let summary = Summary::new(&law, by, &places, &first.0, second.as_ref().map(|s| &s.0), &defects, &names);
    let rows = RowsOut { table: &table, places: &places, replay: by, decided: shown, actions: &names, defects: &defects };
    let lead = lead(asked, args.law.as_deref());
    write_files(asked, &rows, &law, &lead, &summary, &defects)?;
    if args.format == Format::Json {
        print_json(&as_json(&law, &lead, &table, &summary, &defects));
    } else {
        detainers_text::print(asked, &law, &lead, &table, &summary, &defects);
    }
    first.1.remove();
    if let Some((_, checkpoint)) = second {
        checkpoint.remove();
    }
    Ok(ExitCode::SUCCESS)
}

const STOPPED: &str = "interrupted after";

fn stopped(error: Stopped) -> Failure {
    Failure::Input(error.to_string())
}

fn interrupted(asked: &Detainers, message: &str) -> ExitCode {
    match checkpoint_path(asked) {
        Some(path) => tell!("{message}; what is done is kept in {}: the same command goes on from there", path.display()),
        None => tell!("{message}; nothing is kept, since neither --rows nor --checkpoint names a file"),
    }
    ExitCode::from(INTERRUPTED)
}

/// A bar on standard error, where that is a terminal.
fn progress(what: &'static str, of: Option<usize>) -> ProgressBar {
    let target = if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(of.map(|n| n as u64), target).with_message(what);
    let template = if of.is_some() { "{msg} {bar:30} {human_pos}/{human_len} rows, {eta}" } else { "{msg} {spinner} {human_pos} rows" };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn options_for(law: &Law, asked: &Detainers) -> Result<Options, Failure> {
    let mut actions = Vec::new();
    let usual = ["hold".to_owned(), "notify-release".to_owned()];
    for name in if asked.action.is_empty() { &usual[..] } else { &asked.action } {
        let action = law.action(name).ok_or_else(|| {
            let near = nearest(name, law.actions.iter().map(|a| a.id.as_str()));
            let help = near.map_or_else(|| "`comity law facts` lists them".to_owned(), |n| format!("did you mean `{n}`?"));
            Failure::Input(format!("--action: no action is called `{name}`; {help}"))
        })?;
        if !actions.contains(&action) {
            actions.push(action);
        }
    }
    let mut options = Options::new(law, actions);
    options.as_of = asked.as_of.as_deref().map(day).transpose()?;
    if let Some(place) = &asked.if_place {
        crate::law::check_place(law, place)?;
        options.if_place = Some(place.clone());
    }
    for text in &asked.set {
        let (slot, value) = set(law, &mut options.texts, text)?;
        options.set.push((slot, value));
    }
    if let Some(rows) = asked.checkpoint_every {
        options.chunk = rows as usize;
    }
    if let Some(threads) = asked.threads {
        options.threads = usize::from(threads);
    }
    Ok(options)
}

/// `request.process=none`; `unknown` takes a fact back.
fn set(law: &Law, texts: &mut Facts, text: &str) -> Result<(Slot, Value), Failure> {
    let wrong = |why: String| Failure::Input(format!("--set {text}: {why}"));
    let (name, value) = text.split_once('=').ok_or_else(|| wrong("write it as FACT=VALUE: --set request.process=none".to_owned()))?;
    let vocabulary = &law.schema.vocabulary;
    let Some(FactId::Scalar(slot)) = vocabulary.find(name) else {
        let near = vocabulary.nearest(name).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
        return Err(wrong(format!("no single fact is called `{name}`{near}")));
    };
    if value == "unknown" {
        return Ok((slot, Value::Unknown));
    }
    let declared = &vocabulary.scalars()[slot.0 as usize].declared;
    Ok((slot, texts.parse(&law.schema, declared, value).map_err(wrong)?))
}

fn checkpoint_path(asked: &Detainers) -> Option<PathBuf> {
    asked.checkpoint.clone().or_else(|| asked.rows.as_ref().map(|rows| PathBuf::from(format!("{}.checkpoint", rows.display()))))
}

fn checkpoint(asked: &Detainers, law: &Law, table: &Table, options: &Options, suffix: &str) -> Result<Checkpoint, Failure> {
    let Some(path) = checkpoint_path(asked) else { return Ok(Checkpoint::default()) };
    let path = PathBuf::from(format!("{}{suffix}", path.display()));
    let of =
        format!("{} {} {:?} {:?} {:?} {:?}", law.digest, table.fingerprint(), options.actions, options.as_of, options.if_place, asked.set);
    let found = Checkpoint::open(&path, &of).map_err(|e| Failure::Input(e.to_string()))?;
    if found.rows() > 0 {
        tell!("going on after {} rows of {}", found.rows(), path.display());
    }
    Ok(found)
}

fn lead(asked: &Detainers, law: Option<&Path>) -> String {
    let day = asked.as_of.as_ref().map_or_else(|| "of its own day".to_owned(), |day| format!("of {day}"));
    let place = asked.if_place.as_ref().map_or_else(|| "its own place".to_owned(), |place| format!("the place {place}"));
    let of = law.map_or_else(|| "the built-in law".to_owned(), |dir| format!("the law of {}", dir.display()));
    format!("Every row under the law {day} and of {place}, as {of} has it.")
}

/// Whether the rows are written as Parquet; the alternative is CSV.
fn is_parquet(rows: &Path) -> Result<bool, Failure> {
    let ends = |with: &str| rows.extension().is_some_and(|e| e.eq_ignore_ascii_case(with));
    match (ends("parquet"), ends("csv")) {
        (false, false) => Err(Failure::Input(format!("--rows {}: rows are written as .csv or .parquet; name the file so", rows.display()))),
        (parquet, _) => Ok(parquet),
    }
}

/// Writes the files that were asked for, each whole or not at all.
fn write_files(asked: &Detainers, rows: &RowsOut<'_>, law: &Law, lead: &str, summary: &Summary, defects: &[Defect]) -> Result<(), Failure> {
    if let Some(path) = &asked.rows {
        let is_parquet = is_parquet(path)?;
        write_whole(path, |out| {
            if !is_parquet {
                return write_csv(rows, out);
            }
            let mut bytes = Vec::new();
            write_parquet(rows, &mut bytes).map_err(std::io::Error::other)?;
            out.write_all(&bytes)
        })?;
    }
    if let Some(path) = &asked.defects {
        write_whole(path, |out| {
            let mut writer = csv::Writer::from_writer(out);
            let plain = |d: &Defect| Defect { value: inert(&d.value).into_owned(), says: inert(&d.says).into_owned(), ..d.clone() };
            defects.iter().try_for_each(|d| writer.serialize(plain(d)))?;
            writer.flush()
        })?;
    }
    if let Some(path) = &asked.html {
        let title = asked
            .files
            .iter()
            .map(|f| f.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned()))
            .collect::<Vec<_>>()
            .join(", ");
        write_whole(path, |out| out.write_all(page(&title, &law.digest, lead, summary, defects).as_bytes()))?;
    }
    Ok(())
}

fn as_json(law: &Law, lead: &str, table: &Table, summary: &Summary, defects: &[Defect]) -> Json {
    let pairs = |of: &[(&str, &str)], first: &str, second: &str| of.iter().map(|(a, b)| json!({ first: a, second: b })).collect::<Vec<_>>();
    json!({
        "bundle": law.digest,
        "law": lead,
        "summary": summary,
        "defects": defects,
        "notes": table.notes,
        "columns_not_used": table.other_columns,
        "mapped": pairs(MAPPED, "columns", "facts"),
        "assumed": pairs(ASSUMED, "fact", "why"),
        "not_mapped": pairs(UNMAPPED, "column", "why"),
    })
}
