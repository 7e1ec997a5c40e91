//! Subtree hashes for proofs, read from the tiles.

use crate::error::{LedgerError, Result};
use crate::hash::Hash;
use crate::proof::{fold, perfect_subtrees};
use crate::tree::{TILE_WIDTH, perfect};
use sqlx::{AnyConnection, Row};
use std::collections::BTreeMap;
use std::ops::Range;

/// The tiles that some ranges of leaves need.
pub(crate) struct Nodes<'a> {
    ranges: &'a [Range<u64>],
    tiles: BTreeMap<(u8, u64), Vec<Hash>>,
}

impl<'a> Nodes<'a> {
    /// Reads the tiles for these ranges: a full tile as a whole, a partial one from the rows below it.
    pub(crate) async fn fetch(connection: &mut AnyConnection, ranges: &'a [Range<u64>]) -> Result<Self> {
        let mut tiles = BTreeMap::new();
        for (height, number) in ranges.iter().cloned().flat_map(perfect_subtrees) {
            let (level, tile, _) = place(height, number);
            if let std::collections::btree_map::Entry::Vacant(slot) = tiles.entry((level, tile)) {
                slot.insert(read_tile(&mut *connection, level, tile).await?);
            }
        }
        Ok(Self { ranges, tiles })
    }

    /// The hash over each range.
    pub(crate) fn hashes(&self) -> Result<Vec<Hash>> {
        self.ranges
            .iter()
            .map(|range| {
                let nodes = perfect_subtrees(range.clone()).into_iter().map(|(height, number)| {
                    let (level, tile, within) = place(height, number);
                    let hashes = self.tiles.get(&(level, tile)).and_then(|hashes| hashes.get(within));
                    hashes.map(perfect).ok_or_else(|| LedgerError::Damaged(format!("tile {number} of level {level} is too short")))
                });
                Ok(fold(&nodes.collect::<Result<Vec<_>>>()?))
            })
            .collect()
    }
}

/// The tile that holds a perfect subtree, and where in it.
fn place(height: u8, number: u64) -> (u8, u64, Range<usize>) {
    let (level, within) = (height / 8, height % 8);
    let first = number << within;
    let at = (first % TILE_WIDTH as u64) as usize;
    (level, first / TILE_WIDTH as u64, at..at + (1 << within))
}

/// The hashes of a tile as far as it is filled.
pub(crate) async fn read_tile(connection: &mut AnyConnection, level: u8, number: u64) -> Result<Vec<Hash>> {
    let full = sqlx::query("SELECT hashes FROM tile WHERE level = $1 AND number = $2").bind(i64::from(level)).bind(number as i64);
    if let Some(row) = full.fetch_optional(&mut *connection).await? {
        let bytes: Vec<u8> = row.try_get("hashes")?;
        return Ok(bytes.chunks(32).filter_map(Hash::read).collect());
    }
    let (from, to) = (number * TILE_WIDTH as u64, (number + 1) * TILE_WIDTH as u64);
    let rows = if level == 0 {
        sqlx::query("SELECT leaf AS hash FROM entry WHERE idx >= $1 AND idx < $2 ORDER BY idx").bind(from as i64).bind(to as i64)
    } else {
        let below = "SELECT root AS hash FROM tile WHERE level = $3 AND number >= $1 AND number < $2 ORDER BY number";
        sqlx::query(below).bind(from as i64).bind(to as i64).bind(i64::from(level) - 1)
    };
    let rows = rows.fetch_all(&mut *connection).await?;
    let hashes = rows.iter().map(|row| Ok(row.try_get::<Vec<u8>, _>("hash")?)).collect::<Result<Vec<_>>>()?;
    Ok(hashes.iter().filter_map(|bytes| Hash::read(bytes)).collect())
}
