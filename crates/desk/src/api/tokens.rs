//! Tokens by which programs call the API; only hashes are kept.

use crate::http::failure::Failure;
use crate::people::{accounts, token};
use crate::record::Record;
use sqlx::AnyConnection;

/// A new token of an account.
pub(crate) async fn create(connection: &mut AnyConnection, account: &str, now: i64) -> Result<String, Failure> {
    let (Some(secret), Some(id)) = (token::fresh(), token::id()) else { return Err(Failure::internal("no random bytes")) };
    let query = sqlx::query("INSERT INTO api_token (id, token, account, label, created) VALUES ($1, $2, $3, $4, $5)");
    query.bind(id).bind(token::kept(&secret)).bind(account).bind("given by its owner").bind(now).execute(connection).await?;
    Ok(secret)
}

/// How many tokens an account has.
pub(crate) async fn count(record: &Record, account: &str) -> Result<i64, Failure> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM api_token WHERE account = $1").bind(account).fetch_one(record.pool()).await?)
}

/// Takes all tokens of an account away.
pub(crate) async fn end_all(connection: &mut AnyConnection, account: &str) -> Result<(), Failure> {
    sqlx::query("DELETE FROM api_token WHERE account = $1").bind(account).execute(connection).await?;
    Ok(())
}

/// The account of a token.
pub(crate) async fn account_of(record: &Record, secret: &str) -> Result<Option<accounts::Account>, Failure> {
    let query = sqlx::query_scalar("SELECT account FROM api_token WHERE token = $1");
    let account: Option<String> = query.bind(token::kept(secret)).fetch_optional(record.pool()).await?;
    match account {
        Some(account) => accounts::find(record, &account).await,
        None => Ok(None),
    }
}
