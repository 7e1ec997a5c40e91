//! Checks across files that need no deciding.

mod coverage;
mod ids;
mod overrides;

use rustc_hash::FxHashSet;

use crate::model::Law;
use crate::read::{Override, Sink};

/// Checks the law as a whole. `unread` are the ids of instruments whose files are no TOML: they exist, but nothing is known of them.
pub(crate) fn check(law: &Law, all: &[Override], unread: &FxHashSet<&str>, sink: &mut Sink, whole: bool) {
    ids::check(law, sink);
    if whole {
        overrides::exist(law, all, unread, sink);
        coverage::check(law, sink);
    }
    overrides::circles(law, all, sink);
}
