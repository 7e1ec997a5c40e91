//! What lies beside the log: personal parts and the keys of persons.

use super::{Place, Report};
use crate::entry::{Entry, PersonId};
use crate::hash::Hash;
use crate::keys::{Keys, Secret};
use crate::vault;
use sqlx::{AnyConnection, Row};
use std::collections::{BTreeMap, BTreeSet};

pub(super) type KeyCache = BTreeMap<PersonId, Option<Secret>>;

/// Personal parts that are gone, and those that entries name as destroyed.
#[derive(Debug, Default)]
pub(super) struct Destroyed {
    pub(super) named: BTreeSet<u64>,
    missing: BTreeSet<u64>,
    present: BTreeSet<u64>,
}

/// What is gone must have been destroyed by an entry, and what was destroyed must be gone.
pub(super) fn settle(destroyed: Destroyed, partly: bool, report: &mut Report) {
    for index in destroyed.missing.difference(&destroyed.named) {
        report.add(Place::Personal(*index), "it is missing, and no entry says that it was destroyed");
    }
    for index in destroyed.present.intersection(&destroyed.named) {
        report.add(Place::Personal(*index), "an entry says that it was destroyed, but it is there");
    }
    report.destroyed = if partly { destroyed.named.len() as u64 } else { destroyed.missing.intersection(&destroyed.named).count() as u64 };
}

/// The encrypted personal parts of a block.
pub(super) async fn sealed_between(
    connection: &mut AnyConnection,
    from: u64,
    to: u64,
    report: &mut Report,
) -> BTreeMap<u64, (PersonId, Vec<u8>)> {
    let sql = "SELECT idx, person, sealed FROM personal WHERE idx >= $1 AND idx < $2 ORDER BY idx";
    let rows = match sqlx::query(sql).bind(from as i64).bind(to as i64).fetch_all(&mut *connection).await {
        Ok(rows) => rows,
        Err(_) => {
            let mut rows = Vec::new();
            for index in from..to {
                match sqlx::query(sql).bind(index as i64).bind(index as i64 + 1).fetch_optional(&mut *connection).await {
                    Ok(row) => rows.extend(row),
                    Err(error) => report.add(Place::Personal(index), error.to_string()),
                }
            }
            rows
        }
    };
    let mut found = BTreeMap::new();
    for row in &rows {
        match (row.try_get::<i64, _>("idx"), row.try_get("person"), row.try_get("sealed")) {
            (Ok(index), Ok(person), Ok(sealed)) => {
                found.insert(index as u64, (PersonId(person), sealed));
            }
            _ => report.add(Place::Schema("table personal".to_owned()), "a row cannot be read"),
        }
    }
    found
}

/// Holds the personal part of an entry against what the log keeps of it.
pub(super) async fn check_personal(
    connection: &mut AnyConnection,
    entry: &Entry,
    sealed: Option<(PersonId, Vec<u8>)>,
    keys: Option<&Keys>,
    cache: &mut KeyCache,
    destroyed: &mut Destroyed,
    report: &mut Report,
) {
    let place = || Place::Personal(entry.index);
    let (kept, person, sealed) = match (&entry.personal, sealed) {
        (None, None) => return,
        (None, Some(_)) => return report.add(place(), "its entry speaks of none"),
        (Some(_), None) => {
            destroyed.missing.insert(entry.index);
            return;
        }
        (Some(kept), Some((person, sealed))) => (kept, person, sealed),
    };
    destroyed.present.insert(entry.index);
    if Hash::of(&sealed).hex() != kept.sealed {
        return report.add(place(), "its encrypted bytes are not those that the log names");
    }
    report.personal += 1;
    let Some(keys) = keys else { return };
    if !cache.contains_key(&person) {
        let wrapped = sqlx::query("SELECT wrapped FROM person_key WHERE person = $1").bind(&person.0).fetch_optional(connection).await;
        let wrapped = wrapped.ok().flatten().and_then(|row| row.try_get::<Vec<u8>, _>("wrapped").ok());
        cache.insert(person.clone(), wrapped.and_then(|wrapped| vault::unwrap(&keys.master, &person, &wrapped)));
    }
    match cache.get(&person).and_then(Option::as_ref) {
        None => report.add(place(), format!("the key of its person {} is missing, or does not unwrap under this key file", person.0)),
        Some(key) => match vault::open_personal(key, entry.index, &sealed, kept) {
            Ok(_) => report.opened += 1,
            Err(what) => report.add(place(), what),
        },
    }
}

/// Every person has a key that unwraps, and every key a person.
pub(super) async fn check_persons(connection: &mut AnyConnection, keys: Option<&Keys>, report: &mut Report) {
    let table = |name: &str| Place::Schema(format!("table {name}"));
    let persons = match sqlx::query("SELECT id FROM person").fetch_all(&mut *connection).await {
        Ok(rows) => rows.iter().filter_map(|row| row.try_get::<String, _>("id").ok()).collect::<BTreeSet<_>>(),
        Err(error) => return report.add(table("person"), error.to_string()),
    };
    let rows = match sqlx::query("SELECT person, wrapped FROM person_key").fetch_all(connection).await {
        Ok(rows) => rows,
        Err(error) => return report.add(table("person_key"), error.to_string()),
    };
    let mut keyed = BTreeSet::new();
    for row in rows {
        let (Ok(person), Ok(wrapped)) = (row.try_get::<String, _>("person"), row.try_get::<Vec<u8>, _>("wrapped")) else {
            report.add(table("person_key"), "a row cannot be read");
            continue;
        };
        if keys.is_some_and(|keys| vault::unwrap(&keys.master, &PersonId(person.clone()), &wrapped).is_none()) {
            report.add(Place::Person(person.clone()), "it does not unwrap under this key file");
        }
        keyed.insert(person);
    }
    for person in persons.symmetric_difference(&keyed) {
        report.add(Place::Person(person.clone()), "the person or the key is missing");
    }
}
