//! `comity decide`.

use crate::args::{Args, Asked, Format};
use crate::failure::Failure;
use crate::input;
use crate::output::{print_bundle, print_explanation, print_json};
use crate::say;
use crate::wording::wrapped;
use comity_engine::Stack;
use serde_json::json;
use std::process::ExitCode;

pub(crate) fn run(args: &Args, asked: &Asked) -> Result<ExitCode, Failure> {
    let put = input::put(asked)?;
    let (law, case) = input::load(args, &put)?;
    let stack = Stack::new(&law, &case.agency, case.on, &case.local);
    let found = stack.decide_all(&case)?;
    // A list settles nothing: the agency knows its agreements. It is told what the list says, and answers.
    let asked = found.iter().flat_map(|d| &d.missing).any(|q| q.fact == "agency.agreement_287g");
    let notes: Vec<String> = case.agency.ori.iter().filter(|_| asked).map(|ori| crate::agency::on_list(ori)).collect();
    if args.format == Format::Json {
        print_json(&json!({"comity": env!("CARGO_PKG_VERSION"), "determinations": found, "notes": notes}));
        return Ok(ExitCode::SUCCESS);
    }
    for (at, determination) in found.iter().enumerate() {
        if at > 0 {
            say!();
        }
        print_explanation(&determination.explain());
    }
    for note in &notes {
        say!();
        wrapped(0, &format!("On agency.agreement_287g: {note}"));
    }
    print_bundle(&law);
    Ok(ExitCode::SUCCESS)
}
