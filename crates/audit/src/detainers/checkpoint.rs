//! What is done already, on disk: a replay that was interrupted goes on from it and gives the same bytes.

use super::replay::Decided;
use comity_columns::Answer;
use serde_json::{Value as Json, json};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Where a replay keeps what is done; without a file, nowhere.
#[derive(Debug, Default)]
pub struct Checkpoint {
    path: Option<PathBuf>,
    file: Option<File>,
    resumed: Decided,
}

/// Why a checkpoint cannot be used.
#[derive(Debug)]
pub enum CheckpointError {
    /// It cannot be read or written.
    Io(PathBuf, std::io::Error),
    /// It is of another replay: another file, other options or another law.
    Other(PathBuf),
}

impl std::fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "the checkpoint {} cannot be used: {error}", path.display()),
            Self::Other(path) => write!(
                f,
                "the checkpoint {} is of another replay (another file, other options or another law); remove it, or name another with --checkpoint",
                path.display()
            ),
        }
    }
}

impl std::error::Error for CheckpointError {}

impl Checkpoint {
    /// Opens the checkpoint of a replay, which `fingerprint` tells from any other; what an interrupted one left is taken up, but for a last line that was cut.
    ///
    /// # Errors
    /// When the file cannot be read or written, or is of another replay.
    pub fn open(path: &Path, fingerprint: &str) -> Result<Self, CheckpointError> {
        let io = |e| CheckpointError::Io(path.to_owned(), e);
        let mut resumed = Decided::default();
        let mut whole = 0u64;
        if path.exists() {
            let mut reader = BufReader::new(File::open(path).map_err(io)?);
            let mut line = String::new();
            let mut first = true;
            loop {
                line.clear();
                if reader.read_line(&mut line).map_err(io)? == 0 || !line.ends_with('\n') {
                    break;
                }
                let Ok(json) = serde_json::from_str::<Json>(&line) else { break };
                if first && json["replay"] != fingerprint {
                    return Err(CheckpointError::Other(path.to_owned()));
                }
                if !first && take_up(&mut resumed, &json).is_none() {
                    break;
                }
                first = false;
                whole += line.len() as u64;
            }
        }
        // A file of something else is left alone, whatever it is.
        if whole == 0 && !is_begun(path).map_err(io)? {
            return Err(CheckpointError::Other(path.to_owned()));
        }
        let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(io)?;
        file.set_len(whole).map_err(io)?;
        std::io::Seek::seek(&mut file, std::io::SeekFrom::End(0)).map_err(io)?;
        if whole == 0 {
            writeln!(file, "{}", json!({ "replay": fingerprint })).map_err(io)?;
        }
        Ok(Self { path: Some(path.to_owned()), file: Some(file), resumed })
    }

    /// How many rows were done before.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.resumed.ids.first().map_or(0, Vec::len)
    }

    pub(crate) fn take(&mut self) -> Decided {
        std::mem::take(&mut self.resumed)
    }

    /// Adds rows that were decided.
    pub(crate) fn add(&mut self, decided: &Decided, before: usize, rows: Range<usize>) -> std::io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let answers: Vec<Json> = decided.answers[before..]
            .iter()
            .map(|a| json!({"outcome": a.outcome, "possible": a.possible, "norms": a.norms, "missing": a.missing}))
            .collect();
        let ids: Vec<&[u32]> = decided.ids.iter().map(|ids| &ids[rows.clone()]).collect();
        let mut line = json!({"from": rows.start, "answers": answers, "ids": ids}).to_string();
        line.push('\n');
        file.write_all(line.as_bytes())?;
        file.sync_data()
    }

    /// Removes the checkpoint: everything is done and written.
    pub fn remove(self) {
        drop(self.file);
        if let Some(path) = self.path {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Whether a file without a whole line is the beginning of a checkpoint, as a full disk or a lost machine may leave it; no file is one too.
fn is_begun(path: &Path) -> std::io::Result<bool> {
    const BEGINNING: &[u8] = b"{\"replay\":";
    if !path.exists() {
        return Ok(true);
    }
    let mut found = Vec::new();
    File::open(path)?.take(BEGINNING.len() as u64).read_to_end(&mut found)?;
    Ok(BEGINNING.starts_with(&found))
}

/// Takes up the rows of a line; `None` where it is not as it was written.
fn take_up(resumed: &mut Decided, json: &Json) -> Option<()> {
    let strings = |of: &Json| -> Option<Vec<String>> { of.as_array()?.iter().map(|s| s.as_str().map(str::to_owned)).collect() };
    for answer in json["answers"].as_array()? {
        let outcome = answer["outcome"].as_str()?.parse().ok()?;
        let possible = answer["possible"].as_array()?.iter().map(|o| o.as_str()?.parse().ok()).collect::<Option<_>>()?;
        resumed.keep(&Answer { outcome, possible, norms: strings(&answer["norms"])?, missing: strings(&answer["missing"])? });
    }
    let count = resumed.answers.len() as u64;
    let ids: Vec<Vec<u32>> = json["ids"]
        .as_array()?
        .iter()
        .map(|ids| {
            ids.as_array()?
                .iter()
                .map(|id| id.as_u64().filter(|id| *id < count || *id == u64::from(u32::MAX)).map(|id| id as u32))
                .collect()
        })
        .collect::<Option<_>>()?;
    resumed.ids.resize(ids.len(), Vec::new());
    if resumed.ids.first().map_or(0, Vec::len) as u64 != json["from"].as_u64()? {
        return None;
    }
    resumed.ids.iter_mut().zip(ids).for_each(|(all, more)| all.extend(more));
    Some(())
}
