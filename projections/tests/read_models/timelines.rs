//! A lesson event appears as text in the timeline of its audience, and loses the texts of erased people.

use domain::accounts::Locale;
use domain::scheduling::{HoldEnd, Party, Period, SlotEvent};
use domain::{AccountId, HoldId, Personal};
use projections::crm::{ContactView, Visibility, timeline};
use sqlx::PgPool;
use uuid::Uuid;

use crate::school::{Offer, School};
use crate::tables::Tables;

/// Timeline entries about lessons, oldest first.
async fn told(pool: &PgPool, person: AccountId, locale: Locale) -> Vec<String> {
    let page = timeline(pool, person, ContactView { visibility: Visibility::Full, locale }, None, 100)
        .await
        .unwrap();
    let mut texts: Vec<String> = page.rows.into_iter().map(|row| row.text).collect();
    texts.reverse();
    // The first entry is the registration.
    texts.split_off(1)
}

#[tokio::test]
async fn a_lesson_is_told_to_its_teacher_and_its_students_and_to_nobody_else() {
    let mut school = School::new(80);
    let (vera, pavel) = (school.teacher("vera"), school.teacher("pavel"));
    let (anna, boris) = (school.student("anna"), school.student("boris"));
    let slot = school.offers(vera, &Offer { capacity: 2, ..Offer::at("2026-06-01T10:00:00Z") });
    let hold_id = HoldId(Uuid::from_u128(1));
    let expires_at = "2026-05-01T10:00:00Z".parse().unwrap();
    school.says(slot, SlotEvent::SeatHeld { hold_id, student: anna, expires_at, offered_to: None });
    school.says(slot, SlotEvent::HoldReleased { hold_id, cause: HoldEnd::Expired });
    school.books(slot, anna);
    let from = Period::of_minutes("2026-06-01T10:00:00Z".parse().unwrap(), 60).unwrap();
    let to = Period::of_minutes("2026-06-02T10:00:00Z".parse().unwrap(), 60).unwrap();
    school.says(slot, SlotEvent::LessonMoved { from, to, people: vec![vera, anna] });
    school.completes(slot, vera);
    let pool = Tables::of(&school.history.events).await.pool;
    assert_eq!(
        told(&pool, anna, Locale::En).await,
        [
            "Seat held: Mathematics, 1 Jun 2026, 13:00 (Europe/Moscow); teacher: vera",
            "Hold expired: Mathematics, 1 Jun 2026, 13:00 (Europe/Moscow); teacher: vera",
            "Lesson booked: Mathematics, 1 Jun 2026, 13:00 (Europe/Moscow); teacher: vera",
            "Lesson moved: Mathematics, 1 Jun 2026, 13:00 → 2 Jun 2026, 13:00 (Europe/Moscow); teacher: vera",
            "Lesson started: Mathematics, 2 Jun 2026, 13:00 (Europe/Moscow); teacher: vera",
            "Lesson completed: Mathematics, 2 Jun 2026, 13:00 (Europe/Moscow); teacher: vera",
        ]
    );
    let by_teacher = told(&pool, vera, Locale::Ru).await;
    assert_eq!(by_teacher.len(), 7, "{by_teacher:?}");
    assert_eq!(by_teacher[0], "Предложено время для урока: Математика, 01.06.2026 13:00 (Europe/Moscow)");
    assert_eq!(
        by_teacher[3],
        "Ученик записан на урок: Математика, 01.06.2026 13:00 (Europe/Moscow); ученик: anna"
    );
    assert!(told(&pool, boris, Locale::En).await.is_empty());
    assert!(told(&pool, pavel, Locale::En).await.is_empty());
}

/// A text is removed with its author in every timeline, also if the event is applied late or all at once.
#[tokio::test]
async fn a_reason_is_forgotten_with_its_author_in_the_timeline_of_the_other() {
    for in_one_batch in [true, false] {
        let mut school = School::new(81);
        let (vera, anna, boris) = (school.teacher("vera"), school.student("anna"), school.student("boris"));
        let slot = school.offers(vera, &Offer { capacity: 2, ..Offer::at("2026-06-01T10:00:00Z") });
        let reason = |author, text: &str| Some(Personal::new(author, text.to_owned()));
        let booking = school.books(slot, anna);
        school.cancels(slot, booking, anna, Party::Student, reason(anna, "a cold"));
        let booking = school.books(slot, boris);
        school.cancels(slot, booking, boris, Party::Teacher, reason(vera, "a journey"));
        let seen = if in_one_batch { 0 } else { school.history.events.len() };
        let tables = Tables::of(&school.history.events[..seen]).await;
        if !in_one_batch {
            assert!(told(&tables.pool, vera, Locale::En).await[2].ends_with("Reason: a cold"));
        }
        school.history.erases(anna);
        tables.apply(&school.history.events[seen..]).await;
        let by_teacher = told(&tables.pool, vera, Locale::En).await;
        assert!(!by_teacher[2].contains("cold") && by_teacher[2].contains("student: Deleted user"));
        assert!(by_teacher[4].ends_with("Reason: a journey"), "{by_teacher:?}");
        assert!(told(&tables.pool, boris, Locale::En).await[1].ends_with("Reason: a journey"));
    }
}
