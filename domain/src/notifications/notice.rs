//! What a notification is about: ids, codes and instants, never a person's words.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::kinds::NotificationKind;
use crate::actor::Role;
use crate::code_enum;
use crate::ids::{
    AccountId, BookingId, ConversationId, MessageId, ProposalId, RequestId, SessionId, SlotId, TicketId,
    WaitlistEntryId,
};
use crate::scheduling::{BookedBy, Party, ReminderLead};

/// The facts of a notification; serialises to `{"kind":…,"data":{…}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
pub enum Notice {
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
        /// The booking that was cancelled, and its student.
        booking_id: BookingId,
        student: AccountId,
        by: Party,
    },
    /// `lesson` is as it is now, `from` is when it was to begin.
    LessonMoved {
        #[serde(flatten)]
        lesson: LessonFacts,
        from: Timestamp,
        /// The booking that went to another slot; absent where the lesson itself moved.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        booking_id: Option<BookingId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        student: Option<AccountId>,
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
        /// Who proposed or answered; absent where nobody answered in time.
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
    RequestOffered {
        #[serde(flatten)]
        request: RequestFacts,
        /// Until when it can be accepted.
        expires_at: Timestamp,
    },
    /// The search ended; so many teachers were asked.
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
        /// The first that is unread.
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
        /// The code of the status it has now.
        status: String,
    },
    CrmSync {
        trouble: SyncTrouble,
        /// Whose record it is.
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

/// A lesson, as far as its people are told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LessonFacts {
    pub slot_id: SlotId,
    pub teacher: AccountId,
    /// Code of the dictionary.
    pub subject: String,
    pub starts_at: Timestamp,
}

/// A lesson request, as far as its people are told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestFacts {
    pub request_id: RequestId,
    pub student: AccountId,
    /// Code of the dictionary.
    pub subject: String,
    pub starts_at: Timestamp,
}

code_enum!(
    /// How far a proposal to move a lesson has come.
    RescheduleStep { Proposed = "proposed", Declined = "declined", Expired = "expired" }
);
code_enum!(
    /// What is wrong between us and the external CRM.
    SyncTrouble { Abandoned = "abandoned", Drift = "drift" }
);
code_enum!(
    /// What happened to the access to an account.
    SecurityStep {
        SignedIn = "signed_in",
        PasswordChanged = "password_changed",
        EmailChanged = "email_changed",
        RoleGranted = "role_granted",
    }
);

/// What an unread notification already stands for: while there is one, no other is raised.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    Conversation(ConversationId),
    CrmSync(SyncTrouble),
}

impl Notice {
    pub fn kind(&self) -> NotificationKind {
        match self {
            Notice::LessonBooked { .. } => NotificationKind::LessonBooked,
            Notice::LessonCancelled { .. } => NotificationKind::LessonCancelled,
            Notice::LessonMoved { .. } => NotificationKind::LessonMoved,
            Notice::LessonReminder { .. } => NotificationKind::LessonReminder,
            Notice::Reschedule { .. } => NotificationKind::Reschedule,
            Notice::Review { .. } => NotificationKind::Review,
            Notice::RequestOffered { .. } => NotificationKind::RequestOffered,
            Notice::RequestMatched { .. } => NotificationKind::RequestMatched,
            Notice::RequestDeclined { .. } => NotificationKind::RequestDeclined,
            Notice::RequestAccepted { .. } => NotificationKind::RequestAccepted,
            Notice::RequestExpired { .. } => NotificationKind::RequestExpired,
            Notice::WaitlistOffer { .. } => NotificationKind::WaitlistOffer,
            Notice::Message { .. } => NotificationKind::Message,
            Notice::TicketReply { .. } => NotificationKind::TicketReply,
            Notice::TicketStatus { .. } => NotificationKind::TicketStatus,
            Notice::CrmSync { .. } => NotificationKind::CrmSync,
            Notice::Security { .. } => NotificationKind::Security,
        }
    }

    /// What it stands for while it is unread; `None` where each is news of its own.
    pub fn topic(&self) -> Option<Topic> {
        match self {
            Notice::Message { conversation_id, .. } => Some(Topic::Conversation(*conversation_id)),
            Notice::CrmSync { trouble, .. } => Some(Topic::CrmSync(*trouble)),
            Notice::LessonBooked { .. }
            | Notice::LessonCancelled { .. }
            | Notice::LessonMoved { .. }
            | Notice::LessonReminder { .. }
            | Notice::Reschedule { .. }
            | Notice::Review { .. }
            | Notice::RequestOffered { .. }
            | Notice::RequestMatched { .. }
            | Notice::RequestDeclined { .. }
            | Notice::RequestAccepted { .. }
            | Notice::RequestExpired { .. }
            | Notice::WaitlistOffer { .. }
            | Notice::TicketReply { .. }
            | Notice::TicketStatus { .. }
            | Notice::Security { .. } => None,
        }
    }

    /// From when on it helps nobody to get it by mail.
    pub fn useful_until(&self) -> Option<Timestamp> {
        match self {
            Notice::LessonReminder { lesson, .. } => Some(lesson.starts_at),
            Notice::RequestOffered { expires_at, .. } | Notice::WaitlistOffer { expires_at, .. } => {
                Some(*expires_at)
            }
            Notice::LessonBooked { .. }
            | Notice::LessonCancelled { .. }
            | Notice::LessonMoved { .. }
            | Notice::Reschedule { .. }
            | Notice::Review { .. }
            | Notice::RequestMatched { .. }
            | Notice::RequestDeclined { .. }
            | Notice::RequestAccepted { .. }
            | Notice::RequestExpired { .. }
            | Notice::Message { .. }
            | Notice::TicketReply { .. }
            | Notice::TicketStatus { .. }
            | Notice::CrmSync { .. }
            | Notice::Security { .. } => None,
        }
    }

    /// Everybody whom it names.
    pub fn people(&self) -> Vec<AccountId> {
        match self {
            Notice::LessonBooked { lesson, student, .. }
            | Notice::LessonCancelled { lesson, student, .. }
            | Notice::Review { lesson, student, .. } => vec![lesson.teacher, *student],
            Notice::LessonMoved { lesson, student, .. } => {
                [lesson.teacher].into_iter().chain(*student).collect()
            }
            Notice::Reschedule { lesson, by, .. } => [lesson.teacher].into_iter().chain(*by).collect(),
            Notice::LessonReminder { lesson, .. } | Notice::WaitlistOffer { lesson, .. } => {
                vec![lesson.teacher]
            }
            Notice::RequestOffered { request, .. }
            | Notice::RequestMatched { request, .. }
            | Notice::RequestExpired { request } => vec![request.student],
            Notice::RequestDeclined { request, teacher }
            | Notice::RequestAccepted { request, teacher, .. } => {
                vec![request.student, *teacher]
            }
            Notice::Message { sender, .. } => vec![*sender],
            Notice::TicketReply { author, .. } => author.iter().copied().collect(),
            Notice::CrmSync { account_id, .. } => vec![*account_id],
            Notice::TicketStatus { .. } | Notice::Security { .. } => vec![],
        }
    }
}
