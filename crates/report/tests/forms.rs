//! Every form of every report: as it was looked at, the same twice, as its schema says, and without anybody's name.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use comity_engine::AgencyRef;
use comity_law::Law;
use comity_report::{Asked, COLUMNS, Definition, Document, Form, Period, Reporter, Value, figures_csv, html, make, rows_csv, sample};
use common::{agency, law};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The report of the invented record of an agency.
fn document(kind: &str, law: &Law, agency: &AgencyRef, period: &str, fewest: Option<u64>) -> Document {
    let record = sample(law, agency).unwrap();
    let (definition, period, reporter) = (Definition::find(kind).unwrap(), Period::parse(period).unwrap(), Reporter::of(agency));
    let report = make(&record, &Asked { definition: &definition, law, agency: &reporter, period: &period, fewest }).unwrap();
    Document::new(report, &record.entries)
}

fn golden(name: &str, text: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let kept = std::fs::read(&path).unwrap_or_default();
    // The digest of the law changes with every word of it; what was counted does not.
    assert!(
        without_digests(&kept) == without_digests(text),
        "{name} is another than was looked at; see the difference, and write it anew with BLESS=1"
    );
}

fn without_digests(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::new();
    let mut run = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_hexdigit() {
            run.push(c);
        } else {
            out.push_str(if run.len() == 64 { "DIGEST" } else { &run });
            run.clear();
            out.push(c);
        }
    }
    out
}

#[test]
fn the_report_on_declined_requests_as_it_was_looked_at() {
    let document = document("declined-requests", law(), &agency(), "2026-01", None);
    golden("declined-requests.html", html(&document).as_bytes());
    golden("declined-requests.csv", &figures_csv(&document).unwrap());
    for (list, bytes) in rows_csv(&document).unwrap() {
        golden(&format!("declined-requests-{list}-rows.csv"), &bytes);
    }
    let withheld = self::document("declined-requests", law(), &agency(), "2026-01", Some(3));
    golden("declined-requests-withheld.csv", &figures_csv(&withheld).unwrap());
}

/// An agency for each report, and a period.
fn each() -> Vec<(Definition, AgencyRef, &'static str)> {
    let of = |definition: Definition| {
        let place = definition.place.clone().unwrap_or_else(|| "us-ca".to_owned());
        let agency = AgencyRef { name: "Sample Police".to_owned(), kind: "police".to_owned(), place, ori: None };
        let period = if definition.period == comity_report::Span::Year { "2026" } else { "2026-01" };
        (definition, agency, period)
    };
    Definition::all().unwrap().into_iter().map(of).collect()
}

#[test]
fn every_report_in_every_form_twice_the_same_and_as_its_schema_says() {
    let schema: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(root().join("docs/schemas/report.schema.json")).unwrap()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for (definition, agency, period) in each() {
        let law = Law::builtin_for(&agency.place).unwrap();
        for fewest in [None, Some(3)] {
            let (one, two) =
                (document(&definition.kind, &law, &agency, period, fewest), document(&definition.kind, &law, &agency, period, fewest));
            for form in [Form::Html, Form::Csv, Form::Xlsx, Form::Json] {
                assert!(form.write(&one).unwrap() == form.write(&two).unwrap(), "{} as {form:?}", definition.kind);
            }
            let wrong: Vec<String> = schema.iter_errors(&one.json()).map(|e| format!("{}: {e}", e.instance_path())).collect();
            assert!(wrong.is_empty(), "{}: {wrong:?}", definition.kind);
        }
    }
}

