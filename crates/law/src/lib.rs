//! Law files: reads a folder of them, checks them, and hands out the law as data.
//!
//! ```
//! let law = comity_law::Law::builtin_for("us-ca/los-angeles")?;
//! assert!(law.action("hold").is_some());
//! # Ok::<(), Vec<comity_law::Diagnostic>>(())
//! ```
//!
//! The format is described in `docs/law-files.md`. Every mistake of every file is reported at once, each a [`Diagnostic`] with its place and remedy.
//! What needs deciding (conditions that can never hold, norms that no example exercises) is checked elsewhere; the data for it is here.

mod bundle;
mod check;
mod codes;
mod diagnostic;
mod digest;
pub mod export;
pub mod fmt;
pub mod model;
pub mod new;
mod open;
mod pair;
mod read;
pub mod show;
mod slug;
pub mod timeline;
mod walk;
mod words;

pub use bundle::{Bundle, MAX_FILE, SourceFile};
pub use codes::CODES;
pub use diagnostic::{Diagnostic, Severity};
pub use model::*;
pub use pair::{Pair, PairError};
