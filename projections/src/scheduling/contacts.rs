//! Query of what connects two people: lessons, classes and lesson requests.

use domain::AccountId;
use domain::messaging::Ties;
use sqlx::PgPool;

/// Returns what connects the sender with the recipient. Conversations are not read here.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub async fn find_ties(pool: &PgPool, sender: AccountId, recipient: AccountId) -> Result<Ties, sqlx::Error> {
    let found = sqlx::query!(
        r#"select
             exists (
               select from app.bookings
               where status in ('booked', 'no_show')
                 and (teacher = $1 and student = $2 or teacher = $2 and student = $1)
               union all
               select from app.bookings as one
               join app.bookings as other using (slot_id)
               where one.student = $1 and other.student = $2
                 and one.status in ('booked', 'no_show') and other.status in ('booked', 'no_show')
               union all
               select from app.class_students
               join app.classes using (class_id)
               where teacher = $1 and student = $2 or teacher = $2 and student = $1
               union all
               select from app.class_students as one
               join app.class_students as other using (class_id)
               where one.student = $1 and other.student = $2
             ) as "lesson_or_class!",
             exists (
               select from app.request_offers as offer
               join app.lesson_requests as request using (request_id)
               where offer.teacher = $1 and request.student = $2
             ) as "request!""#,
        sender.uuid(),
        recipient.uuid(),
    )
    .fetch_one(pool)
    .await?;
    Ok(Ties { lesson_or_class: found.lesson_or_class, request: found.request, conversation: false })
}
