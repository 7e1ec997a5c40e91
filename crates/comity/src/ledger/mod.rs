//! `comity ledger`: the record from the command line.

pub(crate) mod args;
mod change;
mod check;
mod correct;
mod recompute;

use crate::args::{Args, Format};
use crate::failure::Failure;
use crate::output::{print_json, printable};
use crate::say;
use args::{At, LedgerCommand};
use comity_ledger::{EntryKind, Filter, Keys, Ledger, LedgerError, Options, Store, Verifier};
use serde_json::json;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;
use std::time::{Duration, Instant};

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        Self::Input(error.to_string())
    }
}

pub(crate) fn run(args: &Args, options: &args::Ledger) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Failure::Input(format!("the program cannot start its work: {e}")))?;
    runtime.block_on(run_command(args, &options.command))
}

async fn run_command(args: &Args, command: &LedgerCommand) -> Result<ExitCode, Failure> {
    match command {
        LedgerCommand::Create { at, origin } => create(args, at, origin).await,
        LedgerCommand::Verify { what, key, keys, since } => {
            check::verify(args, what, key.as_deref(), keys.as_deref(), since.as_deref()).await
        }
        LedgerCommand::VerifyReceipt { file, key, witness } => check::verify_receipt(args, file, key, witness),
        LedgerCommand::Key { keys } => key(args, keys.as_deref()),
        LedgerCommand::Receipt { at, index } => receipt(args, at, *index).await,
        LedgerCommand::List { at, subject, kind, from, limit } => {
            let kind = kind.as_deref().map(EntryKind::from_str).transpose().map_err(|e| Failure::Input(format!("{e}; {}", kinds())))?;
            list(args, at, Filter { kind, subject: subject.clone(), from: *from, limit: Some(*limit), ..Filter::default() }).await
        }
        LedgerCommand::Checkpoint { at, for_witness } => checkpoint(args, at, *for_witness).await,
        LedgerCommand::Cosign { at, file, witness } => cosign(args, at, file, witness).await,
        LedgerCommand::Correct { at, index, instead, reason } => correct::run(args, at, *index, instead, reason).await,
        LedgerCommand::Recompute { at, index } => recompute::run(args, at, *index).await,
        other => change::run(args, other).await,
    }
}

/// The address of the ledger: the option, the environment, the default.
pub(crate) fn url(at: &At) -> String {
    at.ledger.clone().or_else(|| std::env::var("COMITY_LEDGER").ok()).unwrap_or_else(|| "comity.db".to_owned())
}

pub(crate) fn keys_path(given: Option<&Path>) -> PathBuf {
    given.map(Path::to_owned).or_else(|| std::env::var_os("COMITY_KEYS").map(PathBuf::from)).unwrap_or_else(|| PathBuf::from("comity.keys"))
}

/// Opens an existing ledger.
pub(crate) async fn open(at: &At) -> Result<Ledger, Failure> {
    let url = url(at);
    if !url.starts_with("postgres") && !Path::new(url.trim_start_matches("sqlite:")).exists() {
        return Err(Failure::Input(format!(
            "there is no ledger at `{url}`; name it with --ledger, or create it with `comity ledger create`"
        )));
    }
    let keys = Keys::read(&keys_path(at.keys.as_deref()))?;
    Ok(Ledger::open(Store::open(&url).await?, keys, Options { sign_every: Duration::ZERO, ..Options::default() }).await?)
}

/// A key as it was given, or from the file of that name.
pub(crate) fn public_key(given: &str) -> Result<Verifier, Failure> {
    let text = if Path::new(given).is_file() { crate::input::read_text(Path::new(given), 1 << 16)? } else { given.to_owned() };
    Verifier::parse(text.trim()).map_err(|e| Failure::Input(e.to_string()))
}

