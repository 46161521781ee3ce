//! Kinds of notifications, their channels, and the results of their deliveries.

use crate::code_enum;

code_enum!(
    /// Kind of notification; a person can switch each kind on and off.
    NotificationKind {
        LessonBooked = "lesson_booked",
        LessonCancelled = "lesson_cancelled",
        LessonMoved = "lesson_moved",
        LessonPlaceChanged = "lesson_place_changed",
        LessonReminder = "lesson_reminder",
        Reschedule = "reschedule",
        Review = "review",
        NoShowProposed = "no_show_proposed",
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
    /// Channel to a person.
    Channel { InApp = "in_app", Email = "email" }
);
code_enum!(
    /// Reason why a delivery has to wait.
    DelayCause { Digest = "digest", QuietHours = "quiet_hours", MailServer = "mail_server" }
);
code_enum!(
    /// Reason why there was no delivery.
    NonDelivery {
        Muted = "muted",
        QuietHours = "quiet_hours",
        AlreadyRead = "already_read",
        /// The e-mail address is not verified.
        Unverified = "unverified",
        TooLate = "too_late",
        NoAddress = "no_address",
        Suspended = "suspended",
        Failed = "failed",
    }
);

impl NotificationKind {
    /// Returns whether a person cannot switch the kind off. Such a kind does not wait for quiet hours to end.
    pub fn is_critical(self) -> bool {
        match self {
            NotificationKind::LessonCancelled
            | NotificationKind::LessonMoved
            | NotificationKind::LessonPlaceChanged
            | NotificationKind::Security => true,
            NotificationKind::LessonBooked
            | NotificationKind::LessonReminder
            | NotificationKind::Reschedule
            | NotificationKind::Review
            | NotificationKind::NoShowProposed
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
