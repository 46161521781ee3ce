//! Tests of the content of each kind: its name in JSON, and people only by id.

use jiff::Timestamp;
use serde_json::json;

use super::fixtures::*;
use crate::notifications::{
    LessonFacts, NotificationContent, NotificationKind, RequestFacts, RescheduleStep, SecurityStep,
    SyncTrouble,
};
use crate::scheduling::{BookedBy, Party, ReminderLead};
use crate::{
    BookingId, ConversationId, MessageId, Personal, ProposalId, RequestId, Role, SessionId, SlotId, TicketId,
    WaitlistEntryId,
};

/// Returns one notification content of each kind, in the order of the kinds.
fn every_notice() -> Vec<NotificationContent> {
    let at: Timestamp = "2026-12-01T13:00:00Z".parse().unwrap();
    let subject = "mathematics".to_owned();
    let lesson =
        LessonFacts { slot_id: SlotId(uuid(1)), teacher: ANNA, subject: subject.clone(), starts_at: at };
    let request = RequestFacts { request_id: RequestId(uuid(2)), student: BORIS, subject, starts_at: at };
    let (booking_id, student) = (BookingId(uuid(3)), BORIS);
    vec![
        NotificationContent::LessonBooked {
            lesson: lesson.clone(),
            booking_id,
            student,
            booked_by: BookedBy::Student,
        },
        NotificationContent::LessonCancelled {
            lesson: lesson.clone(),
            booking_id,
            student,
            by: Party::Teacher,
        },
        NotificationContent::LessonMoved {
            lesson: lesson.clone(),
            from: at,
            booking_id: Some(booking_id),
            student: Some(student),
        },
        NotificationContent::LessonPlaceChanged {
            lesson: lesson.clone(),
            place: Box::new(Personal::new(ANNA, "Омск, школа № 2".to_owned())),
            former_place: Some(Box::new(Personal::new(ANNA, "Омск, школа № 1".to_owned()))),
        },
        NotificationContent::LessonReminder { lesson: lesson.clone(), lead: ReminderLead::Day },
        NotificationContent::Reschedule {
            lesson: lesson.clone(),
            proposal_id: ProposalId(uuid(4)),
            step: RescheduleStep::Declined,
            by: Some(student),
            to: at,
        },
        NotificationContent::Review { lesson: lesson.clone(), booking_id, student, rating: 5 },
        NotificationContent::NoShowProposed { lesson: lesson.clone(), booking_id, student },
        NotificationContent::RequestOffered { request: request.clone(), expires_at: at },
        NotificationContent::RequestMatched { request: request.clone(), offered: 3 },
        NotificationContent::RequestDeclined { request: request.clone(), teacher: ANNA },
        NotificationContent::RequestAccepted {
            request: request.clone(),
            teacher: ANNA,
            slot_id: SlotId(uuid(1)),
        },
        NotificationContent::RequestExpired { request },
        NotificationContent::WaitlistOffer { lesson, entry_id: WaitlistEntryId(uuid(5)), expires_at: at },
        NotificationContent::Message {
            conversation_id: ConversationId(uuid(6)),
            message_id: MessageId(uuid(7)),
            sender: ANNA,
        },
        NotificationContent::TicketReply { ticket_id: TicketId(uuid(8)), author: Some(ANNA) },
        NotificationContent::TicketStatus { ticket_id: TicketId(uuid(8)), status: "resolved".to_owned() },
        NotificationContent::CrmSync { trouble: SyncTrouble::Abandoned, account_id: BORIS, ticket_id: None },
        NotificationContent::Security {
            step: SecurityStep::RoleGranted,
            session_id: Some(SessionId(uuid(9))),
            role: Some(Role::Admin),
        },
    ]
}

#[test]
fn every_kind_has_its_name_and_comes_back_whole() {
    let notices = every_notice();
    let kinds: Vec<_> = notices.iter().map(NotificationContent::kind).collect();
    assert_eq!(kinds, NotificationKind::ALL);
    for notice in notices {
        let event = raised(1, 1, notice.clone());
        let payload = serde_json::to_value(&event).unwrap();
        let told = &payload["NotificationRaised"];
        assert_eq!(told["kind"], json!(notice.kind().as_str()));
        assert!(told["data"].is_object(), "{told}");
        assert_eq!(serde_json::from_value::<crate::notifications::InboxEvent>(payload).unwrap(), event);
    }
}

#[test]
fn everybody_who_is_named_can_be_looked_up() {
    for notice in every_notice() {
        let told = serde_json::to_value(&notice).unwrap()["data"].to_string();
        for person in [ANNA, BORIS] {
            assert_eq!(notice.people().contains(&person), told.contains(&person.to_string()), "{told}");
        }
    }
}
