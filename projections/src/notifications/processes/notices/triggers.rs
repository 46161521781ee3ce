//! Events that cause notifications, one total function for each aggregate.

use domain::accounts::AccountEvent;
use domain::crm::{CrmLinkEvent, SyncSubject};
use domain::messaging::ConversationEvent;
use domain::notifications::{SecurityStep, SyncTrouble};
use domain::scheduling::{BookedBy, LessonRequestEvent, Party, ReminderLead, SlotEvent, WaitlistEvent};
use domain::support::{Status, TicketEvent};
use domain::video::VideoSessionEvent;
use domain::{
    AccountId, Actor, BookingId, Event, MessageId, Personal, ProposalId, RecordedEvent, Role, SessionId,
    SlotId,
};
use jiff::Timestamp;

use crate::scheduling::PROPOSAL_EXPIRY_NAME;

/// Event that causes notifications, with the facts that decide their recipients and contents.
pub(super) enum NoticeTrigger<'a> {
    Lesson {
        event: &'a SlotEvent,
        trigger: LessonTrigger,
    },
    /// A booking moved to another lesson.
    BookingMoved {
        event: &'a SlotEvent,
        booking_id: BookingId,
        student: AccountId,
        from_slot: SlotId,
    },
    Request(RequestTrigger),
    WaitlistOffer {
        expires_at: Timestamp,
    },
    /// A student was not in the lesson room.
    NoShowProposed {
        booking_id: BookingId,
        student: AccountId,
    },
    Message {
        message_id: MessageId,
        sender: AccountId,
    },
    /// The participant needs no notification of what they have read.
    ConversationRead {
        participant: AccountId,
        up_to: u64,
    },
    Account(AccountTrigger<'a>),
    CrmLink {
        what: SyncSubject,
        trouble: SyncTrouble,
    },
    Ticket(TicketTrigger),
}

/// Event of a lesson that causes notifications.
pub(super) enum LessonTrigger {
    Booked { booking_id: BookingId, student: AccountId, booked_by: BookedBy },
    Cancelled { booking_id: BookingId, student: AccountId, by: Party },
    Moved { from: Timestamp },
    PlaceChanged { place: Personal<String> },
    Proposed { proposal_id: ProposalId, by: Party, proposer: AccountId, to: Timestamp },
    ProposalDeclined { by: AccountId },
    ProposalExpired,
    Reviewed { booking_id: BookingId, student: AccountId, rating: u8 },
    Reminder { lead: ReminderLead },
}

/// Event of a lesson request that causes notifications.
pub(super) enum RequestTrigger {
    Offered { teacher: AccountId },
    Matched { offered: u32 },
    Declined { teacher: AccountId },
    Accepted { teacher: AccountId, slot_id: SlotId },
    Expired,
}

/// Event of an account that causes a security notification.
pub(super) enum AccountTrigger<'a> {
    SignedIn { session_id: SessionId, user_agent: &'a Personal<String> },
    Changed { step: SecurityStep, role: Option<Role> },
}

/// Event of a ticket that causes notifications.
pub(super) enum TicketTrigger {
    Reply { requester: AccountId, author: AccountId, assignee: Option<AccountId> },
    Status { requester: AccountId, to: Status },
}

impl<'a> NoticeTrigger<'a> {
    /// Returns `None` if the event causes no notification.
    pub(super) fn of(recorded: &'a RecordedEvent) -> Option<Self> {
        match &recorded.event {
            Event::Slot(event) => lesson_trigger(event, &recorded.metadata.actor),
            Event::Request(event) => request_trigger(event).map(Self::Request),
            Event::Waitlist(event) => waitlist_trigger(event),
            Event::Conversation(event) => conversation_trigger(event),
            Event::Account(event) => account_trigger(event).map(Self::Account),
            Event::CrmLink(event) => crm_link_trigger(event),
            Event::Ticket(event) => ticket_trigger(event).map(Self::Ticket),
            Event::Video(event) => video_trigger(event),
            Event::Series(_) | Event::Class(_) | Event::Inbox(_) => None,
        }
    }
}

