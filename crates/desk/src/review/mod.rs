//! Changes of the law as work: what begins, changes or ends opens a review before it does.

pub(crate) mod pages;
pub(crate) mod watch;
