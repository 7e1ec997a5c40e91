//! The engine: which norms bind an agency on a day, and what they say of an action, whatever the missing facts turn out to be.
//!
//! The walk is `Law` → [`Stack`] → [`Determination`]. The engine reads no file, no clock and no network; the day is an input.

mod calendar;
mod case;
mod clocks;
mod contradictions;
mod coverage;
pub mod dataset;
mod decide;
mod determination;
mod examples;
mod explain;
mod lint;
pub mod prove;
mod read;
mod resolve;
mod stack;
mod stacks;

pub use calendar::{counts, federal_holiday};
pub use case::{AgencyRef, Case, LocalNorm, Times};
pub use clocks::{ClockError, parse_moment};
pub use determination::{
    AgencyShown, ClockRunning, CoverageNote, Determination, DueDuty, DutyStatus, GaveWay, Ground, Point, Question, Way,
};
pub use examples::{Exercised, Trial, run_examples, run_scenario};
pub use explain::{Explanation, Line, Tone};
pub use lint::{Concern, Doubt, check_conditions, not_exercised};
pub use read::{CaseError, CaseMistake, MAX_CASE, peek_agency, read_case, read_facts};
pub use stack::{Entry, Slice, Source, Stack};
pub use stacks::{AgencyError, Stacks, find_agency};
