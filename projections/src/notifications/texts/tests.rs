//! Tests of the texts for different readers.

use std::collections::BTreeSet;

use domain::notifications::{NotificationKind, RescheduleStep, SecurityStep, SyncTrouble};
use domain::scheduling::{BookedBy, Party, ReminderLead};
use domain::support::Status;
use domain::{
    BookingId, ConversationId, MessageId, Personal, ProposalId, RequestId, Role, SlotId, TicketId,
    WaitlistEntryId,
};
use uuid::Uuid;

use super::*;

fn person(n: u128) -> AccountId {
    AccountId(Uuid::from_u128(n))
}

fn recipient(n: u128, locale: Locale, zone: &str) -> Recipient {
    Recipient { person: person(n), locale, zone: TimeZone::get(zone).unwrap() }
}

fn names() -> BTreeMap<AccountId, String> {
    [(person(1), "Мария Кюри".to_owned()), (person(2), "Анна".to_owned())].into_iter().collect()
}

fn lesson() -> LessonFacts {
    LessonFacts {
        slot_id: SlotId(Uuid::nil()),
        teacher: person(1),
        subject: "mathematics".to_owned(),
        starts_at: "2026-12-01T13:00:00Z".parse().unwrap(),
    }
}

#[test]
fn each_side_reads_of_the_other_on_their_own_clock() {
    let (booking_id, student) = (BookingId(Uuid::nil()), person(2));
    let booked = NotificationContent::LessonBooked {
        lesson: lesson(),
        booking_id,
        student,
        booked_by: BookedBy::Student,
    };
    let teacher = notification_text(&booked, &names(), &recipient(1, Locale::Ru, "Europe/Moscow"));
    assert_eq!(teacher.title, "К вам записались на урок");
    assert_eq!(teacher.body, "Математика, 01.12.2026 16:00 (Europe/Moscow); ученик: Анна");
    let student = notification_text(&booked, &names(), &recipient(2, Locale::En, "Europe/Berlin"));
    assert_eq!(student.title, "Your lesson is booked");
    assert_eq!(student.body, "Mathematics, 1 Dec 2026, 14:00 (Europe/Berlin); teacher: Мария Кюри");
}

#[test]
fn who_is_erased_has_a_pseudonym() {
    let (booking_id, student) = (BookingId(Uuid::nil()), person(9));
    let cancelled =
        NotificationContent::LessonCancelled { lesson: lesson(), booking_id, student, by: Party::Student };
    let text = notification_text(&cancelled, &names(), &recipient(1, Locale::En, "UTC"));
    assert!(text.body.ends_with("cancelled by the student: Deleted user 000009"), "{}", text.body);
}

#[test]
fn staff_and_owners_read_what_happened_in_both_languages() {
    let trouble =
        NotificationContent::CrmSync { trouble: SyncTrouble::Drift, account_id: person(2), ticket_id: None };
    assert_eq!(
        notification_text(&trouble, &names(), &recipient(7, Locale::Ru, "UTC")).body,
        "Пользователь: Анна"
    );
    let role = Some(Role::Admin);
    let granted = NotificationContent::Security { step: SecurityStep::RoleGranted, session_id: None, role };
    assert_eq!(notification_text(&granted, &names(), &recipient(2, Locale::En, "UTC")).body, "Role: admin");
}

/// Returns the ids of the messages that a kind can have.
fn ids_of(kind: NotificationKind) -> Vec<String> {
    let cases: Vec<&str> = match kind {
        NotificationKind::LessonBooked => BookedBy::ALL.iter().map(|by| by.as_str()).collect(),
        NotificationKind::LessonReminder => ReminderLead::ALL.iter().map(|lead| lead.as_str()).collect(),
        NotificationKind::Reschedule => RescheduleStep::ALL.iter().map(|step| step.as_str()).collect(),
        NotificationKind::CrmSync => SyncTrouble::ALL.iter().map(|trouble| trouble.as_str()).collect(),
        NotificationKind::Security => SecurityStep::ALL.iter().map(|step| step.as_str()).collect(),
        _ => return vec![kind.to_string()],
    };
    let for_teacher = (kind == NotificationKind::LessonBooked).then(|| kind.to_string());
    cases.into_iter().map(|case| format!("{kind}-{case}")).chain(for_teacher).collect()
}

#[test]
fn every_kind_and_status_has_its_texts_and_no_text_is_unused() {
    let kinds = NotificationKind::ALL.iter().flat_map(|kind| ids_of(*kind));
    let statuses = Status::ALL.iter().map(|status| format!("ticket_status-{status}"));
    assert_eq!(TEXTS.compare_ids(&kinds.chain(statuses).collect()), Vec::<String>::new());
}

