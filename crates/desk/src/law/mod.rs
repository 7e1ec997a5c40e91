//! The law itself, for everyone: places, instruments, changes over time, comparisons, the map.

pub(crate) mod ask;
pub(crate) mod compare;
pub(crate) mod facts;
pub(crate) mod index;
pub(crate) mod instrument;
pub(crate) mod map;
mod named;
pub(crate) mod place;
pub(crate) mod timeline;
mod when;
