//! `comity law show`: one instrument, in plain reading or as JSON.

use crate::args::{Args, Format};
use crate::failure::Failure;
use crate::input::whole_law;
use crate::output::{print_json, printable, width};
use crate::say;
use comity_law::{export, show as words};
use serde_json::{Value as Json, json};
use std::process::ExitCode;

pub(crate) fn run(args: &Args, id: &str) -> Result<ExitCode, Failure> {
    let law = whole_law(args)?;
    let Some(it) = law.instrument(id) else {
        // What is remembered of an id is often its end: `values-act`.
        let part = id.to_lowercase().replace(' ', "-");
        let with: Vec<&str> =
            law.instruments.iter().map(|i| i.id.as_str()).filter(|i| !part.is_empty() && i.contains(&part)).take(5).collect();
        let near = match with[..] {
            [] => comity_logic::nearest(id, law.instruments.iter().map(|i| i.id.as_str())).into_iter().collect(),
            _ => with.iter().map(ToString::to_string).collect::<Vec<_>>(),
        };
        let meant = near.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(" or ");
        let help = if meant.is_empty() { "`comity law list` lists them".to_owned() } else { format!("did you mean {meant}?") };
        return Err(Failure::Input(format!("there is no instrument `{id}`; {help}")));
    };
    if args.format == Format::Json {
        let mut json = json!({"bundle": law.digest});
        if let (Json::Object(all), Json::Object(own)) = (&mut json, export::instrument(&law, it)) {
            all.extend(own);
        }
        print_json(&json);
    } else {
        words::instrument(&law, it, width()).lines().for_each(|line| say!("{}", printable(line)));
    }
    Ok(ExitCode::SUCCESS)
}
