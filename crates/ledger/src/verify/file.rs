//! The SQLite file below the record: header, pages, indices, schema.

use super::{Place, Report};
use crate::schema::{Dialect, expected_schema, migrations};
use crate::store::APPLICATION_ID;
use sqlx::{AnyConnection, Row};
use std::collections::BTreeMap;
use std::path::Path;

/// Fields of the header that have one right value here (SQLite file format, section 1.3).
pub(super) fn check_header(path: &Path, report: &mut Report) {
    let mut header = [0; 100];
    let read = std::fs::File::open(path).and_then(|mut f| std::io::Read::read_exact(&mut f, &mut header));
    if let Err(error) = read {
        return report.add(Place::File("header".to_owned()), format!("it cannot be read: {error}"));
    }
    // Page 1 may be newer in the write-ahead log, as long as that has not been folded into the file.
    let mut wal = path.as_os_str().to_owned();
    wal.push("-wal");
    if std::fs::metadata(&wal).is_ok_and(|wal| wal.len() > 0) {
        return;
    }
    let number = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let mut expect = |what: &str, right: bool| {
        if !right {
            report.add(Place::File(format!("header, {what}")), "it has a value that no ledger has");
        }
    };
    expect("magic text", header.starts_with(b"SQLite format 3\0"));
    expect("page size", header[16..18] == [0x10, 0x00]);
    expect("read and write version", header[18..20] == [2, 2]);
    expect("reserved space", header[20] == 0);
    expect("payload fractions", header[21..24] == [64, 32, 32]);
    expect("schema format", number(44) == 4);
    expect("default cache size", number(48) == 0);
    expect("largest root page", number(52) == 0);
    expect("text encoding", number(56) == 1);
    expect("user version", number(60) == 0);
    expect("incremental vacuum", number(64) == 0);
    expect("application id", i64::from(number(68)) == APPLICATION_ID);
    expect("reserved for expansion", header[72..92].iter().all(|byte| *byte == 0));
    expect("change counter and version-valid-for", number(24) == number(92));
}

/// What SQLite itself finds, and the schema as the migrations make it.
pub(super) async fn check_structure(connection: &mut AnyConnection, report: &mut Report) {
    match sqlx::query("PRAGMA integrity_check(100)").fetch_all(&mut *connection).await {
        Ok(rows) => {
            for row in rows {
                match row.try_get::<String, _>(0) {
                    Ok(text) if text == "ok" => {}
                    Ok(text) => report.add(Place::File("pages".to_owned()), text),
                    Err(error) => report.add(Place::File("pages".to_owned()), error.to_string()),
                }
            }
        }
        Err(error) => report.add(Place::File("pages".to_owned()), error.to_string()),
    }
    match sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut *connection).await {
        Ok(rows) => {
            for row in rows {
                let table: String = row.try_get(0).unwrap_or_default();
                report.add(Place::Schema(format!("table {table}")), "a row refers to one that is not there");
            }
        }
        Err(error) => report.add(Place::File("pages".to_owned()), error.to_string()),
    }
    check_schema(connection, report).await;
    check_migrations(connection, report).await;
}

async fn check_schema(connection: &mut AnyConnection, report: &mut Report) {
    let expected = match expected_schema().await {
        Ok(expected) => expected,
        Err(error) => return report.add(Place::Schema("expected".to_owned()), error.to_string()),
    };
    let found = match read_schema(connection).await {
        Ok(found) => found,
        Err(error) => return report.add(Place::Schema("sqlite_schema".to_owned()), error.to_string()),
    };
    for (name, sql) in &expected {
        match found.get(name) {
            None => report.add(Place::Schema(name.clone()), "it is missing"),
            Some(other) if other != sql => report.add(Place::Schema(name.clone()), "it is not defined as this version defines it"),
            Some(_) => {}
        }
    }
    for name in found.keys().filter(|name| !expected.contains_key(*name)) {
        report.add(Place::Schema(name.clone()), "no ledger has it");
    }
}

/// Each thing in the schema: its kind and name, and how it is defined.
pub(crate) async fn read_schema(connection: &mut AnyConnection) -> sqlx::Result<BTreeMap<String, String>> {
    let rows = sqlx::query("SELECT type || ' ' || name AS name, tbl_name || ': ' || COALESCE(sql, '') AS sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'")
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| Ok((row.try_get("name")?, row.try_get("sql")?))).collect()
}

async fn check_migrations(connection: &mut AnyConnection, report: &mut Report) {
    let place = || Place::Schema("migrations".to_owned());
    let rows = match sqlx::query("SELECT version, checksum FROM _sqlx_migrations ORDER BY version").fetch_all(connection).await {
        Ok(rows) => rows,
        Err(error) => return report.add(place(), error.to_string()),
    };
    let found: Vec<(i64, Vec<u8>)> =
        rows.iter().filter_map(|row| Some((row.try_get("version").ok()?, row.try_get("checksum").ok()?))).collect();
    let expected: Vec<(i64, Vec<u8>)> = migrations(Dialect::Sqlite).into_iter().map(|m| (m.version, m.checksum.to_vec())).collect();
    if found != expected {
        report.add(place(), "they are not those of this version; open the ledger once with it, or verify with the version that wrote it");
    }
}
