//! The PDF, looked at with a reader of another make: what PDF/UA-1 asks for that a machine can see.
#![cfg(feature = "pdf")]
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use comity_report::{Asked, Definition, Document as Report, Form, Period, Reporter, make, sample};
use common::{agency, law};
use lopdf::{Dictionary, Document, Object, ObjectId};
use std::collections::BTreeMap;

fn report(kind: &str, period: &str, fewest: Option<u64>) -> Report {
    let record = sample(law(), &agency()).unwrap();
    let (definition, period, reporter) = (Definition::find(kind).unwrap(), Period::parse(period).unwrap(), Reporter::of(&agency()));
    let report = make(&record, &Asked { definition: &definition, law: law(), agency: &reporter, period: &period, fewest }).unwrap();
    Report::new(report, &record.entries)
}

fn dictionary<'d>(pdf: &'d Document, object: &'d Object) -> Option<&'d Dictionary> {
    pdf.dereference(object).ok().and_then(|(_, o)| o.as_dict().ok())
}

/// Every element of the structure tree by its kind.
fn walk<'d>(pdf: &'d Document, object: &'d Object, found: &mut Vec<&'d Dictionary>) {
    match pdf.dereference(object).map(|(_, o)| o) {
        Ok(Object::Array(all)) => all.iter().for_each(|o| walk(pdf, o, found)),
        Ok(Object::Dictionary(element)) => {
            if element.has(b"S") {
                found.push(element);
            }
            if let Ok(kids) = element.get(b"K") {
                walk(pdf, kids, found);
            }
        }
        _ => {}
    }
}

fn kind(element: &Dictionary) -> String {
    element.get(b"S").and_then(Object::as_name).map(|n| String::from_utf8_lossy(n).into_owned()).unwrap_or_default()
}

/// The value of an attribute of an element, whichever of its attribute objects bears it.
fn attribute<'d>(pdf: &'d Document, element: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
    let attributes = element.get(b"A").ok()?;
    let all: Vec<&Object> = match pdf.dereference(attributes).ok()?.1 {
        Object::Array(all) => all.iter().collect(),
        one => vec![one],
    };
    all.into_iter().find_map(|a| dictionary(pdf, a)?.get(key).ok())
}

#[test]
fn every_report_is_tagged_and_archivable() {
    for (kind_of, period, fewest) in [
        ("declined-requests", "2026-01", None),
        ("declined-requests", "2026-01", Some(3)),
        ("california-transfers", "2026", None),
        ("california-forum", "2026", None),
    ] {
        let document = report(kind_of, period, fewest);
        // The engine's own validator refuses what is not PDF/UA-1 and PDF/A-2a.
        let bytes = Form::Pdf.write(&document).unwrap();
        assert!(bytes == Form::Pdf.write(&document).unwrap(), "{kind_of}: the same report has other bytes");
        if let Some(dir) = std::env::var_os("REPORTS") {
            std::fs::write(std::path::Path::new(&dir).join(format!("{kind_of}-{}.pdf", fewest.unwrap_or(0))), &bytes).unwrap();
        }
        check(&bytes);
    }
}

fn check(bytes: &[u8]) {
    let pdf = Document::load_mem(bytes).unwrap();
    let catalog = pdf.catalog().unwrap();
    let marked = dictionary(&pdf, catalog.get(b"MarkInfo").unwrap()).unwrap();
    assert!(marked.get(b"Marked").and_then(Object::as_bool).unwrap());
    assert!(matches!(catalog.get(b"Lang"), Ok(Object::String(lang, _)) if lang.starts_with(b"en")));
    let view = dictionary(&pdf, catalog.get(b"ViewerPreferences").unwrap()).unwrap();
    assert!(view.get(b"DisplayDocTitle").and_then(Object::as_bool).unwrap());
    let metadata = pdf.dereference(catalog.get(b"Metadata").unwrap()).unwrap().1.as_stream().unwrap();
    let xmp = metadata.decompressed_content().unwrap_or_else(|_| metadata.content.clone());
    let xmp = String::from_utf8_lossy(&xmp).into_owned();
    for needed in ["pdfuaid:part", "pdfaid:part", "dc:title"] {
        assert!(xmp.contains(needed), "the metadata have no {needed}");
    }
    structure(&pdf, catalog);
    for (number, page) in pdf.get_pages() {
        content(&pdf, number, page);
    }
}

/// Headings in their order, tables with headers of rows and columns, figures with a text of their own.
fn structure(pdf: &Document, catalog: &Dictionary) {
    let root = catalog.get(b"StructTreeRoot").unwrap();
    assert!(dictionary(pdf, root).unwrap().has(b"ParentTree"));
    let mut elements = Vec::new();
    walk(pdf, dictionary(pdf, root).unwrap().get(b"K").unwrap(), &mut elements);
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    let mut level = 0;
    for element in &elements {
        let kind = kind(element);
        *count.entry(kind.clone()).or_default() += 1;
        if let Some(next) = kind.strip_prefix('H').and_then(|n| n.parse::<u32>().ok()) {
            assert!(next <= level + 1, "a heading of level {next} after one of level {level}");
            level = next;
        }
        match kind.as_str() {
            "TH" => assert!(attribute(pdf, element, b"Scope").is_some(), "a header cell of no row and no column"),
            "Figure" => assert!(matches!(element.get(b"Alt"), Ok(Object::String(alt, _)) if alt.len() > 20), "a figure without words"),
            _ => {}
        }
    }
    for needed in ["H1", "H2", "P", "Table", "TR", "TH", "TD"] {
        assert!(count.get(needed).is_some_and(|n| *n > 0), "no {needed} in {count:?}");
    }
}

/// All that is drawn is tagged or marked as no content; every font is in the file.
fn content(pdf: &Document, number: u32, page: ObjectId) {
    let dictionary_of = pdf.get_dictionary(page).unwrap();
    assert!(matches!(dictionary_of.get(b"Tabs"), Ok(Object::Name(tabs)) if tabs == b"S") || !dictionary_of.has(b"Annots"));
    assert!(dictionary_of.has(b"StructParents"), "page {number} is in no structure");
    let mut open = 0;
    for operation in pdf.get_and_decode_page_content(page).unwrap().operations {
        match operation.operator.as_str() {
            "BDC" | "BMC" => open += 1,
            "EMC" => open -= 1,
            "Tj" | "TJ" | "f" | "f*" | "S" | "B" | "Do" => {
                assert!(open > 0, "page {number} draws what is neither tagged nor marked as no content")
            }
            _ => {}
        }
    }
    assert_eq!(open, 0);
    for (name, font) in pdf.get_page_fonts(page).unwrap() {
        let deep = font
            .get(b"DescendantFonts")
            .ok()
            .and_then(|d| pdf.dereference(d).ok())
            .and_then(|(_, d)| d.as_array().ok())
            .and_then(|d| dictionary(pdf, d.first()?))
            .unwrap_or(font);
        let descriptor = dictionary(pdf, deep.get(b"FontDescriptor").unwrap()).unwrap();
        assert!(
            [b"FontFile".as_slice(), b"FontFile2", b"FontFile3"].iter().any(|f| descriptor.has(f)),
            "the font {} is not in the file",
            String::from_utf8_lossy(&name)
        );
        assert!(font.has(b"ToUnicode"), "the letters of {} cannot be read out", String::from_utf8_lossy(&name));
    }
}
