//! Sessions: random tokens of which only hashes are kept, an end for idleness and an end in any case.

use super::token;
use crate::config::Config;
use crate::http::failure::Failure;
use crate::record::Record;
use sqlx::{AnyConnection, Row};

/// A session of an account.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) created: i64,
    pub(crate) seen: i64,
}

/// How much time may pass before it is noted that a session is in use, in milliseconds.
const GRAIN: i64 = 20_000;

/// Begins a session; gives its token, which is nowhere else.
pub(crate) async fn begin(record: &Record, account: &str, now: i64) -> Result<String, Failure> {
    let (Some(secret), Some(id)) = (token::fresh(), token::id()) else { return Err(Failure::internal("no random bytes")) };
    let query = sqlx::query("INSERT INTO session (id, token, account, created, seen) VALUES ($1, $2, $3, $4, $4)");
    query.bind(id).bind(token::kept(&secret)).bind(account).bind(now).execute(record.pool()).await?;
    Ok(secret)
}

/// The session of a token, if it has not ended; ends it if its time is up, and notes that it is in use.
pub(crate) async fn find(record: &Record, config: &Config, secret: &str, now: i64) -> Result<Option<Session>, Failure> {
    let query = sqlx::query("SELECT id, account, created, seen FROM session WHERE token = $1");
    let Some(row) = query.bind(token::kept(secret)).fetch_optional(record.pool()).await? else { return Ok(None) };
    let session =
        Session { id: row.try_get("id")?, account: row.try_get("account")?, created: row.try_get("created")?, seen: row.try_get("seen")? };
    let idle = i64::from(config.session.idle_minutes) * 60_000;
    let whole = i64::from(config.session.absolute_hours) * 3_600_000;
    if now - session.seen > idle || now - session.created > whole {
        end(record, &session.id).await?;
        return Ok(None);
    }
    // Not where the disk cannot be written: reading goes on.
    if now - session.seen > GRAIN {
        let noted = sqlx::query("UPDATE session SET seen = $2 WHERE id = $1").bind(&session.id).bind(now).execute(record.pool()).await;
        if let Err(error) = noted {
            tracing::warn!(%error, "a session in use could not be noted");
        }
    }
    Ok(Some(session))
}

/// The sessions of an account, the latest first.
pub(crate) async fn of(record: &Record, account: &str) -> Result<Vec<Session>, Failure> {
    let query = sqlx::query("SELECT id, account, created, seen FROM session WHERE account = $1 ORDER BY seen DESC");
    let rows = query.bind(account).fetch_all(record.pool()).await?;
    rows.iter()
        .map(|row| {
            Ok(Session {
                id: row.try_get("id")?,
                account: row.try_get("account")?,
                created: row.try_get("created")?,
                seen: row.try_get("seen")?,
            })
        })
        .collect()
}

/// Ends a session.
pub(crate) async fn end(record: &Record, id: &str) -> Result<(), Failure> {
    sqlx::query("DELETE FROM session WHERE id = $1").bind(id).execute(record.pool()).await?;
    Ok(())
}

/// Ends all sessions of an account but one.
pub(crate) async fn end_all(connection: &mut AnyConnection, account: &str, but: &str) -> Result<(), Failure> {
    sqlx::query("DELETE FROM session WHERE account = $1 AND id <> $2").bind(account).bind(but).execute(connection).await?;
    Ok(())
}
