//! The tree and its proofs against a slow, obvious reading of RFC 6962, and against published values.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use comity_ledger::{
    Hash, ProofError, Tree, consistency_ranges, fold, inclusion_ranges, perfect_subtrees, verify_consistency, verify_inclusion,
};
use proptest::prelude::*;
use std::ops::Range;

/// RFC 6962, section 2.1, word for word.
fn mth(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::empty(),
        [one] => *one,
        _ => {
            let k = split(leaves.len());
            Hash::node(&mth(&leaves[..k]), &mth(&leaves[k..]))
        }
    }
}

/// Section 2.1.1.
fn path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = split(leaves.len());
    if m < k {
        let mut p = path(m, &leaves[..k]);
        p.push(mth(&leaves[k..]));
        p
    } else {
        let mut p = path(m - k, &leaves[k..]);
        p.push(mth(&leaves[..k]));
        p
    }
}

/// Section 2.1.2.
fn subproof(m: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    let n = leaves.len();
    if m == n {
        return if whole { Vec::new() } else { vec![mth(leaves)] };
    }
    let k = split(n);
    if m <= k {
        let mut p = subproof(m, &leaves[..k], whole);
        p.push(mth(&leaves[k..]));
        p
    } else {
        let mut p = subproof(m - k, &leaves[k..], false);
        p.push(mth(&leaves[..k]));
        p
    }
}

