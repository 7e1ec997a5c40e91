//! The entries and the tree over them, computed again.

use super::beside::{self, Destroyed};
use super::{Checks, Place, Report};
use crate::checkpoint::Checkpoint;
use crate::entry::{Entry, EntryKind};
use crate::hash::Hash;
use crate::tree::{FullTile, TILE_WIDTH, Tree};
use crate::tx::tree_at;
use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use std::collections::{BTreeMap, BTreeSet};

/// What the entries say that other rows are held against.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The tree over all entries.
    pub(super) size: u64,
    /// The roots at the sizes at which heads were signed.
    pub(super) roots: BTreeMap<u64, Hash>,
    /// The public key that the first entry names.
    pub(super) own_key: Option<String>,
    /// Cosigned sizes and the keys of the witnesses.
    pub(super) cosigned: Vec<(u64, String)>,
    /// The first size whose root was computed again.
    pub(super) from: u64,
}

/// Reads everything block by block; a block is what a tile of level 0 spans.
pub(super) async fn check(
    connection: &mut AnyConnection,
    checks: &Checks<'_>,
    newest: Option<&Checkpoint>,
    report: &mut Report,
    progress: &mut (dyn FnMut(u64, u64) -> bool + Send),
) -> Found {
    let head = read_head(connection, report).await;
    let size = size_of(connection, head.as_ref().map(|h| h.0), report).await;
    let mut signed_sizes = sizes(connection, report).await;
    signed_sizes.extend(newest.map(|newest| newest.size));
    let mut found = Found { size, ..Found::default() };
    let mut tree = start_tree(connection, checks, size, report).await;
    found.from = tree.size();
    found.roots.insert(found.from, tree.root());
    let mut tiles = stored_tiles(connection, report).await;
    // Tiles that lie before the start were verified with it.
    tiles.retain(|(level, number), _| ends_after(*level, *number, found.from));
    let mut state = State { last_time: i64::MIN, destroyed: Destroyed::default(), keys: BTreeMap::new() };
    report.entries = size;
    while tree.size() < size {
        let from = tree.size();
        let to = (from / TILE_WIDTH as u64 + 1).saturating_mul(TILE_WIDTH as u64).min(size);
        if !progress(from, size) {
            report.interrupted_at = Some(from);
            return found;
        }
        check_block(connection, from, to, checks, &mut tree, &mut tiles, &signed_sizes, &mut state, &mut found, report).await;
        report.checked += to - from;
    }
    progress(size, size);
    found.roots.insert(size, tree.root());
    report.root = tree.root().base64();
    if let Some((_, time, root)) = head {
        if root != tree.root() {
            report.add(Place::Head, format!("its root is not the one over the {size} entries"));
        }
        if checks.since.is_none() && size > 0 && time != state.last_time {
            report.add(Place::Head, "its time is not that of the last entry");
        }
    }
    for (level, number) in tiles.into_keys() {
        report.add(Place::Tile { level, number }, "it belongs to no full tile of this tree");
    }
    beside::settle(state.destroyed, checks.since.is_some(), report);
    found
}

/// Whether a tile spans leaves at or past this one; what is no place of a tile does.
fn ends_after(level: i64, number: i64, leaf: u64) -> bool {
    let span = u32::try_from(level + 1).ok().and_then(|height| (TILE_WIDTH as u64).checked_pow(height));
    let end = span.and_then(|span| u64::try_from(number).ok()?.checked_add(1)?.checked_mul(span));
    end.is_none_or(|end| end > leaf)
}

struct State {
    last_time: i64,
    destroyed: Destroyed,
    keys: beside::KeyCache,
}

