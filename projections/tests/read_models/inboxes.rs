//! Inboxes keep no text of an erased person.

use domain::notifications::{Cause, Inbox, InboxEvent, LessonFacts, NotificationContent};
use domain::{Actor, Event, Personal, Position, StreamId};
use uuid::Uuid;

use crate::school::{Offer, School};
use crate::tables::Tables;

/// The place of a lesson belongs to the teacher, also in the inbox of a student.
#[tokio::test]
async fn the_places_of_an_erased_teacher_leave_the_inboxes_of_students() {
    let mut school = School::new(95);
    let (vera, pavel, anna) = (school.teacher("vera"), school.teacher("pavel"), school.student("anna"));
    for (number, teacher) in [(1, vera), (2, pavel)] {
        let slot_id = school.offers(teacher, &Offer::at("2026-06-01T10:00:00Z"));
        let place = |name: &str| Box::new(Personal::new(teacher, format!("{name} {number}")));
        let lesson = LessonFacts {
            slot_id,
            teacher,
            subject: "mathematics".to_owned(),
            starts_at: "2026-06-01T10:00:00Z".parse().unwrap(),
        };
        let raised = InboxEvent::NotificationRaised {
            notification_id: Uuid::from_u128(number.into()).into(),
            number,
            notice: NotificationContent::LessonPlaceChanged {
                lesson,
                place: place("школа"),
                former_place: Some(place("кафе")),
            },
            cause: Cause { event_id: Uuid::from_u128(1), position: Position(1) },
            muted: vec![],
            email_wait: None,
        };
        school.history.record(StreamId::of::<Inbox>(anna), Actor::system("test"), Event::Inbox(raised));
    }
    let before = Tables::of(&school.history.events).await.dump().await.join("\n");
    assert!(before.contains("школа 1") && before.contains("кафе 1"), "{before}");
    school.history.erases(vera);
    let live = Tables::of(&school.history.events).await.dump().await;
    assert_eq!(Tables::of(&school.history.reopened()).await.dump().await, live);
    let left = live.join("\n");
    assert!(!left.contains("школа 1") && !left.contains("кафе 1"), "{left}");
    assert!(left.contains("школа 2") && left.contains("кафе 2"), "{left}");
}
