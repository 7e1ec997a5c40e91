//! Small changes to texts by chance, the same for the same seed.

/// Numbers by chance: xorshift64*.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `n`; 0 for nothing to choose from.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Pieces that readers stumble over.
const PIECES: [&str; 48] = [
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "'",
    "\\",
    "\\u0000",
    "\\ud800",
    "\u{0}",
    "\u{1b}[31m",
    "\u{202e}",
    "\u{feff}",
    "\n",
    "\r\n",
    "#",
    ",",
    ":",
    "=",
    ".",
    "-",
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1e999",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999999",
    "0000-00-00",
    "9999-12-31",
    "2018-02-30",
    "on",
    "request.kind",
    "person.convictions",
    "exists(c, ",
    "in_class('us-ca/x')",
    "within_years(",
    "&&",
    "||",
    "!",
    "? 1 : 2",
    "[[norm]]\n",
    "[[norm.unless]]\n",
    "é",
];

/// The text with one to eight changes; `other` is there to take pieces from.
pub fn mutated(text: &[u8], other: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut text = text.to_vec();
    for _ in 0..=chance.below(8) {
        let at = chance.below(text.len() + 1);
        let end = (at + 1 + chance.below(40)).min(text.len());
        let at = at.min(end);
        match chance.below(9) {
            0 => drop(text.drain(at..end)),
            1 if at < text.len() => text[at] ^= 1 << chance.below(8),
            2 => text.insert(at, chance.next() as u8),
            3 => {
                let again = text[at..end].to_vec();
                drop(text.splice(at..at, again));
            }
            4 => {
                let from = chance.below(other.len());
                let piece = other[from..(from + chance.below(60)).min(other.len())].to_vec();
                drop(text.splice(at..end, piece));
            }
            5 => text.truncate(text.len() - chance.below(text.len() / 4 + 1)),
            6 => {
                let piece = chance.pick(&PIECES).repeat(1 + chance.below(3) * chance.below(200));
                drop(text.splice(at..at, piece.into_bytes()));
            }
            _ => drop(text.splice(at..end, chance.pick(&PIECES).bytes())),
        }
        text.truncate(64 << 10);
    }
    text
}