/// Told on standard error while somebody watches, at most five times a second.
pub(crate) fn progress(what: &'static str) -> impl FnMut(u64, u64) -> bool + Send {
    let watched = std::io::stderr().is_terminal();
    let mut last = Instant::now();
    move |done, of| {
        if watched && (done == of || last.elapsed() > Duration::from_millis(200)) {
            last = Instant::now();
            let end = if done == of { "\r\u{1b}[K" } else { "" };
            let _ = write!(std::io::stderr(), "\r{what}: {done} of {of}{end}");
        }
        true
    }
}

async fn create(args: &Args, at: &At, origin: &str) -> Result<ExitCode, Failure> {
    let (url, path) = (url(at), keys_path(at.keys.as_deref()));
    let keys = Keys::create(&path, origin)?;
    let public = keys.public().to_string();
    Ledger::open(Store::open(&url).await?, keys, Options::default()).await?.close().await?;
    if args.format == Format::Json {
        print_json(&json!({"ledger": url, "keys": path, "key": public}));
    } else {
        say!("Created the ledger {url} with the key file {}.", path.display());
        say!("Its public key, for whoever shall check it:");
        say!("{public}");
        say!("Keep the key file apart from the ledger and its backups. Without it nothing personal can be read, and nothing signed.");
    }
    Ok(ExitCode::SUCCESS)
}

fn key(args: &Args, keys: Option<&Path>) -> Result<ExitCode, Failure> {
    let public = Keys::read(&keys_path(keys))?.public().to_string();
    if args.format == Format::Json {
        print_json(&json!({"key": public}))
    } else {
        say!("{public}")
    }
    Ok(ExitCode::SUCCESS)
}

async fn receipt(args: &Args, at: &At, index: u64) -> Result<ExitCode, Failure> {
    let ledger = open(at).await?;
    let text = ledger.receipt(index).await?.to_string();
    ledger.close().await?;
    print_text(args, "receipt", &text);
    Ok(ExitCode::SUCCESS)
}

async fn checkpoint(args: &Args, at: &At, known: Option<u64>) -> Result<ExitCode, Failure> {
    let ledger = open(at).await?;
    let text = match known {
        Some(known) => ledger.witness_request(known).await?,
        None => ledger.checkpoint().await?.to_string(),
    };
    ledger.close().await?;
    print_text(args, "checkpoint", &text);
    Ok(ExitCode::SUCCESS)
}

/// A text whose bytes matter, without a line of our own.
fn print_text(args: &Args, name: &str, text: &str) {
    if args.format == Format::Json { print_json(&json!({name: text})) } else { say!("{}", text.trim_end_matches('\n')) }
}

async fn cosign(args: &Args, at: &At, file: &Path, witness: &str) -> Result<ExitCode, Failure> {
    let witness = public_key(witness)?;
    let line = crate::input::read_text(file, 1 << 16)?;
    let ledger = open(at).await?;
    let size = ledger.add_cosignature(&line, &witness).await?;
    ledger.close().await?;
    if args.format == Format::Json {
        print_json(&json!({"size": size, "witness": witness.name()}));
    } else {
        say!("The head of {size} entries now bears the cosignature of {}.", witness.name());
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(args: &Args, at: &At, filter: Filter) -> Result<ExitCode, Failure> {
    let ledger = open(at).await?;
    let entries = ledger.entries(&filter).await?;
    ledger.close().await?;
    if args.format == Format::Json {
        print_json(&json!({"entries": entries}));
        return Ok(ExitCode::SUCCESS);
    }
    let width = entries.iter().map(|e| e.index.to_string().len()).max().unwrap_or(0);
    for e in &entries {
        let subject = e.subject.as_deref().unwrap_or("-");
        say!(
            "{:>width$}  {}  {:<14}  {:<16}  {:<16}  {}",
            e.index,
            e.time,
            e.kind,
            printable(&e.actor),
            printable(subject),
            printable(&e.public.to_string())
        );
    }
    if entries.is_empty() {
        say!("No entry is like that.");
    }
    Ok(ExitCode::SUCCESS)
}

fn kinds() -> String {
    format!("the kinds are {}", EntryKind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", "))
}