fn lesson_trigger<'a>(event: &'a SlotEvent, actor: &Actor) -> Option<NoticeTrigger<'a>> {
    let lesson = |trigger| Some(NoticeTrigger::Lesson { event, trigger });
    match event {
        SlotEvent::SeatBooked { booking_id, student, booked_by, .. } => lesson(LessonTrigger::Booked {
            booking_id: *booking_id,
            student: *student,
            booked_by: *booked_by,
        }),
        SlotEvent::BookingCancelled { booking_id, student, by, .. } => {
            lesson(LessonTrigger::Cancelled { booking_id: *booking_id, student: *student, by: *by })
        }
        SlotEvent::LessonMoved { from, .. } => lesson(LessonTrigger::Moved { from: from.starts_at }),
        SlotEvent::BookingMovedIn { booking_id, student, from_slot, .. } => Some(NoticeTrigger::BookingMoved {
            event,
            booking_id: *booking_id,
            student: *student,
            from_slot: *from_slot,
        }),
        SlotEvent::RescheduleProposed { proposal_id, by, proposer, starts_at, .. } => {
            lesson(LessonTrigger::Proposed {
                proposal_id: *proposal_id,
                by: *by,
                proposer: *proposer,
                to: *starts_at,
            })
        }
        SlotEvent::RescheduleDeclined { by, .. } => lesson(LessonTrigger::ProposalDeclined { by: *by }),
        SlotEvent::RescheduleExpired { .. } => {
            match *actor == Actor::system(PROPOSAL_EXPIRY_NAME) {
                true => lesson(LessonTrigger::ProposalExpired),
                // The proposal ended with the lesson or with another proposal, which has its own notification.
                false => None,
            }
        }
        SlotEvent::LessonReviewed { booking_id, student, rating, .. } => lesson(LessonTrigger::Reviewed {
            booking_id: *booking_id,
            student: *student,
            rating: *rating,
        }),
        SlotEvent::ReminderSent { lead, .. } => lesson(LessonTrigger::Reminder { lead: *lead }),
        // Of the changes without consent, only the place concerns a booked student.
        SlotEvent::SlotChanged { changes, .. } => {
            changes.place.clone().and_then(|place| lesson(LessonTrigger::PlaceChanged { place }))
        }
        SlotEvent::SlotOpened { .. }
        | SlotEvent::SlotWithdrawn { .. }
        | SlotEvent::SeatHeld { .. }
        | SlotEvent::HoldReleased { .. }
        // Each cancelled booking has its own notification.
        | SlotEvent::LessonCancelled { .. }
        | SlotEvent::RescheduleAccepted { .. }
        | SlotEvent::BookingMovedOut { .. }
        | SlotEvent::LessonStarted { .. }
        | SlotEvent::LessonCompleted { .. }
        | SlotEvent::NoShowRecorded { .. }
        | SlotEvent::LessonReported { .. }
        | SlotEvent::WaitlistEntered { .. }
        | SlotEvent::WaitlistRemoved { .. } => None,
    }
}

fn request_trigger(event: &LessonRequestEvent) -> Option<RequestTrigger> {
    match event {
        LessonRequestEvent::RequestOffered { teacher, .. } => {
            Some(RequestTrigger::Offered { teacher: *teacher })
        }
        LessonRequestEvent::RequestMatched { offered, .. } => {
            Some(RequestTrigger::Matched { offered: *offered })
        }
        LessonRequestEvent::RequestDeclined { teacher } => {
            Some(RequestTrigger::Declined { teacher: *teacher })
        }
        LessonRequestEvent::RequestAccepted { teacher, slot_id, .. } => {
            Some(RequestTrigger::Accepted { teacher: *teacher, slot_id: *slot_id })
        }
        LessonRequestEvent::RequestExpired {} => Some(RequestTrigger::Expired),
        LessonRequestEvent::LessonRequested { .. } | LessonRequestEvent::RequestCancelled {} => None,
    }
}

fn waitlist_trigger(event: &WaitlistEvent) -> Option<NoticeTrigger<'_>> {
    match event {
        WaitlistEvent::SeatOffered { expires_at, .. } => {
            Some(NoticeTrigger::WaitlistOffer { expires_at: *expires_at })
        }
        WaitlistEvent::WaitlistJoined { .. }
        | WaitlistEvent::OfferAccepted { .. }
        | WaitlistEvent::OfferDeclined {}
        | WaitlistEvent::OfferExpired {}
        | WaitlistEvent::WaitlistLeft { .. } => None,
    }
}

fn video_trigger(event: &VideoSessionEvent) -> Option<NoticeTrigger<'_>> {
    match event {
        VideoSessionEvent::NoShowProposed { booking_id, student } => {
            Some(NoticeTrigger::NoShowProposed { booking_id: *booking_id, student: *student })
        }
        VideoSessionEvent::RoomOpened { .. }
        | VideoSessionEvent::RoomClosed { .. }
        | VideoSessionEvent::ParticipantAdmitted { .. }
        | VideoSessionEvent::ParticipantJoined { .. }
        | VideoSessionEvent::ParticipantLeft { .. }
        | VideoSessionEvent::ParticipantRemoved { .. }
        | VideoSessionEvent::RecordingConsented { .. } => None,
    }
}