/// The largest power of two below n.
fn split(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

fn leaves(n: usize) -> Vec<Hash> {
    (0..n).map(|i| Hash::leaf(format!("entry {i}").as_bytes())).collect()
}

/// A range by its perfect subtrees, as the ledger reads it from tiles.
fn by_subtrees(range: &Range<u64>, all: &[Hash]) -> Hash {
    let nodes: Vec<Hash> = perfect_subtrees(range.clone())
        .into_iter()
        .map(|(height, number)| {
            let from = (number << height) as usize;
            mth(&all[from..from + (1 << height)])
        })
        .collect();
    fold(&nodes)
}

/// The eight leaves and roots that Certificate Transparency implementations publish for RFC 6962.
#[test]
fn published_roots() {
    let data = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    assert_eq!(Hash::empty().hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    let bytes = |hex: &str| (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect::<Vec<u8>>();
    let mut tree = Tree::default();
    for (hex, root) in data.iter().zip(roots) {
        tree.push(Hash::leaf(&bytes(hex)));
        assert_eq!(tree.root().hex(), root);
    }
}

/// The tree of seven leaves in RFC 6962, section 2.1.3: which nodes each example proof is made of.
#[test]
fn examples_of_the_rfc() {
    let all = leaves(7);
    let (g, h, i, j) = (mth(&all[0..2]), mth(&all[2..4]), mth(&all[4..6]), all[6]);
    let (k, l) = (Hash::node(&g, &h), Hash::node(&i, &j));
    let made = |ranges: Vec<Range<u64>>| ranges.iter().map(|r| by_subtrees(r, &all)).collect::<Vec<_>>();
    assert_eq!(made(inclusion_ranges(0, 7)), [all[1], h, l]);
    assert_eq!(made(inclusion_ranges(3, 7)), [all[2], g, l]);
    assert_eq!(made(inclusion_ranges(4, 7)), [all[5], j, k]);
    assert_eq!(made(inclusion_ranges(6, 7)), [i, k]);
    assert_eq!(made(consistency_ranges(3, 7)), [all[2], all[3], g, l]);
    assert_eq!(made(consistency_ranges(4, 7)), [l]);
    assert_eq!(made(consistency_ranges(6, 7)), [i, j, k]);
}

#[test]
fn every_proof_of_small_trees_is_the_reference_s() {
    for n in 1..=40usize {
        let all = leaves(n);
        let root = mth(&all);
        for m in 0..n {
            let made: Vec<Hash> = inclusion_ranges(m as u64, n as u64).iter().map(|r| by_subtrees(r, &all)).collect();
            assert_eq!(made, path(m, &all), "inclusion of {m} in {n}");
            verify_inclusion(&all[m], m as u64, n as u64, &root, &made).unwrap();
            assert!(verify_inclusion(&all[m], n as u64, n as u64, &root, &made).is_err());
        }
        for m in 1..=n {
            let made: Vec<Hash> = consistency_ranges(m as u64, n as u64).iter().map(|r| by_subtrees(r, &all)).collect();
            assert_eq!(made, subproof(m, &all, true), "consistency of {m} and {n}");
            verify_consistency(m as u64, &mth(&all[..m]), n as u64, &root, &made).unwrap();
        }
        verify_consistency(0, &Hash::empty(), n as u64, &root, &[]).unwrap();
    }
}

proptest! {
    /// The growing edge, the tiles it gives off and the reference agree at every size.
    #[test]
    fn edge_and_tiles_agree_with_the_reference(n in 0usize..1200) {
        let all = leaves(n);
        let mut tree = Tree::default();
        let mut levels: Vec<Vec<Hash>> = Vec::new();
        for leaf in &all {
            for tile in tree.push(*leaf) {
                let level = usize::from(tile.level);
                levels.resize(levels.len().max(level + 1), Vec::new());
                prop_assert_eq!(tile.number as usize * 256, levels[level].len());
                prop_assert_eq!(mth(&tile.hashes), tile.root);
                levels[level].extend(tile.hashes);
            }
        }
        prop_assert_eq!(tree.root(), mth(&all));
        // What was given off and what is still partial are together exactly the nodes of each level.
        for level in 0..4u8 {
            let mut stored = levels.get(usize::from(level)).cloned().unwrap_or_default();
            stored.extend_from_slice(tree.partial(level));
            let span = 256usize.pow(u32::from(level));
            let expected: Vec<Hash> = all.chunks_exact(span).map(mth).collect();
            prop_assert_eq!(stored, expected);
        }
        let partial = (0..).map(|level| tree.partial(level).to_vec()).take(comity_ledger::partial_widths(n as u64).len()).collect();
        let again = Tree::from_partial(n as u64, partial).unwrap();
        prop_assert_eq!(again.root(), tree.root());
    }

    /// No changed proof, leaf, index, size or root passes.
    #[test]
    fn changed_inclusion_proofs_fail(n in 1usize..300, pick in any::<prop::sample::Index>(), bit in 0usize..256, at in any::<prop::sample::Index>()) {
        let all = leaves(n);
        let m = pick.index(n);
        let (root, proof) = (mth(&all), path(m, &all));
        let flip = |hash: &Hash| { let mut bytes = hash.0; bytes[bit / 8] ^= 1 << (bit % 8); Hash(bytes) };
        prop_assert!(verify_inclusion(&flip(&all[m]), m as u64, n as u64, &root, &proof).is_err());
        prop_assert!(verify_inclusion(&all[m], m as u64, n as u64, &flip(&root), &proof).is_err());
        for other in (0..n).filter(|other| *other != m) {
            prop_assert!(verify_inclusion(&all[m], other as u64, n as u64, &root, &proof).is_err());
        }
        if !proof.is_empty() {
            let mut changed = proof.clone();
            let at = at.index(proof.len());
            changed[at] = flip(&changed[at]);
            prop_assert_eq!(verify_inclusion(&all[m], m as u64, n as u64, &root, &changed), Err(ProofError::Root));
            prop_assert!(verify_inclusion(&all[m], m as u64, n as u64, &root, &proof[1..]).is_err());
        }
        let mut longer = proof;
        longer.push(root);
        prop_assert!(verify_inclusion(&all[m], m as u64, n as u64, &root, &longer).is_err());
    }

    /// A log whose past was changed cannot be shown to extend the old one, with any of the proofs it could make.
    #[test]
    fn rewritten_logs_are_not_consistent(n in 2usize..200, old in any::<prop::sample::Index>(), changed in any::<prop::sample::Index>()) {
        let all = leaves(n);
        let m = 1 + old.index(n - 1);
        let mut other = all.clone();
        other[changed.index(m)] = Hash::leaf(b"another");
        let old_root = mth(&all[..m]);
        for proof in [subproof(m, &all, true), subproof(m, &other, true)] {
            prop_assert!(verify_consistency(m as u64, &old_root, n as u64, &mth(&other), &proof).is_err());
        }
        prop_assert!(verify_consistency(n as u64, &mth(&all), m as u64, &old_root, &[]).is_err());
    }
}
