//! `comity doctor`: whether an installation of the desk is in order.

use crate::args::{Args, Doctor, Format, Serve};
use crate::failure::Failure;
use crate::output::{print_json, printable};
use crate::{say, serve};
use comity_desk::{Health, examine};
use serde_json::json;
use std::process::ExitCode;

pub(crate) fn run(args: &Args, options: &Doctor) -> Result<ExitCode, Failure> {
    let as_served = Serve { config: options.config.clone(), listen: None, data: options.data.clone(), print_config: false, release: None };
    let config = serve::config(args, &as_served)?;
    let runtime = tokio::runtime::Runtime::new().map_err(|e| Failure::Input(format!("threads cannot be started: {e}")))?;
    let found = runtime.block_on(examine(&config, options.drill));
    let bad = found.iter().any(|f| f.health == Health::Bad);
    if args.format == Format::Json {
        print_json(&json!({"comity": env!("CARGO_PKG_VERSION"), "findings": found}));
    } else {
        let wide = found.iter().map(|f| f.about.len()).max().unwrap_or(0);
        for f in &found {
            let word = match f.health {
                Health::Good => "good",
                Health::Warning => "look",
                Health::Bad => "BAD",
            };
            say!("{word:<4}  {:<wide$}  {}", f.about, printable(&f.says));
        }
    }
    Ok(if bad { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
