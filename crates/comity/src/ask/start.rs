//! The case that an interview starts from.

use super::lines::prompt;
use crate::args::{Args, Asked, Format};
use crate::failure::Failure;
use crate::input;
use crate::output::{print_wrapped, printable};
use crate::tell;
use comity_law::Law;

pub(super) fn copy(asked: &Asked) -> Asked {
    Asked {
        case: asked.case.clone(),
        agency: asked.agency.clone(),
        kind: asked.kind.clone(),
        place: asked.place.clone(),
        on: asked.on.clone(),
        action: asked.action.clone(),
        set: asked.set.clone(),
        time: asked.time.clone(),
    }
}

/// Asks for agency, day and action where neither options nor a file say them.
pub(super) fn fill_in(args: &Args, mut asked: Asked) -> Result<Asked, Failure> {
    if asked.case.is_some() {
        return Ok(asked);
    }
    while asked.agency.is_none() && asked.place.is_none() {
        let text = prompt("Which agency is asked? (an ORI, or a name with the state)")?;
        match input::agency(&text) {
            Ok(agency) => {
                tell!("  {} ({}, {})", agency.name, agency.kind, agency.place);
                asked.agency = Some(text);
            }
            Err(error) => _ = error.report(Format::Text),
        }
    }
    while asked.on.is_none() {
        let text = prompt("On which day? (as 2018-03-01: year, month, day)")?;
        match input::day(&text) {
            Ok(_) => asked.on = Some(text),
            Err(error) => _ = error.report(Format::Text),
        }
    }
    if asked.action.is_empty() {
        asked.action = actions(&input::law_for(args, "us")?)?;
    }
    Ok(asked)
}

fn actions(law: &Law) -> Result<Vec<String>, Failure> {
    loop {
        let text = prompt("What is the agency to do? (such as hold, notify-release, transfer; several with commas; ? lists all)")?;
        let named: Vec<String> = text.split(',').map(|a| a.trim().to_owned()).filter(|a| !a.is_empty()).collect();
        match named.iter().find(|a| law.action(a).is_none()) {
            None if !named.is_empty() => return Ok(named),
            Some(other) if other != "?" => tell!("  there is no action `{}`; ? lists all", printable(other)),
            _ => law.actions.iter().for_each(|a| print_wrapped(2, &format!("{}: {}", a.id, a.says))),
        }
    }
}