#[test]
fn definitions_name_only_what_there_is() {
    let law = Law::builtin().unwrap();
    for definition in Definition::all().unwrap() {
        let kind = &definition.kind;
        assert!(!definition.law.is_empty(), "{kind} rests on no law");
        for reference in &definition.law {
            assert!(["high", "medium", "low"].contains(&reference.confidence.as_str()), "{kind}");
            if let Some(id) = &reference.instrument {
                assert!(law.instruments.iter().any(|i| i.id == *id), "{kind}: the bundle has no {id}");
            }
        }
        for list in &definition.list {
            for column in &list.columns {
                assert!(COLUMNS.contains(&column.id.as_str()) != column.not_recorded.is_some(), "{kind}: {}", column.id);
            }
        }
        let conditions = definition
            .figure
            .iter()
            .flat_map(|f| &f.all)
            .chain(definition.table.iter().map(|t| &t.only))
            .chain(definition.list.iter().map(|l| &l.only));
        for (dimension, values) in conditions.flatten() {
            let known = |value: &String| match dimension {
                comity_report::Dimension::Action => law.action(value).is_some(),
                comity_report::Dimension::Decision => ["take", "decline", "open"].contains(&value.as_str()),
                comity_report::Dimension::Outcome => value.parse::<comity_law::Outcome>().is_ok(),
                _ => true,
            };
            assert!(values.iter().all(known), "{kind}: {dimension:?} {values:?}");
        }
    }
}

#[test]
fn what_the_record_does_not_have_is_never_zero() {
    for (definition, agency, period) in each() {
        let document = document(&definition.kind, &Law::builtin_for(&agency.place).unwrap(), &agency, period, None);
        for spec in definition.figure.iter().filter(|f| f.not_recorded.is_some()) {
            let figure = document.report.figures.iter().find(|f| f.id == spec.id).unwrap();
            assert!(matches!(figure.value, Value::NotRecorded(_)), "{}", spec.id);
        }
    }
}

#[test]
fn a_declined_hold_with_notice_is_not_a_declined_request() {
    let document = document("declined-requests", law(), &agency(), "2026-01", None);
    let value = |id: &str| document.report.all_figures().find(|f| f.id == id).map(|f| f.value.clone());
    let Some(Value::Count(both)) = value("hold-declined-notice-given") else { panic!("no such figure") };
    assert!(both > 0, "the sample has none");
    let list = &document.report.lists[0];
    let at = |id: &str| list.columns.iter().position(|c| c.id == id).unwrap();
    assert!(
        list.rows.iter().all(|r| r.cells[at("ori")].as_deref() == Some("CA0150000") && r.cells[at("fips")].as_deref() == Some("06029"))
    );
    // Not one of these rows speaks of the notice that was given.
    let given = document.report.all_figures().find(|f| f.id == "hold-declined-notice-given").unwrap();
    let rows = list.rows.iter().filter(|r| r.entries.iter().any(|e| given.entries.contains(e)));
    let notice = law().actions.iter().find(|a| a.id == "notify-release").unwrap().says.clone();
    assert!(rows.clone().count() >= usize::try_from(both).unwrap());
    assert!(rows.into_iter().all(|r| r.cells[at("action")].as_deref() != Some(notice.as_str())));
}

#[test]
fn a_workbook_holds_the_same_numbers() {
    use calamine::{Reader, Xlsx};
    let document = document("declined-requests", law(), &agency(), "2026-01", None);
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(Form::Xlsx.write(&document).unwrap())).unwrap();
    let sheet = book.worksheet_range("Figures").unwrap();
    for (row, figure) in sheet.rows().skip(1).zip(document.report.all_figures()) {
        assert_eq!(row[0].to_string(), figure.id);
        assert_eq!(row[2].to_string(), figure.value.to_string());
    }
    assert_eq!(sheet.height(), 1 + document.report.all_figures().count());
}

#[test]
fn an_empty_year_is_nil_where_that_must_be_certified() {
    let law = Law::builtin_for("us-il").unwrap();
    let agency = AgencyRef { name: "Sample Police".to_owned(), kind: "police".to_owned(), place: "us-il".to_owned(), ori: None };
    let full = document("illinois-trust-act", &law, &agency, "2026", None);
    let empty = document("illinois-trust-act", &law, &agency, "2024", None);
    assert!(!full.report.nil && empty.report.nil);
    assert!(html(&empty).contains("Nothing to report"));
}

