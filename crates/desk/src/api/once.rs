//! Idempotency keys: the same call sent twice is done once.

use crate::desk::Desk;
use crate::http::failure::Failure;
use crate::people::token::hex;
use axum::body::Bytes;
use axum::http::HeaderMap;
use sha2::{Digest, Sha256};
use sqlx::Row;

/// The status of a call that has not been answered yet.
const UNDER_WAY: i64 = 0;

/// A call that is to be done once.
pub(crate) struct Once {
    account: String,
    key: String,
    digest: String,
}

impl Once {
    /// Reads the key of a call; there has to be one.
    pub(crate) fn read(headers: &HeaderMap, account: &str, body: &Bytes) -> Result<Self, Failure> {
        let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok()).unwrap_or_default();
        if !(8..=128).contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Failure::input("Idempotency-Key", "send a key of 8 to 128 visible characters, a new one for each new call"));
        }
        Ok(Self { account: account.to_owned(), key: key.to_owned(), digest: hex(&Sha256::digest(body)) })
    }

    /// Takes the key for this call, or gives what was answered when it was sent before.
    pub(crate) async fn begin(&self, desk: &Desk) -> Result<Option<(u16, String)>, Failure> {
        // The database decides between two that come at once, whichever desk they come to.
        let query = sqlx::query(
            "INSERT INTO idempotency (account, name, digest, status, body, created) VALUES ($1, $2, $3, $4, '', $5) ON CONFLICT (account, name) DO NOTHING",
        );
        let query = query.bind(&self.account).bind(&self.key).bind(&self.digest).bind(UNDER_WAY).bind(desk.now_ms());
        if query.execute(desk.record.pool()).await?.rows_affected() == 1 {
            return Ok(None);
        }
        let query = sqlx::query("SELECT digest, status, body FROM idempotency WHERE account = $1 AND name = $2");
        let Some(row) = query.bind(&self.account).bind(&self.key).fetch_optional(desk.record.pool()).await? else {
            return Err(Failure::conflict("The first call with this key has just failed; send it again"));
        };
        if row.try_get::<String, _>("digest")? != self.digest {
            return Err(Failure::inputs(vec![("Idempotency-Key".to_owned(), "it was used for another call; take a new one".to_owned())]));
        }
        match row.try_get("status")? {
            UNDER_WAY => Err(Failure::conflict(
                "The first call with this key has not been answered yet. Ask again in a moment; if it stays so, that call was cut off: look for its request before you use a new key",
            )),
            status => Ok(Some((u16::try_from(status).unwrap_or(200), row.try_get("body")?))),
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
        let query = sqlx::query("DELETE FROM idempotency WHERE account = $1 AND name = $2 AND status = $3");
        query.bind(&self.account).bind(&self.key).bind(UNDER_WAY).execute(desk.record.pool()).await?;
        Ok(())
    }
}
