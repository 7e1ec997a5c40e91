//! The one writer: gathers what waits, commits it together, answers everyone.

use crate::entry::NewEntry;
use crate::error::{LedgerError, Result};
use crate::heads;
use crate::ledger::{Appended, Core};
use crate::tx::Tx;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

/// An entry and who waits for it.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) entry: NewEntry,
    pub(crate) reply: oneshot::Sender<Result<Appended>>,
}

/// Entries that share a commit at most.
const BATCH: usize = 512;

/// Runs until all handles of the ledger are gone.
pub(crate) async fn write_loop(core: Arc<Core>, mut jobs: mpsc::Receiver<Job>, sign_every: Duration) {
    let mut unsigned_since = None;
    loop {
        let next = match unsigned_since {
            Some(since) if !sign_every.is_zero() => timeout_at(since + sign_every, jobs.recv()).await,
            _ => Ok(jobs.recv().await),
        };
        match next {
            Ok(Some(first)) => {
                let mut batch = vec![first];
                while batch.len() < BATCH
                    && let Ok(job) = jobs.try_recv()
                {
                    batch.push(job);
                }
                commit(&core, batch).await;
                unsigned_since.get_or_insert_with(Instant::now);
            }
            Ok(None) => return,
            // What fails here is seen in the health of the ledger, and tried again after the next entry.
            Err(_) => {
                let _ = heads::sign(&core).await;
                unsigned_since = None;
            }
        }
    }
}

async fn commit(core: &Arc<Core>, batch: Vec<Job>) {
    let done = write(core, &batch).await;
    match done {
        Ok(answers) => {
            for (job, answer) in batch.into_iter().zip(answers) {
                // Who no longer waits has given up the acknowledgement, not the entry.
                let _ = job.reply.send(answer);
            }
        }
        Err(error) => {
            let why = error.to_string();
            let mut first = Some(error);
            for job in batch {
                let _ = job.reply.send(Err(first.take().unwrap_or_else(|| LedgerError::ReadOnly(why.clone()))));
            }
        }
    }
}

async fn write(core: &Arc<Core>, batch: &[Job]) -> Result<Vec<Result<Appended>>> {
    let mut tx = Tx::begin(core).await?;
    let mut answers = Vec::with_capacity(batch.len());
    for job in batch {
        match tx.append(job.entry.clone()).await {
            // A bad entry is refused before anything of it is written; the others of the batch go on.
            refused @ Err(LedgerError::Input(_)) => answers.push(refused),
            Err(error) => {
                return failed(core, error);
            }
            fine => answers.push(fine),
        }
    }
    tx.commit().await?;
    Ok(answers)
}

fn failed<T>(core: &Core, error: LedgerError) -> Result<T> {
    let done = Err(error);
    core.note_health(&done);
    done
}
