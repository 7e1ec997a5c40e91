//! What changes or copies a record: holds, orders, exports, backups.

use super::args::{At, HoldOn, LedgerCommand};
use super::{keys_path, open, progress, url};
use crate::args::{Args, Format};
use crate::failure::Failure;
use crate::output::print_json;
use crate::say;
use comity_ledger::{EntryKind, Erased, Keys, Ledger, NewEntry, Options, PersonId, Scope, Store, time_ms};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

pub(super) async fn run(args: &Args, command: &LedgerCommand) -> Result<ExitCode, Failure> {
    match command {
        LedgerCommand::Export { at, dir } => {
            let ledger = open(at).await?;
            // The export records itself, so it is in what it writes.
            ledger.append(NewEntry::new(EntryKind::Export, &at.actor).public(json!({"what": "tiles"}))).await?;
            let head = ledger.export(dir, &mut progress("exported")).await?;
            ledger.close().await?;
            told(args, json!({"entries": head.size, "dir": dir}), &format!("Exported {} entries to {}.", head.size, dir.display()))
        }
        LedgerCommand::Expunge { at, person, order } => {
            let ledger = open(at).await?;
            let person = person_of(&ledger, person).await?;
            let erased = ledger.expunge(&at.actor, &person, order).await?;
            ledger.close().await?;
            erased_told(args, &erased, "Expunged")
        }
        LedgerCommand::Hold { at, what, id, order } => {
            let ledger = open(at).await?;
            let scope = match what {
                HoldOn::Person => Scope::Person(person_of(&ledger, id).await?),
                HoldOn::Request => Scope::Request(id.clone()),
            };
            let done = ledger.hold(&at.actor, &scope, order).await?;
            ledger.close().await?;
            told(args, json!({"entry": done.index}), &format!("The hold stands; entry {} set it.", done.index))
        }
        LedgerCommand::Lift { at, index, order } => {
            let ledger = open(at).await?;
            let done = ledger.lift_hold(&at.actor, *index, order).await?;
            ledger.close().await?;
            told(args, json!({"entry": done.index}), &format!("The hold of entry {index} is lifted by entry {}.", done.index))
        }
        LedgerCommand::Purge { at, before, rule } => {
            crate::input::day(before)?;
            let moment = time_ms(&format!("{before}T00:00:00Z")).unwrap_or_default();
            let ledger = open(at).await?;
            let erased = ledger.purge(&at.actor, moment, rule).await?;
            ledger.close().await?;
            erased_told(args, &erased, "Purged")
        }
        LedgerCommand::Backup { at, to, keys_to } => {
            let ledger = open(at).await?;
            ledger.append(NewEntry::new(EntryKind::Export, &at.actor).public(json!({"what": "backup"}))).await?;
            let done = ledger.backup(to, keys_to, &mut progress("rows written")).await?;
            ledger.close().await?;
            let text = format!(
                "Backed up {} entries ({} rows) to {}, and {} keys of persons to {}.\nKeep the second file elsewhere and replace it often: what it holds after an expungement brings the person back.",
                done.entries,
                done.rows,
                to.display(),
                done.keys,
                keys_to.display()
            );
            told(args, json!({"entries": done.entries, "rows": done.rows, "keys": done.keys}), &text)
        }
        LedgerCommand::Restore { at, from, keys_from, accept_loss } => restore(args, at, from, keys_from, *accept_loss).await,
        _ => Err(Failure::Input("this command is not known here".to_owned())),
    }
}

async fn restore(args: &Args, at: &At, from: &Path, keys_from: &Path, accept_loss: bool) -> Result<ExitCode, Failure> {
    let path = keys_path(at.keys.as_deref());
    let keys = Keys::read(&path).map_err(|e| {
        Failure::Input(format!(
            "{e}. A backup is restored with the key file that it was written with: put a copy of it there, or name one with --keys"
        ))
    })?;
    let store = Store::open(&url(at)).await?;
    let (size, orders) = comity_ledger::restore(&store, &keys, from, keys_from, &mut progress("rows restored")).await?;
    if accept_loss {
        let mut newest = path.into_os_string();
        newest.push(".head");
        let mut kept = newest.clone();
        kept.push(".before-restore");
        // Where nothing was signed yet there is nothing to put aside.
        let _ = std::fs::rename(newest, kept);
    }
    let ledger = Ledger::open(store, keys, Options::default()).await.map_err(|e| {
        Failure::Input(format!("the rows are restored, but {e}. Take a newer backup; or run it again into an empty ledger with --accept-loss, which the record will show"))
    })?;
    let again = ledger.replay_orders(&at.actor, size, &orders).await?;
    ledger.close().await?;
    let text = format!("Restored {size} entries; {again} persons whose facts were destroyed since the backup were destroyed again.");
    told(args, json!({"entries": size, "destroyed_again": again}), &text)
}

async fn person_of(ledger: &Ledger, given: &str) -> Result<PersonId, Failure> {
    let Some(index) = given.strip_prefix('#') else { return Ok(PersonId(given.to_owned())) };
    let index: u64 = index.parse().map_err(|_| Failure::Input(format!("`{given}` names no entry; write it as #17")))?;
    ledger.person_of(index).await?.ok_or_else(|| Failure::Input(format!("entry {index} holds no personal facts, or none any more")))
}

fn erased_told(args: &Args, erased: &Erased, verb: &str) -> Result<ExitCode, Failure> {
    let kept: Vec<_> = erased.kept.iter().map(|(person, holds)| json!({"person": person, "holds": holds})).collect();
    let mut text = format!(
        "{verb}: the personal parts of {} entries are destroyed; entry {} records it.",
        erased.entries.len(),
        erased.recorded.first().copied().unwrap_or_default()
    );
    for (person, holds) in &erased.kept {
        text.push_str(&format!(
            "\nKept: person {}, by the hold of entry {}",
            person.0,
            holds.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
        ));
    }
    told(args, json!({"recorded": erased.recorded, "entries": erased.entries, "kept": kept}), &text)
}

fn told(args: &Args, value: serde_json::Value, text: &str) -> Result<ExitCode, Failure> {
    if args.format == Format::Json {
        print_json(&value)
    } else {
        say!("{text}")
    }
    Ok(ExitCode::SUCCESS)
}
