//! Replay of the federal detainer releases: every row under the law of its day and place, or of another.
//!
//! The walk: a file is read to a [`Table`] whatever its layout; [`Places`] says which agency each facility is of, or why that cannot be said; [`check`] lists the
//! defects of the data; [`Replay`] maps rows to facts and decides them; [`Summary`] counts, compares and draws. `docs/replay.md` says what is mapped to what.

mod areas;
mod cells;
mod chart;
mod checkpoint;
mod defects;
mod duplicates;
mod facts;
mod fields;
mod html;
mod intern;
mod offenses;
mod output;
mod places;
mod read;
mod read_csv;
mod read_excel;
mod read_parquet;
mod replay;
mod summary;
mod table;

pub use chart::{bar, percent};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use defects::{Defect, DefectKind, check};
pub use facts::{ASSUMED, MAPPED, UNMAPPED};
pub use fields::Field;
pub use html::page;
pub use output::{RowsOut, write_csv, write_parquet};
pub use places::{Facility, Placed, Places};
pub use read::{ReadError, read};
pub use replay::{Decided, Options, Replay, Stopped};
pub use summary::{Change, PlaceCount, Summary};
pub use table::Table;
