//! The clock and the source of new ids, as dependencies that tests can replace.

use std::fmt::Debug;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// Clock for the present instant (UTC).
pub trait Clock: Debug + Send + Sync {
    /// Returns the present instant, truncated to whole microseconds, the resolution of Postgres.
    fn now(&self) -> Timestamp;
}

/// Clock of the machine.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "only this clock reads the time of the machine")]
        let now = Timestamp::now();
        Timestamp::from_microsecond(now.as_microsecond()).expect("a truncated instant stays in range")
    }
}

/// Clock that moves only when it is set or advanced; for tests and simulations.
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    pub fn at(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves the clock; a negative span moves it back.
    pub fn advance(&self, span: SignedDuration) {
        let mut now = self.0.lock().expect("no holder of this lock panics");
        *now += span;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("no holder of this lock panics")
    }
}

/// Source of new ids.
pub trait Ids: Debug + Send + Sync {
    /// Returns a new UUIDv7 (RFC 9562), ordered by its creation time.
    fn next(&self) -> Uuid;
}

/// Ids from the machine's clock and its random numbers.
#[derive(Debug, Default, Clone, Copy)]
pub struct RandomIds;

impl Ids for RandomIds {
    fn next(&self) -> Uuid {
        #[expect(clippy::disallowed_methods, reason = "only this source creates ids")]
        Uuid::now_v7()
    }
}
