//! The reader of tables: every dialect, every kind of damage.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

mod book;

use book::{text, workbook, workbook_with};
use comity_audit::table::{CellKind, Limits, Options, Row, Table, key};
use proptest::prelude::*;

fn read(bytes: &[u8]) -> Table {
    Table::from_bytes("t", bytes.to_vec(), &Options::default()).expect("a table")
}

fn wrong(bytes: &[u8]) -> String {
    match Table::from_bytes("t", bytes.to_vec(), &Options::default()) {
        Err(error) => error.to_string(),
        Ok(mut table) => table.rows().expect_err("should be wrong").to_string(),
    }
}

fn cells(table: &mut Table) -> Vec<(u64, Vec<String>)> {
    let rows = table.rows().expect("rows");
    rows.iter().map(|r| (r.line, r.iter().map(str::to_owned).collect())).collect()
}

fn owned(rows: &[(u64, &[&str])]) -> Vec<(u64, Vec<String>)> {
    rows.iter().map(|(line, cells)| (*line, cells.iter().map(|c| (*c).to_owned()).collect())).collect()
}

#[test]
fn plain_csv_with_lines() {
    let mut t = read(b"a,b\n1,2\n\n\"x\ny\",3\n4,5\n");
    assert_eq!(t.header.names(), ["a", "b"]);
    assert_eq!(cells(&mut t), owned(&[(2, &["1", "2"]), (4, &["x\ny", "3"]), (6, &["4", "5"])]));
    assert_eq!(t.count(), 3);
    assert!(t.notes().is_empty());
}

#[test]
fn lines_with_every_kind_of_line_end() {
    for end in ["\n", "\r\n"] {
        for last in ["", end] {
            let text = format!("{end}a,b{end}1,2{end}{end}3,4{end}\"5{end}5\",6{end}{end}{end}7,8{last}");
            let mut t = read(text.as_bytes());
            let lines: Vec<u64> = t.rows().expect("rows").iter().map(|r| r.line).collect();
            assert_eq!((t.header.line, lines), (2, vec![3, 5, 6, 10]), "{text:?}");
        }
    }
}

#[test]
fn dialects() {
    for text in ["a,b\r\n\r\n1,2", "a\tb\n1\t2\n", "a;b\n1;2\n", "a|b\r\n1|2\r\n", "\u{feff}a,b\n1,2", "\n\n a , b \n1,2\n"] {
        let mut t = read(text.as_bytes());
        assert_eq!(t.header.names(), ["a", "b"], "{text:?}");
        let rows = t.rows().expect("rows");
        assert_eq!((rows[0].get(0), rows[0].get(1)), ("1", "2"), "{text:?}");
    }
}

#[test]
fn encodings_are_told() {
    let mut t = read(b"name,n\nDo\xf1a Ana,1\nDo\xc3\xb1a Ana,2\n");
    let rows = t.rows().expect("rows");
    assert_eq!((rows[0].get(0), rows[1].get(0)), ("Doña Ana", "Doña Ana"));
    assert_eq!(t.notes()[0].to_string(), "from line 2: 1 rows are not UTF-8 and were read as Windows-1252 (Latin-1)");
    for (mark, little) in [(true, true), (false, true), (true, false), (false, false)] {
        let text = if mark { "\u{feff}name,n\nDoña Ana,1\n" } else { "name,n\nDoña Ana,1\n" };
        let bytes: Vec<u8> = text.encode_utf16().flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect();
        let mut t = read(&bytes);
        assert_eq!(t.header.names(), ["name", "n"]);
        assert_eq!(t.rows().expect("rows")[0].get(0), "Doña Ana");
        assert!(t.notes()[0].message.contains("UTF-16"));
    }
}

