//! Conditions over facts that may be unknown, and what follows from them whatever the unknown facts turn out to be.
//!
//! This crate knows no law. It reads facts against a [`Schema`], compiles CEL conditions to a typed tree ([`Condition`]), evaluates them in
//! three-valued logic, and answers the two exact questions about a partial case: which results are possible, and which facts can still change the result.

mod classes;
mod compile;
mod condition;
mod facts;
mod partial;
mod read;
mod spelling;
mod vocabulary;
mod write;

pub use classes::{ClassId, ClassSet, Classes, MAX_CLASSES, lacks_object, parse_code};
pub use compile::{Mistake, Scope, Terms, compile};
pub use condition::{Bound, Condition, Lengthened, Node, Subject, Test, Truth};
pub use facts::{Facts, Value, parse_date};
pub use partial::{Budget, Candidate, Cost, Exploration, Formula, Problem, Unknown, Unsettled, Witness};
pub use read::{FactMistake, FactsSeed, MAX_MISTAKES};
pub use vocabulary::{Declared, Fact, FactId, Field, ListId, Record, Slot, Vocabulary, nearest};

/// A calendar day.
pub type Date = jiff::civil::Date;

/// What facts and conditions are read against: the declared facts and the offence classes.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// The declared facts.
    pub vocabulary: Vocabulary,
    /// The offence classes.
    pub classes: Classes,
}
