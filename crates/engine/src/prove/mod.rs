//! Proofs over the law: complete, not sampled, each answer with a concrete case that was run through the engine before it is shown.

mod conflicts;
mod diff;
mod gaps;
mod laws;
mod situations;
mod smallest;
mod usual;
mod why_not;
mod witness;

pub use conflicts::{Clash, conflicts};
pub use diff::{ActionDiff, Change, Side, diff};
pub use gaps::{Gap, GapKind, gaps};
pub use laws::{LawDiff, Scope, laws};
pub use situations::{Situation, situations};
pub use why_not::{Changed, Otherwise, why_not};