#[test]
fn the_header_below_a_preamble() {
    let text = "Department of Things,,\nProduced 2026-03-11,,\n,,\nFacility,State,Day\nJail A,TEXAS,2025-01-01\n";
    let mut t = read(text.as_bytes());
    assert_eq!((t.header.line, t.header.names().len()), (4, 3));
    assert_eq!(cells(&mut t)[0].0, 5);
    assert!(t.notes()[0].message.contains("2 rows above the header"));
    // Known names win over what merely looks like a header.
    let text = "one,two,three\nstate name,County_Name,x\nTexas,Travis,1\n";
    let known = Options { known: &["County Name", "State Name"], ..Options::default() };
    let t = Table::from_bytes("t", text.as_bytes().to_vec(), &known).expect("a table");
    assert_eq!(t.header.line, 2);
    assert_eq!(t.header.find(&["county", "county-name"]), Some(1));
}

#[test]
fn names_in_any_spelling_and_twice() {
    assert_eq!(key("  Final_Order  Date (33)"), "final order date 33");
    let t = read(b"Final Order Date,x,final_order_date\n1,2,3\n");
    assert_eq!(t.header.all("FINAL ORDER DATE").collect::<Vec<_>>(), [0, 2]);
    assert_eq!(t.header.twice(), ["final_order_date"]);
}

#[test]
fn ragged_rows_are_told() {
    let mut t = read(b"a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,\n");
    let rows = t.rows().expect("rows");
    assert_eq!(rows[1].get(2), "");
    assert_eq!(rows[2].get(3), "4");
    let notes: Vec<String> = t.notes().iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "from line 4: 1 rows have more cells than the 3 columns of the header",
            "from line 3: 1 rows have fewer cells than the 3 columns of the header"
        ]
    );
}

#[test]
fn json_lists_lines_and_envelopes() {
    let list = b"[\n {\"a\": 1, \"b\": {\"c\": \"x\"}},\n {\"b\": {\"c\": null, \"d\": true}, \"a\": 2.5}\n]";
    let mut t = read(list);
    assert_eq!(t.header.names(), ["a", "b.c", "b.d"]);
    let rows = t.rows().expect("rows");
    assert_eq!(rows.iter().map(|r| r.line).collect::<Vec<_>>(), [2, 3]);
    assert_eq!((rows[1].get(0), rows[1].get(1), rows[1].get(2)), ("2.5", "", "true"));
    assert_eq!((rows[0].kind(0), rows[1].kind(1), rows[1].kind(2)), (CellKind::Number, CellKind::Empty, CellKind::Bool));

    let mut t = read(b"{\"a\":1}\n\n{\"a\":2,\"z\":[1,2]}\n");
    assert_eq!(cells(&mut t), owned(&[(1, &["1"]), (3, &["2", "[1,2]"])]));

    let mut t = read(b"{\"meta\": {\"n\": 1}, \"rows\": [{\"a\": 1}]}");
    assert_eq!(cells(&mut t), owned(&[(1, &["1"])]));

    let deep = b"{\"data\": {\"one\": [{\"a\": 1}], \"two\": [{\"a\": 2}]}}";
    let there = Options { records: Some("data.two"), ..Options::default() };
    let mut t = Table::from_bytes("t", deep.to_vec(), &there).expect("a table");
    assert_eq!(cells(&mut t), owned(&[(1, &["2"])]));

    let mut t = read(b"{\"a\":1}\n{\"a\":2}\n{\"a\":");
    assert_eq!(t.rows().expect("rows").len(), 2);
    assert!(t.notes()[0].to_string().contains("breaks off"));
}

