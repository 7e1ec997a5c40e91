//! Reads a release, told by its content rather than its name.

use super::table::Table;
use super::{cells, read_csv, read_excel, read_parquet};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Why a release could not be read.
#[derive(Debug)]
pub struct ReadError {
    /// The file.
    pub file: String,
    /// What is wrong, and the remedy.
    pub message: String,
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.file, self.message)
    }
}

impl std::error::Error for ReadError {}

/// Reads files of one release, one after the other, to one table. `tick` is told how many rows there are from time to time; where it says `false`, reading ends.
///
/// # Errors
/// When a file cannot be opened, is no CSV, Excel workbook or Parquet file, or has no header that names a prepare date.
pub fn read<P: AsRef<Path>>(files: &[P], mut tick: impl FnMut(usize) -> bool) -> Result<Table, ReadError> {
    let mut table = Table::new();
    for path in files {
        let path = path.as_ref();
        let fail = |message: String| ReadError { file: path.display().to_string(), message };
        // A device has no end, and a pipe cannot be read twice.
        if path.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir()) {
            return Err(fail("is no file; save the release as one".to_owned()));
        }
        let mut start = [0u8; 4];
        let mut file = File::open(path).map_err(|e| fail(format!("cannot be opened: {e}")))?;
        let got = file.read(&mut start).map_err(|e| fail(format!("cannot be read: {e}; a release is a file, not a folder")))?;
        let before = table.rows();
        match &start[..got] {
            b"PAR1" => read_parquet::read(path, &mut table, &mut tick),
            [0xd0, 0xcf, 0x11, 0xe0] => {
                Err("is an old or a locked Excel file (.xls); open it and save it as .xlsx without a password, or as CSV".to_owned())
            }
            [b'P', b'K', 3, 4] => read_excel::read(path, &mut table, &mut tick),
            [] => Err("is empty".to_owned()),
            _ => read_csv::read(path, &mut table, &mut tick),
        }
        .map_err(fail)?;
        table.finish();
        if table.rows() == before {
            table.notes.push(format!("{}: no rows", path.display()));
        }
    }
    Ok(table)
}

/// What to say where no header was found.
pub(crate) const NO_HEADER: &str = "no header was found in the first 40 rows: one with a column `Detainer Prepare Date` (or `detainer_prepare_date`, `Prepare Date`) and two more of a detainer release is needed";

/// Whether a row above the header says on which day the file was produced: `Data as of 03/11/2026`.
pub(crate) fn note_preamble(table: &mut Table, row: &[String]) {
    for cell in row {
        let small = cell.to_ascii_lowercase();
        if let Some(at) = small.find("as of") {
            let said = small.get(at + 5..).unwrap_or_default().trim();
            table.produced = said.split_whitespace().find_map(cells::day).or(table.produced);
        }
    }
}
