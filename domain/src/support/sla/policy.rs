//! The versions of the SLA policy.

use jiff::{SignedDuration, Timestamp};

use super::calendar::{BusinessCalendar, week};
use crate::support::values::{Channel, Priority, SlaTarget};

/// Version of the SLA policy. A ticket keeps the version that was in force when it was opened.
#[derive(Clone, Copy, Debug)]
pub struct SlaPolicy {
    pub version: u16,
    pub in_force_from: Timestamp,
    pub calendar: BusinessCalendar,
    pub low: SlaTargets,
    pub medium: SlaTargets,
    pub high: SlaTargets,
    pub urgent: SlaTargets,
}

/// Business minutes for one priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlaTargets {
    pub first_response_minutes: u32,
    pub resolution_minutes: u32,
}

/// All versions, in the order in which they came into force. A change is a new version at the end, so that
/// figures of the past do not change.
pub const SLA_POLICIES: &[SlaPolicy] = &[SlaPolicy {
    version: 1,
    in_force_from: Timestamp::MIN,
    calendar: BusinessCalendar {
        zone: "Europe/Moscow",
        week: week((9, 18), Some((10, 16))),
        holidays: &[
            (1, 1),
            (1, 2),
            (1, 3),
            (1, 4),
            (1, 5),
            (1, 6),
            (1, 7),
            (1, 8),
            (2, 23),
            (3, 8),
            (5, 1),
            (5, 9),
            (6, 12),
            (11, 4),
        ],
    },
    low: targets(480, 2_700),
    medium: targets(240, 1_620),
    high: targets(60, 540),
    urgent: targets(30, 240),
}];

const fn targets(first_response_minutes: u32, resolution_minutes: u32) -> SlaTargets {
    SlaTargets { first_response_minutes, resolution_minutes }
}

impl SlaPolicy {
    /// Returns the version for a ticket that is opened at an instant, out of the versions in their order.
    pub fn in_force(policies: &[SlaPolicy], at: Timestamp) -> Option<&SlaPolicy> {
        policies.iter().rev().find(|policy| policy.in_force_from <= at)
    }

    /// Returns the target for a priority, in business time.
    pub fn target(&self, priority: Priority, target: SlaTarget) -> SignedDuration {
        let targets = match priority {
            Priority::Low => self.low,
            Priority::Medium => self.medium,
            Priority::High => self.high,
            Priority::Urgent => self.urgent,
        };
        let minutes = match target {
            SlaTarget::FirstResponse => targets.first_response_minutes,
            SlaTarget::Resolution => targets.resolution_minutes,
        };
        SignedDuration::from_mins(i64::from(minutes))
    }

    /// Returns whether the SLA covers a channel. Tickets of the system have no SLA, because no person waits.
    pub fn covers(channel: Channel) -> bool {
        match channel {
            Channel::Web | Channel::Agent => true,
            Channel::System => false,
        }
    }
}