#[test]
fn bad_files_say_what_to_do() {
    let cases: &[(&[u8], &str)] = &[
        (b"", "t: it is empty"),
        (b"\xef\xbb\xbf", "t: it is empty"),
        (b" \n\t\n", "t: it is empty"),
        (b"%PDF-1.7", "it is a PDF"),
        (b"\x1f\x8b\x08", "unpack it first"),
        (b"PAR1....", "export it as CSV"),
        (b"\xd0\xcf\x11\xe0....", "save it as .xlsx without a password"),
        (b"PK\x03\x04 not really", "damaged archive"),
        (b"a,b\n\0\0\0,1\n", "zero bytes"),
        (b"[{\"a\": 1}, 7]", "t:1: an object is expected here"),
        (b"[]", "it has no rows"),
        (b"{\"a\": 1}\n{\"a\": }\n{\"a\": 3}\n", "t:2: this is no JSON object, at character 7"),
        (b"{\"a\": 1}\n{\"a\": \n{\"a\": 3}\n", "t:2: this line breaks off"),
        (b"{\"x\": [{\"a\": 1}], \"y\": [{\"a\": 1}]}", "it has several lists (x, y)"),
        (b"{\"a.b\": 1, \"a\": {\"b\": 2}}", "`a.b` is stated twice"),
    ];
    for (bytes, expected) in cases {
        let said = wrong(bytes);
        assert!(said.contains(expected), "{said}\n  lacks: {expected}");
    }
}

#[test]
fn an_open_quote_does_not_swallow_the_rest() {
    let mut text = "a,b\n1,\"open\n".to_owned();
    text.push_str(&"2,3\n".repeat(5000));
    assert_eq!(
        wrong(text.as_bytes()),
        "t:2: column 2: a cell that begins here does not end; close its quote, or double the quotes within it"
    );
    let mut long = b"a,b\n1,\"".to_vec();
    long.extend(std::iter::repeat_n(b'x', 6 << 20));
    assert!(wrong(&long).contains("t:2: "), "{}", wrong(&long));
}

#[test]
fn limits_hold() {
    let few = Options { limits: Limits { rows: 2, columns: 3, ..Limits::default() }, ..Options::default() };
    let rows = |text: &str| Table::from_bytes("t", text.as_bytes().to_vec(), &few).and_then(|mut t| t.rows());
    assert!(rows("a,b\n1,2\n1,2\n").is_ok());
    assert_eq!(rows("a,b\n1,2\n1,2\n1,2\n").expect_err("rows").to_string(), "t:4: it has more than 2 rows; split it");
    assert!(rows("a,b\n1,2,3,4\n").expect_err("columns").to_string().contains("4 cells"));
    assert!(rows("{\"a\":1,\"b\":2,\"c\":3,\"d\":4}").expect_err("columns").to_string().contains("more than 3 columns"));
    let small = Options { limits: Limits { bytes: 4, ..Limits::default() }, ..Options::default() };
    assert!(Table::from_bytes("t", b"a,b\n1,2\n".to_vec(), &small).is_err());
}

#[test]
fn faults_name_file_line_column_and_value() {
    let mut t = read(b"Facility State,Day\nTEXAS,31/31/2025\n");
    let row = t.rows().expect("rows").remove(0);
    let fault = t.fault(&row, 1, "this is no day; write it as 2025-01-31");
    assert_eq!(fault.to_string(), "t:2: column 2 `Day`: `31/31/2025`: this is no day; write it as 2025-01-31");
    let json = serde_json::to_value(&fault).expect("json");
    assert_eq!(json["line"], 2);
    let of_sheet = fault.in_sheet(Some("FY25"));
    assert!(of_sheet.to_string().starts_with("t [FY25]:2: column B `Day`"));
}

#[test]
fn missing_files_and_folders() {
    let no = |path: &str| Table::open(path.as_ref(), &Options::default()).expect_err("no file").to_string();
    assert!(no("nowhere/at-all.csv").contains("there is no such file"));
    assert!(no("src").contains("it is a folder"));
}

