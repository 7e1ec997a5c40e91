//! Looks over an installation: what is in order, what is not, and the remedy.

use crate::config::Config;
use comity_law::Law;
use comity_ledger::{Checks, Keys, Ledger, Options, Report, Store, restore, verify};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// How a thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// In order.
    Good,
    /// It works, but should be looked at.
    Warning,
    /// It does not work.
    Bad,
}

/// What was found about one thing.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The thing.
    pub about: &'static str,
    /// How it stands.
    pub health: Health,
    /// What was found, with the remedy.
    pub says: String,
}

/// Looks over an installation; with a drill, backs the record up, restores it elsewhere, and verifies what came out. Changes nothing of the desk.
pub async fn examine(config: &Config, drill: bool) -> Vec<Finding> {
    let mut out = Vec::new();
    let mut say = |about, health, says: String| out.push(Finding { about, health, says });
    match config.check() {
        Ok(()) => say("configuration", Health::Good, "reads and fits together".to_owned()),
        Err(error) => say("configuration", Health::Bad, error.to_string()),
    }
    match if let Some(folder) = &config.law { Law::open(folder) } else { Law::builtin() } {
        Ok(law) => say("law", Health::Good, format!("{} laws, bundle {}", law.instruments.len(), law.digest)),
        Err(found) => say("law", Health::Bad, format!("{} mistakes; `comity law check` lists them", found.len())),
    }
    match crate::desk::agency_of(config) {
        Ok(agency) => say("agency", Health::Good, format!("{} ({}, {})", agency.name, agency.kind, agency.place)),
        Err(error) => say("agency", Health::Bad, error.to_string()),
    }
    if config.secure() {
        say("transport", Health::Good, "browsers come by https; cookies are marked secure".to_owned());
    } else if config.demo {
        say("transport", Health::Good, "plain http, for a demonstration on this machine".to_owned());
    } else {
        say("transport", Health::Warning, "public_url is plain http; put a proxy with TLS in front and write https there".to_owned());
    }
    if !config.second_factor && !config.demo {
        say("second factor", Health::Warning, "second_factor = false; the CJIS Security Policy asks for one for every account".to_owned());
    }
    if let Some(openid) = &config.openid {
        out.push(match openid.secret() {
            Ok(_) => Finding {
                about: "sign-in provider",
                health: Health::Good,
                says: format!("{} ({}); whether it answers is seen at the first sign-in", openid.name, openid.issuer),
            },
            Err(why) => Finding { about: "sign-in provider", health: Health::Bad, says: why },
        });
    }
    out.push(folder(&config.data));
    match record(config, drill).await {
        Ok(found) => out.extend(found),
        Err(why) => out.push(Finding { about: "record", health: Health::Bad, says: why }),
    }
    out
}

/// Whether the data folder can be written, and by nobody else.
fn folder(data: &Path) -> Finding {
    let found = |health, says| Finding { about: "data folder", health, says };
    if !data.is_dir() {
        return found(Health::Warning, format!("{} does not exist yet; `comity serve` makes it", data.display()));
    }
    let probe = data.join(".doctor");
    if let Err(error) = std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe)) {
        return found(
            Health::Bad,
            format!("{} cannot be written: {error}; give the folder to the account that runs the desk", data.display()),
        );
    }
    #[cfg(unix)]
    if let Ok(metadata) = std::fs::metadata(data) {
        use std::os::unix::fs::PermissionsExt;
        if metadata.permissions().mode() & 0o077 != 0 {
            return found(Health::Warning, format!("others on this machine can look into {}; chmod 700 closes it", data.display()));
        }
    }
    found(Health::Good, format!("{} can be written", data.display()))
}

