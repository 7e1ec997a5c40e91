//! Accounts as they are kept.

use crate::api::tokens;
use crate::http::Role;
use crate::http::failure::Failure;
use crate::people::{sessions, token, totp};
use crate::record::Record;
use comity_ledger::{EntryKind, NewEntry, Tx};
use serde_json::json;
use sha2::{Digest, Sha256};
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

/// An account to be made.
pub(crate) struct New<'n> {
    pub(crate) login: &'n str,
    pub(crate) name: &'n str,
    pub(crate) role: Role,
    /// Who makes it.
    pub(crate) by: &'n str,
    /// In milliseconds since 1970.
    pub(crate) now: i64,
}

/// A new account with a password; gives its id. Fails with a conflict if the log-in name is taken.
pub(crate) async fn create(record: &Record, new: &New<'_>, password: &str) -> Result<String, Failure> {
    if find_by_login(record, new.login).await?.is_some() {
        return Err(Failure::conflict("Another account has this log-in name; names are never used again"));
    }
    insert(record, new, &hashed(password).await?, None).await
}

/// The account of a subject of the sign-in provider; it has no password, and its log-in name is for lists only. Gives its id.
pub(crate) async fn create_openid(record: &Record, subject: &str, name: &str, role: Role, now: i64) -> Result<String, Failure> {
    let login = format!("openid-{}", subject.get(..12).unwrap_or(subject));
    insert(record, &New { login: &login, name, role, by: "desk", now }, "", Some(subject)).await
}

async fn insert(record: &Record, new: &New<'_>, password: &str, openid: Option<&str>) -> Result<String, Failure> {
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
    .bind(password)
    .bind(new.now)
    .bind(keyring.0)
    .bind(i64::from(openid.is_none()))
    .bind(openid)
    .execute(tx.connection())
    .await?;
    let from = if openid.is_some() { " by the word of the sign-in provider" } else { "" };
    noted(&mut tx, new.by, &id, &format!("created as {}{from}", new.role.as_str())).await?;
    tx.commit().await?;
    Ok(id)
}

/// Records a change to an account in the transaction that makes it, with the state that it leaves: the row is held against that later.
pub(crate) async fn noted(tx: &mut Tx, actor: &str, id: &str, change: &str) -> Result<(), Failure> {
    let row = sqlx::query("SELECT * FROM account WHERE id = $1").bind(id).fetch_one(tx.connection()).await?;
    let public = json!({"account": id, "change": change, "state": state(&row)?});
    tx.append(NewEntry::new(EntryKind::Configuration, actor).public(public)).await?;
    Ok(())
}

/// The digest of what decides who gets in with an account, and as what.
pub(crate) fn state(row: &AnyRow) -> Result<String, sqlx::Error> {
    let text = |name: &str| row.try_get::<Option<String>, _>(name);
    let (disabled, totp): (i64, Option<Vec<u8>>) = (row.try_get("disabled")?, row.try_get("totp")?);
    let parts = json!([
        text("login")?,
        text("name")?,
        text("role")?,
        text("password")?,
        disabled,
        totp.as_deref().map(token::hex),
        text("openid")?
    ]);
    Ok(token::hex(&Sha256::digest(format!("comity account\n{parts}"))))
}

/// The hash under which a password is kept. It takes its time: before a transaction, not in it.
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
pub(crate) async fn set_role(tx: &mut Tx, id: &str, role: Role) -> Result<(), Failure> {
    sqlx::query("UPDATE account SET role = $2 WHERE id = $1").bind(id).bind(role.as_str()).execute(tx.connection()).await?;
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

/// Sets the hash of a password that the person chose, or one that another gave; whoever used the old one is out, but this session.
pub(crate) async fn set_password(tx: &mut Tx, id: &str, hash: &str, given: bool, but: &str) -> Result<(), Failure> {
    let query = sqlx::query("UPDATE account SET password = $2, must_change = $3 WHERE id = $1");
    query.bind(id).bind(hash).bind(i64::from(given)).execute(tx.connection()).await?;
    sessions::end_all(tx.connection(), id, but).await?;
    tokens::end_all(tx.connection(), id).await
}

/// The secret of a second factor as it is kept.
pub(crate) async fn sealed_totp(record: &Record, account: &Account, secret: &[u8]) -> Result<Vec<u8>, Failure> {
    record.seal(&account.keyring, &format!("totp {}", account.id), &json!(secret)).await
}

/// Sets up a second factor; sessions without it end, but this one.
pub(crate) async fn set_totp(tx: &mut Tx, id: &str, sealed: &[u8], step: i64, but: &str) -> Result<(), Failure> {
    let query = sqlx::query("UPDATE account SET totp = $2, totp_step = $3 WHERE id = $1");
    query.bind(id).bind(sealed).bind(step).execute(tx.connection()).await?;
    sessions::end_all(tx.connection(), id, but).await
}

/// Takes the second factor away, and what was given under it.
pub(crate) async fn clear_totp(tx: &mut Tx, id: &str) -> Result<(), Failure> {
    sqlx::query("UPDATE account SET totp = NULL, totp_step = 0 WHERE id = $1").bind(id).execute(tx.connection()).await?;
    tokens::end_all(tx.connection(), id).await
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
pub(crate) async fn release(tx: &mut Tx, id: &str) -> Result<(), Failure> {
    sqlx::query("UPDATE account SET locked = 0 WHERE id = $1").bind(id).execute(tx.connection()).await?;
    sqlx::query("DELETE FROM log_in_failure WHERE account = $1").bind(id).execute(tx.connection()).await?;
    Ok(())
}

/// Disables or enables; disabling ends all sessions.
pub(crate) async fn set_disabled(tx: &mut Tx, id: &str, disabled: bool) -> Result<(), Failure> {
    sqlx::query("UPDATE account SET disabled = $2 WHERE id = $1").bind(id).bind(i64::from(disabled)).execute(tx.connection()).await?;
    if disabled {
        sessions::end_all(tx.connection(), id, "").await?;
        tokens::end_all(tx.connection(), id).await?;
    }
    Ok(())
}

/// Notes that somebody logged in.
pub(crate) async fn set_used(record: &Record, id: &str, now: i64) -> Result<(), Failure> {
    sqlx::query("UPDATE account SET used = $2 WHERE id = $1").bind(id).bind(now).execute(record.pool()).await?;
    sqlx::query("DELETE FROM log_in_failure WHERE account = $1").bind(id).execute(record.pool()).await?;
    Ok(())
}
