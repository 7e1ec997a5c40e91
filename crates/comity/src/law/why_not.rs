//! `comity law why-not`: which facts would have to be otherwise for another outcome.

use crate::args::{Args, Asked, Format};
use crate::failure::Failure;
use crate::input;
use crate::output::{outcome_style, print_bundle, print_json, printable};
use crate::say;
use crate::wording::{fact_words, reasons, value_words, wrapped};
use comity_engine::{Stack, prove};
use comity_law::Outcome;
use serde_json::json;
use std::collections::BTreeSet;
use std::process::ExitCode;

pub(crate) fn run(args: &Args, asked: &Asked, to: Option<&str>) -> Result<ExitCode, Failure> {
    let wanted = match to {
        Some(word) => {
            let found = word.parse::<Outcome>().map_err(|e| Failure::Input(format!("`{}` is no outcome: {e}", printable(word))))?;
            if found == Outcome::Undetermined {
                return Err(Failure::Input(
                    "`undetermined` is what missing facts leave open; ask for required, permitted, forbidden, unregulated or conflict"
                        .to_owned(),
                ));
            }
            Some(found)
        }
        None => None,
    };
    let put = input::put(asked)?;
    let (law, case) = input::load(args, &put)?;
    let stack = Stack::new(&law, &case.agency, case.on, &case.local);
    let mut rows = Vec::new();
    for action in &case.actions {
        let now = stack.decide(*action, &case.facts, &case.times)?;
        let mut found = prove::why_not(&stack, &case, *action)?;
        found.retain(|o| wanted.is_none_or(|w| w == o.outcome));
        if args.format == Format::Json {
            let others: Vec<_> = found
                .iter()
                .map(|o| {
                    let changes: Vec<_> = o
                        .changes
                        .iter()
                        .map(|c| json!({"fact": c.fact, "is": c.is, "would_be": c.would_be, "missing": c.missing}))
                        .collect();
                    json!({"outcome": o.outcome, "changes": changes, "facts": o.facts, "determination": o.determination})
                })
                .collect();
            rows.push(json!({"action": now.action, "outcome": now.outcome, "otherwise": others}));
            continue;
        }
        let style = outcome_style(now.outcome);
        say!("{}: {style}{}{style:#} as stated", now.action, now.outcome);
        let mut said = BTreeSet::new();
        for other in &found {
            let style = outcome_style(other.outcome);
            say!("  {style}{}{style:#} if", other.outcome);
            for c in &other.changes {
                let is = if c.missing { "not stated".to_owned() } else { value_words(&c.is) };
                wrapped(4, &format!("{} were {} (now {is})", fact_words(&c.fact), value_words(&c.would_be)));
            }
            reasons("because", &other.determination, &now, &mut said);
        }
        match wanted {
            Some(wanted) if found.is_empty() && wanted == now.outcome => say!("  that is what it is"),
            Some(wanted) if found.is_empty() => say!("  no facts make it {wanted}"),
            None if found.is_empty() => say!("  no facts make it otherwise"),
            _ => {}
        }
        say!();
    }
    if args.format == Format::Json {
        print_json(&json!({"bundle": law.digest, "actions": rows}));
    } else {
        print_bundle(&law);
    }
    Ok(ExitCode::SUCCESS)
}
