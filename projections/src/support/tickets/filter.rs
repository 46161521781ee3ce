//! Filter and order of lists of tickets.

use domain::AccountId;
use domain::support::{Channel, Priority, Status};
use jiff::Timestamp;
use projection_runtime::text_search::SearchText;

/// Filter of tickets. A field that is `None` or empty does not filter.
#[derive(Clone, Debug, Default)]
pub struct TicketFilter {
    /// The value must be one of these.
    pub statuses: Vec<Status>,
    pub priorities: Vec<Priority>,
    pub category: Option<String>,
    pub assignee: Option<Assignee>,
    pub requester: Option<AccountId>,
    pub tag: Option<String>,
    /// Words of the ticket, of its replies and notes, or of the requester's name.
    pub q: Option<SearchText>,
    pub sla: Option<SlaState>,
    pub channel: Option<Channel>,
    pub opened_from: Option<Timestamp>,
    /// Exclusive.
    pub opened_to: Option<Timestamp>,
}

/// Filter of the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assignee {
    Nobody,
    Agent(AccountId),
}

domain::code_enum!(
    /// SLA state of a ticket.
    #[derive(Default)]
    SlaState {
        /// A target was missed; the ticket may be over.
        Breached = "breached",
        /// A target is due within the hour.
        AtRisk = "at_risk",
        #[default]
        OnTrack = "on_track",
        /// The clock is stopped until the requester answers.
        Paused = "paused",
        /// The ticket is over and no target was missed.
        Met = "met",
        /// The ticket has no SLA, or was merged before a target was missed.
        None = "none",
    }
);
domain::code_enum!(
    /// Order of a list of tickets.
    #[derive(Default)]
    TicketSort {
        #[default]
        Newest = "-opened_at",
        Oldest = "opened_at",
        LatelyUpdated = "-updated_at",
        LongUntouched = "updated_at",
        MostUrgent = "-priority",
        LeastUrgent = "priority",
        /// Earliest deadline first; tickets without a deadline last.
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
