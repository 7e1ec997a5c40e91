//! Verifying: a ledger, an export, a receipt.

use super::{progress, public_key};
use crate::args::{Args, Format};
use crate::failure::{FOUND, Failure};
use crate::output::{count, print_json, printable};
use crate::say;
use anstyle::AnsiColor;
use comity_ledger::{Checkpoint, Checks, Keys, Note, Report, Store};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

pub(super) async fn verify(
    args: &Args,
    what: &str,
    key: Option<&str>,
    keys: Option<&Path>,
    since: Option<&Path>,
) -> Result<ExitCode, Failure> {
    let log = key.map(public_key).transpose()?;
    if Path::new(what).is_dir() {
        let log =
            log.ok_or_else(|| Failure::Input("an export is checked against the public key of its log; name it with --key".to_owned()))?;
        let found = comity_ledger::verify_export(Path::new(what), &log)?;
        if args.format == Format::Json {
            print_json(&json!({"entries": found.checkpoint.size, "root": found.checkpoint.root.base64(), "damage": found.damage}));
        } else {
            found.damage.iter().for_each(|line| say!("{}", printable(line)));
            verdict(found.damage.len(), found.checkpoint.size, found.checkpoint.size);
        }
        return Ok(code(found.damage.is_empty()));
    }
    let keys = keys.map(Keys::read).transpose()?;
    let since = since.map(|path| read_head(path, log.as_ref().or(keys.as_ref().map(Keys::public).as_ref()))).transpose()?;
    let store = Store::open_read_only(what).await?;
    let report = comity_ledger::verify(&store, &Checks { keys: keys.as_ref(), log, since }, &mut progress("verified")).await?;
    // What cannot be read is told as damage already.
    let rows = match comity_desk::differences(&store).await {
        Ok(rows) => rows,
        Err(_) if !report.damage.is_empty() => None,
        Err(error) => return Err(error.into()),
    };
    store.close().await;
    let intact = report.intact() && rows.as_ref().is_none_or(Vec::is_empty);
    if args.format == Format::Json {
        let mut value = json!(report);
        value["rows"] = json!(rows);
        value["intact"] = json!(intact);
        print_json(&value);
    } else {
        print_report(&report, rows.as_deref(), keys.is_some());
    }
    Ok(code(intact))
}

fn code(intact: bool) -> ExitCode {
    if intact { ExitCode::SUCCESS } else { ExitCode::from(FOUND) }
}

/// Never `INTACT` alone: what no signed head covers can be altered by whoever has the database, and fits all the same.
fn verdict(damage: usize, entries: u64, signed: u64) {
    if damage == 0 {
        let style = if signed == entries { AnsiColor::Green } else { AnsiColor::Yellow }.on_default().bold();
        say!("{style}INTACT{style:#}: {entries} entries, signed up to entry {signed} of {entries}");
    } else {
        let style = AnsiColor::Red.on_default().bold();
        say!("{style}DAMAGED{style:#}: {} found", count(damage, "place"));
    }
}

fn print_report(report: &Report, rows: Option<&[String]>, keys: bool) {
    rows.unwrap_or_default().iter().for_each(|row| say!("{}", printable(row)));
    for damage in &report.damage {
        say!("{}: {}", printable(&damage.place.to_string()), printable(&damage.what));
    }
    if report.more > 0 {
        say!("… and {} more", report.more);
    }
    let damage = report.damage.len() + usize::try_from(report.more).unwrap_or(usize::MAX);
    verdict(damage + rows.map_or(0, <[String]>::len), report.entries, report.signed);
    say!("computed again   {} of {} entries", report.checked, report.entries);
    say!("root             {}", report.root);
    let opened = if keys { format!(", {} of them decrypted", report.opened) } else { "; give --keys to decrypt them as well".to_owned() };
    say!("personal parts   {} as the log names them{opened}; {} destroyed by recorded order", report.personal, report.destroyed);
    match rows.map(<[String]>::len) {
        None => {}
        Some(0) => say!("the desk         its requests, tasks and accounts are as the entries say"),
        Some(n) => say!("the desk         {} differ from what the entries say; the entries count", count(n, "row")),
    }
    say!("signed heads     {}", report.checkpoints);
    if report.signed < report.entries {
        let last = report.entries - report.signed;
        say!("not signed       the last {last}: whoever has the database can alter that unseen; `comity ledger checkpoint` signs it");
    }
    match report.kept {
        Some(size) => say!("beside the keys  the signed head of {size} entries"),
        None if keys => say!("beside the keys  no signed head: it is not seen whether signed entries were cut off at the end"),
        None => {}
    }
    match report.witnessed {
        Some(size) => say!("witnessed        up to {size} entries"),
        None => say!("witnessed        never: this record vouches only for itself (self-attested)"),
    }
    if !report.key_given {
        say!("The public key was taken from the record itself; give --key to hold it against the one that you were given.");
    }
}

