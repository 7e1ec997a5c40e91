//! The law as JSON and as Akoma Ntoso: whole, well-formed, and the same bytes each time.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

use std::collections::BTreeSet;

use comity_law::{Law, export};

#[test]
fn json_has_every_instrument_and_norm() {
    let law = Law::builtin().unwrap();
    let json = export::law(&law);
    assert_eq!(json.to_string(), export::law(&Law::builtin().unwrap()).to_string());
    let instruments = json["instruments"].as_array().unwrap();
    assert_eq!(instruments.len(), law.instruments.len());
    for (one, it) in instruments.iter().zip(&law.instruments) {
        assert_eq!(one["id"], it.id);
        let counts = ["norms", "duties", "clocks", "settles"].map(|key| one[key].as_array().unwrap().len());
        assert_eq!(counts, [it.norms.len(), it.duties.len(), it.clocks.len(), it.settles.len()]);
    }
    assert_eq!(json["places"].as_array().unwrap().len(), law.places.len());
    assert_eq!(json["bundle"], law.digest);
}

/// A reader of just as much XML as the documents use: the names of the elements, checked to nest, and the values of the attributes.
fn elements(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let (mut out, mut open) = (Vec::new(), Vec::new());
    let mut rest = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap();
    while let Some(start) = rest.find('<') {
        assert!(!rest[..start].contains('>'), "{}", &rest[..start]);
        let end = rest[start..].find('>').unwrap() + start;
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        let (body, empty) = tag.strip_suffix('/').map_or((tag, false), |t| (t, true));
        let (name, mut attributes) = body.split_once(' ').unwrap_or((body, ""));
        let mut found = Vec::new();
        while let Some((key, after)) = attributes.split_once("=\"") {
            let (value, more) = after.split_once('"').unwrap();
            found.push((key.trim().to_owned(), value.to_owned()));
            attributes = more;
        }
        assert!(attributes.trim().is_empty(), "{tag}");
        out.push((name.to_owned(), found));
        if !empty {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty());
    out
}

#[test]
fn akoma_ntoso_is_well_formed_and_its_references_lead_somewhere() {
    let law = Law::builtin().unwrap();
    for it in &law.instruments {
        let text = export::akoma_ntoso(&law, it);
        assert_eq!(text, export::akoma_ntoso(&law, it));
        let entities = text.match_indices('&').all(|(at, _)| ["&amp;", "&lt;", "&gt;", "&quot;"].iter().any(|e| text[at..].starts_with(e)));
        assert!(entities, "{}", it.id);
        let all = elements(&text);
        let values = |key: &str| all.iter().flat_map(|(_, a)| a).filter(|(k, _)| k == key).map(|(_, v)| v.clone()).collect::<Vec<_>>();
        let ids = values("eId");
        let unique: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{}", it.id);
        for key in ["href", "source", "period", "refersTo", "start", "end", "as"] {
            for value in values(key).iter().filter(|v| v.starts_with('#')) {
                assert!(ids.iter().any(|id| value[1..] == **id), "{}: {value}", it.id);
            }
        }
        let norms = all.iter().filter(|(n, a)| n == "hcontainer" && a.contains(&("name".to_owned(), "norm".to_owned()))).count();
        assert_eq!(norms, it.norms.len());
    }
}
