//! Tests of the texts for different readers.

use domain::notifications::{SecurityStep, SyncTrouble};
use domain::scheduling::{BookedBy, Party};
use domain::{BookingId, Role, SlotId};
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
