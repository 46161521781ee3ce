//! The codes of a ticket: how urgent, in which state, through which door.

use crate::codes::codes;

codes!(
    /// How urgent a ticket is; the last is the most.
    Priority { Low = "low", Medium = "medium", High = "high", Urgent = "urgent" }
);
codes!(
    /// Through which door a ticket came.
    Channel { Web = "web", Agent = "agent", System = "system" }
);
codes!(
    /// Where a ticket stands.
    Status {
        Open = "open",
        InProgress = "in_progress",
        /// For the requester: the clocks of the SLA stand still.
        Waiting = "waiting",
        Resolved = "resolved",
        Closed = "closed",
    }
);
codes!(
    /// Why a status changed.
    StatusCause {
        /// An agent chose it.
        Agent = "agent",
        /// The requester replied.
        Reply = "reply",
    }
);
codes!(
    /// How an agent came to a ticket.
    AssignedBy { Manual = "manual", RoundRobin = "round_robin" }
);
codes!(
    /// What the SLA promises.
    SlaTarget { FirstResponse = "first_response", Resolution = "resolution" }
);

impl Status {
    /// Whether nobody has anything to do about it any more.
    pub fn is_over(self) -> bool {
        match self {
            Status::Open | Status::InProgress | Status::Waiting => false,
            Status::Resolved | Status::Closed => true,
        }
    }

    /// Where an agent may lead a ticket from here. What is over is opened again before anything else.
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
