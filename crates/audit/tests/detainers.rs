//! The synthetic release: every planted defect found, none invented; every mapped row decided as the single path decides it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod book;

use book::{text, workbook, workbook_with};
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

/// Whoever interrupts while a long file is read gets the command back: the thread that reads must not wait for the one that has gone.
#[test]
fn an_interrupt_while_reading_ends_it() {
    let path = std::env::temp_dir().join(format!("comity-detainers-long-{}.csv", std::process::id()));
    std::fs::write(&path, format!("Prepare Date,City,State,Detainer Type\n{}", "1/2/09,AUSTIN,TEXAS,I247\n".repeat(100_000))).unwrap();
    let (send, ended) = std::sync::mpsc::channel();
    let file = path.clone();
    std::thread::spawn(move || send.send(read(&[file], |_| false).map(|t| t.rows()).map_err(|e| e.message)));
    let said = ended.recv_timeout(std::time::Duration::from_secs(60)).expect("it hangs");
    assert!(said.unwrap_err().contains("interrupted while reading"));
    std::fs::remove_file(path).unwrap();
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

/// What is said of a file with these bytes, or how many rows it has.
fn said(name: &str, bytes: &[u8]) -> Result<usize, String> {
    let path = std::env::temp_dir().join(format!("comity-{}-{name}", std::process::id()));
    std::fs::write(&path, bytes).unwrap();
    let read = read(std::slice::from_ref(&path), |_| true).map(|t| t.rows()).map_err(|e| e.message);
    std::fs::remove_file(path).unwrap();
    read
}

#[test]
fn workbooks_are_read_cell_by_cell_within_limits() {
    let head: String = ["Detainer Prepare Date", "Detention Facility", "Facility State"]
        .iter()
        .zip(["A1", "B1", "C1"])
        .map(|(name, at)| text(at, name))
        .collect();
    let book = |rows: &str| workbook(&format!(r#"<row r="1">{head}</row>{rows}"#));
    // Two cells at opposite corners, which take 512 GiB as a rectangle.
    let far = said("far.xlsx", &book(&format!(r#"<row r="1048576">{}</row>"#, text("XFD1048576", "x")))).unwrap_err();
    assert_eq!(far, "sheet `FY25`, row 1048576: a cell stands in column 16384; more than 200 are not read");
    let low = format!(r#"<row r="1048576"><c r="A1048576" s="1"><v>42763</v></c>{}</row>"#, text("B1048576", "JAIL"));
    assert_eq!(said("low.xlsx", &book(&low)), Ok(1));
    // A format of a whole row, and a day that no calendar has.
    let odd = r#"<row r="2"><c r="A2" s="1"><v>1e300</v></c><c r="B2"><v>7</v></c><c r="XFD2" s="1"/></row>"#;
    assert_eq!(said("odd.xlsx", &book(odd)), Ok(1));
    let list = "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" uniqueCount=\"99999999999\"></sst>".to_owned();
    let list = said("list.xlsx", &workbook_with("", &[("xl/sharedStrings.xml", list)])).unwrap_err();
    assert!(list.contains("more texts than can be held"), "{list}");
    assert!(said("old.xls", b"\xd0\xcf\x11\xe0....").unwrap_err().contains("old or a locked Excel file"));
}

#[test]
fn open_quotes_and_endless_rows_are_refused_with_their_line() {
    let head = "detainer_prepare_date,detention_facility,facility_city,facility_state\n";
    let row = "2017-01-28,KERN COUNTY JAIL,BAKERSFIELD,CALIFORNIA\n";
    let open = said("open.csv", format!("{head}{row}2017-01-28,\"{}", row.repeat(50)).as_bytes()).unwrap_err();
    assert_eq!(open, "line 3, column 2: a cell that begins here does not end; close its quote, or double the quotes within it");
    let open = said("open-last.csv", format!("\u{feff}{head}{row}2017-01-28,\"a\nb\",\"c\n").as_bytes()).unwrap_err();
    assert!(open.starts_with("line 4, column 3: "), "{open}");
    // A quote that another closes 300 rows later.
    let between = said("between.csv", format!("{head}2017-01-28,\"{}\",A,B\n{row}", row.repeat(300)).as_bytes()).unwrap_err();
    assert!(between.starts_with("line 2: a cell that begins here"), "{between}");
    let long = said("long.csv", format!("{head}{row}2017-01-28,{}\n{row}", "A".repeat(6 << 20)).as_bytes()).unwrap_err();
    assert_eq!(long, "line 3: this row has more than 4 MiB; is a quote left open in it?");
    assert_eq!(said("closed.csv", format!("{head}2017-01-28,\"A \"\"B\"\"\",C,\"D\"").as_bytes()), Ok(1));
    assert!(said("no-header.csv", b"a,b\n\"c,d\n").unwrap_err().starts_with("line 2, column 1: "));
}

#[test]
fn a_release_of_few_columns_is_checked_and_decided() {
    let path = std::env::temp_dir().join(format!("comity-{}-few.csv", std::process::id()));
    let rows = "2025-01-28,KERN COUNTY JAIL,BAKERSFIELD,CALIFORNIA\n,KERN COUNTY JAIL,BAKERSFIELD,CALIFORNIA\n";
    std::fs::write(&path, format!("detainer_prepare_date,detention_facility,facility_city,facility_state\n{rows}")).unwrap();
    let table = read(std::slice::from_ref(&path), |_| true).unwrap();
    std::fs::remove_file(path).unwrap();
    let places = Places::of(&table);
    assert_eq!(found(&check(&table, &places, None)), BTreeSet::from([(3, "no-day".to_owned())]));
    let options = Options::new(law(), vec![law().action("hold").unwrap()]);
    let decided = run(&table, &places, &options);
    assert!(decided.answer(0, 0).is_some() && decided.answer(0, 1).is_none());
}
