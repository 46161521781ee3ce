//! The codes of a ticket: priority, status, channel and causes.

use crate::code_enum;

code_enum!(
    /// Priority of a ticket, in ascending order.
    Priority { Low = "low", Medium = "medium", High = "high", Urgent = "urgent" }
);
code_enum!(
    /// Channel of a ticket.
    Channel { Web = "web", Agent = "agent", System = "system" }
);
code_enum!(
    /// Status of a ticket.
    Status {
        Open = "open",
        InProgress = "in_progress",
        /// The ticket waits for the requester; the SLA clock does not run.
        Waiting = "waiting",
        Resolved = "resolved",
        Closed = "closed",
    }
);
code_enum!(
    /// Cause of a status change.
    StatusCause {
        /// An agent chose it.
        Agent = "agent",
        /// The requester replied.
        Reply = "reply",
    }
);
code_enum!(
    /// Way in which an agent was assigned.
    AssignedBy { Manual = "manual", RoundRobin = "round_robin" }
);
code_enum!(
    /// Target of the SLA.
    SlaTarget { FirstResponse = "first_response", Resolution = "resolution" }
);

impl Status {
    /// Returns whether the work on the ticket has ended.
    pub fn is_over(self) -> bool {
        match self {
            Status::Open | Status::InProgress | Status::Waiting => false,
            Status::Resolved | Status::Closed => true,
        }
    }

    /// Returns the statuses that an agent may choose next. A resolved or closed ticket must be opened again
    /// first.
    pub fn next(self) -> &'static [Status] {
        match self {
            Status::Open => &[Status::InProgress, Status::Waiting, Status::Resolved, Status::Closed],
            Status::InProgress => &[Status::Open, Status::Waiting, Status::Resolved, Status::Closed],
            Status::Waiting => &[Status::Open, Status::InProgress, Status::Resolved, Status::Closed],
            Status::Resolved => &[Status::Open, Status::Closed],
            Status::Closed => &[Status::Open],
        }
    }
}
