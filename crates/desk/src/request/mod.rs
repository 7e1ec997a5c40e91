//! A request from paper to a decision on record.

pub(crate) mod ask;
pub(crate) mod check;
pub(crate) mod decision;
pub(crate) mod dense;
pub(crate) mod departure;
pub(crate) mod determine;
pub(crate) mod disposition;
pub(crate) mod fields;
pub(crate) mod inbox;
pub(crate) mod letter;
pub(crate) mod new;
pub(crate) mod notice;
pub(crate) mod questions;
pub(crate) mod search;
pub(crate) mod sheet;
pub(crate) mod show;
pub(crate) mod shown;
pub(crate) mod sign;
pub(crate) mod store;
pub(crate) mod tasks;
pub(crate) mod trail;
pub(crate) mod worksheet;
