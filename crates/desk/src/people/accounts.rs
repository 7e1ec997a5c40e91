//! Accounts as they are kept.

use crate::http::Role;
use crate::http::failure::Failure;
use crate::people::{token, totp};
use crate::record::Record;
use serde_json::json;
use sqlx::Row;
use sqlx::any::AnyRow;

/// An account.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) password: String,
    /// The password was given by another: it has to be changed first.
    pub(crate) must_change: bool,
    /// Since when it is locked, in milliseconds since 1970; 0: it is not.
    pub(crate) locked: i64,
    pub(crate) disabled: bool,
    pub(crate) used: i64,
    /// The pseudonym under whose key the secret of the second factor lies.
    keyring: String,
    totp: Option<Vec<u8>>,
    pub(crate) totp_step: i64,
    /// The subject of the sign-in provider whose account it is, as a hash.
    pub(crate) openid: Option<String>,
}

impl Account {
    fn of(row: &AnyRow) -> Result<Self, Failure> {
        let role: String = row.try_get("role")?;
        Ok(Self {
            id: row.try_get("id")?,
            login: row.try_get("login")?,
            name: row.try_get("name")?,
            role: Role::of(&role).ok_or_else(|| Failure::internal("an account has a role that does not exist"))?,
            password: row.try_get("password")?,
            must_change: row.try_get::<i64, _>("must_change")? != 0,
            locked: row.try_get("locked")?,
            disabled: row.try_get::<i64, _>("disabled")? != 0,
            used: row.try_get("used")?,
            keyring: row.try_get("keyring")?,
            totp: row.try_get("totp")?,
            totp_step: row.try_get("totp_step")?,
            openid: row.try_get("openid")?,
        })
    }

    /// Whether a second factor is set up.
    pub(crate) fn has_totp(&self) -> bool {
        self.totp.is_some()
    }

    /// The secret of the second factor.
    pub(crate) async fn totp(&self, record: &Record) -> Result<Option<Vec<u8>>, Failure> {
        let Some(sealed) = &self.totp else { return Ok(None) };
        let value = record.unseal(&self.keyring, &format!("totp {}", self.id), sealed).await?;
        serde_json::from_value(value).map(Some).map_err(Failure::internal)
    }
}

/// A new account; gives its id. Fails with a conflict if the log-in name is taken.
pub(crate) async fn create(record: &Record, login: &str, name: &str, role: Role, password: &str, now: i64) -> Result<String, Failure> {
    if find_by_login(record, login).await?.is_some() {
        return Err(Failure::conflict("Another account has this log-in name; names are never used again"));
    }
    insert(record, &New { login, name, role, password: &hashed(password).await?, openid: None }, now).await
}

/// The account of a subject of the sign-in provider; it has no password, and its log-in name is for lists only. Gives its id.
pub(crate) async fn create_openid(record: &Record, subject: &str, name: &str, role: Role, now: i64) -> Result<String, Failure> {
    let login = format!("openid-{}", subject.get(..12).unwrap_or(subject));
    insert(record, &New { login: &login, name, role, password: "", openid: Some(subject) }, now).await
}

struct New<'n> {
    login: &'n str,
    name: &'n str,
    role: Role,
    password: &'n str,
    openid: Option<&'n str>,
}

async fn insert(record: &Record, new: &New<'_>, now: i64) -> Result<String, Failure> {
    let id = format!("a-{}", token::id().ok_or_else(|| Failure::internal("no random bytes"))?);
    let mut tx = record.begin().await?;
    let keyring = tx.new_person().await?;
    sqlx::query(
        "INSERT INTO account (id, login, name, role, password, must_change, locked, disabled, created, used, keyring, totp, totp_step, openid) \
         VALUES ($1, $2, $3, $4, $5, $8, 0, 0, $6, 0, $7, NULL, 0, $9)",
    )
    .bind(&id)
    .bind(new.login)
    .bind(new.name)
    .bind(new.role.as_str())
    .bind(new.password)
    .bind(now)
    .bind(keyring.0)
    .bind(i64::from(new.openid.is_none()))
    .bind(new.openid)
    .execute(tx.connection())
    .await?;
    tx.commit().await?;
    Ok(id)
}

pub(crate) async fn hashed(password: &str) -> Result<String, Failure> {
    let password = password.to_owned();
    tokio::task::spawn_blocking(move || super::password::hash(&password)).await.map_err(Failure::internal)?.map_err(Failure::internal)
}

pub(crate) async fn find(record: &Record, id: &str) -> Result<Option<Account>, Failure> {
    let row = sqlx::query("SELECT * FROM account WHERE id = $1").bind(id).fetch_optional(record.pool()).await?;
    row.as_ref().map(Account::of).transpose()
}

pub(crate) async fn find_by_login(record: &Record, login: &str) -> Result<Option<Account>, Failure> {
    let row = sqlx::query("SELECT * FROM account WHERE login = $1").bind(login).fetch_optional(record.pool()).await?;
    row.as_ref().map(Account::of).transpose()
}

pub(crate) async fn find_by_openid(record: &Record, subject: &str) -> Result<Option<Account>, Failure> {
    let row = sqlx::query("SELECT * FROM account WHERE openid = $1").bind(subject).fetch_optional(record.pool()).await?;
    row.as_ref().map(Account::of).transpose()
}

