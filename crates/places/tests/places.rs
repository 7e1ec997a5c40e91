//! Places: the canonical ones, the codes, the time zones, and slugs that a person typed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashSet;

use comity_places::{Place, PlaceKind, SlugError, parse_slug, place_chain, places_in};

fn states() -> Vec<Place> {
    places_in("us").collect()
}

fn all() -> Vec<Place> {
    states().iter().flat_map(|state| places_in(state.slug)).collect()
}

#[test]
fn every_canonical_place_is_found_as_it_is_listed() {
    let list = include_str!("canonical-places.tsv");
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<_> = line.split('\t').collect();
        let place = Place::find(fields[0]).unwrap_or_else(|| panic!("{line}"));
        assert_eq!(place.name, fields[1]);
        assert_eq!(place.kind.as_str(), fields[2], "{line}");
        if !fields[3].is_empty() {
            assert_eq!(place.fips, Some(fields[3]), "{line}");
        }
        assert_eq!(parse_slug(fields[0]), Ok(place));
    }
}

#[test]
fn states_district_and_territories() {
    let states = states();
    assert_eq!(states.len(), 56);
    let count = |kind| states.iter().filter(|place| place.kind == kind).count();
    assert_eq!(count(PlaceKind::State), 50);
    assert_eq!(count(PlaceKind::District), 1);
    assert_eq!(count(PlaceKind::Territory), 5);
    let codes: HashSet<_> = states.iter().map(|place| place.fips.unwrap()).collect();
    assert_eq!(codes.len(), 56);
}

#[test]
fn slugs_and_codes_are_unique_and_belong_to_their_state() {
    let all = all();
    let slugs: HashSet<_> = all.iter().map(|place| place.slug).collect();
    assert_eq!(slugs.len(), all.len());
    let mut codes = HashSet::new();
    for place in &all {
        let state = place.state().unwrap();
        assert_eq!(place_chain(place.slug), ["us", state.slug, place.slug]);
        if let Some(fips) = place.fips {
            assert!(fips.len() == 5 || place.kind == PlaceKind::City && fips.len() == 7, "{place:?}");
            assert!(fips.starts_with(state.fips.unwrap()), "{place:?}");
            assert!(codes.insert(fips), "{place:?}");
        }
        assert!(place.kind != PlaceKind::County || place.fips.is_some(), "{place:?}");
        for county in place.counties() {
            assert!(Place::find(county).unwrap().fips.is_some(), "{place:?}");
        }
    }
    // 3,144 counties and equivalents and 78 municipios, without the District, and with the
    // eight former counties of Connecticut.
    let counties = all.iter().filter(|place| place.fips.is_some_and(|code| code.len() == 5)).count();
    assert_eq!(counties, 3144 + 78 - 1 + 8);
}

#[test]
fn slugs_of_every_shape() {
    for (slug, name) in [
        ("us-la/jefferson-parish", "Jefferson Parish"),
        ("us-ak/kenai-peninsula-borough", "Kenai Peninsula Borough"),
        ("us-ak/bethel-census-area", "Bethel Census Area"),
        ("us-nm/dona-ana-county", "Doña Ana County"),
        ("us-md/prince-georges-county", "Prince George's County"),
        ("us-mo/st-louis", "St. Louis (independent city)"),
        ("us-mo/st-louis-county", "St. Louis County"),
        ("us-va/richmond", "Richmond (independent city)"),
        ("us-va/richmond-county", "Richmond County"),
        ("us-pr/san-juan", "San Juan"),
        ("us-ct/hartford-county", "Hartford County"),
        ("us-ct/capitol-planning-region", "Capitol Planning Region"),
    ] {
        assert_eq!(Place::find(slug).map(|place| place.name), Some(name), "{slug}");
    }
    for slug in ["us-ca/san-francisco-county", "us-co/denver-county", "us-dc/washington", "us-pa/philadelphia-county"] {
        assert_eq!(Place::find(slug), None, "{slug}");
    }
}

#[test]
fn time_zones() {
    let areas = ["America/", "Pacific/"];
    for place in all().iter().chain(&states()) {
        let zone = place.time_zone;
        assert!(areas.iter().any(|area| zone.starts_with(area)), "{place:?}");
        assert!(zone.bytes().all(|b| b.is_ascii_alphabetic() || b"/_".contains(&b)), "{place:?}");
    }
    for (slug, zone) in [
        ("us-tx/el-paso", "America/Denver"),
        ("us-tx/harris-county", "America/Chicago"),
        ("us-fl/pensacola", "America/Chicago"),
        ("us-fl/miami", "America/New_York"),
        ("us-or/ontario", "America/Boise"),
        ("us-in/gary", "America/Chicago"),
        ("us-in/indianapolis", "America/Indiana/Indianapolis"),
        ("us-tn/davidson-county", "America/Chicago"),
        ("us-tn/knoxville", "America/New_York"),
        ("us-sd/pennington-county", "America/Denver"),
        ("us-mi/menominee", "America/Menominee"),
        ("us-az/tucson", "America/Phoenix"),
        ("us-ca/bakersfield", "America/Los_Angeles"),
        ("us-ak/unalaska", "America/Anchorage"),
        ("us-pr", "America/Puerto_Rico"),
    ] {
        assert_eq!(Place::find(slug).unwrap().time_zone, zone, "{slug}");
    }
}

#[test]
fn near_slugs() {
    let near = |text: &str| match parse_slug(text) {
        Err(SlugError::Unknown { near }) => near,
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(near("us-ca/los-angelos")[0], "us-ca/los-angeles");
    assert!(near("us-ca/kern").contains(&"us-ca/kern-county"));
    assert!(near("us-ca/san-francisco-county").contains(&"us-ca/san-francisco"));
    assert!(near("us-xx/houston").contains(&"us-tx/houston"));
    assert!(near("us-zz").is_empty() || near("us-zz").iter().all(|slug| slug.len() == 5));
    for text in ["", "us-", "us/", "us-ca/", "US-CA", "us-cal", "ca", "us-ca/a b", "us-ca/x/y", "us-ca/-x"] {
        assert_eq!(parse_slug(text), Err(SlugError::Malformed), "{text}");
    }
    assert!(parse_slug("us-ca/los-angelos").unwrap_err().to_string().contains("did you mean us-ca/los-angeles"));
}
