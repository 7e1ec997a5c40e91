//! Idempotency keys: the same call sent twice is done once, also if the desk was stopped in the middle of the first.

use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::people::token::hex;
use axum::body::Bytes;
use axum::http::HeaderMap;
use comity_ledger::Tx;
use sha2::{Digest, Sha256};
use sqlx::Row;

/// The status of a call that has not been answered yet; what it has entered stands in `body`.
const UNDER_WAY: i64 = 0;

/// A call that is not answered after so many milliseconds was cut off.
const CUT_OFF: i64 = 60_000;

/// A call that is to be done once.
pub(crate) struct Once {
    account: String,
    key: String,
    digest: String,
    /// When it took the key, in milliseconds since 1970.
    now: i64,
}

/// What is to be done for a call.
pub(crate) enum Begun {
    /// All of it.
    Fresh,
    /// What is left: this request was entered by a call with the same key that was cut off.
    Entered(String),
    /// Nothing: it was answered with this.
    Answered(u16, String),
}

impl Once {
    /// Reads the key of a call; there has to be one.
    pub(crate) fn read(headers: &HeaderMap, account: &str, body: &Bytes, now: i64) -> Result<Self, Failure> {
        let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok()).unwrap_or_default();
        if !(8..=128).contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Failure::input("Idempotency-Key", "send a key of 8 to 128 visible characters, a new one for each new call"));
        }
        Ok(Self { account: account.to_owned(), key: key.to_owned(), digest: hex(&Sha256::digest(body)), now })
    }

    /// Takes the key for this call, or tells what became of the call that had it before.
    pub(crate) async fn begin(&self, desk: &Desk) -> Result<Begun, Failure> {
        // The database decides between two that come at once, whichever desk they come to.
        let query = sqlx::query(
            "INSERT INTO idempotency (account, name, digest, status, body, created) VALUES ($1, $2, $3, $4, '', $5) ON CONFLICT (account, name) DO NOTHING",
        );
        let query = query.bind(&self.account).bind(&self.key).bind(&self.digest).bind(UNDER_WAY).bind(self.now);
        if query.execute(desk.record.pool()).await?.rows_affected() == 1 {
            return Ok(Begun::Fresh);
        }
        let query = sqlx::query("SELECT digest, status, body, created FROM idempotency WHERE account = $1 AND name = $2");
        let Some(row) = query.bind(&self.account).bind(&self.key).fetch_optional(desk.record.pool()).await? else {
            return Err(Failure::conflict("The first call with this key has just failed; send it again"));
        };
        if row.try_get::<String, _>("digest")? != self.digest {
            return Err(Failure::inputs(vec![("Idempotency-Key".to_owned(), "it was used for another call; take a new one".to_owned())]));
        }
        let (status, body, created): (i64, String, i64) = (row.try_get("status")?, row.try_get("body")?, row.try_get("created")?);
        if status != UNDER_WAY {
            return Ok(Begun::Answered(u16::try_from(status).unwrap_or(200), body));
        }
        // Of several that take it over, one does; the call that was cut off enters nothing more, if it lives after all.
        let query = sqlx::query("UPDATE idempotency SET created = $3 WHERE account = $1 AND name = $2 AND status = 0 AND created = $4");
        let query = query.bind(&self.account).bind(&self.key).bind(self.now).bind(created);
        if self.now - created < CUT_OFF || query.execute(desk.record.pool()).await?.rows_affected() != 1 {
            return Err(Failure::conflict("The first call with this key has not been answered yet. Ask again in a minute"));
        }
        Ok(if body.is_empty() { Begun::Fresh } else { Begun::Entered(body) })
    }

    /// Notes which request the call enters, in the transaction that enters it.
    pub(crate) async fn enters(&self, tx: &mut Tx, request: &str) -> Result<(), Failure> {
        let query = sqlx::query("UPDATE idempotency SET body = $3 WHERE account = $1 AND name = $2 AND status = 0 AND created = $4");
        let query = query.bind(&self.account).bind(&self.key).bind(request).bind(self.now);
        match query.execute(tx.connection()).await?.rows_affected() {
            1 => Ok(()),
            _ => Err(Failure::conflict("The call was sent again and done meanwhile")),
        }
    }

    /// Keeps what is answered.
    pub(crate) async fn keep(&self, desk: &Desk, status: u16, body: &str) -> Result<(), Failure> {
        let query = sqlx::query("UPDATE idempotency SET status = $3, body = $4 WHERE account = $1 AND name = $2");
        query.bind(&self.account).bind(&self.key).bind(i64::from(status)).bind(body).execute(desk.record.pool()).await?;
        Ok(())
    }

    /// Gives the key back: nothing was done.
    pub(crate) async fn give_back(&self, desk: &Desk) -> Result<(), Failure> {
        let query = sqlx::query("DELETE FROM idempotency WHERE account = $1 AND name = $2 AND status = $3 AND created = $4");
        query.bind(&self.account).bind(&self.key).bind(UNDER_WAY).bind(self.now).execute(desk.record.pool()).await?;
        Ok(())
    }
}
