//! The one schema: migrations written once, read for either database.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

/// The databases that a ledger runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite, in one file.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// All migrations in their order; the desk's tables are among them. Never edit one that was released: add another.
const MIGRATIONS: &[(i64, &str, &str)] = &[(1, "ledger", include_str!("../migrations/0001_ledger.sql"))];

/// The migrations as the database understands them.
pub(crate) fn migrator(dialect: Dialect) -> Migrator {
    let one = |(version, name, sql): &(i64, &'static str, &'static str)| {
        let sql = match dialect {
            Dialect::Postgres => (*sql).to_owned(),
            Dialect::Sqlite => sql.replace("BIGINT", "INTEGER").replace("BYTEA", "BLOB").replace("\n);", "\n) STRICT;"),
        };
        Migration::new(*version, (*name).into(), MigrationType::Simple, AssertSqlSafe(sql).into_sql_str(), false)
    };
    Migrator::with_migrations(MIGRATIONS.iter().map(one).collect())
}

/// The names of all tables, each after those that it refers to.
pub(crate) fn tables() -> Vec<&'static str> {
    let sql = MIGRATIONS.iter().flat_map(|(_, _, sql)| sql.lines());
    sql.filter_map(|line| line.strip_prefix("CREATE TABLE ")?.split_whitespace().next()).collect()
}