proptest! {
    /// Whatever the bytes, the reader ends with rows or with an error that has the file's name.
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        match Table::from_bytes("t", bytes, &Options::default()).and_then(|mut t| t.rows()) {
            Ok(_) => {}
            Err(error) => prop_assert!(error.to_string().starts_with('t')),
        }
    }

    /// What a writer of CSV wrote is read back, with the line of each row.
    #[test]
    fn written_csv_comes_back(rows in proptest::collection::vec(proptest::collection::vec("[ -~\n\u{e9}]{0,12}", 3), 1..20)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["first", "second", "third"]).expect("write");
        let mut expected: Vec<Vec<String>> = Vec::new();
        for row in &rows {
            writer.write_record(row).expect("write");
            let cells: Vec<String> = row.iter().map(|c| c.trim().to_owned()).collect();
            if cells.iter().any(|c| !c.is_empty()) {
                expected.push(cells);
            }
        }
        let bytes = writer.into_inner().expect("bytes");
        let text = String::from_utf8(bytes.clone()).expect("text");
        let options = Options { delimiter: Some(b','), known: &["first", "second", "third"], ..Options::default() };
        let mut table = Table::from_bytes("t", bytes, &options).expect("a table");
        let read: Vec<Row> = table.rows().expect("rows");
        let cells: Vec<Vec<String>> = read.iter().map(|r| r.iter().map(str::to_owned).collect()).collect();
        prop_assert_eq!(cells, expected);
        for row in &read {
            let line = text.lines().nth(row.line as usize - 1).unwrap_or_default();
            let first = row.raw(0).lines().next().unwrap_or_default().replace('"', "\"\"");
            let quoted = format!("\"{first}");
            prop_assert!(line.starts_with(&first) || line.starts_with(&quoted), "{} is not at the start of {}", first, line);
        }
    }
}

#[test]
fn workbooks_keep_rows_and_kinds() {
    let rows = format!(
        r#"<row r="2">{}</row><row r="7">{}{}{}{}</row><row r="8">{}<c r="B7" s="1"><v>42763</v></c><c r="C7"><v>12</v></c></row><row r="11">{}<c r="B11" s="1"><v>42763.75</v></c><c r="D11" t="e"><v>#N/A</v></c></row>"#,
        text("A2", "A title of some kind"),
        text("A7", "Facility"),
        text("B7", "Day"),
        text("C7", "Count"),
        text("D7", "County"),
        text("A8", "JAIL"),
        text("A11", "Do\u{f1}a"),
    )
    .replace("B7\" s", "B8\" s")
    .replace("C7\"><v", "C8\"><v");
    let mut t = read(&workbook(&rows));
    assert_eq!((t.sheet.as_deref(), t.header.line), (Some("FY25"), 7));
    let rows = t.rows().expect("rows");
    assert_eq!(rows.iter().map(|r| r.line).collect::<Vec<_>>(), [8, 11]);
    assert_eq!((rows[0].get(1), rows[0].get(2), rows[0].kind(1), rows[0].kind(2)), ("2017-01-28", "12", CellKind::Day, CellKind::Number));
    assert_eq!((rows[1].get(0), rows[1].get(1), rows[1].get(3)), ("Doña", "2017-01-28T18:00:00", "#N/A"));
    assert_eq!((rows[1].kind(2), rows[1].kind(3)), (CellKind::Empty, CellKind::Fault));
    assert_eq!(t.fault(&rows[1], 3, "no county").to_string(), "t [FY25]:11: column D `County`: `#N/A`: no county");
}

