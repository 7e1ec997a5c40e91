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
        let near = comity_logic::nearest(id, law.instruments.iter().map(|i| i.id.as_str()));
        let help = near.map_or_else(|| "`comity law list` lists them".to_owned(), |n| format!("did you mean `{n}`?"));
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
