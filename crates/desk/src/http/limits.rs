//! How much one address may ask for in a time.

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;

/// Tries to log in from one address: so many in a burst, and so many a minute after it. Accounts are locked long before; this spares the machine.
const LOG_INS: NonZeroU32 = match NonZeroU32::new(60) {
    Some(sixty) => sixty,
    None => NonZeroU32::MIN,
};

/// The limits.
pub(crate) struct Limits {
    log_in: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { log_in: RateLimiter::keyed(Quota::per_minute(LOG_INS)) }
    }
}

impl Limits {
    /// Whether the address may try to log in now.
    pub(crate) fn log_in(&self, address: IpAddr) -> bool {
        if self.log_in.len() > 10_000 {
            self.log_in.retain_recent();
        }
        self.log_in.check_key(&address).is_ok()
    }
}
