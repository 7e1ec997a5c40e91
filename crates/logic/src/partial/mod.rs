//! What follows for a case of which facts are missing, whatever they turn out to be.
//!
//! The walk: each condition, with the known facts put in, leaves a [`Formula`] over the missing ones ([`residual`]); each missing fact gets
//! finitely many candidate values that tell every test on it apart ([`domain`]), an unknown list among them as a set of lists; the formulas become a
//! [`diagram`] whose form is canonical, so that what is possible and what matters can be read off; where that grows past its budget, a solver answers the
//! same questions ([`sat`]). Both are exact; past both budgets the answer is that it is not settled.

mod alike;
mod anchors;
mod diagram;
mod domain;
mod explore;
mod formula;
mod proof;
mod residual;
mod sat;

pub use domain::{Candidate, Unknown};
pub use explore::{Budget, Exploration, Unsettled};
pub use formula::Formula;
pub use proof::{Cost, Witness};
pub use residual::Problem;
