//! Signed heads: signatures, roots, cosignatures of witnesses.

use super::log::Found;
use super::{Checks, Place, Report};
use crate::checkpoint::Checkpoint;
use crate::note::{Note, Verifier};
use crate::tx::tree_at;
use sqlx::{AnyConnection, Row};

pub(super) async fn check(
    connection: &mut AnyConnection,
    checks: &Checks<'_>,
    newest: Option<&Checkpoint>,
    found: &Found,
    report: &mut Report,
) {
    // What was verified before is covered by the head that it was verified against.
    report.signed = found.from;
    let own = found.own_key.as_deref().and_then(|key| Verifier::parse(key).ok());
    if let (Some(given), Some(own)) = (&checks.log, &own)
        && given != own
    {
        report.add(Place::Entry(0), format!("it names the key {own}, which is not the one that was given"));
    }
    let Some(log) = checks.log.clone().or(own).or_else(|| checks.keys.map(crate::Keys::public)) else {
        if checks.since.is_none() && found.size > 0 {
            report.add(Place::Entry(0), "it names no public key of the log");
        }
        return;
    };
    let sizes = match sqlx::query("SELECT size FROM checkpoint ORDER BY size").fetch_all(&mut *connection).await {
        Ok(rows) => rows.iter().filter_map(|row| row.try_get::<i64, _>("size").ok()).collect::<Vec<_>>(),
        Err(error) => return report.add(Place::Schema("table checkpoint".to_owned()), error.to_string()),
    };
    if let Some(newest) = newest {
        check_newest(connection, newest, &sizes, found, report).await;
    }
    if sizes.is_empty() && found.size > 0 && (checks.keys.is_some() || checks.log.is_some()) {
        let what =
            format!("no signed head is there, and the first entry is always signed: nothing vouches for these {} entries", found.size);
        report.add(Place::Head, what);
    }
    let mut cosigned = found.cosigned.clone();
    for size in sizes {
        // Each by itself: one that is no text any more must not hide the others.
        let note =
            sqlx::query_scalar::<_, String>("SELECT note FROM checkpoint WHERE size = $1").bind(size).fetch_one(&mut *connection).await;
        let checked = note.map_err(|error| error.to_string()).and_then(|text| check_one(size, &text, &log, found, &mut cosigned, report));
        match checked {
            Ok(()) => {
                report.checkpoints += 1;
                // The root of one that lies before the start was not computed again.
                let signed = u64::try_from(size).unwrap_or_default();
                report.signed = if signed >= found.from { report.signed.max(signed) } else { report.signed };
            }
            Err(what) => report.add(Place::Checkpoint(size), what),
        }
    }
    for (size, witness) in cosigned {
        report.add(
            Place::Checkpoint(size as i64),
            format!("the cosignature by {witness}, which an entry speaks of, is missing or does not hold"),
        );
    }
}

/// Holds the log against the newest head that was signed, which whoever has the database alone cannot reach.
async fn check_newest(connection: &mut AnyConnection, newest: &Checkpoint, sizes: &[i64], found: &Found, report: &mut Report) {
    let size = newest.size;
    if size > found.size {
        let what = format!("the log has {} entries, but {size} were signed (beside the key file): it was rolled back", found.size);
        return report.add(Place::Head, what);
    }
    let place = Place::Checkpoint(i64::try_from(size).unwrap_or(i64::MAX));
    let root = match found.roots.get(&size) {
        Some(root) => Some(*root),
        None => tree_at(connection, size).await.ok().map(|tree| tree.root()),
    };
    if root != Some(newest.root) {
        let now = root.map_or_else(|| "none".to_owned(), |root| root.base64());
        let what = format!(
            "the root over these entries is {now}, but {} was signed (beside the key file): they were altered after they were signed",
            newest.root.base64()
        );
        report.add(place.clone(), what);
    }
    if !sizes.iter().any(|there| u64::try_from(*there) == Ok(size)) {
        report.add(place, "it was signed (beside the key file), and is missing here");
    }
}

fn check_one(
    size: i64,
    text: &str,
    log: &Verifier,
    found: &Found,
    cosigned: &mut Vec<(u64, String)>,
    report: &mut Report,
) -> Result<(), String> {
    let note = Note::parse(text).map_err(|e| e.to_string())?;
    if note.to_string() != text {
        return Err("it is not written as signed heads are written".to_owned());
    }
    let checkpoint = Checkpoint::open(&note, log).map_err(|e| e.to_string())?;
    if i64::try_from(checkpoint.size) != Ok(size) {
        return Err(format!("it is filed under {size} entries, but signed for {}", checkpoint.size));
    }
    if checkpoint.size > found.size {
        return Err(format!("it is signed for {size} entries, but the log has {}: entries are missing at the end", found.size));
    }
    match found.roots.get(&checkpoint.size) {
        Some(root) if *root != checkpoint.root => return Err("its root is not the one over these entries".to_owned()),
        None if checkpoint.size >= found.from => return Err("its root could not be computed".to_owned()),
        _ => {}
    }
    let mut held = 0;
    cosigned.retain(|(at, witness)| {
        let holds = *at == checkpoint.size && Verifier::parse(witness).is_ok_and(|key| key.verify(&note).is_ok());
        held += usize::from(holds);
        !holds
    });
    if held > 0 {
        report.witnessed = report.witnessed.max(Some(checkpoint.size));
    }
    // The log signs once; every other line was recorded when it was added.
    if note.signatures.len() > held + 1 && found.from == 0 {
        return Err("it bears a signature that no entry speaks of".to_owned());
    }
    Ok(())
}
