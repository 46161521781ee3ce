//! Students of a teacher, and what the teacher earns.

use domain::{AccountId, Currency, Money, ObjectId};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::paging::{Cursor, CursorError, Page, QueryError, collect_page};
use projection_runtime::text_search::{normalize, sort_key};
use sqlx::PgPool;

/// Student of a teacher, with a summary of their lessons together.
#[derive(Clone, Debug, PartialEq)]
pub struct StudentSummary {
    pub account_id: AccountId,
    pub name: Option<String>,
    pub avatar: Option<ObjectId>,
    /// Start of the next lesson that has not ended.
    pub next_lesson_at: Option<Timestamp>,
    /// Start of the last lesson that was held.
    pub last_lesson_at: Option<Timestamp>,
    pub lessons_held: i64,
}

domain::code_enum!(
    /// Order of a teacher's students. Students without the instant come last.
    #[derive(Default)]
    StudentSort {
        #[default]
        Name = "name",
        NextLesson = "next_lesson_at",
        LastLesson = "-last_lesson_at",
        MostLessons = "-lessons_held",
    }
);

/// Sums of a teacher's lessons in an interval.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earnings {
    /// Prices of the seats in completed lessons.
    pub held: Vec<Money>,
    /// Prices of the seats in lessons that have not been completed or cancelled.
    pub booked: Vec<Money>,
}

/// Loads a page of the students of a teacher whose names match, with the number of all that match.
///
/// All students of the teacher are read: one teacher has few, and an order by sums needs all of them.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
/// [`QueryError::Cursor`] if the cursor belongs to another order, or its student is no longer in the list.
pub async fn students_of(
    pool: &PgPool,
    teacher: AccountId,
    q: Option<&str>,
    sort: StudentSort,
    now: Timestamp,
    after: Option<Cursor>,
    limit: u32,
) -> Result<(Page<StudentSummary>, u64), QueryError> {
    let after = after.map(|cursor| cursor.require_sort(sort.as_str())).transpose()?;
    let rows = sqlx::query_file!("src/scheduling/slots/students.sql", teacher.uuid(), now.to_sqlx() as _);
    let mut students: Vec<StudentSummary> = rows
        .fetch_all(pool)
        .await?
        .into_iter()
        .map(|row| StudentSummary {
            account_id: AccountId(row.account_id),
            name: row.name,
            avatar: row.avatar.map(ObjectId),
            next_lesson_at: row.next_lesson_at.map(jiff_sqlx::Timestamp::to_jiff),
            last_lesson_at: row.last_lesson_at.map(jiff_sqlx::Timestamp::to_jiff),
            lessons_held: row.lessons_held,
        })
        .collect();
    if let Some(q) = q {
        students.retain(|student| matches(student.name.as_deref().unwrap_or_default(), q));
    }
    students.sort_by_cached_key(|student| (rank(student, sort), by_name(student)));
    let total = u64::try_from(students.len()).unwrap_or(u64::MAX);
    if let Some(cursor) = after {
        let last = students.iter().position(|student| student.account_id.uuid() == cursor.id);
        students.drain(..=last.ok_or(CursorError)?);
    }
    let cursor = |student: &StudentSummary| Cursor {
        sort: sort.as_str().to_owned(),
        key: 0,
        id: student.account_id.uuid(),
    };
    let page = collect_page(futures::stream::iter(students.into_iter().map(Ok)), limit, cursor).await?;
    Ok((page, total))
}

/// Returns the first part of the sort key, in microseconds or lessons.
fn rank(student: &StudentSummary, sort: StudentSort) -> i64 {
    match sort {
        StudentSort::Name => 0,
        StudentSort::NextLesson => student.next_lesson_at.map_or(i64::MAX, Timestamp::as_microsecond),
        StudentSort::LastLesson => student.last_lesson_at.map_or(i64::MAX, |at| -at.as_microsecond()),
        StudentSort::MostLessons => -student.lessons_held,
    }
}

fn by_name(student: &StudentSummary) -> (String, AccountId) {
    (student.name.as_deref().map_or_else(String::new, sort_key), student.account_id)
}

/// Returns whether every word of `q` begins a word of the name.
fn matches(name: &str, q: &str) -> bool {
    let name = normalize([name]);
    normalize([q]).split_whitespace().all(|word| name.split_whitespace().any(|own| own.starts_with(word)))
}

struct EarningsRow {
    held: bool,
    currency: String,
    amount: i64,
}

/// Sums the prices of a teacher's seats in lessons that start in `[from, to)`, by currency.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn earnings_of(
    pool: &PgPool,
    teacher: AccountId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Earnings, QueryError> {
    let sums = sqlx::query_as!(
        EarningsRow,
        r#"select slot.status = 'completed' as "held!", booking.currency,
                  sum(booking.price)::bigint as "amount!"
           from app.bookings as booking
           join app.slots as slot using (slot_id)
           where booking.teacher = $1
             and booking.status = 'booked'
             and booking.starts_at >= $2::timestamptz
             and booking.starts_at < $3::timestamptz
             and slot.status in ('offered', 'started', 'completed')
           group by 1, 2
           order by 2"#,
        teacher.uuid(),
        from.to_sqlx() as _,
        to.to_sqlx() as _,
    );
    let mut earnings = Earnings::default();
    for sum in sums.fetch_all(pool).await? {
        let kind = if sum.held { &mut earnings.held } else { &mut earnings.booked };
        kind.extend(Currency::parse(&sum.currency).map(|currency| Money { amount: sum.amount, currency }));
    }
    Ok(earnings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_begins_a_word_of_the_name_in_any_case() {
        for (name, q, expected) in [
            ("Пётр Семёнов", "петр", true),
            ("Пётр Семёнов", "СЕМ п", true),
            ("Пётр Семёнов", "етр", false),
            ("Anna-Maria", "maria", true),
            ("Анна", "", true),
        ] {
            assert_eq!(matches(name, q), expected, "{name}, {q}");
        }
    }
}