/// Gives an account another role.
pub(crate) async fn set_role(record: &Record, id: &str, role: Role) -> Result<(), Failure> {
    sqlx::query("UPDATE account SET role = $2 WHERE id = $1").bind(id).bind(role.as_str()).execute(record.pool()).await?;
    Ok(())
}

pub(crate) async fn all(record: &Record) -> Result<Vec<Account>, Failure> {
    let rows = sqlx::query("SELECT * FROM account ORDER BY login").fetch_all(record.pool()).await?;
    rows.iter().map(Account::of).collect()
}

/// The names of accounts by their ids, for pages.
pub(crate) async fn names(record: &Record) -> Result<std::collections::HashMap<String, String>, Failure> {
    let rows = sqlx::query("SELECT id, name FROM account").fetch_all(record.pool()).await?;
    rows.iter().map(|row| Ok((row.try_get("id")?, row.try_get("name")?))).collect()
}

/// Sets a password that the person chose, or one that another gave.
pub(crate) async fn set_password(record: &Record, id: &str, password: &str, given: bool) -> Result<(), Failure> {
    let hash = hashed(password).await?;
    sqlx::query("UPDATE account SET password = $2, must_change = $3 WHERE id = $1")
        .bind(id)
        .bind(hash)
        .bind(i64::from(given))
        .execute(record.pool())
        .await?;
    Ok(())
}

/// Sets up a second factor.
pub(crate) async fn set_totp(record: &Record, account: &Account, secret: &[u8], step: i64) -> Result<(), Failure> {
    let sealed = record.seal(&account.keyring, &format!("totp {}", account.id), &json!(secret)).await?;
    let query = sqlx::query("UPDATE account SET totp = $2, totp_step = $3 WHERE id = $1");
    query.bind(&account.id).bind(sealed).bind(step).execute(record.pool()).await?;
    Ok(())
}

/// Takes the second factor away.
pub(crate) async fn clear_totp(record: &Record, id: &str) -> Result<(), Failure> {
    sqlx::query("UPDATE account SET totp = NULL, totp_step = 0 WHERE id = $1").bind(id).execute(record.pool()).await?;
    Ok(())
}

/// Whether the code is right, and notes its step so that it counts once.
pub(crate) async fn take_code(record: &Record, account: &Account, code: &str, now_seconds: u64) -> Result<bool, Failure> {
    let Some(secret) = account.totp(record).await? else { return Ok(false) };
    let Some(step) = totp::step(&secret, code, now_seconds, account.totp_step) else { return Ok(false) };
    // Two requests with the same code at once: only one of them changes the row.
    let query = sqlx::query("UPDATE account SET totp_step = $2 WHERE id = $1 AND totp_step < $2");
    let done = query.bind(&account.id).bind(step).execute(record.pool()).await?;
    Ok(done.rows_affected() == 1)
}

/// Notes an attempt to log in; gives how many there were since `since`. Success forgets them.
pub(crate) async fn failed(record: &Record, id: &str, now: i64, since: i64) -> Result<i64, Failure> {
    sqlx::query("INSERT INTO log_in_failure (account, time) VALUES ($1, $2)").bind(id).bind(now).execute(record.pool()).await?;
    let query = sqlx::query_scalar("SELECT COUNT(*) FROM log_in_failure WHERE account = $1 AND time >= $2");
    Ok(query.bind(id).bind(since).fetch_one(record.pool()).await?)
}

/// Locks against logging in; whether it was not locked before. Who is logged in stays so: else anyone could send everyone home.
pub(crate) async fn lock(record: &Record, id: &str, since: i64) -> Result<bool, Failure> {
    let query = sqlx::query("UPDATE account SET locked = $2 WHERE id = $1 AND locked = 0");
    Ok(query.bind(id).bind(since).execute(record.pool()).await?.rows_affected() == 1)
}

/// Releases.
pub(crate) async fn release(record: &Record, id: &str) -> Result<(), Failure> {
    sqlx::query("UPDATE account SET locked = 0 WHERE id = $1").bind(id).execute(record.pool()).await?;
    sqlx::query("DELETE FROM log_in_failure WHERE account = $1").bind(id).execute(record.pool()).await?;
    Ok(())
}

/// Disables or enables; disabling ends all sessions.
pub(crate) async fn set_disabled(record: &Record, id: &str, disabled: bool) -> Result<(), Failure> {
    sqlx::query("UPDATE account SET disabled = $2 WHERE id = $1").bind(id).bind(i64::from(disabled)).execute(record.pool()).await?;
    if disabled {
        super::sessions::end_all(record, id, "").await?;
        crate::api::tokens::end_all(record, id).await?;
    }
    Ok(())
}

/// Notes that somebody logged in.
pub(crate) async fn set_used(record: &Record, id: &str, now: i64) -> Result<(), Failure> {
    sqlx::query("UPDATE account SET used = $2 WHERE id = $1").bind(id).bind(now).execute(record.pool()).await?;
    sqlx::query("DELETE FROM log_in_failure WHERE account = $1").bind(id).execute(record.pool()).await?;
    Ok(())
}
