//! The two clocks of a machine, so that a step of the one can be told from time that passed.

use std::fmt::Debug;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Where time comes from.
pub trait Clock: Debug + Send + Sync {
    /// Milliseconds since 1970 in UTC, as the machine believes; may be stepped.
    fn wall(&self) -> i64;
    /// Time since some fixed moment; never steps.
    fn steady(&self) -> Duration;
}

/// The machine's own clocks.
#[derive(Debug)]
pub struct SystemClock {
    start: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { start: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn wall(&self) -> i64 {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_millis()).unwrap_or(i64::MAX),
        }
    }

    fn steady(&self) -> Duration {
        self.start.elapsed()
    }
}

/// A step of the wall clock beyond this is an entry of its own.
pub const STEP: i64 = 2_000;

/// Watches the wall clock for steps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watch {
    wall: i64,
    steady: Duration,
}

impl Watch {
    pub(crate) fn new(clock: &dyn Clock) -> Self {
        Self { wall: clock.wall(), steady: clock.steady() }
    }

    /// The wall clock now, and by how many milliseconds it was stepped since the last look, if by more than [`STEP`].
    pub(crate) fn look(&mut self, clock: &dyn Clock) -> (i64, Option<i64>) {
        let now = Self::new(clock);
        let passed = i64::try_from(now.steady.saturating_sub(self.steady).as_millis()).unwrap_or(i64::MAX);
        let step = now.wall.saturating_sub(self.wall.saturating_add(passed));
        *self = now;
        (now.wall, (step.abs() > STEP).then_some(step))
    }
}
