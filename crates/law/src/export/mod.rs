//! The law as a dataset: as JSON, and as Akoma Ntoso. What either leaves out is said in `docs/export.md`.

mod akn;
mod json;
mod xml;

pub use akn::akoma_ntoso;
pub use json::{days, instrument, law};
