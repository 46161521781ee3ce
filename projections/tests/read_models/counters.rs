//! Counts of lessons, students and ratings follow from events, and only for their own people.

use domain::AccountId;
use domain::accounts::Locale;
use domain::scheduling::{NoShow, Party, SlotEvent};
use projections::accounts::teacher;
use projections::crm::{ContactView, Visibility, user};
use sqlx::PgPool;

use crate::history::MARK;
use crate::school::{Offer, School};
use crate::tables::Tables;

/// `(lessons, students, rating, reviews)` of the card.
async fn card(pool: &PgPool, id: AccountId) -> (i32, i32, Option<f64>, i32) {
    let row = teacher(pool, id).await.unwrap().unwrap();
    (row.lessons_count, row.students_count, row.rating, row.reviews_count)
}

/// `(lessons, rating)` in the CRM views.
async fn in_crm(pool: &PgPool, id: AccountId) -> (i32, Option<f64>) {
    let reader = ContactView { visibility: Visibility::Full, locale: Locale::En };
    let row = user(pool, id, reader).await.unwrap().unwrap();
    (row.lessons_completed, row.rating)
}

/// The lesson counts for this teacher only, and once.
#[tokio::test]
async fn a_held_lesson_counts_for_its_teacher_and_who_came_and_for_nobody_else() {
    let mut school = School::new(70);
    let (vera, pavel) = (school.teacher("vera"), school.teacher("pavel"));
    let (anna, boris, olga) = (school.student("anna"), school.student("boris"), school.student("olga"));
    let group = school.offers(vera, &Offer { capacity: 3, ..Offer::at("2026-06-01T10:00:00Z") });
    school.books(group, anna);
    let missed = school.books(group, boris);
    let cancelled = school.books(group, olga);
    school.cancels(group, cancelled, olga, Party::Student, None);
    school.misses(group, missed, boris);
    school.completes(group, vera);
    let again = school.offers(vera, &Offer::at("2026-06-02T10:00:00Z"));
    school.books(again, anna);
    school.completes(again, vera);
    let pool = Tables::of(&school.history.events).await.pool;
    assert_eq!(card(&pool, vera).await, (2, 1, None, 0));
    assert_eq!(card(&pool, pavel).await, (0, 0, None, 0));
    for (person, lessons) in [(vera, 2), (pavel, 0), (anna, 2), (boris, 0), (olga, 0)] {
        assert_eq!(in_crm(&pool, person).await, (lessons, None));
    }
}

#[tokio::test]
async fn a_lesson_to_which_nobody_came_is_not_held_whenever_that_is_recorded() {
    let mut school = School::new(71);
    let (vera, anna) = (school.teacher("vera"), school.student("anna"));
    let before = school.offers(vera, &Offer::at("2026-06-01T10:00:00Z"));
    let booking = school.books(before, anna);
    school.misses(before, booking, anna);
    school.completes(before, vera);
    let after = school.offers(vera, &Offer::at("2026-06-02T10:00:00Z"));
    let booking = school.books(after, anna);
    school.completes(after, vera);
    let tables = Tables::of(&school.history.events).await;
    assert_eq!(card(&tables.pool, vera).await.0, 1);
    let seen = school.history.events.len();
    school.misses(after, booking, anna);
    let absent = school.offers(vera, &Offer::at("2026-06-03T10:00:00Z"));
    school.books(absent, anna);
    school.says(absent, SlotEvent::NoShowRecorded { who: NoShow::Teacher { teacher: vera } });
    school.completes(absent, vera);
    let empty = school.offers(vera, &Offer::at("2026-06-04T10:00:00Z"));
    school.completes(empty, vera);
    tables.apply(&school.history.events[seen..]).await;
    assert_eq!(card(&tables.pool, vera).await, (0, 0, None, 0));
    assert_eq!(in_crm(&tables.pool, anna).await.0, 0);
    assert_eq!(in_crm(&tables.pool, vera).await.0, 0);
}

/// The rating follows from reviews alone. The number of an erased reviewer stays, their text does not.
#[tokio::test]
async fn a_rating_is_the_mean_of_the_reviews_and_outlives_their_writers() {
    let mut school = School::new(72);
    let (vera, pavel) = (school.teacher("vera"), school.teacher("pavel"));
    let students = ["anna", "boris", "olga"].map(|name| school.student(name));
    let slot = school.offers(vera, &Offer { capacity: 3, ..Offer::at("2026-06-01T10:00:00Z") });
    let bookings = students.map(|student| school.books(slot, student));
    school.completes(slot, vera);
    for ((student, booking), rating) in students.into_iter().zip(bookings).zip([5, 4, 4]) {
        school.reviews(slot, booking, (student, vera), rating);
    }
    let tables = Tables::of(&school.history.events).await;
    let rated = (1, 3, Some(13.0 / 3.0), 3);
    assert_eq!(card(&tables.pool, vera).await, rated);
    assert_eq!(in_crm(&tables.pool, vera).await, (1, Some(13.0 / 3.0)));
    assert_eq!(card(&tables.pool, pavel).await.2, None);

    let mark = school.history.mark(students[0]);
    assert!(tables.dump().await.join("\n").contains(&mark), "the review is kept while its writer is here");
    let seen = school.history.events.len();
    school.history.erases(students[0]);
    tables.apply(&school.history.events[seen..]).await;
    assert_eq!(card(&tables.pool, vera).await, rated);
    assert!(mark.starts_with(MARK) && !tables.dump().await.join("\n").contains(&mark));
}
