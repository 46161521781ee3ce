//! The codes of a ticket: how urgent, in which state, through which door.

use crate::code_enum;

code_enum!(
    /// How urgent a ticket is; the last is the most.
    Priority { Low = "low", Medium = "medium", High = "high", Urgent = "urgent" }
);
code_enum!(
    /// Through which door a ticket came.
    Channel { Web = "web", Agent = "agent", System = "system" }
);
code_enum!(
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
code_enum!(
    /// Why a status changed.
    StatusCause {
        /// An agent chose it.
        Agent = "agent",
        /// The requester replied.
        Reply = "reply",
    }
);
code_enum!(
    /// How an agent came to a ticket.
    AssignedBy { Manual = "manual", RoundRobin = "round_robin" }
);
code_enum!(
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