#[expect(clippy::too_many_arguments, reason = "one block of one walk; a struct would only rename it")]
async fn check_block(
    connection: &mut AnyConnection,
    from: u64,
    to: u64,
    checks: &Checks<'_>,
    tree: &mut Tree,
    tiles: &mut BTreeMap<(i64, i64), Hash>,
    signed_sizes: &BTreeSet<u64>,
    state: &mut State,
    found: &mut Found,
    report: &mut Report,
) {
    let number = (from / TILE_WIDTH as u64) as i64;
    let stored = tile_hashes(connection, 0, number, tiles, report).await;
    let mut rows = rows_between(connection, from, to, report).await;
    let mut sealed = beside::sealed_between(connection, from, to, report).await;
    for index in from..to {
        let in_tile = stored.as_ref().and_then(|hashes| hashes.get((index % TILE_WIDTH as u64) as usize)).copied();
        let leaf = match rows.remove(&index) {
            Some(row) => {
                let (leaf, entry) = check_row(index, &row, in_tile, state, report);
                if let Some(entry) = entry {
                    note_entry(&entry, found, &mut state.destroyed);
                    beside::check_personal(
                        connection,
                        &entry,
                        sealed.remove(&index),
                        checks.keys,
                        &mut state.keys,
                        &mut state.destroyed,
                        report,
                    )
                    .await;
                }
                leaf
            }
            None => {
                report.add(Place::Entry(index), "it is missing or cannot be read");
                in_tile.unwrap_or_else(Hash::empty)
            }
        };
        for full in tree.push(leaf) {
            check_tile(connection, &full, tiles, report).await;
        }
        if signed_sizes.contains(&(index + 1)) {
            found.roots.insert(index + 1, tree.root());
        }
    }
    for index in sealed.into_keys() {
        report.add(Place::Personal(index), "its entry speaks of none");
    }
}

/// Checks one row; gives the hash that the tree goes on with, so that one fault is told once, and the entry if it can be read.
fn check_row(index: u64, row: &AnyRow, in_tile: Option<Hash>, state: &mut State, report: &mut Report) -> (Hash, Option<Entry>) {
    let place = || Place::Entry(index);
    let stored = row.try_get::<Vec<u8>, _>("leaf").ok().and_then(|bytes| Hash::read(&bytes));
    let body: String = match row.try_get("body") {
        Ok(body) => body,
        Err(error) => {
            report.add(place(), format!("its body cannot be read: {error}"));
            return (in_tile.or(stored).unwrap_or_else(Hash::empty), None);
        }
    };
    let leaf = Hash::leaf(body.as_bytes());
    if stored != Some(leaf) {
        report.add(place(), "its body and its hash do not fit");
    }
    if stored == Some(leaf) && in_tile.is_some_and(|hash| hash != leaf) {
        report.add(
            Place::Tile { level: 0, number: (index / TILE_WIDTH as u64) as i64 },
            format!("its hash of entry {index} is not that of the entry"),
        );
    }
    // Two of three agree on what the hash was.
    let agreed = if in_tile.is_some() && in_tile == stored { stored.unwrap_or(leaf) } else { leaf };
    let entry = match Entry::read(body.as_bytes()) {
        Ok(entry) => entry,
        Err(what) => {
            report.add(place(), what);
            return (agreed, None);
        }
    };
    if entry.index != index {
        report.add(place(), format!("it says that it is entry {}", entry.index));
    }
    let time = entry.time_ms();
    let same = row.try_get::<i64, _>("time").is_ok_and(|t| t == time)
        && row.try_get::<String, _>("kind").is_ok_and(|kind| kind == entry.kind.name())
        && row.try_get::<Option<String>, _>("subject").is_ok_and(|subject| subject == entry.subject)
        && row.try_get::<String, _>("actor").is_ok_and(|actor| actor == entry.actor);
    if !same {
        report.add(place(), "its columns (time, kind, subject, actor) are not what its body says");
    }
    if time < state.last_time {
        report.add(place(), "its time lies before that of the entry before it");
    }
    state.last_time = state.last_time.max(time);
    (agreed, Some(entry))
}