fn read_head(path: &Path, log: Option<&comity_ledger::Verifier>) -> Result<(u64, comity_ledger::Hash), Failure> {
    let text = crate::input::read_text(path, 1 << 16)?;
    let wrong = |e: comity_ledger::NoteError| Failure::Input(format!("{}: {e}", path.display()));
    let log = log.ok_or_else(|| Failure::Input("--since needs --key or --keys, to check the signature of that head".to_owned()))?;
    let head = Note::parse(&text).and_then(|note| Checkpoint::open(&note, log)).map_err(wrong)?;
    Ok((head.size, head.root))
}

pub(super) fn verify_receipt(args: &Args, file: &Path, key: &str, witnesses: &[String]) -> Result<ExitCode, Failure> {
    let log = public_key(key)?;
    let witnesses = witnesses.iter().map(|w| public_key(w)).collect::<Result<Vec<_>, _>>()?;
    let text = crate::input::read_text(file, 1 << 20)?;
    let found = comity_ledger::verify_receipt(&text, &log, &witnesses);
    let missing: Vec<&str> = match &found {
        Ok(v) => witnesses.iter().map(|w| w.name()).filter(|name| v.witnesses.iter().all(|(n, _)| n != name)).collect(),
        Err(_) => Vec::new(),
    };
    if args.format == Format::Json {
        print_json(&match &found {
            Ok(v) => {
                json!({"holds": missing.is_empty(), "entry": v.entry, "log": v.checkpoint.origin, "size": v.checkpoint.size, "witnesses": v.witnesses.iter().map(|(name, time)| json!({"name": name, "time": time})).collect::<Vec<_>>(), "missing_witnesses": missing})
            }
            Err(error) => json!({"holds": false, "error": error.to_string()}),
        });
        return Ok(code(found.is_ok() && missing.is_empty()));
    }
    let v = match found {
        Ok(v) => v,
        Err(error) => {
            let style = AnsiColor::Red.on_default().bold();
            say!("{style}DOES NOT HOLD{style:#}: {}", printable(&error.to_string()));
            return Ok(ExitCode::from(FOUND));
        }
    };
    let style = if missing.is_empty() { AnsiColor::Green } else { AnsiColor::Yellow }.on_default().bold();
    say!("{style}{}{style:#}", if missing.is_empty() { "HOLDS" } else { "HOLDS, BUT NOT WITNESSED AS ASKED" });
    say!("log        {}, head of {} entries", printable(&v.checkpoint.origin), v.checkpoint.size);
    say!("entry      {}, {}, {}", v.entry.index, v.entry.kind, v.entry.time);
    say!("by         {}", printable(&v.entry.actor));
    if let Some(subject) = &v.entry.subject {
        say!("about      {}", printable(subject));
    }
    if let Some(bundle) = &v.entry.bundle {
        say!("law bundle {}", printable(bundle));
    }
    say!("says       {}", printable(&v.entry.public.to_string()));
    if v.entry.personal.is_some() {
        say!("           and commits to a personal part, which is not in the receipt");
    }
    for (name, _) in &v.witnesses {
        say!("witness    {}", printable(name));
    }
    if v.witnesses.is_empty() {
        say!("witness    none that was asked for: the log vouches only for itself (self-attested)");
    }
    for name in &missing {
        say!("missing    the cosignature of {}", printable(name));
    }
    Ok(code(missing.is_empty()))
}
