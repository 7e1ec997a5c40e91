//! Planes of bits: 64 rows a word.

/// What is known of a condition in 64 rows: where it holds and where it does not; in the others it is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Planes {
    pub(crate) yes: u64,
    pub(crate) no: u64,
}

impl Planes {
    pub(crate) fn known(self) -> u64 {
        self.yes | self.no
    }

    pub(crate) fn not(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }
}

/// The word with the lowest `n` bits set.
pub(crate) fn low(n: usize) -> u64 {
    if n >= 64 { u64::MAX } else { (1 << n) - 1 }
}

/// The positions of the bits that are set, from the lowest.
pub(crate) fn ones(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (word != 0).then(|| {
            let at = word.trailing_zeros() as usize;
            word &= word - 1;
            at
        })
    })
}

/// For each byte, its bits one to a byte.
const SPREAD: [u64; 256] = {
    let mut table = [0u64; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut bit = 0;
        while bit < 8 {
            table[byte] |= ((byte as u64 >> bit) & 1) << (8 * bit);
            bit += 1;
        }
        byte += 1;
    }
    table
};

/// Writes numbers of up to eight bits, given as planes from the lowest bit, one to a byte.
pub(crate) fn bytes(planes: &[u64], out: &mut [u8]) {
    for (at, eight) in out.chunks_mut(8).enumerate() {
        let mut word = 0u64;
        for (bit, plane) in planes.iter().enumerate() {
            word |= SPREAD[(plane >> (8 * at)) as usize & 255] << bit;
        }
        eight.copy_from_slice(&word.to_le_bytes()[..eight.len()]);
    }
}

/// Turns 64 planes into 64 rows: bit `p` of row `r` becomes what bit `r` of plane `p` was (Warren, *Hacker's Delight*, 7-3, in steps of half the width).
pub(crate) fn transpose(block: &mut [u64; 64]) {
    let (mut width, mut mask) = (32, 0x0000_0000_ffff_ffff_u64);
    while width != 0 {
        let mut row = 0;
        while row < 64 {
            let (above, below) = (block[row], block[row + width]);
            let swapped = ((above >> width) ^ below) & mask;
            block[row] = above ^ (swapped << width);
            block[row + width] = below ^ swapped;
            row = (row + width + 1) & !width;
        }
        width >>= 1;
        mask ^= mask << width;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transposition_is_its_own_inverse_and_moves_each_bit() {
        for (plane, row) in [(0, 0), (0, 63), (63, 0), (17, 42), (42, 17), (5, 5)] {
            let mut block = [0u64; 64];
            block[plane] = 1 << row;
            transpose(&mut block);
            let mut expected = [0u64; 64];
            expected[row] = 1 << plane;
            assert_eq!(block, expected, "plane {plane}, row {row}");
        }
    }

    #[test]
    fn bytes_are_the_numbers_in_the_planes() {
        let numbers: Vec<u8> = (0..64u8).map(|n| n.wrapping_mul(37)).collect();
        let planes: Vec<u64> = (0..8).map(|bit| numbers.iter().enumerate().map(|(row, n)| u64::from(n >> bit & 1) << row).sum()).collect();
        let mut out = [0u8; 64];
        bytes(&planes, &mut out);
        assert_eq!(out.as_slice(), numbers);
    }
}