#[test]
fn mistakes_name_the_value_and_the_remedy() {
    let record = sample(law(), &agency()).unwrap();
    let reporter = Reporter::of(&agency());
    let error = |kind: &str, period: &str| {
        let (definition, period) = (Definition::find(kind).unwrap(), Period::parse(period).unwrap());
        make(&record, &Asked { definition: &definition, law: law(), agency: &reporter, period: &period, fewest: None })
            .err()
            .unwrap_or_default()
    };
    assert!(error("illinois-trust-act", "2026").contains("is for agencies of us-il"));
    assert!(error("california-transfers", "2026-01").contains("a year, such as 2026"));
    assert!(Definition::find("declined").unwrap_err().contains("the reports are declined-requests"));
    assert!(Definition::parse("x", "title = 1").unwrap_err().starts_with("x.toml: TOML parse error at line 1"));
    assert!(Form::of(Path::new("report.doc")).unwrap_err().contains(".html, .csv, .xlsx, .pdf or .json"));
    assert!(record.at(10_000).unwrap_err().contains("name a smaller size"));
}

#[test]
fn every_form_says_that_the_record_is_invented() {
    let real = AgencyRef { name: "Kern County Sheriff's Office".to_owned(), ..agency() };
    let document = document("declined-requests", law(), &real, "2026-01", None);
    let name = "Kern County Sheriff's Office (invented sample)";
    assert_eq!(document.report.agency.name, name);
    let page = html(&document);
    assert!(page.contains("Invented sample: made-up requests"));
    assert_eq!(page.matches("Sheriff's Office").count(), page.matches(name).count());
    let lines = format!("{:?}", comity_report::text(&document));
    assert!(lines.contains("Invented sample: made-up requests") && lines.contains(name));
    for row in String::from_utf8(figures_csv(&document).unwrap()).unwrap().lines().skip(1) {
        assert!(row.contains(name) && row.contains("Invented sample"), "{row}");
    }
    let json = document.json();
    assert_eq!(json["content"]["agency"]["name"], name);
    assert!(json["says"].as_str().unwrap().starts_with("Invented sample"));
    assert!(comity_report::certify(&document, "a-1").unwrap_err().contains("made up"));
    // Not every list names the agency.
    let transfers = self::document("california-transfers", law(), &real, "2026", None);
    for (_, bytes) in rows_csv(&transfers).unwrap() {
        assert!(String::from_utf8(bytes).unwrap().lines().skip(1).all(|row| row.ends_with(",invented sample")));
    }
    use calamine::{Reader, Xlsx};
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(Form::Xlsx.write(&document).unwrap())).unwrap();
    let about = book.worksheet_range("Report").unwrap();
    assert!(
        about.rows().any(|row| row[1].to_string().contains("Invented sample")) && about.rows().any(|row| row[1].to_string().contains(name))
    );
}

#[test]
fn groups_that_are_listed_because_they_occur_are_not_told_by_their_number() {
    let document = document("declined-requests", law(), &agency(), "2026-01-13..2026-01-15", Some(4));
    let table = document.report.tables.iter().find(|t| t.id == "declined-under").unwrap();
    let (total, rows) = table.rows.split_last().unwrap();
    assert!(!rows.is_empty() && rows.iter().chain([total]).all(|r| r.cells[0].value == Value::Withheld));
    // The same total under its other names.
    for id in ["asked/total/decline", "declined-outcome/total/total", "requesters/total/decline", "process/total"] {
        assert!(document.report.all_figures().any(|f| f.id == id && f.value == Value::Withheld), "{id}");
    }
    let (definition, reporter) = (Definition::find("declined-requests").unwrap(), Reporter::of(&agency()));
    let period = Period::parse("2026-01").unwrap();
    let asked = Asked { definition: &definition, law: law(), agency: &reporter, period: &period, fewest: Some(2) };
    assert!(make(&sample(law(), &agency()).unwrap(), &asked).unwrap_err().contains("below 3, or more"));
}

#[test]
fn columns_that_are_the_same_in_every_row_stand_in_the_caption() {
    let page = html(&document("declined-requests", law(), &agency(), "2026-01", None));
    assert!(page.contains("In every row: FIPS 06029 · ORI CA0150000 · Agency Sample"));
    assert!(!page.contains("<th scope=\"col\">ORI</th>") && !page.contains("<th scope=\"col\">Released</th>"));
    assert!(page.contains("Released: The ledger has decisions, not releases."));
}