#[test]
fn bad_workbooks_say_what_to_do() {
    let missing = Options { sheet: Some("FY99"), ..Options::default() };
    let book = workbook(&format!(r#"<row r="1">{}</row>"#, text("A1", "x")));
    let error = Table::from_bytes("t", book.clone(), &missing).expect_err("no sheet").to_string();
    assert_eq!(error, "t: it has no sheet `FY99`; its sheets are FY25");
    assert!(wrong(&workbook("")).contains("none of its sheets has a header"));
    assert!(wrong(&book[..book.len() / 2]).contains("damaged archive"));
    let far = workbook(r#"<row r="1"><c r="XFD1"><v>1</v></c></row>"#);
    assert!(wrong(&far).contains("stands in column 16384"), "{}", wrong(&far));
    let small = Options { limits: Limits { held: 100_000, ..Limits::default() }, ..Options::default() };
    let bomb = workbook(&format!(r#"<row r="1">{}</row>"#, text("A1", &"x".repeat(2_000_000))));
    let error = Table::from_bytes("t", bomb, &small).expect_err("too much").to_string();
    assert!(error.contains("unpacked it has"), "{error}");
}

#[test]
fn a_quote_open_at_the_end_names_its_line() {
    let said = "a cell that begins here does not end; close its quote, or double the quotes within it";
    let rows = "3,4\n".repeat(50);
    for (text, at) in [
        (format!("a,b\n1,2\n3,\"open\n{rows}"), "t:3: column 2"),
        (format!("a,b\r\n\r\n1,\"x\r\ny\"\r\n\"two\r\nlines\",\"open\r\n{rows}"), "t:6: column 2"),
        ("\u{feff}a,b\n\"".to_owned(), "t:2: column 1"),
        ("a,b\n1,\"x\"\"".to_owned(), "t:2: column 2"),
    ] {
        assert_eq!(wrong(text.as_bytes()), format!("{at}: {said}"), "{text:?}");
    }
    // Quotes that are closed, and those within a cell that has none around it.
    for text in ["a,b\n1,\"x\"", "a,b\n1,\"x\ny\"\n\n", "a,b\n1,5\" pipe\n", "\u{feff}\"a\",b\n1,\"\""] {
        assert_eq!(read(text.as_bytes()).rows().expect("rows").len(), 1, "{text:?}");
    }
}

#[test]
fn memory_is_bounded_by_what_rows_take_and_not_by_their_length() {
    let small = Limits { held: 10_000, row: 1_000, ..Limits::default() };
    let said = |bytes: Vec<u8>| {
        let options = Options { limits: small, ..Options::default() };
        Table::from_bytes("t", bytes, &options).expect_err("too much").to_string()
    };
    let numbers = format!("[{{\"a\":1}},\n{{\"a\":[{}1]}}]", "1,".repeat(2_000));
    assert_eq!(said(numbers.clone().into_bytes()), "t:2: this row has more than 1000 bytes");
    assert!(said(numbers.replace("[{\"a\":1},", "{\"a\":1}").replace("]}]", "]}").into_bytes()).starts_with("t:2: this row has more than"));
    // Few bytes a row, and many empty cells before the only one that is filled.
    let names: Vec<String> = (0..80).map(|n| format!("\"c{n}\":1")).collect();
    let wide = format!("[{{{}}}{}]", names.join(","), ",{\"c79\":1}".repeat(500));
    assert!(said(wide.into_bytes()).contains("take all the memory"));
    let cells: String = (1..=300).map(|row| format!(r#"<row r="{row}"><c r="ZZ{row}"><v>1</v></c></row>"#)).collect();
    assert!(said(workbook(&cells)).contains("too large to be held in memory"));
}

#[test]
fn archives_that_lie_and_lists_without_end_are_refused() {
    let small = Options { limits: Limits { held: 100_000, ..Limits::default() }, ..Options::default() };
    let mut book = workbook(&format!(r#"<row r="1">{}</row>"#, text("A1", &"x".repeat(2_000_000))));
    // The table of contents says that the sheet has 1,000 bytes.
    let name = b"xl/worksheets/sheet1.xml";
    let entry = book.windows(name.len()).rposition(|w| w == name).expect("an entry") - 46;
    book[entry + 24..entry + 28].copy_from_slice(&1_000_u32.to_le_bytes());
    let error = Table::from_bytes("t", book, &small).expect_err("too much").to_string();
    assert!(error.contains("unpacked it has") || error.contains("damaged archive"), "{error}");
    let list = "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" uniqueCount=\"99999999999\"></sst>".to_owned();
    let book = workbook_with(&format!(r#"<row r="1">{}</row>"#, text("A1", "x")), &[("xl/sharedStrings.xml", list)]);
    assert!(wrong(&book).contains("more texts than can be held"), "{}", wrong(&book));
}
