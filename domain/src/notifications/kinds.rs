//! What sorts of notifications there are, by which ways they go, and what can become of them.

use crate::code_enum;

code_enum!(
    /// A sort of notification; what a person switches on and off.
    NotificationKind {
        LessonBooked = "lesson_booked",
        LessonCancelled = "lesson_cancelled",
        LessonMoved = "lesson_moved",
        LessonReminder = "lesson_reminder",
        Reschedule = "reschedule",
        Review = "review",
        RequestOffered = "request_offered",
        RequestMatched = "request_matched",
        RequestDeclined = "request_declined",
        RequestAccepted = "request_accepted",
        RequestExpired = "request_expired",
        WaitlistOffer = "waitlist_offer",
        Message = "message",
        TicketReply = "ticket_reply",
        TicketStatus = "ticket_status",
        CrmSync = "crm_sync",
        Security = "security",
    }
);
code_enum!(
    /// A way to reach a person.
    Channel { InApp = "in_app", Email = "email" }
);
code_enum!(
    /// Why a delivery has to wait.
    DelayCause { Digest = "digest", QuietHours = "quiet_hours", MailServer = "mail_server" }
);
code_enum!(
    /// Why there was no delivery.
    NonDelivery {
        Muted = "muted",
        QuietHours = "quiet_hours",
        AlreadyRead = "already_read",
        TooLate = "too_late",
        NoAddress = "no_address",
        Suspended = "suspended",
        Failed = "failed",
    }
);

impl NotificationKind {
    /// Whether nobody can switch it off, and it does not wait for quiet hours to end.
    pub fn is_critical(self) -> bool {
        match self {
            NotificationKind::LessonCancelled
            | NotificationKind::LessonMoved
            | NotificationKind::Security => true,
            NotificationKind::LessonBooked
            | NotificationKind::LessonReminder
            | NotificationKind::Reschedule
            | NotificationKind::Review
            | NotificationKind::RequestOffered
            | NotificationKind::RequestMatched
            | NotificationKind::RequestDeclined
            | NotificationKind::RequestAccepted
            | NotificationKind::RequestExpired
            | NotificationKind::WaitlistOffer
            | NotificationKind::Message
            | NotificationKind::TicketReply
            | NotificationKind::TicketStatus
            | NotificationKind::CrmSync => false,
        }
    }
}
