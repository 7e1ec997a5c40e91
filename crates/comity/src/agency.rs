//! `comity agency`.

use crate::args::{Agency, Args, Format};
use crate::failure::Failure;
use crate::output::print_json;
use crate::say;
use comity_places::{Place, Resolution, agencies_of, resolve};
use serde_json::json;
use std::process::ExitCode;

pub(crate) fn run(args: &Args, options: &Agency) -> Result<ExitCode, Failure> {
    let found: Vec<comity_places::Agency> = match Place::find(&options.text) {
        Some(place) => agencies_of(place.slug).collect(),
        None => match resolve(&options.text) {
            Resolution::One(agency) => vec![agency],
            Resolution::Many(agencies) => agencies,
            Resolution::None { near } => return Err(comity_engine::AgencyError::Unknown { text: options.text.clone(), near }.into()),
        },
    };
    if args.format == Format::Json {
        let rows: Vec<_> =
            found.iter().map(|a| json!({"ori": a.ori, "name": a.name, "kind": a.kind.to_string(), "place": a.place})).collect();
        print_json(&json!({"agencies": rows}));
        return Ok(ExitCode::SUCCESS);
    }
    let name_width = found.iter().map(|a| a.name.chars().count()).max().unwrap_or(0).min(60);
    for a in &found {
        say!("{:<9}  {:<name_width$}  {:<17}  {}", a.ori.as_deref().unwrap_or("-"), a.name, a.kind.to_string(), a.place);
    }
    if found.is_empty() {
        say!("No agency of {} is in the list.", options.text);
    }
    Ok(ExitCode::SUCCESS)
}
