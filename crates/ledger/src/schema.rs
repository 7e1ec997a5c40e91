//! The one schema: migrations written once, read for either database.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, SqlSafeStr};
use std::collections::BTreeMap;

/// The databases that a ledger runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite, in one file.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// All migrations in their order; the desk's tables are among them. Never edit one that was released: add another.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "ledger", include_str!("../migrations/0001_ledger.sql")),
    (2, "desk", include_str!("../migrations/0002_desk.sql")),
    (3, "openid", include_str!("../migrations/0003_openid.sql")),
];

/// The migrations as the database understands them.
pub(crate) fn migrations(dialect: Dialect) -> Vec<Migration> {
    let one = |(version, name, sql): &(i64, &'static str, &'static str)| {
        let sql = match dialect {
            Dialect::Postgres => (*sql).to_owned(),
            Dialect::Sqlite => sql.replace("BIGINT", "INTEGER").replace("BYTEA", "BLOB").replace("\n);", "\n) STRICT;"),
        };
        Migration::new(*version, (*name).into(), MigrationType::Simple, AssertSqlSafe(sql).into_sql_str(), false)
    };
    MIGRATIONS.iter().map(one).collect()
}

/// What brings a database up to date.
pub(crate) fn migrator(dialect: Dialect) -> Migrator {
    Migrator::with_migrations(migrations(dialect))
}

/// The names of all tables, each after those that it refers to.
pub(crate) fn tables() -> Vec<&'static str> {
    let sql = MIGRATIONS.iter().flat_map(|(_, _, sql)| sql.lines());
    sql.filter_map(|line| line.strip_prefix("CREATE TABLE ")?.split_whitespace().next()).collect()
}

/// The schema that the migrations make in SQLite, from a database in memory.
pub(crate) async fn expected_schema() -> sqlx::Result<BTreeMap<String, String>> {
    static ONCE: tokio::sync::OnceCell<BTreeMap<String, String>> = tokio::sync::OnceCell::const_new();
    let made = ONCE.get_or_try_init(|| async {
        let mut memory = AnyConnection::connect("sqlite::memory:").await?;
        migrator(Dialect::Sqlite).run_direct(None, &mut memory, false).await.map_err(|e| sqlx::Error::Configuration(Box::new(e)))?;
        crate::verify::read_schema(&mut memory).await
    });
    Ok(made.await?.clone())
}
