//! SLA of tickets: a pure function of their events and of a version of the policy.

mod calendar;
mod clock;
mod policy;
#[cfg(test)]
mod tests;

pub use calendar::BusinessCalendar;
pub use clock::SlaClock;
pub use policy::{SLA_POLICIES, SlaPolicy, SlaTargets};
