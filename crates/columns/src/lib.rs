//! The same answers over columns: many cases under one stack at once, bit-parallel, with the deciding norm of each row.
//!
//! [`Columns`] hold the facts of many rows as a struct of arrays. A [`Program`] is one action of a stack, its conditions compiled to operations on words of
//! 64 rows in three-valued logic (one plane of bits for *true*, one for *false*), its ranks resolved as bit operations. [`Program::decide`] gives exactly what
//! `Stack::outcome` gives row for row, unsettled rows included. A [`Decider`] settles those as well: it asks `Stack::decide` once for each
//! distinct combination of answers that the conditions get, and keeps what it said.

mod bits;
mod column;
mod compile;
mod day;
mod decider;
mod key;
mod resolve;
mod word;

pub use column::Columns;
pub use compile::{Program, TooLarge, Varying};
pub use decider::{Answer, AnswerId, Decider};
pub use resolve::{Answers, NONE, UNSETTLED};
