//! Time and fresh ids, as something that one is given.

use std::fmt::Debug;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// Tells the present instant (UTC).
pub trait Clock: Debug + Send + Sync {
    /// The present instant, cut to whole microseconds: what Postgres keeps.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is the one place where time enters")]
        let now = Timestamp::now();
        Timestamp::from_microsecond(now.as_microsecond()).expect("a cut instant stays in range")
    }
}

/// A clock that stands still until it is told to move; for tests and simulations.
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    pub fn at(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves the clock; negative spans move it back.
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

/// Gives fresh ids.
pub trait Ids: Debug + Send + Sync {
    /// A new UUIDv7 (RFC 9562): ordered by the time of its making.
    fn next(&self) -> Uuid;
}

/// Ids from the machine's clock and chance.
#[derive(Debug, Default, Clone, Copy)]
pub struct RandomIds;

impl Ids for RandomIds {
    fn next(&self) -> Uuid {
        #[expect(clippy::disallowed_methods, reason = "this is the one place where ids are made")]
        Uuid::now_v7()
    }
}