/// What an entry says about other rows.
fn note_entry(entry: &Entry, found: &mut Found, destroyed: &mut Destroyed) {
    match entry.kind {
        EntryKind::System if entry.index == 0 => found.own_key = entry.public.get("key").and_then(Value::as_str).map(str::to_owned),
        EntryKind::Checkpoint => {
            if let (Some(size), Some(witness)) =
                (entry.public.get("size").and_then(Value::as_u64), entry.public.get("witness").and_then(Value::as_str))
            {
                found.cosigned.push((size, witness.to_owned()));
            }
        }
        EntryKind::Expungement | EntryKind::Purge => {
            let list = entry.public.get("entries").and_then(Value::as_array);
            destroyed.named.extend(list.into_iter().flatten().filter_map(Value::as_u64));
        }
        _ => {}
    }
}

async fn check_tile(connection: &mut AnyConnection, full: &FullTile, tiles: &mut BTreeMap<(i64, i64), Hash>, report: &mut Report) {
    let (level, number) = (i64::from(full.level), full.number as i64);
    let place = || Place::Tile { level, number };
    let hashes = tile_hashes(connection, level, number, tiles, report).await;
    match tiles.remove(&(level, number)) {
        None => report.add(place(), "it is missing"),
        Some(root) if root != full.root => report.add(place(), "its root is not the one over its hashes"),
        // Differences of level 0 were told entry by entry.
        Some(_) if level > 0 && hashes.is_some_and(|hashes| hashes != full.hashes) => {
            report.add(place(), "its hashes are not the roots of the tiles below it")
        }
        Some(_) => {}
    }
}

async fn tile_hashes(
    connection: &mut AnyConnection,
    level: i64,
    number: i64,
    tiles: &BTreeMap<(i64, i64), Hash>,
    report: &mut Report,
) -> Option<Vec<Hash>> {
    if !tiles.contains_key(&(level, number)) {
        return None;
    }
    let row =
        sqlx::query("SELECT hashes FROM tile WHERE level = $1 AND number = $2").bind(level).bind(number).fetch_optional(connection).await;
    let bytes = row.ok().flatten().and_then(|row| row.try_get::<Vec<u8>, _>("hashes").ok()).unwrap_or_default();
    if bytes.len() != TILE_WIDTH * 32 {
        report.add(Place::Tile { level, number }, "it cannot be read, or has another number of hashes than 256");
        return None;
    }
    Some(bytes.chunks(32).filter_map(Hash::read).collect())
}

/// The rows of a block; if they cannot be read together, each by itself, so that only the damaged ones are missed.
async fn rows_between(connection: &mut AnyConnection, from: u64, to: u64, report: &mut Report) -> BTreeMap<u64, AnyRow> {
    let sql = "SELECT idx, time, kind, subject, actor, leaf, body FROM entry WHERE idx >= $1 AND idx < $2 ORDER BY idx";
    let mut rows = BTreeMap::new();
    let mut keep = |row: AnyRow| row.try_get::<i64, _>("idx").ok().and_then(|idx| u64::try_from(idx).ok()).map(|idx| rows.insert(idx, row));
    match sqlx::query(sql).bind(from as i64).bind(to as i64).fetch_all(&mut *connection).await {
        Ok(all) => all.into_iter().for_each(|row| {
            keep(row);
        }),
        Err(_) => {
            for index in from..to {
                match sqlx::query(sql).bind(index as i64).bind(index as i64 + 1).fetch_optional(&mut *connection).await {
                    Ok(row) => {
                        row.and_then(&mut keep);
                    }
                    Err(error) => report.add(Place::Entry(index), error.to_string()),
                }
            }
        }
    }
    rows
}

/// Size, time and root of the head; damage in it is told here.
async fn read_head(connection: &mut AnyConnection, report: &mut Report) -> Option<(u64, i64, Hash)> {
    let rows = sqlx::query("SELECT id, size, time, root FROM head").fetch_all(connection).await;
    let rows = rows.map_err(|error| report.add(Place::Head, error.to_string())).unwrap_or_default();
    let [row] = rows.as_slice() else {
        report.add(Place::Head, format!("there are {} rows for it; one belongs there", rows.len()));
        return None;
    };
    let read = || {
        let root: Vec<u8> = row.try_get("root").ok()?;
        let (id, size): (i64, i64) = (row.try_get("id").ok()?, row.try_get("size").ok()?);
        (id == 1).then_some(())?;
        Some((u64::try_from(size).ok()?, row.try_get("time").ok()?, Hash::read(&root)?))
    };
    let head = read();
    if head.is_none() {
        report.add(Place::Head, "it cannot be read");
    }
    head
}

