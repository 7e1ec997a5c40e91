//! The synthetic release: every planted defect found, none invented; every mapped row decided as the single path decides it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

use comity_audit::detainers::{Checkpoint, Decided, Defect, Options, Placed, Places, Replay, Summary, Table, check, read};
use comity_law::Law;
use comity_logic::parse_date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::OnceLock;

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn law() -> &'static Law {
    static LAW: OnceLock<Law> = OnceLock::new();
    LAW.get_or_init(|| Law::builtin().unwrap())
}

fn table(name: &str) -> Table {
    read(&[data(name)], |_| true).unwrap_or_else(|e| panic!("{e}"))
}

/// Row and kind of each defect in the key, which the program does not have.
fn key() -> BTreeSet<(u32, String)> {
    let mut reader = csv::Reader::from_path(data("ice-detainers-synthetic-200.key.csv")).unwrap();
    reader.records().map(|r| r.unwrap()).map(|r| (r[0].parse().unwrap(), r[1].to_owned())).collect()
}

fn found(defects: &[Defect]) -> BTreeSet<(u32, String)> {
    defects.iter().map(|d| (d.row, d.kind.word())).collect()
}

#[test]
fn every_planted_defect_is_found_and_none_is_invented() {
    let table = table("ice-detainers-synthetic-200.csv");
    assert_eq!(table.rows(), 200);
    let places = Places::of(&table);
    assert_eq!(found(&check(&table, &places, None)), key());
    assert_eq!(found(&check(&table, &places, parse_date("2026-03-11"))), key());
}

#[test]
fn the_raw_workbook_gives_the_same_rows_and_defects() {
    let raw = table("ice-detainers-synthetic-raw.xlsx");
    assert_eq!(raw.rows(), 40);
    assert_eq!(raw.produced, parse_date("2026-03-11"));
    let processed = table("ice-detainers-synthetic-200.csv");
    for row in 0..40 {
        use comity_audit::detainers::Field;
        assert_eq!(raw.number(row), processed.number(row));
        for field in Field::ALL {
            // Sheet and row are columns of the processed layout only.
            if !matches!(field, Field::Sheet | Field::Row) {
                assert_eq!(raw.text(field, row), processed.text(field, row), "row {row}, {field:?}");
            }
        }
    }
    let expected: BTreeSet<_> = key().into_iter().filter(|(row, _)| *row < 48).collect();
    assert_eq!(found(&check(&raw, &Places::of(&raw), None)), expected);
}

#[test]
fn facilities_are_placed_by_name_city_and_state_together() {
    let table = table("ice-detainers-synthetic-200.csv");
    let places = Places::of(&table);
    let mut placed: BTreeMap<(String, String), String> = BTreeMap::new();
    for f in &places.facilities {
        let to = match &f.placed {
            Placed::Agency { agency, .. } => format!("{} {}", agency.place, agency.kind),
            Placed::Federal => "federal".to_owned(),
            Placed::Ambiguous { .. } => "ambiguous".to_owned(),
            Placed::Contradictory { candidates, .. } => candidates.join(" "),
        };
        placed.insert((f.name.clone(), f.state.clone()), to);
    }
    let at = |name: &str, state: &str| placed.get(&(name.to_owned(), state.to_owned())).map(String::as_str);
    assert_eq!(at("FRANKLIN COUNTY JAIL", "IOWA"), Some("us-ia/franklin-county sheriff"));
    assert_eq!(at("FRANKLIN COUNTY JAIL", "NEW YORK"), Some("us-ny/franklin-county sheriff"));
    assert_eq!(at("FRANKLIN COUNTY JAIL", ""), Some("ambiguous"));
    assert_eq!(at("SANTA RITA JAIL", "CALIFORNIA"), Some("us-ca/alameda-county sheriff"));
    assert_eq!(at("VAN NUYS CITY JAIL", "CALIFORNIA"), Some("us-ca/los-angeles police"));
    assert_eq!(at("L A CO JAIL - TWIN TOWER", "CALIFORNIA"), Some("us-ca/los-angeles-county sheriff"));
    assert_eq!(at("CALIF. INST. FOR MEN/WEST", "CALIFORNIA"), Some("us-ca state-corrections"));
    assert_eq!(at("MINN.C.F.,ST.CLOUD", "MINNESOTA"), Some("us-mn state-corrections"));
    assert_eq!(at("COOK COUNTY JAIL", "ILLINOIS"), Some("us-il/cook-county jail"));
    assert_eq!(at("HENNEPIN COUNTY ADC", "MINNESOTA"), Some("us-mn/hennepin-county sheriff"));
    assert_eq!(at("QUEENS CENTRAL BOOKING", "NEW YORK"), Some("us-ny/new-york-city police"));
    assert_eq!(at("US MARSHALS, MINNESOTA", "MINNESOTA"), Some("federal"));
    let unplaced: Vec<_> =
        places.facilities.iter().filter(|f| matches!(f.placed, Placed::Ambiguous { .. } | Placed::Contradictory { .. })).collect();
    assert_eq!(unplaced.len(), 2, "{unplaced:?}");
    assert!(placed.values().any(|p| p.contains("us-oh/franklin-county")), "the county in Ohio is a candidate");
}

