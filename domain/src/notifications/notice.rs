//! The content of a notification: ids, codes and instants. The place of a lesson is the only text of a person.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::kinds::NotificationKind;
use crate::actor::Role;
use crate::code_enum;
use crate::ids::{
    AccountId, BookingId, ConversationId, MessageId, ProposalId, RequestId, SessionId, SlotId, TicketId,
    WaitlistEntryId,
};
use crate::personal::Personal;
use crate::scheduling::{BookedBy, Party, ReminderLead};

/// Content of a notification; serialises to `{"kind":…,"data":{…}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
pub enum NotificationContent {
    LessonBooked {
        #[serde(flatten)]
        lesson: LessonFacts,
        booking_id: BookingId,
        student: AccountId,
        booked_by: BookedBy,
    },
    LessonCancelled {
        #[serde(flatten)]
        lesson: LessonFacts,
        /// Cancelled booking.
        booking_id: BookingId,
        student: AccountId,
        by: Party,
    },
    /// `lesson` has the present time; `from` is the former start.
    LessonMoved {
        #[serde(flatten)]
        lesson: LessonFacts,
        from: Timestamp,
        /// Booking that moved to another slot; absent if the lesson itself moved.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        booking_id: Option<BookingId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        student: Option<AccountId>,
    },
    /// The teacher changed the place; the booked students need not agree.
    LessonPlaceChanged {
        #[serde(flatten)]
        lesson: LessonFacts,
        /// Present place.
        place: Box<Personal<String>>,
        /// Former place; absent if the lesson had none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        former_place: Option<Box<Personal<String>>>,
    },
    LessonReminder {
        #[serde(flatten)]
        lesson: LessonFacts,
        lead: ReminderLead,
    },
    Reschedule {
        #[serde(flatten)]
        lesson: LessonFacts,
        proposal_id: ProposalId,
        step: RescheduleStep,
        /// Person who proposed or answered; absent if the proposal expired.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<AccountId>,
        to: Timestamp,
    },
    Review {
        #[serde(flatten)]
        lesson: LessonFacts,
        booking_id: BookingId,
        student: AccountId,
        rating: u8,
    },
    /// A booked student was not in the lesson room. The teacher may record the absence.
    NoShowProposed {
        #[serde(flatten)]
        lesson: LessonFacts,
        booking_id: BookingId,
        student: AccountId,
    },
    RequestOffered {
        #[serde(flatten)]
        request: RequestFacts,
        /// Deadline for an acceptance.
        expires_at: Timestamp,
    },
    /// The search ended; `offered` is the number of asked teachers.
    RequestMatched {
        #[serde(flatten)]
        request: RequestFacts,
        offered: u32,
    },
    RequestDeclined {
        #[serde(flatten)]
        request: RequestFacts,
        teacher: AccountId,
    },
    RequestAccepted {
        #[serde(flatten)]
        request: RequestFacts,
        teacher: AccountId,
        slot_id: SlotId,
    },
    RequestExpired {
        #[serde(flatten)]
        request: RequestFacts,
    },
    WaitlistOffer {
        #[serde(flatten)]
        lesson: LessonFacts,
        entry_id: WaitlistEntryId,
        expires_at: Timestamp,
    },
    Message {
        conversation_id: ConversationId,
        /// First unread message.
        message_id: MessageId,
        sender: AccountId,
    },
    TicketReply {
        ticket_id: TicketId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        author: Option<AccountId>,
    },
    TicketStatus {
        ticket_id: TicketId,
        /// Code of the present status.
        status: String,
    },
    CrmSync {
        trouble: SyncTrouble,
        /// Account of the record.
        account_id: AccountId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket_id: Option<TicketId>,
    },
    Security {
        step: SecurityStep,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session_id: Option<SessionId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<Role>,
    },
}

/// Lesson, as a notification describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LessonFacts {
    pub slot_id: SlotId,
    pub teacher: AccountId,
    /// Code of the dictionary.
    pub subject: String,
    pub starts_at: Timestamp,
}

/// Lesson request, as a notification describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestFacts {
    pub request_id: RequestId,
    pub student: AccountId,
    /// Code of the dictionary.
    pub subject: String,
    pub starts_at: Timestamp,
}

code_enum!(
    /// Step of a proposal to move a lesson.
    RescheduleStep { Proposed = "proposed", Declined = "declined", Expired = "expired" }
);
code_enum!(
    /// Problem with the external CRM.
    SyncTrouble { Abandoned = "abandoned", Drift = "drift" }
);
code_enum!(
    /// Change of the access to an account.
    SecurityStep {
        SignedIn = "signed_in",
        PasswordChanged = "password_changed",
        EmailChanged = "email_changed",
        RoleGranted = "role_granted",
    }
);

/// Topic of an unread notification. While it is unread, no other of the same topic is raised.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    Conversation(ConversationId),
    CrmSync(SyncTrouble),
}

