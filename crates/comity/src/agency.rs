//! `comity agency`.

use crate::args::{Agency, Args, Format};
use crate::failure::Failure;
use crate::output::print_json;
use crate::say;
use crate::wording::{us_day, wrapped};
use comity_places::{AGREEMENTS_AS_OF, AGREEMENTS_UNMATCHED, Place, Resolution, agencies_of, agreements_of, resolve};
use serde_json::{Value as Json, json};
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
            found.iter().map(|a| json!({"ori": a.ori, "name": a.name, "kind": a.kind.to_string(), "place": a.place, "agreements_287g": listed(a.ori.as_deref())})).collect();
        print_json(&json!({"agencies": rows}));
        return Ok(ExitCode::SUCCESS);
    }
    let name_width = found.iter().map(|a| a.name.chars().count()).max().unwrap_or(0).min(60);
    for a in &found {
        say!("{:<9}  {:<name_width$}  {:<17}  {}", a.ori.as_deref().unwrap_or("-"), a.name, a.kind.to_string(), a.place);
    }
    if let [agency] = &found[..]
        && let Some(ori) = &agency.ori
    {
        say!();
        wrapped(0, &on_list(ori));
    }
    if found.is_empty() {
        say!("No agency of {} is in the list.", options.text);
    }
    Ok(ExitCode::SUCCESS)
}

/// The agency's 287(g) agreements on ICE's list; null where the agency has no ORI to look up.
fn listed(ori: Option<&str>) -> Json {
    ori.map_or(Json::Null, |ori| agreements_of(ori).iter().map(|a| json!({"model": a.model.as_str(), "signed": a.signed})).collect())
}

fn day(text: &str) -> String {
    comity_logic::parse_date(text).map_or_else(|| text.to_owned(), us_day)
}

/// What ICE's list says of the agency, and how far it reaches.
pub(crate) fn on_list(ori: &str) -> String {
    let found: Vec<String> = agreements_of(ori).iter().map(|a| format!("{} (signed {})", a.model, day(a.signed))).collect();
    let list = format!("ICE's list of 287(g) agreements of {}", day(AGREEMENTS_AS_OF));
    if found.is_empty() {
        return format!(
            "{list} does not have this agency; {AGREEMENTS_UNMATCHED} of its 805 rows could not be told to be of one agency, and later lists were not searched."
        );
    }
    format!("{list} has for this agency: {}. Later lists were not searched.", found.join("; "))
}
