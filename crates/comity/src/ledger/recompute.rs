//! `comity ledger recompute`: decides a recorded determination again, under the law bundle that it names, and compares bytes.

use super::args::At;
use super::open;
use crate::args::{Args, Format};
use crate::failure::{FOUND, Failure};
use crate::input::law_for;
use crate::output::print_json;
use crate::say;
use comity_engine::{Stack, peek_agency, read_case};
use comity_ledger::{Determined, EntryKind};
use serde_json::json;
use std::process::ExitCode;

pub(super) async fn run(args: &Args, at: &At, index: u64) -> Result<ExitCode, Failure> {
    let ledger = open(at).await?;
    let entry = ledger.read(index).await?.filter(|entry| entry.kind == EntryKind::Determination);
    let entry = entry.ok_or_else(|| Failure::Input(format!("entry {index} is no determination")))?;
    let data = ledger.personal(index, &at.actor, "recompute").await?;
    ledger.close().await?;
    let recorded: Determined =
        serde_json::from_value(data).map_err(|e| Failure::Input(format!("entry {index} holds no case to decide: {e}")))?;
    let bundle = entry.bundle.unwrap_or_default();

    let again = decide(args, index, &recorded.case)?;
    let same_law = again.0 == bundle;
    let same = again.1 == recorded.answer;
    if args.format == Format::Json {
        print_json(
            &json!({"entry": index, "same": same, "same_law": same_law, "bundle": bundle, "bundle_now": again.0, "comity": recorded.comity, "comity_now": env!("CARGO_PKG_VERSION")}),
        );
    } else if same {
        say!(
            "THE SAME: entry {index} was decided again under {}; all {} bytes are equal.",
            &bundle.get(..16).unwrap_or(&bundle),
            recorded.answer.len()
        );
    } else {
        let at = recorded.answer.bytes().zip(again.1.bytes()).take_while(|(a, b)| a == b).count();
        say!("DIFFERENT from byte {at} on.");
        if !same_law {
            say!("It was decided under the law bundle {bundle}; the law here is {}. Name the folder of the former with --law.", again.0);
        }
        if recorded.comity != env!("CARGO_PKG_VERSION") {
            say!("It was decided by version {}; this is {}.", recorded.comity, env!("CARGO_PKG_VERSION"));
        }
    }
    Ok(if same { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

/// The digest of the law here, and what it says of the case.
fn decide(args: &Args, index: u64, text: &str) -> Result<(String, String), Failure> {
    let wrong = |error| Failure::Case { source: format!("case of entry {index}"), error };
    let agency = peek_agency(text).map_err(wrong)?;
    let law = law_for(args, &agency.place)?;
    let case = read_case(&law, text).map_err(wrong)?;
    let found = Stack::new(&law, &case.agency, case.on, &case.local).decide_all(&case)?;
    let answer = serde_json::to_string(&found).map_err(|e| Failure::Input(e.to_string()))?;
    Ok((law.digest, answer))
}
