//! The agency that a case names.

use super::shown;
use crate::case::AgencyRef;
use crate::stacks::{AgencyError, find_agency};
use serde_json::Value as Json;
use serde_json::value::RawValue;

/// The agency in a part of the text. Kind, place and name are read without a tree; every other form, and every mistake, is left to [`agency_of`].
pub(super) fn agency_in(raw: &RawValue) -> Result<AgencyRef, AgencyError> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Stated {
        #[serde(default)]
        name: String,
        kind: String,
        place: String,
        #[serde(default)]
        ori: Option<String>,
    }
    let text = raw.get();
    match serde_json::from_str(text) {
        Ok(Stated { name, kind, place, ori }) if text.starts_with('{') => Ok(AgencyRef { name, kind, place, ori }),
        Err(error) if error.to_string().starts_with("duplicate field") => {
            Err(AgencyError::Incomplete("name, kind, place or ori is stated twice; state it once".to_owned()))
        }
        _ => match serde_json::from_str(text) {
            Ok(json) => agency_of(&json),
            Err(_) => Err(AgencyError::Incomplete(
                "an agency is an ORI or a name in quotes, or an object with kind and place; this is nested too deep for one".to_owned(),
            )),
        },
    }
}

/// How an agency is named.
pub(super) const FORMS: &str =
    "the agency is missing; name it by ORI or name (\"agency\": \"CA0194200\"), or state its name, kind and place";

pub(super) fn agency_of(json: &Json) -> Result<AgencyRef, AgencyError> {
    let incomplete = |what: &str| Err(AgencyError::Incomplete(what.to_owned()));
    match json {
        Json::String(text) => find_agency(text),
        Json::Object(fields) => {
            if let Some((key, value)) =
                fields.iter().find(|(key, value)| !["ori", "name", "kind", "place"].contains(&key.as_str()) || !value.is_string())
            {
                let key: String = key.chars().take(60).collect();
                return incomplete(&format!("an agency has ori, name, kind and place, each a text; not `{key}`: {}", shown(value)));
            }
            let text = |key: &str| fields.get(key).and_then(Json::as_str).map(str::to_owned);
            match (text("kind"), text("place"), text("ori"), text("name")) {
                (Some(kind), Some(place), ori, name) => Ok(AgencyRef { name: name.unwrap_or_default(), kind, place, ori }),
                (Some(_), None, ..) | (None, Some(_), ..) => incomplete("kind and place go together; state both, or only ori or name"),
                (.., Some(ori), _) => find_agency(&ori),
                (.., Some(name)) => find_agency(&name),
                _ => incomplete(FORMS),
            }
        }
        Json::Null => incomplete(FORMS),
        other => incomplete(&format!("an agency is an ORI or a name in quotes, or an object with kind and place; not {}", shown(other))),
    }
}