impl NotificationContent {
    pub fn kind(&self) -> NotificationKind {
        match self {
            NotificationContent::LessonBooked { .. } => NotificationKind::LessonBooked,
            NotificationContent::LessonCancelled { .. } => NotificationKind::LessonCancelled,
            NotificationContent::LessonMoved { .. } => NotificationKind::LessonMoved,
            NotificationContent::LessonPlaceChanged { .. } => NotificationKind::LessonPlaceChanged,
            NotificationContent::LessonReminder { .. } => NotificationKind::LessonReminder,
            NotificationContent::Reschedule { .. } => NotificationKind::Reschedule,
            NotificationContent::Review { .. } => NotificationKind::Review,
            NotificationContent::NoShowProposed { .. } => NotificationKind::NoShowProposed,
            NotificationContent::RequestOffered { .. } => NotificationKind::RequestOffered,
            NotificationContent::RequestMatched { .. } => NotificationKind::RequestMatched,
            NotificationContent::RequestDeclined { .. } => NotificationKind::RequestDeclined,
            NotificationContent::RequestAccepted { .. } => NotificationKind::RequestAccepted,
            NotificationContent::RequestExpired { .. } => NotificationKind::RequestExpired,
            NotificationContent::WaitlistOffer { .. } => NotificationKind::WaitlistOffer,
            NotificationContent::Message { .. } => NotificationKind::Message,
            NotificationContent::TicketReply { .. } => NotificationKind::TicketReply,
            NotificationContent::TicketStatus { .. } => NotificationKind::TicketStatus,
            NotificationContent::CrmSync { .. } => NotificationKind::CrmSync,
            NotificationContent::Security { .. } => NotificationKind::Security,
        }
    }

    /// Returns the topic; `None` if each event raises a separate notification.
    pub fn topic(&self) -> Option<Topic> {
        match self {
            NotificationContent::Message { conversation_id, .. } => {
                Some(Topic::Conversation(*conversation_id))
            }
            NotificationContent::CrmSync { trouble, .. } => Some(Topic::CrmSync(*trouble)),
            NotificationContent::LessonBooked { .. }
            | NotificationContent::LessonCancelled { .. }
            | NotificationContent::LessonMoved { .. }
            | NotificationContent::LessonPlaceChanged { .. }
            | NotificationContent::LessonReminder { .. }
            | NotificationContent::Reschedule { .. }
            | NotificationContent::Review { .. }
            | NotificationContent::NoShowProposed { .. }
            | NotificationContent::RequestOffered { .. }
            | NotificationContent::RequestMatched { .. }
            | NotificationContent::RequestDeclined { .. }
            | NotificationContent::RequestAccepted { .. }
            | NotificationContent::RequestExpired { .. }
            | NotificationContent::WaitlistOffer { .. }
            | NotificationContent::TicketReply { .. }
            | NotificationContent::TicketStatus { .. }
            | NotificationContent::Security { .. } => None,
        }
    }

    /// Returns the instant from which an e-mail is no longer useful.
    pub fn useful_until(&self) -> Option<Timestamp> {
        match self {
            NotificationContent::LessonReminder { lesson, .. } => Some(lesson.starts_at),
            NotificationContent::RequestOffered { expires_at, .. }
            | NotificationContent::WaitlistOffer { expires_at, .. } => Some(*expires_at),
            NotificationContent::LessonBooked { .. }
            | NotificationContent::LessonCancelled { .. }
            | NotificationContent::LessonMoved { .. }
            | NotificationContent::LessonPlaceChanged { .. }
            | NotificationContent::Reschedule { .. }
            | NotificationContent::Review { .. }
            | NotificationContent::NoShowProposed { .. }
            | NotificationContent::RequestMatched { .. }
            | NotificationContent::RequestDeclined { .. }
            | NotificationContent::RequestAccepted { .. }
            | NotificationContent::RequestExpired { .. }
            | NotificationContent::Message { .. }
            | NotificationContent::TicketReply { .. }
            | NotificationContent::TicketStatus { .. }
            | NotificationContent::CrmSync { .. }
            | NotificationContent::Security { .. } => None,
        }
    }

    /// Returns all people whom the notification names.
    pub fn people(&self) -> Vec<AccountId> {
        match self {
            NotificationContent::LessonBooked { lesson, student, .. }
            | NotificationContent::LessonCancelled { lesson, student, .. }
            | NotificationContent::Review { lesson, student, .. }
            | NotificationContent::NoShowProposed { lesson, student, .. } => vec![lesson.teacher, *student],
            NotificationContent::LessonMoved { lesson, student, .. } => {
                [lesson.teacher].into_iter().chain(*student).collect()
            }
            NotificationContent::Reschedule { lesson, by, .. } => {
                [lesson.teacher].into_iter().chain(*by).collect()
            }
            NotificationContent::LessonPlaceChanged { lesson, .. }
            | NotificationContent::LessonReminder { lesson, .. }
            | NotificationContent::WaitlistOffer { lesson, .. } => {
                vec![lesson.teacher]
            }
            NotificationContent::RequestOffered { request, .. }
            | NotificationContent::RequestMatched { request, .. }
            | NotificationContent::RequestExpired { request } => vec![request.student],
            NotificationContent::RequestDeclined { request, teacher }
            | NotificationContent::RequestAccepted { request, teacher, .. } => {
                vec![request.student, *teacher]
            }
            NotificationContent::Message { sender, .. } => vec![*sender],
            NotificationContent::TicketReply { author, .. } => author.iter().copied().collect(),
            NotificationContent::CrmSync { account_id, .. } => vec![*account_id],
            NotificationContent::TicketStatus { .. } | NotificationContent::Security { .. } => vec![],
        }
    }
}
