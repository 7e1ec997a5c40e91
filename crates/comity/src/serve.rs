//! `comity serve`: the desk over HTTP.

use crate::args::{Args, Serve};
use crate::failure::Failure;
use crate::{say, tell};
use comity_desk::{Config, Desk, FirstAccount, SAMPLE_CONFIG, first_accounts, listen, release, serve, start_log};
use std::process::ExitCode;
use std::sync::Arc;

pub(crate) fn run(args: &Args, options: &Serve) -> Result<ExitCode, Failure> {
    if options.print_config {
        SAMPLE_CONFIG.lines().for_each(|line| say!("{line}"));
        return Ok(ExitCode::SUCCESS);
    }
    let config = config(args, options)?;
    start_log(&config.log).map_err(|e| Failure::Input(e.to_string()))?;
    let runtime = tokio::runtime::Runtime::new().map_err(|e| Failure::Input(format!("threads cannot be started: {e}")))?;
    runtime.block_on(async {
        let wrong = |e: comity_desk::ConfigError| Failure::Input(e.to_string());
        let desk = Desk::open(config).await.map_err(wrong)?;
        if let Some(login) = &options.release {
            let known = release(&desk, login).await.map_err(|e| Failure::Input(e.to_string()))?;
            desk.close().await;
            if !known {
                return Err(Failure::Input(format!("--release {login}: there is no account of this log-in name")));
            }
            say!("Released: {login} may log in again. It is on record.");
            return Ok(());
        }
        // Passwords that are told once are not told of a desk that cannot open.
        let listener = listen(&desk).await.map_err(|e| Failure::Input(e.to_string()))?;
        tell_accounts(&desk, &first_accounts(&desk).await.map_err(wrong)?);
        if let Ok(address) = listener.local_addr() {
            tell!("The desk is open at http://{address}");
        }
        serve(Arc::new(desk), listener).await;
        Ok::<_, Failure>(())
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The first accounts, which are told once.
fn tell_accounts(desk: &Desk, accounts: &[FirstAccount]) {
    if accounts.is_empty() {
        return;
    }
    if desk.config.demo {
        tell!("Demonstration: a sample agency and invented people. Never enter a real request here.");
    }
    tell!("Accounts with their first passwords, which are told only now and have to be changed at the first log-in:");
    let wide = accounts.iter().map(|a| a.login.len()).max().unwrap_or(0);
    for a in accounts {
        tell!("  {:<wide$}  {}  {} ({})", a.login, a.password, a.name, a.role.as_str());
    }
}

/// The configuration of the file with the options laid over it.
pub(crate) fn config(args: &Args, options: &Serve) -> Result<Config, Failure> {
    let mut config = match &options.config {
        Some(path) => Config::read(path).map_err(|e| Failure::Input(e.to_string()))?,
        None => Config::demo(),
    };
    if let Some(listen) = &options.listen {
        config.listen.clone_from(listen);
        if options.config.is_none() {
            config.public_url = format!("http://{listen}");
        }
    }
    if let Some(data) = &options.data {
        config.data.clone_from(data);
    }
    if args.law.is_some() {
        config.law.clone_from(&args.law);
    }
    config.check().map_err(|e| Failure::Input(e.to_string()))?;
    Ok(config)
}
