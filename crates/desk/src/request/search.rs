//! Finding requests. Words are looked up by keyed hashes, so that neither file numbers nor names stand in the database or in addresses.

use super::inbox::table;
use super::store::{self, Status};
use crate::config::{Config, ConfigError};
use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::http::visit::{Fields, Visit};
use crate::page::{parts, plain};
use axum::extract::State;
use comity_ledger::{EntryKind, NewEntry};
use maud::{Markup, html};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The key of the hashes: a file beside the keys of the record, made where there is none.
pub(crate) fn key(config: &Config) -> Result<Vec<u8>, ConfigError> {
    let path = config.data.join("search.key");
    if let Ok(bytes) = std::fs::read(&path) {
        return Ok(bytes);
    }
    let trouble = |error: std::io::Error| ConfigError(format!("{} cannot be written: {error}", path.display()));
    let mut bytes = vec![0; 32];
    getrandom::fill(&mut bytes).map_err(|error| ConfigError(format!("the machine gives no random bytes: {error}")))?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path).map_err(trouble)?;
    std::io::Write::write_all(&mut file, &bytes).map_err(trouble)?;
    Ok(bytes)
}

/// The hashes under which a request is found: of each text whole, and of each of its words.
pub(crate) fn words(desk: &Desk, texts: &[&str]) -> Vec<Vec<u8>> {
    let mut found: Vec<String> = Vec::new();
    for text in texts {
        let plain = normal(text);
        found.extend(plain.split(' ').filter(|w| w.len() > 1).map(str::to_owned));
        found.push(plain.replace(' ', ""));
    }
    found.sort();
    found.dedup();
    found.iter().filter(|w| !w.is_empty()).map(|w| word(desk, w)).collect()
}

/// Lower case, letters and digits only.
fn normal(text: &str) -> String {
    let plain: String = text.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The hash of a text as a whole; none of a text without letters and digits.
pub(crate) fn whole_word(desk: &Desk, text: &str) -> Option<Vec<u8>> {
    let plain = normal(text).replace(' ', "");
    (!plain.is_empty()).then(|| word(desk, &plain))
}

fn word(desk: &Desk, plain: &str) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(&desk.search_key);
    hash.update(Sha256::digest([&desk.search_key, plain.as_bytes()].concat()));
    hash.finalize().to_vec()
}

/// `GET /search`
pub(crate) async fn show(State(desk): State<Arc<Desk>>, visit: Visit) -> Markup {
    page(&desk, &visit, &Fields::default(), None)
}

fn page(desk: &Desk, visit: &Visit, fields: &Fields, found: Option<Markup>) -> Markup {
    let mut states = vec![(String::new(), "Any".to_owned())];
    states.extend(Status::ALL.iter().map(|s| (s.word().to_owned(), parts::capital(s.says()))));
    let body = html! {
        h1 { "Search requests" }
        form method="post" action="/search" role="search" {
            (parts::csrf(visit))
            div.desk-fields {
                (parts::field("id", "Request number", "text", fields.get("id")))
                (parts::field("word", "File number or a name", "text", fields.get("word")))
                (parts::select("status", "Status", &states, fields.get("status")))
                div { button.usa-button type="submit" { "Search" } }
            }
        }
        @if let Some(found) = found { (found) }
    };
    plain(desk, visit, "Search", body)
}

/// `POST /search`
pub(crate) async fn find(State(desk): State<Arc<Desk>>, visit: Visit, fields: Fields) -> Result<Markup, Failure> {
    let user = visit.user()?;
    let by_word = whole_word(&desk, fields.get("word"));
    let found = store::search(&desk, Status::of(fields.get("status")), fields.get("id"), by_word.clone()).await?;
    // Looking for a person is reading of a kind: it leaves a trace, though not the word.
    if by_word.is_some() {
        let entry =
            NewEntry::new(EntryKind::Read, &user.account).public(json!({"purpose": "search by file number or name", "found": found.len()}));
        desk.record.append(entry).await?;
    }
    let names = crate::people::accounts::names(&desk.record).await?;
    let list = html! {
        h2 { "Found: " (found.len()) }
        @if !found.is_empty() { (table(&desk, &found, &names)) }
    };
    Ok(page(&desk, &visit, &fields, Some(list)))
}
