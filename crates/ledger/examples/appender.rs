//! Appends entries until it is killed or has appended as many as asked, and prints each index once it is acknowledged. The tests kill it.
//!
//! `appender URL KEYFILE WRITERS COUNT NAME`: so many writers at once, so many entries each (0: without end).

use comity_ledger::{EntryKind, Keys, Ledger, NewEntry, Options, Store};
use serde_json::json;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let [_, url, keys, writers, count, name] = args.as_slice() else { return Err("appender URL KEYFILE WRITERS COUNT NAME".into()) };
    let (writers, count): (u64, u64) = (writers.parse()?, count.parse()?);
    let options = Options { sign_every: Duration::from_millis(20), ..Options::default() };
    let ledger = Ledger::open(Store::open(url).await?, Keys::read(Path::new(keys))?, options).await?;
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..writers {
        let (ledger, name) = (ledger.clone(), name.clone());
        tasks.spawn(async move {
            let mut n = 0;
            while count == 0 || n < count {
                let token = format!("{name}-{writer}-{n}");
                let entry = NewEntry::new(EntryKind::Read, "clerk-1").public(json!({"token": token}));
                let done = ledger.append(entry).await.map_err(|e| e.to_string())?;
                // One write a line: a line that is there whole was acknowledged.
                let line = format!("{} {token}\n", done.index);
                std::io::stdout().lock().write_all(line.as_bytes()).map_err(|e| e.to_string())?;
                n += 1;
            }
            Ok::<(), String>(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    ledger.close().await?;
    Ok(())
}
