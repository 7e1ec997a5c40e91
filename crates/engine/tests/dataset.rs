//! The rows of the dataset against the engine: what a row says cannot be never is, and a place's rows cover its days without a gap.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

use std::collections::BTreeMap;

use comity_engine::dataset::{GROUPS, Row, codebook, norms, rows, values};
use comity_engine::{AgencyRef, Stack, Times, read_facts};
use comity_law::{Bundle, Example, Law, Outcome};
use comity_places::AgencyKind;
use serde_json::Value as Json;

const OUTCOMES: [Outcome; 5] = [Outcome::Required, Outcome::Permitted, Outcome::Forbidden, Outcome::Unregulated, Outcome::Conflict];

/// Every example of the real law, decided under the law of the instrument's own place alone, comes to something that its row allows.
#[test]
fn rows_allow_what_cases_come_to() {
    let law = Law::builtin().unwrap();
    let rows = rows(&law);
    let mut by_cell: BTreeMap<(&str, u16, usize), Vec<&Row>> = BTreeMap::new();
    for row in &rows {
        assert!(row.proved, "{row:?}");
        by_cell.entry((&row.place, row.action.0, row.group)).or_default().push(row);
    }
    let mut tried = 0;
    for (at, it) in law.instruments.iter().enumerate() {
        let own = Law { instruments: law.instruments.iter().filter(|i| i.place == it.place).cloned().collect(), ..law.clone() };
        let of_norms = it.norms.iter().flat_map(|n| n.examples.iter().chain(n.exceptions.iter().flat_map(|e| &e.examples)));
        let all: Vec<&Example> = of_norms.chain(&it.examples).collect();
        // A few of each instrument: every case copies the law.
        for example in all.iter().skip(at % 3).step_by(3) {
            let case = it.case(example).unwrap();
            let agency = AgencyRef { name: case.agency.name, kind: case.agency.kind, place: case.agency.place, ori: None };
            let facts = read_facts(&own, &Json::Object(case.facts)).unwrap();
            let found = Stack::new(&own, &agency, case.on, &[]).decide(example.action, &facts, &Times::default()).unwrap();
            let kind: AgencyKind = agency.kind.parse().unwrap();
            let group = GROUPS.iter().position(|g| g.kinds.contains(&kind)).unwrap();
            let cell = by_cell.get(&(it.place.as_str(), example.action.0, group));
            let row = cell.and_then(|rows| rows.iter().find(|r| r.days.contains(case.on)));
            for outcome in found.possible {
                let at = OUTCOMES.iter().position(|o| *o == outcome).unwrap();
                // Without a row there is no norm: then all is silence.
                let allowed = row.map_or(outcome == Outcome::Unregulated, |r| r.can[at]);
                assert!(allowed, "{} {:?} {outcome} on {}: {row:?}", it.id, example.name, case.on);
            }
            tried += 1;
        }
    }
    assert!(tried > 100);
}

#[test]
fn rows_follow_each_other_and_differ() {
    let law = Law::builtin().unwrap();
    let rows = rows(&law);
    for pair in rows.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        if (&a.place, a.action, a.group) != (&b.place, b.action, b.group) {
            continue;
        }
        let (to, from) = (a.days.to.unwrap(), b.days.from.unwrap());
        assert!(to < from, "{a:?}\n{b:?}");
        if to.tomorrow().unwrap() == from {
            assert_ne!(Row { days: b.days, ..a.clone() }, *b);
        }
        assert!(a.can.contains(&true) && (a.norms.is_empty() == a.cites.is_empty()));
    }
}

#[test]
fn groups_hold_every_kind_once() {
    let mut kinds: Vec<AgencyKind> = GROUPS.iter().flat_map(|g| g.kinds.iter().copied()).collect();
    kinds.sort_unstable();
    let mut all = AgencyKind::ALL.to_vec();
    all.sort_unstable();
    assert_eq!(kinds, all);
}

/// The fields of a table, read by the rules of RFC 4180.
fn read(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            c => field.push(c),
        }
    }
    assert!(!quoted && row.is_empty() && field.is_empty());
    rows
}

#[test]
fn the_tables_are_tables() {
    const ACT: &str = "title = \"A, \\\"B\\\"\"\ncite = \"Code\"\nkind = \"statute\"\nin_force = { from = 2018-01-01 }\nchecked = { on = 2020-01-01, confidence = \"low\", against = [\"x\"] }\n[[norm]]\nid = \"hold\"\ncite = \"1, 2\"\nforbids = [\"hold\"]\nsays = \"No, never.\"\n";
    let files = [
        ("vocabulary.toml", "[[action]]\nid = \"hold\"\nsays = \"Hold\"\n"),
        ("us/ca/us-ca-act.toml", ACT),
        (
            "us/ca/place.toml",
            "name = \"California\"\n[[coverage]]\nsource = \"x\"\nsearched_from = 2017-01-01\nsearched_until = 2020-01-01\n",
        ),
    ];
    let law = Law::read(Bundle::from_memory(files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())))).unwrap();
    let found = rows(&law);
    let table = read(&values(&law, &found));
    assert!(table.iter().all(|r| r.len() == table[0].len()));
    let column = |name: &str| table[0].iter().position(|c| c == name).unwrap();
    let police: Vec<Vec<&str>> = table[1..]
        .iter()
        .filter(|r| r[column("question")] == "hold.police")
        .map(|r| {
            ["row_id", "valid_from", "valid_to", "can_forbid", "can_be_silent", "citations", "searched"]
                .map(|c| r[column(c)].as_str())
                .to_vec()
        })
        .collect();
    let wanted = [
        ["us-ca:hold.police:2017-01-01", "2017-01-01", "2017-12-31", "0", "1", "", "all"],
        ["us-ca:hold.police:2018-01-01", "2018-01-01", "2020-01-01", "1", "0", "Code 1, 2", "all"],
        ["us-ca:hold.police:2020-01-02", "2020-01-02", "", "1", "0", "Code 1, 2", "none"],
    ];
    assert_eq!(police, wanted);
    let ids: Vec<&String> = table[1..].iter().map(|r| &r[0]).collect();
    assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), ids.len());
    let book = read(&codebook(&law));
    for name in &table[0] {
        assert!(book.iter().any(|r| r[0] == "column" && r[1] == *name), "{name}");
    }
    assert!(book.iter().any(|r| r[0] == "question" && r[1] == "hold.police"));
    assert_eq!(read(&norms(&law)).len(), 2);
}
