//! Requests as the inbox shows them, and their drafts.

use super::sheet::Sheet;
use crate::desk::Desk;
use crate::http::failure::Failure;
use comity_ledger::{Determined, PersonId, Tx};
use sqlx::Row;
use sqlx::any::AnyRow;

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// It is being entered.
    Draft,
    /// The law was determined; a person has to decide.
    Determined,
    /// It was decided; a second person has to sign.
    Unsigned,
    /// It was decided.
    Decided,
}

impl Status {
    pub(crate) const ALL: [Self; 4] = [Self::Draft, Self::Determined, Self::Unsigned, Self::Decided];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Determined => "determined",
            Self::Unsigned => "unsigned",
            Self::Decided => "decided",
        }
    }

    pub(crate) fn says(self) -> &'static str {
        match self {
            Self::Draft => "being entered",
            Self::Determined => "to be decided",
            Self::Unsigned => "to be signed by a second person",
            Self::Decided => "decided",
        }
    }

    pub(crate) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.word() == word)
    }
}

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) id: String,
    /// The pseudonym of the person; none after an expungement.
    pub(crate) person: Option<String>,
    pub(crate) status: Status,
    pub(crate) created: i64,
    pub(crate) created_by: String,
    pub(crate) received: String,
    /// Names of actions, with commas.
    pub(crate) actions: String,
    /// `hold: forbidden, …`
    pub(crate) outcomes: String,
    /// The entry of the last determination.
    pub(crate) determination: Option<i64>,
    /// The entry of the last disposition.
    pub(crate) disposition: Option<i64>,
    pub(crate) decided_by: Option<String>,
}

fn of(row: &AnyRow) -> Result<Request, Failure> {
    let status: String = row.try_get("status")?;
    Ok(Request {
        id: row.try_get("id")?,
        person: row.try_get("person")?,
        status: Status::of(&status).ok_or_else(|| Failure::internal("a request has a status that does not exist"))?,
        created: row.try_get("created")?,
        created_by: row.try_get("created_by")?,
        received: row.try_get("received")?,
        actions: row.try_get("actions")?,
        outcomes: row.try_get("outcomes")?,
        determination: row.try_get("determination")?,
        disposition: row.try_get("disposition")?,
        decided_by: row.try_get("decided_by")?,
    })
}

/// A request by its number.
pub(crate) async fn find(desk: &Desk, id: &str) -> Result<Request, Failure> {
    let row = sqlx::query("SELECT * FROM request WHERE id = $1").bind(id).fetch_optional(desk.record.pool()).await?;
    row.as_ref().map(of).transpose()?.ok_or_else(|| Failure::unknown("There is no request of this number"))
}

/// Requests that are not finished, the oldest first.
pub(crate) async fn open(desk: &Desk) -> Result<Vec<Request>, Failure> {
    let rows =
        sqlx::query("SELECT * FROM request WHERE status <> 'decided' ORDER BY created LIMIT 500").fetch_all(desk.record.pool()).await?;
    rows.iter().map(of).collect()
}

/// So many requests the inbox shows at most.
pub(crate) const MOST: usize = 500;

/// Requests that are not finished or have open tasks, the oldest first.
pub(crate) async fn with_work(desk: &Desk) -> Result<Vec<Request>, Failure> {
    let query = sqlx::query(
        "SELECT * FROM request WHERE status <> 'decided' OR id IN (SELECT request FROM task WHERE status = 'open' AND request IS NOT NULL) \
         ORDER BY created LIMIT 500",
    );
    let rows = query.fetch_all(desk.record.pool()).await?;
    rows.iter().map(of).collect()
}

/// Requests by status and the words that find them; the latest first.
pub(crate) async fn search(desk: &Desk, status: Option<Status>, id: &str, word: Option<Vec<u8>>) -> Result<Vec<Request>, Failure> {
    let status = status.map_or("", Status::word);
    let any = i64::from(word.is_none());
    let query = sqlx::query(
        "SELECT * FROM request WHERE ($1 = '' OR status = $1) AND ($2 = '' OR id = $2) \
         AND ($3 = 1 OR id IN (SELECT request FROM lookup WHERE word = $4)) ORDER BY created DESC LIMIT 200",
    );
    let rows = query.bind(status).bind(id).bind(any).bind(word.unwrap_or_default()).fetch_all(desk.record.pool()).await?;
    rows.iter().map(of).collect()
}

/// The next number: `2026-0042`.
pub(crate) async fn next_id(tx: &mut Tx, year: i16) -> Result<String, Failure> {
    let prefix = format!("{year}-");
    let query = sqlx::query_scalar("SELECT COUNT(*) FROM request WHERE id LIKE $1");
    let count: i64 = query.bind(format!("{prefix}%")).fetch_one(tx.connection()).await?;
    Ok(format!("{prefix}{:04}", count + 1))
}

/// The sheet of a request that is being entered or was determined.
pub(crate) async fn sheet(desk: &Desk, request: &Request) -> Result<Sheet, Failure> {
    let gone = || Failure::conflict("The personal facts of this request were destroyed by order; what remains is in the audit trail");
    let row =
        sqlx::query("SELECT person, sealed FROM draft WHERE request = $1").bind(&request.id).fetch_optional(desk.record.pool()).await?;
    let row = row.ok_or_else(gone)?;
    let (person, sealed): (String, Vec<u8>) = (row.try_get("person")?, row.try_get("sealed")?);
    let value = desk.record.unseal(&person, &format!("draft {}", request.id), &sealed).await?;
    serde_json::from_value(value).map_err(Failure::internal)
}

/// Whether the answers are those that the law was last determined on. Nothing of them is shown.
pub(crate) async fn is_as_determined(desk: &Desk, request: &Request) -> Result<bool, Failure> {
    let Some(entry) = request.determination.and_then(|e| u64::try_from(e).ok()) else { return Ok(false) };
    let now = sheet(desk, request).await?;
    let determined: Determined = serde_json::from_value(desk.record.ledger.personal_unlogged(entry).await?).map_err(Failure::internal)?;
    Ok(now.text_of_case() == determined.case)
}

/// Saves the sheet of a request.
pub(crate) async fn save(desk: &Desk, request: &Request, sheet: &Sheet) -> Result<(), Failure> {
    let person =
        request.person.as_deref().ok_or_else(|| Failure::conflict("The personal facts of this request were destroyed by order"))?;
    let value = serde_json::to_value(sheet).map_err(Failure::internal)?;
    let sealed = desk.record.seal(person, &format!("draft {}", request.id), &value).await?;
    let mut tx = desk.record.begin().await?;
    sqlx::query("UPDATE draft SET sealed = $2 WHERE request = $1").bind(&request.id).bind(sealed).execute(tx.connection()).await?;
    sqlx::query("UPDATE request SET changed = $2 WHERE id = $1").bind(&request.id).bind(desk.now_ms()).execute(tx.connection()).await?;
    tx.commit().await?;
    Ok(())
}

/// The pseudonym of the person of a request.
pub(crate) fn person(request: &Request) -> Result<PersonId, Failure> {
    let id = request.person.clone().ok_or_else(|| Failure::conflict("The personal facts of this request were destroyed by order"))?;
    Ok(PersonId(id))
}
