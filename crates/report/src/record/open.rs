//! Reading a ledger for a report, with the trace that it leaves.

use super::{Facts, Record};
use comity_ledger::{EntryKind, Filter, Ledger, LedgerError, NewEntry};
use serde_json::json;
use std::collections::BTreeMap;

/// Reads a ledger for a report. Where personal parts were opened for it, one entry says so before anything is given; that entry changes no figure.
///
/// # Errors
/// If the ledger cannot be read or is damaged, or the trace cannot be written.
pub async fn open(ledger: &Ledger, actor: &str, purpose: &str) -> Result<Record, LedgerError> {
    let entries = ledger.entries(&Filter { limit: Some(u32::MAX), ..Filter::default() }).await?;
    let mut facts = BTreeMap::new();
    for entry in entries.iter().filter(|e| e.kind == EntryKind::Determination && e.personal.is_some()) {
        // A part that an order destroyed has no person any more.
        if ledger.person_of(entry.index).await?.is_some() {
            facts.insert(entry.index, Facts::of(&ledger.personal_unlogged(entry.index).await?));
        }
    }
    if !facts.is_empty() {
        let trace = json!({"purpose": format!("figures without persons: {purpose}"), "parts": facts.len()});
        ledger.append(NewEntry::new(EntryKind::Read, actor).public(trace)).await?;
    }
    Ok(Record { entries, facts, invented: false })
}
