//! `comity witness`: a second office that never forgets the newest head it saw.

use crate::args::{Args, Format};
use crate::failure::{FOUND, Failure};
use crate::ledger::args::WitnessCommand;
use crate::ledger::public_key;
use crate::output::{print_json, printable};
use crate::say;
use comity_ledger::{Checkpoint, Note, Receipt, Witness};
use serde_json::json;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) fn run(args: &Args, options: &crate::ledger::args::Witness) -> Result<ExitCode, Failure> {
    let json = args.format == Format::Json;
    match &options.command {
        WitnessCommand::Init { state, name } => {
            let key = Witness::create(state, name)?.public().to_string();
            if json { print_json(&json!({"key": key})) } else { say!("{key}") }
        }
        WitnessCommand::Trust { state, key } => {
            let log = public_key(key)?;
            Witness::open(state)?.trust(&log)?;
            if json { print_json(&json!({"log": log.name()})) } else { say!("The log {} is known from now on.", printable(log.name())) }
        }
        WitnessCommand::Add { state, request } => {
            let request = crate::input::read_text(request, 1 << 20)?;
            let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
            match Witness::open(state)?.add(&request, now)? {
                Ok(line) => {
                    if json {
                        print_json(&json!({"cosignature": line}))
                    } else {
                        say!("{line}")
                    }
                }
                Err(refusal) => {
                    if json {
                        print_json(&json!({"refused": refusal.to_string()}))
                    } else {
                        crate::tell!("refused: {}", printable(&refusal.to_string()))
                    }
                    return Ok(ExitCode::from(FOUND));
                }
            }
        }
        WitnessCommand::Verify { state, file } => {
            let text = crate::input::read_text(file, 1 << 20)?;
            // A receipt holds a signed head.
            let note = Receipt::parse(&text)
                .map(|receipt| receipt.checkpoint)
                .or_else(|_| Note::parse(&text))
                .map_err(|e| Failure::Input(format!("{}: {e}", file.display())))?;
            let found = Witness::open(state)?.public().verify(&note);
            let size = Checkpoint::parse(&note.text).map(|c| c.size).unwrap_or_default();
            match (&found, json) {
                (Ok(time), true) => print_json(&json!({"holds": true, "size": size, "time": time})),
                (Ok(_), false) => say!("HOLDS: this witness cosigned the head of {size} entries."),
                (Err(error), true) => print_json(&json!({"holds": false, "error": error.to_string()})),
                (Err(error), false) => say!("DOES NOT HOLD: {}", printable(&error.to_string())),
            }
            return Ok(ExitCode::from(if found.is_ok() { 0 } else { FOUND }));
        }
        WitnessCommand::Show { state } => {
            let witness = Witness::open(state)?;
            if json {
                print_json(&json!({"key": witness.public().to_string(), "logs": witness.logs()}));
            } else {
                say!("{}", witness.public());
                for (origin, known) in witness.logs() {
                    say!("{:>10} entries  {}", known.size, printable(origin));
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