fn run(table: &Table, places: &Places, options: &Options) -> Decided {
    Replay::new(law(), table, places, options).run(&mut Checkpoint::default(), |_| true).unwrap()
}

#[test]
fn every_mapped_row_is_decided() {
    let table = table("ice-detainers-synthetic-200.csv");
    let places = Places::of(&table);
    let actions = vec![law().action("hold").unwrap(), law().action("notify-release").unwrap()];
    let options = Options::new(law(), actions);
    let decided = run(&table, &places, &options);
    for row in 0..table.rows() {
        let mapped = matches!(places.at(row).unwrap().placed, Placed::Agency { .. });
        assert_eq!(decided.answer(0, row).is_some(), mapped, "row {}", table.number(row));
        assert_eq!(decided.answer(1, row).is_some(), mapped, "row {}", table.number(row));
        // Undetermined rows say what is missing.
        for action in 0..2 {
            if let Some(a) = decided.answer(action, row) {
                assert_eq!(a.outcome.as_str() == "undetermined", a.possible.len() > 1 && !a.missing.is_empty(), "{a:?}");
            }
        }
    }
    let replay = Replay::new(law(), &table, &places, &options);
    let names = ["hold".to_owned(), "notify-release".to_owned()];
    let summary = Summary::new(law(), &replay, &places, &decided, None, &[], &names);
    assert_eq!(summary.decided + summary.not_decided.values().sum::<usize>(), 200);
    let texas = summary.places.iter().find(|p| p.place == "us-tx/travis-county" && p.action == "hold").unwrap();
    assert!(!texas.outcomes.contains_key("forbidden"), "{texas:?}");
}

#[test]
fn another_place_and_another_day_change_outcomes() {
    let table = table("ice-detainers-synthetic-200.csv");
    let places = Places::of(&table);
    let actions = vec![law().action("hold").unwrap()];
    let own = Options::new(law(), actions.clone());
    let texas = Options { if_place: Some("us-tx/travis-county".to_owned()), ..Options::new(law(), actions.clone()) };
    let early = Options { as_of: parse_date("2012-06-01"), ..Options::new(law(), actions) };
    let own = run(&table, &places, &own);
    for options in [texas, early] {
        let other = run(&table, &places, &options);
        let replay = Replay::new(law(), &table, &places, &options);
        let summary = Summary::new(law(), &replay, &places, &own, Some(&other), &[], &["hold".to_owned()]);
        assert!(summary.changes.is_some_and(|c| !c.is_empty()));
    }
}

#[test]
fn bad_files_say_what_is_wrong() {
    let folder = std::env::temp_dir().join(format!("comity-detainers-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let said = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        read(&[path], |_| true).map(|t| t.rows()).map_err(|e| e.message)
    };
    assert!(said("empty.csv", b"").unwrap_err().contains("is empty"));
    assert!(said("other.csv", b"a,b\n1,2\n").unwrap_err().contains("no header"));
    assert!(said("broken.parquet", b"PAR1 and nothing else").unwrap_err().contains("no Parquet file"));
    assert!(said("broken.xlsx", b"PK\x03\x04 and nothing else").unwrap_err().contains("no workbook"));
    assert_eq!(said("tabs.csv", b"Prepare Date\tCity\tState\tDetainer Type\n1/2/09\tAUSTIN\tTEXAS\tI247\n").unwrap(), 1);
    assert_eq!(said("latin.csv", b"Prepare Date,City,State\n1/2/09,DO\xd1A ANA,NEW MEXICO\n1/2/09,short\n").unwrap(), 2);
    assert!(read(std::slice::from_ref(&folder), |_| true).is_err());
    assert!(read(&[folder.join("none.csv")], |_| true).unwrap_err().message.contains("cannot be opened"));
    std::fs::remove_dir_all(folder).unwrap();
}
