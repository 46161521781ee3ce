//! Candidates for the matching: teachers who take requests and teach the subject.

use std::collections::HashMap;

use domain::scheduling::{Period, TeacherFacts};
use domain::{AccountId, Currency, Money};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;
use uuid::Uuid;

/// Teacher with the facts that the matching rule reads.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TeacherCandidate {
    pub(crate) teacher: AccountId,
    pub(crate) facts: TeacherFacts,
    /// `true` after the first review.
    pub(crate) is_rated: bool,
    /// Instant of the registration.
    pub(crate) registered_at: Timestamp,
}

/// Loads the teachers who take requests in this subject, the best rated first, then the oldest accounts.
///
/// `facts.busy` has the times that overlap `period`. With `only`, the result has at most that teacher.
/// The result is as current as the read models `teacher_cards` and `slots`.
pub(crate) async fn find_candidates(
    pool: &PgPool,
    subject: &str,
    period: Period,
    only: Option<AccountId>,
) -> Result<Vec<TeacherCandidate>, sqlx::Error> {
    let only = only.map(AccountId::uuid);
    let rows = sqlx::query_file!("src/scheduling/requests/candidates.sql", subject, only);
    let rows = rows.fetch_all(pool).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.account_id).collect();
    let mut busy = busy_periods(pool, &ids, period).await?;
    let candidates = rows.into_iter().map(|row| TeacherCandidate {
        teacher: AccountId(row.account_id),
        is_rated: row.is_rated,
        registered_at: row.created_at.to_jiff(),
        facts: TeacherFacts {
            active: row.active,
            takes_requests: true,
            subjects: row.subjects,
            grades: row.grades,
            goals: row.goals,
            formats: row.formats,
            durations: row.durations.into_iter().map(i16::cast_unsigned).collect(),
            experience: row.experience,
            city: row.city,
            hourly_rate: parse_rate(row.hourly_rate, row.currency.as_deref()),
            busy: busy.remove(&row.account_id).unwrap_or_default(),
        },
    });
    Ok(candidates.collect())
}

async fn busy_periods(
    pool: &PgPool,
    people: &[Uuid],
    period: Period,
) -> Result<HashMap<Uuid, Vec<Period>>, sqlx::Error> {
    let mut busy: HashMap<Uuid, Vec<Period>> = HashMap::new();
    if people.is_empty() {
        return Ok(busy);
    }
    let (from, to) = (period.starts_at.to_sqlx(), period.ends_at.to_sqlx());
    let rows = sqlx::query_file!("src/scheduling/requests/busy.sql", people, from as _, to as _);
    for row in rows.fetch_all(pool).await? {
        let period = Period { starts_at: row.starts_at.to_jiff(), ends_at: row.ends_at.to_jiff() };
        busy.entry(row.person).or_default().push(period);
    }
    Ok(busy)
}

fn parse_rate(amount: Option<i64>, currency: Option<&str>) -> Option<Money> {
    Some(Money { amount: amount?, currency: currency.and_then(Currency::parse)? })
}
