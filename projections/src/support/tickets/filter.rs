//! Which tickets, and in which order.

use domain::AccountId;
use domain::support::{Priority, Status};
use jiff::Timestamp;
use projection_runtime::codes;

/// Which tickets; what is `None` or empty does not matter.
#[derive(Clone, Debug, Default)]
pub struct TicketFilter {
    /// One of these.
    pub statuses: Vec<Status>,
    pub priorities: Vec<Priority>,
    pub category: Option<String>,
    pub assignee: Option<Assignee>,
    pub requester: Option<AccountId>,
    pub tag: Option<String>,
    /// Words of the ticket, of its replies and notes, of the requester's name.
    pub q: Option<String>,
    pub sla: Option<SlaState>,
    pub opened_from: Option<Timestamp>,
    /// Not included.
    pub opened_to: Option<Timestamp>,
}

/// Who has the ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assignee {
    Nobody,
    Agent(AccountId),
}

codes!(
    /// How a ticket stands with what was promised.
    #[derive(Default)]
    SlaState {
        /// A target was missed, also of a ticket that is over.
        Breached = "breached",
        /// Something is due within the hour.
        AtRisk = "at_risk",
        #[default]
        OnTrack = "on_track",
        /// The clock stands still: the requester has to answer.
        Paused = "paused",
        /// Over, and nothing was missed.
        Met = "met",
        /// Nothing was promised.
        None = "none",
    }
);
codes!(
    /// The order of a list of tickets.
    #[derive(Default)]
    TicketSort {
        #[default]
        Newest = "-opened_at",
        Oldest = "opened_at",
        LatelyUpdated = "-updated_at",
        LongUntouched = "updated_at",
        MostUrgent = "-priority",
        LeastUrgent = "priority",
        /// What is due first; last what is not due at all.
        DueFirst = "due_at",
    }
);

impl TicketFilter {
    pub(super) fn status_codes(&self) -> Option<Vec<String>> {
        codes_of(&self.statuses, |status| status.as_str())
    }

    pub(super) fn priority_codes(&self) -> Option<Vec<String>> {
        codes_of(&self.priorities, |priority| priority.as_str())
    }

    pub(super) fn is_unassigned(&self) -> Option<bool> {
        self.assignee.map(|assignee| assignee == Assignee::Nobody)
    }

    pub(super) fn agent(&self) -> Option<AccountId> {
        match self.assignee? {
            Assignee::Nobody => None,
            Assignee::Agent(agent) => Some(agent),
        }
    }
}

fn codes_of<T: Copy>(list: &[T], code: fn(T) -> &'static str) -> Option<Vec<String>> {
    (!list.is_empty()).then(|| list.iter().map(|value| code(*value).to_owned()).collect())
}
