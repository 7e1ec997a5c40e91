//! Texts kept once each, found by a hash that is computed once.

/// One column of texts: a number a row, and the distinct texts. Number 0 is the missing cell.
#[derive(Clone, Debug)]
pub(crate) struct Texts {
    pub(crate) ids: Vec<u32>,
    pub(crate) distinct: Vec<Box<str>>,
    hashes: Vec<u64>,
    /// Open addressing; 0 is free, else the number plus one.
    slots: Vec<u32>,
}

impl Default for Texts {
    fn default() -> Self {
        let mut texts = Self { ids: Vec::new(), distinct: Vec::new(), hashes: Vec::new(), slots: vec![0; 64] };
        texts.id("", hash(b""));
        texts
    }
}

/// A hash of a cell.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    const K: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut h = (bytes.len() as u64).wrapping_mul(K);
    let mut chunks = bytes.chunks_exact(8);
    let mix = |h: u64, word: u64| {
        let x = u128::from(h ^ word).wrapping_mul(u128::from(K) | 1);
        (x as u64) ^ ((x >> 64) as u64)
    };
    for chunk in &mut chunks {
        h = mix(h, u64::from_le_bytes(chunk.try_into().unwrap_or_default())).wrapping_add(K);
    }
    let mut last = [0u8; 8];
    last[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
    mix(h, u64::from_le_bytes(last)).wrapping_add(K)
}

impl Texts {
    /// The number of a text.
    pub(crate) fn id(&mut self, text: &str, hash: u64) -> u32 {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            match self.slots[at] {
                0 => break,
                id if self.hashes[id as usize - 1] == hash && *self.distinct[id as usize - 1] == *text => return id - 1,
                _ => at = (at + 1) & mask,
            }
        }
        self.distinct.push(text.into());
        self.hashes.push(hash);
        self.slots[at] = self.distinct.len() as u32;
        if self.distinct.len() * 2 > self.slots.len() {
            self.grow();
        }
        (self.distinct.len() - 1) as u32
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        self.slots = vec![0; mask + 1];
        for (id, hash) in self.hashes.iter().enumerate() {
            let mut at = *hash as usize & mask;
            while self.slots[at] != 0 {
                at = (at + 1) & mask;
            }
            self.slots[at] = id as u32 + 1;
        }
    }

    /// The number of a row's text; 0 where it is missing.
    pub(crate) fn at(&self, row: usize) -> u32 {
        self.ids.get(row).copied().unwrap_or_default()
    }

    /// The text of a row; empty where it is missing.
    pub(crate) fn get(&self, row: usize) -> &str {
        self.ids.get(row).and_then(|id| self.distinct.get(*id as usize)).map_or("", |t| t)
    }
}