fn conversation_trigger(event: &ConversationEvent) -> Option<NoticeTrigger<'_>> {
    match event {
        ConversationEvent::MessageSent { message_id, sender, .. } => {
            Some(NoticeTrigger::Message { message_id: *message_id, sender: *sender })
        }
        ConversationEvent::ConversationRead { participant, up_to }
        | ConversationEvent::ConversationCleared { participant, up_to } => {
            Some(NoticeTrigger::ConversationRead { participant: *participant, up_to: *up_to })
        }
        ConversationEvent::ConversationStarted { .. }
        | ConversationEvent::ParticipantJoined { .. }
        | ConversationEvent::ParticipantLeft { .. }
        | ConversationEvent::MessageEdited { .. }
        | ConversationEvent::MessageDeleted { .. }
        | ConversationEvent::MessageReported { .. }
        | ConversationEvent::ConversationArchived { .. }
        | ConversationEvent::ConversationUnarchived { .. }
        | ConversationEvent::ConversationHidden { .. }
        | ConversationEvent::ParticipantBlocked { .. }
        | ConversationEvent::ParticipantUnblocked { .. } => None,
    }
}

fn account_trigger(event: &AccountEvent) -> Option<AccountTrigger<'_>> {
    let changed = |step, role| Some(AccountTrigger::Changed { step, role });
    match event {
        AccountEvent::SignedIn { session_id, user_agent } => {
            Some(AccountTrigger::SignedIn { session_id: *session_id, user_agent })
        }
        AccountEvent::PasswordChanged {} => changed(SecurityStep::PasswordChanged, None),
        AccountEvent::EmailChanged { .. } => changed(SecurityStep::EmailChanged, None),
        AccountEvent::RoleGranted { role, .. } => changed(SecurityStep::RoleGranted, Some(*role)),
        AccountEvent::AccountRegistered { .. }
        | AccountEvent::EmailVerified {}
        | AccountEvent::LinkRequested { .. }
        | AccountEvent::DataCorrected { .. }
        | AccountEvent::ContactsRevealed { .. }
        | AccountEvent::PhoneChanged { .. }
        | AccountEvent::ProfileUpdated { .. }
        | AccountEvent::AvatarChanged { .. }
        | AccountEvent::RoleRevoked { .. }
        | AccountEvent::AccountSuspended { .. }
        | AccountEvent::AccountReinstated { .. }
        | AccountEvent::AccountErased { .. }
        | AccountEvent::SignedOut { .. }
        | AccountEvent::SessionRevoked { .. }
        | AccountEvent::SignInFailed { .. } => None,
    }
}

fn crm_link_trigger(event: &CrmLinkEvent) -> Option<NoticeTrigger<'_>> {
    let (what, trouble) = match event {
        CrmLinkEvent::CrmDeliveryAbandoned { what, .. } => (*what, SyncTrouble::Abandoned),
        CrmLinkEvent::CrmDriftFound { what, .. } => (*what, SyncTrouble::Drift),
        CrmLinkEvent::CrmSyncRequested { .. }
        | CrmLinkEvent::CrmUserLinked { .. }
        | CrmLinkEvent::CrmTicketLinked { .. }
        | CrmLinkEvent::CrmDeliveryFailed { .. }
        | CrmLinkEvent::CrmDriftHealed { .. } => return None,
    };
    Some(NoticeTrigger::CrmLink { what, trouble })
}

fn ticket_trigger(event: &TicketEvent) -> Option<TicketTrigger> {
    match event {
        TicketEvent::ReplyAdded { requester, author, assignee, .. } => {
            Some(TicketTrigger::Reply { requester: *requester, author: *author, assignee: *assignee })
        }
        TicketEvent::StatusChanged { requester, to, .. } => {
            Some(TicketTrigger::Status { requester: *requester, to: *to })
        }
        TicketEvent::TicketReopened { requester, .. } => {
            Some(TicketTrigger::Status { requester: *requester, to: Status::Open })
        }
        TicketEvent::TicketOpened { .. }
        | TicketEvent::TicketAssigned { .. }
        | TicketEvent::TicketUnassigned { .. }
        | TicketEvent::PriorityChanged { .. }
        | TicketEvent::CategoryChanged { .. }
        | TicketEvent::TagsChanged { .. }
        | TicketEvent::InternalNoteAdded { .. }
        | TicketEvent::TicketMerged { .. }
        | TicketEvent::TicketUnmerged { .. }
        | TicketEvent::DuplicateReceived { .. }
        | TicketEvent::DuplicateReturned { .. }
        | TicketEvent::FirstResponseBreached { .. }
        | TicketEvent::ResolutionBreached { .. }
        | TicketEvent::SatisfactionRated { .. } => None,
    }
}