/// How many entries there should be: what the head says, unless the rows say otherwise.
async fn size_of(connection: &mut AnyConnection, head: Option<u64>, report: &mut Report) -> u64 {
    let bounds = sqlx::query("SELECT MIN(idx) AS low, MAX(idx) AS high FROM entry").fetch_one(&mut *connection).await;
    let bounds = bounds.and_then(|row| Ok((row.try_get::<Option<i64>, _>("low")?, row.try_get::<Option<i64>, _>("high")?)));
    let (low, high) = match bounds {
        Ok(bounds) => bounds,
        Err(error) => {
            report.add(Place::Schema("table entry".to_owned()), error.to_string());
            (None, None)
        }
    };
    if low.is_some_and(|low| low < 0) {
        report.add(Place::Schema("table entry".to_owned()), "an entry has a negative index");
    }
    // Damage must not make the walk endless: nothing beyond the rows that exist is looked for.
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM entry").fetch_one(connection).await.unwrap_or_default();
    let count = u64::try_from(count).unwrap_or_default();
    let by_rows = high.and_then(|high| u64::try_from(high).ok()).map_or(0, |high| high + 1);
    let Some(head) = head else { return by_rows.min(count + 1_000) };
    if by_rows > head {
        report.add(Place::Entry(by_rows - 1), format!("entries lie past the head, which counts {head}"));
    }
    if head > by_rows {
        report.add(Place::Head, format!("it counts {head} entries, but the last is {}", by_rows.saturating_sub(1)));
    }
    if head > count + 1_000 { by_rows.min(count + 1_000) } else { head }
}

async fn sizes(connection: &mut AnyConnection, report: &mut Report) -> BTreeSet<u64> {
    match sqlx::query("SELECT size FROM checkpoint").fetch_all(connection).await {
        Ok(rows) => rows.iter().filter_map(|row| row.try_get::<i64, _>("size").ok()).filter_map(|n| u64::try_from(n).ok()).collect(),
        Err(error) => {
            report.add(Place::Schema("table checkpoint".to_owned()), error.to_string());
            BTreeSet::new()
        }
    }
}

async fn stored_tiles(connection: &mut AnyConnection, report: &mut Report) -> BTreeMap<(i64, i64), Hash> {
    match sqlx::query("SELECT level, number, root FROM tile").fetch_all(connection).await {
        Ok(rows) => {
            let mut tiles = BTreeMap::new();
            for row in &rows {
                let (Ok(level), Ok(number), Ok(root)) = (row.try_get("level"), row.try_get("number"), row.try_get::<Vec<u8>, _>("root"))
                else {
                    report.add(Place::Schema("table tile".to_owned()), "a row cannot be read");
                    continue;
                };
                // What is no hash never equals one.
                tiles.insert((level, number), Hash::read(&root).unwrap_or_else(Hash::empty));
            }
            tiles
        }
        Err(error) => {
            report.add(Place::Schema("table tile".to_owned()), error.to_string());
            BTreeMap::new()
        }
    }
}

/// The tree to start from: empty, or the one at the head that was verified before.
async fn start_tree(connection: &mut AnyConnection, checks: &Checks<'_>, size: u64, report: &mut Report) -> Tree {
    let Some((since, root)) = checks.since else { return Tree::default() };
    if since > size {
        report.add(Place::Head, format!("{since} entries were verified before; now there are {size}: the log was rolled back"));
        return Tree::default();
    }
    match tree_at(connection, since).await {
        Ok(tree) if tree.root() == root => tree,
        Ok(_) => {
            report.add(Place::Head, format!("the first {since} entries have another root than when they were verified"));
            Tree::default()
        }
        Err(error) => {
            report.add(Place::Head, error.to_string());
            Tree::default()
        }
    }
}
