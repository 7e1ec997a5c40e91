//! The log as static files (C2SP tlog-tiles): checkpoint, tiles, entry bundles. Anyone can serve, mirror and check them without us.

use crate::checkpoint::Checkpoint;
use crate::entry::Entry;
use crate::error::{LedgerError, Result, file};
use crate::hash::Hash;
use crate::ledger::Ledger;
use crate::nodes::read_tile;
use crate::note::{Note, Verifier};
use crate::tree::{TILE_WIDTH, Tree, partial_widths};
use sqlx::Row;
use std::path::{Path, PathBuf};

impl Ledger {
    /// Writes the log up to its signed head into a folder; files that are there already and full are left. The folder holds no personal part.
    ///
    /// # Errors
    /// [`LedgerError::File`] if a file cannot be written.
    pub async fn export(&self, dir: &Path, progress: &mut (dyn FnMut(u64, u64) -> bool + Send)) -> Result<Checkpoint> {
        let note = self.checkpoint().await?;
        let head = Checkpoint::parse(&note.text).map_err(|e| LedgerError::Damaged(e.to_string()))?;
        let mut connection = self.store().pool().acquire().await?;
        for (level, width) in partial_widths(head.size).into_iter().enumerate() {
            let full = head.size >> (8 * (level + 1));
            for number in 0..=full {
                let width = if number < full { TILE_WIDTH } else { width };
                if width == 0 {
                    continue;
                }
                let path = dir.join("tile").join(level.to_string()).join(tile_path(number, width));
                if width < TILE_WIDTH || !path.exists() {
                    let hashes = read_tile(&mut connection, level as u8, number).await?;
                    let bytes: Vec<u8> = hashes.iter().take(width).flat_map(|hash| hash.0).collect();
                    put(&path, &bytes)?;
                }
                if level == 0 {
                    let path = dir.join("tile/entries").join(tile_path(number, width));
                    let from = number * TILE_WIDTH as u64;
                    if !progress(from, head.size) {
                        return Err(LedgerError::Input(format!("the export was interrupted at entry {from}; run it again to go on")));
                    }
                    if width < TILE_WIDTH || !path.exists() {
                        put(&path, &bundle(&mut connection, from, width).await?)?;
                    }
                }
            }
        }
        // The head last: whoever reads it finds everything that it speaks of.
        put(&dir.join("checkpoint"), note.to_string().as_bytes())?;
        progress(head.size, head.size);
        Ok(head)
    }
}

async fn bundle(connection: &mut sqlx::AnyConnection, from: u64, width: usize) -> Result<Vec<u8>> {
    let sql = "SELECT body FROM entry WHERE idx >= $1 AND idx < $2 ORDER BY idx";
    let rows = sqlx::query(sql).bind(from as i64).bind(from as i64 + width as i64).fetch_all(connection).await?;
    let mut out = Vec::new();
    for row in rows {
        let body: String = row.try_get("body")?;
        let length = u16::try_from(body.len()).map_err(|_| LedgerError::Damaged("an entry is longer than entries may be".to_owned()))?;
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(body.as_bytes());
    }
    Ok(out)
}

fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    let wrong = |e: std::io::Error| file(path, format!("it cannot be written: {e}"));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(wrong)?;
    }
    crate::files::replace(path, bytes, false).map_err(wrong)
}

/// Three digits an element, `x` before all but the last; `.p/W` for a partial tile.
pub(crate) fn tile_path(number: u64, width: usize) -> PathBuf {
    let mut parts = vec![format!("{:03}", number % 1000)];
    let mut rest = number / 1000;
    while rest > 0 {
        parts.insert(0, format!("x{:03}", rest % 1000));
        rest /= 1000;
    }
    if width < TILE_WIDTH {
        if let Some(last) = parts.last_mut() {
            last.push_str(".p");
        }
        parts.push(width.to_string());
    }
    parts.iter().collect()
}

/// What the check of an exported log found.
#[derive(Clone, Debug)]
pub struct ExportReport {
    /// The signed head.
    pub checkpoint: Checkpoint,
    /// What does not fit, each with its file or entry.
    pub damage: Vec<String>,
}

/// Checks an exported log with nothing but its files and the public key.
///
/// # Errors
/// [`LedgerError::File`] if the signed head is missing or does not hold.
pub fn verify_export(dir: &Path, log: &Verifier) -> Result<ExportReport> {
    let path = dir.join("checkpoint");
    let text = std::fs::read_to_string(&path).map_err(|e| file(&path, format!("it cannot be read: {e}")))?;
    let note = Note::parse(&text).map_err(|e| file(&path, e))?;
    let checkpoint = Checkpoint::open(&note, log).map_err(|e| file(&path, e))?;
    let (mut tree, mut damage) = (Tree::default(), Vec::new());
    let (full, width) = (checkpoint.size / TILE_WIDTH as u64, (checkpoint.size % TILE_WIDTH as u64) as usize);
    for number in 0..=full {
        let width = if number < full { TILE_WIDTH } else { width };
        if width == 0 {
            continue;
        }
        let name = Path::new("tile/entries").join(tile_path(number, width));
        let bytes = std::fs::read(dir.join(&name)).unwrap_or_default();
        let entries = split_bundle(&bytes).unwrap_or_default();
        if entries.len() != width {
            damage.push(format!("{}: it holds {} entries; {width} belong there", name.display(), entries.len()));
        }
        let hashes = std::fs::read(dir.join("tile/0").join(tile_path(number, width))).unwrap_or_default();
        if hashes.len() != width * 32 {
            damage.push(format!("tile/0/{}: it is missing or has another length", tile_path(number, width).display()));
        }
        for within in 0..width {
            let index = number * TILE_WIDTH as u64 + within as u64;
            let stored = hashes.get(within * 32..within * 32 + 32).and_then(Hash::read);
            let leaf = entries.get(within).map(|body| Hash::leaf(body));
            if leaf != stored {
                damage.push(format!("entry {index}: bundle and tile do not fit"));
            }
            match entries.get(within).map(|body| Entry::read(body)) {
                Some(Ok(entry)) if entry.index == index => {}
                Some(Ok(entry)) => damage.push(format!("entry {index}: it says that it is entry {}", entry.index)),
                Some(Err(what)) => damage.push(format!("entry {index}: {what}")),
                None => {}
            }
            for tile in tree.push(leaf.or(stored).unwrap_or_else(Hash::empty)) {
                check_file(dir, tile.level, tile.number, &tile.hashes, &mut damage);
            }
        }
    }
    for level in 1..partial_widths(checkpoint.size).len() as u8 {
        if !tree.partial(level).is_empty() {
            check_file(dir, level, checkpoint.size >> (8 * (u32::from(level) + 1)), tree.partial(level), &mut damage);
        }
    }
    if tree.root() != checkpoint.root {
        damage.push(format!("checkpoint: its root is not the one over the {} entries", checkpoint.size));
    }
    Ok(ExportReport { checkpoint, damage })
}

fn check_file(dir: &Path, level: u8, number: u64, hashes: &[Hash], damage: &mut Vec<String>) {
    let name = Path::new("tile").join(level.to_string()).join(tile_path(number, hashes.len()));
    let expected: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
    if level > 0 && std::fs::read(dir.join(&name)).ok().as_deref() != Some(&expected) {
        damage.push(format!("{}: it is missing, or not made of the tiles below it", name.display()));
    }
}

fn split_bundle(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<2>() {
        let (entry, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        entries.push(entry);
        bytes = rest;
    }
    bytes.is_empty().then_some(entries)
}
