//! Ten thousand made-up requests from a fixed seed, as lines of JSON in the form of a case.

use serde_json::json;

pub const COUNT: usize = 10_000;
const SEED: u64 = 0x7282_5728_46C0_317E;

/// Sixty listed codes, thirty a class, then forty that are in no list.
#[rustfmt::skip]
pub const CODES: [&str; 100] = [
    "CA PC 12022", "CA PC 136.1", "CA PC 148.10", "CA PC 182", "CA PC 192", "CA PC 203", "CA PC 205", "CA PC 206", "CA PC 207", "CA PC 208",
    "CA PC 209", "CA PC 211", "CA PC 215", "CA PC 218", "CA PC 220", "CA PC 222", "CA PC 236.1", "CA PC 243", "CA PC 244", "CA PC 245",
    "CA PC 246", "CA PC 261", "CA PC 262", "CA PC 264.1", "CA PC 266", "CA PC 269", "CA PC 271", "CA PC 273a", "CA PC 273d", "CA PC 273.5",
    "CA PC 69", "CA PC 71", "CA PC 115", "CA PC 136.2", "CA PC 140", "CA PC 148", "CA PC 149", "CA PC 166", "CA PC 191.5", "CA PC 193",
    "CA PC 217.1", "CA PC 236", "CA PC 237", "CA PC 241", "CA PC 242", "CA PC 243.4", "CA PC 247", "CA PC 278", "CA PC 286", "CA PC 288",
    "CA PC 290", "CA PC 368", "CA PC 417", "CA PC 422", "CA PC 451", "CA PC 452", "CA PC 459", "CA PC 470", "CA PC 476", "CA PC 484",
    "CA PC 490", "CA PC 496", "CA PC 499", "CA PC 502", "CA PC 530.5", "CA PC 532", "CA PC 537", "CA PC 587", "CA PC 594", "CA PC 602",
    "CA PC 647", "CA PC 653", "CA VC 10851", "CA VC 14601", "CA VC 20001", "CA VC 20002", "CA VC 23103", "CA VC 23152", "CA VC 2800", "CA VC 31",
    "CA HS 11350", "CA HS 11351", "CA HS 11352", "CA HS 11357", "CA HS 11358", "CA HS 11359", "CA HS 11364", "CA HS 11377", "CA HS 11378", "CA HS 11550",
    "CA BP 4060", "CA BP 4140", "CA BP 25658", "CA WI 871", "CA WI 10980", "CA FG 2000", "CA CC 1", "CA PR 1", "CA RT 19706", "CA UI 2101",
];

/// SplitMix64: small, well known, the same on every machine.
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick(&mut self, of: &[&'static str]) -> &'static str {
        of[self.below(of.len() as u64) as usize]
    }

    fn date(&mut self, from: u64, years: u64) -> String {
        let (year, month) = (from + self.below(years), 1 + self.below(12));
        let last = match month {
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        format!("{year:04}-{month:02}-{:02}", 1 + self.below(last))
    }
}

/// The lines, drawn in the same order as in the harness in which the peers were measured.
pub fn lines() -> Vec<String> {
    let mut rng = Rng(SEED);
    (0..COUNT).map(|id| line(&mut rng, id)).collect()
}

fn line(rng: &mut Rng, id: usize) -> String {
    let on = rng.date(2015, 11);
    let convictions: Vec<_> = (0..rng.below(7))
        .map(|_| {
            let date = rng.date(1985, 30);
            let felony = rng.chance(40);
            let wobbler = !felony && rng.chance(40);
            json!({
                "offense": rng.pick(&CODES),
                "class": if felony { "felony" } else { "misdemeanor" },
                "serious": felony && rng.chance(12),
                "violent": felony && rng.chance(6),
                "wobbler": wobbler,
                "date": date,
            })
        })
        .collect();
    let charged = rng.chance(60);
    let felony = charged && rng.chance(50);
    json!({
        "id": id,
        "on": on,
        "action": if rng.chance(92) { "notify-release" } else { "transfer" },
        "agency": {
            "kind": rng.pick(&["police", "police", "sheriff", "sheriff", "probation", "state-corrections"]),
            "place": rng.pick(&["us-ca/los-angeles", "us-ca/fresno", "us-ca/orange-county", "us-ca/san-diego"]),
        },
        "facts": {
            "request": {
                "requester": rng.pick(&["ice", "ice", "cbp"]),
                "warrant": rng.pick(&["none", "none", "none", "administrative", "administrative", "administrative", "administrative", "judicial"]),
            },
            "person": {
                "release_date_public": rng.chance(10),
                "registered_sex_offender": rng.chance(2),
                "charge": {
                    "class": if !charged { "none" } else if felony { "felony" } else { "misdemeanor" },
                    "serious": felony && rng.chance(25),
                    "violent": felony && rng.chance(15),
                    "probable_cause_found": charged && rng.chance(70),
                },
                "convictions": convictions,
            },
        },
    })
    .to_string()
}