/// Returns an example of each message, with and without its optional parts.
fn examples() -> Vec<NotificationContent> {
    let (lesson, student) = (lesson(), person(2));
    let request = RequestFacts {
        request_id: RequestId(Uuid::nil()),
        student,
        subject: "physics".to_owned(),
        starts_at: lesson.starts_at,
    };
    let (booking_id, at, teacher) = (BookingId(Uuid::nil()), lesson.starts_at, person(1));
    let (entry_id, proposal_id) = (WaitlistEntryId(Uuid::nil()), ProposalId(Uuid::nil()));
    let (ticket_id, slot_id) = (TicketId(Uuid::nil()), lesson.slot_id);
    let mut examples = Vec::new();
    for booked_by in BookedBy::ALL.iter().copied() {
        examples.push(NotificationContent::LessonBooked {
            lesson: lesson.clone(),
            booking_id,
            student,
            booked_by,
        });
    }
    for by in Party::ALL.iter().copied() {
        examples.push(NotificationContent::LessonCancelled {
            lesson: lesson.clone(),
            booking_id,
            student,
            by,
        });
    }
    for student in [None, Some(student)] {
        let (lesson, booking_id) = (lesson.clone(), None);
        examples.push(NotificationContent::LessonMoved { lesson, from: at, booking_id, student });
    }
    let school = |number: u8| Box::new(Personal::new(teacher, format!("School No. {number}")));
    for (place, former_place) in
        [(school(2), None), (school(2), Some(school(1))), (Box::new(Personal::erased(teacher)), None)]
    {
        let lesson = lesson.clone();
        examples.push(NotificationContent::LessonPlaceChanged { lesson, place, former_place });
    }
    for lead in ReminderLead::ALL.iter().copied() {
        examples.push(NotificationContent::LessonReminder { lesson: lesson.clone(), lead });
    }
    for (step, by) in RescheduleStep::ALL.iter().flat_map(|step| [(*step, None), (*step, Some(student))]) {
        examples.push(NotificationContent::Reschedule {
            lesson: lesson.clone(),
            proposal_id,
            step,
            by,
            to: at,
        });
    }
    examples.push(NotificationContent::Review { lesson: lesson.clone(), booking_id, student, rating: 4 });
    examples.push(NotificationContent::NoShowProposed { lesson: lesson.clone(), booking_id, student });
    examples.push(NotificationContent::WaitlistOffer { lesson, entry_id, expires_at: at });
    examples.push(NotificationContent::RequestOffered { request: request.clone(), expires_at: at });
    for offered in [0, 3] {
        examples.push(NotificationContent::RequestMatched { request: request.clone(), offered });
    }
    examples.push(NotificationContent::RequestDeclined { request: request.clone(), teacher });
    examples.push(NotificationContent::RequestAccepted { request: request.clone(), teacher, slot_id });
    examples.push(NotificationContent::RequestExpired { request });
    examples.push(NotificationContent::Message {
        conversation_id: ConversationId(Uuid::nil()),
        message_id: MessageId(Uuid::nil()),
        sender: student,
    });
    for author in [None, Some(teacher)] {
        examples.push(NotificationContent::TicketReply { ticket_id, author });
    }
    for status in Status::ALL.iter().map(ToString::to_string) {
        examples.push(NotificationContent::TicketStatus { ticket_id, status });
    }
    for trouble in SyncTrouble::ALL.iter().copied() {
        for ticket_id in [None, Some(ticket_id)] {
            examples.push(NotificationContent::CrmSync { trouble, account_id: student, ticket_id });
        }
    }
    for (step, role) in SecurityStep::ALL.iter().flat_map(|step| [(*step, None), (*step, Some(Role::Admin))])
    {
        examples.push(NotificationContent::Security { step, session_id: None, role });
    }
    examples
}

/// A missing argument panics while a text is formatted.
#[test]
fn every_text_has_all_its_arguments_for_every_reader() {
    let examples = examples();
    let kinds: BTreeSet<_> = examples.iter().map(NotificationContent::kind).collect();
    assert_eq!(kinds.len(), NotificationKind::ALL.len());
    for (locale, reader) in
        [Locale::Ru, Locale::En].into_iter().flat_map(|locale| [(locale, 1), (locale, 2), (locale, 3)])
    {
        for notice in &examples {
            let text = notification_text(notice, &names(), &recipient(reader, locale, "UTC"));
            assert!(!text.title.is_empty() && !text.body.is_empty(), "{notice:?}");
            assert_eq!(text.title.is_ascii(), locale == Locale::En, "{}", text.title);
        }
    }
}

#[test]
fn a_moved_lesson_and_a_declined_time_have_all_their_parts() {
    let at = "2026-12-02T13:00:00Z".parse().unwrap();
    let moved = NotificationContent::LessonMoved {
        lesson: lesson(),
        from: at,
        booking_id: None,
        student: Some(person(2)),
    };
    let text =
        |notice, reader| notification_text(notice, &names(), &recipient(reader, Locale::En, "UTC")).body;
    let times = "was: 2 Dec 2026, 13:00 (UTC); now: Mathematics, 1 Dec 2026, 13:00 (UTC)";
    assert_eq!(text(&moved, 1), format!("{times}; student: Анна"));
    assert_eq!(text(&moved, 2), format!("{times}; teacher: Мария Кюри"));
    let declined = NotificationContent::Reschedule {
        lesson: lesson(),
        proposal_id: ProposalId(Uuid::nil()),
        step: RescheduleStep::Declined,
        by: Some(person(2)),
        to: at,
    };
    let body = "Mathematics, 1 Dec 2026, 13:00 (UTC) → 2 Dec 2026, 13:00 (UTC); declined by: Анна";
    assert_eq!(text(&declined, 1), body);
}
