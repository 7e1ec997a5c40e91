//! The growing edge of the tree: what an append needs, and the tiles that become full.

use crate::hash::Hash;

/// Hashes in a full tile: height 8, as C2SP tlog-tiles has it.
pub const TILE_WIDTH: usize = 256;

/// The right edge of a tree: the tiles that are not full yet, and the roots of the perfect subtrees that make up the whole.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    size: u64,
    /// The partial tile of each level, lowest first; fewer than [`TILE_WIDTH`] hashes each.
    partial: Vec<Vec<Hash>>,
    /// Perfect subtrees, largest first, with the binary logarithm of their size.
    edge: Vec<(u8, Hash)>,
}

/// A tile that has become full.
#[derive(Clone, Debug)]
pub struct FullTile {
    /// Its level; level 0 holds hashes of leaves.
    pub level: u8,
    /// Its number within the level.
    pub number: u64,
    /// The hash of the subtree that it spans.
    pub root: Hash,
    /// Its 256 hashes.
    pub hashes: Vec<Hash>,
}

impl Tree {
    /// The tree whose partial tiles, lowest level first, are these. `None` if they do not fit the size.
    pub fn from_partial(size: u64, partial: Vec<Vec<Hash>>) -> Option<Self> {
        let widths = partial_widths(size);
        if partial.len() != widths.len() || partial.iter().zip(&widths).any(|(tile, width)| tile.len() != *width) {
            return None;
        }
        let mut edge = Vec::new();
        for (level, tile) in partial.iter().enumerate().rev() {
            let mut at = 0;
            for bit in (0..8u8).rev() {
                let span = 1usize << bit;
                if tile.len() & span != 0 {
                    edge.push((level as u8 * 8 + bit, perfect(&tile[at..at + span])));
                    at += span;
                }
            }
        }
        Some(Self { size, partial, edge })
    }

    /// How many leaves it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The partial tile of a level; empty where there is none.
    pub fn partial(&self, level: u8) -> &[Hash] {
        self.partial.get(usize::from(level)).map_or(&[], Vec::as_slice)
    }

    /// The root over all leaves.
    pub fn root(&self) -> Hash {
        let mut nodes = self.edge.iter().rev().map(|(_, hash)| *hash);
        let Some(last) = nodes.next() else { return Hash::empty() };
        nodes.fold(last, |right, left| Hash::node(&left, &right))
    }

    /// Adds a leaf; tiles that become full by it are given back, lowest level first.
    pub fn push(&mut self, leaf: Hash) -> Vec<FullTile> {
        let mut grown = (0u8, leaf);
        while let Some((_, left)) = self.edge.pop_if(|(height, _)| *height == grown.0) {
            grown = (grown.0 + 1, Hash::node(&left, &grown.1));
        }
        self.edge.push(grown);
        self.size += 1;

        let mut full = Vec::new();
        let mut carried = leaf;
        for level in 0u8.. {
            let at = usize::from(level);
            if self.partial.len() <= at {
                self.partial.push(Vec::with_capacity(TILE_WIDTH));
            }
            self.partial[at].push(carried);
            if self.partial[at].len() < TILE_WIDTH {
                break;
            }
            let hashes = std::mem::take(&mut self.partial[at]);
            carried = perfect(&hashes);
            let number = (self.size >> (8 * (u32::from(level) + 1))) - 1;
            full.push(FullTile { level, number, root: carried, hashes });
        }
        full
    }
}

/// How wide the partial tile of each level is in a tree of this size; as many levels as the tree has.
pub fn partial_widths(size: u64) -> Vec<usize> {
    let mut widths = Vec::new();
    let mut rest = size;
    while rest > 0 {
        widths.push((rest % TILE_WIDTH as u64) as usize);
        rest /= TILE_WIDTH as u64;
    }
    widths
}

/// The root over a power of two of hashes.
pub(crate) fn perfect(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => Hash::empty(),
        [one] => *one,
        _ => {
            let mut row = hashes.to_vec();
            while row.len() > 1 {
                row = row.chunks(2).map(|pair| if let [left, right] = pair { Hash::node(left, right) } else { pair[0] }).collect();
            }
            row[0]
        }
    }
}
