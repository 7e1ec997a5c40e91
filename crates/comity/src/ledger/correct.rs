//! `comity ledger correct`: an entry that says what was wrong with an earlier one. The wrong entry stays.

use super::args::{At, Instead};
use super::open;
use crate::args::{Args, Format};
use crate::failure::Failure;
use crate::output::print_json;
use crate::say;
use comity_ledger::{EntryKind, NewEntry};
use serde_json::{Value as Json, json};
use std::process::ExitCode;

pub(super) async fn run(args: &Args, at: &At, index: u64, instead: &Instead, reason: &str) -> Result<ExitCode, Failure> {
    let mut public = json!({"reason": reason});
    match &instead.instead {
        Some(patch) => public["instead"] = read(patch)?,
        None => public["void"] = json!(true),
    }
    let ledger = open(at).await?;
    let wrong =
        ledger.read(index).await?.ok_or_else(|| Failure::Input(format!("there is no entry {index}; `comity ledger list` lists them")))?;
    // What the log says of itself is proven, not told by people.
    if matches!(wrong.kind, EntryKind::Checkpoint | EntryKind::ClockStep | EntryKind::Expungement | EntryKind::Purge | EntryKind::Read) {
        return Err(Failure::Input(format!("entry {index} ({}) tells what the record itself did, and is not corrected", wrong.kind)));
    }
    let mut entry = NewEntry::new(EntryKind::Correction, &at.actor).corrects(index).public(public);
    entry.subject = wrong.subject;
    let done = ledger.append(entry).await?;
    ledger.close().await?;
    if args.format == Format::Json {
        print_json(&json!({"entry": done.index, "corrects": index}));
    } else {
        say!(
            "Entry {} corrects entry {index}, which stays. Reports that were certified before show the correction once they are made again.",
            done.index
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// A JSON Merge Patch for the public part of an entry.
fn read(patch: &str) -> Result<Json, Failure> {
    let read: Json = serde_json::from_str(patch)
        .map_err(|e| Failure::Input(format!("--instead is no JSON: {e}; write {{\"decisions\": {{\"hold\": \"decline\"}}}}")))?;
    match &read {
        Json::Object(parts) if !parts.is_empty() => Ok(read),
        _ => Err(Failure::Input(
            "--instead names what stands instead in the public part of the entry, as an object: {\"decisions\": {\"hold\": \"decline\"}}"
                .to_owned(),
        )),
    }
}