async fn record(config: &Config, drill: bool) -> Result<Vec<Finding>, String> {
    let path = config.data.join("comity.keys");
    if !path.exists() {
        return Ok(vec![Finding {
            about: "record",
            health: Health::Warning,
            says: "there is none yet; `comity serve` makes it".to_owned(),
        }]);
    }
    let keys = Keys::read(&path).map_err(|e| e.to_string())?;
    let store = Store::open_read_only(&config.database_url()).await.map_err(|e| e.to_string())?;
    let report = whole(&store, &keys).await?;
    let mut out = vec![told("record", &report)];
    let witnessed = report.witnessed.is_some();
    out.push(Finding {
        about: "witness",
        health: if witnessed { Health::Good } else { Health::Warning },
        says: if witnessed {
            "a second office has cosigned the record"
        } else {
            "no second office has cosigned: the record is self-attested; `comity witness` makes one"
        }
        .to_owned(),
    });
    let rows = crate::differences(&store).await.map_err(|e| e.to_string())?.unwrap_or_default();
    out.push(match rows.as_slice() {
        [] => Finding { about: "desk", health: Health::Good, says: "requests, tasks and accounts are as the record says".to_owned() },
        [first, ..] => Finding {
            about: "desk",
            health: Health::Bad,
            says: format!(
                "{} rows are not as the record says: {first}; `comity ledger verify` lists them. The record counts, not the rows",
                rows.len()
            ),
        },
    });
    store.close().await;
    if drill {
        out.push(rehearse(config, keys, &report).await?);
    }
    Ok(out)
}

async fn whole(store: &Store, keys: &Keys) -> Result<Report, String> {
    let checks = Checks { keys: Some(keys), log: Some(keys.public()), since: None };
    verify(store, &checks, &mut |_, _| true).await.map_err(|e| e.to_string())
}

fn told(about: &'static str, report: &Report) -> Finding {
    if report.intact() {
        return Finding { about, health: Health::Good, says: format!("{} entries, every one computed again", report.entries) };
    }
    let first = report.damage.first().map(|d| d.what.clone()).unwrap_or_default();
    let says =
        format!("damaged: {first}; `comity ledger verify` locates everything. Keep the file as it is and restore a backup beside it");
    Finding { about, health: Health::Bad, says }
}

/// Backs up, restores into an empty database, verifies: the head has to be the same.
async fn rehearse(config: &Config, keys: Keys, before: &Report) -> Result<Finding, String> {
    let folder = Folder::new(&config.data)?;
    let text = |e: comity_ledger::LedgerError| e.to_string();
    let (to, keys_to) = (folder.0.join("record.backup"), folder.0.join("keys.backup"));
    let store = Store::open(&config.database_url()).await.map_err(text)?;
    let ledger = Ledger::open(store, keys, Options::default()).await.map_err(text)?;
    let written = ledger.backup(&to, &keys_to, &mut |_, _| true).await.map_err(text)?;
    ledger.close().await.map_err(text)?;
    let other = Store::open(&format!("sqlite:{}", folder.0.join("restored.db").display())).await.map_err(text)?;
    // Without the head beside the keys: the desk may have signed a newer one by now.
    let keys = Keys::read(&config.data.join("comity.keys")).map_err(text)?.apart();
    let (entries, _) = restore(&other, &keys, &to, &keys_to, &mut |_, _| true).await.map_err(text)?;
    let after = whole(&other, &keys).await?;
    other.close().await;
    // While the desk serves, entries may have come in between; what was there before has to be there.
    if !after.intact() || entries < before.entries || entries != written.entries {
        return Ok(Finding { about: "backup drill", health: Health::Bad, says: told("backup drill", &after).says });
    }
    Ok(Finding {
        about: "backup drill",
        health: Health::Good,
        says: format!("{entries} entries and {} other rows backed up, restored elsewhere, verified", written.rows),
    })
}

/// A folder for the drill; it is removed with all that lies in it.
struct Folder(PathBuf);

impl Folder {
    fn new(beside: &Path) -> Result<Self, String> {
        let id = crate::people::token::id().ok_or("the machine gives no random bytes")?;
        let path = beside.join(format!("drill-{id}"));
        std::fs::create_dir_all(&path).map_err(|e| format!("{} cannot be made: {e}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "what the drill wrote could not be removed");
        }
    }
}
