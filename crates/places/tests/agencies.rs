//! Agencies: by ORI, by name, and never by guess.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use comity_places::{
    Agency, AgencyKind, OriError, Place, Resolution, agencies_of, find_by_name, find_by_name_in, find_by_ori, looks_like_ori, places_in,
    resolve,
};

fn one(text: &str) -> Agency {
    match resolve(text) {
        Resolution::One(agency) => agency,
        other => panic!("{text}: {other:?}"),
    }
}

fn many(text: &str) -> Vec<Agency> {
    match resolve(text) {
        Resolution::Many(agencies) => agencies,
        other => panic!("{text}: {other:?}"),
    }
}

fn near(text: &str) -> Vec<Agency> {
    match resolve(text) {
        Resolution::None { near } => near,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn every_row_is_found_by_ori_and_by_its_own_name() {
    let mut rows = 0;
    for line in include_str!("../data/agencies.tsv").lines() {
        let fields: Vec<_> = line.split('\t').collect();
        let (id, name) = (fields[0], fields[2]);
        let mut ori = None;
        if !id.starts_with("x-") {
            let agency = find_by_ori(id).unwrap();
            assert_eq!((agency.ori.as_deref(), agency.name.as_str()), (Some(id), name));
            assert_eq!(agency.kind.to_string(), fields[3]);
            assert!(looks_like_ori(id), "{id}");
            assert!(agency.state().is_some(), "{line}");
            assert!(agency.published_name().is_some_and(|name| !name.is_empty()), "{line}");
            ori = Some(id);
            rows += 1;
        }
        assert!(Place::find(fields[4]).is_some(), "{line}");
        assert!(!name.ends_with([':', ',']) && name.trim() == name, "{line}");
        // A unit of a larger agency may step back behind that agency.
        let found = find_by_name_in(name, fields[4]);
        let listed = found.agencies().iter().any(|agency| agency.ori.as_deref() == ori);
        assert!(!matches!(found, Resolution::None { .. }), "{line}");
        assert!(listed || fields[6].contains('s'), "{line}: {found:?}");
    }
    assert_eq!(rows, 18_330 - 58);
}

#[test]
fn scenario_agencies_have_a_kind_and_a_place() {
    let list = include_str!("scenario-agencies.tsv");
    let mut found = 0;
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<_> = line.split('\t').collect();
        let kind: AgencyKind = fields[1].parse().unwrap();
        assert!(Place::find(fields[2]).is_some(), "{line}");
        // Where the list has the agency, kind and place agree. (A "Florida city police" that
        // does not exist is not the police of Florida City.)
        if !fields[0].contains("hypothetical")
            && let Resolution::One(agency) = find_by_name_in(fields[0], fields[2])
        {
            assert_eq!((agency.kind, agency.place.as_str()), (kind, fields[2]), "{line}");
            found += 1;
        }
    }
    assert!(found > 80, "{found}");
}

#[test]
fn what_a_clerk_types() {
    for (text, ori) in [
        ("Los Angeles Police Department", "CA0194200"),
        ("LOS ANGELES POLICE DEPT.", "CA0194200"),
        ("LAPD", "CA0194200"),
        ("CA0194200", "CA0194200"),
        ("ca01942", "CA0194200"),
        ("Los Angeles County Sheriff's Department", "CA0190000"),
        ("LA County Sheriff", "CA0190000"),
        ("LASD", "CA0190000"),
        ("Sheriff of Kern County", "CA0150000"),
        ("kern county s.o.", "CA0150000"),
        ("NYPD", "NY0303000"),
        ("New York City Police Department", "NY0303000"),
        ("Chicago PD", "ILCPD0000"),
        ("Metropolitan Police Department", "DCMPD0000"),
        ("Washington, D.C. Metropolitan Police", "DCMPD0000"),
        ("Salem Police, Oregon", "OR0240200"),
        ("Salem PD OR", "OR0240200"),
        ("Kansas City, Kansas Police Department", "KS1050200"),
        ("Kansas City, MO Police", "MOKPD0000"),
        ("City of Los Angeles Police Department", "CA0194200"),
        ("Doña Ana County Sheriff", "NM0070000"),
        ("NY State Police", "NY301SG00"),
        ("Jefferson Parish Sheriff's Office", "LA0260000"),
        ("Richmond City Sheriff", "VA1220100"),
        ("Nassau County Police Department", "NY0290000"),
    ] {
        assert_eq!(one(text).ori.as_deref(), Some(ori), "{text}");
    }
    for (text, place, kind) in [
        ("CHP", "us-ca", AgencyKind::StatePolice),
        ("California Highway Patrol", "us-ca", AgencyKind::StatePolice),
        ("Highway Patrol, California", "us-ca", AgencyKind::StatePolice),
        ("Illinois State Police", "us-il", AgencyKind::StatePolice),
        ("West Virginia State Police", "us-wv", AgencyKind::StatePolice),
        ("Kansas Highway Patrol", "us-ks", AgencyKind::StatePolice),
        ("CDCR", "us-ca", AgencyKind::StateCorrections),
        ("California Department of Corrections and Rehabilitation", "us-ca", AgencyKind::StateCorrections),
        ("Santa Clara County Dept of Correction", "us-ca/santa-clara-county", AgencyKind::Jail),
        ("Rikers Island", "us-ny/new-york-city", AgencyKind::Jail),
        ("NYC DOC", "us-ny/new-york-city", AgencyKind::Jail),
        ("Cook County Jail", "us-il/cook-county", AgencyKind::Jail),
        ("King County DAJD", "us-wa/king-county", AgencyKind::Jail),
        ("D.C. Department of Corrections", "us-dc", AgencyKind::Jail),
        ("Las Vegas Metropolitan Police Department", "us-nv/clark-county", AgencyKind::Police),
        ("Denver Police Department, Colorado", "us-co/denver", AgencyKind::Police),
    ] {
        let agency = one(text);
        assert_eq!((agency.place.as_str(), agency.kind), (place, kind), "{text}");
    }
}

#[test]
fn several_states_are_many() {
    let franklin = many("Franklin County Sheriff");
    let states: std::collections::HashSet<_> = franklin.iter().map(|a| a.state().unwrap()).collect();
    assert_eq!(states.len(), franklin.len());
    assert!(states.len() >= 15, "{}", states.len());
    assert!(franklin.iter().all(|a| a.counties()[0].name == "Franklin County"));
    assert_eq!(one("Franklin County Sheriff, Ohio").ori.as_deref(), Some("OH0250000"));
    for name in [
        "Orange County Sheriff",
        "Washington County Sheriff's Office",
        "Houston Police",
        "Kansas City PD",
        "Springfield Police Department",
        "Penn Township Police",
        "CPD",
        "ISP",
    ] {
        assert!(many(name).len() > 1, "{name}");
    }
    // Every name that the index holds for two states gives both.
    let mut lines = include_str!("../data/names.tsv").lines().peekable();
    let mut shared = 0;
    while let Some(line) = lines.next() {
        let (key, id) = line.split_once('\t').unwrap();
        if let Some((next, other)) = lines.peek().and_then(|line| line.split_once('\t'))
            && next == key
            && other[..2] != id[..2]
            && shared < 300
        {
            assert!(many(key).len() > 1, "{key}");
            shared += 1;
        }
    }
    assert_eq!(shared, 300);
    // Two of one state: the county tells.
    assert!(many("Washington Township Police, NJ").len() > 1);
    let morris = one("Washington Township Police, Morris County, NJ");
    assert_eq!(morris.place, "us-nj/washington-township-morris-county");
    assert_eq!(morris.to_string(), "Washington Township Police Department (Morris County) (NJ0143800; Morris County, New Jersey)");
}

#[test]
fn nothing_is_invented() {
    let names = |text: &str| near(text).into_iter().map(|a| a.name).collect::<Vec<_>>();
    assert!(names("Los Angelos Police Department").contains(&"Los Angeles Police Department".to_owned()));
    assert!(names("Kern County Jail").iter().any(|name| name == "Kern County Sheriff's Office"));
    assert!(names("Los Angeles Police Department, Ohio").iter().any(|name| name.contains("Los Angeles")));
    assert!(names("Los Angeles").iter().any(|name| name == "Los Angeles Police Department"));
    assert!(names("").is_empty());
    assert!(names("Police").is_empty());
    assert!(names("County Sheriff").is_empty());
}

#[test]
fn oris() {
    assert_eq!(find_by_ori("CA-0194200").unwrap().name, "Los Angeles Police Department");
    for text in ["", "CA", "CA019420", "1234567", "CA01942000", "ÇA0194200", "C\u{0}0194200"] {
        assert_eq!(find_by_ori(text), Err(OriError::Malformed), "{text}");
    }
    let Err(OriError::Unknown { near }) = find_by_ori("CA0194299") else { panic!() };
    assert!(!near.is_empty());
    assert!(matches!(find_by_ori("DCFBIWA01"), Err(OriError::Federal { .. })));
    assert!(matches!(find_by_ori("ZZ0000000"), Err(OriError::Unknown { .. })));
    let tribe = find_by_ori("CADIT0000").unwrap();
    assert!(tribe.is_tribal() && tribe.place == "us" && tribe.state() == Some("us-ca"));
    assert!(!find_by_ori("CA0194200").unwrap().is_tribal());
    assert_eq!(find_by_ori("CA0150000").unwrap().published_name(), Some("Kern"));
}

#[test]
fn lists() {
    let of = |slug: &str| agencies_of(slug).map(|agency| agency.name).collect::<Vec<_>>();
    let frisco = of("us-ca/san-francisco");
    assert!(frisco.contains(&"San Francisco Police Department".to_owned()));
    assert!(frisco.contains(&"San Francisco Sheriff's Office".to_owned()));
    assert!(of("us-ca").contains(&"California Department of Corrections and Rehabilitation".to_owned()));
    assert!(of("us-ca/nowhere").is_empty() && of("").is_empty() && of("police").is_empty());
    // Every agency stands in exactly one list.
    let all: usize = places_in("us")
        .map(|state| {
            agencies_of(state.slug).count() + places_in(state.slug).take(5).map(|place| agencies_of(place.slug).count()).sum::<usize>()
        })
        .sum();
    assert!(all > 1000);
}

#[test]
fn a_place_narrows() {
    let franklin = find_by_name_in("Franklin County Sheriff", "us-oh").one().unwrap();
    assert_eq!(franklin.ori.as_deref(), Some("OH0250000"));
    assert!(find_by_name_in("Highway Patrol", "us-ca").one().is_some());
    assert!(find_by_name_in("Los Angeles Police Department", "us-ca/los-angeles-county").one().is_some());
    assert!(find_by_name_in("Los Angeles Police Department", "us-ny").one().is_none());
    assert!(matches!(find_by_name("Franklin County Sheriff"), Resolution::Many(_)));
}
