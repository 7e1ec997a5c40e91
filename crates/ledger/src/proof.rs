//! Inclusion and consistency proofs (RFC 6962, section 2.1), made from tiles and checked without them.

use crate::hash::Hash;
use std::ops::Range;

/// Why a proof does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProofError {
    /// The index or the sizes cannot be: an index past the end, or a new size below the old one.
    Range {
        /// What was given, in words.
        given: String,
    },
    /// It has another number of hashes than these sizes call for.
    Length {
        /// How many there should be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// It leads to another root.
    Root,
}

impl std::fmt::Display for ProofError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Range { given } => write!(f, "no proof can be about {given}"),
            Self::Length { expected, found } => write!(f, "the proof has {found} hashes; {expected} belong there"),
            Self::Root => f.write_str("the proof leads to another root"),
        }
    }
}

impl std::error::Error for ProofError {}

/// The leaf ranges whose subtree hashes prove that leaf `index` is in a tree of `size`: sibling of the leaf first.
pub fn inclusion_ranges(index: u64, size: u64) -> Vec<Range<u64>> {
    let (mut at, mut ranges) = (0..size, Vec::new());
    while at.end - at.start > 1 {
        let middle = at.start + split(at.end - at.start);
        if index < middle {
            ranges.push(middle..at.end);
            at.end = middle;
        } else {
            ranges.push(at.start..middle);
            at.start = middle;
        }
    }
    ranges.reverse();
    ranges
}

/// The leaf ranges whose subtree hashes prove that the tree of `new` leaves extends that of `old`.
pub fn consistency_ranges(old: u64, new: u64) -> Vec<Range<u64>> {
    if old == 0 || old >= new {
        return Vec::new();
    }
    let (mut at, mut whole, mut ranges) = (0..new, true, Vec::new());
    while at.end != old {
        let middle = at.start + split(at.end - at.start);
        if old <= middle {
            ranges.push(middle..at.end);
            at.end = middle;
        } else {
            ranges.push(at.start..middle);
            at.start = middle;
            whole = false;
        }
    }
    if !whole {
        ranges.push(at);
    }
    ranges.reverse();
    ranges
}

/// The perfect subtrees that make up a range of leaves which starts at a multiple of its span: height and number within the height.
pub fn perfect_subtrees(range: Range<u64>) -> Vec<(u8, u64)> {
    let (mut start, mut found) = (range.start, Vec::new());
    while start < range.end {
        let height = 63 - (range.end - start).leading_zeros();
        found.push((height as u8, start >> height));
        start += 1 << height;
    }
    found
}

/// The root over subtrees of falling size, as they stand from left to right.
pub fn fold(subtrees: &[Hash]) -> Hash {
    let mut from_right = subtrees.iter().rev();
    let Some(last) = from_right.next() else { return Hash::empty() };
    from_right.fold(*last, |right, left| Hash::node(left, &right))
}

/// Checks that the leaf is at `index` of the tree of `size` leaves with this root.
///
/// # Errors
/// [`ProofError`] if the index is not in the tree, the number of hashes is wrong, or they lead to another root.
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, root: &Hash, proof: &[Hash]) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Range { given: format!("entry {index} of {size}") });
    }
    let ranges = inclusion_ranges(index, size);
    if ranges.len() != proof.len() {
        return Err(ProofError::Length { expected: ranges.len(), found: proof.len() });
    }
    let reached = ranges
        .iter()
        .zip(proof)
        .fold(*leaf, |hash, (range, sibling)| if range.start > index { Hash::node(&hash, sibling) } else { Hash::node(sibling, &hash) });
    if reached == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// Checks that the tree of `new` leaves extends the tree of `old` leaves.
///
/// # Errors
/// [`ProofError`] if the sizes cannot be, the number of hashes is wrong, or they lead to other roots.
pub fn verify_consistency(old: u64, old_root: &Hash, new: u64, new_root: &Hash, proof: &[Hash]) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::Range { given: format!("a tree of {new} that extends one of {old}") });
    }
    let ranges = consistency_ranges(old, new);
    if ranges.len() != proof.len() {
        return Err(ProofError::Length { expected: ranges.len(), found: proof.len() });
    }
    if old == new || old == 0 {
        let expected = if old == 0 { Hash::empty() } else { *new_root };
        return if *old_root == expected { Ok(()) } else { Err(ProofError::Root) };
    }
    // A whole subtree that is the old tree itself is not in the proof: its root is known.
    let mut steps = ranges.iter().zip(proof);
    let (mut in_old, mut in_new) = if old.is_power_of_two() {
        (*old_root, *old_root)
    } else {
        let Some((_, first)) = steps.next() else { return Err(ProofError::Length { expected: 1, found: 0 }) };
        (*first, *first)
    };
    for (range, sibling) in steps {
        if range.end <= old {
            in_old = Hash::node(sibling, &in_old);
            in_new = Hash::node(sibling, &in_new);
        } else {
            in_new = Hash::node(&in_new, sibling);
        }
    }
    if in_old == *old_root && in_new == *new_root { Ok(()) } else { Err(ProofError::Root) }
}

/// The largest power of two below `n`, for `n` of two or more.
fn split(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}
